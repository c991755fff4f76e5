/**
 * Variables as curl reads them: create_conn_helper_init_proxy, detect_proxy and parse_proxy of lib/url.c, read at the
 * tags curl-7_81_0, curl-7_88_1 and curl-8_5_0.
 */
import { chosen, firstSet } from './environment-choice.ts';
import type { ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { readIpv6 } from './no-proxy-addresses.ts';
import { portOf, splitProxyUrl, userInfoOf } from './proxy-url.ts';
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
    readCurlProxy(found.value, found.name),
  );
}

/** Returns the proxy of a variable or of `--proxy`, whose name is `variable` then. */
export function readCurlProxy(
  text: string,
  variable: string,
): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  // One to three slashes are as good as two.
  const parts = splitProxyUrl(text.replace(/^([a-z][a-z0-9+.-]*):\/{1,3}(?=[^/])/i, '$1://'));
  const spelled = parts.scheme ?? guessedScheme(parts.host);
  const scheme = Object.entries(SCHEMES).find(([name]) => name === spelled)?.[1];
  const port = portOf(parts, scheme === 'https' ? DEFAULT_HTTPS_PORT : DEFAULT_PORT);
  const isBadHost =
    parts.host === '' ||
    (parts.form === 'plain' ? parts.host.includes(':') : readIpv6(parts.host.replace(/%.*$/s, '')) === null);
  const isBad = isBadHost || port === null || /[\s"<>\\^`{|}]/.test(text);
  if (isBad) {
    const message = `Unsupported proxy syntax in '${text}'`;
    return { kind: 'error', message, variable, exitCode: 5 };
  }
  if (scheme === undefined) {
    const message = `Unsupported proxy scheme for '${text}'`;
    return { kind: 'error', message, variable, exitCode: 7 };
  }
  return { scheme, host: parts.host, port, text, ...userInfoOf(parts) };
}

/** By the name, as for a URL. */
function guessedScheme(host: string): string {
  return /^(ftp|dict|ldap|imap|smtp|pop3)\./i.exec(host)?.[1]?.toLowerCase() ?? 'http';
}
