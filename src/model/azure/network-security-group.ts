import type { Cloud } from '../cloud.ts';
import { NETWORK_SECURITY_GROUPS_PER_REGION } from '../limits/azure-network.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import type { AzureError } from './error.ts';
import { placeOf } from './resource-place.ts';
import { nextEtag, putResource, requireResource } from './resource-store.ts';
import type { SecurityRule } from './resources.ts';

const TYPE = 'Microsoft.Network/networkSecurityGroups';

/** What every group has besides its own rules: not deletable, overridden by any rule of a lower number. */
export interface DefaultSecurityRule {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: SecurityRule['direction'];
  readonly access: SecurityRule['access'];
  readonly source: string;
  readonly destination: string;
}

/** Source: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview (read 2025-07-15). */
export const DEFAULT_SECURITY_RULES: readonly DefaultSecurityRule[] = [
  {
    name: 'AllowVnetInBound',
    description: 'Allow inbound traffic from all VMs in VNET',
    priority: 65000,
    direction: 'Inbound',
    access: 'Allow',
    source: 'VirtualNetwork',
    destination: 'VirtualNetwork',
  },
  {
    name: 'AllowAzureLoadBalancerInBound',
    description: 'Allow inbound traffic from azure load balancer',
    priority: 65001,
    direction: 'Inbound',
    access: 'Allow',
    source: 'AzureLoadBalancer',
    destination: '*',
  },
  {
    name: 'DenyAllInBound',
    description: 'Deny all inbound traffic',
    priority: 65500,
    direction: 'Inbound',
    access: 'Deny',
    source: '*',
    destination: '*',
  },
  {
    name: 'AllowVnetOutBound',
    description: 'Allow outbound traffic from all VMs to all VMs in VNET',
    priority: 65000,
    direction: 'Outbound',
    access: 'Allow',
    source: 'VirtualNetwork',
    destination: 'VirtualNetwork',
  },
  {
    name: 'AllowInternetOutBound',
    description: 'Allow outbound traffic from all VMs to Internet',
    priority: 65001,
    direction: 'Outbound',
    access: 'Allow',
    source: '*',
    destination: 'Internet',
  },
  {
    name: 'DenyAllOutBound',
    description: 'Deny all outbound traffic',
    priority: 65500,
    direction: 'Outbound',
    access: 'Deny',
    source: '*',
    destination: '*',
  },
];

/** Returns the default rules as resources of the group with this id. */
export function defaultSecurityRules(cloud: Cloud, groupId: string): readonly SecurityRule[] {
  return DEFAULT_SECURITY_RULES.map((rule) => {
    const id = `${groupId}/defaultSecurityRules/${rule.name}`;
    return {
      id,
      name: rule.name,
      description: rule.description,
      priority: rule.priority,
      direction: rule.direction,
      access: rule.access,
      protocol: '*',
      sourceAddressPrefix: rule.source,
      sourceAddressPrefixes: [],
      sourcePortRange: '*',
      sourcePortRanges: [],
      destinationAddressPrefix: rule.destination,
      destinationAddressPrefixes: [],
      destinationPortRange: '*',
      destinationPortRanges: [],
      etag: nextEtag(cloud, id),
      provisioningState: 'Succeeded',
    };
  });
}

export interface NetworkSecurityGroupInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates a group with the default rules. One that exists loses its own rules, since the request of
 * `az network nsg create` carries none. Errors: `ResourceGroupNotFound`, `InvalidResourceName`,
 * `LocationNotAvailableForResourceType`, `InvalidResourceLocation`, `NetworkSecurityGroupCountLimitReached`.
 */
export function createNetworkSecurityGroup(
  cloud: Cloud,
  input: NetworkSecurityGroupInput,
): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input, {
    most: NETWORK_SECURITY_GROUPS_PER_REGION.value,
    code: 'NetworkSecurityGroupCountLimitReached',
    what: 'network security groups',
  });
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  return ok(
    putResource(cloud, {
      ...own,
      tags: input.tags ?? null,
      type: TYPE,
      securityRules: [],
      defaultSecurityRules: defaultSecurityRules(cloud, id),
      etag: nextEtag(cloud, id, existing?.etag),
      provisioningState: 'Succeeded',
    }),
  );
}

/** Replaces the tags of a group. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function updateNetworkSecurityGroup(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: { readonly tags?: Readonly<Record<string, string>> | null },
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const group = found.value;
  return ok(
    putResource(cloud, {
      ...group,
      tags: changes.tags === undefined ? group.tags : changes.tags,
      etag: nextEtag(cloud, group.id, group.etag),
    }),
  );
}

/** Deletes a group; one that does not exist is no error. Error: `InUseNetworkSecurityGroupCannotBeDeleted`. */
export function deleteNetworkSecurityGroup(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}
