/** The route that a packet takes, and why every other one that fits it does not. */
import type { Address } from '../ip/address.ts';
import { prefixContains, prefixCovers } from '../ip/prefix.ts';
import type { CandidateRoute, Loss, SettledRoute } from './route.ts';

/** What became of a route that holds the destination and was not taken. */
export type Beaten<R extends CandidateRoute = CandidateRoute> =
  | Loss<R>
  | { readonly kind: 'shorter'; readonly by: R }
  | { readonly kind: 'same-prefix-first'; readonly by: R };

export interface BeatenRoute<R extends CandidateRoute = CandidateRoute> {
  readonly route: R;
  readonly state: SettledRoute['state'];
  readonly why: Beaten<R>;
}

export interface RouteChoice<R extends CandidateRoute = CandidateRoute> {
  /** Null where no route holds the destination, which no subnet of Azure has. */
  readonly winner: R | null;
  /** All others that hold the destination, the longest prefix first. */
  readonly losers: readonly BeatenRoute<R>[];
}

/** Returns the route to an address among settled ones: the longest prefix of those that count. */
export function chooseRoute<R extends CandidateRoute>(
  settled: readonly SettledRoute<R>[],
  destination: Address,
): RouteChoice<R> {
  const holding = settled.filter(({ route }) => prefixContains(route.prefix, destination));
  const winner = longestActive(holding);
  const losers = holding
    .filter(({ route }) => route !== winner)
    .map((each) => ({ route: each.route, state: each.state, why: whyBeaten(each, winner) }));
  return { winner, losers: losers.sort((a, b) => b.route.prefix.length - a.route.prefix.length) };
}

function longestActive<R extends CandidateRoute>(holding: readonly SettledRoute<R>[]): R | null {
  let best: R | null = null;
  for (const { route, state } of holding) {
    if (state === 'Active' && (best === null || route.prefix.length > best.prefix.length)) best = route;
  }
  return best;
}

function whyBeaten<R extends CandidateRoute>({ route, loss }: SettledRoute<R>, winner: R | null): Beaten<R> {
  if (loss !== null) return loss;
  if (winner === null) throw new Error('an active route that holds the destination was not taken');
  return {
    kind: route.prefix.length === winner.prefix.length ? 'same-prefix-first' : 'shorter',
    by: winner,
  };
}

/** Reports whether some route that counts is more specific than this one inside it. */
export function isCutInto<R extends CandidateRoute>(settled: readonly SettledRoute<R>[], route: R): boolean {
  return settled.some(
    (each) =>
      each.state === 'Active' && each.route !== route && prefixCovers(route.prefix, each.route.prefix),
  );
}
