/**
 * The copy of entries in `localStorage`: read and written at once, so a page shows what it remembers
 * in its first frame and a closed tab loses nothing. Small, since every lesson carries it.
 */
import type { Json, Stamped } from './entry.ts';

export type Texts = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export const V1 = 'workbook.v1.';
export const V2 = 'workbook.v2.';
/** A stamp that the copies beside it do not show: of a reset, or one that ran ahead of the clock. */
const FLOOR = `${V2}~floor`;
/** `1`: every entry that a page asks for is among the texts; `0`: some are in the database only. */
const COMPLETE = `${V2}~complete`;

/** The stamped entry of a key; null if there is none that can be read. */
export function textOf(texts: Texts, key: string): Stamped | null {
  const text = texts.getItem(V2 + key);
  if (text === null) return null;
  try {
    const data = JSON.parse(text) as Stamped | null;
    return typeof data?.stamp === 'number' && ('gone' in data || 'value' in data) ? data : null;
  } catch {
    return null;
  }
}

/** What a page remembers under a key, in the words of this version or the one before; else null. */
export function remembered(texts: Texts, key: string): Json {
  // Only a page of the version before writes the old text, and writing the new one removes it: it is later.
  const old = texts.getItem(V1 + key);
  if (old !== null) {
    try {
      return JSON.parse(old) as Json;
    } catch {
      // Kept, and put aside by the store.
    }
  }
  const record = textOf(texts, key);
  return record !== null && 'at' in record ? record.value : null;
}

/** Writes an entry and takes the text of the version before away. Throws where the browser refuses. */
export function writeText(texts: Texts, key: string, record: Stamped): void {
  texts.setItem(V2 + key, JSON.stringify(record));
  texts.removeItem(V1 + key);
}

/** Remembers a value under a key. Throws where the browser refuses. */
export function rememberText(texts: Texts, now: number, key: string, value: Json): void {
  const last = textOf(texts, key);
  writeText(texts, key, {
    stamp: nextStamp(texts, now, last?.stamp ?? 0),
    at: last !== null && 'at' in last ? Math.max(now, last.at + 1) : now,
    value,
  });
}

/** The stamp after `last`, and after whatever was written before a clock was set back. */
export function nextStamp(texts: Texts | null, now: number, last: number): number {
  const floor = texts === null ? 0 : floorOf(texts);
  const stamp = Math.max(now, last + 1, floor + 1);
  if (texts !== null && stamp > now) raiseFloor(texts, stamp);
  return stamp;
}

/** Has all later stamps, of all tabs, come after this one, even if the clock is set back. */
export function raiseFloor(texts: Texts, stamp: number): void {
  if (stamp <= floorOf(texts)) return;
  try {
    texts.setItem(FLOOR, String(stamp));
  } catch {
    // A full storage keeps the lower floor; it matters only to a clock that was set back.
  }
}

function floorOf(texts: Texts): number {
  return Number(texts.getItem(FLOOR) ?? 0);
}

/** Says whether all that pages ask for is among the texts. The first time needs room, later ones none. */
export function markComplete(texts: Texts, state: 'complete' | 'incomplete'): void {
  try {
    texts.setItem(COMPLETE, state === 'complete' ? '1' : '0');
  } catch {
    // Then `isComplete` finds no mark, and no room for one.
  }
}

/** Reports whether a page needs to look nowhere else. */
export function isComplete(texts: Texts): boolean {
  const mark = texts.getItem(COMPLETE);
  if (mark !== null) return mark === '1';
  texts.setItem(COMPLETE, '1');
  return true;
}
