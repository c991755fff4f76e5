/** Rules that never decide, whatever comes. */
import { everyAddress, setCovers, setIsEmpty, setSubtract, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { portsIntersect, portsSubtract } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import { patternCovers } from './pattern.ts';
import type {
  AddressSide,
  ApplicationEntry,
  FirewallEntry,
  FirewallRules,
  NatEntry,
  NetworkEntry,
} from './rules.ts';

export interface ShadowedEntry {
  readonly entry: FirewallEntry;
  /** Earlier entries that together match whatever it could match; empty where it matches nothing at all. */
  readonly by: readonly FirewallEntry[];
}

/**
 * Returns the entries that match nothing, or nothing that entries before them leave over. Where this cannot be
 * told for certain, as with tags nobody publishes, an entry counts as one that may decide.
 */
export function shadowedEntries(rules: FirewallRules): readonly ShadowedEntry[] {
  return [
    ...rules.dnat.flatMap((entry, at) => hidden(entry, boxesBehind(entry, rules.dnat.slice(0, at)))),
    ...rules.network.flatMap((entry, at) =>
      // A name may stand for any address.
      namesOf(entry, rules).length > 0
        ? hidden(entry, boxesBehind({ ...entry, destination: ANYWHERE }, rules.network.slice(0, at)))
        : hidden(entry, boxesBehind(entry, rules.network.slice(0, at))),
    ),
    ...rules.application.flatMap((entry, at) => hidden(entry, namesBehind(entry, rules, at))),
  ];
}

/** Null: something is left over. */
type Behind = readonly FirewallEntry[] | null;

function hidden(entry: FirewallEntry, by: Behind): readonly ShadowedEntry[] {
  return by === null ? [] : [{ entry, by }];
}

const ANYWHERE: AddressSide = { texts: ['*'], addresses: everyAddress, maybe: everyAddress, doubts: [] };

function namesOf(entry: NetworkEntry, { dnsProxy }: FirewallRules): readonly string[] {
  return dnsProxy === 'on' ? entry.fqdns : [];
}

interface Box {
  readonly source: AddressSet;
  readonly destination: AddressSet;
  readonly ports: PortSet;
}

/** More pieces than this are not worth the time: the rule then counts as one that may decide. */
const MOST_BOXES = 2_000;

function reach(side: AddressSide): AddressSet {
  return setUnion(side.addresses, side.maybe);
}

function boxesBehind(entry: NatEntry | NetworkEntry, before: readonly (NatEntry | NetworkEntry)[]): Behind {
  const used = new Set<FirewallEntry>();
  const whole: Box = {
    source: reach(entry.source),
    destination: reach(entry.destination),
    ports: entry.ports,
  };
  if (isEmpty(whole)) return [];
  for (const protocol of entry.protocols) {
    let left: readonly Box[] = [whole];
    for (const each of before) {
      if (!each.protocols.includes(protocol)) continue;
      const other: Box = {
        source: each.source.addresses,
        destination: each.destination.addresses,
        ports: each.ports,
      };
      const rest = left.flatMap((box) => without(box, other));
      if (rest.length !== left.length || rest.some((box, at) => box !== left[at])) used.add(each);
      left = rest;
      if (left.length === 0 || left.length > MOST_BOXES) break;
    }
    if (left.length > 0) return null;
  }
  return before.filter((each) => used.has(each));
}

function isEmpty({ source, destination, ports }: Box): boolean {
  return setIsEmpty(source) || setIsEmpty(destination) || ports.length === 0;
}

/** What is left of a box once another is cut out; the box itself where they do not meet. */
function without(box: Box, other: Box): readonly Box[] {
  const shared = {
    source: setSubtract(box.source, setSubtract(box.source, other.source)),
    destination: setSubtract(box.destination, setSubtract(box.destination, other.destination)),
    ports: portsIntersect(box.ports, other.ports),
  };
  if (isEmpty(shared)) return [box];
  return [
    { ...box, source: setSubtract(box.source, other.source) },
    { ...box, source: shared.source, destination: setSubtract(box.destination, other.destination) },
    { source: shared.source, destination: shared.destination, ports: portsSubtract(box.ports, other.ports) },
  ].filter((each) => !isEmpty(each));
}

/** Network rules for every destination hide a port; application rules hide names for the sources they have. */
function namesBehind(entry: ApplicationEntry, rules: FirewallRules, at: number): Behind {
  const patterns = [...entry.names.patterns, ...entry.names.maybe.map(({ pattern }) => pattern)];
  const whole = reach(entry.source);
  if (patterns.length === 0 || entry.protocols.length === 0 || setIsEmpty(whole)) return [];
  const used = new Set<FirewallEntry>();
  for (const { protocolType, port } of entry.protocols) {
    for (const pattern of patterns) {
      let left = whole;
      const take = (by: FirewallEntry): void => {
        const rest = setSubtract(left, by.source.addresses);
        if (!setCovers(rest, left)) used.add(by);
        left = rest;
      };
      for (const each of rules.network) {
        const isWhole =
          each.protocols.includes('TCP') &&
          setCovers(each.destination.addresses, everyAddress) &&
          each.ports.some(({ from, to }) => from <= port && port <= to);
        if (isWhole) take(each);
      }
      for (const each of rules.application.slice(0, at)) {
        const isSame = each.protocols.some((one) => one.protocolType === protocolType && one.port === port);
        if (isSame && each.names.patterns.some((outer) => patternCovers(outer, pattern))) take(each);
      }
      if (!setIsEmpty(left)) return null;
    }
  }
  return [...rules.network, ...rules.application].filter((each) => used.has(each));
}
