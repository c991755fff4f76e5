/** Which hosts a registry sends a client to that pulls an image, in the order in which they are asked. */
import type { Limit } from './limit.ts';

export type PullStep =
  /** The manifest of the tag. */
  | 'manifest'
  /** A token for somebody without a password. */
  | 'token'
  /** The layers. */
  | 'blob';

export interface RegistryHost {
  /** `<region>` stands for where the client is. */
  readonly host: string;
  readonly step: PullStep;
}

/** By the registry's name in image references. A registry that is not listed does it all itself. */
export const REGISTRY_HOSTS: Limit<Readonly<Record<string, readonly RegistryHost[]>>> = {
  value: {
    'docker.io': [
      { host: 'registry-1.docker.io', step: 'manifest' },
      { host: 'auth.docker.io', step: 'token' },
      { host: 'production.cloudflare.docker.com', step: 'blob' },
    ],
    'mcr.microsoft.com': [
      { host: 'mcr.microsoft.com', step: 'manifest' },
      { host: '<region>.data.mcr.microsoft.com', step: 'blob' },
    ],
    'quay.io': [
      { host: 'quay.io', step: 'manifest' },
      { host: 'cdn01.quay.io', step: 'blob' },
    ],
    'ghcr.io': [
      { host: 'ghcr.io', step: 'manifest' },
      { host: 'pkg-containers.githubusercontent.com', step: 'blob' },
    ],
  },
  source:
    'Allowlist for Docker Desktop, https://docs.docker.com/desktop/setup/allow-list/; Microsoft Artifact Registry client firewall rules, https://github.com/microsoft/containerregistry/blob/main/docs/client-firewall-rules.md; Firewall ports and CDN of Quay, https://access.redhat.com/articles/6999582; Working with the Container registry, https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry',
  read: '2026-11-23',
  note: 'A registry may hand out layers from further hosts (Docker Hub from Cloudflare R2 or Amazon S3, quay.io from cdn02 to cdn06, registry.k8s.io and Azure Container Registry from storage of the cloud they are in): one each is asked here, and none of the last two.',
};

/** Where layers and manifests of a registry come from that is not in the list above. */
export function hostsOfRegistry(registry: string, region: string): readonly RegistryHost[] {
  const hosts = REGISTRY_HOSTS.value[registry] ?? [{ host: registry, step: 'manifest' as const }];
  return hosts.map(({ host, step }) => ({ host: host.replace('<region>', region), step }));
}
