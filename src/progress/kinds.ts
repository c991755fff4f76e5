/** The kinds of entries whose shape is known, and what is wrong with a value that does not have it. Pure. */
import { isRecord, isTime, kindOf, type Json } from './entry.ts';
import { MOST_CHECKS } from './quiz-entry.ts';
import { readIncident } from './incident-entry.ts';
import { labProgressOf } from './lab-progress.ts';

/** When a lesson was open. */
export interface ReadEntry {
  readonly first: number;
  readonly last: number;
  readonly seconds: number;
}

/** What the learner typed as their name; only exports carry it. */
export interface LearnerEntry {
  readonly name: string;
}

export const LONGEST_NAME = 120;

export interface Misfit {
  /** Where in the value, such as `.history[3].at`; empty for the whole of it. */
  readonly where: string;
  readonly expected: string;
}

/** What is wrong with the value of an entry; null if nothing is, or its kind is none of the known ones. */
export function misfitOf(key: string, value: unknown): Misfit | null {
  const kind = kindOf(key);
  if (kind === 'prediction' || kind === 'unreadable') {
    return typeof value === 'string' ? null : { where: '', expected: 'a text' };
  }
  if (kind === 'quiz') return misfitOfQuiz(value);
  if (kind === 'review') return misfitOfReview(value);
  if (kind === 'read') return misfitOfRead(value);
  if (kind === 'learner') return misfitOfLearner(value);
  if (kind === 'incident') {
    return readIncident(value) === null
      ? { where: '', expected: 'an incident with what was done in it' }
      : null;
  }
  if (kind === 'lab') {
    const lab = key.slice('lab.'.length);
    return labProgressOf(value, lab) === null
      ? { where: '', expected: `the progress of lab "${lab}"` }
      : null;
  }
  return null;
}

function misfitOfQuiz(value: unknown): Misfit | null {
  if (!isRecord(value)) return { where: '', expected: 'an answer with its history' };
  const { answer, state, verdict, history } = value;
  if (!isRecord(answer)) return { where: '.answer', expected: 'an object' };
  if (state !== 'draft' && state !== 'checked') return { where: '.state', expected: '"draft" or "checked"' };
  if (verdict !== undefined && !isVerdict(verdict)) return { where: '.verdict', expected: RIGHT_OR_WRONG };
  return misfitOfHistory(history);
}

function misfitOfReview(value: unknown): Misfit | null {
  if (!isRecord(value)) return { where: '', expected: 'the answers given in reviews' };
  const { row, history } = value;
  if (!Number.isSafeInteger(row) || Number(row) < 0) return { where: '.row', expected: 'a whole number' };
  return misfitOfHistory(history);
}

function misfitOfHistory(history: unknown): Misfit | null {
  if (!Array.isArray(history)) return { where: '.history', expected: 'a list' };
  if (history.length > MOST_CHECKS) {
    return { where: '.history', expected: `at most ${MOST_CHECKS} checks, not ${history.length}` };
  }
  for (const [index, check] of history.entries()) {
    const where = `.history[${index}]`;
    if (!isRecord(check)) return { where, expected: 'an object' };
    if (!isTime(check['at'])) return { where: `${where}.at`, expected: TIME };
    if (!isVerdict(check['verdict'])) return { where: `${where}.verdict`, expected: RIGHT_OR_WRONG };
  }
  return null;
}

function misfitOfRead(value: unknown): Misfit | null {
  if (!isRecord(value)) return { where: '', expected: 'an object' };
  for (const member of ['first', 'last']) {
    if (!isTime(value[member])) return { where: `.${member}`, expected: TIME };
  }
  const { seconds } = value;
  return typeof seconds === 'number' && seconds >= 0 && Number.isFinite(seconds)
    ? null
    : { where: '.seconds', expected: 'a number of seconds' };
}

function misfitOfLearner(value: unknown): Misfit | null {
  const name = isRecord(value) ? value['name'] : undefined;
  return typeof name === 'string' && isName(name)
    ? null
    : { where: '.name', expected: `a name of at most ${LONGEST_NAME} characters in one line` };
}

/** Reports whether a text may stand as a learner's name: one line, not long. */
export function isName(text: string): boolean {
  return text.length <= LONGEST_NAME && !/[\u0000-\u001f\u007f]/.test(text);
}

const TIME = 'a time in milliseconds since 1970';
const RIGHT_OR_WRONG = '"right" or "wrong"';

function isVerdict(value: unknown): value is 'right' | 'wrong' {
  return value === 'right' || value === 'wrong';
}

/** The learner's name among entries, if one was given. */
export function learnerName(value: Json | undefined): string | null {
  const name = isRecord(value) ? value['name'] : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name : null;
}
