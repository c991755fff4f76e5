/**
 * A learner's progress as a file: what an export writes, and a reader that takes nothing on trust. The
 * dashboard, the trainer's page and `lab grade` read files with it. Pure.
 */
import { err, ok, type Result } from '../model/result.ts';
import { isKey, isRecord, isTime, type Entry, type Json } from './entry.ts';
import { isName, LONGEST_NAME, misfitOf } from './kinds.ts';

export const FORMAT = 'aks-networking-workbook/progress';
export const SCHEMA = 2;
export const LARGEST_BYTES = 5 * 1024 * 1024;
export const DEEPEST = 32;
export const MOST_ENTRIES = 20_000;

export interface CourseStamp {
  readonly title: string;
  readonly version: string;
}

export interface ProgressFile {
  readonly format: typeof FORMAT;
  readonly schema: typeof SCHEMA;
  /** ISO 8601. */
  readonly exported: string;
  readonly course: CourseStamp;
  readonly learner: string | null;
  readonly entries: Readonly<Record<string, Entry>>;
}

export interface ProgressFileProblem {
  readonly kind:
    | 'too-large'
    | 'too-deep'
    | 'not-json'
    | 'forbidden-key'
    | 'other-format'
    | 'newer-schema'
    | 'wrong-type'
    /** The file is good, but this browser has no room for it. Nothing was changed. */
    | 'no-room';
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The place in the file, such as `entries["quiz.a#b"].at`; null for the whole of it. */
  readonly where: string | null;
  /** What to do about it, in one sentence. */
  readonly todo: string;
}

export function formatProgressFileProblem({ what, where, todo }: ProgressFileProblem): string {
  return `${where === null ? '' : `${where}: `}${what} ${todo}`;
}

const EXPORT_AGAIN = 'Export it again from the Progress page, and change nothing in the file.';
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads a progress file. What it returns has the shape it says, throughout. */
export function readProgressFile(text: string): Result<ProgressFile, ProgressFileProblem> {
  if (isLarger(text, LARGEST_BYTES)) {
    return problem(
      'too-large',
      null,
      `The file has more than ${LARGEST_BYTES / 1024 / 1024} MB.`,
      EXPORT_AGAIN,
    );
  }
  // Before it is parsed: not every browser parses a million brackets without a stack overflow.
  if (depthOf(text) > DEEPEST) {
    return problem('too-deep', null, `It is nested more than ${DEEPEST} levels deep.`, EXPORT_AGAIN);
  }
  let data: unknown;
  try {
    // A byte order mark is what some editors add in front.
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message.slice(0, 120)})` : '';
    return problem('not-json', null, `This is no JSON${reason}.`, EXPORT_AGAIN);
  }
  const forbidden = forbiddenPlace(data, '');
  if (forbidden !== null) {
    return problem(
      'forbidden-key',
      forbidden,
      'A member has a name that no progress file has.',
      EXPORT_AGAIN,
    );
  }
  return readFile(data);
}

function readFile(data: unknown): Result<ProgressFile, ProgressFileProblem> {
  if (!isRecord(data) || data['format'] !== FORMAT) {
    return problem(
      'other-format',
      'format',
      `This is no progress of this course; expected "${FORMAT}".`,
      'Choose a file that the Progress page exported.',
    );
  }
  const { schema, exported, course, learner, entries } = data;
  if (typeof schema === 'number' && schema > SCHEMA) {
    return problem(
      'newer-schema',
      'schema',
      `The file was written by a newer version of the course (schema ${schema}; this one reads ${SCHEMA}).`,
      'Reload this page to get the newer version, then import the file again.',
    );
  }
  if (schema !== SCHEMA) return wrongType('schema', `the number ${SCHEMA}`);
  if (typeof exported !== 'string' || exported.length > 40 || Number.isNaN(Date.parse(exported))) {
    return wrongType('exported', 'a time such as "2026-11-23T12:00:00.000Z"');
  }
  if (!isRecord(course)) return wrongType('course', 'an object with title and version');
  const { title, version } = course;
  if (!isShort(title)) return wrongType('course.title', 'a text of at most 200 characters');
  if (!isShort(version)) return wrongType('course.version', 'a text of at most 200 characters');
  if (learner !== null && (typeof learner !== 'string' || !isName(learner))) {
    return wrongType('learner', `null, or a name of at most ${LONGEST_NAME} characters in one line`);
  }
  if (!isRecord(entries)) return wrongType('entries', 'an object');
  const read = readEntries(entries);
  if (!read.ok) return read;
  return ok({
    format: FORMAT,
    schema: SCHEMA,
    exported,
    course: { title, version },
    learner,
    entries: read.value,
  });
}

function readEntries(
  data: Readonly<Record<string, unknown>>,
): Result<ProgressFile['entries'], ProgressFileProblem> {
  const keys = Object.keys(data);
  if (keys.length > MOST_ENTRIES) {
    return problem('too-large', 'entries', `There are more than ${MOST_ENTRIES} entries.`, EXPORT_AGAIN);
  }
  const entries: [string, Entry][] = [];
  for (const key of keys) {
    const where = `entries[${shown(key)}]`;
    if (!isKey(key)) return wrongType(where, 'a key such as "quiz.LESSON#QUESTION"');
    const entry = data[key];
    if (!isRecord(entry)) return wrongType(where, 'an object with at and value');
    const { at, value } = entry;
    if (!isTime(at)) return wrongType(`${where}.at`, 'a time in milliseconds since 1970');
    if (value === undefined) return wrongType(`${where}.value`, 'a value');
    const misfit = misfitOf(key, value);
    if (misfit !== null) return wrongType(`${where}.value${misfit.where}`, misfit.expected);
    entries.push([key, { at, value: value as Json }]);
  }
  return ok(Object.fromEntries(entries));
}

function isShort(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 200;
}

/** A text of the file as a message may show it. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function isLarger(text: string, bytes: number): boolean {
  // One UTF-16 unit is one to three bytes of UTF-8.
  if (text.length > bytes) return true;
  return text.length > bytes / 3 && new TextEncoder().encode(text).length > bytes;
}

/** How deep brackets and braces are nested outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i += 1;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '[' || c === '{') deepest = Math.max(deepest, (depth += 1));
    else if (c === ']' || c === '}') depth -= 1;
  }
  return deepest;
}

/** The first place whose name could reach into a prototype. */
function forbiddenPlace(data: unknown, where: string): string | null {
  if (Array.isArray(data)) {
    for (const [index, each] of data.entries()) {
      const found = forbiddenPlace(each, `${where}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isRecord(data)) return null;
  for (const [key, value] of Object.entries(data)) {
    const place = /^\w+$/.test(key) ? `${where}${where === '' ? '' : '.'}${key}` : `${where}[${shown(key)}]`;
    if (FORBIDDEN.has(key)) return place;
    const found = forbiddenPlace(value, place);
    if (found !== null) return found;
  }
  return null;
}

function wrongType(where: string, expected: string): Result<never, ProgressFileProblem> {
  return problem('wrong-type', where, `Expected ${expected}.`, EXPORT_AGAIN);
}

function problem(
  kind: ProgressFileProblem['kind'],
  where: string | null,
  what: string,
  todo: string,
): Result<never, ProgressFileProblem> {
  return err({ kind, where, what, todo });
}
