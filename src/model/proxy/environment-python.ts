/**
 * Variables as Python reads them: getproxies_environment and ProxyHandler of urllib.request (3.11), and requests 2.34,
 * which takes the same dictionary.
 */
import { chosen } from './environment-choice.ts';
import type { FoundVariable, ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { portOf, splitProxyUrl, userInfoOf } from './proxy-url.ts';
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

function readUrllibProxy(
  { name, value }: FoundVariable,
  target: ProxyTarget,
): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const parts = splitProxyUrl(value);
  // For https the tunnel is asked for in plain whatever the scheme, and the default port is that of https.
  const scheme = target.scheme === 'https' ? 'http' : (parts.scheme ?? 'http');
  const fail = (message: string): Extract<ProxyChoice, { kind: 'error' }> => {
    return { kind: 'error', message, variable: name };
  };
  if (scheme !== 'http' && scheme !== 'https') return fail(`<urlopen error unknown url type: ${scheme}>`);
  if (parts.host === '') return fail('<urlopen error no host given>');
  const port = portOf(parts, target.scheme === 'https' || scheme === 'https' ? 443 : 80);
  if (port === null) return fail(`http.client.InvalidURL: nonnumeric port: '${parts.port ?? ''}'`);
  return { scheme, host: parts.host, port, text: value, ...userInfoOf(parts) };
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
  return value === '' ? null : { name: 'NO_PROXY', value };
}

function readRequestsProxy({
  name,
  value,
}: FoundVariable): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const parts = splitProxyUrl(value);
  const scheme = parts.scheme ?? 'http';
  const fail = (message: string): Extract<ProxyChoice, { kind: 'error' }> => {
    return { kind: 'error', message, variable: name };
  };
  if (scheme.startsWith('socks')) {
    return fail('requests.exceptions.InvalidSchema: Missing dependencies for SOCKS support.');
  }
  if (parts.host === '') {
    return fail(
      'requests.exceptions.InvalidProxyURL: Please check proxy URL. It is malformed and could be missing the host.',
    );
  }
  if (scheme !== 'http' && scheme !== 'https') {
    return fail(
      `urllib3.exceptions.ProxySchemeUnknown: Proxy URL had unsupported scheme ${scheme}, should use http:// or https://`,
    );
  }
  const port = portOf(parts, scheme === 'https' ? 443 : 80);
  if (port === null) return fail(`urllib3.exceptions.LocationParseError: Failed to parse: ${value}`);
  return { scheme, host: parts.host, port, text: value, ...userInfoOf(parts) };
}
