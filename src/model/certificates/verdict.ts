import type { Certificate } from './certificate.ts';

/** Who checks: the libraries differ in what they accept and in which fault they name first. */
export type TrustReader =
  /** OpenSSL as a client of TLS, as `openssl s_client` is: the certificate must be for servers. */
  | 'openssl'
  /** `openssl verify`, which asks for no purpose. */
  | 'openssl-verify'
  /** curl built with OpenSSL: takes any certificate of its bundle as an anchor. */
  | 'curl'
  /** crypto/x509. */
  | 'go'
  /** The module ssl of Python, as urllib.request uses it. */
  | 'python'
  /** The same as urllib3 2 sets it up for requests: no common names. */
  | 'python-requests';

/**
 * What comes out where a signature is undone with the key of the issuer: nothing, since it is too large for that key;
 * no padding, as with any other key; or another digest, as after a change of the certificate.
 */
export type SignatureFault = 'too-large' | 'padding' | 'digest';

/** At `depth` 0 stands the server's own certificate, above it those that lead to a root. */
interface Decided {
  readonly certificate: Certificate;
  readonly depth: number;
}

export type TrustVerdict =
  /** From the server's certificate to the one that is trusted. */
  | { readonly kind: 'trusted'; readonly path: readonly Certificate[] }
  /** The server's certificate signs itself and is not among the trusted ones. */
  | ({ readonly kind: 'self-signed' } & Decided)
  /** The chain ends at a root that is not among the trusted ones. */
  | ({ readonly kind: 'self-signed-in-chain' } & Decided)
  /** Nobody has the certificate of its issuer. Go also says which candidate of that name it was not, and why. */
  | ({
      readonly kind: 'unknown-issuer';
      readonly candidate: { readonly certificate: Certificate; readonly why: CandidateFault } | null;
    } & Decided)
  /** The issuer's issuer is missing: an intermediate is trusted, and its root is not. */
  | ({ readonly kind: 'unknown-root' } & Decided)
  | ({ readonly kind: 'expired' } & Decided)
  | ({ readonly kind: 'not-yet-valid' } & Decided)
  /** It signed another one, and basicConstraints or keyUsage do not allow it. */
  | ({ readonly kind: 'not-a-ca' } & Decided)
  /** More CAs stand below it than its path length allows. */
  | ({ readonly kind: 'path-too-long' } & Decided)
  /** extendedKeyUsage does not allow it for servers. */
  | ({ readonly kind: 'wrong-purpose' } & Decided)
  | ({
      readonly kind: 'name-mismatch';
      readonly host: string;
      readonly names: readonly string[];
      readonly from: 'subjectAltName' | 'commonName';
    } & Decided)
  /** There is only a common name, and the client reads none. */
  | ({ readonly kind: 'no-names'; readonly host: string; readonly commonName: string | null } & Decided)
  | ({ readonly kind: 'bad-signature'; readonly why: SignatureFault } & Decided)
  /** The server sends no certificate. */
  | { readonly kind: 'no-certificate' }
  /** It has what the simulation does not follow, such as another signature algorithm. */
  | ({ readonly kind: 'undetermined'; readonly why: string } & Decided);

export type CandidateFault = 'signature' | 'not-a-ca';

/** Every verdict but the good one and those that only the simulation knows. */
export type TrustFault = Exclude<TrustVerdict, { kind: 'trusted' | 'undetermined' }>;
