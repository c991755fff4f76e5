/** `curl`, with the messages and exit codes of the real one. */
import { requestFor } from '../../model/compile/ends.ts';
import type { Request } from '../../model/network/network.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { attempt } from './attempt.ts';
import { readCurlOptions, type CurlOptions } from './curl-options.ts';
import { answerTo, deniedBy, type HttpAnswer } from './http-answer.ts';
import { lookUp } from './name-lookup.ts';
import { rememberNeighbours } from './neighbour-table.ts';
import type { NetworkView } from './network-view.ts';
import { failed, networkProgram, notSimulatedHere, printed } from './program.ts';
import { roundTripMilliseconds } from '../../model/trace/round-trip.ts';

const VERSION = '8.5.0';
const ARP_MILLISECONDS = 3066;
/** Linux gives up after six retransmissions of the SYN, net.ipv4.tcp_syn_retries. */
const SYN_TIMEOUT_SECONDS = 134;

export function curl(): SimulatedCommand {
  return networkProgram('curl', 'gnu', async ({ args, view, context }) => {
    if (args.includes('--version') || args.includes('-V'))
      return printed(`curl ${VERSION} (x86_64-pc-linux-gnu) libcurl/${VERSION}\n`);
    if (args.includes('--help') || args.includes('-h')) return printed(HELP);
    const options = readCurlOptions(args);
    if (!options.ok) return failed(options.error, 2);
    if (options.value.urls.length === 0)
      return failed("curl: (2) no URL specified\ncurl: try 'curl --help' for more information\n", 2);
    let { cloud } = view;
    let stdout = '';
    let stderr = '';
    let exitCode = 0;
    let elapsedSeconds = 0;
    const unknown = unknownVariable(options.value.writeOut ?? '');
    if (unknown !== null) return notSimulatedHere('curl', `the variable %{${unknown}} of --write-out`);
    for (const url of options.value.urls) {
      const one = await transfer(url, options.value, { ...view, cloud }, context);
      cloud = one.cloud ?? cloud;
      stdout += one.stdout;
      stderr += one.stderr;
      exitCode = one.exitCode;
      elapsedSeconds += one.elapsedSeconds ?? 0;
    }
    return { stdout, stderr, exitCode, elapsedSeconds, ...(cloud === view.cloud ? {} : { cloud }) };
  });
}

const HELP = `Usage: curl [options...] <url>
 -4, --ipv4                   Resolve names to IPv4 addresses
     --connect-timeout <seconds>  Maximum time allowed for connection
 -f, --fail                   Fail fast with no output on HTTP errors
 -H, --header <header>        Pass custom header to server
 -I, --head                   Show document info only
 -i, --include                Include protocol response headers in the output
 -k, --insecure               Allow insecure server connections
 -m, --max-time <seconds>     Maximum time allowed for transfer
 -o, --output <file>          Write to file instead of stdout
 -s, --silent                 Silent mode
 -S, --show-error             Show error even when -s is used
 -v, --verbose                Make the operation more talkative
 -w, --write-out <format>     Use output FORMAT after completion
 -X, --request <method>       Specify request method to use
`;

interface Url {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

interface Problem {
  readonly code: number;
  readonly message: string;
  /** Set for what we do not simulate: `-s` does not hide it. */
  readonly always?: 'said';
}

/** Which real curl speaks, and this one does not. */
const KNOWN_SCHEMES = new Set(['dict', 'file', 'ftp', 'ftps', 'scp', 'sftp', 'smtp', 'telnet', 'tftp', 'ws']);

function parseUrl(text: string): Result<Url, Problem> {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^@/?#]*@)?([^:/?#]*)(?::(\d*))?([/?#].*)?$/i.exec(text);
  const scheme = (match?.[1] ?? 'http').toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    return err(
      KNOWN_SCHEMES.has(scheme)
        ? { code: 1, message: `${scheme}:// is not simulated in this workbook`, always: 'said' }
        : { code: 1, message: `Protocol "${scheme}" not supported` },
    );
  }
  const host = match?.[2] ?? '';
  if (match === null || host === '')
    return err({ code: 3, message: 'URL rejected: No host part in the URL' });
  const port = match[3] === undefined || match[3] === '' ? (scheme === 'https' ? 443 : 80) : Number(match[3]);
  if (port < 1 || port > 65535)
    return err({
      code: 3,
      message: 'URL rejected: Port number was not a decimal number between 0 and 65535',
    });
  return ok({ scheme, host, port, path: match[4] ?? '/' });
}

/** How long Linux sends again what nobody acknowledges (net.ipv4.tcp_retries2 = 15). */
const RETRANSMISSION_SECONDS = 924;

async function transfer(
  text: string,
  options: CurlOptions,
  view: NetworkView,
  context: CommandContext,
): Promise<CommandResult> {
  const notes: string[] = [];
  const note = (line: string) => {
    if (options.verbose === 'on') notes.push(`${line}\n`);
  };
  const finish = async (
    answer: HttpAnswer | null,
    problem: Problem | null,
    more: Partial<CommandResult> & { timing?: number; remote?: string; local?: string },
  ): Promise<CommandResult> => {
    const { timing = 0, remote = '', local = '', ...rest } = more;
    let stdout = '';
    if (answer !== null) {
      const head =
        options.headers === 'shown'
          ? `HTTP/1.1 ${answer.status} ${answer.reason}\r\n${answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
          : '';
      const content = head + answer.body;
      if (options.output === null) stdout += content;
      else if (options.output !== '/dev/null') await context.writeFile(options.output, content);
    }
    if (options.writeOut !== null)
      stdout += writeOut(options.writeOut, writeOutValues(answer, problem, timing, remote, local, text));
    const shown = options.silent === 'off' || options.showError === 'on' || problem?.always === 'said';
    const stderr =
      notes.join('') + (problem !== null && shown ? `curl: (${problem.code}) ${problem.message}\n` : '');
    return { stdout, stderr, exitCode: problem?.code ?? 0, ...rest };
  };

  const url = parseUrl(text);
  if (!url.ok) return finish(null, url.error, {});
  const { scheme, host, port } = url.value;
  const given = options.resolve.get(`${host}:${port}`);
  const found = given === undefined ? lookUp(view, host) : ok({ addresses: given });
  if (!found.ok) {
    note(`* Could not resolve host: ${host}`);
    return finish(null, { code: 6, message: `Could not resolve host: ${host}` }, {});
  }
  const [address = ''] = found.value.addresses;
  note(`*   Trying ${address}:${port}...`);
  const made = attempt(view, address, 'tcp', port, requestOf(url.value, options));
  await rememberNeighbours(view, context, made);
  const milliseconds = Math.max(1, Math.round(roundTripMilliseconds(made.trace)));
  const failedTo = (after: number, why: string) =>
    `Failed to connect to ${host} port ${port} after ${after} ms: ${why}`;
  const timedOut = () => {
    const { connectTimeout, maxTime } = options;
    const waited = {
      elapsedSeconds: Math.ceil(
        Math.min(maxTime ?? Infinity, connectTimeout ?? Infinity, SYN_TIMEOUT_SECONDS),
      ),
    };
    if (maxTime !== null && (connectTimeout === null || maxTime <= connectTimeout)) {
      const after = Math.round(maxTime * 1000) + 1;
      note(`* Connection timed out after ${after} milliseconds`);
      return finish(null, { code: 28, message: `Connection timed out after ${after} milliseconds` }, waited);
    }
    if (connectTimeout !== null) {
      const after = Math.round(connectTimeout * 1000) + 1;
      note(`* ipv4 connect timeout after ${after - 1}ms, move on!`);
      return finish(null, { code: 28, message: failedTo(after, 'Timeout was reached') }, waited);
    }
    note(`* connect to ${address} port ${port} failed: Connection timed out`);
    return finish(
      null,
      { code: 28, message: failedTo(SYN_TIMEOUT_SECONDS * 1000, "Couldn't connect to server") },
      waited,
    );
  };
  /** Connected, and what is sent is never acknowledged. */
  const nothingSaid = () => {
    const { connectTimeout, maxTime } = options;
    note(`* Connected to ${host} (${address}) port ${port}`);
    // The TLS handshake is part of connecting.
    const patience = Math.min(maxTime ?? Infinity, (scheme === 'https' ? connectTimeout : null) ?? Infinity);
    const waited = { elapsedSeconds: Math.ceil(Math.min(patience, RETRANSMISSION_SECONDS)) };
    if (patience >= RETRANSMISSION_SECONDS) {
      const message =
        scheme === 'https'
          ? `OpenSSL SSL_connect: Connection timed out in connection to ${host}:${port} `
          : 'Recv failure: Connection timed out';
      return finish(null, { code: scheme === 'https' ? 35 : 56, message }, waited);
    }
    const after = Math.round(patience * 1000) + 1;
    const message =
      scheme === 'https'
        ? 'SSL connection timeout'
        : `Operation timed out after ${after} milliseconds with 0 bytes received`;
    note(`* ${message}`);
    return finish(null, { code: 28, message }, waited);
  };
  switch (made.kind) {
    case 'unknown':
      return finish(
        null,
        { code: 7, message: `the simulation cannot tell: ${made.reason}`, always: 'said' },
        {},
      );
    case 'refused':
      note(`* connect to ${address} port ${port} failed: Connection refused`);
      note(
        `* Failed to connect to ${host} port ${port} after ${milliseconds} ms: Couldn't connect to server`,
      );
      return finish(null, { code: 7, message: failedTo(milliseconds, "Couldn't connect to server") }, {});
    case 'network-unreachable':
      note(`* Immediate connect fail for ${address}: Network is unreachable`);
      return finish(null, { code: 7, message: failedTo(0, "Couldn't connect to server") }, {});
    case 'host-unreachable': {
      const given = Math.min(options.maxTime ?? Infinity, options.connectTimeout ?? Infinity);
      // Three ARP requests go unanswered first, a second each.
      if (given * 1000 < ARP_MILLISECONDS) return timedOut();
      note(`* connect to ${address} port ${port} failed: No route to host`);
      return finish(null, { code: 7, message: failedTo(ARP_MILLISECONDS, "Couldn't connect to server") }, {});
    }
    case 'timeout':
      return made.after === 'handshake' ? nothingSaid() : timedOut();
    case 'intercepted': {
      note(`* Connected to ${host} (${address}) port ${port}`);
      if (scheme === 'https' || made.page === null) {
        const where = `${host}:${port}`;
        note(`* OpenSSL SSL_connect: Connection reset by peer in connection to ${where} `);
        return finish(
          null,
          { code: 35, message: `OpenSSL SSL_connect: Connection reset by peer in connection to ${where} ` },
          {},
        );
      }
      return deliver(deniedBy(made.page, options.method), '');
    }
    case 'connected':
      break;
  }
  note(`* Connected to ${host} (${address}) port ${port}`);
  const kind = made.server.application;
  const secure = kind === 'https' || kind === 'kubernetes-api';
  if (scheme === 'https' && !secure) {
    return finish(
      null,
      { code: 35, message: 'OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number' },
      { cloud: made.cloud },
    );
  }
  if (kind === 'kubernetes-api' && scheme === 'https' && options.insecure === 'off') {
    return finish(
      null,
      {
        code: 60,
        message:
          'SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html',
      },
      { cloud: made.cloud },
    );
  }
  if (made.server.http?.transport === 'tls' && scheme === 'https' && options.insecure === 'off') {
    return finish(
      null,
      {
        code: 60,
        message:
          'SSL certificate problem: self-signed certificate\nMore details here: https://curl.se/docs/sslcerts.html',
      },
      { cloud: made.cloud },
    );
  }
  if (scheme === 'http' && secure) {
    const answer: HttpAnswer = {
      status: 400,
      reason: 'Bad Request',
      headers: [],
      body: 'Client sent an HTTP request to an HTTPS server.\n',
    };
    return finish(answer, null, { cloud: made.cloud });
  }
  if (kind === 'ssh')
    return finish(null, { code: 1, message: 'Received HTTP/0.9 when not allowed' }, { cloud: made.cloud });
  if (kind === 'opaque' || kind === 'dns') {
    note('* Empty reply from server');
    return finish(null, { code: 52, message: 'Empty reply from server' }, { cloud: made.cloud });
  }
  if (made.server.http?.proxyProtocol === 'required' && made.proxied === null) {
    sayRequest();
    note('* Empty reply from server');
    return finish(null, { code: 52, message: 'Empty reply from server' }, { cloud: made.cloud });
  }
  return deliver(answerTo(made, { host, path: url.value.path, method: options.method }), made.client);

  function sayRequest(): void {
    if (!url.ok) return;
    note(`> ${options.method} ${url.value.path} HTTP/1.1`);
    note(`> Host: ${host}${port === 80 || port === 443 ? '' : `:${port}`}`);
    note(`> User-Agent: curl/${VERSION}`);
    note('> Accept: */*');
    for (const header of options.requestHeaders) note(`> ${header}`);
    note('> ');
  }

  function deliver(answer: HttpAnswer, local: string): Promise<CommandResult> {
    sayRequest();
    note(`< HTTP/1.1 ${answer.status} ${answer.reason}`);
    for (const [name, value] of answer.headers) note(`< ${name}: ${value}`);
    note('< ');
    note(`* Connection #0 to host ${host} left intact`);
    const more = { cloud: made.cloud, timing: milliseconds / 1000, remote: address, local };
    if (options.fail === 'on' && answer.status >= 400) {
      return finish(null, { code: 22, message: `The requested URL returned error: ${answer.status}` }, more);
    }
    return finish(answer, null, more);
  }
}

/** HTTP names the host in a header, which an option may set; TLS names that of the URL, whatever the header says. */
function requestOf({ scheme, host }: Url, { requestHeaders }: CurlOptions): Request {
  const header = requestHeaders
    .map((each) => /^host:\s*([^:\s]+)/i.exec(each)?.[1])
    .find((each) => each !== undefined);
  return requestFor(scheme, scheme === 'http' ? (header ?? host) : host);
}

/** Returns the first variable of a format that we do not know. */
function unknownVariable(format: string): string | null {
  const known = writeOutValues(null, null, 0, '', '', '');
  return (
    [...format.matchAll(/%\{(\w+)\}/g)]
      .map((match) => match[1] ?? '')
      .find((name) => known[name] === undefined) ?? null
  );
}

function writeOut(format: string, values: Readonly<Record<string, string>>): string {
  return format
    .replaceAll(/%\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r')
    .replaceAll('%%', '%');
}

function writeOutValues(
  answer: HttpAnswer | null,
  problem: Problem | null,
  seconds: number,
  remote: string,
  local: string,
  text: string,
): Readonly<Record<string, string>> {
  const url = parseUrl(text);
  return {
    http_code: String(answer?.status ?? 0).padStart(3, '0'),
    response_code: String(answer?.status ?? 0).padStart(3, '0'),
    time_total: (seconds * 2).toFixed(6),
    time_connect: seconds.toFixed(6),
    time_namelookup: '0.000100',
    remote_ip: remote,
    local_ip: local,
    size_download: String(answer?.body.length ?? 0),
    exitcode: String(problem?.code ?? 0),
    errormsg: problem?.message ?? '',
    url: text,
    url_effective: text,
    num_connects: answer === null ? '0' : '1',
    num_redirects: '0',
    content_type: answer?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '',
    http_version: answer === null ? '0' : '1.1',
    remote_port: remote === '' || !url.ok ? '0' : String(url.value.port),
    scheme: url.ok ? url.value.scheme : '',
    time_appconnect: '0.000000',
    time_pretransfer: seconds.toFixed(6),
    time_redirect: '0.000000',
    time_starttransfer: (seconds * 2).toFixed(6),
  };
}
