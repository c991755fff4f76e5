/** What a finished review says: how it went, and what was weak. Pure. */
import type { Candidate } from './due.ts';

export interface Answered {
  readonly question: Pick<Candidate, 'id' | 'lesson'>;
  /** As it was asked, with its numbers. */
  readonly prompt: string;
  readonly verdict: 'right' | 'wrong';
}

export interface WeakLesson {
  readonly lesson: string;
  readonly wrong: readonly { readonly id: string; readonly prompt: string }[];
  /** How many questions of the lesson were asked. */
  readonly asked: number;
}

export interface Summary {
  readonly asked: number;
  readonly right: number;
  /** Lessons with a wrong answer, the weakest first. */
  readonly weak: readonly WeakLesson[];
}

export function summaryOf(answers: readonly Answered[]): Summary {
  const lessons = new Map<string, { wrong: { id: string; prompt: string }[]; asked: number }>();
  for (const { question, prompt, verdict } of answers) {
    const lesson = lessons.get(question.lesson) ?? { wrong: [], asked: 0 };
    lesson.asked += 1;
    if (verdict === 'wrong') lesson.wrong.push({ id: question.id, prompt });
    lessons.set(question.lesson, lesson);
  }
  const weak = [...lessons].filter(([, { wrong }]) => wrong.length > 0);
  return {
    asked: answers.length,
    right: answers.filter(({ verdict }) => verdict === 'right').length,
    weak: weak
      .map(([lesson, { wrong, asked }]) => ({ lesson, wrong, asked }))
      .sort((one, other) => other.wrong.length - one.wrong.length),
  };
}
