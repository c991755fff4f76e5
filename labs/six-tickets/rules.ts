/** What the company wants of its proxy, whatever is mended: all goes by it, it reads, and it is for the nodes alone. */
import { isMissing } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Holds } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Question } from '../../src/model/compile/ask.ts';
import { isReady } from '../../src/model/kubernetes/pod-status.ts';
import type { ForwardProxy } from '../../src/model/proxy/forward-proxy.ts';
import { relayOf } from '../../src/model/proxy/relay.ts';
import {
  PAY,
  PROXY,
  PROXY_PORT,
  asked,
  endOf,
  failuresOf,
  nodesOf,
  podsOf,
  proxyOf,
  relaysOf,
  viewParcels,
} from './parcels.ts';

/** Names outside that nothing may exempt. */
const OUTSIDE = ['www.example.com', 'ifconfig.me', 'mcr.microsoft.com', 'registry-1.docker.io'];
const PORTS = [22, 80, 443, 3128, PROXY_PORT, 8081];

/** Returns what the proxy does that it must not, or null. */
function readingProblem(proxy: ForwardProxy, client: string): string | null {
  const connect = (host: string) => relayOf(proxy, client, { method: 'CONNECT', host, port: 443 });
  for (const host of OUTSIDE) {
    const relay = connect(host);
    if (relay.kind !== 'passes') return `The proxy does not let ${host} pass.`;
    if (relay.reads !== 'all') return `The proxy passes ${host} on unread.`;
  }
  const pay = connect(new URL(PAY).hostname);
  if (pay.kind !== 'passes' || pay.reads !== 'nothing') return 'The proxy reads payments.';
  return proxy.verifiesServers === 'yes' && proxy.mode.kind === 'regular'
    ? null
    : 'The proxy no longer checks the certificates of servers itself.';
}

/** Returns who asks for something outside without the proxy, or null. */
function detour(cloud: Cloud, view: ClusterView): string | null {
  const places = [
    ...(['desk', 'night'] as const).flatMap((app) => podsOf(view, app).filter(isReady).map(endOf)),
    ...nodesOf(view).map(({ metadata }) => `node/${metadata.name}`),
  ];
  for (const from of places) {
    for (const host of OUTSIDE) {
      const answer = asked(cloud, { from, to: `https://${host}` });
      const relays = relaysOf(answer);
      if (relays.length !== 1 || relays[0] !== PROXY)
        return `${from} does not ask ${PROXY} for https://${host}.`;
    }
  }
  return null;
}

const words = ({ from, to, protocol = 'tcp', port }: Question): string =>
  `${from} to ${to}${port === undefined ? '' : ` ${protocol}/${port}`}`;

/** Returns what gets through that must not, or null. */
function opened(cloud: Cloud, view: ClusterView): string | null {
  const nodes = nodesOf(view).map(({ metadata }) => `node/${metadata.name}`);
  const pods = (['desk', 'night', 'counter'] as const).flatMap((app) =>
    podsOf(view, app).filter(isReady).map(endOf),
  );
  const questions: readonly Question[] = [
    ...['vm/vm-office', 'vm/vm-stock', 'host/web'].flatMap((from) =>
      PORTS.map((port) => ({ from, to: PROXY, port })),
    ),
    ...nodes.flatMap((from) =>
      PORTS.filter((port) => port !== PROXY_PORT).map((port) => ({ from, to: PROXY, port })),
    ),
    ...PORTS.map((port) => ({ from: 'vm/vm-office', to: 'vm/vm-stock', port })),
    ...[...nodes, ...pods].flatMap((from) => [
      ...PORTS.map((port) => ({ from, to: 'host/web', port })),
      { from, to: 'host/pay', port: 443 },
      { from, to: 'host/registries', port: 443 },
    ]),
  ];
  for (const question of questions) {
    const { disposition } = asked(cloud, question).trace;
    if (disposition === 'delivered' || disposition === 'refused')
      return `${words(question)} gets through, and must not.`;
  }
  return null;
}

function isBroken(cloud: Cloud): boolean {
  const failures = failuresOf(cloud);
  return isMissing(failures) || failures.length > 0;
}

export function asMeant(cloud: Cloud): Holds {
  const view = viewParcels(cloud);
  if (isMissing(view)) return { passed: false, found: view.missing };
  const listener = proxyOf(cloud);
  if ('missing' in listener) return { passed: false, found: listener.missing };
  const found =
    (listener.proxy === undefined ? null : readingProblem(listener.proxy, '10.80.0.4')) ??
    // Who does not get to the proxy yet is the other task's matter.
    (isBroken(cloud) ? null : detour(cloud, view)) ??
    opened(cloud, view);
  return found === null ? { passed: true } : { passed: false, found };
}
