import type { Certificate } from './certificate.ts';
import { openCertificate } from './open-certificate.ts';
import { signatureFault } from './rsa.ts';
import type { SignatureFault } from './verdict.ts';

/** What can be said of a signature: other algorithms than RSA with SHA-256 are not followed. */
export type SignatureVerdict =
  | 'good'
  | { readonly kind: 'bad'; readonly why: SignatureFault }
  | { readonly kind: 'undetermined'; readonly why: string };

const checked = new WeakMap<Certificate, WeakMap<Certificate, SignatureVerdict>>();

/** Reports whether the certificate was signed with the key of the other one. */
export function isCertificateSignedBy(certificate: Certificate, issuer: Certificate): SignatureVerdict {
  const known = checked.get(certificate)?.get(issuer);
  if (known !== undefined) return known;
  const verdict = check(certificate, issuer);
  const ofThis = checked.get(certificate) ?? new WeakMap<Certificate, SignatureVerdict>();
  ofThis.set(issuer, verdict);
  checked.set(certificate, ofThis);
  return verdict;
}

function check(certificate: Certificate, issuer: Certificate): SignatureVerdict {
  if (certificate.signatureAlgorithm !== 'sha256WithRSAEncryption')
    return undetermined(`signatures with ${certificate.signatureAlgorithm} are not simulated`);
  if (issuer.publicKey.kind !== 'rsa') return { kind: 'bad', why: 'padding' };
  const key = {
    modulus: BigInt(`0x${issuer.publicKey.modulus}`),
    exponent: BigInt(issuer.publicKey.exponent),
  };
  const { signedPart, signature } = openCertificate(certificate);
  const why = signatureFault(key, signedPart, signature);
  return why === null ? 'good' : { kind: 'bad', why };
}

const undetermined = (why: string): SignatureVerdict => ({ kind: 'undetermined', why });
