/** The model's bytes beside those of a real curl, a real mitmdump and a real server. */
import { describe, expect, test } from 'vitest';
import { requestBytes, absoluteRequest, connectRequest } from '../../../src/model/proxy/wire-http.ts';
import {
  asked,
  conversations,
  KINDS,
  modelConversation,
  openConversation,
  readRecorded,
  recorded,
  splitAtTls,
} from './recording.ts';
import { clientHello, messagesOf, protocols, recordsOf, serverHello, serverName } from './tls-reader.ts';
import type { Hello, TlsRecord } from './tls-reader.ts';

const ALERT = 21;
/** Closing the connection, which the model leaves out: a sealed alert of two bytes. */
const CLOSING_BYTES = 19;

const shape = (records: readonly TlsRecord[]): readonly string[] => {
  const all = records.map(({ type, version, body }) => `${type} ${version} ${body.length}`);
  return all.at(-1) === `23 0303 ${CLOSING_BYTES}` ? all.slice(0, -1) : all;
};

/** Everything in a hello but what is drawn at random. */
const fixed = ({ version, suites, session, extensions }: Hello): unknown => ({
  version,
  suites,
  session: session.length,
  extensions: extensions.map(({ type, body }) => [type, type === 51 ? body.length : body.toString('hex')]),
});

const firstMessage = (bytes: Buffer): Buffer => {
  const body = messagesOf(recordsOf(bytes)[0]?.body ?? Buffer.alloc(0))[0]?.body;
  if (body === undefined) throw new Error('no handshake message');
  return body;
};

describe.each(KINDS)('%s', (kind) => {
  const recording = recorded(kind);
  const exchange = asked(kind);
  const all = conversations(recording).map((real) => ({
    connection: real.connection,
    real,
    model: modelConversation(exchange, real.connection),
  }));

  test('speaks on as many connections', () => {
    expect(all.length).toBe(kind === 'direct' ? 1 : 2);
    expect(new Set(exchange.messages.map(({ connection }) => connection)).size).toBe(all.length);
  });

  test.each(all)('the text before TLS is the same byte for byte: $connection', ({ real, model }) => {
    for (const side of ['up', 'down'] as const)
      expect(splitAtTls(model[side]).text).toBe(splitAtTls(real[side]).text);
  });

  const secured = all.filter(({ real }) => splitAtTls(real.up).tls.length > 0);
  test.each(secured)('records have the same types, versions and lengths: $connection', ({ real, model }) => {
    const tls = (bytes: Buffer): readonly string[] => shape(recordsOf(splitAtTls(bytes).tls));
    // The client gives up: what the proxy makes of the server's connection then is no part of the model.
    const cut = (text: readonly string[]): readonly string[] =>
      kind === 'untrusted' ? text.filter((each) => !each.endsWith(` ${CLOSING_BYTES}`)) : text;
    expect(tls(model.up)).toEqual(cut(tls(real.up)));
    expect(tls(model.down)).toEqual(cut(tls(real.down)));
  });

  test.each(secured)('hellos differ in nothing but what is random: $connection', ({ real, model }) => {
    const [ours, theirs] = [model, real].map(({ up }) => clientHello(firstMessage(splitAtTls(up).tls)));
    const [our, their] = [model, real].map(({ down }) => serverHello(firstMessage(splitAtTls(down).tls)));
    if (!ours || !theirs || !our || !their) throw new Error('a hello is missing');
    expect(fixed(ours)).toEqual(fixed(theirs));
    expect(serverName(ours)).toBe('example.com');
    expect(protocols(ours)).toEqual(['h2', 'http/1.1']);
    expect(fixed(our)).toEqual(fixed(their));
    expect(our.session).toEqual(ours.session);
  });

  test.each(secured)(
    'opened, the sealed records hold the same: $connection',
    ({ connection, real, model }) => {
      const theirs = openConversation(recording, real);
      const text = (records: readonly TlsRecord[]): string =>
        Buffer.concat(records.filter(({ type }) => type === 23).map(({ body }) => body)).toString('latin1');
      for (const [own, other] of [
        [model.openUp, theirs.up],
        [model.openDown, theirs.down],
      ] as const) {
        const real = Buffer.concat(other.filter(({ type }) => type !== ALERT).map(({ body }) => body));
        expect(own.length, connection).toBe(real.length);
        expect(own.toString('latin1').endsWith(text(other))).toBe(true);
      }
      const handshake = other(theirs.down);
      const ours = messagesOf(model.openDown.subarray(0, handshake.bytes));
      expect(ours.map(({ type, body }) => [type, body.length])).toEqual(
        handshake.messages.map(({ type, body }) => [type, body.length]),
      );
      // EncryptedExtensions and the certificates: byte for byte.
      for (const type of [8, 11])
        expect(ours.find((each) => each.type === type)?.body).toEqual(
          handshake.messages.find((each) => each.type === type)?.body,
        );
    },
  );
});

function other(records: readonly TlsRecord[]): {
  readonly bytes: number;
  readonly messages: ReturnType<typeof messagesOf>;
} {
  const all = records.filter(({ type }) => type === 22).map(({ body }) => body);
  const bytes = Buffer.concat(all);
  return { bytes: bytes.length, messages: messagesOf(bytes) };
}

test('an alert about the certificate is not sealed', () => {
  const up = conversations(recorded('untrusted'))[0]?.up;
  if (up === undefined) throw new Error('nothing was said');
  expect(up.toString('hex').endsWith('15030300020230')).toBe(true);
  expect(asked('untrusted').messages.at(-1)?.bytes).toBe('15030300020230');
});

describe('what curl asks a proxy for, byte for byte', () => {
  const { versions, rows } = readRecorded('requests') as {
    readonly versions: { readonly curl: string };
    readonly rows: readonly { readonly proxy: string; readonly url: string; readonly request: string }[];
  };
  test.each(rows)('$url through $proxy', ({ proxy, url, request }) => {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const scheme = protocol === 'https:' ? 'https' : 'http';
    const target = {
      scheme,
      host: hostname,
      port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
      portIsSpelled: /:\d/.test(url),
    } as const;
    const user = /\/\/(.+)@/.exec(proxy)?.[1] ?? null;
    const speaker = { userAgent: `curl/${versions.curl}`, proxyUser: user };
    const ours =
      scheme === 'https'
        ? connectRequest(target, speaker)
        : absoluteRequest(target, pathname + search, speaker);
    expect(Buffer.from(requestBytes(ours).bytes).toString('latin1')).toBe(request);
  });
});
