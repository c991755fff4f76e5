/** Azure Firewall and what it is configured with, in ARM's names (Microsoft.Network 2024-05-01). */
import type { ResourceBase, SubResource } from './resources.ts';

/** One of the addresses of a firewall. The first of them names the subnet and has the private address. */
export interface FirewallIpConfiguration {
  readonly id: string;
  readonly name: string;
  /** Null on those after the first, which add a public address only. */
  readonly subnet: SubResource | null;
  readonly privateIPAddress: string | null;
  /** Null with forced tunnelling, where only the management configuration has one. */
  readonly publicIPAddress: SubResource | null;
}

export type FirewallProtocol = 'TCP' | 'UDP' | 'ICMP' | 'Any';

export interface FirewallApplicationProtocol {
  readonly protocolType: 'Http' | 'Https' | 'Mssql';
  readonly port: number;
}

interface FirewallRuleBase {
  readonly name: string;
  readonly description: string | null;
  /** Addresses, prefixes, ranges `a-b` or `*`. */
  readonly sourceAddresses: readonly string[];
  readonly sourceIpGroups: readonly string[];
}

/** A network rule of a firewall without a policy. `destinationAddresses` may hold service tags. */
export interface FirewallNetworkRule extends FirewallRuleBase {
  readonly protocols: readonly FirewallProtocol[];
  readonly destinationAddresses: readonly string[];
  readonly destinationIpGroups: readonly string[];
  readonly destinationFqdns: readonly string[];
  /** Numbers, ranges `a-b` or `*`. */
  readonly destinationPorts: readonly string[];
}

export interface FirewallApplicationRule extends FirewallRuleBase {
  readonly protocols: readonly FirewallApplicationProtocol[];
  readonly targetFqdns: readonly string[];
  readonly fqdnTags: readonly string[];
}

export interface FirewallNatRule extends FirewallRuleBase {
  readonly protocols: readonly FirewallProtocol[];
  readonly destinationAddresses: readonly string[];
  readonly destinationPorts: readonly string[];
  readonly translatedAddress: string | null;
  readonly translatedPort: string;
  readonly translatedFqdn: string | null;
}

interface FirewallCollection<Action extends string, Rule> {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly priority: number;
  readonly action: { readonly type: Action };
  readonly rules: readonly Rule[];
  readonly provisioningState: 'Succeeded';
}

export type FirewallNetworkRuleCollection = FirewallCollection<'Allow' | 'Deny', FirewallNetworkRule>;
export type FirewallApplicationRuleCollection = FirewallCollection<'Allow' | 'Deny', FirewallApplicationRule>;
/** `Snat` can be written and does nothing. */
export type FirewallNatRuleCollection = FirewallCollection<'Dnat' | 'Snat', FirewallNatRule>;

export interface AzureFirewall extends ResourceBase {
  readonly type: 'Microsoft.Network/azureFirewalls';
  readonly sku: { readonly name: 'AZFW_VNet'; readonly tier: 'Basic' | 'Standard' | 'Premium' };
  readonly threatIntelMode: 'Off' | 'Alert' | 'Deny';
  readonly zones: readonly string[] | null;
  /** Empty: it is not deployed into a network yet and carries nothing. */
  readonly ipConfigurations: readonly FirewallIpConfiguration[];
  /** Absent: none. */
  readonly managementIpConfiguration?: FirewallIpConfiguration;
  /** With a policy, the three collections below are empty and cannot be written. */
  readonly firewallPolicy: SubResource | null;
  readonly networkRuleCollections: readonly FirewallNetworkRuleCollection[];
  readonly applicationRuleCollections: readonly FirewallApplicationRuleCollection[];
  readonly natRuleCollections: readonly FirewallNatRuleCollection[];
  /** `Network.DNS.EnableProxy`, `Network.DNS.Servers`, `Network.SNAT.PrivateRanges`, as text. */
  readonly additionalProperties: Readonly<Record<string, string>>;
}

interface PolicyRuleBase {
  readonly name: string;
  readonly description: string | null;
  readonly sourceAddresses: readonly string[];
  readonly sourceIpGroups: readonly string[];
  readonly destinationAddresses: readonly string[];
}

export interface PolicyNetworkRule extends PolicyRuleBase {
  readonly ruleType: 'NetworkRule';
  readonly ipProtocols: readonly FirewallProtocol[];
  readonly destinationIpGroups: readonly string[];
  readonly destinationFqdns: readonly string[];
  readonly destinationPorts: readonly string[];
}

export interface PolicyApplicationRule extends PolicyRuleBase {
  readonly ruleType: 'ApplicationRule';
  readonly protocols: readonly FirewallApplicationProtocol[];
  readonly targetFqdns: readonly string[];
  readonly fqdnTags: readonly string[];
  readonly targetUrls: readonly string[];
  readonly webCategories: readonly string[];
  readonly terminateTLS: boolean;
}

export interface PolicyNatRule extends PolicyRuleBase {
  readonly ruleType: 'NatRule';
  readonly ipProtocols: readonly FirewallProtocol[];
  readonly destinationPorts: readonly string[];
  readonly translatedAddress: string | null;
  readonly translatedPort: string;
  readonly translatedFqdn: string | null;
}

export type PolicyRuleCollection =
  | {
      readonly ruleCollectionType: 'FirewallPolicyFilterRuleCollection';
      readonly name: string;
      readonly priority: number;
      readonly action: { readonly type: 'Allow' | 'Deny' };
      /** All of one type. */
      readonly rules: readonly (PolicyNetworkRule | PolicyApplicationRule)[];
    }
  | {
      readonly ruleCollectionType: 'FirewallPolicyNatRuleCollection';
      readonly name: string;
      readonly priority: number;
      readonly action: { readonly type: 'DNAT' };
      readonly rules: readonly PolicyNatRule[];
    };

/** A child of its policy, kept inside it here. */
export interface RuleCollectionGroup {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly priority: number;
  readonly ruleCollections: readonly PolicyRuleCollection[];
  readonly provisioningState: 'Succeeded';
}

/** Which firewalls and child policies use it is found by looking at those. */
export interface FirewallPolicy extends ResourceBase {
  readonly type: 'Microsoft.Network/firewallPolicies';
  readonly sku: { readonly tier: 'Basic' | 'Standard' | 'Premium' };
  readonly threatIntelMode: 'Off' | 'Alert' | 'Deny';
  /** The parent, whose rule collection groups come first. */
  readonly basePolicy: SubResource | null;
  /** Null: names are not resolved by the firewall, and network rules with FQDNs match nothing. */
  readonly dnsSettings: { readonly servers: readonly string[]; readonly enableProxy: boolean } | null;
  /** Null: RFC 1918 and RFC 6598 are private. */
  readonly snat: {
    readonly privateRanges: readonly string[];
    readonly autoLearnPrivateRanges: 'Enabled' | 'Disabled';
  } | null;
  readonly ruleCollectionGroups: readonly RuleCollectionGroup[];
}

/** A list of addresses that firewall rules name. */
export interface IpGroup extends ResourceBase {
  readonly type: 'Microsoft.Network/ipGroups';
  readonly ipAddresses: readonly string[];
}
