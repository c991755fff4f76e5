/** Certificate.Verify of Go (crypto/x509/verify.go): the server's own dates, its name, then every possible chain. */
import type { Certificate } from './certificate.ts';
import { matchHost } from './host-name.ts';
import { openCertificate } from './open-certificate.ts';
import { toHex } from './bytes.ts';
import { isCertificateSignedBy } from './signed-by.ts';
import type { CandidateFault, TrustVerdict } from './verdict.ts';

interface Input {
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly host: string | null;
  readonly at: number;
}

export function verifyAsGo(input: Input): TrustVerdict {
  const { leaf, trusted, at } = input;
  const dates = dateFault(leaf, at);
  if (dates !== null) return { kind: dates, certificate: leaf, depth: 0 };
  const name = nameFault(leaf, input.host);
  if (name !== null) return name;
  const verdict: TrustVerdict = trusted.some(({ der }) => der === leaf.der)
    ? { kind: 'trusted', path: [leaf] }
    : chainsFrom([leaf], input);
  if (verdict.kind !== 'trusted') return verdict;
  // The purpose counts for every certificate of the chain (ExtKeyUsageServerAuth).
  const wrong = verdict.path.findLastIndex(
    ({ extendedKeyUsage }) =>
      extendedKeyUsage !== null &&
      !extendedKeyUsage.some((purpose) => purpose === 'serverAuth' || purpose === 'anyExtendedKeyUsage'),
  );
  return wrong < 0
    ? verdict
    : { kind: 'wrong-purpose', certificate: verdict.path[wrong] ?? leaf, depth: wrong };
}

function nameFault(leaf: Certificate, host: string | null): TrustVerdict | null {
  if (host === null) return null;
  const match = matchHost(leaf, host, 'go');
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

function chainsFrom(path: readonly Certificate[], input: Input): TrustVerdict {
  const certificate = path.at(-1) ?? input.leaf;
  const depth = path.length - 1;
  const faults: TrustVerdict[] = [];
  let candidate: { readonly certificate: Certificate; readonly why: CandidateFault } | null = null;
  const candidates = [
    ...parents(input.trusted, certificate).map((parent) => ({ parent, root: true })),
    ...parents(input.others, certificate).map((parent) => ({ parent, root: false })),
  ];
  for (const { parent, root } of candidates) {
    if (path.some(({ der }) => der === parent.der)) continue;
    const why = signingFault(certificate, parent);
    if (why !== null && typeof why !== 'string') return { ...why, certificate, depth };
    if (why !== null) {
      candidate ??= { certificate: parent, why };
      continue;
    }
    const dates = dateFault(parent, input.at);
    if (dates !== null) {
      faults.push({ kind: dates, certificate: parent, depth: depth + 1 });
      continue;
    }
    // isValid: an intermediate of version 1 may sign, and is no CA.
    if (!root && parent.basicConstraints?.ca !== true) {
      faults.push({ kind: 'not-a-ca', certificate: parent, depth: depth + 1 });
      continue;
    }
    const limit = parent.basicConstraints?.pathLength ?? null;
    if (limit !== null && depth > limit) {
      faults.push({ kind: 'path-too-long', certificate: parent, depth: depth + 1 });
      continue;
    }
    const further: TrustVerdict = root
      ? { kind: 'trusted', path: [...path, parent] }
      : chainsFrom([...path, parent], input);
    if (further.kind === 'trusted' || further.kind === 'undetermined') return further;
    faults.push(further);
  }
  return faults.at(-1) ?? { kind: 'unknown-issuer', certificate, depth, candidate };
}

/** By name, byte for byte; those with the right key identifier first, then those without, then the others. */
function parents(pool: readonly Certificate[], certificate: Certificate): readonly Certificate[] {
  const wanted = toHex(openCertificate(certificate).issuerDer);
  const rank = ({ subjectKeyIdentifier: own }: Certificate): number => {
    if (own === null || certificate.authorityKeyIdentifier === null) return 1;
    return own === certificate.authorityKeyIdentifier ? 0 : 2;
  };
  return pool
    .filter((each) => toHex(openCertificate(each).subjectDer) === wanted)
    .sort((one, other) => rank(one) - rank(other));
}

/** CheckSignatureFrom. */
function signingFault(
  certificate: Certificate,
  parent: Certificate,
): CandidateFault | { readonly kind: 'undetermined'; readonly why: string } | null {
  if (openCertificate(parent).version === 3 && parent.basicConstraints?.ca !== true) return 'not-a-ca';
  if (parent.keyUsage?.includes('keyCertSign') === false) return 'not-a-ca';
  const signature = isCertificateSignedBy(certificate, parent);
  if (signature === 'good') return null;
  return signature.kind === 'bad' ? 'signature' : signature;
}

function dateFault({ notBefore, notAfter }: Certificate, at: number): 'expired' | 'not-yet-valid' | null {
  return at < notBefore ? 'not-yet-valid' : at > notAfter ? 'expired' : null;
}
