/** One connection from a place: what the program that makes it learns, and who it meets on the way. */
import { recordNeighbour } from '../../model/aks/neighbours.ts';
import type { Listener } from '../../model/azure/resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ask } from '../../model/compile/ask.ts';
import { proxyAnswer } from '../../model/compile/firewall-proxy.ts';
import type { Place as NetworkPlace } from '../../model/compile/directory.ts';
import { formatAddress } from '../../model/ip/address.ts';
import type { HttpService } from '../../model/http-service.ts';
import { podListeners } from '../../model/kubernetes/images.ts';
import type { Listener as NetworkListener, Protocol, Request } from '../../model/network/network.ts';
import type { ForwardProxy } from '../../model/proxy/forward-proxy.ts';
import type { Trace } from '../../model/trace/trace.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';

export interface Server {
  /** `pod/default/web`, as netpath names it. */
  readonly label: string;
  /** The address and port at the server itself, after any translation. */
  readonly address: string;
  readonly port: number;
  readonly program: string;
  readonly application: Listener['application'] | 'https' | 'kubernetes-api';
  /** The bare host name the server would call itself. */
  readonly hostname: string;
  /** Which paths it knows; null where that is not known. */
  readonly http: HttpService | null;
  /** What it passes on to others, of a forward proxy. */
  readonly proxy: ForwardProxy | null;
}

export type Attempt = { readonly trace: Trace | null; readonly cloud: Cloud } & (
  | {
      readonly kind: 'connected';
      readonly client: string;
      readonly clientPort: number;
      /** Whom a PROXY protocol header names as the client, and the link it came by; null without a header. */
      readonly proxied: { readonly client: string; readonly link: number } | null;
      readonly server: Server;
    }
  | { readonly kind: 'refused' }
  /**
   * A firewall took the connection to hear what it asks for. `page`: what it answers to HTTP that it denies, and
   * TLS is reset; null where nothing was said yet.
   */
  | { readonly kind: 'intercepted'; readonly by: string; readonly page: string | null }
  /**
   * `handshake`: the answer to the first packet came, so the connection stands for its client, but a firewall that
   * did not see the answer drops all that the client sends next.
   */
  | { readonly kind: 'timeout'; readonly after: 'nothing' | 'handshake' }
  | { readonly kind: 'network-unreachable' }
  | { readonly kind: 'host-unreachable' }
  | { readonly kind: 'unknown'; readonly reason: string }
);

/** Sends the first packet of a conversation. The cloud returned has the nodes' new neighbours. */
export function attempt(
  view: NetworkView,
  to: string,
  protocol: Protocol,
  port: number | null,
  request?: Request,
): Attempt {
  if (to.startsWith('127.')) return loopback(view, to, protocol, port);
  const answer = ask(view.cloud, {
    from: view.end,
    to,
    protocol,
    ...(port === null ? {} : { port }),
    sourcePort: view.sourcePort(),
    ...(request === undefined ? {} : { request }),
  });
  if (!answer.ok) return { kind: 'unknown', reason: answer.error.message, trace: null, cloud: view.cloud };
  return fareOf(view, answer.value.trace, answer.value.to.label);
}

/** Returns what the program at the start of a trace learns. `label` is what the destination is called. */
export function fareOf(view: NetworkView, trace: Trace, label: string): Attempt {
  const base = { trace, cloud: withNeighbours(view, trace) };
  const proxy = proxyAnswer(view.directory.compiled, trace);
  if (proxy !== null) {
    return {
      ...base,
      kind: 'intercepted',
      by: proxy.place,
      page: proxy.kind === 'denies' ? proxy.page : null,
    };
  }
  switch (trace.disposition) {
    case 'delivered': {
      const server = serverOf(view, trace, label);
      const proxied = proxiedClient(trace);
      if (proxied !== null && server.application === 'http' && server.http === null) {
        const reason = `${server.program} gets a PROXY protocol header first, and whether it understands one is not simulated`;
        return { ...base, kind: 'unknown', reason };
      }
      return {
        ...base,
        kind: 'connected',
        client: trace.seenSource === null ? '' : formatAddress(trace.seenSource.address),
        clientPort: trace.seenSource?.port ?? 0,
        proxied,
        server,
      };
    }
    case 'refused':
      return { ...base, kind: 'refused' };
    case 'no-route':
      return { ...base, ...(trace.hops.length <= 1 ? { kind: 'network-unreachable' } : NO_ANSWER) };
    case 'next-hop-unreachable':
      return { ...base, ...(trace.hops.length <= 1 ? { kind: 'host-unreachable' } : NO_ANSWER) };
    case 'undetermined':
      return { ...base, kind: 'unknown', reason: trace.reason };
    case 'asymmetric':
      return { ...base, kind: 'timeout', after: answeredRound(trace) ? 'handshake' : 'nothing' };
    case 'denied-inbound':
    case 'denied-outbound':
    case 'dropped-by-route':
    case 'loop':
    case 'no-outbound-path':
    case 'snat-exhausted':
      return { ...base, ...NO_ANSWER };
  }
}

const NO_ANSWER = { kind: 'timeout', after: 'nothing' } as const;

/** Reports whether the answer is back at the sender, and somebody else then drops what the sender says to it. */
function answeredRound({ hops, reverse }: Trace): boolean {
  if (reverse === null || reverse.seenSource === null) return false;
  const last = reverse.hops.at(-1);
  return last?.place === hops[0]?.place && last?.steps.at(-1)?.by !== last?.place;
}

/** Traffic that never leaves the machine needs no network. */
function loopback(view: NetworkView, to: string, protocol: Protocol, port: number | null): Attempt {
  const base = { trace: null, cloud: view.cloud };
  const listener = view.host.listeners.find((each) => each.protocol === protocol && each.port === port);
  if (view.host.unknown !== null && listener === undefined && protocol !== 'icmp') {
    return { ...base, kind: 'unknown', reason: view.host.unknown };
  }
  if (protocol !== 'icmp' && listener === undefined) return { ...base, kind: 'refused' };
  const server = describeServer(view.place, view, to, port ?? 0, listener);
  return { ...base, kind: 'connected', client: to, clientPort: 40000, proxied: null, server };
}

function proxiedClient(trace: Trace): { readonly client: string; readonly link: number } | null {
  const headers = trace.hops.flatMap(({ steps }) =>
    steps.filter((step) => step.kind === 'proxy' && step.does === 'header'),
  );
  const last = headers.at(-1);
  return last === undefined ? null : { client: formatAddress(last.client.address), link: last.link };
}

function serverOf(view: NetworkView, trace: Trace, label: string): Server {
  const last = trace.hops.at(-1);
  const header = last?.steps.at(-1)?.after ?? null;
  const address = header === null ? label : formatAddress(header.destination.address);
  const port = header?.destination.port ?? 0;
  const host = last === undefined ? undefined : view.network.hosts.get(last.place);
  const listener = host?.listeners.find(
    (each) =>
      each.port === port &&
      each.protocol === trace.flow.protocol &&
      (each.address === null || formatAddress(each.address) === address),
  );
  const { directory } = view;
  const place =
    directory.pods.find((each) => each.label === last?.place) ??
    directory.machines.find((each) => each.host === last?.place) ??
    directory.nodes.find((each) => each.host === last?.place) ??
    directory.outside.find((each) => each.host === last?.place) ??
    null;
  return describeServer(place, view, address, port, listener, last?.place ?? label);
}

function describeServer(
  place: NetworkPlace | null,
  view: NetworkView,
  address: string,
  port: number,
  listener: NetworkListener | undefined,
  hostId?: string,
): Server {
  const label = place?.label ?? hostId ?? address;
  const program = listener?.program ?? hostId ?? '';
  return {
    label,
    address,
    port,
    program,
    hostname: hostnameOf(place, label),
    application:
      listener?.http?.transport === 'tls' ? 'https' : application(place, view, port, listener, program),
    http: listener?.http ?? null,
    proxy: listener?.proxy ?? null,
  };
}

function hostnameOf(place: NetworkPlace | null, label: string): string {
  if (place === null) return label.split('/').at(-1) ?? label;
  switch (place.kind) {
    case 'pod':
      return place.pod.metadata.name;
    case 'node':
      return place.node.metadata.name;
    case 'vm':
      return place.vm.osProfile.computerName;
    case 'outside':
      return place.outside.name;
  }
}

/** What is spoken on the port. A web server answers with the client address it sees. */
function application(
  place: NetworkPlace | null,
  view: NetworkView,
  port: number,
  listener: NetworkListener | undefined,
  program: string,
): Server['application'] {
  if (place === null) {
    if (/kube-apiserver|API server/i.test(program)) return 'kubernetes-api';
    return port === 443 ? 'kubernetes-api' : port === 53 ? 'dns' : 'http';
  }
  switch (place.kind) {
    case 'pod':
      return (
        podListeners(place.pod.spec).listeners.find((each) => each.port === port)?.application ?? 'opaque'
      );
    case 'vm':
      return place.vm.simulation.listeners.find((each) => each.port === port)?.application ?? 'opaque';
    case 'outside':
      return port === 443 ? 'https' : port === 22 ? 'ssh' : port === 53 ? 'dns' : 'http';
    case 'node': {
      if (port === 22) return 'ssh';
      if (listener?.http !== undefined) return 'http';
      const pods = Object.values(view.cloud.kubernetes[place.cluster.key]?.pods ?? {});
      const owner = pods.find(
        (pod) =>
          pod.spec.hostNetwork === true &&
          pod.spec.nodeName === place.node.metadata.name &&
          podListeners(pod.spec).listeners.some((each) => each.port === port),
      );
      return owner === undefined
        ? 'opaque'
        : (podListeners(owner.spec).listeners.find((each) => each.port === port)?.application ?? 'opaque');
    }
  }
}

const RESOLVED = /(?:^|answers for )(\d+\.\d+\.\d+\.\d+) (?:is at|with) /;

/** Every node that asked for a MAC on the way knows it now. */
function withNeighbours(view: NetworkView, trace: Trace): Cloud {
  let { cloud } = view;
  for (const { place, address } of resolvedOnTheWay(trace)) {
    const node = view.directory.nodes.find((each) => each.host === place);
    if (node !== undefined)
      cloud = recordNeighbour(cloud, node.cluster.key, node.node.metadata.name, address);
  }
  return cloud;
}

/** Returns who asked for which address by ARP, in both directions. */
export function resolvedOnTheWay(
  trace: Trace,
): readonly { readonly place: string; readonly address: string }[] {
  return [...trace.hops, ...(trace.reverse?.hops ?? [])].flatMap((hop) =>
    hop.steps.flatMap((step) => {
      const address = step.kind === 'arp' ? RESOLVED.exec(step.action)?.[1] : undefined;
      return address === undefined ? [] : [{ place: hop.place, address }];
    }),
  );
}

/** The lines of `/proc/net/arp` that a pod or VM has after a conversation; nodes keep theirs in the cloud. */
export function learnedHere(view: NetworkView, trace: Trace | null): readonly string[] {
  if (trace === null || nodeOfView(view) !== null) return [];
  return [
    ...new Set(
      resolvedOnTheWay(trace).flatMap((each) => (each.place === view.host.id ? [each.address] : [])),
    ),
  ];
}
