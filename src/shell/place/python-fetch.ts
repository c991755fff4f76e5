/** `python3 -c` with urllib.request or requests: how Python goes through a proxy, and what it says when it does not get through. */
import { outcomeWords } from './python-words.ts';
import { chooseProxy, PROXY_VARIABLES } from '../../model/proxy/environment.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import type { HttpAnswer } from './http-answer.ts';
import { fetchOnce } from './http-exchange-fetch.ts';
import type { NetworkView } from './network-view.ts';
import { failed, notSimulatedHere } from './program.ts';
import type { PythonRuntime } from './python-runtime.ts';
import { readPythonScript, type PythonFetch, type PythonPart } from './python-script.ts';
import { BUNDLE } from './trust-files.ts';
import { opensslTrustPaths, trustedBy } from './trust-store.ts';
import { readWgetUrl } from './wget-url.ts';

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
