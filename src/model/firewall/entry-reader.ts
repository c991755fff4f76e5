/** Reads the rules of a firewall or a policy one after the other. */
import type { FirewallApplicationProtocol, FirewallProtocol } from '../azure/firewall-resources.ts';
import { parseAddress } from '../ip/address.ts';
import { portsAreAll } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import type {
  ApplicationEntry,
  NameSide,
  NatEntry,
  NetworkEntry,
  RuleOrigin,
  TransportProtocol,
} from './rules.ts';
import type { ClassicFirewall, PolicyOfRules } from './rules-of.ts';
import { addressSide, nameSide, readPorts } from './sides.ts';
import type { FirewallNames } from './sides.ts';

interface Read {
  readonly dnat: readonly NatEntry[];
  readonly network: readonly NetworkEntry[];
  readonly application: readonly ApplicationEntry[];
}

export interface EntryReader {
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
export function entryReader(names: FirewallNames, problems: string[]): EntryReader {
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
