/** Tables and sentences of https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview (2023-05-27) as rows. */
import { describe, expect, test } from 'vitest';
import { address } from '../../../../src/model/ip/address.ts';
import { formatPrefix, prefix } from '../../../../src/model/ip/prefix.ts';
import { chooseRoute } from '../../../../src/model/routes/choose.ts';
import type { CandidateRoute } from '../../../../src/model/routes/route.ts';
import { settleRoutes } from '../../../../src/model/routes/settle.ts';
import { systemRoutes } from '../../../../src/model/routes/system.ts';

const SYSTEM = systemRoutes(
  [prefix('10.0.0.0/16')],
  [{ prefixes: [prefix('10.1.0.0/16'), prefix('10.2.0.0/16')], reach: 'same-region' }],
);

type Short = readonly [
  CandidateRoute['source'],
  string,
  CandidateRoute['nextHopType'],
  Partial<CandidateRoute>?,
];

const routesOf = (rows: readonly Short[]): readonly CandidateRoute[] =>
  rows.map(([source, at, nextHopType, more]) => ({ source, prefix: prefix(at), nextHopType, ...more }));

const GATEWAY: Short = ['VirtualNetworkGateway', '10.10.0.0/16', 'VirtualNetworkGateway'];
/** The page writes [X.X.X.X]: an address of storage, here from a documentation range. */
const STORAGE: Short = ['Default', '203.0.113.0/26', 'VirtualNetworkServiceEndpoint'];
const SUBNET_1 = [
  ...SYSTEM,
  ...routesOf([
    GATEWAY,
    STORAGE,
    ['User', '10.0.0.0/16', 'VirtualAppliance'],
    ['User', '10.0.0.0/24', 'VnetLocal'],
    ['User', '10.1.0.0/16', 'None'],
    ['User', '10.2.0.0/16', 'None'],
    ['User', '10.10.0.0/16', 'VirtualAppliance'],
    ['User', '0.0.0.0/0', 'VirtualAppliance'],
  ]),
];
const SUBNET_2 = [...SYSTEM, ...routesOf([GATEWAY])];

const listed = (routes: readonly CandidateRoute[]): readonly string[] =>
  settleRoutes(routes)
    .filter(({ state }) => state !== 'Removed')
    .map(({ route, state }) => `${route.source} ${state} ${formatPrefix(route.prefix)} ${route.nextHopType}`);

const taken = (routes: readonly CandidateRoute[], to: string): string | null => {
  const { winner } = chooseRoute(settleRoutes(routes), address(to));
  return winner === null ? null : `${winner.source} ${formatPrefix(winner.prefix)} ${winner.nextHopType}`;
};

describe('routing example', () => {
  test('Subnet1: twelve routes, and no system route to None', () => {
    expect(new Set(listed(SUBNET_1))).toEqual(
      new Set([
        'Default Invalid 10.0.0.0/16 VnetLocal',
        'User Active 10.0.0.0/16 VirtualAppliance',
        'User Active 10.0.0.0/24 VnetLocal',
        'Default Invalid 10.1.0.0/16 VNetPeering',
        'Default Invalid 10.2.0.0/16 VNetPeering',
        'User Active 10.1.0.0/16 None',
        'User Active 10.2.0.0/16 None',
        'VirtualNetworkGateway Invalid 10.10.0.0/16 VirtualNetworkGateway',
        'User Active 10.10.0.0/16 VirtualAppliance',
        'Default Active 203.0.113.0/26 VirtualNetworkServiceEndpoint',
        'Default Invalid 0.0.0.0/0 Internet',
        'User Active 0.0.0.0/0 VirtualAppliance',
      ]),
    );
  });

  test('Subnet2, with 172.16.0.0/12, which the text has and the example leaves out', () => {
    expect(new Set(listed(SUBNET_2))).toEqual(
      new Set([
        'Default Active 10.0.0.0/16 VnetLocal',
        'Default Active 10.1.0.0/16 VNetPeering',
        'Default Active 10.2.0.0/16 VNetPeering',
        'VirtualNetworkGateway Active 10.10.0.0/16 VirtualNetworkGateway',
        'Default Active 0.0.0.0/0 Internet',
        'Default Active 10.0.0.0/8 None',
        'Default Active 172.16.0.0/12 None',
        'Default Active 100.64.0.0/10 None',
        'Default Active 192.168.0.0/16 None',
      ]),
    );
  });

  test.each([
    ['inside the subnet', '10.0.0.9', 'User 10.0.0.0/24 VnetLocal'],
    ['to another subnet of the VNet', '10.0.1.9', 'User 10.0.0.0/16 VirtualAppliance'],
    ['to the other virtual network', '10.2.7.7', 'User 10.2.0.0/16 None'],
    ['on-premises', '10.10.0.1', 'User 10.10.0.0/16 VirtualAppliance'],
    ['to storage', '203.0.113.5', 'Default 203.0.113.0/26 VirtualNetworkServiceEndpoint'],
    ['to the internet', '198.51.100.1', 'User 0.0.0.0/0 VirtualAppliance'],
    ['to private space of nobody', '192.168.7.7', 'User 0.0.0.0/0 VirtualAppliance'],
  ])('from Subnet1 %s', (_where, to, route) => expect(taken(SUBNET_1, to)).toBe(route));

  test.each([
    ['to the other virtual network', '10.2.7.7', 'Default 10.2.0.0/16 VNetPeering'],
    ['to private space of nobody', '10.3.0.1', 'Default 10.0.0.0/8 None'],
    ['to the internet', '198.51.100.1', 'Default 0.0.0.0/0 Internet'],
  ])('from Subnet2 %s', (_where, to, route) => expect(taken(SUBNET_2, to)).toBe(route));
});

describe('sentences of the page', () => {
  test.each([
    ['the longest prefix wins', '10.0.0.5', 'User 10.0.0.0/24 None'],
    ['and the shorter one has the rest', '10.0.1.5', 'Default 10.0.0.0/16 VnetLocal'],
  ])('%s', (_sentence, to, route) => {
    expect(taken([...SYSTEM, ...routesOf([['User', '10.0.0.0/24', 'None']])], to)).toBe(route);
  });

  test('of equal prefixes a user-defined route wins over the system’s', () => {
    const routes = [...SYSTEM, ...routesOf([['User', '0.0.0.0/0', 'VirtualNetworkGateway']])];
    expect(taken(routes, '198.51.100.1')).toBe('User 0.0.0.0/0 VirtualNetworkGateway');
  });

  test.each([
    ['the VNet', '10.0.3.0/24', '10.0.3.9', 'Default 10.0.0.0/16 VnetLocal'],
    ['a peering', '10.1.3.0/24', '10.1.3.9', 'Default 10.1.0.0/16 VNetPeering'],
    [
      'a service endpoint',
      '203.0.113.8/29',
      '203.0.113.9',
      'Default 203.0.113.0/26 VirtualNetworkServiceEndpoint',
    ],
  ])('system routes for %s are preferred even if BGP routes are more specific', (_what, at, to, route) => {
    const routes = [
      ...SYSTEM,
      ...routesOf([STORAGE, ['VirtualNetworkGateway', at, 'VirtualNetworkGateway']]),
    ];
    expect(taken(routes, to)).toBe(route);
  });

  test('elsewhere a more specific BGP route beats a shorter user-defined one', () => {
    const routes = [...SYSTEM, ...routesOf([GATEWAY, ['User', '10.0.0.0/8', 'VirtualAppliance']])];
    expect(taken(routes, '10.10.0.1')).toBe('VirtualNetworkGateway 10.10.0.0/16 VirtualNetworkGateway');
    expect(taken(routes, '10.11.0.1')).toBe('User 10.0.0.0/8 VirtualAppliance');
  });

  test('a default route learned by BGP takes the internet and the routes to None', () => {
    const routes = [
      ...SYSTEM,
      ...routesOf([['VirtualNetworkGateway', '0.0.0.0/0', 'VirtualNetworkGateway']]),
    ];
    expect(taken(routes, '198.51.100.1')).toBe('VirtualNetworkGateway 0.0.0.0/0 VirtualNetworkGateway');
    expect(listed(routes).filter((each) => each.endsWith('None'))).toEqual([]);
  });

  test.each([
    ['10.0.0.0/8', 'VnetLocal', false],
    ['10.64.0.0/10', 'VnetLocal', true],
  ] as const)('a VNet of %s leaves 10.0.0.0/8 to None: %s', (space, _hop, remains) => {
    const routes = listed(systemRoutes([prefix(space)], []));
    expect(routes.includes('Default Active 10.0.0.0/8 None')).toBe(remains);
  });

  test.each([
    [[null, 'Storage'], null],
    [['AzureCloud', 'AzureCloud.westeurope'], 'AzureCloud.westeurope'],
    [['AzureCloud.westeurope', 'Storage'], 'Storage'],
    [['Storage', 'Storage.WestEurope'], 'Storage.WestEurope'],
    [['AzureFrontDoor.Backend', 'Storage.WestEurope'], 'Storage.WestEurope'],
  ] as const)('of equal prefixes of %j the one of %s counts', (tags, winner) => {
    const routes = tags.map((tag): CandidateRoute => ({
      source: 'User',
      prefix: prefix('203.0.113.0/26'),
      nextHopType: 'Internet',
      ...(tag === null ? {} : { tag }),
    }));
    expect(chooseRoute(settleRoutes(routes), address('203.0.113.1')).winner?.tag ?? null).toBe(winner);
    expect(settleRoutes(routes).filter(({ state }) => state === 'Active')).toHaveLength(1);
  });
});
