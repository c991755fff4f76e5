import { expect, test } from 'vitest';
import { Remembered, remembering } from '../../../src/model/remembering.ts';

test('an answer is made once, null among them', () => {
  const asked: string[] = [];
  const lengthOf = remembering((text) => {
    asked.push(text);
    return text === '' ? null : text.length;
  });
  expect(['ab', '', 'ab', ''].map(lengthOf)).toEqual([2, null, 2, null]);
  expect(asked).toEqual(['ab', '']);
});

test('no more are kept than asked for: the oldest goes', () => {
  const made: string[] = [];
  const kept = new Remembered<string>(2);
  for (const text of ['a', 'b', 'a', 'c', 'b', 'a']) {
    const upper = kept.of(text, () => {
      made.push(text);
      return text.toUpperCase();
    });
    expect(upper).toBe(text.toUpperCase());
  }
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});

test('a long text is answered, and not kept', () => {
  let count = 0;
  const answer = remembering(() => ++count);
  const long = 'x'.repeat(501);
  expect([answer(long), answer(long), answer('x'), answer('x')]).toEqual([1, 2, 3, 3]);
});
