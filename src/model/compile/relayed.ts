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
import { endAtRelay, endBeforeRelay, joinTraces } from '../trace/relay.ts';
import type { RelayAction } from '../trace/relay.ts';
import type { Candidate, Trace } from '../trace/trace.ts';
import { trace } from '../trace/walk.ts';
import type { Directory, Place } from './directory.ts';
import type { EndError } from './end-error.ts';
import { requestFor, resolveTarget } from './ends.ts';
import type { Target } from './ends.ts';

/** Where a proxy listens, as a client's variable names it. */
export interface ProxyEnd {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** What is asked for. `url` is the whole of it as the client was given it. */
export interface RelayedRequest {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** `user:password`, if the client sends any. */
  readonly credentials?: string;
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
  if (taker.listener === null || taker.place === null || taker.listener.proxy === undefined) {
    return ok(noProxy(first, taker, asked(request), lost));
  }
  const by = `${taker.listener.program} at ${taker.place.label}`;
  const relay = relayOf(taker.listener.proxy, formatAddress(first.seenSource.address), relayRequest(request));
  const here: PassedProxy = { ...taker, relay };
  if (relay.kind !== 'passes' && !(relay.kind !== 'undetermined' && relay.over === 'tls')) {
    return ok({ trace: refused(first, by, relay, request, lost), target: null, proxies: [here] });
  }
  if (passed.includes(by)) {
    const reason = `the request comes back to ${by}, which hands it on the same way again`;
    return ok({ trace: looped(first, by, reason, request, lost), target: null, proxies: [here] });
  }
  const onwards = goOn(world, taker.place, taker.listener.proxy, [...passed, by]);
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
  // What is denied inside TLS is denied once the server has been reached.
  if (relay.kind !== 'passes' && value.trace.disposition === 'delivered') {
    return ok({ trace: refused(first, by, relay, request, lost), target: value.target, proxies });
  }
  const action: RelayAction = {
    by,
    action: actionOf(taker.listener.proxy, relay, request),
    lost,
    reads: relay.kind === 'passes' ? relay.reads : 'all',
  };
  const failure = failureOf(by, value.trace);
  return ok({ ...value, proxies, trace: joinTraces(first, action, value.trace, failure) });
}

/** The connection that the proxy opens: to the server, or to the proxy that it hands everything to. */
function goOn(
  world: World,
  place: Place,
  { mode }: ForwardProxy,
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

function noProxy(
  first: Trace,
  { place, listener }: Taker,
  what: string,
  lost: readonly Candidate[],
): RelayedAnswer {
  const where = place?.label ?? first.hops.at(-1)?.place ?? '';
  const by = `${listener?.program ?? 'what listens'} at ${where}`;
  const reason = `what ${by} answers to ${what} is not known: it is no proxy that is simulated`;
  return {
    trace: endAtRelay(
      first,
      { by, action: `takes ${what}`, lost, reads: 'all' },
      { by, disposition: 'undetermined', reason, answer: null, senderSees: 'not known' },
    ),
    target: null,
    proxies: [],
  };
}

function refused(
  first: Trace,
  by: string,
  relay: Exclude<Relay, { kind: 'passes' }>,
  request: RelayedRequest,
  lost: readonly Candidate[],
): Trace {
  const what = asked(request);
  switch (relay.kind) {
    case 'undetermined': {
      const reason = `${by} takes ${what}, and ${relay.reason}`;
      return endAtRelay(
        first,
        { by, action: `takes ${what}`, lost, reads: 'all' },
        { by, disposition: 'undetermined', reason, answer: null, senderSees: 'not known' },
      );
    }
    case 'answers': {
      const status = `${relay.status} ${relay.reason}`.trim();
      const inside = relay.over === 'tls' ? `takes ${what} and reads the request in it` : `reads ${what}`;
      return endAtRelay(
        first,
        { by, action: `${inside}: answers ${status}`, lost, reads: 'all' },
        {
          by: relay.by,
          disposition: 'denied-outbound',
          reason: `${by} answers ${status} by ${relay.by} and passes nothing on`,
          answer: `answers ${status}`,
          senderSees: `the answer ${status}, which is the proxy's own`,
        },
      );
    }
    case 'closes':
      return endAtRelay(
        first,
        { by, action: 'closes the connection without an answer', lost, reads: 'all' },
        {
          by: relay.by,
          disposition: 'denied-outbound',
          reason: `${by} closes the connection without an answer: ${relay.why}`,
          answer: 'closes the connection',
          senderSees: 'that the connection opens and is closed without an answer',
        },
      );
  }
}

function unresolved(
  first: Trace,
  by: string,
  message: string,
  relay: Relay,
  request: RelayedRequest,
  lost: readonly Candidate[],
): Trace {
  const why = message.replace(/\.$/, '');
  return endAtRelay(
    first,
    { by, action: `takes ${asked(request)} and looks the name up`, lost, reads: readsOf(relay) },
    {
      by,
      disposition: 'no-route',
      reason: `${by} takes the request and has no address to send it to: ${why}`,
      answer: `answers ${BAD_GATEWAY}`,
      senderSees: `the answer ${BAD_GATEWAY}, which is the proxy's own`,
    },
  );
}

function looped(
  first: Trace,
  by: string,
  reason: string,
  request: RelayedRequest,
  lost: readonly Candidate[],
): Trace {
  return endAtRelay(
    first,
    { by, action: `takes ${asked(request)} and hands it on`, lost, reads: 'all' },
    {
      by,
      disposition: 'loop',
      reason,
      answer: null,
      senderSees: 'a timeout, or an error once the proxies have no connections left',
    },
  );
}

const BAD_GATEWAY = '502 Bad Gateway';

/** mitmproxy tries the server first and only then answers CONNECT (`connection_strategy` eager, its default). */
function failureOf(by: string, second: Trace): { reason: string; answer: string; senderSees: string } {
  const reason = `${by} takes the request, but its own connection fails: ${second.reason}`;
  const answer = `answers ${BAD_GATEWAY}`;
  const known = second.relayed?.senderSees ?? null;
  if (known !== null) return { reason, answer, senderSees: known };
  const waits = second.disposition === 'refused' || second.hops.length <= 1 ? '' : WHEN_TIMED_OUT;
  return { reason, answer, senderSees: `the answer ${BAD_GATEWAY}, which is the proxy's own${waits}` };
}

const WHEN_TIMED_OUT = ", once the proxy's own attempt has timed out";

function actionOf({ mode }: ForwardProxy, relay: Relay, request: RelayedRequest): string {
  const what = asked(request);
  const verb = request.scheme === 'https' ? 'takes' : 'reads';
  const onwards =
    mode.kind === 'upstream'
      ? `hands it on to the proxy ${mode.host}:${mode.port}`
      : 'opens a connection of its own';
  if (request.scheme === 'http') return `${verb} ${what} and ${onwards}`;
  if (readsOf(relay) === 'nothing')
    return `${verb} ${what} and ${onwards}: a tunnel, of which it reads nothing`;
  const shows = relay.kind === 'undetermined' ? null : relay.shows;
  const certificate = shows?.kind === 'own' ? 'one of its own certificates' : 'a certificate that it issued';
  return `${verb} ${what} and ${onwards}; it reads what passes, and the client sees ${certificate}`;
}

function readsOf(relay: Relay): 'all' | 'nothing' {
  return relay.kind === 'passes' ? relay.reads : 'all';
}

/** `CONNECT example.com:443`, or `GET http://example.com/`. */
function asked(request: RelayedRequest): string {
  return request.scheme === 'https' ? `CONNECT ${request.host}:${request.port}` : `GET ${urlOf(request)}`;
}

function urlOf({ scheme, host, port, path }: RelayedRequest): string {
  const shown = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  return `${scheme}://${host}${shown}${path}`;
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
