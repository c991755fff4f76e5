import fc from 'fast-check';
import { IPv4 } from 'ip-num';
import { describe, expect, test } from 'vitest';
import {
  address,
  addressPlus,
  addressDistance,
  formatAddress,
  parseAddress,
} from '../../src/model/ip/address.ts';
import {
  setContains,
  setIntersect,
  setOf,
  setSize,
  setSubtract,
  setToPrefixes,
  setUnion,
} from '../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../src/model/ip/address-set.ts';
import {
  addressCount,
  formatPrefix,
  lastAddress,
  parsePrefix,
  prefixAround,
  prefixCovers,
  prefixesOverlap,
  splitPrefix,
  summarise,
} from '../../src/model/ip/prefix.ts';
import type { Prefix } from '../../src/model/ip/prefix.ts';
import { buildPrefixTable, lookup, lookupAll } from '../../src/model/ip/prefix-table.ts';
import { anyAddressText } from '../support/address-text.ts';
import { slowSet, universe } from '../support/golden/slow-address-set.ts';
import { slowLookupAll } from '../support/golden/slow-prefix-table.ts';

/** Prefixes crowded into few ranges, so that they nest. */
const nestedPrefix: fc.Arbitrary<Prefix> = fc
  .tuple(
    fc.oneof(
      anyAddressText(),
      fc
        .tuple(fc.constantFrom(0, 10, 255), fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 255))
        .map(([first, second, last]) => `${first}.${second}.${last}.${last}`),
    ),
    fc.integer({ min: 0, max: 32 }),
  )
  .map(([text, length]) => prefixAround(address(text), length));

describe('addresses', () => {
  test('what is formatted is read back', () => {
    fc.assert(
      fc.property(anyAddressText(), (text) => {
        expect(formatAddress(address(text))).toBe(text);
      }),
    );
  });

  test('any text is an address or an error that points into it', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9./ x]{0,18}$/), anyAddressText());
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseAddress(input);
        if (parsed.ok) return formatAddress(parsed.value) === input;
        return (
          parsed.error.input === input && parsed.error.position >= 0 && parsed.error.position <= input.length
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('ip-num reads the same address, and none where it reads none', () => {
    const octet = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.constantFrom('', '00', '1e2'));
    const text = fc.oneof(
      anyAddressText(),
      fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.')),
    );
    const valueByIpNum = (input: string): number | null => {
      try {
        return Number(IPv4.fromDecimalDottedString(input).value);
      } catch {
        return null;
      }
    };
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseAddress(input);
        const value = valueByIpNum(input);
        if (parsed.ok) expect(addressDistance(address('0.0.0.0'), parsed.value)).toBe(value);
        // ip-num also takes leading zeros, which some programs read as octal.
        else expect(value === null || /(^|\.)0\d/.test(input)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('prefixes', () => {
  test('what is formatted is read back, and a suggestion is right the second time', () => {
    fc.assert(
      fc.property(anyAddressText(), fc.integer({ min: 0, max: 32 }), (text, length) => {
        const parsed = parsePrefix(`${text}/${length}`);
        if (parsed.ok) return formatPrefix(parsed.value) === `${text}/${length}`;
        return parsePrefix(parsed.error.suggestion ?? '').ok;
      }),
    );
  });

  test('overlap is one covering the other, and splitting loses and invents nothing', () => {
    fc.assert(
      fc.property(nestedPrefix, nestedPrefix, fc.integer({ min: 0, max: 8 }), (a, b, more) => {
        expect(prefixesOverlap(a, b)).toBe(setSize(setIntersect(setOf(a), setOf(b))) > 0);
        const parts = splitPrefix(a, Math.min(32, a.length + more));
        expect(summarise(parts)).toEqual([a]);
        expect(parts.every((part) => prefixCovers(a, part))).toBe(true);
        expect(parts.reduce((sum, part) => sum + addressCount(part), 0)).toBe(addressCount(a));
      }),
    );
  });

  test('summarise agrees with the address set', () => {
    fc.assert(
      fc.property(fc.array(nestedPrefix, { maxLength: 30 }), (prefixes) => {
        expect(summarise(prefixes)).toEqual(setToPrefixes(setOf(...prefixes)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('address sets against lists of addresses', () => {
  const blocks = fc.array(
    fc.record({ octet: fc.integer({ min: 0, max: 255 }), length: fc.integer({ min: 24, max: 32 }) }),
    { maxLength: 6 },
  );
  const fast = (given: readonly { octet: number; length: number }[]): AddressSet =>
    setOf(...given.map(({ octet, length }) => prefixAround(address(`10.0.0.${octet}`), length)));

  test('union, intersection and difference', () => {
    fc.assert(
      fc.property(blocks, blocks, (a, b) => {
        const [slowA, slowB] = [slowSet(a), slowSet(b)];
        const [fastA, fastB] = [fast(a), fast(b)];
        const [union, both, rest] = [
          setUnion(fastA, fastB),
          setIntersect(fastA, fastB),
          setSubtract(fastA, fastB),
        ];
        for (const text of universe()) {
          const at = address(text);
          expect(setContains(union, at)).toBe(slowA.has(text) || slowB.has(text));
          expect(setContains(both, at)).toBe(slowA.has(text) && slowB.has(text));
          expect(setContains(rest, at)).toBe(slowA.has(text) && !slowB.has(text));
        }
        expect(setSize(union)).toBe(new Set([...slowA, ...slowB]).size);
        expect(setOf(...setToPrefixes(rest))).toEqual(rest);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the longest-prefix table against its slow twin', () => {
  test('the same matches in the same order, at random and at the edges of every entry', () => {
    fc.assert(
      fc.property(
        fc.array(nestedPrefix, { maxLength: 60 }),
        fc.array(anyAddressText(), { maxLength: 20 }),
        (prefixes, others) => {
          const table = buildPrefixTable(prefixes.map((each, value) => [each, value] as const));
          const slow = prefixes.map((each, value) => ({ prefix: formatPrefix(each), value }));
          const edges = prefixes
            .flatMap((each) => [
              each.address,
              lastAddress(each),
              addressPlus(each.address, -1),
              addressPlus(lastAddress(each), 1),
            ])
            .filter((each) => each !== null);
          for (const at of [...edges, ...others.map(address)]) {
            const expected = slowLookupAll(slow, formatAddress(at));
            expect(lookupAll(table, at).map((entry) => entry.value)).toEqual(expected);
            expect(lookup(table, at)?.value).toBe(expected[0]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
