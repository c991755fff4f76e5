/** The inputs of any calculator: built from its flags, with each error beside its field. */
import type { CalculatorFlag } from '../../planner/calculator.ts';
import type { InputIssue } from '../../planner/input.ts';
import type { Draft } from './url-state.ts';

interface FormProps {
  /** Prefix of element ids; unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly fields: readonly CalculatorFlag[];
  readonly draft: Draft;
  readonly issues: readonly InputIssue[];
  readonly onInput: (field: string, text: string) => void;
}

export function CalculatorForm({ id, label, fields, draft, issues, onInput }: FormProps) {
  const shown = (field: CalculatorFlag) => (
    <Field
      key={field.name}
      id={`${id}-${field.name}`}
      field={field}
      text={draft[field.name] ?? ''}
      issues={issues.filter((issue) => issue.flag === field.name)}
      onInput={(text) => onInput(field.name, text)}
    />
  );
  const rare = fields.filter((field) => field.rare !== undefined);
  // What is filled in is never folded away.
  const isInUse = rare.some((field) => (draft[field.name] ?? '') !== '');
  return (
    <form class="calc-form" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {fields.filter((field) => field.rare === undefined).map(shown)}
      {rare.length > 0 && (
        <details open={isInUse}>
          <summary>More inputs</summary>
          <div class="calc-form">{rare.map(shown)}</div>
        </details>
      )}
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly field: CalculatorFlag;
  readonly text: string;
  readonly issues: readonly InputIssue[];
  readonly onInput: (text: string) => void;
}

function Field({ id, field, text, issues, onInput }: FieldProps) {
  const isWrong = issues.length > 0;
  const describedBy = isWrong ? `${id}-error ${id}-help` : `${id}-help`;
  const common = {
    id,
    name: field.name,
    value: text,
    autocomplete: 'off',
    spellcheck: false,
    'aria-describedby': describedBy,
    'aria-invalid': isWrong,
    'aria-required': field.required ?? false,
  };
  return (
    <div class="calc-field" data-wrong={isWrong ? '' : undefined}>
      <label for={id}>
        {field.label}
        {field.required === undefined && <span class="optional"> optional</span>}
      </label>
      {field.takes === 'one' ? (
        <input
          type="text"
          {...common}
          placeholder={field.fallback}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      ) : (
        <textarea
          {...common}
          rows={1}
          placeholder={field.fallback}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      <div id={`${id}-error`} class="calc-error">
        {issues.map((issue) => (
          <p key={issue.message}>
            {capitalised(issue.message)}
            {issue.instead !== null && (
              <>
                {' '}
                Try <code>{issue.instead.replace(/\.$/, '')}</code>.
              </>
            )}
          </p>
        ))}
      </div>
      <p id={`${id}-help`} class="calc-help">
        {field.help}
        {field.fallback !== undefined && ` Empty means ${field.fallback}.`}
      </p>
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
