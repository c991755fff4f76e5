/**
 * Variables as curl reads them: create_conn_helper_init_proxy, detect_proxy and parse_proxy of lib/url.c, and
 * lib/urlapi.c, read at the tags curl-7_81_0, curl-7_88_1 and curl-8_5_0.
 */
import { chosen, firstSet } from './environment-choice.ts';
import type { ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { readInetAton, readIpv6, writeIpv4 } from './no-proxy-addresses.ts';
import type { ProxyTarget } from './target.ts';

/** What curl takes where a proxy's port is missing. */
const DEFAULT_PORT = 1080;
const DEFAULT_HTTPS_PORT = 443;

const SCHEMES = {
  http: 'http',
  https: 'https',
  socks: 'socks4',
  socks4: 'socks4',
  socks4a: 'socks4a',
  socks5: 'socks5',
  socks5h: 'socks5h',
} as const;

export function curlChoice(
  client: 'curl' | 'curl-7.81',
  env: ProxyEnvironment,
  target: ProxyTarget,
): ProxyChoice {
  // HTTP_PROXY in capitals could be set by a `Proxy:` header of a request to a CGI program.
  const own = target.scheme === 'https' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy'];
  const names = [...own, 'all_proxy', 'ALL_PROXY'];
  const found = firstSet(env, names);
  if (found === null) {
    const ignored = target.scheme === 'http' && (env.HTTP_PROXY ?? '') !== '';
    return {
      kind: 'direct',
      why: ignored
        ? 'curl does not read HTTP_PROXY in capitals, only http_proxy, which is not set'
        : `curl reads ${names.join(', ')}, and none is set`,
    };
  }
  return chosen(client, target, found, firstSet(env, ['no_proxy', 'NO_PROXY']), () =>
    readCurlProxy(client, found.value, found.name),
  );
}

/**
 * Returns the proxy of a variable or of `--proxy`, whose name is `variable` then: parse_proxy of lib/url.c, and what it
 * asks of lib/urlapi.c.
 */
export function readCurlProxy(
  client: 'curl' | 'curl-7.81',
  text: string,
  variable: string,
): ProxyAddress | CurlProxyError {
  const parts = splitForCurl(text, client);
  if ('reason' in parts) {
    const message = `Unsupported proxy syntax in '${text}'`;
    return { kind: 'error', message, variable, exitCode: 5, reason: parts.reason };
  }
  const scheme = Object.entries(SCHEMES).find(([name]) => name === parts.scheme)?.[1];
  if (scheme === undefined) {
    const message = `Unsupported proxy scheme for '${text}'`;
    return { kind: 'error', message, variable, exitCode: 7 };
  }
  return {
    scheme,
    host: parts.host,
    port: parts.port ?? (scheme === 'https' ? DEFAULT_HTTPS_PORT : DEFAULT_PORT),
    text,
    ...(parts.userInfo === null ? {} : { userInfo: parts.userInfo }),
  };
}

type CurlProxyError = Extract<ProxyChoice, { kind: 'error' }>;

const BAD_PORT = { reason: 'Port number was not a decimal number between 0 and 65535' } as const;

interface CurlProxyParts {
  readonly scheme: string;
  readonly userInfo: string | null;
  readonly host: string;
  readonly port: number | null;
}

function splitForCurl(
  text: string,
  client: 'curl' | 'curl-7.81',
): CurlProxyParts | { readonly reason: string } {
  if ([...text].some((letter) => letter <= ' ' || letter === '\x7f'))
    return { reason: 'Malformed input to a URL function' };
  const [, spelled = null, slashes = '', rest = text] =
    /^([a-z][a-z0-9+.-]{0,39}):(\/{1,4})(.*)$/i.exec(text) ?? [];
  if (slashes.length > 3) return { reason: 'Unsupported number of slashes following scheme' };
  const authority = rest.split(/[/?#]/)[0] ?? '';
  // The first @ ends the login: another one stands in the name of the host.
  const at = authority.indexOf('@');
  const place = authority.slice(at + 1);
  if (place.startsWith('[') && !place.includes(']')) return { reason: 'Bad IPv6 address' };
  const [, spelledHost = '', portText = null] = /^(\[[^\]]*\]|[^:]*)(.+)?$/s.exec(place) ?? [];
  const port = readPort(portText, spelled === null ? 'none' : 'spelled');
  if (port === 'bad') return BAD_PORT;
  const host = readHost(spelledHost, client);
  if (typeof host !== 'string') return host;
  return {
    scheme: spelled?.toLowerCase() ?? guessedScheme(host),
    userInfo: at < 0 ? null : authority.slice(0, at),
    host,
    port,
  };
}

/** A colon without a port is let pass behind a scheme only. */
function readPort(text: string | null, scheme: 'none' | 'spelled'): number | null | 'bad' {
  if (text === null) return null;
  if (text === ':') return scheme === 'spelled' ? null : 'bad';
  const port = /^:(\d+)$/.exec(text)?.[1];
  return port === undefined || Number(port) > 65_535 ? 'bad' : Number(port);
}

/** An address in a form that only C programs read (`10.20.4`) is one; a name may be percent-encoded. */
function readHost(text: string, client: 'curl' | 'curl-7.81'): string | { readonly reason: string } {
  if (text === '') return { reason: 'No host part in the URL' };
  if (text.startsWith('[')) {
    const address = text.slice(1, -1);
    return readIpv6(address.replace(/%.*$/s, '')) === null ? { reason: 'Bad IPv6 address' } : address;
  }
  const address = readInetAton(text);
  if (address !== null) return writeIpv4(address);
  const name = text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
  const foreign = client === 'curl-7.81' ? /\s/ : /[\s/:#?!@{}[\]\\$'"^`*<>=;,+&()%]/;
  return foreign.test(name) ? { reason: 'Bad hostname' } : name;
}

/** By the name, as for a URL. */
function guessedScheme(host: string): string {
  return /^(ftp|dict|ldap|imap|smtp|pop3)\./i.exec(host)?.[1]?.toLowerCase() ?? 'http';
}
