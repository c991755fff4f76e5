/** Requests and answers of HTTP/1.1 as they go over the wire (RFC 9112), as curl and mitmproxy write them. */
import { toBase64, toUtf8 } from '../certificates/bytes.ts';
import type { ProxyTarget } from './target.ts';
import { field, parts, text } from './wire-bytes.ts';
import type { WirePart } from './wire-bytes.ts';

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

export interface HttpRequestText {
  readonly method: string;
  /** What stands behind the method: a path, a whole URL, or `host:port`. */
  readonly target: string;
  readonly headers: readonly HttpHeader[];
}

export interface HttpAnswerText {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HttpHeader[];
  readonly body: string;
}

const END = '\r\n';

function head(startLine: string, name: string, headers: readonly HttpHeader[]): WirePart {
  return parts(
    field('start-line', name, startLine, text(startLine + END)),
    ...headers.map((each) =>
      field('header', each.name, each.value, text(`${each.name}: ${each.value}${END}`)),
    ),
    text(END),
  );
}

export function requestBytes({ method, target, headers }: HttpRequestText): WirePart {
  return head(`${method} ${target} HTTP/1.1`, 'Request line', headers);
}

export function answerBytes(answer: HttpAnswerText): WirePart {
  return parts(answerHead(answer), ...(answer.body === '' ? [] : [answerBody(answer)]));
}

/** Without the body, which mitmproxy sends in a record of its own. */
export function answerHead({ status, reason, headers }: HttpAnswerText): WirePart {
  return head(`HTTP/1.1 ${status} ${reason}`, 'Status line', headers);
}

export function answerBody({ body }: HttpAnswerText): WirePart {
  return field('body', 'Body', '', text(body));
}

const DEFAULT_PORT = { http: 80, https: 443 };

/** Returns what curl writes into `Host`: the port only where it is not the scheme's own. */
export function hostHeader({ scheme, host, port }: ProxyTarget): string {
  return port === DEFAULT_PORT[scheme] ? host : `${host}:${port}`;
}

/** How a client speaks: its `User-Agent`, and `user:password` for the proxy if the proxy's URL names them. */
export interface Speaker {
  readonly userAgent: string;
  readonly proxyUser: string | null;
}

function proxyHeaders({ proxyUser }: Speaker): readonly HttpHeader[] {
  return proxyUser === null
    ? []
    : [{ name: 'Proxy-Authorization', value: `Basic ${toBase64(toUtf8(proxyUser))}` }];
}

/**
 * Returns curl's CONNECT request: always with the port, and nothing of the URL but host and port (curl
 * lib/http_proxy.c; recorded from curl 7.88.1).
 */
export function connectRequest({ host, port }: ProxyTarget, speaker: Speaker): HttpRequestText {
  return {
    method: 'CONNECT',
    target: `${host}:${port}`,
    headers: [
      { name: 'Host', value: `${host}:${port}` },
      ...proxyHeaders(speaker),
      { name: 'User-Agent', value: speaker.userAgent },
      { name: 'Proxy-Connection', value: 'Keep-Alive' },
    ],
  };
}

/** Returns what mitmproxy answers to CONNECT (mitmproxy/proxy/layers/http/__init__.py; recorded from 8.1.1). */
export const CONNECT_ANSWER: HttpAnswerText = {
  status: 200,
  reason: 'Connection established',
  headers: [],
  body: '',
};

/** Returns curl's GET of a path, as a server gets it that is asked without a proxy. */
export function originRequest(target: ProxyTarget, path: string, { userAgent }: Speaker): HttpRequestText {
  return {
    method: 'GET',
    target: path,
    headers: [
      { name: 'Host', value: hostHeader(target) },
      { name: 'User-Agent', value: userAgent },
      { name: 'Accept', value: '*/*' },
    ],
  };
}

/** Returns curl's GET of a whole URL, as a proxy gets it that is asked in plain HTTP; port 80 is left out even where the URL spells it. */
export function absoluteRequest(target: ProxyTarget, path: string, speaker: Speaker): HttpRequestText {
  const { headers } = originRequest(target, path, speaker);
  const [host, ...others] = headers;
  return {
    method: 'GET',
    target: `${target.scheme}://${hostHeader(target)}${path}`,
    headers: [
      ...(host === undefined ? [] : [host]),
      ...proxyHeaders(speaker),
      ...others,
      { name: 'Proxy-Connection', value: 'Keep-Alive' },
    ],
  };
}

/**
 * Returns the request that mitmproxy hands on: the path alone, and every header as it came, but for credentials
 * that were its own (mitmproxy/addons/proxyauth.py removes Proxy-Authorization; Proxy-Connection stays, as recorded).
 */
export function handedOn(request: HttpRequestText, path: string): HttpRequestText {
  return {
    method: request.method,
    target: path,
    headers: request.headers.filter(({ name }) => name !== 'Proxy-Authorization'),
  };
}
