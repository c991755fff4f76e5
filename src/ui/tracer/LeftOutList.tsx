/** What the network does not have of what was pasted, the gravest first. */
import type { LeftOut, Weight } from '../../planner/import/left-out.ts';
import type { Loaded } from './protocol.ts';

const GROUPS: readonly { readonly weight: Weight; readonly title: string }[] = [
  { weight: 'decides', title: 'Flows through these are undetermined' },
  { weight: 'may-matter', title: 'These may change some flows' },
  { weight: 'no-packets', title: 'Without effect on packets' },
];
const MOST = 100;

// The lists scroll inside themselves, so the keyboard has to reach them.

export function LeftOutList({ loaded }: { readonly loaded: Loaded }) {
  const { leftOut, notes } = loaded;
  const grave = leftOut.filter(({ weight }) => weight !== 'no-packets').length;
  return (
    <div class="tracer-left-out">
      {leftOut.length === 0 ? (
        <p>Everything in it is in the model.</p>
      ) : (
        <details open={grave > 0}>
          <summary>{titleOf(leftOut.length, grave)}</summary>
          {GROUPS.map(({ weight, title }) => {
            const entries = leftOut.filter((each) => each.weight === weight);
            if (entries.length === 0) return null;
            return (
              <section key={weight}>
                <h3>{title}</h3>
                <ul tabIndex={0} aria-label={title}>
                  {entries.slice(0, MOST).map((entry) => (
                    <Entry key={`${entry.name} ${entry.what}`} entry={entry} />
                  ))}
                </ul>
                {entries.length > MOST && (
                  <p>And {entries.length - MOST} more; the terminal prints all of them.</p>
                )}
              </section>
            );
          })}
        </details>
      )}
      {notes.length > 0 && (
        <details>
          <summary>
            {notes.length} {notes.length === 1 ? 'assumption' : 'assumptions'}
          </summary>
          <ul tabIndex={0} aria-label="Assumptions">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function titleOf(count: number, grave: number): string {
  if (count === 1)
    return `1 thing is not in the model${grave === 1 ? ', and may matter' : ', and matters to no packet'}`;
  const rest = grave === 0 ? 'none of which matters to packets' : `${grave} of which may matter`;
  return `${count.toLocaleString('en')} things are not in the model, ${rest}`;
}

function Entry({ entry }: { readonly entry: LeftOut }) {
  return (
    <li>
      <b>
        {entry.kind === 'missing' ? 'Missing: ' : ''}
        {entry.name}
      </b>{' '}
      <code>{entry.what}</code> {entry.effect}
    </li>
  );
}
