/** The calls that the bookshop needs, and whether they get through. */
import { isMissing, nodesOf, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { Missing } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import type { Trace } from '../../src/model/trace/trace.ts';

export const GROUP = 'rg-books';
export const CLUSTER = 'aks-books';
export const BOOKS_ADDRESS = '10.60.1.10';
const NODES = 2;

export interface FailedCall {
  /** What people notice. */
  readonly symptom: string;
  readonly question: Question;
  readonly trace: Trace;
}

/** The pods of the bookshop, one on each node, as netpath's ENDs. */
export function podsOf(cloud: Cloud): readonly string[] | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const running = nodesRunning(view, 'books');
  return running.length < NODES
    ? { missing: `There were ${NODES} nodes with a pod of books, and there are ${running.length}.` }
    : running.map(({ pod }) => podEnd(pod));
}

/** Returns every needed call that does not get through. */
export function failedCalls(cloud: Cloud): readonly FailedCall[] | Missing {
  const pods = podsOf(cloud);
  if (isMissing(pods)) return pods;
  const call = (symptom: string, from: string, to: string, port: number) => ({
    symptom,
    question: { from, to, port },
  });
  const calls = [
    ...pods.map((pod) =>
      call('The shop cannot read the stock: the database does not answer.', pod, 'vm/vm-db', 80),
    ),
    ...pods.map((pod) =>
      call('Orders of past years cannot be shown: the archive does not answer.', pod, 'vm/vm-archive', 80),
    ),
    ...pods.map((pod) => call('Orders do not get to the printing plant.', pod, 'host/plant', 443)),
    call('The monthly report cannot ask the shop.', 'vm/vm-report', BOOKS_ADDRESS, 80),
    call('The printing plant cannot ask the shop.', 'host/plant', BOOKS_ADDRESS, 80),
  ];
  return calls.flatMap(({ symptom, question }) => {
    const asked = ask(cloud, question);
    if (!asked.ok) throw new Error(`${question.from} to ${question.to}: ${asked.error.message}`);
    const { trace } = asked.value;
    return trace.disposition === 'delivered' ? [] : [{ symptom, question, trace }];
  });
}

const PORTS = [22, 80, 443, 3389, 10_250];

/** Of what guests may not call, and of what nobody but the shop may ask the database, returns what gets through. */
export function strangersServed(cloud: Cloud): readonly string[] | Missing {
  const pods = podsOf(cloud);
  if (isMissing(pods)) return pods;
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const nodes = nodesOf(view).map(({ name }) => `node/${name}`);
  const questions: readonly Question[] = [
    ...['vm/vm-db', 'vm/vm-report', 'vm/vm-archive', BOOKS_ADDRESS, ...nodes].flatMap((to) => [
      ...PORTS.map((port) => ({ from: 'vm/vm-guest', to, port })),
      { from: 'vm/vm-guest', to, protocol: 'icmp' as const },
    ]),
    ...['vm/vm-report', 'vm/vm-archive', 'host/plant'].flatMap((from) =>
      PORTS.map((port) => ({ from, to: 'vm/vm-db', port })),
    ),
    ...pods.flatMap((from) =>
      PORTS.filter((port) => port !== 80).map((port) => ({ from, to: 'vm/vm-db', port })),
    ),
  ];
  return questions.flatMap((question) => {
    const { from, to, protocol = 'tcp', port } = question;
    const asked = ask(cloud, question);
    if (!asked.ok) throw new Error(`${from} to ${to}: ${asked.error.message}`);
    const { disposition } = asked.value.trace;
    return disposition === 'delivered' || disposition === 'refused'
      ? [`${from} gets to ${to}, ${protocol}${port === undefined ? '' : `/${port}`}: ${disposition}.`]
      : [];
  });
}
