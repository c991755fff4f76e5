/** Where a resource that a request creates or replaces is: the checks that every such request begins with. */
import type { Cloud, Resource } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLocation } from './locations.ts';
import { requireResourceGroup } from './resource-group.ts';
import { checkNetworkName } from './resource-name.ts';
import { findResource, invalidResourceLocation, listOwnResources, resourceId } from './resource-store.ts';
import type { ResourceOf, ResourceType } from './resource-store.ts';

export interface ResourcePlace<T extends ResourceType> {
  /** Null where it is new. */
  readonly existing: ResourceOf<T> | null;
  /** As the resource is spelled if it exists, else as the request spells it. */
  readonly own: {
    readonly id: string;
    readonly name: string;
    readonly resourceGroup: string;
    readonly location: string;
  };
}

/** How many of a type a region may have. */
export interface CountLimit {
  readonly most: number;
  readonly code: string;
  /** In the refusal: `route tables`. */
  readonly what: string;
}

/**
 * Returns the place of a resource; without a location it is that of its group. Errors:
 * `ResourceGroupNotFound`, `InvalidResourceName`, `LocationNotAvailableForResourceType`,
 * `InvalidResourceLocation`, and the code of the limit.
 */
export function placeOf<T extends ResourceType>(
  cloud: Cloud,
  type: T,
  wanted: { readonly resourceGroup: string; readonly name: string; readonly location?: string | undefined },
  limit: CountLimit | null = null,
): Result<ResourcePlace<T>, AzureError> {
  const group = requireResourceGroup(cloud, wanted.resourceGroup);
  if (!group.ok) return group;
  const named = checkNetworkName(type, wanted.name);
  if (!named.ok) return named;
  const location = checkLocation(wanted.location ?? group.value.location, type);
  if (!location.ok) return location;
  const existing = findResource(cloud, type, group.value.name, wanted.name);
  const present: Resource | null = existing;
  if (present !== null && 'location' in present && present.location !== location.value) {
    return err(
      invalidResourceLocation(present.name, present.resourceGroup, present.location, location.value),
    );
  }
  if (existing === null && limit !== null) {
    const inRegion = listOwnResources(cloud, type).filter(
      (one: Resource) => 'location' in one && one.location === location.value,
    ).length;
    if (inRegion >= limit.most) {
      return err(
        azureError(
          limit.code,
          `Cannot create more than ${limit.most} ${limit.what} for this subscription in this region.`,
        ),
      );
    }
  }
  return ok({
    existing,
    own: {
      id: present?.id ?? resourceId(cloud, group.value.name, type, wanted.name),
      name: present?.name ?? wanted.name,
      resourceGroup: group.value.name,
      location: location.value,
    },
  });
}
