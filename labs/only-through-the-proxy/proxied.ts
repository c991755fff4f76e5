/** The cluster behind the proxy: what runs in it, which ways it has, and whom the proxy lets in. */
import { isMissing, nodesOf, podEnd, podsOn, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView, NodeView } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, Holds, Missing } from '../../src/lab/lab.ts';
import { portsOfFirewallRules } from '../../src/lab/rule-ports.ts';
import { checkNodeEgress } from '../../src/model/aks/node-egress.ts';
import { armKey, findResource, listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import type { Pod } from '../../src/model/kubernetes/objects.ts';
import type { ProxyClient } from '../../src/model/proxy/clients.ts';
import type { Disposition } from '../../src/model/trace/disposition.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import type { Place } from '../../src/shell/command.ts';

const GROUP = 'rg-shut';
const CLUSTER = 'aks-shut';
const LEAST = 2;
export const PARTNER = 'https://api.partner.example';
export const ORDERS = 'http://10.30.0.4:8080';
export const WEB = 'http://web.default.svc.cluster.local';

export const failed = (found: string): Holds => ({ passed: false, found });

interface Nodes {
  readonly view: ClusterView;
  /** Those that are Ready. */
  readonly nodes: readonly [NodeView, ...NodeView[]];
}

interface Caller {
  readonly pod: Pod;
  readonly node: NodeView;
}

function nodesIn(cloud: Cloud): Nodes | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const all = nodesOf(view);
  const [first, ...others] = all.filter(({ ready }) => ready === 'yes');
  return first === undefined
    ? { missing: `Of ${all.length} nodes of ${CLUSTER} none is Ready.` }
    : { view, nodes: [first, ...others] };
}

const running = ({ view, nodes }: Nodes, app: string): readonly Caller[] =>
  nodes.flatMap((node) => podsOn(view, node.name, app).map((pod) => ({ pod, node })));

interface Callers extends Nodes {
  readonly callers: readonly [Caller, ...Caller[]];
}

function callersIn(cloud: Cloud): Callers | Missing {
  const found = nodesIn(cloud);
  if (isMissing(found)) return found;
  const [first, ...others] = running(found, 'caller');
  return first === undefined
    ? { missing: 'No pod with the label app=caller runs: kubectl get pods, and describe one that does not.' }
    : { ...found, callers: [first, ...others] };
}

export const firstCaller: EndOf = (cloud) => {
  const found = callersIn(cloud);
  return isMissing(found) ? found : podEnd(found.callers[0].pod);
};

export const firstNode: EndOf = (cloud) => {
  const found = nodesIn(cloud);
  return isMissing(found) ? found : `node/${found.nodes[0].name}`;
};

export const apiServer: EndOf = (cloud) => {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  return isMissing(view) ? view : `https://${view.cluster.fqdn}`;
};

/** The address that the internet sees of what the proxy asks. */
export const addressOfProxy: EndOf = (_, { start }) =>
  findResource(start, 'Microsoft.Network/publicIPAddresses', GROUP, 'pip-natgw')?.ipAddress ?? {
    missing: 'There is no pip-natgw.',
  };

export function callerPlaces(cloud: Cloud): readonly Place[] | Missing {
  const found = callersIn(cloud);
  if (isMissing(found)) return found;
  return found.callers.map(({ pod }) => ({
    kind: 'pod',
    cluster: armKey(found.view.cluster.id),
    namespace: pod.metadata.namespace ?? 'default',
    name: pod.metadata.name,
  }));
}

export function nodePlaces(cloud: Cloud): readonly Place[] | Missing {
  const found = nodesIn(cloud);
  if (isMissing(found)) return found;
  return found.nodes.map(({ name }) => ({ kind: 'node', cluster: armKey(found.view.cluster.id), name }));
}

/** Enough of the cluster runs: its nodes, and both Deployments. */
export function lives(cloud: Cloud): Holds {
  const found = nodesIn(cloud);
  if (isMissing(found)) return failed(found.missing);
  if (found.nodes.length < LEAST)
    return failed(`${found.nodes.length} node of ${CLUSTER} is Ready, and ${LEAST} are needed.`);
  for (const app of ['web', 'caller']) {
    const { length } = running(found, app);
    if (length < LEAST)
      return failed(
        `${length} pods with the label app=${app} run, and ${LEAST} are needed: kubectl get pods, and describe one that does not.`,
      );
  }
  return { passed: true };
}

/** A node that is added tomorrow reaches all that it needs, through the proxy and beside it. */
export function anotherNode(cloud: Cloud): Holds {
  const found = nodesIn(cloud);
  if (isMissing(found)) return failed(found.missing);
  const { cluster } = found.view;
  for (const pool of cluster.agentPoolProfiles) {
    const checked = checkNodeEgress(cloud, cluster, pool);
    if (!checked.ok) return failed(`A new node of pool ${pool.name} would fail: ${checked.error.message}`);
  }
  return { passed: true };
}

function traced(cloud: Cloud, question: Question): Trace | Missing {
  const asked = ask(cloud, question);
  return asked.ok ? asked.value.trace : { missing: asked.error.message };
}

const proxyOf = ({ relayed }: Trace): string | null => relayed?.legs[1]?.flow.from ?? null;

/** Programs of all kinds that read the variables, as the brief names them. */
const CLIENTS: readonly ProxyClient[] = ['curl', 'go', 'python-urllib', 'python-requests'];

/** Every pod of `caller` calls the partner through the proxy, whatever its program is. */
export function everyCallOut(cloud: Cloud): Holds {
  const found = callersIn(cloud);
  if (isMissing(found)) return failed(found.missing);
  for (const { pod } of found.callers) {
    for (const client of CLIENTS) {
      const trace = traced(cloud, { from: podEnd(pod), to: PARTNER, client });
      if (isMissing(trace)) return failed(trace.missing);
      if (trace.disposition !== 'delivered' || proxyOf(trace) !== 'vm/vm-proxy')
        return failed(`${podEnd(pod)} to ${PARTNER} by ${client}: ${outcome(trace)}`);
    }
  }
  return { passed: true };
}

/** Every pod calls what is inside itself, whatever its program is, and is seen as the pod or node that it is. */
export function everyCallInside(cloud: Cloud): Holds {
  const found = callersIn(cloud);
  if (isMissing(found)) return failed(found.missing);
  for (const { pod, node } of found.callers) {
    for (const to of [ORDERS, WEB]) {
      for (const client of CLIENTS) {
        const trace = traced(cloud, { from: podEnd(pod), to, client });
        if (isMissing(trace)) return failed(trace.missing);
        const told = `${podEnd(pod)} to ${to} by ${client}`;
        if (trace.disposition !== 'delivered' || proxyOf(trace) !== null)
          return failed(`${told}: ${outcome(trace)}`);
        const seen = trace.seenSource === null ? 'nobody' : formatAddress(trace.seenSource.address);
        if (seen !== pod.status.podIP && seen !== node.address)
          return failed(`${told} is seen as ${seen}, which is neither the pod nor its node.`);
      }
    }
  }
  return { passed: true };
}

function outcome(trace: Trace): string {
  const proxy = proxyOf(trace);
  return `${trace.disposition}, ${proxy === null ? 'directly' : `by the proxy at ${proxy}`}: ${trace.reason}`;
}

/** By a security group or a firewall, by a route, or since nothing lends a public address. */
export const CLOSED: readonly [
  Exclude<Disposition, 'delivered' | 'undetermined'>,
  ...('dropped-by-route' | 'no-outbound-path')[],
] = ['denied-outbound', 'dropped-by-route', 'no-outbound-path'];

const HOSTS = ['partner', 'drop', 'files', 'microsoft', 'hub'];
const NAMES = [
  'api.partner.example',
  'drop.example.net',
  'files.blob.core.windows.net',
  'mcr.microsoft.com',
  'packages.aks.azure.com',
  'management.azure.com',
  'registry-1.docker.io',
];
/** Time: AKS's own list asks for it, and nobody gets out by it. */
const NTP = 123;

/** Without the proxy, no node and no pod reaches anybody outside, at any port. */
export function nothingDirect(cloud: Cloud): Holds {
  const found = callersIn(cloud);
  if (isMissing(found)) return failed(found.missing);
  const ports = [...new Set([443, 80, 22, 53, 1194, 8080, 8443, 9000, ...portsOfFirewallRules(cloud)])];
  const calls: readonly Omit<Question, 'from'>[] = [
    // With a name, since application rules decide by it.
    ...NAMES.flatMap((name) =>
      ports.flatMap((port) => [{ to: `https://${name}:${port}` }, { to: `http://${name}:${port}` }]),
    ),
    ...HOSTS.flatMap((host) => [
      { to: `host/${host}`, protocol: 'icmp' as const },
      ...ports
        .filter((port) => port !== NTP)
        .map((port) => ({ to: `host/${host}`, protocol: 'udp' as const, port })),
    ]),
  ];
  const ends = [
    ...found.callers.map(({ pod }) => podEnd(pod)),
    ...found.nodes.map(({ name }) => `node/${name}`),
  ];
  for (const from of ends) {
    for (const call of calls) {
      const trace = traced(cloud, { from, ...call, client: 'none' });
      if (isMissing(trace)) return failed(trace.missing);
      if (CLOSED.some((each) => each === trace.disposition)) continue;
      const { protocol = 'tcp', port } = call;
      const what = port === undefined ? '' : ` ${protocol}/${port}`;
      return failed(`${from} to ${call.to}${what} without the proxy: ${trace.disposition}, ${trace.reason}`);
    }
  }
  return { passed: true };
}

/** The proxy does what it did: it reads everything, with the authority that it had, and its log does not matter. */
export function proxyAsBefore(cloud: Cloud, { start }: Before): Holds {
  const [was, is] = [start, cloud].map((each) => {
    const machine = listResources(each, 'Microsoft.Compute/virtualMachines').find(
      ({ name }) => name === 'vm-proxy',
    );
    if (machine?.powerState !== 'VM running') return null;
    const listener = machine.simulation.listeners.find(
      ({ port, proxy }) => port === 8080 && proxy !== undefined,
    );
    if (listener?.proxy === undefined) return null;
    const { mode, authority, certificates, ignoreHosts, allowHosts, blockGlobal, blockPrivate } =
      listener.proxy;
    const { blockList, verifiesServers, trustedCa, proxyAuth } = listener.proxy;
    const behaviour = { mode, authority, certificates, ignoreHosts, allowHosts, blockGlobal, blockPrivate };
    return JSON.stringify({ ...behaviour, blockList, verifiesServers, trustedCa, proxyAuth });
  });
  if (is === null) return failed('No proxy listens on port 8080 of vm-proxy any more.');
  return was === is
    ? { passed: true }
    : failed(
        'The proxy on vm-proxy was started with other options than it had, or signs with another authority.',
      );
}
