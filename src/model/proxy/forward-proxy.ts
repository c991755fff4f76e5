/**
 * A forward proxy that listens on a machine: what it was started with, as far as it decides what becomes of a
 * request. Plain data, part of the listener; what it does with one request is `relay.ts`.
 */
export interface ForwardProxy {
  /** The program as it was called. */
  readonly program: 'mitmproxy' | 'mitmdump' | 'mitmweb';
  /** Such as `8.1.1`: what its log and its certificates look like. */
  readonly version: string;
  readonly mode:
    | { readonly kind: 'regular' }
    /** Hands every request to another proxy. */
    | {
        readonly kind: 'upstream';
        readonly scheme: 'http' | 'https';
        readonly host: string;
        readonly port: number;
      };
  /** The CA that signs what clients see: certificate and key in PEM, as in `mitmproxy-ca.pem`. */
  readonly authority: { readonly certificate: string; readonly key: string };
  /** Certificates of its own that it shows instead (`--certs`), by pattern of the name; PEM of certificate and key. */
  readonly certificates: readonly { readonly pattern: string; readonly pem: string }[];
  /** Regular expressions on `host:port`: what matches is passed through unread. */
  readonly ignoreHosts: readonly string[];
  /** The opposite: only what matches is read. Empty: everything. */
  readonly allowHosts: readonly string[];
  /** Kills connections of clients with public addresses (on by default). */
  readonly blockGlobal: 'on' | 'off';
  /** Kills connections of clients with private addresses (off by default). */
  readonly blockPrivate: 'on' | 'off';
  /** `block_list`, in order: a filter expression and the status it is answered with; 444 closes without an answer. */
  readonly blockList: readonly { readonly filter: string; readonly status: number }[];
  /** Whether it checks the certificates of the servers that it asks; `ssl_insecure` turns it off. */
  readonly verifiesServers: 'yes' | 'no';
  /** PEM of the roots it trusts besides those of the machine (`ssl_verify_upstream_trusted_ca`); absent: none. */
  readonly trustedCa?: string;
  /** `user:password` that it shows the next proxy (`upstream_auth`), in upstream mode; absent: none. */
  readonly upstreamAuth?: string;
  /** Its certificates do not copy the server's names (`upstream_cert=false`); absent: they do. */
  readonly upstreamCert?: 'off';
  /** `user:password` of `proxyauth`; absent: everybody may. */
  readonly proxyAuth?: string;
  /** Where its log lines go: a file of the machine, the journal of a unit, or nowhere. */
  readonly log:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'journal'; readonly unit: string }
    | { readonly kind: 'none' };
}
