/** The files that say which authorities a machine or an image trusts. */
import { nameHash } from '../../model/certificates/name-hash.ts';
import { toPem } from '../../model/certificates/pem.ts';
import { publicRoot } from '../../model/certificates/public-authority.ts';

/** Where a distribution keeps them. */
export type TrustLayout =
  /** Debian and Ubuntu with the package ca-certificates. */
  | 'debian'
  /** Alpine with ca-certificates-bundle only: a bundle, and nothing to change it with. */
  | 'alpine-bundle'
  /** Alpine with the package ca-certificates. */
  | 'alpine'
  /** Azure Linux, as in Fedora. */
  | 'azure-linux';

export const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
export const AZURE_LINUX_BUNDLE = '/etc/pki/tls/certs/ca-bundle.crt';

/** The public root as the distributions' packages name it. */
const ROOT_FILE = 'WTS_Root_R1';

let texts: { readonly pem: string; readonly hash: string } | null = null;
const root = (): { readonly pem: string; readonly hash: string } =>
  (texts ??= { pem: toPem(publicRoot()), hash: nameHash(publicRoot().subject) });

/** Returns the files as the distribution's packages leave them. */
export function trustFiles(layout: TrustLayout): Readonly<Record<string, string>> {
  const { pem, hash } = root();
  const conf = `# This file lists certificates that you wish to use or to ignore to be\n# installed in /etc/ssl/certs.\nmozilla/${ROOT_FILE}.crt\n`;
  switch (layout) {
    case 'debian':
    case 'alpine':
      return {
        [BUNDLE]: pem,
        [`/etc/ssl/certs/${ROOT_FILE}.pem`]: pem,
        [`/etc/ssl/certs/${hash}.0`]: pem,
        [`/usr/share/ca-certificates/mozilla/${ROOT_FILE}.crt`]: pem,
        '/etc/ca-certificates.conf': conf,
        ...(layout === 'alpine' ? { '/etc/ssl/cert.pem': pem } : {}),
      };
    case 'alpine-bundle':
      return { [BUNDLE]: pem, '/etc/ssl/cert.pem': pem };
    case 'azure-linux':
      return {
        [AZURE_LINUX_BUNDLE]: pem,
        '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem': pem,
      };
  }
}
