/** The calls that the parcel service needs, by the way that each is meant to take, and which of them fail. */
import { isMissing, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Holds, Missing } from '../../src/lab/lab.ts';
import { pathToRegistry } from '../../src/model/aks/registry-path.ts';
import { armKey, findResource } from '../../src/model/azure/resource-store.ts';
import type { Listener } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Answer, Question } from '../../src/model/compile/ask.ts';
import type { Node, Pod } from '../../src/model/kubernetes/objects.ts';
import { isReady } from '../../src/model/kubernetes/pod-status.ts';

export const GROUP = 'rg-parcels';
export const CLUSTER = 'aks-parcels';
export const PROXY = 'vm/vm-proxy';
export const PROXY_PORT = 8080;
export const PAY = 'https://pay.example.com';
export const STOCK = 'http://vm-stock.internal.cloudapp.net';
export const LABELS = 'http://labels.default.svc.cluster.local';
const REGISTRIES = ['mcr.microsoft.com', 'docker.io'];

/** The workloads, and which of them call what. */
export const APPS = ['desk', 'night', 'labels', 'counter'] as const;
export type App = (typeof APPS)[number];
const CALLS: readonly { readonly app: App; readonly to: string; readonly by: 'proxy' | 'itself' }[] = [
  { app: 'desk', to: PAY, by: 'proxy' },
  { app: 'night', to: PAY, by: 'proxy' },
  { app: 'desk', to: STOCK, by: 'itself' },
  { app: 'night', to: STOCK, by: 'itself' },
  { app: 'counter', to: STOCK, by: 'itself' },
  { app: 'desk', to: LABELS, by: 'itself' },
];

export type Failure = { /** What people notice. */ readonly symptom: string; readonly found: string } & (
  | { readonly kind: 'call'; readonly by: 'proxy' | 'itself'; readonly answer: Answer }
  | { readonly kind: 'pull'; readonly node: Node; readonly error: string }
  | { readonly kind: 'pod' }
);

const SYMPTOM: Readonly<Record<App, Readonly<Record<string, string>>>> = {
  desk: {
    [PAY]: 'At the desk no card works.',
    [STOCK]: 'The desk does not see the stock.',
    [LABELS]: 'The desk cannot print labels.',
  },
  night: { [PAY]: 'The night run pays nothing.', [STOCK]: 'The night run does not see the stock.' },
  labels: {},
  counter: { [STOCK]: 'The counter does not see the stock.' },
};

export function viewParcels(cloud: Cloud): ClusterView | Missing {
  return viewCluster(cloud, GROUP, CLUSTER);
}

/** Returns the pods of a workload that are not on their way out, by name. */
export function podsOf({ kubernetes }: ClusterView, app: App): readonly Pod[] {
  return Object.values(kubernetes.pods)
    .filter(({ metadata }) => metadata.labels?.['app'] === app && metadata.namespace === 'default')
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

export const endOf = ({ metadata }: Pod): string => `pod/${metadata.namespace ?? 'default'}/${metadata.name}`;

/** Returns where netpath finds the first running pod of a workload. */
export function firstPod(app: App): (cloud: Cloud) => string | Missing {
  return (cloud) => {
    const view = viewParcels(cloud);
    if (isMissing(view)) return view;
    const pod = podsOf(view, app).find(isReady);
    return pod === undefined ? { missing: `No pod of ${app} runs.` } : endOf(pod);
  };
}

/** Returns where netpath finds the first node of a pool. */
export function firstNode(pool: string): (cloud: Cloud) => string | Missing {
  return (cloud) => {
    const view = viewParcels(cloud);
    if (isMissing(view)) return view;
    const node = nodesOf(view).find(
      ({ metadata }) => metadata.labels?.['kubernetes.azure.com/agentpool'] === pool,
    );
    return node === undefined
      ? { missing: `There is no node of pool ${pool}.` }
      : `node/${node.metadata.name}`;
  };
}

export function nodesOf({ kubernetes }: ClusterView): readonly Node[] {
  return Object.values(kubernetes.nodes).sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

export function asked(cloud: Cloud, question: Question): Answer {
  const answer = ask(cloud, question);
  if (!answer.ok) throw new Error(`${question.from} to ${question.to}: ${answer.error.message}`);
  return answer.value;
}

/** The places of the forward proxies that took a call. */
export const relaysOf = ({ trace }: Answer): readonly string[] =>
  (trace.relayed?.legs ?? []).slice(1).map(({ flow }) => flow.from);

/** Returns what keeps a call from being as it is meant, or null. */
function problemOf(answer: Answer, by: 'proxy' | 'itself'): string | null {
  const { trace, over } = answer;
  if (trace.disposition !== 'delivered') return `${trace.disposition}, ${trace.reason}`;
  if (by === 'itself') {
    return over === null ? null : `it goes to the proxy ${over.proxy}, and is meant to go direct.`;
  }
  const relays = relaysOf(answer);
  return relays.length === 1 && relays[0] === PROXY
    ? null
    : `${relays.length === 0 ? 'no proxy relays it' : `${relays.join(', ')} relays it`}, and ${PROXY} must.`;
}

const known = new WeakMap<Cloud, readonly Failure[] | Missing>();

/** Returns every call, image and pod that is not as it is meant to be. */
export function failuresOf(cloud: Cloud): readonly Failure[] | Missing {
  let found = known.get(cloud);
  if (found === undefined) known.set(cloud, (found = lookForFailures(cloud)));
  return found;
}

function lookForFailures(cloud: Cloud): readonly Failure[] | Missing {
  const view = viewParcels(cloud);
  if (isMissing(view)) return view;
  return [...podsThatWait(view), ...failedCalls(cloud, view), ...failedPulls(cloud, view)];
}

function failedCalls(cloud: Cloud, view: ClusterView): readonly Failure[] {
  return CALLS.flatMap(({ app, to, by }) => {
    const symptom = SYMPTOM[app][to] ?? '';
    return podsOf(view, app)
      .filter(isReady)
      .flatMap((pod): readonly Failure[] => {
        const from = endOf(pod);
        const answer = asked(cloud, { from, to, client: 'curl' });
        const problem = problemOf(answer, by);
        return problem === null
          ? []
          : [{ kind: 'call', symptom, found: `${from} to ${to}: ${problem}`, by, answer }];
      });
  });
}

function failedPulls(cloud: Cloud, view: ClusterView): readonly Failure[] {
  const nodes = nodesOf(view);
  return nodes.flatMap((node) =>
    REGISTRIES.flatMap((registry): readonly Failure[] => {
      const { name } = node.metadata;
      const path = pathToRegistry(cloud, armKey(view.cluster.id), node, registry);
      if (path.kind === 'allowed') return [];
      const error =
        path.kind === 'open'
          ? `of its way to ${registry} nothing but that it does not ask the proxy is known.`
          : `${path.host}: ${path.error}`;
      const symptom = 'What is rolled out anew does not start.';
      return [
        { kind: 'pull', symptom, node, error, found: `node/${name} cannot pull from ${registry}: ${error}` },
      ];
    }),
  );
}

function podsThatWait(view: ClusterView): readonly Failure[] {
  return APPS.flatMap((app): readonly Failure[] => {
    const pods = podsOf(view, app);
    const late = pods.find((pod) => !isReady(pod));
    if (pods.length > 0 && late === undefined) return [];
    const why = Object.values(late?.simulation?.pull?.errors ?? {})[0];
    const image =
      why === undefined
        ? ''
        : ` Its image was last tried in vain (${why}), and is tried again after five minutes at most.`;
    return [
      {
        kind: 'pod',
        symptom: app === 'labels' ? 'Not all printers for labels are up.' : `Not all of ${app} is up.`,
        found:
          late === undefined
            ? `There is no pod of ${app}.`
            : `Pod ${late.metadata.name} is not ready.${image}`,
      },
    ];
  });
}

/** Returns the workloads that the service had and has no more, or has with fewer pods. */
export function sameWorkloads(cloud: Cloud, start: Cloud): Holds {
  const [view, before] = [viewParcels(cloud), viewParcels(start)];
  if (isMissing(view)) return { passed: false, found: view.missing };
  if (isMissing(before)) throw new Error(before.missing);
  for (const app of APPS) {
    const [now, then] = [podsOf(view, app).length, podsOf(before, app).length];
    if (now < then)
      return { passed: false, found: `Of ${app} there are ${now} pods, and there were ${then}.` };
  }
  const nodes = nodesOf(view).length;
  return nodes < nodesOf(before).length
    ? { passed: false, found: `There are ${nodes} nodes, and there were ${nodesOf(before).length}.` }
    : { passed: true };
}

/** Returns the listener of vm-proxy at the company's port that is a proxy. */
export function proxyOf(cloud: Cloud): Listener | Missing {
  const machine = findResource(cloud, 'Microsoft.Compute/virtualMachines', GROUP, 'vm-proxy');
  const listener = machine?.simulation.listeners.find(
    ({ port, proxy }) => port === PROXY_PORT && proxy !== undefined,
  );
  return listener ?? { missing: `No proxy listens on port ${PROXY_PORT} of vm-proxy.` };
}
