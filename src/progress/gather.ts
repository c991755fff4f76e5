/**
 * One view of everything that the browser keeps: the vault, the texts in `localStorage`, and what the
 * first version left in either. Pure: it says what to write, and what may go once that is safe.
 */
import {
  asideKey,
  asJson,
  combined,
  isKey,
  isLive,
  isRecord,
  isSame,
  readStamped,
  type Entry,
  type Json,
  type Live,
  type Stamped,
} from './entry.ts';
import {
  IMPORT,
  readImport,
  readReset,
  RESET,
  RESET_STAMP,
  resetRecords,
  type ResetSnapshot,
} from './snapshot.ts';
import { V1, V2 } from './texts.ts';
import { fromVersion1 } from './version-1.ts';

/** How the upgrade of the database names what it found in the first version's store. */
export const OLD = '~v1.';

export interface Gathered {
  /** By key, with the marks of removed entries. */
  readonly records: ReadonlyMap<string, Stamped>;
  /** The last reset's stamp, or 0. */
  readonly reset: number;
  readonly canUndo: { readonly reset: boolean; readonly import: boolean };
  /** What the vault must write and drop to have all of it. */
  readonly put: ReadonlyMap<string, unknown>;
  readonly drop: readonly string[];
}

export function gathered(
  vault: ReadonlyMap<string, unknown>,
  texts: ReadonlyMap<string, string>,
  now: number,
): Gathered {
  const records = new Map<string, Stamped>();
  const add = (key: string, record: Stamped): void => {
    const merged = combined(key, records.get(key) ?? null, record);
    if (merged !== null) records.set(key, merged);
  };
  const putAside = (key: string, text: string): void => {
    const textAt = (free: string): Json => {
      const there = records.get(free);
      return isLive(there) ? there.value : null;
    };
    const free = asideKey(key, text, textAt);
    if (textAt(free) !== null) return;
    const stamp = Math.max(now, (records.get(free)?.stamp ?? 0) + 1);
    records.set(free, { stamp, at: now, value: text });
  };

  const old: (readonly [string, string])[] = [];
  // What is no entry can only be put aside once the names that are taken are known.
  const unreadable: (readonly [string, string])[] = [];
  const drop: string[] = [];
  for (const [key, data] of vault) {
    if (key.startsWith(OLD) && isKey(key.slice(OLD.length)) && typeof data === 'string') {
      old.push([key.slice(OLD.length), data]);
      drop.push(key);
    } else if (isKey(key)) {
      const record = readStamped(data);
      if (record !== null) add(key, record);
      else {
        unreadable.push([key, typeof data === 'string' ? data : JSON.stringify(data)]);
        drop.push(key);
      }
    }
  }
  for (const [name, text] of texts) {
    if (name.startsWith(V1)) old.push([name.slice(V1.length), text]);
    const key = name.slice(V2.length);
    if (!name.startsWith(V2) || !isKey(key)) continue;
    const record = readStamped(parsed(text));
    if (record !== null) add(key, record);
    else unreadable.push([key, text]);
  }
  for (const [key, text] of unreadable) putAside(key, text);
  const reset = lastReset(vault.get(RESET), texts.get(V2 + RESET));
  const after = Math.max(now, (reset?.stamp ?? 0) + 1);
  for (const [key, text] of old) addOld(records, add, putAside, key, text, now, after);

  const dead = new Map<string, Live>();
  for (const [key, record] of records) {
    if (reset === null || record.stamp > reset.stamp) continue;
    records.delete(key);
    if (isLive(record)) dead.set(key, record);
    if (vault.has(key)) drop.push(key);
  }
  const kept = reset === null ? null : withDead(reset, dead);

  const put = new Map<string, unknown>();
  for (const [key, record] of records) {
    if (!isSame(asJson(record), (vault.get(key) ?? null) as Json)) put.set(key, record);
  }
  const isWritten =
    kept === reset &&
    readReset(vault.get(RESET))?.stamp === kept?.stamp &&
    vault.get(RESET_STAMP) === kept?.stamp;
  if (kept !== null && !isWritten) for (const [key, record] of resetRecords(kept)) put.set(key, record);
  const fromTexts = readImport(parsed(texts.get(V2 + IMPORT) ?? 'null'));
  const fromVault = readImport(vault.get(IMPORT));
  if (fromTexts !== null && fromTexts.stamp > (fromVault?.stamp ?? 0)) {
    put.set(IMPORT, parsed(texts.get(V2 + IMPORT) ?? 'null'));
  }
  return {
    records,
    reset: reset?.stamp ?? 0,
    canUndo: { reset: kept !== null && kept.entries.size > 0, import: (fromTexts ?? fromVault) !== null },
    put,
    drop: drop.filter((key) => !put.has(key)),
  };
}

/** An old text counts as later than the entry beside it: whatever writes the entry removes the text. */
function addOld(
  records: ReadonlyMap<string, Stamped>,
  add: (key: string, record: Stamped) => void,
  putAside: (key: string, text: string) => void,
  oldKey: string,
  text: string,
  now: number,
  after: number,
): void {
  const { key, entry } = fromVersion1(oldKey, text, now);
  if (!isKey(key)) return;
  if (key.startsWith('unreadable.') && typeof entry.value === 'string') {
    putAside(key.slice('unreadable.'.length), entry.value);
    return;
  }
  const there = records.get(key);
  // A lab's old text has a time of its own.
  if (key.startsWith('lab.')) add(key, entry);
  else if (there === undefined) add(key, { ...entry, stamp: after });
  else if (!isLive(there) || !isSame(withoutHistory(there.value), withoutHistory(entry.value))) {
    add(key, { ...entry, stamp: Math.max(after, there.stamp + 1) });
  }
}

/** What an old page could have written: it knew the answer and its state only. */
function withoutHistory(value: Json): Json {
  if (!isRecord(value) || value['history'] === undefined) return value;
  return { answer: value['answer'] as Json, state: value['state'] as Json };
}

function lastReset(inVault: unknown, text: string | undefined): ResetSnapshot | null {
  const [one, other] = [readReset(inVault), readReset(parsed(text ?? 'null'))];
  if (one === null || other === null) return one ?? other;
  return other.stamp > one.stamp ? other : one;
}

/**
 * The snapshot with entries that died of it unseen: a reset in a session without the database is
 * still a reset of what the database has, and undoing it must bring that back too.
 */
function withDead(reset: ResetSnapshot, dead: ReadonlyMap<string, Live>): ResetSnapshot {
  const entries = new Map<string, Entry>(reset.entries);
  for (const [key, { at, value }] of dead) {
    const there = entries.get(key);
    if (there === undefined || there.at < at) entries.set(key, { at, value });
  }
  const isMore =
    entries.size > reset.entries.size || [...entries].some(([key, each]) => reset.entries.get(key) !== each);
  return isMore ? { ...reset, entries } : reset;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
