/**
 * What a forward proxy sees of one connection of a client, in order, as plain data: its log is written of these
 * (`mitmproxy-log.ts` has the words), and so is what its own commands show.
 */

/** Address and port of the client, as the proxy sees them. */
export interface ProxyClientAddress {
  readonly address: string;
  readonly port: number;
}

/** Whom the proxy asks: as the client named it, and the address that the name had for the proxy; null if none. */
export interface ProxyServer {
  readonly host: string;
  readonly port: number;
  readonly address: string | null;
}

export type ProxyLogEvent = {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly client: ProxyClientAddress;
} & (
  | { readonly kind: 'client-connect' }
  /** The proxy does not serve this client (`block_global`, `block_private`). */
  | { readonly kind: 'client-killed'; readonly option: 'block_global' | 'block_private' }
  | { readonly kind: 'server-connect'; readonly server: ProxyServer }
  /** `error`: as the operating system says it, such as `[Errno 111] Connect call failed ('203.0.113.80', 443)`. */
  /** It would be a connection to itself. */
  | { readonly kind: 'server-killed'; readonly server: ProxyServer; readonly error: string }
  | { readonly kind: 'server-connect-failed'; readonly server: ProxyServer; readonly error: string }
  /**
   * TLS with the server did not come about; `error` as mitmproxy says it, such as `Certificate verify failed: …`.
   * Without `then`, the proxy goes on to TLS with its client.
   */
  | {
      readonly kind: 'server-tls-failed';
      readonly server: ProxyServer;
      readonly error: string;
      readonly then?: 'gives-up';
    }
  /** There is no connection on which TLS with the server could begin; the proxy goes on to TLS with its client. */
  | { readonly kind: 'server-tls-skipped'; readonly server: ProxyServer; readonly error: string }
  /** The client hung up in the handshake, as it does with a certificate that it does not trust. */
  | {
      readonly kind: 'client-tls-failed';
      readonly server: ProxyServer;
      /** `untrusted`: the client sent an alert about the certificate; `closed`: it went without a word. */
      readonly why: 'untrusted' | 'closed';
      /** OpenSSL's name of the alert, such as `tlsv1 alert unknown ca`; empty without one. */
      readonly alert: string;
    }
  /** A request and what was answered, whoever answered it: the server or the proxy itself. */
  | {
      readonly kind: 'response';
      /** `CONNECT` only where the proxy did not open the tunnel. */
      readonly method: string;
      /** With scheme and host; of CONNECT, `host:port`. */
      readonly url: string;
      readonly httpVersion: string;
      readonly status: number;
      readonly reason: string;
      /** Of the body. */
      readonly bytes: number;
      /** Of the request and the answer; only a detailed log shows them. */
      readonly requestHeaders?: readonly (readonly [string, string])[];
      readonly responseHeaders?: readonly (readonly [string, string])[];
      /** Whether the client checked the certificate that it was shown. The proxy cannot know: no line of a log says it. */
      readonly clientChecked?: 'yes' | 'no';
    }
  /** A request that the proxy could not carry out or closed without an answer. */
  | {
      readonly kind: 'error';
      readonly method: string;
      readonly url: string;
      readonly error: string;
      /** Such as `HTTP/2.0`, what a client and the proxy speak where no server has a say; 1.1 if absent. */
      readonly httpVersion?: string;
      readonly requestHeaders?: readonly (readonly [string, string])[];
    }
  | { readonly kind: 'client-disconnect' }
  | { readonly kind: 'server-disconnect'; readonly server: ProxyServer }
);
