/**
 * Routes that name what they lead to: user-defined ones with a service tag, and those of service endpoints.
 * Which prefixes such a name stands for is known for few addresses, so they come into a table as pieces:
 * where it is certain that the route is taken, and where nobody can say.
 */
import { setIntersect, setIsEmpty, setOf, setSubtract, setToPrefixes, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { prefixCovers } from '../ip/prefix.ts';
import { serviceTagRank } from '../routes/service-tag-order.ts';
import type { EffectiveNextHop, EffectiveRoute } from './effective-routes.ts';
import type { ServiceAddresses } from './service-addresses.ts';

export interface NamedRoute extends ServiceAddresses {
  readonly source: 'User' | 'Default';
  readonly nextHopType: EffectiveNextHop;
  readonly nextHopIpAddress: string | null;
  /** Only user-defined routes have a name. */
  readonly name: string | null;
  readonly tag: string;
  /** `Invalid`: a service endpoint of the same service leads to all that the tag holds. */
  readonly state: 'Active' | 'Invalid';
  /** The words for it in a trace. */
  readonly label: string;
}

/** Part of the address space, and what is known there of each named route. */
interface Region {
  readonly set: AddressSet;
  readonly certain: readonly NamedRoute[];
  readonly maybe: readonly NamedRoute[];
}

/**
 * Returns the pieces of these routes, to be put before the routes with prefixes: of two with the same prefix
 * the piece decides. `near` is the space of the VNet and its peers, where no service is.
 */
export function namedPieces(
  named: readonly NamedRoute[],
  settled: readonly EffectiveRoute[],
  near: AddressSet,
): readonly EffectiveRoute[] {
  if (named.length === 0) return [];
  const active = settled.filter(({ state }) => state === 'Active');
  return regionsOf(named, near).flatMap((region) =>
    active.flatMap((route) => {
      const inside = active.filter((each) => each !== route && prefixCovers(route.prefix, each.prefix));
      const where = setSubtract(
        setIntersect(region.set, setOf(route.prefix)),
        setOf(...inside.map((each) => each.prefix)),
      );
      if (setIsEmpty(where)) return [];
      const piece = pieceOf(region, route);
      return piece === null ? [] : setToPrefixes(where).map((prefix) => ({ ...piece, prefix }));
    }),
  );
}

/** Cuts the space that some route may hold so that each is certain, possible or absent in all of a region. */
function regionsOf(named: readonly NamedRoute[], near: AddressSet): readonly Region[] {
  const all = setSubtract(setUnion(...named.flatMap(({ certain, maybe }) => [certain, maybe])), near);
  let regions: readonly Region[] = [{ set: all, certain: [], maybe: [] }];
  for (const route of named) {
    regions = regions.flatMap((region): Region[] => {
      const certain = setIntersect(region.set, route.certain);
      const maybe = setSubtract(setIntersect(region.set, route.maybe), certain);
      const rest = setSubtract(region.set, setUnion(certain, maybe));
      return [
        { ...region, set: certain, certain: [...region.certain, route] },
        { ...region, set: maybe, maybe: [...region.maybe, route] },
        { ...region, set: rest },
      ].filter(({ set }) => !setIsEmpty(set));
    });
  }
  return regions;
}

/** What decides in a region where `route` is the longest prefix; null where that one does. */
function pieceOf(region: Region, route: EffectiveRoute): Omit<EffectiveRoute, 'prefix'> | null {
  const [endpoint] = region.certain.filter(isEndpoint);
  // No route table overrides it, and no learned route.
  if (endpoint !== undefined) return taken(endpoint);
  const rank = (each: NamedRoute): number => serviceTagRank(each.tag);
  const [first] = region.certain.toSorted((a, b) => rank(a) - rank(b));
  // A prefix that is written out wins over an equal one of a tag, and all of a tag's are longer than /0.
  const { length } = route.prefix;
  const sure = length === 32 ? undefined : first;
  const rivals = region.maybe.filter(
    (each) => isEndpoint(each) || (length < 32 && (sure === undefined || rank(each) <= rank(sure))),
  );
  const named = [...rivals, ...(sure === undefined ? [] : [sure])];
  const isRoutePossible = sure === undefined || length > 0;
  const [any] = named;
  if (any === undefined) return null;
  const possible = isRoutePossible ? [route, ...named] : named;
  if (possible.every((each) => leadsAlike(each, any))) return isRoutePossible ? null : taken(any);
  const tags = [...new Set(rivals.map(({ tag }) => tag))];
  const what =
    tags.length > 0
      ? `the addresses of ${tags.join(' and ')}, which are not simulated`
      : `how long the prefix of ${any.tag} is there, which is not simulated`;
  return {
    ...taken(any),
    unknown: `which route is taken depends on ${what}: ${possible.map(({ label }) => label).join('; or ')}`,
  };
}

function isEndpoint({ nextHopType }: NamedRoute): boolean {
  return nextHopType === 'VirtualNetworkServiceEndpoint';
}

type Hop = Pick<EffectiveRoute, 'nextHopType' | 'nextHopIpAddress' | 'peer'>;

function leadsAlike(one: Hop, other: Hop): boolean {
  return (
    one.nextHopType === other.nextHopType &&
    one.nextHopIpAddress === other.nextHopIpAddress &&
    one.peer === other.peer
  );
}

function taken({ source, nextHopType, nextHopIpAddress, name, tag, label }: NamedRoute) {
  return {
    source,
    nextHopType,
    nextHopIpAddress,
    name,
    tag,
    label,
    state: 'Active' as const,
    why: null,
    piece: 'of-a-name' as const,
  };
}
