/**
 * Variables as net/http of Go reads them: FromEnvironment, parseProxy and proxyForURL of
 * golang.org/x/net/http/httpproxy. Go reads them once in the life of a process.
 */
import { chosen, firstSet } from './environment-choice.ts';
import type { ProxyAddress, ProxyChoice, ProxyEnvironment } from './environment-choice.ts';
import type { ProxyTarget } from './target.ts';

const PORTS = { http: 80, https: 443, socks5: 1080 } as const;

export function goChoice(env: ProxyEnvironment, target: ProxyTarget): ProxyChoice {
  const upper = target.scheme === 'https' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const names = [upper, upper.toLowerCase()];
  const found = firstSet(env, names);
  if (found === null) return { kind: 'direct', why: `Go reads ${names.join(', then ')}, and neither is set` };
  const proxy = readGoProxy(found.value);
  if (proxy === null && isPathOnly(found.value)) {
    const message = 'proxyconnect tcp: dial tcp :0: connect: connection refused';
    return { kind: 'error', message, variable: found.name };
  }
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
  return chosen('go', target, found, firstSet(env, ['NO_PROXY', 'no_proxy']), () => proxy);
}

/** What is no URL with one of the three schemes is read once more with `http://` in front. */
function readGoProxy(text: string): ProxyAddress | null {
  const url = readGoUrl(text, text);
  return url ?? readGoUrl(`http://${text}`, text);
}

function readGoUrl(url: string, text: string): ProxyAddress | null {
  // With fewer than two slashes there is no host, and no error either.
  const [, spelled = '', authority = ''] = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?/is.exec(url) ?? [];
  const scheme = spelled.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'socks5') return null;
  const at = authority.lastIndexOf('@');
  // Everything up to the last colon is the host, whatever stands in it; behind it are digits or nothing.
  const parts = /^(?:\[(.*)\]|(.*?))(?::(\d*))?$/s.exec(authority.slice(at + 1));
  const host = parts?.[1] ?? parts?.[2] ?? '';
  if (parts === null || /:\D*$/.test(parts[2] ?? '') || hasForeignLetter(host, url)) return null;
  return {
    scheme,
    // Without a host Go dials `:80`, which is the machine itself.
    host: host === '' ? 'localhost' : host,
    port: Number((parts[3] ?? '') === '' ? PORTS[scheme] : parts[3]),
    text,
    ...(at < 0 ? {} : { userInfo: authority.slice(0, at) }),
  };
}

/** A text that url.Parse takes for a path: parseProxy then has a URL without a scheme, and Go dials no port. */
function isPathOnly(text: string): boolean {
  return /^[^:/]*(?:\/|$)/.test(text);
}

/** What url.Parse takes in no host, and control characters, which it takes nowhere. */
function hasForeignLetter(host: string, url: string): boolean {
  return /[\s\\^`{|}@%]/.test(host) || [...url].some((letter) => letter < ' ' || letter === '\x7f');
}
