import { err, ok, type Result } from '../../model/result.ts';

type Switch = 'on' | 'off';

export interface CurlOptions {
  readonly urls: readonly string[];
  readonly silent: Switch;
  readonly showError: Switch;
  readonly verbose: Switch;
  readonly fail: Switch;
  readonly insecure: Switch;
  readonly headers: 'shown' | 'hidden';
  readonly method: string;
  readonly output: string | null;
  readonly writeOut: string | null;
  /** Seconds. */
  readonly maxTime: number | null;
  readonly connectTimeout: number | null;
  readonly requestHeaders: readonly string[];
  readonly resolve: ReadonlyMap<string, readonly string[]>;
}

const SWITCHES: Readonly<Record<string, string>> = {
  s: 'silent',
  S: 'show-error',
  v: 'verbose',
  f: 'fail',
  k: 'insecure',
  i: 'include',
  I: 'head',
  L: 'location',
  '4': 'ipv4',
  O: 'remote-name',
  N: 'no-buffer',
  g: 'globoff',
  '#': 'progress-bar',
};
const VALUES: Readonly<Record<string, string>> = {
  m: 'max-time',
  o: 'output',
  w: 'write-out',
  X: 'request',
  H: 'header',
  d: 'data',
  A: 'user-agent',
  x: 'proxy',
  u: 'user',
  e: 'referer',
  b: 'cookie',
};
const LONG_SWITCHES = new Set([
  ...Object.values(SWITCHES),
  'no-progress-meter',
  'fail-with-body',
  'compressed',
  'http1.1',
  'tcp-nodelay',
  'no-keepalive',
]);
const LONG_VALUES = new Set([
  ...Object.values(VALUES),
  'connect-timeout',
  'retry',
  'retry-delay',
  'url',
  'resolve',
  'data-raw',
  'interface',
  'noproxy',
  'cacert',
  'local-port',
  'connect-to',
]);
/** They would change the answer in ways that are not modelled. */
const REFUSED = new Set(['proxy', 'noproxy', 'interface', 'local-port', 'connect-to', 'remote-name', 'user']);

/** Other options of the real program, so that nobody is told they do not exist. */
const REAL_LETTERS = '0236:aBcCDEFhJjKlMnPpQRrTtUVYyZz';
const REAL_OPTIONS = new Set(
  (
    'append anyauth basic cert cert-type ciphers config cookie-jar create-dirs crlf data-ascii data-binary ' +
    'data-urlencode digest disable dns-servers doh-url dump-header etag-compare etag-save expect100-timeout ' +
    'fail-early form form-string get haproxy-protocol help http0.9 http1.0 http2 http2-prior-knowledge http3 ' +
    'ipv6 json junk-session-cookies keepalive-time key limit-rate location-trusted max-filesize max-redirs ' +
    'negotiate netrc next ntlm oauth2-bearer parallel parallel-max pass path-as-is pinnedpubkey post301 ' +
    'post302 post303 preproxy progress-bar proto proto-default proxy-header proxy-user proxytunnel range rate ' +
    'remote-header-name remote-name-all remote-time request-target retry-all-errors retry-connrefused ' +
    'retry-max-time socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr tcp-fastopen ' +
    'time-cond tls-max tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 trace trace-ascii trace-time unix-socket ' +
    'upload-file url-query use-ascii version xattr capath cert-status ssl-reqd abstract-unix-socket'
  ).split(' '),
);

function unknownOption(option: string, hint: string): string {
  const isReal = option.startsWith('--')
    ? REAL_OPTIONS.has(option.slice(2).replace(/^no-/, ''))
    : REAL_LETTERS.includes(option.slice(1));
  return isReal
    ? `curl: ${option} is not simulated in this workbook\n`
    : `curl: option ${option}: is unknown\n${hint}`;
}

export function readCurlOptions(args: readonly string[]): Result<CurlOptions, string> {
  const given = new Map<string, string[]>();
  const urls: string[] = [];
  const put = (name: string, value: string) => given.set(name, [...(given.get(name) ?? []), value]);
  const hint = "curl: try 'curl --help' or 'curl --manual' for more information\n";
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('--')) {
      const name = arg.slice(2);
      if (LONG_SWITCHES.has(name)) put(name, '');
      else if (LONG_VALUES.has(name)) {
        const value = args[++at];
        if (value === undefined) return err(`curl: option ${arg}: requires parameter\n${hint}`);
        put(name, value);
      } else return err(unknownOption(arg, hint));
      continue;
    }
    if (!arg.startsWith('-') || arg === '-') {
      urls.push(arg);
      continue;
    }
    for (let letters = arg.slice(1); letters !== '';) {
      const letter = letters[0] ?? '';
      letters = letters.slice(1);
      const toggle = SWITCHES[letter];
      const valued = VALUES[letter];
      if (toggle !== undefined) put(toggle, '');
      else if (valued !== undefined) {
        const value = letters === '' ? args[++at] : letters;
        if (value === undefined) return err(`curl: option -${letter}: requires parameter\n${hint}`);
        put(valued, value);
        letters = '';
      } else return err(unknownOption(`-${letter}`, hint));
    }
  }
  const refused = [...given.keys()].find((name) => REFUSED.has(name));
  if (refused !== undefined) return err(`curl: --${refused} is not simulated in this workbook\n`);
  const last = (name: string) => given.get(name)?.at(-1) ?? null;
  const toggled = (name: string): Switch => (given.has(name) ? 'on' : 'off');
  const seconds = (name: string): number | null => (last(name) === null ? null : Number(last(name)));
  for (const name of ['max-time', 'connect-timeout']) {
    const value = seconds(name);
    if (value !== null && (!Number.isFinite(value) || value < 0)) {
      return err(`curl: option --${name}: expected a proper numerical parameter\n${hint}`);
    }
  }
  const head = given.has('head');
  const resolve = new Map<string, readonly string[]>();
  for (const text of given.get('resolve') ?? []) {
    const match = /^([^:]+:\d+):(.+)$/.exec(text);
    if (match === null) return err(`curl: (49) Couldn't parse CURLOPT_RESOLVE entry '${text}'\n`);
    resolve.set(match[1] ?? '', [match[2] ?? '']);
  }
  return ok({
    urls: [...(given.get('url') ?? []), ...urls],
    silent: toggled('silent'),
    showError: toggled('show-error'),
    verbose: toggled('verbose'),
    fail: given.has('fail') || given.has('fail-with-body') ? 'on' : 'off',
    insecure: toggled('insecure'),
    headers: head || given.has('include') ? 'shown' : 'hidden',
    method: last('request') ?? (head ? 'HEAD' : given.has('data') || given.has('data-raw') ? 'POST' : 'GET'),
    output: last('output') === '-' ? null : last('output'),
    writeOut: last('write-out'),
    maxTime: zeroIsNever(seconds('max-time')),
    connectTimeout: zeroIsNever(seconds('connect-timeout')),
    requestHeaders: given.get('header') ?? [],
    resolve,
  });
}

function zeroIsNever(seconds: number | null): number | null {
  return seconds === 0 ? null : seconds;
}
