/** Makes certificates. */
import { Remembered } from '../remembering.ts';
import { sha1HexOf } from '../sha1.ts';
import type { Certificate, DistinguishedName } from './certificate.ts';
import { bitString, contextTag, der, derNull, integer, objectIdentifier, sequence, time } from './der.ts';
import { nameToDer } from './distinguished-name.ts';
import { extensionToDer, type Extension } from './extension.ts';
import { publicKeyDer, publicKeyInfo } from './key-pem.ts';
import { certificateFromDer } from './open-certificate.ts';
import { sign, type PrivateKey, type RsaPublicKey } from './rsa.ts';

export interface IssueInput {
  /** Hexadecimal digits. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName;
  /** Of the CA; the subject itself for a certificate that signs itself. */
  readonly issuer: DistinguishedName;
  /** Seconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: RsaPublicKey;
  /** The key of the CA, or the certificate's own. */
  readonly signedWith: PrivateKey;
  /** In the order of the certificate; one without any is of version 1. */
  readonly extensions: readonly Extension[];
}

export const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

/** A session meets a few dozen; somebody may ask for one of each name there is. */
const issued = new Remembered<Certificate>(1_000);

/** Returns a certificate, really signed with sha256WithRSAEncryption. */
export function issueCertificate(input: IssueInput): Certificate {
  const algorithm = sequence(objectIdentifier(SHA256_WITH_RSA), derNull());
  const body = sequence(
    ...(input.extensions.length === 0 ? [] : [der(contextTag(0, 'constructed'), integer(2n))]),
    integer(BigInt(`0x${input.serialNumber}`)),
    algorithm,
    nameToDer(input.issuer),
    sequence(time(input.notBefore), time(input.notAfter)),
    nameToDer(input.subject),
    publicKeyInfo(input.publicKey),
    ...(input.extensions.length === 0
      ? []
      : [der(contextTag(3, 'constructed'), sequence(...input.extensions.map(extensionToDer)))]),
  );
  const name = `${sha1HexOf(body)}/${input.signedWith.modulus.toString(36)}`;
  return issued.of(name, () => {
    const read = certificateFromDer(sequence(body, algorithm, bitString(sign(input.signedWith, body))));
    if (!read.ok) throw new Error(`a certificate was made that cannot be read: ${read.error.message}`);
    return read.value;
  });
}

/** The SHA-1 of the public key (RFC 5280, 4.2.1.2, method 1), in hexadecimal digits. */
export function keyIdentifier(key: RsaPublicKey): string {
  const known = identifiers.get(key);
  if (known !== undefined) return known;
  const identifier = sha1HexOf(publicKeyDer(key));
  identifiers.set(key, identifier);
  return identifier;
}

const identifiers = new WeakMap<RsaPublicKey, string>();
