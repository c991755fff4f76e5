/** Addresses as the clients read them: text in, number out, and no error more precise than none. */

/** Returns an IPv4 address of four decimal parts without leading zeros as a number, as inet_pton and Go read it. */
export function readIpv4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return null;
  return parts.map(Number).reduce<number | null>((sum, part) => {
    return sum === null || part > 255 ? null : sum * 256 + part;
  }, 0);
}

/**
 * Returns what the C library's `inet_aton` reads: one to four parts, the last of which fills the rest (`10.1` is
 * 10.0.0.1, `10` is 0.0.0.10), in decimal, octal (`010`) or hexadecimal (`0x0a`).
 */
export function readInetAton(text: string): number | null {
  const parts = text.split('.');
  if (parts.length > 4) return null;
  const numbers = parts.map(readCNumber);
  let sum = 0;
  for (const [index, number] of numbers.entries()) {
    if (number === null) return null;
    const isLast = index === numbers.length - 1;
    const room = isLast ? 256 ** (4 - index) : 256;
    if (number >= room) return null;
    sum = sum * room + number;
  }
  return sum;
}

/** Returns a number of 32 bits as an IPv4 address. */
export function writeIpv4(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join('.');
}

function readCNumber(text: string): number | null {
  if (/^0x[0-9a-f]+$/i.test(text)) return parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : null;
}

/** Returns an IPv6 address without brackets or zone as a number of 128 bits. */
export function readIpv6(text: string): bigint | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail !== null) {
    const last = readIpv4(tail[2] ?? '');
    if (last === null) return null;
    const high = Math.floor(last / 65_536).toString(16);
    return readIpv6(`${tail[1] ?? ''}${high}:${(last % 65_536).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...before, ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const missing = 8 - groups.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const filled = [...before, ...Array<string>(missing).fill('0'), ...after];
  return filled.reduce((sum, group) => sum * 65_536n + BigInt(parseInt(group, 16)), 0n);
}

/**
 * Returns an IPv6 address as the C library's `inet_ntop` writes it: small letters, the first of the longest runs of
 * zeros as `::`, an IPv4 address behind `::` or `::ffff:` in decimal.
 */
export function writeIpv6(address: bigint): string {
  const words = [...Array(8).keys()].map((index) => Number((address >> BigInt(112 - 16 * index)) & 65_535n));
  const runs = words.map((_, start) => {
    const end = words.findIndex((word, index) => index >= start && word !== 0);
    return (end < 0 ? 8 : end) - start;
  });
  const length = Math.max(...runs);
  const start = length > 1 ? runs.indexOf(length) : -1;
  const hasIpv4 = start === 0 && (length === 6 || (length === 5 && words[5] === 65_535));
  const groups = words.map((word) => word.toString(16));
  if (hasIpv4) {
    const last = words.slice(6).flatMap((word) => [Math.floor(word / 256), word % 256]);
    groups.splice(6, 2, last.join('.'));
  }
  if (start < 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** Reports whether the first `bits` (0 to 32) of two IPv4 addresses are the same. */
export function sameIpv4Prefix(one: number, other: number, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(one / size) === Math.floor(other / size);
}

/** Reports whether the first `bits` (0 to 128) of two IPv6 addresses are the same. */
export function sameIpv6Prefix(one: bigint, other: bigint, bits: number): boolean {
  const shift = BigInt(128 - bits);
  return one >> shift === other >> shift;
}
