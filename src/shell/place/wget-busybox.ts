/** wget of busybox 1.36, and Alpine's, whose TLS is a program of its own that checks certificates. */
import { chooseProxy, PROXY_VARIABLES } from '../../model/proxy/environment.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { fetchOnce, type Fetched } from './http-exchange-fetch.ts';
import type { HttpAnswer } from './http-answer.ts';
import { headOf } from './http-exchange-head.ts';
import type { NetworkView } from './network-view.ts';
import { openProblem } from './output-file.ts';
import { failed, notSimulatedHere, readOptions } from './program.ts';
import { opensslTrustPaths, trustedBy } from './trust-store.ts';
import { fileOf, readWgetUrl, type WgetUrl } from './wget-url.ts';

const USAGE =
  'Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...\n';
/** What Alpine's ssl_client says, with OpenSSL's own line for the error. */
const UNTRUSTED =
  '40D7B5F0A57F0000:error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:ssl/statem/statem_clnt.c:2092:\nssl_client: SSL_connect\n';
const SYN_TIMEOUT_SECONDS = 134;

export async function busyboxWget(
  args: readonly string[],
  view: NetworkView,
  context: CommandContext,
): Promise<CommandResult> {
  const options = readOptions(args, {
    switches: 'qScv4',
    values: 'OTtUYPo',
    longSwitches: ['quiet', 'server-response', 'spider', 'no-check-certificate', 'continue'],
    longValues: [
      'output-document',
      'timeout',
      'header',
      'user-agent',
      'proxy',
      'post-data',
      'directory-prefix',
    ],
  });
  if (!options.ok) return failed(`wget: ${options.error}\n${USAGE}`);
  const { given, rest } = options.value;
  if (given.has('o') || given.has('P') || given.has('directory-prefix'))
    return notSimulatedHere('wget', 'writing to another folder or a log');
  const [text] = rest;
  if (text === undefined) return failed(USAGE);
  const url = readWgetUrl(text);
  const badPort = /^(?:https?:\/\/)?(?:[^@/?#]*@)?[^:/?#]+:([^/?#]+)/i.exec(text)?.[1];
  if (url === null && badPort !== undefined) return failed(`wget: bad port '${badPort}'\n`);
  if (url === null) return failed(`wget: not an http or ftp url: ${text}\n`);
  const env = Object.fromEntries(
    PROXY_VARIABLES.flatMap((name) => (context.env.has(name) ? [[name, context.env.get(name) ?? '']] : [])),
  );
  const usesProxy = !['off', '0', 'no'].includes(given.get('Y') ?? given.get('proxy') ?? 'on');
  const choice = usesProxy ? chooseProxy('busybox-wget', env, url) : { kind: 'direct' as const };
  if (choice.kind === 'error') return failed(`${choice.message}\n`);
  const isAlpine = /^ID=alpine$/m.test((await context.readFile('/etc/os-release')) ?? '');
  const unchecked = given.has('no-check-certificate');
  const header = given.get('header') ?? null;
  const fetched = await fetchOnce(
    {
      url,
      proxy:
        choice.kind === 'proxy'
          ? { host: choice.proxy.host, port: choice.proxy.port, user: choice.proxy.userInfo ?? null }
          : null,
      method: given.has('post-data') ? 'POST' : given.has('spider') ? 'HEAD' : 'GET',
      headers: [['User-Agent', given.get('U') ?? given.get('user-agent') ?? 'Wget'], ...headerOf(header)],
      tunnels: 'no',
      trust:
        isAlpine && !unchecked
          ? {
              reader: 'openssl',
              strict: 'yes',
              trusted: async (chain) => {
                const trusted = await trustedBy(context, await opensslTrustPaths(context), chain);
                return trusted.ok ? trusted.value : [];
              },
            }
          : null,
    },
    view,
    context,
  );
  return told(fetched, {
    url,
    given,
    context,
    view,
    checks: isAlpine ? 'yes' : unchecked ? 'not-asked' : 'no',
  });
}

function headerOf(header: string | null): HttpAnswer['headers'] {
  if (header === null) return [];
  const colon = header.indexOf(':');
  return [[header.slice(0, colon), header.slice(colon + 1).trim()]];
}

interface Telling {
  readonly url: WgetUrl;
  readonly given: ReadonlyMap<string, string>;
  readonly context: CommandContext;
  readonly view: NetworkView;
  readonly checks: 'yes' | 'no' | 'not-asked';
}

async function told(
  fetched: Fetched,
  { url, given, context, view, checks }: Telling,
): Promise<CommandResult> {
  const { outcome, connection } = fetched;
  const isQuiet = given.has('q') || given.has('quiet');
  const kept = fetched.cloud === view.cloud ? {} : { cloud: fetched.cloud };
  const patience = Number(given.get('T') ?? given.get('timeout') ?? Number.NaN);
  const isPatient = Number.isNaN(patience);
  if (connection === null) {
    const spelled = url.portIsSpelled ? `${url.host}:${url.port}` : url.host;
    return failed(`wget: bad address '${spelled}'\n`);
  }
  const { host, port, address } = connection;
  const hasPort = host !== url.host || url.portIsSpelled;
  let said = isQuiet ? '' : `Connecting to ${hasPort ? `${host}:${port}` : host} (${address}:${port})\n`;
  const end = (message: string, elapsedSeconds = 0): CommandResult => ({
    ...failed(`${said}wget: ${message}\n`),
    ...kept,
    ...(elapsedSeconds === 0 ? {} : { elapsedSeconds }),
  });
  const late = (): CommandResult =>
    isPatient
      ? end(`can't connect to remote host (${address}): Operation timed out`, SYN_TIMEOUT_SECONDS)
      : end('download timed out', Math.min(patience, SYN_TIMEOUT_SECONDS));
  const validates = url.scheme !== 'https' || host !== url.host || checks !== 'no';
  const note = validates ? '' : 'wget: note: TLS certificate validation not implemented\n';
  switch (outcome.kind) {
    case 'unresolved':
      return failed(`wget: bad address '${host}'\n`);
    case 'unknown':
      return failed(`wget: the simulation cannot tell: ${outcome.reason}\n`);
    case 'unconnected': {
      const { made } = outcome;
      switch (made.kind) {
        case 'unknown':
          return failed(`wget: the simulation cannot tell: ${made.reason}\n`);
        case 'refused':
          return end(`can't connect to remote host (${address}): Connection refused`);
        case 'network-unreachable':
          return end(`can't connect to remote host (${address}): Network is unreachable`);
        case 'host-unreachable':
          return end(`can't connect to remote host (${address}): No route to host`);
        case 'timeout':
        case 'intercepted':
          return late();
      }
    }
    case 'no-tunnel':
      return end('error getting response');
    case 'no-tls':
      said += note;
      if (outcome.how === 'silent') return late();
      return end('error getting response: Connection reset by peer');
    case 'untrusted':
      said += UNTRUSTED;
      return end('error getting response: Connection reset by peer');
    case 'heard':
      said += note;
      break;
  }
  const { reply } = outcome;
  switch (reply.kind) {
    case 'unknown':
      return failed(`wget: the simulation cannot tell: ${reply.reason}\n`);
    case 'silent':
      return late();
    case 'empty':
      return end('error getting response');
    case 'reset':
      return end('error getting response: Connection reset by peer');
    case 'not-http':
      return end('error getting response');
    case 'answer':
      break;
  }
  const { answer } = reply;
  if (reply.seconds !== undefined && reply.seconds > patience) return end('download timed out', patience);
  if (given.has('S') || given.has('server-response')) said += responseLines(answer);
  if (answer.status >= 400) return end(`server returned error: HTTP/1.1 ${answer.status} ${answer.reason}`);
  if (given.has('spider')) {
    return { stdout: '', stderr: isQuiet ? said : `${said}remote file exists\n`, exitCode: 0, ...kept };
  }
  const output = given.get('O') ?? given.get('output-document') ?? fileOf(url);
  const bar = (name: string) =>
    `${name.slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(answer.body.length).padStart(5)}  0:00:00 ETA\n`;
  if (output === '-') {
    const stderr = isQuiet ? said : `${said}writing to stdout\n${bar('-')}written to stdout\n`;
    return { stdout: answer.body, stderr, exitCode: 0, ...kept };
  }
  if (output !== '/dev/null') {
    const closed = await openProblem(context, output);
    if (closed !== null) return end(`can't open '${output}': ${closed}`);
    await context.writeFile(output, answer.body);
  }
  const stderr = isQuiet
    ? said
    : `${said}saving to '${output}'\n${bar(output.split('/').at(-1) ?? output)}'${output}' saved\n`;
  return { stdout: '', stderr, exitCode: 0, ...kept };
}

function responseLines(answer: HttpAnswer): string {
  const lines = headOf(answer, '1.1').split('\r\n').slice(0, -1);
  return lines.map((each) => `  ${each}\n`).join('');
}
