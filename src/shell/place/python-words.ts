/** What urllib and requests say of each way that a request can end. */
import { pythonError } from '../../model/certificates/trust-words.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { Fetched } from './http-exchange-fetch.ts';
import type { PythonRuntime } from './python-runtime.ts';
import type { PythonFetch } from './python-script.ts';
import type { WgetUrl } from './wget-url.ts';

export interface Telling {
  readonly url: WgetUrl;
  readonly client: PythonFetch['client'];
  readonly patience: number;
  readonly isTimed: boolean;
  readonly runtime: PythonRuntime;
  readonly proxied: boolean;
}

type Words =
  | { readonly answer: HttpAnswer }
  | { readonly error: string; readonly seconds: number }
  | { readonly unknown: string };

export function outcomeWords({ outcome, certificate }: Fetched, telling: Telling): Words {
  const { runtime, patience, isTimed } = telling;
  const ssl = (text: string, isCertificate = false): Words => ({
    error: sslWords(`${text} (_ssl.c:${runtime.sslLine})`, isCertificate, telling),
    seconds: 0,
  });
  const unconnected = (errno: string, seconds = 0): Words => ({
    error: connectWords(errno, telling),
    seconds,
  });
  switch (outcome.kind) {
    case 'unknown':
      return { unknown: outcome.reason };
    case 'unresolved':
      return outcome.problem.kind === 'no-such-name'
        ? unconnected('[Errno -2] Name or service not known')
        : unconnected('[Errno -3] Temporary failure in name resolution', 20);
    case 'unconnected':
      switch (outcome.made.kind) {
        case 'refused':
          return unconnected('[Errno 111] Connection refused');
        case 'network-unreachable':
          return unconnected('[Errno 101] Network is unreachable');
        case 'host-unreachable':
          return unconnected('[Errno 113] No route to host', 3);
        case 'timeout':
          return unconnected(isTimed ? 'timed out' : '[Errno 110] Connection timed out', patience);
        case 'intercepted':
          return { unknown: 'what a firewall on the way answers to Python' };
        case 'unknown':
          return { unknown: outcome.made.reason };
      }
      return { unknown: 'this end of a connection' };
    case 'no-tunnel': {
      if (outcome.answer === null) return { unknown: 'a proxy that does not answer CONNECT' };
      const { status, reason } = outcome.answer;
      return {
        error: tunnelWords(`Tunnel connection failed: ${status} ${reason}`, telling),
        seconds: outcome.seconds,
      };
    }
    case 'no-tls':
      switch (outcome.how) {
        case 'no-tls':
          return ssl('[SSL: WRONG_VERSION_NUMBER] wrong version number');
        case 'closes':
          return ssl('[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol');
        case 'resets':
          return unconnected('[Errno 104] Connection reset by peer');
        case 'silent':
          return { unknown: 'waiting for TLS without end' };
      }
      return { unknown: 'this end of TLS' };
    case 'untrusted': {
      const verdict = certificate?.verdict;
      if (verdict === undefined || verdict.kind === 'trusted')
        throw new Error('what is trusted ends nothing');
      if (verdict.kind === 'undetermined') return { unknown: verdict.why };
      return { error: sslWords(pythonError(verdict, runtime.sslLine), true, telling), seconds: 0 };
    }
    case 'heard':
      return heardWords(outcome.reply, telling);
  }
}

function heardWords(
  reply: Extract<Fetched['outcome'], { kind: 'heard' }>['reply'],
  { client }: Telling,
): Words {
  switch (reply.kind) {
    case 'answer': {
      const { status, reason } = reply.answer;
      if (status >= 300 && status < 400) return { unknown: `following a redirection (${status})` };
      if (client === 'python-urllib' && status >= 400)
        return {
          error: `urllib.error.HTTPError: HTTP Error ${status}: ${reason}`,
          seconds: reply.seconds ?? 0,
        };
      return { answer: reply.answer };
    }
    case 'empty': {
      const words = 'Remote end closed connection without response';
      return {
        error:
          client === 'python-urllib'
            ? `http.client.RemoteDisconnected: ${words}`
            : `requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('${words}'))`,
        seconds: 0,
      };
    }
    case 'reset':
      return {
        error:
          client === 'python-urllib'
            ? 'ConnectionResetError: [Errno 104] Connection reset by peer'
            : "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        seconds: 0,
      };
    case 'not-http':
      return { unknown: 'a server that speaks no HTTP' };
    case 'silent':
      return { unknown: 'waiting for an answer without end' };
    case 'unknown':
      return { unknown: reply.reason };
  }
}

const urlError = (text: string): string => `urllib.error.URLError: <urlopen error ${text}>`;

function connectWords(errno: string, telling: Telling): string {
  const { client, url, proxied } = telling;
  if (client === 'python-urllib') return urlError(errno);
  const pool = url.scheme === 'https' ? 'HTTPSConnection' : 'HTTPConnection';
  const cause = `NewConnectionError('<urllib3.connection.${pool} object at 0x7f2a5c1d3e50>: Failed to establish a new connection: ${errno}')`;
  return proxied
    ? `requests.exceptions.ProxyError: ${retries(telling)} (Caused by ProxyError('${telling.runtime.toProxy}', ${cause}))`
    : `requests.exceptions.ConnectionError: ${retries(telling)} (Caused by ${cause})`;
}

function tunnelWords(text: string, telling: Telling): string {
  if (telling.client === 'python-urllib') return urlError(text);
  return `requests.exceptions.ProxyError: ${retries(telling)} (Caused by ProxyError('${telling.runtime.toProxy}', OSError('${text}')))`;
}

function sslWords(text: string, isCertificate: boolean, telling: Telling): string {
  if (telling.client === 'python-urllib') return urlError(text);
  const inner = isCertificate ? 'SSLCertVerificationError' : 'SSLError';
  const quote = text.includes("'") ? '"' : "'";
  return `requests.exceptions.SSLError: ${retries(telling)} (Caused by SSLError(${inner}(1, ${quote}${text}${quote})))`;
}

function retries({ url, proxied }: Telling): string {
  const pool = url.scheme === 'https' ? 'HTTPSConnectionPool' : 'HTTPConnectionPool';
  const shown = proxied && url.scheme === 'http' ? `http://${url.host}${url.path}` : url.path;
  return `${pool}(host='${url.host}', port=${url.port}): Max retries exceeded with url: ${shown}`;
}
