/**
 * X509_verify_cert of OpenSSL 3.0 (crypto/x509/x509_vfy.c), with its order: the chain, extensions, the name, then
 * signatures and dates from the root down.
 */
import type { Certificate } from './certificate.ts';
import { isSameName } from './distinguished-name.ts';
import { matchHost } from './host-name.ts';
import { openCertificate } from './open-certificate.ts';
import { isCertificateSignedBy } from './signed-by.ts';
import type { TrustReader, TrustVerdict } from './verdict.ts';

interface Input {
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly host: string | null;
  readonly at: number;
  readonly reader: Exclude<TrustReader, 'go'>;
}

export function verifyAsOpenssl(input: Input): TrustVerdict {
  const built = buildChain(input);
  if (built.fault !== null) return built.fault;
  const { path } = built;
  const beforeSignatures =
    extensionFault(path, input.reader) ?? (input.reader === 'curl' ? null : nameFault(input));
  if (beforeSignatures !== null) return beforeSignatures;
  const fault = signatureOrDateFault(path, input.at);
  if (fault !== null) return fault;
  // curl compares the name itself, once OpenSSL is content.
  const name = input.reader === 'curl' ? nameFault(input) : null;
  return name ?? { kind: 'trusted', path };
}

type Built = { readonly path: readonly Certificate[]; readonly fault: TrustVerdict | null };

/** Trusted certificates come first; a chain ends at a trusted root, or for curl at any trusted certificate. */
function buildChain({ leaf, others, trusted, at, reader }: Input): Built {
  // CURLSSLOPT_NO_PARTIALCHAIN is off: curl has taken partial chains since 7.68.0.
  const partial = reader === 'curl';
  const path: Certificate[] = [leaf];
  const left = [...others];
  let untrusted = 1;
  for (;;) {
    const last = path.at(-1) ?? leaf;
    const depth = path.length - 1;
    const done = (): Built => ({ path, fault: null });
    if (partial && isAmong(trusted, last)) return done();
    if (isSelfIssued(last)) {
      if (isAmong(trusted, last)) return done();
      const kind = depth === 0 ? 'self-signed' : 'self-signed-in-chain';
      return { path, fault: { kind, certificate: last, depth } };
    }
    const anchor = issuerAmong(trusted, last, at);
    if (anchor !== null && !path.includes(anchor)) {
      path.push(anchor);
      continue;
    }
    const sent = path.length === untrusted ? issuerAmong(left, last, at) : null;
    if (sent === null) {
      const fault: TrustVerdict =
        path.length > untrusted
          ? { kind: 'unknown-root', certificate: last, depth }
          : { kind: 'unknown-issuer', certificate: last, depth, candidate: null };
      return { path, fault };
    }
    left.splice(left.indexOf(sent), 1);
    path.push(sent);
    untrusted++;
  }
}

const isAmong = (certificates: readonly Certificate[], one: Certificate): boolean =>
  certificates.some(({ der }) => der === one.der);

export const isSelfIssued = (certificate: Certificate): boolean => issued(certificate, certificate);

/** Whether it can be the issuer by name and key identifier (ossl_x509_likely_issued). */
function issued(issuer: Certificate, certificate: Certificate): boolean {
  return (
    isSameName(issuer.subject, certificate.issuer) &&
    (certificate.authorityKeyIdentifier === null ||
      issuer.subjectKeyIdentifier === null ||
      certificate.authorityKeyIdentifier === issuer.subjectKeyIdentifier)
  );
}

/** Of several, one that is valid now; else the one that stays valid longest. */
function issuerAmong(
  candidates: readonly Certificate[],
  certificate: Certificate,
  at: number,
): Certificate | null {
  const all = candidates.filter((each) => issued(each, certificate));
  const valid = all.find(({ notBefore, notAfter }) => notBefore <= at && at <= notAfter);
  return valid ?? [...all].sort((one, other) => other.notAfter - one.notAfter)[0] ?? null;
}

/** check_extensions. */
function extensionFault(path: readonly Certificate[], reader: Input['reader']): TrustVerdict | null {
  for (const [depth, certificate] of path.entries()) {
    if (depth > 0 && !maySign(certificate, depth === path.length - 1 ? 'last' : 'between'))
      return { kind: 'not-a-ca', certificate, depth };
    if (reader !== 'openssl-verify' && !isForServers(certificate, depth))
      return { kind: 'wrong-purpose', certificate, depth };
    const limit = certificate.basicConstraints?.pathLength ?? null;
    const between = path.slice(1, depth).filter((each) => !isSameName(each.subject, each.issuer)).length;
    if (depth > 1 && limit !== null && between > limit) return { kind: 'path-too-long', certificate, depth };
  }
  return null;
}

/**
 * check_ca. The last of a chain may lack basicConstraints, if its keyUsage says that it signs certificates or if it is
 * a root of version 1.
 */
function maySign(certificate: Certificate, where: 'between' | 'last'): boolean {
  if (certificate.keyUsage?.includes('keyCertSign') === false) return false;
  if (certificate.basicConstraints !== null) return certificate.basicConstraints.ca;
  if (where === 'between') return false;
  return (
    certificate.keyUsage !== null || (openCertificate(certificate).version === 1 && isSelfIssued(certificate))
  );
}

/** check_purpose_ssl_server: anyExtendedKeyUsage is not enough for it. */
function isForServers({ extendedKeyUsage, keyUsage }: Certificate, depth: number): boolean {
  if (extendedKeyUsage !== null && !extendedKeyUsage.includes('serverAuth')) return false;
  return depth > 0 || keyUsage === null || keyUsage.some((usage) => FOR_TLS.includes(usage));
}

const FOR_TLS = ['digitalSignature', 'keyEncipherment', 'keyAgreement'];

function nameFault({ leaf, host, reader }: Input): TrustVerdict | null {
  if (host === null) return null;
  const match = matchHost(leaf, host, reader);
  const at = { certificate: leaf, depth: 0, host };
  switch (match.kind) {
    case 'matches':
      return null;
    case 'no-names':
      return { kind: 'no-names', ...at, commonName: match.commonName };
    case 'other-names':
      return { kind: 'name-mismatch', ...at, names: match.names, from: match.from };
  }
}

function signatureOrDateFault(path: readonly Certificate[], at: number): TrustVerdict | null {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const certificate = path[depth];
    const issuer = path[depth + 1];
    if (certificate === undefined) continue;
    const signature = issuer === undefined ? 'good' : isCertificateSignedBy(certificate, issuer);
    if (signature === 'bad') return { kind: 'bad-signature', certificate, depth };
    if (signature !== 'good') return { ...signature, certificate, depth };
    if (at < certificate.notBefore) return { kind: 'not-yet-valid', certificate, depth };
    if (at > certificate.notAfter) return { kind: 'expired', certificate, depth };
  }
  return null;
}
