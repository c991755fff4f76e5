/** What a finished review says: how it went, and what was weak. Pure. */
import type { Candidate } from './due.ts';

export interface Answered {
  readonly question: Candidate;
  readonly verdict: 'right' | 'wrong';
}

export interface WeakLesson {
  readonly lesson: string;
  readonly wrong: readonly Candidate[];
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
  const lessons = new Map<string, { wrong: Candidate[]; asked: number }>();
  for (const { question, verdict } of answers) {
    const lesson = lessons.get(question.lesson) ?? { wrong: [], asked: 0 };
    lesson.asked += 1;
    if (verdict === 'wrong') lesson.wrong.push(question);
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
