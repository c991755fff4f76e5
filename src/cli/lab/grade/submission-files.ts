/** Reads one submission off the disk, without trusting it: no links, no devices, no endless files. */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPT_NAME } from '../../../lab/source.ts';
import { scriptText, whyNoText } from '../script-text.ts';

export type ReadFile =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unfit'; readonly why: string };

/** A script of somebody's own is a few kilobytes. */
const MOST_BYTES = 1024 * 1024;
/** An exported progress file holds all labs and their history. */
const MOST_PROGRESS_BYTES = 5 * 1024 * 1024;

export function readScriptFile(path: string): ReadFile {
  const read = readSafely(path, MOST_BYTES);
  if (read.kind === 'unfit') return read;
  const why = whyNoText(read.text);
  return why === null ? { kind: 'text', text: scriptText(read.text) } : { kind: 'unfit', why };
}

export function readProgressText(path: string): ReadFile {
  return readSafely(path, MOST_PROGRESS_BYTES);
}

function readSafely(path: string, mostBytes: number): ReadFile {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return { kind: 'unfit', why: 'it is a symbolic link, which is not followed' };
    if (!stat.isFile()) return { kind: 'unfit', why: 'it is not a plain file' };
    if (stat.size > mostBytes) {
      const kilobytes = Math.ceil(stat.size / 1024);
      return { kind: 'unfit', why: `it has ${kilobytes} KiB; at most ${mostBytes / 1024} KiB are read` };
    }
    return { kind: 'text', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    return { kind: 'unfit', why: `it cannot be read (${why})` };
  }
}

export type ChosenScript =
  | { readonly kind: 'script'; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly names: readonly string[] };

/**
 * Returns which of the files in a folder for one lab counts: `lab.sh`, as `lab start` names it, or the lab's
 * own name, `answer.sh`, `solution.sh`, or whatever the only script there is called.
 */
export function scriptAmong(files: readonly string[], lab: string): ChosenScript {
  const names = files.filter((name) => name.endsWith('.sh'));
  for (const name of [SCRIPT_NAME, `${lab}.sh`, 'answer.sh', 'solution.sh']) {
    if (names.includes(name)) return { kind: 'script', name };
  }
  const [only] = names;
  if (only === undefined) return { kind: 'none' };
  return names.length === 1 ? { kind: 'script', name: only } : { kind: 'several', names };
}

/** Returns the seed that `lab start` recorded in a workspace folder; null if there is none that can be read. */
export function seedRecordedIn(folder: string): string | null {
  const read = readSafely(join(folder, '.lab.json'), 4096);
  if (read.kind !== 'text') return null;
  try {
    const state: unknown = JSON.parse(read.text);
    if (typeof state !== 'object' || state === null || !('seed' in state)) return null;
    return typeof state.seed === 'string' && state.seed.trim() !== '' ? state.seed.slice(0, 200) : null;
  } catch {
    return null;
  }
}
