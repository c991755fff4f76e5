/** What a list of lessons and labs says of each that was begun or done, in a word or two. Pure. */
import type { LabSummary, LessonSummary, ModuleSummary } from './summary.ts';

export interface Mark {
  readonly state: 'begun' | 'done';
  readonly text: string;
}

export function lessonMark({ state, read, questions }: LessonSummary): Mark | null {
  if (state === 'new') return null;
  if (state === 'done') return { state, text: questions.length === 0 ? 'read' : 'done' };
  const answered = questions.filter(({ standing }) => standing !== 'open').length;
  if (answered > 0) return { state, text: `${answered} of ${questions.length} answered` };
  return { state, text: read === null ? 'begun' : 'read' };
}

export function labMark({ state, passed, lab }: LabSummary): Mark | null {
  if (state === 'new') return null;
  if (state === 'done') return { state, text: 'solved' };
  return { state, text: passed === 0 ? 'begun' : `${passed} of ${lab.tasks.length} passed` };
}

/** Null where nothing of the module was begun. */
export function moduleMark({ state, lessons, labs }: ModuleSummary): Mark | null {
  if (state === 'new') return null;
  if (state === 'done') return { state, text: 'all done' };
  const done = (items: readonly { readonly state: string }[]): number =>
    items.filter((item) => item.state === 'done').length;
  const parts = [
    `${done(lessons)} of ${lessons.length} ${lessons.length === 1 ? 'lesson' : 'lessons'}`,
    ...(labs.length === 0 ? [] : [`${done(labs)} of ${labs.length} ${labs.length === 1 ? 'lab' : 'labs'}`]),
  ];
  return { state, text: `${parts.join(' and ')} done` };
}
