/** Whatever a browser has kept: the summary of it adds up, and more work never looks like less. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, Json } from '../../src/progress/entry.ts';
import { recordOf, recordText } from '../../src/progress/record.ts';
import { summaryOf } from '../../src/progress/summary.ts';
import { suggestionsOf } from '../../src/progress/what-next.ts';
import { AT, incident, lab, OUTLINE, quiz, review } from '../support/course-outline.ts';

const QUESTIONS = OUTLINE.modules.flatMap(({ lessons }) =>
  lessons.flatMap(({ questions }) => questions.map(({ id }) => `quiz.${id}`)),
);
const verdicts = fc.array(fc.constantFrom<'right' | 'wrong'>('right', 'wrong'), { maxLength: 5 });
const good: fc.Arbitrary<[string, Json]> = fc.oneof(
  fc.tuple(
    fc.constantFrom(...QUESTIONS, 'quiz.gone#x'),
    verdicts.map((each) => quiz(...each)),
  ),
  fc.tuple(
    fc.constant('lab.tour'),
    fc
      .tuple(fc.subarray(['look', 'mend']), fc.option(fc.subarray(['look', 'mend'])))
      .map(([a, b]) => lab(a, b)),
  ),
  fc.tuple(
    fc.constantFrom(...QUESTIONS, 'quiz.gone#x').map((id) => id.replace('quiz.', 'review.')),
    verdicts.map((each) => review(...each)),
  ),
  fc.constantFrom<[string, Json]>(
    ['incident.abc', incident(80)],
    ['read.how', { first: AT, last: AT + 5, seconds: 40 }],
    ['read.plugins/overlay', { first: AT, last: AT, seconds: 20 }],
    ['prediction.how#first', 'yes'],
  ),
);
const key = fc.constantFrom(
  ...QUESTIONS,
  'lab.tour',
  'read.how',
  'prediction.how#first',
  'learner',
  'review.x',
  'review.plugins/overlay#d',
  'incident.abc',
);
const any: fc.Arbitrary<[string, Json]> = fc.oneof(
  { weight: 3, arbitrary: good },
  { weight: 1, arbitrary: fc.tuple(key, fc.jsonValue() as fc.Arbitrary<Json>) },
);
const entries = fc
  .array(fc.tuple(any, fc.integer({ min: AT, max: AT + 1e9 })), { maxLength: 15 })
  .map((each) => new Map(each.map(([[key, value], at]): [string, Entry] => [key, { at, value }])));

test('the summary adds up, and depends on no order', () => {
  fc.assert(
    fc.property(entries, (kept) => {
      const summary = summaryOf(OUTLINE, kept);
      const questions = summary.modules.flatMap(({ lessons }) => lessons.flatMap((each) => each.questions));
      // Counted once more, the slow way: key by key.
      const answered = QUESTIONS.filter((id) => {
        const value = kept.get(id)?.value as
          { state?: unknown; history?: unknown; answer?: unknown } | undefined;
        const isAnswer = typeof value?.answer === 'object' && value.answer !== null;
        const checks = Array.isArray(value?.history) ? value.history.length : 0;
        return isAnswer && (value.state === 'checked' || (value.state === 'draft' && checks > 0));
      });
      expect(summary.questions.done).toBe(answered.length);
      expect(summary.questions.right).toBeLessThanOrEqual(summary.questions.done);
      expect(summary.weak.length).toBe(questions.filter(({ weakness }) => weakness !== null).length);
      expect(new Set(summary.weak).size).toBe(summary.weak.length);
      for (const { state, lessons, labs } of summary.modules) {
        const states = [...lessons, ...labs].map((each) => each.state);
        expect(state === 'done').toBe(states.every((each) => each === 'done'));
        expect(state === 'new').toBe(states.every((each) => each === 'new'));
      }
      for (const suggestion of suggestionsOf(summary, AT + 60_000)) {
        if (suggestion.kind === 'lesson') expect(suggestion.lesson.state).not.toBe('done');
        if (suggestion.kind === 'lab') expect(suggestion.lab.state).not.toBe('done');
      }
      expect(summaryOf(OUTLINE, new Map([...kept].reverse()))).toEqual(summary);
      const course = { title: 'Course', version: '1' };
      const record = recordOf({ summary, learner: null, course, now: AT, day: String });
      expect(recordText(record)).toContain('self-reported');
    }),
    { numRuns: 500 },
  );
});

test('one more right answer takes nothing away and makes nothing weak', () => {
  fc.assert(
    fc.property(entries, fc.constantFrom(...QUESTIONS), verdicts, (kept, id, before) => {
      const was = summaryOf(OUTLINE, new Map([...kept, [id, { at: AT, value: quiz(...before) }]]));
      const now = summaryOf(OUTLINE, new Map([...kept, [id, { at: AT, value: quiz(...before, 'right') }]]));
      expect(now.questions.done).toBeGreaterThanOrEqual(was.questions.done);
      expect(now.questions.right).toBeGreaterThanOrEqual(was.questions.right);
      expect(now.lessons.done).toBeGreaterThanOrEqual(was.lessons.done);
      const isWeak = (summary: typeof now): boolean =>
        summary.weak.some(({ question }) => `quiz.${question.id}` === id);
      if (!isWeak(was)) expect(isWeak(now)).toBe(false);
    }),
    { numRuns: 500 },
  );
});
