/** X.509 certificates (RFC 5280) as far as clients look at them. Times are seconds since the epoch. */

/** A distinguished name: attributes in the order of the certificate, such as `CN` and `O`. */
export type DistinguishedName = readonly { readonly type: string; readonly value: string }[];

export interface Certificate {
  /** Upper-case hexadecimal digits. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Null without the extension. */
  readonly subjectAlternativeNames: readonly { readonly kind: 'dns' | 'ip'; readonly value: string }[] | null;
  /** basicConstraints; null without the extension. */
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  /** Names of RFC 5280, such as `keyCertSign`; null without the extension. */
  readonly keyUsage: readonly string[] | null;
  /** Short names of OpenSSL, such as `serverAuth`, or dotted decimals; null without the extension. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** Lower-case hexadecimal digits. */
  readonly subjectKeyIdentifier: string | null;
  readonly authorityKeyIdentifier: string | null;
  readonly publicKey:
    | { readonly kind: 'rsa'; readonly modulus: string; readonly exponent: number; readonly bits: number }
    /** Read from elsewhere, and not followed further. */
    | { readonly kind: 'other'; readonly algorithm: string; readonly bits: number | null };
  readonly signatureAlgorithm: string;
  /** The whole certificate in DER, in base64 without line breaks. */
  readonly der: string;
}
