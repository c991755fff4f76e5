/** Which route each destination takes from a subnet or NIC, what lost, and how the whole address space is routed. */
import { PUBLIC } from '../model/azure/datacenter-addresses.ts';
import { setContains, setToPrefixes } from '../model/ip/address-set.ts';
import { addressOfBits } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { addressCount, hostPrefix, lastAddress, prefixContains, prefixCovers } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import { chooseRoute } from '../model/routes/choose.ts';
import type { Beaten } from '../model/routes/choose.ts';
import type { CandidateRoute, SettledRoute } from '../model/routes/route.ts';
import { settleRoutes } from '../model/routes/settle.ts';

/** One prefix of a route. */
export interface ExplorerRoute extends CandidateRoute {
  /** Only user-defined routes have one. */
  readonly name: string | null;
  readonly nextHopAddresses: readonly string[];
  /** The type as it was written, where the model has no such type. */
  readonly writtenType: string;
  /** Number of the route in its list, which may have more prefixes. */
  readonly entry: number;
  /** What Azure says of it in a list of effective routes; null where it follows from the others. */
  readonly stated: 'Active' | 'Invalid' | null;
}

/** A route to a service whose prefixes nobody has named. */
export interface UnknownRoute {
  readonly tag: string;
  readonly source: 'User' | 'Default';
  readonly nextHopType: CandidateRoute['nextHopType'];
  readonly nextHopAddresses: readonly string[];
  readonly name: string | null;
}

export interface PeerRange {
  readonly name: string;
  readonly prefixes: readonly Prefix[];
}

/** What the packets of one NIC, or of the NICs of subnets with the same routes, are routed by. */
export interface RoutedPlace {
  readonly name: string;
  /** `effective`: Azure has listed it; `computed`: it follows from a route table and the VNet. */
  readonly kind: 'effective' | 'computed';
  readonly routes: readonly ExplorerRoute[];
  readonly unknown: readonly UnknownRoute[];
  /** The VNet's own address space. */
  readonly space: readonly Prefix[];
  readonly peers: readonly PeerRange[];
  /** Empty where it is not known. */
  readonly subnets: readonly Prefix[];
  readonly isPropagationOff: boolean;
  /** Worth a warning, from reading it. */
  readonly remarks: readonly string[];
}

export interface BeatenRoute {
  readonly route: ExplorerRoute;
  readonly state: SettledRoute['state'];
  /** Null where Azure says `Invalid` and nothing in the list says why. */
  readonly why: Beaten<ExplorerRoute> | null;
}

/** The route of one destination, or of a part of a range. */
export interface RouteAnswer {
  readonly place: RoutedPlace;
  /** As it was asked. */
  readonly asked: string;
  readonly from: Address;
  readonly to: Address;
  readonly winner: ExplorerRoute | null;
  readonly losers: readonly BeatenRoute[];
  /** Routes of which nobody can say whether they hold the destination; then `winner` is what wins if none does. */
  readonly doubts: readonly UnknownRoute[];
}

/** Stretch of the address space with one route. */
export interface RoutedRange {
  readonly from: Address;
  readonly to: Address;
  readonly route: ExplorerRoute | null;
}

const PUBLIC_PREFIXES = setToPrefixes(PUBLIC).map((prefix) => ({ prefix }));

/** Returns the routes of a place with their states, Azure's own word first. */
export function settledRoutes(place: RoutedPlace): {
  readonly settled: readonly SettledRoute<ExplorerRoute>[];
  /** `Invalid` by Azure's word alone. */
  readonly unexplained: readonly ExplorerRoute[];
} {
  const unexplained: ExplorerRoute[] = [];
  const settled = settleRoutes(place.routes).flatMap((each): readonly SettledRoute<ExplorerRoute>[] => {
    const { route, loss } = each;
    if (route.stated === 'Active') return [{ route, state: 'Active', loss: null }];
    if (route.stated === null || loss !== null) return [each];
    unexplained.push(route);
    return [];
  });
  return { settled, unexplained };
}

/** Returns the answers for a destination: one for an address, for a range one for each part with another route. */
export function routeTo(place: RoutedPlace, asked: string, destination: Prefix): readonly RouteAnswer[] {
  const found = settledRoutes(place);
  const answers: RouteAnswer[] = [];
  const last = lastAddress(destination).bits;
  // A route to a service may hold public addresses only.
  const edges = place.unknown.length === 0 ? [] : PUBLIC_PREFIXES;
  const starts = [...startsIn([...place.routes, ...edges], destination)].sort((a, b) => a - b);
  starts.forEach((from, at) => {
    const answer = {
      ...answerAt(place, found, addressOfBits(from)),
      asked,
      to: addressOfBits((starts[at + 1] ?? last + 1) - 1),
    };
    const before = answers.at(-1);
    const isSame = before?.winner === answer.winner && before.doubts.length === answer.doubts.length;
    if (before !== undefined && isSame) answers[answers.length - 1] = { ...before, to: answer.to };
    else answers.push(answer);
  });
  return answers;
}

/** Where another route may begin inside a range. */
function startsIn(routes: readonly { readonly prefix: Prefix }[], range: Prefix): ReadonlySet<number> {
  const starts = new Set([range.address.bits]);
  const first = range.address.bits;
  const end = first + addressCount(range);
  for (const { prefix } of routes) {
    if (!prefixCovers(range, prefix)) continue;
    for (const at of [prefix.address.bits, prefix.address.bits + addressCount(prefix)])
      if (at >= first && at < end) starts.add(at);
  }
  return starts;
}

function answerAt(
  place: RoutedPlace,
  { settled, unexplained }: ReturnType<typeof settledRoutes>,
  destination: Address,
): Omit<RouteAnswer, 'asked' | 'to'> {
  const { winner, losers } = chooseRoute(settled, destination);
  return {
    place,
    from: destination,
    winner,
    losers: [
      ...losers,
      ...unexplained
        .filter(({ prefix }) => prefixContains(prefix, destination))
        .map((route) => ({ route, state: 'Invalid' as const, why: null })),
    ],
    doubts: doubtsAt(place, winner, destination),
  };
}

/**
 * A route to a service may hold a public address. A prefix of /32 that is written out wins over one of a tag,
 * and nothing in a table wins over a service endpoint; where both lead to the same hop, it does not matter.
 */
function doubtsAt(
  place: RoutedPlace,
  winner: ExplorerRoute | null,
  destination: Address,
): readonly UnknownRoute[] {
  const near = [...place.space, ...place.peers.flatMap(({ prefixes }) => prefixes)];
  if (!setContains(PUBLIC, destination) || near.some((each) => prefixContains(each, destination))) return [];
  if (winner?.nextHopType === 'VirtualNetworkServiceEndpoint') return [];
  return place.unknown.filter((each) => {
    if (each.nextHopType === 'VirtualNetworkServiceEndpoint') return true;
    if (winner === null) return true;
    if (winner.prefix.length === 32 && winner.tag === undefined) return false;
    return hopKey(each) !== hopKey(winner);
  });
}

/** Two routes with the same key send packets to the same place. */
export function hopKey(route: Pick<UnknownRoute, 'nextHopType' | 'nextHopAddresses'>): string {
  return [route.nextHopType, ...route.nextHopAddresses].join(' ');
}

/** Routes of more prefixes are told beside the picture: those of service endpoints have hundreds. */
export const MOST_PREFIXES_SHOWN = 16;

/** Returns the whole address space by the route that has it, neighbours with the same route as one. */
export function routedSpace(place: RoutedPlace): readonly RoutedRange[] {
  const { settled } = settledRoutes(place);
  const counts = new Map<number, number>();
  for (const { entry } of place.routes) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  const shown = settled.filter(
    ({ route, state }) => state === 'Active' && (counts.get(route.entry) ?? 0) <= MOST_PREFIXES_SHOWN,
  );
  const everything: Prefix = { address: addressOfBits(0), length: 0 };
  const starts = [
    ...startsIn(
      shown.map(({ route }) => route),
      everything,
    ),
  ].sort((a, b) => a - b);
  const ranges: RoutedRange[] = [];
  starts.forEach((from, at) => {
    const { winner } = chooseRoute(shown, addressOfBits(from));
    const to = addressOfBits((starts[at + 1] ?? 2 ** 32) - 1);
    const before = ranges.at(-1);
    if (before !== undefined && before.route?.entry === winner?.entry)
      ranges[ranges.length - 1] = { ...before, to };
    else ranges.push({ from: addressOfBits(from), to, route: winner });
  });
  return ranges;
}

/** Returns the answer for one address. */
export function routeToAddress(place: RoutedPlace, address: Address): RouteAnswer {
  const [answer] = routeTo(place, '', hostPrefix(address));
  if (answer === undefined) throw new Error('every address has an answer');
  return answer;
}
