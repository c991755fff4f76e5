import type { Cloud, Resource } from '../cloud.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AzureError } from './error.ts';
import { requireResourceGroup } from './resource-group.ts';
import { removeUnused } from './resource-removal.ts';
import { findResource } from './resource-store.ts';

/**
 * Deletes a resource by name; one that does not exist is no error. Errors: `ResourceGroupNotFound`, and
 * Azure's refusal, because another resource uses it.
 */
export function deleteByName(
  cloud: Cloud,
  type: Resource['type'],
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const found = findResource(cloud, type, resourceGroup, name);
  return found === null ? ok(cloud) : removeUnused(cloud, found.id);
}
