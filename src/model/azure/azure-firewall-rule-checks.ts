/**
 * What Azure asks of the rules of a firewall without a policy.
 *
 * `AzureFirewallRuleInvalidIpAddressOrRangeFormat` and its text are on record in
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/8312 (2020-09-01), the text also for NAT rules in
 * https://github.com/Azure/azure-cli/issues/16986 (2021-02-18); `AzureFirewallRuleInvalidDnatPortOrRangeFormat` in
 * https://github.com/hashicorp/terraform-provider-azurerm/pull/18353 (2022-09-13). The codes of the other refusals
 * are on no public record.
 */
import type { Cloud } from '../cloud.ts';
import { FIREWALL_PRIORITIES } from '../limits/firewall.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import {
  canonicalFqdnTag,
  isFqdn,
  isTargetFqdn,
  isTranslatedPort,
  singleAddress,
  strayAddress,
  strayPort,
} from './firewall-rule-checks.ts';
import type {
  AzureFirewall,
  FirewallApplicationRule,
  FirewallNatRule,
  FirewallNetworkRule,
} from './firewall-resources.ts';
import { armKey, getResource, invalidReference } from './resource-store.ts';

type Lists = 'networkRuleCollections' | 'applicationRuleCollections' | 'natRuleCollections';
type Collection = AzureFirewall[Lists][number];
type Rule = Collection['rules'][number];

/** Returns Azure's refusal of the first rule or collection that it does not take, or null. */
export function checkFirewallRules(cloud: Cloud, firewall: AzureFirewall): AzureError | null {
  return (
    checkCollections(firewall.natRuleCollections) ??
    checkCollections(firewall.networkRuleCollections) ??
    checkCollections(firewall.applicationRuleCollections) ??
    checkSources(cloud, firewall) ??
    firstOf(firewall.natRuleCollections, (rule) => checkNatRule(firewall, rule)) ??
    firstOf(firewall.networkRuleCollections, (rule) => checkNetworkRule(cloud, firewall, rule)) ??
    firstOf(firewall.applicationRuleCollections, checkApplicationRule)
  );
}

/** Returns the ids of the IP groups that a firewall's own rules name, each as often as it is named. */
export function ipGroupsOfFirewall(firewall: AzureFirewall): readonly string[] {
  const { networkRuleCollections, applicationRuleCollections, natRuleCollections } = firewall;
  return [
    ...networkRuleCollections.flatMap(({ rules }) =>
      rules.flatMap(({ sourceIpGroups, destinationIpGroups }) => [...sourceIpGroups, ...destinationIpGroups]),
    ),
    ...[...applicationRuleCollections, ...natRuleCollections].flatMap(({ rules }) =>
      rules.flatMap(({ sourceIpGroups }) => sourceIpGroups),
    ),
  ];
}

function firstOf<R>(
  collections: readonly { readonly rules: readonly R[] }[],
  check: (rule: R) => AzureError | null,
): AzureError | null {
  for (const { rules } of collections) {
    for (const rule of rules) {
      const refused = check(rule);
      if (refused !== null) return refused;
    }
  }
  return null;
}

function checkCollections(collections: readonly Collection[]): AzureError | null {
  const { first, last } = FIREWALL_PRIORITIES.value;
  for (const [at, collection] of collections.entries()) {
    const { name, priority, rules } = collection;
    if (!Number.isInteger(priority) || priority < first || priority > last) {
      return refusedToo(`Priority ${priority} of rule collection ${name}, outside ${first} to ${last},`);
    }
    if (collections.slice(0, at).some((other) => other.priority === priority)) {
      return refusedToo(
        `Priority ${priority} of rule collection ${name}, which another one of its type has,`,
      );
    }
    if (rules.length === 0) {
      return refusedToo(`Rule collection ${name} without a rule (delete the collection instead)`);
    }
    const twice = rules.find(
      (rule, index) => rules.findIndex((other) => armKey(other.name) === armKey(rule.name)) !== index,
    );
    if (twice !== undefined) {
      return refusedToo(`Name ${twice.name} of more than one rule of rule collection ${name}`);
    }
  }
  return null;
}

function checkSources(cloud: Cloud, firewall: AzureFirewall): AzureError | null {
  const all: readonly { readonly rules: readonly Rule[] }[] = [
    ...firewall.natRuleCollections,
    ...firewall.networkRuleCollections,
    ...firewall.applicationRuleCollections,
  ];
  return firstOf(all, (rule) => {
    if (rule.sourceAddresses.length + rule.sourceIpGroups.length === 0) {
      return refusedToo(`Rule ${rule.name} without source addresses and without source IP groups`);
    }
    return (
      checkAddresses(rule, rule.sourceAddresses, 'not-allowed') ??
      checkGroups(cloud, firewall, rule.sourceIpGroups)
    );
  });
}

function checkNetworkRule(
  cloud: Cloud,
  firewall: AzureFirewall,
  rule: FirewallNetworkRule,
): AzureError | null {
  const refused =
    checkAddresses(rule, rule.destinationAddresses, 'allowed') ??
    checkGroups(cloud, firewall, rule.destinationIpGroups) ??
    checkPorts(rule, rule.destinationPorts);
  if (refused !== null) return refused;
  const stray = rule.destinationFqdns.find((name) => !isFqdn(name));
  if (stray !== undefined) return refusedToo(`'${stray}' as a destination FQDN of rule ${rule.name}`);
  return rule.destinationFqdns.length > 0 ? checkProxy(firewall, 'DestinationFqdns in Network Rules') : null;
}

/**
 * Names need the firewall's DNS (https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules). Code
 * and text are on record in public Terraform of an AKS behind a firewall. A firewall without an IP configuration
 * takes them all the same: so recorded on 2025-09-29 by the test `test_azure_firewall_rules` of the extension
 * azure-firewall. Decided: the refusal is of a firewall that is deployed, by whichever request comes last.
 */
function checkProxy(firewall: AzureFirewall, what: string): AzureError | null {
  if (firewall.ipConfigurations.length === 0) return null;
  return firewall.additionalProperties['Network.DNS.EnableProxy'] === 'true'
    ? null
    : azureError('AzureFirewallDNSProxyMustBeEnabled', `DNS Proxy must be enabled in order to use ${what}`);
}

/** Only one destination address, and one port to translate to, as the documentation of DNAT says. */
function checkNatRule(firewall: AzureFirewall, rule: FirewallNatRule): AzureError | null {
  const refused =
    checkAddresses(rule, rule.destinationAddresses, 'not-allowed') ?? checkPorts(rule, rule.destinationPorts);
  if (refused !== null) return refused;
  if (rule.protocols.includes('ICMP')) {
    return refusedToo(`ICMP as a protocol of NAT rule ${rule.name}`);
  }
  const several = rule.destinationAddresses.find((text) => singleAddress(text) === null);
  if (several !== undefined || rule.destinationAddresses.length !== 1) {
    return refusedToo(`NAT rule ${rule.name} with anything but one address as its destination`);
  }
  if (!isTranslatedPort(rule.translatedPort)) {
    return azureError(
      'AzureFirewallRuleInvalidDnatPortOrRangeFormat',
      `AzureFirewallRule ${rule.name}: Invalid DNat port value or range. Multiple values, * and ranges are not supported for DNAT translated port.`,
    );
  }
  if (rule.translatedAddress !== null && singleAddress(rule.translatedAddress) === null) {
    return invalidAddress(rule, rule.translatedAddress);
  }
  if (rule.translatedFqdn !== null) {
    if (!isFqdn(rule.translatedFqdn)) {
      return refusedToo(`'${rule.translatedFqdn}' as the translated FQDN of NAT rule ${rule.name}`);
    }
    return checkProxy(firewall, 'TranslatedFqdn in Nat Rules');
  }
  return null;
}

function checkApplicationRule(rule: FirewallApplicationRule): AzureError | null {
  if (rule.targetFqdns.length > 0 && rule.fqdnTags.length > 0) {
    return refusedToo(`Application rule ${rule.name} with both target FQDNs and FQDN tags`);
  }
  if (rule.targetFqdns.length + rule.fqdnTags.length === 0) {
    return refusedToo(`Application rule ${rule.name} without target FQDNs and without FQDN tags`);
  }
  const stray = rule.targetFqdns.find((name) => !isTargetFqdn(name));
  if (stray !== undefined) return refusedToo(`'${stray}' as a target FQDN of application rule ${rule.name}`);
  const tag = rule.fqdnTags.find((one) => canonicalFqdnTag(one) === null);
  return tag === undefined
    ? null
    : refusedToo(
        `'${tag}' as an FQDN tag of application rule ${rule.name} (see az network firewall list-fqdn-tags)`,
      );
}

function checkAddresses(
  rule: Rule,
  texts: readonly string[],
  serviceTags: 'allowed' | 'not-allowed',
): AzureError | null {
  const stray = strayAddress(texts, serviceTags);
  return stray === undefined ? null : invalidAddress(rule, stray);
}

function invalidAddress(rule: Rule, text: string): AzureError {
  return azureError(
    'AzureFirewallRuleInvalidIpAddressOrRangeFormat',
    `AzureFirewallRule ${rule.name}: Invalid IP address value or range or Service Tag ${text}.`,
  );
}

function checkPorts(rule: Rule, texts: readonly string[]): AzureError | null {
  const stray = strayPort(texts);
  if (stray === undefined) return null;
  return refusedToo(`'${stray}' as a destination port of rule ${rule.name}`);
}

function checkGroups(cloud: Cloud, firewall: AzureFirewall, ids: readonly string[]): AzureError | null {
  const absent = ids.find((id) => getResource(cloud, id, 'Microsoft.Network/ipGroups') === null);
  return absent === undefined ? null : invalidReference(absent, firewall.id);
}
