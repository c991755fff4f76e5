import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { deleteByName } from './delete-by-name.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLocation } from './locations.ts';
import { requireResourceGroup } from './resource-group.ts';
import { findResource, nextEtag, putResource, resourceId } from './resource-store.ts';

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities';

export interface UserAssignedIdentityInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates an identity with its service principal, or changes the tags of the one with that name.
 * Errors: `ResourceGroupNotFound`, `InvalidResourceName` (3 to 128 letters, digits, `-`, `_`),
 * `LocationNotAvailableForResourceType`.
 */
export function createUserAssignedIdentity(
  cloud: Cloud,
  input: UserAssignedIdentityInput,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, input.resourceGroup);
  if (!group.ok) return group;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/.test(input.name)) {
    return err(
      azureError(
        'InvalidResourceName',
        `Resource name ${input.name} is invalid. The name must have 3 to 128 characters, begin with a letter or a digit, and contain only letters, digits, '-' and '_'.`,
      ),
    );
  }
  const location = checkLocation(input.location ?? group.value.location, TYPE);
  if (!location.ok) return location;
  const existing = findResource(cloud, TYPE, group.value.name, input.name);
  const id = existing?.id ?? resourceId(cloud, group.value.name, TYPE, input.name);
  return ok(
    putResource(cloud, {
      id,
      name: existing?.name ?? input.name,
      resourceGroup: group.value.name,
      location: existing?.location ?? location.value,
      tags: input.tags ?? existing?.tags ?? null,
      type: TYPE,
      principalId: existing?.principalId ?? drawGuid(cloud, `principal-id/${input.name}`),
      clientId: existing?.clientId ?? drawGuid(cloud, `client-id/${input.name}`),
      tenantId: cloud.subscription.tenantId,
      etag: nextEtag(cloud, id, existing?.etag),
      provisioningState: 'Succeeded',
    }),
  );
}

/** Deletes an identity; one that does not exist is no error. Errors: `ResourceGroupNotFound`. */
export function deleteUserAssignedIdentity(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  return deleteByName(cloud, TYPE, resourceGroup, name);
}
