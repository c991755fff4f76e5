/**
 * The rules of a firewall in the order in which it asks them
 * (https://learn.microsoft.com/azure/firewall/rule-processing, 2026-03-23): all DNAT rules, then all network
 * rules, then all application rules. Within a type the groups of a parent policy come before those of its
 * child, then the priority of the group decides, then that of the collection, then the order in it.
 * That a parent's DNAT rules come first follows from the example there; the page on policies of 2021-08-16
 * (https://learn.microsoft.com/azure/firewall-manager/policy-overview) says that they are not inherited at all.
 * Decided for the example: it is newer and says in which order.
 */
import { heldAddresses } from '../azure/datacenter-addresses.ts';
import type {
  AzureFirewall,
  FirewallApplicationProtocol,
  FirewallPolicy,
  FirewallProtocol,
} from '../azure/firewall-resources.ts';
import { armKey, getResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { parseAddress } from '../ip/address.ts';
import { portsAreAll } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import { addressSide, nameSide, privateRangesOf, readPorts } from './sides.ts';
import type { FirewallNames } from './sides.ts';
import type {
  ApplicationEntry,
  FirewallConfiguration,
  FirewallEntry,
  NameSide,
  NatEntry,
  NetworkEntry,
  RuleOrigin,
  TransportProtocol,
} from './rules.ts';

const IP_GROUPS = 'Microsoft.Network/ipGroups';
const POLICIES = 'Microsoft.Network/firewallPolicies';

/** Returns what a firewall of the cloud does, or would do once it is deployed into a network. */
export function firewallRulesOf(cloud: Cloud, firewall: AzureFirewall): FirewallConfiguration {
  const chain: FirewallPolicy[] = [];
  const problems: string[] = [];
  for (let id = firewall.firewallPolicy?.id ?? null; id !== null;) {
    const policy = getResource(cloud, id, POLICIES);
    if (policy === null) problems.push(`policy ${id.split('/').at(-1) ?? id} is not there`);
    if (policy === null || chain.some((each) => armKey(each.id) === armKey(policy.id))) break;
    chain.unshift(policy);
    id = policy.basePolicy?.id ?? null;
  }
  const names: FirewallNames = {
    held: heldAddresses(cloud),
    ipGroup: (id) => ({
      name: id.split('/').at(-1) ?? id,
      addresses: getResource(cloud, id, IP_GROUPS)?.ipAddresses ?? null,
    }),
  };
  const configuration = readConfiguration(firewall, chain, names);
  return { ...configuration, problems: [...problems, ...configuration.problems] };
}

/** Settings and collections of a firewall itself. */
export type ClassicFirewall = Pick<
  AzureFirewall,
  | 'threatIntelMode'
  | 'additionalProperties'
  | 'natRuleCollections'
  | 'networkRuleCollections'
  | 'applicationRuleCollections'
>;

/** The part of a policy that decides. */
export type PolicyOfRules = Pick<
  FirewallPolicy,
  'name' | 'threatIntelMode' | 'dnsSettings' | 'snat' | 'ruleCollectionGroups'
>;

/**
 * Returns the same from the resources themselves.
 *
 * @param policies the outermost parent first, the firewall's own last; with one or more, what the firewall
 * itself says does not count. Azure allows a depth of two.
 */
export function readConfiguration(
  firewall: ClassicFirewall | null,
  policies: readonly PolicyOfRules[],
  names: FirewallNames,
): FirewallConfiguration {
  const problems: string[] = [];
  const reader = entryReader(names, problems);
  const own = policies.at(-1);
  if (own === undefined) {
    if (firewall !== null) reader.classic(firewall);
  } else {
    for (const policy of policies) reader.policy(policy);
  }
  const settings = own === undefined ? classicSettings(firewall) : policySettings(policies);
  const privateRanges = privateRangesOf(settings.privateRanges, (problem) => problems.push(problem));
  if (settings.autoLearn) problems.push('private ranges learned from a route server are not simulated');
  return {
    rules: { ...reader.entries(), dnsProxy: settings.dns.proxy, privateRanges },
    dns: settings.dns,
    privateRanges,
    threatIntelMode: settings.threatIntelMode,
    problems,
  };
}

type Settings = Pick<FirewallConfiguration, 'dns' | 'threatIntelMode'> & {
  readonly privateRanges: readonly string[] | null;
  readonly autoLearn: boolean;
};

function classicSettings(firewall: ClassicFirewall | null): Settings {
  const texts = new Map(
    Object.entries(firewall?.additionalProperties ?? {}).map(([key, text]) => [key.toLowerCase(), text]),
  );
  const list = (key: string): readonly string[] =>
    (texts.get(key) ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  return {
    dns: {
      servers: list('network.dns.servers'),
      proxy: texts.get('network.dns.enableproxy')?.toLowerCase() === 'true' ? 'on' : 'off',
    },
    threatIntelMode: firewall?.threatIntelMode ?? 'Alert',
    privateRanges: list('network.snat.privateranges'),
    autoLearn: false,
  };
}

const STRICTER = ['Off', 'Alert', 'Deny'] as const;

/**
 * A child without settings of its own has its parent's, and its threat intelligence mode can only be
 * stricter (https://learn.microsoft.com/azure/firewall-manager/policy-overview).
 */
function policySettings(policies: readonly PolicyOfRules[]): Settings {
  const last = <T>(read: (policy: PolicyOfRules) => T | null): T | null =>
    policies.reduce<T | null>((found, each) => read(each) ?? found, null);
  const dns = last((policy) => policy.dnsSettings);
  const snat = last((policy) => policy.snat);
  const strictest = Math.max(...policies.map((each) => STRICTER.indexOf(each.threatIntelMode)));
  return {
    dns: { servers: dns?.servers ?? [], proxy: dns?.enableProxy === true ? 'on' : 'off' },
    threatIntelMode: STRICTER[strictest] ?? 'Alert',
    privateRanges: snat?.privateRanges ?? null,
    autoLearn: snat?.autoLearnPrivateRanges === 'Enabled',
  };
}

interface Read {
  readonly dnat: readonly NatEntry[];
  readonly network: readonly NetworkEntry[];
  readonly application: readonly ApplicationEntry[];
}

interface EntryReader {
  readonly classic: (firewall: ClassicFirewall) => void;
  readonly policy: (policy: PolicyOfRules) => void;
  readonly entries: () => Read;
}

interface AnyRule {
  readonly name: string;
  readonly sourceAddresses: readonly string[];
  readonly sourceIpGroups: readonly string[];
}

interface AnyNatRule extends AnyRule {
  readonly protocols: readonly FirewallProtocol[];
  readonly destinationAddresses: readonly string[];
  readonly destinationPorts: readonly string[];
  readonly translatedAddress: string | null;
  readonly translatedFqdn: string | null;
  readonly translatedPort: string;
}

interface AnyNetworkRule extends AnyRule {
  readonly protocols: readonly FirewallProtocol[];
  readonly destinationAddresses: readonly string[];
  readonly destinationIpGroups: readonly string[];
  readonly destinationFqdns: readonly string[];
  readonly destinationPorts: readonly string[];
}

interface AnyApplicationRule extends AnyRule {
  readonly protocols: readonly FirewallApplicationProtocol[];
  readonly targetFqdns: readonly string[];
  readonly fqdnTags: readonly string[];
  readonly targetUrls?: readonly string[];
  readonly webCategories?: readonly string[];
  readonly terminateTLS?: boolean;
  readonly destinationAddresses?: readonly string[];
}

/** Reads rules one after the other; what cannot be read is said in `problems`. */
function entryReader(names: FirewallNames, problems: string[]): EntryReader {
  const dnat: NatEntry[] = [];
  const network: NetworkEntry[] = [];
  const application: ApplicationEntry[] = [];
  type Place = Omit<RuleOrigin, 'rule'>;

  const complainer =
    ({ rule, collection }: RuleOrigin) =>
    (problem: string): void => {
      problems.push(`rule ${rule} of collection ${collection.name} ${problem}`);
    };
  const addNat = (place: Place, rule: AnyNatRule): void => {
    const origin = { ...place, rule: rule.name };
    const complain = complainer(origin);
    const ports = readPorts(rule.destinationPorts, complain);
    const translated = rule.translatedAddress === null ? null : parseAddress(rule.translatedAddress);
    if (translated?.ok === false)
      complain(`translates to ${rule.translatedAddress ?? ''}, which is no address`);
    dnat.push({
      kind: 'dnat',
      origin,
      source: addressSide(rule.sourceAddresses, rule.sourceIpGroups, 'no-tags', names, complain),
      protocols: transports(rule.protocols, ports),
      destination: addressSide(rule.destinationAddresses, [], 'no-tags', names, complain),
      ports,
      translatedAddress: translated?.ok === true ? translated.value : null,
      translatedFqdn: rule.translatedFqdn,
      translatedPort: Number(rule.translatedPort),
    });
  };
  const addNetwork = (place: Place, action: 'Allow' | 'Deny', rule: AnyNetworkRule): void => {
    const origin = { ...place, rule: rule.name };
    const complain = complainer(origin);
    const ports = readPorts(rule.destinationPorts, complain);
    const fqdns = rule.destinationFqdns.map((each) => each.trim().toLowerCase());
    for (const each of fqdns) {
      if (each.includes('*'))
        complain(`names ${each}: FQDNs of network rules have no asterisk, so it matches nothing`);
    }
    network.push({
      kind: 'network',
      origin,
      action,
      source: addressSide(rule.sourceAddresses, rule.sourceIpGroups, 'no-tags', names, complain),
      protocols: transports(rule.protocols, ports),
      destination: addressSide(rule.destinationAddresses, rule.destinationIpGroups, 'tags', names, complain),
      fqdns: fqdns.filter((each) => !each.includes('*')),
      ports,
    });
  };
  const addApplication = (place: Place, action: 'Allow' | 'Deny', rule: AnyApplicationRule): void => {
    const origin = { ...place, rule: rule.name };
    const complain = complainer(origin);
    if (rule.terminateTLS === true)
      complain('terminates TLS, which is not simulated: names decide as without');
    application.push({
      kind: 'application',
      origin,
      action,
      source: addressSide(rule.sourceAddresses, rule.sourceIpGroups, 'no-tags', names, complain),
      protocols: rule.protocols,
      names: doubtfulBeside(rule.destinationAddresses ?? [], nameSide(rule, complain)),
    });
  };

  return {
    classic: (firewall) => {
      const place = (
        { name, priority }: { readonly name: string; readonly priority: number },
        action: RuleOrigin['collection']['action'],
      ): Place => ({ policy: null, group: null, collection: { name, priority, action } });
      for (const each of inOrder(firewall.natRuleCollections)) {
        if (each.action.type === 'Snat')
          problems.push(`collection ${each.name} has action Snat, which does nothing`);
        else for (const rule of each.rules) addNat(place(each, 'Dnat'), rule);
      }
      for (const each of inOrder(firewall.networkRuleCollections)) {
        for (const rule of each.rules) addNetwork(place(each, each.action.type), each.action.type, rule);
      }
      for (const each of inOrder(firewall.applicationRuleCollections)) {
        for (const rule of each.rules) addApplication(place(each, each.action.type), each.action.type, rule);
      }
    },
    policy: (policy) => {
      for (const group of inOrder(policy.ruleCollectionGroups)) {
        for (const each of inOrder(group.ruleCollections)) {
          const place = (action: RuleOrigin['collection']['action']): Place => ({
            policy: policy.name,
            group: { name: group.name, priority: group.priority },
            collection: { name: each.name, priority: each.priority, action },
          });
          if (each.ruleCollectionType === 'FirewallPolicyNatRuleCollection') {
            for (const rule of each.rules) addNat(place('Dnat'), { ...rule, protocols: rule.ipProtocols });
            continue;
          }
          const action = each.action.type;
          for (const rule of each.rules) {
            if (rule.ruleType === 'NetworkRule') {
              addNetwork(place(action), action, { ...rule, protocols: rule.ipProtocols });
            } else addApplication(place(action), action, rule);
          }
        }
      }
    },
    entries: () => ({ dnat, network, application }),
  };
}

/** The API takes addresses in an application rule, and no page says what they do: whatever it names is doubtful then. */
function doubtfulBeside(addresses: readonly string[], names: NameSide): NameSide {
  if (addresses.length === 0) return names;
  const doubt = `what its destination addresses ${addresses.join(', ')} do in an application rule is not documented`;
  return {
    ...names,
    patterns: [],
    maybe: [...names.patterns.map((pattern) => ({ pattern, doubt })), ...names.maybe],
  };
}

/** Lowest priority number first; of equal ones, which Azure refuses side by side, the first written. */
function inOrder<T extends { readonly priority: number }>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => a.priority - b.priority);
}

const ALL_PROTOCOLS: readonly TransportProtocol[] = ['TCP', 'UDP', 'ICMP'];

/** `Any` with some ports means TCP and UDP (limits/firewall.ts, ANY_PROTOCOL). */
function transports(protocols: readonly FirewallProtocol[], ports: PortSet): readonly TransportProtocol[] {
  return ALL_PROTOCOLS.filter(
    (each) =>
      protocols.includes(each) || (protocols.includes('Any') && (each !== 'ICMP' || portsAreAll(ports))),
  );
}

/** All rules in the order in which they are asked. */
export function allEntries({ rules }: Pick<FirewallConfiguration, 'rules'>): readonly FirewallEntry[] {
  return [...rules.dnat, ...rules.network, ...rules.application];
}
