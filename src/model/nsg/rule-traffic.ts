/** What a security rule matches: ARM's texts, tags and groups turned into boxes. */
import type { SecurityRule } from '../azure/resources.ts';
import { address, parseAddress } from '../ip/address.ts';
import {
  everyAddress,
  noAddress,
  setComplement,
  setIntersect,
  setIsEmpty,
  setOf,
  setOfAddresses,
  setSubtract,
  setUnion,
} from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { parsePrefix } from '../ip/prefix.ts';
import { AZURE_PLATFORM_ADDRESSES, SECURITY_RULE_PRIORITIES } from '../limits/azure-network.ts';
import { everyPort, parsePortRange, portSet, portsIntersect } from './port-set.ts';
import type { PortSet } from './port-set.ts';
import { subtractTraffic, trafficOf } from './traffic.ts';
import type { Traffic } from './traffic.ts';

/** A security rule in ARM's shape, without what no packet asks for. */
export type NsgRule = Omit<SecurityRule, 'id' | 'description' | 'etag' | 'provisioningState'>;
export type Direction = NsgRule['direction'];
export type Access = NsgRule['access'];

/** What a name stands for, as far as it is known. */
export interface NamedAddresses {
  readonly certain: AddressSet;
  /** May belong to it too. */
  readonly maybe: AddressSet;
  /** The only destination ports that the name stands for; absent: all. */
  readonly ports?: readonly number[];
}

/** Who knows what service tags and application security groups hold, seen from the NIC in question. */
export interface AddressNames {
  readonly tag: (tag: string, rule: 'default' | 'custom') => NamedAddresses;
  /** By the id, or whatever the rule names it by. */
  readonly applicationSecurityGroup: (id: string) => NamedAddresses;
}

/** A rule with all that it matches. The boxes of one rule do not overlap. */
export interface RuleTraffic {
  readonly rule: NsgRule;
  readonly certain: Traffic;
  /** Matched if a name holds what it may hold, or if a doubt below is settled so. */
  readonly maybe: Traffic;
  /** Tags and groups whose content is not wholly known, and other doubts, in words. */
  readonly doubts: readonly string[];
  readonly sides: { readonly source: RuleSide; readonly destination: RuleSide };
}

export interface RuleSide {
  readonly addresses: AddressSet;
  readonly maybe: AddressSet;
  readonly ports: PortSet;
}

/** Azure's own services: security rules leave packets to them alone, unless they name an AzurePlatform tag. */
export const PLATFORM_ADDRESSES: AddressSet = setOfAddresses(
  Object.values(AZURE_PLATFORM_ADDRESSES.value).map(address),
);
const ELSEWHERE = setComplement(PLATFORM_ADDRESSES);

/** Default rules have numbers that no rule of one's own may have. */
export function isDefaultRule(rule: NsgRule): boolean {
  return rule.priority > SECURITY_RULE_PRIORITIES.value.highest;
}

/** Reports whether a text is a tag of Azure's platform services. */
export function isPlatformTag(text: string): boolean {
  return /^azureplatform(dns|imds|lkm)$/i.test(text);
}

/** Returns the rules of one direction in the order in which they are asked, whatever order they are written in. */
export function inOrder(
  rules: readonly NsgRule[],
  direction: Direction,
  names: AddressNames,
): readonly RuleTraffic[] {
  return rules
    .filter((rule) => rule.direction === direction)
    .sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1))
    .map((rule) => ruleTraffic(rule, names));
}

/** Returns what a rule matches. Text that is neither address, prefix nor port counts as a tag or as nothing. */
export function ruleTraffic(rule: NsgRule, names: AddressNames): RuleTraffic {
  const kind = isDefaultRule(rule) ? 'default' : 'custom';
  const source = sideOf(sourceTexts(rule), groupIds(rule.sourceApplicationSecurityGroups), kind, names);
  const destination = sideOf(
    destinationTexts(rule),
    groupIds(rule.destinationApplicationSecurityGroups),
    kind,
    names,
  );
  const sourcePorts = portsOf(rule.sourcePortRange, rule.sourcePortRanges);
  const destinationPorts = portsIntersect(
    destination.ports ?? everyPort,
    portsOf(rule.destinationPortRange, rule.destinationPortRanges),
  );
  // Security rules do not see packets to Azure's platform, except those that name its tags.
  const seen =
    rule.direction === 'Outbound' && !destinationTexts(rule).some(isPlatformTag)
      ? (set: AddressSet): AddressSet => (set === everyAddress ? ELSEWHERE : setIntersect(set, ELSEWHERE))
      : (set: AddressSet): AddressSet => set;
  const matching = (from: AddressSet, to: AddressSet): Traffic =>
    trafficOf({
      protocol: rule.protocol,
      source: from,
      sourcePorts,
      destination: seen(to),
      destinationPorts,
    });
  const sides = {
    source: { addresses: source.certain, maybe: source.maybe, ports: sourcePorts },
    destination: {
      addresses: seen(destination.certain),
      maybe: seen(destination.maybe),
      ports: destinationPorts,
    },
  };
  const all = matching(
    setIsEmpty(source.maybe) ? source.certain : setUnion(source.certain, source.maybe),
    setIsEmpty(destination.maybe) ? destination.certain : setUnion(destination.certain, destination.maybe),
  );
  const hasNoPorts = rule.protocol === 'Icmp' || rule.protocol === 'Esp' || rule.protocol === 'Ah';
  if (hasNoPorts && !(sourcePorts === everyPort && destinationPorts === everyPort)) {
    // azure-cli writes port 80 into a rule for Icmp unless told '*'; what Azure makes of it is not documented.
    return { rule, certain: [], maybe: all, doubts: [`the ports of a rule for ${rule.protocol}`], sides };
  }
  const certain = matching(source.certain, destination.certain);
  const doubts = [...new Set([...source.doubts, ...destination.doubts])];
  const maybe = doubts.length === 0 ? [] : subtractTraffic(all, certain);
  return { rule, certain, maybe, doubts: maybe.length === 0 ? [] : doubts, sides };
}

/** All texts of the source, singular or plural. */
export function sourceTexts(rule: NsgRule): readonly string[] {
  return textsOf(rule.sourceAddressPrefix, rule.sourceAddressPrefixes);
}

export function destinationTexts(rule: NsgRule): readonly string[] {
  return textsOf(rule.destinationAddressPrefix, rule.destinationAddressPrefixes);
}

export function sourcePortTexts(rule: NsgRule): readonly string[] {
  return textsOf(rule.sourcePortRange, rule.sourcePortRanges);
}

export function destinationPortTexts(rule: NsgRule): readonly string[] {
  return textsOf(rule.destinationPortRange, rule.destinationPortRanges);
}

function textsOf(one: string | null, several: readonly string[]): readonly string[] {
  return [...new Set(one === null || one === '' ? several : [one, ...several])];
}

function groupIds(groups: NsgRule['sourceApplicationSecurityGroups']): readonly string[] {
  return (groups ?? []).map(({ id }) => id);
}

interface Named {
  readonly certain: AddressSet;
  readonly maybe: AddressSet;
  readonly ports: PortSet | null;
  readonly doubts: readonly string[];
}

function sideOf(
  texts: readonly string[],
  groups: readonly string[],
  kind: 'default' | 'custom',
  names: AddressNames,
): Named {
  let certain = noAddress;
  let maybe = noAddress;
  let ports: PortSet | null = null;
  const doubts: string[] = [];
  const add = (name: string, known: NamedAddresses): void => {
    certain = setUnion(certain, known.certain);
    if (known.ports !== undefined) ports = portSet(known.ports.map((port) => ({ from: port, to: port })));
    if (setIsEmpty(known.maybe)) return;
    maybe = setUnion(maybe, known.maybe);
    doubts.push(name);
  };
  for (const text of texts) {
    if (isEverywhere(text)) return { certain: everyAddress, maybe: noAddress, ports: null, doubts: [] };
    const literal = literalAddresses(text);
    if (literal === null) add(`the service tag ${text}`, names.tag(text, kind));
    else certain = setUnion(certain, literal);
  }
  for (const id of groups)
    add(`the application security group ${lastSegment(id)}`, names.applicationSecurityGroup(id));
  return { certain, maybe: setSubtract(maybe, certain), ports, doubts };
}

/** `*`, and the other ways in which Azure writes it. */
export function isEverywhere(text: string): boolean {
  return text === '*' || text.toLowerCase() === 'any' || text === '0.0.0.0/0';
}

/** The addresses that a text spells out; none for IPv6, since packets here are IPv4; null for a tag. */
export function literalAddresses(text: string): AddressSet | null {
  const prefix = parsePrefix(text);
  if (prefix.ok) return setOf(prefix.value);
  const single = parseAddress(text);
  if (single.ok) return setOfAddresses([single.value]);
  return text.includes(':') ? noAddress : null;
}

/** An unreadable range matches nothing; who reads input has to refuse it before. */
function portsOf(one: string | null, several: readonly string[]): PortSet {
  const texts = textsOf(one, several);
  // Azure itself writes `*` as 0-65535 where it lists effective rules.
  if (texts.some((text) => text === '*' || text === '0-65535')) return everyPort;
  return portSet(texts.flatMap((text) => parsePortRange(text) ?? []));
}

function lastSegment(id: string): string {
  return id.split('/').at(-1) ?? id;
}
