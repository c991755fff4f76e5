/** What a forward proxy does with one request: mitmproxy's rules, in the order in which it asks them. */
import { matchesFilter, parseFlowFilter, searches } from './flow-filter.ts';
import type { FilteredRequest } from './flow-filter.ts';
import type { ForwardProxy } from './forward-proxy.ts';

export interface RelayRequest {
  /** `CONNECT` for https; anything else asks for a URL of plain HTTP. */
  readonly method: string;
  /** A name, or an address as text. */
  readonly host: string;
  readonly port: number;
  /** With its slash; `/` if absent. */
  readonly path?: string;
  /** What is asked for inside a tunnel that the proxy reads; `GET` if absent. */
  readonly innerMethod?: string;
  /** `user:password` of Proxy-Authorization; absent: none is sent. */
  readonly credentials?: string;
}

/** Which certificate a client sees that speaks TLS with the proxy in the middle. */
export type ShownCertificate =
  /** Made for the name that was asked for, and signed by the proxy's CA. */
  | { readonly kind: 'issued'; readonly host: string }
  /** One of `certificates`, whose pattern matches. */
  | { readonly kind: 'own'; readonly pattern: string; readonly pem: string };

export type Relay =
  | {
      readonly kind: 'passes';
      /** `nothing`: a tunnel, whose bytes go through as they are. */
      readonly reads: 'all' | 'nothing';
      /** Null where the client speaks no TLS, or with the server itself. */
      readonly shows: ShownCertificate | null;
    }
  | {
      readonly kind: 'answers';
      readonly status: number;
      readonly reason: string;
      readonly body: string;
      /** The option that decided, as it would be written after `--set`. */
      readonly by: string;
      /** `tls`: CONNECT succeeds, if the server can be reached, and the answer comes through TLS with the proxy. */
      readonly over: 'connection' | 'tls';
      readonly shows: ShownCertificate | null;
    }
  | {
      readonly kind: 'closes';
      readonly why: string;
      readonly by: string;
      readonly over: 'connection' | 'tls';
      readonly shows: ShownCertificate | null;
    }
  | { readonly kind: 'undetermined'; readonly reason: string };

/** `NO_RESPONSE` of mitmproxy/net/http/status_codes.py: kills the flow. */
const NO_RESPONSE = 444;

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  410: 'Gone',
  418: "I'm a teapot",
  429: 'Too Many Requests',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Returns the words of a status as mitmproxy writes them; empty for one that it has none for. */
export function reasonOf(status: number): string {
  return REASONS[status] ?? '';
}

/**
 * Returns what becomes of a request that a client with this address sends. The client counts first (addons/block.py),
 * then its password (addons/proxyauth.py), then, where the proxy reads the request, `block_list`
 * (addons/blocklist.py): what it does not read it does not block. All of mitmproxy 8.1.1.
 */
export function relayOf(proxy: ForwardProxy, client: string, request: RelayRequest): Relay {
  const killed = killedClient(proxy, client);
  if (killed !== null) return killed;
  if (proxy.proxyAuth !== undefined) {
    const asked = authenticates(proxy.proxyAuth, request);
    if (asked !== null) return asked;
  }
  const isTunnel = request.method === 'CONNECT';
  // Only what may be another protocol is passed unread: a request of plain HTTP has been read when it is looked at.
  const unread = isTunnel ? isIgnored(proxy, request) : false;
  if (unread === null) {
    return { kind: 'undetermined', reason: 'what its ignore_hosts or allow_hosts match is not simulated' };
  }
  if (unread) return { kind: 'passes', reads: 'nothing', shows: null };
  const shows = isTunnel ? shownCertificate(proxy, request.host) : null;
  return (
    blocked(proxy, client, request, shows) ??
    onboarding(proxy, request) ?? { kind: 'passes', reads: 'all', shows }
  );
}

/** The page of its own that mitmproxy has at http://mitm.it (addons/onboarding.py); of https nobody gets it. */
function onboarding(proxy: ForwardProxy, { method, host, port, path }: RelayRequest): Relay | null {
  if (method === 'CONNECT' || host.toLowerCase() !== 'mitm.it' || port !== 80) return null;
  if (path !== '/cert/pem') {
    const reason =
      'its page at mitm.it is not simulated but for http://mitm.it/cert/pem, the certificate of its CA';
    return { kind: 'undetermined', reason };
  }
  return {
    kind: 'answers',
    status: 200,
    reason: reasonOf(200),
    body: proxy.authority.certificate,
    by: 'onboarding',
    over: 'connection',
    shows: null,
  };
}

function killedClient(proxy: ForwardProxy, client: string): Relay | null {
  const address = classOf(client);
  const closed = (option: 'block_private' | 'block_global', what: string): Relay => ({
    kind: 'closes',
    by: option,
    why: `${option} is on, and the address ${client} of the client is ${what}`,
    over: 'connection',
    shows: null,
  });
  if (proxy.blockPrivate === 'on' && address === 'private') return closed('block_private', 'private');
  if (proxy.blockGlobal === 'on' && address === 'global') return closed('block_global', 'public');
  return null;
}

/**
 * `is_private` and `is_global` of Python's ipaddress, but for one thing: the ranges of RFC 5737, which Python
 * calls private, stand for public addresses here.
 */
function classOf(client: string): 'loopback' | 'private' | 'global' | 'neither' {
  const [a = 0, b = 0] = client.split('.').map(Number);
  if (a === 127) return 'loopback';
  if (a === 100 && b >= 64 && b <= 127) return 'neither';
  const isPrivate =
    a === 0 ||
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 198 && (b === 18 || b === 19)) ||
    a >= 240;
  return isPrivate ? 'private' : 'global';
}

function authenticates(wanted: string, request: RelayRequest): Relay | null {
  if (wanted === 'any' ? request.credentials !== undefined : request.credentials === wanted) return null;
  if (wanted.startsWith('@') || wanted.startsWith('ldap')) {
    return { kind: 'undetermined', reason: `proxyauth ${wanted.split(':')[0] ?? ''} is not simulated` };
  }
  const title = '407 Proxy Authentication Required';
  return {
    kind: 'answers',
    status: 407,
    reason: reasonOf(407),
    body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
    by: 'proxyauth',
    over: 'connection',
    shows: null,
  };
}

/**
 * `ignore_connection` of addons/next_layer.py; null where an expression cannot be followed. 8.1.1 looks at the host
 * alone, and at `allow_hosts` only without `ignore_hosts`; later versions look at `host:port`, also at the address
 * that the name has, and at both lists.
 */
function isIgnored(proxy: ForwardProxy, { host, port }: RelayRequest): boolean | null {
  const { ignoreHosts, allowHosts, version } = proxy;
  const isLater = Number(version.split('.')[0]) >= 9;
  const ignored = matchesOne(ignoreHosts, host, port, isLater);
  if (ignoreHosts.length > 0 && (!isLater || ignored === true)) return ignored;
  if (allowHosts.length === 0) return ignored;
  const allowed = matchesOne(allowHosts, host, port, isLater);
  if (allowed === false) return true;
  return allowed === null || ignored === null ? null : false;
}

function matchesOne(
  patterns: readonly string[],
  host: string,
  port: number,
  isLater: boolean,
): boolean | null {
  const found = patterns.map((each) => {
    const matches = searches(each, isLater ? `${host}:${port}` : host, 'i');
    // What is written for an address may match the one that the name has.
    return matches === false && isLater && /\d\\?\.\d/.test(each) && !/^[\d.]+$/.test(host) ? null : matches;
  });
  return found.includes(true) ? true : found.includes(null) ? null : false;
}

function blocked(
  proxy: ForwardProxy,
  client: string,
  request: RelayRequest,
  shows: ShownCertificate | null,
): Relay | null {
  const asked = filteredRequest(client, request);
  const over = shows === null ? 'connection' : 'tls';
  for (const { filter, status } of proxy.blockList) {
    // The option is read in lower case.
    const parsed = parseFlowFilter(filter.toLowerCase());
    const matches = parsed.ok ? matchesFilter(parsed.value, asked) : null;
    if (matches === false) continue;
    const by = blockListEntry(filter, status);
    if (matches === null) return { kind: 'undetermined', reason: `what ${by} matches is not simulated` };
    if (status === NO_RESPONSE) return { kind: 'closes', by, why: `${by} matches ${asked.url}`, over, shows };
    return { kind: 'answers', status, reason: reasonOf(status), body: '', by, over, shows };
  }
  return null;
}

/** Returns the request as `block_list` sees it, inside the tunnel where there is one. */
export function filteredRequest(client: string, request: RelayRequest): FilteredRequest {
  const { host, port } = request;
  const isTunnel = request.method === 'CONNECT';
  const scheme = isTunnel ? 'https' : 'http';
  const shownPort = port === (isTunnel ? 443 : 80) ? '' : `:${port}`;
  return {
    method: isTunnel ? (request.innerMethod ?? 'GET') : request.method,
    host,
    url: `${scheme}://${host}${shownPort}${request.path ?? '/'}`,
    client,
    server: `${host}:${port}`,
  };
}

/** Returns an entry of `block_list` as it is written, such as `block_list=/~d example.com/403`. */
export function blockListEntry(filter: string, status: number): string {
  const separator = ['/', ':', '|', '@'].find((each) => !filter.includes(each)) ?? '/';
  return `block_list=${separator}${filter}${separator}${status}`;
}

/** `CertStore.get_cert` of certs.py: the name itself, then `*.` and each part of it that is left, then `*`. */
function shownCertificate({ certificates }: ForwardProxy, host: string): ShownCertificate {
  const labels = host.toLowerCase().split('.');
  const patterns = [
    host.toLowerCase(),
    ...labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`),
    '*',
  ];
  for (const pattern of patterns) {
    const own = certificates.find((each) => each.pattern.toLowerCase() === pattern);
    if (own !== undefined) return { kind: 'own', ...own };
  }
  return { kind: 'issued', host };
}
