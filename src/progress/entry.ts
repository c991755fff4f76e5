/** What is kept of a learner's work: entries by key, and how two copies of one entry become one. Pure. */
import { uniteQuizEntries } from './quiz-entry.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Entry {
  /** When it was done, in ms since the epoch. */
  readonly at: number;
  readonly value: Json;
}

/**
 * An entry as one copy of the storage has it. Of two copies the one with the greater stamp is the
 * later: stamps are the clock, but never go back. A removed entry leaves a stamp, or an old copy
 * elsewhere would bring it back.
 */
export type Stamped =
  | { readonly stamp: number; readonly at: number; readonly value: Json }
  | { readonly stamp: number; readonly gone: true };

export type Live = Extract<Stamped, { readonly at: number }>;

const LONGEST_KEY = 300;

/** The kind is what stands before the first dot; the rest is the id of a place, a lab, a question. */
export function kindOf(key: string): string {
  const dot = key.indexOf('.');
  return dot < 0 ? key : key.slice(0, dot);
}

/** Reports whether a text may be the key of an entry: `KIND` or `KIND.ID`, without control characters. */
export function isKey(key: string): boolean {
  return key.length <= LONGEST_KEY && /^[a-z][a-z-]*(\.[^\u0000-\u001f\u007f]+)?$/.test(key);
}

/**
 * The key under which a text that cannot be read is kept aside: the first that is free, or has this
 * text already. `textAt` gives what a key has, or null.
 */
export function asideKey(key: string, text: string, textAt: (key: string) => Json): string {
  const name = `unreadable.${key.slice(0, 200)}`;
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name} (${number})`;
    const there = textAt(free);
    if (there === null || there === text) return free;
  }
}

export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** Reports whether a number is a time that a Date can show. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15;
}

export function isLive(record: Stamped | null | undefined): record is Live {
  return record !== null && record !== undefined && 'at' in record;
}

/** Reads what storage gave back; null where it is no stamped entry. */
export function readStamped(data: unknown): Stamped | null {
  if (!isRecord(data) || !isTime(data['stamp'])) return null;
  const { stamp, at, value } = data;
  if (data['gone'] === true) return { stamp, gone: true };
  return isTime(at) && value !== undefined ? { stamp, at, value: value as Json } : null;
}

/**
 * The one entry that two copies make: the later one, but nothing of the history of a quiz question is
 * lost, whichever tab wrote it.
 */
export function combined(key: string, one: Stamped | null, other: Stamped | null): Stamped | null {
  if (one === null || other === null) return one ?? other;
  const [older, newer] = one.stamp < other.stamp ? [one, other] : [other, one];
  return isLive(older) && isLive(newer) ? { ...newer, value: united(key, older.value, newer.value) } : newer;
}

/** The newer value, with what must survive of the older. */
export function united(key: string, older: Json, newer: Json): Json {
  const kind = kindOf(key);
  return kind === 'quiz' || kind === 'review' ? uniteQuizEntries(older, newer) : newer;
}

/** Reports whether two JSON values say the same; the order of members is no difference. */
export function isSame(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((each, i) => isSame(each as Json, other[i] as Json))
    );
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key] as Json, other[key] as Json))
  );
}

/**
 * What is written over `there` when `mine` was just done: mine, with a stamp after it and after the
 * last reset, and with what must survive.
 */
export function onTop(key: string, mine: Stamped, there: Stamped | null, reset: number): Stamped {
  if (there === null) return { ...mine, stamp: Math.max(mine.stamp, reset + 1) };
  // `localStorage` may be journal and vault at once; then it is there already.
  if (there.stamp === mine.stamp && isSame(asJson(there), asJson(mine))) return mine;
  const stamp = Math.max(mine.stamp, there.stamp + 1, reset + 1);
  return isLive(mine) && isLive(there)
    ? { ...mine, stamp, value: united(key, there.value, mine.value) }
    : { ...mine, stamp };
}

/** Entries are JSON themselves. */
export function asJson(record: Stamped): Json {
  return record;
}
