/** A certificate in DER, taken apart (RFC 5280, 4.1). */
import { err, ok, type Result } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import {
  TAG,
  children,
  contextTag,
  expectTag,
  fault,
  inside,
  readBitString,
  readDer,
  readInteger,
  readObjectIdentifier,
  readTime,
  whole,
  type DerProblem,
  type DerValue,
} from './der.ts';
import { nameFromDer } from './distinguished-name.ts';
import {
  EXTENSION,
  readAlternativeNames,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtensions,
  readKeyUsage,
  readPurposes,
  readSubjectKeyIdentifier,
  type RawExtension,
} from './extension.ts';

/** What a certificate holds besides the fields that clients look at first. */
export interface OpenCertificate {
  /** 1 or 3. */
  readonly version: number;
  /** What the signature is over. */
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
  /** What the BIT STRING of the public key holds. */
  readonly publicKeyBits: Uint8Array;
  readonly extensions: readonly RawExtension[];
  readonly bytes: Uint8Array;
}

export const SIGNATURE_ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
};

const CURVE_BITS: Readonly<Record<string, number>> = {
  '1.2.840.10045.3.1.7': 256,
  '1.3.132.0.10': 256,
  '1.3.132.0.34': 384,
  '1.3.132.0.35': 521,
};

const opened = new WeakMap<Certificate, OpenCertificate>();

/** Returns the parts of a certificate, which was read before. */
export function openCertificate(certificate: Certificate): OpenCertificate {
  const known = opened.get(certificate);
  if (known !== undefined) return known;
  const bytes = fromBase64(certificate.der);
  const read = bytes instanceof Uint8Array ? certificateFromDer(bytes) : null;
  if (read === null || !read.ok) throw new Error('a certificate that was read cannot be read again');
  const parts = opened.get(read.value);
  if (parts === undefined) throw new Error('a certificate was read without its parts');
  opened.set(certificate, parts);
  return parts;
}

/** Reads one certificate in DER. */
export function certificateFromDer(bytes: Uint8Array): Result<Certificate, DerProblem> {
  const read = readDer(bytes, (value) => readCertificate(value, bytes));
  if (!read.ok) return err(read.error);
  opened.set(read.value.certificate, read.value.parts);
  return ok(read.value.certificate);
}

function readCertificate(
  value: DerValue,
  bytes: Uint8Array,
): { readonly certificate: Certificate; readonly parts: OpenCertificate } {
  expectTag(value, TAG.sequence, 'certificate', value);
  const [signedPart, algorithm, signature] = children(value);
  const body = expectTag(signedPart, TAG.sequence, 'certificate', value);
  const fields = [...children(body)];
  const version = fields[0]?.tag === contextTag(0, 'constructed') ? readVersion(fields.shift()) : 1;
  const [serial, inner, issuer, validity, subject, keyInfo, ...rest] = fields;
  const serialNumber = expectTag(serial, TAG.integer, 'serial number', body);
  expectTag(inner, TAG.sequence, 'signature algorithm', body);
  const issuerValue = expectTag(issuer, TAG.sequence, 'issuer', body);
  const [notBefore, notAfter] = children(expectTag(validity, TAG.sequence, 'validity', body));
  const subjectValue = expectTag(subject, TAG.sequence, 'subject', body);
  const keyValue = expectTag(keyInfo, TAG.sequence, 'public key', body);
  const list = rest.find(({ tag }) => tag === contextTag(3, 'constructed'));
  const extensions = list === undefined ? [] : readExtensions(inside(list));
  const find = <T>(dotted: string, read: (raw: RawExtension) => T): T | null => {
    const raw = extensions.find((each) => each.dotted === dotted);
    return raw === undefined ? null : read(raw);
  };
  const key = readPublicKey(keyValue);
  const certificate: Certificate = {
    serialNumber: serialText(readInteger(serialNumber)),
    subject: nameFromDer(subjectValue),
    issuer: nameFromDer(issuerValue),
    notBefore: readTime(notBefore ?? fault({ start: body.end }, 'has no notBefore')),
    notAfter: readTime(notAfter ?? fault({ start: body.end }, 'has no notAfter')),
    subjectAlternativeNames: find(EXTENSION.subjectAltName, readAlternativeNames),
    basicConstraints: find(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: find(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: find(EXTENSION.extendedKeyUsage, readPurposes),
    subjectKeyIdentifier: find(EXTENSION.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyIdentifier: find(EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    publicKey: key.publicKey,
    signatureAlgorithm: algorithmName(expectTag(algorithm, TAG.sequence, 'signature algorithm', value)),
    der: toBase64(bytes),
  };
  return {
    certificate,
    parts: {
      version,
      signedPart: whole(body),
      signature: readBitString(expectTag(signature, TAG.bitString, 'signature', value)).bytes,
      issuerDer: whole(issuerValue),
      subjectDer: whole(subjectValue),
      publicKeyInfo: whole(keyValue),
      publicKeyBits: key.bits,
      extensions,
      bytes,
    },
  };
}

/** Written as the version minus one. */
const readVersion = (value: DerValue | undefined): number =>
  value === undefined ? 1 : Number(readInteger(inside(value))) + 1;

/** Upper-case digits, an even number of them, as `openssl x509 -serial` prints them. */
export function serialText(serial: bigint): string {
  const digits = (serial < 0n ? -serial : serial).toString(16).toUpperCase();
  return (serial < 0n ? '-' : '') + (digits.length % 2 === 0 ? digits : `0${digits}`);
}

function algorithmName(value: DerValue): string {
  const [id] = children(value);
  const dotted = readObjectIdentifier(expectTag(id, TAG.objectIdentifier, 'algorithm', value));
  return SIGNATURE_ALGORITHMS[dotted] ?? dotted;
}

export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';

/** Reads a SubjectPublicKeyInfo. */
export function readPublicKey(value: DerValue): {
  readonly publicKey: Certificate['publicKey'];
  readonly bits: Uint8Array;
} {
  const [algorithm, bitsValue] = children(value);
  const [id, parameters] = children(expectTag(algorithm, TAG.sequence, 'algorithm', value));
  const dotted = readObjectIdentifier(expectTag(id, TAG.objectIdentifier, 'algorithm', value));
  const bits = readBitString(expectTag(bitsValue, TAG.bitString, 'public key', value)).bytes;
  if (dotted === RSA_ENCRYPTION) {
    const read = readDer(bits, (key) =>
      children(expectTag(key, TAG.sequence, 'RSA key', key)).map((part) => readInteger(part)),
    );
    if (!read.ok) return fault(value, `has an RSA key that ${read.error.message}`);
    const [modulus = 0n, exponent = 0n] = read.value;
    const rsa = {
      modulus: modulus.toString(16),
      exponent: Number(exponent),
      bits: modulus.toString(2).length,
    };
    return { publicKey: { kind: 'rsa', ...rsa }, bits };
  }
  const curve = parameters?.tag === TAG.objectIdentifier ? readObjectIdentifier(parameters) : null;
  const name = dotted === EC_PUBLIC_KEY ? 'id-ecPublicKey' : (SIGNATURE_ALGORITHMS[dotted] ?? dotted);
  const size = curve === null ? (name === 'ED25519' ? 256 : null) : (CURVE_BITS[curve] ?? null);
  return { publicKey: { kind: 'other', algorithm: name, bits: size }, bits };
}
