/** RSA keys in PEM: PKCS #8 (`PRIVATE KEY`), PKCS #1 (`RSA PRIVATE KEY`) and public ones. */
import { err, ok, type Result } from '../result.ts';
import {
  TAG,
  bitString,
  children,
  content,
  derNull,
  expectTag,
  fault,
  integer,
  objectIdentifier,
  octetString,
  readDer,
  readInteger,
  readObjectIdentifier,
  sequence,
  type DerValue,
} from './der.ts';
import { RSA_ENCRYPTION } from './open-certificate.ts';
import { pemBlock, readBlocks, whatItIs, type CertificateProblem } from './pem-block.ts';
import type { PrivateKey, RsaPublicKey } from './rsa.ts';

/** SubjectPublicKeyInfo of an RSA key. */
export function publicKeyInfo(key: RsaPublicKey): Uint8Array {
  const known = written.get(key);
  if (known !== undefined) return known;
  const info = sequence(sequence(objectIdentifier(RSA_ENCRYPTION), derNull()), bitString(publicKeyDer(key)));
  written.set(key, info);
  return info;
}

const written = new WeakMap<RsaPublicKey, Uint8Array>();

/** RSAPublicKey of PKCS #1, of which a key identifier is the SHA-1. */
export const publicKeyDer = ({ modulus, exponent }: RsaPublicKey): Uint8Array =>
  sequence(integer(modulus), integer(exponent));

function privateKeyDer(key: PrivateKey): Uint8Array {
  return sequence(
    integer(0n),
    ...[
      key.modulus,
      key.exponent,
      key.privateExponent,
      key.prime1,
      key.prime2,
      key.exponent1,
      key.exponent2,
      key.coefficient,
    ].map(integer),
  );
}

/** `PRIVATE KEY` as OpenSSL 3 writes it, or `RSA PRIVATE KEY` as mitmproxy and `openssl rsa -traditional` do. */
export function keyToPem(key: PrivateKey, form: 'pkcs8' | 'pkcs1' = 'pkcs8'): string {
  if (form === 'pkcs1') return pemBlock('RSA PRIVATE KEY', privateKeyDer(key));
  const info = sequence(
    integer(0n),
    sequence(objectIdentifier(RSA_ENCRYPTION), derNull()),
    octetString(privateKeyDer(key)),
  );
  return pemBlock('PRIVATE KEY', info);
}

export const publicKeyToPem = (key: RsaPublicKey): string => pemBlock('PUBLIC KEY', publicKeyInfo(key));

/** Reads the first private key of a text, which may hold certificates too, as `mitmproxy-ca.pem` does. */
export function parseKeyPem(text: string): Result<PrivateKey, CertificateProblem> {
  const blocks = readBlocks(text);
  if (!blocks.ok) return err(blocks.error);
  const block = blocks.value.find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    const first = blocks.value[0];
    if (first === undefined)
      return err({ kind: 'not-pem', line: null, message: 'there is no line -----BEGIN PRIVATE KEY-----' });
    return err({
      kind: 'wrong-block',
      line: first.line,
      message: `line ${first.line}: ${whatItIs(first.label)} where a private key should be`,
    });
  }
  if (block.label !== 'PRIVATE KEY' && block.label !== 'RSA PRIVATE KEY')
    return err({
      kind: 'unsupported-key',
      line: block.line,
      message: `line ${block.line}: ${whatItIs(block.label)}; only RSA keys without a passphrase are simulated`,
    });
  const read = readDer(block.bytes, (value) =>
    block.label === 'PRIVATE KEY' ? readPkcs8(value) : readPkcs1(value),
  );
  if (read.ok) return ok(read.value);
  return err({
    kind: 'der',
    line: block.line,
    message: `the private key at line ${block.line}: byte ${read.error.offset} ${read.error.message}`,
  });
}

function readPkcs8(value: DerValue): PrivateKey {
  const [version, algorithm, key] = children(expectTag(value, TAG.sequence, 'private key', value));
  expectTag(version, TAG.integer, 'version', value);
  const [id] = children(expectTag(algorithm, TAG.sequence, 'algorithm', value));
  const dotted = readObjectIdentifier(expectTag(id, TAG.objectIdentifier, 'algorithm', value));
  if (dotted !== RSA_ENCRYPTION) return fault(value, `has a key that is not RSA (${dotted})`);
  const octets = expectTag(key, TAG.octetString, 'private key', value);
  const read = readDer(content(octets), readPkcs1);
  return read.ok ? read.value : fault(octets, read.error.message);
}

function readPkcs1(value: DerValue): PrivateKey {
  const [, ...numbers] = children(expectTag(value, TAG.sequence, 'RSA private key', value)).map((part) =>
    readInteger(expectTag(part, TAG.integer, 'number', value)),
  );
  const [modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient] = numbers;
  if (
    modulus === undefined ||
    exponent === undefined ||
    privateExponent === undefined ||
    prime1 === undefined ||
    prime2 === undefined ||
    exponent1 === undefined ||
    exponent2 === undefined ||
    coefficient === undefined
  )
    return fault(value, 'has fewer than the nine numbers of an RSA key');
  return { modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient };
}
