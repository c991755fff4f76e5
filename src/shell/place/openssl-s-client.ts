/** `openssl s_client`: what a server shows in the handshake, directly or through a proxy's tunnel. */
import { isAddress } from '../../model/certificates/host-name.ts';
import { requestFor } from '../../model/compile/ends.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { attempt, type Attempt } from './attempt.ts';
import { peerOf, type Peer } from './http-exchange.ts';
import { proxyConnection } from './http-exchange-proxy.ts';
import { plainServerOnConnect } from './proxy-connection.ts';
import { lookUp } from './name-lookup.ts';
import { viewFrom, type NetworkView } from './network-view.ts';
import { errorLine, trustFileProblem } from './openssl-files.ts';
import { readOpensslOptions, type OpensslOption, type OpensslOptions } from './openssl-options.ts';
import { handshake, ended, type Transcript } from './openssl-s-client-text.ts';
import { failed, notSimulatedHere } from './program.ts';
import { opensslTrustPaths, trustedBy, type TrustPaths } from './trust-store.ts';

const OPTIONS: Readonly<Record<string, OpensslOption>> = {
  connect: 'value',
  host: 'value',
  port: 'value',
  proxy: 'value',
  servername: 'value',
  noservername: 'switch',
  CAfile: 'value',
  CApath: 'value',
  'no-CAfile': 'switch',
  'no-CApath': 'switch',
  showcerts: 'switch',
  verify: 'value',
  verify_return_error: 'switch',
  verify_hostname: 'value',
  verify_ip: 'value',
  attime: 'value',
  verify_quiet: 'switch',
  partial_chain: 'switch',
  brief: 'switch',
  4: 'switch',
  tls1_3: 'switch',
  ...Object.fromEntries(
    [
      '6',
      'tls1',
      'tls1_1',
      'tls1_2',
      'no_tls1_3',
      'quiet',
      'ign_eof',
      'no_ign_eof',
      'state',
      'debug',
      'msg',
      'trace',
      'prexit',
      'status',
      'crlf',
      'reconnect',
      'nbio',
      'nocommands',
      'tlsextdebug',
      'dtls',
      'security_debug',
    ].map((name) => [name, 'real' as const]),
  ),
  ...Object.fromEntries(
    [
      'alpn',
      'starttls',
      'cert',
      'key',
      'cipher',
      'ciphersuites',
      'curves',
      'groups',
      'sigalgs',
      'xmpphost',
      'name',
      'proxy_user',
      'proxy_pass',
      'bind',
      'unix',
      'sess_out',
      'sess_in',
      'keylogfile',
      'nextprotoneg',
      'nameopt',
      'purpose',
      'verify_depth',
      'CAstore',
    ].map((name) => [name, 'real-value' as const]),
  ),
};

interface Target {
  readonly host: string;
  readonly port: number;
}

/** Linux gives a connection up after six retransmissions of the SYN. */
const CONNECT_SECONDS = 134;

export async function sClient(context: CommandContext, args: readonly string[]): Promise<CommandResult> {
  const read = readOpensslOptions('s_client', args, OPTIONS);
  if (!read.ok) return read.error;
  const options = read.value;
  if (options.rest.length > 1) return failed('s_client: Use -help for summary.\n');
  // What is typed goes to the server; a line with Q, or nothing at all, ends the session.
  if (!/^\s*(Q\s*)?$/.test(context.stdin))
    return notSimulatedHere('openssl', 'sending data over the session (give </dev/null)');
  const target = targetOf(options);
  if (!target.ok) return target.error;
  const view = viewFrom(context.cloud, context.place, context.nextConnection);
  if (!view.ok) return failed(`openssl: ${view.error}\n`);
  const paths = await pathsOf(context, options);
  if (options.has('CAfile')) {
    const problem = await trustFileProblem(context, options.value('CAfile') ?? '');
    if (problem !== null) return failed(problem);
  }
  return talk(context, options, view.value, target.value, paths);
}

/** With a file or a folder given, nothing that is built in is asked (ctx_set_verify_locations in apps/lib/s_cb.c). */
async function pathsOf(context: CommandContext, options: OpensslOptions): Promise<TrustPaths> {
  const [file, folder] = [options.value('CAfile'), options.value('CApath')];
  if (file !== null || folder !== null) return { file, folder };
  const own = await opensslTrustPaths(context);
  return {
    file: options.has('no-CAfile') ? null : own.file,
    folder: options.has('no-CApath') ? null : own.folder,
  };
}

interface Ends {
  /** Whom TLS is for. */
  readonly server: Target;
  readonly proxy: Target | null;
}

function targetOf(options: OpensslOptions): Result<Ends, CommandResult> {
  const given = options.value('connect') ?? options.rest[0] ?? null;
  const proxyText = options.value('proxy');
  if (given === null && proxyText !== null)
    return err(
      failed(
        's_client: -proxy requires use of -connect or target parameter\ns_client: Use -help for summary.\n',
      ),
    );
  const server =
    given === null
      ? { host: options.value('host') ?? 'localhost', port: Number(options.value('port') ?? '4433') }
      : hostAndPort(given, 4433);
  const proxy = proxyText === null ? null : hostAndPort(proxyText, 4433);
  if (server === null)
    return err(failed(`s_client: -connect argument or target parameter malformed or ambiguous\n`));
  if (proxyText !== null && proxy === null)
    return err(failed('s_client: -proxy argument malformed or ambiguous\n'));
  return ok({ server, proxy });
}

/** `HOST:PORT`, or a host alone. */
function hostAndPort(text: string, standard: number): Target | null {
  const [, host, port] = /^([^:]+)(?::([0-9a-z]+))?$/.exec(text) ?? [];
  if (host === undefined) return null;
  const named = { http: 80, https: 443 }[port ?? ''];
  const number = port === undefined ? standard : (named ?? Number(port));
  return Number.isInteger(number) && number > 0 && number < 65_536 ? { host, port: number } : null;
}

async function talk(
  context: CommandContext,
  options: OpensslOptions,
  view: NetworkView,
  { server, proxy }: Ends,
  paths: TrustPaths,
): Promise<CommandResult> {
  const serverName = options.has('noservername')
    ? ''
    : (options.value('servername') ?? (isAddress(server.host) ? '' : server.host));
  const first = proxy ?? server;
  const found = lookUp(view, first.host);
  if (!found.ok) {
    const [words, errno] =
      found.error.kind === 'no-such-name'
        ? ['Name or service not known', 0]
        : ['Temporary failure in name resolution', 0];
    return failed(
      `${errorLine(`10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:738:${words}`)}connect:errno=${errno}\n`,
    );
  }
  const address = found.value.addresses[0] ?? '';
  const request =
    proxy === null
      ? requestFor('https', serverName === '' ? address : serverName)
      : requestFor('http', server.host);
  const made = attempt(view, address, 'tcp', first.port, request);
  const lost = notConnected(made);
  if (lost !== null) return { ...lost, cloud: made.cloud };
  const relaying =
    made.kind === 'connected'
      ? proxyConnection({ ...view, cloud: made.cloud }, made, context.nextConnection)
      : null;
  const own = relaying?.own ?? peerOf({ ...view, cloud: made.cloud }, made, serverName);
  if (own === null) return notSimulatedHere('openssl', 'what is at the end of this connection');
  let peer: Peer = own;
  let tunnel: Transcript['tunnel'] = null;
  let elapsedSeconds = 0;
  const finish = (result: CommandResult): CommandResult => ({
    ...result,
    cloud: relaying === null ? made.cloud : relaying.close(),
    elapsedSeconds,
  });
  if (proxy !== null) {
    const said = `CONNECT ${server.host}:${server.port} HTTP/1.0\r\nProxy-Connection: Keep-Alive\r\n\r\n`;
    const reply =
      relaying === null
        ? plainServerOnConnect(own)
        : relaying.connect({
            ...server,
            path: '/',
            method: 'GET',
            serverName,
            credentials: null,
            inside: 'https',
          });
    if (reply.kind !== 'tunnel') {
      if (reply.kind === 'unknown') return finish(notSimulatedHere('openssl', reply.reason));
      if (reply.kind !== 'answers') {
        // It waits for an answer that does not come, and nobody ends it but the user.
        return finish(notSimulatedHere('openssl', 'a proxy that closes the connection without an answer'));
      }
      const { answer, seconds } = reply;
      elapsedSeconds = seconds;
      const head = `HTTP/1.1 ${answer.status} ${answer.reason}\r\n${answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
      return finish(
        ended({
          read: head.length + answer.body.length,
          written: said.length,
          stderr: `s_client: HTTP CONNECT failed, reason= ${answer.status} ${answer.reason}\n`,
          brief: options.has('brief'),
        }),
      );
    }
    peer = reply.peer;
    tunnel = { read: 'HTTP/1.1 200 Connection established\r\n\r\n'.length, written: said.length };
  }
  if (typeof peer.tls === 'string') return finish(withoutTls(peer.tls, tunnel, serverName, options));
  const { chain } = peer.tls;
  const trusted = await trustedBy(context, paths, chain);
  const transcript: Transcript = {
    chain,
    trusted: trusted.ok ? trusted.value : [],
    at: Number(options.value('attime') ?? context.cloud.now),
    serverName,
    tunnel,
    host: options.value('verify_hostname') ?? options.value('verify_ip'),
    onFault: options.has('verify_return_error') ? 'ends' : 'goes-on',
    partial: options.has('partial_chain') ? 'partial' : 'whole',
    shows: options.has('showcerts') ? 'all-certificates' : 'the-first',
    depth: options.value('verify'),
    form: options.has('brief') ? 'brief' : 'full',
    quiet: options.has('brief') || options.has('verify_quiet') ? 'faults-only' : 'everything',
  };
  const shaken = handshake(transcript);
  if (shaken.kind === 'undetermined') return finish(notSimulatedHere('openssl', shaken.why));
  if (shaken.alert !== null) peer.distrusted?.(shaken.alert);
  return finish(shaken.result);
}

/** What the connection that is none looks like; null if it stands. */
function notConnected(made: Attempt): CommandResult | null {
  const refused = (errno: number, words: string, seconds: number): CommandResult => ({
    ...failed(
      `${errorLine(`80000${errno.toString(16).toUpperCase().padStart(3, '0')}:system library:BIO_connect:${words}:../crypto/bio/bio_sock2.c:125:calling connect()`)}` +
        `${errorLine('10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:127:')}connect:errno=${errno}\n`,
    ),
    elapsedSeconds: seconds,
  });
  switch (made.kind) {
    case 'connected':
    case 'intercepted':
      return null;
    case 'unknown':
      return notSimulatedHere('openssl', made.reason);
    case 'refused':
      return refused(111, 'Connection refused', 0);
    case 'network-unreachable':
      return refused(101, 'Network is unreachable', 0);
    case 'host-unreachable':
      return refused(113, 'No route to host', 3);
    case 'timeout':
      return made.after === 'nothing' ? refused(110, 'Connection timed out', CONNECT_SECONDS) : null;
  }
}

/** Bytes of a ClientHello of s_client 3.0 without a server name. */
const CLIENT_HELLO = 297;

function withoutTls(
  what: Exclude<Peer['tls'], object>,
  tunnel: Transcript['tunnel'],
  serverName: string,
  options: OpensslOptions,
): CommandResult {
  const hello = CLIENT_HELLO + (serverName === '' ? 0 : 9 + serverName.length);
  const brief = options.has('brief');
  const base = { read: tunnel?.read ?? 0, written: (tunnel?.written ?? 0) + hello, brief };
  switch (what) {
    case 'no-tls':
      return ended({
        ...base,
        read: base.read + 5,
        stderr: errorLine(
          '0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:',
        ),
      });
    case 'closes':
      return ended({
        ...base,
        written: base.written + 7,
        stderr: errorLine(
          '0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:../ssl/record/rec_layer_s3.c:322:',
        ),
      });
    case 'resets':
      return ended({ ...base, stderr: 'write:errno=104\n' });
    case 'silent':
      return notSimulatedHere(
        'openssl',
        'a handshake that nobody answers: s_client waits until somebody ends it',
      );
  }
}
