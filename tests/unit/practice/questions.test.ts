import { describe, expect, test } from 'vitest';
import { answerSeconds } from '../../../src/practice/answer-time.ts';
import { topicsIn } from '../../../src/practice/topics.ts';
import type { NumberQuestion } from '../../../src/quiz/question.ts';

describe('what a question is about', () => {
  test.each([
    ['A kubenet cluster is created in a new subnet', ['kubenet']],
    ['With Overlay and Cilium', ['overlay', 'cilium']],
    ['Node Subnet, 10 nodes with 30 pods', ['node-subnet']],
    ['The outbound type `loadBalancer` has one address', ['load-balancer-out']],
    ['How many addresses does a managed NAT gateway need', ['nat-gateway']],
    ['from userDefinedRouting to managedNATGatewayV2', ['nat-gateway', 'user-defined-routing']],
    ['What does NO_PROXY match?', ['http-proxy']],
    ['A load balancer of an internal Service', []],
  ])('%s', (words, topics) => {
    expect(topicsIn(words)).toEqual(topics);
  });
});

describe('how long a question takes', () => {
  const question: NumberQuestion = {
    kind: 'number',
    id: 'x',
    prompt: 'How many?',
    why: 'So.',
    scenario: null,
    origin: { kind: 'written' },
    key: 1,
    unit: 'nodes',
    misreadings: [],
    otherwise: 'No.',
  };

  test('longer for more words', () => {
    const long = { ...question, prompt: 'word '.repeat(62).trim() };
    expect(answerSeconds(long) - answerSeconds(question)).toBe(20);
  });

  test('less for a choice than for a sum of as many words', () => {
    const { key: _, unit: __, misreadings: ___, otherwise: ____, ...rest } = question;
    expect(answerSeconds({ ...rest, kind: 'choice', options: [] })).toBeLessThan(answerSeconds(question));
  });
});
