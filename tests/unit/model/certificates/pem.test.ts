import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseKeyPem, keyToPem } from '../../../../src/model/certificates/key-pem.ts';
import { parsePem, toPem } from '../../../../src/model/certificates/pem.ts';
import { pemBlock } from '../../../../src/model/certificates/pem-block.ts';
import {
  publicIntermediate,
  publicRoots,
  serverCertificates,
} from '../../../../src/model/certificates/public-authority.ts';
import { makeKey } from '../../../../src/model/certificates/rsa.ts';
import { unwrap } from '../../../../src/model/result.ts';

const AT = 1_790_000_000;
const [leaf, between] = serverCertificates('www.example.test', AT);
const PEM = toPem(leaf);
const KEY = keyToPem(makeKey('some'));

/** A real one of another kind: P-256, signed with ECDSA (made with openssl 3.0.19 for this test). */
const ECDSA = `-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUW0ikvpVNiHB1EfKtkXgYDGgN8BUwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPZWMuZXhhbXBsZS50ZXN0MB4XDTI2MTEyMzEwNDYwOVoXDTM2
MTEyMDEwNDYwOVowGjEYMBYGA1UEAwwPZWMuZXhhbXBsZS50ZXN0MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEtx3Rd6FgFtJJSxX9gNO9BebiGLztd3OxYzl2aSeq
RT/4yScg3hdeIRshd84tKyWdaElTmvMtB7f0K9Iww23jCqNTMFEwHQYDVR0OBBYE
FP6iPWFhjIKT4Aqh1IvWooCukjdOMB8GA1UdIwQYMBaAFP6iPWFhjIKT4Aqh1IvW
ooCukjdOMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAIUwKDu9
9yTmETOIE4Xc7NwcOoQYMIjKFeWBqVoyb3JyAiAnrLpHubzRKZH1TtE6+irubkYr
n7rIryxKC6Pn7JkZbQ==
-----END CERTIFICATE-----
`;

describe('certificates are read', () => {
  test('from a bundle, with CR LF, with words around them, behind a key', () => {
    const both = unwrap(parsePem(`the server\n${PEM}and who signed it\n${toPem(between)}`));
    expect(both).toEqual([leaf, between]);
    expect(unwrap(parsePem(PEM.replaceAll('\n', '\r\n')))).toEqual([leaf]);
    expect(unwrap(parsePem(KEY + PEM))).toEqual([leaf]);
    expect(unwrap(parsePem(PEM.trimEnd()))).toEqual([leaf]);
  });

  test('as Node reads them', () => {
    for (const certificate of [leaf, between, publicIntermediate(), ...publicRoots()]) {
      const node = new X509Certificate(toPem(certificate));
      expect(certificate.serialNumber).toBe(node.serialNumber);
      expect(certificate.notBefore).toBe(Date.parse(node.validFrom) / 1000);
      expect(certificate.notAfter).toBe(Date.parse(node.validTo) / 1000);
      expect(certificate.basicConstraints?.ca).toBe(node.ca);
      expect(certificate.subject.map(({ type, value }) => `${type}=${value}`).join('\n')).toBe(node.subject);
      const issuer = [publicIntermediate(), ...publicRoots()].find(
        (each) => new X509Certificate(toPem(each)).subject === node.issuer,
      );
      expect(issuer !== undefined && node.verify(new X509Certificate(toPem(issuer)).publicKey)).toBe(true);
    }
  });

  test('with another algorithm too, which is named', () => {
    const [certificate] = unwrap(parsePem(ECDSA));
    expect(certificate?.publicKey).toEqual({ kind: 'other', algorithm: 'id-ecPublicKey', bits: 256 });
    expect(certificate?.signatureAlgorithm).toBe('ecdsa-with-SHA256');
  });
});

describe('what is no certificate says what it is, and where', () => {
  const lines = PEM.split('\n');
  const broken = [...lines.slice(0, 3), `!${lines[3]?.slice(1) ?? ''}`, ...lines.slice(4)].join('\n');
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['nothing', '', 'not-pem', 'it is empty'],
    ['a note', 'hello', 'not-pem', 'there is no line -----BEGIN CERTIFICATE-----'],
    [
      'base64 of it',
      btoa(PEM),
      'not-pem',
      'it is PEM encoded in base64 once more (it begins with LS0tLS1CRUdJTi): decode it first',
    ],
    [
      'its inside only',
      lines.slice(1, -2).join('\n'),
      'not-pem',
      'it is base64 without the lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----',
    ],
    ['a key', KEY, 'wrong-block', 'line 1: a private key where a certificate should be'],
    [
      'a request',
      pemBlock('CERTIFICATE REQUEST', Uint8Array.of(1)),
      'wrong-block',
      'line 1: a certificate request where a certificate should be',
    ],
    [
      'half of it',
      lines.slice(0, 5).join('\n'),
      'unfinished-block',
      'the block that begins at line 1 has no line -----END CERTIFICATE-----',
    ],
    ['a wrong character', broken, 'base64', 'line 4, character 1: "!" has no place in base64 here'],
    [
      'other bytes',
      pemBlock('CERTIFICATE', Uint8Array.of(0x30, 0x05, 1)),
      'der',
      'the certificate at line 1: byte 0 says it is 5 bytes long, and 1 are left',
    ],
    [
      'something behind it',
      pemBlock('CERTIFICATE', Uint8Array.of(0x30, 0, 7)),
      'der',
      'the certificate at line 1: byte 2 stands behind the end of the value',
    ],
  ];
  test.each(rows)('%s', (_name, text, kind, message) => {
    const read = parsePem(text);
    expect(read.ok ? null : [read.error.kind, read.error.message]).toEqual([kind, message]);
  });

  test('a certificate cut anywhere is an error, never an exception', () => {
    const bytes = Buffer.from(leaf.der, 'base64');
    for (let length = 0; length < bytes.length; length++) {
      expect(parsePem(pemBlock('CERTIFICATE', bytes.subarray(0, length))).ok).toBe(false);
    }
  });

  test('keys', () => {
    expect(parseKeyPem(PEM)).toMatchObject({
      error: { message: 'line 1: a certificate where a private key should be' },
    });
    expect(parseKeyPem('hello')).toMatchObject({ error: { kind: 'not-pem' } });
    expect(parseKeyPem(pemBlock('ENCRYPTED PRIVATE KEY', Uint8Array.of(1)))).toMatchObject({
      error: { kind: 'unsupported-key' },
    });
    expect(parseKeyPem(pemBlock('EC PRIVATE KEY', Uint8Array.of(1)))).toMatchObject({
      error: { kind: 'unsupported-key' },
    });
  });
});
