/** The words of a request over a forward proxy: what the proxy does with it, and how that can end. */
import type { ForwardProxy } from '../proxy/forward-proxy.ts';
import type { Relay } from '../proxy/relay.ts';
import { endAtRelay } from '../trace/relay.ts';
import type { RelayFailure } from '../trace/relay.ts';
import type { Candidate, Trace } from '../trace/trace.ts';

/** What is asked for. */
export interface RelayedRequest {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** `user:password`, if the client sends any. */
  readonly credentials?: string;
  /** How the client asks for https; `tunnel` if absent. */
  readonly asksBy?: 'tunnel' | 'half-open-get';
}

type Mode = ForwardProxy['mode'];

/** What took the connection is nothing that is simulated as a proxy. */
export function noProxy(
  first: Trace,
  by: string,
  request: RelayedRequest,
  lost: readonly Candidate[],
): Trace {
  const what = asked(request);
  const reason = `what ${by} answers to ${what} is not known: it is no proxy that is simulated`;
  return endAtRelay(
    first,
    { by, action: `takes ${what}`, lost, reads: 'all' },
    { by, disposition: 'undetermined', reason, answer: null, senderSees: 'not known' },
  );
}

export function refused(
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

export function unresolved(
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

export function looped(
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
      senderSees: 'a timeout, or an error once no more connections can be opened',
    },
  );
}

const BAD_GATEWAY = '502 Bad Gateway';

/**
 * mitmproxy tries the server first and only then answers CONNECT (`connection_strategy` eager, its default). With
 * an upstream proxy it answers CONNECT at once, and the error follows inside TLS. Both seen with mitmdump 8.1.1.
 */
export function failureOf(by: string, mode: Mode, { scheme }: RelayedRequest, second: Trace): RelayFailure {
  const reason = `${by} takes the request, but its own connection fails: ${second.reason}`;
  const answer = `answers ${BAD_GATEWAY}`;
  if (mode.kind === 'upstream') {
    const known = second.relayed?.senderSees ?? null;
    if (scheme === 'http' && known !== null) return { reason, answer, senderSees: known };
    const opens = scheme === 'https' ? 'that the tunnel opens, and inside it ' : '';
    return { reason, answer, senderSees: `${opens}the answer ${BAD_GATEWAY}, which is the proxy's own` };
  }
  const waits = second.disposition === 'refused' || second.hops.length <= 1 ? '' : WHEN_TIMED_OUT;
  return { reason, answer, senderSees: `the answer ${BAD_GATEWAY}, which is the proxy's own${waits}` };
}

const WHEN_TIMED_OUT = ", once the proxy's own attempt has timed out";

export function actionOf(mode: Mode, relay: Relay, request: RelayedRequest): string {
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

export function readsOf(relay: Relay): 'all' | 'nothing' {
  return relay.kind === 'passes' ? relay.reads : 'all';
}

/** `CONNECT example.com:443`, or `GET http://example.com/`. */
function asked(request: RelayedRequest): string {
  const tunnels = request.scheme === 'https' && request.asksBy !== 'half-open-get';
  return tunnels ? `CONNECT ${request.host}:${request.port}` : `GET ${urlOf(request)}`;
}

export function urlOf({ scheme, host, port, path }: RelayedRequest): string {
  const shown = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  return `${scheme}://${host}${shown}${path}`;
}
