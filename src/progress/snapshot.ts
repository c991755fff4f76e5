/** What a reset and an import put aside, so that they can be undone. Pure. */
import {
  isKey,
  isLive,
  isRecord,
  isSame,
  isTime,
  kindOf,
  united,
  type Entry,
  type Json,
  type Live,
  type Stamped,
} from './entry.ts';
import type { Decision } from './vault.ts';
import { labProgressOf, type LabProgress, type LabState } from './lab-progress.ts';

/** The records that are no entries: what the last reset and the last import put aside. */
export const RESET = '~reset';
/** The stamp of the reset alone, for every write to look at. */
export const RESET_STAMP = '~reset-stamp';
export const IMPORT = '~import';

/** A reset counts from its stamp on: an entry with no greater stamp is gone, wherever a copy is left. */
export interface ResetSnapshot {
  readonly stamp: number;
  readonly at: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface ImportSnapshot {
  /** Every entry that the import wrote has this stamp. */
  readonly stamp: number;
  readonly at: number;
  /** What was there; null where nothing was. */
  readonly before: ReadonlyMap<string, Entry | null>;
}

/** What a reset writes. The stamp comes after what it counts for. */
export function resetRecords(reset: ResetSnapshot): readonly (readonly [string, unknown])[] {
  return [
    [RESET, { stamp: reset.stamp, at: reset.at, entries: Object.fromEntries(reset.entries) }],
    [RESET_STAMP, reset.stamp],
  ];
}

export function readResetStamp(data: unknown): number {
  return isTime(data) ? data : 0;
}

export function storedImport({ stamp, at, before }: ImportSnapshot): unknown {
  return { stamp, at, before: Object.fromEntries(before) };
}

export function readReset(data: unknown): ResetSnapshot | null {
  if (!isRecord(data) || !isTime(data['stamp']) || !isTime(data['at']) || !isRecord(data['entries']))
    return null;
  const entries = new Map<string, Entry>();
  for (const [key, stored] of Object.entries(data['entries'])) {
    const entry = readEntry(stored);
    if (isKey(key) && entry !== null) entries.set(key, entry);
  }
  return { stamp: data['stamp'], at: data['at'], entries };
}

export function readImport(data: unknown): ImportSnapshot | null {
  if (!isRecord(data) || !isTime(data['stamp']) || !isTime(data['at']) || !isRecord(data['before']))
    return null;
  const before = new Map<string, Entry | null>();
  for (const [key, stored] of Object.entries(data['before'])) {
    if (isKey(key)) before.set(key, readEntry(stored));
  }
  return { stamp: data['stamp'], at: data['at'], before };
}

function readEntry(data: unknown): Entry | null {
  if (!isRecord(data)) return null;
  const { at, value } = data;
  return isTime(at) && value !== undefined ? { at, value: value as Json } : null;
}

type Undoing = Decision<ReadonlyMap<string, Stamped> | null>;

const NOTHING: Undoing = { put: new Map(), drop: [], result: null };

/** What undoing the last reset writes, with `stamp` on all of it. */
export function undoneReset(stored: unknown, there: ReadonlyMap<string, Stamped>, stamp: number): Undoing {
  const snapshot = readReset(stored);
  if (snapshot === null) return NOTHING;
  const put = new Map<string, Stamped>();
  for (const [key, entry] of snapshot.entries) {
    const since = there.get(key);
    put.set(key, { stamp, ...broughtBack(key, entry, isLive(since) ? since : null) });
  }
  return { put, drop: [RESET, RESET_STAMP], result: put };
}

/** What undoing the last import writes: entries that changed since stay as they are. */
export function undoneImport(stored: unknown, there: ReadonlyMap<string, Stamped>, stamp: number): Undoing {
  const snapshot = readImport(stored);
  if (snapshot === null) return NOTHING;
  const put = new Map<string, Stamped>();
  for (const [key, entry] of snapshot.before) {
    if (there.get(key)?.stamp !== snapshot.stamp) continue;
    put.set(key, entry === null ? { stamp, gone: true } : { stamp, ...entry });
  }
  return { put, drop: [IMPORT], result: put };
}

/**
 * The entry after a reset is undone. What was done since stays: a quiz keeps the history of both, and
 * a lab that was begun again is put where its own `Undo` finds it.
 */
function broughtBack(key: string, before: Entry, since: Live | null): Entry {
  if (!isLive(since)) return before;
  const at = Math.max(before.at, since.at);
  if (kindOf(key) !== 'lab') return { at, value: united(key, before.value, since.value) };
  const lab = key.slice('lab.'.length);
  const [old, begun] = [labProgressOf(before.value, lab), labProgressOf(since.value, lab)];
  if (old === null || begun === null) return { at, value: since.value };
  // A tab that was closed in the middle of the undoing has brought it back already.
  if (isSame(asJson(old.now), asJson(begun.now))) return { at, value: since.value };
  return { at, value: asJson({ ...old, before: begun.now }) };
}

/** Progress is plain data; only the compiler does not know that interfaces are. */
function asJson(data: LabProgress | LabState): Json {
  return data as unknown as Json;
}
