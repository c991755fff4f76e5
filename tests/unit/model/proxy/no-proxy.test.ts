/** Which clients go direct, as rows; that the real ones do so is tests/oracle/no-proxy. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROXY_CLIENTS } from '../../../../src/model/proxy/clients.ts';
import type { ProxyClient } from '../../../../src/model/proxy/clients.ts';
import { matchNoProxy } from '../../../../src/model/proxy/no-proxy.ts';
import { readProxyTarget } from '../../../../src/model/proxy/target.ts';
import { unwrap } from '../../../../src/model/result.ts';

const READERS: readonly ProxyClient[] = PROXY_CLIENTS.filter(
  (client) => client !== 'busybox-wget' && client !== 'node-fetch',
);

function direct(list: string, url: string): readonly ProxyClient[] {
  const target = unwrap(readProxyTarget(url));
  return READERS.filter((client) => matchNoProxy(client, list, target).via === 'direct');
}

const curls = ['curl', 'curl-7.81'] as const;
const pythons = ['python-urllib', 'python-requests'] as const;

test.each([
  ['a domain is itself', 'contoso.com', 'http://contoso.com/', READERS],
  ['and what is below it', 'contoso.com', 'http://www.contoso.com/', READERS],
  ['but no other name with the same end', 'contoso.com', 'http://notcontoso.com/', []],
  [
    'a dot in front leaves the domain out for Go and wget',
    '.contoso.com',
    'http://contoso.com/',
    [...curls, ...pythons],
  ],
  ['a star in front is read by Go alone', '*.contoso.com', 'http://www.contoso.com/', ['go']],
  ['and leaves the domain out', '*.contoso.com', 'http://contoso.com/', []],
  ['a star alone is not read by wget', '*', 'http://contoso.com/', [...curls, 'go', ...pythons]],
  ['a star among others is read by Go alone', 'a.test,*', 'http://contoso.com/', ['go']],
  [
    'a range holds an address for three of them',
    '10.0.0.0/16',
    'http://10.0.7.4/',
    ['curl', 'go', 'python-requests'],
  ],
  ['but no name', '10.0.0.0/16', 'http://kubernetes.default.svc/', []],
  ['the beginning of an address is nothing', '10.0.', 'http://10.0.7.4/', []],
  ['an address is itself', '10.0.0.4', 'https://10.0.0.4:6443/', READERS],
  ['a port that the URL spells', 'contoso.com:8080', 'http://contoso.com:8080/', ['go', ...pythons]],
  ['a port that the scheme implies', 'contoso.com:443', 'https://contoso.com/', ['go']],
  ['the machine itself without an entry', '', 'http://localhost:8080/', ['go']],
  ['any loopback address without an entry', '', 'http://127.8.9.10/', ['go']],
  ['a dot at the end of the host', 'contoso.com', 'http://contoso.com./', ['curl']],
  ['a blank between entries', 'a.test contoso.com', 'http://contoso.com/', curls],
  ['blanks around an entry', 'a.test, contoso.com', 'http://contoso.com/', READERS],
  ['letters in another case', 'CONTOSO.com', 'http://contoso.COM/', READERS],
  ['a URL is no entry', 'http://contoso.com', 'http://contoso.com/', []],
  ['an IPv6 address', 'fd00::1', 'http://[fd00::1]/', ['curl', 'curl-7.81', 'go', 'python-requests', 'wget']],
  ['an IPv6 address that curl writes shorter', 'fd00::1', 'http://[FD00:0::1]/', [...curls, 'go']],
  [
    'and whose longer form it no longer finds',
    'fd00:0::1',
    'http://[fd00:0::1]/',
    ['go', 'python-requests', 'wget'],
  ],
  ['with an IPv4 address at its end', '::10.0.0.4', 'http://[0:0:0:0:0:0:a00:4]/', [...curls, 'go']],
  [
    'a user before the name',
    'contoso.com',
    'http://me:secret@contoso.com/',
    READERS.filter((each) => each !== 'python-urllib'),
  ],
  ['an IPv6 range', 'fd00::/8', 'http://[fd00::1]/', ['go']],
] as const)('%s', (_, list, url, expected) => {
  expect(direct(list, url)).toEqual(expected);
});

describe('the verdict', () => {
  const target = unwrap(readProxyTarget('https://10.0.0.1/'));

  test('names the first entry that matches, and says of each why', () => {
    expect(matchNoProxy('go', 'localhost, 10.0.0.0/16,10.0.0.1', target)).toEqual({
      via: 'direct',
      decided: { kind: 'entry', entry: '10.0.0.0/16', index: 1 },
      entries: [
        { entry: 'localhost', matches: false, why: 'a name, and 10.0.0.1 is an address' },
        { entry: '10.0.0.0/16', matches: true, why: '10.0.0.1 is in the range' },
        { entry: '10.0.0.1', matches: true, why: 'the same address' },
      ],
    });
  });

  test('is a rule where the client has one, whatever the list', () => {
    const local = unwrap(readProxyTarget('http://localhost/'));
    expect(matchNoProxy('go', 'localhost', local).decided).toEqual({
      kind: 'rule',
      rule: 'Go never asks a proxy for localhost',
    });
    expect(matchNoProxy('busybox-wget', '10.0.0.1', target)).toMatchObject({
      via: 'proxy',
      decided: { kind: 'rule' },
      entries: [{ matches: false }],
    });
    expect(matchNoProxy('node-fetch', '', target)).toMatchObject({
      via: 'direct',
      decided: { kind: 'rule' },
    });
  });

  test('is nothing where nothing matches', () => {
    expect(matchNoProxy('curl', '', target)).toEqual({ via: 'proxy', decided: null, entries: [] });
  });

  test('agrees with its entries, for any list', () => {
    const text = fc.array(fc.constantFrom(...'10./:,* .abc[]'), { maxLength: 24 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...READERS), text, (client, list) => {
        const { via, decided, entries } = matchNoProxy(client, list, target);
        expect(via === 'direct').toBe(entries.some(({ matches }) => matches));
        expect(decided === null).toBe(via === 'proxy');
        if (decided?.kind === 'entry') {
          expect(entries[decided.index]).toMatchObject({ entry: decided.entry, matches: true });
        }
        for (const { why } of entries) expect(why).toMatch(/^[^.\n].*[^.]$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
