/** Variables as the two wgets read them: getproxy of src/retr.c of GNU Wget 1.21, and networking/wget.c of busybox 1.35. */
import { chosen, firstSet } from './environment-choice.ts';
import type { FoundVariable, ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { readIpv6 } from './no-proxy-addresses.ts';
import { portOf, splitProxyUrl, userInfoOf } from './proxy-url.ts';
import type { ProxyTarget } from './target.ts';

/** Only names in small letters, and none for all schemes. */
export function wgetChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const name = `${target.scheme}_proxy`;
  const found = firstSet(env, [name]);
  if (found === null) return { kind: 'direct', why: `wget reads ${name} only, which is not set` };
  return chosen('wget', target, found, firstSet(env, ['no_proxy']), () => readWgetProxy(found, target));
}

const PORTS = { http: 80, https: 443 } as const;

function readWgetProxy(
  { name, value }: FoundVariable,
  target: ProxyTarget,
): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const url = withoutShorthand(value);
  const fail = (message: string): Extract<ProxyChoice, { kind: 'error' }> => {
    // PROXERR ends wget 1.21.3 with 8, seen.
    return { kind: 'error', message, variable: name, exitCode: 8 };
  };
  if (!/^(?:https?|ftps?):\/\//i.test(url)) {
    const other = /^([a-z0-9][a-z0-9+.-]*):\/\//i.exec(url)?.[1];
    const why = other === undefined ? 'Scheme missing' : `Unsupported scheme '${other}'`;
    return fail(`Error parsing proxy URL ${url}: ${why}.`);
  }
  const parts = splitProxyUrl(url);
  const scheme = parts.scheme === 'https' ? 'https' : 'http';
  const port = portOf(parts, PORTS[scheme]);
  if (parts.host === '') return fail(`Error parsing proxy URL ${url}: Invalid host name.`);
  if (parts.form === 'bracketed' && readIpv6(parts.host) === null) {
    return fail(`Error parsing proxy URL ${url}: Invalid IPv6 numeric address.`);
  }
  if (port === null || (parts.form === 'plain' && parts.host.includes(':'))) {
    return fail(`Error parsing proxy URL ${url}: Bad port number.`);
  }
  if (parts.userInfo !== null && /^(?::|$)/.test(parts.userInfo)) {
    return fail(`Error parsing proxy URL ${url}: Invalid user name.`);
  }
  if (parts.scheme !== 'http' && parts.scheme !== target.scheme) {
    return fail(`Error in proxy URL ${url}: Must be HTTP.`);
  }
  return { scheme, host: parts.host, port, text: value, ...userInfoOf(parts) };
}

/** `rewrite_shorthand_url` of src/url.c: `host:3128` and `host/path` are http, any other colon means ftp. */
function withoutShorthand(text: string): string {
  if (/^(?:https?|ftps?):\/\//i.test(text)) return text;
  const at = text.search(/[:/]/);
  if (at === 0 || text.startsWith('://', at)) return text;
  return at < 0 || text[at] === '/' || /^:\d+(?:\/|$)/.test(text.slice(at))
    ? `http://${text}`
    : `ftp://${text.slice(0, at)}/${text.slice(at + 1)}`;
}

/** `http_proxy` for https too, and no list of exceptions. A request for https is then no CONNECT but a plain GET. */
export function busyboxChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const found = firstSet(env, ['http_proxy']);
  if (found === null)
    return { kind: 'direct', why: 'wget of busybox reads http_proxy only, which is not set' };
  return chosen('busybox-wget', target, found, firstSet(env, ['no_proxy']), () => readBusyboxProxy(found));
}

function readBusyboxProxy({
  name,
  value,
}: FoundVariable): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const [, spelled = 'http', authority = ''] = /^(?:(.*?):\/\/)?([^/?#]*)/s.exec(value) ?? [];
  const defaultPort = Object.entries(BUSYBOX_PORTS).find(([scheme]) => scheme === spelled)?.[1];
  const fail = (message: string): Extract<ProxyChoice, { kind: 'error' }> => {
    return { kind: 'error', message: `wget: ${message}`, variable: name, exitCode: 1 };
  };
  if (defaultPort === undefined) return fail(`not an http or ftp url: ${value}`);
  const at = authority.lastIndexOf('@');
  const place = authority.slice(at + 1);
  // With several colons it is an IPv6 address, and what stands behind the last is no port.
  const [, host = '', port] = /^(\[.*\]|[^:]*)(?::([^:]*))?$/s.exec(place) ?? [place, place];
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535)) {
    return fail(`bad port '${port}'`);
  }
  return {
    // Whatever the scheme, but inside of TLS for https.
    scheme: spelled === 'https' ? 'https' : 'http',
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port ?? defaultPort),
    text: value,
    ...(at < 0 ? {} : { userInfo: authority.slice(0, at) }),
  };
}

const BUSYBOX_PORTS = { http: 80, https: 443, ftp: 21 } as const;
