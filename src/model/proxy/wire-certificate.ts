/** A certificate's DER with the names of what a client reads in it. */
import { fromBase64, toHex } from '../certificates/bytes.ts';
import type { Certificate, DistinguishedName } from '../certificates/certificate.ts';
import { children, inside, readDer, whole } from '../certificates/der.ts';
import type { DerValue } from '../certificates/der.ts';
import type { WireField, WireFieldKind, WirePart } from './wire-bytes.ts';

/** As openssl prints names: `CN=mitmproxy, O=mitmproxy`. */
export function nameWords(name: DistinguishedName): string {
  return name.map(({ type, value }) => `${type}=${value}`).join(', ');
}

/** The tag of `version`, which certificates of version 1 lack. */
const VERSION = 0xa0;
/** Object identifier of subjectAltName, with its tag and length. */
const ALTERNATIVE_NAMES = '0603551d11';

/** Returns the certificate's bytes; one that cannot be taken apart has no field but itself. */
export function certificatePart(certificate: Certificate): WirePart {
  const bytes = fromBase64(certificate.der);
  if (!(bytes instanceof Uint8Array)) throw new Error('a certificate holds its DER in base64');
  const outer: WireField = {
    kind: 'certificate',
    start: 0,
    end: bytes.length,
    name: 'Certificate',
    value: `${nameWords(certificate.subject)}, ${bytes.length} bytes`,
  };
  const inner = readDer(bytes, (value) => fieldsOf(value, certificate));
  return { bytes, fields: [outer, ...(inner.ok ? inner.value : [])] };
}

/** RFC 5280, section 4.1. */
function fieldsOf(value: DerValue, certificate: Certificate): readonly WireField[] {
  const [signed, , signature] = children(value);
  if (signed === undefined) return [];
  const all = children(signed);
  const [, , issuer, validity, subject, key, ...rest] = all[0]?.tag === VERSION ? all.slice(1) : all;
  const names = rest
    .filter(({ tag }) => tag === 0xa3)
    .flatMap((each) => children(inside(each)))
    .find((each) => toHex(whole(each)).includes(ALTERNATIVE_NAMES));
  const place = (
    kind: WireFieldKind,
    name: string,
    where: DerValue | undefined,
    text: string,
  ): readonly WireField[] =>
    where === undefined ? [] : [{ kind, start: where.start, end: where.end, name, value: text }];
  const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
  const { publicKey } = certificate;
  return [
    ...place('issuer', 'Issuer', issuer, nameWords(certificate.issuer)),
    ...place(
      'validity',
      'Validity',
      validity,
      `${day(certificate.notBefore)} to ${day(certificate.notAfter)}`,
    ),
    ...place('subject', 'Subject', subject, nameWords(certificate.subject)),
    ...place(
      'public-key',
      'Public key',
      key,
      publicKey.kind === 'rsa' ? `RSA, ${publicKey.bits} bits` : publicKey.algorithm,
    ),
    ...place(
      'names',
      'Names (subjectAltName)',
      names,
      (certificate.subjectAlternativeNames ?? []).map((each) => each.value).join(', '),
    ),
    ...place('signature', 'Signature of the issuer', signature, certificate.signatureAlgorithm),
  ];
}
