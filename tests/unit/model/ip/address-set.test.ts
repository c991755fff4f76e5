import { describe, expect, test } from 'vitest';
import { address } from '../../../../src/model/ip/address.ts';
import {
  everyAddress,
  noAddress,
  setComplement,
  setContains,
  setCovers,
  setIntersect,
  setIsEmpty,
  setOf,
  setOfAddresses,
  setOfRange,
  setSize,
  setSubtract,
  setToPrefixes,
  setUnion,
} from '../../../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../../../src/model/ip/address-set.ts';
import { formatPrefix, prefix } from '../../../../src/model/ip/prefix.ts';

function shown(set: AddressSet): string[] {
  return setToPrefixes(set).map(formatPrefix);
}

describe('an address set', () => {
  test('joins neighbours and overlaps into the fewest prefixes', () => {
    const set = setOf(prefix('10.0.1.0/24'), prefix('10.0.0.0/24'), prefix('10.0.0.128/25'));
    expect(shown(set)).toEqual(['10.0.0.0/23']);
    expect(setSize(set)).toBe(512);
  });

  test('subtracts a hole', () => {
    expect(shown(setSubtract(setOf(prefix('10.0.0.0/22')), setOf(prefix('10.0.1.0/24'))))).toEqual([
      '10.0.0.0/24',
      '10.0.2.0/23',
    ]);
  });

  test('intersects', () => {
    const set = setIntersect(
      setOf(prefix('10.0.0.0/8'), prefix('192.168.0.0/16')),
      setOf(prefix('10.1.0.0/16')),
    );
    expect(shown(set)).toEqual(['10.1.0.0/16']);
  });

  test('a range that is no block becomes several', () => {
    expect(shown(setOfRange(address('10.0.0.1'), address('10.0.0.6')))).toEqual([
      '10.0.0.1/32',
      '10.0.0.2/31',
      '10.0.0.4/31',
      '10.0.0.6/32',
    ]);
    expect(setIsEmpty(setOfRange(address('10.0.0.6'), address('10.0.0.1')))).toBe(true);
  });

  test('holds both ends of the address space', () => {
    expect(setContains(everyAddress, address('0.0.0.0'))).toBe(true);
    expect(setContains(everyAddress, address('255.255.255.255'))).toBe(true);
    expect(shown(everyAddress)).toEqual(['0.0.0.0/0']);
    expect(setComplement(everyAddress)).toEqual(noAddress);
    expect(setComplement(noAddress)).toEqual(everyAddress);
  });

  test('contains what was put in and nothing else', () => {
    const set = setUnion(setOf(prefix('10.0.0.0/24')), setOfAddresses([address('10.9.9.9')]));
    expect(setContains(set, address('10.0.0.255'))).toBe(true);
    expect(setContains(set, address('10.9.9.9'))).toBe(true);
    expect(setContains(set, address('10.0.1.0'))).toBe(false);
    expect(setContains(set, address('10.9.9.8'))).toBe(false);
    expect(setContains(noAddress, address('10.9.9.8'))).toBe(false);
  });

  test('covers its parts, and itself', () => {
    const set = setOf(prefix('10.0.0.0/8'));
    expect(setCovers(set, setOf(prefix('10.1.0.0/16')))).toBe(true);
    expect(setCovers(set, set)).toBe(true);
    expect(setCovers(setOf(prefix('10.1.0.0/16')), set)).toBe(false);
  });
});
