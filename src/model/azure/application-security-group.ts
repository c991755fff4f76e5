import type { Cloud } from '../cloud.ts';
import { APPLICATION_SECURITY_GROUPS_PER_REGION } from '../limits/azure-network.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import type { AzureError } from './error.ts';
import { placeOf } from './resource-place.ts';
import { nextEtag, putResource, requireResource } from './resource-store.ts';

const TYPE = 'Microsoft.Network/applicationSecurityGroups';

export interface ApplicationSecurityGroupInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates a group without members, or replaces the tags of the one with that name: NICs name their
 * groups, so members stay. Errors: `ResourceGroupNotFound`, `InvalidResourceName`,
 * `LocationNotAvailableForResourceType`, `InvalidResourceLocation`,
 * `ApplicationSecurityGroupCountLimitReached`.
 */
export function createApplicationSecurityGroup(
  cloud: Cloud,
  input: ApplicationSecurityGroupInput,
): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input, {
    most: APPLICATION_SECURITY_GROUPS_PER_REGION.value,
    code: 'ApplicationSecurityGroupCountLimitReached',
    what: 'application security groups',
  });
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  return ok(
    putResource(cloud, {
      ...own,
      tags: input.tags ?? null,
      type: TYPE,
      etag: nextEtag(cloud, id, existing?.etag),
      provisioningState: 'Succeeded',
    }),
  );
}

/** Replaces the tags of a group. Errors: `ResourceGroupNotFound`, `ResourceNotFound`. */
export function updateApplicationSecurityGroup(
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

/**
 * Deletes a group; one that does not exist is no error. Error: a NIC or a security rule that stays names
 * the group.
 */
export function deleteApplicationSecurityGroup(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}
