/**
 * One request as raw bytes: what passes between a client, a proxy and a server, in order, and who can read what of
 * it. Computed for curl and for mitmproxy, as recorded in tests/oracle/wire; TCP's own packets, the closing of the
 * connections and the order in which two machines that do not wait for each other happen to speak are left out.
 */
import { fromLatin1, toHex } from '../certificates/bytes.ts';
import type { Certificate } from '../certificates/certificate.ts';
import type { ProxyTarget } from './target.ts';
import type { WireField, WirePart } from './wire-bytes.ts';
import {
  absoluteRequest,
  answerBody,
  answerBytes,
  answerHead,
  CONNECT_ANSWER,
  connectRequest,
  handedOn,
  originRequest,
  requestBytes,
} from './wire-http.ts';
import type { HttpAnswerText } from './wire-http.ts';
import type { CertificateAlert } from './wire-tls.ts';
import { plain, sessionMessages } from './wire-session.ts';
import type { SessionMessage } from './wire-session.ts';

export type Party = 'client' | 'proxy' | 'server';
/** Which TCP connection: a proxy has one on each side. */
export type WireConnection = 'client-proxy' | 'proxy-server' | 'client-server';
/** Somebody who may read along: the three, and whoever stands on the way of a connection. */
export type WireReader = Party | `on ${WireConnection}`;

/** `outside`: it comes by, and what is sealed stays sealed. */
export type Reading = 'everything' | 'outside' | 'nothing';

export interface WireQuestion {
  readonly target: ProxyTarget;
  /** Path and query, as in the URL; a fragment never leaves the client. */
  readonly path: string;
  /** curl's User-Agent, such as `curl/8.5.0`. */
  readonly userAgent: string;
  readonly proxy: null | {
    /** What it does with TLS: hands bytes on, or ends the connection and opens another one. */
    readonly does: 'tunnel' | 'intercept';
    /** Certificates it shows in the server's place; only looked at if it intercepts TLS. */
    readonly chain: readonly Certificate[];
    /** `user:password` of its URL. */
    readonly user: string | null;
    /** What it answers to CONNECT, if it does not connect. */
    readonly refuses?: HttpAnswerText;
  };
  readonly server: {
    /** What it shows, its own certificate first and without the root. */
    readonly chain: readonly Certificate[];
    readonly answer: HttpAnswerText;
  };
  /** What the client makes of the certificates it is shown. */
  readonly client: 'accepts' | CertificateAlert;
  /** Decides what would be random. */
  readonly seed: string;
}

export interface WireMessage {
  readonly connection: WireConnection;
  readonly from: Party;
  readonly to: Party;
  /** What protocols call it: `CONNECT`, `ClientHello`. */
  readonly name: string;
  /** Index of the message whose bytes these are: the proxy hands them on unchanged. Null: its own. */
  readonly copyOf: number | null;
  /** On the cable, in hexadecimal digits. */
  readonly bytes: string;
  readonly fields: readonly WireField[];
  /** What is sealed in it, and who has the keys; null: nothing is sealed. */
  readonly opened: null | {
    readonly bytes: string;
    readonly fields: readonly WireField[];
    readonly keys: readonly Party[];
  };
  readonly reads: Readonly<Partial<Record<WireReader, Reading>>>;
}

export interface WireExchange {
  /** Plain HTTP is read by everybody on the way. */
  readonly way: 'direct' | 'tunnel' | 'intercept' | 'plain';
  /** Everybody who could read along, in the order of the way. */
  readonly readers: readonly WireReader[];
  readonly messages: readonly WireMessage[];
}

/** Returns the messages of one request, in the order in which they pass. */
export function wireOf(question: WireQuestion): WireExchange {
  const { target, proxy } = question;
  const path = pathOf(question.path);
  if (proxy === null) return exchange('direct', directMessages(question, path));
  if (target.scheme === 'http') return exchange('plain', plainMessages(question, path, proxy.user));
  const speaker = { userAgent: question.userAgent, proxyUser: proxy.user };
  const opening = [
    sent('client-proxy', 'client', plain('CONNECT', requestBytes(connectRequest(target, speaker)))),
    sent('client-proxy', 'proxy', plain(`Answer to CONNECT`, answerBytes(proxy.refuses ?? CONNECT_ANSWER))),
  ];
  if (proxy.refuses !== undefined) return exchange(proxy.does, opening);
  return exchange(
    proxy.does,
    proxy.does === 'tunnel'
      ? [...opening, ...tunnelMessages(question, path)]
      : [...opening, ...interceptMessages(question, path, proxy.chain)],
  );
}

function pathOf(text: string): string {
  const path = text.replace(/#.*$/s, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** A message before it is known who reads it. */
interface Sent extends SessionMessage {
  readonly connection: WireConnection;
  readonly from: Party;
  /** The message whose bytes it hands on. */
  readonly copies?: Sent;
}

const sent = (connection: WireConnection, from: Party, message: SessionMessage, copies?: Sent): Sent => ({
  ...message,
  connection,
  from,
  ...(copies === undefined ? {} : { copies }),
});

const ENDS: Readonly<Record<WireConnection, readonly [Party, Party]>> = {
  'client-proxy': ['client', 'proxy'],
  'proxy-server': ['proxy', 'server'],
  'client-server': ['client', 'server'],
};

const otherEnd = (connection: WireConnection, one: Party): Party => {
  const [first, second] = ENDS[connection];
  return one === first ? second : first;
};

function directMessages(question: WireQuestion, path: string): readonly Sent[] {
  const request = requestBytes(originRequest(question.target, path, { ...question, proxyUser: null }));
  const { answer, chain } = question.server;
  if (question.target.scheme === 'http')
    return [
      sent('client-server', 'client', plain('Request', request)),
      sent('client-server', 'server', plain('Answer', answerBytes(answer))),
    ];
  const {
    hello,
    shown,
    closing,
    request: asks,
    tickets,
    answer: says,
  } = sessionMessages({
    program: 'curl',
    host: question.target.host,
    chain,
    client: question.client,
    request,
    answer: [answerBytes(answer)],
    keys: ['client', 'server'],
    ticketBytes: SERVER_TICKET_BYTES,
    seed: `${question.seed}/client-server`,
  });
  const up = (each: SessionMessage): Sent => sent('client-server', 'client', each);
  const down = (each: SessionMessage): Sent => sent('client-server', 'server', each);
  if (question.client !== 'accepts') return [up(hello), ...shown.map(down), up(closing)];
  return [up(hello), ...shown.map(down), up(closing), up(asks), down(tickets), down(says)];
}

/** Sizes of session tickets: OpenSSL's with and without the peer's host name in it, as recorded. */
const SERVER_TICKET_BYTES = 224;
const MITMPROXY_TICKET_BYTES = 208;

/** The same bytes on both connections: TLS runs between client and server. */
function tunnelMessages(question: WireQuestion, path: string): readonly Sent[] {
  return directMessages(question, path).flatMap((message) => {
    const { connection: _, from, ...rest } = message;
    const order: readonly (readonly [WireConnection, Party])[] =
      from === 'client'
        ? [
            ['client-proxy', 'client'],
            ['proxy-server', 'proxy'],
          ]
        : [
            ['proxy-server', 'server'],
            ['client-proxy', 'proxy'],
          ];
    const [first, second] = order.map(([connection, party]) => sent(connection, party, rest));
    return first === undefined || second === undefined ? [] : [first, { ...second, copies: first }];
  });
}

/** Two connections with keys of their own; the proxy asks the server before it shows the client anything. */
function interceptMessages(
  question: WireQuestion,
  path: string,
  shownChain: readonly Certificate[],
): readonly Sent[] {
  const { target, server, seed } = question;
  const request = originRequest(target, path, { ...question, proxyUser: null });
  const left = sessionMessages({
    program: 'curl',
    host: target.host,
    chain: shownChain,
    client: question.client,
    request: requestBytes(request),
    answer: [answerHead(server.answer), ...(server.answer.body === '' ? [] : [answerBody(server.answer)])],
    keys: ['client', 'proxy'],
    ticketBytes: MITMPROXY_TICKET_BYTES,
    seed: `${seed}/client-proxy`,
  });
  const right = sessionMessages({
    program: 'mitmproxy',
    host: target.host,
    chain: server.chain,
    client: 'accepts',
    request: requestBytes(request),
    answer: [answerBytes(server.answer)],
    keys: ['proxy', 'server'],
    ticketBytes: SERVER_TICKET_BYTES,
    seed: `${seed}/proxy-server`,
  });
  const client = (each: SessionMessage): Sent => sent('client-proxy', 'client', each);
  const toClient = (each: SessionMessage): Sent => sent('client-proxy', 'proxy', each);
  const toServer = (each: SessionMessage): Sent => sent('proxy-server', 'proxy', each);
  const fromServer = (each: SessionMessage): Sent => sent('proxy-server', 'server', each);
  const greeted = [
    client(left.hello),
    toServer(right.hello),
    ...right.shown.map(fromServer),
    toServer(right.closing),
    fromServer(right.tickets),
    ...left.shown.map(toClient),
    client(left.closing),
  ];
  if (question.client !== 'accepts') return greeted;
  return [
    ...greeted,
    client(left.request),
    toClient(left.tickets),
    toServer(right.request),
    fromServer(right.answer),
    toClient(left.answer),
  ];
}

function plainMessages(question: WireQuestion, path: string, user: string | null): readonly Sent[] {
  const asked = absoluteRequest(question.target, path, { userAgent: question.userAgent, proxyUser: user });
  const answer = plain('Answer', answerBytes(question.server.answer));
  const fromServer = sent('proxy-server', 'server', answer);
  return [
    sent('client-proxy', 'client', plain('Request', requestBytes(asked))),
    sent('proxy-server', 'proxy', plain('Request', requestBytes(handedOn(asked, path)))),
    fromServer,
    sent('client-proxy', 'proxy', answer, fromServer),
  ];
}

function exchange(way: WireExchange['way'], all: readonly Sent[]): WireExchange {
  const readers: readonly WireReader[] =
    way === 'direct'
      ? ['client', 'on client-server', 'server']
      : ['client', 'on client-proxy', 'proxy', 'on proxy-server', 'server'];
  return {
    way,
    readers,
    messages: all.map((each) => ({
      connection: each.connection,
      from: each.from,
      to: otherEnd(each.connection, each.from),
      name: each.name,
      copyOf: each.copies === undefined ? null : all.indexOf(each.copies),
      ...written(each.wire),
      opened: each.sealed === null ? null : { ...written(each.sealed.content), keys: each.sealed.keys },
      reads: Object.fromEntries(readers.map((reader) => [reader, readingOf(reader, each)])),
    })),
  };
}

const written = ({ bytes, fields }: WirePart): Pick<WireMessage, 'bytes' | 'fields'> => ({
  bytes: toHex(bytes),
  fields,
});

function readingOf(reader: WireReader, { connection, sealed }: Sent): Reading {
  const [first, second] = ENDS[connection];
  const comesBy = reader === first || reader === second || reader === `on ${connection}`;
  if (!comesBy) return 'nothing';
  return sealed === null || sealed.keys.some((party) => party === reader) ? 'everything' : 'outside';
}

/** What somebody may learn of a request. */
export type Knowledge = 'name' | 'path' | 'certificate' | 'answer';

/**
 * Returns for each of them the index of the message that gives it away to a reader, or null: found in the bytes that
 * the reader can read, not written down beforehand. A path of `/` gives nothing away that is not known before.
 */
export function learned(
  { messages }: WireExchange,
  reader: WireReader,
  { target, path, server }: Pick<WireQuestion, 'target' | 'path' | 'server'>,
): Readonly<Record<Knowledge, number | null>> {
  const seen = messages.map((message) => legible(message, reader));
  const first = (isIn: (text: string) => boolean): number | null => {
    const at = seen.findIndex((each) => each !== null && isIn(each.text));
    return at < 0 ? null : at;
  };
  const certificate = seen.findIndex(
    (each) => each?.fields.some(({ kind }) => kind === 'certificate') === true,
  );
  const asked = pathOf(path);
  const { status, reason, body } = server.answer;
  return {
    name: first((text) => text.includes(target.host)),
    path: first((text) => text.includes(` ${asked} HTTP/`) || text.includes(`${asked} HTTP/`)),
    certificate: certificate < 0 ? null : certificate,
    answer: first((text) => text.includes(body === '' ? `HTTP/1.1 ${status} ${reason}` : body)),
  };
}

/** What a reader can read of a message: text and fields; null if it does not come by. */
function legible(
  message: WireMessage,
  reader: WireReader,
): { readonly text: string; readonly fields: readonly WireField[] } | null {
  const reading = message.reads[reader] ?? 'nothing';
  if (reading === 'nothing') return null;
  const sealed = message.fields.filter(({ kind }) => kind === 'sealed');
  let open = '';
  let at = 0;
  for (const { start, end } of sealed) {
    open += message.bytes.slice(at * 2, start * 2);
    at = end;
  }
  open += message.bytes.slice(at * 2);
  const opened = reading === 'everything' ? message.opened : null;
  return {
    text: textOf(open) + (opened === null ? '' : textOf(opened.bytes)),
    fields: [...message.fields, ...(opened?.fields ?? [])],
  };
}

const textOf = (hex: string): string =>
  fromLatin1(
    Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16)),
  );
