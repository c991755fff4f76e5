/** Certificates in PEM. */
import { err, ok, type Result } from '../result.ts';
import { fromBase64 } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import { certificateFromDer } from './open-certificate.ts';
import { pemBlock, readBlocks, whatItIs, type CertificateProblem } from './pem-block.ts';

export type { CertificateProblem } from './pem-block.ts';

/** Labels that OpenSSL takes for a certificate. */
const LABELS = ['CERTIFICATE', 'X509 CERTIFICATE'];

/**
 * Reads the certificates of a text, in its order; keys between them are passed over, as in `mitmproxy-ca.pem`. A text
 * without any certificate is an error that says what it is instead.
 */
export function parsePem(text: string): Result<readonly Certificate[], CertificateProblem> {
  const blocks = readBlocks(text);
  if (!blocks.ok) return err(blocks.error);
  const certificates: Certificate[] = [];
  for (const block of blocks.value) {
    if (!LABELS.includes(block.label)) continue;
    const read = certificateFromDer(block.bytes);
    if (!read.ok)
      return err({
        kind: 'der',
        line: block.line,
        message: `the certificate at line ${block.line}: byte ${read.error.offset} ${read.error.message}`,
      });
    certificates.push(read.value);
  }
  const first = blocks.value[0];
  if (certificates.length > 0) return ok(certificates);
  if (first !== undefined)
    return err({
      kind: 'wrong-block',
      line: first.line,
      message: `line ${first.line}: ${whatItIs(first.label)} where a certificate should be`,
    });
  return err({ kind: 'not-pem', line: null, message: notPem(text) });
}

/** What people really paste instead. */
function notPem(text: string): string {
  const compact = text.replace(/\s/g, '');
  if (compact === '') return 'it is empty';
  if (compact.startsWith('LS0tLS1CRUdJTi'))
    return 'it is PEM encoded in base64 once more (it begins with LS0tLS1CRUdJTi): decode it first';
  if (compact.startsWith('MII') && fromBase64(compact) instanceof Uint8Array)
    return 'it is base64 without the lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----';
  if (/^\s*0[\u0080-\u00ff\ufffd]/.test(text))
    return 'it is DER, not PEM: there is no line -----BEGIN CERTIFICATE-----';
  return 'there is no line -----BEGIN CERTIFICATE-----';
}

export function toPem(certificate: Certificate): string {
  const bytes = fromBase64(certificate.der);
  if (!(bytes instanceof Uint8Array)) throw new Error('the DER of a certificate is not base64');
  return pemBlock('CERTIFICATE', bytes);
}
