import { useState } from 'preact/hooks';
import { readIncidentSeed } from '../../../practice/incident.ts';
import type { IncidentEntry } from '../../../progress/incident-entry.ts';
import { NOT_KEPT } from '../../memory/page-memory.ts';
import { dayOf } from '../../progress/course-in-page.ts';

export interface Known {
  readonly seed: string;
  readonly entry: IncidentEntry;
}

interface StartProps {
  /** How many networks there are to draw from. */
  readonly count: number;
  /** Null while the page gets ready: it looks as it will, and nothing can be pressed. */
  readonly opened: {
    readonly known: readonly Known[];
    readonly isKept: boolean;
    readonly problem: string | null;
    readonly onDraw: () => void;
    readonly onOpen: (seed: string) => void;
  } | null;
}

const SHOWN = 12;

export function IncidentStart({ count, opened }: StartProps) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  if (count === 0) {
    return (
      <section class="review incident-start not-content" aria-label="Incident">
        <p>This course leaves out the modules that incidents come from, so there is none to start.</p>
      </section>
    );
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    const seed = readIncidentSeed(typed);
    setWrong(seed === null);
    if (seed !== null) opened?.onOpen(seed);
  };
  const problem = opened?.problem ?? null;
  const known = opened?.known ?? [];
  return (
    <section class="review incident-start not-content needs-script" aria-label="Incident">
      {problem !== null && (
        <p class="incident-problem" role="alert">
          {problem}
        </p>
      )}
      <p>
        Somebody writes a ticket, and a network is broken: one of {count}, from modules in turn. You say what
        you suspect before you touch anything, look at it in a terminal, submit what you found, and mend it.
        What counts is the way: a hypothesis, evidence before changes, a right finding, a repair that breaks
        nothing. Your time is told and counts nothing.
      </p>
      <div class="row">
        <button
          type="button"
          class="button button-primary"
          disabled={opened === null}
          onClick={opened?.onDraw}
        >
          Start an incident
        </button>
      </div>
      <form class="incident-given" onSubmit={submit}>
        <label for="incident-seed">Or one that somebody gave you, by its name</label>
        <div class="row">
          <input
            id="incident-seed"
            value={typed}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxLength={40}
            aria-invalid={wrong}
            aria-describedby={wrong ? 'incident-seed-problem' : undefined}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setWrong(false);
            }}
          />
          <button type="submit" class="button" disabled={opened === null}>
            Open it
          </button>
        </div>
        {wrong && (
          <p id="incident-seed-problem" role="alert">
            A name is 4 to 20 letters and digits, such as k7m2px.
          </p>
        )}
      </form>
      {opened?.isKept === false && <p class="not-kept">{NOT_KEPT}</p>}
      {known.length > 0 && (
        <>
          <h2>Your incidents</h2>
          <ul class="incident-known">
            {known
              .toReversed()
              .slice(0, SHOWN)
              .map(({ seed, entry: { started, outcome } }) => (
                <li key={seed}>
                  <a
                    href={`?incident=${seed}`}
                    onClick={(event) => {
                      event.preventDefault();
                      opened?.onOpen(seed);
                    }}
                  >
                    {seed}
                  </a>{' '}
                  <span>
                    {outcome === null
                      ? `begun on ${dayOf(started)}, still open`
                      : `${dayOf(outcome.at)}: ${outcome.points} of ${outcome.of}. It was ${outcome.cause}.`}
                  </span>
                </li>
              ))}
          </ul>
        </>
      )}
    </section>
  );
}
