import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { readIpv6 } from './no-proxy-addresses.ts';

/** What a client is asked for, as far as the choice of a proxy looks at it. */
export interface ProxyTarget {
  readonly scheme: 'http' | 'https';
  /** As in the URL: a name, or an IPv4 address as text; without brackets or port. */
  readonly host: string;
  /** The URL's own, else 80 or 443. */
  readonly port: number;
  /** Whether the URL spells the port: some clients compare entries with a port only then. */
  readonly portIsSpelled: boolean;
  /** `user` or `user:password`, as the URL spells it; urllib compares it with the entries of NO_PROXY. */
  readonly userInfo?: string;
}

/** Why a text is no URL that a proxy is chosen for. A sentence. */
export interface TargetProblem {
  readonly input: string;
  readonly message: string;
  /** What would be read. */
  readonly instead: string | null;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** Returns what a URL asks for; a text without a scheme, as programs take it, is `http`. */
export function readProxyTarget(url: string): Result<ProxyTarget, TargetProblem> {
  const problem = (message: string, instead: string | null = null): Result<ProxyTarget, TargetProblem> =>
    err({ input: url, message, instead });
  const noScheme = /^(?![a-z][a-z0-9+.-]*:)([^/?#]*):\/\/(.*)$/is.exec(url.trim());
  if (noScheme !== null) return problem(`"${noScheme[1]}" is no scheme.`, `https://${noScheme[2]}`);
  const [, spelled = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(url.trim()) ?? [];
  const scheme = spelled.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    return problem(`${spelled}:// is neither http:// nor https://.`, 'https://example.com/');
  }
  const [, userInfo, authority = ''] = /^(?:(.*)@)?(.*)$/s.exec(rest.split(/[/?#]/)[0] ?? '') ?? [];
  const user = userInfo === undefined ? {} : { userInfo };
  if (/^[^[]*:[^:]*:/.test(authority)) {
    return problem('an IPv6 address stands in brackets.', `${scheme}://[${authority}]/`);
  }
  const [, six, name = '', portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(authority) ?? [];
  const host = six ?? name;
  if (host === '') return problem('names no host.', 'https://example.com/');
  if (six === undefined ? /[^\x21-\x7e]|["%<>\\^`{|}[\]]/.test(host) : readIpv6(host) === null) {
    return problem(`"${host}" is no host.`);
  }
  if (portText === undefined || portText === '') {
    return ok({ scheme, host, port: DEFAULT_PORTS[scheme], portIsSpelled: false, ...user });
  }
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) return problem(`"${portText}" is no port.`, `${scheme}://${host}:8080/`);
  return ok({ scheme, host, port, portIsSpelled: true, ...user });
}
