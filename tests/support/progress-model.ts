/** The obviously right twin of kept progress: one map that never forgets, without tabs or storage. */
import { isDeepStrictEqual } from 'node:util';
import type { Entry, Json } from '../../src/progress/entry.ts';

type Fields = Readonly<Record<string, Json>>;

export class ProgressModel {
  readonly entries = new Map<string, Entry>();
  /** What the last reset emptied, until it is undone. */
  aside: ReadonlyMap<string, Entry> | null = null;
  /** What the last import wrote and what was there before; null if it is not known. */
  imported: ReadonlyMap<string, { readonly before: Entry | null; readonly after: Entry }> | null = null;

  put(key: string, entry: Entry): void {
    const there = this.entries.get(key);
    this.entries.set(
      key,
      there === undefined ? entry : { at: entry.at, value: both(key, there.value, entry.value) },
    );
  }

  reset(): void {
    if (this.entries.size === 0) return;
    this.aside = new Map(this.entries);
    this.entries.clear();
    this.imported = null;
  }

  undoReset(): void {
    for (const [key, old] of this.aside ?? []) {
      const since = this.entries.get(key);
      const at = Math.max(old.at, since?.at ?? 0);
      this.entries.set(key, {
        at,
        value: since === undefined ? old.value : returned(key, old.value, since.value),
      });
    }
    this.aside = null;
  }

  importFile(file: ReadonlyMap<string, Entry>): void {
    const written = new Map<string, { before: Entry | null; after: Entry }>();
    for (const [key, theirs] of file) {
      const mine = this.entries.get(key);
      const after =
        mine === undefined
          ? theirs
          : theirs.at > mine.at
            ? { at: theirs.at, value: both(key, mine.value, theirs.value) }
            : { at: mine.at, value: both(key, theirs.value, mine.value) };
      if (mine !== undefined && isDeepStrictEqual(mine.value, after.value)) continue;
      written.set(key, { before: mine ?? null, after });
      this.entries.set(key, after);
    }
    if (written.size > 0) this.imported = written;
  }

  undoImport(): void {
    for (const [key, { before, after }] of this.imported ?? []) {
      if (this.entries.get(key) !== after) continue;
      if (before === null) this.entries.delete(key);
      else this.entries.set(key, before);
    }
    this.imported = null;
  }

  copy(): ProgressModel {
    const copy = new ProgressModel();
    for (const [key, entry] of this.entries) copy.entries.set(key, entry);
    copy.aside = this.aside;
    copy.imported = this.imported;
    return copy;
  }

  become(other: ProgressModel): void {
    this.entries.clear();
    for (const [key, entry] of other.entries) this.entries.set(key, entry);
    this.aside = other.aside;
    this.imported = other.imported;
  }

  /** The values by key, which is all that a page sees. */
  values(): Readonly<Record<string, Json>> {
    return valuesOf(this.entries);
  }
}

export function valuesOf(entries: ReadonlyMap<string, Entry>): Readonly<Record<string, Json>> {
  return Object.fromEntries([...entries].sort().map(([key, { value }]) => [key, value]));
}

function both(key: string, older: Json, newer: Json): Json {
  if (!/^(quiz|review)\./.test(key)) return newer;
  const checks = [...(fields(older)['history'] as Json[]), ...(fields(newer)['history'] as Json[])];
  const unique = checks.filter(
    (check, i) => !checks.slice(0, i).some((each) => isDeepStrictEqual(each, check)),
  );
  const order = (check: Json): string =>
    JSON.stringify([Number(fields(check)['at']) + 1e15, fields(check)['verdict'] ?? null]);
  unique.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { ...fields(newer), history: unique };
}

function returned(key: string, old: Json, since: Json): Json {
  if (!key.startsWith('lab.')) return both(key, old, since);
  const same = isDeepStrictEqual(fields(old)['now'], fields(since)['now']);
  return same ? since : { ...fields(old), before: fields(since)['now'] ?? null };
}

function fields(value: Json): Fields {
  return value as Fields;
}
