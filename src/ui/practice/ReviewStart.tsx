import { dueCount, type Candidate } from '../../practice/due.ts';
import { chooseSession, secondsOf } from '../../practice/session.ts';
import { NOT_KEPT } from '../memory/page-memory.ts';

/** Where the questions come from. */
export type Scope = 'begun' | 'all';

interface Found {
  /** Of the modules that were begun. */
  readonly titles: readonly string[];
  readonly pool: readonly Candidate[];
  readonly scope: Scope;
  readonly failure: 'none' | 'fetching' | 'failed';
  readonly isKept: boolean;
}

interface StartProps {
  /** Null while it is looked up: the page has its shape by then, so that nothing moves when it comes. */
  readonly found: Found | null;
  readonly onScope?: (scope: Scope) => void;
  readonly onStart?: () => void;
}

export function ReviewStart({ found, onScope, onStart }: StartProps) {
  return (
    <>
      <h2>{found === null ? 'Questions for you' : headline(found.pool)}</h2>
      <fieldset class="scope">
        <legend>Questions from</legend>
        <label>
          <input
            type="radio"
            name="scope"
            checked={found?.scope === 'begun'}
            disabled={found === null || found.titles.length === 0}
            onChange={() => onScope?.('begun')}
          />
          <span>
            the modules you have begun{found !== null && `: ${found.titles.join(', ') || 'none yet'}`}
          </span>
        </label>
        <label>
          <input
            type="radio"
            name="scope"
            checked={found?.scope === 'all'}
            disabled={found === null}
            onChange={() => onScope?.('all')}
          />
          <span>the whole course</span>
        </label>
      </fieldset>
      <div class="row">
        <button
          type="button"
          class="button button-primary"
          onClick={onStart}
          disabled={found === null || found.failure === 'fetching'}
        >
          Start
        </button>
        <p role="status">{found === null ? 'Looking up your answers.' : offer(found)}</p>
      </div>
      {found?.isKept === false && <p class="not-kept">{NOT_KEPT}</p>}
    </>
  );
}

function offer({ pool, failure }: Found): string {
  if (failure === 'failed') {
    return 'The questions could not be fetched. Check the connection and start again.';
  }
  const session = chooseSession(pool, 'preview');
  return `${session.length} questions, about ${minutes(session)}.`;
}

function headline(pool: readonly Candidate[]): string {
  const due = dueCount(pool);
  if (due > 0) return due === 1 ? 'One question is due' : `${due} questions are due`;
  const isFresh = pool.some(({ need }) => need === 'new' || need === 'unread');
  return isFresh ? 'Nothing is due: all is new' : 'Nothing is due before its time';
}

function minutes(session: readonly Candidate[]): string {
  const count = Math.max(1, Math.round(secondsOf(session) / 60));
  return count === 1 ? 'one minute' : `${count} minutes`;
}
