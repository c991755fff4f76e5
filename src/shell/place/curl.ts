/** `curl`, with the messages and exit codes of the real one of the place's version. */
import { ok } from '../../model/result.ts';
import type { CommandContext, CommandResult, SimulatedCommand } from '../command.ts';
import { withConfiguration } from './curl-config.ts';
import { distrustText } from './curl-lines.ts';
import { readCurlOptions } from './curl-options.ts';
import type { TransferSetup } from './curl-run.ts';
import { transfer } from './curl-transfer.ts';
import { curlOf, type CurlForm } from './curl-version.ts';
import { unknownVariable, writeOut } from './curl-write-out.ts';
import type { HttpAnswer } from './http-answer.ts';
import { headOf } from './http-exchange-head.ts';
import { openProblem } from './output-file.ts';
import { failed, networkProgram, notSimulatedHere, printed } from './program.ts';

export function curl(): SimulatedCommand {
  return networkProgram('curl', 'gnu', async ({ args, view, context }) => {
    const program = curlOf(view.cloud, context.place);
    if (args.includes('--version') || args.includes('-V')) return printed(program.banner);
    if (args.includes('--help') || args.includes('-h')) return printed(HELP);
    const given = readCurlOptions(
      await withConfiguration(args, context),
      program.form === '8.14' ? 'unknown' : 'taken',
    );
    if (!given.ok) return failed(given.error, given.error.startsWith('curl: (49)') ? 49 : 2);
    if (given.value.urls.length === 0) return failed(NO_URL[program.form], 2);
    const glob = given.value.urls.find((url) => isGlob(url));
    if (glob !== undefined && given.value.globOff === 'off')
      return notSimulatedHere('curl', `several addresses in one URL (${glob})`);
    const format = given.value.writeOut;
    const options = ok({
      ...given.value,
      writeOut: format?.startsWith('@') === true ? await context.readFile(format.slice(1)) : format,
    });
    const unknown = unknownVariable(options.value.writeOut ?? '');
    if (unknown !== null) return notSimulatedHere('curl', `the variable %{${unknown}} of --write-out`);
    let { cloud } = view;
    let stdout = '';
    let stderr = '';
    let exitCode = 0;
    let elapsedSeconds = 0;
    for (const [number, url] of options.value.urls.entries()) {
      const one = await withRedirects(url, number, {
        options: options.value,
        program,
        view: { ...view, cloud },
        context,
      });
      cloud = one.cloud ?? cloud;
      stdout += one.stdout;
      stderr += one.stderr;
      exitCode = one.exitCode;
      elapsedSeconds += one.elapsedSeconds ?? 0;
    }
    return { stdout, stderr, exitCode, elapsedSeconds, ...(cloud === view.cloud ? {} : { cloud }) };
  });
}

const MANUAL = "curl: try 'curl --help' or 'curl --manual' for more information\n";
/** Alpine's is built without the manual. */
const NO_URL: Readonly<Record<CurlForm, string>> = {
  '7.81': `curl: no URL specified!\n${MANUAL}`,
  '7.88': `curl: no URL specified!\n${MANUAL}`,
  '8.5': `curl: (2) no URL specified\n${MANUAL}`,
  '8.14': "curl: (2) no URL specified\ncurl: try 'curl --help' for more information\n",
};

/** Braces and brackets stand for several URLs, but for those around an IPv6 address. */
function isGlob(url: string): boolean {
  return /[{[]/.test(url.replace(/\/\/[^/@]*@?\[[0-9a-f:.]*(?:%[^\]]*)?\]/i, ''));
}

const HELP = `Usage: curl [options...] <url>
     --cacert <file>          CA certificate to verify peer against
     --capath <dir>           CA directory to verify peer against
     --connect-timeout <fractional seconds>  Maximum time allowed for connection
     --connect-to <HOST1:PORT1:HOST2:PORT2>  Connect to host
 -d, --data <data>            HTTP POST data
 -D, --dump-header <filename>  Write the received headers to <filename>
 -f, --fail                   Fail fast with no output on HTTP errors
 -H, --header <header/@file>  Pass custom header(s) to server
 -I, --head                   Show document info only
 -i, --include                Include protocol response headers in the output
 -k, --insecure               Allow insecure server connections
 -L, --location               Follow redirects
 -m, --max-time <fractional seconds>  Maximum time allowed for transfer
     --noproxy <no-proxy-list>  List of hosts which do not use proxy
 -o, --output <file>          Write to file instead of stdout
 -x, --proxy [protocol://]host[:port]  Use this proxy
     --proxy-cacert <file>    CA certificate to verify peer against for proxy
     --proxy-header <header/@file>  Pass custom header(s) to proxy
     --proxy-insecure         Do HTTPS proxy connections without verifying the proxy
 -U, --proxy-user <user:password>  Proxy user and password
 -p, --proxytunnel            Operate through an HTTP proxy tunnel (using CONNECT)
     --resolve <[+]host:port:addr[,addr]...>  Resolve the host+port to this address
 -S, --show-error             Show error even when -s is used
 -s, --silent                 Silent mode
 -u, --user <user:password>   Server user and password
 -A, --user-agent <name>      Send User-Agent <name> to server
 -v, --verbose                Make the operation more talkative
 -w, --write-out <format>     Use output FORMAT after completion
 -X, --request <command>      Specify request command to use
`;

/** The transfers of one URL: more than one where `--location` follows. */
async function withRedirects(
  first: string,
  number: number,
  setup: Omit<TransferSetup, 'unwritten'>,
): Promise<CommandResult> {
  const { options, program, context } = setup;
  let { view } = setup;
  const output = options.output ?? (options.remoteName === 'on' ? remoteName(first) : null);
  const closed =
    output === null || output === '' || output === '/dev/null' ? null : await openProblem(context, output);
  let stderr = '';
  let content = '';
  let heads = '';
  let elapsedSeconds = 0;
  for (let url = first, redirects = 0; ; redirects++) {
    const isLast = (answer: HttpAnswer): boolean =>
      options.follow === 'off' ||
      redirectOf(answer, url) === null ||
      (options.maxRedirects !== null && redirects >= options.maxRedirects);
    const done = await transfer(url, {
      ...setup,
      view,
      unwritten: (answer) => {
        if (closed === null) return 'nothing';
        if (options.headers === 'shown') return 'head';
        return answer.body !== '' && isLast(answer) ? 'body' : 'nothing';
      },
    });
    view = { ...view, cloud: done.cloud };
    elapsedSeconds += done.elapsedSeconds;
    if (options.verbose === 'on') stderr += done.notes.map((line) => `${line}\n`).join('');
    const state = { ...done.state, text: first === url ? first : url, redirects, number };
    const { answer } = state;
    let { problem } = state;
    const isShown = problem === null;
    const head =
      (options.proxy.connectHeaders === 'shown' ? done.connectHead : '') +
      (answer !== null && (isShown || problem?.code === 23)
        ? headOf(answer, state.httpVersion === '2' ? '2' : '1.1')
        : '');
    heads += head;
    if (options.headers === 'shown') content += head;
    const next = options.follow === 'on' && isShown ? redirectOf(answer, url) : null;
    if (next !== null && (options.maxRedirects === null || redirects < options.maxRedirects)) {
      if (options.verbose === 'on') stderr += `* Issue another request to this URL: '${next}'\n`;
      url = next;
      continue;
    }
    if (next !== null)
      problem = { code: 47, message: `Maximum (${options.maxRedirects ?? 0}) redirects followed` };
    if (answer !== null && isShown) content += answer.body;
    if (output === '' && problem === null)
      return {
        ...failed(
          `${options.silent === 'on' ? '' : 'curl: Remote file name has no length!\n'}curl: (23) ${EMPTY_UNWRITTEN}\n`,
          23,
        ),
        cloud: done.cloud,
      };
    // Without a body it makes an empty file all the same, and fails only there.
    if (closed !== null && problem === null) problem = { code: 23, message: EMPTY_UNWRITTEN };
    if (closed !== null && problem?.code === 23 && options.silent === 'off')
      stderr += `Warning: Failed to open the file ${output ?? ''}: ${closed}\n`;
    let stdout =
      options.dumpHeader === null
        ? ''
        : await deliver(heads, options.dumpHeader === '-' ? null : options.dumpHeader, context);
    if (closed === null && (problem === null || content !== ''))
      stdout += await deliver(content, output, context);
    const written =
      options.writeOut === null ? null : writeOut(options.writeOut, { ...state, problem }, program.version);
    const isSaid = options.silent === 'off' || options.showError === 'on' || problem?.always === 'said';
    if (problem !== null && isSaid) {
      stderr += `curl: (${problem.code}) ${problem.message}\n`;
      if (problem.code === 60) stderr += distrustText(program.form);
    }
    stdout += written?.stdout ?? '';
    stderr += written?.stderr ?? '';
    return { stdout, stderr, exitCode: problem?.code ?? 0, elapsedSeconds, cloud: done.cloud };
  }
}

const EMPTY_UNWRITTEN = 'Failed writing received data to disk/application';

/** Returns what goes to the terminal. */
async function deliver(content: string, output: string | null, context: CommandContext): Promise<string> {
  if (output === null) return content;
  if (output !== '/dev/null') await context.writeFile(output, content);
  return '';
}

/** The last part of a URL's path, which -O calls the file by; empty where there is none. */
function remoteName(url: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*(?:\/[^?#]*)?\/([^/?#]*)/i.exec(url)?.[1] ?? '';
}

function redirectOf(
  answer: { readonly status: number; readonly headers: readonly (readonly [string, string])[] } | null,
  from: string,
): string | null {
  if (answer === null || answer.status < 300 || answer.status >= 400) return null;
  const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location === undefined) return null;
  return new URL(location, /^[a-z]+:\/\//i.test(from) ? from : `http://${from}`).href;
}
