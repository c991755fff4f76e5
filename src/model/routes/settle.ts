/** Which routes of a subnet count: equal prefixes settled, and the documented exceptions to them. */
import { prefix, prefixCovers, samePrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { CandidateRoute, Loss, SettledRoute } from './route.ts';
import { serviceTagRank } from './service-tag-order.ts';

export const EVERYWHERE: Prefix = prefix('0.0.0.0/0');

/**
 * Returns the routes in the same order with their state: all of one subnet, system routes included. What is
 * `Active` decides by longest prefix alone.
 *
 * Of equal prefixes the user-defined route wins, then the learned one. Beside that:
 * - a learned route inside the VNet's address space, a peer's or a service endpoint's prefix never counts,
 *   however long it is;
 * - no route table overrides a service endpoint. The page of 2023 says nothing about it, that of service
 *   endpoints (2022) says that they override user-defined routes for the prefixes of the service, and later
 *   wording of the routing page that a table cannot override them. So a user-defined route inside the
 *   endpoint's prefix loses too;
 * - a user-defined or learned 0.0.0.0/0 takes the system routes to None away.
 */
export function settleRoutes<R extends CandidateRoute>(routes: readonly R[]): readonly SettledRoute<R>[] {
  const of = (source: R['source']): Index<R> => index(routes.filter((each) => each.source === source));
  const users = of('User');
  const learned = of('VirtualNetworkGateway');
  const preferred = routes.filter(isPreferredSystemRoute);
  const endpoints = preferred.filter((each) => each.nextHopType === 'VirtualNetworkServiceEndpoint');
  const overriding = users.all.filter((each) => each.hasBgpOverride === true);
  const covering = (list: readonly R[], route: R): R | undefined =>
    list.find((each) => prefixCovers(each.prefix, route.prefix));

  const lossOfUser = (route: R): Loss<R> | null => {
    const rival = firstByTag(users.at(route.prefix), route);
    if (rival !== null) return { kind: 'tag-order', by: rival };
    const endpoint = covering(endpoints, route);
    return endpoint === undefined ? null : { kind: 'inside-service-endpoint', by: endpoint };
  };
  const standing = index(users.all.filter((each) => lossOfUser(each) === null));

  const lossOfLearned = (route: R): Loss<R> | null => {
    const [user] = standing.at(route.prefix);
    if (user !== undefined) return { kind: 'same-prefix', by: user };
    const override = covering(overriding, route);
    if (override !== undefined) return { kind: 'bgp-override', by: override };
    const system = covering(preferred, route);
    return system === undefined ? null : { kind: 'learned-inside-system', by: system };
  };
  const [userDefault] = standing.at(EVERYWHERE);
  const defaultOverride = userDefault ?? learned.at(EVERYWHERE).find((each) => lossOfLearned(each) === null);

  const lossOfSystem = (route: R): Loss<R> | null => {
    const [user] = standing.at(route.prefix);
    if (user !== undefined) return { kind: 'same-prefix', by: user };
    const { yieldsWithin } = route;
    const policed =
      yieldsWithin === undefined
        ? undefined
        : standing.all.find(
            (each) =>
              prefixCovers(each.prefix, route.prefix) &&
              yieldsWithin.some((space) => prefixCovers(space, each.prefix)),
          );
    if (policed !== undefined) return { kind: 'endpoint-policy', by: policed };
    const gateway = learned.at(route.prefix).find((each) => lossOfLearned(each) === null);
    if (gateway !== undefined) return { kind: 'same-prefix', by: gateway };
    return route.nextHopType === 'None' && defaultOverride !== undefined
      ? { kind: 'default-overridden', by: defaultOverride }
      : null;
  };

  return routes.map((route): SettledRoute<R> => {
    const loss = lossOf(route);
    if (loss === null) return { route, state: 'Active', loss };
    return { route, state: loss.kind === 'default-overridden' ? 'Removed' : 'Invalid', loss };
  });

  function lossOf(route: R): Loss<R> | null {
    switch (route.source) {
      case 'User':
        return lossOfUser(route);
      case 'VirtualNetworkGateway':
        return lossOfLearned(route);
      case 'Default':
        return lossOfSystem(route);
    }
  }
}

/** System routes that win over learned ones, even longer ones. */
function isPreferredSystemRoute({ source, nextHopType }: CandidateRoute): boolean {
  if (source !== 'Default') return false;
  switch (nextHopType) {
    case 'VnetLocal':
    case 'VNetPeering':
    case 'VNetGlobalPeering':
    case 'VirtualNetworkServiceEndpoint':
      return true;
    case 'Internet':
    case 'None':
    case 'InterfaceEndpoint':
    case 'VirtualAppliance':
    case 'VirtualNetworkGateway':
      return false;
  }
}

/** The route of the same prefix that comes before this one by its tag, if any. */
function firstByTag<R extends CandidateRoute>(rivals: readonly R[], route: R): R | null {
  const own = serviceTagRank(route.tag);
  let best: R | null = null;
  for (const each of rivals) {
    if (serviceTagRank(each.tag) < serviceTagRank((best ?? route).tag)) best = each;
  }
  return own === 0 ? null : best;
}

interface Index<R> {
  readonly all: readonly R[];
  readonly at: (prefix: Prefix) => readonly R[];
}

function index<R extends CandidateRoute>(routes: readonly R[]): Index<R> {
  const byPrefix = new Map<number, R[]>();
  const keyOf = ({ address, length }: Prefix): number => address.bits * 64 + length;
  for (const each of routes) {
    const key = keyOf(each.prefix);
    const list = byPrefix.get(key);
    if (list === undefined) byPrefix.set(key, [each]);
    else list.push(each);
  }
  return {
    all: routes,
    at: (prefix) => (byPrefix.get(keyOf(prefix)) ?? []).filter((each) => samePrefix(each.prefix, prefix)),
  };
}
