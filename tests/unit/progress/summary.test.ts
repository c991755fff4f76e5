import { describe, expect, test } from 'vitest';
import type { Entry, Json } from '../../../src/progress/entry.ts';
import { reviewStanding } from '../../../src/progress/review-standing.ts';
import { summaryOf, weakModules, type Summary } from '../../../src/progress/summary.ts';
import { suggestionsOf, type Suggestion } from '../../../src/progress/what-next.ts';
import { AT, entriesOf, incident, lab, OUTLINE, quiz, review } from '../../support/course-outline.ts';

const A = 'quiz.plugins/kubenet/addresses#a';
const B = 'quiz.plugins/kubenet/addresses#b';
const C = 'quiz.plugins/kubenet/addresses#c';
const D = 'quiz.plugins/overlay#d';
/** Too soon for any review. */
const SOON = AT + 60_000;
const DAY = 86_400_000;
const READ: Json = { first: AT - 5000, last: AT, seconds: 300 };

function summary(values: Readonly<Record<string, Json>>): Summary {
  return summaryOf(OUTLINE, entriesOf(values));
}

function lessonState(values: Readonly<Record<string, Json>>, slug: string): string | undefined {
  const lessons = summary(values).modules.flatMap((module) => module.lessons);
  return lessons.find(({ lesson }) => lesson.slug === slug)?.state;
}

describe('a lesson', () => {
  const slug = 'plugins/kubenet/addresses';
  test.each<[string, Record<string, Json>, string]>([
    ['that nobody opened is new', {}, 'new'],
    ['with a draft is new: nothing was checked', { [A]: quiz() }, 'new'],
    ['that was read only is begun', { [`read.${slug}`]: READ }, 'begun'],
    ['with one answer is begun', { [A]: quiz('wrong') }, 'begun'],
    [
      'with all answers is done, right or wrong',
      { [A]: quiz('wrong'), [B]: quiz('right'), [C]: quiz('right') },
      'done',
    ],
    [
      'that is answered again stays done: the draft has a history',
      { [A]: { ...(quiz('right') as object), state: 'draft' }, [B]: quiz('right'), [C]: quiz('right') },
      'done',
    ],
    ['whose note of reading is damaged is new', { [`read.${slug}`]: { first: 'x' } }, 'new'],
  ])('%s', (_, values, state) => {
    expect(lessonState(values, slug)).toBe(state);
  });

  test('without a quiz is begun with a prediction, and done when it was read', () => {
    expect(lessonState({ 'prediction.how#first': 'yes' }, 'how')).toBe('begun');
    expect(lessonState({ 'read.how': READ }, 'how')).toBe('done');
  });
});

describe('a lab', () => {
  test.each<[string, Json, string, number]>([
    ['that was opened and left is new', lab([], null, 0), 'new', 0],
    ['with a command is begun', lab([]), 'begun', 0],
    ['with one task of two is begun', lab(['look']), 'begun', 1],
    ['with every task is done', lab(['mend', 'look']), 'done', 2],
    ['that was done before its reset stays done', lab([], ['look', 'mend'], 0), 'done', 2],
    ['a task that the lab no longer has does not count', lab(['look', 'gone']), 'begun', 1],
    ['that cannot be read is new', { version: 9 }, 'new', 0],
  ])('%s', (_, value, state, passed) => {
    const [found] = summary({ 'lab.tour': value }).modules[1]?.labs ?? [];
    expect(found).toMatchObject({ state, passed });
  });
});

describe('a question is', () => {
  test.each<[string, Json, object]>([
    ['weak after a wrong check', quiz('right', 'wrong'), { weakness: 'wrong', firstTry: 'right', wrongs: 1 }],
    ['shaky when right just after wrong', quiz('wrong', 'right'), { weakness: 'shaky', standing: 'right' }],
    ['firm when right twice since', quiz('wrong', 'right', 'right'), { weakness: null, firstTry: 'wrong' }],
    ['firm when always right', quiz('right'), { weakness: null, checks: 1 }],
    [
      'answered, and neither right nor wrong, where the first version kept no verdict',
      { answer: { kind: 'choice', option: 'x' }, state: 'checked', history: [] },
      { standing: 'answered', weakness: null, last: AT, firstTry: null },
    ],
    ['open where what was kept is no answer', 'x', { standing: 'open', weakness: null, last: null }],
  ])('%s', (_, value, expected) => {
    const [found] = summary({ [A]: value }).modules[1]?.lessons[0]?.questions ?? [];
    expect(found).toMatchObject(expected);
  });
});

describe('the whole', () => {
  test('counts lessons, questions and labs, and says when it began and ended', () => {
    const all = summary({
      'read.how': READ,
      [A]: quiz('right'),
      [B]: quiz('wrong', 'right'),
      [D]: quiz('wrong'),
      'lab.tour': lab(['look', 'mend']),
      learner: { name: 'Ada' },
    });
    expect(all.lessons).toEqual({ done: 2, all: 3 });
    expect(all.labs).toEqual({ done: 1, all: 1 });
    expect(all.questions).toEqual({ done: 3, all: 4, right: 2, rightAtFirst: 1 });
    expect([all.first, all.last]).toEqual([AT - 5000, AT + 1000]);
    expect(all.modules.map(({ state }) => state)).toEqual(['done', 'begun']);
  });

  test('nothing done is no time at all', () => {
    expect(summary({ learner: { name: 'Ada' } })).toMatchObject({ first: null, last: null, strays: [] });
  });

  test('what the course no longer has is counted, and counts for nothing', () => {
    const changed = summary({
      'quiz.gone#x': quiz('wrong'),
      'lab.gone': lab([]),
      'review.x': review('wrong'),
    });
    expect(changed.strays).toEqual(['lab.gone', 'quiz.gone#x', 'review.x']);
    expect(changed.weak).toEqual([]);
    expect(changed.questions.done).toBe(0);
  });

  test('wrong comes before shaky, and often wrong before once wrong', () => {
    const { weak } = summary({
      [A]: quiz('wrong', 'right'),
      [B]: quiz('wrong'),
      [C]: quiz('wrong', 'wrong'),
      [D]: quiz('right'),
    });
    expect(weak.map(({ question }) => question.id.slice(-1))).toEqual(['c', 'b', 'a']);
  });

  test('the weakest module is the one with the largest share of weak answers', () => {
    const two = {
      modules: [
        ...OUTLINE.modules,
        { ...OUTLINE.modules[0], id: 'x', title: 'X', labs: [], lessons: lessonsOfX() },
      ],
    };
    const found = summaryOf(
      two,
      entriesOf({ [A]: quiz('right'), [B]: quiz('wrong'), 'quiz.x#e': quiz('wrong') }),
    );
    expect(weakModules(found).map(({ module }) => module.title)).toEqual(['X', 'Plugins']);
  });
});

describe('a review', () => {
  const reviewOf = (key: string): string => key.replace('quiz.', 'review.');
  test.each<[string, Record<string, Json>, object]>([
    [
      'that went wrong makes a question weak that was right in its lesson',
      { [A]: quiz('right'), [reviewOf(A)]: review('wrong') },
      { weakness: 'wrong', standing: 'wrong', checks: 2, last: AT + 500, lastInLesson: AT },
    ],
    [
      'twice right makes it firm that was wrong in its lesson',
      { [A]: quiz('wrong'), [reviewOf(A)]: review('right', 'right') },
      { weakness: null, standing: 'right', firstTry: 'wrong', wrongs: 1 },
    ],
    [
      'before the last answer in the lesson counts for less',
      { [A]: quiz('wrong', 'right'), [reviewOf(A)]: review('wrong') },
      { weakness: 'shaky', standing: 'right', last: AT + 1000, lastInLesson: AT + 1000 },
    ],
    [
      'leaves a question open that was never answered in its lesson',
      { [reviewOf(A)]: review('wrong') },
      { weakness: 'wrong', standing: 'open', firstTry: null, lastInLesson: null },
    ],
    ['that cannot be read is none', { [reviewOf(A)]: { history: 7 } }, { checks: 0, last: null }],
  ])('%s', (_, values, expected) => {
    const [found] = summary(values).modules[1]?.lessons[0]?.questions ?? [];
    expect(found).toMatchObject(expected);
  });

  test('begins no lesson and answers none of its questions, but is work', () => {
    const all = summary({ [reviewOf(A)]: review('right') });
    expect(all.lessons).toEqual({ done: 0, all: 3 });
    expect(all.modules.map(({ state }) => state)).toEqual(['new', 'new']);
    expect(all.questions).toMatchObject({ done: 0, right: 0 });
    expect([all.first, all.last]).toEqual([AT, AT + 500]);
  });

  test.each<[string, Record<string, Json>, number, object]>([
    ['nothing answered', {}, AT, { answers: 0, due: 0, next: null, last: null }],
    ['answered just now', { [A]: quiz('right') }, SOON, { due: 0, next: AT + 2.5 * DAY }],
    ['three days later', { [A]: quiz('right'), [B]: quiz('wrong') }, AT + 3 * DAY, { due: 2 }],
    [
      'three days later, but reviewed since',
      { [A]: quiz('right'), [reviewOf(B)]: { row: 0, history: [{ at: AT + 2 * DAY, verdict: 'right' }] } },
      AT + 3 * DAY,
      { due: 1, answers: 1, right: 1, questions: 1, last: AT + 2 * DAY },
    ],
    ['a clock that was set back', { [A]: quiz('right') }, AT - DAY, { due: 1 }],
  ])('is due: %s', (_, values, now, expected) => {
    expect(reviewStanding(summary(values), now)).toMatchObject(expected);
  });

  test('that is due is a suggestion, after what was begun and before what is new', () => {
    const found = suggestionsOf(summary({ [A]: quiz('right') }), AT + 3 * DAY);
    expect(found.map(({ kind }) => kind)).toEqual(['lesson', 'review', 'lesson']);
  });
});

describe('incidents', () => {
  test('come the last one first, scored where something says so', () => {
    const again = { ...(incident(0) as object), outcome: null, earlier: [{ points: 40, of: 100 }] };
    const entries = new Map<string, Entry>([
      ['incident.aaa', { at: AT, value: incident(80) }],
      ['incident.bbb', { at: AT + 5, value: { ...(incident(0) as object), outcome: null } }],
      ['incident.ccc', { at: AT + 3, value: incident(101) }],
      ['incident.ddd', { at: AT + 9, value: 'x' }],
      ['incident.eee', { at: AT - 1, value: again }],
    ]);
    const found = summaryOf(OUTLINE, entries);
    expect(found.incidents).toEqual([
      { seed: 'bbb', at: AT + 5, score: null },
      { seed: 'ccc', at: AT + 3, score: null },
      { seed: 'aaa', at: AT, score: { points: 80, of: 100 } },
      { seed: 'eee', at: AT - 1, score: { points: 40, of: 100 } },
    ]);
    expect(found).toMatchObject({ first: AT - 1, last: AT + 9, strays: [] });
  });
});

function lessonsOfX() {
  return [
    {
      slug: 'x',
      title: 'X',
      part: null,
      minutes: 1,
      predictions: [],
      questions: [{ id: 'x#e', prompt: 'E?' }],
    },
  ];
}

describe('what comes next', () => {
  const named = (suggestion: Suggestion): string => {
    switch (suggestion.kind) {
      case 'lesson':
        return `${suggestion.why} ${suggestion.lesson.lesson.slug}`;
      case 'lab':
        return `${suggestion.why} lab ${suggestion.lab.lab.id}`;
      case 'weak':
        return `weak ${suggestion.lessons.map(({ lesson, weak }) => `${lesson.slug} ${weak.length}`).join(', ')}`;
      case 'review':
        return `review ${suggestion.due}`;
    }
  };
  const ALL = {
    'read.how': READ,
    [A]: quiz('right'),
    [B]: quiz('right'),
    [C]: quiz('right'),
    [D]: quiz('right'),
  };
  test.each<[string, Record<string, Json>, readonly string[]]>([
    ['nothing done: the first lesson', {}, ['next how']],
    [
      'what was begun, then the first new lesson',
      { [A]: quiz('right') },
      ['begun plugins/kubenet/addresses', 'next how'],
    ],
    ['one wrong answer is no reason to turn back', { ...ALL, [D]: quiz('wrong') }, ['next lab tour']],
    [
      'two wrong answers in a module are',
      { ...ALL, [A]: quiz('wrong'), [D]: quiz('wrong') },
      ['weak plugins/kubenet/addresses 1, plugins/overlay 1', 'next lab tour'],
    ],
    ['lessons done: the lab', ALL, ['next lab tour']],
    ['a lab that was begun', { ...ALL, 'lab.tour': lab(['look']) }, ['begun lab tour']],
    ['everything done', { ...ALL, 'lab.tour': lab(['look', 'mend']) }, []],
    [
      'everything done, one answer wrong: then even one is worth it',
      { ...ALL, [D]: quiz('wrong'), 'lab.tour': lab(['look', 'mend']) },
      ['weak plugins/overlay 1'],
    ],
  ])('%s', (_, values, expected) => {
    expect(suggestionsOf(summary(values), SOON).map(named)).toEqual(expected);
  });

  test('of two that were begun, the one worked on last', () => {
    const entries = new Map([
      ...entriesOf({ [A]: quiz('right') }),
      ...entriesOf({ 'lab.tour': lab(['look']) }, AT + 60_000),
    ]);
    expect(suggestionsOf(summaryOf(OUTLINE, entries), SOON).map(named)[0]).toBe('begun lab tour');
  });
});
