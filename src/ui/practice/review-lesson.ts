/** The questions of a lesson as a review fetches them. */
import type { Question } from '../../quiz/question.ts';
import type { Aids } from '../quiz/aids.ts';

export interface ReviewQuestion {
  readonly id: string;
  /** The question with each set of numbers; the first is the lesson's. */
  readonly rows: readonly { readonly question: Question; readonly aids: Aids | null }[];
}

export interface ReviewLesson {
  readonly questions: readonly ReviewQuestion[];
}
