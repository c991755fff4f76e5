/** What every calculator page has: inputs, the answer beside them, and the same in a terminal. */
import type { ComponentChildren } from 'preact';
import type { Calculator } from '../../planner/calculator.ts';
import { CalculatorForm } from './CalculatorForm.tsx';
import { unbrokenWords } from './unbroken.tsx';
import type { CalculatorState } from './use-calculator.ts';
import { commandOf, fieldsOf } from './url-state.ts';

interface FrameProps {
  readonly calculator: Calculator;
  readonly state: Pick<CalculatorState<unknown>, 'draft' | 'issues' | 'announcement' | 'onInput'>;
  /** The answer in a sentence. */
  readonly verdict: string;
  readonly outcome: 'fits' | 'does-not-fit';
  readonly warnings: readonly string[];
  readonly children: ComponentChildren;
}

export function CalculatorFrame({ calculator, state, verdict, outcome, warnings, children }: FrameProps) {
  const { draft, issues, announcement, onInput } = state;
  return (
    <div class="calc not-content">
      <CalculatorForm
        id={calculator.name}
        label={calculator.title}
        fields={fieldsOf(calculator)}
        draft={draft}
        issues={issues}
        onInput={onInput}
      />
      <section class="calc-answer" aria-label="Answer" data-stale={issues.length > 0 ? '' : undefined}>
        <p class="visually-hidden" role="status">
          {announcement}
        </p>
        {issues.length > 0 && (
          <p class="calc-stale">
            {issues.length === 1 ? 'One input' : `${issues.length} inputs`} cannot be read yet. This is still
            the answer to what stood there before.
          </p>
        )}
        <p class="calc-verdict" data-outcome={outcome}>
          {verdict}
        </p>
        {warnings.length > 0 && (
          <ul class="calc-warnings">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        )}
        {children}
        <div class="calc-terminal">
          <h2>The same in a terminal</h2>
          <pre tabIndex={0}>
            <code>{unbrokenWords(commandOf(calculator, draft))}</code>
          </pre>
        </div>
      </section>
    </div>
  );
}
