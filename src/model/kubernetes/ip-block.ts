/**
 * CIDRs of NetworkPolicies, read as the API server reads them: IPv4 or IPv6, host bits and leading
 * zeros allowed (k8s.io/utils/net, ParseCIDRSloppy).
 */
import { addressOfBits } from '../ip/address.ts';
import { prefixAround } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';

export interface IpBlockRange {
  readonly family: 'ipv4' | 'ipv6';
  /** The first address of the range. */
  readonly network: bigint;
  readonly length: number;
}

const WIDTHS = { ipv4: 32, ipv6: 128 } as const;

/** Returns the range that a CIDR stands for; null if it is none. */
export function parseIpBlock(text: string): IpBlockRange | null {
  const parts = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (parts === null) return null;
  const [, address = '', digits = ''] = parts;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? ipv6Bits(address) : ipv4Bits(address);
  const length = Number(digits);
  const width = WIDTHS[family];
  // Go takes a length of more than three digits or with a leading zero too, except beyond the width.
  if (bits === null || length > width) return null;
  return { family, network: networkOf(bits, width, length), length };
}

/** Reports whether a range lies in another one and is smaller. */
export function isStrictSubset(inner: IpBlockRange, outer: IpBlockRange): boolean {
  return (
    inner.family === outer.family &&
    inner.length > outer.length &&
    networkOf(inner.network, WIDTHS[inner.family], outer.length) === outer.network
  );
}

/** Returns an IPv4 range as a prefix; null for IPv6, which no packet of this network has. */
export function prefixOfIpBlock(range: IpBlockRange): Prefix | null {
  return range.family === 'ipv4' ? prefixAround(addressOfBits(Number(range.network)), range.length) : null;
}

function networkOf(bits: bigint, width: number, length: number): bigint {
  const host = BigInt(width - length);
  return (bits >> host) << host;
}

function ipv4Bits(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((each) => /^\d+$/.test(each) && Number(each) <= 255)) return null;
  return octets.reduce((bits, each) => (bits << 8n) | BigInt(Number(each)), 0n);
}

function ipv6Bits(text: string): bigint | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  let groups = text;
  if (tail !== null) {
    const low = ipv4Bits(tail[2] ?? '');
    if (low === null) return null;
    groups = `${tail[1] ?? ''}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const halves = groups.split('::');
  if (halves.length > 2) return null;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!all.every((each) => /^[0-9A-Fa-f]{1,4}$/.test(each))) return null;
  return all.reduce((bits, each) => (bits << 16n) | BigInt(Number.parseInt(each, 16)), 0n);
}
