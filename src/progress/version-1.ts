/**
 * What the first version kept, read as entries of this one: bare JSON of predictions and quizzes in
 * `localStorage`, and the shelf's "STAMP TEXT" of labs there or in the database. Pure.
 */
import { isRecord, type Json, type Live } from './entry.ts';
import { misfitOf } from './kinds.ts';
import { quizHistory } from './quiz-entry.ts';

/**
 * The entry that an old text becomes. What cannot be read becomes an entry `unreadable.KEY` with the
 * text as it is, so that nothing is thrown away. `now` stands for times that were not kept.
 */
export function fromVersion1(
  key: string,
  text: string,
  now: number,
): { readonly key: string; readonly entry: Live } {
  const unreadable = key.startsWith('lab.') && key.endsWith('.unreadable');
  const shelf = key.startsWith('lab.') ? fromShelf(text) : null;
  const at = shelf?.at ?? now;
  if (unreadable) {
    const aside = key.slice(0, -'.unreadable'.length);
    return { key: `unreadable.${aside}`, entry: { stamp: at, at, value: shelf?.text ?? text } };
  }
  const value = valueOf(key, shelf === null ? text : shelf.text);
  return value === null || misfitOf(key, value) !== null
    ? { key: `unreadable.${key}`, entry: { stamp: at, at, value: text } }
    : { key, entry: { stamp: at, at, value } };
}

function fromShelf(text: string): { readonly at: number; readonly text: string } | null {
  const [stamp = ''] = text.split(' ', 1);
  return /^\d{1,15}$/.test(stamp) ? { at: Number(stamp), text: text.slice(stamp.length + 1) } : null;
}

function valueOf(key: string, text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    // The first version kept no history.
    return key.startsWith('quiz.') && isRecord(value)
      ? { ...value, history: quizHistory(value).map((check) => ({ ...check })) }
      : value;
  } catch {
    return null;
  }
}
