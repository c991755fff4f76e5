/**
 * The obviously right choice of a route, address by address, over a universe of 256 addresses: prefixes are
 * spelled out as the addresses that they hold, and the documented sentences are asked one after the other.
 */
export interface SlowRoute {
  readonly id: number;
  readonly source: 'Default' | 'VirtualNetworkGateway' | 'User';
  /** Every address it holds, as numbers of the universe. */
  readonly holds: ReadonlySet<number>;
  /** The whole universe stands for 0.0.0.0/0. */
  readonly nextHopType: string;
  readonly tag: string | null;
  readonly hasBgpOverride: boolean;
  readonly yieldsWithin: readonly ReadonlySet<number>[] | null;
}

export const UNIVERSE = 256;

/** Returns the id of the route to an address; null if there is none. */
export function slowRoute(routes: readonly SlowRoute[], address: number): number | null {
  const alive = new Set(routes);
  const drop = (beaten: (route: SlowRoute) => boolean): void => {
    for (const each of [...alive]) if (beaten(each)) alive.delete(each);
  };
  const some = (test: (route: SlowRoute) => boolean): boolean => [...alive].some(test);

  // "Preference is given to the route with the explicit prefix"; then the order of the four kinds of tags.
  const ranked = routes.filter(({ source }) => source === 'User');
  drop(
    (route) =>
      route.source === 'User' &&
      ranked.some((other) => same(other.holds, route.holds) && kindOfTag(other.tag) < kindOfTag(route.tag)),
  );
  // "Service endpoint routes cannot be overridden by a route table."
  drop((route) => route.source === 'User' && some((other) => isEndpoint(other) && inside(route, other)));
  // "Whether this route overrides overlapping BGP routes regardless of LPM."
  drop(
    (route) =>
      isLearned(route) &&
      routes.some((other) => other.source === 'User' && other.hasBgpOverride && inside(route, other)),
  );
  // "System routes related to virtual network, peerings or service endpoints are preferred, even if BGP routes are more specific."
  drop((route) => isLearned(route) && routes.some((other) => isPreferred(other) && inside(route, other)));
  // "If multiple routes contain the same prefix: user-defined, BGP, system."
  drop(
    (route) => isLearned(route) && some((other) => other.source === 'User' && same(other.holds, route.holds)),
  );
  drop(
    (route) =>
      route.source === 'Default' &&
      !isEndpoint(route) &&
      some((other) => other.source === 'User' && same(other.holds, route.holds)),
  );
  drop(
    (route) =>
      route.source === 'Default' &&
      !isPreferred(route) &&
      some((other) => isLearned(other) && same(other.holds, route.holds)),
  );
  // Network policies of private endpoints: a table's route counts that is no wider than the VNet.
  drop(
    (route) =>
      route.yieldsWithin !== null &&
      some(
        (other) =>
          other.source === 'User' &&
          inside(route, other) &&
          (route.yieldsWithin ?? []).some((space) => subset(other.holds, space)),
      ),
  );
  // "Azure removed the routes when 0.0.0.0/0 was overridden."
  const isOverridden = some((route) => route.source !== 'Default' && route.holds.size === UNIVERSE);
  drop((route) => isOverridden && route.source === 'Default' && route.nextHopType === 'None');

  const holding = routes.filter((route) => alive.has(route) && route.holds.has(address));
  const fewest = Math.min(...holding.map(({ holds }) => holds.size));
  return holding.find(({ holds }) => holds.size === fewest)?.id ?? null;
}

function isLearned({ source }: SlowRoute): boolean {
  return source === 'VirtualNetworkGateway';
}

function isEndpoint({ source, nextHopType }: SlowRoute): boolean {
  return source === 'Default' && nextHopType === 'VirtualNetworkServiceEndpoint';
}

function isPreferred(route: SlowRoute): boolean {
  return (
    isEndpoint(route) ||
    (route.source === 'Default' &&
      ['VnetLocal', 'VNetPeering', 'VNetGlobalPeering'].includes(route.nextHopType))
  );
}

function kindOfTag(tag: string | null): number {
  if (tag === null) return 0;
  if (tag === 'AzureCloud') return 4;
  if (tag.startsWith('AzureCloud')) return 3;
  return tag.includes('.') ? 1 : 2;
}

function inside(inner: SlowRoute, outer: SlowRoute): boolean {
  return subset(inner.holds, outer.holds);
}

function subset(inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean {
  return [...inner].every((each) => outer.has(each));
}

function same(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return one.size === other.size && subset(one, other);
}
