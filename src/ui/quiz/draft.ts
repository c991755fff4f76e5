/** An answer while the reader is still at it, what is kept of it, and how it comes back. Pure. */
import type { Answer } from '../../quiz/grade.ts';
import type { Question } from '../../quiz/question.ts';
import { shuffledItems } from '../../quiz/shuffle.ts';

/** The answer of someone who has not touched the question. */
export function emptyAnswer(quizId: string, question: Question): Answer {
  switch (question.kind) {
    case 'choice':
      return { kind: 'choice', option: '' };
    case 'multi':
      return { kind: 'multi', options: [] };
    case 'address':
    case 'number':
      return { kind: question.kind, text: '' };
    case 'order':
      return {
        kind: 'order',
        items: shuffledItems(question.items, seedOf(quizId, question)).map((item) => item.id),
      };
    case 'trace':
      return { kind: 'trace', parts: {} };
  }
}

/** Same order for the same question in every build and for every reader. */
export function seedOf(quizId: string, question: Question): string {
  return `${quizId}#${question.id}`;
}

/** The item moved one place; the same list if there is no place. */
export function moved(items: readonly string[], id: string, by: -1 | 1): readonly string[] {
  const from = items.indexOf(id);
  const to = from + by;
  const other = items[to];
  if (from < 0 || other === undefined) return items;
  return items.map((item, index) => (index === from ? other : index === to ? id : item));
}

export interface Kept {
  readonly answer: Answer;
  readonly state: 'draft' | 'checked';
}

/**
 * What the browser kept, if it still fits the question: a question that changed its kind, options or
 * items since is asked afresh.
 */
export function keptAnswer(question: Question, stored: unknown): Kept | null {
  if (!isRecord(stored) || !isRecord(stored['answer'])) return null;
  const state = stored['state'];
  if (state !== 'draft' && state !== 'checked') return null;
  const answer = readAnswer(question, stored['answer']);
  return answer === null ? null : { answer, state };
}

function readAnswer(question: Question, stored: Readonly<Record<string, unknown>>): Answer | null {
  if (stored['kind'] !== question.kind) return null;
  switch (question.kind) {
    case 'choice': {
      const option = stored['option'];
      const known = question.options.some((each) => each.id === option);
      return typeof option === 'string' && known ? { kind: 'choice', option } : null;
    }
    case 'multi': {
      const options = strings(stored['options']);
      const known = options?.every((option) => question.options.some((each) => each.id === option)) === true;
      return options !== null && known ? { kind: 'multi', options } : null;
    }
    case 'address':
    case 'number': {
      const text = stored['text'];
      return typeof text === 'string' ? { kind: question.kind, text } : null;
    }
    case 'order': {
      const items = strings(stored['items']);
      const ids = question.items.map((item) => item.id);
      const fits = items !== null && [...items].sort().join('\n') === [...ids].sort().join('\n');
      return fits ? { kind: 'order', items } : null;
    }
    case 'trace': {
      const parts = stored['parts'];
      if (!isRecord(parts)) return null;
      const entries = Object.entries(parts).filter(
        (entry): entry is [string, string] =>
          typeof entry[1] === 'string' && question.parts.some((part) => part.id === entry[0]),
      );
      return { kind: 'trace', parts: Object.fromEntries(entries) };
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((each): each is string => typeof each === 'string')
    ? value
    : null;
}
