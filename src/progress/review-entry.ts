/** What is kept of one question under `review.QUESTION`, and what is known of it from its lesson. Pure. */
import { isRecord, type Entry, type Json } from './entry.ts';
import { quizHistory, readQuizEntry, withCheck, type QuizCheck } from './quiz-entry.ts';

/** Which row of numbers was asked last, and how each answer ended, oldest first. */
export interface ReviewEntry {
  readonly row: number;
  readonly history: readonly QuizCheck[];
}

/** Reads an entry as a review writes it; null where it is none. */
export function readReviewEntry(value: unknown): ReviewEntry | null {
  if (!isRecord(value)) return null;
  const history = quizHistory(value);
  const { row } = value;
  if (history.length === 0) return null;
  return { row: typeof row === 'number' && Number.isInteger(row) && row >= 0 ? row : 0, history };
}

/** The entry after one more answer. */
export function answered(before: unknown, row: number, check: QuizCheck): Json {
  const history = withCheck(readReviewEntry(before)?.history ?? [], check);
  return { row, history: history.map(({ at, verdict }) => ({ at, verdict })) };
}

/** When a question was answered last, in its lesson or in a review, and how; null if never. */
export interface LastAnswer {
  readonly at: number;
  /** Null where only the answer was kept, as the first version did. */
  readonly verdict: 'right' | 'wrong' | null;
}

export function lastAnswer(lesson: Entry | null, review: Entry | null): LastAnswer | null {
  const inReview = readReviewEntry(review?.value)?.history.at(-1) ?? null;
  const inLesson = lesson === null ? null : lastInLesson(lesson);
  if (inReview === null || inLesson === null) return inReview ?? inLesson;
  return inReview.at >= inLesson.at ? inReview : inLesson;
}

function lastInLesson({ at, value }: Entry): LastAnswer | null {
  const entry = readQuizEntry(value);
  if (entry === null) return null;
  const checked = entry.history.at(-1);
  if (checked !== undefined) return checked;
  return entry.state === 'checked' ? { at, verdict: entry.verdict ?? null } : null;
}

/**
 * The row to ask next: the one after the last, so that the numbers change each time. Who has seen the
 * lesson's numbers begins with others.
 */
export function nextRow(rows: number, review: unknown, isAnsweredInLesson: boolean): number {
  const before = readReviewEntry(review);
  const next = before === null ? (isAnsweredInLesson ? 1 : 0) : before.row + 1;
  return next % Math.max(1, rows);
}
