/** What a proxy notes of one connection of a client, and what the client hears with it. */
import { textToBase64 } from '../../model/kubernetes/base64-text.ts';
import type { ProxyLogEvent } from '../../model/proxy/log-event.ts';
import type { Relay } from '../../model/proxy/relay.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import type { Peer, Reply } from './http-exchange.ts';
import type { TunnelRequest } from './proxy-connection.ts';
import { errorPage, pythonBytes, ruledAnswer } from './mitmproxy-answers.ts';

/** Notes what happens, in order. */
export class ProxyJournal {
  readonly #version: string;
  readonly #client: ProxyLogEvent['client'];
  /** Seconds since the epoch. */
  readonly #at: number;
  readonly #events: ProxyLogEvent[] = [];

  constructor(version: string, client: ProxyLogEvent['client'], at: number) {
    this.#version = version;
    this.#client = client;
    this.#at = at;
  }

  get events(): readonly ProxyLogEvent[] {
    return this.#events;
  }

  /** Asks the server, and hands on what it says. */
  passed(peer: Peer, request: HttpRequest, url: string, over: 'plain' | 'tls'): Reply {
    const reply = peer.answer(request, over);
    switch (reply.kind) {
      case 'answer':
        this.answered(request, url, reply.answer);
        return { ...reply, records: 2 };
      case 'empty':
      case 'reset':
        return this.failure(request, url, 'server closed connection');
      case 'not-http':
        return this.failure(request, url, `unexpected server response: ${pythonBytes(reply.said)}`);
      case 'silent':
      case 'unknown':
        return reply;
    }
  }

  /** What a rule of the proxy's own decides. */
  refuse(relay: Extract<Relay, { kind: 'answers' | 'closes' }>, request: Logged, url: string): Reply {
    if (relay.kind === 'closes') {
      if (relay.by === 'block_global' || relay.by === 'block_private')
        this.note({ kind: 'client-killed', option: relay.by });
      else this.note({ kind: 'error', ...logged(request), url, error: 'Connection killed.' });
      return { kind: 'empty' };
    }
    const answer = ruledAnswer(relay, this.#version);
    this.answered(request, url, answer);
    return { kind: 'answer', answer };
  }

  /** A request that it could not carry out. */
  failure(request: Logged, url: string, error: string): Reply {
    this.note({ kind: 'error', ...logged(request), url, error });
    return { kind: 'answer', answer: errorPage(this.#version, error, request.version) };
  }

  /** An answer that the client got, whoever gave it. */
  answered(request: Logged, url: string, { status, reason, body, headers }: HttpAnswer): void {
    const { checked } = request;
    this.note({
      kind: 'response',
      ...logged(request),
      ...(checked === undefined ? {} : { clientChecked: checked }),
      url,
      status,
      reason,
      bytes: body.length,
      responseHeaders: headers,
    });
  }

  note(event: EventWithoutClient): void {
    this.#events.push({ at: this.#at, client: this.#client, ...event });
  }
}

/** With other credentials than the client sent, or with none. */
export function withCredentials(
  headers: HttpAnswer['headers'] | undefined,
  credentials: string | null,
): Pick<HttpRequest, 'headers'> {
  if (headers === undefined) return {};
  const name = 'Proxy-Authorization';
  const others = headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  if (credentials === null) return { headers: others };
  return { headers: [...others, [name, `Basic ${textToBase64(credentials)}`]] };
}

export function connectOf({ headers }: TunnelRequest): Logged {
  return { method: 'CONNECT', ...(headers === undefined ? {} : { headers }) };
}

type Logged = Pick<HttpRequest, 'method' | 'headers' | 'version' | 'checked'>;

function logged({ method, headers, version }: Logged): {
  readonly method: string;
  readonly httpVersion: string;
  readonly requestHeaders?: HttpAnswer['headers'];
} {
  return {
    method,
    httpVersion: version === '2' ? 'HTTP/2.0' : 'HTTP/1.1',
    ...(headers === undefined ? {} : { requestHeaders: headers }),
  };
}

type Distributed<T> = T extends unknown ? Omit<T, 'at' | 'client'> : never;
type EventWithoutClient = Distributed<ProxyLogEvent>;
