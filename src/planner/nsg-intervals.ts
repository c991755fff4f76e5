/** Parts of the traffic that was asked about, in words: by the one thing in which they differ, or whole. */
import { address, addressDistance, addressPlus, formatAddress, sameAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { everyAddress, setCovers, setSubtract, setToPrefixes } from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import { firstAddress, lastAddress } from '../model/ip/prefix.ts';
import { portsAreAll, portsSubtract, portTexts } from '../model/nsg/port-set.ts';
import type { PortSet } from '../model/nsg/port-set.ts';
import type { AddressNames } from '../model/nsg/rule-traffic.ts';
import { addressTexts } from '../model/nsg/smallest-change.ts';
import { hasPorts, PROTOCOLS, protocolsOf } from '../model/nsg/traffic.ts';
import type { Box, Traffic } from '../model/nsg/traffic.ts';
import type { AnswerPart } from './nsg-evaluator.ts';

/** What packets can differ in. */
export type Dimension = 'destination port' | 'source port' | 'destination' | 'source' | 'protocol';

export interface Interval {
  readonly from: string;
  /** Included; the same as `from` for one. */
  readonly to: string;
  readonly part: AnswerPart;
}

export interface Intervals {
  readonly dimension: Dimension;
  /** In order, without gaps inside of what was asked about. */
  readonly intervals: readonly Interval[];
}

/** A list of more is told by its rules. */
const MOST_BOXES = 300;

/** Returns the parts as intervals of the one thing in which they differ; null where it is more than one. */
export function intervalsOf(parts: readonly AnswerPart[]): Intervals | null {
  const all = parts.flatMap(({ where }) => where);
  if (all.length > MOST_BOXES) return null;
  const varying = DIMENSIONS.filter(({ same }) => !all.every((a) => all.every((b) => same(a, b))));
  const [only, second] = varying;
  if (only === undefined || second !== undefined) return null;
  const intervals = parts.flatMap((part) =>
    part.where.flatMap((box) => only.ranges(box).map((range) => ({ ...range, part }))),
  );
  const sorted = intervals
    .sort((a, b) => a.order - b.order)
    .map(({ from, to, part }) => ({ from, to, part }));
  return { dimension: only.name, intervals: sorted };
}

const ZERO = address('0.0.0.0');

interface OrderedRange {
  readonly from: string;
  readonly to: string;
  readonly order: number;
}

const DIMENSIONS: readonly {
  readonly name: Dimension;
  readonly same: (a: Box, b: Box) => boolean;
  readonly ranges: (box: Box) => readonly OrderedRange[];
}[] = [
  {
    name: 'protocol',
    same: (a, b) => a.protocols === b.protocols,
    ranges: (box) =>
      protocolsOf(box).map((each) => ({ from: each, to: each, order: PROTOCOLS.indexOf(each) })),
  },
  {
    name: 'destination port',
    same: (a, b) => a.protocols !== b.protocols || samePorts(a.destinationPorts, b.destinationPorts),
    ranges: ({ destinationPorts }) =>
      destinationPorts.map(({ from, to }) => ({ from: String(from), to: String(to), order: from })),
  },
  {
    name: 'source port',
    same: (a, b) => a.protocols !== b.protocols || samePorts(a.sourcePorts, b.sourcePorts),
    ranges: ({ sourcePorts }) =>
      sourcePorts.map(({ from, to }) => ({ from: String(from), to: String(to), order: from })),
  },
  {
    name: 'destination',
    same: (a, b) => sameSet(a.destination, b.destination),
    ranges: ({ destination }) => addressRanges(destination),
  },
  {
    name: 'source',
    same: (a, b) => sameSet(a.source, b.source),
    ranges: ({ source }) => addressRanges(source),
  },
];

function samePorts(a: Box['sourcePorts'], b: Box['sourcePorts']): boolean {
  return portsSubtract(a, b).length === 0 && portsSubtract(b, a).length === 0;
}

function sameSet(a: AddressSet, b: AddressSet): boolean {
  return setCovers(a, b) && setCovers(b, a);
}

function addressRanges(set: AddressSet): readonly OrderedRange[] {
  const ranges: { first: Address; last: Address }[] = [];
  for (const prefix of setToPrefixes(set)) {
    const [first, last] = [firstAddress(prefix), lastAddress(prefix)];
    const open = ranges.at(-1);
    const next = open === undefined ? null : addressPlus(open.last, 1);
    if (open !== undefined && next !== null && sameAddress(next, first)) open.last = last;
    else ranges.push({ first, last });
  }
  return ranges.map(({ first, last }) => ({
    from: formatAddress(first),
    to: formatAddress(last),
    order: addressDistance(ZERO, first),
  }));
}

/** How sets of addresses are told: by a tag where one fits, or by what is left out, or as prefixes. */
export type AddressWords = (set: AddressSet) => string;

const MOST_TEXTS = 6;
const MOST_LEFT_OUT = 5;

/** Returns words for sets in a network where tags hold what `names` says. */
export function addressWords(names: AddressNames): AddressWords {
  const known = [
    { name: 'anywhere', set: everyAddress },
    { name: 'Internet', set: names.tag('Internet', 'default').certain },
    { name: 'VirtualNetwork', set: names.tag('VirtualNetwork', 'default').certain },
  ];
  return (set) => {
    const prefixes = addressTexts(set);
    if (prefixes.length === 1 && prefixes[0] !== '*') return prefixes.join();
    const same = known.find((each) => sameSet(each.set, set));
    if (same !== undefined) return same.name;
    if (prefixes.length <= MOST_TEXTS) return prefixes.join(', ');
    for (const { name, set: whole } of [...known].reverse()) {
      const left = setCovers(whole, set) ? addressTexts(setSubtract(whole, set)) : [];
      if (left.length > 0 && left.length <= MOST_LEFT_OUT) return `${name} but for ${left.join(', ')}`;
    }
    return fewTexts(prefixes, 'prefixes');
  };
}

/** `Tcp, Udp from 10.0.0.0/16 to 10.0.1.4 port 80, 443`. */
export function boxText(box: Box, words: AddressWords): string {
  const protocols = protocolsOf(box).join(', ');
  const from = words(box.source);
  const to = words(box.destination);
  if (!hasPorts(box)) return `${protocols} from ${from} to ${to}`;
  return `${protocols} from ${from}${portSuffix(box.sourcePorts)} to ${to}${portSuffix(box.destinationPorts)}`;
}

function portSuffix(ports: PortSet): string {
  if (portsAreAll(ports)) return '';
  const texts = portTexts(ports);
  return `, ${texts.length === 1 && !texts[0]?.includes('-') ? 'port' : 'ports'} ${fewTexts(texts, 'ranges')}`;
}

function fewTexts(texts: readonly string[], what: string): string {
  if (texts.length <= MOST_TEXTS) return texts.join(', ');
  return `${texts.slice(0, MOST_TEXTS - 1).join(', ')} and ${texts.length - MOST_TEXTS + 1} more ${what}`;
}

/** The first few of many. */
export function trafficTexts(traffic: Traffic, most: number, words: AddressWords): readonly string[] {
  const texts = traffic.slice(0, most).map((box) => boxText(box, words));
  return traffic.length <= most ? texts : [...texts, `and ${traffic.length - most} more`];
}
