import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { addressLength, addressOfBits, formatAddress, parseAddress } from './address.ts';
import type { Address } from './address.ts';
import { formatIpError } from './ip-error.ts';
import type { IpError } from './ip-error.ts';

/** A block of addresses, as in `10.244.0.0/16`. No host bit is ever set. */
export interface Prefix {
  /** The first address of the block. */
  readonly address: Address;
  readonly length: number;
}

/** A list longer than this is never what a caller wants, and would freeze the page that asks. */
const MOST_SUBNETS = 2 ** 20;

/**
 * Returns the prefix written as `address/length`. Without a length, with one above 32, or with host
 * bits set it is an error; for host bits the error suggests the masked form.
 */
export function parsePrefix(text: string): Result<Prefix, IpError> {
  const slash = text.indexOf('/');
  const parsed = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!parsed.ok) return err({ ...parsed.error, input: text });
  const start = parsed.value;
  const longest = addressLength(start);
  const mistake = (position: number, reason: string, suggestion?: string): Result<Prefix, IpError> =>
    err({ input: text, reason, position, ...(suggestion === undefined ? {} : { suggestion }) });

  if (slash < 0) return mistake(text.length, 'has no prefix length', `${text}/${longest}`);
  const digits = text.slice(slash + 1);
  if (digits === '') return mistake(text.length, 'has no prefix length after the slash');
  const stray = digits.search(/[^0-9]/);
  if (stray === 0) return mistake(slash + 1, `has "${digits}" where a prefix length is needed`);
  if (stray > 0) return mistake(slash + 1 + stray, `has "${digits.slice(stray)}" after the prefix length`);
  if (digits.length > 1 && digits.startsWith('0')) {
    return mistake(slash + 1, 'has a prefix length with a leading zero');
  }
  const length = Number(digits);
  if (length > longest) return mistake(slash + 1, `has prefix length ${digits}, above ${longest}`);
  const masked = prefixAround(start, length);
  if (masked.address.bits !== start.bits) {
    const suggestion = formatPrefix(masked);
    return mistake(
      0,
      `has bits set after the first ${length}, so it names a host and not a block`,
      suggestion,
    );
  }
  return ok(masked);
}

/** Returns the prefix, for constants and tests; throws on text that is no prefix. */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed.ok) return parsed.value;
  throw new Error(formatIpError(parsed.error));
}

export function formatPrefix(p: Prefix): string {
  return `${formatAddress(p.address)}/${p.length}`;
}

/** Returns the block of that length which `a` lies in. */
export function prefixAround(a: Address, length: number): Prefix {
  if (!Number.isInteger(length) || length < 0 || length > addressLength(a)) {
    throw new RangeError(`no prefix length: ${length}`);
  }
  const size = 2 ** (addressLength(a) - length);
  return { address: addressOfBits(a.bits - (a.bits % size)), length };
}

/** Returns the block that holds just this address, a /32. */
export function hostPrefix(a: Address): Prefix {
  return { address: a, length: addressLength(a) };
}

export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && a.address.bits === b.address.bits;
}

/** Orders by first address; of two that start alike the larger block comes first. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  return a.address.bits - b.address.bits || a.length - b.length;
}

export function prefixContains(p: Prefix, a: Address): boolean {
  return a.bits >= p.address.bits && a.bits < p.address.bits + addressCount(p);
}

/** Reports whether every address of `inner` lies in `outer`; a prefix covers itself. */
export function prefixCovers(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && prefixContains(outer, inner.address);
}

export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return prefixCovers(a, b) || prefixCovers(b, a);
}

export function firstAddress(p: Prefix): Address {
  return p.address;
}

/** Returns the last address of the block: the broadcast address of an IPv4 subnet. */
export function lastAddress(p: Prefix): Address {
  return addressOfBits(p.address.bits + addressCount(p) - 1);
}

export function addressCount(p: Prefix): number {
  return 2 ** (addressLength(p.address) - p.length);
}

/** Returns the network mask, `255.255.255.0` for a /24. */
export function netmask(p: Prefix): Address {
  const size = addressCount(p);
  return addressOfBits(2 ** addressLength(p.address) - size);
}

/** Returns block number `index` (from 0) of that length inside `p`; null if `p` has no such block. */
export function subnetAt(p: Prefix, length: number, index: number): Prefix | null {
  if (length < p.length || length > addressLength(p.address)) return null;
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** (length - p.length)) return null;
  const size = 2 ** (addressLength(p.address) - length);
  return { address: addressOfBits(p.address.bits + index * size), length };
}

/** Returns all blocks of that length inside `p`, in order. Throws if there are none or more than 2^20. */
export function splitPrefix(p: Prefix, length: number): Prefix[] {
  const count = 2 ** (length - p.length);
  if (length < p.length || length > addressLength(p.address) || count > MOST_SUBNETS) {
    throw new RangeError(`cannot split a /${p.length} into /${length} blocks`);
  }
  const size = 2 ** (addressLength(p.address) - length);
  return Array.from({ length: count }, (_, i) => ({
    address: addressOfBits(p.address.bits + i * size),
    length,
  }));
}

/** Returns the shortest list of prefixes that holds the same addresses as these together, in order. */
export function summarise(prefixes: Iterable<Prefix>): Prefix[] {
  const done: Prefix[] = [];
  for (let next of Array.from(prefixes).sort(comparePrefixes)) {
    let last = done.at(-1);
    if (last !== undefined && prefixCovers(last, next)) continue;
    while (last !== undefined && last.length === next.length && next.length > 0) {
      const both = prefixAround(next.address, next.length - 1);
      if (!prefixContains(both, last.address)) break;
      next = both;
      done.pop();
      last = done.at(-1);
    }
    done.push(next);
  }
  return done;
}
