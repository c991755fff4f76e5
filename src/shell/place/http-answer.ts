/** What a simulated web server says. */
import { statusOf } from '../../model/http-service.ts';
import { FIREWALL_DENIED_PAGE } from '../../model/limits/firewall.ts';
import { DOWNLOADS, downloadAt } from './mitmproxy-tarball.ts';
import type { Attempt, Server } from './attempt.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** Names whose service on the real internet is to answer with the caller's address and nothing else. */
const ADDRESS_ECHOES = [
  'ifconfig.me',
  'icanhazip.com',
  'api.ipify.org',
  'ipinfo.io',
  'checkip.amazonaws.com',
  'ifconfig.co',
];

const OK = 200;
const BAD_REQUEST = 400;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

export interface HttpRequest {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  /** As they are sent, `Host` among them; whoever leaves them out sends none that anybody looks at. */
  readonly headers?: HttpAnswer['headers'];
  /** 1.1 if absent. */
  readonly version?: '1.1' | '2';
  /** Over TLS: whether the client checked the certificate it was shown, and found it good. Nobody is told. */
  readonly checked?: 'yes' | 'no';
}

/** Every simulated web server answers with the client address that it sees, and says who it is. */
export function answerTo(
  made: Extract<Attempt, { readonly kind: 'connected' }>,
  { host, path, method, headers }: HttpRequest,
): HttpAnswer {
  const { server, proxied } = made;
  // The header before the request is no request line that the server knows.
  if (proxied !== null && server.http?.proxyProtocol === 'unknown-to-it') {
    const text = errorPage(server, BAD_REQUEST, path);
    return answer(
      BAD_REQUEST,
      server.program,
      text,
      text.startsWith('<') ? 'text/html' : 'text/plain',
      method,
    );
  }
  const client = proxied?.client ?? made.client;
  if (server.application === 'kubernetes-api') {
    const message = `forbidden: User "system:anonymous" cannot get path "${path.split(/[?#]/)[0] ?? ''}"`;
    const said = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message };
    const body = `${JSON.stringify({ ...said, reason: 'Forbidden', details: {}, code: FORBIDDEN }, null, 2)}\n`;
    return answer(FORBIDDEN, server.program, body, 'application/json', method);
  }
  const authorization = headers?.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const status =
    server.http === null ? OK : statusOf(server.http, path, server.http.transport ?? 'plain', authorization);
  if (status === FORBIDDEN && server.http?.token !== undefined)
    return answer(
      FORBIDDEN,
      server.program,
      loginPage(path, authorization),
      'text/html; charset=UTF-8',
      method,
    );
  if (status === OK && ADDRESS_ECHOES.includes(host))
    return answer(OK, server.program, `${client}\n`, 'text/plain', method);
  if (status === OK && host === DOWNLOADS) {
    const file = downloadAt(path.split(/[?#]/)[0] ?? '');
    return file === null
      ? answer(NOT_FOUND, 'cloudflare', '', 'text/plain', method)
      : answer(OK, 'cloudflare', file, 'application/gzip', method);
  }
  const own = server.http?.page;
  if (own !== undefined && status !== NOT_FOUND)
    return answer(status, server.program, own.text, own.type, method);
  const link = proxied === null ? '' : ` (PROXY protocol, link ${proxied.link})`;
  const who = `client address: ${client}${link}\nserver: ${server.label} (${server.program}) at ${server.address}:${server.port}\n`;
  const page = status < 400 ? '' : errorPage(server, status, path);
  return answer(
    status,
    server.program,
    page + who,
    page.startsWith('<') ? 'text/html' : 'text/plain',
    method,
  );
}

/** What a firewall's proxy answers to a request that it denies. */
export function deniedBy(page: string, method: string): HttpAnswer {
  const { status } = FIREWALL_DENIED_PAGE.value;
  return {
    status,
    reason: `status code ${status}`,
    headers: [
      ['Content-Type', 'text/plain; charset=utf-8'],
      ['Content-Length', String(page.length)],
    ],
    body: method === 'HEAD' ? '' : page,
  };
}

function answer(status: number, program: string, body: string, type: string, method: string): HttpAnswer {
  return {
    status,
    reason: REASONS[status] ?? '',
    headers: [
      ['Server', program],
      ['Content-Type', type],
      ['Content-Length', String(body.length)],
    ],
    body: method === 'HEAD' ? '' : body,
  };
}

/** What mitmweb shows who has no token (templates/login.html of 12.2.3, without its style). */
function loginPage(path: string, authorization = ''): string {
  const isWrong = /[?&]token=./.test(path) || authorization.startsWith('Bearer ');
  return `<!doctype html>\n<html lang="en">\n<head>\n    <meta charset="utf-8">\n    <title>mitmproxy</title>\n</head>\n<body>\n    ${
    isWrong ? '<h1 style="color: darkred">403 Invalid Password</h1>' : '<h1>403 Authentication Required</h1>'
  }\n    <p>To access mitmproxy, please enter the password or authentication token printed in the console.</p>\n</body>\n</html>\n`;
}

/** The page of an error as the real program writes it. */
function errorPage({ program }: Server, status: number, path: string): string {
  const reason = REASONS[status] ?? '';
  switch (program) {
    case 'nginx':
      return `<html>\n<head><title>${status} ${reason}</title></head>\n<body>\n<center><h1>${status} ${reason}</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n`;
    case 'httpd':
    case 'apache2':
      return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n<p>${status === BAD_REQUEST ? 'Your browser sent a request that this server could not understand.' : 'The requested URL was not found on this server.'}</p>\n</body></html>\n`;
    case 'python3':
      return `<!DOCTYPE HTML>\n<html lang="en">\n    <head><title>Error response</title></head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${status}</p>\n        <p>Message: ${status === BAD_REQUEST ? 'Bad request syntax' : 'File not found'}.</p>\n    </body>\n</html>\n`;
    case 'node':
      return status === BAD_REQUEST ? '' : `Cannot GET ${path.split(/[?#]/)[0] ?? path}\n`;
  }
  return status === 404 ? '404 page not found\n' : `${status} ${reason}\n`;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  418: "I'm a teapot",
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
