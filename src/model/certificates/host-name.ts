/** Whether a certificate is for a host (RFC 6125), as OpenSSL and Go decide it. */
import type { Certificate } from './certificate.ts';
import { commonName } from './distinguished-name.ts';

/** Who compares: Go and urllib3 2 read no common name, OpenSSL and curl do if there is no name of a host beside it. */
export type NameRule = 'alternative-names-only' | 'common-name-if-none';

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

export function matchHost(certificate: Certificate, host: string, rule: NameRule): HostMatch {
  const names = certificate.subjectAlternativeNames ?? [];
  const kind = isAddress(host) ? 'ip' : 'dns';
  const wanted = host.replace(/\.$/, '').toLowerCase();
  const found = names.find((name) => name.kind === kind && isFor(name, wanted));
  if (found !== undefined) return { kind: 'matches', name: found.value, from: 'subjectAltName' };
  const subject = commonName(certificate.subject);
  // OpenSSL looks at the common name unless there is an alternative name of the kind it looks for.
  const readsSubject =
    rule === 'common-name-if-none' && kind === 'dns' && !names.some((name) => name.kind === 'dns');
  if (readsSubject && subject !== null) {
    if (isFor({ kind, value: subject }, wanted))
      return { kind: 'matches', name: subject, from: 'commonName' };
    return { kind: 'other-names', names: [subject], from: 'commonName' };
  }
  if (certificate.subjectAlternativeNames === null) return { kind: 'no-names', commonName: subject };
  return { kind: 'other-names', names: names.map(({ value }) => value), from: 'subjectAltName' };
}

function isFor(name: { readonly kind: 'dns' | 'ip'; readonly value: string }, wanted: string): boolean {
  const pattern = name.value.toLowerCase();
  if (name.kind === 'ip' || !pattern.startsWith('*.')) return pattern === wanted;
  // The star stands for one whole label, and two labels at least must follow it.
  const rest = pattern.slice(1);
  const [label = ''] = wanted.split('.', 1);
  return rest.split('.').length > 2 && label !== '' && wanted.slice(label.length) === rest;
}
