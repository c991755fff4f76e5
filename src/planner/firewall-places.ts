/** Where a rule of a firewall could be added, and what its rules are then. */
import type { PolicyRuleCollection, RuleCollectionGroup } from '../model/azure/firewall-resources.ts';
import type { FirewallEntry } from '../model/firewall/rules.ts';
import { readConfiguration } from '../model/firewall/rules-of.ts';
import type { ClassicFirewall } from '../model/firewall/rules-of.ts';
import { FIREWALL_PRIORITIES } from '../model/limits/firewall.ts';
import type { AddedPlace, AddedRule } from './firewall-changes.ts';
import type { GivenFirewall } from './firewall-evaluator.ts';

/** A place, and the rules once one more stands there. */
export interface Place {
  readonly place: AddedPlace;
  /** The rules once one is added here. */
  readonly with: (added: AddedRule) => ReturnType<typeof readConfiguration>['rules'];
}

export type Action = 'Allow' | 'Deny' | 'Dnat';

/** Where a rule could stand: in what is there, then in a new collection, late in order first; parents last. */
export function places(
  firewall: GivenFirewall,
  type: FirewallEntry['kind'],
  action: Action,
): readonly Place[] {
  return firewall.policies.length === 0
    ? classicPlaces(firewall, type, action)
    : [...firewall.policies.keys()].reverse().flatMap((at) => policyPlaces(firewall, at, type, action));
}

const KEYS = {
  dnat: 'natRuleCollections',
  network: 'networkRuleCollections',
  application: 'applicationRuleCollections',
} as const;

const NEW_NAMES: Readonly<Record<Action, string>> = { Allow: 'allow', Deny: 'deny', Dnat: 'publish' };

function newName(
  taken: readonly { readonly name: string }[],
  type: FirewallEntry['kind'],
  action: Action,
): string {
  const base = `${NEW_NAMES[action]}-${type === 'application' ? 'app' : type === 'network' ? 'net' : 'nat'}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.some((each) => each.name.toLowerCase() === name)) return name;
  }
}

/** After everything, in front of everything: free numbers of each, rounded where there is room. */
function freePriorities(taken: readonly number[]): readonly number[] {
  const { first, last } = FIREWALL_PRIORITIES.value;
  const highest = Math.max(first - 100, ...taken);
  const lowest = Math.min(last, ...taken);
  const after = highest + 100 <= last ? Math.max(first, Math.ceil((highest + 1) / 100) * 100) : null;
  const before = lowest > first ? Math.max(first, Math.ceil(lowest / 2 / 10) * 10) : null;
  const gaps = [...taken]
    .sort((a, b) => a - b)
    .flatMap((each) => (each - 1 >= first && !taken.includes(each - 1) ? [each - 1] : []))
    .reverse();
  const all = [after, ...gaps, before].filter((each) => each !== null && !taken.includes(each));
  return [...new Set(all.filter((each) => each !== null))];
}

function classicPlaces(
  firewall: GivenFirewall,
  type: FirewallEntry['kind'],
  action: Action,
): readonly Place[] {
  const classic: ClassicFirewall = firewall.classic ?? {
    threatIntelMode: 'Alert',
    additionalProperties: {},
    natRuleCollections: [],
    networkRuleCollections: [],
    applicationRuleCollections: [],
  };
  const here: readonly {
    readonly name: string;
    readonly priority: number;
    readonly action: { readonly type: string };
  }[] = classic[KEYS[type]];
  const base = { policy: null, resourceGroup: firewall.resourceGroup, group: null } as const;
  const withRule = (name: string, priority: number) => (added: AddedRule) =>
    readConfiguration(addToClassic(classic, name, priority, action, added), [], firewall.names).rules;
  const existing = [...here]
    .filter((each) => each.action.type === action)
    .sort((a, b) => b.priority - a.priority)
    .map(({ name, priority }): Place => ({
      place: { ...base, collection: { name, priority, isNew: false } },
      with: withRule(name, priority),
    }));
  // Collections of one type share their numbers.
  const name = newName(
    [...classic.natRuleCollections, ...classic.networkRuleCollections, ...classic.applicationRuleCollections],
    type,
    action,
  );
  const fresh = freePriorities(here.map(({ priority }) => priority)).map((priority): Place => ({
    place: { ...base, collection: { name, priority, isNew: true } },
    with: withRule(name, priority),
  }));
  return [...existing, ...fresh];
}

function addToClassic(
  classic: ClassicFirewall,
  name: string,
  priority: number,
  action: Action,
  added: AddedRule,
): ClassicFirewall {
  if (action === 'Dnat') return classic;
  const common = {
    id: '',
    name,
    etag: '',
    priority,
    action: { type: action },
    provisioningState: 'Succeeded',
  } as const;
  if (added.type === 'network') {
    const found = classic.networkRuleCollections.find((each) => each.name === name) ?? {
      ...common,
      rules: [],
    };
    const changed = { ...found, rules: [...found.rules, added.rule] };
    return {
      ...classic,
      networkRuleCollections: [
        ...classic.networkRuleCollections.filter((each) => each.name !== name),
        changed,
      ],
    };
  }
  const found = classic.applicationRuleCollections.find((each) => each.name === name) ?? {
    ...common,
    rules: [],
  };
  const changed = { ...found, rules: [...found.rules, added.rule] };
  return {
    ...classic,
    applicationRuleCollections: [
      ...classic.applicationRuleCollections.filter((each) => each.name !== name),
      changed,
    ],
  };
}

function policyPlaces(
  firewall: GivenFirewall,
  at: number,
  type: FirewallEntry['kind'],
  action: Action,
): readonly Place[] {
  const policy = firewall.policies[at];
  if (policy === undefined) return [];
  const base = { policy: policy.name, resourceGroup: policy.resourceGroup };
  const groups = [...policy.ruleCollectionGroups].sort((a, b) => b.priority - a.priority);
  const rulesWith = (group: RuleCollectionGroup) => {
    const others = policy.ruleCollectionGroups.filter((each) => each.name !== group.name);
    const changed = { ...policy, ruleCollectionGroups: [...others, group] };
    const policies = firewall.policies.map((each, index) => (index === at ? changed : each));
    return readConfiguration(firewall.classic, policies, firewall.names).rules;
  };
  const inGroup = (
    group: RuleCollectionGroup,
    isNew: boolean,
    name: string,
    priority: number,
    old: boolean,
  ): Place => ({
    place: {
      ...base,
      group: { name: group.name, priority: group.priority, isNew },
      collection: { name, priority, isNew: !old },
    },
    with: (added) => rulesWith(addToGroup(group, name, priority, action, added)),
  });
  const existing = groups.flatMap((group) =>
    [...group.ruleCollections]
      .filter((each) => typeOf(each) === type && sameAction(each, action))
      .sort((a, b) => b.priority - a.priority)
      .map((each) => inGroup(group, false, each.name, each.priority, true)),
  );
  const fresh = groups.flatMap((group) =>
    freePriorities(group.ruleCollections.map(({ priority }) => priority)).map((priority) =>
      inGroup(group, false, newName(group.ruleCollections, type, action), priority, false),
    ),
  );
  const newGroups = freePriorities(groups.map(({ priority }) => priority)).map((priority) => {
    const group: RuleCollectionGroup = {
      id: '',
      name: newName(groups, type, action),
      etag: '',
      priority,
      ruleCollections: [],
      provisioningState: 'Succeeded',
    };
    return inGroup(group, true, newName([], type, action), 100, false);
  });
  return [...existing, ...fresh, ...newGroups];
}

/** Of an empty collection nobody knows the type: one of the other types could not be added to it. */
function typeOf(collection: PolicyRuleCollection): FirewallEntry['kind'] | null {
  if (collection.ruleCollectionType === 'FirewallPolicyNatRuleCollection') return 'dnat';
  const [first] = collection.rules;
  return first === undefined ? null : first.ruleType === 'NetworkRule' ? 'network' : 'application';
}

function sameAction({ action }: PolicyRuleCollection, wanted: Action): boolean {
  return action.type.toLowerCase() === wanted.toLowerCase();
}

function addToGroup(
  group: RuleCollectionGroup,
  name: string,
  priority: number,
  action: Action,
  added: AddedRule,
): RuleCollectionGroup {
  if (action === 'Dnat') return group;
  const found = group.ruleCollections.find((each) => each.name === name);
  const before = found?.ruleCollectionType === 'FirewallPolicyFilterRuleCollection' ? found.rules : [];
  const rule =
    added.type === 'network'
      ? { ...added.rule, ruleType: 'NetworkRule' as const, ipProtocols: added.rule.protocols }
      : {
          ...added.rule,
          ruleType: 'ApplicationRule' as const,
          destinationAddresses: [],
          targetUrls: [],
          webCategories: [],
          terminateTLS: false,
        };
  return {
    ...group,
    ruleCollections: [
      ...group.ruleCollections.filter((each) => each.name !== name),
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
        name,
        priority,
        action: { type: action },
        rules: [...before, rule],
      },
    ],
  };
}
