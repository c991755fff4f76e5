/** What is kept of one quiz question: the answer as it stands, and how each check of it ended. Pure. */
import type { Json } from './entry.ts';

export interface QuizCheck {
  /** Ms since the epoch. */
  readonly at: number;
  readonly verdict: 'right' | 'wrong';
}

export interface QuizEntry {
  readonly answer: Json;
  readonly state: 'draft' | 'checked';
  /** Of the answer that stands there; none while it is a draft. */
  readonly verdict?: 'right' | 'wrong';
  /** Oldest first. */
  readonly history: readonly QuizCheck[];
}

/** So many checks of one question are kept. */
export const MOST_CHECKS = 50;

/** The checks in an entry, whoever wrote it: what is none of them is left out. */
export function quizHistory(value: unknown): readonly QuizCheck[] {
  const history: unknown = has(value, 'history') ? value.history : null;
  if (!Array.isArray(history)) return [];
  return history.flatMap((check: unknown): QuizCheck[] => {
    if (!has(check, 'at') || !has(check, 'verdict') || typeof check.at !== 'number') return [];
    const { at, verdict } = check;
    return verdict === 'right' || verdict === 'wrong' ? [{ at, verdict }] : [];
  });
}

/** The history with one check more. */
export function withCheck(history: readonly QuizCheck[], check: QuizCheck): readonly QuizCheck[] {
  return [...history, check].slice(-MOST_CHECKS);
}

/** The newer answer, with the checks of both. */
export function uniteQuizEntries(older: Json, newer: Json): Json {
  const before = quizHistory(older);
  if (before.length === 0 || typeof newer !== 'object' || newer === null || Array.isArray(newer)) {
    return newer;
  }
  const checks = new Map(
    [...before, ...quizHistory(newer)].map((check) => [`${check.at} ${check.verdict}`, check] as const),
  );
  const history = [...checks.values()].sort(inOrder).slice(-MOST_CHECKS);
  return { ...newer, history: history.map(({ at, verdict }) => ({ at, verdict })) };
}

function inOrder(a: QuizCheck, b: QuizCheck): number {
  return a.at - b.at || (a.verdict < b.verdict ? -1 : 1);
}

/** Reads an entry as the course writes it; null where it is none. Older entries have no history. */
export function readQuizEntry(value: unknown): QuizEntry | null {
  if (!has(value, 'answer') || !has(value, 'state')) return null;
  const { answer, state } = value;
  if (typeof answer !== 'object' || answer === null || (state !== 'draft' && state !== 'checked'))
    return null;
  const verdict: unknown = has(value, 'verdict') ? value.verdict : undefined;
  return {
    answer: answer as Json,
    state,
    ...(verdict === 'right' || verdict === 'wrong' ? { verdict } : {}),
    history: quizHistory(value),
  };
}

function has<K extends string>(value: unknown, member: K): value is Readonly<Record<K, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, member);
}
