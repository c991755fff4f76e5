import { describe, expect, test } from 'vitest';
import { serverCertificates } from '../../../../src/model/certificates/public-authority.ts';
import {
  curlError,
  curlFailure,
  goError,
  pythonError,
  type TrustFault,
} from '../../../../src/model/certificates/trust-words.ts';

const AT = 1_790_000_000;
const [certificate] = serverCertificates('www.example.test', AT);
const decided = { certificate, depth: 0 };
const mismatch = (host: string): TrustFault => ({
  kind: 'name-mismatch',
  ...decided,
  host,
  names: ['www.example.test'],
  from: 'subjectAltName',
});
const common: TrustFault = { ...mismatch('a.test'), names: ['*'], from: 'commonName' } as TrustFault;
const signature: TrustFault = { kind: 'bad-signature', why: 'padding', ...decided };

describe('words that depend on the version', () => {
  // The branches of lib/vtls/openssl.c and src/tool_operate.c of the tags curl-7_81_0, curl-8_5_0 and curl-8_14_1.
  test.each([
    [
      '7.81',
      mismatch('a.test'),
      "SSL: no alternative certificate subject name matches target host name 'a.test'",
    ],
    [
      '8.5',
      mismatch('10.0.0.4'),
      "SSL: no alternative certificate subject name matches target host name '10.0.0.4'",
    ],
    [
      '8.14',
      mismatch('a.test'),
      "SSL: no alternative certificate subject name matches target hostname 'a.test'",
    ],
    [
      '8.14',
      mismatch('10.0.0.4'),
      "SSL: no alternative certificate subject name matches target ipv4 address '10.0.0.4'",
    ],
    ['8.5', common, "SSL: certificate subject name '*' does not match target host name 'a.test'"],
    ['8.14', common, "SSL: certificate subject name '*' does not match target hostname 'a.test'"],
    ['7.81', signature, 'error:0200008A:rsa routines::invalid padding'],
    ['8.5', signature, 'OpenSSL/3.0.13: error:0200008A:rsa routines::invalid padding'],
  ])('curl %s', (curl, fault, message) => {
    expect(curlFailure(fault, { curl, openssl: '3.0.13' }).message).toBe(message);
  });

  test('curl calls its page a web page until 8.9', () => {
    const fault: TrustFault = { kind: 'self-signed', ...decided };
    expect(curlError(fault, { curl: '8.5', openssl: '3.0.13' })).toContain('visit the web page mentioned');
    expect(curlError(fault, { curl: '8.14', openssl: '3.5.1' })).toContain('visit the webpage mentioned');
  });

  test('Go has a prefix since 1.20', () => {
    const fault: TrustFault = { kind: 'unknown-issuer', candidate: null, ...decided };
    const words = 'x509: certificate signed by unknown authority';
    expect(goError(fault, AT)).toBe(`tls: failed to verify certificate: ${words}`);
    expect(goError(fault, AT, 'before-1.20')).toBe(words);
  });

  test('Python names the line of its source', () => {
    expect(pythonError({ kind: 'expired', ...decided }, 1000)).toBe(
      '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1000)',
    );
  });
});
