/** Options that take a name or an id: a name means a resource in the command's own group. */
import type { Cloud } from '../../model/cloud.ts';
import { findResourceGroup } from '../../model/azure/resource-group.ts';
import { looksLikeId, resourceId } from '../../model/azure/resource-store.ts';

/** Returns the id that a name or id option means; null for `""` and azure-cli's word `null`, which detach. */
export function idOfNameOrId(cloud: Cloud, text: string, resourceGroup: string, type: string): string | null {
  if (text === '' || text === 'null') return null;
  if (looksLikeId(text)) return text;
  const group = findResourceGroup(cloud, resourceGroup)?.name ?? resourceGroup;
  return resourceId(cloud, group, type, text);
}

/** As `idOfNameOrId` for an option that may be absent, which stays undefined. */
export function optionalIdOf(
  cloud: Cloud,
  text: string | undefined,
  resourceGroup: string,
  type: string,
): string | null | undefined {
  return text === undefined ? undefined : idOfNameOrId(cloud, text, resourceGroup, type);
}

/** Returns the ids that a list of names and ids means; none for `""` and azure-cli's word `null`, which detach all. */
export function idsOfNamesOrIds(
  cloud: Cloud,
  texts: readonly string[],
  resourceGroup: string,
  type: string,
): readonly string[] {
  return texts.flatMap((text) => idOfNameOrId(cloud, text, resourceGroup, type) ?? []);
}
