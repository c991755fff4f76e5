import { checkPrimeSync, createPrivateKey, createPublicKey, sign as signWithNode, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyToPem, parseKeyPem, publicKeyToPem } from '../../../../src/model/certificates/key-pem.ts';
import {
  poolPrime,
  poolSize,
  primeBase,
  type PrimeBits,
} from '../../../../src/model/certificates/prime-pool.ts';
import { bitsOf, isSignedBy, makeKey, sign, signatureFault } from '../../../../src/model/certificates/rsa.ts';
import { unwrap } from '../../../../src/model/result.ts';

const EXPONENT = 65_537n;
const index = (bits: PrimeBits) => fc.nat({ max: poolSize(bits) - 1 });

describe('the pool of primes', () => {
  test.each([1024, 2048] as const)('of %d bits', (bits) => {
    fc.assert(
      fc.property(index(bits), (at) => {
        const prime = poolPrime(bits, at);
        expect(checkPrimeSync(prime, { checks: 8 })).toBe(true);
        expect(prime % EXPONENT).not.toBe(1n);
        // The two highest bits: the product of two has twice the bits.
        expect(prime >> BigInt(bits - 2)).toBe(3n);
        expect(primeBase(bits, at) % 2n).toBe(1n);
        expect(prime - primeBase(bits, at)).toBeGreaterThanOrEqual(0n);
      }),
      { numRuns: 12 },
    );
  });

  test('holds each prime once', () => {
    for (const bits of [1024, 2048] as const) {
      const all = Array.from({ length: poolSize(bits) }, (_, at) => poolPrime(bits, at));
      expect(new Set(all).size).toBe(poolSize(bits));
    }
  });
});

describe('keys and signatures are those of OpenSSL', () => {
  test.each([2048, 4096] as const)('of %d bits', (bits) => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 200 }), (name, content) => {
        const key = makeKey(name, bits);
        expect(bitsOf(key)).toBe(bits);
        const node = createPrivateKey(keyToPem(key));
        const signature = sign(key, content);
        expect(Buffer.from(signature)).toEqual(signWithNode('sha256', content, node));
        expect(verify('sha256', content, createPublicKey(publicKeyToPem(key)), signature)).toBe(true);
        expect(isSignedBy(key, content, signature)).toBe(true);
      }),
      { numRuns: 5 },
    );
  });

  test('a text has one key, and another text another', () => {
    expect(makeKey('one')).toEqual(makeKey('one'));
    expect(makeKey('one').modulus).not.toBe(makeKey('two').modulus);
  });

  test.each(['pkcs8', 'pkcs1'] as const)('%s, there and back, and what Node exports', (form) => {
    const key = makeKey('written');
    const pem = keyToPem(key, form);
    expect(unwrap(parseKeyPem(pem))).toEqual(key);
    expect(createPrivateKey(pem).export({ type: form, format: 'pem' })).toBe(pem);
  });

  test('what is wrong with a signature', () => {
    const [key, other] = [makeKey('one'), makeKey('two')];
    const content = Uint8Array.of(1, 2, 3);
    const signature = sign(key, content);
    expect(signatureFault(key, content, signature)).toBeNull();
    expect(signatureFault(key, Uint8Array.of(1, 2, 4), signature)).toBe('digest');
    expect(['padding', 'too-large']).toContain(signatureFault(other, content, signature));
    expect(signatureFault(key, content, new Uint8Array(256).fill(0xff))).toBe('too-large');
    expect(signatureFault(key, content, signature.subarray(1))).toBe('padding');
  });
});
