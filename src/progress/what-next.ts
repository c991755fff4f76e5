/** What a learner might do next: what was begun, what went wrong, then the course in its order. Pure. */
import type { QuestionSummary } from './question-summary.ts';
import { reviewStanding } from './review-standing.ts';
import type { LabSummary, LessonSummary, ModuleSummary, Summary } from './summary.ts';

export type Suggestion =
  | { readonly kind: 'lesson'; readonly why: 'begun' | 'next'; readonly lesson: LessonSummary }
  | {
      readonly kind: 'lab';
      readonly why: 'begun' | 'next';
      readonly lab: LabSummary;
      readonly module: ModuleSummary;
    }
  | { readonly kind: 'weak'; readonly module: ModuleSummary; readonly lessons: readonly WeakLesson[] }
  | { readonly kind: 'review'; readonly due: number };

export interface WeakLesson {
  readonly lesson: LessonSummary['lesson'];
  readonly weak: readonly QuestionSummary[];
}

/** So many wrong answers in one module are worth a visit before going on. */
const WORTH_A_VISIT = 2;

/** At most one of each kind, the most useful first; none when everything is done and nothing is weak. */
export function suggestionsOf(summary: Summary, now: number): readonly Suggestion[] {
  const begun = lastBegun(summary);
  const next = nextInOrder(summary);
  const weak = [...summary.modules].sort((a, b) => wrongIn(b) - wrongIn(a))[0];
  const { due } = reviewStanding(summary, now);
  const enough = next === null && begun === null ? 1 : WORTH_A_VISIT;
  return [
    ...(begun === null ? [] : [begun]),
    ...(weak !== undefined && wrongIn(weak) >= enough
      ? [{ kind: 'weak', module: weak, lessons: weakLessons(weak) } as const]
      : []),
    ...(due > 0 ? [{ kind: 'review', due } as const] : []),
    ...(next === null ? [] : [next]),
  ];
}

function wrongIn({ weak }: ModuleSummary): number {
  return weak.filter(({ weakness }) => weakness === 'wrong').length;
}

/** The lessons of a module's weak questions, the one with most of them first. */
export function weakLessons({ lessons }: ModuleSummary): readonly WeakLesson[] {
  return lessons
    .map(({ lesson, questions }) => ({ lesson, weak: questions.filter(({ weakness }) => weakness !== null) }))
    .filter(({ weak }) => weak.length > 0)
    .sort((a, b) => b.weak.length - a.weak.length);
}

/** What was worked on last and is not done. */
function lastBegun({ modules }: Summary): Suggestion | null {
  const begun = modules.flatMap((module) => [
    ...module.lessons.map((lesson) => ({
      at: lesson.last,
      state: lesson.state,
      suggestion: { kind: 'lesson', why: 'begun', lesson } as const,
    })),
    ...module.labs.map((lab) => ({
      at: lab.last,
      state: lab.state,
      suggestion: { kind: 'lab', why: 'begun', lab, module } as const,
    })),
  ]);
  const last = begun
    .filter(({ state }) => state === 'begun')
    .reduce<(typeof begun)[number] | null>(
      (best, each) => (best === null || (each.at ?? 0) > (best.at ?? 0) ? each : best),
      null,
    );
  return last?.suggestion ?? null;
}

/** The first thing nobody has touched: a module's lessons, then its labs. */
function nextInOrder({ modules }: Summary): Suggestion | null {
  for (const module of modules) {
    const lesson = module.lessons.find(({ state }) => state === 'new');
    if (lesson !== undefined) return { kind: 'lesson', why: 'next', lesson };
    const lab = module.labs.find(({ state }) => state === 'new');
    if (lab !== undefined) return { kind: 'lab', why: 'next', lab, module };
  }
  return null;
}
