import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOOKS, type Look } from '../../../src/lab/incident.ts';
import type { Step } from '../../../src/practice/diagnosis-path.ts';
import { incidentScore, type Course } from '../../../src/practice/incident-score.ts';
import type { Hypothesis } from '../../../src/progress/incident-entry.ts';

const TRUTH = { suspects: ['nsg-rule'], ends: ['denied-inbound'] };
const RIGHT: Hypothesis = { suspect: 'nsg-rule', end: 'denied-inbound', confidence: 75, after: 0 };
const HALF: Hypothesis = { ...RIGHT, end: 'loop' };
const WRONG: Hypothesis = { ...HALF, suspect: 'route' };
const DECIDING: Course['deciding'] = [
  { look: 'path', words: LOOKS.path },
  { look: 'rules', words: LOOKS.rules },
  { look: 'routes', words: LOOKS.routes },
];

const look = (of: Look, entry: number): Step => ({ kind: 'look', look: of, command: of, entry });
const change = (entry: number, more: Partial<Extract<Step, { kind: 'change' }>> = {}): Step => ({
  kind: 'change',
  entry,
  command: 'az network nsg rule update',
  broke: [],
  effect: 'new',
  ...more,
});

const BEST: Course = {
  truth: TRUTH,
  hypotheses: [{ ...RIGHT, confidence: 95 }],
  findings: [{ right: 3, of: 3, after: 2 }],
  path: [look('path', 0), look('rules', 1), change(3)],
  deciding: DECIDING,
  straight: 2,
  how: 'mended',
};

const pointsOf = (course: Course, what: string): number =>
  incidentScore(course).lines.find((line) => line.what === what)?.points ?? -1;

test('the best way has all points', () => {
  expect(incidentScore(BEST)).toMatchObject({ points: 100, of: 100 });
});

describe('the hypothesis', () => {
  const withHypotheses = (hypotheses: readonly Hypothesis[], path: readonly Step[] = BEST.path): number =>
    pointsOf({ ...BEST, hypotheses, path }, 'Hypothesis');

  test.each([
    ['right at first', [RIGHT], 25],
    ['half right', [HALF], 8],
    ['wrong', [WRONG], 0],
    ['wrong, changed on evidence to right', [WRONG, { ...RIGHT, after: 1 }], 20],
    ['half right, changed on evidence to right', [HALF, { ...RIGHT, after: 2 }], 20],
    ['narrowed on evidence', [WRONG, { ...HALF, after: 1 }], 12],
    ['changed without a look in between', [WRONG, { ...RIGHT, after: 0 }], 6],
    ['right, and left for another', [RIGHT, { ...WRONG, after: 2 }], 10],
  ])('%s', (_, hypotheses, points) => {
    expect(withHypotheses(hypotheses)).toBe(points);
  });

  test('what one sees after a change of one’s own is no evidence', () => {
    expect(withHypotheses([WRONG, { ...RIGHT, after: 2 }], [change(0), look('path', 1)])).toBe(6);
  });
});

test.each([
  ['sure and right', { ...RIGHT, confidence: 95 }, 10],
  ['a guess, and right', { ...RIGHT, confidence: 25 }, 4],
  ['sure and wrong', { ...WRONG, confidence: 95 }, 1],
  ['a guess, and wrong', { ...WRONG, confidence: 25 }, 9],
])('confidence: %s', (_, hypothesis, points) => {
  expect(pointsOf({ ...BEST, hypotheses: [hypothesis] }, 'Confidence')).toBe(points);
});

describe('evidence before changes', () => {
  test.each<readonly [string, readonly Step[], number]>([
    ['none', [], 0],
    ['one deciding kind', [look('path', 0), look('path', 1)], 15],
    ['two of them', [look('path', 0), look('routes', 1)], 30],
    ['only what decides nothing', [look('metrics', 0), look('inside', 1)], 0],
    ['after the first change', [change(0), look('path', 1), look('rules', 2)], 0],
    ['one before, one after', [look('path', 0), change(1), look('rules', 2)], 15],
  ])('%s', (_, path, points) => {
    expect(pointsOf({ ...BEST, path }, 'Evidence before changes')).toBe(points);
  });

  test('who changes first is told what they changed', () => {
    const { lines } = incidentScore({ ...BEST, path: [change(0), look('path', 1)] });
    expect(lines.find(({ what }) => what === 'Evidence before changes')?.words).toContain(
      'before you had looked at anything: az network nsg rule update',
    );
  });
});

describe('the finding', () => {
  test.each([
    ['none', [], 0],
    ['right at first', [{ right: 3, of: 3, after: 2 }], 20],
    [
      'right at the second time',
      [
        { right: 1, of: 3, after: 1 },
        { right: 3, of: 3, after: 2 },
      ],
      12,
    ],
    ['never whole', [{ right: 2, of: 3, after: 2 }], 2],
    ['right after something was changed', [{ right: 3, of: 3, after: 4 }], 10],
  ])('%s', (_, findings, points) => {
    expect(pointsOf({ ...BEST, findings }, 'Finding')).toBe(points);
  });
});

describe('the repair', () => {
  test.each<readonly [string, Partial<Course>, number]>([
    ['given up', { how: 'gave-up' }, 0],
    ['straight', {}, 15],
    ['two changes too many', { path: [...BEST.path, change(4), change(5), change(6)] }, 11],
    ['one taken back', { path: [...BEST.path, change(4, { effect: 'taken-back' })] }, 13],
    [
      'something broken',
      { path: [...BEST.path, change(4, { broke: ['a bot is denied the catalogue'] })] },
      10,
    ],
  ])('%s', (_, changed, points) => {
    expect(pointsOf({ ...BEST, ...changed }, 'Repair')).toBe(points);
  });
});

const steps = fc.array(
  fc.oneof(
    fc
      .constantFrom(...(Object.keys(LOOKS) as Look[]))
      .map((kind): Omit<Extract<Step, { kind: 'look' }>, 'entry'> => ({
        kind: 'look',
        look: kind,
        command: kind,
      })),
    fc
      .record({
        broke: fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 2 }),
        effect: fc.constantFrom('new' as const, 'taken-back' as const),
      })
      .map((more) => ({ kind: 'change' as const, command: 'az x update', ...more })),
  ),
  { maxLength: 12 },
);
const courses: fc.Arbitrary<Course> = fc
  .record({
    steps,
    hypotheses: fc.array(fc.constantFrom(RIGHT, HALF, WRONG), { minLength: 1, maxLength: 4 }),
    afters: fc.array(fc.nat(12), { minLength: 8, maxLength: 8 }),
    confidence: fc.integer({ min: 0, max: 100 }),
    findings: fc.array(fc.nat(3), { maxLength: 5 }),
    straight: fc.integer({ min: 1, max: 6 }),
    how: fc.constantFrom('mended' as const, 'gave-up' as const),
  })
  .map(({ steps: some, hypotheses, afters, confidence, findings, straight, how }) => {
    const times = [...afters].sort((a, b) => a - b);
    return {
      truth: TRUTH,
      hypotheses: hypotheses.map((each, at) => ({
        ...each,
        confidence,
        after: at === 0 ? 0 : (times[at] ?? 0),
      })),
      findings: findings.map((right, at) => ({ right, of: 3, after: times[at] ?? 0 })),
      path: some.map((step, entry) => ({ ...step, entry })),
      deciding: DECIDING,
      straight,
      how,
    };
  });

/** The same course with one more step at a place; everything after it is one entry later. */
function withStep(course: Course, at: number, step: Step): Course {
  const later = <T extends { readonly after: number }>(each: T): T =>
    each.after > at ? { ...each, after: each.after + 1 } : each;
  return {
    ...course,
    hypotheses: course.hypotheses.map(later),
    findings: course.findings.map(later),
    path: [
      ...course.path.slice(0, at),
      { ...step, entry: at },
      ...course.path.slice(at).map((each) => ({ ...each, entry: each.entry + 1 })),
    ],
  };
}

describe('whatever somebody does', () => {
  test('the score is between nothing and everything, and the sum of its lines', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const { points, of, lines } = incidentScore(course);
        expect(of).toBe(100);
        expect(points).toBe(lines.reduce((sum, line) => sum + line.points, 0));
        for (const line of lines) {
          expect(Number.isInteger(line.points)).toBe(true);
          expect(line.points).toBeGreaterThanOrEqual(0);
          expect(line.points).toBeLessThanOrEqual(line.of);
          expect(line.words).not.toMatch(/undefined|NaN/);
        }
      }),
    );
  });

  test('a change before looking never raises it', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const before = incidentScore(course).points;
        expect(incidentScore(withStep(course, 0, change(0))).points).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('a change anywhere never raises it', () => {
    fc.assert(
      fc.property(courses, fc.nat(12), (course, place) => {
        const at = Math.min(place, course.path.length);
        const before = incidentScore(course).points;
        expect(incidentScore(withStep(course, at, change(at))).points).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('one more look never lowers it', () => {
    fc.assert(
      fc.property(
        courses,
        fc.nat(12),
        fc.constantFrom(...(Object.keys(LOOKS) as Look[])),
        (course, place, kind) => {
          const at = Math.min(place, course.path.length);
          const before = incidentScore(course).points;
          expect(incidentScore(withStep(course, at, look(kind, at))).points).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });
});
