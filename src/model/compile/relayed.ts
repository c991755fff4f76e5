/**
 * A request over a forward proxy: the connection to the proxy, what it does with the request, and the connection
 * that it opens itself, from its own place and to the name as that place resolves it.
 */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { formatAddress } from '../ip/address.ts';
import { findListener } from '../network/host-index.ts';
import type { Listener, Request } from '../network/network.ts';
import type { ForwardProxy } from '../proxy/forward-proxy.ts';
import { relayOf } from '../proxy/relay.ts';
import type { Relay, RelayRequest } from '../proxy/relay.ts';
import { endBeforeRelay, joinTraces } from '../trace/relay.ts';
import type { RelayAction } from '../trace/relay.ts';
import type { Candidate, Trace } from '../trace/trace.ts';
import { trace } from '../trace/walk.ts';
import type { Directory, Place } from './directory.ts';
import type { EndError } from './end-error.ts';
import { requestFor, resolveTarget } from './ends.ts';
import type { Target } from './ends.ts';
import {
  actionOf,
  failureOf,
  looped,
  noProxy,
  readsOf,
  refused,
  unresolved,
  urlOf,
} from './relayed-words.ts';
import type { RelayedRequest } from './relayed-words.ts';

export type { RelayedRequest } from './relayed-words.ts';

/** Where a proxy listens, as a client's variable names it. */
export interface ProxyEnd {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** One proxy on the way: where it runs, what it was asked, and what it made of it. */
export interface PassedProxy {
  /** Null where nothing that is simulated as a proxy listens. */
  readonly place: Place | null;
  readonly listener: Listener | null;
  readonly relay: Relay;
}

export interface RelayedAnswer {
  readonly trace: Trace;
  /** What the request is for, as the last proxy resolves it; null where it does not, or is not asked to. */
  readonly target: Target | null;
  /** In the order in which the request meets them. */
  readonly proxies: readonly PassedProxy[];
}

/**
 * Returns the trace of a request that a place sends to a proxy. `lost` is told at the proxy's step: what else could
 * have decided where the request goes. The error says why the proxy's own name is none at `from`.
 */
export function traceOverProxy(
  directory: Directory,
  from: Place,
  proxy: ProxyEnd,
  request: RelayedRequest,
  sourcePort: (connection: string) => number,
  lost: readonly Candidate[] = [],
): Result<RelayedAnswer, EndError> {
  const world: World = { directory, request, sourcePort };
  return follow(world, from, proxy, lost, []);
}

/** Nobody has seen what listens there: it is taken for a proxy that passes everything on. */
const ASSUMED: Relay = { kind: 'passes', reads: 'nothing', shows: null };
/** Seen with busybox 1.35's wget and mitmdump 8.1.1, whose log says "Client disconnected." and of no server. */
function halfOpen({ program }: ForwardProxy): Relay {
  return {
    kind: 'closes',
    by: program,
    why: 'it is no CONNECT but a plain GET, behind which the client shuts its side of the connection, as if it were gone',
    over: 'connection',
    shows: null,
  };
}

const REGULAR: ForwardProxy['mode'] = { kind: 'regular' };

interface World {
  readonly directory: Directory;
  readonly request: RelayedRequest;
  readonly sourcePort: (connection: string) => number;
}

function follow(
  world: World,
  from: Place,
  proxy: ProxyEnd,
  lost: readonly Candidate[],
  passed: readonly string[],
): Result<RelayedAnswer, EndError> {
  const { directory, request } = world;
  const end = resolveTarget(directory, `${proxy.scheme}://${proxy.host}:${proxy.port}`, from);
  if (!end.ok) return end;
  // To a proxy of scheme https the first bytes are TLS with the proxy itself.
  const says = proxy.scheme === 'https' ? requestFor('https', proxy.host) : requestFor('http', request.host);
  const first = connect(world, from, end.value, proxy.port, says);
  if (first.disposition !== 'delivered' || first.seenSource === null) {
    const where = `${proxy.host}:${proxy.port}`;
    return ok({
      trace: endBeforeRelay(first, `the request does not reach the proxy ${where}: `),
      target: null,
      proxies: [],
    });
  }
  const taker = takerOf(directory, first);
  const mode = taker.listener?.proxy?.mode ?? (taker.listener?.assumed === true ? REGULAR : undefined);
  if (taker.listener === null || taker.place === null || mode === undefined) {
    const what = taker.listener?.program ?? 'what listens';
    const by = `${what} at ${taker.place?.label ?? first.hops.at(-1)?.place ?? ''}`;
    return ok({ trace: noProxy(first, by, request, lost), target: null, proxies: [] });
  }
  const by = `${taker.listener.program} at ${taker.place.label}`;
  const client = formatAddress(first.seenSource.address);
  const { proxy: known } = taker.listener;
  const asked = known === undefined ? ASSUMED : relayOf(known, client, relayRequest(request));
  const isHalfOpen = known !== undefined && request.scheme === 'https' && request.asksBy === 'half-open-get';
  const relay = isHalfOpen && asked.kind === 'passes' ? halfOpen(known) : asked;
  const here: PassedProxy = { ...taker, relay };
  if (relay.kind !== 'passes' && !(relay.kind !== 'undetermined' && relay.over === 'tls')) {
    return ok({ trace: refused(first, by, relay, request, lost), target: null, proxies: [here] });
  }
  if (passed.includes(by)) {
    const reason = `the request comes back to ${by}, which hands it on the same way again`;
    return ok({ trace: looped(first, by, reason, request, lost), target: null, proxies: [here] });
  }
  const onwards = goOn(world, taker.place, mode, [...passed, by]);
  if (!onwards.ok) {
    // Only the proxy asks for the name, so only its answer says that there is none.
    return ok({
      trace: unresolved(first, by, onwards.error.message, relay, request, lost),
      target: null,
      proxies: [here],
    });
  }
  const { value } = onwards;
  const proxies = [here, ...value.proxies];
  if (value.proxies.length === 0 && value.trace.disposition === 'delivered' && mode.kind === 'regular') {
    // It takes its own request for a new one, and finds itself in the Host header again.
    const end = takerOf(directory, value.trace);
    if (end.listener === taker.listener && end.place === taker.place) {
      const reason = `the request asks ${by} for itself`;
      return ok({ trace: looped(first, by, reason, request, lost), target: value.target, proxies });
    }
  }
  // What is denied inside TLS is denied once the server has been reached.
  if (relay.kind !== 'passes' && value.trace.disposition === 'delivered') {
    return ok({ trace: refused(first, by, relay, request, lost), target: value.target, proxies });
  }
  const action: RelayAction = {
    by,
    action: actionOf(mode, relay, request),
    lost,
    reads: readsOf(relay),
  };
  const failure = failureOf(by, mode, request, value.trace);
  return ok({ ...value, proxies, trace: joinTraces(first, action, value.trace, failure) });
}

/** The connection that the proxy opens: to the server, or to the proxy that it hands everything to. */
function goOn(
  world: World,
  place: Place,
  mode: ForwardProxy['mode'],
  passed: readonly string[],
): Result<RelayedAnswer, EndError> {
  if (mode.kind === 'upstream') return follow(world, place, mode, [], passed);
  const { request, directory } = world;
  const target = resolveTarget(directory, urlOf(request), place);
  if (!target.ok) return err(target.error);
  const says = requestFor(request.scheme, request.host);
  const second = connect(world, place, target.value, request.port, says);
  return ok({ trace: second, target: target.value, proxies: [] });
}

function connect(world: World, from: Place, to: Target, port: number, request: Request): Trace {
  if (from.host === null) throw new Error(`${from.label} has no host`);
  return trace(world.directory.compiled.network, {
    from: from.host,
    protocol: 'tcp',
    source: { address: null, port: world.sourcePort(`${from.label} ${to.label} tcp ${port}`) },
    destination: { address: to.address, port },
    request,
  });
}

type Taker = Pick<PassedProxy, 'place' | 'listener'>;

function takerOf(directory: Directory, first: Trace): Taker {
  const last = first.hops.at(-1);
  const header = last?.steps.at(-1)?.after;
  const host = directory.compiled.network.hosts.get(last?.place ?? '');
  if (host === undefined || header === undefined) return { place: null, listener: null };
  const { port, address } = header.destination;
  const listener = findListener(host, 'tcp', port, address);
  const place =
    directory.machines.find((each) => each.host === host.id) ??
    directory.pods.find((each) => each.label === host.id && each.host === host.id) ??
    directory.nodes.find((each) => each.host === host.id) ??
    directory.outside.find((each) => each.host === host.id) ??
    null;
  return { place, listener };
}

function relayRequest({ scheme, host, port, path, credentials }: RelayedRequest): RelayRequest {
  return {
    method: scheme === 'https' ? 'CONNECT' : 'GET',
    host,
    port,
    path,
    ...(credentials === undefined ? {} : { credentials }),
  };
}
