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

export interface Proxied {
  readonly view: ClusterView;
  readonly nodes: readonly NodeView[];
  readonly callers: readonly { readonly pod: Pod; readonly node: NodeView }[];
}

/** Returns the cluster with its Ready nodes and the running pods of `caller`; two of each at least, and of `web`. */
export function proxiedOf(cloud: Cloud): Proxied | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const all = nodesOf(view);
  const nodes = all.filter(({ ready }) => ready === 'yes');
  if (nodes.length < LEAST)
    return { missing: `Of ${all.length} nodes ${nodes.length} are Ready, and ${LEAST} are needed.` };
  const runs = (app: string): Proxied['callers'] =>
    nodes.flatMap((node) => podsOn(view, node.name, app).map((pod) => ({ pod, node })));
  for (const app of ['web', 'caller']) {
    const count = runs(app).length;
    if (count < LEAST)
      return {
        missing: `${count} pods with the label app=${app} run, and ${LEAST} are needed: kubectl get pods, and describe one that does not.`,
      };
  }
  return { view, nodes, callers: runs('caller') };
}

export const firstCaller: EndOf = (cloud) => {
  const found = proxiedOf(cloud);
  if (isMissing(found)) return found;
  const [first] = found.callers;
  return first === undefined ? { missing: 'No pod of caller runs.' } : podEnd(first.pod);
};

export const firstNode: EndOf = (cloud) => {
  const found = proxiedOf(cloud);
  return isMissing(found) ? found : `node/${found.nodes[0]?.name ?? ''}`;
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
  const found = proxiedOf(cloud);
  if (isMissing(found)) return found;
  return found.callers.map(({ pod }) => ({
    kind: 'pod',
    cluster: armKey(found.view.cluster.id),
    namespace: pod.metadata.namespace ?? 'default',
    name: pod.metadata.name,
  }));
}

export function nodePlaces(cloud: Cloud): readonly Place[] | Missing {
  const found = proxiedOf(cloud);
  if (isMissing(found)) return found;
  return found.nodes.map(({ name }) => ({ kind: 'node', cluster: armKey(found.view.cluster.id), name }));
}

export function lives(cloud: Cloud): Holds {
  const found = proxiedOf(cloud);
  return isMissing(found) ? failed(found.missing) : { passed: true };
}

/** A node that is added tomorrow reaches all that it needs, through the proxy and beside it. */
export function anotherNode(cloud: Cloud): Holds {
  const found = proxiedOf(cloud);
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
  const found = proxiedOf(cloud);
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
  const found = proxiedOf(cloud);
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
  const found = proxiedOf(cloud);
  if (isMissing(found)) return failed(found.missing);
  const ports = [...new Set([22, 53, 80, 443, 1194, 8080, 8443, 9000, ...portsOfFirewallRules(cloud)])];
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
