import { releaseNetwork } from '../aks/release-network.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLocation } from './locations.ts';
import { checkResourceGroupName } from './resource-name.ts';
import {
  armKey,
  findResourceGroup,
  resourceGroupId,
  resourceGroupNotFound,
  sameId,
} from './resource-store.ts';
import type { ArmKey, ResourceGroup } from './resources.ts';
import { removeResources } from './resource-removal.ts';

export { findResourceGroup };

const TYPE = 'Microsoft.Resources/resourceGroups';

export interface ResourceGroupInput {
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>> | null;
  /** The id of the managed cluster that owns a node resource group. */
  readonly managedBy?: string | null;
}

/** Returns a group by name. Error: `ResourceGroupNotFound`. */
export function requireResourceGroup(cloud: Cloud, name: string): Result<ResourceGroup, AzureError> {
  const group = findResourceGroup(cloud, name);
  return group === null ? err(resourceGroupNotFound(name)) : ok(group);
}

/** Returns the groups of the current subscription in order of creation. */
export function listResourceGroups(cloud: Cloud): readonly ResourceGroup[] {
  const scope = armKey(resourceGroupId(cloud, ''));
  return Object.values(cloud.resourceGroups).filter(({ id }) => armKey(id).startsWith(scope));
}

/**
 * Creates a group, or puts the one with that name again, whose tags go unless they are given again
 * (https://github.com/Azure/azure-cli/issues/11513, 2020-02-24: by design). Errors: `InvalidResourceGroupName`,
 * `LocationNotAvailableForResourceGroup`, `InvalidResourceGroupLocation`.
 */
export function createResourceGroup(cloud: Cloud, input: ResourceGroupInput): Result<Cloud, AzureError> {
  const named = checkResourceGroupName(input.name);
  if (!named.ok) return named;
  const location = checkLocation(input.location, TYPE);
  if (!location.ok) return location;
  const existing = findResourceGroup(cloud, input.name);
  if (existing !== null && existing.location !== location.value) {
    return err(
      azureError(
        'InvalidResourceGroupLocation',
        `Invalid resource group location '${location.value}'. The Resource group already exists in location '${existing.location}'.`,
      ),
    );
  }
  const group: ResourceGroup = {
    id: existing?.id ?? resourceGroupId(cloud, input.name),
    name: existing?.name ?? input.name,
    location: location.value,
    managedBy: input.managedBy ?? existing?.managedBy ?? null,
    tags: input.tags ?? null,
    type: TYPE,
  };
  return ok(putGroup(cloud, group));
}

/** Replaces the tags of a group. Error: `ResourceGroupNotFound`. */
export function updateResourceGroup(
  cloud: Cloud,
  name: string,
  changes: { readonly tags: Readonly<Record<string, string>> | null },
): Result<Cloud, AzureError> {
  const found = requireResourceGroup(cloud, name);
  return found.ok ? ok(putGroup(cloud, { ...found.value, tags: changes.tags })) : found;
}

/**
 * Deletes a group with everything in it, the clusters' node resource groups included. Errors:
 * `ResourceGroupNotFound`; `ResourceGroupDeletionBlocked` if a resource outside still needs one inside.
 */
export function deleteResourceGroup(cloud: Cloud, name: string): Result<Cloud, AzureError> {
  const found = requireResourceGroup(cloud, name);
  if (!found.ok) return found;
  const groups = groupsGoingAlong(cloud, found.value);
  const going = Object.keys(cloud.resources).filter((key) =>
    groups.some((group) => key.startsWith(`${armKey(group.id)}/`)),
  );
  const removed = removeResources(releaseClusters(cloud, going), going);
  if (!removed.ok) {
    return err(
      azureError(
        'ResourceGroupDeletionBlocked',
        `Deletion of resource group '${found.value.name}' failed as resources with identifiers '${removed.error.identifiers.join(',')}' could not be deleted. The provisioning state of the resource group will be rolled back. ${removed.error.cause.message}`,
      ),
    );
  }
  const resourceGroups = Object.fromEntries(
    Object.entries(removed.value.resourceGroups).filter(([, group]) => !groups.includes(group)),
  );
  return ok({ ...removed.value, resourceGroups });
}

/** The group, and the node resource groups of the clusters in it. */
function groupsGoingAlong(cloud: Cloud, group: ResourceGroup): readonly ResourceGroup[] {
  const inGroup = (id: ArmKey): boolean => id.startsWith(`${armKey(group.id)}/`);
  return listResourceGroups(cloud).filter(
    (one) => sameId(one.id, group.id) || (one.managedBy !== null && inGroup(armKey(one.managedBy))),
  );
}

/** Clusters that go take their route tables off the subnets that stay, as when they are deleted alone. */
function releaseClusters(cloud: Cloud, going: readonly ArmKey[]): Cloud {
  return going.reduce((next, key) => {
    const cluster = next.resources[key];
    if (cluster?.type !== 'Microsoft.ContainerService/ManagedClusters') return next;
    const released = releaseNetwork(next, cluster);
    return released.ok ? released.value : next;
  }, cloud);
}

function putGroup(cloud: Cloud, group: ResourceGroup): Cloud {
  return { ...cloud, resourceGroups: { ...cloud.resourceGroups, [armKey(group.id)]: group } };
}
