/** The only part of the quiz that the site calls at build time: YAML text in, computed quiz out. */
import type { Result } from '../model/result.ts';
import { err, ok } from '../model/result.ts';
import type { Question, Quiz } from './question.ts';
import { resolveQuiz } from './resolve.ts';
import type { KeySource } from './key.ts';
import { parseQuiz, parseQuizRows } from './schema.ts';
import type { QuizIssue } from './schema.ts';

/**
 * Returns the quiz with every key computed, or all issues found. `id` is the key of stored progress,
 * `file` is only used in messages.
 */
export async function readQuiz(
  text: string,
  file: string,
  id: string,
  source: KeySource,
): Promise<Result<Quiz, readonly QuizIssue[]>> {
  const parsed = parseQuiz(text, file);
  return parsed.ok ? resolveQuiz(parsed.value, file, id, source) : parsed;
}

/**
 * Returns the questions of a quiz with other numbers, by the question's id, in the order of their rows.
 * Only numbers whose key the model computes may vary, and no two rows may ask the same.
 */
export async function readVariations(
  text: string,
  file: string,
  id: string,
  source: KeySource,
): Promise<Result<ReadonlyMap<string, readonly Question[]>, readonly QuizIssue[]>> {
  const parsed = parseQuizRows(text, file);
  if (!parsed.ok) return parsed;
  const { quiz, variations } = parsed.value;
  const found = new Map<string, Question[]>();
  const prompts = new Set(quiz.questions.map(({ prompt }) => prompt));
  const issues: QuizIssue[] = [];
  for (const { question, row } of variations) {
    const place = `${file}: ${question.id}, row ${row} of vary`;
    const resolved = await resolveQuiz({ ...quiz, questions: [question] }, file, id, source);
    if (!resolved.ok) {
      issues.push(...resolved.error.map(({ message }) => ({ place, message })));
      continue;
    }
    const [varied] = resolved.value.questions;
    if (varied === undefined) throw new Error(`${place}: no question came of it`);
    if (varied.origin.kind === 'written') {
      issues.push({ place, message: 'only a question whose key is computed can vary' });
    }
    if (prompts.has(varied.prompt)) issues.push({ place, message: 'another row asks the very same' });
    prompts.add(varied.prompt);
    found.set(varied.id, [...(found.get(varied.id) ?? []), varied]);
  }
  return issues.length > 0 ? err(issues) : ok(found);
}

export function formatQuizIssues(issues: readonly QuizIssue[]): string {
  return issues.map((issue) => `${issue.place}: ${issue.message}`).join('\n');
}
