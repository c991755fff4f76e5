/**
 * What Azure asks of the rules of a firewall without a policy.
 *
 * `AzureFirewallRuleInvalidIpAddressOrRangeFormat` and its text are on record in
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/8312 (2020-09-01), its text also for NAT rules in
 * https://github.com/Azure/azure-cli/issues/16986 (2021-02-18). The other `AzureFirewallRule…` codes are formed
 * like it, and their texts like those that firewall policies have for the same.
 */
import type { Cloud } from '../cloud.ts';
import { FIREWALL_PRIORITIES } from '../limits/firewall.ts';
import { azureError } from './error.ts';
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
      return azureError(
        'AzureFirewallRuleCollectionInvalidPriorityValue',
        `Invalid Rule Collection ${name}. Invalid priority value ${priority}, must be between ${first} and ${last}`,
      );
    }
    if (collections.slice(0, at).some((other) => other.priority === priority)) {
      return azureError(
        'AzureFirewallRuleCollectionPrioritiesMustBeUnique',
        `Invalid Rule Collection ${name}. Priority ${priority} used for more than one rule collection of its type.`,
      );
    }
    if (rules.length === 0) {
      return azureError(
        'AzureFirewallRuleCollectionAtLeastOneRuleRequired',
        `Invalid Rule Collection ${name}. No rules defined.`,
      );
    }
    const twice = rules.find(
      (rule, index) => rules.findIndex((other) => armKey(other.name) === armKey(rule.name)) !== index,
    );
    if (twice !== undefined) {
      return azureError(
        'AzureFirewallRuleNamesMustBeUnique',
        `Invalid Rule Collection ${name}. Name ${twice.name} used for more than one rule.`,
      );
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
      return ruleError(rule, 'AddressesAndPortsMustBeSpecified', 'should have source addresses specified');
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
  if (stray !== undefined)
    return ruleError(rule, 'InvalidDestinationFqdn', `Invalid destination fqdn ${stray}`);
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
    return ruleError(rule, 'InvalidProtocol', 'Invalid protocol ICMP. DNAT translates TCP and UDP');
  }
  const several = rule.destinationAddresses.find((text) => singleAddress(text) === null);
  if (several !== undefined || rule.destinationAddresses.length !== 1) {
    return ruleError(
      rule,
      'InvalidDestinationAddress',
      'Invalid destination address. A NAT rule has one, a public IP address of the firewall',
    );
  }
  if (!isTranslatedPort(rule.translatedPort)) {
    return ruleError(
      rule,
      'InvalidTranslatedPort',
      `Invalid translated port ${rule.translatedPort}. A NAT rule translates to one port`,
    );
  }
  if (rule.translatedAddress !== null && singleAddress(rule.translatedAddress) === null) {
    return invalidAddress(rule, rule.translatedAddress);
  }
  if (rule.translatedFqdn !== null) {
    if (!isFqdn(rule.translatedFqdn)) {
      return ruleError(rule, 'InvalidTranslatedFqdn', `Invalid translated fqdn ${rule.translatedFqdn}`);
    }
    return checkProxy(firewall, 'TranslatedFqdn in Nat Rules');
  }
  return null;
}

function checkApplicationRule(rule: FirewallApplicationRule): AzureError | null {
  if (rule.targetFqdns.length > 0 && rule.fqdnTags.length > 0) {
    return ruleError(rule, 'HasBothTargetFqdnAndFqdnTags', 'has both Target Fqdns and FqdnTags');
  }
  if (rule.targetFqdns.length + rule.fqdnTags.length === 0) {
    return ruleError(rule, 'MustHaveTargetFqdnOrFqdnTags', 'must have Target Fqdns or FqdnTags');
  }
  const stray = rule.targetFqdns.find((name) => !isTargetFqdn(name));
  if (stray !== undefined) return ruleError(rule, 'InvalidTargetFqdn', `has invalid target fqdn ${stray}`);
  const tag = rule.fqdnTags.find((one) => canonicalFqdnTag(one) === null);
  return tag === undefined ? null : ruleError(rule, 'InvalidFqdnTag', `has invalid fqdn tag ${tag}`);
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
  return ruleError(
    rule,
    'InvalidIpAddressOrRangeFormat',
    `Invalid IP address value or range or Service Tag ${text}`,
  );
}

function checkPorts(rule: Rule, texts: readonly string[]): AzureError | null {
  const stray = strayPort(texts);
  if (stray === undefined) return null;
  return ruleError(rule, 'InvalidPortOrRangeFormat', `Invalid port value or range ${stray}`);
}

function checkGroups(cloud: Cloud, firewall: AzureFirewall, ids: readonly string[]): AzureError | null {
  const absent = ids.find((id) => getResource(cloud, id, 'Microsoft.Network/ipGroups') === null);
  return absent === undefined ? null : invalidReference(absent, firewall.id);
}

function ruleError({ name }: Rule, code: string, what: string): AzureError {
  return azureError(`AzureFirewallRule${code}`, `AzureFirewallRule ${name}: ${what}.`);
}
