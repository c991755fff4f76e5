import { drawGuid } from '../chance.ts';
import type { Cloud, Resource } from '../cloud.ts';
import { remembering } from '../remembering.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { ArmKey, ResourceGroup } from './resources.ts';

export type ResourceType = Resource['type'];
export type ResourceOf<T extends ResourceType> = Extract<Resource, { readonly type: T }>;

/** Returns the key of a resource in the cloud: ARM ids are equal without regard to case. */
export const armKey: (id: string) => ArmKey = remembering((id) => id.toLowerCase());

/** Returns the id of a group of the current subscription. */
export function resourceGroupId(cloud: Cloud, name: string): string {
  return `/subscriptions/${cloud.subscription.id}/resourceGroups/${name}`;
}

/** Returns a group of the current subscription by name, without regard to case, or null. */
export function findResourceGroup(cloud: Cloud, name: string): ResourceGroup | null {
  return cloud.resourceGroups[armKey(resourceGroupId(cloud, name))] ?? null;
}

/** Reports whether two ids name the same resource. */
export function sameId(a: string, b: string): boolean {
  return armKey(a) === armKey(b);
}

/** Returns the id of a top-level resource of the current subscription, `/subscriptions/…/providers/TYPE/NAME`. */
export function resourceId(cloud: Cloud, resourceGroup: string, type: string, name: string): string {
  return `${resourceGroupId(cloud, resourceGroup)}/providers/${type}/${name}`;
}

export interface ResourceIdParts {
  readonly subscription: string;
  readonly resourceGroup: string;
  /** `Microsoft.Network/virtualNetworks` */
  readonly type: string;
  readonly name: string;
  /** What follows the top-level resource, as pairs of type and name: `[{type: 'subnets', name: 'a'}]`. */
  readonly children: readonly { readonly type: string; readonly name: string }[];
}

/** Returns the parts of a resource id, or null if the text is not one. */
export const parseResourceId: (id: string) => ResourceIdParts | null = remembering(partsOf);

function partsOf(id: string): ResourceIdParts | null {
  const match =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)((?:\/[^/]+\/[^/]+)*)$/i.exec(
      id,
    );
  if (match === null) return null;
  const [, subscription = '', resourceGroup = '', namespace = '', type = '', name = '', rest = ''] = match;
  const tail = rest.split('/').slice(1);
  const children = [];
  for (let i = 0; i + 1 < tail.length; i += 2) {
    children.push({ type: tail[i] ?? '', name: tail[i + 1] ?? '' });
  }
  return { subscription, resourceGroup, type: `${namespace}/${type}`, name, children };
}

/** Reports whether a text has the form of a resource id rather than of a name. */
export function looksLikeId(text: string): boolean {
  return text.startsWith('/');
}

function isOfType<T extends ResourceType>(resource: Resource, type: T): resource is ResourceOf<T> {
  return resource.type === type;
}

/** Returns the resource with this id and type, or null. */
export function getResource<T extends ResourceType>(cloud: Cloud, id: string, type: T): ResourceOf<T> | null {
  const resource = cloud.resources[armKey(id)];
  return resource !== undefined && isOfType(resource, type) ? resource : null;
}

/** Returns a resource by type, group and name, or null. */
export function findResource<T extends ResourceType>(
  cloud: Cloud,
  type: T,
  resourceGroup: string,
  name: string,
): ResourceOf<T> | null {
  return getResource(cloud, resourceId(cloud, resourceGroup, type, name), type);
}

/** Returns the resources of a type in all subscriptions, in order of creation. */
export function listResources<T extends ResourceType>(cloud: Cloud, type: T): readonly ResourceOf<T>[] {
  const found: ResourceOf<T>[] = [];
  for (const resource of Object.values(cloud.resources)) {
    if (isOfType(resource, type)) found.push(resource);
  }
  return found;
}

/** Returns the resources of a type of the current subscription, or of one of its groups, in order of creation. */
export function listOwnResources<T extends ResourceType>(
  cloud: Cloud,
  type: T,
  resourceGroup?: string,
): readonly ResourceOf<T>[] {
  const scope = armKey(
    resourceGroup === undefined
      ? `/subscriptions/${cloud.subscription.id}/`
      : `${resourceGroupId(cloud, resourceGroup)}/`,
  );
  return listResources(cloud, type).filter(({ id }) => armKey(id).startsWith(scope));
}

/**
 * Returns a resource by type, group and name. Errors: `ResourceGroupNotFound`, `ResourceNotFound`, in
 * that order, as ARM checks.
 */
export function requireResource<T extends ResourceType>(
  cloud: Cloud,
  type: T,
  resourceGroup: string,
  name: string,
): Result<ResourceOf<T>, AzureError> {
  if (findResourceGroup(cloud, resourceGroup) === null) {
    return err(resourceGroupNotFound(resourceGroup));
  }
  const resource = findResource(cloud, type, resourceGroup, name);
  return resource === null ? err(resourceNotFound(type, resourceGroup, name)) : ok(resource);
}

export function resourceGroupNotFound(resourceGroup: string): AzureError {
  return azureError('ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
}

export function resourceNotFound(type: string, resourceGroup: string, name: string): AzureError {
  return azureError(
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** Says that a part of a resource (a subnet, a route, a rule) does not exist. */
export function childNotFound(id: string): AzureError {
  return azureError('NotFound', `Resource ${id} not found.`);
}

/** Says that a resource names another one that does not exist. */
export function invalidReference(referenced: string, by: string): AzureError {
  return azureError(
    'InvalidResourceReference',
    `Resource ${referenced} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );
}

/** Returns the cloud with this resource added or replaced. */
export function putResource(cloud: Cloud, resource: Resource): Cloud {
  return { ...cloud, resources: { ...cloud.resources, [armKey(resource.id)]: resource } };
}

/** Returns the cloud without the resource; the same cloud if it was not there. */
export function removeResource(cloud: Cloud, id: string): Cloud {
  const key = armKey(id);
  if (cloud.resources[key] === undefined) return cloud;
  const { [key]: _removed, ...resources } = cloud.resources;
  return { ...cloud, resources };
}

/** Returns a new entity tag for a resource; `previous` is the tag it had, so that each change gives a new one. */
export function nextEtag(cloud: Cloud, id: string, previous?: string): string {
  return `W/"${drawGuid({ seed: cloud.seed, pins: {} }, `etag/${armKey(id)}/${previous ?? ''}`)}"`;
}

/** Says that a resource of this name already lives in another region. */
export function invalidResourceLocation(
  name: string,
  resourceGroup: string,
  location: string,
  wanted: string,
): AzureError {
  return azureError(
    'InvalidResourceLocation',
    `The resource '${name}' already exists in location '${location}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
  );
}
