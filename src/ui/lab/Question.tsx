import { useState } from 'preact/hooks';
import type { CheckResult } from '../../lab/lab.ts';
import type { WorkspaceModel } from './workspace-model.ts';

interface QuestionProps {
  readonly model: WorkspaceModel;
  readonly name: string;
  readonly html: string;
  readonly result: CheckResult | null;
}

/** A field that types `answer KEY VALUE` into the terminal: both ways are the same. */
export function Question({ model, name, html, result }: QuestionProps) {
  const [value, setValue] = useState('');
  const id = `answer-${name}`;
  const typed = lastAnswer(model, name);
  const graded = gradedAnswer(name, result);
  const given = typed ?? graded;
  // A verdict is about the answer that was graded, not about one given since.
  const verdict = typed === null || typed === graded ? result : null;
  return (
    <form
      class="question"
      data-state={verdict === null ? 'open' : verdict.passed ? 'passed' : 'failed'}
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== '')
          void model.answer(name, value.trim()).then(() => {
            setValue('');
          });
      }}
    >
      <label for={id} dangerouslySetInnerHTML={{ __html: html }} />
      <div class="field">
        <input
          id={id}
          value={value}
          placeholder={given ?? ''}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => {
            setValue(event.currentTarget.value);
          }}
        />
        <button type="submit" class="button" disabled={model.busy.value !== null || value.trim() === ''}>
          Answer
        </button>
      </div>
      <p class="given">
        {verdict !== null && (
          <b>{verdict.passed ? 'Right. ' : given === null ? 'No answer yet. ' : 'Not yet. '}</b>
        )}
        {given === null ? (
          <>
            Or in the terminal: <code>answer {name} VALUE</code>
          </>
        ) : (
          <>
            Your answer: <code>{given}</code>
          </>
        )}
      </p>
    </form>
  );
}

/** The answer that the last check looked at, whoever gave it: the learner or their script. */
function gradedAnswer(key: string, result: CheckResult | null): string | null {
  for (const line of result?.detail ?? []) {
    for (const start of [`${key}: `, 'You answered: '])
      if (line.startsWith(start)) return line.slice(start.length);
  }
  return null;
}

/** The last answer typed by hand since. */
function lastAnswer(model: WorkspaceModel, key: string): string | null {
  for (const entry of [...model.progress.value.now.log].reverse()) {
    const typed = entry.kind === 'line' ? /^answer (\S+) '?([^'$`"]+)'?$/.exec(entry.text.trim()) : null;
    if (typed?.[1] === key) return typed[2] ?? null;
  }
  return null;
}
