import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { formatIpError } from './ip-error.ts';
import type { IpError } from './ip-error.ts';

export { formatIpError } from './ip-error.ts';
export type { IpError } from './ip-error.ts';

/**
 * An IP address. Opaque: only `ip/` reads `bits`, everyone else goes through the functions here, so
 * that IPv6 can become a second family without a caller noticing. An address that exists is valid.
 */
export interface Address {
  readonly family: 'ipv4';
  /** Unsigned, 32 bits. */
  readonly bits: number;
}

/** Equal for equal addresses and different for different ones; for `Map` keys. */
export type AddressKey = string | number;

const OCTETS = 4;
const BITS = 32;
const LAST = 2 ** BITS - 1;

/**
 * Returns the address written in dotted decimal, the only form Azure and Kubernetes take. Leading
 * zeros (`010.0.0.1`, octal to some programs), short forms (`10.1`), spaces, and IPv6 are errors.
 */
export function parseAddress(text: string): Result<Address, IpError> {
  const bits = readBits(text);
  if (bits !== null) return ok(addressOfBits(bits));
  return err(findMistake(text));
}

/** Returns the address, for constants and tests; throws on text that is no address. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed.ok) return parsed.value;
  throw new Error(formatIpError(parsed.error));
}

export function formatAddress(a: Address): string {
  const { bits } = a;
  if (lastThree?.bits !== bits >>> 8) {
    const text = `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.`;
    lastThree = { bits: bits >>> 8, text };
  }
  return `${lastThree.text}${bits & 255}`;
}

/** The first three octets that were written last: addresses of one subnet are often written together. */
let lastThree: { readonly bits: number; readonly text: string } | null = null;

/** Returns a negative number, zero or a positive number, in numeric order; for `sort`. */
export function compareAddresses(a: Address, b: Address): number {
  return a.bits - b.bits;
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.bits === b.bits;
}

export function addressKey(a: Address): AddressKey {
  return a.bits;
}

/** Returns the address `count` further (or back, if negative); null where the family has no such address. */
export function addressPlus(a: Address, count: number): Address | null {
  const bits = a.bits + count;
  return bits < 0 || bits > LAST ? null : addressOfBits(bits);
}

/** Returns how many addresses `to` lies after `from`; negative if before. */
export function addressDistance(from: Address, to: Address): number {
  return to.bits - from.bits;
}

/** Returns the length of a prefix that holds just this address: 32. */
export function addressLength(a: Address): number {
  switch (a.family) {
    case 'ipv4':
      return BITS;
  }
}

/** For `ip/` alone. */
export function addressOfBits(bits: number): Address {
  return { family: 'ipv4', bits };
}

/**
 * Returns the value of four octets as they are nearly always written; null for whatever else, which is
 * looked at with care. Large clusters have hundreds of thousands of addresses.
 */
function readBits(text: string): number | null {
  let bits = 0;
  let octet = 0;
  let octets = 1;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (digits === 0 || octets === OCTETS) return null;
      bits = bits * 256 + octet;
      octets++;
      octet = 0;
      digits = 0;
      continue;
    }
    if (code < 48 || code > 57 || (digits > 0 && octet === 0)) return null;
    octet = octet * 10 + code - 48;
    if (octet > 255) return null;
    digits++;
  }
  return digits === 0 || octets < OCTETS ? null : bits * 256 + octet;
}

/** Returns what is wrong with a text that `readBits` does not take. */
function findMistake(text: string): IpError {
  const mistake = (position: number, reason: string): IpError => ({ input: text, reason, position });
  if (text === '') return mistake(0, 'is empty where an IPv4 address is needed');
  if (/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)) {
    return mistake(text.indexOf(':'), 'looks like IPv6, which is not simulated; an IPv4 address is needed');
  }
  let at = 0;
  for (let octet = 1; octet <= OCTETS; octet++) {
    const start = at;
    while (isDigit(text, at)) at++;
    const digits = text.slice(start, at);
    const next = text.charAt(at);
    if (digits === '') {
      if (next === '' && octet > 1 && text.charAt(at - 1) !== '.') return tooFew(text, octet - 1, mistake);
      if (next === '' || next === '.') return mistake(at, `octet ${octet} is empty`);
      return mistake(
        at,
        `octet ${octet} has "${String.fromCodePoint(text.codePointAt(at) ?? 0)}" where a digit is needed`,
      );
    }
    if (digits.length > 1 && digits.startsWith('0'))
      return mistake(start, `octet ${octet} has a leading zero`);
    if (Number(digits) > 255) return mistake(start, `octet ${octet} is ${digits}, above 255`);
    if (octet < OCTETS) {
      if (next === '') return tooFew(text, octet, mistake);
      if (next !== '.') return mistake(at, `octet ${octet} has "${next}" where a digit or a dot is needed`);
      at++;
    }
  }
  if (at === text.length) throw new Error(`"${text}" is an IPv4 address, and was not read as one`);
  return mistake(at, `has "${text.slice(at)}" after the fourth octet`);
}

function tooFew(
  text: string,
  found: number,
  mistake: (position: number, reason: string) => IpError,
): IpError {
  const octets = found === 1 ? '1 octet' : `${found} octets`;
  return mistake(text.length, `has ${octets} where an IPv4 address has ${OCTETS}`);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
