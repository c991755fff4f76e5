import type { Address } from './address.ts';
import { addressCount, comparePrefixes, samePrefix } from './prefix.ts';
import type { Prefix } from './prefix.ts';

/** One entry of a table, with the smallest other entry that covers it. */
export interface PrefixEntry<T> {
  readonly prefix: Prefix;
  readonly value: T;
  readonly within: PrefixEntry<T> | null;
}

/**
 * Longest-prefix match over a fixed set of prefixes. Opaque.
 *
 * Prefixes nest or are disjoint, so they cut the address space into stretches that each have one
 * longest match. `starts` holds where the stretches begin and `owners` who matches there; a lookup
 * is one binary search, and the less specific matches hang off the entry as `within`.
 */
export interface PrefixTable<T> {
  readonly size: number;
  readonly starts: Float64Array;
  readonly owners: readonly (PrefixEntry<T> | null)[];
}

/** Returns the table of these entries. Of two entries with the same prefix the later one counts. */
export function buildPrefixTable<T>(entries: Iterable<readonly [Prefix, T]>): PrefixTable<T> {
  // Larger blocks first among those that start alike, so that what covers an entry is always open before it.
  const sorted = Array.from(entries).sort(([a], [b]) => comparePrefixes(a, b));
  const starts: number[] = [];
  const owners: (PrefixEntry<T> | null)[] = [];
  const open: { entry: PrefixEntry<T>; end: number }[] = [];
  let size = 0;

  const begin = (at: number, owner: PrefixEntry<T> | null): void => {
    if (starts.at(-1) === at) {
      owners[owners.length - 1] = owner;
    } else {
      starts.push(at);
      owners.push(owner);
    }
  };
  const closeUntil = (at: number): void => {
    for (let top = open.at(-1); top !== undefined && top.end <= at; top = open.at(-1)) {
      open.pop();
      begin(top.end, open.at(-1)?.entry ?? null);
    }
  };

  begin(0, null);
  sorted.forEach(([prefix, value], i) => {
    const next = sorted[i + 1];
    if (next !== undefined && samePrefix(prefix, next[0])) return;
    const first = prefix.address.bits;
    closeUntil(first);
    const entry: PrefixEntry<T> = { prefix, value, within: open.at(-1)?.entry ?? null };
    begin(first, entry);
    open.push({ entry, end: first + addressCount(prefix) });
    size++;
  });
  closeUntil(Number.POSITIVE_INFINITY);
  return { size, starts: Float64Array.from(starts), owners };
}

/** Returns the longest match for an address, or null if no prefix contains it. */
export function lookup<T>(table: PrefixTable<T>, a: Address): PrefixEntry<T> | null {
  const { starts } = table;
  const bits = a.bits;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= bits) low = middle;
    else high = middle - 1;
  }
  return table.owners[low] ?? null;
}

/** Returns every match for an address, the longest first. */
export function lookupAll<T>(table: PrefixTable<T>, a: Address): PrefixEntry<T>[] {
  const matches: PrefixEntry<T>[] = [];
  for (let entry = lookup(table, a); entry !== null; entry = entry.within) matches.push(entry);
  return matches;
}
