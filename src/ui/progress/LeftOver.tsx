import { strayName } from '../../progress/entry-names.ts';
import type { Entry } from '../../progress/store.ts';
import { dayOf } from './course-in-page.ts';

interface Props {
  readonly keys: readonly string[];
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Work on what the course no longer has: kept and exported, and not counted. */
export function LeftOver({ keys, entries }: Props) {
  if (keys.length === 0) return null;
  return (
    <section class="left-over" aria-labelledby="left-over">
      <h2 id="left-over">No longer in the course</h2>
      <p>
        The course has changed since you did this:{' '}
        {keys.length === 1 ? 'one entry belongs' : `${keys.length} entries belong`} to lessons, questions or
        labs that it does not have now. What you did there is kept and exported, and not counted above.
      </p>
      <details>
        <summary>{keys.length === 1 ? 'Show it' : `Show all ${keys.length}`}</summary>
        <ul>
          {keys.map((key) => (
            <li key={key}>
              {strayName(key)} <span class="more">{dayOf(entries.get(key)?.at ?? 0)}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
