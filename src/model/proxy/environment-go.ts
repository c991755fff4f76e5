/**
 * Variables as net/http of Go reads them: FromEnvironment, parseProxy and proxyForURL of
 * golang.org/x/net/http/httpproxy. Go reads them once in the life of a process.
 */
import { chosen, firstSet } from './environment-choice.ts';
import type { ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import { portOf, splitProxyUrl, userInfoOf } from './proxy-url.ts';
import type { ProxyTarget } from './target.ts';

const PORTS = { http: 80, https: 443, socks5: 1080 } as const;

export function goChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const upper = target.scheme === 'https' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const names = [upper, upper.toLowerCase()];
  const found = firstSet(env, names);
  if (found === null) return { kind: 'direct', why: `Go reads ${names.join(', then ')}, and neither is set` };
  const proxy = readGoProxy(found.value);
  if (proxy === null) {
    return { kind: 'direct', why: `Go leaves out ${found.name} without a word: it cannot be read as a URL` };
  }
  if (target.scheme === 'http' && (env.REQUEST_METHOD ?? '') !== '') {
    return {
      kind: 'error',
      message: 'refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy',
      variable: found.name,
    };
  }
  return chosen('go', target, found, firstSet(env, ['NO_PROXY', 'no_proxy']), () =>
    proxy.host === ''
      ? { kind: 'error', message: `${found.name} names no host: ${found.value}`, variable: found.name }
      : proxy,
  );
}

/** What is no URL with one of the three schemes is read once more with `http://` in front. */
function readGoProxy(text: string): ProxyAddress | null {
  const url = readGoUrl(text, text);
  return url ?? readGoUrl(`http://${text}`, text);
}

function readGoUrl(url: string, text: string): ProxyAddress | null {
  const parts = splitProxyUrl(url);
  const { scheme, host } = parts;
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'socks5') return null;
  const port = portOf(parts, PORTS[scheme]);
  // Letters that url.Parse takes in no host: blanks, quotes, control characters and the like.
  if (port === null || /[\s"<>\\^`{|}%]/.test(host) || hasControl(url)) return null;
  return { scheme, host, port, text, ...userInfoOf(parts) };
}

function hasControl(text: string): boolean {
  return [...text].some((letter) => letter < ' ' || letter === '\x7f');
}
