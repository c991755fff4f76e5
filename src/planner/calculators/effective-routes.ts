/** `calc effective-routes`: which route a destination takes, which ones lose, and how the address space is routed. */
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Calculator, CalculatorAnswer } from '../calculator.ts';
import { MOST_PREFIXES_SHOWN, routedSpace, routeTo } from '../effective-routes.ts';
import type { RouteAnswer, RoutedPlace } from '../effective-routes.ts';
import { warningsOf } from '../effective-routes-warnings.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { EFFECTIVE_ROUTES_FLAGS, readEffectiveRoutes } from './effective-routes-flags.ts';
import type { EffectiveRoutesInput } from './effective-routes-flags.ts';
import { effectiveRoutesJson } from './effective-routes-json.ts';
import {
  answerText,
  beatenText,
  doubtText,
  hopText,
  isOnItsWay,
  rangeText,
  routeText,
  spaceTitle,
  verdictText,
} from './effective-routes-words.ts';

export interface EffectiveRoutesAnswer {
  readonly input: EffectiveRoutesInput;
  readonly answers: readonly RouteAnswer[];
  readonly warnings: readonly string[];
  readonly verdict: string;
}

export const effectiveRoutes: Calculator = {
  name: 'effective-routes',
  title: 'Effective route explorer',
  summary:
    'Says which route a destination takes from a NIC or subnet, why every other one loses, and what stands out in the whole table.',
  positional: 'file',
  flags: EFFECTIVE_ROUTES_FLAGS,
  examples: [
    {
      does: 'A default route to a firewall, and a peered spoke',
      line: '--routes to-fw:0.0.0.0/0:VirtualAppliance:10.0.1.4 --vnet 10.1.0.0/16 --peer hub=10.0.0.0/16 --to 203.0.113.9 10.0.2.4 10.2.0.4',
    },
    {
      does: 'A learned route, and a user-defined one of the same prefix',
      line: '--routes to-site:10.10.0.0/16:VirtualAppliance:10.0.100.4 --vnet 10.0.0.0/16 --on-premises 10.10.0.0/16 --to 10.10.0.9',
    },
    {
      does: 'A whole range, part by part',
      line: '--routes stop:10.0.2.0/24:None --vnet 10.0.0.0/16 --to 10.0.0.0/22',
    },
    {
      does: 'There and back: two tables',
      line: '--routes app:to-db:10.0.2.0/24:VirtualAppliance:10.0.9.4 db:all:0.0.0.0/0:Internet --vnet 10.0.0.0/16 --subnet app=10.0.1.0/24 db=10.0.2.0/24 --to 10.0.2.4',
    },
  ],
  notes: [
    'Your own: az network nic show-effective-route-table -g GROUP -n NIC -o json > routes.json, then --file routes.json; - reads standard input. Or az network route-table show and az network vnet show, both files.',
    'The longest prefix wins; of equal ones user-defined, then learned, then system. System routes of the VNet, peerings and service endpoints win over learned ones even if those are longer.',
    'Exit code 1: something is dropped or undetermined. 2: an input is wrong.',
  ],
  run: (values): Result<CalculatorAnswer, readonly InputIssue[]> => {
    const answer = runEffectiveRoutes(values);
    if (!answer.ok) return answer;
    return ok({
      json: effectiveRoutesJson(answer.value),
      text: toText(answer.value),
      exitCode: answer.value.answers.every(isOnItsWay) ? 0 : 1,
    });
  },
};

/** Returns the answer as data; the page draws it. */
export function runEffectiveRoutes(values: FlagValues): Result<EffectiveRoutesAnswer, readonly InputIssue[]> {
  const input = readEffectiveRoutes(values);
  if (!input.ok) return input;
  const { places, destinations } = input.value;
  const answers = places.flatMap((place) =>
    destinations.flatMap(({ asked, prefix }) => routeTo(place, asked, prefix)),
  );
  return ok({
    input: input.value,
    answers,
    warnings: warningsOf(places),
    verdict: verdictText(answers, places.length),
  });
}

function toText({ input, answers, warnings, verdict }: EffectiveRoutesAnswer): readonly string[] {
  return [
    verdict,
    '',
    ...input.places.flatMap((place) => placeLines(place, answers, input.places.length > 1)),
    ...input.assumptions.map((each) => `Assumed: ${each}`),
    ...warnings.map((each) => `Warning: ${each}`),
  ];
}

function placeLines(
  place: RoutedPlace,
  all: readonly RouteAnswer[],
  isOneOfMany: boolean,
): readonly string[] {
  const answers = all.filter((each) => each.place === place);
  return [
    ...(isOneOfMany ? [`From ${place.name}:`, ''] : []),
    ...answers.flatMap((answer) => [
      ...(all.length === 1 ? [] : [answerText(answer)]),
      ...answer.losers.map(
        (each) => `  not ${routeText(each.route)} (${hopText(each.route)}): ${beatenText(each)}`,
      ),
      ...answer.doubts.map((each) => `  perhaps ${doubtText(each)}`),
      ...(answer.losers.length + answer.doubts.length > 0 || all.length > 1 ? [''] : []),
    ]),
    `${spaceTitle(place, isOneOfMany)}:`,
    ...spaceLines(place),
    '',
  ];
}

function spaceLines(place: RoutedPlace): readonly string[] {
  const rows = routedSpace(place).map((range) => ({
    range: rangeText(range),
    hop: range.route === null ? 'no route' : hopText(range.route),
    by: range.route === null ? '' : routeText(range.route),
  }));
  const width = (cells: readonly string[]): number => Math.max(...cells.map(({ length }) => length));
  const first = width(rows.map(({ range }) => range));
  const second = width(rows.map(({ hop }) => hop));
  return [
    ...rows.map(({ range, hop, by }) => `  ${range.padEnd(first)}  ${hop.padEnd(second)}  ${by}`.trimEnd()),
    ...aside(place).map((each) => `  ${each}`),
  ];
}

/** Routes that the picture leaves out: of many prefixes, or of names whose prefixes are not known. */
export function aside(place: RoutedPlace): readonly string[] {
  const entries = new Map<number, number>();
  for (const { entry } of place.routes) entries.set(entry, (entries.get(entry) ?? 0) + 1);
  const long = [...entries].filter(([, count]) => count > MOST_PREFIXES_SHOWN);
  return [
    ...long.flatMap(([entry, count]) => {
      const route = place.routes.find((each) => each.entry === entry);
      return route === undefined ? [] : [`and ${count.toLocaleString('en')} prefixes to ${hopText(route)}`];
    }),
    ...place.unknown.map((each) => `and what ${each.tag} holds: ${doubtText(each)}`),
  ];
}
