/** mitmproxy, regular or in upstream mode: what its client hears, and the connections that it opens itself. */
import { appendProxyLog } from '../../model/azure/proxy-log.ts';
import { parsePem } from '../../model/certificates/pem.ts';
import type { Certificate } from '../../model/certificates/certificate.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ForwardProxy } from '../../model/proxy/forward-proxy.ts';
import type { ProxyServer } from '../../model/proxy/log-event.ts';
import { leafCertificate } from '../../model/proxy/mitmproxy-authority.ts';
import { relayOf, type Relay, type RelayRequest } from '../../model/proxy/relay.ts';
import type { Place } from '../command.ts';
import type { HttpRequest } from './http-answer.ts';
import { handshakeFault, reachFrom } from './http-exchange-reach.ts';
import { peerOf, type Connected, type Peer, type Reply } from './http-exchange.ts';
import type { TlsEnd } from './http-exchange-tls.ts';
import { DESTINATION_UNKNOWN, unreachedAnswer, urlOf } from './mitmproxy-answers.ts';
import type { NetworkView } from './network-view.ts';
import {
  plainServerOnConnect,
  type ConnectReply,
  type PlainRequest,
  type ProxyConnection,
  type TunnelRequest,
} from './proxy-connection.ts';
import { connectOf, ProxyJournal, withCredentials } from './proxy-journal.ts';

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

/** Returns the conversation with the proxy that took a connection of this one; null if that is none. */
export type NextProxy = (view: NetworkView, made: Connected) => ProxyConnection | null;

type Determined = Exclude<Relay, { kind: 'undetermined' }>;

/** mitmproxy on a machine, with one client. */
export class RelayingProxy implements ProxyConnection {
  readonly own: Peer;
  readonly #made: Connected;
  readonly #proxy: ForwardProxy;
  readonly #view: NetworkView;
  readonly #place: Place | null;
  readonly #next: NextProxy;
  readonly #journal: ProxyJournal;
  #server: ProxyServer | null = null;
  /** The connection to the next proxy, of one in upstream mode; null if that is none. */
  #far: ProxyConnection | null = null;
  #cloud: Cloud;

  constructor(made: Connected, proxy: ForwardProxy, view: NetworkView, place: Place | null, next: NextProxy) {
    this.#made = made;
    this.#proxy = proxy;
    this.#view = view;
    this.#place = place;
    this.#next = next;
    this.#journal = new ProxyJournal(
      proxy.version,
      { address: made.client, port: made.clientPort },
      view.cloud.now,
    );
    this.#cloud = view.cloud;
    this.#journal.note({ kind: 'client-connect' });
    this.own = {
      tls: this.#shown({ kind: 'issued', host: made.server.address }, null, 'http/1.1'),
      answer: (request, over) => this.#spokenToAsServer(request, over),
      distrusted: (alert) => {
        this.#distrusted(NO_SERVER, alert);
      },
    };
  }

  connect(request: TunnelRequest): ConnectReply {
    const { host, port } = request;
    const relay = this.#relay({ ...request, method: 'CONNECT', innerMethod: request.method });
    const url = `${host}:${port}`;
    if (relay.kind === 'undetermined') return { kind: 'unknown', reason: relay.reason };
    if (relay.kind !== 'passes' && relay.over === 'connection') {
      const said = this.#journal.refuse(relay, connectOf(request), url);
      return said.kind === 'answer' ? { kind: 'answers', answer: said.answer, seconds: 0 } : said;
    }
    if (this.#proxy.mode.kind === 'upstream') return this.#chained(request, relay);
    const upstream = this.#reach(host, port, request.inside, request.serverName);
    if (upstream.kind === 'unknown') return upstream;
    if (upstream.kind === 'failed') {
      const answer = unreachedAnswer(url, upstream.error);
      this.#journal.answered(connectOf(request), url, answer);
      return { kind: 'answers', answer, seconds: upstream.seconds };
    }
    if (relay.kind === 'passes' && relay.reads === 'nothing') return { kind: 'tunnel', peer: upstream.peer };
    return { kind: 'tunnel', peer: this.#intercepted(request, relay, upstream) };
  }

  ask(asked: PlainRequest): Reply {
    const { method, host, path, urlHost, port } = asked;
    const url = urlOf('http', host, port, path);
    const relay = this.#relay({ ...asked, method });
    if (relay.kind === 'undetermined') return { kind: 'unknown', reason: relay.reason };
    const isDenied = relay.kind === 'answers' && relay.by === 'proxyauth';
    // A password that was for this proxy ends here (addons/proxyauth.py).
    const request =
      this.#proxy.proxyAuth === undefined || isDenied
        ? asked
        : { ...asked, ...withCredentials(asked.headers, null), credentials: null };
    if (relay.kind !== 'passes') return this.#journal.refuse(relay, request, url);
    if (this.#proxy.mode.kind === 'upstream') return this.#handedOn(request, url);
    if (this.#isItself(urlHost, port)) return this.#loop(request, url, urlHost, port);
    const upstream = this.#reach(urlHost, port, 'http', host);
    if (upstream.kind === 'unknown') return upstream;
    if (upstream.kind === 'failed')
      return { ...this.#journal.failure(request, url, upstream.error), seconds: upstream.seconds };
    return this.#journal.passed(upstream.peer, request, url, 'plain');
  }

  /** A client that takes it for a server: it goes where the Host header says. */
  #spokenToAsServer(request: HttpRequest, over: 'plain' | 'tls'): Reply {
    const header = request.headers?.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? request.host;
    const [, host = '', spelled] = /^(.*?)(?::(\d+))?$/.exec(header) ?? [];
    const port = spelled === undefined ? 80 : Number(spelled);
    if (over === 'plain' && !this.#isItself(host, port))
      return this.ask({ ...request, host, urlHost: host, port, credentials: null });
    return this.#loop(
      request,
      urlOf(over === 'tls' ? 'https' : 'http', host, port, request.path),
      host,
      port,
    );
  }

  /**
   * `server_connect` of addons/proxyserver.py 8.1.1 knows loopback and --listen-host for its own; asked by another of
   * its addresses, it asks itself again and again, which is taken for the same here.
   */
  #isItself(host: string, port: number): boolean {
    const { address, port: own } = this.#made.server;
    return port === own && (host === address || host === 'localhost' || host.startsWith('127.'));
  }

  #loop(request: HttpRequest, url: string, host: string, port: number): Reply {
    const error = DESTINATION_UNKNOWN.replace('Connection killed: ', '');
    this.#journal.note({ kind: 'server-killed', server: { host, port, address: null }, error });
    return this.#journal.failure(request, url, DESTINATION_UNKNOWN);
  }

  close(): Cloud {
    this.#journal.note({ kind: 'client-disconnect' });
    this.#hangUp();
    return this.#place?.kind === 'vm'
      ? appendProxyLog(this.#cloud, this.#place.id, this.#made.server.port, this.#journal.events)
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
    const view = { ...this.#view, cloud: this.#cloud };
    const reached = reachFrom(view, { host, port }, scheme, serverName);
    if (reached.kind === 'unknown') return reached;
    const { server, cloud } = reached;
    this.#cloud = cloud;
    if (reached.kind === 'failed') {
      this.#journal.note({ kind: 'server-connect-failed', server, error: reached.error });
      return reached;
    }
    const { made } = reached;
    const now = { ...this.#view, cloud };
    const isHandingOn = this.#proxy.mode.kind === 'upstream' && made.kind === 'connected';
    this.#far = isHandingOn ? this.#next(now, made) : null;
    const peer = this.#far?.own ?? peerOf(now, made, serverName);
    if (peer === null) throw new Error(`a connection that stands has nobody at its end: ${made.kind}`);
    this.#server = server;
    this.#journal.note({ kind: 'server-connect', server });
    return { kind: 'connected', peer, server };
  }

  /** Connects to the next proxy, which upstream mode names; over TLS, if that is how it is to be spoken to. */
  #reachFar(): Upstream {
    const { mode } = this.#proxy;
    if (mode.kind !== 'upstream') throw new Error('only upstream mode has a next proxy');
    const upstream = this.#reach(mode.host, mode.port, mode.scheme, mode.host);
    if (upstream.kind !== 'connected' || mode.scheme === 'http') return upstream;
    const { peer, server } = upstream;
    const fault = handshakeFault(this.#proxy, peer.tls, mode.host, this.#view.cloud.now);
    if (fault === null) return upstream;
    peer.distrusted?.('');
    this.#journal.note({ kind: 'server-tls-failed', server, error: fault, then: 'gives-up' });
    return { kind: 'failed', server, error: fault, seconds: 0 };
  }

  /** A tunnel through the next proxy to whom the client asks for. */
  #tunnelOn(request: TunnelRequest): Upstream {
    const upstream = this.#reachFar();
    if (upstream.kind !== 'connected') return upstream;
    const { peer, server } = upstream;
    const failed = (error: string, seconds = 0): Upstream => ({ kind: 'failed', server, error, seconds });
    const credentials = this.#proxy.upstreamAuth ?? null;
    const said = this.#far?.connect({ ...request, credentials, headers: [] }) ?? plainServerOnConnect(peer);
    switch (said.kind) {
      case 'tunnel':
        return { kind: 'connected', peer: said.peer, server };
      case 'answers': {
        const { status, reason } = said.answer;
        const name = `${server.host}:${server.port}`;
        return failed(
          `Upstream proxy ${name} refused HTTP CONNECT request: ${status} ${reason}`,
          said.seconds,
        );
      }
      case 'empty':
      case 'reset':
        return failed('connection closed');
      case 'silent':
        return { kind: 'unknown', reason: 'the next proxy does not answer' };
      case 'not-http':
        return { kind: 'unknown', reason: 'what is to be the next proxy speaks no HTTP' };
      case 'unknown':
        return said;
    }
  }

  /** In upstream mode the tunnel always stands at once: the next proxy is asked when the client goes on. */
  #chained(request: TunnelRequest, relay: Determined): ConnectReply {
    const { host, port } = request;
    const isRead = relay.kind !== 'passes' || relay.reads === 'all';
    if (isRead && request.inside === 'http')
      return { kind: 'tunnel', peer: this.#plainInside(request, relay) };
    const upstream = this.#tunnelOn(request);
    if (upstream.kind === 'unknown') return upstream;
    if (!isRead)
      return {
        kind: 'tunnel',
        peer:
          upstream.kind === 'connected'
            ? upstream.peer
            : { tls: 'closes', answer: () => ({ kind: 'empty' }) },
      };
    if (upstream.kind === 'connected')
      return { kind: 'tunnel', peer: this.#intercepted(request, relay, upstream) };
    const { server, error } = upstream;
    this.#journal.note({ kind: 'server-tls-skipped', server, error });
    this.#hangUp();
    const peer: Peer = {
      tls: relay.shows === null ? 'no-tls' : this.#shown(relay.shows, null, 'h2', request.serverName),
      answer: (asked) => {
        const url = urlOf('https', asked.host, port, asked.path);
        if (relay.kind !== 'passes') return this.#journal.refuse(relay, asked, url);
        // It tries again, now that there is a request.
        const again = this.#tunnelOn(request);
        return again.kind === 'failed'
          ? { ...this.#journal.failure(asked, url, again.error), seconds: again.seconds }
          : { kind: 'unknown', reason: `what a second connection to ${host} comes to is not simulated` };
      },
      distrusted: (alert) => {
        this.#distrusted({ host, port, address: null }, alert);
      },
    };
    return { kind: 'tunnel', peer };
  }

  /** Plain HTTP in a tunnel is handed on as if there were none. */
  #plainInside({ host, port }: TunnelRequest, relay: Determined): Peer {
    return {
      tls: 'no-tls',
      answer: (asked) => {
        const url = urlOf('http', asked.host, port, asked.path);
        if (relay.kind !== 'passes') return this.#journal.refuse(relay, asked, url);
        return this.#handedOn({ ...asked, urlHost: host, port, credentials: null }, url);
      },
    };
  }

  /** A request of plain HTTP goes to the next proxy as it came. */
  #handedOn(request: PlainRequest, url: string): Reply {
    const upstream = this.#reachFar();
    if (upstream.kind === 'unknown') return upstream;
    if (upstream.kind === 'failed')
      return { ...this.#journal.failure(request, url, upstream.error), seconds: upstream.seconds };
    const far = this.#far;
    if (far === null) return this.#journal.passed(upstream.peer, request, url, 'plain');
    const { upstreamAuth } = this.#proxy;
    const passed =
      upstreamAuth === undefined
        ? request
        : { ...request, ...withCredentials(request.headers, upstreamAuth), credentials: upstreamAuth };
    const peer: Peer = { tls: 'no-tls', answer: () => far.ask(passed) };
    return this.#journal.passed(peer, passed, url, 'plain');
  }

  /** TLS with the client on one side and with the server on the other, and the request read in between. */
  #intercepted(
    request: TunnelRequest,
    relay: Exclude<Relay, { kind: 'undetermined' }>,
    { peer, server }: Extract<Upstream, { kind: 'connected' }>,
  ): Peer {
    const { host, port } = request;
    // Whom the client names is whose certificate is asked for (`server.sni`, addons/tlsconfig.py).
    const name = request.serverName || host;
    const fault = request.inside === 'https' ? this.#serverFault(peer, name, server) : null;
    const theirs = typeof peer.tls === 'string' ? null : peer.tls;
    const named = fault === null ? theirs : null;
    const like = this.#proxy.upstreamCert === 'off' ? null : (named?.chain[0] ?? null);
    return {
      tls:
        relay.shows === null
          ? 'no-tls'
          : this.#shown(relay.shows, like, named?.protocol ?? 'h2', request.serverName),
      answer: (asked, over) => {
        const url = urlOf(over === 'tls' ? 'https' : 'http', asked.host, port, asked.path);
        if (relay.kind !== 'passes') return this.#journal.refuse(relay, asked, url);
        if (over === 'tls' && fault !== null) return this.#journal.failure(asked, url, fault);
        return this.#journal.passed(peer, asked, url, over);
      },
      distrusted: (alert) => {
        // Named is whom the client asked for.
        this.#distrusted({ ...server, host }, alert);
      },
    };
  }

  /** Why the proxy's own handshake with the server fails, as it says it; null where it does not. */
  #serverFault(peer: Peer, host: string, server: ProxyServer): string | null {
    const fault = handshakeFault(this.#proxy, peer.tls, host, this.#view.cloud.now);
    if (fault === null) return null;
    this.#journal.note({ kind: 'server-tls-failed', server, error: fault });
    peer.distrusted?.('');
    this.#hangUp();
    return fault;
  }

  #hangUp(): void {
    if (this.#server !== null) this.#journal.note({ kind: 'server-disconnect', server: this.#server });
    this.#server = null;
    if (this.#far !== null) this.#cloud = this.#far.close();
    this.#far = null;
  }

  /** The client ended the handshake; without an alert it just went. */
  #distrusted(server: ProxyServer, alert: string): void {
    this.#journal.note({
      kind: 'client-tls-failed',
      server,
      why: alert === '' ? 'closed' : 'untrusted',
      alert,
    });
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
}

/** What it calls a server that was not named yet. */
const NO_SERVER: ProxyServer = { host: '<no address>', port: 0, address: null };
