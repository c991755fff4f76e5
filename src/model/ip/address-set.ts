import { addressLength, addressOfBits } from './address.ts';
import type { Address } from './address.ts';
import { addressCount } from './prefix.ts';
import type { Prefix } from './prefix.ts';

/** A set of addresses. Opaque; two sets are equal if `setToPrefixes` gives the same list. */
export interface AddressSet {
  /** Inclusive, in order, with a gap after each: one set has one list. Only `ip/` reads it. */
  readonly ranges: readonly Range[];
}

interface Range {
  readonly first: number;
  readonly last: number;
}

const WHOLE = 2 ** addressLength(addressOfBits(0));

export const everyAddress: AddressSet = { ranges: [{ first: 0, last: WHOLE - 1 }] };
export const noAddress: AddressSet = { ranges: [] };

/** Returns the set of all addresses in any of the prefixes, which may overlap. */
export function setOf(...prefixes: readonly Prefix[]): AddressSet {
  return normal(prefixes.map((p) => ({ first: p.address.bits, last: p.address.bits + addressCount(p) - 1 })));
}

export function setOfAddresses(addresses: Iterable<Address>): AddressSet {
  return normal(Array.from(addresses, (a) => ({ first: a.bits, last: a.bits })));
}

/** Returns the set from `first` to `last`, both included; empty if they are the wrong way round. */
export function setOfRange(first: Address, last: Address): AddressSet {
  return normal([{ first: first.bits, last: last.bits }]);
}

export function setContains(set: AddressSet, a: Address): boolean {
  const { ranges } = set;
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.last < a.bits) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.first <= a.bits;
}

export function setUnion(...sets: readonly AddressSet[]): AddressSet {
  return normal(sets.flatMap((set) => set.ranges));
}

export function setIntersect(a: AddressSet, b: AddressSet): AddressSet {
  const ranges: Range[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a.ranges[i];
    const other = b.ranges[j];
    if (one === undefined || other === undefined) return { ranges };
    const first = Math.max(one.first, other.first);
    const last = Math.min(one.last, other.last);
    if (first <= last) ranges.push({ first, last });
    if (one.last < other.last) i++;
    else j++;
  }
}

/** Returns the addresses of `a` that are not in `b`. */
export function setSubtract(a: AddressSet, b: AddressSet): AddressSet {
  return setIntersect(a, setComplement(b));
}

export function setComplement(set: AddressSet): AddressSet {
  const ranges: Range[] = [];
  let next = 0;
  for (const { first, last } of set.ranges) {
    if (first > next) ranges.push({ first: next, last: first - 1 });
    next = last + 1;
  }
  if (next < WHOLE) ranges.push({ first: next, last: WHOLE - 1 });
  return { ranges };
}

export function setIsEmpty(set: AddressSet): boolean {
  return set.ranges.length === 0;
}

/** Reports whether every address of `inner` is in `outer`. */
export function setCovers(outer: AddressSet, inner: AddressSet): boolean {
  return setIsEmpty(setSubtract(inner, outer));
}

export function setSize(set: AddressSet): number {
  return set.ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** Returns the shortest list of prefixes with exactly these addresses, in order. */
export function setToPrefixes(set: AddressSet): Prefix[] {
  const prefixes: Prefix[] = [];
  for (const { first, last } of set.ranges) {
    let at = first;
    while (at <= last) {
      const size = largestBlock(at, last - at + 1);
      prefixes.push({
        address: addressOfBits(at),
        length: addressLength(addressOfBits(at)) - Math.log2(size),
      });
      at += size;
    }
  }
  return prefixes;
}

/** The largest power of two that divides `start` and is at most `count`. */
function largestBlock(start: number, count: number): number {
  let size = start === 0 ? WHOLE : 1;
  if (start !== 0) while (start % (size * 2) === 0) size *= 2;
  while (size > count) size /= 2;
  return size;
}

function normal(ranges: readonly Range[]): AddressSet {
  const sorted = ranges.filter((range) => range.first <= range.last).sort((a, b) => a.first - b.first);
  const merged: Range[] = [];
  let open: Range | null = null;
  for (const range of sorted) {
    if (open !== null && range.first <= open.last + 1) {
      open = { first: open.first, last: Math.max(open.last, range.last) };
    } else {
      if (open !== null) merged.push(open);
      open = range;
    }
  }
  if (open !== null) merged.push(open);
  return { ranges: merged };
}
