import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { formatQuizIssues, readQuiz, readVariations } from '../../src/quiz/read-quiz.ts';
import type { Question, Quiz } from '../../src/quiz/question.ts';
import { varied } from '../../src/quiz/vary.ts';
import { brokenRules, computedShare, optionsOf } from '../../src/quiz/rules.ts';
import { grade } from '../../src/quiz/grade.ts';
import type { Answer } from '../../src/quiz/grade.ts';
import { keySource } from '../../src/ui/quiz/key-source.ts';
import { slugOf } from '../../src/ui/course/reading-order.ts';
import { CONTENT, contentFiles } from './course.ts';

const FILES = contentFiles().filter((file) => file.endsWith('.quiz.yaml'));
const LEAST_QUESTIONS_PER_MODULE = 12;
const LEANS =
  /^(?:and|now|same|again|after (?:that|this)|with that|in the same|the other way round|the same (?:call|cluster|colleague|group|pod|service|state|table|world))\b|\b(?:once more|(?:pod subnet|overlay|kubenet) again|after that update|in the same state)\b/i;

/** Modules are the numbered folders at the top. */
const MODULES = [...new Set(FILES.map((file) => file.split('/')[0] ?? ''))];

function textOf(file: string): string {
  return readFileSync(`${CONTENT}${file}`, 'utf8');
}

const quizzesRead = new Map<string, Promise<Quiz>>();

/** Returns the quiz of a file, whose keys are computed once for all tests. */
function quizOf(file: string): Promise<Quiz> {
  const quiz = quizzesRead.get(file) ?? computeQuiz(file);
  quizzesRead.set(file, quiz);
  return quiz;
}

async function computeQuiz(file: string): Promise<Quiz> {
  const id = slugOf(file.replace(/\.quiz\.yaml$/, ''));
  const read = await readQuiz(textOf(file), file, id, keySource);
  if (!read.ok) throw new Error(formatQuizIssues(read.error));
  return read.value;
}

describe.each(FILES)('%s', (file) => {
  let quiz: Quiz;
  beforeAll(async () => {
    quiz = await quizOf(file);
  }, 60_000);

  test('keeps the rules of a fair question', () => {
    expect(brokenRules(quiz)).toEqual([]);
  });

  // Keys are computed and feedback is written: where the model has changed its mind, they part.
  test('tells nobody who is wrong that they are right', () => {
    const told = quiz.questions.flatMap((question) =>
      optionsOf(question)
        .filter(({ verdict, feedback }) => verdict === 'wrong' && /^Yes\b/.test(feedback))
        .map(({ id }) => `${question.id} ${id}`),
    );
    expect(told).toEqual([]);
  });

  // Practice shows a question alone, so none may lean on the one before it.
  test('asks nothing that only the question before explains', () => {
    const leaning = quiz.questions.filter(({ prompt }) => LEANS.test(prompt)).map(({ id }) => id);
    expect(leaning).toEqual([]);
  });

  test('accepts its own keys', () => {
    for (const question of quiz.questions) {
      const result = grade(question, keyAnswer(question));
      expect(result.kind === 'graded' && result.verdict, question.id).toBe('right');
    }
  });
});

const VARIED = FILES.filter((file) => /^ {4}vary:/m.test(textOf(file)));

describe.each(VARIED)('%s with other numbers', (file) => {
  let quiz: Quiz;
  let variations: ReadonlyMap<string, readonly Question[]>;
  beforeAll(async () => {
    quiz = await quizOf(file);
    const read = await readVariations(textOf(file), file, quiz.id, keySource);
    if (!read.ok) throw new Error(formatQuizIssues(read.error));
    variations = read.value;
  }, 60_000);

  test('each is a fair question that accepts the key of the model, and no misreading', () => {
    expect(variations.size).toBeGreaterThan(0);
    for (const [id, questions] of variations) {
      for (const question of questions) {
        expect(brokenRules({ ...quiz, questions: [question] })).toEqual([]);
        expect(question.origin.kind, id).toBe('computed');
        const right = grade(question, keyAnswer(question));
        expect(right.kind === 'graded' && right.verdict, question.prompt).toBe('right');
        for (const [wrong, feedback] of misreadAnswers(question)) {
          const result = grade(question, wrong);
          expect(result.kind === 'graded' && result.verdict, question.prompt).toBe('wrong');
          expect(result.kind === 'graded' && result.feedback[0]?.text, question.prompt).toBe(feedback);
        }
      }
    }
  });

  test('no number of the lesson is left in the texts of the other rows', () => {
    const left = variedPatterns(file).flatMap(({ id, rows, pattern }) => {
      const changing = Object.keys(rows[0] ?? {}).filter(
        (name) => new Set(rows.map((row) => row[name])).size > 1,
      );
      const ofTheLesson = new Set(changing.map((name) => String(rows[0]?.[name])));
      const { id: _, ...said } = pattern;
      return numbersIn(textsIn(said).join(' '))
        .filter((number) => ofTheLesson.has(number))
        .map((number) => `${id}: ${number}`);
    });
    expect(left).toEqual([]);
  });
});

test('a module of sums has questions whose numbers change', () => {
  expect(VARIED.length).toBeGreaterThanOrEqual(15);
});

/** The questions of a file that have rows, with what the rows are filled into. */
function variedPatterns(file: string) {
  const { questions } = parseYaml(textOf(file)) as {
    readonly questions: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[];
  };
  return questions.flatMap(({ vary, ...pattern }) => {
    const read = varied({ ...pattern, vary });
    if (vary === undefined) return [];
    if (!read.ok) throw new Error(`${read.error.place} ${read.error.message}`);
    return [{ id: pattern.id, rows: read.value.rows, pattern }];
  });
}

function numbersIn(text: string): readonly string[] {
  return text.match(/\d+(?:[.,]\d+)*/g)?.map((number) => number.replaceAll(',', '')) ?? [];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Each wrong answer that the question knows, with what is said to it. */
function misreadAnswers(question: Question): readonly (readonly [Answer, string])[] {
  switch (question.kind) {
    case 'choice':
      return question.options
        .filter(({ verdict }) => verdict === 'wrong')
        .map(({ id, feedback }) => [{ kind: 'choice', option: id }, feedback]);
    case 'address':
    case 'number': {
      const { kind } = question;
      return question.misreadings.map(({ answer, feedback }) => [{ kind, text: String(answer) }, feedback]);
    }
    case 'multi':
    case 'order':
    case 'trace':
      return [];
  }
}

describe.each(MODULES)('module %s', (module) => {
  let quizzes: readonly Quiz[];
  beforeAll(async () => {
    quizzes = await Promise.all(FILES.filter((file) => file.startsWith(`${module}/`)).map(quizOf));
  }, 60_000);

  test('has enough questions, and at least half of the keys are computed by the model', () => {
    const { computed, all } = computedShare(quizzes);
    expect(all).toBeGreaterThanOrEqual(LEAST_QUESTIONS_PER_MODULE);
    expect(computed * 2, `${computed} of ${all} keys are computed`).toBeGreaterThanOrEqual(all);
  });
});

function keyAnswer(question: Question): Answer {
  const right = (options: readonly { readonly id: string; readonly verdict: string }[]): readonly string[] =>
    options.filter((option) => option.verdict === 'right').map((option) => option.id);
  switch (question.kind) {
    case 'choice':
      return { kind: 'choice', option: right(question.options)[0] ?? '' };
    case 'multi':
      return { kind: 'multi', options: right(question.options) };
    case 'address':
      return { kind: 'address', text: question.key };
    case 'number':
      return { kind: 'number', text: String(question.key) };
    case 'order':
      return { kind: 'order', items: question.items.map((item) => item.id) };
    case 'trace': {
      const parts = question.parts.map((part): readonly [string, string] => [
        part.id,
        part.kind === 'seen-source' ? (part.key ?? 'none') : (right(part.options)[0] ?? ''),
      ]);
      return { kind: 'trace', parts: Object.fromEntries(parts) };
    }
  }
}
