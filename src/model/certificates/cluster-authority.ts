/** The CA of one cluster: what its API server's certificate is signed with, and nobody outside the cluster trusts. */
import type { Certificate, DistinguishedName } from './certificate.ts';
import { issueCertificate, keyIdentifier } from './issue.ts';
import { makeKey, type PrivateKey } from './rsa.ts';

/** As AKS names it. */
export const CLUSTER_AUTHORITY: DistinguishedName = [{ type: 'CN', value: 'ca' }];

const DAY = 86_400;
/** AKS makes it for thirty years (https://learn.microsoft.com/azure/aks/certificate-rotation, read 2026-11-23). */
const LIFETIME_DAYS = 30 * 365;

/** Returns the key of a cluster's CA; `fqdn` is the API server's. */
export function clusterAuthorityKey(fqdn: string): PrivateKey {
  return makeKey(`cluster CA ${fqdn}`);
}

/** Returns the certificate of the CA that a cluster gets when it is made; `at` in seconds since the epoch. */
export function clusterAuthority(fqdn: string, at: number): Certificate {
  const key = clusterAuthorityKey(fqdn);
  return issueCertificate({
    serialNumber: '01',
    subject: CLUSTER_AUTHORITY,
    issuer: CLUSTER_AUTHORITY,
    notBefore: Math.floor(at),
    notAfter: Math.floor(at) + LIFETIME_DAYS * DAY,
    publicKey: key,
    signedWith: key,
    extensions: [
      {
        kind: 'keyUsage',
        critical: 'critical',
        usages: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
      },
      { kind: 'basicConstraints', critical: 'critical', ca: true, pathLength: null },
      { kind: 'subjectKeyIdentifier', identifier: keyIdentifier(key) },
    ],
  });
}
