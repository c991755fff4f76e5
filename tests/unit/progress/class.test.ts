import { describe, expect, test } from 'vitest';
import { csv } from '../../../src/lab/csv.ts';
import {
  classTable,
  readMember,
  sharedPlaces,
  shownName,
  stuckPlaces,
  withMembers,
  type Member,
} from '../../../src/progress/class.ts';
import type { CourseOutline } from '../../../src/progress/outline.ts';
import { incident } from '../../support/course-outline.ts';
import { FORMAT, SCHEMA } from '../../../src/progress/progress-file.ts';

const OUTLINE: CourseOutline = {
  modules: [
    {
      id: '01-plugins',
      title: 'Plugins',
      lessons: [
        {
          slug: 'plugins/kubenet',
          title: 'Addresses',
          part: 'Kubenet',
          minutes: 10,
          predictions: [],
          questions: [
            { id: 'plugins/kubenet#one', prompt: 'Whose address?' },
            { id: 'plugins/kubenet#two', prompt: 'How many?' },
          ],
        },
      ],
      labs: [
        { id: 'tour', title: 'A tour', minutes: 20, tasks: ['look', 'say'] },
        { id: 'mend', title: 'Mend it', minutes: 20, tasks: ['find'] },
      ],
    },
  ],
};

const AT = Date.parse('2026-11-20T12:00:00Z');

interface Done {
  readonly answers?: Readonly<Record<string, readonly ('right' | 'wrong')[]>>;
  readonly labs?: Readonly<Record<string, readonly string[]>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

function exported(
  learner: string | null,
  { answers = {}, labs = {}, more = {} }: Done,
  day = '2026-11-23',
): string {
  const quiz = Object.entries(answers).map(([id, verdicts]): readonly [string, unknown] => [
    `quiz.${id}`,
    {
      at: AT,
      value: {
        answer: { kind: 'choice', option: 'x' },
        state: 'checked',
        verdict: verdicts.at(-1),
        history: verdicts.map((verdict, index) => ({ at: AT + index, verdict })),
      },
    },
  ]);
  const worked = Object.entries(labs).map(([lab, passed]): readonly [string, unknown] => [
    `lab.${lab}`,
    {
      at: AT,
      value: {
        version: 1,
        lab,
        now: { seed: 'amber', script: '', log: [{ kind: 'line', text: 'az' }], passed },
        before: null,
      },
    },
  ]);
  return JSON.stringify({
    format: FORMAT,
    schema: SCHEMA,
    exported: `${day}T12:00:00.000Z`,
    course: { title: 'Course', version: '1' },
    learner,
    entries: Object.fromEntries([...quiz, ...worked, ...Object.entries(more)]),
  });
}

function member(file: string, text: string): Member {
  const read = readMember(file, text, OUTLINE);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

const ADA = member(
  'ada.json',
  exported('Ada', {
    answers: { 'plugins/kubenet#one': ['wrong', 'wrong'], 'plugins/kubenet#two': ['wrong', 'right'] },
    labs: { tour: ['look'], mend: ['find'] },
    more: {
      'review.plugins/kubenet#one': { at: AT, value: { row: 1, history: [{ at: AT, verdict: 'wrong' }] } },
      'incident.abc': { at: AT, value: incident(80) },
    },
  }),
);
const BOB = member('bob.json', exported(null, { answers: { 'plugins/kubenet#one': ['wrong'] } }));

describe('a file of a class', () => {
  test('is of whom its learner says, or of the name of the file', () => {
    expect([ADA.name, BOB.name]).toEqual(['Ada', 'bob']);
  });

  test.each([
    ['{', 'This is no JSON'],
    ['{"format":"other"}', 'This is no progress of this course'],
    ['{"constructor":{"prototype":{}}}', 'A member has a name that no progress file has'],
    ['['.repeat(40) + ']'.repeat(40), 'nested more than 32 levels'],
  ])('that is none is refused in words: %s', (text, words) => {
    const read = readMember('x.json', text, OUTLINE);
    expect(read.ok ? '' : read.error).toContain(words);
  });
});

describe('a class', () => {
  test('is sorted by name, and a later export takes the place of an earlier one', () => {
    const later = member('ada.json', exported('Ada', {}, '2026-11-24'));
    const earlier = member('ada.json', exported('Ada', {}, '2026-11-01'));
    expect(withMembers([BOB], [ADA, later])).toEqual([later, BOB]);
    expect(withMembers([BOB, ADA], [earlier])).toEqual([ADA, BOB]);
  });

  test('keeps two people of one name apart, by their files', () => {
    const other = member('other.json', exported('Ada', {}));
    const both = withMembers([ADA], [other]);
    expect(both.map((each) => shownName(each, both))).toEqual(['Ada (ada)', 'Ada (other)']);
    expect(shownName(ADA, [ADA, BOB])).toBe('Ada');
  });
});

describe('where somebody is stuck', () => {
  test('labs that were begun and not finished, and questions wrong at the last check', () => {
    expect(stuckPlaces(ADA.summary)).toEqual([
      {
        id: 'lab.tour',
        kind: 'lab',
        title: 'Lab: A tour',
        detail: '1 of 2 tasks passed',
        path: 'labs/tour/',
      },
      {
        id: 'quiz.plugins/kubenet#one',
        kind: 'question',
        title: 'Kubenet: Addresses: Whose address?',
        detail: 'wrong 3 times',
        path: 'plugins/kubenet/#question-one',
      },
    ]);
  });

  test('the place of most people comes first', () => {
    expect(sharedPlaces([ADA, BOB]).map(({ place, members }) => [place.id, members.length])).toEqual([
      ['quiz.plugins/kubenet#one', 2],
      ['lab.tour', 1],
    ]);
  });

  test('nowhere, for who has done nothing', () => {
    const nobody = member('x.json', exported(null, {}));
    expect(stuckPlaces(nobody.summary)).toEqual([]);
    expect(classTable([nobody])[1]?.slice(3, 5)).toEqual(['', 0]);
  });
});

test('the table has a row for each learner, and is safe to open in a spreadsheet', () => {
  const evil = member('evil.json', exported('=HYPERLINK("http://x")', {}));
  const [head, ada, , last] = csv(classTable([ADA, BOB, evil])).split('\r\n');
  expect(head).toMatch(/^"learner","file","exported","last active","lessons done"/);
  expect(ada).toBe(
    '"Ada","ada","2026-11-23","2026-11-20",1,1,2,1,2,1,2,"tour","plugins/kubenet#one",1,1,0,"2026-11-20",1,"1"',
  );
  expect(last).toMatch(/^"'=HYPERLINK/);
});
