import { useState } from 'preact/hooks';
import type { IncidentModel } from './incident-model.ts';

/** The lab's own questions, all at once: a finding is submitted as a whole. */
export function FindingForm({ model }: { readonly model: IncidentModel }) {
  const { questions } = model.page;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [missing, setMissing] = useState(false);
  const busy = model.work.busy.value !== null;
  const { findings } = model.entry.value;
  const last = findings.at(-1);
  const graded = model.graded();
  const submit = (event: Event): void => {
    event.preventDefault();
    const answers = questions.map(({ key }) => [key, values[key]?.trim() ?? ''] as const);
    const isWhole = answers.every(([, value]) => value !== '');
    setMissing(!isWhole);
    if (isWhole) void model.submit(answers);
  };
  return (
    <form class="finding" onSubmit={submit}>
      {questions.map(({ key, check, html }) => {
        const result = last === undefined ? null : (graded.find(({ id }) => id === check) ?? null);
        const feedback = result === null || result.passed ? null : (result.detail.at(-1) ?? null);
        return (
          <div key={key} class="finding-question">
            <label for={`finding-${key}`} dangerouslySetInnerHTML={{ __html: html }} />
            <input
              id={`finding-${key}`}
              value={values[key] ?? ''}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              aria-invalid={missing && (values[key] ?? '').trim() === ''}
              aria-describedby={result === null ? undefined : `finding-${key}-said`}
              onInput={(event) => {
                const { value } = event.currentTarget;
                setValues((before) => ({ ...before, [key]: value }));
              }}
            />
            {result !== null && (
              <p id={`finding-${key}-said`} class="said">
                <b>{result.passed ? 'Right.' : 'Not yet.'}</b> {feedback}
              </p>
            )}
          </div>
        );
      })}
      <div class="row">
        <button type="submit" class="button" disabled={busy}>
          {findings.length === 0 ? 'Submit the finding' : 'Submit it again'}
        </button>
        <p role="status" class="said">
          {missing
            ? 'Answer each question; your best answer will do.'
            : last === undefined
              ? ''
              : `${last.right} of ${last.of} right, submitted ${findings.length === 1 ? 'once' : `${findings.length} times`}.`}
        </p>
      </div>
    </form>
  );
}
