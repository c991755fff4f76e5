/** What an import does to the entries that are there: the newest of each wins, histories are united. Pure. */
import {
  isLive,
  isRecord,
  isSame,
  kindOf,
  united,
  type Entry,
  type Json,
  type Live,
  type Stamped,
} from './entry.ts';
import { LARGEST_BYTES, FORMAT, SCHEMA, type CourseStamp, type ProgressFile } from './progress-file.ts';
import { learnerName, misfitOf } from './kinds.ts';
import { labProgressOf } from './lab-progress.ts';

export interface ImportReport {
  /** Keys of entries that were not here. */
  readonly added: readonly string[];
  /** Keys of entries where the file had something newer, or more history. */
  readonly updated: readonly string[];
  /** Keys of entries that are as new here, or newer. */
  readonly kept: readonly string[];
  /** Whose progress the file says it is. */
  readonly learner: string | null;
  readonly exported: string;
  readonly course: CourseStamp;
}

export interface Merge {
  readonly changed: ReadonlyMap<string, Entry>;
  /** What was there before; null where nothing was. */
  readonly before: ReadonlyMap<string, Entry | null>;
  readonly report: ImportReport;
}

/** `now` bounds the times in the file: a clock that ran ahead must not win over all that is done later. */
export function mergedFile(file: ProgressFile, there: ReadonlyMap<string, Stamped>, now: number): Merge {
  const changed = new Map<string, Entry>();
  const before = new Map<string, Entry | null>();
  const [added, updated, kept]: [string[], string[], string[]] = [[], [], []];
  for (const [key, { at, value }] of Object.entries(file.entries)) {
    const mine = there.get(key);
    const theirs = { at: Math.min(at, now), value };
    if (!isLive(mine)) {
      changed.set(key, theirs);
      before.set(key, null);
      added.push(key);
      continue;
    }
    const merged = mergedEntry(key, mine, theirs);
    if (isSame(merged.value, mine.value)) {
      kept.push(key);
    } else {
      changed.set(key, merged);
      before.set(key, { at: mine.at, value: mine.value });
      updated.push(key);
    }
  }
  const { learner, exported, course } = file;
  return { changed, before, report: { added, updated, kept, learner, exported, course } };
}

function mergedEntry(key: string, mine: Live, theirs: Entry): Entry {
  return theirs.at > mine.at
    ? { at: theirs.at, value: united(key, mine.value, theirs.value) }
    : { at: mine.at, value: united(key, theirs.value, mine.value) };
}

/**
 * All entries as a file. An entry whose value no reader would take back goes in as a text under
 * `unreadable.KEY`, and what labs keep for undoing their own resets stays out of a file that would
 * otherwise be too large to import.
 */
export function progressFileOf(
  entries: ReadonlyMap<string, Entry>,
  course: CourseStamp,
  now: number,
): ProgressFile {
  const all: [string, Entry][] = [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) =>
      misfitOf(key, entry.value) === null
        ? [key, entry]
        : [`unreadable.${key}`, { at: entry.at, value: JSON.stringify(entry.value) }],
    );
  const file = fileOf(all, course, learnerName(entries.get('learner')?.value), now);
  return isTooLarge(file) ? fileOf(all.map(withoutBefore), course, file.learner, now) : file;
}

function fileOf(
  entries: readonly [string, Entry][],
  course: CourseStamp,
  learner: string | null,
  now: number,
): ProgressFile {
  return {
    format: FORMAT,
    schema: SCHEMA,
    exported: new Date(now).toISOString(),
    course,
    learner,
    entries: Object.fromEntries(entries.map(([key, { at, value }]) => [key, { at, value }])),
  };
}

function isTooLarge(file: ProgressFile): boolean {
  return new TextEncoder().encode(progressFileText(file)).length > LARGEST_BYTES;
}

/** The text of the file, as it is downloaded. */
export function progressFileText(file: ProgressFile): string {
  return `${JSON.stringify(file)}\n`;
}

function withoutBefore([key, entry]: [string, Entry]): [string, Entry] {
  const isLab = kindOf(key) === 'lab' && labProgressOf(entry.value, key.slice('lab.'.length)) !== null;
  if (!isLab || !isRecord(entry.value)) return [key, entry];
  return [key, { at: entry.at, value: { ...(entry.value as Record<string, Json>), before: null } }];
}
