import { expect, test } from 'vitest';
import { checkTrace } from '../../../../src/model/trace/check-trace.ts';
import type { Hop, Trace } from '../../../../src/model/trace/trace.ts';
import { trace } from '../../../../src/model/trace/walk.ts';
import { flow } from '../../../support/network-drafts.ts';
import { kubenetNetwork } from '../../../support/kubenet-network.ts';

const good = trace(kubenetNetwork({ nodes: 2, podsPerNode: 1 }), flow('pod/0-0', '10.244.1.2'));

function withHops(change: (hops: readonly Hop[]) => readonly Hop[]): Trace {
  return { ...good, hops: change(good.hops) };
}

test('a trace of the tracer is sound', () => {
  expect(() => checkTrace(good)).not.toThrow();
});

test.each<readonly [says: string, broken: Trace, complaint: RegExp]>([
  ['no hops', withHops(() => []), /the way there has no hops/],
  ['a hop without steps', withHops((hops) => [{ place: 'x', steps: [] }, ...hops]), /no steps at x/],
  ['an end that is missing', withHops((hops) => hops.slice(0, -1)), /does not end/],
  [
    'a hop that is missing',
    withHops((hops) => [...hops.slice(0, 1), ...hops.slice(2)]),
    /the way there changes/,
  ],
  ['steps after the end', withHops((hops) => [...hops, ...hops]), /goes on after deliver|changes/],
  ['no reason', { ...good, reason: '' }, /no reason/],
  ['a delivery without a reply', { ...good, reverse: null }, /delivered without a reply/],
  ['a reply to nothing', { ...good, seenSource: null }, /never arrived/],
])('it refuses a trace with %s', (_, broken, complaint) => {
  expect(() => checkTrace(broken)).toThrow(complaint);
});
