/** One URL: the connection, the proxy on the way, TLS, the request and what came of it. */
import { requestFor } from '../../model/compile/ends.ts';
import type { Cloud } from '../../model/cloud.ts';
import { roundTripMilliseconds } from '../../model/trace/round-trip.ts';
import { ok } from '../../model/result.ts';
import type { CommandContext } from '../command.ts';
import { attempt, type Attempt } from './attempt.ts';
import { chooseCurlProxy, type CurlProxy } from './curl-proxy.ts';
import {
  addressFailed,
  afterConnect,
  beforeAnswer,
  beforeConnect,
  afterHttp2Tickets,
  APPLICATION_IN,
  cannotConnect,
  closeNotify,
  closing,
  connected,
  connectEnded,
  connectRefused,
  connectTimeout,
  decodeError,
} from './curl-lines.ts';
import { connectHeaders, headerPairs, hostHeader, requestOf, userName } from './curl-request.ts';
import type { CurlOptions } from './curl-options.ts';
import { handshake, hello, noTls, tickets, type HandshakeInput } from './curl-tls.ts';
import { verificationOf } from './curl-trust.ts';
import { parseCurlUrl, type CurlProblem, type CurlUrl } from './curl-url.ts';
import type { CurlProgram } from './curl-version.ts';
import type { TransferState } from './curl-write-out.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import { headOf } from './http-exchange-head.ts';
import { peerOf, type Peer, type Reply } from './http-exchange.ts';
import { plainServerOnConnect, proxyConnection, type ProxyConnection } from './http-exchange-proxy.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import { ownAddress, type NetworkView } from './network-view.ts';

const ARP_MILLISECONDS = 3066;
/** Linux gives up after six retransmissions of the SYN, net.ipv4.tcp_syn_retries. */
const SYN_TIMEOUT_SECONDS = 134;
/** How long Linux sends again what nobody acknowledges (net.ipv4.tcp_retries2 = 15). */
const RETRANSMISSION_SECONDS = 924;
/** Curl's own patience with connecting, CONNECT and TLS. */
const CONNECT_PATIENCE_SECONDS = 300;

export interface TransferSetup {
  readonly options: CurlOptions;
  readonly program: CurlProgram;
  readonly view: NetworkView;
  readonly context: CommandContext;
}

export interface Transferred {
  readonly state: TransferState;
  /** What `-v` writes. */
  readonly notes: readonly string[];
  /** What `-i` shows of the proxy. */
  readonly connectHead: string;
  readonly cloud: Cloud;
  readonly elapsedSeconds: number;
}

/** Performs the transfer of one URL as far as it gets. */
export async function transfer(text: string, setup: TransferSetup): Promise<Transferred> {
  return new CurlTransfer(text, setup).run();
}

/** Seconds passed in vain before a problem. */
interface Failure extends CurlProblem {
  readonly after?: number;
  /** Whether curl says the message after `* ` too. */
  readonly noted?: 'no';
  readonly close?: 'shutting down' | 'unborn' | 'nothing';
}

class CurlTransfer {
  readonly #text: string;
  readonly #setup: TransferSetup;
  readonly #notes: string[] = [];
  #cloud: Cloud;
  #url: CurlUrl | null = null;
  #answer: HttpAnswer | null = null;
  #connectHead = '';
  #connectStatus = 0;
  #verifyResult = 0;
  #proxyVerifyResult = 0;
  #seconds = 0;
  #remote: TransferState['remote'] = null;
  #local: TransferState['local'] = null;
  #over: 'plain' | 'tls' = 'plain';
  #httpVersion: '1.1' | '2' = '1.1';
  #elapsed = 0;
  #proxyUsed: 'yes' | 'no' = 'no';

  constructor(text: string, setup: TransferSetup) {
    this.#text = text;
    this.#setup = setup;
    this.#cloud = setup.view.cloud;
  }

  async run(): Promise<Transferred> {
    const problem = await this.#perform();
    if (problem !== null) {
      if (problem.noted !== 'no' && problem.always !== 'said') this.#note(`* ${problem.message}`);
      if (problem.close !== 'nothing') this.#close(problem.close);
      this.#elapsed += problem.after ?? 0;
    }
    const { options } = this.#setup;
    return {
      state: {
        text: this.#text,
        url: this.#url,
        answer: this.#answer,
        problem:
          problem === null
            ? null
            : {
                code: problem.code,
                message: problem.message,
                ...(problem.always === undefined ? {} : { always: problem.always }),
              },
        seconds: this.#seconds,
        remote: this.#remote,
        local: this.#local,
        connectStatus: this.#connectStatus,
        verifyResult: this.#verifyResult,
        proxyVerifyResult: this.#proxyVerifyResult,
        connects: this.#remote === null ? 0 : 1,
        redirects: 0,
        httpVersion: this.#httpVersion,
        over: this.#over,
        method: options.method,
        uploaded: options.data?.length ?? 0,
        proxyUsed: this.#proxyUsed,
        referer: options.referer ?? '',
        number: 0,
      },
      notes: this.#notes,
      connectHead: this.#connectHead,
      cloud: this.#cloud,
      elapsedSeconds: this.#elapsed,
    };
  }

  get #form(): CurlProgram['form'] {
    return this.#setup.program.form;
  }

  #close(how?: 'shutting down' | 'unborn'): void {
    this.#note(closing(this.#form, how), ...(this.#over === 'tls' ? closeNotify(this.#form) : []));
  }

  #note(...lines: readonly string[]): void {
    this.#notes.push(...lines);
  }

  async #perform(): Promise<Failure | null> {
    const { options, program, context } = this.#setup;
    const url = parseCurlUrl(this.#text, this.#form);
    if (!url.ok) return { ...url.error, noted: 'no', close: 'nothing' };
    this.#url = url.value;
    for (const [where, addresses] of options.resolve) {
      this.#note(`* Added ${where}:${addresses.join(',')} to DNS cache`);
      if (where.startsWith('*:')) this.#note(`* RESOLVE ${where} is wildcard, enabling wildcard checks`);
    }
    const chosen = chooseCurlProxy(program, options, context.env, url.value);
    this.#note(...chosen.notes);
    if (chosen.kind === 'error') return { ...chosen.problem, close: 'unborn' };
    const proxy = chosen.kind === 'proxy' ? chosen.proxy : null;
    if (proxy !== null) this.#proxyUsed = 'yes';
    const target = connectTo(options, url.value);
    if (target.named !== null) {
      this.#note(`* Connecting to hostname: ${target.host}`, `* Connecting to port: ${target.port}`);
    }
    return proxy === null ? this.#direct(url.value, target) : this.#overProxy(url.value, target, proxy);
  }

  async #direct(url: CurlUrl, target: ConnectTarget): Promise<Failure | null> {
    const { options, context, view } = this.#setup;
    const made = await this.#connect(target.host, target.port, firstBytes(url, options), 'host');
    if ('code' in made) return made;
    const relaying =
      made.kind === 'connected' ? proxyConnection(this.#viewNow(view), made, context.nextConnection) : null;
    const peer = relaying?.own ?? peerOf(this.#viewNow(view), made, serverName(url));
    if (peer === null) return this.#lost(made, target.host, target.port);
    // A bug of that version: it has lost the name.
    const shown = this.#form === '7.88' && target.named !== null ? '(nil)' : target.host;
    const where = { host: shown, port: target.port, address: this.#remote?.address ?? '' };
    const isSecure = url.scheme === 'https';
    if (!isSecure || !this.#tellsLate)
      this.#note(connected(this.#form, where.host, where.address, where.port));
    const failure = isSecure ? await this.#secure(peer, url.host, 'Server', where) : null;
    if (failure === null && isSecure && this.#tellsLate)
      this.#note(connected(this.#form, where.host, where.address, where.port));
    const ended = failure ?? (await this.#exchange(url, peer, where.host, null));
    if (relaying !== null) this.#cloud = relaying.close();
    return ended;
  }

  async #overProxy(url: CurlUrl, target: ConnectTarget, proxy: CurlProxy): Promise<Failure | null> {
    const { options, context, view } = this.#setup;
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
    const made = await this.#connect(proxy.host, proxy.port, first, 'proxy');
    if ('code' in made) return made;
    const relaying =
      made.kind === 'connected' ? proxyConnection(this.#viewNow(view), made, context.nextConnection) : null;
    const own = relaying?.own ?? peerOf(this.#viewNow(view), made, proxy.host);
    if (own === null) return this.#lost(made, proxy.host, proxy.port);
    const where = { host: proxy.host, port: proxy.port, address: this.#remote?.address ?? '' };
    const say = () => {
      this.#note(connected(this.#form, where.host, where.address, where.port));
    };
    if (!this.#tellsLate || (proxy.scheme === 'http' && !isTunnel)) say();
    let failure: Failure | null = null;
    if (proxy.scheme === 'https') {
      failure = await this.#secure(own, proxy.host, 'Proxy', where);
      if (failure === null && this.#tellsLate && !isTunnel) say();
    }
    if (failure === null && isTunnel) {
      failure = await this.#throughTunnel(url, target, proxy, { own, relaying, where, say });
    } else if (failure === null) {
      failure = await this.#exchange(url, askingPeer(own, relaying, url, proxy.user), where.host, proxy);
    }
    if (relaying !== null) this.#cloud = relaying.close();
    return failure;
  }

  async #throughTunnel(
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
    const { options, program } = this.#setup;
    const authority = `${target.host}:${target.port}`;
    this.#note(...beforeConnect(this.#form, authority, proxy.user === null ? null : userName(proxy.user)));
    const headers = connectHeaders({ options, program }, authority, proxy.user);
    this.#note(`> CONNECT ${authority} HTTP/1.1`, ...headers.map((each) => `> ${each}`), '> ');
    if (proxy.scheme === 'https') this.#note(...tickets(this.#form, 'Proxy'));
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
        return this.#connectPatience(RETRANSMISSION_SECONDS);
      case 'reset':
      case 'empty':
      case 'not-http': {
        this.#note('* Proxy CONNECT aborted', ...connectEnded(this.#form));
        return { code: 56, message: 'Proxy CONNECT aborted', noted: 'no' };
      }
      case 'answers':
        if (reply.seconds > this.#patience) return this.#connectPatience(reply.seconds);
        this.#elapsed += Math.floor(reply.seconds);
        return this.#refusedTunnel(reply.answer);
      case 'tunnel':
        break;
    }
    this.#connectStatus = 200;
    const head: HttpAnswer = { status: 200, reason: 'Connection established', headers: [], body: '' };
    this.#connectHead = headOf(head, '1.1');
    this.#noteAnswer(head, '1.1');
    this.#note(...afterConnect(this.#form, 200));
    this.#over = 'plain';
    const failure =
      url.scheme === 'https'
        ? await this.#secure(reply.peer, url.host, 'Server', { ...end.where, ...target })
        : null;
    if (failure !== null) return failure;
    if (this.#tellsLate) end.say();
    return this.#exchange(url, reply.peer, end.where.host, null);
  }

  #refusedTunnel(answer: HttpAnswer): Failure {
    this.#connectStatus = answer.status;
    this.#connectHead = headOf(answer, '1.1');
    this.#noteAnswer(answer, '1.1');
    if (this.#setup.options.fail === 'on' && answer.status >= 400 && answer.status !== 407) {
      const message = `The requested URL returned error: ${answer.status}`;
      this.#note(`* ${message}`, ...connectEnded(this.#form));
      return { code: 22, message, noted: 'no' };
    }
    // It reads on only where it could still log in.
    if (answer.status === 407 && answer.body !== '')
      this.#note(`* Ignore ${answer.body.length} bytes of response-body`);
    const message = connectRefused(this.#form, answer.status);
    this.#note(`* ${message}`, ...connectEnded(this.#form));
    return { code: 56, message, noted: 'no' };
  }

  /** From 8.10 on, the connection is told of once it stands as a whole. */
  get #tellsLate(): boolean {
    return this.#form === '8.14';
  }

  /** How long it waits for a connection, CONNECT and TLS together. */
  get #patience(): number {
    const { connectTimeout, maxTime } = this.#setup.options;
    return Math.min(connectTimeout ?? CONNECT_PATIENCE_SECONDS, maxTime ?? Infinity);
  }

  #connectPatience(seconds: number): Failure {
    const waited = Math.min(seconds, this.#patience);
    const after = Math.round(waited * 1000) + 1;
    if (this.#form === '8.14') {
      return {
        code: 28,
        message: `Connection timed out after ${after} milliseconds`,
        after: Math.ceil(waited),
      };
    }
    const message = 'Proxy CONNECT aborted due to timeout';
    this.#note(`* ${message}`, ...connectEnded(this.#form));
    if (this.#form === '7.81')
      this.#note(`* Operation timed out after ${after} milliseconds with 0 bytes received`);
    return { code: 28, message, noted: 'no', after: Math.ceil(waited) };
  }

  /** Resolves and connects; a failure is complete but for its last line. */
  async #connect(
    host: string,
    port: number,
    request: ReturnType<typeof requestFor>,
    what: 'host' | 'proxy',
  ): Promise<Attempt | Failure> {
    const { options, view, context } = this.#setup;
    const given = options.resolve.get(`${host}:${port}`) ?? options.resolve.get(`*:${port}`);
    const found = given === undefined ? lookUp(this.#viewNow(view), host) : ok({ addresses: given });
    if (!found.ok) {
      return {
        code: what === 'proxy' ? 5 : 6,
        message: `Could not resolve ${what}: ${host}`,
        close: 'shutting down',
      };
    }
    const [address = ''] = found.value.addresses;
    if (given !== undefined) this.#note(`* Hostname ${host} was found in DNS cache`);
    else if ((this.#form === '8.5' || this.#form === '8.14') && address !== host) {
      this.#note(
        `* Host ${host}:${port} was resolved.`,
        '* IPv6: (none)',
        `* IPv4: ${found.value.addresses.join(', ')}`,
      );
    }
    this.#note(`*   Trying ${address}:${port}...`);
    let used = 0;
    const own = { ...this.#viewNow(view), sourcePort: () => (used = view.sourcePort()) };
    const made = attempt(own, address, 'tcp', port, request);
    await rememberNeighbours(own, context, made);
    this.#seconds = Math.max(1, Math.round(roundTripMilliseconds(made.trace))) / 1000;
    const local = { address: address.startsWith('127.') ? address : ownAddress(view), port: used };
    const stands =
      made.kind === 'connected' ||
      made.kind === 'intercepted' ||
      (made.kind === 'timeout' && made.after === 'handshake');
    if (!stands) return this.#unconnected(made, { host, address, port }, local);
    this.#cloud = made.cloud;
    this.#remote = { address, port };
    this.#local = local;
    return made;
  }

  #viewNow(view: NetworkView): NetworkView {
    return { ...view, cloud: this.#cloud };
  }

  #unconnected(
    made: Attempt,
    to: Where,
    local: { readonly address: string; readonly port: number },
  ): Failure {
    const { host, port } = to;
    switch (made.kind) {
      case 'unknown':
        return unknown(made.reason);
      case 'refused': {
        const error = 'Connection refused';
        this.#note(addressFailed(this.#form, to, local, error));
        return {
          code: 7,
          message: cannotConnect(this.#form, host, port, Math.round(this.#seconds * 1000), error),
        };
      }
      case 'network-unreachable': {
        this.#note(`* Immediate connect fail for ${to.address}: Network is unreachable`);
        return { code: 7, message: cannotConnect(this.#form, host, port, 0, "Couldn't connect to server") };
      }
      case 'host-unreachable': {
        // Three ARP requests go unanswered first, a second each.
        if (this.#patience * 1000 < ARP_MILLISECONDS) return this.#noAnswer(to, local);
        const error = 'No route to host';
        this.#note(addressFailed(this.#form, to, local, error));
        return {
          code: 7,
          message: cannotConnect(this.#form, host, port, ARP_MILLISECONDS, error),
          after: Math.floor(ARP_MILLISECONDS / 1000),
        };
      }
      case 'timeout':
        return this.#noAnswer(to, local);
      case 'connected':
      case 'intercepted':
        throw new Error('a connection that stands did not fail');
    }
  }

  #noAnswer(to: Where, local: { readonly address: string; readonly port: number }): Failure {
    const { connectTimeout, maxTime } = this.#setup.options;
    const limit = Math.min(maxTime ?? Infinity, connectTimeout ?? Infinity);
    const after = Math.ceil(Math.min(limit, SYN_TIMEOUT_SECONDS));
    if (limit >= SYN_TIMEOUT_SECONDS) {
      const error = 'Connection timed out';
      this.#note(addressFailed(this.#form, to, local, error));
      const message = cannotConnect(this.#form, to.host, to.port, SYN_TIMEOUT_SECONDS * 1000, error);
      return { code: 28, message, after };
    }
    if (maxTime !== null && (connectTimeout === null || maxTime <= connectTimeout)) {
      const message = `Connection timed out after ${Math.round(maxTime * 1000) + 1} milliseconds`;
      return { code: 28, message, after };
    }
    const { notes, message } = connectTimeoutOf(this.#form, to, limit);
    this.#note(...notes);
    return { code: 28, message, after };
  }

  /** The connection stands, and what is sent is never acknowledged. */
  #lost(_made: Attempt, host: string, port: number): Failure {
    return unknown(`what becomes of the connection to ${host}:${port}`);
  }

  /** TLS with whoever is at the other end. */
  async #secure(peer: Peer, host: string, whose: 'Server' | 'Proxy', where: Where): Promise<Failure | null> {
    const { options, program, context, view } = this.#setup;
    const own =
      whose === 'Server'
        ? { ...options.tls, insecure: options.insecure }
        : { ...options.proxy, insecure: options.proxy.insecure };
    const chain = typeof peer.tls === 'string' ? [] : peer.tls.chain;
    const input: HandshakeInput = {
      form: this.#form,
      version: program.version,
      openssl: program.openssl,
      whose,
      offers: this.#offers(whose),
      host,
      at: view.cloud.now,
      verification: await verificationOf(context, own, chain),
    };
    const sent = hello(input);
    this.#note(...sent.lines);
    if (sent.problem !== null) return this.#noTrustFile(sent.problem);
    if (peer.tls === 'silent') return this.#silentTls();
    if (typeof peer.tls === 'string') {
      const said =
        peer.answer({ host, path: '/', method: 'GET' }, 'plain').kind === 'not-http' ? 'ssh' : 'http';
      const failed = noTls(this.#form, program.openssl, peer.tls, `${where.host}:${where.port}`, said);
      this.#note(...failed.lines);
      return { ...failed.problem, noted: 'no' };
    }
    const shaken = handshake(input, peer.tls);
    this.#note(...shaken.lines);
    if (whose === 'Server') this.#verifyResult = shaken.result;
    else this.#proxyVerifyResult = shaken.result;
    if (shaken.problem !== null) {
      // A name that is another one comes out once the handshake is over.
      if (shaken.alert === null) this.#over = 'tls';
      else peer.distrusted?.(shaken.alert);
      return { ...shaken.problem, noted: 'no' };
    }
    this.#over = 'tls';
    if (whose === 'Server') this.#httpVersion = shaken.protocol === 'h2' ? '2' : '1.1';
    return null;
  }

  /** It tries again while it closes, but for the newest. */
  #noTrustFile(problem: CurlProblem): Failure {
    const said = `* ${problem.message}`;
    const again = this.#form === '7.88' ? [said] : this.#form === '8.5' ? [said, said] : [];
    this.#note(closing(this.#form), ...again);
    return { ...problem, noted: 'no', close: 'nothing' };
  }

  #offers(whose: 'Server' | 'Proxy'): readonly ('h2' | 'http/1.1')[] {
    const { options } = this.#setup;
    if (whose === 'Server') return options.httpVersion === '1.1' ? ['http/1.1'] : ['h2', 'http/1.1'];
    return this.#url?.scheme === 'https' || options.proxy.tunnel === 'on' ? ['http/1.1'] : [];
  }

  #silentTls(): Failure {
    const waited = Math.min(this.#patience, RETRANSMISSION_SECONDS);
    const after = Math.round(waited * 1000) + 1;
    const { maxTime, connectTimeout } = this.#setup.options;
    const isOver = maxTime !== null || connectTimeout !== null;
    const message = !isOver
      ? 'SSL connection timeout'
      : this.#form === '7.81'
        ? `Operation timed out after ${after} milliseconds with 0 bytes received`
        : `Connection timed out after ${after} milliseconds`;
    return { code: 28, message, after: Math.ceil(waited) };
  }

  /** Sends the request and reads the answer. `proxy`: the request has the whole URL, for it. */
  async #exchange(url: CurlUrl, peer: Peer, host: string, proxy: CurlProxy | null): Promise<Failure | null> {
    const { options } = this.#setup;
    const isTls = this.#over === 'tls';
    const isTunnel = this.#connectStatus === 200 && !isTls;
    const sent = requestOf({
      options,
      program: this.#setup.program,
      url,
      proxy,
      over: isTunnel ? 'tunnel' : this.#over,
      version: this.#httpVersion,
    });
    this.#note(...sent.lines);
    if (isTls) this.#note(...tickets(this.#form, proxy === null ? 'Server' : 'Proxy'));
    if (this.#httpVersion === '2') this.#note(...afterHttp2Tickets(this.#form));
    const request: HttpRequest = {
      host: hostHeader(options) ?? url.host,
      path: url.path,
      method: options.method,
      headers: headerPairs(sent.headers),
      version: this.#httpVersion,
      ...(isTls ? { checked: options.insecure === 'on' ? ('no' as const) : ('yes' as const) } : {}),
    };
    const reply = peer.answer(request, isTls ? 'tls' : 'plain');
    const seconds = reply.seconds ?? 0;
    if (seconds > (options.maxTime ?? Infinity)) return this.#nothingSaid();
    this.#elapsed += Math.floor(seconds);
    return this.#heard(reply, host);
  }

  #heard(reply: Reply, host: string): Failure | null {
    const isTls = this.#over === 'tls';
    switch (reply.kind) {
      case 'unknown':
        return unknown(reply.reason);
      case 'silent':
        return this.#nothingSaid();
      case 'reset':
        return { code: 56, message: 'Recv failure: Connection reset by peer' };
      case 'not-http':
        return { code: 1, message: 'Received HTTP/0.9 when not allowed' };
      case 'empty': {
        if (!isTls || this.#form === '7.88' || this.#form === '8.5')
          return { code: 52, message: 'Empty reply from server', close: 'shutting down' };
        // That version answers a connection that just ends with an alert.
        if (this.#form === '7.81') {
          this.#note(...decodeError());
          this.#over = 'plain';
        }
        const library = this.#form === '7.81' ? '' : `OpenSSL/${this.#setup.program.openssl}: `;
        return {
          code: 56,
          message: `OpenSSL SSL_read: ${library}error:0A000126:SSL routines::unexpected eof while reading, errno 0`,
        };
      }
      case 'answer':
        break;
    }
    const answer = this.#setup.options.method === 'HEAD' ? { ...reply.answer, body: '' } : reply.answer;
    const form = this.#form;
    if (this.#httpVersion === '1.1') this.#note(...beforeAnswer(form, isTls ? 'tls' : 'plain'));
    this.#answer = answer;
    if (this.#setup.options.fail === 'on' && answer.status >= 400) return this.#failed(answer);
    this.#noteAnswer(answer, this.#httpVersion);
    const isClosed =
      this.#httpVersion === '1.1' &&
      answer.headers.some(
        ([name, value]) => name.toLowerCase() === 'connection' && value.toLowerCase() === 'close',
      );
    if (isTls && form === '7.81' && reply.records === 2 && answer.body !== '') this.#note(APPLICATION_IN);
    if (isClosed && isTls && form === '7.81') this.#note(closing(form), ...decodeError());
    else if (isClosed) this.#close('shutting down');
    else this.#note(`* Connection #0 to host ${host} left intact`);
    return null;
  }

  /** With --fail it stops at the end of the head. */
  #failed(answer: HttpAnswer): Failure {
    const message = `The requested URL returned error: ${answer.status}`;
    this.#note(...noted(answer, this.#httpVersion), `* ${message}`, ...(this.#form === '8.14' ? ['< '] : []));
    return { code: 22, message, noted: 'no' };
  }

  #nothingSaid(): Failure {
    const { maxTime } = this.#setup.options;
    if (maxTime !== null) {
      const message = `Operation timed out after ${Math.round(maxTime * 1000) + 1} milliseconds with 0 bytes received`;
      return { code: 28, message, after: Math.ceil(maxTime) };
    }
    return { code: 56, message: 'Recv failure: Connection timed out', after: RETRANSMISSION_SECONDS };
  }

  #noteAnswer(answer: HttpAnswer, version: '1.1' | '2'): void {
    this.#note(...noted(answer, version), '< ');
  }
}

/** The head of an answer, without the empty line that ends it. */
function noted(answer: HttpAnswer, version: '1.1' | '2'): readonly string[] {
  return headOf(answer, version)
    .split('\r\n')
    .slice(0, -2)
    .map((line) => `< ${line}`);
}

type Where = { readonly host: string; readonly address: string; readonly port: number };

function connectTimeoutOf(
  form: CurlProgram['form'],
  to: Where,
  seconds: number,
): ReturnType<typeof connectTimeout> {
  return connectTimeout(form, to, Math.round(seconds * 1000));
}

function unknown(reason: string): Failure {
  return { code: 7, message: `the simulation cannot tell: ${reason}`, always: 'said', close: 'nothing' };
}

/** A proxy, or a server that is taken for one, asked for a whole URL. */
function askingPeer(own: Peer, relaying: ProxyConnection | null, url: CurlUrl, user: string | null): Peer {
  if (relaying === null) return own;
  return {
    ...own,
    answer: (request) => relaying.ask({ ...request, urlHost: url.host, port: url.port, credentials: user }),
  };
}

/** HTTP names the host in a header, which an option may set; TLS names that of the URL, whatever the header says. */
function firstBytes({ scheme, host }: CurlUrl, options: CurlOptions): ReturnType<typeof requestFor> {
  const header = hostHeader(options)?.replace(/:\d*$/, '');
  return requestFor(scheme, scheme === 'http' ? (header ?? host) : host);
}

/** The name in the ClientHello: none for an address. */
function serverName({ scheme, host }: CurlUrl): string {
  return scheme === 'https' ? requestFor('https', host).host : host;
}

interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  /** The entry of `--connect-to` that matched. */
  readonly named: string | null;
}

function connectTo({ connectTo: entries }: CurlOptions, { host, port }: CurlUrl): ConnectTarget {
  for (const entry of entries) {
    const [fromHost = '', fromPort = '', toHost = '', toPort = ''] = entry.split(':');
    if ((fromHost === '' || fromHost === host) && (fromPort === '' || Number(fromPort) === port)) {
      return {
        host: toHost === '' ? host : toHost,
        port: toPort === '' ? port : Number(toPort),
        named: entry,
      };
    }
  }
  return { host, port, named: null };
}
