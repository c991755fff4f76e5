import { describe, expect, test } from 'vitest';
import type { ForwardProxy } from '../../../../src/model/proxy/forward-proxy.ts';
import { relayOf } from '../../../../src/model/proxy/relay.ts';
import type { RelayRequest } from '../../../../src/model/proxy/relay.ts';
import { forwardProxy } from '../../../support/forward-proxy.ts';

const CONNECT: RelayRequest = { method: 'CONNECT', host: 'example.com', port: 443 };
const GET: RelayRequest = { method: 'GET', host: 'example.com', port: 80, path: '/a' };
const POST: RelayRequest = { ...GET, method: 'POST' };
const CLIENT = '10.224.0.4';

interface Row {
  readonly name: string;
  readonly proxy?: Partial<ForwardProxy>;
  readonly client?: string;
  readonly request: RelayRequest;
  readonly becomes: object;
}

const BLOCK: Partial<ForwardProxy> = { blockList: [{ filter: '~d example.com', status: 403 }] };
const KILL: Partial<ForwardProxy> = { blockList: [{ filter: '~m POST', status: 444 }] };
const AUTH: Partial<ForwardProxy> = { proxyAuth: 'user:secret' };
const ISSUED = { kind: 'issued', host: 'example.com' };

/** Each row but those of `undetermined` was seen with mitmdump 8.1.1 or stands in the addon that is named. */
const ROWS: readonly Row[] = [
  { name: 'plain HTTP is read', request: GET, becomes: { kind: 'passes', reads: 'all', shows: null } },
  {
    name: 'a tunnel is opened up, with a certificate of its own making',
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'all', shows: ISSUED },
  },
  {
    name: 'an ignored host goes through unread',
    proxy: { ignoreHosts: ['EXAMPLE\\.com'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing', shows: null },
  },
  {
    name: 'a host that no pattern ignores is read',
    proxy: { ignoreHosts: ['^example\\.org'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'all' },
  },
  {
    name: 'plain HTTP of an ignored host is read all the same',
    proxy: { ignoreHosts: ['example'] },
    request: GET,
    becomes: { kind: 'passes', reads: 'all' },
  },
  {
    name: 'with hosts that are allowed, all others go through unread',
    proxy: { allowHosts: ['example.org'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing' },
  },
  {
    name: '8.1.1 looks at the host alone',
    proxy: { ignoreHosts: ['example\\.com:443$'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'all' },
  },
  {
    name: 'so its end is the end',
    proxy: { ignoreHosts: ['example\\.com$'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing' },
  },
  {
    name: '12 looks at host and port',
    proxy: { version: '12.2.3', ignoreHosts: ['example\\.com:443$'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing' },
  },
  {
    name: 'where the end is the port',
    proxy: { version: '12.2.3', ignoreHosts: ['example\\.com$'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'all' },
  },
  {
    name: '8.1.1 asks allow_hosts only without ignore_hosts',
    proxy: { ignoreHosts: ['other'], allowHosts: ['third'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'all' },
  },
  {
    name: '12 asks both',
    proxy: { version: '12.2.3', ignoreHosts: ['other'], allowHosts: ['third'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing' },
  },
  {
    name: 'what 12 ignores is ignored though it is allowed',
    proxy: { version: '12.2.3', ignoreHosts: ['example'], allowHosts: ['example'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing' },
  },
  {
    name: '12 also looks at the address, which is not known here',
    proxy: { version: '12.2.3', ignoreHosts: ['^203\\.0\\.113\\.'] },
    request: CONNECT,
    becomes: { kind: 'undetermined' },
  },
  {
    name: 'a pattern that nobody can follow',
    proxy: { ignoreHosts: ['('] },
    request: CONNECT,
    becomes: { kind: 'undetermined' },
  },
  {
    name: 'block_list answers plain HTTP before it connects',
    proxy: BLOCK,
    request: GET,
    becomes: {
      kind: 'answers',
      status: 403,
      reason: 'Forbidden',
      over: 'connection',
      by: 'block_list=/~d example.com/403',
    },
  },
  {
    name: 'mitm.it is itself, and has its certificate',
    request: { method: 'GET', host: 'MITM.it', port: 80, path: '/cert/pem' },
    becomes: {
      kind: 'answers',
      status: 200,
      over: 'connection',
      body: forwardProxy({}).authority.certificate,
    },
  },
  {
    name: 'the rest of that page is not simulated',
    request: { method: 'GET', host: 'mitm.it', port: 80, path: '/' },
    becomes: { kind: 'undetermined' },
  },
  {
    name: 'over https mitm.it is any host',
    request: { ...CONNECT, host: 'mitm.it' },
    becomes: { kind: 'passes', reads: 'all' },
  },
  {
    name: 'block_list answers inside the tunnel that it has opened up',
    proxy: BLOCK,
    request: CONNECT,
    becomes: { kind: 'answers', status: 403, over: 'tls', shows: ISSUED },
  },
  {
    name: 'what it does not read it does not block',
    proxy: { ...BLOCK, ignoreHosts: ['example'] },
    request: CONNECT,
    becomes: { kind: 'passes', reads: 'nothing' },
  },
  { name: 'status 444 closes', proxy: KILL, request: POST, becomes: { kind: 'closes', over: 'connection' } },
  { name: 'and only what the filter matches', proxy: KILL, request: GET, becomes: { kind: 'passes' } },
  {
    name: 'the first entry that matches answers',
    proxy: {
      blockList: [
        { filter: '~d example.org', status: 404 },
        { filter: '~u /a', status: 451 },
        { filter: '~all', status: 403 },
      ],
    },
    request: GET,
    becomes: { kind: 'answers', status: 451, reason: 'Unavailable For Legal Reasons' },
  },
  {
    name: 'a filter that asks for what is not known',
    proxy: { blockList: [{ filter: '~h cookie', status: 403 }] },
    request: GET,
    becomes: { kind: 'undetermined' },
  },
  {
    name: 'no password',
    proxy: AUTH,
    request: CONNECT,
    becomes: { kind: 'answers', status: 407, over: 'connection', by: 'proxyauth' },
  },
  {
    name: 'the password comes before block_list',
    proxy: { ...AUTH, ...BLOCK },
    request: GET,
    becomes: { kind: 'answers', status: 407 },
  },
  {
    name: 'a wrong password',
    proxy: AUTH,
    request: { ...GET, credentials: 'user:guess' },
    becomes: { kind: 'answers', status: 407 },
  },
  {
    name: 'the right one',
    proxy: AUTH,
    request: { ...GET, credentials: 'user:secret' },
    becomes: { kind: 'passes' },
  },
  {
    name: 'any password will do',
    proxy: { proxyAuth: 'any' },
    request: { ...GET, credentials: 'a:b' },
    becomes: { kind: 'passes' },
  },
  {
    name: 'but there must be one',
    proxy: { proxyAuth: 'any' },
    request: GET,
    becomes: { kind: 'answers', status: 407 },
  },
  {
    name: 'a list of passwords is not read',
    proxy: { proxyAuth: '@/etc/passwords' },
    request: GET,
    becomes: { kind: 'undetermined' },
  },
  {
    name: 'block_global is on, and the client public',
    client: '203.0.113.9',
    request: CONNECT,
    becomes: { kind: 'closes', by: 'block_global', over: 'connection' },
  },
  {
    name: 'block_global comes before the password',
    proxy: AUTH,
    client: '203.0.113.9',
    request: CONNECT,
    becomes: { kind: 'closes', by: 'block_global' },
  },
  {
    name: 'block_global off',
    proxy: { blockGlobal: 'off' },
    client: '203.0.113.9',
    request: CONNECT,
    becomes: { kind: 'passes' },
  },
  {
    name: 'block_private',
    proxy: { blockPrivate: 'on' },
    request: CONNECT,
    becomes: { kind: 'closes', by: 'block_private' },
  },
  {
    name: 'shared address space (100.64.0.0/10) is neither public nor private to Python',
    proxy: { blockPrivate: 'on' },
    client: '100.64.0.1',
    request: CONNECT,
    becomes: { kind: 'passes' },
  },
  {
    name: 'the machine itself may always',
    proxy: { blockPrivate: 'on' },
    client: '127.0.0.1',
    request: CONNECT,
    becomes: { kind: 'passes' },
  },
  {
    name: 'a certificate of its own for the name',
    proxy: { certificates: [{ pattern: 'example.com', pem: 'A' }] },
    request: CONNECT,
    becomes: { shows: { kind: 'own', pattern: 'example.com', pem: 'A' } },
  },
  {
    name: 'for everything below a name, of which the longest counts',
    proxy: {
      certificates: [
        { pattern: '*', pem: 'all' },
        { pattern: '*.com', pem: 'com' },
        { pattern: '*.example.com', pem: 'example' },
      ],
    },
    request: { ...CONNECT, host: 'www.example.com' },
    becomes: { shows: { pem: 'example' } },
  },
  {
    name: 'a star is not for the name itself',
    proxy: { certificates: [{ pattern: '*.example.com', pem: 'example' }] },
    request: CONNECT,
    becomes: { shows: ISSUED },
  },
  {
    name: 'and one for all',
    proxy: { certificates: [{ pattern: '*', pem: 'all' }] },
    request: CONNECT,
    becomes: { shows: { pem: 'all' } },
  },
];

describe('relayOf', () => {
  test.each(ROWS)('$name', ({ proxy = {}, client = CLIENT, request, becomes }) => {
    expect(relayOf(forwardProxy(proxy), client, request)).toMatchObject(becomes);
  });
});
