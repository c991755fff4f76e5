/** Source ports or connections as bars: what is in use, what waits, and where the limit is. */
import { number } from '../../planner/calculators/snat-ports-words.ts';

export interface PortBar {
  /** `Ports towards the destination`. */
  readonly name: string;
  readonly used: number;
  /** Taken as well, but by nobody: in a reuse timer, or kept for surge nodes. */
  readonly waiting: number;
  readonly limit: number;
}

interface PortBarsProps {
  readonly bars: readonly PortBar[];
  readonly used: string;
  readonly waiting: string;
}

export function PortBars({ bars, used, waiting }: PortBarsProps) {
  return (
    <figure class="calc-bars" aria-label="The same as bars">
      {bars.map((each) => (
        <Bar key={each.name} bar={each} />
      ))}
      <figcaption>
        <span class="calc-key" data-part="nodes" /> {used} <span class="calc-key" data-part="surge" />{' '}
        {waiting} <span class="calc-key" data-part="over" /> too many
      </figcaption>
    </figure>
  );
}

/** Segments on a scale that holds both what is taken and what there is. */
function Bar({ bar: { name, used, waiting, limit } }: { readonly bar: PortBar }) {
  const taken = used + waiting;
  const scale = Math.max(limit, taken);
  const share = (value: number): string => `${(100 * value) / scale}%`;
  const parts = [
    { part: 'nodes', from: 0, to: used },
    { part: 'surge', from: used, to: taken },
  ].map((each) => ({ ...each, from: Math.min(each.from, limit), to: Math.min(each.to, limit) }));
  const over = taken - limit;
  return (
    <div class="calc-bar" data-range="N">
      <p>
        {name}: {number(taken)} of {number(limit)}
        {over > 0 && <strong>, {number(over)} too many</strong>}
      </p>
      <div class="calc-track" aria-hidden="true">
        {parts
          .filter((each) => each.to > each.from)
          .map(({ part, from, to }) => (
            <span key={part} data-part={part} style={{ left: share(from), width: share(to - from) }} />
          ))}
        {over > 0 && <span data-part="over" style={{ left: share(limit), width: share(over) }} />}
        <span class="calc-limit" style={{ left: share(limit) }} />
      </div>
    </div>
  );
}
