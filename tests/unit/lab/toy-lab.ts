/** A toy lab and hand-made traces: the engine is tested without the course. */
import type { FlowQuestion } from '../../../src/lab/check-flow.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import { address } from '../../../src/model/ip/address.ts';
import type { Disposition } from '../../../src/model/trace/disposition.ts';
import type { Header, Step, Trace } from '../../../src/model/trace/trace.ts';

export const CLOUD = newCloud({ seed: 'toy' });

const HEADER: Header = {
  protocol: 'tcp',
  source: { address: address('10.0.0.1'), port: 1025 },
  destination: { address: address('10.0.0.2'), port: 80 },
  ttl: 64,
};

export function step(kind: 'deliver' | 'route', by: string): Step {
  return {
    kind,
    by,
    action: `${by} acts`,
    lost: [{ candidate: 'other', why: 'shorter' }],
    before: HEADER,
    after: HEADER,
  };
}

export function dropBy(by: string, disposition: Disposition): Step {
  return { kind: 'drop', disposition, by, action: 'dropped', lost: [], before: HEADER, after: HEADER };
}

export function traceOf(disposition: Disposition, steps: readonly Step[], seen = '10.0.0.1'): Trace {
  const delivered = disposition === 'delivered';
  return {
    flow: {
      from: 'pod/default/a',
      protocol: 'tcp',
      source: { address: null, port: null },
      destination: HEADER.destination,
    },
    hops: [{ place: 'fabric/vnet', steps }],
    disposition,
    reason: `because of ${steps.at(-1)?.by ?? 'nothing'}`,
    seenSource: delivered ? { address: address(seen), port: 1025 } : null,
    reverse: delivered ? { hops: [], disposition: 'delivered', reason: 'replied', seenSource: null } : null,
  };
}

/** Answers by "FROM TO". */
export function asking(traces: Readonly<Record<string, Trace>>) {
  return (_: unknown, { from, to }: FlowQuestion) => {
    const trace = traces[`${from} ${to}`];
    return trace === undefined
      ? ({ ok: false, error: `there is no ${to}` } as const)
      : ({ ok: true, value: { trace, remarks: [] } } as const);
  };
}

export const TOY: Lab = {
  id: 'toy',
  title: 'Toy',
  minutes: 1,
  module: '00-toy',
  order: 1,
  objectives: ['try the engine'],
  seeds: ['one', 'two'],
  brief: 'A toy.',
  tasks: [
    {
      id: 'flows',
      title: 'Flows',
      text: 'Make it so.',
      hints: ['idea', 'where', 'step'],
      checks: [
        {
          kind: 'flow',
          id: 'open',
          evidence: 'a reaches b as itself',
          from: 'a',
          to: 'b',
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: '10.0.0.1' },
        },
        {
          kind: 'flow',
          id: 'closed',
          evidence: 'c does not reach b',
          from: 'c',
          to: 'b',
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'blocked', disposition: 'denied-inbound', by: /rule-42/, control: 'open' },
        },
      ],
    },
    {
      id: 'rest',
      title: 'Rest',
      text: 'And so.',
      hints: ['idea', 'where', 'step'],
      checks: [
        {
          kind: 'invariant',
          id: 'same',
          evidence: 'nothing changed',
          holds: (cloud, { start }) =>
            cloud === start ? { passed: true } : { passed: false, found: 'something changed' },
        },
        {
          kind: 'answer',
          id: 'colour',
          evidence: 'you saw the colour',
          key: 'colour',
          question: 'Which colour?',
          accept: (_, answer) =>
            answer === 'green' ? { passed: true } : { passed: false, feedback: 'Look at the grass.' },
        },
      ],
    },
  ],
};
