import { describe, expect, test } from 'vitest';
import { address, formatAddress } from '../../../../src/model/ip/address.ts';
import { setOf } from '../../../../src/model/ip/address-set.ts';
import { prefix } from '../../../../src/model/ip/prefix.ts';
import {
  chainsAt,
  chooseRoute,
  findListener,
  indexHost,
  isLocal,
  sourceTowards,
  tableFor,
} from '../../../../src/model/network/host-index.ts';
import type { FilterChain } from '../../../../src/model/network/network.ts';
import {
  connected,
  face,
  gateway,
  host,
  listener,
  mainTable,
  route,
} from '../../../support/network-drafts.ts';

const NODE = host('node', 'node', {
  interfaces: [face('eth0', 'cable', '10.224.0.4/16'), face('cbr0', 'bridge', '10.244.0.1/24')],
  tables: mainTable(
    gateway('0.0.0.0/0', '10.224.0.1', 'eth0'),
    connected('10.224.0.0/16', 'eth0'),
    connected('10.244.0.0/24', 'cbr0'),
    route('10.244.0.0/24', { kind: 'drop' }, 'worse', 50),
    route('10.244.0.0/24', { kind: 'drop' }, 'as good, but later', 0),
  ),
  tableOfInterface: new Map([['eth0', 'other']]),
  listeners: [listener(80), { ...listener(10248), address: address('127.0.0.1') }],
});

describe('routes', () => {
  test.each([
    ['a neighbour on the bridge', '10.244.0.9', '10.244.0.0/24 dev cbr0 scope link'],
    ['a neighbour on the cable', '10.224.9.9', '10.224.0.0/16 dev eth0 scope link'],
    ['anything else', '203.0.113.80', 'default via 10.224.0.1 dev eth0'],
  ])('%s', (_, to, by) => {
    expect(chooseRoute(indexHost(NODE), 'main', address(to))?.route.by).toBe(by);
  });

  test('the choice names equals before shorter prefixes', () => {
    const choice = chooseRoute(indexHost(NODE), 'main', address('10.244.0.9'));
    expect(choice?.lost.map(({ candidate }) => candidate)).toEqual([
      'as good, but later',
      'worse',
      'default via 10.224.0.1 dev eth0',
    ]);
  });

  test('a table that does not exist has no routes, and the interface says which table', () => {
    const anyone = address('10.0.0.9');
    expect(tableFor(indexHost(NODE), 'eth0', anyone)).toBe('other');
    expect(tableFor(indexHost(NODE), 'cbr0', anyone)).toBe('main');
    expect(tableFor(indexHost(NODE), null, anyone)).toBe('main');
    expect(chooseRoute(indexHost(NODE), 'other', address('10.244.0.9'))).toBeNull();
  });

  test('sources with a table of their own are looked up there, before the interface is asked', () => {
    const bySource = { source: setOf(prefix('10.0.1.0/24')), table: 'pods' };
    const index = indexHost({ ...NODE, tablesBySource: new Map([['eth0', [bySource]]]) });
    expect(tableFor(index, 'eth0', address('10.0.1.9'))).toBe('pods');
    expect(tableFor(index, 'eth0', address('10.0.2.9'))).toBe('other');
    expect(tableFor(index, 'cbr0', address('10.0.1.9'))).toBe('main');
  });
});

test('own addresses and the loopback range are local, on whichever interface', () => {
  const index = indexHost(NODE);
  expect(
    ['10.224.0.4', '10.244.0.1', '127.0.0.1', '127.9.9.9'].every((each) => isLocal(index, address(each))),
  ).toBe(true);
  expect(['10.224.0.5', '10.244.0.2', '128.0.0.1'].some((each) => isLocal(index, address(each)))).toBe(false);
});

test('a listener takes its protocol, port and address only', () => {
  const to = address('10.224.0.4');
  expect(findListener(NODE, 'tcp', 80, to)?.port).toBe(80);
  expect(findListener(NODE, 'udp', 80, to)).toBeNull();
  expect(findListener(NODE, 'tcp', 81, to)).toBeNull();
  expect(findListener(NODE, 'tcp', 10248, to)).toBeNull();
  expect(findListener(NODE, 'tcp', 10248, address('127.0.0.1'))?.port).toBe(10248);
});

test('a source address shares the prefix of the neighbour if one does, else it is the first', () => {
  const two = {
    ...face('eth0', 'cable', '10.0.0.4/24'),
    addresses: ['10.0.0.4', '10.0.1.4'].map((each) => ({ address: address(each), length: 24 })),
  };
  const chosen = (to: string): string => {
    const found = sourceTowards(host('one', 'node', { interfaces: [two] }), two, address(to));
    return found === null ? 'none' : formatAddress(found);
  };
  expect(chosen('10.0.1.1')).toBe('10.0.1.4');
  expect(chosen('203.0.113.80')).toBe('10.0.0.4');
});

test('an interface without an address borrows the first of another one', () => {
  const bare = face('azv0', 'cable', null);
  const lender = face('eth0', 'wire', '10.0.0.4/24');
  expect(
    sourceTowards(host('one', 'node', { interfaces: [bare, lender] }), bare, address('10.9.0.1')),
  ).toEqual(address('10.0.0.4'));
  expect(sourceTowards(host('one', 'node', { interfaces: [bare] }), bare, address('10.9.0.1'))).toBeNull();
});

test('chains of other interfaces are left out, and the order is the host’s', () => {
  const chain = (by: string, face_: string | null): FilterChain => ({
    by,
    hook: 'ingress',
    interface: face_,
    rules: [],
    otherwise: { kind: 'accept' },
  });
  const index = indexHost({
    ...NODE,
    chains: [chain('cable', 'eth0'), chain('all', null), chain('bridge', 'cbr0')],
  });
  expect(chainsAt(index, 'ingress', 'eth0').map(({ by }) => by)).toEqual(['cable', 'all']);
  expect(chainsAt(index, 'ingress', 'cbr0').map(({ by }) => by)).toEqual(['all', 'bridge']);
  expect(chainsAt(index, 'egress', 'eth0')).toEqual([]);
});
