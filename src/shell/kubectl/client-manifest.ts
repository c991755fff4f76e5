import type { Manifest } from '../../model/kubernetes/manifest.ts';
import type { PodSpec } from '../../model/kubernetes/objects.ts';
import type { ApiObject } from './resource-types.ts';

/**
 * Returns what `--dry-run=client -o yaml` prints: the object as kubectl would send it, with the empty
 * structures that Go's encoder writes. The namespace is there only if `-n` named it. No server has seen it, so it has no uid, times or addresses.
 */
export function clientManifest(manifest: Manifest, namespace: 'kept' | 'dropped'): ApiObject {
  const { namespace: _namespace, ...metadata } = manifest.metadata;
  const printed = {
    ...withEmptyStructures(manifest),
    metadata: namespace === 'kept' ? manifest.metadata : metadata,
  };
  // Only printed: the server's fields are absent on purpose.
  return printed as unknown as ApiObject;
}

function withEmptyStructures(manifest: Manifest): object {
  switch (manifest.kind) {
    case 'Namespace':
      return { ...manifest, spec: {}, status: {} };
    case 'ConfigMap':
    case 'Secret':
    case 'NetworkPolicy':
      return manifest;
    case 'Pod':
      return {
        ...manifest,
        spec: { dnsPolicy: 'ClusterFirst', ...withResources(manifest.spec) },
        status: {},
      };
    case 'Service':
      return { ...manifest, status: { loadBalancer: {} } };
    case 'Deployment':
    case 'DaemonSet':
    case 'ReplicaSet': {
      const { template } = manifest.spec;
      return {
        ...manifest,
        spec: {
          ...manifest.spec,
          ...(manifest.kind === 'Deployment' ? { strategy: {} } : {}),
          template: { ...template, spec: withResources(template.spec) },
        },
        status: {},
      };
    }
  }
}

function withResources(spec: PodSpec): PodSpec {
  return { ...spec, containers: spec.containers.map((container) => ({ resources: {}, ...container })) };
}
