/** Route tables out of pasted JSON. */
import type { Route, RouteTable } from '../../model/azure/resources.ts';
import { baseOf, bagOfObject, etagOf, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

export function readRouteTable(object: ArmObject, { log }: ReadContext): RouteTable {
  const bag = bagOfObject(object, log);
  const table: RouteTable = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/routeTables',
    disableBgpRoutePropagation: bag.flag('disableBgpRoutePropagation', false),
    routes: bag.bags('routes').flatMap((each) => readRoute(each, object.id) ?? []),
  };
  bag.finish({ harmless: ['subnets'] });
  return table;
}

export function readRoute(bag: Bag, tableId: string): Route | null {
  const { id, name } = partId(bag, tableId, 'routes');
  const addressPrefix = bag.text('addressPrefix') ?? '';
  if (addressPrefix.includes(':')) {
    bag.leave(
      `addressPrefix ${addressPrefix}`,
      'IPv6 is not modelled: flows over IPv6 cannot be asked.',
      'no-packets',
    );
    return null;
  }
  if (bag.has('nextHop')) {
    bag.leave(
      'nextHop',
      'A route with several next hops is not modelled: which one takes a flow is not known.',
      'decides',
    );
    bag.raw('nextHop');
  }
  const route: Route = {
    id,
    name,
    addressPrefix,
    nextHopType: bag.choice(
      'nextHopType',
      ['VirtualAppliance', 'VnetLocal', 'Internet', 'VirtualNetworkGateway', 'None'],
      'None',
    ),
    nextHopIpAddress: bag.text('nextHopIpAddress') || null,
    hasBgpOverride: bag.flag('hasBgpOverride', false),
    etag: etagOf(bag),
    provisioningState: 'Succeeded',
  };
  bag.finish({ harmless: ['disableBgpRoutePropagation'] });
  return route;
}
