import { expect, test } from 'vitest';
import fc from 'fast-check';
import {
  DEEPEST,
  formatProgressFileProblem,
  LARGEST_BYTES,
  readProgressFile,
  type ProgressFileProblem,
} from '../../../src/progress/progress-file.ts';
import { progressFileOf, progressFileText } from '../../../src/progress/merge-file.ts';
import type { Entry } from '../../../src/progress/entry.ts';
import { incident } from '../../support/course-outline.ts';

const AT = 1_800_000_000_000;
const COURSE = { title: 'AKS networking workbook', version: '0.1.0+abc1234' };
const CHECKED = {
  answer: { kind: 'choice', option: 'a' },
  state: 'checked',
  verdict: 'right',
  history: [{ at: AT, verdict: 'right' }],
};
const LAB = {
  version: 1,
  lab: 'six-tickets',
  now: { seed: 'amber', script: '', log: [{ kind: 'line', text: 'az group list' }], passed: [] },
  before: null,
};
const GOOD = {
  format: 'aks-networking-workbook/progress',
  schema: 2,
  exported: '2026-11-23T12:00:00.000Z',
  course: COURSE,
  learner: 'Ada',
  entries: {
    learner: { at: AT, value: { name: 'Ada' } },
    'prediction.a/b#c': { at: AT, value: 'yes' },
    'quiz.a#b': { at: AT, value: CHECKED },
    'lab.six-tickets': { at: AT, value: LAB },
    'read.a/b': { at: AT, value: { first: AT, last: AT, seconds: 12.5 } },
    'something-newer.x': { at: AT, value: [1, null, { a: 'b' }] },
  },
};

test('a good file is read as it is', () => {
  expect(readProgressFile(JSON.stringify(GOOD))).toEqual({ ok: true, value: GOOD });
  expect(readProgressFile(`\uFEFF${JSON.stringify(GOOD, null, 2)}\n`).ok).toBe(true);
});

function problemOf(text: string): ProgressFileProblem {
  const read = readProgressFile(text);
  if (read.ok) throw new Error('the file was read');
  return read.error;
}

const withEntry = (key: string, entry: unknown): string =>
  JSON.stringify({ ...GOOD, entries: { ...GOOD.entries, [key]: entry } });
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test.each([
  ['nothing', '', 'not-json', null],
  ['a page', '<!doctype html>', 'not-json', null],
  ['half a file', JSON.stringify(GOOD).slice(0, 200), 'not-json', null],
  ['a list', '[]', 'other-format', 'format'],
  ['null', 'null', 'other-format', 'format'],
  ['another format', '{"format":"x"}', 'other-format', 'format'],
  ['a newer schema', JSON.stringify({ ...GOOD, schema: 3 }), 'newer-schema', 'schema'],
  ['a schema that was none', JSON.stringify({ ...GOOD, schema: 1 }), 'wrong-type', 'schema'],
  ['a schema as a text', JSON.stringify({ ...GOOD, schema: '2' }), 'wrong-type', 'schema'],
  ['no time', JSON.stringify({ ...GOOD, exported: 'yesterday' }), 'wrong-type', 'exported'],
  ['no course', JSON.stringify({ ...GOOD, course: null }), 'wrong-type', 'course'],
  [
    'a title that is none',
    JSON.stringify({ ...GOOD, course: { title: {}, version: '' } }),
    'wrong-type',
    'course.title',
  ],
  [
    'a long version',
    JSON.stringify({ ...GOOD, course: { title: '', version: 'v'.repeat(201) } }),
    'wrong-type',
    'course.version',
  ],
  ['a name in two lines', JSON.stringify({ ...GOOD, learner: 'A\nB' }), 'wrong-type', 'learner'],
  ['a long name', JSON.stringify({ ...GOOD, learner: 'A'.repeat(121) }), 'wrong-type', 'learner'],
  ['entries in a list', JSON.stringify({ ...GOOD, entries: [] }), 'wrong-type', 'entries'],
  ['an entry that is a text', withEntry('quiz.x', 'x'), 'wrong-type', 'entries["quiz.x"]'],
  ['an entry without a time', withEntry('quiz.x', { value: 1 }), 'wrong-type', 'entries["quiz.x"].at'],
  [
    'a time that is none',
    withEntry('review.x', { at: -1, value: 1 }),
    'wrong-type',
    'entries["review.x"].at',
  ],
  [
    'a time beyond all calendars',
    withEntry('review.x', { at: 1e300, value: 1 }),
    'wrong-type',
    'entries["review.x"].at',
  ],
  ['an entry without a value', withEntry('review.x', { at: AT }), 'wrong-type', 'entries["review.x"].value'],
  [
    'a prediction that is a number',
    withEntry('prediction.x', { at: AT, value: 1 }),
    'wrong-type',
    'entries["prediction.x"].value',
  ],
  [
    'a quiz without an answer',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, answer: 'a' } }),
    'wrong-type',
    'entries["quiz.x"].value.answer',
  ],
  [
    'a quiz in no state',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, state: 'x' } }),
    'wrong-type',
    'entries["quiz.x"].value.state',
  ],
  [
    'a quiz with another verdict',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, verdict: 1 } }),
    'wrong-type',
    'entries["quiz.x"].value.verdict',
  ],
  [
    'a quiz without a history',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, history: undefined } }),
    'wrong-type',
    'entries["quiz.x"].value.history',
  ],
  [
    'a history too long',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, history: Array(51).fill(CHECKED.history[0]) } }),
    'wrong-type',
    'entries["quiz.x"].value.history',
  ],
  [
    'a review without a row of numbers',
    withEntry('review.x', { at: AT, value: { history: [] } }),
    'wrong-type',
    'entries["review.x"].value.row',
  ],
  [
    'a review at no time that there is',
    withEntry('review.x', { at: AT, value: { row: 0, history: [{ at: 1e300, verdict: 'right' }] } }),
    'wrong-type',
    'entries["review.x"].value.history[0].at',
  ],
  [
    'a history of texts',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, history: ['right'] } }),
    'wrong-type',
    'entries["quiz.x"].value.history[0]',
  ],
  [
    'a check without a time',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, history: [{ at: 'now', verdict: 'right' }] } }),
    'wrong-type',
    'entries["quiz.x"].value.history[0].at',
  ],
  [
    'a check without a verdict',
    withEntry('quiz.x', { at: AT, value: { ...CHECKED, history: [{ at: AT }] } }),
    'wrong-type',
    'entries["quiz.x"].value.history[0].verdict',
  ],
  [
    'the progress of another lab',
    withEntry('lab.other', { at: AT, value: LAB }),
    'wrong-type',
    'entries["lab.other"].value',
  ],
  [
    'a lab of a later version',
    withEntry('lab.six-tickets', { at: AT, value: { ...LAB, version: 2 } }),
    'wrong-type',
    'entries["lab.six-tickets"].value',
  ],
  [
    'seconds that are none',
    withEntry('read.x', { at: AT, value: { first: AT, last: AT, seconds: -1 } }),
    'wrong-type',
    'entries["read.x"].value.seconds',
  ],
  [
    'a learner without a name',
    withEntry('learner', { at: AT, value: {} }),
    'wrong-type',
    'entries["learner"].value.name',
  ],
  ['a key without a kind', withEntry('.x', { at: AT, value: 1 }), 'wrong-type', 'entries[".x"]'],
  [
    'a key of the storage itself',
    withEntry('~reset', { at: AT, value: 1 }),
    'wrong-type',
    'entries["~reset"]',
  ],
  [
    'a key with a line break',
    withEntry('quiz.a\nb', { at: AT, value: 1 }),
    'wrong-type',
    'entries["quiz.a\\nb"]',
  ],
  [
    'a key as long as a page',
    withEntry(`quiz.${'a'.repeat(400)}`, { at: AT, value: 1 }),
    'wrong-type',
    `entries["quiz.${'a'.repeat(75)}…"]`,
  ],
  [
    'a prototype',
    '{"format":"aks-networking-workbook/progress","__proto__":{"schema":2}}',
    'forbidden-key',
    '__proto__',
  ],
  [
    'a prototype far inside',
    JSON.stringify(GOOD).replace('{"a":"b"}', '{"a":[{"__proto__":{}}]}'),
    'forbidden-key',
    'entries["something-newer.x"].value[2].a[0].__proto__',
  ],
  [
    'a constructor',
    JSON.stringify(GOOD).replace('"a":"b"', '"constructor":{"prototype":1}'),
    'forbidden-key',
    'entries["something-newer.x"].value[2].constructor',
  ],
  [
    'an escaped prototype',
    JSON.stringify(GOOD).replace('"a":"b"', '"__pro\\u0074o__":1'),
    'forbidden-key',
    'entries["something-newer.x"].value[2].__proto__',
  ],
  ['too many levels', deep(DEEPEST + 1), 'too-deep', null],
  ['a million levels', deep(1_000_000), 'too-deep', null],
  ['too many levels behind a bracket in a text', `["]]]]\\"[",${deep(DEEPEST)}]`, 'too-deep', null],
  ['a large file', `"${'a'.repeat(LARGEST_BYTES)}"`, 'too-large', null],
  ['a file that is large in bytes only', `"${'ü'.repeat(LARGEST_BYTES / 2)}"`, 'too-large', null],
])('%s is refused', (_, text, kind, where) => {
  const problem = problemOf(text);
  expect([problem.kind, problem.where]).toEqual([kind, where]);
  expect(problem.what).toMatch(/\.$/);
  expect(problem.todo).toMatch(/\.$/);
  expect(formatProgressFileProblem(problem).length).toBeLessThan(500);
  expect(({} as Record<string, unknown>)['schema']).toBeUndefined();
});

test('a problem says what, where and what to do', () => {
  expect(formatProgressFileProblem(problemOf(JSON.stringify({ ...GOOD, schema: 7 })))).toBe(
    'schema: The file was written by a newer version of the course (schema 7; this one reads 2). Reload this page to get the newer version, then import the file again.',
  );
  expect(formatProgressFileProblem(problemOf(withEntry('prediction.x', { at: AT, value: 1 })))).toBe(
    'entries["prediction.x"].value: Expected a text. Export it again from the Progress page, and change nothing in the file.',
  );
});

test('as deep as is allowed is read', () => {
  const file = JSON.stringify(GOOD).replace('{"a":"b"}', deep(DEEPEST - 5));
  expect(readProgressFile(file).ok).toBe(true);
});

test('whatever is in a file, reading it ends with a file or a problem', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.nat(), fc.string(), (json, at, piece) => {
      const good = JSON.stringify({
        ...GOOD,
        entries: { 'newkind.x': { at: AT, value: JSON.parse(json) as unknown } },
      });
      const place = at % good.length;
      for (const text of [json, good, good.slice(0, place) + piece + good.slice(place + piece.length)]) {
        const read = readProgressFile(text);
        if (read.ok) expect(Object.keys(read.value.entries).every((key) => /^[a-z]/.test(key))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('an export can always be imported: what no reader would take goes in as a text', () => {
  const entries = new Map<string, Entry>([
    ['learner', { at: AT, value: { name: ' Ada ' } }],
    ['quiz.odd', { at: AT, value: 'no quiz' }],
    ['review.fine', { at: AT, value: { row: 0, history: [{ at: AT, verdict: 'right' }] } }],
    ['review.odd', { at: AT, value: 1 }],
    ['incident.abc', { at: AT, value: incident(80) }],
    ['newkind.x', { at: AT, value: 1 }],
  ]);
  const file = progressFileOf(entries, COURSE, AT);
  expect(file.learner).toBe(' Ada ');
  expect(Object.keys(file.entries)).toEqual([
    'incident.abc',
    'learner',
    'newkind.x',
    'unreadable.quiz.odd',
    'review.fine',
    'unreadable.review.odd',
  ]);
  expect(readProgressFile(progressFileText(file))).toEqual({ ok: true, value: file });
});

test('an export that would be too large leaves out what labs keep for undoing their resets', () => {
  const long = 'x'.repeat(LARGEST_BYTES / 2);
  const lab = { ...LAB, now: { ...LAB.now, script: long }, before: { ...LAB.now, script: long } };
  const file = progressFileOf(new Map([['lab.six-tickets', { at: AT, value: lab }]]), COURSE, AT);
  const read = readProgressFile(progressFileText(file));
  expect(read.ok && read.value.entries['lab.six-tickets']?.value).toEqual({ ...lab, before: null });
});
