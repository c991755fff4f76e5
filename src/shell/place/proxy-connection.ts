/** A conversation with a forward proxy, as a client holds it. */
import type { Cloud } from '../../model/cloud.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import type { Peer, Reply } from './http-exchange.ts';

/** Either the tunnel stands, or the proxy says what else. `seconds`: how long the proxy needs to say it. */
export type ConnectReply =
  | { readonly kind: 'tunnel'; readonly peer: Peer }
  | { readonly kind: 'answers'; readonly answer: HttpAnswer; readonly seconds: number }
  | Exclude<Reply, { readonly kind: 'answer' }>;

export interface ProxyConnection {
  /** The proxy as a server of its own: what it shows to a client that begins TLS with it. */
  readonly own: Peer;
  readonly connect: (request: TunnelRequest) => ConnectReply;
  /** What it answers to a request with an absolute URL. */
  readonly ask: (request: PlainRequest) => Reply;
  /** Returns the cloud once the client has hung up. */
  readonly close: () => Cloud;
}

export interface TunnelRequest {
  readonly host: string;
  readonly port: number;
  /** What will be asked inside: filters look at it. */
  readonly path: string;
  readonly method: string;
  /** The server that TLS names; empty without a name. */
  readonly serverName: string;
  readonly credentials: string | null;
  readonly inside: 'http' | 'https';
  /** Of CONNECT, for the log; whoever leaves them out sends none that anybody looks at. */
  readonly headers?: HttpAnswer['headers'];
}

export interface PlainRequest extends HttpRequest {
  /** Of the URL; `host` is what the Host header says. */
  readonly urlHost: string;
  readonly port: number;
  readonly credentials: string | null;
}

/** What a server that is no proxy answers to CONNECT, as far as it is known. */
export function plainServerOnConnect(peer: Peer): ConnectReply {
  const reply = peer.answer({ host: '', path: '/', method: 'CONNECT' }, 'plain');
  if (reply.kind !== 'answer') return reply;
  const program = reply.answer.headers.find(([name]) => name === 'Server')?.[1] ?? '';
  switch (program) {
    // Since 1.21.1, and since Python 3 as it is.
    case 'nginx':
      return { kind: 'answers', answer: { ...reply.answer, status: 405, reason: 'Not Allowed' }, seconds: 0 };
    case 'python3':
      return {
        kind: 'answers',
        answer: { ...reply.answer, status: 501, reason: "Unsupported method ('CONNECT')" },
        seconds: 0,
      };
  }
  return { kind: 'unknown', reason: `what ${program || 'this server'} answers to CONNECT is not simulated` };
}
