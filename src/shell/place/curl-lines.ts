/**
 * What `curl -v` writes about connections, in the words of each version. Seen of 7.81.0, 7.88.1, 8.5.0 and 8.14.1
 * themselves, with OpenSSL 3.0.
 */
import type { CurlForm } from './curl-version.ts';

/** `unborn`: there never was a connection. */
export function closing(form: CurlForm, how: 'closing' | 'shutting down' | 'unborn' = 'closing'): string {
  const number = how === 'unborn' ? -1 : 0;
  switch (form) {
    case '7.81':
    case '7.88':
      return `* Closing connection ${number}`;
    case '8.5':
      return '* Closing connection';
    case '8.14':
      return `* ${how === 'shutting down' ? how : 'closing'} connection #${number}`;
  }
}

/** What it sends at the end of TLS. */
export function closeNotify(form: CurlForm): readonly string[] {
  const alert = '* TLSv1.3 (OUT), TLS alert, close notify (256):';
  switch (form) {
    case '7.81':
      return [APPLICATION_OUT, alert];
    case '7.88':
    case '8.5':
      return [alert];
    case '8.14':
      return [];
  }
}

export function connected(form: CurlForm, host: string, address: string, port: number): string {
  const number = form === '7.81' || form === '7.88' ? ' (#0)' : '';
  return `* Connected to ${host} (${address}) port ${port}${number}`;
}

/** The error of connect(2), of one address. */
export function addressFailed(
  form: CurlForm,
  to: { readonly address: string; readonly port: number },
  from: { readonly address: string; readonly port: number },
  error: string,
): string {
  const sender = form === '8.5' || form === '8.14' ? ` from ${from.address} port ${from.port}` : '';
  return `* connect to ${to.address} port ${to.port}${sender} failed: ${error}`;
}

/** How the last word on a connection that failed begins and ends; `error` is errno's. */
export function cannotConnect(
  form: CurlForm,
  host: string,
  port: number,
  milliseconds: number,
  error: string,
): string {
  const why =
    form === '7.81' ? error : form === '8.14' ? 'Could not connect to server' : "Couldn't connect to server";
  return `Failed to connect to ${host} port ${port} after ${milliseconds} ms: ${why}`;
}

/** What is written when `--connect-timeout` is over, and the message of the error. */
export function connectTimeout(
  form: CurlForm,
  to: { readonly host: string; readonly address: string; readonly port: number },
  milliseconds: number,
): { readonly notes: readonly string[]; readonly message: string } {
  const after = milliseconds + 1;
  switch (form) {
    case '7.81':
      return {
        notes: [
          `* After ${milliseconds}ms connect time, move on!`,
          `* connect to ${to.address} port ${to.port} failed: Connection timed out`,
        ],
        message: `Connection timeout after ${after} ms`,
      };
    case '7.88':
    case '8.5':
      return {
        notes: [`* ipv4 connect timeout after ${milliseconds}ms, move on!`],
        message: `Failed to connect to ${to.host} port ${to.port} after ${after} ms: Timeout was reached`,
      };
    case '8.14':
      return { notes: [], message: `Connection timed out after ${after} milliseconds` };
  }
}

/** Before CONNECT; `user` of the proxy, if there is one. */
export function beforeConnect(form: CurlForm, authority: string, user: string | null): readonly string[] {
  const establish = `* Establish HTTP proxy tunnel to ${authority}`;
  const auth = user === null ? [] : [`* Proxy auth using Basic with user '${user}'`];
  switch (form) {
    case '7.81':
      return ['* allocate connect buffer!', establish, ...auth];
    case '7.88':
      return ['* allocate connect buffer', establish, ...auth];
    case '8.5':
      return ['* CONNECT tunnel: HTTP/1.1 negotiated', '* allocate connect buffer', ...auth, establish];
    case '8.14':
      return ['* CONNECT tunnel: HTTP/1.1 negotiated', '* allocate connect buffer', ...auth, establish];
  }
}

export function afterConnect(form: CurlForm, status: number): readonly string[] {
  return form === '7.81'
    ? [`* Proxy replied ${status} to CONNECT request`, '* CONNECT phase completed!']
    : ['* CONNECT phase completed', `* CONNECT tunnel established, response ${status}`];
}

export function connectRefused(form: CurlForm, status: number): string {
  return form === '7.81'
    ? `Received HTTP code ${status} from proxy after CONNECT`
    : `CONNECT tunnel failed, response ${status}`;
}

/** 7.81 says so however CONNECT ended. */
export function connectEnded(form: CurlForm): readonly string[] {
  return form === '7.81' ? ['* CONNECT phase completed!'] : [];
}

/** Before a request of HTTP/1.1; `over` is what the connection speaks, `to` who reads it. */
export function beforeRequest(
  form: CurlForm,
  over: 'plain' | 'tls' | 'tunnel',
  to: 'server' | 'proxy',
): readonly string[] {
  switch (form) {
    case '7.81':
      return over === 'tls' ? [APPLICATION_OUT] : [];
    case '7.88':
      return over === 'tls' && to === 'server' ? ['* using HTTP/1.1'] : [];
    case '8.5':
      return over === 'tls' && to === 'server' ? ['* using HTTP/1.x'] : [];
    case '8.14':
      return ['* using HTTP/1.x'];
  }
}

export function afterRequest(form: CurlForm): readonly string[] {
  return form === '8.14' ? ['* Request completely sent off'] : [];
}

/** Before the first line of an answer of HTTP/1.1. */
export function beforeAnswer(form: CurlForm, over: 'plain' | 'tls'): readonly string[] {
  if (form !== '7.81') return [];
  return [...(over === 'tls' ? [APPLICATION_IN] : []), '* Mark bundle as not supporting multiuse'];
}

export const APPLICATION_OUT = '* TLSv1.2 (OUT), TLS header, Supplemental data (23):';
export const APPLICATION_IN = '* TLSv1.2 (IN), TLS header, Supplemental data (23):';

/** Before a request of HTTP/2, which has a stream of its own. */
export function beforeHttp2Request(
  form: CurlForm,
  request: { readonly method: string; readonly authority: string; readonly path: string },
  headers: readonly string[],
): readonly string[] {
  const { method, authority, path } = request;
  const fields = headers.map((each) => each.replace(/^[^:]+/, (name) => name.toLowerCase()));
  switch (form) {
    case '7.81':
      return [
        '* Using HTTP2, server supports multiplexing',
        '* Connection state changed (HTTP/2 confirmed)',
        '* Copying HTTP/2 data in stream buffer to connection buffer after upgrade: len=0',
        APPLICATION_OUT,
        APPLICATION_OUT,
        APPLICATION_OUT,
        `* Using Stream ID: 1 (easy handle ${EASY_HANDLE})`,
        APPLICATION_OUT,
      ];
    case '7.88':
      return [
        '* using HTTP/2',
        `* h2h3 [:method: ${method}]`,
        `* h2h3 [:path: ${path}]`,
        '* h2h3 [:scheme: https]',
        `* h2h3 [:authority: ${authority}]`,
        ...fields.map((each) => `* h2h3 [${each}]`),
        `* Using Stream ID: 1 (easy handle ${EASY_HANDLE})`,
      ];
    case '8.5':
    case '8.14':
      return [
        '* using HTTP/2',
        `* [HTTP/2] [1] OPENED stream for https://${authority}${path}`,
        `* [HTTP/2] [1] [:method: ${method}]`,
        '* [HTTP/2] [1] [:scheme: https]',
        `* [HTTP/2] [1] [:authority: ${authority}]`,
        `* [HTTP/2] [1] [:path: ${path}]`,
        ...fields.map((each) => `* [HTTP/2] [1] [${each}]`),
      ];
  }
}

/** An address in the memory of curl. */
const EASY_HANDLE = '0x55d0c8b3eeb0';

/** Whether names of headers are written in small letters with HTTP/2. */
export function lowersHttp2Headers(form: CurlForm): boolean {
  return form === '7.81' || form === '7.88';
}

/** What `curl: (60)` is followed by. */
export function distrustText(form: CurlForm): string {
  const page = form === '8.14' ? 'webpage' : 'web page';
  return (
    'More details here: https://curl.se/docs/sslcerts.html\n\n' +
    'curl failed to verify the legitimacy of the server and therefore could not\n' +
    'establish a secure connection to it. To learn more about this situation and\n' +
    `how to fix it, please visit the ${page} mentioned above.\n`
  );
}

/** What 7.81 sends to a server that ends TLS without a word. */
export function decodeError(): readonly string[] {
  return [APPLICATION_OUT, '* TLSv1.3 (OUT), TLS alert, decode error (562):'];
}

/** The frames that 7.81 tells of before an answer of HTTP/2. */
export function afterHttp2Tickets(form: CurlForm): readonly string[] {
  return form === '7.81' ? [APPLICATION_IN, APPLICATION_OUT, APPLICATION_IN, APPLICATION_IN] : [];
}
