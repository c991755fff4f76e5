import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grade } from '../../../src/quiz/grade.ts';
import type { Answer } from '../../../src/quiz/grade.ts';
import { inlineParts, plainText } from '../../../src/quiz/inline.ts';
import type { Question, QuizOption } from '../../../src/quiz/question.ts';
import { shuffled, shuffledItems } from '../../../src/quiz/shuffle.ts';

const base = { id: 'q', prompt: 'P', why: 'Because.', scenario: null, origin: { kind: 'written' } } as const;
const option = (id: string, verdict: 'right' | 'wrong'): QuizOption => ({
  id,
  text: `text ${id}`,
  verdict,
  feedback: `feedback ${id}`,
  run: { kind: 'command', command: `run ${id}` },
});

const CHOICE: Question = { ...base, kind: 'choice', options: [option('a', 'wrong'), option('b', 'right')] };
const MULTI: Question = {
  ...base,
  kind: 'multi',
  options: [option('a', 'right'), option('b', 'right'), option('c', 'wrong')],
};
const ADDRESS: Question = {
  ...base,
  kind: 'address',
  answers: 'address',
  key: '10.224.0.5',
  misreadings: [{ answer: '10.244.1.27', feedback: 'That is the pod.', run: null }],
  otherwise: 'Look at the node.',
};
const PREFIX: Question = { ...ADDRESS, answers: 'prefix', key: '10.244.1.0/24', misreadings: [] };
const NUMBER: Question = {
  ...base,
  kind: 'number',
  unit: 'pods',
  key: 27_610,
  misreadings: [{ answer: 110, feedback: 'That is one node.', run: null }],
  otherwise: 'Multiply.',
};
const ORDER: Question = {
  ...base,
  kind: 'order',
  items: ['one', 'two', 'three'].map((id) => ({ id, text: id, feedback: `${id} is misplaced` })),
};
const TRACE: Question = {
  ...base,
  kind: 'trace',
  flow: { from: 'pod/a', to: 'internet', protocol: 'tcp', port: 443 },
  parts: [
    {
      kind: 'disposition',
      id: 'disposition',
      label: 'End',
      options: [option('yes', 'right'), option('no', 'wrong')],
    },
    {
      kind: 'seen-source',
      id: 'seen-source',
      label: 'Source',
      key: '203.0.113.10',
      misreadings: [{ answer: 'none', feedback: 'It does arrive.', run: null }],
      otherwise: 'Follow the load balancer.',
    },
  ],
};
const LOST: Question = {
  ...TRACE,
  parts: [
    {
      kind: 'seen-source',
      id: 'seen-source',
      label: 'Source',
      key: null,
      misreadings: [],
      otherwise: 'It is lost.',
    },
  ],
};

test('an empty field asks for an address and says what one looks like', () => {
  expect(grade(ADDRESS, { kind: 'address', text: '' })).toEqual({
    kind: 'unreadable',
    message: 'Write an address first, such as 10.0.0.4.',
  });
});

describe('verdicts', () => {
  test.each<[string, Question, Answer, 'right' | 'wrong' | 'unreadable']>([
    ['the right option', CHOICE, { kind: 'choice', option: 'b' }, 'right'],
    ['a wrong option', CHOICE, { kind: 'choice', option: 'a' }, 'wrong'],
    ['no option', CHOICE, { kind: 'choice', option: '' }, 'unreadable'],
    ['all right options in any order', MULTI, { kind: 'multi', options: ['b', 'a'] }, 'right'],
    ['one right option left out', MULTI, { kind: 'multi', options: ['a'] }, 'wrong'],
    ['one wrong option too many', MULTI, { kind: 'multi', options: ['a', 'b', 'c'] }, 'wrong'],
    ['none of several', MULTI, { kind: 'multi', options: [] }, 'unreadable'],
    ['the address', ADDRESS, { kind: 'address', text: ' 10.224.0.5 ' }, 'right'],
    ['another address', ADDRESS, { kind: 'address', text: '10.224.0.4' }, 'wrong'],
    ['a typing error in an address', ADDRESS, { kind: 'address', text: '10.224.0.' }, 'unreadable'],
    ['no address', ADDRESS, { kind: 'address', text: ' ' }, 'unreadable'],
    ['no prefix', PREFIX, { kind: 'address', text: '' }, 'unreadable'],
    ['the prefix', PREFIX, { kind: 'address', text: '10.244.1.0/24' }, 'right'],
    ['a prefix with host bits', PREFIX, { kind: 'address', text: '10.244.1.1/24' }, 'unreadable'],
    ['the number', NUMBER, { kind: 'number', text: '27610' }, 'right'],
    ['the number with a thousands comma', NUMBER, { kind: 'number', text: '27,610' }, 'right'],
    ['a number with the slash of a prefix length', NUMBER, { kind: 'number', text: '/27610' }, 'right'],
    ['another number', NUMBER, { kind: 'number', text: '110' }, 'wrong'],
    ['no number', NUMBER, { kind: 'number', text: 'many' }, 'unreadable'],
    ['the order', ORDER, { kind: 'order', items: ['one', 'two', 'three'] }, 'right'],
    ['another order', ORDER, { kind: 'order', items: ['one', 'three', 'two'] }, 'wrong'],
    ['half an order', ORDER, { kind: 'order', items: ['one'] }, 'unreadable'],
    [
      'a prediction',
      TRACE,
      { kind: 'trace', parts: { disposition: 'yes', 'seen-source': '203.0.113.10' } },
      'right',
    ],
    ['half a prediction', TRACE, { kind: 'trace', parts: { disposition: 'yes' } }, 'unreadable'],
    [
      'a prediction with one mistake',
      TRACE,
      { kind: 'trace', parts: { disposition: 'yes', 'seen-source': '10.0.0.4' } },
      'wrong',
    ],
    ['nobody sees a lost packet', LOST, { kind: 'trace', parts: { 'seen-source': 'nobody' } }, 'right'],
    ['a source for a lost packet', LOST, { kind: 'trace', parts: { 'seen-source': '10.0.0.4' } }, 'wrong'],
  ])('%s', (_, question, answer, expected) => {
    const result = grade(question, answer);
    expect(result.kind === 'graded' ? result.verdict : result.kind).toBe(expected);
  });

  test('an answer of another kind is a bug', () => {
    expect(() => grade(CHOICE, { kind: 'number', text: '1' })).toThrow('choice question');
  });
});

describe('feedback', () => {
  test('a wrong choice gets its own words and something to run', () => {
    expect(grade(CHOICE, { kind: 'choice', option: 'a' })).toMatchObject({
      feedback: [{ about: 'a', text: 'feedback a', run: { command: 'run a' } }],
      key: 'text b',
    });
  });

  test('a right choice has nothing to run', () => {
    expect(grade(CHOICE, { kind: 'choice', option: 'b' })).toMatchObject({ feedback: [{ run: null }] });
  });

  test('a multi answer names what was left out and what was too many', () => {
    expect(grade(MULTI, { kind: 'multi', options: ['a', 'c'] })).toMatchObject({
      feedback: [
        { about: 'a', verdict: 'right' },
        { about: 'b', verdict: 'wrong' },
        { about: 'c', verdict: 'wrong' },
      ],
    });
  });

  test.each<[string, Question, Answer, string]>([
    ['a known misreading', ADDRESS, { kind: 'address', text: '10.244.1.27' }, 'That is the pod.'],
    ['any other address', ADDRESS, { kind: 'address', text: '10.0.0.1' }, 'Look at the node.'],
    [
      'the first item out of place',
      ORDER,
      { kind: 'order', items: ['two', 'one', 'three'] },
      'one is misplaced',
    ],
    [
      'a source where none was expected',
      TRACE,
      { kind: 'trace', parts: { disposition: 'yes', 'seen-source': 'none' } },
      'It does arrive.',
    ],
  ])('%s', (_, question, answer, text) => {
    const result = grade(question, answer);
    expect(result.kind === 'graded' ? result.feedback.map((each) => each.text) : []).toContain(text);
  });
});

describe('order of showing', () => {
  test('shuffling keeps every element, and the same seed gives the same order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (elements, seed) => {
        const once = shuffled(elements, seed);
        expect([...once].sort()).toEqual([...elements].sort());
        expect(shuffled(elements, seed)).toEqual(once);
      }),
    );
  });

  test('items never stand in the right order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.string(), (count, seed) => {
        const items = [...Array(count).keys()];
        expect(shuffledItems(items, seed)).not.toEqual(items);
      }),
    );
  });

  test('every place is reached by some seed', () => {
    const firsts = [...Array(60).keys()].map((n) => shuffled(['a', 'b', 'c', 'd'], `seed ${n}`)[0]);
    expect(new Set(firsts).size).toBe(4);
  });
});

test('inline markup is cut into parts, and stray markers stay text', () => {
  expect(inlineParts('Run `ip route` **now** at 2 * 3')).toEqual([
    { kind: 'text', text: 'Run ' },
    { kind: 'code', text: 'ip route' },
    { kind: 'text', text: ' ' },
    { kind: 'strong', text: 'now' },
    { kind: 'text', text: ' at 2 * 3' },
  ]);
  expect(plainText('a `b` c')).toBe('a b c');
});
