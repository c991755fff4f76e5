/** A certificate authority for tests: a certificate that signs itself, as `openssl req -x509` makes one. */
import { issueCertificate } from '../../src/model/certificates/issue.ts';
import { keyToPem } from '../../src/model/certificates/key-pem.ts';
import { toPem } from '../../src/model/certificates/pem.ts';
import { makeKey } from '../../src/model/certificates/rsa.ts';

export interface TestAuthority {
  /** In PEM. */
  readonly certificate: string;
  readonly key: string;
}

const YEAR = 365 * 86_400;

/** Valid for ten years around `at`, in seconds since the epoch, unless said otherwise. */
export function authority(
  name: string,
  at: number,
  { notAfter = at + 10 * YEAR }: { readonly notAfter?: number } = {},
): TestAuthority {
  const key = makeKey(name);
  const subject = [{ type: 'CN', value: name }];
  const certificate = issueCertificate({
    serialNumber: '01',
    subject,
    issuer: subject,
    notBefore: at - YEAR,
    notAfter,
    publicKey: key,
    signedWith: key,
    extensions: [
      { kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: null },
      { kind: 'keyUsage', critical: 'critical', usages: ['keyCertSign', 'cRLSign'] },
    ],
  });
  return { certificate: toPem(certificate), key: keyToPem(key) };
}

/** Returns text as `base64 -w0` prints it. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
