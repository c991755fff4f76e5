/** Parts of the traffic that was asked about, in words: by the one thing in which they differ, or whole. */
import { address, addressDistance, addressPlus, formatAddress, sameAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { setCovers, setToPrefixes } from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import { firstAddress, lastAddress } from '../model/ip/prefix.ts';
import { portsAreAll, portsSubtract, portTexts } from '../model/nsg/port-set.ts';
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

/** `Tcp, Udp from 10.0.0.0/16 to 10.0.1.4, ports 80, 443`. */
export function boxText(box: Box): string {
  const names = protocolsOf(box);
  const protocols = names.join(', ');
  const from = fewTexts(addressTexts(box.source));
  const to = fewTexts(addressTexts(box.destination));
  if (!hasPorts(box)) return `${protocols} from ${from} to ${to}`;
  const sourcePorts = portsAreAll(box.sourcePorts) ? '' : ` ${portsText(box.sourcePorts)}`;
  const destinationPorts = portsAreAll(box.destinationPorts) ? 'every port' : portsText(box.destinationPorts);
  return `${protocols} from ${from}${sourcePorts} to ${to} ${destinationPorts}`;
}

function portsText(ports: Box['sourcePorts']): string {
  const texts = portTexts(ports);
  return `port ${fewTexts(texts)}`;
}

const MOST_TEXTS = 6;

function fewTexts(texts: readonly string[]): string {
  const shown = texts.map((text) => (text === '*' ? 'anywhere' : text));
  if (shown.length <= MOST_TEXTS) return shown.join(', ');
  return `${shown.slice(0, MOST_TEXTS - 1).join(', ')} and ${shown.length - MOST_TEXTS + 1} more prefixes`;
}

/** The first few of many. */
export function trafficTexts(traffic: Traffic, most: number): readonly string[] {
  const texts = traffic.slice(0, most).map(boxText);
  return traffic.length <= most ? texts : [...texts, `and ${traffic.length - most} more`];
}
