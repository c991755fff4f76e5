import { describe, expect, test } from 'vitest';
import { address, formatAddress } from '../../../../src/model/ip/address.ts';
import {
  addressCount,
  firstAddress,
  formatPrefix,
  lastAddress,
  netmask,
  parsePrefix,
  prefix,
  prefixAround,
  prefixContains,
  prefixCovers,
  prefixesOverlap,
  splitPrefix,
  subnetAt,
  summarise,
} from '../../../../src/model/ip/prefix.ts';

describe('parsePrefix', () => {
  test.each(['0.0.0.0/0', '10.244.0.0/16', '10.0.0.1/32', '128.0.0.0/1', '10.0.0.0/31'])(
    'reads %s back',
    (text) => {
      const parsed = parsePrefix(text);
      expect(parsed.ok && formatPrefix(parsed.value)).toBe(text);
    },
  );

  test.each<[says: string, text: string, reason: RegExp, position: number, suggestion?: string]>([
    ['no length', '10.0.0.0', /has no prefix length/, 8, '10.0.0.0/32'],
    ['nothing after the slash', '10.0.0.0/', /has no prefix length after the slash/, 9],
    ['a length above 32', '10.0.0.0/33', /has prefix length 33, above 32/, 9],
    ['a negative length', '10.0.0.0/-1', /has "-1" where a prefix length/, 9],
    ['a length with a leading zero', '10.0.0.0/08', /leading zero/, 9],
    ['letters after the length', '10.0.0.0/8x', /has "x" after the prefix length/, 10],
    ['a second slash', '10.0.0.0/8/8', /has "\/8" after the prefix length/, 10],
    ['a netmask', '10.0.0.0/255.0.0.0', /has "\.0\.0\.0" after the prefix length/, 12],
    ['host bits', '10.240.1.0/16', /bits set after the first 16/, 0, '10.240.0.0/16'],
    ['host bits in the last octet', '10.0.0.130/25', /bits set after the first 25/, 0, '10.0.0.128/25'],
    ['a bad address', '10.0.0/8', /has 3 octets/, 6],
  ])('refuses %s', (_, text, reason, position, suggestion) => {
    const parsed = parsePrefix(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.error.input).toBe(text);
    expect(parsed.error.reason).toMatch(reason);
    expect(parsed.error.position).toBe(position);
    expect(parsed.error.suggestion).toBe(suggestion);
  });
});

describe('a prefix', () => {
  test('has a first and a last address, a count and a mask', () => {
    const p = prefix('10.240.0.0/16');
    expect(formatAddress(firstAddress(p))).toBe('10.240.0.0');
    expect(formatAddress(lastAddress(p))).toBe('10.240.255.255');
    expect(addressCount(p)).toBe(65_536);
    expect(formatAddress(netmask(p))).toBe('255.255.0.0');
    expect(formatAddress(netmask(prefix('0.0.0.0/0')))).toBe('0.0.0.0');
    expect(addressCount(prefix('0.0.0.0/0'))).toBe(2 ** 32);
  });

  test('contains its edges and not their neighbours', () => {
    const p = prefix('10.244.1.0/24');
    expect(prefixContains(p, address('10.244.1.0'))).toBe(true);
    expect(prefixContains(p, address('10.244.1.255'))).toBe(true);
    expect(prefixContains(p, address('10.244.2.0'))).toBe(false);
    expect(prefixContains(p, address('10.244.0.255'))).toBe(false);
    expect(prefixContains(prefix('0.0.0.0/0'), address('255.255.255.255'))).toBe(true);
  });

  test('covers itself and what is inside, and overlap goes both ways', () => {
    expect(prefixCovers(prefix('10.0.0.0/8'), prefix('10.0.0.0/8'))).toBe(true);
    expect(prefixCovers(prefix('10.0.0.0/8'), prefix('10.1.0.0/16'))).toBe(true);
    expect(prefixCovers(prefix('10.1.0.0/16'), prefix('10.0.0.0/8'))).toBe(false);
    expect(prefixesOverlap(prefix('10.1.0.0/16'), prefix('10.0.0.0/8'))).toBe(true);
    expect(prefixesOverlap(prefix('10.1.0.0/16'), prefix('10.2.0.0/16'))).toBe(false);
  });

  test('prefixAround masks, and refuses a length that is none', () => {
    expect(formatPrefix(prefixAround(address('10.240.1.77'), 20))).toBe('10.240.0.0/20');
    expect(formatPrefix(prefixAround(address('255.255.255.255'), 0))).toBe('0.0.0.0/0');
    expect(() => prefixAround(address('10.0.0.0'), 33)).toThrow(RangeError);
    expect(() => prefixAround(address('10.0.0.0'), 1.5)).toThrow(RangeError);
  });
});

describe('splitting', () => {
  test('subnetAt counts from 0 and knows where it ends', () => {
    const podCidr = prefix('10.244.0.0/16');
    expect(subnetAt(podCidr, 24, 0)).toEqual(prefix('10.244.0.0/24'));
    expect(subnetAt(podCidr, 24, 255)).toEqual(prefix('10.244.255.0/24'));
    expect(subnetAt(podCidr, 24, 256)).toBeNull();
    expect(subnetAt(podCidr, 24, -1)).toBeNull();
    expect(subnetAt(podCidr, 24, 0.5)).toBeNull();
    expect(subnetAt(podCidr, 8, 0)).toBeNull();
    expect(subnetAt(podCidr, 33, 0)).toBeNull();
    expect(subnetAt(podCidr, 16, 0)).toEqual(podCidr);
  });

  test('splitPrefix returns all blocks in order', () => {
    expect(splitPrefix(prefix('10.0.0.0/23'), 25).map(formatPrefix)).toEqual([
      '10.0.0.0/25',
      '10.0.0.128/25',
      '10.0.1.0/25',
      '10.0.1.128/25',
    ]);
  });

  test('splitPrefix refuses blocks larger than the prefix and lists nobody can read', () => {
    expect(() => splitPrefix(prefix('10.0.0.0/24'), 23)).toThrow('cannot split a /24 into /23 blocks');
    expect(() => splitPrefix(prefix('0.0.0.0/0'), 32)).toThrow(RangeError);
  });
});

describe('summarise', () => {
  test.each<[says: string, given: string[], expected: string[]]>([
    ['nothing is nothing', [], []],
    ['siblings merge, again and again', ['10.0.0.0/25', '10.0.0.128/25', '10.0.1.0/24'], ['10.0.0.0/23']],
    ['neighbours that are not siblings stay', ['10.0.1.0/24', '10.0.2.0/24'], ['10.0.1.0/24', '10.0.2.0/24']],
    ['what is covered goes', ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8'], ['10.0.0.0/8']],
    ['halves make everything', ['128.0.0.0/1', '0.0.0.0/1'], ['0.0.0.0/0']],
    ['order does not matter', ['10.0.1.0/24', '9.0.0.0/8', '10.0.0.0/24'], ['9.0.0.0/8', '10.0.0.0/23']],
  ])('%s', (_, given, expected) => {
    expect(summarise(given.map(prefix)).map(formatPrefix)).toEqual(expected);
  });
});
