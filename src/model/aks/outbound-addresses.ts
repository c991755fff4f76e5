/** Public addresses that AKS makes for a cluster's way out, and what a cluster is to those who make them. */
import type { AzureError } from '../azure/error.ts';
import { createPublicIpAddress } from '../azure/public-ip-address.ts';
import { findResource, findResourceGroup, putResource, resourceId } from '../azure/resource-store.ts';
import type { PublicIpAddress, SubResource } from '../azure/resources.ts';
import { drawGuid, pinned } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';

const PUBLIC_ADDRESS = 'Microsoft.Network/publicIPAddresses';

/** Whose way out it is. */
export interface OutboundOwner {
  readonly cluster: string;
  /** The node resource group. */
  readonly resourceGroup: string;
  readonly location: string;
  readonly pools: readonly AgentPool[];
  readonly agentPoolDigits: string;
  /** The VNet of the nodes. */
  readonly virtualNetworkId: string;
  readonly rounds: OutboundRounds;
}

/** How often AKS has made each way out of a cluster anew: addresses of one time are not those of another. */
export interface OutboundRounds {
  readonly loadBalancer: number;
  readonly natGateway: number;
}

export const FIRST_ROUND: OutboundRounds = { loadBalancer: 0, natGateway: 0 };

export function ownerOf(cluster: ManagedCluster): OutboundOwner {
  return {
    cluster: cluster.name,
    resourceGroup: cluster.nodeResourceGroup,
    location: cluster.location,
    pools: cluster.agentPoolProfiles,
    agentPoolDigits: cluster.simulation.agentPoolDigits,
    virtualNetworkId: cluster.simulation.virtualNetworkId,
    rounds: cluster.simulation.outboundRounds ?? FIRST_ROUND,
  };
}

export interface AddressRequest {
  /** What the addresses and their names are drawn for: `outbound-ip`, `nat-gateway-ip`. */
  readonly purpose: 'outbound-ip' | 'nat-gateway-ip';
  readonly round: number;
  readonly count: number;
  readonly sku: Exclude<PublicIpAddress['sku']['name'], 'Basic'>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Makes so many addresses in the node resource group; those that are there stay. Errors: those of `createPublicIpAddress`. */
export function makeAddresses(
  cloud: Cloud,
  owner: OutboundOwner,
  { purpose, round, count, sku, tags }: AddressRequest,
): Result<{ readonly cloud: Cloud; readonly addresses: readonly SubResource[] }, AzureError> {
  const { cluster, resourceGroup, location } = owner;
  const seed = seedOf(cloud, owner, purpose);
  let next = cloud;
  const addresses: SubResource[] = [];
  for (let at = 0; at < count; at++) {
    const key = round === 0 ? `${cluster}/${at}` : `${cluster}/${round}-${at}`;
    const name = drawGuid({ seed, pins: cloud.pins }, `${purpose}-name/${key}`);
    const present = findResource(next, PUBLIC_ADDRESS, resourceGroup, name);
    if (present !== null) {
      addresses.push({ id: present.id });
      continue;
    }
    const made = createPublicIpAddress(next, {
      resourceGroup,
      name,
      location,
      sku,
      zones: ['1', '2', '3'],
      tags: { ...ownerTags(cloud, owner), ...tags },
    });
    if (!made.ok) return made;
    const address = findResource(made.value, PUBLIC_ADDRESS, resourceGroup, name);
    if (address === null) continue;
    const ipAddress = pinned(cloud, `${purpose}/${key}`) ?? address.ipAddress;
    next = putResource(made.value, { ...address, ipAddress });
    addresses.push({ id: address.id });
  }
  return ok({ cloud: next, addresses });
}

/** Two clusters of one name draw apart: by the id of what their addresses are for. */
function seedOf(cloud: Cloud, { resourceGroup }: OutboundOwner, purpose: AddressRequest['purpose']): string {
  const kind = purpose === 'outbound-ip' ? 'loadBalancers' : 'natGateways';
  const id = resourceId(cloud, resourceGroup, `Microsoft.Network/${kind}`, 'kubernetes');
  return `${cloud.seed}\u0000${id}`;
}

/** The tags by which AKS knows whose something is; the node resource group has them too. */
export function ownerTags(
  cloud: Cloud,
  { cluster, resourceGroup }: OutboundOwner,
): Readonly<Record<string, string>> {
  const group = findResourceGroup(cloud, resourceGroup)?.tags?.['aks-managed-cluster-rg'];
  return {
    'aks-managed-cluster-name': cluster,
    ...(group === undefined ? {} : { 'aks-managed-cluster-rg': group }),
  };
}
