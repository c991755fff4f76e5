import { readIpv4 } from '../../model/proxy/no-proxy-addresses.ts';
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
  /** Whether the file is called as in the URL. */
  readonly remoteName: Switch;
  readonly writeOut: string | null;
  /** Seconds. */
  readonly maxTime: number | null;
  readonly connectTimeout: number | null;
  readonly requestHeaders: readonly string[];
  /** Null without `--data`; several are joined by `&`. */
  readonly data: string | null;
  readonly userAgent: string | null;
  readonly referer: string | null;
  /** `NAME=VALUE` of `--cookie`, joined by `; `. */
  readonly cookie: string | null;
  /** Whether it asks for a compressed answer, which no server here gives. */
  readonly compressed: Switch;
  /** File of `--dump-header`; `-` is stdout. */
  readonly dumpHeader: string | null;
  /** `USER:PASSWORD` of the server. */
  readonly user: string | null;
  readonly resolve: ReadonlyMap<string, readonly string[]>;
  /** `HOST1:PORT1:HOST2:PORT2`, in order. */
  readonly connectTo: readonly string[];
  readonly follow: Switch;
  /** Redirects; null without limit. */
  readonly maxRedirects: number | null;
  /** Whether braces and brackets of a URL are letters. */
  readonly globOff: Switch;
  readonly httpVersion: '1.1' | '2';
  readonly proxy: ProxyOptions;
  readonly tls: TlsOptions;
}

export interface ProxyOptions {
  /** Of `--proxy`; empty for none, null where it is not given. */
  readonly address: string | null;
  readonly noProxy: string | null;
  readonly user: string | null;
  /** CONNECT for plain HTTP too. */
  readonly tunnel: Switch;
  readonly headers: readonly string[];
  readonly insecure: Switch;
  readonly caFile: string | null;
  readonly caPath: string | null;
  /** Whether `-i` shows what the proxy answered to CONNECT. */
  readonly connectHeaders: 'shown' | 'hidden';
}

export interface TlsOptions {
  readonly caFile: string | null;
  readonly caPath: string | null;
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
  p: 'proxytunnel',
  j: 'junk-session-cookies',
  q: 'disable',
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
  U: 'proxy-user',
  T: 'upload-file',
  F: 'form',
  E: 'cert',
  D: 'dump-header',
};
const LONG_SWITCHES = new Set([
  ...Object.values(SWITCHES),
  'no-progress-meter',
  'fail-with-body',
  'compressed',
  'http1.1',
  'http2',
  'tcp-nodelay',
  'no-keepalive',
  'no-sessionid',
  'no-alpn',
  'proxy-insecure',
  'proxy-basic',
  'proxy-anyauth',
  'basic',
  'anyauth',
  'suppress-connect-headers',
  'tlsv1.2',
  'tlsv1.3',
  'disable',
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
  'capath',
  'proxy-header',
  'proxy-cacert',
  'proxy-capath',
  'max-redirs',
  'tls-max',
  'preproxy',
  'socks4',
  'socks4a',
  'socks5',
  'socks5-hostname',
  'proxy1.0',
  'key',
  'proxy-cert',
  'proxy-key',
]);
/** They would change the answer in ways that are not modelled. */
const REFUSED = new Set([
  'interface',
  'local-port',
  'no-alpn',
  'tlsv1.3',
  'tls-max',
  'preproxy',
  'socks4',
  'socks4a',
  'socks5',
  'socks5-hostname',
  'proxy1.0',
  'cert',
  'key',
  'proxy-cert',
  'proxy-key',
  'upload-file',
  'form',
]);

/** Other options of the real program, so that nobody is told they do not exist. */
const REAL_LETTERS = '0236:aBcCDEFGhJjKlMnPpQRrTtUVYyZz';
const REAL_OPTIONS = new Set(
  (
    'append cert-type ciphers config cookie-jar create-dirs crlf data-ascii data-binary ' +
    'data-urlencode digest dns-servers doh-url etag-compare etag-save expect100-timeout ' +
    'fail-early form-string get haproxy-protocol help http0.9 http1.0 http2-prior-knowledge http3 ' +
    'ipv6 json keepalive-time limit-rate location-trusted max-filesize ' +
    'negotiate netrc next ntlm oauth2-bearer parallel parallel-max pass path-as-is pinnedpubkey post301 ' +
    'post302 post303 proto proto-default proxy-ca-native proxy-cert-type proxy-ciphers proxy-crlfile proxy-digest ' +
    'proxy-http2 proxy-key-type proxy-negotiate proxy-ntlm proxy-pass proxy-pinnedpubkey proxy-service-name ' +
    'proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tls13-ciphers proxy-tlsv1 ca-native crlfile engine ' +
    'curves tls13-ciphers ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-revoke-best-effort sslv2 sslv3 ' +
    'ipfs-gateway haproxy-clientip happy-eyeballs-timeout-ms hsts alt-svc delegation dns-interface dns-ipv4-addr ' +
    'doh-insecure doh-cert-status false-start login-options variable range rate ' +
    'remote-header-name remote-name-all remote-time request-target retry-all-errors retry-connrefused ' +
    'retry-max-time socks5-basic socks5-gssapi speed-limit speed-time stderr tcp-fastopen ' +
    'time-cond tlsv1 tlsv1.0 tlsv1.1 trace trace-ascii trace-time unix-socket ' +
    'url-query use-ascii version xattr cert-status ssl-reqd abstract-unix-socket'
  ).split(' '),
);

/** Returns the options that a name may be cut short from, as curl before 8.10 takes it. */
function wholeNames(part: string): readonly string[] {
  const all = new Set([...LONG_SWITCHES, ...LONG_VALUES, ...REAL_OPTIONS]);
  return all.has(part) || all.has(`no-${part}`) ? [part] : [...all].filter((each) => each.startsWith(part));
}

/** Those that take nothing and cannot be taken back. */
const NEVER_REVERSED = new Set(['http1.1', 'http2', 'tlsv1.2', 'tlsv1.3', 'ipv4']);

/** `--no-location` takes `--location` back; `--buffer` takes `--no-buffer` back. Null for every other option. */
function reversedSwitch(
  option: string,
  abbreviations: 'taken' | 'unknown',
): { readonly name: string } | { readonly error: string } | null {
  if (LONG_SWITCHES.has(`no-${option}`)) return { name: `no-${option}` };
  if (!option.startsWith('no-') || LONG_SWITCHES.has(option)) return null;
  const part = option.slice(3);
  const [name = part, ...others] = abbreviations === 'taken' ? wholeNames(part) : [];
  if (others.length > 0) return null;
  if (LONG_VALUES.has(name)) {
    return {
      error:
        abbreviations === 'taken'
          ? "used '--no-' for option that isn't a boolean"
          : 'the given option cannot be reversed with a --no- prefix',
    };
  }
  if (!LONG_SWITCHES.has(name)) return null;
  return NEVER_REVERSED.has(name)
    ? {
        error: `the given option ${abbreviations === 'taken' ? "can't" : 'cannot'} be reversed with a --no- prefix`,
      }
    : { name };
}

function unknownOption(option: string, hint: string): string {
  const isReal = option.startsWith('--')
    ? REAL_OPTIONS.has(option.slice(2).replace(/^no-/, ''))
    : REAL_LETTERS.includes(option.slice(1));
  return isReal
    ? `curl: ${option} is not simulated in this workbook\n`
    : `curl: option ${option}: is unknown\n${hint}`;
}

/** `abbreviations`: whether a long option may be cut short. */
export function readCurlOptions(
  args: readonly string[],
  abbreviations: 'taken' | 'unknown' = 'taken',
): Result<CurlOptions, string> {
  const given = new Map<string, string[]>();
  const urls: string[] = [];
  const asTyped = new Map<string, string>();
  const put = (name: string, value: string, option: string) => {
    given.set(name, [...(given.get(name) ?? []), value]);
    asTyped.set(name, option);
  };
  const hint = "curl: try 'curl --help' or 'curl --manual' for more information\n";
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('--')) {
      const [whole = null, ...others] = abbreviations === 'taken' ? wholeNames(arg.slice(2)) : [];
      if (others.length > 0) return err(`curl: option ${arg}: is ambiguous\n${hint}`);
      const name = whole ?? arg.slice(2);
      const reversed = reversedSwitch(name, abbreviations);
      if (reversed !== null) {
        if ('error' in reversed) return err(`curl: option ${arg}: ${reversed.error}\n${hint}`);
        given.delete(reversed.name);
      } else if (LONG_SWITCHES.has(name)) put(name, '', arg);
      else if (LONG_VALUES.has(name)) {
        const value = args[++at];
        if (value === undefined) return err(`curl: option ${arg}: requires parameter\n${hint}`);
        put(name, value, arg);
      } else return err(unknownOption(whole === null ? arg : `--${whole}`, hint));
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
      if (toggle !== undefined) put(toggle, '', `-${letter}`);
      else if (valued !== undefined) {
        const value = letters === '' ? args[++at] : letters;
        if (value === undefined) return err(`curl: option -${letter}: requires parameter\n${hint}`);
        put(valued, value, `-${letter}`);
        letters = '';
      } else return err(unknownOption(`-${letter}`, hint));
    }
  }
  const refused = [...given.keys()].find((name) => REFUSED.has(name));
  if (refused !== undefined) return err(`curl: --${refused} is not simulated in this workbook\n`);
  const last = (name: string) => given.get(name)?.at(-1) ?? null;
  const toggled = (name: string): Switch => (given.has(name) ? 'on' : 'off');
  const seconds = (name: string): number | null => (last(name) === null ? null : Number(last(name)));
  for (const name of ['max-time', 'connect-timeout', 'retry', 'retry-delay']) {
    const value = seconds(name);
    if (value === null || (Number.isFinite(value) && value >= 0 && last(name)?.trim() !== '')) continue;
    const kind = value < 0 ? 'positive' : 'proper';
    return err(`curl: option ${asTyped.get(name) ?? ''}: expected a ${kind} numerical parameter\n${hint}`);
  }
  for (const name of ['data', 'header', 'proxy-header']) {
    const file = given.get(name)?.find((each) => each.startsWith('@'));
    if (file !== undefined)
      return err(`curl: a file in --${name} (${file}) is not simulated in this workbook\n`);
  }
  const cookies = given.get('cookie') ?? [];
  const jar = cookies.find((each) => !each.includes('='));
  if (jar !== undefined)
    return err(`curl: a file of cookies in --cookie (${jar}) is not simulated in this workbook\n`);
  const head = given.has('head');
  const resolve = new Map<string, readonly string[]>();
  for (const text of given.get('resolve') ?? []) {
    const match = /^\+?([^:]+:\d+):(.+)$/.exec(text);
    if (match === null || readIpv4(match[2] ?? '') === null)
      return err(`curl: (49) Couldn't parse CURLOPT_RESOLVE entry '${text}'\n`);
    resolve.set(match[1] ?? '', [match[2] ?? '']);
  }
  for (const text of given.get('connect-to') ?? []) {
    if (text.split(':').length !== 4)
      return err(`curl: (49) Couldn't parse CURLOPT_CONNECT_TO entry '${text}'!\n`);
  }
  const data = [...(given.get('data') ?? []), ...(given.get('data-raw') ?? [])];
  const redirects = last('max-redirs');
  if (redirects !== null && !/^-?\d+$/.test(redirects)) {
    return err(`curl: option --max-redirs: expected a proper numerical parameter\n${hint}`);
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
    remoteName: toggled('remote-name'),
    writeOut: last('write-out'),
    maxTime: zeroIsNever(seconds('max-time')),
    connectTimeout: zeroIsNever(seconds('connect-timeout')),
    requestHeaders: given.get('header') ?? [],
    data: data.length === 0 ? null : data.join('&'),
    userAgent: last('user-agent'),
    referer: last('referer'),
    cookie: cookies.length === 0 ? null : cookies.join('; '),
    compressed: toggled('compressed'),
    dumpHeader: last('dump-header'),
    user: last('user'),
    resolve,
    connectTo: given.get('connect-to') ?? [],
    follow: toggled('location'),
    maxRedirects: redirects === null ? 50 : Number(redirects) < 0 ? null : Number(redirects),
    globOff: toggled('globoff'),
    httpVersion: given.has('http1.1') ? '1.1' : '2',
    proxy: {
      address: last('proxy'),
      noProxy: last('noproxy'),
      user: last('proxy-user'),
      tunnel: toggled('proxytunnel'),
      headers: given.get('proxy-header') ?? [],
      insecure: toggled('proxy-insecure'),
      caFile: last('proxy-cacert'),
      caPath: last('proxy-capath'),
      connectHeaders: given.has('suppress-connect-headers') ? 'hidden' : 'shown',
    },
    tls: { caFile: last('cacert'), caPath: last('capath') },
  });
}

function zeroIsNever(seconds: number | null): number | null {
  return seconds === 0 ? null : seconds;
}
