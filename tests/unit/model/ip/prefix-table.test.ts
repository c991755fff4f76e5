import { expect, test } from 'vitest';
import { address } from '../../../../src/model/ip/address.ts';
import { prefix } from '../../../../src/model/ip/prefix.ts';
import { buildPrefixTable, lookup, lookupAll } from '../../../../src/model/ip/prefix-table.ts';

const table = buildPrefixTable(
  ['0.0.0.0/0', '10.0.0.0/8', '10.244.0.0/16', '10.244.1.0/24', '10.244.1.9/32', '10.244.2.0/24'].map(
    (text) => [prefix(text), text] as const,
  ),
);

test.each<[says: string, to: string, matches: string[]]>([
  [
    'the longest comes first',
    '10.244.1.9',
    ['10.244.1.9/32', '10.244.1.0/24', '10.244.0.0/16', '10.0.0.0/8', '0.0.0.0/0'],
  ],
  [
    'after a hole the block goes on',
    '10.244.1.10',
    ['10.244.1.0/24', '10.244.0.0/16', '10.0.0.0/8', '0.0.0.0/0'],
  ],
  [
    'the next block begins where one ends',
    '10.244.2.0',
    ['10.244.2.0/24', '10.244.0.0/16', '10.0.0.0/8', '0.0.0.0/0'],
  ],
  ['between blocks the cover matches', '10.244.3.0', ['10.244.0.0/16', '10.0.0.0/8', '0.0.0.0/0']],
  ['behind everything only the default matches', '11.0.0.0', ['0.0.0.0/0']],
  ['the last address', '255.255.255.255', ['0.0.0.0/0']],
])('%s: %s', (_, to, matches) => {
  expect(lookupAll(table, address(to)).map((entry) => entry.value)).toEqual(matches);
  expect(lookup(table, address(to))?.value).toBe(matches[0]);
});

test('without a default route there may be no match', () => {
  const small = buildPrefixTable([[prefix('10.0.0.0/8'), 'ten'] as const]);
  expect(lookup(small, address('9.255.255.255'))).toBeNull();
  expect(lookup(small, address('11.0.0.0'))).toBeNull();
  expect(lookupAll(small, address('11.0.0.0'))).toEqual([]);
  expect(lookup(buildPrefixTable([]), address('10.0.0.0'))).toBeNull();
});

test('of equal prefixes the later one counts', () => {
  const twice = buildPrefixTable([
    [prefix('10.0.0.0/8'), 'first'],
    [prefix('10.0.0.0/16'), 'inner'],
    [prefix('10.0.0.0/8'), 'second'],
  ] as const);
  expect(lookupAll(twice, address('10.0.0.0')).map((entry) => entry.value)).toEqual(['inner', 'second']);
  expect(twice.size).toBe(2);
});

test('a block that ends at the end of the address space is closed', () => {
  const end = buildPrefixTable([[prefix('255.0.0.0/8'), 'end'] as const]);
  expect(lookup(end, address('255.255.255.255'))?.value).toBe('end');
  expect(lookup(end, address('254.255.255.255'))).toBeNull();
});
