import { describe, expect, test } from 'vitest';
import {
  address,
  addressDistance,
  addressKey,
  addressPlus,
  compareAddresses,
  formatAddress,
  formatIpError,
  parseAddress,
  sameAddress,
} from '../../../../src/model/ip/address.ts';

describe('parseAddress', () => {
  test.each(['0.0.0.0', '10.244.0.1', '127.0.0.1', '255.255.255.255', '128.0.0.0'])(
    'reads %s back',
    (text) => {
      const parsed = parseAddress(text);
      expect(parsed.ok && formatAddress(parsed.value)).toBe(text);
    },
  );

  test.each<[says: string, text: string, reason: RegExp, position: number]>([
    ['empty text', '', /is empty/, 0],
    ['too few octets', '10.0.0', /has 3 octets/, 6],
    ['one octet', '10', /has 1 octet /, 2],
    ['a fifth octet', '10.0.0.1.5', /has "\.5" after the fourth octet/, 8],
    ['an octet above 255', '10.0.0.256', /octet 4 is 256, above 255/, 7],
    ['an octet far above 255', '10.4294967297.0.0', /octet 2 is 4294967297, above 255/, 3],
    ['a leading zero', '10.010.0.1', /octet 2 has a leading zero/, 3],
    ['an empty octet', '10..0.1', /octet 2 is empty/, 3],
    ['an empty last octet', '10.0.0.', /octet 4 is empty/, 7],
    ['letters', '10.0.x.1', /octet 3 has "x" where a digit is needed/, 5],
    ['letters after digits', '10.0.0x.1', /octet 3 has "x" where a digit or a dot/, 6],
    ['a space in front', ' 10.0.0.1', /octet 1 has " "/, 0],
    ['a space behind', '10.0.0.1 ', /after the fourth octet/, 8],
    ['a sign', '-1.0.0.0', /octet 1 has "-"/, 0],
    ['digits that are not ASCII', '١.0.0.1', /octet 1 has "١"/, 0],
    ['IPv6', 'fd00::1', /looks like IPv6/, 4],
    ['a name', 'localhost', /octet 1 has "l"/, 0],
    ['a hexadecimal octet', '0x0a.0.0.1', /octet 1 has "x"/, 1],
  ])('refuses %s and says where', (_, text, reason, position) => {
    const parsed = parseAddress(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.error.input).toBe(text);
    expect(parsed.error.reason).toMatch(reason);
    expect(parsed.error.position).toBe(position);
    expect(formatIpError(parsed.error)).toContain(`at character ${position + 1}`);
  });
});

describe('address sums', () => {
  test('the step over an octet carries', () => {
    expect(addressPlus(address('10.0.0.255'), 1)).toEqual(address('10.0.1.0'));
    expect(addressPlus(address('10.0.1.0'), -1)).toEqual(address('10.0.0.255'));
  });

  test('there is nothing after the last address or before the first', () => {
    expect(addressPlus(address('255.255.255.255'), 1)).toBeNull();
    expect(addressPlus(address('0.0.0.0'), -1)).toBeNull();
  });

  test('the upper half of the space is not negative', () => {
    expect(compareAddresses(address('200.0.0.0'), address('100.0.0.0'))).toBeGreaterThan(0);
    expect(addressDistance(address('0.0.0.0'), address('255.255.255.255'))).toBe(2 ** 32 - 1);
  });

  test('equal addresses are the same and share a key, different ones do not', () => {
    expect(sameAddress(address('10.0.0.1'), address('10.0.0.1'))).toBe(true);
    expect(addressKey(address('10.0.0.1'))).toBe(addressKey(address('10.0.0.1')));
    expect(sameAddress(address('10.0.0.1'), address('10.0.0.2'))).toBe(false);
    expect(addressKey(address('10.0.0.1'))).not.toBe(addressKey(address('10.0.0.2')));
  });

  test('address() throws what parseAddress returns', () => {
    expect(() => address('10.0.0.256')).toThrow('"10.0.0.256" octet 4 is 256, above 255 (at character 8)');
  });
});
