/** Looks after the texts in `localStorage` beside a vault: what stays there, and what may go. */
import { isKey, isLive, kindOf, type Stamped } from './entry.ts';
import { IMPORT, RESET, RESET_STAMP } from './snapshot.ts';
import { markComplete, raiseFloor, textOf, V1, V2, writeText, type Texts } from './texts.ts';
import { keysOf, type KeptIn } from './vault.ts';

/** What a session without a database put aside. */
const ASIDE = new Set([RESET, RESET_STAMP, IMPORT]);

/** Pages show these in their first frame, so they stay among the texts. */
const SHOWN_AT_ONCE = new Set(['prediction', 'quiz', 'read']);

export function isShownAtOnce(key: string): boolean {
  return SHOWN_AT_ONCE.has(kindOf(key));
}

/** All texts of the course, of either version, by their full names. */
export function dumpOf(texts: Texts | null): ReadonlyMap<string, string> {
  const dump = new Map<string, string>();
  if (texts === null) return dump;
  for (let i = 0; i < texts.length; i += 1) {
    const name = texts.key(i);
    const text = name?.startsWith(V1) === true || name?.startsWith(V2) === true ? texts.getItem(name) : null;
    if (name !== null && text !== null) dump.set(name, text);
  }
  return dump;
}

/** The entries among the texts that can be read. */
export function entriesOf(texts: Texts): readonly (readonly [string, Stamped])[] {
  return keysOf(texts).flatMap((key) => {
    const record = isKey(key) ? textOf(texts, key) : null;
    return record === null ? [] : [[key, record] as const];
  });
}

/** Takes away what the vault has now, unless it changed since it was read, and completes what stays. */
export function tidyTexts(
  texts: Texts,
  dump: ReadonlyMap<string, string>,
  records: ReadonlyMap<string, Stamped>,
  vault: KeptIn,
): void {
  const unchanged = (name: string): boolean => texts.getItem(name) === dump.get(name);
  for (const name of dump.keys()) {
    const old = name.startsWith(V1) && isKey(name.slice(V1.length));
    const key = name.slice(V2.length);
    const copy = !old && vault !== 'local-storage' && (ASIDE.has(key) || isKey(key));
    const shown = isShownAtOnce(key) && isLive(records.get(key)) && textOf(texts, key) !== null;
    if (!(old || (copy && !shown)) || !unchanged(name)) continue;
    raiseFloor(texts, records.get(key)?.stamp ?? 0);
    texts.removeItem(name);
  }
  copyShown(texts, records, 'all');
}

/** Writes the copies that pages read; says so where there is no room for them. */
export function copyShown(texts: Texts, records: ReadonlyMap<string, Stamped>, which: 'all' | 'these'): void {
  let state: 'complete' | 'incomplete' = 'complete';
  for (const [key, record] of records) {
    if (!isShownAtOnce(key)) continue;
    const there = textOf(texts, key);
    if ((there?.stamp ?? -1) >= record.stamp) continue;
    try {
      if (isLive(record)) writeText(texts, key, record);
      else texts.removeItem(V2 + key);
    } catch {
      state = 'incomplete';
    }
  }
  if (which === 'all' || state === 'incomplete') markComplete(texts, state);
}

/** Takes away what a reset made stale. */
export function dropTexts(texts: Texts, reset: number, except: (key: string) => boolean): void {
  for (const [key, { stamp }] of entriesOf(texts)) {
    if (stamp <= reset && !except(key)) texts.removeItem(V2 + key);
  }
}
