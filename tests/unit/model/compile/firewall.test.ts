import { describe, expect, test } from 'vitest';
import type { FirewallText } from '../../../support/firewall.ts';
import { lastStep, seenAddress } from '../../../support/trace-expectations.ts';
import { ADDRESSES, behindFirewall, traced } from './firewall-world.ts';

const SPOKES = {
  name: 'spokes',
  sourceAddresses: ['10.0.0.0/8'],
  destinationAddresses: ['10.0.0.0/8'],
  destinationPorts: ['80'],
} as const;

const RULES: FirewallText = {
  network: [
    {
      name: 'net',
      priority: 200,
      rules: [
        SPOKES,
        { name: 'ssh', destinationAddresses: [ADDRESSES.web], destinationPorts: ['22'] },
        { name: 'ping', protocols: ['ICMP'], destinationAddresses: [ADDRESSES.web] },
      ],
    },
    {
      name: 'closed',
      priority: 150,
      action: 'Deny',
      rules: [{ name: 'tool', destinationAddresses: ['10.0.1.4'] }],
    },
  ],
  nat: [
    {
      name: 'in',
      priority: 100,
      rules: [
        {
          name: 'one',
          destinationAddresses: [ADDRESSES.firewall],
          destinationPorts: ['8080'],
          translatedAddress: '10.1.1.4',
        },
      ],
    },
  ],
};

describe('network rules', () => {
  test.each<[string, string, string, object, string, string | null]>([
    ['spoke to spoke keeps its source', 'vm/one', 'vm/two', {}, 'delivered', '10.1.1.4'],
    [
      'to the internet by the public address',
      'vm/one',
      ADDRESSES.web,
      { port: 22 },
      'delivered',
      ADDRESSES.firewall,
    ],
    ['ICMP', 'vm/one', ADDRESSES.web, { protocol: 'icmp' }, 'delivered', ADDRESSES.firewall],
    ['what no rule allows', 'vm/one', ADDRESSES.web, { port: 25 }, 'denied-outbound', null],
    ['another protocol', 'vm/one', ADDRESSES.web, { protocol: 'udp', port: 22 }, 'denied-outbound', null],
  ])('%s', async (_name, from, to, more, disposition, seen) => {
    const trace = traced(await behindFirewall(RULES), from, to, more);
    expect([trace.disposition, seenAddress(trace)]).toEqual([disposition, seen]);
  });

  test('the deciding rule has its collection, and those that were asked before it lost', async () => {
    const cloud = await behindFirewall({
      network: [
        { name: 'all', priority: 200, rules: [{ name: 'any', destinationAddresses: ['*'] }] },
        {
          name: 'no',
          priority: 100,
          action: 'Deny',
          rules: [{ name: 'two', destinationAddresses: ['10.2.1.4'] }],
        },
      ],
    });
    const denied = traced(cloud, 'vm/one', 'vm/two');
    expect(denied.disposition).toBe('denied-outbound');
    expect(lastStep(denied).by).toBe('network rule two of collection no (priority 100, Deny) of firewall fw');
    const allowed = traced(cloud, 'vm/one', ADDRESSES.web);
    const filter = allowed.hops
      .find(({ place }) => place === 'firewall/fw')
      ?.steps.find(({ kind }) => kind === 'filter');
    expect(filter).toMatchObject({
      by: 'network rule any of collection all (priority 200, Allow) of firewall fw',
      lost: [
        {
          candidate: 'network rule two of collection no (priority 100, Deny) of firewall fw',
          why: 'it is for other destinations',
        },
      ],
    });
  });
});

describe('DNAT', () => {
  test('lets a client in, who is seen as the firewall’s private address', async () => {
    const trace = traced(await behindFirewall(RULES), 'internet', ADDRESSES.firewall, { port: 8080 });
    expect([trace.disposition, seenAddress(trace)]).toEqual(['delivered', '10.0.0.4']);
  });

  test('what no rule translates is denied at the public address', async () => {
    const trace = traced(await behindFirewall(RULES), 'internet', ADDRESSES.firewall, { port: 81 });
    expect([trace.disposition, trace.hops.at(-1)?.place]).toEqual(['denied-inbound', 'firewall/fw']);
  });
});

test('without an IP configuration it is not there', async () => {
  const trace = traced(await behindFirewall({ ...RULES, place: 'none' }), 'vm/one', 'vm/two');
  expect(trace.disposition).toBe('next-hop-unreachable');
});

describe('a firewall that sees one direction only', () => {
  const ANY: FirewallText = {
    network: [
      {
        name: 'net',
        priority: 200,
        rules: [{ name: 'any', protocols: ['Any'], destinationAddresses: ['*'] }],
      },
    ],
  };
  const route = (name: string, prefix: string, table = 'rt'): string =>
    `az network route-table route create -g rg --route-table-name ${table} -n ${name} --address-prefix ${prefix} --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4 -o none`;
  const bothSides = `
${route('hub', '10.0.1.0/24')}
az network route-table create -g rg -n rt-hub -o none
${route('spoke', '10.1.0.0/16', 'rt-hub')}
az network vnet subnet update -g rg --vnet-name hub -n work --route-table rt-hub -o none`;

  test.each<[string, string, string, string, object, string, RegExp]>([
    [
      'the request passes, the answer goes round',
      route('hub', '10.0.1.0/24'),
      'vm/one',
      'vm/tool',
      {},
      'asymmetric',
      /round firewall fw/,
    ],
    [
      'the answer passes, the request went round',
      route('hub', '10.0.1.0/24'),
      'vm/tool',
      'vm/one',
      {},
      'asymmetric',
      /left no session/,
    ],
    [
      'a datagram needs no handshake',
      route('hub', '10.0.1.0/24'),
      'vm/one',
      'vm/tool',
      { protocol: 'icmp' },
      'delivered',
      /./,
    ],
    ['both directions pass', bothSides, 'vm/one', 'vm/tool', {}, 'delivered', /./],
    ['both directions pass, the other way', bothSides, 'vm/tool', 'vm/one', {}, 'delivered', /./],
  ])('%s', async (_name, script, from, to, more, disposition, reason) => {
    const trace = traced(await behindFirewall(ANY, script), from, to, more);
    expect([trace.disposition, reason.test(trace.reason)]).toEqual([disposition, true]);
  });
});
