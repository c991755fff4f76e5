/** Fetches what the build computed for reviews, each file once. */
import type { Candidate } from '../../practice/due.ts';
import type { Catalogue } from '../../practice/catalogue.ts';
import type { Question } from '../../quiz/question.ts';
import { pathTo } from '../course/base-path.ts';
import { type Aids, NO_AIDS } from '../quiz/aids.ts';
import { fetchJson } from './fetch-json.ts';
import type { ReviewLesson } from './review-lesson.ts';

export interface AskedQuestion {
  readonly candidate: Candidate;
  readonly question: Question;
  readonly aids: Aids;
}

export function fetchCatalogue(base: string): Promise<Catalogue> {
  return fetchJson<Catalogue>(pathTo(base, 'practice/questions.json'));
}

/** The questions of a session, each with the numbers it is asked with. */
export async function fetchSession(
  base: string,
  session: readonly Candidate[],
): Promise<readonly AskedQuestion[]> {
  const lessons = new Map<string, ReviewLesson>();
  await Promise.all(
    [...new Set(session.map(({ lesson }) => lesson))].map(async (lesson) => {
      lessons.set(lesson, await fetchJson<ReviewLesson>(pathTo(base, `practice/questions/${lesson}.json`)));
    }),
  );
  return session.flatMap((candidate) => {
    const found = lessons
      .get(candidate.lesson)
      ?.questions.find(({ id }) => `${candidate.lesson}#${id}` === candidate.id);
    const row = found?.rows[candidate.row] ?? found?.rows[0];
    return row === undefined ? [] : [{ candidate, question: row.question, aids: row.aids ?? NO_AIDS }];
  });
}
