/**
 * Which questions a review may ask, and in which order of need; when one is due is the spacing's. Pure.
 */
import type { Entry } from '../progress/entry.ts';
import { lastAnswer, nextRow } from '../progress/review-entry.ts';
import { isDue } from '../progress/spacing.ts';
import type { Catalogue, CatalogueLesson, CatalogueQuestion } from './catalogue.ts';

/**
 * From the most needed: answered wrong and due, answered and due, never asked from a lesson that was
 * begun, never asked from one that was not, not due yet.
 */
export const NEEDS = ['was-wrong', 'due', 'new', 'unread', 'not-yet'] as const;
export type Need = (typeof NEEDS)[number];

export interface Candidate extends CatalogueQuestion {
  readonly lesson: string;
  readonly module: string;
  readonly need: Need;
  /** When it was answered last; 0 if never. */
  readonly last: number;
  /** The row of numbers to ask it with. */
  readonly row: number;
}

/** The entries of the learner, as far as a review reads them. */
export type Entries = ReadonlyMap<string, Entry>;

/** Slugs of lessons in which something was done: read, predicted or answered. */
export function begunLessons(catalogue: Catalogue, entries: Entries): ReadonlySet<string> {
  const begun = new Set<string>();
  for (const key of entries.keys()) {
    const place = /^(?:prediction|quiz|read|review)\.([^#]+)/.exec(key)?.[1];
    if (place !== undefined) begun.add(place);
  }
  return new Set(catalogue.lessons.map(({ id }) => id).filter((id) => begun.has(id)));
}

export function begunModules(catalogue: Catalogue, entries: Entries): ReadonlySet<string> {
  const lessons = begunLessons(catalogue, entries);
  return new Set(catalogue.lessons.filter(({ id }) => lessons.has(id)).map(({ module }) => module));
}

/** Every question of the modules, with how much it is needed. */
export function candidates(
  catalogue: Catalogue,
  entries: Entries,
  modules: ReadonlySet<string>,
  now: number,
): readonly Candidate[] {
  const begun = begunLessons(catalogue, entries);
  return catalogue.lessons
    .filter(({ module }) => modules.has(module))
    .flatMap((lesson) =>
      lesson.questions.map((question) => candidate(question, lesson, begun, entries, now)),
    );
}

function candidate(
  question: CatalogueQuestion,
  lesson: CatalogueLesson,
  begun: ReadonlySet<string>,
  entries: Entries,
  now: number,
): Candidate {
  const inLesson = entries.get(`quiz.${question.id}`) ?? null;
  const review = entries.get(`review.${question.id}`) ?? null;
  const last = lastAnswer(inLesson, review);
  const row = nextRow(question.rows, review?.value, lastAnswer(inLesson, null) !== null);
  const known = { ...question, lesson: lesson.id, module: lesson.module, row };
  if (last === null) return { ...known, need: begun.has(lesson.id) ? 'new' : 'unread', last: 0 };
  const need = !isDue(last.at, now) ? 'not-yet' : last.verdict === 'wrong' ? 'was-wrong' : 'due';
  return { ...known, need, last: last.at };
}

/** How many wait: what was answered before and is due again. */
export function dueCount(questions: readonly Candidate[]): number {
  return questions.filter(({ need }) => need === 'was-wrong' || need === 'due').length;
}
