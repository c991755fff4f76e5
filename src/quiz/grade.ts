/** Grading: pure, by value, and with feedback for each thing the learner said. */
import { formatAddress, formatIpError, parseAddress } from '../model/ip/address.ts';
import { formatPrefix, parsePrefix } from '../model/ip/prefix.ts';
import type {
  AddressQuestion,
  ChoiceQuestion,
  Misreading,
  MultiQuestion,
  NumberQuestion,
  OrderQuestion,
  Question,
  QuizOption,
  Run,
  TracePart,
  TraceQuestion,
} from './question.ts';

/** What a learner said: option ids, text as typed, or an order of item ids. */
export type Answer =
  | { readonly kind: 'choice'; readonly option: string }
  | { readonly kind: 'multi'; readonly options: readonly string[] }
  | { readonly kind: 'address'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'order'; readonly items: readonly string[] }
  /** One entry per part id: an option id, or the text typed for a source address. */
  | { readonly kind: 'trace'; readonly parts: Readonly<Record<string, string>> };

export interface Feedback {
  /** The option, item or trace part it is about; null for the whole answer. */
  readonly about: string | null;
  readonly verdict: 'right' | 'wrong';
  readonly text: string;
  readonly run: Run | null;
}

export type Grade =
  | {
      readonly kind: 'graded';
      readonly verdict: 'right' | 'wrong';
      readonly feedback: readonly Feedback[];
      /** The key in words, for the reader who wants it now. */
      readonly key: string;
    }
  /** The answer cannot be read (an address with a typing error, nothing chosen): ask again, count nothing. */
  | { readonly kind: 'unreadable'; readonly message: string };

/**
 * Grades one answer. An answer of another kind than the question's is a bug and throws; text that
 * cannot be read as an address or number is `unreadable`.
 */
export function grade(question: Question, answer: Answer): Grade {
  switch (question.kind) {
    case 'choice':
      return gradeChoice(question, expectKind(answer, 'choice').option);
    case 'multi':
      return gradeMulti(question, expectKind(answer, 'multi').options);
    case 'address':
      return gradeAddress(question, expectKind(answer, 'address').text);
    case 'number':
      return gradeNumber(question, expectKind(answer, 'number').text);
    case 'order':
      return gradeOrder(question, expectKind(answer, 'order').items);
    case 'trace':
      return gradeTrace(question, expectKind(answer, 'trace').parts);
  }
}

function expectKind<K extends Answer['kind']>(answer: Answer, kind: K): Extract<Answer, { kind: K }> {
  if (!isKind(answer, kind)) throw new Error(`a ${kind} question was given a ${answer.kind} answer`);
  return answer;
}

function isKind<K extends Answer['kind']>(answer: Answer, kind: K): answer is Extract<Answer, { kind: K }> {
  return answer.kind === kind;
}

function gradeChoice(question: ChoiceQuestion, chosen: string): Grade {
  const option = question.options.find((each) => each.id === chosen);
  if (option === undefined) return { kind: 'unreadable', message: 'Choose one of the options first.' };
  return graded(option.verdict, [optionFeedback(option, option.verdict)], rightTexts(question.options));
}

function gradeMulti(question: MultiQuestion, chosen: readonly string[]): Grade {
  if (chosen.length === 0) return { kind: 'unreadable', message: 'Choose at least one option first.' };
  const feedback = question.options.flatMap((option): Feedback[] => {
    const isChosen = chosen.includes(option.id);
    const shouldBe = option.verdict === 'right';
    if (!isChosen && !shouldBe) return [];
    return [optionFeedback(option, isChosen === shouldBe ? 'right' : 'wrong')];
  });
  const verdict = feedback.every((each) => each.verdict === 'right') ? 'right' : 'wrong';
  return graded(verdict, feedback, rightTexts(question.options));
}

function gradeAddress(question: AddressQuestion, text: string): Grade {
  const reading = question.answers === 'address' ? readAddress(text) : readPrefix(text);
  if (!reading.ok) return { kind: 'unreadable', message: reading.message };
  return gradeTyped(question, question.key, reading.text);
}

function gradeNumber(question: NumberQuestion, text: string): Grade {
  // 27,610 and 27 610 are what people write; a decimal comma never occurs in these answers.
  // A prefix length is a number that people write with its slash.
  const plain = text
    .trim()
    .replace(/^\/(?=\d)/, '')
    .replaceAll(/(?<=\d)[,  '_](?=\d{3}\b)/g, '');
  if (!/^\d+$/.test(plain)) {
    return { kind: 'unreadable', message: `Write a whole number of ${question.unit}, in digits.` };
  }
  const value = Number(plain);
  return gradeTyped(question, question.key, value);
}

function gradeTyped<T extends string | number>(
  question: {
    readonly why: string;
    readonly otherwise: string;
    readonly misreadings: readonly Misreading<T>[];
  },
  key: T,
  given: T,
): Grade {
  if (given === key) {
    return graded('right', [{ about: null, verdict: 'right', text: question.why, run: null }], String(key));
  }
  const known = question.misreadings.find((each) => each.answer === given);
  const wrong: Feedback = {
    about: null,
    verdict: 'wrong',
    text: known?.feedback ?? question.otherwise,
    run: known?.run ?? null,
  };
  return graded('wrong', [wrong], String(key));
}

function gradeOrder(question: OrderQuestion, given: readonly string[]): Grade {
  const ids = question.items.map((item) => item.id);
  if ([...given].sort().join('\n') !== [...ids].sort().join('\n')) {
    return { kind: 'unreadable', message: 'Put every item in its place first.' };
  }
  const firstWrong = question.items.find((item, index) => given[index] !== item.id);
  const key = question.items.map((item, index) => `${index + 1}. ${item.text}`).join(' ');
  if (firstWrong === undefined) {
    return graded('right', [{ about: null, verdict: 'right', text: question.why, run: null }], key);
  }
  return graded(
    'wrong',
    [{ about: firstWrong.id, verdict: 'wrong', text: firstWrong.feedback, run: null }],
    key,
  );
}

function gradeTrace(question: TraceQuestion, given: Readonly<Record<string, string>>): Grade {
  const results = question.parts.map((part) => gradePart(part, given[part.id] ?? ''));
  const unreadable = results.find((each) => each.kind === 'unreadable');
  if (unreadable !== undefined) return unreadable;
  const feedback = results.flatMap((each) => (each.kind === 'graded' ? each.feedback : []));
  const verdict = feedback.every((each) => each.verdict === 'right') ? 'right' : 'wrong';
  const key = question.parts.map((part) => `${part.label}: ${partKey(part)}`).join('; ');
  return graded(verdict, feedback, key);
}

function gradePart(part: TracePart, given: string): Grade {
  if (part.kind !== 'seen-source') {
    const option = part.options.find((each) => each.id === given);
    if (option === undefined) return { kind: 'unreadable', message: `Choose an answer for “${part.label}”.` };
    const feedback = { ...optionFeedback(option, option.verdict), about: part.id };
    return graded(option.verdict, [feedback], rightTexts(part.options));
  }
  const nobody = /^(none|nobody|no one|-)$/i.test(given.trim());
  const reading = nobody ? null : readAddress(given);
  if (reading !== null && !reading.ok) {
    return { kind: 'unreadable', message: `“${part.label}”: ${reading.message}` };
  }
  const said = reading === null ? null : reading.text;
  if (said === part.key) {
    const text = said === null ? 'Right: nothing arrives, so nobody sees a source.' : `Right: ${said}.`;
    return graded('right', [{ about: part.id, verdict: 'right', text, run: null }], partKey(part));
  }
  const known = part.misreadings.find((each) => each.answer === (said ?? 'none'));
  const text = known?.feedback ?? part.otherwise;
  return graded(
    'wrong',
    [{ about: part.id, verdict: 'wrong', text, run: known?.run ?? null }],
    partKey(part),
  );
}

function partKey(part: TracePart): string {
  return part.kind === 'seen-source' ? (part.key ?? 'none') : rightTexts(part.options);
}

function graded(verdict: 'right' | 'wrong', feedback: readonly Feedback[], key: string): Grade {
  return { kind: 'graded', verdict, feedback, key };
}

function optionFeedback(option: QuizOption, verdict: 'right' | 'wrong'): Feedback {
  return {
    about: option.id,
    verdict,
    text: option.feedback,
    run: verdict === 'wrong' ? option.run : null,
  };
}

function rightTexts(options: readonly QuizOption[]): string {
  return options
    .filter((option) => option.verdict === 'right')
    .map((option) => option.text)
    .join('; ');
}

type Reading =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

function readAddress(text: string): Reading {
  if (text.trim() === '') return { ok: false, message: 'Write an address first, such as 10.0.0.4.' };
  const parsed = parseAddress(text.trim());
  return parsed.ok
    ? { ok: true, text: formatAddress(parsed.value) }
    : { ok: false, message: formatIpError(parsed.error) };
}

function readPrefix(text: string): Reading {
  if (text.trim() === '') return { ok: false, message: 'Write a prefix first, such as 10.0.0.0/24.' };
  const parsed = parsePrefix(text.trim());
  return parsed.ok
    ? { ok: true, text: formatPrefix(parsed.value) }
    : { ok: false, message: formatIpError(parsed.error) };
}
