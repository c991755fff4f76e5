import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatQuizIssues, readQuiz } from '../../src/quiz/read-quiz.ts';
import type { Question, Quiz } from '../../src/quiz/question.ts';
import { brokenRules, computedShare } from '../../src/quiz/rules.ts';
import { grade } from '../../src/quiz/grade.ts';
import type { Answer } from '../../src/quiz/grade.ts';
import { keySource } from '../../src/ui/quiz/key-source.ts';
import { slugOf } from '../../src/ui/course/reading-order.ts';
import { CONTENT, contentFiles } from './course.ts';

const FILES = contentFiles().filter((file) => file.endsWith('.quiz.yaml'));
const LEAST_QUESTIONS_PER_MODULE = 12;

/** Modules are the numbered folders at the top. */
const MODULES = [...new Set(FILES.map((file) => file.split('/')[0] ?? ''))];

async function quizOf(file: string): Promise<Quiz> {
  const id = slugOf(file.replace(/\.quiz\.yaml$/, ''));
  const read = await readQuiz(readFileSync(`${CONTENT}${file}`, 'utf8'), file, id, keySource);
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

  test('accepts its own keys', () => {
    for (const question of quiz.questions) {
      const result = grade(question, keyAnswer(question));
      expect(result.kind === 'graded' && result.verdict, question.id).toBe('right');
    }
  });
});

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
