import { describe, expect, test } from 'vitest';
import { united } from '../../../src/progress/entry.ts';
import { begunModules, candidates, dueCount } from '../../../src/practice/due.ts';
import { answered, lastAnswer, nextRow, readReviewEntry } from '../../../src/progress/review-entry.ts';
import { SPACING_DAYS } from '../../../src/progress/spacing.ts';
import { COURSE, HOUR, NOW, checked, entries, reviewed } from './world.ts';

const ALL = new Set(COURSE.modules.map(({ id }) => id));
const LONG_AGO = NOW - SPACING_DAYS * 24 * HOUR;

function needs(values: Parameters<typeof entries>[0]): Readonly<Record<string, string>> {
  const found = candidates(COURSE, entries(values), ALL, NOW);
  return Object.fromEntries(found.map(({ id, need }) => [id, need]));
}

describe('which modules were begun', () => {
  test.each([
    ['an answer', { 'quiz.snat/ports#a': checked(NOW, 'right') }],
    ['a draft', { 'quiz.snat/ports#a': { at: NOW, value: { answer: {}, state: 'draft', history: [] } } }],
    ['a prediction', { 'prediction.snat/ports#first': { at: NOW, value: 'it drops' } }],
    ['reading', { 'read.snat/ports': { at: NOW, value: { first: 1, last: 2, seconds: 3 } } }],
  ])('%s begins one', (_, values) => {
    expect([...begunModules(COURSE, entries(values))]).toEqual(['snat']);
  });

  test('a lab, a name and a lesson that is no more begin none', () => {
    const values = {
      'lab.snat': { at: NOW, value: {} },
      learner: { at: NOW, value: { name: 'Ada' } },
      'quiz.snat/gone#a': checked(NOW, 'right'),
    };
    expect(begunModules(COURSE, entries(values)).size).toBe(0);
  });

  test('only questions of the modules asked for are candidates', () => {
    const found = candidates(COURSE, entries({}), new Set(['peering']), NOW);
    expect(found.map(({ id }) => id)).toEqual(['peering/flags#a']);
  });
});

describe('when a question is due', () => {
  test('after the same time, whether it was right or wrong; wrong ones are needed more', () => {
    expect(
      needs({
        'quiz.plugins/kubenet#a': checked(LONG_AGO, 'wrong'),
        'quiz.plugins/kubenet#b': checked(LONG_AGO, 'right'),
        'quiz.snat/ports#a': checked(NOW - 48 * HOUR, 'wrong'),
      }),
    ).toEqual({
      'plugins/kubenet#a': 'was-wrong',
      'plugins/kubenet#b': 'due',
      'plugins/overlay#a': 'unread',
      'snat/ports#a': 'not-yet',
      'peering/flags#a': 'unread',
    });
  });

  test('evening of the first day to the morning of the third after it is long enough', () => {
    const evening = Date.UTC(2026, 10, 20, 20);
    const found = needs({ 'quiz.snat/ports#a': checked(evening, 'right') });
    expect(found['snat/ports#a']).toBe('due');
  });

  test('the later of lesson and review counts', () => {
    const values = {
      'quiz.snat/ports#a': checked(LONG_AGO, 'wrong'),
      'review.snat/ports#a': reviewed(NOW - HOUR, 'right'),
    };
    expect(needs(values)['snat/ports#a']).toBe('not-yet');
    expect(needs({ ...values, 'quiz.snat/ports#a': checked(NOW, 'wrong') })['snat/ports#a']).toBe('not-yet');
  });

  test('never asked, in a lesson that was begun: new', () => {
    const found = needs({ 'quiz.plugins/kubenet#a': checked(NOW, 'right') });
    expect(found['plugins/kubenet#b']).toBe('new');
    expect(found['plugins/overlay#a']).toBe('unread');
  });

  test('an answer from the future, by a clock that was set back, does not wait for it', () => {
    expect(needs({ 'quiz.snat/ports#a': checked(NOW + 9999 * HOUR, 'right') })['snat/ports#a']).toBe('due');
  });

  test('a draft is no answer', () => {
    const draft = { at: LONG_AGO, value: { answer: {}, state: 'draft', history: [] } };
    expect(needs({ 'quiz.snat/ports#a': draft })['snat/ports#a']).toBe('new');
  });

  test('an answer of the first version, kept without its verdict, is due', () => {
    const old = { at: LONG_AGO, value: { answer: {}, state: 'checked', history: [] } };
    expect(lastAnswer(old, null)).toEqual({ at: LONG_AGO, verdict: null });
    expect(needs({ 'quiz.snat/ports#a': old })['snat/ports#a']).toBe('due');
  });

  test('what is due is counted', () => {
    const values = {
      'quiz.plugins/kubenet#a': checked(LONG_AGO, 'wrong'),
      'quiz.snat/ports#a': checked(LONG_AGO, 'right'),
      'quiz.peering/flags#a': checked(NOW, 'right'),
    };
    expect(dueCount(candidates(COURSE, entries(values), ALL, NOW))).toBe(2);
  });
});

describe('with which numbers', () => {
  test('others than the lesson, then others each time, and round again', () => {
    expect(nextRow(3, undefined, false)).toBe(0);
    expect(nextRow(3, undefined, true)).toBe(1);
    expect(nextRow(3, reviewed(1, 'right', 1).value, true)).toBe(2);
    expect(nextRow(3, reviewed(1, 'right', 2).value, true)).toBe(0);
  });

  test('a question with one row has that one', () => {
    expect(nextRow(1, undefined, true)).toBe(0);
    expect(nextRow(1, reviewed(1, 'right', 5).value, true)).toBe(0);
  });

  test('the candidate carries it', () => {
    const found = candidates(COURSE, entries({ 'quiz.plugins/kubenet#a': checked(NOW, 'right') }), ALL, NOW);
    expect(found.find(({ id }) => id === 'plugins/kubenet#a')?.row).toBe(1);
  });
});

describe('what is kept', () => {
  test('each answer is added to the history, with the row that was asked', () => {
    const first = answered(null, 1, { at: 5, verdict: 'wrong' });
    const second = answered(first, 2, { at: 9, verdict: 'right' });
    expect(readReviewEntry(second)).toEqual({
      row: 2,
      history: [
        { at: 5, verdict: 'wrong' },
        { at: 9, verdict: 'right' },
      ],
    });
  });

  test('answers of two tabs, or of two machines, are united', () => {
    const one = answered(null, 1, { at: 5, verdict: 'wrong' });
    const other = answered(null, 2, { at: 9, verdict: 'right' });
    expect(readReviewEntry(united('review.snat/ports#a', one, other))).toEqual({
      row: 2,
      history: [
        { at: 5, verdict: 'wrong' },
        { at: 9, verdict: 'right' },
      ],
    });
  });

  test.each([
    null,
    7,
    'text',
    [],
    {},
    { history: 'x' },
    { row: 1, history: [{ at: 'x', verdict: 'right' }] },
  ])('what somebody else wrote there is no entry: %j', (value) => {
    expect(readReviewEntry(value)).toBeNull();
  });

  test.each([-1, 1.5, 'x', null])('a row that is none counts as the first: %j', (row) => {
    expect(readReviewEntry({ row, history: [{ at: 1, verdict: 'right' }] })?.row).toBe(0);
  });
});
