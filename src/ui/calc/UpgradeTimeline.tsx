/** An upgrade of a plan's pools: its steps as a table, then as columns under the range's limit. */
import {
  IPAM_NAMES,
  capitalised,
  markText,
  number,
  RANGE_LETTERS,
  stepText,
  stopText,
} from '../../planner/calculators/ip-plan-words.ts';
import type { PlanView } from '../../planner/calculators/ip-plan.ts';
import { RANGE_NAMES } from '../../planner/ip-plan.ts';
import type { HighWaterMark, UpgradeTimeline } from '../../planner/upgrade-timeline.ts';
import { Grid } from './Grid.tsx';

export function UpgradeTimelines({ views }: { readonly views: readonly PlanView[] }) {
  return (
    <section class="calc-part" aria-labelledby="upgrade-timeline">
      <h2 id="upgrade-timeline">An upgrade, step by step</h2>
      <p>
        As <code>az aks upgrade</code> does it, all pools together: surge nodes join, each pool’s nodes are
        drained and reimaged in rounds of as many, and its surge nodes leave.
      </p>
      {views.map((view, index) => (
        <details key={view.plan.ipam} open={index === 0}>
          <summary>{IPAM_NAMES[view.plan.ipam]}</summary>
          <OneUpgrade view={view} />
        </details>
      ))}
    </section>
  );
}

/** One plugin's upgrade without a title of its own, for lessons too. */
export function OneUpgrade({ view }: { readonly view: PlanView }) {
  const { timeline, plan } = view;
  const { steps, marks, stopsAt } = timeline;
  const stop = stopText(timeline);
  return (
    <>
      <ul class="calc-marks">
        {marks.map((mark) => (
          <li key={mark.range}>High-water mark: {markText(mark)}.</li>
        ))}
        {stop !== null && (
          <li>
            <strong>{stop}</strong>
          </li>
        )}
      </ul>
      <Grid
        caption={`Steps with ${IPAM_NAMES[plan.ipam]}`}
        head={['Step', 'Nodes', ...marks.map((mark) => capitalised(inUseName(mark)))]}
        rows={steps.map((step, index) => ({
          cells: [stepText(step), number(step.nodes), ...step.inUse.map(number)],
          fits: stopsAt === null || index < stopsAt.step,
        }))}
      />
      {marks.map((mark, index) => (
        <Columns key={mark.range} timeline={timeline} mark={mark} index={index} />
      ))}
    </>
  );
}

function inUseName({ range, unit }: HighWaterMark): string {
  return unit === 'addresses' ? RANGE_NAMES[range] : `${RANGE_NAMES[range]} (${unit})`;
}

interface ColumnsProps {
  readonly timeline: UpgradeTimeline;
  readonly mark: HighWaterMark;
  readonly index: number;
}

/** A column for each step, as wide as it has rounds, on a scale from nothing to the larger of use and limit. */
function Columns({ timeline, mark, index }: ColumnsProps) {
  const { available, inUse: most } = mark;
  const scale = Math.max(most, available ?? 0);
  const atRest = timeline.steps[0]?.inUse[index] ?? 0;
  const height = (value: number): string => `${(100 * value) / scale}%`;
  return (
    <figure class="calc-columns" data-range={RANGE_LETTERS[mark.range]} aria-hidden="true">
      <div class="calc-columns-area">
        {timeline.steps.map((step, at) => {
          const inUse = step.inUse[index] ?? 0;
          return (
            <div
              key={at}
              class="calc-column"
              title={`${stepText(step)}: ${number(inUse)}`}
              style={{ flexGrow: Math.max(2, Math.min(step.rounds, 12)) }}
            >
              <span data-part="nodes" style={{ height: height(Math.min(inUse, atRest)) }} />
              {inUse > atRest && (
                <span
                  data-part={available !== null && inUse > available ? 'over' : 'surge'}
                  style={{ height: height(inUse - atRest) }}
                />
              )}
            </div>
          );
        })}
        {available !== null && <i class="calc-columns-limit" style={{ bottom: height(available) }} />}
      </div>
      <figcaption>
        {capitalised(RANGE_NAMES[mark.range])}: <span class="calc-key" data-part="nodes" /> at rest{' '}
        <span class="calc-key" data-part="surge" /> for surge
        {available !== null && `, under a limit of ${number(available)} (line)`}
      </figcaption>
    </figure>
  );
}
