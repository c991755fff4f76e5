/** What a learner knows of one question: its lesson's answers and those of reviews together. Pure. */
import type { Entry } from './entry.ts';
import type { OutlineLesson, OutlineQuestion } from './outline.ts';
import { readQuizEntry, type QuizCheck } from './quiz-entry.ts';
import { lastAnswer, readReviewEntry } from './review-entry.ts';

export interface QuestionSummary {
  readonly question: OutlineQuestion;
  readonly lesson: OutlineLesson;
  /**
   * How the last check ended, in the lesson or in a review. `open`: not answered in its lesson.
   * `answered`: checked before the course kept how it ended.
   */
  readonly standing: 'open' | 'answered' | 'right' | 'wrong';
  /** In the lesson and in reviews. */
  readonly checks: number;
  readonly wrongs: number;
  /** The checks in reviews alone. */
  readonly reviews: readonly QuizCheck[];
  /** In the lesson. */
  readonly firstTry: 'right' | 'wrong' | null;
  /** When it was last checked, anywhere. */
  readonly last: number | null;
  readonly lastInLesson: number | null;
  /** Wrong at the last check; or right once, but wrong just before. */
  readonly weakness: 'wrong' | 'shaky' | null;
}

export function questionSummary(
  question: OutlineQuestion,
  lesson: OutlineLesson,
  entries: ReadonlyMap<string, Entry>,
): QuestionSummary {
  const inLesson = entries.get(`quiz.${question.id}`) ?? null;
  const inReview = entries.get(`review.${question.id}`) ?? null;
  const kept = readQuizEntry(inLesson?.value)?.history ?? [];
  const reviews = readReviewEntry(inReview?.value)?.history ?? [];
  const verdicts = [...kept, ...reviews].sort((a, b) => a.at - b.at).map(({ verdict }) => verdict);
  const lessonLast = lastAnswer(inLesson, null);
  const last = lastAnswer(inLesson, inReview);
  const before = verdicts.at(-2);
  return {
    question,
    lesson,
    standing: lessonLast === null ? 'open' : (last?.verdict ?? 'answered'),
    checks: verdicts.length,
    wrongs: verdicts.filter((verdict) => verdict === 'wrong').length,
    reviews,
    firstTry: kept[0]?.verdict ?? null,
    last: last?.at ?? null,
    lastInLesson: lessonLast?.at ?? null,
    weakness:
      last?.verdict === 'wrong' ? 'wrong' : last?.verdict === 'right' && before === 'wrong' ? 'shaky' : null,
  };
}

/** Wrong before shaky, often wrong before once wrong, then what was done last. */
export function weakestFirst(a: QuestionSummary, b: QuestionSummary): number {
  const rank = ({ weakness }: QuestionSummary): number => (weakness === 'wrong' ? 0 : 1);
  return (
    rank(a) - rank(b) ||
    b.wrongs - a.wrongs ||
    (b.last ?? 0) - (a.last ?? 0) ||
    (a.question.id < b.question.id ? -1 : 1)
  );
}
