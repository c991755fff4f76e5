/** One request of a simple client: the connection, a proxy on the way, TLS and the answer, without words. */
import type { Certificate } from '../../model/certificates/certificate.ts';
import { verifyServer, type TrustReader, type TrustVerdict } from '../../model/certificates/verify.ts';
import type { Cloud } from '../../model/cloud.ts';
import { requestFor } from '../../model/compile/ends.ts';
import type { CommandContext } from '../command.ts';
import { attempt, type Attempt } from './attempt.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import { peerOf, type Peer, type Reply } from './http-exchange.ts';
import { proxyConnection } from './http-exchange-proxy.ts';
import { plainServerOnConnect, type ProxyConnection } from './proxy-connection.ts';
import { lookUp, type LookupProblem } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import type { NetworkView } from './network-view.ts';

export interface FetchUrl {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export interface FetchInput {
  readonly url: FetchUrl;
  /** Speaks plain HTTP with its clients; null: straight to the server. `user`: `name:password`. */
  readonly proxy: { readonly host: string; readonly port: number; readonly user: string | null } | null;
  readonly method: string;
  /** Besides `Host`. */
  readonly headers: HttpAnswer['headers'];
  /** Whether HTTPS goes through a tunnel; a client that knows none asks the proxy for the whole URL. */
  readonly tunnels: 'yes' | 'no';
  /** Who checks certificates and what is trusted; null: nobody does. */
  readonly trust: {
    readonly reader: TrustReader;
    readonly trusted: (chain: readonly Certificate[]) => Promise<readonly Certificate[]>;
    /** Whether a certificate that does not hold ends the connection. */
    readonly strict: 'yes' | 'no';
  } | null;
}

export interface Fetched {
  readonly cloud: Cloud;
  /** Where it connected, or tried to. */
  readonly connection: { readonly host: string; readonly port: number; readonly address: string } | null;
  /** What was found of the certificate; null where none was shown or looked at. */
  readonly certificate: { readonly chain: readonly Certificate[]; readonly verdict: TrustVerdict } | null;
  readonly outcome: FetchOutcome;
}

export type FetchOutcome =
  | { readonly kind: 'unresolved'; readonly problem: LookupProblem }
  | { readonly kind: 'unconnected'; readonly made: Exclude<Attempt, { readonly kind: 'connected' }> }
  /** The proxy answered CONNECT with something else, or not at all. */
  | { readonly kind: 'no-tunnel'; readonly answer: HttpAnswer | null; readonly seconds: number }
  | {
      readonly kind: 'no-tls';
      readonly how: 'no-tls' | 'closes' | 'resets' | 'silent';
      readonly says: 'http' | 'ssh';
    }
  /** The client ended the handshake. */
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'heard'; readonly reply: Reply }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Performs one request. Keeps what neighbours and a proxy's log learn in the cloud that it returns. */
export async function fetchOnce(
  input: FetchInput,
  view: NetworkView,
  context: CommandContext,
): Promise<Fetched> {
  const { url, proxy } = input;
  const to = proxy ?? url;
  const none: Pick<Fetched, 'cloud' | 'certificate'> = { cloud: view.cloud, certificate: null };
  const found = lookUp(view, to.host);
  if (!found.ok) return { ...none, connection: null, outcome: { kind: 'unresolved', problem: found.error } };
  const [address = ''] = found.value.addresses;
  const connection = { host: to.host, port: to.port, address };
  const host = hostOf(input);
  const says =
    url.scheme === 'https' && proxy === null ? requestFor('https', url.host) : requestFor('http', bare(host));
  const made = attempt(view, address, 'tcp', to.port, says);
  await rememberNeighbours(view, context, made);
  const now = { ...view, cloud: made.cloud };
  const relaying = made.kind === 'connected' ? proxyConnection(now, made, context.nextConnection) : null;
  const own = relaying?.own ?? peerOf(now, made, says.host);
  if (own === null || made.kind === 'unknown') {
    if (made.kind === 'connected') throw new Error('a connection that stands has nobody at its end');
    return { ...none, cloud: made.cloud, connection, outcome: { kind: 'unconnected', made } };
  }
  const said = await talk(input, { own, relaying, at: view.cloud.now });
  return { ...said, cloud: relaying === null ? made.cloud : relaying.close(), connection };
}

interface Line {
  readonly own: Peer;
  readonly relaying: ProxyConnection | null;
  readonly at: number;
}

type Talk = Pick<Fetched, 'certificate' | 'outcome'>;

async function talk(input: FetchInput, { own, relaying, at }: Line): Promise<Talk> {
  const { url, proxy } = input;
  const request = requestOf(input);
  const heard = (reply: Reply): Talk => ({ certificate: null, outcome: { kind: 'heard', reply } });
  if (proxy === null)
    return url.scheme === 'http' ? heard(own.answer(request, 'plain')) : secure(input, own, request, at);
  if (url.scheme === 'http' || input.tunnels === 'no') {
    if (relaying === null) return heard(own.answer(request, 'plain'));
    // mitmproxy takes no https URL in plain HTTP.
    if (url.scheme === 'https') return heard({ kind: 'empty' });
    return heard(relaying.ask({ ...request, urlHost: url.host, port: url.port, credentials: proxy.user }));
  }
  const reply =
    relaying?.connect({
      host: url.host,
      port: url.port,
      path: url.path,
      method: input.method,
      serverName: requestFor('https', url.host).host,
      credentials: proxy.user,
      inside: 'https',
    }) ?? plainServerOnConnect(own);
  switch (reply.kind) {
    case 'tunnel':
      return secure(input, reply.peer, request, at);
    case 'answers':
      return {
        certificate: null,
        outcome: { kind: 'no-tunnel', answer: reply.answer, seconds: reply.seconds },
      };
    case 'unknown':
      return { certificate: null, outcome: reply };
    case 'empty':
    case 'reset':
    case 'not-http':
    case 'silent':
      return { certificate: null, outcome: { kind: 'no-tunnel', answer: null, seconds: 0 } };
  }
}

async function secure(input: FetchInput, peer: Peer, request: HttpRequest, at: number): Promise<Talk> {
  const { tls } = peer;
  if (typeof tls === 'string') {
    const says = peer.answer({ ...request, method: 'GET' }, 'plain').kind === 'not-http' ? 'ssh' : 'http';
    return { certificate: null, outcome: { kind: 'no-tls', how: tls, says } };
  }
  const { trust, url } = input;
  let certificate: Fetched['certificate'] = null;
  if (trust !== null) {
    const trusted = await trust.trusted(tls.chain);
    const verdict = verifyServer({ chain: tls.chain, trusted, host: url.host, at, reader: trust.reader });
    certificate = { chain: tls.chain, verdict };
    if (verdict.kind !== 'trusted' && trust.strict === 'yes') {
      if (verdict.kind !== 'name-mismatch' && verdict.kind !== 'no-names')
        peer.distrusted?.('tlsv1 alert unknown ca');
      return { certificate, outcome: { kind: 'untrusted' } };
    }
  }
  const checked = trust?.strict === 'yes' ? 'yes' : 'no';
  return { certificate, outcome: { kind: 'heard', reply: peer.answer({ ...request, checked }, 'tls') } };
}

function requestOf(input: FetchInput): HttpRequest {
  const { url, method, headers } = input;
  const host = hostOf(input);
  const rest = headers.filter(([name]) => name.toLowerCase() !== 'host');
  return { host: bare(host), path: url.path, method, headers: [['Host', host], ...rest] };
}

/** What the Host header says. */
function hostOf({ url, headers }: FetchInput): string {
  const given = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const isUsual = url.port === (url.scheme === 'https' ? 443 : 80);
  return given ?? (isUsual ? url.host : `${url.host}:${url.port}`);
}

function bare(host: string): string {
  return host.replace(/:\d*$/, '');
}
