/** Proxy variables as somebody gives them: a list, an environment, or the proxy configuration of a cluster. */
import { PROXY_VARIABLES } from '../model/proxy/environment.ts';
import type { ProxyEnvironment } from '../model/proxy/environment.ts';
import type { InputReader } from './input.ts';

export interface GivenVariables {
  readonly env: ProxyEnvironment;
  readonly list: string;
  readonly assumptions: readonly string[];
}

/** Where no proxy is given at all. */
export const ASSUMED_PROXY = 'http://10.20.0.4:8080';

/** The kernel passes on no longer variable. */
const LONGEST_TEXT = 131_072;

const PROXY_FLAGS = [
  ['http-proxy', 'http_proxy', 'HTTP_PROXY'],
  ['https-proxy', 'https_proxy', 'HTTPS_PROXY'],
  ['all-proxy', 'all_proxy', 'ALL_PROXY'],
] as const;

/** Reads `list`, `env`, the proxies and the variables by name; what is wrong goes to the reader. */
export function readVariables(reader: InputReader): GivenVariables {
  for (const flag of ['list', 'env']) {
    const length = reader.raw(flag).reduce((sum, text) => sum + text.length, 0);
    if (length <= LONGEST_TEXT) continue;
    const [has, most] = [length, LONGEST_TEXT].map((each) => each.toLocaleString('en'));
    reader.refuse(flag, null, `has ${has} characters, and ${most} are read.`, null);
    return { env: {}, list: '', assumptions: [] };
  }
  const exact = { ...readEnvironment(reader), ...readByName(reader) };
  const given = readList(reader);
  const own = Object.keys(exact).find((name) => name.toLowerCase() === 'no_proxy');
  if (given !== null && own !== undefined) {
    reader.refuse('list', null, `${own} is given too, and one of them has to go.`, null);
  }
  const env: Record<string, string> = {};
  for (const [flag, ...names] of PROXY_FLAGS) {
    const value = reader.raw(flag).at(-1) ?? given?.proxies[flag];
    if (value !== undefined) for (const name of names) env[name] = value;
  }
  if (given !== null) Object.assign(env, { no_proxy: given.list, NO_PROXY: given.list });
  Object.assign(env, exact);
  const hasProxy = Object.keys(env).some((name) => /^(?:http|https|all)_proxy$/i.test(name));
  const isEmpty = given === null && !hasProxy && own === undefined;
  if (isEmpty && reader.issues.length === 0) {
    reader.refuse('list', null, 'is missing.', 'localhost,127.0.0.1,.svc,10.0.0.0/16');
  }
  if (hasProxy) return { env, list: listOf(env), assumptions: [...(given?.assumptions ?? [])] };
  const assumed = {
    http_proxy: ASSUMED_PROXY,
    HTTP_PROXY: ASSUMED_PROXY,
    https_proxy: ASSUMED_PROXY,
    HTTPS_PROXY: ASSUMED_PROXY,
  };
  return {
    env: { ...assumed, ...env },
    list: listOf(env),
    assumptions: [
      ...(given?.assumptions ?? []),
      `the proxy is ${ASSUMED_PROXY} for http and https, in both spellings of the variables.`,
    ],
  };
}

function listOf(env: ProxyEnvironment): string {
  return env.no_proxy ?? env.NO_PROXY ?? '';
}

interface GivenList {
  readonly list: string;
  readonly proxies: Readonly<Record<string, string | undefined>>;
  readonly assumptions: readonly string[];
}

function readList(reader: InputReader): GivenList | null {
  const texts = reader.raw('list').filter((text) => text !== '');
  if (texts.length === 0) return null;
  const whole = texts.join('\n').trim();
  const json = parsed(whole);
  if (/^\s*\{/.test(whole) && json === null) {
    reader.refuse(
      'list',
      null,
      'is no JSON that can be read.',
      'az aks show --query httpProxyConfig -o json',
    );
    return null;
  }
  if (json !== null) return listOfJson(json, reader);
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
  // The name of the variable is easily copied with it.
  const entries = lines.map((line) => line.replace(/^\s*(?:export\s+)?no_proxy=(["']?)(.*)\1$/i, '$2'));
  const list = entries.length === 1 ? (entries[0] ?? '') : entries.map((line) => line.trim()).join(',');
  const foreign = /[^\t\x20-\x7e]/u.exec(list)?.[0];
  if (foreign !== undefined) {
    reader.refuse('list', foreign, `"${foreign}" is no letter of a host as clients compare it.`, 'xn--...');
    return null;
  }
  return { list: list.replace(/,{2,}/g, entries.length === 1 ? '$&' : ','), proxies: {}, assumptions: [] };
}

/** An array of entries, or an object with `noProxy` and perhaps what AKS made of it. */
function listOfJson(json: unknown, reader: InputReader): GivenList | null {
  const outer = isRecord(json) ? json : {};
  const config = isRecord(outer['httpProxyConfig']) ? outer['httpProxyConfig'] : outer;
  const found = Array.isArray(json) ? json : (config['effectiveNoProxy'] ?? config['noProxy']);
  if (!Array.isArray(found) || !found.every((each) => typeof each === 'string')) {
    reader.refuse('list', null, 'the JSON has no list of texts: neither effectiveNoProxy nor noProxy.', null);
    return null;
  }
  const textOf = (name: string): string | undefined => {
    const value = config[name];
    return typeof value === 'string' ? value : undefined;
  };
  const http = textOf('httpProxy');
  return {
    list: found.join(','),
    // AKS takes httpProxy for both where httpsProxy is missing.
    proxies: { 'http-proxy': http, 'https-proxy': textOf('httpsProxy') ?? http },
    assumptions:
      Array.isArray(json) || config['effectiveNoProxy'] !== undefined
        ? []
        : ['the JSON has no effectiveNoProxy: what AKS adds to noProxy is left out.'],
  };
}

function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `NAME=VALUE`, with `export` and quotes or without; `kubectl describe` writes `NAME:  VALUE`. */
function readEnvironment(reader: InputReader): ProxyEnvironment {
  const env: Record<string, string> = {};
  const lines = reader
    .raw('env')
    .flatMap((text) => text.replaceAll(/\bexport\s+(?=\w+=)/g, '').split(/\r?\n/))
    // Several on one line: a new one begins where a name and a = stand. Looking back keeps a long run of
    // spaces from being tried from each of them.
    .flatMap((line) => line.split(/(?<!\s)\s+(?=[a-z_]\w*_proxy=)/i));
  for (const line of lines) {
    if (line.trim() === '') continue;
    const [, name, quoted, plain] = /^\s*([a-z_]\w*)(?:=|:\s+)(?:(["'].*["'])\s*|(.*))$/i.exec(line) ?? [];
    if (name === undefined) {
      reader.refuse(
        'env',
        line.trim(),
        `"${line.trim()}" is no NAME=VALUE.`,
        'HTTPS_PROXY=http://10.20.0.4:8080',
      );
    } else if (/_proxy$/i.test(name) || name === 'REQUEST_METHOD') {
      env[name] = quoted === undefined ? (plain ?? '').trimEnd() : quoted.slice(1, -1);
    }
  }
  return env;
}

function readByName(reader: InputReader): ProxyEnvironment {
  return Object.fromEntries(
    PROXY_VARIABLES.flatMap((name) => {
      const value = reader.raw(name).at(-1);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
