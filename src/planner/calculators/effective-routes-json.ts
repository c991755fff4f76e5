/** An answer of the effective route explorer as `--json` prints it. */
import { formatAddress } from '../../model/ip/address.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { CalculatorAnswer, Json } from '../calculator.ts';
import { routedSpace, settledRoutes } from '../effective-routes.ts';
import type { ExplorerRoute, RouteAnswer, RoutedPlace } from '../effective-routes.ts';
import type { EffectiveRoutesAnswer } from './effective-routes.ts';
import { answerText, beatenText, destinationText } from './effective-routes-words.ts';

export function effectiveRoutesJson(answer: EffectiveRoutesAnswer): CalculatorAnswer['json'] {
  const { answers, input, verdict, warnings } = answer;
  const [first] = answers;
  const winner = first === undefined || first.doubts.length > 0 ? null : first.winner;
  return {
    verdict,
    nextHopType: winner?.writtenType ?? null,
    nextHopIpAddress: winner?.nextHopAddresses[0] ?? null,
    addressPrefix: winner === null ? null : formatPrefix(winner.prefix),
    source: winner?.source ?? null,
    route: winner?.name ?? null,
    answers: answers.map(answerJson),
    tables: input.places.map(placeJson),
    assumptions: input.assumptions,
    warnings,
  };
}

function answerJson(answer: RouteAnswer): Json {
  const { place, from, to, winner, losers, doubts } = answer;
  return {
    table: place.name,
    to: destinationText(answer),
    from: formatAddress(from),
    through: formatAddress(to),
    outcome:
      doubts.length > 0
        ? 'undetermined'
        : winner === null || winner.nextHopType === 'None'
          ? 'dropped'
          : 'routed',
    winner: winner === null ? null : routeJson(winner),
    losers: losers.map((each) => ({
      ...(routeJson(each.route) as Record<string, Json>),
      state: each.state,
      reason: each.why?.kind ?? 'listed-invalid',
      why: beatenText(each),
    })),
    dependsOn: [...new Set(doubts.map(({ tag }) => tag))],
    text: answerText(answer),
  };
}

function routeJson(route: ExplorerRoute): Json {
  return {
    source: route.source,
    name: route.name,
    addressPrefix: formatPrefix(route.prefix),
    serviceTag: route.tag ?? null,
    nextHopType: route.writtenType,
    nextHopIpAddress: [...route.nextHopAddresses],
  };
}

function placeJson(place: RoutedPlace): Json {
  const { settled, unexplained } = settledRoutes(place);
  return {
    name: place.name,
    kind: place.kind,
    routes: [
      ...settled.map(({ route, state, loss }) => ({
        ...(routeJson(route) as Record<string, Json>),
        state,
        why: loss === null ? null : beatenText({ route, state, why: loss }),
      })),
      ...unexplained.map((route) => ({
        ...(routeJson(route) as Record<string, Json>),
        state: 'Invalid',
        why: null,
      })),
    ],
    space: routedSpace(place).map(({ from, to, route }) => ({
      from: formatAddress(from),
      to: formatAddress(to),
      nextHopType: route?.writtenType ?? null,
      nextHopIpAddress: [...(route?.nextHopAddresses ?? [])],
      route: route === null ? null : formatPrefix(route.prefix),
    })),
  };
}
