/** The answers that mitmproxy makes itself, and how it writes what it was asked for. */
import type { Relay } from '../../model/proxy/relay.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';

export const BAD_GATEWAY = 502;

export const DESTINATION_UNKNOWN =
  'Connection killed: Request destination unknown. Unable to figure out where this request should be forwarded to.';

/** `format_error` of mitmproxy/proxy/layers/http/_base.py. */
export function errorPage(version: string, message: string, http: HttpRequest['version']): HttpAnswer {
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

export function pythonBytes(text: string): string {
  return `b'${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'`;
}

export function urlOf(scheme: 'http' | 'https', host: string, port: number, path: string): string {
  const shown = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  return `${scheme}://${host}${shown}${path}`;
}

/** What it answers by a rule of its own. */
export function ruledAnswer(relay: Extract<Relay, { kind: 'answers' }>, version: string): HttpAnswer {
  const { status, reason, body } = relay;
  const own = ownHeaders(relay.by, version);
  return { status, reason, headers: [...own, ['content-length', String(body.length)]], body };
}

function ownHeaders(by: string, version: string): HttpAnswer['headers'] {
  if (by === 'proxyauth') return [['Proxy-Authenticate', 'Basic realm="mitmproxy"']];
  if (by !== 'onboarding') return [['Server', `mitmproxy ${version}`]];
  return [
    ['content-type', 'application/x-x509-ca-cert'],
    ['content-disposition', 'inline; filename=mitmproxy-ca-cert.pem'],
  ];
}

/** To a CONNECT for a server that it does not reach. */
export function unreachedAnswer(authority: string, error: string): HttpAnswer {
  const text = `Cannot connect to ${authority}: ${error}`;
  return {
    status: BAD_GATEWAY,
    reason: 'Bad Gateway',
    headers: [['content-length', String(text.length)]],
    body: text,
  };
}
