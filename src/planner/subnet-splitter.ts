/** Splits an address space into subnets, with the addresses that Azure keeps for itself in each. */
import {
  LONGEST_SUBNET_PREFIX,
  RESERVED_ADDRESSES_PER_SUBNET,
  RESERVED_AT_SUBNET_END,
  RESERVED_AT_SUBNET_START,
} from '../model/limits/azure-network.ts';
import { addressPlus } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import {
  noAddress,
  setOf,
  setOfRange,
  setSize,
  setSubtract,
  setToPrefixes,
  setUnion,
} from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import {
  addressCount,
  comparePrefixes,
  firstAddress,
  lastAddress,
  prefixCovers,
  prefixesOverlap,
  samePrefix,
  subnetAt,
} from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import type { NamedPrefix } from './input.ts';

/** What a subnet is wanted for: room for so many addresses, or a prefix of a given length. */
export interface SubnetRequest {
  readonly name: string | null;
  readonly wants:
    { readonly kind: 'hosts'; readonly hosts: number } | { readonly kind: 'length'; readonly length: number };
}

export type SplitMode =
  /** Says only what the prefix itself holds. */
  | { readonly kind: 'describe' }
  /** Every free block of this length. */
  | { readonly kind: 'every'; readonly length: number }
  /** The first `count` free blocks of this length. */
  | { readonly kind: 'first'; readonly length: number; readonly count: number }
  /** One subnet per request, none larger than it must be. */
  | { readonly kind: 'requests'; readonly requests: readonly SubnetRequest[] };

export interface SplitInput {
  readonly space: Prefix;
  readonly mode: SplitMode;
  /** What is taken already; new subnets keep clear of it. */
  readonly existing: readonly NamedPrefix[];
}

/** What Azure makes of a prefix that becomes a subnet. */
export interface SubnetFacts {
  readonly prefix: Prefix;
  readonly addresses: number;
  /** Azure's five: the first four and the last. Empty if the prefix is too small to be a subnet. */
  readonly reserved: readonly Address[];
  readonly usable: number;
  readonly firstUsable: Address | null;
  readonly lastUsable: Address | null;
}

export interface PlannedSubnet extends SubnetFacts {
  readonly request: SubnetRequest | null;
}

export interface Overlap {
  readonly first: NamedPrefix;
  readonly second: NamedPrefix;
  /** The addresses both claim; of two overlapping prefixes always the smaller one. */
  readonly shared: Prefix;
}

export interface Unplaced {
  readonly request: SubnetRequest;
  readonly length: number;
  /** How many addresses are free in total, and the largest free block there was. */
  readonly freeAddresses: number;
  readonly largestFree: Prefix | null;
}

export interface SplitPlan {
  readonly space: SubnetFacts;
  /** In the order of the requests, or by address; at most `MOST_LISTED` of them for the other modes. */
  readonly subnets: readonly PlannedSubnet[];
  /** How many there are, listed or not. */
  readonly subnetCount: number;
  readonly unplaced: readonly Unplaced[];
  /** For mode `first`: how many of the wanted blocks are not free. */
  readonly missing: number;
  readonly existing: readonly NamedPrefix[];
  readonly overlaps: readonly Overlap[];
  /** Existing prefixes that do not lie inside the space. */
  readonly outside: readonly NamedPrefix[];
  readonly free: readonly Prefix[];
  readonly freeAddresses: number;
}

/** A list longer than this helps nobody; `subnetCount` still counts all. */
export const MOST_LISTED = 1024;

/** Returns the length of the smallest subnet with room for so many addresses besides Azure's five; null above a /0. */
export function smallestSubnetLength(hosts: number): number | null {
  const needed = hosts + RESERVED_ADDRESSES_PER_SUBNET.value;
  for (let length = LONGEST_SUBNET_PREFIX.value; length >= 0; length--) {
    if (2 ** (32 - length) >= needed) return length;
  }
  return null;
}

/** Returns how many addresses of a subnet of this length Azure gives out. */
export function usableAddresses(length: number): number {
  if (length > LONGEST_SUBNET_PREFIX.value) return 0;
  return 2 ** (32 - length) - RESERVED_ADDRESSES_PER_SUBNET.value;
}

export function subnetFacts(prefix: Prefix): SubnetFacts {
  const addresses = addressCount(prefix);
  const usable = usableAddresses(prefix.length);
  const first = firstAddress(prefix);
  const last = lastAddress(prefix);
  if (usable === 0) return { prefix, addresses, reserved: [], usable, firstUsable: null, lastUsable: null };
  const start = Array.from({ length: RESERVED_AT_SUBNET_START.value }, (_, i) => addressPlus(first, i));
  const end = Array.from({ length: RESERVED_AT_SUBNET_END.value }, (_, i) => addressPlus(last, -i)).reverse();
  return {
    prefix,
    addresses,
    reserved: [...start, ...end].filter((each) => each !== null),
    usable,
    firstUsable: addressPlus(first, RESERVED_AT_SUBNET_START.value),
    lastUsable: addressPlus(last, -RESERVED_AT_SUBNET_END.value),
  };
}

/** Returns the plan. Requests larger than the space end in `unplaced`; lengths outside the space throw. */
export function splitSubnets(input: SplitInput): SplitPlan {
  const { space, mode, existing } = input;
  const inside = existing.filter((each) => prefixesOverlap(space, each.prefix));
  const taken = setOf(...inside.map((each) => each.prefix));
  const freeAtFirst = setToPrefixes(setSubtract(setOf(space), taken));
  const chosen = choose(mode, freeAtFirst);
  const left = setSubtract(setSubtract(setOf(space), taken), chosen.used);
  return {
    space: subnetFacts(space),
    subnets: chosen.subnets,
    subnetCount: chosen.count,
    unplaced: chosen.unplaced,
    missing: mode.kind === 'first' ? mode.count - chosen.count : 0,
    existing,
    overlaps: findOverlaps(existing),
    outside: existing.filter((each) => !prefixCovers(space, each.prefix)),
    free: setToPrefixes(left),
    freeAddresses: setSize(left),
  };
}

/** Returns every pair of prefixes that share addresses, in the order given. */
export function findOverlaps(prefixes: readonly NamedPrefix[]): readonly Overlap[] {
  const overlaps: Overlap[] = [];
  prefixes.forEach((first, index) => {
    for (const second of prefixes.slice(index + 1)) {
      if (!prefixesOverlap(first.prefix, second.prefix)) continue;
      const shared = prefixCovers(first.prefix, second.prefix) ? second.prefix : first.prefix;
      overlaps.push({ first, second, shared });
    }
  });
  return overlaps;
}

interface Choice {
  readonly subnets: readonly PlannedSubnet[];
  readonly count: number;
  readonly used: AddressSet;
  readonly unplaced: readonly Unplaced[];
}

function choose(mode: SplitMode, free: readonly Prefix[]): Choice {
  switch (mode.kind) {
    case 'describe':
      return { subnets: [], count: 0, used: noAddress, unplaced: [] };
    case 'every':
      return blocksOf(free, mode.length, Infinity);
    case 'first':
      return blocksOf(free, mode.length, mode.count);
    case 'requests':
      return place(mode.requests, free);
  }
}

/** The first `most` blocks of that length in the free ranges, lowest first; counted, not all built. */
function blocksOf(free: readonly Prefix[], length: number, most: number): Choice {
  const subnets: PlannedSubnet[] = [];
  let used = noAddress;
  let count = 0;
  for (const range of free) {
    if (range.length > length || count >= most) continue;
    const wanted = Math.min(most - count, 2 ** (length - range.length));
    for (let index = 0; index < wanted && subnets.length < MOST_LISTED; index++) {
      const block = subnetAt(range, length, index);
      if (block !== null) subnets.push({ ...subnetFacts(block), request: null });
    }
    const end = addressPlus(firstAddress(range), wanted * 2 ** (32 - length) - 1);
    if (end !== null) used = setUnion(used, setOfRange(firstAddress(range), end));
    count += wanted;
  }
  return { subnets, count, used, unplaced: [] };
}

/**
 * Places the largest request first, each in the smallest free block that holds it. Prefixes nest or
 * are disjoint, so this never leaves a request out that another order could have placed.
 */
function place(requests: readonly SubnetRequest[], freeAtFirst: readonly Prefix[]): Choice {
  let free = [...freeAtFirst];
  const placed = new Map<SubnetRequest, PlannedSubnet>();
  const unplaced = new Map<SubnetRequest, Unplaced>();
  const bySize = requests
    .map((request) => ({ request, length: lengthOf(request) }))
    .sort((a, b) => a.length - b.length);
  for (const { request, length } of bySize) {
    const fitting = free.filter((each) => each.length <= length).sort(tightestFirst);
    const block = fitting[0];
    if (block === undefined) {
      const largestFree = [...free].sort((a, b) => a.length - b.length)[0] ?? null;
      const freeAddresses = free.reduce((sum, each) => sum + addressCount(each), 0);
      unplaced.set(request, { request, length, freeAddresses, largestFree });
      continue;
    }
    const subnet = subnetAt(block, length, 0);
    if (subnet === null) throw new Error('a block that fits has no subnet of that length');
    placed.set(request, { ...subnetFacts(subnet), request });
    free = free.filter((each) => !samePrefix(each, block));
    free.push(...setToPrefixes(setSubtract(setOf(block), setOf(subnet))));
  }
  const subnets = requests.flatMap((request) => placed.get(request) ?? []);
  return {
    subnets,
    count: subnets.length,
    used: setOf(...subnets.map((each) => each.prefix)),
    unplaced: requests.flatMap((request) => unplaced.get(request) ?? []),
  };
}

function tightestFirst(a: Prefix, b: Prefix): number {
  return b.length - a.length || comparePrefixes(a, b);
}

function lengthOf(request: SubnetRequest): number {
  if (request.wants.kind === 'length') return request.wants.length;
  return smallestSubnetLength(request.wants.hosts) ?? 0;
}
