/**
 * Variables as Python reads them: getproxies_environment and ProxyHandler of urllib.request (3.11), and requests 2.34,
 * which takes the same dictionary.
 */
import { chosen } from './environment-choice.ts';
import type { FoundVariable, ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import type { ProxyTarget } from './target.ts';

/**
 * Returns `getproxies_environment()`: by kind (`http`, `https`, `all`, `no`) the variable that counts. Any spelling
 * of the name does; small letters win, and an empty one in small letters takes the others away.
 */
function pythonProxies(env: ProxyEnvironment): ReadonlyMap<string, FoundVariable> {
  const proxies = new Map<string, FoundVariable>();
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  for (const each of variables) {
    const name = each.name.toLowerCase();
    if (each.value !== '' && name.endsWith('_proxy')) proxies.set(kindOf(name), each);
  }
  // CVE-2016-1000110: in a CGI program the header `Proxy:` becomes HTTP_PROXY.
  if (env.REQUEST_METHOD !== undefined) proxies.delete('http');
  for (const each of variables.filter(({ name }) => name.endsWith('_proxy'))) {
    if (each.value === '') proxies.delete(kindOf(each.name.toLowerCase()));
    else proxies.set(kindOf(each.name.toLowerCase()), each);
  }
  return proxies;
}

function kindOf(name: string): string {
  return name.slice(0, -'_proxy'.length);
}

export function urllibChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const proxies = pythonProxies(env);
  const found = proxies.get(target.scheme);
  if (found === undefined) {
    const hint = proxies.has('all') ? '; urllib does not use all_proxy' : '';
    return { kind: 'direct', why: `${target.scheme}_proxy is not set in any spelling${hint}` };
  }
  if (/^[^/:]+:\/(?!\/)/.test(found.value)) {
    const message = `ValueError: proxy URL with no authority: '${found.value}'`;
    return { kind: 'error', message, variable: found.name };
  }
  return chosen('python-urllib', target, found, proxies.get('no') ?? null, () =>
    readUrllibProxy(found, target),
  );
}

/** `_parse_proxy` of urllib.request, then `_get_hostport` and `_validate_host` of http.client. */
function readUrllibProxy(
  { name, value }: FoundVariable,
  target: ProxyTarget,
): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const fail = failure(name);
  const [, typed = null, rest = value] = /^([^/:]+):(.*)$/s.exec(value) ?? [];
  const isUrl = rest.startsWith('/');
  const authority = isUrl ? (/^\/\/([^/]*@[^/]*|[^/]*)/s.exec(rest)?.[1] ?? '') : value;
  // For https the tunnel is asked for in plain whatever the scheme, and the default port is that of https.
  const scheme = target.scheme === 'https' ? 'http' : isUrl ? (typed?.toLowerCase() ?? 'http') : 'http';
  if (scheme !== 'http' && scheme !== 'https') return fail(`<urlopen error unknown url type: ${scheme}>`);
  const at = authority.lastIndexOf('@');
  const place = authority.slice(at + 1);
  if (place === '') return fail('<urlopen error no host given>');
  const [, host = '', portText = ''] = /^(.*?)(?::([^:\]]*))?$/s.exec(place) ?? [];
  if (portText !== '' && !/^\s*\+?\d+\s*$/.test(portText)) {
    return fail(`http.client.InvalidURL: nonnumeric port: '${portText}'`);
  }
  const isTls = target.scheme === 'https' || scheme === 'https';
  const port = portText === '' ? (isTls ? 443 : 80) : Number(portText);
  const control = controlIn(host);
  if (control !== null) return fail(`http.client.InvalidURL: ${controlWords(host, control)}`);
  return {
    scheme,
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    text: value,
    ...(at < 0 ? {} : { userInfo: authority.slice(0, at) }),
  };
}

type Failure = Extract<ProxyChoice, { kind: 'error' }>;

function failure(variable: string): (message: string) => Failure {
  return (message) => ({ kind: 'error', message, variable });
}

function controlIn(host: string): string | null {
  return [...host].find((letter) => letter <= ' ' || letter === '\x7f') ?? null;
}

function controlWords(host: string, control: string): string {
  return `URL can't contain control characters. '${host}' (found at least '${control}')`;
}

export function requestsChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const proxies = pythonProxies(env);
  const found = proxies.get(target.scheme) ?? proxies.get('all');
  if (found === undefined) {
    return { kind: 'direct', why: `neither ${target.scheme}_proxy nor all_proxy is set in any spelling` };
  }
  // Its own look at the list skips an empty no_proxy; urllib's, which follows, does not.
  const list = proxies.get('no') ?? ownList(env);
  return chosen('python-requests', target, found, list, () => readRequestsProxy(found));
}

function ownList(env: ProxyEnvironment): FoundVariable | null {
  const value = env.NO_PROXY ?? '';
  // A star is urllib's to read.
  return value === '' || value === '*' ? null : { name: 'NO_PROXY', value };
}

const MISSING_HOST =
  'requests.exceptions.InvalidProxyURL: Please check proxy URL. It is malformed and could be missing the host.';

/** `prepend_scheme_if_needed` of requests and `parse_url` of urllib3 2. */
function readRequestsProxy({
  name,
  value,
}: FoundVariable): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const fail = failure(name);
  // A name without a dot and with a port looks like a scheme: `proxy:3128` fails, `proxy.test:3128` does not.
  const hasScheme = /^(?:[a-z][a-z0-9+-]*:|\/)/i.test(value);
  const uri = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^\\/?#]*))?/is.exec(hasScheme ? value : `//${value}`);
  const scheme = uri?.[1]?.toLowerCase() ?? 'http';
  if (scheme.startsWith('socks')) {
    return fail('requests.exceptions.InvalidSchema: Missing dependencies for SOCKS support.');
  }
  const authority = uri?.[2] ?? '';
  const at = authority.lastIndexOf('@');
  const parts = /^(?:\[([^\]]*)\]|([^[\]:/?#]*))(?::(\d{0,5}))?$/s.exec(authority.slice(at + 1));
  const spelledPort = Number(parts?.[3] ?? '');
  if (parts === null || spelledPort > 65_535) {
    return fail(`requests.exceptions.InvalidURL: Failed to parse: ${value}`);
  }
  const host = parts[1] ?? parts[2] ?? '';
  if (host === '') return fail(MISSING_HOST);
  if (scheme !== 'http' && scheme !== 'https') {
    return fail(
      `urllib3.exceptions.ProxySchemeUnknown: Proxy URL had unsupported scheme ${scheme}, should use http:// or https://`,
    );
  }
  const control = controlIn(host);
  if (control !== null) {
    const words = controlWords(host, control);
    return fail(`requests.exceptions.ConnectionError: ('Connection aborted.', InvalidURL("${words}"))`);
  }
  const port = (parts[3] ?? '') === '' ? (scheme === 'https' ? 443 : 80) : spelledPort;
  return { scheme, host, port, text: value, ...(at < 0 ? {} : { userInfo: authority.slice(0, at) }) };
}
