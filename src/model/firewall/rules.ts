/**
 * The rules of an Azure Firewall, read and in the order in which it asks them
 * (https://learn.microsoft.com/azure/firewall/rule-processing, 2026-03-23).
 */
import type { FirewallApplicationProtocol } from '../azure/firewall-resources.ts';
import type { Address } from '../ip/address.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type { PortSet } from '../nsg/port-set.ts';

/** Where a rule stands. */
export interface RuleOrigin {
  /** Name of the policy; null for rules in the firewall itself. */
  readonly policy: string | null;
  /** Null for rules in the firewall itself, which have collections only. */
  readonly group: { readonly name: string; readonly priority: number } | null;
  readonly collection: {
    readonly name: string;
    readonly priority: number;
    readonly action: 'Allow' | 'Deny' | 'Dnat';
  };
  readonly rule: string;
}

/** Addresses that a rule names. */
export interface AddressSide {
  /** As written; an IP group as `ipGroup/NAME`. */
  readonly texts: readonly string[];
  readonly addresses: AddressSet;
  /** May belong to it too, for one of the `doubts`: a service tag whose content nobody knows here. */
  readonly maybe: AddressSet;
  readonly doubts: readonly string[];
}

export type TransportProtocol = 'TCP' | 'UDP' | 'ICMP';

interface EntryBase {
  readonly origin: RuleOrigin;
  readonly source: AddressSide;
}

export interface NatEntry extends EntryBase {
  readonly kind: 'dnat';
  readonly protocols: readonly TransportProtocol[];
  readonly destination: AddressSide;
  readonly ports: PortSet;
  /** Null with `translatedFqdn`. */
  readonly translatedAddress: Address | null;
  readonly translatedFqdn: string | null;
  readonly translatedPort: number;
}

export interface NetworkEntry extends EntryBase {
  readonly kind: 'network';
  readonly action: 'Allow' | 'Deny';
  readonly protocols: readonly TransportProtocol[];
  readonly destination: AddressSide;
  /** In small letters. They match what the firewall's DNS resolves, and nothing without its DNS proxy. */
  readonly fqdns: readonly string[];
  readonly ports: PortSet;
}

export interface ApplicationEntry extends EntryBase {
  readonly kind: 'application';
  readonly action: 'Allow' | 'Deny';
  readonly protocols: readonly FirewallApplicationProtocol[];
  readonly names: NameSide;
}

/** Names that an application rule asks for, in small letters; `*` stands for any characters and is leftmost only. */
export interface NameSide {
  /** As written: FQDNs, then `tag/NAME`, `url/URL` and `category/NAME`. */
  readonly texts: readonly string[];
  readonly patterns: readonly string[];
  /** Names that may match too, and why that is not known: tags nobody publishes, URLs, web categories. */
  readonly maybe: readonly { readonly pattern: string; readonly doubt: string }[];
}

export type FirewallEntry = NatEntry | NetworkEntry | ApplicationEntry;

/** Each list in the order in which it is asked: DNAT first, then network, then application rules. */
export interface FirewallRules {
  readonly dnat: readonly NatEntry[];
  readonly network: readonly NetworkEntry[];
  readonly application: readonly ApplicationEntry[];
  /** Whether FQDNs in network rules are resolved at all: with the DNS proxy. */
  readonly dnsProxy: 'on' | 'off';
  /** Destinations that network rules do not translate the source for. */
  readonly privateRanges: AddressSet;
}

/** What the rules ask to resolve names. */
export interface FirewallDns {
  /** Empty: Azure's own DNS. */
  readonly servers: readonly string[];
  readonly proxy: 'on' | 'off';
}

export interface FirewallConfiguration {
  readonly rules: FirewallRules;
  readonly dns: FirewallDns;
  /** As in `rules`. */
  readonly privateRanges: AddressSet;
  readonly threatIntelMode: 'Off' | 'Alert' | 'Deny';
  /** What could not be read or is not simulated, as sentences; the rules concerned are left out or doubtful. */
  readonly problems: readonly string[];
}

/** `az` calls it so: `policy/group/collection/rule`, without the parts that a classic rule has not. */
export function entryPath({ origin }: FirewallEntry): string {
  const { policy, group, collection, rule } = origin;
  return [policy, group?.name ?? null, collection.name, rule].filter((each) => each !== null).join('/');
}
