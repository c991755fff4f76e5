/** What was recorded, and the same request asked of the model. */
import { readFileSync } from 'node:fs';
import { certificateFromDer } from '../../../src/model/certificates/open-certificate.ts';
import type { Certificate } from '../../../src/model/certificates/certificate.ts';
import { wireOf } from '../../../src/model/proxy/wire.ts';
import type { WireExchange, WireQuestion } from '../../../src/model/proxy/wire.ts';
import { certificatesOf, clientHello, messagesOf, opened, recordsOf, secretOf } from './tls-reader.ts';
import type { TlsRecord } from './tls-reader.ts';

export const KINDS = ['tunnel', 'intercept', 'plain', 'direct', 'untrusted'] as const;
export type Kind = (typeof KINDS)[number];

interface Recorded {
  readonly kind: Kind;
  readonly versions: { readonly curl: string; readonly mitmproxy: string; readonly openssl: string };
  readonly secrets: { readonly client: readonly string[]; readonly proxy: readonly string[] };
  readonly said: readonly {
    readonly connection: 'client-proxy' | 'to-server';
    readonly direction: 'up' | 'down';
    readonly bytes: string;
  }[];
}

export const readRecorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./recorded/${name}.json`, import.meta.url), 'utf8'));

export const recorded = (kind: Kind): Recorded => readRecorded(kind) as Recorded;

/** One TCP connection: what each side sent, in one piece. */
export interface Conversation {
  readonly connection: Recorded['said'][number]['connection'];
  readonly up: Buffer;
  readonly down: Buffer;
}

export function conversations({ said }: Recorded): readonly Conversation[] {
  return (['client-proxy', 'to-server'] as const)
    .filter((connection) => said.some((each) => each.connection === connection))
    .map((connection) => {
      const side = (direction: 'up' | 'down'): Buffer =>
        Buffer.concat(
          said
            .filter((each) => each.connection === connection && each.direction === direction)
            .map(({ bytes }) => Buffer.from(bytes, 'hex')),
        );
      return { connection, up: side('up'), down: side('down') };
    });
}

/** Cuts what is said in HTTP before TLS begins: CONNECT and its answer. */
export function splitAtTls(bytes: Buffer): { readonly text: string; readonly tls: Buffer } {
  if (bytes.readUInt8(0) < 0x20) return { text: '', tls: bytes };
  const end = bytes.indexOf('\r\n\r\n') + 4;
  const next = bytes[end];
  return next !== undefined && next < 0x20
    ? { text: bytes.toString('latin1', 0, end), tls: bytes.subarray(end) }
    : { text: bytes.toString('latin1'), tls: Buffer.alloc(0) };
}

/** What the sealed records of a recorded connection hold, by who sent them; throws if a key does not fit. */
export function openConversation(
  recording: Recorded,
  conversation: Conversation,
): { readonly up: readonly TlsRecord[]; readonly down: readonly TlsRecord[] } {
  const secrets = [...recording.secrets.client, ...recording.secrets.proxy];
  const [up, down] = [conversation.up, conversation.down].map((each) => recordsOf(splitAtTls(each).tls));
  const hello = messagesOf(up?.[0]?.body ?? Buffer.alloc(0))[0];
  if (up === undefined || down === undefined || hello === undefined) throw new Error('no TLS here');
  const { random } = clientHello(hello.body);
  const sealed = (all: readonly TlsRecord[]): readonly TlsRecord[] => all.filter(({ type }) => type === 23);
  const open = (all: readonly TlsRecord[], label: string): readonly TlsRecord[] =>
    all.length === 0 ? [] : opened(all, secretOf(secrets, label, random));
  return {
    up: [
      ...open(sealed(up).slice(0, 1), 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'),
      ...open(sealed(up).slice(1), 'CLIENT_TRAFFIC_SECRET_0'),
    ],
    down: [
      ...open(sealed(down).slice(0, 4), 'SERVER_HANDSHAKE_TRAFFIC_SECRET'),
      ...open(sealed(down).slice(4), 'SERVER_TRAFFIC_SECRET_0'),
    ],
  };
}

/** The certificates that a recorded connection's Certificate message holds, as the model reads them. */
export function shownChain(
  recording: Recorded,
  connection: Conversation['connection'],
): readonly Certificate[] {
  const conversation = conversations(recording).find((each) => each.connection === connection);
  if (conversation === undefined || splitAtTls(conversation.down).tls.length === 0) return [];
  const message = openConversation(recording, conversation)
    .down.flatMap(({ type, body }) => (type === 22 ? messagesOf(body) : []))
    .find(({ type }) => type === 11);
  return certificatesOf(message?.body ?? Buffer.alloc(0)).map(({ raw }) => {
    const read = certificateFromDer(raw);
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  });
}

/** The recorded request as a question to the model, with the certificates that were shown. */
export function asQuestion(recording: Recorded): WireQuestion {
  const { kind } = recording;
  return {
    target: {
      scheme: kind === 'plain' ? 'http' : 'https',
      host: 'example.com',
      port: kind === 'plain' ? 80 : 443,
      portIsSpelled: false,
    },
    path: '/greeting',
    userAgent: `curl/${recording.versions.curl}`,
    proxy:
      kind === 'direct'
        ? null
        : {
            does: kind === 'tunnel' ? 'tunnel' : 'intercept',
            chain: kind === 'tunnel' ? [] : shownChain(recording, 'client-proxy'),
            user: null,
          },
    server: {
      chain: shownChain(recording, 'to-server'),
      answer: {
        status: 200,
        reason: 'OK',
        headers: [
          { name: 'Server', value: 'nginx' },
          { name: 'Content-Type', value: 'text/plain' },
          { name: 'Content-Length', value: '22' },
        ],
        body: 'hello from the server\n',
      },
    },
    client: kind === 'untrusted' ? 'unknown-ca' : 'accepts',
    seed: 'witness',
  };
}

export const asked = (kind: Kind): WireExchange => wireOf(asQuestion(recorded(kind)));

/** The model's bytes of one connection, each side in one piece. */
export function modelConversation(
  exchange: WireExchange,
  connection: Conversation['connection'],
): { readonly up: Buffer; readonly down: Buffer; readonly openUp: Buffer; readonly openDown: Buffer } {
  const isHere = (each: string): boolean => (connection === 'client-proxy') === (each === 'client-proxy');
  const all = exchange.messages.filter((each) => isHere(each.connection));
  const isUp = (each: (typeof all)[number]): boolean =>
    each.from === 'client' || (each.from === 'proxy' && each.to === 'server');
  const join = (given: typeof all): Buffer => Buffer.from(given.map(({ bytes }) => bytes).join(''), 'hex');
  const open = (given: typeof all): Buffer =>
    Buffer.from(given.map((each) => each.opened?.bytes ?? '').join(''), 'hex');
  const [up, down] = [all.filter(isUp), all.filter((each) => !isUp(each))];
  return { up: join(up), down: join(down), openUp: open(up), openDown: open(down) };
}
