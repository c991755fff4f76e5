import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/progress/entry.ts';
import { labMark, lessonMark, moduleMark, type Mark } from '../../../src/progress/marks.ts';
import { summaryOf } from '../../../src/progress/summary.ts';
import { AT, entriesOf, lab, OUTLINE, quiz } from '../../support/course-outline.ts';

const READ: Json = { first: AT, last: AT, seconds: 60 };
const A = 'quiz.plugins/kubenet/addresses#a';
const D = 'quiz.plugins/overlay#d';
const ALL = {
  [A]: quiz('right'),
  [A.replace('#a', '#b')]: quiz('wrong'),
  [A.replace('#a', '#c')]: quiz('right'),
};

/** Marks of both modules, of all lessons and of the lab, as the lists show them. */
function marks(values: Readonly<Record<string, Json>>): readonly (string | null)[] {
  const { modules } = summaryOf(OUTLINE, entriesOf(values));
  const text = (mark: Mark | null): string | null => (mark === null ? null : `${mark.state}: ${mark.text}`);
  return [
    ...modules.map((module) => text(moduleMark(module))),
    ...modules.flatMap(({ lessons }) => lessons.map((lesson) => text(lessonMark(lesson)))),
    ...modules.flatMap(({ labs }) => labs.map((each) => text(labMark(each)))),
  ];
}

describe('the lists of the course say', () => {
  test.each<[string, Record<string, Json>, readonly (string | null)[]]>([
    ['nothing where nothing was done', {}, [null, null, null, null, null, null]],
    [
      'that a lesson without questions was read',
      { 'read.how': READ },
      ['done: all done', null, 'done: read', null, null, null],
    ],
    [
      'that a lesson was read whose questions are open',
      { 'read.plugins/overlay': READ },
      [null, 'begun: 0 of 2 lessons and 0 of 1 lab done', null, null, 'begun: read', null],
    ],
    [
      'how many questions were answered',
      { [A]: quiz('wrong'), 'prediction.how#first': 'x' },
      [
        'begun: 0 of 1 lesson done',
        'begun: 0 of 2 lessons and 0 of 1 lab done',
        'begun: begun',
        'begun: 1 of 3 answered',
        null,
        null,
      ],
    ],
    [
      'how far a lab is',
      { 'lab.tour': lab(['look']) },
      [null, 'begun: 0 of 2 lessons and 0 of 1 lab done', null, null, null, 'begun: 1 of 2 passed'],
    ],
    [
      'that everything was done',
      { ...ALL, [D]: quiz('right'), 'lab.tour': lab(['look', 'mend']) },
      [null, 'done: all done', null, 'done: done', 'done: done', 'done: solved'],
    ],
  ])('%s', (_, values, expected) => {
    expect(marks(values)).toEqual(expected);
  });
});
