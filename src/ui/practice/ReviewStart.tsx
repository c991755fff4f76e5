import type { Catalogue } from '../../practice/catalogue.ts';
import { dueCount, type Candidate } from '../../practice/due.ts';
import { chooseSession, secondsOf } from '../../practice/session.ts';
import { NOT_KEPT } from '../memory/page-memory.ts';

/** Where the questions come from. */
export type Scope = 'begun' | 'all';

interface StartProps {
  readonly catalogue: Catalogue;
  readonly begun: ReadonlySet<string>;
  readonly pool: readonly Candidate[];
  readonly scope: Scope;
  readonly failure: 'none' | 'fetching' | 'failed';
  readonly isKept: boolean;
  readonly onScope: (scope: Scope) => void;
  readonly onStart: () => void;
}

export function ReviewStart({
  catalogue,
  begun,
  pool,
  scope,
  failure,
  isKept,
  onScope,
  onStart,
}: StartProps) {
  const session = chooseSession(pool, 'preview');
  const modules = catalogue.modules.filter(({ id }) => begun.has(id));
  return (
    <>
      <h2>{headline(pool)}</h2>
      <fieldset class="scope">
        <legend>Questions from</legend>
        <label>
          <input
            type="radio"
            name="scope"
            checked={scope === 'begun'}
            disabled={modules.length === 0}
            onChange={() => onScope('begun')}
          />
          <span>
            {modules.length === 0
              ? 'the modules you have begun: none yet'
              : `the modules you have begun: ${modules.map(({ title }) => title).join(', ')}`}
          </span>
        </label>
        <label>
          <input type="radio" name="scope" checked={scope === 'all'} onChange={() => onScope('all')} />
          <span>the whole course</span>
        </label>
      </fieldset>
      <div class="row">
        <button
          type="button"
          class="button button-primary"
          onClick={onStart}
          disabled={failure === 'fetching'}
        >
          Start
        </button>
        <p role="status">
          {failure === 'failed'
            ? 'The questions could not be fetched. Check the connection and start again.'
            : `${session.length} questions, about ${minutes(session)}.`}
        </p>
      </div>
      {!isKept && <p class="not-kept">{NOT_KEPT}</p>}
    </>
  );
}

function headline(pool: readonly Candidate[]): string {
  const due = dueCount(pool);
  if (due > 0) return due === 1 ? 'One question is due' : `${due} questions are due`;
  const isFresh = pool.some(({ need }) => need === 'new' || need === 'unread');
  return isFresh ? 'Nothing is due: the questions are new to you' : 'Nothing is due before its time';
}

function minutes(session: readonly Candidate[]): string {
  const count = Math.max(1, Math.round(secondsOf(session) / 60));
  return count === 1 ? 'one minute' : `${count} minutes`;
}
