import type { Cloud } from '../cloud.ts';
import { APPLICATION_SECURITY_GROUPS_PER_REGION } from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLocation } from './locations.ts';
import { requireResourceGroup } from './resource-group.ts';
import { checkNetworkName } from './resource-name.ts';
import {
  findResource,
  invalidResourceLocation,
  listOwnResources,
  nextEtag,
  putResource,
  requireResource,
  resourceId,
} from './resource-store.ts';

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
  const group = requireResourceGroup(cloud, input.resourceGroup);
  if (!group.ok) return group;
  const named = checkNetworkName(TYPE, input.name);
  if (!named.ok) return named;
  const location = checkLocation(input.location ?? group.value.location, TYPE);
  if (!location.ok) return location;
  const existing = findResource(cloud, TYPE, group.value.name, input.name);
  if (existing !== null && existing.location !== location.value) {
    return err(
      invalidResourceLocation(existing.name, existing.resourceGroup, existing.location, location.value),
    );
  }
  const limit = APPLICATION_SECURITY_GROUPS_PER_REGION.value;
  const inRegion = listOwnResources(cloud, TYPE).filter((one) => one.location === location.value).length;
  if (existing === null && inRegion >= limit) {
    return err(
      azureError(
        'ApplicationSecurityGroupCountLimitReached',
        `Cannot create more than ${limit} application security groups for this subscription in this region.`,
      ),
    );
  }
  const id = existing?.id ?? resourceId(cloud, group.value.name, TYPE, input.name);
  return ok(
    putResource(cloud, {
      id,
      name: existing?.name ?? input.name,
      resourceGroup: group.value.name,
      location: location.value,
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
