/**
 * What a client hears from a forward proxy: mitmproxy in regular mode, and the connection that it opens itself.
 * What happens is noted for its log.
 */
import { appendProxyLog } from '../../model/azure/proxy-log.ts';
import { parsePem } from '../../model/certificates/pem.ts';
import { publicRoot } from '../../model/certificates/public-authority.ts';
import { opensslReason } from '../../model/certificates/trust-words.ts';
import { verifyServer } from '../../model/certificates/verify.ts';
import type { Certificate } from '../../model/certificates/certificate.ts';
import type { Cloud } from '../../model/cloud.ts';
import { requestFor } from '../../model/compile/ends.ts';
import type { Place as NetworkPlace } from '../../model/compile/directory.ts';
import type { ForwardProxy } from '../../model/proxy/forward-proxy.ts';
import type { ProxyLogEvent, ProxyServer } from '../../model/proxy/log-event.ts';
import { leafCertificate } from '../../model/proxy/mitmproxy-authority.ts';
import { relayOf, type Relay, type RelayRequest } from '../../model/proxy/relay.ts';
import type { Place } from '../command.ts';
import { attempt } from './attempt.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import { peerOf, type Connected, type Peer, type Reply } from './http-exchange.ts';
import type { TlsEnd } from './http-exchange-tls.ts';
import { lookUp } from './name-lookup.ts';
import { viewFrom, type NetworkView } from './network-view.ts';

const BAD_GATEWAY = 502;
/** Linux gives a connection up after six retransmissions of the SYN. */
const CONNECT_SECONDS = 134;

/** Either the tunnel stands, or the proxy says what else. `seconds`: how long the proxy needs to say it. */
export type ConnectReply =
  | { readonly kind: 'tunnel'; readonly peer: Peer }
  | { readonly kind: 'answers'; readonly answer: HttpAnswer; readonly seconds: number }
  | Exclude<Reply, { readonly kind: 'answer' }>;

export interface ProxyConnection {
  /** The proxy as a server of its own: what it shows to a client that begins TLS with it. */
  readonly own: Peer;
  readonly connect: (request: TunnelRequest) => ConnectReply;
  /** What it answers to a request with an absolute URL. */
  readonly ask: (request: PlainRequest) => Reply;
  /** Returns the cloud once the client has hung up. */
  readonly close: () => Cloud;
}

export interface TunnelRequest {
  readonly host: string;
  readonly port: number;
  /** What will be asked inside: filters look at it. */
  readonly path: string;
  readonly method: string;
  /** The server that TLS names; empty without a name. */
  readonly serverName: string;
  readonly credentials: string | null;
  readonly inside: 'http' | 'https';
  /** Of CONNECT, for the log; whoever leaves them out sends none that anybody looks at. */
  readonly headers?: HttpAnswer['headers'];
}

export interface PlainRequest extends HttpRequest {
  /** Of the URL; `host` is what the Host header says. */
  readonly urlHost: string;
  readonly port: number;
  readonly credentials: string | null;
}

/** Returns the conversation with the proxy that took the connection; null if what took it is none. */
export function proxyConnection(
  view: NetworkView,
  made: Connected,
  nextConnection?: () => number,
): ProxyConnection | null {
  const { proxy } = made.server;
  if (proxy === null) return null;
  const place = placeOf(view, made.server.label);
  const own = place === null ? null : viewFrom(made.cloud, place, nextConnection);
  if (own === null || !own.ok) return null;
  return new Relaying(made, proxy, own.value, place);
}

function placeOf(view: NetworkView, label: string): Place | null {
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

/** What a server that is no proxy answers to CONNECT, as far as it is known. */
export function plainServerOnConnect(peer: Peer): ConnectReply {
  const reply = peer.answer({ host: '', path: '/', method: 'CONNECT' }, 'plain');
  if (reply.kind !== 'answer') return reply;
  const program = reply.answer.headers.find(([name]) => name === 'Server')?.[1] ?? '';
  switch (program) {
    // Since 1.21.1, and since Python 3 as it is.
    case 'nginx':
      return { kind: 'answers', answer: { ...reply.answer, status: 405, reason: 'Not Allowed' }, seconds: 0 };
    case 'python3':
      return {
        kind: 'answers',
        answer: { ...reply.answer, status: 501, reason: "Unsupported method ('CONNECT')" },
        seconds: 0,
      };
  }
  return { kind: 'unknown', reason: `what ${program || 'this server'} answers to CONNECT is not simulated` };
}

/** The proxy's connection to a server, or why there is none. */
type Upstream =
  | { readonly kind: 'connected'; readonly peer: Peer; readonly server: ProxyServer }
  | {
      readonly kind: 'failed';
      readonly server: ProxyServer;
      readonly error: string;
      readonly seconds: number;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

class Relaying implements ProxyConnection {
  readonly own: Peer;
  readonly #made: Connected;
  readonly #proxy: ForwardProxy;
  readonly #view: NetworkView;
  readonly #place: Place | null;
  readonly #events: ProxyLogEvent[] = [];
  #server: ProxyServer | null = null;
  #cloud: Cloud;

  constructor(made: Connected, proxy: ForwardProxy, view: NetworkView, place: Place | null) {
    this.#made = made;
    this.#proxy = proxy;
    this.#view = view;
    this.#place = place;
    this.#cloud = view.cloud;
    this.#note({ kind: 'client-connect' });
    this.own = {
      tls: this.#shown({ kind: 'issued', host: made.server.address }, null, 'http/1.1'),
      answer: ({ version }) => ({
        kind: 'answer',
        answer: errorPage(proxy.version, DESTINATION_UNKNOWN, version),
      }),
    };
  }

  connect(request: TunnelRequest): ConnectReply {
    const { host, port } = request;
    const relay = this.#relay({ ...request, method: 'CONNECT', innerMethod: request.method });
    const url = `${host}:${port}`;
    if (relay.kind === 'undetermined') return { kind: 'unknown', reason: relay.reason };
    if (relay.kind !== 'passes' && relay.over === 'connection') {
      const said = this.#refuse(relay, connectOf(request), url);
      return said.kind === 'answer' ? { kind: 'answers', answer: said.answer, seconds: 0 } : said;
    }
    const upstream = this.#reach(host, port, request.inside, request.serverName);
    if (upstream.kind === 'unknown') return upstream;
    if (upstream.kind === 'failed') {
      const text = `Cannot connect to ${url}: ${upstream.error}`;
      const answer: HttpAnswer = {
        status: BAD_GATEWAY,
        reason: 'Bad Gateway',
        headers: [['content-length', String(text.length)]],
        body: text,
      };
      this.#answered(connectOf(request), url, answer);
      return { kind: 'answers', answer, seconds: upstream.seconds };
    }
    if (relay.kind === 'passes' && relay.reads === 'nothing') return { kind: 'tunnel', peer: upstream.peer };
    return { kind: 'tunnel', peer: this.#intercepted(request, relay, upstream) };
  }

  ask(request: PlainRequest): Reply {
    const { method, host, path, urlHost, port } = request;
    const url = urlOf('http', host, port, path);
    const relay = this.#relay({ ...request, method });
    if (relay.kind === 'undetermined') return { kind: 'unknown', reason: relay.reason };
    if (relay.kind !== 'passes') return this.#refuse(relay, request, url);
    const upstream = this.#reach(urlHost, port, 'http', host);
    if (upstream.kind === 'unknown') return upstream;
    if (upstream.kind === 'failed')
      return { ...this.#failure(request, url, upstream.error), seconds: upstream.seconds };
    return this.#passed(upstream.peer, request, url, 'plain');
  }

  close(): Cloud {
    this.#note({ kind: 'client-disconnect' });
    if (this.#server !== null) this.#note({ kind: 'server-disconnect', server: this.#server });
    return this.#place?.kind === 'vm'
      ? appendProxyLog(this.#cloud, this.#place.id, this.#made.server.port, this.#events)
      : this.#cloud;
  }

  #relay(request: Omit<RelayRequest, 'credentials'> & { readonly credentials: string | null }): Relay {
    const { credentials, ...rest } = request;
    return relayOf(this.#proxy, this.#made.client, {
      ...rest,
      ...(credentials === null ? {} : { credentials }),
    });
  }

  /** Opens the second connection, from the proxy's own place and to the address that it has for the name. */
  #reach(host: string, port: number, scheme: 'http' | 'https', serverName: string): Upstream {
    if (this.#proxy.mode.kind === 'upstream') {
      return { kind: 'unknown', reason: 'what a proxy in upstream mode hears from the next one' };
    }
    const view = { ...this.#view, cloud: this.#cloud };
    const found = lookUp(view, host);
    const server = { host, port, address: found.ok ? (found.value.addresses[0] ?? null) : null };
    const failed = (error: string, seconds = 0): Upstream => {
      this.#note({ kind: 'server-connect-failed', server, error });
      return { kind: 'failed', server, error, seconds };
    };
    if (!found.ok || server.address === null) {
      return !found.ok && found.error.kind !== 'no-such-name'
        ? failed('[Errno -3] Temporary failure in name resolution', 20)
        : failed('[Errno -2] Name or service not known');
    }
    const made = attempt(view, server.address, 'tcp', port, requestFor(scheme, serverName || host));
    this.#cloud = made.cloud;
    const at = `('${server.address}', ${port})`;
    switch (made.kind) {
      case 'unknown':
        return { kind: 'unknown', reason: made.reason };
      case 'refused':
        return failed(`[Errno 111] Connect call failed ${at}`);
      case 'network-unreachable':
        return failed('[Errno 101] Network is unreachable');
      case 'host-unreachable':
        return failed(`[Errno 113] Connect call failed ${at}`, 3);
      case 'timeout':
        if (made.after === 'nothing') return failed(`[Errno 110] Connect call failed ${at}`, CONNECT_SECONDS);
        break;
      case 'connected':
      case 'intercepted':
        break;
    }
    const peer = peerOf(view, made, serverName);
    if (peer === null) throw new Error(`a connection that stands has nobody at its end: ${made.kind}`);
    this.#server = server;
    this.#note({ kind: 'server-connect', server });
    return { kind: 'connected', peer, server };
  }

  /** TLS with the client on one side and with the server on the other, and the request read in between. */
  #intercepted(
    request: TunnelRequest,
    relay: Exclude<Relay, { kind: 'undetermined' }>,
    { peer, server }: Extract<Upstream, { kind: 'connected' }>,
  ): Peer {
    const { host, port } = request;
    const fault = request.inside === 'https' ? this.#serverFault(peer, host, server) : null;
    const theirs = typeof peer.tls === 'string' ? null : peer.tls;
    const named = fault === null ? theirs : null;
    return {
      tls:
        relay.shows === null
          ? 'no-tls'
          : this.#shown(relay.shows, named?.chain[0] ?? null, named?.protocol ?? 'h2', request.serverName),
      answer: (asked, over) => {
        const url = urlOf(over === 'tls' ? 'https' : 'http', asked.host, port, asked.path);
        if (relay.kind !== 'passes') return this.#refuse(relay, asked, url);
        if (over === 'tls' && fault !== null) return this.#failure(asked, url, fault);
        return this.#passed(peer, asked, url, over);
      },
      distrusted: (alert) => {
        this.#note({ kind: 'client-tls-failed', server, why: 'untrusted', alert });
      },
    };
  }

  /** Why the proxy's own handshake with the server fails, as it says it; null where it does not. */
  #serverFault({ tls }: Peer, host: string, server: ProxyServer): string | null {
    const fault = this.#handshakeFault(tls, host);
    if (fault === null) return null;
    this.#note({ kind: 'server-tls-failed', server, error: fault });
    this.#note({ kind: 'server-disconnect', server });
    this.#server = null;
    return fault;
  }

  #handshakeFault(tls: Peer['tls'], host: string): string | null {
    if (tls === 'no-tls') return 'The remote server does not speak TLS.';
    if (typeof tls === 'string') return 'connection closed';
    if (this.#proxy.verifiesServers === 'no') return null;
    const own = this.#proxy.trustedCa === undefined ? null : parsePem(this.#proxy.trustedCa);
    const verdict = verifyServer({
      chain: tls.chain,
      trusted: own?.ok === true ? own.value : [publicRoot()],
      host,
      at: this.#view.cloud.now,
      reader: 'openssl',
    });
    if (verdict.kind === 'trusted') return null;
    return `Certificate verify failed: ${verdict.kind === 'undetermined' ? verdict.why : opensslReason(verdict).text}`;
  }

  #shown(
    shows: NonNullable<Extract<Relay, { kind: 'passes' }>['shows']>,
    upstream: Certificate | null,
    protocol: TlsEnd['protocol'],
    serverName = '',
  ): TlsEnd {
    const at = this.#view.cloud.now;
    if (shows.kind === 'own') {
      const own = parsePem(shows.pem);
      return { chain: own.ok ? own.value : [], protocol };
    }
    const leaf = leafCertificate(this.#proxy, { host: serverName || shows.host, upstream, at });
    return { chain: leaf.ok ? [leaf.value] : [], protocol };
  }

  #passed(peer: Peer, request: HttpRequest, url: string, over: 'plain' | 'tls'): Reply {
    const reply = peer.answer(request, over);
    switch (reply.kind) {
      case 'answer':
        this.#answered(request, url, reply.answer);
        return { ...reply, records: 2 };
      case 'empty':
      case 'reset':
        return this.#failure(request, url, 'server closed connection');
      case 'not-http':
        return this.#failure(request, url, `unexpected server response: ${pythonBytes(reply.said)}`);
      case 'silent':
      case 'unknown':
        return reply;
    }
  }

  #refuse(relay: Extract<Relay, { kind: 'answers' | 'closes' }>, request: Logged, url: string): Reply {
    if (relay.kind === 'closes') {
      if (relay.by === 'block_global' || relay.by === 'block_private')
        this.#note({ kind: 'client-killed', option: relay.by });
      else this.#note({ kind: 'error', ...logged(request), url, error: 'Connection killed.' });
      return { kind: 'empty' };
    }
    const { status, reason, body } = relay;
    const own: HttpAnswer['headers'] =
      relay.by === 'proxyauth'
        ? [['Proxy-Authenticate', 'Basic realm="mitmproxy"']]
        : [['Server', `mitmproxy ${this.#proxy.version}`]];
    const headers: HttpAnswer['headers'] = [...own, ['content-length', String(body.length)]];
    const answer: HttpAnswer = { status, reason, headers, body };
    this.#answered(request, url, answer);
    return { kind: 'answer', answer };
  }

  #failure(request: Logged, url: string, error: string): Reply {
    this.#note({ kind: 'error', ...logged(request), url, error });
    return { kind: 'answer', answer: errorPage(this.#proxy.version, error, request.version) };
  }

  #answered(request: Logged, url: string, { status, reason, body, headers }: HttpAnswer): void {
    const { checked } = request;
    this.#note({
      kind: 'response',
      ...logged(request),
      ...(checked === undefined ? {} : { clientChecked: checked }),
      url,
      status,
      reason,
      bytes: body.length,
      responseHeaders: headers,
    });
  }

  #note(event: EventWithoutClient): void {
    const { client, clientPort } = this.#made;
    this.#events.push({ at: this.#view.cloud.now, client: { address: client, port: clientPort }, ...event });
  }
}

function connectOf({ headers }: TunnelRequest): Logged {
  return { method: 'CONNECT', ...(headers === undefined ? {} : { headers }) };
}

type Logged = Pick<HttpRequest, 'method' | 'headers' | 'version' | 'checked'>;

function logged({ method, headers, version }: Logged): {
  readonly method: string;
  readonly httpVersion: string;
  readonly requestHeaders?: HttpAnswer['headers'];
} {
  return {
    method,
    httpVersion: version === '2' ? 'HTTP/2.0' : 'HTTP/1.1',
    ...(headers === undefined ? {} : { requestHeaders: headers }),
  };
}

type Distributed<T> = T extends unknown ? Omit<T, 'at' | 'client'> : never;
type EventWithoutClient = Distributed<ProxyLogEvent>;

const DESTINATION_UNKNOWN =
  'Connection killed: Request destination unknown. Unable to figure out where this request should be forwarded to.';

/** `format_error` of mitmproxy/proxy/layers/http/_base.py. */
function errorPage(version: string, message: string, http: HttpRequest['version']): HttpAnswer {
  const title = '502 Bad Gateway';
  const body = `<html>\n<head>\n    <title>${title}</title>\n</head>\n<body>\n    <h1>${title}</h1>\n    <p>${escaped(message)}</p>\n</body>\n</html>`;
  return {
    status: BAD_GATEWAY,
    reason: 'Bad Gateway',
    headers:
      http === '2'
        ? [
            ['Server', `mitmproxy ${version}`],
            ['Content-Type', 'text/html'],
          ]
        : [
            ['Server', `mitmproxy ${version}`],
            ['Connection', 'close'],
            ['Content-Type', 'text/html'],
            ['content-length', String(body.length)],
          ],
    body,
  };
}

/** Python's html.escape. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
}

function pythonBytes(text: string): string {
  return `b'${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'`;
}

function urlOf(scheme: 'http' | 'https', host: string, port: number, path: string): string {
  const shown = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  return `${scheme}://${host}${shown}${path}`;
}
