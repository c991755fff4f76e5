import type { Cloud } from '../cloud.ts';
import { IP_GROUP_ADDRESSES } from '../limits/azure-firewall.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { ipGroupsOfFirewall } from './azure-firewall-rule-checks.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall, IpGroup } from './firewall-resources.ts';
import { strayAddress } from './firewall-rule-checks.ts';
import { placeOf } from './resource-place.ts';
import { listResources, nextEtag, putResource, requireResource, sameId } from './resource-store.ts';

const TYPE = 'Microsoft.Network/ipGroups';

export interface IpGroupInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  /** Addresses, prefixes and ranges; none if absent. */
  readonly ipAddresses?: readonly string[];
  readonly tags?: IpGroup['tags'];
}

/**
 * Creates an IP group, or replaces the addresses of the one with that name. Errors: those of `placeOf`,
 * `InvalidAddressPrefixFormat`; `NotSimulated` for too many, which Azure refuses too.
 */
export function createIpGroup(cloud: Cloud, input: IpGroupInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  return settle(cloud, {
    ...own,
    type: TYPE,
    tags: input.tags ?? existing?.tags ?? null,
    ipAddresses: input.ipAddresses ?? [],
    etag: nextEtag(cloud, own.id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** Changes an IP group; absent keys stay. Errors: the group's absence, and as `createIpGroup`. */
export function updateIpGroup(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: Pick<IpGroupInput, 'ipAddresses' | 'tags'>,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const group = found.value;
  return settle(cloud, {
    ...group,
    ipAddresses: changes.ipAddresses ?? group.ipAddresses,
    tags: changes.tags === undefined ? group.tags : changes.tags,
    etag: nextEtag(cloud, group.id, group.etag),
  });
}

/**
 * Deletes an IP group; one that does not exist is no error. Errors: `IpGroupsHasResourceReferences`,
 * `IpGroupsHasFirewallPolicyReferences`.
 */
export function deleteIpGroup(cloud: Cloud, resourceGroup: string, name: string): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}

/** Returns the firewalls whose own rules name an IP group. */
export function firewallsOfIpGroup(cloud: Cloud, id: string): readonly AzureFirewall[] {
  return listResources(cloud, 'Microsoft.Network/azureFirewalls').filter((firewall) =>
    ipGroupsOfFirewall(firewall).some((one) => sameId(one, id)),
  );
}

function settle(cloud: Cloud, group: IpGroup): Result<Cloud, AzureError> {
  const stray =
    strayAddress(group.ipAddresses, 'not-allowed') ?? group.ipAddresses.find((one) => one === '*');
  if (stray !== undefined) {
    return err(
      azureError(
        'InvalidAddressPrefixFormat',
        `Address prefix ${stray} of resource ${group.id} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
      ),
    );
  }
  if (group.ipAddresses.length > IP_GROUP_ADDRESSES.value) {
    return err(refusedToo(`IP group ${group.name} with more than ${IP_GROUP_ADDRESSES.value} addresses`));
  }
  return ok(putResource(cloud, group));
}
