/** What a client meets at the other end of a TCP connection, and what it hears. */
import type { Attempt } from './attempt.ts';
import { answerTo, deniedBy, type HttpAnswer, type HttpRequest } from './http-answer.ts';
import { tlsEndOf, type TlsEnd } from './http-exchange-tls.ts';
import type { NetworkView } from './network-view.ts';

export type Connected = Extract<Attempt, { readonly kind: 'connected' }>;

export type Reply = {
  /** How long it lets the client wait, where that is more than a round trip. */
  readonly seconds?: number;
  /** Head and body come in records of TLS of their own, as from a proxy that reads them in between. */
  readonly records?: 2;
} & (
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  /** It closes the connection without a word. */
  | { readonly kind: 'empty' }
  /** It resets the connection. */
  | { readonly kind: 'reset' }
  /** It says something that is no HTTP. */
  | { readonly kind: 'not-http'; readonly said: string }
  /** What is sent is never acknowledged, or an answer takes longer than anybody waits. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'unknown'; readonly reason: string }
);

/** The far end of a connection that stands. */
export interface Peer {
  /** What it shows to a client that begins TLS; otherwise what becomes of the ClientHello. */
  readonly tls: TlsEnd | 'no-tls' | 'closes' | 'resets' | 'silent';
  /** What it says to a request; `over` is what the connection speaks by then. */
  readonly answer: (request: HttpRequest, over: 'plain' | 'tls') => Reply;
  /** Told that the client ended the handshake because of the certificate; `alert` in OpenSSL's words. */
  readonly distrusted?: (alert: string) => void;
}

/** The far end of a connection that stands, or one that a firewall answers instead. Null: there is no connection. */
export function peerOf(view: NetworkView, made: Attempt, serverName: string): Peer | null {
  switch (made.kind) {
    case 'connected':
      return serverPeer(view, made, serverName);
    case 'intercepted': {
      const { page } = made;
      return {
        tls: 'resets',
        answer: ({ method }) =>
          page === null ? { kind: 'reset' } : { kind: 'answer', answer: deniedBy(page, method) },
      };
    }
    case 'timeout':
      return made.after === 'handshake' ? { tls: 'silent', answer: () => ({ kind: 'silent' }) } : null;
    case 'refused':
    case 'network-unreachable':
    case 'host-unreachable':
    case 'unknown':
      return null;
  }
}

const SSH_BANNER = 'SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.6\r\n';

function serverPeer(view: NetworkView, made: Connected, serverName: string): Peer {
  const { server } = made;
  switch (server.application) {
    case 'ssh':
      return { tls: 'no-tls', answer: () => ({ kind: 'not-http', said: SSH_BANNER }) };
    case 'opaque':
    case 'dns':
      return { tls: 'closes', answer: () => ({ kind: 'empty' }) };
    case 'http':
    case 'https':
    case 'kubernetes-api':
      break;
  }
  const isSecure = server.application !== 'http';
  return {
    tls: isSecure ? tlsEndOf(view, server, serverName) : 'no-tls',
    answer: (request, over) => {
      if (server.http?.proxyProtocol === 'required' && made.proxied === null) return { kind: 'empty' };
      if (isSecure && over === 'plain') return { kind: 'answer', answer: HTTP_TO_TLS };
      return { kind: 'answer', answer: answerTo(made, request) };
    },
  };
}

const HTTP_TO_TLS: HttpAnswer = {
  status: 400,
  reason: 'Bad Request',
  headers: [],
  body: 'Client sent an HTTP request to an HTTPS server.\n',
};
