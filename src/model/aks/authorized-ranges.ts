/**
 * Who is let in to the API server of a public cluster: everyone, or the authorized IP ranges and the cluster's own
 * way out (https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges, 2024-05-19). "The public IP for
 * your cluster is allowed by default": what a load balancer of AKS leaves by, brought addresses included, and the
 * addresses of a NAT gateway that AKS manages. A firewall or a NAT gateway of one's own has to be on the list.
 */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import type { Cloud } from '../cloud.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { setContains, setIntersect, setIsEmpty, setOf } from '../ip/address-set.ts';
import { parseAddress } from '../ip/address.ts';
import { parsePrefix } from '../ip/prefix.ts';
import { AUTHORIZED_IP_RANGES } from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { gatewayRanges, publicRange } from './egress-path.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { findSubnet } from '../azure/subnet.ts';

/** Lets in nobody but the cluster's own nodes. */
const ONLY_NODES = '0.0.0.0/32';

/**
 * Returns the ranges as AKS keeps them: in CIDR notation. Errors: `InvalidParameter`, too many; the code is not
 * documented.
 */
export function readAuthorizedRanges(ranges: readonly string[]): Result<readonly string[], AzureError> {
  if (ranges.length > AUTHORIZED_IP_RANGES.value) {
    return err(
      azureError(
        'InvalidParameter',
        `The number of API server authorized IP ranges ${ranges.length} exceeds the maximum of ${AUTHORIZED_IP_RANGES.value}.`,
        'apiServerAccessProfile.authorizedIPRanges',
      ),
    );
  }
  return ok(ranges.map((each) => (each.includes('/') ? each : `${each}/32`)));
}

type Listed = Pick<ManagedCluster, 'authorizedIpRanges' | 'networkProfile'>;

/** Returns who may connect to the API server; null for everyone. */
export function admittedByApiServer(cloud: Cloud, cluster: Listed): AddressSet | null {
  const ranges = cluster.authorizedIpRanges ?? [];
  if (ranges.length === 0) return null;
  const own = ownAddresses(cloud, cluster);
  return setOfTexts([...ranges.filter((each) => each !== ONLY_NODES), ...own]);
}

/** Reports whether an address is let in to the API server. */
export function apiServerAdmits(cloud: Cloud, cluster: Listed, source: string): boolean {
  const admitted = admittedByApiServer(cloud, cluster);
  if (admitted === null) return true;
  const address = parseAddress(source);
  return address.ok && setContains(admitted, address.value);
}

/** Reports whether none of the addresses or prefixes is let in. */
export function admitsNone(cloud: Cloud, cluster: Listed, sources: readonly string[]): boolean {
  const admitted = admittedByApiServer(cloud, cluster);
  return admitted !== null && setIsEmpty(setIntersect(admitted, setOfTexts(sources)));
}

/** What AKS leaves by and knows of. */
function ownAddresses(cloud: Cloud, { networkProfile }: Listed): readonly string[] {
  const { loadBalancerProfile, natGatewayProfile, outboundType } = networkProfile;
  const gateway = outboundType === 'managedNATGateway' ? natGatewayProfile : null;
  const ids = [
    ...(loadBalancerProfile?.effectiveOutboundIPs ?? []),
    ...(loadBalancerProfile?.outboundIPs ?? []),
    ...(loadBalancerProfile?.outboundIPPrefixes ?? []),
    ...(gateway?.effectiveOutboundIPs ?? []),
    ...(gateway?.outboundIPPrefixes ?? []),
  ];
  return ids.flatMap(({ id }) => publicRange(cloud, id));
}

/**
 * Returns the public addresses that nodes of a pool leave by where their subnet's routes lead to the internet;
 * null where that is default outbound access, whose address nobody chooses.
 */
export function edgeAddresses(
  cloud: Cloud,
  cluster: Listed & { readonly simulation: Pick<ManagedCluster['simulation'], 'virtualNetworkId'> },
  pool: Pick<AgentPool, 'vnetSubnetId'>,
): readonly string[] | null {
  const gateway = findSubnet(cloud, nodeSubnetId(cluster, pool))?.subnet.natGateway;
  const behind = gateway === undefined ? [] : gatewayRanges(cloud, gateway.id);
  if (behind.length > 0) return behind;
  const own = ownAddresses(cloud, cluster);
  return own.length > 0 ? own : null;
}

/** Returns the id of the subnet of a pool's nodes: its own, or the one that AKS made. */
export function nodeSubnetId(
  cluster: { readonly simulation: Pick<ManagedCluster['simulation'], 'virtualNetworkId'> },
  pool: Pick<AgentPool, 'vnetSubnetId'>,
): string {
  return pool.vnetSubnetId ?? `${cluster.simulation.virtualNetworkId}/subnets/aks-subnet`;
}

function setOfTexts(texts: readonly string[]): AddressSet {
  return setOf(
    ...texts.flatMap((text) => {
      const range = parsePrefix(text.includes('/') ? text : `${text}/32`);
      return range.ok ? [range.value] : [];
    }),
  );
}
