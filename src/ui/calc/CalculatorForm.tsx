/** The inputs of any calculator: built from its flags, with each error beside its field. */
import { useState } from 'preact/hooks';
import type { CalculatorFlag } from '../../planner/calculator.ts';
import type { InputIssue } from '../../planner/input.ts';
import { formWords, insteadWords } from './form-words.ts';
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
  const [isUnfolded, setUnfolded] = useState(false);
  const shown = (field: CalculatorFlag) => (
    <Field
      key={field.name}
      id={`${id}-${field.name}`}
      field={field}
      fields={fields}
      text={draft[field.name] ?? ''}
      issues={issuesOf(field, draft[field.name] ?? '', issues)}
      onInput={(text) => onInput(field.name, text)}
    />
  );
  const rare = fields.filter((field) => field.rare !== undefined);
  // What is filled in is never folded away, nor is a field in which somebody has just emptied it.
  const isInUse = rare.some((field) => (draft[field.name] ?? '') !== '');
  return (
    <form class="calc-form" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {fields.filter((field) => field.rare === undefined).map(shown)}
      {rare.length > 0 && (
        <details open={isInUse || isUnfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
          <summary>More inputs</summary>
          <div class="calc-form">{rare.map(shown)}</div>
        </details>
      )}
    </form>
  );
}

/** What is wrong with a field. JSON where a few words belong is said once, and not of each of its words. */
function issuesOf(field: CalculatorFlag, text: string, issues: readonly InputIssue[]): readonly InputIssue[] {
  const own = issues.filter((issue) => issue.flag === field.name);
  if (own.length === 0 || field.lines !== undefined || !/^\s*[[{]/.test(text)) return own;
  return [
    {
      flag: field.name,
      value: text,
      message: 'JSON is not read here: write it as said below.',
      instead: null,
    },
  ];
}

interface FieldProps {
  readonly id: string;
  readonly field: CalculatorFlag;
  /** All of the form: messages name others. */
  readonly fields: readonly CalculatorFlag[];
  readonly text: string;
  readonly issues: readonly InputIssue[];
  readonly onInput: (text: string) => void;
}

function Field(props: FieldProps) {
  const { choices, takes } = props.field;
  if (choices === undefined) return <TypedField {...props} />;
  switch (takes) {
    case 'many':
      return <TickedField {...props} choices={choices} />;
    case 'switch':
    case 'optional':
      return <SwitchField {...props} />;
    case 'one':
      return <ChosenField {...props} choices={choices} />;
  }
}

function TypedField({ id, field, fields, text, issues, onInput }: FieldProps) {
  const common = {
    ...controlOf(id, field, issues),
    value: text,
    autocomplete: 'off',
    spellcheck: false,
    placeholder: field.fallback,
  };
  return (
    <div class="calc-field" data-wrong={issues.length > 0 ? '' : undefined}>
      <label for={id}>
        {field.label}
        {field.required === undefined && <span class="optional"> optional</span>}
      </label>
      {field.lines !== undefined ? (
        <textarea
          {...common}
          class="calc-text"
          rows={field.lines}
          wrap="off"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      ) : field.takes === 'one' ? (
        <input type="text" {...common} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <textarea {...common} rows={1} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      <Notes id={id} field={field} fields={fields} issues={issues} />
    </div>
  );
}

interface ChoiceProps extends FieldProps {
  readonly choices: NonNullable<CalculatorFlag['choices']>;
}

/** Several of a few values, ticked; what stands in the page's address and is none of them stays. */
function TickedField({ id, field, fields, text, issues, onInput, choices }: ChoiceProps) {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  return (
    <fieldset class="calc-field" data-wrong={issues.length > 0 ? '' : undefined}>
      <legend>
        {field.label}
        {field.required === undefined && <span class="optional"> optional</span>}
      </legend>
      {choices.map(({ value, label }) => (
        <label key={value} class="calc-tick">
          <input
            type="checkbox"
            name={field.name}
            value={value}
            checked={words.includes(value)}
            aria-describedby={describedBy(id, issues)}
            onInput={(event) => {
              const others = words.filter((word) => word !== value);
              onInput((event.currentTarget.checked ? [...others, value] : others).join(','));
            }}
          />
          {label}
        </label>
      ))}
      <Notes id={id} field={field} fields={fields} issues={issues} />
    </fieldset>
  );
}

/** A requirement that is there or not. */
function SwitchField({ id, field, fields, text, issues, onInput }: FieldProps) {
  return (
    <div class="calc-field" data-wrong={issues.length > 0 ? '' : undefined}>
      <label class="calc-tick" for={id}>
        <input
          type="checkbox"
          {...controlOf(id, field, issues)}
          checked={text === 'yes'}
          onInput={(event) => onInput(event.currentTarget.checked ? 'yes' : '')}
        />
        {field.label}
      </label>
      <Notes id={id} field={field} fields={fields} issues={issues} />
    </div>
  );
}

/** One of a few values, or none. A value that is none of them, from the page's address, can be seen. */
function ChosenField({ id, field, fields, text, issues, onInput, choices }: ChoiceProps) {
  const isStrange = text !== '' && !choices.some((choice) => choice.value === text);
  return (
    <div class="calc-field" data-wrong={issues.length > 0 ? '' : undefined}>
      <label for={id}>
        {field.label}
        {field.required === undefined && <span class="optional"> optional</span>}
      </label>
      <select
        {...controlOf(id, field, issues)}
        value={text}
        onInput={(event) => onInput(event.currentTarget.value)}
      >
        <option value="" selected={text === ''}>
          {field.fallback ?? 'not said'}
        </option>
        {isStrange && (
          <option value={text} selected>
            {text}
          </option>
        )}
        {choices
          .filter((choice) => choice.value !== field.fallback)
          .map(({ value, label }) => (
            <option key={value} value={value} selected={text === value}>
              {label}
            </option>
          ))}
      </select>
      <Notes id={id} field={field} fields={fields} issues={issues} />
    </div>
  );
}

function controlOf(id: string, field: CalculatorFlag, issues: readonly InputIssue[]) {
  return {
    id,
    name: field.name,
    'aria-describedby': describedBy(id, issues),
    'aria-invalid': issues.length > 0,
    'aria-required': field.required ?? false,
  };
}

function describedBy(id: string, issues: readonly InputIssue[]): string {
  return issues.length > 0 ? `${id}-error ${id}-help` : `${id}-help`;
}

/** What is wrong with a field, and what it is for. */
function Notes({ id, field, fields, issues }: Pick<FieldProps, 'id' | 'field' | 'fields' | 'issues'>) {
  return (
    <>
      <div id={`${id}-error`} class="calc-error">
        {issues.map((issue) => (
          <p key={issue.message}>
            {capitalised(formWords(issue.message, fields).replace(/^is missing/, 'missing'))}
            {issue.instead !== null && <Instead {...insteadWords(issue.instead, field, fields)} />}
          </p>
        ))}
      </div>
      <p id={`${id}-help`} class="calc-help">
        {field.help}
        {field.fallback !== undefined && ` Empty means ${field.fallback}.`}
      </p>
    </>
  );
}

function Instead({ text, place, isText }: ReturnType<typeof insteadWords>) {
  return (
    <>
      {' '}
      Try {isText ? <code>{text}</code> : text}
      {place}.
    </>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
