import { useId, useState } from 'preact/hooks';
import type { Briefing } from '../../../lab/incident-world.ts';
import { ENDS, SUSPECTS } from '../../../lab/incident.ts';
import type { Hypothesis } from '../../../progress/incident-entry.ts';

const CONFIDENCES = [
  { percent: 25, words: 'a guess' },
  { percent: 50, words: 'as likely as not' },
  { percent: 75, words: 'rather sure' },
  { percent: 95, words: 'sure' },
] as const;

interface FormProps {
  readonly briefing: Briefing;
  readonly before: Hypothesis | null;
  readonly busy: boolean;
  readonly onCommit: (hypothesis: Omit<Hypothesis, 'after'>) => void;
}

/** What decides, how it ends, and how sure one is. Every list is of what the model knows in this world. */
export function HypothesisForm({ briefing, before, busy, onCommit }: FormProps) {
  const [suspect, setSuspect] = useState(before?.suspect ?? '');
  const [end, setEnd] = useState(before?.end ?? '');
  const [confidence, setConfidence] = useState<number | null>(null);
  const [missing, setMissing] = useState(false);
  const id = useId();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (suspect === '' || end === '' || confidence === null) {
      setMissing(true);
      return;
    }
    setMissing(false);
    onCommit({ suspect, end, confidence });
  };
  return (
    <form class="hypothesis" onSubmit={submit} noValidate>
      <label for={`${id}-suspect`}>What decides?</label>
      <select
        id={`${id}-suspect`}
        value={suspect}
        onChange={(event) => {
          setSuspect(event.currentTarget.value);
          setMissing(false);
        }}
        aria-invalid={missing && suspect === ''}
      >
        <option value="">Choose one</option>
        {briefing.suspects.map((each) => (
          <option key={each} value={each}>
            {SUSPECTS[each]}
          </option>
        ))}
      </select>
      <label for={`${id}-end`}>What becomes of what fails?</label>
      <select
        id={`${id}-end`}
        value={end}
        onChange={(event) => {
          setEnd(event.currentTarget.value);
          setMissing(false);
        }}
        aria-invalid={missing && end === ''}
        aria-describedby={`${id}-meaning`}
      >
        <option value="">Choose one</option>
        {briefing.ends.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <p class="meaning" id={`${id}-meaning`} role="status">
        {briefing.ends.includes(end as never)
          ? ENDS[end as keyof typeof ENDS]
          : 'What each word means stands here once you choose it.'}
      </p>
      <fieldset>
        <legend>How sure are you of both?</legend>
        {CONFIDENCES.map(({ percent, words }) => (
          <label key={percent}>
            <input
              type="radio"
              name={`${id}-confidence`}
              checked={confidence === percent}
              onChange={() => {
                setConfidence(percent);
                setMissing(false);
              }}
            />
            <span>
              {words}, {percent} %
            </span>
          </label>
        ))}
      </fieldset>
      <div class="row">
        <button type="submit" class="button button-primary" disabled={busy}>
          {before === null ? 'Commit, and begin' : 'Change it'}
        </button>
        {missing && (
          <p role="alert" class="incident-problem">
            Say all three: what decides, what becomes of it, and how sure you are.
          </p>
        )}
      </div>
    </form>
  );
}
