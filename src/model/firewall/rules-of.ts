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
import type { AzureFirewall, FirewallPolicy } from '../azure/firewall-resources.ts';
import { armKey, getResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { entryReader } from './entry-reader.ts';
import type { FirewallConfiguration, FirewallEntry } from './rules.ts';
import { privateRangesOf } from './sides.ts';
import type { FirewallNames } from './sides.ts';

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

/** All rules in the order in which they are asked. */
export function allEntries({ rules }: Pick<FirewallConfiguration, 'rules'>): readonly FirewallEntry[] {
  return [...rules.dnat, ...rules.network, ...rules.application];
}
