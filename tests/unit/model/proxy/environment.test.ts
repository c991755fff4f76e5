/** Which variables a client reads; that the real ones do so is tests/oracle/no-proxy. */
import { describe, expect, test } from 'vitest';
import { PROXY_CLIENTS } from '../../../../src/model/proxy/clients.ts';
import { chooseProxy } from '../../../../src/model/proxy/environment.ts';
import { readProxyTarget } from '../../../../src/model/proxy/target.ts';
import { unwrap } from '../../../../src/model/result.ts';

const HTTP = unwrap(readProxyTarget('http://contoso.com/'));
const HTTPS = unwrap(readProxyTarget('https://contoso.com/'));
const PROXY = 'http://10.20.0.4:8080';

/** By client: the variable that names the proxy, `error`, or nothing. */
function variables(env: Readonly<Record<string, string>>, target = HTTP): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PROXY_CLIENTS.flatMap((client) => {
      const choice = chooseProxy(client, env, target);
      if (choice.kind === 'direct') return [];
      return [[client, choice.kind === 'error' ? 'error' : choice.variable]];
    }),
  );
}

test('HTTP_PROXY in capitals is read by Go and Python alone', () => {
  expect(variables({ HTTP_PROXY: PROXY })).toEqual({
    go: 'HTTP_PROXY',
    'python-urllib': 'HTTP_PROXY',
    'python-requests': 'HTTP_PROXY',
  });
  expect(chooseProxy('curl', { HTTP_PROXY: PROXY }, HTTP)).toEqual({
    kind: 'direct',
    why: 'curl does not read HTTP_PROXY in capitals, only http_proxy, which is not set',
  });
});

test('of both spellings Go takes capitals and the others small letters', () => {
  expect(variables({ HTTPS_PROXY: PROXY, https_proxy: PROXY }, HTTPS)).toEqual({
    curl: 'https_proxy',
    'curl-7.81': 'https_proxy',
    go: 'HTTPS_PROXY',
    'python-urllib': 'https_proxy',
    'python-requests': 'https_proxy',
    wget: 'https_proxy',
  });
});

test('a proxy for all schemes is read by curl and requests, and the own variable of busybox serves https too', () => {
  expect(variables({ all_proxy: PROXY }, HTTPS)).toEqual({
    curl: 'all_proxy',
    'curl-7.81': 'all_proxy',
    'python-requests': 'all_proxy',
  });
  expect(variables({ http_proxy: PROXY }, HTTPS)).toEqual({ 'busybox-wget': 'http_proxy' });
});

test('in a CGI program Go refuses, and Python leaves capitals out', () => {
  expect(variables({ HTTP_PROXY: PROXY, REQUEST_METHOD: 'GET' })).toEqual({ go: 'error' });
});

test.each([
  ['curl', 'http://proxy', 1080],
  ['go', 'http://proxy', 80],
  ['python-requests', 'http://proxy', 80],
  ['python-urllib', 'http://proxy', 443],
  ['wget', 'http://proxy', 80],
] as const)('%s takes a port of its own where %s has none', (client, text, port) => {
  expect(chooseProxy(client, { https_proxy: text }, HTTPS)).toMatchObject({
    kind: 'proxy',
    proxy: { scheme: 'http', host: 'proxy', port, text },
  });
});

test('user and password are kept apart from the address', () => {
  const choice = chooseProxy('curl', { https_proxy: 'http://me:se%40cret@proxy.test:3128/' }, HTTPS);
  expect(choice).toMatchObject({ proxy: { host: 'proxy.test', port: 3128, userInfo: 'me:se%40cret' } });
});

describe('what NO_PROXY says', () => {
  test('is named with its variable', () => {
    const env = { https_proxy: PROXY, NO_PROXY: 'contoso.com' };
    expect(chooseProxy('curl', env, HTTPS)).toMatchObject({
      kind: 'direct',
      why: 'NO_PROXY has contoso.com',
      variable: 'NO_PROXY',
      verdict: { decided: { kind: 'entry', entry: 'contoso.com', index: 0 } },
    });
    const other = unwrap(readProxyTarget('https://fabrikam.com/'));
    expect(chooseProxy('curl', env, other)).toMatchObject({
      kind: 'proxy',
      variable: 'https_proxy',
      noProxyVariable: 'NO_PROXY',
      verdict: { via: 'proxy', decided: null },
    });
  });

  test('in small letters comes first, but for Go', () => {
    const env = { http_proxy: PROXY, no_proxy: 'other.test', NO_PROXY: 'contoso.com' };
    const direct = PROXY_CLIENTS.filter((client) => chooseProxy(client, env, HTTP).kind === 'direct');
    expect(direct).toEqual(['go', 'node-fetch']);
  });

  test('a star in capitals is lost to requests where no_proxy is empty', () => {
    const env = { http_proxy: PROXY, no_proxy: '', NO_PROXY: '*' };
    expect(chooseProxy('python-requests', env, HTTP)).toMatchObject({ kind: 'proxy' });
    expect(chooseProxy('python-requests', { ...env, NO_PROXY: 'contoso.com' }, HTTP)).toMatchObject({
      kind: 'direct',
    });
  });
});

test.each([
  ['curl', 'http://proxy:port', 'Unsupported proxy syntax', 5],
  ['curl', 'http://[10.0.0.4]:3128', 'Unsupported proxy syntax', 5],
  ['curl', 'ht!tp://10.20.0.4:8080', 'Unsupported proxy syntax', 5],
  ['curl', 'http://a|b"c:8080', 'Unsupported proxy syntax', 5],
  ['curl', 'http://u:p@ss@10.20.0.4:8080', 'Unsupported proxy syntax', 5],
  ['curl', 'proxy.test:', 'Unsupported proxy syntax', 5],
  ['busybox-wget', 'http://proxy:99999', "bad port '99999'", 1],
  ['wget', '1http://proxy:21', "Unsupported scheme '1http'", 8],
  ['wget', 'http://[10.0.0.4]:3128', 'Invalid IPv6 numeric address', 8],
  ['wget', 'http://:secret@proxy:3128', 'Invalid user name', 8],
  ['curl', 'ftp://proxy:21', 'Unsupported proxy scheme', 7],
  ['wget', 'ftp://proxy:21', 'Must be HTTP', 8],
  ['wget', 'foo://proxy:21', "Unsupported scheme 'foo'", 8],
  ['python-urllib', 'http:/proxy', 'proxy URL with no authority', undefined],
  ['python-requests', 'proxy:3128', 'could be missing the host', undefined],
] as const)('%s gives up on %s', (client, value, words, exitCode) => {
  const choice = chooseProxy(client, { http_proxy: value }, HTTP);
  expect(choice).toMatchObject({
    kind: 'error',
    message: expect.stringContaining(words) as unknown,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
});

test.each([
  ['http://10.20.4:8080', '10.20.0.4'],
  ['http://0x0a140004:8080', '10.20.0.4'],
  ['http://%70roxy.test:8080', 'proxy.test'],
])('curl reads %s as the proxy %s', (value, host) => {
  expect(chooseProxy('curl', { http_proxy: value }, HTTP)).toMatchObject({ kind: 'proxy', proxy: { host } });
});

test('curl 7.81 looks for a host whose name has odd letters', () => {
  expect(chooseProxy('curl-7.81', { http_proxy: 'a!b:8080' }, HTTP)).toMatchObject({
    kind: 'proxy',
    proxy: { host: 'a!b', port: 8080 },
  });
});

describe('a URL', () => {
  test.each([
    ['mcr.microsoft.com', { scheme: 'http', host: 'mcr.microsoft.com', port: 80, portIsSpelled: false }],
    ['HTTPS://a.test:8443/x?y', { scheme: 'https', host: 'a.test', port: 8443, portIsSpelled: true }],
    [
      'http://user@[fd00::1]:80/',
      { scheme: 'http', host: 'fd00::1', port: 80, portIsSpelled: true, userInfo: 'user' },
    ],
  ])('%s', (url, target) => {
    expect(readProxyTarget(url)).toEqual({ ok: true, value: target });
  });

  test.each([
    ['ftp://a.test', 'neither http:// nor https://'],
    ['http://', 'names no host'],
    ['http://fd00::1/', 'brackets'],
    ['http://a.test:99999/', 'is no port'],
    ['http://a b/', 'is no host'],
  ])('%s is refused', (url, words) => {
    expect(readProxyTarget(url)).toMatchObject({
      ok: false,
      error: { input: url, message: expect.stringContaining(words) as unknown },
    });
  });
});
