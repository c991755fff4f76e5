/** What `openssl x509 -text` of OpenSSL 3.0 prints (crypto/x509/t_x509.c). */
import { fromHex, fromInteger, toHex } from './bytes.ts';
import type { Certificate, DistinguishedName } from './certificate.ts';
import { extensionText } from './extension-text.ts';
import { byteLines, nameOneLine, timeText } from './name-text.ts';
import { openCertificate, type OpenCertificate } from './open-certificate.ts';
import type { RawExtension } from './extension.ts';

export function certificateText(certificate: Certificate): string {
  const parts = openCertificate(certificate);
  const extensions =
    parts.extensions.length === 0
      ? ''
      : `        X509v3 extensions:\n${extensionLines(parts.extensions, 12)}`;
  return (
    'Certificate:\n    Data:\n' +
    `        Version: ${parts.version} (0x${parts.version - 1})\n` +
    `        Serial Number:${serialLines(certificate.serialNumber)}\n` +
    `        Signature Algorithm: ${certificate.signatureAlgorithm}\n` +
    `        Issuer: ${nameOneLine(certificate.issuer)}\n` +
    '        Validity\n' +
    `            Not Before: ${timeText(certificate.notBefore)}\n` +
    `            Not After : ${timeText(certificate.notAfter)}\n` +
    certificateTextHead(certificate.subject) +
    publicKeyLines(certificate.publicKey, parts) +
    extensions +
    signatureLines(certificate.signatureAlgorithm, parts.signature)
  );
}

/** The subject, and the head of its key. */
export const certificateTextHead = (subject: DistinguishedName): string =>
  `        Subject: ${nameOneLine(subject)}\n        Subject Public Key Info:\n`;

export function signatureLines(algorithm: string, signature: Uint8Array): string {
  return (
    `    Signature Algorithm: ${algorithm}\n    Signature Value:\n` +
    `${byteLines(signature, 18, '        ')}\n`
  );
}

/** A number that fits in a long in decimal and hexadecimal; a longer one byte by byte. */
function serialLines(serial: string): string {
  const digits = serial.replace('-', '');
  const value = BigInt(`0x${digits}`);
  const sign = serial.startsWith('-') ? '-' : '';
  if (value < 1n << 63n) return ` ${sign}${value} (${sign}0x${value.toString(16)})`;
  const bytes = fromInteger(value);
  return `\n            ${sign === '' ? '' : '(Negative)'}${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
}

/** The public key as in a certificate and in a request. */
export function publicKeyLines(
  key: Certificate['publicKey'],
  { publicKeyBits }: Pick<OpenCertificate, 'publicKeyBits'>,
): string {
  if (key.kind === 'rsa') {
    return (
      '            Public Key Algorithm: rsaEncryption\n' +
      `                Public-Key: (${key.bits} bit)\n` +
      `                Modulus:\n${modulusLines(key.modulus, 20)}\n` +
      `                Exponent: ${key.exponent} (0x${key.exponent.toString(16)})\n`
    );
  }
  const curve = key.algorithm === 'id-ecPublicKey' ? CURVES[key.bits ?? 0] : undefined;
  const bytes = byteLines(publicKeyBits, 15, ' '.repeat(20));
  if (curve !== undefined)
    return (
      '            Public Key Algorithm: id-ecPublicKey\n' +
      `                Public-Key: (${key.bits} bit)\n                pub:\n${bytes}\n` +
      `                ASN1 OID: ${curve[0]}\n                NIST CURVE: ${curve[1]}\n`
    );
  if (key.algorithm === 'ED25519')
    return `            Public Key Algorithm: ED25519\n                ED25519 Public-Key:\n                pub:\n${bytes}\n`;
  return `            Public Key Algorithm: ${key.algorithm}\n            Unable to load Public Key\n`;
}

const CURVES: Readonly<Record<number, readonly [string, string]>> = {
  256: ['prime256v1', 'P-256'],
  384: ['secp384r1', 'P-384'],
  521: ['secp521r1', 'P-521'],
};

/** With a byte of zero before a number whose first bit is set. */
export function modulusLines(modulus: string, indent: number): string {
  const bytes = fromHex(modulus);
  const signed = (bytes[0] ?? 0) & 0x80 ? fromHex(`00${toHex(bytes)}`) : bytes;
  return byteLines(signed, 15, ' '.repeat(indent));
}

export function extensionLines(extensions: readonly RawExtension[], indent: number): string {
  return extensions
    .map((extension) => {
      const { name, lines } = extensionText(extension);
      const head = `${' '.repeat(indent)}${name}: ${extension.critical ? 'critical' : ''}\n`;
      return head + lines.map((line) => `${' '.repeat(indent + 4)}${line}\n`).join('');
    })
    .join('');
}
