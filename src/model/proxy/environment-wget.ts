/** Variables as the two wgets read them: getproxy of src/retr.c of GNU Wget 1.21, and networking/wget.c of busybox 1.35. */
import { chosen, firstSet } from './environment-choice.ts';
import type { FoundVariable, ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { portOf, splitProxyUrl, userInfoOf } from './proxy-url.ts';
import type { ProxyTarget } from './target.ts';

const DEFAULT_PORT = 80;

/** Only names in small letters, and none for all schemes. */
export function wgetChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const name = `${target.scheme}_proxy`;
  const found = firstSet(env, [name]);
  if (found === null) return { kind: 'direct', why: `wget reads ${name} only, which is not set` };
  return chosen('wget', target, found, firstSet(env, ['no_proxy']), () => readWgetProxy(found));
}

/** `http_proxy` for https too, and no list of exceptions. A request for https is then no CONNECT but a plain GET. */
export function busyboxChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const found = firstSet(env, ['http_proxy']);
  if (found === null)
    return { kind: 'direct', why: 'wget of busybox reads http_proxy only, which is not set' };
  return chosen('busybox-wget', target, found, firstSet(env, ['no_proxy']), () => readWgetProxy(found));
}

function readWgetProxy({
  name,
  value,
}: FoundVariable): ProxyAddress | Extract<ProxyChoice, { kind: 'error' }> {
  const parts = splitProxyUrl(value);
  const scheme = parts.scheme ?? 'http';
  const port = portOf(parts, DEFAULT_PORT);
  if (scheme !== 'http') {
    return {
      kind: 'error',
      message: `Error in proxy URL ${value}: Must be HTTP.`,
      variable: name,
      exitCode: 1,
    };
  }
  if (parts.host === '' || port === null) {
    const what = port === null ? 'Bad port number' : 'Invalid host name';
    return {
      kind: 'error',
      message: `Error parsing proxy URL ${value}: ${what}.`,
      variable: name,
      exitCode: 1,
    };
  }
  return { scheme, host: parts.host, port, text: value, ...userInfoOf(parts) };
}
