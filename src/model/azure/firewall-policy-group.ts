/** Rule collection groups of a firewall policy: a child resource each, kept inside the policy. */
import type { Cloud } from '../cloud.ts';
import { FIREWALL_PRIORITIES, RULE_COLLECTION_GROUPS_PER_POLICY } from '../limits/firewall.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { dnsProxyOf, policyRuleRefused } from './firewall-policy-rule-checks.ts';
import type { PolicyRule } from './firewall-policy-rule-checks.ts';
import type { FirewallPolicy, PolicyRuleCollection, RuleCollectionGroup } from './firewall-resources.ts';
import { checkNetworkName } from './resource-name.ts';
import {
  childNotFound,
  getResource,
  invalidReference,
  nextEtag,
  putResource,
  requireResource,
} from './resource-store.ts';

const TYPE = 'Microsoft.Network/firewallPolicies';

export interface RuleCollectionGroupName {
  readonly resourceGroup: string;
  readonly policy: string;
  readonly name: string;
}

/** Returns the policy and the group. Errors: `ResourceGroupNotFound`, `ResourceNotFound`, `NotFound`. */
export function requireRuleCollectionGroup(
  cloud: Cloud,
  { resourceGroup, policy: policyName, name }: RuleCollectionGroupName,
): Result<{ readonly policy: FirewallPolicy; readonly group: RuleCollectionGroup }, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, policyName);
  if (!found.ok) return found;
  const policy = found.value;
  const group = findGroup(policy, name);
  return group === undefined
    ? err(childNotFound(`${policy.id}/ruleCollectionGroups/${name}`))
    : ok({ policy, group });
}

function findGroup(policy: FirewallPolicy, name: string): RuleCollectionGroup | undefined {
  return policy.ruleCollectionGroups.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** What a request says of a group; its collections replace those that it has. */
export interface RuleCollectionGroupInput {
  readonly priority: number;
  readonly ruleCollections: readonly PolicyRuleCollection[];
}

/**
 * Creates a group, or replaces the one with that name. Errors: `ResourceGroupNotFound`, `ResourceNotFound`,
 * `InvalidResourceName`, `InvalidResourceReference` for an IP group that is not there, those of rules, and
 * `NotSimulated` for the limit on groups and for priorities and names: their codes are not public.
 */
export function putRuleCollectionGroup(
  cloud: Cloud,
  where: RuleCollectionGroupName,
  input: RuleCollectionGroupInput,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, where.resourceGroup, where.policy);
  if (!found.ok) return found;
  const policy = found.value;
  const named = checkNetworkName(`${TYPE}/ruleCollectionGroups`, where.name);
  if (!named.ok) return named;
  const existing = findGroup(policy, where.name);
  const id = existing?.id ?? `${policy.id}/ruleCollectionGroups/${where.name}`;
  const group: RuleCollectionGroup = {
    id,
    name: existing?.name ?? where.name,
    etag: nextEtag(cloud, id, existing?.etag),
    priority: input.priority,
    ruleCollections: input.ruleCollections,
    provisioningState: 'Succeeded',
  };
  const others = policy.ruleCollectionGroups.filter((one) => one !== existing);
  const refused = groupRefused(cloud, policy, others, group);
  if (refused !== null) return err(refused);
  return ok(
    putGroups(
      cloud,
      policy,
      existing === undefined
        ? [...others, group]
        : policy.ruleCollectionGroups.map((one) => (one === existing ? group : one)),
    ),
  );
}

/** Deletes a group with all that is in it; one that does not exist is no error. */
export function deleteRuleCollectionGroup(
  cloud: Cloud,
  where: RuleCollectionGroupName,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, where.resourceGroup, where.policy);
  if (!found.ok) return found.error.code === 'ResourceNotFound' ? ok(cloud) : found;
  const gone = findGroup(found.value, where.name);
  if (gone === undefined) return ok(cloud);
  return ok(
    putGroups(
      cloud,
      found.value,
      found.value.ruleCollectionGroups.filter((one) => one !== gone),
    ),
  );
}

function putGroups(
  cloud: Cloud,
  policy: FirewallPolicy,
  ruleCollectionGroups: readonly RuleCollectionGroup[],
): Cloud {
  return putResource(cloud, {
    ...policy,
    ruleCollectionGroups,
    etag: nextEtag(cloud, policy.id, policy.etag),
  });
}

function groupRefused(
  cloud: Cloud,
  policy: FirewallPolicy,
  others: readonly RuleCollectionGroup[],
  group: RuleCollectionGroup,
): AzureError | null {
  const most = RULE_COLLECTION_GROUPS_PER_POLICY.value;
  if (others.length >= most) {
    return refusedToo(`Firewall policy ${policy.name} with more than ${most} rule collection groups`);
  }
  const priority = priorityRefused(`rule collection group ${group.name}`, group.priority);
  if (priority !== null) return priority;
  if (others.some((one) => one.priority === group.priority)) {
    return refusedToo(
      `Priority ${group.priority} of more than one rule collection group of firewall policy ${policy.name}`,
    );
  }
  return collectionsRefused(group) ?? rulesRefused(cloud, policy, group);
}

function priorityRefused(what: string, priority: number): AzureError | null {
  const { first, last } = FIREWALL_PRIORITIES.value;
  return Number.isInteger(priority) && priority >= first && priority <= last
    ? null
    : refusedToo(`Priority ${priority} of ${what}, outside ${first} to ${last}`);
}

function collectionsRefused(group: RuleCollectionGroup): AzureError | null {
  const names = new Set<string>();
  const priorities = new Set<number>();
  for (const one of group.ruleCollections) {
    const priority = priorityRefused(`rule collection ${one.name}`, one.priority);
    if (priority !== null) return priority;
    if (names.has(one.name.toLowerCase())) {
      return refusedToo(
        `Name ${one.name} of more than one rule collection of rule collection group ${group.name}`,
      );
    }
    if (priorities.has(one.priority)) {
      return refusedToo(
        `Priority ${one.priority} of more than one rule collection of rule collection group ${group.name}`,
      );
    }
    names.add(one.name.toLowerCase());
    priorities.add(one.priority);
  }
  return null;
}

function rulesRefused(cloud: Cloud, policy: FirewallPolicy, group: RuleCollectionGroup): AzureError | null {
  const parent = policy.basePolicy === null ? null : getResource(cloud, policy.basePolicy.id, TYPE);
  const dnsProxy = dnsProxyOf(policy, parent);
  for (const collection of group.ruleCollections) {
    const rules: readonly PolicyRule[] = collection.rules;
    const mixed = new Set(rules.map(({ ruleType }) => ruleType)).size > 1;
    if (mixed) {
      return refusedToo(`Rule collection ${collection.name} with both network and application rules`);
    }
    const names = new Set<string>();
    for (const rule of rules) {
      if (names.has(rule.name.toLowerCase())) {
        return refusedToo(`Name ${rule.name} of more than one rule of rule collection ${collection.name}`);
      }
      names.add(rule.name.toLowerCase());
      const refused = policyRuleRefused(rule, collection.name, dnsProxy);
      if (refused !== null) return refused;
      const stray = ipGroupsOf(rule).find(
        (id) => getResource(cloud, id, 'Microsoft.Network/ipGroups') === null,
      );
      if (stray !== undefined) return invalidReference(stray, group.id);
    }
  }
  return null;
}

/** Returns the ids of the IP groups that a rule names. */
export function ipGroupsOf(rule: PolicyRule): readonly string[] {
  return rule.ruleType === 'NetworkRule'
    ? [...rule.sourceIpGroups, ...rule.destinationIpGroups]
    : rule.sourceIpGroups;
}

/** Returns every rule of a policy, in the order in which its parts were written. */
export function rulesOfPolicy(policy: Pick<FirewallPolicy, 'ruleCollectionGroups'>): readonly PolicyRule[] {
  return policy.ruleCollectionGroups.flatMap(({ ruleCollections }) =>
    ruleCollections.flatMap(({ rules }): readonly PolicyRule[] => rules),
  );
}
