import { expect, test } from 'vitest';
import { entryNames } from '../../../src/progress/entry-names.ts';
import { NATURE, recordOf, recordText } from '../../../src/progress/record.ts';
import { summaryOf } from '../../../src/progress/summary.ts';
import { AT, entriesOf, incident, lab, OUTLINE, quiz, review } from '../../support/course-outline.ts';

const COURSE = { title: 'Course', version: '0.1.0+abc1234' };
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

test('the record says what was done, when, in which version, and what it is worth', () => {
  const entries = entriesOf({
    'read.how': { first: AT, last: AT, seconds: 60 },
    'prediction.how#first': 'yes',
    'quiz.plugins/kubenet/addresses#a': quiz('wrong', 'right'),
    'lab.tour': lab(['look', 'mend']),
    'review.plugins/kubenet/addresses#a': review('right'),
    'incident.abc': incident(80),
    'incident.def': { ...(incident(0) as object), outcome: null },
    'quiz.gone#x': quiz('right'),
  });
  const record = recordOf({
    summary: summaryOf(OUTLINE, entries),
    learner: 'Ada',
    course: COURSE,
    now: AT + 86_400_000,
    day,
  });
  expect(recordText(record)).toBe(`Record of work: Course
======================

Learner                Ada
Version of the course  0.1.0+abc1234
Made on                2027-01-16
Worked from            2027-01-15
Worked until           2027-01-15
Lessons done           1 of 3
Questions answered     1 of 4; 1 right at the last check, 0 at the first
Labs done              1 of 1
Reviews                1 answer to 1 of the questions, 1 right; last on 2027-01-15
Incidents              2; 80 of 100 points
Not counted            1 entry of what the course no longer has

Before you begin
----------------
2027-01-15  done   How (1 of 1 predictions; read to the end)

Plugins
-------
2027-01-15  begun  Kubenet: Addresses (1 of 3 questions, 1 right)
2027-01-15  done   Lab: A tour (2 of 2 tasks passed)

${NATURE}
`);
});

test('a record of nothing says so, and names nobody', () => {
  const summary = summaryOf(OUTLINE, new Map());
  const record = recordOf({ summary, learner: null, course: COURSE, now: AT, day });
  expect(record.parts).toEqual([]);
  expect(recordText(record)).toContain('nothing was done yet');
  expect(recordText(record)).not.toContain('Learner ');
});

test.each([
  ['quiz.plugins/kubenet/addresses#a', 'Question: What is a?'],
  ['read.plugins/overlay', 'Lesson read: Overlay'],
  ['prediction.how#first', 'Prediction 1 of How'],
  ['lab.tour', 'Lab: A tour'],
  ['learner', 'Your name'],
  ['unreadable.quiz.x', 'Kept aside, unreadable: quiz.x'],
  ['review.plugins/kubenet/addresses#a', 'Reviewed: What is a?'],
  ['incident.abc', 'Incident abc'],
  ['quiz.gone#x', 'Not in this version of the course: question gone#x'],
  ['review.gone#x', 'Not in this version of the course: review of question gone#x'],
  ['newkind.x', 'Not in this version of the course: newkind.x'],
])('%s is called “%s”', (key, name) => {
  expect(entryNames(OUTLINE)(key)).toBe(name);
});
