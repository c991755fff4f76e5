/** The effective route explorer's page: each destination with what lost, and the address space as it is routed. */
import { aside, effectiveRoutes, runEffectiveRoutes } from '../../planner/calculators/effective-routes.ts';
import {
  answerText,
  beatenText,
  doubtText,
  hopText,
  isOnItsWay,
  rangeText,
  routeText,
  spaceTitle,
} from '../../planner/calculators/effective-routes-words.ts';
import { routedSpace } from '../../planner/effective-routes.ts';
import type { ExplorerRoute, RouteAnswer, RoutedPlace } from '../../planner/effective-routes.ts';
import { ROUTES_STARTS } from '../../planner/effective-routes-starts.ts';
import { Assumed } from './Assumed.tsx';
import { CalculatorFrame } from './CalculatorFrame.tsx';
import { Grid } from './Grid.tsx';
import { useCalculator } from './use-calculator.ts';
import { Starts } from './Starts.tsx';

const [START] = ROUTES_STARTS;

export default function EffectiveRoutes() {
  const state = useCalculator(effectiveRoutes, runEffectiveRoutes, START.draft, (plan) => plan.verdict);
  const { answers, input, verdict, warnings } = state.plan;
  const isOneOfMany = input.places.length > 1;
  return (
    <CalculatorFrame
      calculator={effectiveRoutes}
      state={state}
      verdict={verdict}
      outcome={answers.every(isOnItsWay) ? 'fits' : 'does-not-fit'}
      warnings={warnings}
    >
      <Assumed calculator={effectiveRoutes} texts={input.assumptions} />
      {input.places.map((place) => (
        <Place
          key={place.name}
          place={place}
          answers={answers.filter((each) => each.place === place)}
          isOneOfMany={isOneOfMany}
        />
      ))}
      <Starts
        title="Start from other routes"
        text="They replace what stands in the fields."
        starts={ROUTES_STARTS}
        onStart={state.onStart}
      />
    </CalculatorFrame>
  );
}

interface PlaceProps {
  readonly place: RoutedPlace;
  readonly answers: readonly RouteAnswer[];
  readonly isOneOfMany: boolean;
}

function Place({ place, answers, isOneOfMany }: PlaceProps) {
  return (
    <>
      <section class="calc-part">
        <h2>{isOneOfMany ? `Destinations from ${place.name}` : 'Destinations'}</h2>
        {answers.map((answer) => (
          <Answer key={`${answer.asked} ${answer.from.bits}`} answer={answer} />
        ))}
      </section>
      <section class="calc-part">
        <h2>{spaceTitle(place, isOneOfMany)}</h2>
        <Space place={place} isOneOfMany={isOneOfMany} />
      </section>
    </>
  );
}

/** One destination: what it takes, and below it every route that holds it too. */
function Answer({ answer }: { readonly answer: RouteAnswer }) {
  const { losers, doubts } = answer;
  const count = losers.length + doubts.length;
  return (
    <div class="routes-answer" data-on-its-way={isOnItsWay(answer) ? 'yes' : 'no'}>
      <p>{answerText(answer)}</p>
      {count > 0 && (
        <details>
          <summary>
            {count} {count === 1 ? 'other route holds' : 'other routes hold'} it
          </summary>
          <ul class="calc-marks">
            {doubts.map((each) => (
              <li key={doubtText(each)}>Perhaps: {doubtText(each)}.</li>
            ))}
            {losers.map((each) => (
              <li key={`${routeText(each.route)} ${hopText(each.route)}`}>
                {routeText(each.route)} ({hopText(each.route)}): {beatenText(each)}.
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The whole address space from its first address to its last, one band for each stretch with one route. */
function Space({ place, isOneOfMany }: Omit<PlaceProps, 'answers'>) {
  const ranges = routedSpace(place);
  const left = aside(place);
  return (
    <>
      <div class="routes-space" aria-hidden="true">
        {ranges.map((range) => (
          <span
            key={rangeText(range)}
            data-hop={range.route?.nextHopType ?? 'None'}
            style={{ flexGrow: bandOf(range.to.bits - range.from.bits + 1) }}
          />
        ))}
      </div>
      <ul class="routes-key">
        {[...new Set(ranges.map(({ route }) => route?.nextHopType ?? 'None'))].map((type) => (
          <li key={type}>
            <span data-hop={type} aria-hidden="true" />
            {type}
          </li>
        ))}
      </ul>
      <div class="routes-ranges">
        <Grid
          caption={`From the first address to the last${isOneOfMany ? `, for ${place.name}` : ''}`}
          head={['Addresses', 'Next hop', 'Route']}
          cells="prose"
          rows={ranges.map((range) => ({
            cells: [
              rangeText(range),
              range.route === null ? 'no route' : hopText(range.route),
              range.route === null ? '' : routeText(range.route),
            ],
            fits: !isDroppedOnPurpose(range.route),
          }))}
        />
      </div>
      {left.length > 0 && (
        <ul class="calc-marks">
          {left.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The system drops what is private and nobody's; what a table drops is worth a look. */
function isDroppedOnPurpose(route: ExplorerRoute | null): boolean {
  return route === null || (route.nextHopType === 'None' && route.source === 'User');
}

/** A stretch of a few addresses is still to be seen beside one of a billion. */
function bandOf(count: number): number {
  return Math.log2(count) + 1;
}
