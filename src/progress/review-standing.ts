/** What reviews have asked so far, and what is due for the next. Pure. */
import type { QuestionSummary } from './question-summary.ts';
import { dueFrom, isDue } from './spacing.ts';
import type { Summary } from './summary.ts';

export interface ReviewStanding {
  /** Answers given in reviews, and to how many questions. */
  readonly answers: number;
  readonly right: number;
  readonly questions: number;
  /** When the last of them was given. */
  readonly last: number | null;
  /** How many questions that were answered before, anywhere, wait to be asked again. */
  readonly due: number;
  /** When the next one will, where none is due; null if nothing was answered. */
  readonly next: number | null;
}

export function reviewStanding({ modules }: Pick<Summary, 'modules'>, now: number): ReviewStanding {
  const questions = modules.flatMap(({ lessons }) => lessons.flatMap((lesson) => lesson.questions));
  const checks = questions.flatMap(({ reviews }) => reviews);
  const lasts = questions.flatMap(({ last }) => last ?? []);
  return {
    answers: checks.length,
    right: checks.filter(({ verdict }) => verdict === 'right').length,
    questions: questions.filter(isReviewed).length,
    last: checks.reduce<number | null>((latest, { at }) => Math.max(latest ?? 0, at), null),
    due: lasts.filter((last) => isDue(last, now)).length,
    next: lasts.reduce<number | null>((least, last) => Math.min(least ?? Infinity, dueFrom(last)), null),
  };
}

function isReviewed({ reviews }: QuestionSummary): boolean {
  return reviews.length > 0;
}
