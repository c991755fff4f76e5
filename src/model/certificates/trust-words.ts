/** What programs say when they do not trust a server. */
import type { Certificate } from './certificate.ts';
import { commonName } from './distinguished-name.ts';
import { isAddress, isPatternOf } from './host-name.ts';
import type { SignatureFault, TrustFault } from './verdict.ts';

export type { TrustFault } from './verdict.ts';

/** A result of OpenSSL's verification: `X509_V_ERR_…` of x509_vfy.h and its text of OpenSSL 3.0 (x509_txt.c). */
export interface OpensslReason {
  readonly code: number;
  readonly text: string;
}

export function opensslReason(fault: TrustFault): OpensslReason {
  switch (fault.kind) {
    case 'unknown-root':
      return { code: 2, text: 'unable to get issuer certificate' };
    case 'bad-signature':
      return { code: 7, text: 'certificate signature failure' };
    case 'not-yet-valid':
      return { code: 9, text: 'certificate is not yet valid' };
    case 'expired':
      return { code: 10, text: 'certificate has expired' };
    case 'self-signed':
      return { code: 18, text: 'self-signed certificate' };
    case 'self-signed-in-chain':
      return { code: 19, text: 'self-signed certificate in certificate chain' };
    case 'unknown-issuer':
      return { code: 20, text: 'unable to get local issuer certificate' };
    case 'path-too-long':
      return { code: 25, text: 'path length constraint exceeded' };
    case 'wrong-purpose':
      return { code: 26, text: 'unsuitable certificate purpose' };
    case 'name-mismatch':
    case 'no-names':
      return isAddress(fault.host)
        ? { code: 64, text: 'IP address mismatch' }
        : { code: 62, text: 'hostname mismatch' };
    case 'not-a-ca':
      return { code: 79, text: 'invalid CA certificate' };
    case 'no-certificate':
      return { code: 1, text: 'unspecified certificate verification error' };
  }
}

/**
 * Returns curl's sentence without `curl: (60) `, as `-v` has it after `* ` too: lib/vtls/openssl.c of the version, which
 * is major and minor, such as `7.81`.
 */
export function curlReason(fault: TrustFault, version: string): string {
  if (fault.kind === 'no-names') return 'SSL: unable to obtain common name from peer certificate';
  if (fault.kind !== 'name-mismatch') return `SSL certificate problem: ${opensslReason(fault).text}`;
  const { host, names, from } = fault;
  if (from === 'commonName') {
    const target = isAtLeast(version, 8, 9) ? 'hostname' : 'host name';
    return `SSL: certificate subject name '${names[0] ?? ''}' does not match target ${target} '${host}'`;
  }
  // From 8.7.0 it says whether it looked for a name or an address.
  const address = isAddress(host) ? (host.includes(':') ? 'ipv6 address' : 'ipv4 address') : null;
  const target = !isAtLeast(version, 8, 7)
    ? 'host name'
    : (address ?? (isAtLeast(version, 8, 9) ? 'hostname' : 'host name'));
  return `SSL: no alternative certificate subject name matches target ${target} '${host}'`;
}

/** How curl ends because of a certificate, and its sentence without `curl: (60) `. */
export interface CurlFailure {
  readonly exit: 35 | 60;
  readonly message: string;
}

/** The versions of curl (`8.5`, `7.81.0`) and of the OpenSSL that it was built with (`3.0.13`). */
export interface CurlBuild {
  readonly curl: string;
  readonly openssl: string;
}

/**
 * Returns how curl ends. A signature that is wrong is no problem of the certificate to it: the first error of OpenSSL's
 * queue is that of RSA, so it ends with 35 and OpenSSL's words, before which it puts the version since 7.87.
 */
export function curlFailure(fault: TrustFault, { curl, openssl }: CurlBuild): CurlFailure {
  if (fault.kind !== 'bad-signature') return { exit: 60, message: curlReason(fault, curl) };
  const prefix = isAtLeast(curl, 7, 87) ? `OpenSSL/${openssl}: ` : '';
  return { exit: 35, message: `${prefix}error:${RSA_ERRORS[fault.why]}` };
}

/** ERR_error_string_n of RSA_R_… (include/openssl/rsaerr.h). */
const RSA_ERRORS: Readonly<Record<SignatureFault, string>> = {
  'too-large': '02000084:rsa routines::data too large for modulus',
  padding: '0200008A:rsa routines::invalid padding',
  digest: '02000068:rsa routines::bad signature',
};

/** Returns all that curl writes to stderr. */
export function curlError(fault: TrustFault, build: CurlBuild): string {
  const { exit, message } = curlFailure(fault, build);
  if (exit === 35) return `curl: (35) ${message}\n`;
  const page = isAtLeast(build.curl, 8, 9) ? 'webpage' : 'web page';
  return (
    `curl: (60) ${message}\n` +
    'More details here: https://curl.se/docs/sslcerts.html\n\n' +
    'curl failed to verify the legitimacy of the server and therefore could not\n' +
    'establish a secure connection to it. To learn more about this situation and\n' +
    `how to fix it, please visit the ${page} mentioned above.\n`
  );
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}

/** Go before 1.20 has no prefix. */
export type GoVersion = 'before-1.20' | '1.20-and-later';

/** Returns Go's error at a time in seconds since the epoch; crypto/tls put a prefix before it in 1.20. */
export function goError(fault: TrustFault, at: number, version: GoVersion = '1.20-and-later'): string {
  const prefix = version === '1.20-and-later' ? 'tls: failed to verify certificate: ' : '';
  return prefix + goReason(fault, at);
}

/** crypto/x509/verify.go. */
function goReason(fault: TrustFault, at: number): string {
  switch (fault.kind) {
    case 'self-signed':
    case 'self-signed-in-chain':
    case 'unknown-root':
    case 'bad-signature':
      return UNKNOWN_AUTHORITY;
    case 'unknown-issuer':
      return UNKNOWN_AUTHORITY + goHint(fault.candidate);
    case 'expired':
    case 'not-yet-valid': {
      const { notBefore, notAfter } = fault.certificate;
      const now = rfc3339(at);
      const detail = fault.kind === 'expired' ? `after ${rfc3339(notAfter)}` : `before ${rfc3339(notBefore)}`;
      return `x509: certificate has expired or is not yet valid: current time ${now} is ${detail}`;
    }
    case 'not-a-ca':
      return 'x509: certificate is not authorized to sign other certificates';
    case 'path-too-long':
      return 'x509: too many intermediates for path length constraint';
    case 'wrong-purpose':
      return 'x509: certificate specifies an incompatible key usage';
    case 'name-mismatch':
    case 'no-names':
      return goHostnameError(fault.certificate, fault.host);
    case 'no-certificate':
      return 'tls: received empty certificates message';
  }
}

const UNKNOWN_AUTHORITY = 'x509: certificate signed by unknown authority';

function goHint(candidate: Extract<TrustFault, { kind: 'unknown-issuer' }>['candidate']): string {
  if (candidate === null) return '';
  const why =
    candidate.why === 'signature'
      ? 'crypto/rsa: verification error'
      : 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  const { subject, serialNumber } = candidate.certificate;
  const organisation = subject.find(({ type }) => type === 'O')?.value;
  const name = commonName(subject) ?? organisation ?? `serial:${BigInt(`0x${serialNumber}`).toString()}`;
  return ` (possibly because of ${JSON.stringify(why)} while trying to verify candidate authority certificate ${JSON.stringify(name)})`;
}

/**
 * HostnameError. The common name is only compared to choose the words: a certificate for `*` without alternative names
 * is for no name at all in the words of Go, except where the host has one label.
 */
function goHostnameError(certificate: Certificate, host: string): string {
  const subject = commonName(certificate.subject);
  const names = certificate.subjectAlternativeNames;
  if (names === null && subject !== null && isPatternOf(subject, host.toLowerCase(), 'go'))
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  const kind = isAddress(host) ? 'ip' : 'dns';
  const own = (names ?? []).filter((each) => each.kind === kind).map(({ value }) => value);
  if (kind === 'ip' && own.length === 0)
    return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  if (own.length === 0) return `x509: certificate is not valid for any names, but wanted to match ${host}`;
  return `x509: certificate is valid for ${own.join(', ')}, not ${host}`;
}

const rfc3339 = (at: number): string => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * Returns Python's error as `ssl.SSLCertVerificationError` prints it after its errno; the line of _ssl.c is that of the
 * version, 1007 in Python 3.10 and 1000 in 3.12.
 */
export function pythonError(fault: TrustFault, line: number): string {
  const reason =
    fault.kind === 'name-mismatch' || fault.kind === 'no-names'
      ? `${isAddress(fault.host) ? 'IP address mismatch' : 'Hostname mismatch'}, certificate is not valid for '${fault.host}'.`
      : opensslReason(fault).text;
  return `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ${reason} (_ssl.c:${line})`;
}
