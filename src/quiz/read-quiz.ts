/** The only part of the quiz that the site calls at build time: YAML text in, computed quiz out. */
import type { Result } from '../model/result.ts';
import type { Quiz } from './question.ts';
import { resolveQuiz } from './resolve.ts';
import type { KeySource } from './key.ts';
import { parseQuiz } from './schema.ts';
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

export function formatQuizIssues(issues: readonly QuizIssue[]): string {
  return issues.map((issue) => `${issue.place}: ${issue.message}`).join('\n');
}
