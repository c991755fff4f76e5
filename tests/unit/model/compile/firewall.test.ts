import { describe, expect, test } from 'vitest';
import type { RuleCollectionGroup } from '../../../../src/model/azure/firewall-resources.ts';
import { resourceId } from '../../../../src/model/azure/resource-store.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { networkRule, putPolicy } from '../../../support/firewall.ts';
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

const ANY_RULE: FirewallText = {
  network: [
    { name: 'net', priority: 200, rules: [{ name: 'any', protocols: ['Any'], destinationAddresses: ['*'] }] },
  ],
};

describe('sources', () => {
  const APPLICATION: FirewallText = {
    application: [{ name: 'app', priority: 200, rules: [{ name: 'all', targetFqdns: ['*'] }] }],
  };
  const settings = (ranges: string): FirewallText => ({
    ...ANY_RULE,
    settings: { 'Network.SNAT.PrivateRanges': ranges },
  });
  const gateway = `
az network public-ip create -g rg -n nat-ip -o none
az network nat gateway create -g rg -n nat --public-ip-addresses nat-ip -o none
az network vnet subnet update -g rg --vnet-name hub -n AzureFirewallSubnet --nat-gateway nat -o none`;

  // https://learn.microsoft.com/azure/firewall/snat-private-range, 2024-06-18
  test.each<[string, FirewallText, string, string, string, string | null]>([
    [
      'application rules translate towards private ranges',
      APPLICATION,
      'vm/one',
      'http://10.2.1.4',
      'delivered',
      '10.0.0.4',
    ],
    [
      'always: 255.255.255.255/32',
      settings('255.255.255.255/32'),
      'vm/one',
      'vm/two',
      'delivered',
      '10.0.0.4',
    ],
    [
      'never: 0.0.0.0/0 keeps it towards a spoke',
      settings('0.0.0.0/0'),
      'vm/one',
      'vm/two',
      'delivered',
      '10.1.1.4',
    ],
    [
      'and leaves no way to the internet',
      settings('0.0.0.0/0'),
      'vm/one',
      ADDRESSES.web,
      'no-outbound-path',
      null,
    ],
    ['no public address', { ...ANY_RULE, publicIps: [] }, 'vm/one', ADDRESSES.web, 'no-outbound-path', null],
    [
      'no public address, and between spokes',
      { ...ANY_RULE, publicIps: [] },
      'vm/one',
      'vm/two',
      'delivered',
      '10.1.1.4',
    ],
  ])('%s', async (_name, text, from, to, disposition, seen) => {
    const trace = traced(await behindFirewall(text), from, to);
    expect([trace.disposition, seenAddress(trace)]).toEqual([disposition, seen]);
  });

  test('behind a NAT gateway the firewall’s private address goes to the gateway, without translation twice', async () => {
    const cloud = await behindFirewall(ANY_RULE, gateway);
    const trace = traced(cloud, 'vm/one', ADDRESSES.web);
    expect(trace.disposition).toBe('delivered');
    const places = trace.hops.map(({ place }) => place);
    expect(places).toEqual([
      'vm/one',
      'fabric/spoke1',
      'fabric/hub',
      'firewall/fw',
      'fabric/hub',
      'natgw/nat',
      'edge/internet',
      'host/internet',
    ]);
    expect(trace.hops[3]?.steps.at(-1)).toMatchObject({ kind: 'translate' });
    expect(seenAddress(trace)).not.toBe(ADDRESSES.firewall);
  });

  test('several public addresses share the flows', async () => {
    const cloud = await behindFirewall({ ...ANY_RULE, publicIps: ['fw-ip', 'fw-ip2'] });
    const seen = new Set(
      Array.from({ length: 40 }, (_, at) =>
        seenAddress(traced(cloud, 'vm/one', ADDRESSES.web, { sourcePort: 40_000 + at })),
      ),
    );
    expect(seen).toEqual(new Set([ADDRESSES.firewall, ADDRESSES.second]));
  });
});

describe('on-premises', () => {
  const transit = `
az network vnet peering update -g rg --vnet-name spoke1 -n to-hub --set useRemoteGateways=true -o none`;
  const fromGateway = `
az network route-table create -g rg -n rt-gateway -o none
az network route-table route create -g rg --route-table-name rt-gateway -n spoke1 --address-prefix 10.1.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4 -o none
az network vnet subnet update -g rg --vnet-name hub -n GatewaySubnet --route-table rt-gateway -o none`;
  const noPropagation = `
az network route-table update -g rg -n rt --disable-bgp-route-propagation true -o none`;

  test.each<[string, string, string, string, string]>([
    ['both ways round the firewall', transit, 'host/office', 'vm/one', 'delivered'],
    [
      'the spoke answers by the firewall, the office came in round it',
      transit + noPropagation,
      'host/office',
      'vm/one',
      'asymmetric',
    ],
    [
      'the office comes in by the firewall, the spoke answers round it',
      transit + fromGateway,
      'host/office',
      'vm/one',
      'asymmetric',
    ],
    [
      'both ways by the firewall',
      transit + noPropagation + fromGateway,
      'host/office',
      'vm/one',
      'delivered',
    ],
    [
      'both ways by the firewall, from the spoke',
      transit + noPropagation + fromGateway,
      'vm/one',
      'host/office',
      'delivered',
    ],
  ])('%s', async (_name, script, from, to, disposition) => {
    const trace = traced(await behindFirewall(ANY_RULE, script), from, to);
    expect(trace.disposition, trace.reason).toBe(disposition);
  });
});

describe('routes', () => {
  test('a route to an address in the hub that nobody has', async () => {
    const cloud = await behindFirewall(
      ANY_RULE,
      'az network route-table route update -g rg --route-table-name rt -n all --next-hop-ip-address 10.0.0.9 -o none',
    );
    expect(traced(cloud, 'vm/one', 'vm/two').disposition).toBe('next-hop-unreachable');
  });

  test('a route on AzureFirewallSubnet to an appliance takes what is for public addresses, with the private source', async () => {
    const cloud = await behindFirewall(
      ANY_RULE,
      `az network route-table create -g rg -n rt-fw -o none
az network route-table route create -g rg --route-table-name rt-fw -n all --address-prefix 0.0.0.0/0 --next-hop-type Internet -o none
az network route-table route create -g rg --route-table-name rt-fw -n web --address-prefix 203.0.113.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 -o none
az network vnet subnet update -g rg --vnet-name hub -n AzureFirewallSubnet --route-table rt-fw -o none`,
    );
    const trace = traced(cloud, 'vm/one', ADDRESSES.web);
    expect(trace.hops.find(({ place }) => place === 'firewall/fw')?.steps.at(-1)).toMatchObject({
      kind: 'translate',
      action: 'source 10.1.1.4 becomes 10.0.0.4',
    });
    expect(trace.hops.at(-1)?.place).toBe('fabric/hub');
  });
});

describe('netpath’s END', () => {
  test('is the public address from the internet, else the private one', async () => {
    const cloud = await behindFirewall(RULES);
    const to = (from: string) => traced(cloud, from, 'firewall/fw', { port: 8080 }).flow.destination;
    expect(formatAddress(to('internet').address)).toBe(ADDRESSES.firewall);
    expect(formatAddress(to('vm/one').address)).toBe('10.0.0.4');
    expect(ask(cloud, { from: 'vm/one', to: 'firewall/fv' })).toMatchObject({
      error: { suggestions: ['firewall/fw'] },
    });
    expect(ask(cloud, { from: 'firewall/fw', to: 'vm/one' })).toMatchObject({ ok: false });
  });
});

test('rules of policies are named with their group and policy', async () => {
  const groups = (name: string, action: 'Allow' | 'Deny'): RuleCollectionGroup[] => [
    {
      id: `/groups/${name}`,
      name,
      etag: '',
      provisioningState: 'Succeeded',
      priority: 200,
      ruleCollections: [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          name: `${name}-net`,
          priority: 300,
          action: { type: action },
          rules: [{ ...policyRule, name: 'web', destinationPorts: action === 'Deny' ? ['22'] : ['*'] }],
        },
      ],
    },
  ];
  const { protocols: ipProtocols, ...rest } = networkRule({ name: 'web', destinationAddresses: ['*'] });
  const policyRule = { ...rest, ipProtocols, ruleType: 'NetworkRule' as const };
  const base = putPolicy(await behindFirewall({ policy: 'own' }), 'base', {
    ruleCollectionGroups: groups('platform', 'Deny'),
  });
  const cloud = putPolicy(base, 'own', {
    ruleCollectionGroups: groups('team', 'Allow'),
    basePolicy: { id: resourceId(base, 'rg', 'Microsoft.Network/firewallPolicies', 'base') },
  });
  const denied = traced(cloud, 'vm/one', ADDRESSES.web, { port: 22 });
  expect(lastStep(denied).by).toBe(
    'network rule web of collection platform-net (priority 300, Deny), group platform (priority 200), policy base',
  );
  const allowed = traced(cloud, 'vm/one', ADDRESSES.web);
  const filter = allowed.hops.flatMap(({ steps }) => steps).find(({ kind }) => kind === 'filter');
  expect(filter).toMatchObject({
    by: 'network rule web of collection team-net (priority 300, Allow), group team (priority 200), policy own',
    lost: [{ why: 'it is for other destination ports' }],
  });
});
