import { describe, expect, test } from 'vitest';
import { serverCertificates } from '../../../../src/model/certificates/public-authority.ts';
import { leafCertificate, newAuthority } from '../../../../src/model/proxy/mitmproxy-authority.ts';
import { learned, wireOf } from '../../../../src/model/proxy/wire.ts';
import type { Knowledge, WireExchange, WireQuestion, WireReader } from '../../../../src/model/proxy/wire.ts';

const AT = 1_790_000_000;

function question(change: Partial<WireQuestion> = {}): WireQuestion {
  return {
    target: { scheme: 'https', host: 'secret.example.com', port: 443, portIsSpelled: false },
    path: '/orders/17',
    userAgent: 'curl/8.5.0',
    proxy: { does: 'tunnel', chain: [], user: null },
    server: {
      chain: serverCertificates('secret.example.com', AT),
      answer: { status: 200, reason: 'OK', headers: [], body: 'seventeen parcels' },
    },
    client: 'accepts',
    seed: 'test',
    ...change,
  };
}

const authority = newAuthority('8.1.1', 'test', AT);
const leaf = leafCertificate(
  { authority, version: '8.1.1' },
  { host: 'secret.example.com', upstream: null, at: AT },
);
if (!leaf.ok) throw new Error(leaf.error);
const intercepted = question({ proxy: { does: 'intercept', chain: [leaf.value], user: null } });
const plain = question({
  target: { scheme: 'http', host: 'secret.example.com', port: 80, portIsSpelled: false },
});

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

const knows = (asked: WireQuestion, reader: WireReader): readonly Knowledge[] =>
  Object.entries(learned(wireOf(asked), reader, asked))
    .filter(([, at]) => at !== null)
    .map(([kind]) => kind as Knowledge)
    .sort();

describe('who can read what', () => {
  const rows: readonly {
    readonly name: string;
    readonly asked: WireQuestion;
    readonly expected: Partial<Record<WireReader, readonly Knowledge[]>>;
  }[] = [
    {
      name: 'a tunnel tells the proxy the name, and nothing else',
      asked: question(),
      expected: {
        client: ['answer', 'certificate', 'name', 'path'],
        'on client-proxy': ['name'],
        proxy: ['name'],
        'on proxy-server': ['name'],
        server: ['answer', 'certificate', 'name', 'path'],
      },
    },
    {
      name: 'a proxy that intercepts reads all; those on the way still read the name alone',
      asked: intercepted,
      expected: {
        'on client-proxy': ['name'],
        proxy: ['answer', 'certificate', 'name', 'path'],
        'on proxy-server': ['name'],
      },
    },
    {
      name: 'plain HTTP is read by everybody',
      asked: plain,
      expected: {
        'on client-proxy': ['answer', 'name', 'path'],
        proxy: ['answer', 'name', 'path'],
        'on proxy-server': ['answer', 'name', 'path'],
      },
    },
    {
      name: 'without a proxy there is one connection to listen to',
      asked: question({ proxy: null }),
      expected: { 'on client-server': ['name'], proxy: [], 'on client-proxy': [] },
    },
    {
      name: 'a refused certificate ends it before the path is said',
      asked: { ...intercepted, client: 'unknown-ca' },
      expected: { proxy: ['certificate', 'name'], server: ['certificate', 'name'] },
    },
    {
      name: 'an address as host is in CONNECT, and in no ClientHello',
      asked: question({ target: { scheme: 'https', host: '203.0.113.9', port: 443, portIsSpelled: false } }),
      expected: { 'on client-proxy': ['name'], 'on proxy-server': [] },
    },
  ];
  test.each(rows)('$name', ({ asked, expected }) => {
    for (const [reader, kinds] of Object.entries(expected))
      expect(knows(asked, reader as WireReader), reader).toEqual(kinds);
  });

  test('nobody without the keys finds the path in the bytes', () => {
    for (const asked of [question(), intercepted]) {
      const all = wireOf(asked).messages.map(({ bytes }) => bytesOf(bytes).toString('latin1'));
      expect(all.some((text) => text.includes('/orders/17'))).toBe(false);
      expect(all.some((text) => text.includes('secret.example.com'))).toBe(true);
    }
  });
});

describe('the messages', () => {
  const exchanges: readonly (readonly [string, WireExchange])[] = [
    ['tunnel', wireOf(question())],
    ['intercept', wireOf(intercepted)],
    ['plain', wireOf(plain)],
    ['direct', wireOf(question({ proxy: null }))],
  ];
  test.each(exchanges)(
    '%s: fields lie inside their bytes, and those inside others after them',
    (_, exchange) => {
      for (const message of exchange.messages) {
        for (const { bytes, fields } of [message, ...(message.opened === null ? [] : [message.opened])]) {
          for (const [index, field] of fields.entries()) {
            expect(field.start).toBeLessThan(field.end);
            expect(field.end * 2).toBeLessThanOrEqual(bytes.length);
            const over = fields
              .slice(index + 1)
              .find((each) => each.start <= field.start && each.end > field.end);
            expect(over, `${field.name} in ${message.name}`).toBeUndefined();
          }
        }
      }
    },
  );

  test('the server name is where its field says', () => {
    const hello = wireOf(question()).messages.find(({ name }) => name === 'ClientHello');
    const field = hello?.fields.find(({ kind }) => kind === 'server-name');
    if (hello === undefined || field === undefined) throw new Error('no server name');
    expect(bytesOf(hello.bytes).subarray(field.start, field.end).toString('latin1')).toContain(
      'secret.example.com',
    );
  });

  test('the certificate shows subject and issuer where its fields say', () => {
    const shown = wireOf(intercepted).messages.findLast(({ name }) => name === 'Certificate');
    const bytes = bytesOf(shown?.opened?.bytes ?? '');
    const at = (kind: string): string => {
      const field = shown?.opened?.fields.find((each) => each.kind === kind);
      return bytes.subarray(field?.start, field?.end).toString('latin1');
    };
    expect(at('issuer')).toContain('mitmproxy');
    expect(at('subject')).toContain('secret.example.com');
    expect(at('names')).toContain('secret.example.com');
    expect(at('issuer')).not.toContain('secret');
  });

  test('a tunnel hands on what it gets, and an interception does not', () => {
    const { messages } = wireOf(question());
    const copies = messages.filter(({ copyOf }) => copyOf !== null);
    expect(copies).toHaveLength(9);
    for (const copy of copies) expect(copy.bytes).toBe(messages[copy.copyOf ?? -1]?.bytes);
    expect(wireOf(intercepted).messages.every(({ copyOf }) => copyOf === null)).toBe(true);
  });

  test('credentials of the proxy stay with the proxy', () => {
    const asked = { ...plain, proxy: { does: 'intercept', chain: [], user: 'ann:secret' } } as const;
    const [toProxy, toServer] = wireOf(asked).messages.map(({ bytes }) => bytesOf(bytes).toString('latin1'));
    expect(toProxy).toContain('Proxy-Authorization: Basic YW5uOnNlY3JldA==\r\n');
    expect(toServer).not.toContain('Authorization');
    expect(toServer).toContain('GET /orders/17 HTTP/1.1\r\n');
  });

  test('a proxy that refuses CONNECT ends it', () => {
    const answer = { status: 502, reason: 'Bad Gateway', headers: [], body: '' };
    const { messages } = wireOf(
      question({ proxy: { does: 'intercept', chain: [], user: null, refuses: answer } }),
    );
    expect(messages.map(({ name }) => name)).toEqual(['CONNECT', 'Answer to CONNECT']);
    expect(bytesOf(messages[1]?.bytes ?? '').toString()).toBe('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });

  test('the same question has the same bytes, another seed has others', () => {
    expect(wireOf(question())).toEqual(wireOf(question()));
    expect(wireOf(question({ seed: 'other' }))).not.toEqual(wireOf(question()));
  });

  test('a fragment never leaves the client, and a path begins with a slash', () => {
    const text = (path: string): string =>
      bytesOf(wireOf({ ...plain, path }).messages[0]?.bytes ?? '')
        .toString('latin1')
        .split('\r\n')[0] ?? '';
    expect(text('/a#b')).toBe('GET http://secret.example.com/a HTTP/1.1');
    expect(text('')).toBe('GET http://secret.example.com/ HTTP/1.1');
    expect(text('?q=1')).toBe('GET http://secret.example.com/?q=1 HTTP/1.1');
  });
});
