/** Computes every key of a quiz, and refuses a quiz whose keys do not single out an answer. */
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import {
  Asker,
  KeyProblem,
  canonicalAddress,
  canonicalPrefix,
  computed,
  fits,
  list,
  scalar,
  toFlow,
  wholeNumber,
} from './key-answer.ts';
import { fieldOf, netpathLine } from './key.ts';
import type { KeySource } from './key.ts';
import type { KeyOrigin, Misreading, Question, Quiz, QuizOption, Run, TracePart } from './question.ts';
import type { OptionFile, QuestionFile, QuestionFileOf, QuizFile, QuizIssue, RunFile } from './schema.ts';

/** Returns the quiz with all keys computed, or every question's problem. */
export async function resolveQuiz(
  file: QuizFile,
  fileName: string,
  id: string,
  source: KeySource,
): Promise<Result<Quiz, readonly QuizIssue[]>> {
  const issues: QuizIssue[] = [];
  const questions: Question[] = [];
  for (const [index, question] of file.questions.entries()) {
    const scenario = question.scenario ?? file.scenario ?? null;
    try {
      questions.push(await resolveQuestion(question, scenario, source));
    } catch (problem) {
      if (!(problem instanceof KeyProblem)) throw problem;
      issues.push({ place: `${fileName}: questions[${index}] (${question.id})`, message: problem.message });
    }
  }
  for (const repeated of repeatedIds(file)) {
    issues.push({ place: `${fileName}: ${repeated}`, message: 'this id is used twice' });
  }
  return issues.length > 0 ? err(issues) : ok({ id, title: file.title, questions });
}

async function resolveQuestion(
  question: QuestionFile,
  scenario: string | null,
  source: KeySource,
): Promise<Question> {
  const asker = new Asker(scenario, source);
  const { id, prompt, why } = question;
  const base = { id, prompt, why, scenario };
  switch (question.kind) {
    case 'choice':
      return { ...base, kind: 'choice', ...(await resolveChoice(question, asker)) };
    case 'multi':
      return { ...base, kind: 'multi', ...(await resolveMulti(question, asker)) };
    case 'address': {
      const { value, origin } = await typedKey(question, asker);
      const read = question.answers === 'address' ? canonicalAddress : canonicalPrefix;
      const misreadings = readMisreadings(question.misreadings, read);
      const { answers, otherwise } = question;
      return {
        ...base,
        kind: 'address',
        answers,
        key: distinctKey(read(value), misreadings),
        misreadings,
        otherwise,
        origin,
      };
    }
    case 'number': {
      const { value, origin } = await typedKey(question, asker);
      const misreadings = readMisreadings(question.misreadings, (answer) => answer);
      const { unit, otherwise } = question;
      return {
        ...base,
        kind: 'number',
        unit,
        key: distinctKey(wholeNumber(value), misreadings),
        misreadings,
        otherwise,
        origin,
      };
    }
    case 'order':
      return { ...base, kind: 'order', ...(await resolveOrder(question, asker)) };
    case 'trace':
      return { ...base, kind: 'trace', ...(await resolveTrace(question, asker)) };
  }
}

async function resolveChoice(
  question: QuestionFileOf<'choice'>,
  asker: Asker,
): Promise<{ readonly origin: KeyOrigin; readonly options: readonly QuizOption[] }> {
  if ((question.key === undefined) === (question.answer === undefined)) {
    throw new KeyProblem('give either a key (computed) or an answer (an option id)');
  }
  const { options, answer, key } = question;
  if (key === undefined) {
    const right = (option: OptionFile) => option.id === answer;
    return {
      origin: { kind: 'written' },
      options: singleOut(options, right, `the answer ${String(answer)}`),
    };
  }
  const value = scalar(await asker.value(key));
  const right = (option: OptionFile) => fits(option.value ?? option.text, value);
  return { origin: computed(key), options: singleOut(options, right, `the computed key "${value}"`) };
}

async function resolveMulti(
  question: QuestionFileOf<'multi'>,
  asker: Asker,
): Promise<{ readonly origin: KeyOrigin; readonly options: readonly QuizOption[] }> {
  const { options, key, answers } = question;
  const rights: boolean[] = [];
  const first = options[0]?.when;
  for (const option of options) {
    if ((option.when === undefined) !== (first === undefined)) {
      throw new KeyProblem('either every option has a "when" or none has');
    }
  }
  if ([key, answers, first].filter((each) => each !== undefined).length !== 1) {
    throw new KeyProblem('give one of: key, answers, or a "when" on every option');
  }
  const values = key === undefined ? null : list(await asker.value(key));
  for (const option of options) {
    if (option.when !== undefined) {
      rights.push(fits(option.when.is, scalar(await asker.value(option.when.key))));
    } else if (values !== null) {
      const wanted = option.value ?? option.text;
      rights.push(values.some((value) => fits(wanted, value)));
    } else {
      rights.push(answers?.includes(option.id) === true);
    }
  }
  if (!rights.includes(true)) throw new KeyProblem('no option is right');
  if (!rights.includes(false))
    throw new KeyProblem('every option is right; a learner needs one to turn down');
  const origin = key ?? first?.key;
  return {
    origin: origin === undefined ? { kind: 'written' } : computed(origin),
    options: options.map((option, index) => toOption(option, rights[index] === true ? 'right' : 'wrong')),
  };
}

async function resolveOrder(question: QuestionFileOf<'order'>, asker: Asker) {
  const items = question.items.map(({ id, text, feedback }) => ({ id, text, feedback }));
  if (question.key === undefined) return { origin: { kind: 'written' } as const, items };
  const sequence = list(await asker.value(question.key));
  const placed = question.items.map((item) => {
    const value = String(item.value ?? item.text);
    const at = sequence.findIndex((each) => fits(value, each));
    if (at < 0)
      throw new KeyProblem(`"${value}" does not occur in the computed order: ${sequence.join(', ')}`);
    return { at, id: item.id };
  });
  if (new Set(placed.map((each) => each.at)).size !== placed.length) {
    throw new KeyProblem('two items have the same place in the computed order');
  }
  const rank = new Map(placed.map((each) => [each.id, each.at]));
  const sorted = [...items].sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0));
  return { origin: computed(question.key), items: sorted };
}

async function resolveTrace(question: QuestionFileOf<'trace'>, asker: Asker) {
  const flow = toFlow(question.flow);
  const answer = await asker.trace(flow);
  const parts: TracePart[] = [];
  const { disposition, seenSource, decidedBy } = question;
  if (disposition !== undefined) {
    const value = scalar(fieldOf(answer, 'disposition'));
    const right = (option: OptionFile) => fits(option.value ?? option.text, value);
    const options = singleOut(disposition.options, right, `the disposition "${value}"`);
    parts.push({ kind: 'disposition', id: 'disposition', label: disposition.label, options });
  }
  if (seenSource !== undefined) {
    const value = fieldOf(answer, 'seenSource.address');
    const misreadings = readMisreadings(seenSource.misreadings, (text) =>
      text === 'none' ? text : canonicalAddress(text),
    );
    const key = value === undefined ? null : canonicalAddress(value);
    distinctKey(key ?? 'none', misreadings);
    const { label, otherwise } = seenSource;
    parts.push({ kind: 'seen-source', id: 'seen-source', label, key, misreadings, otherwise });
  }
  if (decidedBy !== undefined) {
    const value = scalar(fieldOf(answer, decidedBy.field) ?? '');
    const right = (option: OptionFile) => value.includes(String(option.value ?? option.text));
    const options = singleOut(decidedBy.options, right, `"${value}", found at ${decidedBy.field},`);
    parts.push({ kind: 'decided-by', id: 'decided-by', label: decidedBy.label, options });
  }
  if (parts.length === 0)
    throw new KeyProblem('a trace question asks for disposition, seenSource or decidedBy');
  const origin: KeyOrigin = {
    kind: 'computed',
    how: `${netpathLine(flow)} -o json`,
    run: { kind: 'flow', flow },
  };
  return { origin, flow, parts };
}

async function typedKey(
  question: QuestionFileOf<'address'> | QuestionFileOf<'number'>,
  asker: Asker,
): Promise<{ readonly value: unknown; readonly origin: KeyOrigin }> {
  const { key, answer } = question;
  if ((key === undefined) === (answer === undefined)) {
    throw new KeyProblem('give either a key (computed) or an answer');
  }
  if (key === undefined) return { value: answer, origin: { kind: 'written' } };
  return { value: await asker.value(key), origin: computed(key) };
}

function singleOut(
  options: readonly OptionFile[],
  isRight: (option: OptionFile) => boolean,
  what: string,
): readonly QuizOption[] {
  const right = options.filter(isRight);
  if (right.length !== 1) {
    const found = right.map((option) => option.id).join(', ') || 'none';
    throw new KeyProblem(`${what} must fit exactly one option; it fits ${found}`);
  }
  return options.map((option) => toOption(option, isRight(option) ? 'right' : 'wrong'));
}

function toOption(option: OptionFile, verdict: 'right' | 'wrong'): QuizOption {
  const { id, text, feedback } = option;
  return { id, text, verdict, feedback, run: toRun(option.run) };
}

function toRun(run: RunFile | undefined): Run | null {
  if (run === undefined) return null;
  if (typeof run === 'string') return { kind: 'command', command: run };
  return { kind: 'flow', flow: toFlow(run) };
}

function readMisreadings<T extends string | number>(
  misreadings: readonly {
    readonly answer: T;
    readonly feedback: string;
    readonly run?: RunFile | undefined;
  }[],
  canonical: (answer: T) => T,
): readonly Misreading<T>[] {
  return misreadings.map(({ answer, feedback, run }) => ({
    answer: canonical(answer),
    feedback,
    run: toRun(run),
  }));
}

function distinctKey<T>(key: T, misreadings: readonly Misreading<T>[]): T {
  if (misreadings.some((each) => each.answer === key)) {
    throw new KeyProblem(`the key ${String(key)} is also listed as a misreading`);
  }
  return key;
}

function repeatedIds(file: QuizFile): readonly string[] {
  const ids = file.questions.map((question) => question.id);
  const inside = file.questions.flatMap((question) => {
    const parts = 'options' in question ? question.options : 'items' in question ? question.items : [];
    return parts.map((part) => `${question.id}.${part.id}`);
  });
  const all = [...ids, ...inside];
  return [...new Set(all.filter((each, index) => all.indexOf(each) !== index))];
}
