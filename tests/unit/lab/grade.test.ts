import { describe, expect, test } from 'vitest';
import { grade } from '../../../src/lab/grade.ts';
import type { FlowCheck, Holds, Lab, LabReport, Task } from '../../../src/lab/lab.ts';
import { newCloud } from '../../../src/model/azure/subscription.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
import { asking, CLOUD, dropBy, step, TOY, traceOf } from './toy-lab.ts';

const OPEN = traceOf('delivered', [step('deliver', 'nginx')]);
const CLOSED = traceOf('denied-inbound', [dropBy('NSG toy, rule-42', 'denied-inbound')]);

function report(
  traces: Readonly<Record<string, Trace>>,
  answers: Readonly<Record<string, string>> = {},
  lab: Lab = TOY,
): LabReport {
  return grade(
    {
      lab,
      seed: 'one',
      start: CLOUD,
      cloud: CLOUD,
      answers: new Map(Object.entries(answers)),
      script: null,
      bugs: [],
    },
    asking(traces),
  );
}

function result(of: LabReport, id: string) {
  const found = of.tasks.flatMap(({ checks }) => checks).find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

test('everything in place passes', () => {
  const all = report({ 'a b': OPEN, 'c b': CLOSED }, { colour: 'green' });
  expect(all.passed).toBe(true);
  expect(all.tasks.map(({ passed }) => passed)).toEqual([true, true]);
});

test.each<[string, Readonly<Record<string, Trace>>, string, string]>([
  [
    'a flow that is dropped names the disposition',
    { 'a b': CLOSED, 'c b': CLOSED },
    'open',
    'denied-inbound',
  ],
  [
    'a flow that arrives as somebody else names both addresses',
    { 'a b': traceOf('delivered', [step('deliver', 'nginx')], '10.9.9.9'), 'c b': CLOSED },
    'open',
    'sees 10.9.9.9 as the client; it must see 10.0.0.1',
  ],
  ['an open flow is no block', { 'a b': OPEN, 'c b': OPEN }, 'closed', 'must end as denied-inbound'],
  [
    'a block with another disposition is no pass',
    { 'a b': OPEN, 'c b': traceOf('no-route', [dropBy('rule-42', 'no-route')]) },
    'closed',
    'must end as denied-inbound',
  ],
  [
    'a block by another rule is no pass',
    { 'a b': OPEN, 'c b': traceOf('denied-inbound', [dropBy('rule-7', 'denied-inbound')]) },
    'closed',
    'for another reason',
  ],
  [
    'a block where the control fails too is no pass',
    { 'a b': CLOSED, 'c b': CLOSED },
    'closed',
    "blocked, but so is 'open'",
  ],
  ['an end that does not exist says so', { 'c b': CLOSED }, 'open', 'there is no b'],
  [
    'an undetermined flow is no pass',
    { 'a b': traceOf('undetermined', [step('route', 'x')]), 'c b': CLOSED },
    'open',
    'undetermined',
  ],
])('%s', (_, traces, id, words) => {
  const check = result(report(traces), id);
  expect(check.passed).toBe(false);
  expect(check.detail.join('\n')).toContain(words);
});

describe('a flow that a proxy must relay, or must not', () => {
  const RELAYED: Trace = {
    ...OPEN,
    relayed: { legs: [OPEN, { ...OPEN, flow: { ...OPEN.flow, from: 'vm/proxy' } }], senderSees: 'an answer' },
  };
  function graded(trace: Trace, proxy: 'any' | 'none' | { at: string }) {
    const [flows, ...others] = TOY.tasks;
    const [open, ...rest] = flows.checks;
    if (open.kind !== 'flow') throw new Error('the toy lab begins with a flow');
    const check: FlowCheck = { ...open, client: 'go', expect: { kind: 'delivered', proxy } };
    const lab: Lab = { ...TOY, tasks: [{ ...flows, checks: [check, ...rest] }, ...others] };
    return result(report({ 'a b': trace, 'c b': CLOSED }, {}, lab), 'open');
  }
  test.each([
    ['any proxy', RELAYED, 'any', null],
    ['none, though one must', OPEN, 'any', 'no proxy relays it; one must'],
    ['the one that is meant', RELAYED, { at: 'vm/proxy' }, null],
    ['another one', RELAYED, { at: 'vm/other' }, 'the proxy at vm/proxy relays it; the one at vm/other must'],
    ['none, as it should be', OPEN, 'none', null],
    ['one, though none may', RELAYED, 'none', 'it must go there directly'],
  ] as const)('%s', (_, trace, proxy, problem) => {
    const { passed, detail } = graded(trace, proxy);
    expect(passed).toBe(problem === null);
    expect(detail.join('\n')).toContain(problem ?? 'a -> b tcp/80 by go: delivered');
  });
});

describe('what a proxy on the way does with the request', () => {
  const relayed = (reads: 'all' | 'nothing'): Trace => {
    const [hop] = OPEN.hops;
    const [first] = hop?.steps ?? [];
    if (hop === undefined || first === undefined) throw new Error('the toy trace has a step');
    const { lost, before, after } = first;
    const relay = { kind: 'proxy', does: 'relay', by: 'a proxy', action: 'hands on', reads } as const;
    return { ...OPEN, hops: [{ ...hop, steps: [first, { ...relay, lost, before, after }] }] };
  };
  test.each([
    ['read, as it must be', relayed('all'), 'all', null],
    ['not read, as it must not be', relayed('nothing'), 'nothing', null],
    [
      'not read',
      relayed('nothing'),
      'all',
      'a proxy does not read it, and the client sees the certificate of the server',
    ],
    ['read though it must not be', relayed('all'), 'nothing', 'a proxy reads it'],
    ['by no proxy', OPEN, 'nothing', 'no proxy relays it; one must'],
  ] as const)('%s', (_, trace, reads, problem) => {
    const [flows, ...others] = TOY.tasks;
    const [open, ...rest] = flows.checks;
    if (open.kind !== 'flow') throw new Error('the toy lab begins with a flow');
    const over = { at: 'vm/proxy', port: 8080 };
    const check: FlowCheck = { ...open, over, expect: { kind: 'delivered', reads } };
    const lab: Lab = { ...TOY, tasks: [{ ...flows, checks: [check, ...rest] }, ...others] };
    const { passed, detail } = result(report({ 'a b': trace, 'c b': CLOSED }, {}, lab), 'open');
    expect(passed).toBe(problem === null);
    expect(detail.join('\n')).toContain(problem ?? 'a -> b tcp/80 over vm/proxy port 8080: delivered');
  });
});

test('a failed flow prints the step that decided, and what lost', () => {
  const failed = traceOf('dropped-by-route', [step('route', 'route quarantine')]);
  expect(result(report({ 'a b': failed, 'c b': CLOSED }), 'open').detail).toEqual([
    'a -> b tcp/80',
    'It must be delivered, but: dropped-by-route: because of route quarantine',
    'Decided at fabric/vnet by route quarantine: route quarantine acts',
    '  not other: shorter',
    'The sender sees a timeout.',
  ]);
});

test('a reply that is lost is named as lost on the way back', () => {
  const lost: Trace = {
    ...traceOf('asymmetric', [step('deliver', 'nginx')]),
    reverse: {
      hops: [{ place: 'fabric/other', steps: [dropBy('NSG back', 'denied-outbound')] }],
      disposition: 'denied-outbound',
      reason: 'NSG back',
      seenSource: null,
    },
  };
  expect(result(report({ 'a b': lost, 'c b': CLOSED }), 'open').detail.join('\n')).toContain(
    'Decided on the way back, at fabric/other by NSG back',
  );
});

test('an answer that is missing says how to give it, a wrong one gets its feedback', () => {
  const traces = { 'a b': OPEN, 'c b': CLOSED };
  expect(result(report(traces), 'colour').detail).toEqual([
    'Which colour?',
    'Not answered yet: answer colour VALUE',
  ]);
  expect(result(report(traces, { colour: 'blue' }), 'colour').detail).toEqual([
    'Which colour?',
    'You answered: blue',
    'Look at the grass.',
  ]);
});

describe('where a diagnosis comes first', () => {
  const [flows, rest] = TOY.tasks;
  if (rest === undefined) throw new Error('toy changed');
  const lab: Lab = { ...TOY, diagnosis: 'rest', tasks: [rest, flows] };
  const broken = {
    'a b': traceOf('dropped-by-route', [step('route', 'route quarantine')]),
    'c b': CLOSED,
  };

  test('a failed flow tells only what the sender sees', () => {
    const early = report(broken, {}, lab);
    expect(result(early, 'open').detail).toEqual([
      'a -> b tcp/80',
      'It must be delivered, but something else happens to it.',
      'The sender sees a timeout.',
      'What decided is shown once you have answered task 1.',
    ]);
    expect(JSON.stringify(early)).not.toMatch(/quarantine|dropped-by-route/);
  });

  test.each<[string, Trace, string]>([
    ['is delivered', OPEN, 'It must end as denied-inbound, but it is delivered.'],
    [
      'ends otherwise',
      traceOf('no-route', [dropBy('rule-7', 'no-route')]),
      'It must end as denied-inbound, but something else happens to it.',
    ],
    [
      'is blocked by another rule',
      traceOf('denied-inbound', [dropBy('rule-7', 'denied-inbound')]),
      'It ends as denied-inbound, as it must, but for another reason than the one asked for.',
    ],
  ])('a flow that must be blocked and %s keeps its reason', (_, trace, words) => {
    const { detail } = result(report({ 'a b': OPEN, 'c b': trace }, {}, lab), 'closed');
    expect(detail).toContain(words);
    expect(detail.join('\n')).not.toMatch(/rule-7|no-route|because/);
  });

  test('a block of another kind says that it is one, and why it does not count', () => {
    const early = { 'a b': OPEN, 'c b': traceOf('no-route', [dropBy('rule-7', 'no-route')]) };
    const { detail } = result(report(early, { colour: 'green' }, lab), 'closed');
    expect(detail.join('\n')).toContain(
      'It does not get through, and yet it must end as denied-inbound, but: no-route: ',
    );
  });

  test.each(['green', 'blue'])('any answer opens it: %s', (colour) => {
    expect(result(report(broken, { colour }, lab), 'open').detail.join('\n')).toContain('route quarantine');
  });

  test('a failed invariant tells its symptom where it has one, and why once there is an answer', () => {
    const holds = (): Holds => ({ passed: false, found: 'the subnet is full', symptom: 'it failed' });
    const first: Task = {
      ...flows,
      checks: [{ kind: 'invariant', id: 'upgraded', evidence: 'all is new', holds }, ...flows.checks],
    };
    const invariant: Lab = { ...lab, tasks: [rest, first] };
    expect(result(report(broken, {}, invariant), 'upgraded').detail).toEqual([
      'it failed',
      'Why is shown once you have answered task 1.',
    ]);
    expect(result(report(broken, { colour: 'blue' }, invariant), 'upgraded').detail).toEqual([
      'the subnet is full',
    ]);
  });

  test('a flow that passes says so as ever', () => {
    expect(result(report({ 'a b': OPEN, 'c b': CLOSED }, {}, lab), 'open').passed).toBe(true);
  });
});

test('an invariant sees the world as it was handed over', () => {
  const changed = grade(
    {
      lab: TOY,
      seed: 'one',
      start: newCloud({ seed: 'before' }),
      cloud: CLOUD,
      answers: new Map(),
      script: null,
      bugs: [],
    },
    asking({}),
  );
  expect(result(changed, 'same').detail).toEqual(['something changed']);
});

test('a control that is no flow check is an author mistake, not a failed check', () => {
  const [flows, rest] = TOY.tasks;
  const closed = flows.checks[1];
  if (closed?.kind !== 'flow' || closed.expect.kind !== 'blocked' || rest === undefined)
    throw new Error('toy changed');
  const broken = {
    ...TOY,
    tasks: [{ ...flows, checks: [{ ...closed, expect: { ...closed.expect, control: 'same' } }] }, rest],
  } as const satisfies typeof TOY;
  expect(() =>
    grade(
      { lab: broken, seed: 'one', start: CLOUD, cloud: CLOUD, answers: new Map(), script: null, bugs: [] },
      asking({ 'c b': CLOSED }),
    ),
  ).toThrow("control 'same'");
});

describe('where each task has a hypothesis of its own', () => {
  const [flows, rest] = TOY.tasks;
  if (rest === undefined) throw new Error('toy changed');
  const answer = rest.checks.filter(({ kind }) => kind === 'answer');
  const [question] = answer;
  if (question === undefined) throw new Error('toy changed');
  const suspected: Task = { ...flows, hypothesis: 'first', checks: [question, ...flows.checks] };
  const plain: Task = { ...flows, id: 'plain', checks: [{ ...flows.checks[0], id: 'beside' }] };
  const lab: Lab = { ...TOY, tasks: [suspected, plain] };
  const broken = {
    'a b': traceOf('dropped-by-route', [step('route', 'route quarantine')]),
    'c b': CLOSED,
  };

  test('its own checks keep the cause to themselves until it is answered, and those of others do not', () => {
    const early = report(broken, {}, lab);
    expect(result(early, 'open').detail.join('\n')).not.toContain('quarantine');
    expect(result(early, 'open').detail).toContain('What decided is shown once you have answered task 1.');
    expect(result(early, 'beside').detail.join('\n')).toContain('quarantine');
    expect(result(report(broken, { colour: 'blue' }, lab), 'open').detail.join('\n')).toContain('quarantine');
  });

  test('a check knows the world in which the answer was given', () => {
    const then = newCloud({ seed: 'then' });
    const seen: unknown[] = [];
    const holds = (_: unknown, { answered }: { answered?: ReadonlyMap<string, unknown> }): Holds => {
      seen.push(answered?.get('colour'));
      return { passed: true };
    };
    const asked: Task = {
      ...suspected,
      checks: [question, { kind: 'invariant', id: 'first', evidence: 'e', holds }],
    };
    const attempt = {
      lab: { ...TOY, tasks: [asked] as const },
      seed: 'one',
      start: CLOUD,
      cloud: CLOUD,
      script: null,
      bugs: [],
    };
    grade({ ...attempt, answers: new Map(), answered: new Map([['colour', then]]) }, asking(broken));
    grade({ ...attempt, answers: new Map() }, asking(broken));
    expect(seen).toEqual([then, undefined]);
  });
});
