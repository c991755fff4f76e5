/** RSA keys and PKCS #1 v1.5 signatures with SHA-256 (RFC 8017), really made and really checked. */
import { Remembered } from '../remembering.ts';
import { fromHex, fromInteger, joined, toInteger, toUtf8 } from './bytes.ts';
import { poolPrime, poolSize, type PrimeBits } from './prime-pool.ts';
import { sha256 } from './sha256.ts';
import type { SignatureFault } from './verdict.ts';

export interface RsaPublicKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** Whole numbers, which JSON cannot hold: in files and in the cloud a key is PEM (`keyToPem`). */
export interface PrivateKey extends RsaPublicKey {
  readonly privateExponent: bigint;
  readonly prime1: bigint;
  readonly prime2: bigint;
  readonly exponent1: bigint;
  readonly exponent2: bigint;
  readonly coefficient: bigint;
}

const PUBLIC_EXPONENT = 65537n;

const made = new Remembered<PrivateKey>(1_000);

/**
 * Returns the RSA key that follows from a text; other texts give other keys, but for one in half a million. Such keys
 * protect nothing: whoever has this program has them all.
 */
export function makeKey(text: string, bits: 2048 | 4096 = 2048): PrivateKey {
  const name = `${bits}/${text}`;
  return made.of(name, () => keyOf(name, (bits / 2) as PrimeBits));
}

function keyOf(name: string, bits: PrimeBits): PrivateKey {
  const drawn = toInteger(sha256(toUtf8(`key/${name}`)));
  const size = BigInt(poolSize(bits));
  const first = drawn % size;
  // Any but the first.
  const second = (first + 1n + ((drawn / size) % (size - 1n))) % size;
  return keyOfPrimes(poolPrime(bits, Number(first)), poolPrime(bits, Number(second)), PUBLIC_EXPONENT);
}

function keyOfPrimes(one: bigint, other: bigint, exponent: bigint): PrivateKey {
  // OpenSSL writes the larger one first.
  const [prime1, prime2] = one > other ? [one, other] : [other, one];
  const [a, b] = [prime1 - 1n, prime2 - 1n];
  const privateExponent = inverse(exponent, (a * b) / commonFactor(a, b));
  return {
    modulus: prime1 * prime2,
    exponent,
    privateExponent,
    prime1,
    prime2,
    exponent1: privateExponent % (prime1 - 1n),
    exponent2: privateExponent % (prime2 - 1n),
    coefficient: inverse(prime2, prime1),
  };
}

export const bitsOf = (key: RsaPublicKey): number => key.modulus.toString(2).length;

/** DigestInfo of SHA-256 before the digest (RFC 8017, 9.2, note 1). */
const DIGEST_INFO = fromHex('3031300d060960864801650304020105000420');

/** Returns the signature of bytes with sha256WithRSAEncryption, as long as the modulus. */
export function sign(key: PrivateKey, content: Uint8Array): Uint8Array {
  const length = Math.ceil(bitsOf(key) / 8);
  const message = toInteger(encoded(content, length));
  const m1 = power(message % key.prime1, key.exponent1, key.prime1);
  const m2 = power(message % key.prime2, key.exponent2, key.prime2);
  const h = (((m1 - m2) % key.prime1) + key.prime1) * key.coefficient;
  return fromInteger(m2 + (h % key.prime1) * key.prime2, length);
}

/** Reports whether the signature was made over these bytes with the private half of the key. */
export function isSignedBy(key: RsaPublicKey, content: Uint8Array, signature: Uint8Array): boolean {
  return signatureFault(key, content, signature) === null;
}

/** Returns what is wrong with a signature; null if it is good. */
export function signatureFault(
  key: RsaPublicKey,
  content: Uint8Array,
  signature: Uint8Array,
): SignatureFault | null {
  const length = Math.ceil(bitsOf(key) / 8);
  if (signature.length !== length || length < DIGEST_INFO.length + 43) return 'padding';
  const value = toInteger(signature);
  if (value >= key.modulus) return 'too-large';
  const undone = fromInteger(power(value, key.exponent, key.modulus), length);
  const wanted = encoded(content, length);
  if (undone.every((byte, at) => byte === wanted[at])) return null;
  return undone[0] === 0 && undone[1] === 1 && undone[2] === 0xff ? 'digest' : 'padding';
}

/** EMSA-PKCS1-v1_5. */
function encoded(content: Uint8Array, length: number): Uint8Array {
  const filling = new Uint8Array(length - DIGEST_INFO.length - 35).fill(0xff);
  return joined([Uint8Array.of(0, 1), filling, Uint8Array.of(0), DIGEST_INFO, sha256(content)]);
}

/** base^exponent mod modulus, four bits of the exponent at a time. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers = [1n];
  for (let n = 1; n < 16; n++) powers.push(((powers[n - 1] ?? 1n) * base) % modulus);
  let result = 1n;
  for (const digit of exponent.toString(16)) {
    for (let n = 0; n < 4; n++) result = (result * result) % modulus;
    const value = Number.parseInt(digit, 16);
    if (value > 0) result = (result * (powers[value] ?? 1n)) % modulus;
  }
  return result;
}

function commonFactor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : commonFactor(other, one % other);
}

/** The number below the modulus that gives 1 with the value (extended Euclid); they have no factor in common. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, value % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return ((t0 % modulus) + modulus) % modulus;
}
