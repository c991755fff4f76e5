import { describe, expect, test } from 'vitest';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import { findResource } from '../../../../src/model/azure/resource-store.ts';
import {
  changeRoutes,
  createRoute,
  createRouteTable,
  updateRoute,
} from '../../../../src/model/azure/route-table.ts';
import type { RouteProperties } from '../../../../src/model/azure/route-table.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { ROUTES_PER_ROUTE_TABLE } from '../../../../src/model/limits/azure-network.ts';
import { unwrap } from '../../../../src/model/result.ts';

const named = (name: string) => ({ resourceGroup: 'rg', routeTable: 'rt', name });
const toAppliance: RouteProperties = {
  addressPrefix: '0.0.0.0/0',
  nextHopType: 'VirtualAppliance',
  nextHopIpAddress: '10.0.0.4',
};

function start(): Cloud {
  const group = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  return unwrap(createRouteTable(group, { resourceGroup: 'rg', name: 'rt' }));
}

const tableOf = (cloud: Cloud) => {
  const table = findResource(cloud, 'Microsoft.Network/routeTables', 'rg', 'rt');
  if (table === null) throw new Error('the route table is gone');
  return table;
};

describe('a route is refused', () => {
  test.each([
    [
      'to an appliance without its address',
      { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance' },
      'MissingNextHopIpAddress',
    ],
    [
      'with an address for another hop',
      { ...toAppliance, nextHopType: 'None' },
      'NextHopIpAddressNotAllowed',
    ],
    ['with host bits', { ...toAppliance, addressPrefix: '10.0.0.1/8' }, 'InvalidCIDRNotation'],
    [
      'to something that is no address',
      { ...toAppliance, nextHopIpAddress: 'firewall' },
      'InvalidIPAddressFormat',
    ],
    ['to a tag of its own network', { ...toAppliance, addressPrefix: 'VirtualNetwork' }, 'NotSimulated'],
    ['to no service tag', { ...toAppliance, addressPrefix: 'Storag' }, 'InvalidAddressPrefixFormat'],
  ] as const)('%s', (_case, properties, code) => {
    expect(createRoute(start(), named('r'), properties)).toMatchObject({ ok: false, error: { code } });
  });

  test('for a prefix that another route has', () => {
    const cloud = unwrap(createRoute(start(), named('a'), toAppliance));
    expect(createRoute(cloud, named('b'), { addressPrefix: '0.0.0.0/0', nextHopType: 'None' })).toMatchObject(
      {
        ok: false,
        error: {
          code: 'RouteConflict',
          message: 'Route: b conflicts with Route: a. Routes cannot have the same AddressPrefix.',
        },
      },
    );
  });

  test('beyond the limit of the table', () => {
    const routes = Array.from({ length: ROUTES_PER_ROUTE_TABLE.value }, (_, index) => ({
      name: `r${index}`,
      addressPrefix: `10.${index >> 8}.${index & 255}.0/24`,
      nextHopType: 'None' as const,
    }));
    const full = unwrap(changeRoutes(start(), tableOf(start()).id, routes, []));
    expect(createRoute(full, named('one-more'), toAppliance)).toMatchObject({
      ok: false,
      error: { code: 'RouteCountLimitReached' },
    });
    expect(updateRoute(full, named('r0'), { addressPrefix: '10.200.0.0/24' }).ok).toBe(true);
  });
});

test('one of the same name is replaced, and may take a prefix that goes in the same step', () => {
  const cloud = unwrap(createRoute(start(), named('a'), toAppliance));
  const again = unwrap(createRoute(cloud, named('A'), { ...toAppliance, nextHopIpAddress: '10.0.0.5' }));
  expect(tableOf(again).routes).toMatchObject([{ name: 'a', nextHopIpAddress: '10.0.0.5' }]);
  const moved = unwrap(changeRoutes(again, tableOf(again).id, [{ name: 'b', ...toAppliance }], ['a']));
  expect(tableOf(moved).routes.map((route) => route.name)).toEqual(['b']);
});
