/** One URL: the connection, the proxy on the way, TLS, the request and what came of it. */
import { requestFor } from '../../model/compile/ends.ts';
import { chooseCurlProxy, type CurlProxy } from './curl-proxy.ts';
import { afterConnect, beforeConnect, connected, connectEnded, connectRefused } from './curl-lines.ts';
import { connectHeaders, headerPairs, hostHeader, userName } from './curl-request.ts';
import { tickets } from './curl-tls.ts';
import { parseCurlUrl, type CurlUrl } from './curl-url.ts';
import type { HttpAnswer } from './http-answer.ts';
import { headOf } from './http-exchange-head.ts';
import { peerOf, type Peer } from './http-exchange.ts';
import { proxyConnection } from './http-exchange-proxy.ts';
import { plainServerOnConnect, type ProxyConnection } from './proxy-connection.ts';
import {
  CurlRun,
  unknown,
  RETRANSMISSION_SECONDS,
  type Failure,
  type Transferred,
  type TransferSetup,
  type Where,
} from './curl-run.ts';
import { connect, connectTo, firstBytes, lost, serverName, type ConnectTarget } from './curl-connect.ts';
import { secure } from './curl-secure.ts';
import { askingPeer, exchange, noteAnswer } from './curl-exchange.ts';

/** Performs the transfer of one URL as far as it gets. */
export async function transfer(text: string, setup: TransferSetup): Promise<Transferred> {
  const run = new CurlRun(text, setup);
  return run.ended(await perform(run));
}

async function perform(run: CurlRun): Promise<Failure | null> {
  const { options, program, context } = run.setup;
  const url = parseCurlUrl(run.text, run.form);
  if (!url.ok) return { ...url.error, noted: 'no', close: 'nothing' };
  run.url = url.value;
  for (const [where, addresses] of options.resolve) {
    run.note(`* Added ${where}:${addresses.join(',')} to DNS cache`);
    if (where.startsWith('*:')) run.note(`* RESOLVE ${where} is wildcard, enabling wildcard checks`);
  }
  const chosen = chooseCurlProxy(program, options, context.env, url.value);
  run.note(...chosen.notes);
  if (chosen.kind === 'error') return { ...chosen.problem, close: 'unborn' };
  const proxy = chosen.kind === 'proxy' ? chosen.proxy : null;
  if (proxy !== null) run.proxyUsed = 'yes';
  const target = connectTo(options, url.value);
  if (target.named !== null) {
    run.note(`* Connecting to hostname: ${target.host}`, `* Connecting to port: ${target.port}`);
  }
  return proxy === null ? direct(run, url.value, target) : overProxy(run, url.value, target, proxy);
}

async function direct(run: CurlRun, url: CurlUrl, target: ConnectTarget): Promise<Failure | null> {
  const { options, context, view } = run.setup;
  const made = await connect(run, target.host, target.port, firstBytes(url, options), 'host');
  if ('code' in made) return made;
  const relaying =
    made.kind === 'connected' ? proxyConnection(run.viewNow(view), made, context.nextConnection) : null;
  const peer = relaying?.own ?? peerOf(run.viewNow(view), made, serverName(url));
  if (peer === null) return lost(target.host, target.port);
  // A bug of that version: it has lost the name.
  const shown = run.form === '7.88' && target.named !== null ? '(nil)' : target.host;
  const where = { host: shown, port: target.port, address: run.remote?.address ?? '' };
  const isSecure = url.scheme === 'https';
  if (!isSecure || !run.tellsLate) run.note(connected(run.form, where.host, where.address, where.port));
  const failure = isSecure ? await secure(run, peer, url.host, 'Server', where) : null;
  if (failure === null && isSecure && run.tellsLate)
    run.note(connected(run.form, where.host, where.address, where.port));
  const ended = failure ?? (await exchange(run, url, peer, where.host, null));
  if (relaying !== null) run.cloud = relaying.close();
  return ended;
}

async function overProxy(
  run: CurlRun,
  url: CurlUrl,
  target: ConnectTarget,
  proxy: CurlProxy,
): Promise<Failure | null> {
  const { options, context, view } = run.setup;
  if (proxy.scheme !== 'http' && proxy.scheme !== 'https') {
    const message = `a proxy of ${proxy.scheme}:// is not simulated in this workbook`;
    return { code: 7, message, always: 'said', close: 'nothing' };
  }
  const isTunnel = url.scheme === 'https' || options.proxy.tunnel === 'on' || target.named !== null;
  // A firewall on the way reads what is sent to the proxy.
  const first =
    proxy.scheme === 'https'
      ? requestFor('https', proxy.host)
      : requestFor('http', isTunnel ? url.host : (hostHeader(options) ?? url.host));
  const made = await connect(run, proxy.host, proxy.port, first, 'proxy');
  if ('code' in made) return made;
  const relaying =
    made.kind === 'connected' ? proxyConnection(run.viewNow(view), made, context.nextConnection) : null;
  const own = relaying?.own ?? peerOf(run.viewNow(view), made, proxy.host);
  if (own === null) return lost(proxy.host, proxy.port);
  const where = { host: proxy.host, port: proxy.port, address: run.remote?.address ?? '' };
  const say = () => {
    run.note(connected(run.form, where.host, where.address, where.port));
  };
  if (!run.tellsLate || (proxy.scheme === 'http' && !isTunnel)) say();
  let failure: Failure | null = null;
  if (proxy.scheme === 'https') {
    failure = await secure(run, own, proxy.host, 'Proxy', where);
    if (failure === null && run.tellsLate && !isTunnel) say();
  }
  if (failure === null && isTunnel) {
    failure = await throughTunnel(run, url, target, proxy, { own, relaying, where, say });
  } else if (failure === null) {
    failure = await exchange(run, url, askingPeer(own, relaying, url, proxy.user), where.host, proxy);
  }
  if (relaying !== null) run.cloud = relaying.close();
  return failure;
}

async function throughTunnel(
  run: CurlRun,
  url: CurlUrl,
  target: ConnectTarget,
  proxy: CurlProxy,
  end: {
    readonly own: Peer;
    readonly relaying: ProxyConnection | null;
    readonly where: Where;
    readonly say: () => void;
  },
): Promise<Failure | null> {
  const { options, program } = run.setup;
  const authority = `${target.host}:${target.port}`;
  run.note(...beforeConnect(run.form, authority, proxy.user === null ? null : userName(proxy.user)));
  const headers = connectHeaders({ options, program }, authority, proxy.user);
  run.note(`> CONNECT ${authority} HTTP/1.1`, ...headers.map((each) => `> ${each}`), '> ');
  if (proxy.scheme === 'https') run.note(...tickets(run.form, 'Proxy'));
  const reply =
    end.relaying?.connect({
      host: target.host,
      port: target.port,
      path: url.path,
      method: options.method,
      serverName: serverName(url),
      credentials: proxy.user,
      inside: url.scheme,
      headers: headerPairs(headers),
    }) ?? plainServerOnConnect(end.own);
  switch (reply.kind) {
    case 'unknown':
      return unknown(reply.reason);
    case 'silent':
      return connectPatience(run, RETRANSMISSION_SECONDS);
    case 'reset':
    case 'empty':
    case 'not-http': {
      run.note('* Proxy CONNECT aborted', ...connectEnded(run.form));
      return { code: 56, message: 'Proxy CONNECT aborted', noted: 'no' };
    }
    case 'answers':
      if (reply.seconds > run.patience) return connectPatience(run, reply.seconds);
      run.elapsed += Math.floor(reply.seconds);
      return refusedTunnel(run, reply.answer);
    case 'tunnel':
      break;
  }
  run.connectStatus = 200;
  const head: HttpAnswer = { status: 200, reason: 'Connection established', headers: [], body: '' };
  run.connectHead = headOf(head, '1.1');
  noteAnswer(run, head, '1.1');
  run.note(...afterConnect(run.form, 200));
  run.over = 'plain';
  const failure =
    url.scheme === 'https'
      ? await secure(run, reply.peer, url.host, 'Server', { ...end.where, ...target })
      : null;
  if (failure !== null) return failure;
  if (run.tellsLate) end.say();
  return exchange(run, url, reply.peer, end.where.host, null);
}

function refusedTunnel(run: CurlRun, answer: HttpAnswer): Failure {
  run.connectStatus = answer.status;
  run.connectHead = headOf(answer, '1.1');
  noteAnswer(run, answer, '1.1');
  if (run.setup.options.fail === 'on' && answer.status >= 400 && answer.status !== 407) {
    const message = `The requested URL returned error: ${answer.status}`;
    run.note(`* ${message}`, ...connectEnded(run.form));
    return { code: 22, message, noted: 'no' };
  }
  // It reads on only where it could still log in.
  if (answer.status === 407 && answer.body !== '')
    run.note(`* Ignore ${answer.body.length} bytes of response-body`);
  const message = connectRefused(run.form, answer.status);
  run.note(`* ${message}`, ...connectEnded(run.form));
  return { code: 56, message, noted: 'no' };
}

function connectPatience(run: CurlRun, seconds: number): Failure {
  const waited = Math.min(seconds, run.patience);
  const after = Math.round(waited * 1000) + 1;
  if (run.form === '8.14') {
    return {
      code: 28,
      message: `Connection timed out after ${after} milliseconds`,
      after: Math.ceil(waited),
    };
  }
  const message = 'Proxy CONNECT aborted due to timeout';
  run.note(`* ${message}`, ...connectEnded(run.form));
  if (run.form === '7.81')
    run.note(`* Operation timed out after ${after} milliseconds with 0 bytes received`);
  return { code: 28, message, noted: 'no', after: Math.ceil(waited) };
}
