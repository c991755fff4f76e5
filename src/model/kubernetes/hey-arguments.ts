/**
 * The command line of hey, read as Go's flag package reads it: options end at the first word that is
 * none, `-n 5`, `-n=5` and `--n=5` are one (https://github.com/rakyll/hey, hey.go at 8985827).
 */
import { SYN_TIMEOUT } from '../limits/snat.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { readLoadUrl } from './load-program.ts';
import type { LoadProgram, LoadRefusal } from './load-program.ts';

export interface HeyCommand {
  /** Null where the URL has no scheme that hey speaks: each request then fails with `failure`. */
  readonly load: LoadProgram | null;
  readonly failure: string | null;
  readonly requests: number;
  readonly url: string;
  readonly method: string;
  /** Of `-host`; null for the URL's own. */
  readonly hostHeader: string | null;
  readonly output: 'summary' | 'csv';
}

type Kind = 'text' | 'integer' | 'number' | 'duration' | 'switch';

const FLAGS: Readonly<Record<string, Kind>> = {
  m: 'text',
  h: 'text',
  d: 'text',
  D: 'text',
  A: 'text',
  T: 'text',
  a: 'text',
  host: 'text',
  U: 'text',
  o: 'text',
  c: 'integer',
  n: 'integer',
  q: 'number',
  t: 'integer',
  z: 'duration',
  h2: 'switch',
  cpus: 'integer',
  'disable-compression': 'switch',
  'disable-keepalive': 'switch',
  'disable-redirects': 'switch',
  x: 'text',
  H: 'text',
};

/** Real, and they would change which connections there are. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  h2: 'HTTP/2',
  x: 'an HTTP proxy',
};

export const HEY_USAGE = `Usage: hey [options...] <url>

Options:
  -n  Number of requests to run. Default is 200.
  -c  Number of workers to run concurrently. Total number of requests cannot
      be smaller than the concurrency level. Default is 50.
  -q  Rate limit, in queries per second (QPS) per worker. Default is no rate limit.
  -z  Duration of application to send requests. When duration is reached,
      application stops and exits. If duration is specified, n is ignored.
      Examples: -z 10s -z 3m.
  -o  Output type. If none provided, a summary is printed.
      "csv" is the only supported alternative. Dumps the response
      metrics in comma-separated values format.

  -m  HTTP method, one of GET, POST, PUT, DELETE, HEAD, OPTIONS.
  -H  Custom HTTP header. You can specify as many as needed by repeating the flag.
      For example, -H "Accept: text/html" -H "Content-Type: application/xml" .
  -t  Timeout for each request in seconds. Default is 20, use 0 for infinite.
  -A  HTTP Accept header.
  -d  HTTP request body.
  -D  HTTP request body from file. For example, /home/user/file.txt or ./file.txt.
  -T  Content-type, defaults to "text/html".
  -U  User-Agent, defaults to version "hey/0.0.1".
  -a  Basic authentication, username:password.
  -x  HTTP Proxy address as host:port.
  -h2 Enable HTTP/2.

  -host\tHTTP Host header.

  -disable-compression  Disable compression.
  -disable-keepalive    Disable keep-alive, prevents re-use of TCP
                        connections between different HTTP requests.
  -disable-redirects    Disable following of HTTP redirects
  -cpus                 Number of used cpu cores.
                        (default for current machine is 2 cores)
`;

const DEFAULTS = { requests: 200, workers: 50, timeout: 20 };

/** Returns what a command line makes hey do, or what hey prints instead. */
export function readHeyArguments(args: readonly string[]): Result<HeyCommand, LoadRefusal> {
  const read = readFlags(args);
  if (!read.ok) return read;
  const { given, headers, rest } = read.value;
  for (const [name, what] of Object.entries(NOT_SIMULATED)) {
    const value = given.get(name);
    if (value !== undefined && value !== '' && value !== 'false') {
      return refuse(`hey: ${what} (-${name}) is not simulated in this workbook\n`, 1);
    }
  }
  const [url] = rest;
  if (url === undefined) return usage('');
  const number = (name: string, usual: number): number => Number(given.get(name) ?? usual);
  const workers = number('c', DEFAULTS.workers);
  const wanted = number('n', DEFAULTS.requests);
  const seconds = durationSeconds(given.get('z') ?? '0') ?? 0;
  if (seconds > 0) {
    if (workers <= 0) return usage('-c cannot be smaller than 1.');
  } else {
    if (wanted <= 0 || workers <= 0) return usage('-n and -c cannot be smaller than 1.');
    if (wanted < workers) return usage('-n cannot be less than -c.');
  }
  if ((given.get('h') ?? '') !== '') return usage("Flag '-h' is deprecated, please use '-H' instead.");
  for (const header of headers) {
    if (!/^([\w-]+):\s*(.+)/.test(header)) return badInput(header);
  }
  const authentication = given.get('a') ?? '';
  if (authentication !== '' && !/^(.+):([^\s].+)/.test(authentication)) return badInput(authentication);
  if (/^[^/?#]*:[^/?#]*$/.test(url) && !/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    return usage(`parse "${url}": first path segment in URL cannot contain colon`);
  }
  const parsed = readLoadUrl(url);
  const closes = headers.some((each) => /^connection:.*\bclose\b/i.test(each));
  const timeout = number('t', DEFAULTS.timeout);
  const perWorker = number('q', 0);
  const requests = Math.floor(wanted / workers) * workers;
  const common = {
    requests,
    url,
    method: (given.get('m') ?? 'GET').toUpperCase(),
    hostHeader: given.get('host') || null,
    output: given.get('o') === 'csv' ? ('csv' as const) : ('summary' as const),
  };
  const output = given.get('o') ?? '';
  if (output !== '' && output !== 'csv') {
    return refuse(`hey: the output template ${output} is not simulated in this workbook\n`, 1);
  }
  if (parsed === null) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? '';
    return ok({ ...common, load: null, failure: `unsupported protocol scheme "${scheme}"` });
  }
  return ok({
    ...common,
    failure: null,
    load: {
      program: 'hey',
      url: parsed,
      workers,
      requests: seconds > 0 ? null : requests,
      seconds: seconds > 0 ? seconds : null,
      perWorker: perWorker > 0 ? perWorker : null,
      connections: closes || isOn(given.get('disable-keepalive')) ? 'one-per-request' : 'kept',
      giveUpAfter: timeout > 0 ? Math.min(timeout, SYN_TIMEOUT.value) : SYN_TIMEOUT.value,
    },
  });
}

interface Flags {
  readonly given: ReadonlyMap<string, string>;
  readonly headers: readonly string[];
  readonly rest: readonly string[];
}

function readFlags(args: readonly string[]): Result<Flags, LoadRefusal> {
  const given = new Map<string, string>();
  const headers: string[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(arg);
    if (match === null) {
      if (arg.startsWith('-') && arg !== '-') return flagError(`bad flag syntax: ${arg}`);
      break;
    }
    const [, name = '', inline] = match;
    const kind = FLAGS[name];
    if (kind === undefined) {
      return name === 'help'
        ? err({ stdout: '', stderr: HEY_USAGE, exitCode: 0 })
        : flagError(`flag provided but not defined: -${name}`);
    }
    let value = inline;
    if (kind === 'switch') value ??= 'true';
    else value ??= args[++at];
    if (value === undefined) return flagError(`flag needs an argument: -${name}`);
    if (!fits(kind, value)) {
      const word = kind === 'switch' ? 'boolean value' : 'value';
      return flagError(`invalid ${word} "${value}" for flag -${name}: parse error`);
    }
    if (name === 'H') headers.push(value);
    else given.set(name, value);
  }
  return ok({ given, headers, rest: args.slice(at) });
}

function fits(kind: Kind, value: string): boolean {
  switch (kind) {
    case 'text':
      return true;
    case 'integer':
      return /^[+-]?\d+$/.test(value);
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
    case 'duration':
      return durationSeconds(value) !== null;
    case 'switch':
      return /^(1|0|t|f|true|false)$/i.test(value);
  }
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|t|true)$/i.test(value);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Reads Go's `1h30m`, `10s`, `300ms`; null for anything else, such as a number without a unit. */
function durationSeconds(text: string): number | null {
  if (text === '0') return 0;
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  let seconds = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    seconds += Number(number) * (UNIT_SECONDS[unit] ?? 0);
  }
  return text.startsWith('-') ? -seconds : seconds;
}

function refuse(stderr: string, exitCode: number): Result<never, LoadRefusal> {
  return err({ stdout: '', stderr, exitCode });
}

function flagError(message: string): Result<never, LoadRefusal> {
  return refuse(`${message}\n${HEY_USAGE}`, 2);
}

function usage(message: string): Result<never, LoadRefusal> {
  return refuse(`${message === '' ? '' : `${message}\n\n`}${HEY_USAGE}\n`, 1);
}

function badInput(input: string): Result<never, LoadRefusal> {
  return usage(`could not parse the provided input; input = ${input}`);
}
