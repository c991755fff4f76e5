/** Whether a certificate is for a host (RFC 6125), as each library decides it. */
import type { Certificate } from './certificate.ts';
import { commonName } from './distinguished-name.ts';
import type { TrustReader } from './verdict.ts';

export type HostMatch =
  | { readonly kind: 'matches'; readonly name: string; readonly from: 'subjectAltName' | 'commonName' }
  /** There are names (or a common name that is read), and none is the host's. */
  | {
      readonly kind: 'other-names';
      readonly names: readonly string[];
      readonly from: 'subjectAltName' | 'commonName';
    }
  /** There is at most a common name, which is not read. */
  | { readonly kind: 'no-names'; readonly commonName: string | null };

export const isAddress = (host: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(':');

export function matchHost(certificate: Certificate, host: string, reader: TrustReader): HostMatch {
  const names = certificate.subjectAlternativeNames ?? [];
  const kind = isAddress(host) ? 'ip' : 'dns';
  const wanted = host.replace(/\.$/, '').toLowerCase();
  const found = names.find((name) =>
    name.kind !== kind
      ? false
      : kind === 'ip'
        ? name.value.toLowerCase() === wanted
        : isPatternOf(name.value, wanted, reader),
  );
  if (found !== undefined) return { kind: 'matches', name: found.value, from: 'subjectAltName' };
  const subject = commonName(certificate.subject);
  if (subject !== null && readsCommonName(certificate, kind, reader))
    return isPatternOf(subject, wanted, reader)
      ? { kind: 'matches', name: subject, from: 'commonName' }
      : { kind: 'other-names', names: [subject], from: 'commonName' };
  if (certificate.subjectAlternativeNames === null) return { kind: 'no-names', commonName: subject };
  return { kind: 'other-names', names: names.map(({ value }) => value), from: 'subjectAltName' };
}

function readsCommonName(certificate: Certificate, kind: 'dns' | 'ip', reader: TrustReader): boolean {
  const names = certificate.subjectAlternativeNames ?? [];
  switch (reader) {
    // Since Go 1.17 nothing brings it back; urllib3 2 sets hostname_checks_common_name to False.
    case 'go':
    case 'python-requests':
      return false;
    // do_x509_check: unless there is a name of the kind, and never for addresses.
    case 'openssl':
    case 'openssl-verify':
    case 'python':
      return kind === 'dns' && !names.some((name) => name.kind === 'dns');
    // Curl_ossl_verifyhost: unless there is a name or an address.
    case 'curl':
      return names.length === 0;
  }
}

/**
 * A star stands for one whole label, the first; OpenSSL and curl want two more labels behind it, Go does not. OpenSSL
 * itself takes a star at the beginning or the end of that label too (valid_star, wildcard_match).
 */
export function isPatternOf(pattern: string, host: string, reader: TrustReader): boolean {
  const labels = pattern.toLowerCase().replace(/\.$/, '').split('.');
  const wanted = host.split('.');
  if (reader === 'openssl' || reader === 'openssl-verify') {
    const [start, end, ...more] = (labels[0] ?? '').split('*');
    if (end !== undefined && more.length === 0 && (start === '' || end === '') && labels.length > 2)
      return (
        labels.length === wanted.length &&
        labels.slice(1).join('.') === wanted.slice(1).join('.') &&
        isStarred(wanted[0] ?? '', start ?? '', end)
      );
    return labels.join('.') === host;
  }
  if (labels[0] !== '*' || (reader !== 'go' && labels.length < 3)) return labels.join('.') === host;
  return (
    labels.length === wanted.length &&
    wanted[0] !== '' &&
    labels.slice(1).join('.') === wanted.slice(1).join('.')
  );
}

/** A whole label has a character at least; a part of one may be empty, and no label in Punycode has parts. */
function isStarred(label: string, start: string, end: string): boolean {
  if (start === '' && end === '') return label !== '';
  if (label.startsWith('xn--')) return false;
  return label.length >= start.length + end.length && label.startsWith(start) && label.endsWith(end);
}
