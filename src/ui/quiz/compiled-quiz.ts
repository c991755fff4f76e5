/** Quizzes as pages show them, computed once while the site is built: for the lesson and for the review. */
import { formatQuizIssues, readQuiz, readVariations } from '../../quiz/read-quiz.ts';
import type { Question, Quiz } from '../../quiz/question.ts';
import type { NamedRange } from '../address/range.ts';
import { rangesOf } from '../address/ranges-of.ts';
import { textParts } from '../address/text-parts.ts';
import { slugOf } from '../course/reading-order.ts';
import { scenarioCloud, scenarioSession } from '../lesson/scenario.ts';
import type { Aids } from './aids.ts';
import { keySource } from './key-source.ts';
import { runLine, runsOf } from './run-line.ts';

const files = import.meta.glob<string>('/content/**/*.quiz.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface CompiledQuiz {
  readonly quiz: Quiz;
  /** What a question shows beside its text. By question: each may stand in another world than the one before. */
  readonly aids: Readonly<Record<string, Aids>>;
}

/** Paths of all quiz files below the repository, such as `content/08-snat/02-ports-run-out.quiz.yaml`. */
export function quizPaths(): readonly string[] {
  return Object.keys(files).map((path) => path.slice(1));
}

/** The key under which a quiz's answers are kept, which is the slug of the lesson beside it. */
export function quizId(path: string): string {
  return slugOf(path.replace(/^content\//, '').replace(/\.quiz\.yaml$/, ''));
}

const compiled = new Map<string, Promise<CompiledQuiz>>();

/** Throws with every issue of the file, and where there is no such file. */
export function compiledQuiz(path: string): Promise<CompiledQuiz> {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const made = compile(path);
  compiled.set(path, made);
  return made;
}

async function compile(path: string): Promise<CompiledQuiz> {
  const read = await readQuiz(textOf(path), path, quizId(path), keySource);
  if (!read.ok) throw new Error(formatQuizIssues(read.error));
  const aids: Record<string, Aids> = {};
  for (const question of read.value.questions) {
    const found = await aidsOf(question);
    if (found !== null) aids[question.id] = found;
  }
  return { quiz: read.value, aids };
}

export interface VariedQuestion {
  readonly question: Question;
  readonly aids: Aids | null;
}

/** Questions of a quiz with other numbers, by the question's id. */
export async function compiledVariations(
  path: string,
): Promise<ReadonlyMap<string, readonly VariedQuestion[]>> {
  const read = await readVariations(textOf(path), path, quizId(path), keySource);
  if (!read.ok) throw new Error(formatQuizIssues(read.error));
  const found = new Map<string, readonly VariedQuestion[]>();
  for (const [id, questions] of read.value) {
    const varied: VariedQuestion[] = [];
    for (const question of questions) varied.push({ question, aids: await aidsOf(question) });
    found.set(id, varied);
  }
  return found;
}

function textOf(path: string): string {
  const text = files[`/${path}`];
  if (text === undefined) throw new Error(`There is no quiz file ${path}.`);
  return text;
}

/** Null for a question that stands in no scenario: nothing has a range there, and nothing runs. */
async function aidsOf(question: Question): Promise<Aids | null> {
  if (question.scenario === null) return null;
  const outputs: Record<string, string> = {};
  for (const run of runsOf(question)) {
    const line = runLine(run);
    const result = await (await scenarioSession(question.scenario)).run(line);
    outputs[line] = `${result.stdout}${result.stderr}`.replace(/\n$/, '');
  }
  const rangeOf = rangesOf(await scenarioCloud(question.scenario));
  const ranges: Record<string, NamedRange> = {};
  for (const part of textParts([JSON.stringify(question), ...Object.values(outputs)].join(' '))) {
    const range = part.kind === 'address' ? rangeOf(part.text) : null;
    if (range !== null) ranges[part.text] = range;
  }
  return { ranges, outputs };
}
