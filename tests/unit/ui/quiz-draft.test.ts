import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/quiz/question.ts';
import { emptyAnswer, keptAnswer, moved } from '../../../src/ui/quiz/draft.ts';

const base = { id: 'q', prompt: '', why: '', scenario: null, origin: { kind: 'written' } } as const;
const option = (id: string, verdict: 'right' | 'wrong') => ({
  id,
  text: id,
  verdict,
  feedback: '',
  run: null,
});
const choice: Question = { ...base, kind: 'choice', options: [option('a', 'right'), option('b', 'wrong')] };
const order: Question = {
  ...base,
  kind: 'order',
  items: ['a', 'b', 'c'].map((id) => ({ id, text: id, feedback: '' })),
};

describe('keptAnswer', () => {
  test.each([
    [
      'a checked answer comes back',
      choice,
      { answer: { kind: 'choice', option: 'b' }, state: 'checked' },
      true,
    ],
    [
      'an option that is gone is asked afresh',
      choice,
      { answer: { kind: 'choice', option: 'z' }, state: 'checked' },
      false,
    ],
    [
      'another kind is asked afresh',
      choice,
      { answer: { kind: 'number', text: '1' }, state: 'draft' },
      false,
    ],
    [
      'items that changed are asked afresh',
      order,
      { answer: { kind: 'order', items: ['a', 'b'] }, state: 'draft' },
      false,
    ],
    [
      'a full order comes back',
      order,
      { answer: { kind: 'order', items: ['c', 'a', 'b'] }, state: 'draft' },
      true,
    ],
    [
      'an unknown state is asked afresh',
      choice,
      { answer: { kind: 'choice', option: 'a' }, state: 'done' },
      false,
    ],
    ['nothing kept', choice, null, false],
    ['something else', choice, 'x', false],
  ])('%s', (_, question, stored, kept) => {
    expect(keptAnswer(question, stored)).toEqual(kept ? stored : null);
  });
});

test('an untouched order question does not stand in its right order', () => {
  expect(emptyAnswer('quiz', order)).not.toEqual({ kind: 'order', items: ['a', 'b', 'c'] });
});

describe('moved', () => {
  test.each([
    ['up', 'b', -1, ['b', 'a', 'c']],
    ['down', 'b', 1, ['a', 'c', 'b']],
    ['not above the first', 'a', -1, ['a', 'b', 'c']],
    ['not below the last', 'c', 1, ['a', 'b', 'c']],
  ] as const)('%s', (_, id, by, expected) => {
    expect(moved(['a', 'b', 'c'], id, by)).toEqual(expected);
  });
});
