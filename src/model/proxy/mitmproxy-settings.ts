/** What a mitmproxy that is called so becomes: a forward proxy, or the sentence with which it gives up. */
import { err, ok, type Result } from '../result.ts';
import { parseFlowFilter, undecidedTerms } from './flow-filter.ts';
import type { ForwardProxy } from './forward-proxy.ts';
import type { CallProblem, OptionValue } from './mitmproxy-arguments.ts';
import { isAtLeast } from './mitmproxy-version.ts';

export interface MitmproxySettings {
  readonly proxy: Omit<
    ForwardProxy,
    'authority' | 'certificates' | 'log' | 'program' | 'version' | 'trustedCa'
  >;
  readonly confdir: string;
  /** Empty: every address. */
  readonly listenHost: string;
  readonly listenPort: number;
  /** Whether the mode names the port itself, as `regular@8081` does. */
  readonly portIs: 'of-mode' | 'of-option';
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly password: string;
    readonly browser: boolean;
  };
  readonly certs: readonly { readonly pattern: string; readonly path: string }[];
  readonly trustedCaPath: string | null;
  readonly flowDetail: number;
  readonly verbosity: string;
  /** `dumper_filter`; null: all. */
  readonly filter: string | null;
}

const DEFAULT_PORT = 8080;
const DEFAULT_WEB_PORT = 8081;
/** NO_RESPONSE of net/http/status_codes.py, and the statuses that it has words for. */
const STATUSES = new Set([
  ...[
    100, 101, 200, 201, 202, 203, 204, 205, 206, 207, 300, 301, 302, 303, 304, 305, 307, 400, 401, 402, 403,
  ],
  ...[
    404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 444, 500, 501, 502, 503, 504,
  ],
  ...[505, 507, 510],
]);

export function settingsOf(
  values: ReadonlyMap<string, OptionValue>,
  version: string,
): Result<MitmproxySettings, CallProblem> {
  const text = (name: string): string | null => {
    const value = values.get(name);
    return typeof value === 'string' ? value : null;
  };
  const number = (name: string, fallback: number): number => {
    const value = values.get(name);
    return typeof value === 'number' ? value : fallback;
  };
  const isOn = (name: string, fallback: boolean): boolean => {
    const value = values.get(name);
    return typeof value === 'boolean' ? value : fallback;
  };
  const list = (name: string): readonly string[] => {
    const value = values.get(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  };
  const mode = modeOf(list('mode'), version);
  if (!mode.ok) return mode;
  const blockList: { filter: string; status: number }[] = [];
  for (const option of list('block_list')) {
    const entry = blockEntry(option, version);
    if (!entry.ok) return wrong(`Cannot parse block_list option ${option}: ${entry.error}`);
    blockList.push(entry.value);
  }
  const [ignoreHosts, allowHosts] = [list('ignore_hosts'), list('allow_hosts')];
  if (!isAtLeast(version, '10.3.0') && ignoreHosts.length > 0 && allowHosts.length > 0)
    return wrong('The allow_hosts and ignore_hosts options are mutually exclusive.');
  const badRegex = [...ignoreHosts, ...allowHosts].find((each) => !isRegex(each));
  if (badRegex !== undefined)
    return {
      ok: false,
      error: {
        kind: 'not-simulated',
        message: `the regular expression "${badRegex}", which Python does not take either`,
      },
    };
  const upstreamAuth = text('upstream_auth');
  if (upstreamAuth !== null && !/.:/.test(upstreamAuth))
    return wrong(`Invalid upstream auth specification: ${upstreamAuth}`);
  const proxyAuth = text('proxyauth');
  if (proxyAuth !== null && proxyAuth !== '' && !/^(any$|@|ldap|.*:)/s.test(proxyAuth))
    return wrong('Invalid proxyauth specification.');
  if (proxyAuth !== null && /^(@|ldap)/.test(proxyAuth))
    return err({
      kind: 'not-simulated',
      message: 'passwords from a file or a directory (use --proxyauth USER:PASSWORD)',
    });
  for (const name of ['dumper_filter', 'save_stream_filter', 'view_filter']) {
    const filter = text(name);
    const parsed = filter === null ? null : parseFlowFilter(filter);
    if (parsed?.ok === false) return wrong(parsed.error);
    const [unknown] = parsed?.ok === true && name === 'dumper_filter' ? undecidedTerms(parsed.value) : [];
    if (unknown !== undefined)
      return err({ kind: 'not-simulated', message: `a filter that asks for ${unknown}` });
  }
  const givenPort = mode.value.port ?? number('listen_port', DEFAULT_PORT);
  // The C library keeps the last 16 bits: 99999 is 34463, seen with 8.1.1.
  const listenPort = givenPort > 65_535 ? givenPort % 65_536 : givenPort;
  if (listenPort < 1)
    return err({
      kind: 'not-simulated',
      message: `${listenPort < 0 ? 'a port below zero' : "a port of the system's choice"} (--listen-port ${givenPort})`,
    });
  const password = text('web_password') ?? '';
  if (password.startsWith('$'))
    return err({ kind: 'not-simulated', message: 'a password as an argon2 hash (--set web_password=$…)' });
  return ok({
    proxy: {
      mode: mode.value.mode,
      ignoreHosts,
      allowHosts,
      blockGlobal: isOn('block_global', true) ? 'on' : 'off',
      blockPrivate: isOn('block_private', false) ? 'on' : 'off',
      blockList,
      verifiesServers: isOn('ssl_insecure', false) ? 'no' : 'yes',
      ...(proxyAuth === null || proxyAuth === '' ? {} : { proxyAuth }),
      ...(upstreamAuth === null ? {} : { upstreamAuth }),
      ...(isOn('upstream_cert', true) ? {} : { upstreamCert: 'off' }),
    },
    confdir: text('confdir') ?? '~/.mitmproxy',
    listenHost: mode.value.host ?? text('listen_host') ?? '',
    listenPort,
    portIs: mode.value.port === null ? 'of-option' : 'of-mode',
    web: {
      host: text('web_host') ?? '127.0.0.1',
      port: number('web_port', DEFAULT_WEB_PORT),
      password,
      browser: isOn('web_open_browser', true),
    },
    certs: list('certs').map((spec) => {
      const [head = '', path] = spec.split(/=(.*)/s);
      return path === undefined ? { pattern: '*', path: head } : { pattern: head, path };
    }),
    trustedCaPath: text('ssl_verify_upstream_trusted_ca'),
    flowDetail: number('flow_detail', 1),
    verbosity: text('termlog_verbosity') ?? 'info',
    filter: text('dumper_filter'),
  });
}

function wrong(message: string): Result<never, CallProblem> {
  return err({ kind: 'option', message });
}

interface Mode {
  readonly mode: ForwardProxy['mode'];
  readonly host: string | null;
  readonly port: number | null;
}

const ELSEWHERE = ['transparent', 'socks5', 'reverse', 'dns', 'wireguard', 'local', 'osproxy', 'tun'];

/** mode_specs.py since 9.0; before, one mode without a port of its own. */
function modeOf(specs: readonly string[], version: string): Result<Mode, CallProblem> {
  const isNew = isAtLeast(version, '9.0.0');
  if (isNew && specs.length > 1) return err({ kind: 'not-simulated', message: 'several modes at once' });
  const spec = specs.at(-1) ?? 'regular';
  const invalid = (why: string): Result<never, CallProblem> =>
    wrong(
      isNew ? `Invalid proxy mode specification: ${spec} (${why})` : `Invalid mode specification: ${spec}`,
    );
  const at = isNew ? spec.lastIndexOf('@') : -1;
  const head = at < 0 ? spec : spec.slice(0, at);
  const [, host, portText] = /^(?:(.*):)?([^:]*)$/s.exec(at < 0 ? '' : spec.slice(at + 1)) ?? [];
  const port = at < 0 ? null : Number(portText);
  if (port !== null && (!/^\d+$/.test(portText ?? '') || port > 65535))
    return invalid(`invalid port: ${portText ?? ''}`);
  const [name = '', data = ''] = head.split(/:(.*)/s);
  const kind = isNew ? name.toLowerCase() : name;
  const listen = { host: host ?? null, port };
  if (kind === 'regular') {
    return data === '' ? ok({ mode: { kind: 'regular' }, ...listen }) : invalid('mode takes no arguments');
  }
  if (kind === 'upstream') {
    if (data === '' && !isNew) return invalid('');
    const server = /^(?:(\w+):\/\/)?([^:/?#\s]+)(?::(\d+))?\/?$/.exec(data);
    if (server === null) {
      const message = `Invalid server specification: ${data}`;
      return isNew ? invalid(message) : wrong(message);
    }
    const [, given, serverHost = '', serverPort] = server;
    const fallback = isNew || (serverPort !== undefined && serverPort !== '443') ? 'http' : 'https';
    const scheme = given ?? fallback;
    if (scheme !== 'http' && scheme !== 'https')
      return isNew ? invalid('invalid upstream proxy scheme') : wrong(`Invalid server scheme: ${scheme}`);
    const defaultPort = scheme === 'http' ? 80 : 443;
    return ok({
      mode: {
        kind: 'upstream',
        scheme,
        host: serverHost,
        port: serverPort === undefined ? defaultPort : Number(serverPort),
      },
      ...listen,
    });
  }
  if (ELSEWHERE.includes(kind)) {
    return err({
      kind: 'not-simulated',
      message: `the mode "${kind}" (simulated are regular, which is what httpProxyConfig needs, and upstream:URL)`,
    });
  }
  return invalid('unknown mode');
}

/** `/flow-filter/status`, with any character for the slash (addons/blocklist.py). */
function blockEntry(option: string, version: string): Result<{ filter: string; status: number }, string> {
  const separator = option.slice(0, 1);
  const rest = option.slice(1);
  const cased = isAtLeast(version, '12.0.0') ? rest : rest.toLowerCase();
  const first = cased.indexOf(separator);
  const second = first < 0 ? -1 : cased.indexOf(separator, first + 1);
  if (separator === '' || first < 0 || second >= 0)
    return err('Invalid number of parameters (2 are expected)');
  const [filter, statusText] = [cased.slice(0, first), cased.slice(first + 1)];
  const status = Number(statusText);
  if (!/^\s*[+-]?\d+\s*$/.test(statusText)) return err(`Invalid HTTP status code: ${statusText}`);
  const parsed = parseFlowFilter(filter);
  if (!parsed.ok) return parsed;
  if (!isAtLeast(version, '12.0.0') && !STATUSES.has(status))
    return err(`Invalid HTTP status code: ${statusText}`);
  return ok({ filter, status });
}

/** Python and JavaScript differ in little that hosts need. */
function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'i');
    return true;
  } catch {
    return false;
  }
}
