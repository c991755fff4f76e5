import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../../src/model/ip/address.ts';
import {
  addressCount,
  formatPrefix,
  prefix,
  prefixCovers,
  prefixesOverlap,
} from '../../../src/model/ip/prefix.ts';
import {
  MOST_LISTED,
  smallestSubnetLength,
  splitSubnets,
  subnetFacts,
  usableAddresses,
} from '../../../src/planner/subnet-splitter.ts';
import type { SplitMode, SubnetRequest } from '../../../src/planner/subnet-splitter.ts';

const named = (text: string, name: string | null = null) => ({ name, prefix: prefix(text) });
const hosts = (count: number, name: string | null = null): SubnetRequest => ({
  name,
  wants: { kind: 'hosts', hosts: count },
});

describe('Azure keeps five addresses of each subnet', () => {
  // Usable counts: Azure Virtual Network FAQ.
  test.each([
    ['/29', 29, 3],
    ['/28', 28, 11],
    ['/27', 27, 27],
    ['/26', 26, 59],
    ['/25', 25, 123],
    ['/24', 24, 251],
    ['/23', 23, 507],
    ['/22', 22, 1_019],
    ['/21', 21, 2_043],
    ['a /30, which is no subnet,', 30, 0],
  ])('%s gives out so many', (_, length, usable) => {
    expect(usableAddresses(length)).toBe(usable);
  });

  test('the first four and the last of the block', () => {
    const facts = subnetFacts(prefix('10.224.0.0/24'));
    expect(facts.reserved.map(formatAddress)).toEqual([
      '10.224.0.0',
      '10.224.0.1',
      '10.224.0.2',
      '10.224.0.3',
      '10.224.0.255',
    ]);
    expect([facts.firstUsable, facts.lastUsable].map((each) => each && formatAddress(each))).toEqual([
      '10.224.0.4',
      '10.224.0.254',
    ]);
  });

  test.each([
    ['one address', 1, 29],
    ['exactly what a /29 has', 3, 29],
    ['one more than a /29 has', 4, 28],
    ['exactly what a /24 has', 251, 24],
    ['one more than a /24 has', 252, 23],
    ['the documented 1,581 addresses of 51 nodes with 30 pods', 1_581, 21],
    ['the documented 1,891 addresses of 61 nodes with 30 pods', 1_891, 21],
    ['more than IPv4 has', 2 ** 32, null],
  ])('the smallest subnet for %s', (_, count, length) => {
    expect(smallestSubnetLength(count)).toBe(length);
  });
});

describe('splitting', () => {
  const split = (space: string, mode: SplitMode, ...existing: string[]) =>
    splitSubnets({ space: prefix(space), mode, existing: existing.map((each) => named(each)) });

  test.each<[string, string, SplitMode, string[], string[], string[]]>([
    [
      'every block of a length',
      '10.0.0.0/22',
      { kind: 'every', length: 24 },
      [],
      ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24'],
      [],
    ],
    [
      'every block that is still free',
      '10.0.0.0/22',
      { kind: 'every', length: 24 },
      ['10.0.1.128/25'],
      ['10.0.0.0/24', '10.0.2.0/24', '10.0.3.0/24'],
      ['10.0.1.0/25'],
    ],
    [
      'the first few, with the rest left free',
      '10.0.0.0/22',
      { kind: 'first', length: 24, count: 3 },
      [],
      ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
      ['10.0.3.0/24'],
    ],
    [
      'the space as its own only part',
      '10.0.0.0/24',
      { kind: 'first', length: 24, count: 1 },
      [],
      ['10.0.0.0/24'],
      [],
    ],
    ['nothing when only described', '10.0.0.0/24', { kind: 'describe' }, [], [], ['10.0.0.0/24']],
    ['nothing when all is taken', '10.0.0.0/24', { kind: 'every', length: 26 }, ['10.0.0.0/16'], [], []],
  ])('%s', (_, space, mode, existing, subnets, free) => {
    const plan = split(space, mode, ...existing);
    expect(plan.subnets.map((each) => formatPrefix(each.prefix))).toEqual(subnets);
    expect(plan.free.map(formatPrefix)).toEqual(free);
  });

  test('a count that is not free is reported as missing, not shrunk', () => {
    const plan = split('10.0.0.0/23', { kind: 'first', length: 24, count: 2 }, '10.0.0.0/25');
    expect(plan.subnets.map((each) => formatPrefix(each.prefix))).toEqual(['10.0.1.0/24']);
    expect(plan.missing).toBe(1);
  });

  test('a split into very many is counted and not listed in full', () => {
    const plan = split('10.0.0.0/8', { kind: 'every', length: 29 });
    expect(plan.subnetCount).toBe(2 ** 21);
    expect(plan.subnets).toHaveLength(MOST_LISTED);
    expect(plan.freeAddresses).toBe(0);
  });

  test('requests keep their order, and the largest is placed first', () => {
    const plan = splitSubnets({
      space: prefix('10.0.0.0/24'),
      mode: { kind: 'requests', requests: [hosts(20, 'small'), hosts(100, 'large')] },
      existing: [],
    });
    expect(plan.subnets.map((each) => [each.request?.name, formatPrefix(each.prefix)])).toEqual([
      ['small', '10.0.0.128/27'],
      ['large', '10.0.0.0/25'],
    ]);
  });

  test('a request without room is named with what is free', () => {
    const plan = splitSubnets({
      space: prefix('10.0.0.0/24'),
      mode: { kind: 'requests', requests: [hosts(100), hosts(100), hosts(100)] },
      existing: [],
    });
    expect(plan.subnets).toHaveLength(2);
    expect(plan.unplaced).toMatchObject([{ length: 25, freeAddresses: 0, largestFree: null }]);
  });

  test.each([
    ['one inside another', ['10.0.0.0/16', '10.0.4.0/24'], ['10.0.0.0/16 with 10.0.4.0/24: 10.0.4.0/24']],
    ['the same twice', ['10.0.0.0/24', '10.0.0.0/24'], ['10.0.0.0/24 with 10.0.0.0/24: 10.0.0.0/24']],
    ['neighbours', ['10.0.0.0/24', '10.0.1.0/24'], []],
  ])('overlaps name both prefixes: %s', (_, existing, expected) => {
    const plan = split('10.0.0.0/8', { kind: 'describe' }, ...existing);
    expect(
      plan.overlaps.map(
        ({ first, second, shared }) =>
          `${formatPrefix(first.prefix)} with ${formatPrefix(second.prefix)}: ${formatPrefix(shared)}`,
      ),
    ).toEqual(expected);
  });
});

describe('properties of a plan', () => {
  const inputs = fc.record({
    requests: fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 }),
    taken: fc.array(fc.record({ at: fc.nat(31), length: fc.integer({ min: 24, max: 27 }) }), {
      maxLength: 4,
    }),
  });
  const space = prefix('10.20.0.0/21');
  const plan = ({ requests, taken }: { requests: number[]; taken: { at: number; length: number }[] }) =>
    splitSubnets({
      space,
      mode: { kind: 'requests', requests: requests.map((count) => hosts(count)) },
      existing: taken.map(({ at, length }) =>
        named(`10.20.${at % 8}.${(at % 2 ** (length - 24)) * 2 ** (32 - length)}/${length}`),
      ),
    });

  test('no subnet overlaps another, what exists, or the outside, and each has room', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { subnets, existing } = plan(input);
        subnets.forEach((subnet, i) => {
          expect(prefixCovers(space, subnet.prefix)).toBe(true);
          for (const other of [...existing, ...subnets.slice(i + 1)]) {
            expect(prefixesOverlap(subnet.prefix, other.prefix)).toBe(false);
          }
          const wants = subnet.request?.wants;
          if (wants?.kind === 'hosts') expect(subnet.usable).toBeGreaterThanOrEqual(wants.hosts);
        });
      }),
    );
  });

  test('placed, taken and free addresses are the whole space', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { subnets, free, existing } = plan(input);
        const owner = new Map<number, number>();
        const blocks = [
          ...subnets.map((each) => each.prefix),
          ...existing.map((each) => each.prefix),
          ...free,
        ];
        // Slow and plain: count each address of the space in units of the smallest block there is.
        for (const block of blocks) {
          for (let bits = block.address.bits; bits < block.address.bits + addressCount(block); bits++) {
            owner.set(bits, (owner.get(bits) ?? 0) + 1);
          }
        }
        expect(owner.size).toBe(addressCount(space));
      }),
      { numRuns: 40 },
    );
  });

  test('a request is left out only when no order of placing could have taken all', () => {
    const small = fc.record({
      requests: fc.array(fc.constantFrom(3, 11, 27, 59), { minLength: 1, maxLength: 5 }),
      taken: fc.array(fc.nat(15), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(small, ({ requests, taken }) => {
        const existing = [...new Set(taken)].map((at) => named(`10.0.0.${at * 8}/29`));
        const result = splitSubnets({
          space: prefix('10.0.0.0/25'),
          mode: { kind: 'requests', requests: requests.map((count) => hosts(count)) },
          existing,
        });
        const units = requests.map((count) => (count + 5) / 8);
        const free = new Set([...Array(16).keys()].filter((at) => !taken.includes(at)));
        expect(result.unplaced.length === 0).toBe(canPlaceAll(units, free));
      }),
    );
  });
});

/** The slow twin: tries every aligned place for every block. */
function canPlaceAll(units: readonly number[], free: ReadonlySet<number>): boolean {
  const [first, ...rest] = units;
  if (first === undefined) return true;
  for (let at = 0; at < 16; at += first) {
    const block = [...Array(first).keys()].map((i) => at + i);
    if (!block.every((each) => free.has(each))) continue;
    if (canPlaceAll(rest, new Set([...free].filter((each) => !block.includes(each))))) return true;
  }
  return false;
}
