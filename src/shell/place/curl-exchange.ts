/** The request that curl sends, and what it makes of the answer. */
import type { CurlProxy } from './curl-proxy.ts';
import { beforeAnswer, afterHttp2Tickets, APPLICATION_IN, closing, decodeError } from './curl-lines.ts';
import { headerPairs, hostHeader, requestOf } from './curl-request.ts';
import { tickets } from './curl-tls.ts';
import type { CurlUrl } from './curl-url.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import { headOf } from './http-exchange-head.ts';
import type { Peer, Reply } from './http-exchange.ts';
import type { ProxyConnection } from './proxy-connection.ts';
import { RETRANSMISSION_SECONDS, unknown, type CurlRun, type Failure } from './curl-run.ts';

/** Sends the request and reads the answer. `proxy`: the request has the whole URL, for it. */
export async function exchange(
  run: CurlRun,
  url: CurlUrl,
  peer: Peer,
  host: string,
  proxy: CurlProxy | null,
): Promise<Failure | null> {
  const { options } = run.setup;
  const isTls = run.over === 'tls';
  const isTunnel = run.connectStatus === 200 && !isTls;
  const sent = requestOf({
    options,
    program: run.setup.program,
    url,
    proxy,
    over: isTunnel ? 'tunnel' : run.over,
    version: run.httpVersion,
  });
  run.note(...sent.lines);
  if (isTls) run.note(...tickets(run.form, proxy === null ? 'Server' : 'Proxy'));
  if (run.httpVersion === '2') run.note(...afterHttp2Tickets(run.form));
  const request: HttpRequest = {
    host: hostHeader(options) ?? url.host,
    path: url.path,
    method: options.method,
    headers: headerPairs(sent.headers),
    version: run.httpVersion,
    ...(isTls ? { checked: options.insecure === 'on' ? ('no' as const) : ('yes' as const) } : {}),
  };
  const reply = peer.answer(request, isTls ? 'tls' : 'plain');
  const seconds = reply.seconds ?? 0;
  if (seconds > (options.maxTime ?? Infinity)) return nothingSaid(run);
  run.elapsed += Math.floor(seconds);
  return heard(run, reply, host);
}

function heard(run: CurlRun, reply: Reply, host: string): Failure | null {
  const isTls = run.over === 'tls';
  switch (reply.kind) {
    case 'unknown':
      return unknown(reply.reason);
    case 'silent':
      return nothingSaid(run);
    case 'reset':
      return { code: 56, message: 'Recv failure: Connection reset by peer' };
    case 'not-http':
      return { code: 1, message: 'Received HTTP/0.9 when not allowed' };
    case 'empty': {
      if (!isTls || run.form === '7.88' || run.form === '8.5')
        return { code: 52, message: 'Empty reply from server', close: 'shutting down' };
      // That version answers a connection that just ends with an alert.
      if (run.form === '7.81') {
        run.note(...decodeError());
        run.over = 'plain';
      }
      const library = run.form === '7.81' ? '' : `OpenSSL/${run.setup.program.openssl}: `;
      return {
        code: 56,
        message: `OpenSSL SSL_read: ${library}error:0A000126:SSL routines::unexpected eof while reading, errno 0`,
      };
    }
    case 'answer':
      break;
  }
  const answer = run.setup.options.method === 'HEAD' ? { ...reply.answer, body: '' } : reply.answer;
  const form = run.form;
  if (run.httpVersion === '1.1') run.note(...beforeAnswer(form, isTls ? 'tls' : 'plain'));
  run.answer = answer;
  if (run.setup.options.fail === 'on' && answer.status >= 400) return failed(run, answer);
  const unwritten = run.setup.unwritten(answer);
  if (unwritten === 'head') {
    const [first = ''] = headOf(answer, run.httpVersion).split('\r\n');
    return writeFailed(run, 'head', first.length + 2);
  }
  noteAnswer(run, answer, run.httpVersion);
  if (unwritten === 'body') return writeFailed(run, 'body', answer.body.length);
  const isClosed =
    run.httpVersion === '1.1' &&
    answer.headers.some(
      ([name, value]) => name.toLowerCase() === 'connection' && value.toLowerCase() === 'close',
    );
  if (isTls && form === '7.81' && reply.records === 2 && answer.body !== '') run.note(APPLICATION_IN);
  if (isClosed && isTls && form === '7.81') run.note(closing(form), ...decodeError());
  else if (isClosed) run.close('shutting down');
  else run.note(`* Connection #0 to host ${host} left intact`);
  return null;
}

/** With --fail it stops at the end of the head. */
function failed(run: CurlRun, answer: HttpAnswer): Failure {
  const message = `The requested URL returned error: ${answer.status}`;
  run.note(...noted(answer, run.httpVersion), `* ${message}`, ...(run.form === '8.14' ? ['< '] : []));
  return { code: 22, message, noted: 'no' };
}

/** The file to write to does not open. Before 8.7 the message does not count. */
function writeFailed(run: CurlRun, what: 'head' | 'body', size: number): Failure {
  const old = what === 'head' ? 'Failed writing header' : 'Failure writing output to destination';
  return { code: 23, message: run.form === '8.14' ? `client returned ERROR on write of ${size} bytes` : old };
}

function nothingSaid(run: CurlRun): Failure {
  const { maxTime } = run.setup.options;
  if (maxTime !== null) {
    const message = `Operation timed out after ${Math.round(maxTime * 1000) + 1} milliseconds with 0 bytes received`;
    return { code: 28, message, after: Math.ceil(maxTime) };
  }
  return { code: 56, message: 'Recv failure: Connection timed out', after: RETRANSMISSION_SECONDS };
}

export function noteAnswer(run: CurlRun, answer: HttpAnswer, version: '1.1' | '2'): void {
  run.note(...noted(answer, version), '< ');
}

/** The head of an answer, without the empty line that ends it. */
function noted(answer: HttpAnswer, version: '1.1' | '2'): readonly string[] {
  return headOf(answer, version)
    .split('\r\n')
    .slice(0, -2)
    .map((line) => `< ${line}`);
}

/** A proxy, or a server that is taken for one, asked for a whole URL. */
export function askingPeer(
  own: Peer,
  relaying: ProxyConnection | null,
  url: CurlUrl,
  user: string | null,
): Peer {
  if (relaying === null) return own;
  return {
    ...own,
    answer: (request) => relaying.ask({ ...request, urlHost: url.host, port: url.port, credentials: user }),
  };
}
