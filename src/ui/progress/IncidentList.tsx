import { useState } from 'preact/hooks';
import { doneIncidents } from '../../progress/incident-entry.ts';
import type { Entry } from '../../progress/store.ts';
import { dayOf } from './course-in-page.ts';

interface Props {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly to: (path: string) => string;
}

/** So many stand there at first. */
const FIRST = 8;

/** Every incident that was brought to an end: when, what it was, and what the way to it was worth. */
export function IncidentList({ entries, to }: Props) {
  const [shown, setShown] = useState<'first' | 'all'>('first');
  const done = doneIncidents(entries);
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents">Incidents</h2>
      {done.length === 0 ? (
        <p>
          None yet. An <a href={to('practice/incident/')}>incident</a> is a broken network: you say what you
          suspect, find it and mend it.
        </p>
      ) : (
        <>
          <ol class="weak">
            {done.slice(0, shown === 'all' ? done.length : FIRST).map(({ seed, last, attempts }) => (
              <li key={seed}>
                <a href={to(`practice/incident/?incident=${seed}`)}>Incident {seed}</a>
                <span class="more">
                  {dayOf(last.at)}: {last.points} of {last.of}
                  {last.how === 'gave-up' && ', given up'}. It was {last.cause}.
                  {attempts > 1 && ` Tried ${attempts} times; this is the last.`}
                </span>
              </li>
            ))}
          </ol>
          {done.length > FIRST && (
            <button
              type="button"
              class="button"
              aria-expanded={shown === 'all'}
              onClick={() => setShown(shown === 'all' ? 'first' : 'all')}
            >
              {shown === 'all' ? `Show only ${FIRST}` : `Show all ${done.length}`}
            </button>
          )}
        </>
      )}
    </section>
  );
}
