/** Inputs of the NO_PROXY explorer. */
import { PROXY_CLIENTS } from '../../model/proxy/clients.ts';
import type { ProxyClient } from '../../model/proxy/clients.ts';
import { PROXY_VARIABLES } from '../../model/proxy/environment.ts';
import { readProxyTarget } from '../../model/proxy/target.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { CalculatorFlag } from '../calculator.ts';
import { choiceNamed } from '../choice.ts';
import { InputReader } from '../input.ts';
import type { FlagValues, InputIssue } from '../input.ts';
import { CLIENT_NAMES } from '../no-proxy-clients.ts';
import { ASSUMED_PROXY, readVariables } from '../no-proxy-variables.ts';
import type { NoProxyQuestion, NoProxyTarget } from '../no-proxy.ts';

const CLIENT: CalculatorFlag = {
  name: 'client',
  aliases: ['clients', 'c'],
  takes: 'many',
  placeholder: `${PROXY_CLIENTS.join('|')} ...`,
  label: 'Clients',
  help: 'Which of them to ask. None means all.',
  choices: PROXY_CLIENTS.map((value) => ({ value, label: CLIENT_NAMES[value] })),
  words: {
    urllib: 'python-urllib',
    python: 'python-urllib',
    requests: 'python-requests',
    golang: 'go',
    containerd: 'go',
    kubelet: 'go',
    'curl-8': 'curl',
    'curl-8.5': 'curl',
    'curl-7.88': 'curl',
    'old-curl': 'curl-7.81',
    node: 'node-fetch',
    busybox: 'busybox-wget',
  },
  rare: true,
};

export const NO_PROXY_FLAGS: readonly CalculatorFlag[] = [
  {
    name: 'list',
    aliases: ['no-proxy', 'noproxy', 'effective-no-proxy', 'l'],
    takes: 'many',
    placeholder: 'ENTRY,ENTRY,...',
    label: 'NO_PROXY',
    help: 'The list as the variable has it, blanks included; or the JSON of az aks show --query httpProxyConfig. It stands in both spellings of the variable.',
    terminalHelp: 'Quote what has a blank or a star. Several words are put together with commas.',
    quoted: 'lines',
    required: true,
  },
  {
    name: 'url',
    aliases: ['urls', 'to', 'u', 'target', 'host'],
    takes: 'many',
    placeholder: 'URL ...',
    label: 'URLs',
    help: 'One or several: https://mcr.microsoft.com/v2/ http://10.0.0.1:8080/. Without a scheme http, or https for port 443.',
    required: true,
    quoted: 'words',
  },
  {
    name: 'file',
    aliases: ['f', 'env-file'],
    takes: 'many',
    placeholder: 'FILE|- ...',
    label: 'File',
    help: "Variables in a file: the output of 'kubectl exec POD -- env', or of env.",
    fileFor: 'env',
    fileName: 'env.txt',
    terminalOnly: true,
  },
  {
    name: 'env',
    aliases: ['e', 'environment', 'variables'],
    takes: 'many',
    placeholder: 'NAME=VALUE ...',
    label: 'Environment',
    help: 'Variables exactly as a process has them, one a line, such as HTTP_PROXY=http://10.20.0.4:8080: for those given here the spelling counts. NO_PROXY may stand here instead of above.',
    terminalHelp: 'Or by name, with the spelling that counts: --HTTP_PROXY VALUE, --no_proxy VALUE.',
    lines: 3,
    quoted: 'lines',
    rare: true,
  },
  proxyFlag('http-proxy', 'HTTP proxy', 'http'),
  proxyFlag('https-proxy', 'HTTPS proxy', 'https'),
  proxyFlag('all-proxy', 'Proxy for all schemes', 'all'),
  CLIENT,
  ...PROXY_VARIABLES.map((name) => variableFlag(name)),
];

function proxyFlag(name: string, label: string, what: string): CalculatorFlag {
  return {
    name,
    aliases: [],
    takes: 'one',
    placeholder: 'URL',
    label,
    help: `Value of ${what}_proxy in both spellings.${name === 'http-proxy' ? ` Without any proxy: ${ASSUMED_PROXY} for http and https, in both spellings, as AKS sets them.` : ''}`,
    rare: true,
  };
}

/** `--HTTP_PROXY` is that variable and not the other spelling; `--env` says so in the help. */
function variableFlag(name: string): CalculatorFlag {
  return {
    name,
    aliases: [],
    takes: 'one',
    placeholder: 'VALUE',
    label: name,
    help: 'This variable in this spelling.',
    terminalOnly: true,
    unlisted: true,
  };
}

/** More are no question any more. */
const MOST_URLS = 100;

export interface NoProxyInput {
  readonly question: NoProxyQuestion;
  readonly assumptions: readonly string[];
}

/** Returns the inputs, or everything that is wrong with them. */
export function readNoProxy(values: FlagValues): Result<NoProxyInput, readonly InputIssue[]> {
  const reader = new InputReader(values);
  const variables = readVariables(reader);
  const { targets, assumptions } = readTargets(reader);
  const clients = readClients(reader);
  if (reader.issues.length > 0) return err(reader.issues);
  return ok({
    question: { env: variables.env, list: variables.list, clients, targets },
    assumptions: [...variables.assumptions, ...assumptions],
  });
}

function readTargets(reader: InputReader): {
  readonly targets: readonly NoProxyTarget[];
  readonly assumptions: readonly string[];
} {
  const texts = reader
    .raw('url')
    .flatMap((text) => text.split(/[\s,;]+/))
    .filter((text) => text !== '');
  if (texts.length === 0) reader.refuse('url', null, 'is missing.', 'https://mcr.microsoft.com/v2/');
  if (texts.length > MOST_URLS) {
    reader.refuse('url', null, `these are ${texts.length} URLs; ${MOST_URLS} are answered at a time.`, null);
  }
  const assumptions: string[] = [];
  const targets = [...new Set(texts)].slice(0, MOST_URLS).flatMap((text) => {
    // What stands before :// and is no scheme is refused below.
    const hasScheme = /^[^/?#]*:\/\//.test(text);
    const url = hasScheme ? text : `${/:443(?:\/|$)/.test(text) ? 'https' : 'http'}://${text}`;
    const read = readProxyTarget(url);
    if (!read.ok) {
      const { message, instead } = read.error;
      reader.refuse('url', text, `${text}: ${message}`, instead);
      return [];
    }
    if (!hasScheme) assumptions.push(`${text} means ${url}.`);
    return [{ url, target: read.value }];
  });
  return { targets, assumptions };
}

function readClients(reader: InputReader): readonly ProxyClient[] {
  const words = reader.texts('client');
  const clients = words.flatMap((word) => {
    const meant = PROXY_CLIENTS.find((each) => each === choiceNamed(CLIENT, word));
    if (meant !== undefined) return [meant];
    const names = PROXY_CLIENTS.join(', ');
    reader.refuse('client', word, `"${word}" is no client that is known here.`, `one of ${names}.`);
    return [];
  });
  return words.length === 0 ? PROXY_CLIENTS : clients;
}
