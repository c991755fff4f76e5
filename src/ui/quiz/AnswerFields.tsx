import type { Answer } from '../../quiz/grade.ts';
import { plainText } from '../../quiz/inline.ts';
import type { Question, QuizOption, TracePart } from '../../quiz/question.ts';
import { shuffled } from '../../quiz/shuffle.ts';
import { moved } from './draft.ts';
import { QuizText, type Ranges } from './QuizText.tsx';

interface FieldsProps {
  readonly question: Question;
  readonly answer: Answer;
  /** Unique on the page; radio groups are named after it. */
  readonly name: string;
  readonly ranges: Ranges;
  /** The id of the element that says why the answer cannot be read; null when nothing is wrong. */
  readonly issueId: string | null;
  readonly onAnswer: (answer: Answer) => void;
}

/** The controls of one question. Everything works by keyboard; nothing is dragged. */
export function AnswerFields({ question, answer, name, ranges, issueId, onAnswer }: FieldsProps) {
  switch (question.kind) {
    case 'choice':
      return (
        <Options
          options={question.options}
          name={name}
          type="radio"
          chosen={answer.kind === 'choice' ? [answer.option] : []}
          ranges={ranges}
          onToggle={(option) => onAnswer({ kind: 'choice', option })}
        />
      );
    case 'multi': {
      const chosen = answer.kind === 'multi' ? answer.options : [];
      return (
        <Options
          options={question.options}
          name={name}
          type="checkbox"
          chosen={chosen}
          ranges={ranges}
          onToggle={(option) =>
            onAnswer({
              kind: 'multi',
              options: chosen.includes(option)
                ? chosen.filter((each) => each !== option)
                : [...chosen, option],
            })
          }
        />
      );
    }
    case 'address':
    case 'number': {
      const kind = question.kind;
      return (
        <TextField
          name={name}
          label={
            kind === 'number'
              ? `Number of ${question.unit}`
              : question.answers === 'prefix'
                ? 'Prefix'
                : 'Address'
          }
          suffix={kind === 'number' ? question.unit : ''}
          numeric={kind === 'number'}
          issueId={issueId}
          value={answer.kind === kind ? answer.text : ''}
          onValue={(text) => onAnswer({ kind, text })}
        />
      );
    }
    case 'order':
      return (
        <OrderedItems
          texts={new Map(question.items.map((item) => [item.id, item.text]))}
          items={answer.kind === 'order' ? answer.items : []}
          ranges={ranges}
          onOrder={(items) => onAnswer({ kind: 'order', items })}
        />
      );
    case 'trace': {
      const parts = answer.kind === 'trace' ? answer.parts : {};
      return (
        <>
          {question.parts.map((part) => (
            <TracePartFields
              key={part.id}
              part={part}
              name={`${name}-${part.id}`}
              value={parts[part.id] ?? ''}
              ranges={ranges}
              onValue={(value) => onAnswer({ kind: 'trace', parts: { ...parts, [part.id]: value } })}
            />
          ))}
        </>
      );
    }
  }
}

interface OptionsProps {
  readonly options: readonly QuizOption[];
  readonly name: string;
  readonly type: 'radio' | 'checkbox';
  readonly chosen: readonly string[];
  readonly ranges: Ranges;
  readonly onToggle: (option: string) => void;
}

function Options({ options, name, type, chosen, ranges, onToggle }: OptionsProps) {
  return (
    <div class="options">
      {shuffled(options, name).map((option) => (
        <label key={option.id}>
          <input
            type={type}
            name={name}
            value={option.id}
            checked={chosen.includes(option.id)}
            onChange={() => onToggle(option.id)}
          />
          <span>
            <QuizText text={option.text} ranges={ranges} />
          </span>
        </label>
      ))}
    </div>
  );
}

interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly suffix: string;
  readonly numeric: boolean;
  readonly issueId: string | null;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function TextField({ name, label, suffix, numeric, issueId, value, onValue }: TextFieldProps) {
  return (
    <p class="typed">
      <label for={name} class="visually-hidden">
        {label}
      </label>
      <input
        id={name}
        type="text"
        // A phone's decimal pad has no slash, and in many languages a comma for the dot.
        inputMode={numeric ? 'numeric' : 'text'}
        autocapitalize="none"
        autocomplete="off"
        maxLength={64}
        aria-invalid={issueId === null ? undefined : 'true'}
        aria-describedby={issueId ?? undefined}
        spellcheck={false}
        size={numeric ? 8 : 18}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {suffix !== '' && <span aria-hidden="true"> {suffix}</span>}
    </p>
  );
}

interface OrderedItemsProps {
  readonly texts: ReadonlyMap<string, string>;
  readonly items: readonly string[];
  readonly ranges: Ranges;
  readonly onOrder: (items: readonly string[]) => void;
}

function OrderedItems({ texts, items, ranges, onOrder }: OrderedItemsProps) {
  return (
    <ol class="order">
      {items.map((id, index) => {
        const text = texts.get(id) ?? '';
        return (
          <li key={id}>
            <span class="moves">
              <button
                type="button"
                disabled={index === 0}
                aria-label={`Move up: ${plainText(text)}`}
                onClick={() => onOrder(moved(items, id, -1))}
              >
                <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
                  <path d="m3 10.5 5-5.5 5 5.5" />
                </svg>
              </button>
              <button
                type="button"
                disabled={index === items.length - 1}
                aria-label={`Move down: ${plainText(text)}`}
                onClick={() => onOrder(moved(items, id, 1))}
              >
                <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
                  <path d="m3 5.5 5 5.5 5-5.5" />
                </svg>
              </button>
            </span>
            <span>
              <QuizText text={text} ranges={ranges} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

interface TracePartProps {
  readonly part: TracePart;
  readonly name: string;
  readonly value: string;
  readonly ranges: Ranges;
  readonly onValue: (value: string) => void;
}

function TracePartFields({ part, name, value, ranges, onValue }: TracePartProps) {
  return (
    <fieldset class="part">
      <legend>{part.label}</legend>
      {part.kind === 'seen-source' ? (
        <>
          <TextField
            name={name}
            label={`${part.label}: an address, or "none"`}
            suffix=""
            numeric={false}
            issueId={null}
            value={value === 'none' ? '' : value}
            onValue={onValue}
          />
          <label class="nobody">
            <input
              type="checkbox"
              checked={value === 'none'}
              onChange={(event) => onValue(event.currentTarget.checked ? 'none' : '')}
            />
            <span>Nobody sees one: the packet does not arrive</span>
          </label>
        </>
      ) : (
        <Options
          options={part.options}
          name={name}
          type="radio"
          chosen={[value]}
          ranges={ranges}
          onToggle={onValue}
        />
      )}
    </fieldset>
  );
}
