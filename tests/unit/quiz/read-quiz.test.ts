import { describe, expect, test } from 'vitest';
import { fieldOf } from '../../../src/quiz/key.ts';
import { formatQuizIssues, readQuiz } from '../../../src/quiz/read-quiz.ts';
import { source, TRACE } from './fixture.ts';

const FLOW = '{from: pod/c, to: host/onprem, port: 80}';

async function read(questions: string) {
  const text = `title: Test\nscenario: case-study\nquestions:\n${questions}`;
  return readQuiz(text, 'test.quiz.yaml', 'module/test', source);
}

async function question(yaml: string) {
  const result = await read(yaml);
  if (!result.ok) throw new Error(formatQuizIssues(result.error));
  const [first] = result.value.questions;
  if (first === undefined) throw new Error('the quiz is empty');
  return first;
}

async function issues(yaml: string): Promise<string> {
  const result = await read(yaml);
  return result.ok ? 'none' : formatQuizIssues(result.error);
}

const choice = (rest: string) => `
  - id: source
    kind: choice
    prompt: Which source does the host see?
    why: The node masquerades.
    ${rest}
    options:
      - {id: pod, text: The pod, value: 10.244.1.27, feedback: Inside the pod range only.}
      - {id: node, text: The node, value: 10.224.0.5, feedback: Yes.}
`;

describe('keys are computed', () => {
  test('a choice singles out the option with the computed value', async () => {
    const read = await question(choice(`key: {ask: ${FLOW}, field: seenSource.address}`));
    expect(read).toMatchObject({
      kind: 'choice',
      scenario: 'case-study',
      origin: {
        kind: 'computed',
        how: 'field seenSource.address of netpath --from pod/c --to host/onprem --port 80 -o json',
      },
      options: [{ verdict: 'wrong' }, { verdict: 'right' }],
    });
  });

  test('a star in a value stands for what is drawn at random', async () => {
    const yaml = choice(`key: {ask: ${FLOW}, field: seenSource.address}`).replace('10.224.0.5', '10.224.*');
    expect(await question(yaml)).toMatchObject({ options: [{ verdict: 'wrong' }, { verdict: 'right' }] });
    expect(await issues(yaml.replace('10.224.*', '10.22*.5.5'))).toContain('it fits none');
  });

  test('a choice may have a written answer', async () => {
    expect(await question(choice('answer: node'))).toMatchObject({
      origin: { kind: 'written' },
      options: [{ verdict: 'wrong' }, { verdict: 'right' }],
    });
  });

  test.each([
    ['a limit', 'key: {limit: aks.KUBENET_MAX_NODES}', 400],
    ['a calculator', 'key: {calc: kubenet-plan --nodes 300, field: addressesNeeded}', 301],
    ['a written number', 'answer: 12', 12],
  ])('a number from %s', async (_, key, expected) => {
    const read = await question(`
  - id: n
    kind: number
    unit: nodes
    prompt: How many?
    why: So many.
    ${key}
    misreadings: [{answer: 1, feedback: One is too few.}]
    otherwise: Count again.
`);
    expect(read).toMatchObject({ kind: 'number', key: expected });
  });

  test('a prefix, brought into its canonical form', async () => {
    const read = await question(`
  - id: p
    kind: address
    answers: prefix
    prompt: Which range?
    why: The first.
    answer: 10.244.0.0/24
    misreadings: [{answer: 10.244.0.0/16, feedback: That is the whole.}]
    otherwise: Look at the node.
`);
    expect(read).toMatchObject({ kind: 'address', answers: 'prefix', key: '10.244.0.0/24' });
  });

  test('a multi choice from the lines of a command', async () => {
    const read = await question(`
  - id: m
    kind: multi
    prompt: Which ranges are in use?
    why: Two nodes.
    key: {run: kubectl get nodes}
    options:
      - {id: a, text: 10.244.0.0/24, feedback: First node.}
      - {id: b, text: 10.244.1.0/24, feedback: Second node.}
      - {id: c, text: 10.244.2.0/24, feedback: Nobody yet.}
`);
    expect(read).toMatchObject({
      options: [{ verdict: 'right' }, { verdict: 'right' }, { verdict: 'wrong' }],
    });
  });

  test('a multi choice from one computation per option', async () => {
    const when = (is: string) => `when: {key: {ask: ${FLOW}, field: seenSource.address}, is: ${is}}`;
    const read = await question(`
  - id: m
    kind: multi
    prompt: Which hold?
    why: Because.
    options:
      - {id: a, text: A, feedback: Fa., ${when('10.224.0.5')}}
      - {id: b, text: B, feedback: Fb., ${when('10.244.1.27')}}
      - {id: c, text: C, feedback: Fc., ${when('1.2.3.4')}}
`);
    expect(read).toMatchObject({
      origin: { kind: 'computed' },
      options: [{ verdict: 'right' }, { verdict: 'wrong' }, { verdict: 'wrong' }],
    });
  });

  test('an order follows the hops of the trace', async () => {
    const read = await question(`
  - id: o
    kind: order
    prompt: In which order?
    why: That is the way.
    key: {ask: ${FLOW}, field: 'hops[*].place'}
    items:
      - {id: host, text: The host, value: host/onprem, feedback: It comes last.}
      - {id: pod, text: The pod, value: pod/default/c, feedback: It sends.}
      - {id: node, text: The node, value: node/n1, feedback: It translates.}
`);
    expect(read).toMatchObject({ items: [{ id: 'pod' }, { id: 'node' }, { id: 'host' }] });
  });

  test('a trace question computes each of its parts', async () => {
    const read = await question(`
  - id: t
    kind: trace
    prompt: Predict.
    why: As traced.
    flow: ${FLOW}
    disposition:
      label: How does it end?
      options:
        - {id: yes, text: delivered, feedback: It answers.}
        - {id: no, text: denied-inbound, feedback: No rule denies.}
    seenSource:
      label: Seen source
      misreadings: [{answer: 10.244.1.27, feedback: It left the pod range.}]
      otherwise: Look at the node.
    decidedBy:
      label: What changed the source?
      field: hops[place=node/n1].steps[kind=translate].by
      options:
        - {id: masq, text: the masquerade chain, value: IP-MASQ-AGENT, feedback: Yes.}
        - {id: nsg, text: the NSG, value: nsg, feedback: It only filters.}
`);
    expect(read).toMatchObject({
      kind: 'trace',
      parts: [
        { kind: 'disposition', options: [{ verdict: 'right' }, { verdict: 'wrong' }] },
        { kind: 'seen-source', key: '10.224.0.5' },
        { kind: 'decided-by', options: [{ verdict: 'right' }, { verdict: 'wrong' }] },
      ],
    });
  });
});

test('a flow to a URL needs no port, and its client is in the line that repeats it', async () => {
  const read = await question(`
  - id: t
    kind: trace
    prompt: Predict.
    why: As traced.
    flow: {from: pod/a, to: 'https://example.com', client: go}
    disposition:
      label: How does it end?
      options:
        - {id: yes, text: delivered, feedback: It answers.}
        - {id: no, text: denied-inbound, feedback: No rule denies.}
`);
  expect(read).toMatchObject({
    origin: { how: 'netpath --from pod/a --to https://example.com --client go -o json' },
  });
});

describe('an author reads what is wrong and where', () => {
  test.each([
    ['neither key nor answer', choice(''), '(source): give either a key (computed) or an answer'],
    ['a key that no option has', choice('key: {run: "true"}'), 'must fit exactly one option; it fits none'],
    ['an answer that is no option', choice('answer: nobody'), 'it fits none'],
    ['a limit that does not exist', choice('key: {limit: aks.NOTHING}'), 'there is no limit aks.NOTHING'],
    [
      'a flow that cannot be asked',
      choice('key: {ask: {from: a, to: nowhere, port: 1}, field: x}'),
      'no such end',
    ],
    [
      'a client of what is no URL',
      choice('key: {ask: {from: a, to: b, port: 1, client: go}, field: x}'),
      'questions[0].key',
    ],
    [
      'a client that there is not',
      choice('key: {ask: {from: a, to: "http://b", client: lynx}, field: x}'),
      'questions[0].key',
    ],
    ['a field that is not there', choice(`key: {ask: ${FLOW}, field: nothing.here}`), 'the key has no value'],
    ['a command that fails', choice('key: {run: "false"}'), 'exits with 1: bad luck'],
    ['an unknown field', choice('answer: node\n    colour: red'), '(source): Unrecognized key: "colour"'],
    [
      'a port on icmp',
      choice('key: {ask: {from: a, to: b, protocol: icmp, port: 1}, field: x}'),
      'questions[0].key',
    ],
    [
      'an id with capitals',
      choice('answer: node').replace('id: source', 'id: Source'),
      'an id is kebab-case',
    ],
    ['the same id twice', choice('answer: node') + choice('answer: node'), 'source: this id is used twice'],
    ['no YAML', '  - {', 'test.quiz.yaml:'],
  ])('%s', async (_, yaml, message) => {
    expect(await issues(yaml)).toContain(message);
  });

  test('every question is looked at, not only the first bad one', async () => {
    const yaml = choice('') + choice('answer: nobody').replace('id: source', 'id: other');
    expect((await issues(yaml)).split('\n')).toHaveLength(2);
  });

  test('a misreading that is the key', async () => {
    const yaml = `
  - id: n
    kind: number
    unit: nodes
    prompt: How many?
    why: So many.
    key: {limit: aks.KUBENET_MAX_NODES}
    misreadings: [{answer: 400, feedback: Hm.}]
    otherwise: Count again.
`;
    expect(await issues(yaml)).toContain('the key 400 is also listed as a misreading');
  });
});

test.each([
  ['seenSource.address', '10.224.0.5'],
  ['hops.length', 3],
  ['hops[1].place', 'node/n1'],
  ['hops[-1].place', 'host/onprem'],
  ['hops[place=node/n1].steps[kind=translate].by', 'chain IP-MASQ-AGENT'],
  ['hops[*].place', ['pod/default/c', 'node/n1', 'host/onprem']],
  ['reverse.disposition', undefined],
  ['hops[7].place', undefined],
])('the field %s of an answer', (path, expected) => {
  expect(fieldOf(TRACE, path)).toEqual(expected);
});
