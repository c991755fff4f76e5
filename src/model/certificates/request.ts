/** Certificate requests (PKCS #10, RFC 2986). */
import { err, ok, type Result } from '../result.ts';
import type { Certificate, DistinguishedName } from './certificate.ts';
import { certificateTextHead, extensionLines, publicKeyLines, signatureLines } from './certificate-text.ts';
import {
  TAG,
  bitString,
  children,
  contextTag,
  der,
  derNull,
  expectTag,
  inside,
  integer,
  objectIdentifier,
  readBitString,
  readDer,
  readObjectIdentifier,
  sequence,
  whole,
} from './der.ts';
import { nameFromDer, nameToDer } from './distinguished-name.ts';
import { extensionToDer, readExtensions, type Extension, type RawExtension } from './extension.ts';
import { SHA256_WITH_RSA } from './issue.ts';
import { publicKeyInfo } from './key-pem.ts';
import { readPublicKey, SIGNATURE_ALGORITHMS } from './open-certificate.ts';
import { pemBlock, readBlocks, whatItIs, type CertificateProblem } from './pem-block.ts';
import { isSignedBy, sign, type PrivateKey } from './rsa.ts';

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  readonly publicKey: Certificate['publicKey'];
  readonly publicKeyBits: Uint8Array;
  /** What the applicant wants in the certificate; who signs may leave it out. */
  readonly extensions: readonly RawExtension[];
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly signedPart: Uint8Array;
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** Returns a request in PEM, signed with the key that it is for. */
export function makeRequest(
  subject: DistinguishedName,
  key: PrivateKey,
  extensions: readonly Extension[],
): string {
  const wanted = sequence(
    objectIdentifier(EXTENSION_REQUEST),
    der(TAG.set, sequence(...extensions.map(extensionToDer))),
  );
  const body = sequence(
    integer(0n),
    nameToDer(subject),
    publicKeyInfo(key),
    der(contextTag(0, 'constructed'), ...(extensions.length === 0 ? [] : [wanted])),
  );
  const algorithm = sequence(objectIdentifier(SHA256_WITH_RSA), derNull());
  return pemBlock('CERTIFICATE REQUEST', sequence(body, algorithm, bitString(sign(key, body))));
}

/** Reads the first request of a text. */
export function parseRequest(text: string): Result<CertificateRequest, CertificateProblem> {
  const blocks = readBlocks(text);
  if (!blocks.ok) return err(blocks.error);
  const block = blocks.value.find(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label));
  if (block === undefined) {
    const first = blocks.value[0];
    return first === undefined
      ? err({ kind: 'not-pem', line: null, message: 'there is no line -----BEGIN CERTIFICATE REQUEST-----' })
      : err({
          kind: 'wrong-block',
          line: first.line,
          message: `line ${first.line}: ${whatItIs(first.label)} where a certificate request should be`,
        });
  }
  const read = readDer(block.bytes, (value): CertificateRequest => {
    const [body, algorithm, signature] = children(expectTag(value, TAG.sequence, 'request', value));
    const signedPart = expectTag(body, TAG.sequence, 'request', value);
    const [, subject, keyInfo, attributes] = children(signedPart);
    const key = readPublicKey(expectTag(keyInfo, TAG.sequence, 'public key', signedPart));
    const wanted = (attributes === undefined ? [] : children(attributes)).find(
      (attribute) =>
        readObjectIdentifier(
          expectTag(children(attribute)[0], TAG.objectIdentifier, 'type of an attribute', attribute),
        ) === EXTENSION_REQUEST,
    );
    const set = wanted === undefined ? undefined : children(wanted)[1];
    const [id] = children(expectTag(algorithm, TAG.sequence, 'algorithm', value));
    const dotted = readObjectIdentifier(expectTag(id, TAG.objectIdentifier, 'algorithm', value));
    return {
      subject: nameFromDer(expectTag(subject, TAG.sequence, 'subject', signedPart)),
      publicKey: key.publicKey,
      publicKeyBits: key.bits,
      extensions: set === undefined ? [] : readExtensions(inside(set)),
      signatureAlgorithm: SIGNATURE_ALGORITHMS[dotted] ?? dotted,
      signature: readBitString(expectTag(signature, TAG.bitString, 'signature', value)).bytes,
      signedPart: whole(signedPart),
    };
  });
  if (read.ok) return ok(read.value);
  return err({
    kind: 'der',
    line: block.line,
    message: `the request at line ${block.line}: byte ${read.error.offset} ${read.error.message}`,
  });
}

/** Reports whether the request was signed with the key that it is for; `undetermined` for other algorithms than RSA. */
export function isRequestSigned({
  publicKey,
  signatureAlgorithm,
  signedPart,
  signature,
}: CertificateRequest): 'good' | 'bad' | 'undetermined' {
  if (publicKey.kind !== 'rsa' || signatureAlgorithm !== 'sha256WithRSAEncryption') return 'undetermined';
  const key = { modulus: BigInt(`0x${publicKey.modulus}`), exponent: BigInt(publicKey.exponent) };
  return isSignedBy(key, signedPart, signature) ? 'good' : 'bad';
}

/** What `openssl req -text` prints. */
export function requestText(request: CertificateRequest): string {
  const extensions =
    request.extensions.length === 0
      ? '            (none)\n            Requested Extensions:\n'
      : `            Requested Extensions:\n${extensionLines(request.extensions, 16)}`;
  return (
    'Certificate Request:\n    Data:\n        Version: 1 (0x0)\n' +
    certificateTextHead(request.subject) +
    publicKeyLines(request.publicKey, request) +
    `        Attributes:\n${extensions}` +
    signatureLines(request.signatureAlgorithm, request.signature)
  );
}
