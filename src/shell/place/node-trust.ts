/**
 * The authorities that a node trusts since update-ca-certificates took the proxy's certificates in (Azure/AgentBaker,
 * cse_config.sh, configureHTTPProxyCA): the public ones and those. Containers have files of their own.
 */
import type { Node } from '../../model/kubernetes/objects.ts';
import { distributionOf, nodeProxyCa } from './node-proxy-files.ts';
import type { Mounted } from './pod-volumes.ts';
import { AZURE_LINUX_BUNDLE, BUNDLE, trustFiles, type LateFiles } from './trust-files.ts';

/** Files that take a while to make; they are another time's if the version is another. */
export interface VersionedFiles {
  readonly version: string;
  readonly files: () => Promise<Readonly<Record<string, string>>>;
}

/** Returns the files that differ from those of the image; null without certificates of a proxy. */
export function nodeTrust(node: Node): VersionedFiles | null {
  const ca = nodeProxyCa(node);
  return ca === null ? null : { version: ca, files: () => filesWith(ca, distributionOf(node)) };
}

/** Returns the node's certificates as a pod finds them that mounts their folder, or a file of it, from the node. */
export function mountedTrust(node: Node, mounts: readonly Mounted[]): LateFiles {
  const ca = nodeProxyCa(node);
  const own = ca === null ? null : () => filesWith(ca, distributionOf(node));
  const isUbuntu = distributionOf(node) === 'Ubuntu';
  const present = { ...trustFiles(isUbuntu ? 'debian' : 'azure-linux') };
  if (own !== null) {
    for (const path of isUbuntu ? [BUNDLE, '/etc/ssl/certs/proxyCA.pem'] : [AZURE_LINUX_BUNDLE]) {
      present[path] = async () => (await own())[path] ?? '';
    }
  }
  return Object.fromEntries(
    mounts.flatMap(({ nodePath, mountPath }) =>
      nodePath === undefined
        ? []
        : Object.entries(present).flatMap(([path, text]): [string, () => Promise<string>][] =>
            path === nodePath || path.startsWith(`${nodePath}/`)
              ? [[`${mountPath === '/' ? '' : mountPath}${path.slice(nodePath.length)}`, text]]
              : [],
          ),
    ),
  );
}

async function filesWith(
  ca: string,
  distribution: 'Ubuntu' | 'AzureLinux',
): Promise<Readonly<Record<string, string>>> {
  const isUbuntu = distribution === 'Ubuntu';
  const bundle = isUbuntu ? BUNDLE : AZURE_LINUX_BUNDLE;
  const roots = await trustFiles(isUbuntu ? 'debian' : 'azure-linux')[bundle]?.();
  const end = ca.endsWith('\n') ? '' : '\n';
  const files: Record<string, string> = { [bundle]: `${roots ?? ''}${ca}${end}` };
  if (!isUbuntu) return files;
  files['/etc/ssl/certs/proxyCA.pem'] = ca;
  const [{ parsePem }, { nameHash }] = await Promise.all([
    import('../../model/certificates/pem.ts'),
    import('../../model/certificates/name-hash.ts'),
  ]);
  const parsed = parsePem(ca);
  // A file with several certificates gets no link (openssl rehash).
  const [only, ...more] = parsed.ok ? parsed.value : [];
  if (only !== undefined && more.length === 0) files[`/etc/ssl/certs/${nameHash(only.subject)}.0`] = ca;
  return files;
}
