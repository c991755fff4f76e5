/** Changes of the rule collections of a firewall without a policy. Each is a PUT of the whole firewall. */
import type { Cloud } from '../cloud.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import { updateAzureFirewall } from './azure-firewall.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall } from './firewall-resources.ts';
import { armKey, nextEtag } from './resource-store.ts';

export type FirewallRuleList = 'networkRuleCollections' | 'applicationRuleCollections' | 'natRuleCollections';
export type FirewallCollectionOf<K extends FirewallRuleList> = AzureFirewall[K][number];
export type FirewallRuleOf<K extends FirewallRuleList> = FirewallCollectionOf<K>['rules'][number];

/** Returns the collection of this name, in any case, or undefined. */
export function findCollection<K extends FirewallRuleList>(
  firewall: AzureFirewall,
  list: K,
  name: string,
): FirewallCollectionOf<K> | undefined {
  const collections: readonly FirewallCollectionOf<K>[] = firewall[list];
  return collections.find((one) => armKey(one.name) === armKey(name));
}

/** What every new collection of a firewall has, beside its action and its rules. */
export function newCollection(
  cloud: Cloud,
  firewall: AzureFirewall,
  list: FirewallRuleList,
  { name, priority }: { readonly name: string; readonly priority: number },
): Pick<FirewallCollectionOf<FirewallRuleList>, 'id' | 'name' | 'etag' | 'priority' | 'provisioningState'> {
  const id = `${firewall.id}/${list}/${name}`;
  return { id, name, etag: nextEtag(cloud, id), priority, provisioningState: 'Succeeded' };
}

/**
 * Puts a collection into a firewall, as the last one, where azure-cli leaves what it changed. Errors: as
 * `updateAzureFirewall`.
 */
export function putCollection<K extends FirewallRuleList>(
  cloud: Cloud,
  firewall: AzureFirewall,
  list: K,
  collection: FirewallCollectionOf<K>,
): Result<Cloud, AzureError> {
  const others: readonly FirewallCollectionOf<K>[] = without(firewall, list, collection.name);
  return updateAzureFirewall(cloud, firewall.resourceGroup, firewall.name, {
    [list]: [...others, collection],
  });
}

/** Takes a collection away; one that is not there is no error. Errors: as `updateAzureFirewall`. */
export function deleteCollection(
  cloud: Cloud,
  firewall: AzureFirewall,
  list: FirewallRuleList,
  name: string,
): Result<Cloud, AzureError> {
  if (findCollection(firewall, list, name) === undefined) return ok(cloud);
  return updateAzureFirewall(cloud, firewall.resourceGroup, firewall.name, {
    [list]: without(firewall, list, name),
  });
}

function without<K extends FirewallRuleList>(
  firewall: AzureFirewall,
  list: K,
  name: string,
): readonly FirewallCollectionOf<K>[] {
  const collections: readonly FirewallCollectionOf<K>[] = firewall[list];
  return collections.filter((one) => armKey(one.name) !== armKey(name));
}
