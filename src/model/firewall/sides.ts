/** Addresses, names and ports of a firewall rule, read from their text. */
import { azureTagContent } from '../azure/datacenter-addresses.ts';
import type { HeldAddresses } from '../azure/datacenter-addresses.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import { parseAddress } from '../ip/address.ts';
import { everyAddress, noAddress, setOf, setOfAddresses, setOfRange, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { parsePrefix, prefix, prefixAround } from '../ip/prefix.ts';
import { AZURE_KUBERNETES_SERVICE_TAG } from '../limits/aks-egress.ts';
import { FIREWALL_ALWAYS_SNAT, FIREWALL_PRIVATE_RANGES, OTHER_FQDN_TAGS } from '../limits/firewall.ts';
import { everyPort, parsePortRange, portSet } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import type { AddressSide, NameSide } from './rules.ts';

/** What the names in rules stand for. */
export interface FirewallNames {
  /** The name of an IP group and its addresses; null addresses: there is no such group, or it was not given. */
  readonly ipGroup: (id: string) => { readonly name: string; readonly addresses: readonly string[] | null };
  readonly held: HeldAddresses;
  /** What somebody says that tags hold, by the tag in small letters. Absent: nobody said anything. */
  readonly tags?: ReadonlyMap<string, AddressSet>;
}

/** Says what is wrong with a rule that could not be read in full, as the end of a sentence about it. */
export type Complain = (problem: string) => void;

/**
 * Returns the addresses that a rule names. What cannot be read is a problem, and the side may be anything.
 * Service tags are read in destinations of network rules only, the one place where Azure takes them.
 */
export function addressSide(
  texts: readonly string[],
  groups: readonly string[],
  tags: 'tags' | 'no-tags',
  names: FirewallNames,
  complain: Complain,
): AddressSide {
  const certain: AddressSet[] = [];
  const maybe: AddressSet[] = [];
  const doubts: string[] = [];
  const written: string[] = [];
  const unreadable = (text: string): void => {
    complain(`names ${text}, which cannot be read`);
    doubts.push(`what ${text} stands for cannot be read`);
    maybe.push(everyAddress);
  };
  for (const text of texts) {
    written.push(text);
    const set = addressesOf(text);
    if (set !== null) {
      certain.push(set);
      continue;
    }
    const tag = tags === 'tags' ? readServiceTag(text) : null;
    if (tag === null) {
      unreadable(text);
      continue;
    }
    const told = names.tags?.get(text.toLowerCase());
    if (told !== undefined) {
      certain.push(told);
      continue;
    }
    const content = azureTagContent(text, names.held);
    certain.push(content.certain);
    maybe.push(content.maybe);
    doubts.push(`which addresses service tag ${text} contains is not simulated`);
  }
  for (const id of groups) {
    const { name, addresses } = names.ipGroup(id);
    written.push(`ipGroup/${name}`);
    if (addresses === null) {
      complain(`names IP group ${name}, of which nothing is known`);
      doubts.push(`what IP group ${name} holds is not known`);
      maybe.push(everyAddress);
      continue;
    }
    for (const text of addresses) {
      const set = addressesOf(text);
      if (set === null) unreadable(text);
      else certain.push(set);
    }
  }
  return { texts: written, addresses: setUnion(...certain), maybe: setUnion(...maybe), doubts };
}

/** Reads `*`, an address, a prefix or a range `a-b`; null if the text is none of them. */
function addressesOf(text: string): AddressSet | null {
  const trimmed = text.trim();
  if (trimmed === '*') return everyAddress;
  const dash = trimmed.indexOf('-');
  if (dash > 0) {
    const first = parseAddress(trimmed.slice(0, dash).trim());
    const last = parseAddress(trimmed.slice(dash + 1).trim());
    return first.ok && last.ok && first.value.bits <= last.value.bits
      ? setOfRange(first.value, last.value)
      : null;
  }
  const single = parseAddress(trimmed);
  if (single.ok) return setOfAddresses([single.value]);
  const block = parsePrefix(trimmed);
  if (block.ok) return setOf(block.value);
  const [start = '', length = ''] = trimmed.split('/');
  const around = parseAddress(start);
  return around.ok && /^\d{1,2}$/.test(length) && Number(length) <= 32
    ? setOf(prefixAround(around.value, Number(length)))
    : null;
}

/** Returns the ports that a rule names; what cannot be read is a problem and left out. */
export function readPorts(texts: readonly string[], complain: Complain): PortSet {
  const ranges = texts.flatMap((text) => {
    const range = parsePortRange(text.trim());
    if (range === null) complain(`names port ${text}, which cannot be read`);
    return range === null ? [] : [range];
  });
  const ports = portSet(ranges);
  const [only] = ports;
  // Port 0 is nobody's: 1-65535 is every port.
  return only !== undefined && only.from <= 1 && only.to === 65_535 ? everyPort : ports;
}

/** Returns the names that an application rule asks for. */
export function nameSide(
  rule: {
    readonly targetFqdns: readonly string[];
    readonly fqdnTags: readonly string[];
    readonly targetUrls?: readonly string[];
    readonly webCategories?: readonly string[];
  },
  complain: Complain,
): NameSide {
  const patterns: string[] = [];
  const maybe: { pattern: string; doubt: string }[] = [];
  for (const text of rule.targetFqdns) {
    const pattern = text.trim().toLowerCase();
    if (/^\*?[^*]*$/.test(pattern)) patterns.push(pattern);
    else
      complain(
        `has target FQDN ${text}: an asterisk works on the left-most side only, so it matches nothing`,
      );
  }
  for (const tag of rule.fqdnTags) {
    const content = fqdnTagContent(tag);
    if (content === null) complain(`has FQDN tag ${tag}, which there is not`);
    patterns.push(...(content?.included ?? []));
    const doubt = `which names FQDN tag ${tag} contains is published nowhere`;
    maybe.push(...(content?.uncertain ?? ['*']).map((pattern) => ({ pattern, doubt })));
  }
  for (const url of rule.targetUrls ?? []) {
    const host = url.trim().toLowerCase().split('/')[0] ?? '';
    maybe.push({
      pattern: host,
      doubt: `target URL ${url} needs more than the name, which is not simulated`,
    });
  }
  for (const category of rule.webCategories ?? []) {
    maybe.push({ pattern: '*', doubt: `which names web category ${category} contains is not simulated` });
  }
  return {
    texts: [
      ...rule.targetFqdns,
      ...rule.fqdnTags.map((each) => `tag/${each}`),
      ...(rule.targetUrls ?? []).map((each) => `url/${each}`),
      ...(rule.webCategories ?? []).map((each) => `category/${each}`),
    ],
    patterns,
    maybe,
  };
}

/** Returns the patterns of an FQDN tag in any letters; null for text that is none. Unpublished content is all uncertain. */
export function fqdnTagContent(
  tag: string,
): { readonly included: readonly string[]; readonly uncertain: readonly string[] } | null {
  const name = tag.replaceAll(' ', '').toLowerCase();
  if (name === 'azurekubernetesservice') return AZURE_KUBERNETES_SERVICE_TAG.value;
  return OTHER_FQDN_TAGS.value.some(
    (each) => name === each.toLowerCase() || name.startsWith(`${each.toLowerCase()}.`),
  )
    ? { included: [], uncertain: ['*'] }
    : null;
}

const IANA: AddressSet = setOf(...FIREWALL_PRIVATE_RANGES.value.map(prefix));

/** Returns the destinations that network rules do not translate for, from a list as the policy has it. */
export function privateRangesOf(ranges: readonly string[] | null, complain: Complain): AddressSet {
  if (ranges === null || ranges.length === 0) return IANA;
  const sets = ranges.map((text) => {
    if (/^ianaprivateranges$/i.test(text)) return IANA;
    if (text === FIREWALL_ALWAYS_SNAT.value) return noAddress;
    const set = addressesOf(text);
    if (set === null) complain(`private range ${text} cannot be read`);
    return set ?? noAddress;
  });
  return setUnion(...sets);
}
