/** The request that curl sends, and how `-v` shows it. */
import { toBase64, toUtf8 } from '../../model/certificates/bytes.ts';
import { afterRequest, beforeHttp2Request, beforeRequest, lowersHttp2Headers } from './curl-lines.ts';
import type { CurlOptions } from './curl-options.ts';
import type { CurlProxy } from './curl-proxy.ts';
import { hostAndPort, type CurlUrl } from './curl-url.ts';
import type { CurlProgram } from './curl-version.ts';

export interface RequestInput {
  readonly options: CurlOptions;
  readonly program: CurlProgram;
  readonly url: CurlUrl;
  /** The proxy that the request is for; null where a server gets it. */
  readonly proxy: CurlProxy | null;
  readonly over: 'plain' | 'tls' | 'tunnel';
  readonly version: '1.1' | '2';
}

export interface SentRequest {
  /** `Name: value`, as they are sent. */
  readonly headers: readonly string[];
  readonly lines: readonly string[];
}

export function requestOf(input: RequestInput): SentRequest {
  const { options, program, url, proxy, over, version } = input;
  const { form } = program;
  const { method } = options;
  const user = options.user ?? url.user;
  const authority = hostHeader(options) ?? hostAndPort(url);
  const headers = headersOf(input, authority, user);
  const auth = [
    ...(proxy === null || proxy.user === null
      ? []
      : [`* Proxy auth using Basic with user '${userName(proxy.user)}'`]),
    ...(user === null ? [] : [`* Server auth using Basic with user '${userName(user)}'`]),
  ];
  if (version === '2') {
    const [host = '', ...rest] = headers;
    const shown = lowersHttp2Headers(form) ? [host, ...rest.map(lowerName)] : headers;
    return {
      headers,
      lines: [
        ...auth,
        ...beforeHttp2Request(form, { method, authority, path: url.path }, rest),
        `> ${method} ${url.path} HTTP/2`,
        ...shown.map((each) => `> ${each}`),
        '> ',
        ...afterRequest(form),
      ],
    };
  }
  const what = proxy === null ? url.path : `${url.scheme}://${authorityOf(url)}${url.path}`;
  return {
    headers,
    lines: [
      ...auth,
      ...beforeRequest(form, over, proxy === null ? 'server' : 'proxy'),
      `> ${method} ${what} HTTP/1.1`,
      ...headers.map((each) => `> ${each}`),
      '> ',
      ...afterRequest(form),
    ],
  };
}

/** Headers of `-H` come last and replace curl's own of that name; with nothing behind the colon they take it away. */
function headersOf(
  { options, program, proxy }: RequestInput,
  authority: string,
  user: string | null,
): readonly string[] {
  const given = new Set(options.requestHeaders.map((each) => nameOf(each)));
  const own = [
    ...basic('Proxy-Authorization', proxy?.user ?? null),
    ...basic('Authorization', user),
    ...agent(options, program),
    'Accept: */*',
    ...(options.compressed === 'on' ? ['Accept-Encoding: deflate, gzip, br, zstd'] : []),
    ...(options.referer === null ? [] : [`Referer: ${options.referer}`]),
    ...(proxy === null ? [] : ['Proxy-Connection: Keep-Alive']),
    ...(options.cookie === null ? [] : [`Cookie: ${options.cookie}`]),
    ...(proxy === null ? [] : options.proxy.headers),
  ];
  const body =
    options.data === null
      ? []
      : [`Content-Length: ${options.data.length}`, 'Content-Type: application/x-www-form-urlencoded'];
  const custom = options.requestHeaders.filter((each) => nameOf(each) !== 'host' && /:\s*\S/.test(each));
  const isOwn = (each: string) => !given.has(nameOf(each));
  return [`Host: ${authority}`, ...own.filter(isOwn), ...custom, ...body.filter(isOwn)];
}

function nameOf(header: string): string {
  return (header.split(':')[0] ?? '').trim().toLowerCase();
}

function lowerName(header: string): string {
  return header.replace(/^[^:]+/, (name) => name.toLowerCase());
}

/** Returns the headers of CONNECT. */
export function connectHeaders(
  { options, program }: Pick<RequestInput, 'options' | 'program'>,
  authority: string,
  user: string | null,
): readonly string[] {
  return [
    `Host: ${authority}`,
    ...basic('Proxy-Authorization', user),
    ...agent(options, program),
    'Proxy-Connection: Keep-Alive',
    ...options.proxy.headers,
  ];
}

function agent({ userAgent }: CurlOptions, { version }: CurlProgram): readonly string[] {
  const shown = userAgent ?? `curl/${version}`;
  return shown === '' ? [] : [`User-Agent: ${shown}`];
}

/** What `-H Host:` says; undefined without. */
export function hostHeader({ requestHeaders }: CurlOptions): string | undefined {
  return requestHeaders.map((each) => /^host:\s*(\S+)/i.exec(each)?.[1]).find((each) => each !== undefined);
}

export function userName(user: string): string {
  return user.split(':')[0] ?? '';
}

function basic(header: string, user: string | null): readonly string[] {
  if (user === null) return [];
  return [`${header}: Basic ${toBase64(toUtf8(user.includes(':') ? user : `${user}:`))}`];
}

function authorityOf(url: CurlUrl): string {
  return url.portIsSpelled ? `${url.host}:${url.port}` : url.host;
}

/** Pairs of name and value, for those who look at them. */
export function headerPairs(headers: readonly string[]): readonly (readonly [string, string])[] {
  return headers.map((each) => {
    const colon = each.indexOf(':');
    return [each.slice(0, colon), each.slice(colon + 1).trim()] as const;
  });
}
