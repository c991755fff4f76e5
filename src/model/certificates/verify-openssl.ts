/**
 * X509_verify_cert of OpenSSL 3.0 (crypto/x509/x509_vfy.c), with its order: the chain, extensions, the name, then
 * signatures and dates from the root down.
 */
import type { Certificate } from './certificate.ts';
import { isSameName } from './distinguished-name.ts';
import { matchHost } from './host-name.ts';
import { openCertificate } from './open-certificate.ts';
import { isCertificateSignedBy } from './signed-by.ts';
import type { TrustFault, TrustReader, TrustVerdict } from './verdict.ts';

interface Input {
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly host: string | null;
  readonly at: number;
  readonly reader: Exclude<TrustReader, 'go'>;
  /** Takes any trusted certificate as an anchor, as `-partial_chain` does; curl does so anyway. */
  readonly partial?: 'partial';
}

export type OpensslInput = Input;

/** What OpenSSL tells its caller on the way, who may go on after a fault as `s_client` does. */
export type VerifyEvent =
  | { readonly kind: 'fault'; readonly fault: TrustFault }
  /** What follows from a fault that was said before, where one goes on after it. */
  | {
      readonly kind: 'consequence';
      readonly certificate: Certificate;
      readonly depth: number;
      readonly reason: { readonly code: number; readonly text: string };
    }
  | { readonly kind: 'passes'; readonly certificate: Certificate; readonly depth: number }
  | Extract<TrustVerdict, { kind: 'undetermined' }>;

export function verifyAsOpenssl(input: Input): TrustVerdict {
  for (const event of opensslEvents(input)) {
    if (event.kind === 'fault') return event.fault;
    if (event.kind === 'undetermined') return event;
  }
  // curl compares the name itself, once OpenSSL is content.
  const name = input.reader === 'curl' ? nameFault(input) : null;
  return name ?? { kind: 'trusted', path: buildChain(input).path };
}

export function* opensslEvents(input: Input): Generator<VerifyEvent, void, undefined> {
  const { path, fault } = buildChain(input);
  const asFault = (each: TrustFault): VerifyEvent => ({ kind: 'fault', fault: each });
  if (fault !== null) yield asFault(fault);
  yield* extensionFaults(path, input.reader).map(asFault);
  const name = input.reader === 'curl' ? null : nameFault(input);
  if (name !== null) yield asFault(name);
  yield* signaturesAndDates(path, input);
}

const takesPartialChains = ({ reader, partial }: Pick<Input, 'reader' | 'partial'>): boolean =>
  reader === 'curl' || partial === 'partial';

/** Returns the chain as far as it could be built, and how many of it came from the server and not from the store. */
export function opensslPath(input: Input): {
  readonly path: readonly Certificate[];
  readonly untrusted: number;
} {
  const { path } = buildChain(input);
  const untrusted = path.findIndex(
    (each, depth) => (depth > 0 || path.length === 1) && isAmong(input.trusted, each),
  );
  return { path, untrusted: untrusted < 0 ? path.length : untrusted };
}

type Built = { readonly path: readonly Certificate[]; readonly fault: TrustFault | null };

/** Trusted certificates come first; a chain ends at a trusted root, or for curl at any trusted certificate. */
function buildChain({ leaf, others, trusted, at, ...how }: Input): Built {
  // CURLSSLOPT_NO_PARTIALCHAIN is off: curl has taken partial chains since 7.68.0.
  const partial = takesPartialChains(how);
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
      const fault: TrustFault =
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
function extensionFaults(path: readonly Certificate[], reader: Input['reader']): readonly TrustFault[] {
  const faults: TrustFault[] = [];
  for (const [depth, certificate] of path.entries()) {
    const where = depth === path.length - 1 ? 'last' : 'between';
    if (depth > 0 && !maySign(certificate, where)) faults.push({ kind: 'not-a-ca', certificate, depth });
    if (reader !== 'openssl-verify' && !isForServers(certificate, depth))
      faults.push({ kind: 'wrong-purpose', certificate, depth });
    const limit = certificate.basicConstraints?.pathLength ?? null;
    const between = path.slice(1, depth).filter((each) => !isSameName(each.subject, each.issuer)).length;
    if (depth > 1 && limit !== null && between > limit)
      faults.push({ kind: 'path-too-long', certificate, depth });
  }
  return faults;
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
function isForServers(certificate: Certificate, depth: number): boolean {
  const { extendedKeyUsage, keyUsage } = certificate;
  if (extendedKeyUsage !== null && !extendedKeyUsage.includes('serverAuth')) return false;
  if (depth > 0) return maySign(certificate, 'last');
  return keyUsage === null || keyUsage.some((usage) => FOR_TLS.includes(usage));
}

const FOR_TLS = ['digitalSignature', 'keyEncipherment', 'keyAgreement'];

function nameFault({ leaf, host, reader }: Input): TrustFault | null {
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

/** X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: nobody knows the issuer of the only certificate. */
const UNVERIFIED_LEAF = { code: 21, text: 'unable to verify the first certificate' };
/** X509_V_ERR_KEYUSAGE_NO_CERTSIGN. */
const NO_CERT_SIGN = { code: 32, text: 'key usage does not include certificate signing' };

/** internal_verify, from the root down. */
function* signaturesAndDates(
  path: readonly Certificate[],
  { at, ...how }: Input,
): Generator<VerifyEvent, void, undefined> {
  const top = path.length - 1;
  const last = path[top];
  const isWhole = last !== undefined && (isSelfIssued(last) || takesPartialChains(how));
  if (!isWhole && last !== undefined && top === 0)
    yield { kind: 'consequence', certificate: last, depth: 0, reason: UNVERIFIED_LEAF };
  // An issuer that is not a root itself was taken for what it signed, and is looked at no more.
  for (let depth = isWhole || top === 0 ? top : top - 1; depth >= 0; depth--) {
    const certificate = path[depth];
    const issuer = path[depth + 1];
    if (certificate === undefined) continue;
    const signature = issuer === undefined ? 'good' : isCertificateSignedBy(certificate, issuer);
    if (issuer?.keyUsage?.includes('keyCertSign') === false)
      yield { kind: 'consequence', certificate: issuer, depth: depth + 1, reason: NO_CERT_SIGN };
    if (signature !== 'good' && signature.kind === 'undetermined') {
      yield { ...signature, certificate, depth };
      return;
    }
    if (signature !== 'good')
      yield { kind: 'fault', fault: { kind: 'bad-signature', why: signature.why, certificate, depth } };
    if (at < certificate.notBefore)
      yield { kind: 'fault', fault: { kind: 'not-yet-valid', certificate, depth } };
    else if (at > certificate.notAfter)
      yield { kind: 'fault', fault: { kind: 'expired', certificate, depth } };
    yield { kind: 'passes', certificate, depth };
  }
}
