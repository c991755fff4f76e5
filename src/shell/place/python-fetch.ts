/** `python3 -c` with urllib.request or requests: how Python goes through a proxy, and what it says when it does not get through. */
import { pythonError } from '../../model/certificates/trust-words.ts';
import { chooseProxy, PROXY_VARIABLES } from '../../model/proxy/environment.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import type { HttpAnswer } from './http-answer.ts';
import { fetchOnce, type Fetched } from './http-exchange-fetch.ts';
import type { NetworkView } from './network-view.ts';
import { failed, notSimulatedHere } from './program.ts';
import type { PythonRuntime } from './python-runtime.ts';
import { readPythonScript, type PythonFetch, type PythonPart } from './python-script.ts';
import { BUNDLE } from './trust-files.ts';
import { opensslTrustPaths, trustedBy } from './trust-store.ts';
import { readWgetUrl, type WgetUrl } from './wget-url.ts';

const KNOWN_MODULES = new Set(['urllib.request', 'urllib.error', 'urllib', 'requests', 'ssl', 'os', 'sys']);
const CONNECT_SECONDS = 134;

/** Runs a script of the few shapes that are read here; the rest of Python is refused by name. */
export async function runPython(
  code: string,
  view: NetworkView,
  context: CommandContext,
  runtime: PythonRuntime,
): Promise<CommandResult> {
  const script = readPythonScript(code);
  if (!script.ok)
    return notSimulatedHere(
      'python3',
      `Python but for fetching a URL with urllib.request.urlopen or requests.get and printing its status or text (not "${script.error}")`,
    );
  const missing = script.value.imports.find(
    (each) => !KNOWN_MODULES.has(each) || (each === 'requests' && runtime.requests === null),
  );
  if (missing !== undefined) {
    if (missing !== 'requests') return notSimulatedHere('python3', `the module ${missing}`);
    const line = "ModuleNotFoundError: No module named 'requests'";
    return failed(`Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n${line}\n`);
  }
  let stdout = '';
  let now = view;
  let answer: { readonly answer: HttpAnswer; readonly client: PythonFetch['client'] } | null = null;
  let elapsedSeconds = 0;
  const end = (rest: Pick<CommandResult, 'stderr' | 'exitCode'>): CommandResult => ({
    stdout,
    elapsedSeconds,
    ...(now.cloud === view.cloud ? {} : { cloud: now.cloud }),
    ...rest,
  });
  for (const step of script.value.steps) {
    if (step.kind === 'text') stdout += `${step.text}\n`;
    else if (step.kind === 'print') {
      if (answer === null) return notSimulatedHere('python3', 'printing an answer before there is one');
      const { client, answer: heard } = answer;
      const parts = step.parts.map((part) => partText(part, heard, client));
      stdout += `${parts.join(' ')}\n`;
    } else {
      const got = await fetch(step.fetch, now, context, runtime);
      if ('cloud' in got) {
        now = { ...now, cloud: got.cloud };
        elapsedSeconds += got.seconds;
      }
      if ('refused' in got) return notSimulatedHere('python3', got.refused);
      if ('error' in got)
        return end({
          stderr: `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n  (the lines between are not simulated)\n${got.error}\n`,
          exitCode: 1,
        });
      answer = { answer: got.answer, client: step.fetch.client };
    }
  }
  return end({ stderr: '', exitCode: 0 });
}

function partText(part: PythonPart, answer: HttpAnswer, client: PythonFetch['client']): string {
  switch (part) {
    case 'status':
      return String(answer.status);
    case 'reason':
      return answer.reason;
    case 'ok':
      return answer.status < 400 ? 'True' : 'False';
    case 'text':
      return answer.body;
    case 'bytes': {
      const quote = answer.body.includes("'") && !answer.body.includes('"') ? '"' : "'";
      const text = answer.body.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
      return `b${quote}${quote === "'" ? text.replaceAll("'", "\\'") : text}${quote}`;
    }
    case 'answer':
      return client === 'python-requests'
        ? `<Response [${answer.status}]>`
        : '<http.client.HTTPResponse object at 0x7f2a5c1d3e50>';
  }
}

type Got =
  | { readonly answer: HttpAnswer; readonly cloud: NetworkView['cloud']; readonly seconds: number }
  | { readonly error: string; readonly cloud: NetworkView['cloud']; readonly seconds: number }
  | { readonly refused: string };

async function fetch(
  { client, url: text, timeoutSeconds, verify }: PythonFetch,
  view: NetworkView,
  context: CommandContext,
  runtime: PythonRuntime,
): Promise<Got> {
  const url = readWgetUrl(text);
  if (url === null || !/^https?:\/\//i.test(text)) return { refused: `fetching ${text}` };
  const env = Object.fromEntries(
    PROXY_VARIABLES.flatMap((name) => (context.env.has(name) ? [[name, context.env.get(name) ?? '']] : [])),
  );
  const choice = chooseProxy(client, env, url);
  if (choice.kind === 'error') return { error: choice.message, cloud: view.cloud, seconds: 0 };
  const proxy = choice.kind === 'proxy' ? choice.proxy : null;
  if (proxy !== null && proxy.scheme !== 'http') return { refused: `a proxy of ${proxy.scheme}://` };
  const bundle = typeof verify === 'string' ? verify : bundleOf(client, context);
  if (bundle !== null && (await context.readFile(bundle)) === null && client === 'python-requests')
    return {
      error: `OSError: Could not find a suitable TLS CA certificate bundle, invalid path: ${bundle}`,
      cloud: view.cloud,
      seconds: 0,
    };
  const paths = bundle === null ? await opensslTrustPaths(context) : { file: bundle, folder: null };
  const agent =
    client === 'python-urllib'
      ? `Python-urllib/${runtime.version.split('.').slice(0, 2).join('.')}`
      : `python-requests/${runtime.requests ?? ''}`;
  const fetched = await fetchOnce(
    {
      url,
      proxy: proxy === null ? null : { host: proxy.host, port: proxy.port, user: proxy.userInfo ?? null },
      method: 'GET',
      headers: [['User-Agent', agent]],
      tunnels: 'yes',
      trust: {
        reader: client === 'python-urllib' ? 'python' : 'python-requests',
        strict: verify === false ? 'no' : 'yes',
        trusted: async (chain) => {
          const trusted = await trustedBy(context, paths, chain);
          return trusted.ok ? trusted.value : [];
        },
      },
    },
    view,
    context,
  );
  const patience = timeoutSeconds ?? CONNECT_SECONDS;
  const told = outcomeWords(fetched, {
    url,
    client,
    patience,
    isTimed: timeoutSeconds !== null,
    runtime,
    proxied: proxy !== null,
  });
  const seconds = 'seconds' in told ? told.seconds : 0;
  if ('unknown' in told) return { refused: told.unknown };
  return 'answer' in told
    ? { answer: told.answer, cloud: fetched.cloud, seconds }
    : { error: told.error, cloud: fetched.cloud, seconds };
}

/** Debian's and Ubuntu's requests reads the machine's bundle; two variables come before it. */
function bundleOf(client: PythonFetch['client'], { env }: CommandContext): string | null {
  if (client === 'python-urllib') return null;
  return env.get('REQUESTS_CA_BUNDLE') ?? env.get('CURL_CA_BUNDLE') ?? BUNDLE;
}

interface Telling {
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

function outcomeWords({ outcome, certificate }: Fetched, telling: Telling): Words {
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
