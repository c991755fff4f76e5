import { expect, test } from 'vitest';
import type { Question, Quiz } from '../../../src/quiz/question.ts';
import { brokenRules, computedShare } from '../../../src/quiz/rules.ts';

const FAIR: Question = {
  id: 'source',
  kind: 'choice',
  prompt: 'Which source does the host see?',
  why: 'The node translates.',
  scenario: null,
  origin: { kind: 'computed', how: 'netpath', run: null },
  options: [
    {
      id: 'pod',
      text: 'The pod',
      verdict: 'wrong',
      feedback: 'The pod is seen inside the pod range.',
      run: null,
    },
    { id: 'node', text: 'The node', verdict: 'right', feedback: 'Yes. The node masquerades.', run: null },
  ],
};
const quiz = (...questions: Question[]): Quiz => ({ id: 'm/q', title: 'Q', questions });
const withNode = (feedback: string): Question => ({
  ...FAIR,
  options: FAIR.options.map((option) => (option.id === 'node' ? { ...option, feedback } : option)),
});
const withPod = (change: { text?: string; feedback?: string }): Question => ({
  ...FAIR,
  options: FAIR.options.map((option) => (option.id === 'pod' ? { ...option, ...change } : option)),
});

test.each<[string, Question, string]>([
  ['a negative prompt', { ...FAIR, prompt: 'Which host is not reached?' }, 'turns on "not"'],
  ['a contraction', { ...FAIR, prompt: "Which host doesn't answer?" }, 'doesn'],
  ['all of the above', withPod({ text: 'All of the above' }), 'each option stands for itself'],
  ['a place among options', withPod({ text: 'Like the first option' }), 'each option stands for itself'],
  ['feedback without a reason', withPod({ feedback: 'No.' }), 'does not say why it is wrong'],
  ['praise without a reason', withNode('Yes.'), 'does not say why it is right'],
])('%s is named', (_, question, message) => {
  const found = brokenRules(quiz(question)).map((each) => each.message);
  expect(found.join('\n')).toContain(message);
});

test('the same feedback for two options is named', () => {
  const same = 'The node translates what leaves the range.';
  const question: Question = {
    ...FAIR,
    options: FAIR.options.map((option) => ({ ...option, feedback: same })),
  };
  expect(brokenRules(quiz(question))).toEqual([
    { question: 'm/q#source', message: `the feedback "${same.toLowerCase()}" is used twice` },
  ]);
});

test('a fair question breaks nothing, and a word inside code is no negative', () => {
  expect(brokenRules(quiz(FAIR, { ...FAIR, id: 'b', prompt: 'What does `test ! -f not` do?' }))).toEqual([]);
});

test('computed keys are counted', () => {
  const written: Question = { ...FAIR, id: 'w', origin: { kind: 'written' } };
  expect(computedShare([quiz(FAIR), quiz(written, FAIR)])).toEqual({ computed: 2, all: 3 });
});
