/** What GNU wget is asked for: its command line, then its files of settings. */
import { err, ok, type Result } from '../../model/result.ts';

export interface WgetOptions {
  readonly urls: readonly string[];
  /** `quiet`: nothing; `terse`: `-nv`. */
  readonly says: 'all' | 'terse' | 'quiet';
  readonly output: string | null;
  readonly folder: string | null;
  readonly responseHeaders: 'shown' | 'hidden';
  readonly spider: 'yes' | 'no';
  /** Seconds; null: its own patience, 900 for reading and the kernel's for connecting. */
  readonly connectTimeout: number | null;
  readonly readTimeout: number | null;
  /** Infinity for `-t 0`. */
  readonly tries: number;
  readonly checksCertificates: 'yes' | 'no';
  readonly caFile: string | null;
  readonly headers: readonly string[];
  readonly userAgent: string | null;
  readonly method: string;
  readonly usesProxy: 'yes' | 'no';
  /** `http_proxy`, `https_proxy` and `no_proxy` as settings, before the variables. */
  readonly proxies: Readonly<Record<string, string>>;
  readonly proxyUser: string | null;
  readonly user: string | null;
  readonly contentOnError: 'kept' | 'dropped';
}

const SWITCHES: Readonly<Record<string, string>> = {
  q: 'quiet',
  S: 'server-response',
  v: 'verbose',
  '4': 'inet4-only',
  c: 'continue',
};
const VALUES: Readonly<Record<string, string>> = {
  O: 'output-document',
  T: 'timeout',
  t: 'tries',
  U: 'user-agent',
  e: 'execute',
  P: 'directory-prefix',
};
const LONG_SWITCHES = [
  ...Object.values(SWITCHES),
  'no-verbose',
  'spider',
  'no-check-certificate',
  'no-proxy',
  'no-clobber',
  'content-on-error',
  'no-directories',
  'no-cache',
  'no-hsts',
  'auth-no-challenge',
];
const LONG_VALUES = [
  ...Object.values(VALUES),
  'connect-timeout',
  'read-timeout',
  'dns-timeout',
  'ca-certificate',
  'header',
  'method',
  'post-data',
  'body-data',
  'proxy',
  'proxy-user',
  'proxy-password',
  'user',
  'password',
  'http-user',
  'http-password',
  'progress',
  'waitretry',
];
/** Real, and not simulated. */
const REFUSED = new Set(
  (
    'accept adjust-extension append-output ask-password background backups backup-converted base bind-address ' +
    'body-file ca-directory certificate certificate-type ciphers compression config content-disposition ' +
    'convert-links cookies crl-file cut-dirs debug default-page delete-after dns-servers domains egd-file ' +
    'exclude-directories exclude-domains force-directories force-html ftp-password ftp-user hsts hsts-file ' +
    'https-only ignore-case ignore-length include-directories inet6-only input-file input-metalink keep-session-cookies level limit-rate ' +
    'load-cookies local-encoding max-redirect mirror netrc no-config no-cookies no-dns-cache no-glob ' +
    'no-host-directories no-http-keep-alive no-if-modified-since no-iri no-netrc no-parent no-passive-ftp ' +
    'no-remove-listing no-use-server-timestamps no-warc-compression output-file page-requisites pinnedpubkey ' +
    'post-file prefer-family preserve-permissions private-key private-key-type protocol-directories quota ' +
    'random-file random-wait recursive referer regex-type reject rejected-log relative remote-encoding ' +
    'report-speed restrict-file-names retry-connrefused retry-on-host-error retry-on-http-error save-cookies ' +
    'save-headers secure-protocol show-progress span-hosts start-pos timestamping trust-server-names unlink ' +
    'use-askpass wait xattr'
  ).split(' '),
);
const REFUSED_LETTERS = 'abBdDEFhHiIkKlLmNopQrRswxAXz6V';

const USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

/** `error` is all that wget writes before it ends with 2, or with what `exitCode` says. */
export interface WgetUsage {
  readonly message: string;
  readonly exitCode: number;
}

/** `settings`: the text of /etc/wgetrc and ~/.wgetrc. */
export function readWgetOptions(
  args: readonly string[],
  settings: readonly string[],
): Result<WgetOptions, WgetUsage> {
  const given = new Map<string, string[]>();
  const urls: string[] = [];
  const put = (name: string, value = '') => given.set(name, [...(given.get(name) ?? []), value]);
  const unknown = (what: string) => err({ message: `wget: ${what}\n${USAGE}`, exitCode: 2 });
  const refused = (option: string) =>
    err({ message: `wget: ${option} is not simulated in this workbook\n`, exitCode: 2 });
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      urls.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s);
      if (LONG_SWITCHES.includes(name) && value === undefined) put(name);
      else if (LONG_VALUES.includes(name)) {
        const next = value ?? args[++at];
        if (next === undefined) return unknown(`option '--${name}' requires an argument`);
        put(name, next);
      } else if (REFUSED.has(name)) return refused(`--${name}`);
      else return unknown(`unrecognized option '${arg}'`);
      continue;
    }
    if (!arg.startsWith('-') || arg === '-') {
      urls.push(arg);
      continue;
    }
    for (let letters = arg.slice(1); letters !== '';) {
      const letter = letters[0] ?? '';
      letters = letters.slice(1);
      if (letter === 'n') {
        // `-nv`, `-nc`, `-nd`: modifiers of one letter each.
        const long = { v: 'no-verbose', c: 'no-clobber', d: 'no-directories' }[letters[0] ?? ''];
        if (long === undefined) return refused(`-n${letters}`);
        put(long);
        letters = letters.slice(1);
      } else if (SWITCHES[letter] !== undefined) put(SWITCHES[letter]);
      else if (VALUES[letter] !== undefined) {
        const value = letters === '' ? args[++at] : letters;
        if (value === undefined) return unknown(`option requires an argument -- '${letter}'`);
        put(VALUES[letter], value);
        letters = '';
      } else if (REFUSED_LETTERS.includes(letter)) return refused(`-${letter}`);
      else return unknown(`invalid option -- '${letter}'`);
    }
  }
  return combine(given, urls, settings);
}

/** Settings that are followed, by their names without dashes and underscores, as wget reads them. */
const SETTINGS: Readonly<Record<string, string>> = {
  httpproxy: 'http_proxy',
  httpsproxy: 'https_proxy',
  noproxy: 'no_proxy',
  useproxy: 'use_proxy',
  checkcertificate: 'check_certificate',
  cacertificate: 'ca_certificate',
  tries: 'tries',
  timeout: 'timeout',
};

function combine(
  given: ReadonlyMap<string, readonly string[]>,
  urls: readonly string[],
  files: readonly string[],
): Result<WgetOptions, WgetUsage> {
  const settings: Record<string, string> = {};
  const lines = files.flatMap((text) => text.split('\n').filter((line) => !/^\s*(#|$)/.test(line)));
  for (const line of [...lines, ...(given.get('execute') ?? [])]) {
    const match = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line);
    const name = SETTINGS[(match?.[1] ?? '').toLowerCase().replaceAll(/[-_]/g, '')];
    if (match === null) return err({ message: `wget: Invalid --execute command '${line}'\n`, exitCode: 2 });
    if (name === undefined) {
      const message = `wget: the setting ${match[1] ?? ''} is not simulated in this workbook\n`;
      return err({ message, exitCode: 2 });
    }
    settings[name] = match[2] ?? '';
  }
  const last = (name: string): string | null => given.get(name)?.at(-1) ?? null;
  const number = (text: string | null): number | null => (text === null ? null : Number(text));
  const isOff = (text: string | undefined | null): boolean =>
    ['off', 'no', '0'].includes((text ?? '').toLowerCase());
  const timeout = number(last('timeout') ?? settings['timeout'] ?? null);
  const connectTimeout = number(last('connect-timeout')) ?? timeout;
  const readTimeout = number(last('read-timeout')) ?? timeout;
  const tries = number(last('tries') ?? settings['tries'] ?? null);
  for (const [name, value] of [
    ['--timeout', connectTimeout],
    ['--timeout', readTimeout],
  ] as const) {
    if (value !== null && !(value >= 0)) {
      return err({ message: `wget: ${name}: Invalid time period '${last('timeout') ?? ''}'\n`, exitCode: 2 });
    }
  }
  if (tries !== null && !(tries >= 0)) {
    return err({ message: `wget: --tries: Invalid number '${last('tries') ?? ''}'.\n`, exitCode: 2 });
  }
  const pair = (name: string, password: string): string | null =>
    last(name) === null ? null : `${last(name) ?? ''}:${last(password) ?? ''}`;
  return ok({
    urls,
    says: given.has('quiet') ? 'quiet' : given.has('no-verbose') ? 'terse' : 'all',
    output: last('output-document'),
    folder: last('directory-prefix'),
    responseHeaders: given.has('server-response') ? 'shown' : 'hidden',
    spider: given.has('spider') ? 'yes' : 'no',
    connectTimeout: connectTimeout === 0 ? null : connectTimeout,
    readTimeout: readTimeout === 0 ? null : readTimeout,
    tries: tries === null ? DEFAULT_TRIES : tries === 0 ? Infinity : tries,
    checksCertificates:
      given.has('no-check-certificate') || isOff(settings['check_certificate']) ? 'no' : 'yes',
    caFile: last('ca-certificate') ?? settings['ca_certificate'] ?? null,
    headers: given.get('header') ?? [],
    userAgent: last('user-agent'),
    method: last('method') ?? (given.has('post-data') ? 'POST' : given.has('spider') ? 'HEAD' : 'GET'),
    usesProxy: given.has('no-proxy') || isOff(settings['use_proxy']) || isOff(last('proxy')) ? 'no' : 'yes',
    proxies: Object.fromEntries(
      Object.entries(settings).filter(([name]) => name.endsWith('_proxy') && name !== 'use_proxy'),
    ),
    proxyUser: pair('proxy-user', 'proxy-password'),
    user: pair('user', 'password') ?? pair('http-user', 'http-password'),
    contentOnError: given.has('content-on-error') ? 'kept' : 'dropped',
  });
}

const DEFAULT_TRIES = 20;
