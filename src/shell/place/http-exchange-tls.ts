/** TLS as a client meets it: which certificates a server shows, and what it picks of ALPN. */
import type { Certificate } from '../../model/certificates/certificate.ts';
import { CLUSTER_AUTHORITY, clusterAuthorityKey } from '../../model/certificates/cluster-authority.ts';
import { isAddress } from '../../model/certificates/host-name.ts';
import { issueCertificate, keyIdentifier } from '../../model/certificates/issue.ts';
import { serverCertificates } from '../../model/certificates/public-authority.ts';
import { makeKey } from '../../model/certificates/rsa.ts';
import { findInternetHost } from '../../model/outside-host.ts';
import type { Server } from './attempt.ts';
import type { NetworkView } from './network-view.ts';

/** What a server shows in the handshake. */
export interface TlsEnd {
  /** The server's own first. */
  readonly chain: readonly Certificate[];
  /** What it picks where the client offers both; `http/1.1` where it does not. */
  readonly protocol: 'h2' | 'http/1.1';
}

const DAY = 86_400;

/** Returns what a server shows to a client that names `serverName` in its ClientHello; empty for one that names none. */
export function tlsEndOf(view: NetworkView, server: Server, serverName: string): TlsEnd {
  const at = view.cloud.now;
  if (server.application === 'kubernetes-api') return { chain: apiServerChain(view, server), protocol: 'h2' };
  if (server.http?.transport === 'tls') return { chain: [selfSigned(server, at)], protocol: 'http/1.1' };
  return { chain: serverCertificates(nameOf(view, server, serverName), at), protocol: 'http/1.1' };
}

/** Which of its names a server on the internet answers with: the one that is asked for, if it is its own, else the first. */
function nameOf(view: NetworkView, server: Server, serverName: string): string {
  const host = findInternetHost(view.cloud, server.label.replace(/^host\//, ''));
  const names = [...(host?.dnsNames ?? []), ...(host?.name.includes('.') === true ? [host.name] : [])];
  const wanted = serverName.toLowerCase();
  const own = names.find((each) => each.toLowerCase() === wanted) ?? names[0];
  return own ?? server.address;
}

/** As agnhost and others make them when they start: by themselves, for a name of their own. */
function selfSigned({ label, hostname }: Server, at: number): Certificate {
  const key = makeKey(`self-signed ${label}`);
  const from = Math.floor(at / (365 * DAY)) * 365 * DAY;
  const subject = [{ type: 'CN', value: hostname }];
  return issueCertificate({
    serialNumber: '01',
    subject,
    issuer: subject,
    notBefore: from,
    notAfter: from + 3650 * DAY,
    publicKey: key,
    signedWith: key,
    extensions: [
      { kind: 'subjectAltName', names: [{ kind: isAddress(hostname) ? 'ip' : 'dns', value: hostname }] },
    ],
  });
}

/** Signed by the cluster's CA, which nobody outside the cluster has. */
function apiServerChain(view: NetworkView, server: Server): readonly Certificate[] {
  const at = view.cloud.now;
  const fqdn = server.label.replace(/^host\//, '');
  const authority = clusterAuthorityKey(fqdn);
  const key = makeKey(`API server ${fqdn}`);
  const from = Math.floor(at / (365 * DAY)) * 365 * DAY;
  const names = [
    fqdn,
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  return [
    issueCertificate({
      serialNumber: '02',
      subject: [
        { type: 'O', value: 'system:masters' },
        { type: 'CN', value: 'apiserver' },
      ],
      issuer: CLUSTER_AUTHORITY,
      notBefore: from,
      notAfter: from + 730 * DAY,
      publicKey: key,
      signedWith: authority,
      extensions: [
        { kind: 'keyUsage', usages: ['digitalSignature', 'keyEncipherment'], critical: 'critical' },
        { kind: 'extendedKeyUsage', purposes: ['serverAuth'] },
        { kind: 'authorityKeyIdentifier', identifier: keyIdentifier(authority) },
        {
          kind: 'subjectAltName',
          names: [
            ...names.map((value) => ({ kind: 'dns' as const, value })),
            { kind: 'ip' as const, value: server.address },
          ],
        },
      ],
    }),
  ];
}
