/** The certificates of `trustedCa`: read from whatever somebody has, checked, and encoded as the file wants them. */
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8 } from '../model/certificates/bytes.ts';
import type { Certificate, DistinguishedName } from '../model/certificates/certificate.ts';
import { certificateFromDer } from '../model/certificates/open-certificate.ts';
import { readBlocks, whatItIs } from '../model/certificates/pem-block.ts';
import { parsePem, toPem } from '../model/certificates/pem.ts';
import { sha256 } from '../model/certificates/sha256.ts';
import { finding } from './http-proxy-finding.ts';
import type { Finding } from './http-proxy-finding.ts';

export interface TrustedCa {
  readonly certificates: readonly Certificate[];
  /** Base64 of the certificates in PEM, each once, with nothing else; null where there is none. */
  readonly base64: string | null;
  /** As the value of the file would be, for the service's own checks: PEM in base64. */
  readonly asGiven: string;
  readonly findings: readonly Finding[];
}

const about = (severity: Finding['severity'], code: string, message: string, instead: string | null = null) =>
  finding(severity, 'trustedCa', code, message, instead);

/** What base64 of `-----BEGIN` begins with. */
const ENCODED_BEGIN = 'LS0tLS1CRUdJTi';

const ENCODE = 'base64 -w0 mitmproxy-ca-cert.pem';

/** Reads `trustedCa`. `from`: a field takes PEM too; in a file the value must be base64. */
export function readTrustedCa(text: string, from: 'field' | 'file'): TrustedCa {
  const findings: Finding[] = [];
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const nothing = (problem: Finding): TrustedCa => ({
    certificates: [],
    base64: null,
    asGiven: trimmed,
    findings: [...findings, problem],
  });
  if (trimmed.includes('-----BEGIN')) {
    if (from === 'file')
      findings.push(
        about('error', 'pem-not-base64', 'The value is PEM itself; the file wants base64 of it.', ENCODE),
      );
    return readPem(trimmed, findings, from === 'file' ? trimmed : toBase64(toUtf8(trimmed)));
  }
  // A file in DER that was read as text has lost bytes: the first one tells what it was.
  if (/^0[\u0080-\u00ff\ufffd]/.test(trimmed)) return nothing(der());
  const bytes = fromBase64(trimmed);
  if (!(bytes instanceof Uint8Array)) {
    const where =
      bytes.why === 'character' ? `character ${bytes.at + 1} is none of base64` : 'the base64 is cut short';
    return nothing(about('error', 'not-base64', `It is neither PEM nor base64 of PEM: ${where}.`, ENCODE));
  }
  if (bytes[0] === 0x30) return readBinary(bytes, trimmed, nothing);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return nothing(
      about(
        'error',
        'utf-16',
        'The base64 is of text in UTF-16, as some editors on Windows save it: save the PEM in UTF-8.',
      ),
    );
  const pem = fromUtf8(bytes);
  if (pem.trimStart().startsWith(ENCODED_BEGIN)) {
    findings.push(about('error', 'encoded-twice', 'It was encoded in base64 twice: once is wanted.', ENCODE));
    const inner = fromBase64(pem);
    return readPem(inner instanceof Uint8Array ? fromUtf8(inner) : '', findings, trimmed);
  }
  return readPem(pem, findings, trimmed);
}

const der = (): Finding =>
  about(
    'error',
    'der',
    'The certificate is in DER, the binary form: PEM is wanted.',
    'openssl x509 -inform der -in ca.cer -out ca.pem',
  );

function readBinary(bytes: Uint8Array, asGiven: string, nothing: (problem: Finding) => TrustedCa): TrustedCa {
  const read = certificateFromDer(bytes);
  if (!read.ok)
    return nothing(
      about(
        'error',
        'not-a-certificate',
        'It is base64 of something binary that is no certificate: perhaps a key, or a PKCS #12 file.',
        'openssl pkcs12 -in ca.p12 -nokeys -cacerts -out ca.pem',
      ),
    );
  return {
    certificates: [read.value],
    base64: encoded([read.value]),
    asGiven,
    findings: [der()],
  };
}

function readPem(pem: string, before: readonly Finding[], asGiven: string): TrustedCa {
  const findings = [...before];
  if (pem.includes('\r'))
    findings.push(
      about(
        'warning',
        'crlf',
        'Its lines end with CR LF, as Windows writes them. It still decodes; the file below has plain line ends.',
      ),
    );
  const blocks = readBlocks(pem);
  const labels = blocks.ok ? blocks.value.map(({ label }) => label) : [];
  if (labels.some((label) => label.endsWith('PRIVATE KEY')) || /PRIVATE KEY-----/.test(pem))
    findings.push(
      about(
        'error',
        'private-key',
        'THIS HOLDS A PRIVATE KEY. Whoever has the key of a CA can pretend to be any server for everyone who trusts it. Nothing was sent anywhere, and the file below does not hold it; but a key that was copied about is best replaced: make a new CA, and hand out mitmproxy-ca-cert.pem, never mitmproxy-ca.pem.',
      ),
    );
  for (const label of new Set(labels))
    if (!label.endsWith('PRIVATE KEY') && !label.endsWith('CERTIFICATE'))
      findings.push(
        about('error', 'other-block', `It also holds ${whatItIs(label)}; only certificates may be in it.`),
      );
  const read = parsePem(pem);
  if (!read.ok) {
    if (!findings.some(({ code }) => code === 'private-key') || read.error.kind !== 'wrong-block')
      findings.push(about('error', 'unreadable', `It cannot be read: ${read.error.message}.`, ENCODE));
    return { certificates: [], base64: null, asGiven, findings };
  }
  const certificates = read.value.filter(
    (each, index) => read.value.findIndex(({ der: other }) => other === each.der) === index,
  );
  if (certificates.length < read.value.length)
    findings.push(about('note', 'repeated', 'The same certificate stands in it more than once.'));
  return { certificates, base64: encoded(certificates), asGiven, findings };
}

const encoded = (certificates: readonly Certificate[]): string =>
  toBase64(toUtf8(certificates.map(toPem).join('')));

const DAY = 86_400;
/** Before a CA ends, nodes and images have to get another one: that takes a while. */
const SOON_DAYS = 60;

/** What is to be said of one certificate. `at`: seconds since the epoch; null: its dates are not judged. */
export function certificateFindings(certificate: Certificate, at: number | null): readonly Finding[] {
  const name = nameText(certificate.subject);
  const findings: Finding[] = [];
  const { basicConstraints, keyUsage, publicKey, subjectAlternativeNames } = certificate;
  if (basicConstraints?.ca !== true) {
    const isServer =
      subjectAlternativeNames !== null || certificate.extendedKeyUsage?.includes('serverAuth') === true;
    findings.push(
      about(
        'error',
        'not-a-ca',
        `${name} is no CA${basicConstraints === null ? ': it has no basicConstraints' : ' (CA:FALSE)'}. ${isServer ? 'It is the certificate of one server: ' : ''}What signs the certificates that clients see is wanted.`,
      ),
    );
    if (subjectAlternativeNames === null)
      findings.push(
        about(
          'error',
          'common-name-only',
          `${name} has no subjectAltName. As the certificate of a server Go refuses it: where the common name fits, with "x509: certificate relies on legacy Common Name field, use SANs instead", and otherwise, as for CN=*, with "x509: certificate is not valid for any names".`,
        ),
      );
  } else if (keyUsage !== null && !keyUsage.includes('keyCertSign')) {
    findings.push(
      about('error', 'cannot-sign', `${name} may not sign certificates: its keyUsage lacks keyCertSign.`),
    );
  }
  if (publicKey.kind === 'rsa' && publicKey.bits < 2048)
    findings.push(
      about(
        'warning',
        'short-key',
        `${name} has an RSA key of ${publicKey.bits} bits; OpenSSL on Ubuntu takes none below 2,048.`,
      ),
    );
  if (at !== null) findings.push(...dateFindings(certificate, name, at));
  return findings;
}

function dateFindings({ notBefore, notAfter }: Certificate, name: string, at: number): readonly Finding[] {
  if (at < notBefore)
    return [
      about('error', 'not-yet-valid', `${name} is valid from ${dayText(notBefore)}, which is yet to come.`),
    ];
  if (at > notAfter)
    return [
      about(
        'error',
        'expired',
        `${name} expired on ${dayText(notAfter)}. Nodes and pods refuse everything it signed.`,
      ),
    ];
  const days = Math.floor((notAfter - at) / DAY);
  return days > SOON_DAYS
    ? []
    : [
        about(
          'warning',
          'expires-soon',
          `${name} expires on ${dayText(notAfter)}, in ${days} ${days === 1 ? 'day' : 'days'}. Another one reaches the nodes by az aks update, which reimages them.`,
        ),
      ];
}

export const dayText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** As openssl prints it: `CN = mitmproxy, O = mitmproxy`. */
export function nameText(name: DistinguishedName): string {
  return name.length === 0 ? '(no name)' : name.map(({ type, value }) => `${type} = ${value}`).join(', ');
}

/** SHA-256 of the DER, in pairs of digits, as `openssl x509 -fingerprint -sha256` prints it. */
export function fingerprint({ der }: Certificate): string {
  const bytes = fromBase64(der);
  if (!(bytes instanceof Uint8Array)) throw new Error('a certificate holds its DER in base64');
  return (toHex(sha256(bytes)).toUpperCase().match(/../g) ?? []).join(':');
}
