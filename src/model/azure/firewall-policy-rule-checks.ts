/**
 * What the service asks of a rule in a policy. Sources of the refusals:
 * `FirewallPolicyRuleConditionInvalidPortOrRangeFormat` in https://github.com/Azure/azure-rest-api-specs/issues/11831
 * (2020-11-26), `FirewallPolicyNatRuleInvalidDnatMultipleDestinationPortsExists` in
 * https://github.com/hashicorp/terraform-provider-azurerm/pull/18766 (2022-10-14),
 * `FirewallPolicyRuleInvalidFqdnFormat` in public Terraform files. That a rule needs a source:
 * https://github.com/Azure/azure-cli/issues/26336 (2023-05-04); a network rule a destination:
 * https://github.com/Azure/azure-cli/issues/18932 (2021-07-19); an application rule a protocol:
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/15760 (2022-03-11); names in network rules
 * the DNS proxy: https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules. Their codes, and those
 * of what is said with `NotSimulated` here, are on no public record.
 */
import { azureError, notSimulated, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import type {
  FirewallPolicy,
  PolicyApplicationRule,
  PolicyNatRule,
  PolicyNetworkRule,
} from './firewall-resources.ts';
import {
  canonicalFqdnTag,
  isFqdn,
  isTargetFqdn,
  isTranslatedPort,
  readFirewallAddresses,
  singleAddress,
  strayAddress,
  strayPort,
} from './firewall-rule-checks.ts';

export type PolicyRule = PolicyNetworkRule | PolicyApplicationRule | PolicyNatRule;

const WORDS: Readonly<Record<PolicyRule['ruleType'], string>> = {
  NetworkRule: 'Network',
  ApplicationRule: 'Application',
  NatRule: 'DNAT',
};

/** Whether a rule may name what the firewall has to resolve: with its DNS proxy. */
export type DnsProxy = 'on' | 'off';

/** Returns whether the firewalls of a policy resolve names: a child without DNS settings has its parent's. */
export function dnsProxyOf(policy: FirewallPolicy, parent: FirewallPolicy | null): DnsProxy {
  return (policy.dnsSettings ?? parent?.dnsSettings)?.enableProxy === true ? 'on' : 'off';
}

/** Returns why the service refuses a rule, or null. */
export function policyRuleRefused(
  rule: PolicyRule,
  collection: string,
  dnsProxy: DnsProxy,
): AzureError | null {
  return (
    unnamed(rule, collection) ??
    sourceRefused(rule) ??
    (rule.ruleType === 'NetworkRule'
      ? networkRuleRefused(rule, dnsProxy)
      : rule.ruleType === 'NatRule'
        ? natRuleRefused(rule, collection, dnsProxy)
        : applicationRuleRefused(rule))
  );
}

/** Returns the names in a rule that only the DNS proxy can resolve. */
export function resolvedNames(rule: PolicyRule): readonly string[] {
  switch (rule.ruleType) {
    case 'NetworkRule':
      return rule.destinationFqdns;
    case 'NatRule':
      return rule.translatedFqdn === null ? [] : [rule.translatedFqdn];
    case 'ApplicationRule':
      return [];
  }
}

/** Says that a rule names what the firewall would have to resolve. */
export function dnsProxyRequired(rule: PolicyRule): AzureError {
  const what = rule.ruleType === 'NatRule' ? 'A translated FQDN' : 'A destination FQDN';
  return refusedToo(`${what} in rule ${rule.name}, without the DNS proxy of the firewall policy`);
}

function unnamed(rule: PolicyRule, collection: string): AzureError | null {
  return rule.name === '' ? refusedToo(`A rule without a name in rule collection ${collection}`) : null;
}

function sourceRefused(rule: PolicyRule): AzureError | null {
  const stray = strayAddress(rule.sourceAddresses, 'not-allowed');
  if (stray !== undefined) return invalidAddress(rule, stray);
  return rule.sourceAddresses.length + rule.sourceIpGroups.length === 0
    ? missing(rule, ['sourceAddresses', 'sourceIpGroups'])
    : null;
}

function networkRuleRefused(rule: PolicyNetworkRule, dnsProxy: DnsProxy): AzureError | null {
  const stray = strayAddress(rule.destinationAddresses, 'allowed');
  if (stray !== undefined) return invalidAddress(rule, stray);
  const named = [rule.destinationAddresses, rule.destinationIpGroups, rule.destinationFqdns];
  if (named.every((one) => one.length === 0)) {
    return missing(rule, ['destinationAddresses', 'destinationIpGroups', 'destinationFqdns']);
  }
  const badName = rule.destinationFqdns.find((one) => !isFqdn(one));
  if (badName !== undefined) return invalidFqdn(rule, badName);
  if (rule.destinationFqdns.length > 0 && dnsProxy === 'off') return dnsProxyRequired(rule);
  return protocolsRefused(rule) ?? portsRefused(rule);
}

function natRuleRefused(rule: PolicyNatRule, collection: string, dnsProxy: DnsProxy): AzureError | null {
  const [destination, ...more] = rule.destinationAddresses;
  if (destination === undefined || more.length > 0) {
    return refusedToo(
      `DNAT rule ${rule.name} with ${rule.destinationAddresses.length} destination addresses`,
    );
  }
  // Terraform's provider documents one address or CIDR.
  if (
    destination === '*' ||
    destination.includes('-') ||
    strayAddress([destination], 'not-allowed') !== undefined
  ) {
    return invalidAddress(rule, destination);
  }
  if (rule.destinationPorts.length > 1) {
    return azureError(
      'FirewallPolicyNatRuleInvalidDnatMultipleDestinationPortsExists',
      `Firewall Policy Nat Rule Collection: ${collection} Rule: ${rule.name} has Multiple Destination Ports on a DNAT Rule. This is not supported, please set only 1 destination port on this rule.`,
    );
  }
  if (rule.destinationPorts.includes('*')) return invalidPort(rule);
  if (rule.ipProtocols.includes('ICMP')) return notSimulated('ICMP in a DNAT rule');
  return protocolsRefused(rule) ?? portsRefused(rule) ?? translationRefused(rule, dnsProxy);
}

function translationRefused(rule: PolicyNatRule, dnsProxy: DnsProxy): AzureError | null {
  if ((rule.translatedAddress === null) === (rule.translatedFqdn === null)) {
    return refusedToo(`DNAT rule ${rule.name} without exactly one of translatedAddress and translatedFqdn`);
  }
  if (rule.translatedAddress !== null && singleAddress(rule.translatedAddress) === null) {
    return invalidAddress(rule, rule.translatedAddress);
  }
  if (rule.translatedFqdn !== null && !isFqdn(rule.translatedFqdn)) {
    return invalidFqdn(rule, rule.translatedFqdn);
  }
  if (!isTranslatedPort(rule.translatedPort)) {
    return refusedToo(`DNAT rule ${rule.name} with anything but one port as its translatedPort`);
  }
  return rule.translatedFqdn !== null && dnsProxy === 'off' ? dnsProxyRequired(rule) : null;
}

function applicationRuleRefused(rule: PolicyApplicationRule): AzureError | null {
  const stray = strayAddress(rule.destinationAddresses, 'allowed');
  if (stray !== undefined) return invalidAddress(rule, stray);
  if (rule.targetFqdns.length > 0 && rule.fqdnTags.length > 0) {
    return refusedToo(`Application rule ${rule.name} with both targetFqdns and fqdnTags`);
  }
  const targets = [rule.targetFqdns, rule.fqdnTags, rule.targetUrls, rule.webCategories];
  if (targets.every((one) => one.length === 0)) {
    return missing(rule, ['targetFqdns', 'fqdnTags', 'targetUrls', 'webCategories']);
  }
  const badName = rule.targetFqdns.find((one) => !isTargetFqdn(one));
  if (badName !== undefined) return invalidFqdn(rule, badName);
  const badTag = rule.fqdnTags.find((one) => canonicalFqdnTag(one) === null);
  if (badTag !== undefined) {
    return refusedToo(
      `FQDN tag ${badTag} of application rule ${rule.name}, which az network firewall list-fqdn-tags has not,`,
    );
  }
  if (rule.protocols.length === 0 && rule.targetUrls.length === 0) {
    return refusedToo(`Application rule ${rule.name} without a protocol`);
  }
  return rule.protocols.some(({ port }) => strayPort([String(port)]) !== undefined)
    ? invalidPort(rule)
    : null;
}

function protocolsRefused(rule: PolicyNetworkRule | PolicyNatRule): AzureError | null {
  return rule.ipProtocols.length === 0
    ? refusedToo(`${WORDS[rule.ruleType]} rule ${rule.name} without a protocol`)
    : null;
}

function portsRefused(rule: PolicyNetworkRule | PolicyNatRule): AzureError | null {
  if (rule.destinationPorts.length === 0) {
    return refusedToo(`${WORDS[rule.ruleType]} rule ${rule.name} without destinationPorts`);
  }
  return strayPort(rule.destinationPorts) === undefined ? null : invalidPort(rule);
}

function missing(rule: PolicyRule, properties: readonly string[]): AzureError {
  const last = properties.at(-1) ?? '';
  return refusedToo(
    `${WORDS[rule.ruleType]} rule ${rule.name} without any of ${properties.slice(0, -1).join(', ')} and ${last}`,
  );
}

function invalidAddress(rule: PolicyRule, text: string): AzureError {
  const tag = readFirewallAddresses(text)?.kind === 'service-tag' ? ', a service tag,' : '';
  return refusedToo(`${text}${tag} as an address or range of ${WORDS[rule.ruleType]} rule ${rule.name}`);
}

/** The API took no port above 64000 until 2020; the limits page of today has 1-65535, and the portal always took it. */
function invalidPort(rule: PolicyRule): AzureError {
  return azureError(
    'FirewallPolicyRuleConditionInvalidPortOrRangeFormat',
    `Firewall Policy Rule Condition ${rule.name}: Invalid port value or range. User ports must be in [1, 65535]`,
  );
}

function invalidFqdn(rule: PolicyRule, name: string): AzureError {
  return azureError(
    'FirewallPolicyRuleInvalidFqdnFormat',
    `Firewall Policy ${rule.ruleType === 'NatRule' ? 'Nat' : WORDS[rule.ruleType]} Rule ${rule.name} has invalid FQDN ${name}.`,
  );
}
