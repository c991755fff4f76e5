import { expect, test } from 'vitest';
import { disagreements } from './compare.ts';
import type { ModelAnswer } from './compare.ts';
import { readOutcome } from './outcome.ts';
import type { KernelOutcome } from './outcome.ts';
import type { KernelAnswer } from './send.ts';

const COUNTERS = new Map([
  [
    'ns-1',
    {
      host: 'fabric/vnet',
      meanings: {
        drop0f: { by: 'DenyWeb', disposition: 'denied-inbound', direction: 'there' },
        drop0r: { by: 'DenyWeb', disposition: 'asymmetric', direction: 'back' },
      },
    },
  ],
] as const);

test.each<
  readonly [says: string, outcome: Omit<KernelOutcome, 'id'>, disposition: string, by: string | null]
>([
  ['an answer', { outcome: 'answered' }, 'delivered', null],
  ['a reset', { outcome: 'ECONNREFUSED', icmp: null }, 'refused', null],
  ['a port unreachable', { outcome: 'ECONNREFUSED', icmp: [3, 3, '10.0.0.1'] }, 'refused', null],
  ['no route at the sender', { outcome: 'ENETUNREACH' }, 'no-route', null],
  ['no route at a router', { outcome: 'ENETUNREACH', icmp: [3, 0, '10.0.0.1'] }, 'no-route', null],
  ['no ARP answer', { outcome: 'EHOSTUNREACH' }, 'next-hop-unreachable', null],
  ['a TTL that ran out', { outcome: 'EHOSTUNREACH', icmp: [11, 0, '10.0.0.1'] }, 'loop', null],
  [
    'silence and a counter',
    { outcome: 'timeout', moved: [{ namespace: 'ns-1', counter: 'drop0f' }] },
    'denied-inbound',
    'DenyWeb',
  ],
  [
    'silence and a counter of replies',
    { outcome: 'timeout', moved: [{ namespace: 'ns-1', counter: 'drop0r' }] },
    'asymmetric',
    'DenyWeb',
  ],
  [
    'an error, whatever else moved',
    { outcome: 'ECONNREFUSED', moved: [{ namespace: 'ns-1', counter: 'drop0f' }] },
    'refused',
    null,
  ],
  [
    'silence and a reset of something unknown',
    { outcome: 'timeout', moved: [{ namespace: 'ns-2', counter: 'OutRsts' }] },
    'asymmetric',
    null,
  ],
  ['silence', { outcome: 'timeout', moved: [] }, 'unexplained', null],
])('%s', (_, outcome, disposition, by) => {
  expect(readOutcome({ id: '0', ...outcome }, COUNTERS)).toMatchObject({ disposition, by });
});

const MODEL: ModelAnswer = { disposition: 'delivered', seenSource: '10.0.0.1', answeredBy: 'vm/a', by: null };
const KERNEL: KernelAnswer = { ...MODEL, evidence: 'answered' };

test('the two agree if they say the same', () => {
  expect(disagreements(MODEL, KERNEL)).toEqual([]);
});

test.each<readonly [says: string, change: Partial<KernelAnswer>]>([
  ['another disposition', { disposition: 'refused' }],
  ['another source', { seenSource: '10.0.0.2' }],
  ['another server', { answeredBy: 'vm/b' }],
  ['another rule', { by: 'DenyWeb' }],
])('they disagree over %s', (_, change) => {
  expect(disagreements(MODEL, { ...KERNEL, ...change })).toHaveLength(1);
});
