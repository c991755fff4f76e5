/** A proxy's own connection to whom it asks, and whether it believes what it is shown there. */
import { parsePem } from '../../model/certificates/pem.ts';
import { publicRoot } from '../../model/certificates/public-authority.ts';
import { opensslReason } from '../../model/certificates/trust-words.ts';
import { verifyServer } from '../../model/certificates/verify.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Place as NetworkPlace } from '../../model/compile/directory.ts';
import { requestFor } from '../../model/compile/ends.ts';
import type { ForwardProxy } from '../../model/proxy/forward-proxy.ts';
import type { ProxyServer } from '../../model/proxy/log-event.ts';
import type { Place } from '../command.ts';
import { attempt, type Attempt } from './attempt.ts';
import type { Peer } from './http-exchange.ts';
import { lookUp } from './name-lookup.ts';
import type { NetworkView } from './network-view.ts';

/** Linux gives a connection up after six retransmissions of the SYN. */
const CONNECT_SECONDS = 134;

/** `error`: in the words of Python. `seconds`: how long it takes to find out. */
export type Reached =
  | {
      readonly kind: 'connected';
      readonly made: Attempt;
      readonly server: ProxyServer;
      readonly cloud: Cloud;
    }
  | {
      readonly kind: 'failed';
      readonly server: ProxyServer;
      readonly error: string;
      readonly seconds: number;
      readonly cloud: Cloud;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Connects from the proxy's own place, to the address that it has for the name; `named` is whom the first bytes name. */
export function reachFrom(
  view: NetworkView,
  { host, port }: { readonly host: string; readonly port: number },
  scheme: 'http' | 'https',
  named: string,
): Reached {
  const found = lookUp(view, host);
  const server = { host, port, address: found.ok ? (found.value.addresses[0] ?? null) : null };
  const failed = (cloud: Cloud, error: string, seconds = 0): Reached => ({
    kind: 'failed',
    server,
    error,
    seconds,
    cloud,
  });
  if (!found.ok || server.address === null) {
    return !found.ok && found.error.kind !== 'no-such-name'
      ? failed(view.cloud, '[Errno -3] Temporary failure in name resolution', 20)
      : failed(view.cloud, '[Errno -2] Name or service not known');
  }
  const made = attempt(view, server.address, 'tcp', port, requestFor(scheme, named || host));
  const { cloud } = made;
  const at = `('${server.address}', ${port})`;
  switch (made.kind) {
    case 'unknown':
      return { kind: 'unknown', reason: made.reason };
    case 'refused':
      return failed(cloud, `[Errno 111] Connect call failed ${at}`);
    case 'network-unreachable':
      return failed(cloud, '[Errno 101] Network is unreachable');
    case 'host-unreachable':
      return failed(cloud, `[Errno 113] Connect call failed ${at}`, 3);
    case 'timeout':
      if (made.after === 'nothing')
        return failed(cloud, `[Errno 110] Connect call failed ${at}`, CONNECT_SECONDS);
      break;
    case 'connected':
    case 'intercepted':
      break;
  }
  return { kind: 'connected', made, server, cloud };
}

/** Why the proxy's own handshake with a server fails, as it says it; null where it does not. */
export function handshakeFault(
  proxy: ForwardProxy,
  tls: Peer['tls'],
  host: string,
  at: number,
): string | null {
  if (tls === 'no-tls') return 'The remote server does not speak TLS.';
  if (typeof tls === 'string') return 'connection closed';
  if (proxy.verifiesServers === 'no') return null;
  const own = proxy.trustedCa === undefined ? null : parsePem(proxy.trustedCa);
  const verdict = verifyServer({
    chain: tls.chain,
    trusted: own?.ok === true ? own.value : [publicRoot()],
    host,
    at,
    reader: 'openssl',
  });
  if (verdict.kind === 'trusted') return null;
  return `Certificate verify failed: ${verdict.kind === 'undetermined' ? verdict.why : opensslReason(verdict).text}`;
}

/** Where a machine with this label has its shell. */
export function placeOf(view: NetworkView, label: string): Place | null {
  const { directory } = view;
  const found = [...directory.machines, ...directory.pods, ...directory.nodes, ...directory.outside].find(
    (each) => each.label === label,
  );
  return found === undefined ? null : shellPlace(found);
}

function shellPlace(place: NetworkPlace): Place {
  switch (place.kind) {
    case 'vm':
      return { kind: 'vm', id: place.vm.id };
    case 'pod':
      return {
        kind: 'pod',
        cluster: place.cluster.key,
        namespace: place.pod.metadata.namespace ?? 'default',
        name: place.pod.metadata.name,
      };
    case 'node':
      return { kind: 'node', cluster: place.cluster.key, name: place.node.metadata.name };
    case 'outside':
      return { kind: place.outside.kind, name: place.outside.name };
  }
}
