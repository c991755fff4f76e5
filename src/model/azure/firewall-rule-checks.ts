/**
 * The values that a rule of Azure Firewall takes, read alike for classic rules and rules of a policy. Each
 * caller refuses in the words of its own service.
 */
import { formatAddress, parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { everyAddress, setOf, setOfRange } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { parsePrefix } from '../ip/prefix.ts';
import { OTHER_FQDN_TAGS, SERVICE_TAGS_NOT_FOR_FIREWALLS } from '../limits/firewall.ts';
import { readServiceTag } from './service-tags.ts';
import type { ServiceTag } from './service-tags.ts';
import type { FirewallApplicationProtocol } from './firewall-resources.ts';

/** The tags that application rules take, in the service's spelling; Office365 has parts behind a dot. */
export const FQDN_TAGS: readonly string[] = ['AzureKubernetesService', ...OTHER_FQDN_TAGS.value];

/** Returns an FQDN tag in the service's spelling, or null if the text is none. */
export function canonicalFqdnTag(text: string): string | null {
  const tag = text.toLowerCase();
  if (/^office365(\.[a-z0-9]+)+$/.test(tag)) return `Office365${text.slice('Office365'.length)}`;
  return FQDN_TAGS.find((one) => one.toLowerCase() === tag) ?? null;
}

export type FirewallAddresses =
  | { readonly kind: 'set'; readonly set: AddressSet }
  | { readonly kind: 'service-tag'; readonly tag: ServiceTag };

/**
 * Reads `*`, an IPv4 address, a prefix without host bits, a range `a-b` whose ends are in order, or a
 * service tag; null for anything else.
 */
export function readFirewallAddresses(text: string): FirewallAddresses | null {
  if (text === '*') return { kind: 'set', set: everyAddress };
  const [low = '', high, ...more] = text.split('-');
  if (high !== undefined && more.length === 0) {
    const first = parseAddress(low);
    const last = parseAddress(high);
    if (first.ok && last.ok) {
      return first.value.bits <= last.value.bits
        ? { kind: 'set', set: setOfRange(first.value, last.value) }
        : null;
    }
  }
  const address = parseAddress(text);
  if (address.ok) return { kind: 'set', set: setOfRange(address.value, address.value) };
  const prefix = parsePrefix(text);
  if (prefix.ok) return { kind: 'set', set: setOf(prefix.value) };
  const tag = readServiceTag(text);
  return tag === null ? null : { kind: 'service-tag', tag };
}

/** Returns the first text that is no address, prefix, range or `*`, or, where they may stand, service tag. */
export function strayAddress(
  texts: readonly string[],
  serviceTags: 'allowed' | 'not-allowed',
): string | undefined {
  return texts.find((text) => {
    const read = readFirewallAddresses(text);
    if (read?.kind !== 'service-tag') return read === null;
    return serviceTags === 'not-allowed' || SERVICE_TAGS_NOT_FOR_FIREWALLS.value.includes(read.tag.name);
  });
}

/** Returns the one address that a text is, or null for anything wider. */
export function singleAddress(text: string): Address | null {
  const address = parseAddress(text.replace(/\/32$/, ''));
  return address.ok && formatAddress(address.value) === text.replace(/\/32$/, '') ? address.value : null;
}

export interface PortRange {
  readonly low: number;
  readonly high: number;
}

const EVERY_PORT: PortRange = { low: 0, high: 65535 };

/** Reads `*`, a port from 1 to 65535, or a range `a-b` of them; null for anything else. */
export function readFirewallPorts(text: string): PortRange | null {
  if (text === '*') return EVERY_PORT;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  return low >= 1 && low <= high && high <= 65535 ? { low, high } : null;
}

/** Returns the first text that is no port or range of ports. */
export function strayPort(texts: readonly string[]): string | undefined {
  return texts.find((text) => readFirewallPorts(text) === null);
}

/** The port that DNAT translates to: one number, as text. */
export function isTranslatedPort(text: string): boolean {
  const ports = readFirewallPorts(text);
  return text !== '*' && ports !== null && ports.low === ports.high && !text.includes('-');
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

function isName(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
}

/** Reports whether a text is a domain name without a wildcard, as network and NAT rules take it. */
export function isFqdn(text: string): boolean {
  return text.includes('.') && isName(text) && !/^[\d.]+$/.test(text);
}

/**
 * Reports whether a text is what an application rule may name: a domain name, `*`, or a name whose
 * leftmost character is its only `*`: `*.contoso.com` and `*contoso.com`, not `www.*.com`.
 * Source: https://learn.microsoft.com/azure/firewall/firewall-faq "How do wildcards work in target URLs and
 * target FQDNs in application rules?" (2022-09-12); accepted and refused forms also in
 * https://github.com/MicrosoftDocs/azure-docs/issues/57934 (2020-06-26).
 */
export function isTargetFqdn(text: string): boolean {
  if (text === '*') return true;
  if (!text.startsWith('*')) return isFqdn(text);
  return isName(text.slice(text.startsWith('*.') ? 2 : 1));
}

/**
 * Reads `Http=80` and so on, in any letters, as the azure-firewall extension does: the port as typed, which
 * may be no number yet. Null if one of them is not PROTOCOL=PORT.
 */
export function readProtocolPairs(
  texts: readonly string[],
): readonly { readonly protocolType: string; readonly port: string }[] | null {
  const pairs = texts.map((text) => text.split('='));
  if (pairs.some((pair) => pair.length !== 2)) return null;
  return pairs.map(([protocol = '', port = '']) => ({
    protocolType: `${protocol.slice(0, 1).toUpperCase()}${protocol.slice(1).toLowerCase()}`,
    port,
  }));
}

const APPLICATION_PROTOCOLS: readonly FirewallApplicationProtocol['protocolType'][] = [
  'Http',
  'Https',
  'Mssql',
];

/** Returns an application protocol as the service stores it, or null if its name or its port is none. */
export function applicationProtocol(pair: {
  readonly protocolType: string;
  readonly port: string;
}): FirewallApplicationProtocol | null {
  const protocolType = APPLICATION_PROTOCOLS.find(
    (one) => one.toLowerCase() === pair.protocolType.toLowerCase(),
  );
  return protocolType === undefined || !isTranslatedPort(pair.port)
    ? null
    : { protocolType, port: Number(pair.port) };
}
