/** Rule collections and rules of pasted JSON, as the model has them. */
import type {
  FirewallApplicationProtocol,
  FirewallApplicationRule,
  FirewallNatRule,
  FirewallNetworkRule,
  FirewallProtocol,
  PolicyApplicationRule,
  PolicyNetworkRule,
  PolicyRuleCollection,
} from '../model/azure/firewall-resources.ts';
import type { JsonBag } from './firewall-json-bag.ts';
import type { ClassicCollection } from './firewall-text.ts';

type ClassicKey = 'natRuleCollections' | 'networkRuleCollections' | 'applicationRuleCollections';

function common(bag: JsonBag) {
  return {
    name: bag.textOr('name', 'rule'),
    description: bag.textOr('description', '') || null,
    sourceAddresses: bag.texts('sourceAddresses'),
    sourceIpGroups: bag.texts('sourceIpGroups'),
  };
}

/** Policies call them `ipProtocols`. */
function protocolsOf(bag: JsonBag): readonly FirewallProtocol[] {
  const key = bag.has('ipProtocols') ? 'ipProtocols' : 'protocols';
  return bag.texts(key).flatMap((text) => {
    const found = (['TCP', 'UDP', 'ICMP', 'Any'] as const).find(
      (each) => each.toLowerCase() === text.toLowerCase(),
    );
    if (found === undefined) {
      bag.problem(`rule ${bag.textOr('name', '')} has protocol "${text}".`, 'TCP, UDP, ICMP or Any.');
    }
    return found === undefined ? [] : [found];
  });
}

export function natRule(bag: JsonBag): FirewallNatRule {
  return {
    ...common(bag),
    protocols: protocolsOf(bag),
    destinationAddresses: bag.texts('destinationAddresses'),
    destinationPorts: bag.texts('destinationPorts'),
    translatedAddress: bag.textOr('translatedAddress', '') || null,
    translatedFqdn: bag.textOr('translatedFqdn', '') || null,
    translatedPort: bag.textOr('translatedPort', ''),
  };
}

export function networkRule(bag: JsonBag): FirewallNetworkRule {
  return {
    ...common(bag),
    protocols: protocolsOf(bag),
    destinationAddresses: bag.texts('destinationAddresses'),
    destinationIpGroups: bag.texts('destinationIpGroups'),
    destinationFqdns: bag.texts('destinationFqdns'),
    destinationPorts: bag.texts('destinationPorts'),
  };
}

export function applicationRule(bag: JsonBag): FirewallApplicationRule {
  return {
    ...common(bag),
    protocols: (bag.child('protocols')?.items() ?? []).flatMap((each): FirewallApplicationProtocol[] => {
      const protocolType = each.choice('protocolType', ['Http', 'Https', 'Mssql']);
      const port = Number(each.textOr('port', ''));
      if (protocolType !== null && Number.isInteger(port)) return [{ protocolType, port }];
      return [];
    }),
    targetFqdns: bag.texts('targetFqdns'),
    fqdnTags: bag.texts('fqdnTags'),
  };
}

/** An action is `{"type": "Allow"}`, and in some tools the word alone. */
function actionOf<T extends string>(bag: JsonBag, known: readonly T[]): T | null {
  const text = bag.child('action')?.textOr('type', '') ?? bag.textOr('action', '');
  const found = known.find((each) => each.toLowerCase() === text.toLowerCase());
  if (found === undefined) {
    const what = text === '' ? 'has no action' : `has action "${text}"`;
    bag.problem(`collection ${bag.textOr('name', '')} ${what}.`, `${known.join(' or ')}.`);
  }
  return found ?? null;
}

/** Returns a collection of a firewall without a policy; null with a problem where it cannot be read. */
export function classicCollectionOf(bag: JsonBag, key: ClassicKey): ClassicCollection | null {
  const priority = bag.priority('priority');
  const items = bag.child('rules')?.items() ?? [];
  const shared = {
    id: bag.textOr('id', ''),
    name: bag.textOr('name', 'collection'),
    etag: '',
    provisioningState: 'Succeeded',
  } as const;
  // Rules are read first, so that what is wrong with them is said together with the rest.
  if (key === 'natRuleCollections') {
    const rules = items.map(natRule);
    const type = actionOf(bag, ['Dnat', 'Snat']);
    if (type === null || priority === null) return null;
    return { type: 'dnat', collection: { ...shared, priority, action: { type }, rules } };
  }
  const of = key === 'networkRuleCollections' ? 'network' : 'application';
  const network = of === 'network' ? items.map(networkRule) : [];
  const application = of === 'application' ? items.map(applicationRule) : [];
  const type = actionOf(bag, ['Allow', 'Deny']);
  if (type === null || priority === null) return null;
  const action = { type };
  return of === 'network'
    ? { type: of, collection: { ...shared, priority, action, rules: network } }
    : { type: of, collection: { ...shared, priority, action, rules: application } };
}

/** Returns a collection of a policy; null with a problem where it cannot be read. */
export function policyCollectionOf(bag: JsonBag): PolicyRuleCollection | null {
  const priority = bag.priority('priority');
  const name = bag.textOr('name', 'collection');
  const rules = bag.child('rules')?.items() ?? [];
  const kind = bag.choice('ruleCollectionType', [
    'FirewallPolicyFilterRuleCollection',
    'FirewallPolicyNatRuleCollection',
  ]);
  const isNat =
    kind === 'FirewallPolicyNatRuleCollection' ||
    (kind === null && rules.some((each) => each.has('translatedPort')));
  if (isNat) {
    actionOf(bag, ['DNAT']);
    if (priority === null) return null;
    return {
      ruleCollectionType: 'FirewallPolicyNatRuleCollection',
      name,
      priority,
      action: { type: 'DNAT' },
      rules: rules.map((each) => {
        const { protocols, ...rest } = natRule(each);
        return { ...rest, ruleType: 'NatRule', ipProtocols: protocols };
      }),
    };
  }
  const type = actionOf(bag, ['Allow', 'Deny']);
  if (type === null || priority === null) return null;
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type },
    rules: rules.flatMap((each): readonly (PolicyNetworkRule | PolicyApplicationRule)[] => {
      const said = each.choice('ruleType', ['ApplicationRule', 'NetworkRule', 'NatRule']);
      const isApplication = said === null ? each.has('targetFqdns') : said === 'ApplicationRule';
      if (said === 'NatRule') {
        each.problem(`rule ${each.textOr('name', '')} is a NatRule in a collection that filters.`, null);
        return [];
      }
      if (!isApplication) {
        const { protocols, ...rest } = networkRule(each);
        return [{ ...rest, ruleType: 'NetworkRule', ipProtocols: protocols }];
      }
      return [
        {
          ...applicationRule(each),
          ruleType: 'ApplicationRule',
          destinationAddresses: each.texts('destinationAddresses'),
          targetUrls: each.texts('targetUrls'),
          webCategories: each.texts('webCategories'),
          terminateTLS: each.textOr('terminateTLS', 'false') === 'true',
        },
      ];
    }),
  };
}
