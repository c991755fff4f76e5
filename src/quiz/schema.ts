/** The YAML that stands beside a lesson, read strictly: an unknown field is an error that names its place. */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { isUrl } from '../model/compile/url-parts.ts';
import { PROXY_CLIENTS } from '../model/proxy/clients.ts';
import { err, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { varied } from './vary.ts';

/** A problem in a quiz file, with the place an author has to go to. */
export interface QuizIssue {
  /** `kubenet-addresses.quiz.yaml: questions[2].options[0].feedback` */
  readonly place: string;
  readonly message: string;
}

const text = z.string().trim().min(1, 'is empty');
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is kebab-case, for example node-range');

const flow = z
  .strictObject({
    from: text,
    to: text,
    protocol: z.enum(['tcp', 'udp', 'icmp']).default('tcp'),
    port: z.int().min(1).max(65_535).optional(),
    /** Who asks for a URL, as `netpath --client` has it. */
    client: z.enum([...PROXY_CLIENTS, 'none']).optional(),
  })
  .refine((each) => isUrl(each.to) || (each.protocol === 'icmp') === (each.port === undefined), {
    message: 'tcp and udp need a port, icmp has none',
  })
  .refine((each) => each.client === undefined || isUrl(each.to), {
    message: 'only a URL has a client',
  });

const run = z.union([text, flow], 'a command line, or a flow with from, to, protocol, port and client');

const key = z.union(
  [
    z.strictObject({ ask: flow, field: text }),
    z.strictObject({ limit: text }),
    z.strictObject({ run: text }),
    z.strictObject({ calc: text, field: text }),
  ],
  'a key is {ask, field}, {limit}, {run} or {calc, field}',
);

const value = z.union([z.string(), z.number()]);

const option = z.strictObject({
  id,
  text,
  /** What the computed key is compared with; the text if absent. */
  value: value.optional(),
  feedback: text,
  run: run.optional(),
});

const multiOption = option.extend({
  /** Computes whether this option is right by itself. */
  when: z.strictObject({ key, is: value }).optional(),
});

const addressMisreading = z.strictObject({ answer: text, feedback: text, run: run.optional() });
const numberMisreading = z.strictObject({ answer: z.int(), feedback: text, run: run.optional() });

const base = {
  id,
  prompt: text,
  why: text,
  scenario: id.optional(),
};

const choice = z.strictObject({
  ...base,
  kind: z.literal('choice'),
  key: key.optional(),
  answer: id.optional(),
  options: z.array(option).min(2).max(6),
});

const multi = z.strictObject({
  ...base,
  kind: z.literal('multi'),
  key: key.optional(),
  answers: z.array(id).min(1).optional(),
  options: z.array(multiOption).min(3).max(7),
});

const address = z.strictObject({
  ...base,
  kind: z.literal('address'),
  answers: z.enum(['address', 'prefix']).default('address'),
  key: key.optional(),
  answer: text.optional(),
  misreadings: z.array(addressMisreading).min(1),
  otherwise: text,
});

const number = z.strictObject({
  ...base,
  kind: z.literal('number'),
  unit: text,
  key: key.optional(),
  answer: z.int().optional(),
  misreadings: z.array(numberMisreading).min(1),
  otherwise: text,
});

const order = z.strictObject({
  ...base,
  kind: z.literal('order'),
  /** Gives a list; items are put in the order in which their values first occur in it. */
  key: key.optional(),
  items: z
    .array(z.strictObject({ id, text, value: value.optional(), feedback: text }))
    .min(3)
    .max(8),
});

const trace = z.strictObject({
  ...base,
  kind: z.literal('trace'),
  flow,
  disposition: z.strictObject({ label: text, options: z.array(option).min(2).max(5) }).optional(),
  seenSource: z
    .strictObject({ label: text, misreadings: z.array(addressMisreading).min(1), otherwise: text })
    .optional(),
  decidedBy: z.strictObject({ label: text, field: text, options: z.array(option).min(2).max(5) }).optional(),
});

const question = z.discriminatedUnion('kind', [choice, multi, address, number, order, trace]);

const quiz = z.strictObject({
  title: text,
  /** The scenario of every question that names none of its own. */
  scenario: id.optional(),
  questions: z.array(question).min(1),
});

export type QuizFile = z.infer<typeof quiz>;
export type QuestionFile = QuizFile['questions'][number];
export type QuestionFileOf<K extends QuestionFile['kind']> = Extract<QuestionFile, { kind: K }>;
export type KeyFile = z.infer<typeof key>;
export type RunFile = z.infer<typeof run>;
export type OptionFile = z.infer<typeof option>;

/** Returns the quiz as written, each question with its first numbers, or every problem of form with its place. */
export function parseQuiz(source: string, file: string): Result<QuizFile, readonly QuizIssue[]> {
  const rows = parseQuizRows(source, file);
  return rows.ok ? ok(rows.value.quiz) : rows;
}

export interface QuizRows {
  readonly quiz: QuizFile;
  /** Questions with other numbers, and which row of `vary` gives them. */
  readonly variations: readonly { readonly question: QuestionFile; readonly row: number }[];
}

/** Returns the quiz and its questions with other numbers. */
export function parseQuizRows(source: string, file: string): Result<QuizRows, readonly QuizIssue[]> {
  const yaml = readYaml(source);
  if (!yaml.ok) return err([{ place: `${file}:${yaml.error.line}`, message: yaml.error.message }]);
  const issues: QuizIssue[] = [];
  const others: { readonly question: unknown; readonly at: number; readonly row: number }[] = [];
  const first = firstRows(yaml.value, (question, at) => {
    const read = varied(question);
    if (!read.ok) {
      const { place, message } = read.error;
      issues.push({
        place: `${file}: questions[${at}].${place}${questionName(yaml.value, ['questions', at])}`,
        message,
      });
      return question;
    }
    const [own, ...more] = read.value.questions;
    others.push(...more.map((each, index) => ({ question: each, at, row: index + 1 })));
    return own;
  });
  if (issues.length > 0) return err(issues);
  const parsed = quiz.safeParse(first);
  if (!parsed.success) {
    return err(
      parsed.error.issues.map((issue) => ({
        place: `${file}: ${placeOf(issue.path)}${questionName(yaml.value, issue.path)}`,
        message: issue.message,
      })),
    );
  }
  const variations: { question: QuestionFile; row: number }[] = [];
  for (const { question: other, at, row } of others) {
    const read = question.safeParse(other);
    if (read.success) variations.push({ question: read.data, row });
    else {
      const place = `${file}: questions[${at}]${questionName(yaml.value, ['questions', at])}, row ${row} of vary`;
      issues.push(
        ...read.error.issues.map((issue) => ({
          place: `${place}: ${placeOf(issue.path)}`,
          message: issue.message,
        })),
      );
    }
  }
  return issues.length > 0 ? err(issues) : ok({ quiz: parsed.data, variations });
}

/** The file with every question put through `of`; what is no list of questions stays for the schema to refuse. */
function firstRows(yaml: unknown, of: (question: unknown, at: number) => unknown): unknown {
  if (typeof yaml !== 'object' || yaml === null || !('questions' in yaml)) return yaml;
  return Array.isArray(yaml.questions) ? { ...yaml, questions: yaml.questions.map(of) } : yaml;
}

function readYaml(source: string): Result<unknown, { readonly line: number; readonly message: string }> {
  try {
    const value: unknown = parseYaml(source);
    return ok(value);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return err({ line: error.linePos?.[0].line ?? 1, message: error.message });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  const words = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return words.join('').replace(/^\./, '') || 'the file';
}

/** Adds the question's id, which authors know better than its number. */
function questionName(yaml: unknown, path: readonly PropertyKey[]): string {
  const [first, at] = path;
  if (first !== 'questions' || typeof at !== 'number') return '';
  if (typeof yaml !== 'object' || yaml === null || !('questions' in yaml)) return '';
  if (!Array.isArray(yaml.questions)) return '';
  const question: unknown = yaml.questions[at];
  if (typeof question !== 'object' || question === null || !('id' in question)) return '';
  return ` (${String(question.id)})`;
}
