import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candidate, Need } from '../../../src/practice/due.ts';
import { interleaved, likeness, likenessOfNeighbours } from '../../../src/practice/interleave.ts';
import { chooseSession, SESSION_SECONDS, secondsOf } from '../../../src/practice/session.ts';
import { summaryOf } from '../../../src/practice/summary.ts';
import { candidate } from './world.ts';

/** `count` questions of a module, in two lessons. */
function many(module: string, count: number, over: Partial<Candidate> = {}): readonly Candidate[] {
  return Array.from({ length: count }, (_, at) =>
    candidate(`${module}/${at % 2 === 0 ? 'one' : 'two'}#q${at}`, { last: at + 1, ...over }),
  );
}

const countOf = (name: string, session: readonly Candidate[]) =>
  session.filter(({ module }) => module === name).length;
const ids = (session: readonly Candidate[]) => session.map(({ id }) => id).sort();

describe('which questions', () => {
  test('about ten minutes of them', () => {
    const session = chooseSession([...many('a', 40), ...many('b', 40)], 'seed');
    expect(secondsOf(session)).toBeGreaterThan(SESSION_SECONDS - 40);
    expect(secondsOf(session)).toBeLessThan(SESSION_SECONDS + 40);
  });

  test('those answered wrong before those that are only due, the longest ago first', () => {
    const pool = [
      ...many('a', 10),
      ...many('b', 10),
      ...many('c', 3, { need: 'was-wrong' }),
      candidate('a/one#old', { last: 0.5 }),
    ];
    const session = chooseSession(pool, 'seed', 200);
    expect(ids(session)).toEqual(['a/one#old', 'b/one#q0', 'c/one#q0', 'c/one#q2', 'c/two#q1']);
  });

  test('the modules take turns, and none has more than half while others wait', () => {
    const pool = [...many('a', 40, { need: 'was-wrong' }), ...many('b', 40), ...many('c', 40)];
    const session = chooseSession(pool, 'seed');
    expect(countOf('a', session)).toBe(8);
    expect(countOf('b', session)).toBeGreaterThanOrEqual(3);
    expect(countOf('c', session)).toBeGreaterThanOrEqual(3);
  });

  test('one module that was begun fills the time alone', () => {
    expect(chooseSession(many('a', 40), 'seed')).toHaveLength(15);
  });

  test('what is not due yet is asked only if nothing else is there', () => {
    const early = many('a', 10, { need: 'not-yet' });
    expect(ids(chooseSession([...early, candidate('b/one#x')], 'seed'))).toEqual(['b/one#x']);
    expect(chooseSession(early, 'seed')).toHaveLength(10);
  });

  test('the seed decides among those never asked, and nothing else does', () => {
    const pool = many('a', 60, { need: 'new', last: 0 });
    expect(chooseSession(pool, 'monday')).toEqual(chooseSession(pool, 'monday'));
    expect(ids(chooseSession(pool, 'monday'))).not.toEqual(ids(chooseSession(pool, 'tuesday')));
  });

  test('of nothing, nothing', () => {
    expect(chooseSession([], 'seed')).toEqual([]);
  });
});

describe('in which order', () => {
  const TOPICS = ['kubenet', 'overlay', 'nat-gateway', 'load-balancer-out'];
  const arbitrary = fc.uniqueArray(
    fc.record({
      module: fc.constantFrom('a', 'b', 'c', 'd'),
      lesson: fc.constantFrom('one', 'two'),
      name: fc.integer({ min: 0, max: 99 }),
      topics: fc.subarray(TOPICS),
      kind: fc.constantFrom('choice', 'number'),
      need: fc.constantFrom<Need>('due', 'new'),
    }),
    { selector: ({ module, lesson, name }) => `${module}${lesson}${name}`, maxLength: 18 },
  );
  const asCandidates = (all: readonly { module: string; lesson: string; name: number }[]) =>
    all.map(({ module, lesson, name, ...rest }) => candidate(`${module}/${lesson}#q${name}`, rest));

  test('no two neighbours of one module, wherever that can be', () => {
    fc.assert(
      fc.property(arbitrary, (all) => {
        const questions = asCandidates(all);
        const order = interleaved(questions);
        expect(ids(order)).toEqual(ids(questions));
        const most = Math.max(...['a', 'b', 'c', 'd'].map((module) => countOf(module, questions)));
        const alike = order.filter((each, at) => order[at - 1]?.module === each.module);
        // A module with more than half must stand beside itself, and no oftener than that.
        expect(alike).toHaveLength(Math.max(0, 2 * most - order.length - 1));
      }),
    );
  });

  test('no exchange of two would make neighbours less alike', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(), (all, first, second) => {
        const order = [...interleaved(asCandidates(all))];
        fc.pre(order.length > 1);
        const [one, other] = [first % order.length, second % order.length];
        const tried = [...order];
        [tried[one], tried[other]] = [order[other] as Candidate, order[one] as Candidate];
        expect(likenessOfNeighbours(tried)).toBeGreaterThanOrEqual(likenessOfNeighbours(order));
      }),
    );
  });

  test('plugins and ways out change from one question to the next', () => {
    const topics = [['kubenet'], ['kubenet'], ['overlay'], ['overlay'], ['nat-gateway'], ['nat-gateway']];
    const order = interleaved(topics.map((topic, at) => candidate(`m${at}/x#q`, { topics: topic })));
    for (const [at, each] of order.entries()) {
      expect(order[at - 1]?.topics[0]).not.toBe(each.topics[0]);
    }
  });

  test('a plugin in common counts less than a lesson, and that less than a module', () => {
    const one = candidate('a/one#x', { topics: ['kubenet', 'overlay'] });
    const sameModule = candidate('a/two#y', { kind: 'number' });
    const sameTopic = candidate('b/one#z', { topics: ['kubenet'], kind: 'number' });
    expect(likeness(one, sameModule)).toBeGreaterThan(likeness(one, sameTopic));
    expect(likeness(one, candidate('c/one#z', { kind: 'number' }))).toBe(0);
  });
});

describe('what a review ends with', () => {
  test('lessons with a wrong answer, the weakest first, and what was asked of each', () => {
    const answers = [
      { question: candidate('a/one#x'), prompt: 'P', verdict: 'wrong' as const },
      { question: candidate('b/one#x'), prompt: 'P', verdict: 'wrong' as const },
      { question: candidate('b/one#y'), prompt: 'P', verdict: 'right' as const },
      { question: candidate('b/one#z'), prompt: 'P', verdict: 'wrong' as const },
      { question: candidate('c/one#x'), prompt: 'P', verdict: 'right' as const },
    ];
    expect(summaryOf(answers)).toMatchObject({
      asked: 5,
      right: 2,
      weak: [
        {
          lesson: 'b/one',
          asked: 3,
          wrong: [
            { id: 'b/one#x', prompt: 'P' },
            { id: 'b/one#z', prompt: 'P' },
          ],
        },
        { lesson: 'a/one', asked: 1, wrong: [{ id: 'a/one#x' }] },
      ],
    });
  });
});
