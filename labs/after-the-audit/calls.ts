/** The calls that the library needs, and whether they get through. */
import { isMissing, nodesOf, podEnd, podsOn, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView, NodeView } from '../../src/lab/cluster-view.ts';
import type { Missing } from '../../src/lab/lab.ts';
import { externalAddress } from '../../src/lab/service-view.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import type { Pod } from '../../src/model/kubernetes/objects.ts';
import type { Trace } from '../../src/model/trace/trace.ts';

export const GROUP = 'rg-library';
export const CLUSTER = 'aks-library';
export const LOANS_ADDRESS = '10.60.2.10';
const NODES_PER_POOL = 2;
/** Whom the load balancer picks depends on the caller's port. */
const CALLER_PORTS = [40_001, 41_013, 42_029, 43_037, 44_041, 45_053, 46_061, 47_077];

export type CallKind = 'logs' | 'names' | 'pods' | 'readers' | 'desks' | 'ops' | 'egress';

/** What people notice when these calls fail. */
export const SYMPTOM: Readonly<Record<CallKind, string>> = {
  logs: 'kubectl logs and kubectl exec end in a TLS handshake timeout for pods of one pool.',
  names: 'Pods cannot look up names.',
  pods: 'Pods of catalogue do not reach pods of loans on another node.',
  readers: 'Readers do not get the catalogue.',
  desks: 'The desks do not get the loans.',
  ops: 'Operators cannot log in to a node.',
  egress: 'A node or pod does not reach the API server, the registry or the payments.',
};

export interface FailedCall {
  readonly kind: CallKind;
  readonly question: Question;
  readonly trace: Trace;
}

export interface Library {
  readonly view: ClusterView;
  readonly system: readonly NodeView[];
  readonly apps: readonly NodeView[];
  readonly catalogue: readonly Pod[];
  readonly loans: readonly Pod[];
  /** Where readers know the catalogue. */
  readonly address: string;
}

/** Returns the cluster and what runs in it, or what of it is missing. */
export function libraryOf(cloud: Cloud): Library | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const nodes = nodesOf(view);
  const pool = (name: string): readonly NodeView[] => nodes.filter((node) => node.pool === name);
  const [system, apps] = [pool('system'), pool('apps')];
  const running = (app: string): readonly Pod[] => apps.flatMap(({ name }) => podsOn(view, name, app));
  const [catalogue, loans] = [running('catalogue'), running('loans')];
  for (const [what, { length }] of Object.entries({ system, apps, catalogue, loans })) {
    if (length < NODES_PER_POOL) {
      const found =
        what === 'system' || what === 'apps' ? `nodes in the pool ${what}` : `pods of ${what} on apps`;
      return { missing: `There were ${NODES_PER_POOL} ${found}, and there are ${length}.` };
    }
  }
  const address = externalAddress(view, 'default', 'catalogue');
  if (isMissing(address)) return address;
  const inside = externalAddress(view, 'default', 'loans');
  if (isMissing(inside)) return inside;
  if (inside !== LOANS_ADDRESS)
    return { missing: `The desks know loans at ${LOANS_ADDRESS}, not ${inside}.` };
  return { view, system, apps, catalogue, loans, address };
}

function systemPods({ view }: Library, name: RegExp): readonly Pod[] {
  return Object.values(view.kubernetes.pods).filter(
    ({ metadata, status }) =>
      metadata.namespace === 'kube-system' && name.test(metadata.name) && status.phase === 'Running',
  );
}

const nodeEnd = ({ name }: NodeView): string => `node/${name}`;

function apiServerOf({ view }: Library): string {
  return `https://${view.cluster.fqdn}`;
}

/** Every call that has to get through, by what people notice when it fails. */
function questions(library: Library): readonly (readonly [CallKind, Question])[] {
  const { system, apps, catalogue, loans, address } = library;
  const nodes = [...system, ...apps];
  const pairs = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from, to] as const));
  const agents = systemPods(library, /^konnectivity-agent-/).map(podEnd);
  const servers = systemPods(library, /^coredns-[0-9a-f]+-/);
  const pods = [...catalogue, ...loans];
  const tcp = (from: string, to: string, port: number): Question => ({ from, to, protocol: 'tcp', port });
  const each = (kind: CallKind, asked: readonly Question[]): readonly (readonly [CallKind, Question])[] =>
    asked.map((question) => [kind, question] as const);
  return [
    ...each('logs', [
      ...pairs.map(([from, to]) => tcp(nodeEnd(from), nodeEnd(to), 10_250)),
      ...agents.flatMap((from) => nodes.map((to) => tcp(from, to.address, 10_250))),
    ]),
    ...each(
      'names',
      pods.flatMap((pod) =>
        servers.flatMap((server) =>
          (['udp', 'tcp'] as const).map((protocol) => ({
            from: podEnd(pod),
            to: server.status.podIP ?? '',
            protocol,
            port: 53,
          })),
        ),
      ),
    ),
    ...each(
      'pods',
      catalogue.flatMap((from) => loans.map((to) => tcp(podEnd(from), podEnd(to), 80))),
    ),
    ...each(
      'readers',
      CALLER_PORTS.map((sourcePort) => ({ ...tcp('host/reader', address, 80), sourcePort })),
    ),
    ...each(
      'desks',
      CALLER_PORTS.map((sourcePort) => ({ ...tcp('vm/vm-desk', LOANS_ADDRESS, 80), sourcePort })),
    ),
    ...each(
      'ops',
      nodes.map((node) => tcp('vm/vm-ops', nodeEnd(node), 22)),
    ),
    ...each('egress', [
      ...nodes.flatMap((node) => [
        { from: nodeEnd(node), to: apiServerOf(library), protocol: 'tcp' as const },
        tcp(nodeEnd(node), 'host/registry', 443),
      ]),
      ...pods.map((pod) => tcp(podEnd(pod), 'host/payments', 443)),
    ]),
  ];
}

/** Returns every needed call that does not get through, in the order of the kinds. */
export function failedCalls(cloud: Cloud, library: Library): readonly FailedCall[] {
  return questions(library).flatMap(([kind, question]) => {
    const asked = ask(cloud, question);
    if (!asked.ok) throw new Error(`${question.from} to ${question.to}: ${asked.error.message}`);
    const { trace } = asked.value;
    return trace.disposition === 'delivered' ? [] : [{ kind, question, trace }];
  });
}

// What the audit shut.

interface Shut {
  readonly question: Question;
  readonly disposition: 'denied-inbound' | 'denied-outbound';
}

/** Calls that the audit wants to be denied by a group, from everybody who has no business there. */
function shutCalls({ system, apps, catalogue, address }: Library): readonly Shut[] {
  const nodes = [...system, ...apps];
  const ports = [22, 53, 80, 443, 10_250, 10_256, 30_000];
  const into = (from: string, to: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Shut => ({
    question: { from, to, protocol, port },
    disposition: 'denied-inbound',
  });
  const out = (from: string, to: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Shut => ({
    question: { from, to, protocol, port },
    disposition: 'denied-outbound',
  });
  return [
    ...nodes.flatMap((node) => [
      ...['vm/vm-guest', 'vm/vm-desk'].flatMap((from) => ports.map((port) => into(from, node.address, port))),
      ...ports.filter((port) => port !== 22).map((port) => into('vm/vm-ops', node.address, port)),
      into('vm/vm-guest', node.address, 53, 'udp'),
    ]),
    into('vm/vm-guest', LOANS_ADDRESS, 80),
    into('vm/vm-ops', LOANS_ADDRESS, 80),
    into('host/bot', address, 80),
    ...[...nodes.map(nodeEnd), ...catalogue.map(podEnd)].flatMap((from) => [
      out(from, 'host/mirror', 21),
      out(from, 'host/mirror', 80),
      out(from, 'host/mirror', 53, 'udp'),
      out(from, 'vm/vm-desk', 22),
      out(from, 'vm/vm-guest', 443),
    ]),
  ];
}

/** Returns the first call that ought to be denied by a group and is not, in words, or null. */
export function firstOpening(cloud: Cloud, library: Library): string | null {
  for (const { question, disposition } of shutCalls(library)) {
    const asked = ask(cloud, question);
    if (!asked.ok) throw new Error(`${question.from} to ${question.to}: ${asked.error.message}`);
    const { trace } = asked.value;
    if (trace.disposition !== disposition) {
      const call = `${question.from} to ${question.to} ${question.protocol ?? 'tcp'}/${question.port ?? ''}`;
      return `${call} is no longer denied by a group: ${trace.disposition}.`;
    }
  }
  return null;
}
