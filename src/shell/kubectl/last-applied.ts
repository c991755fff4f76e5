import type { Manifest } from '../../model/kubernetes/manifest.ts';

/** Where `kubectl apply` finds what it sent last time, to know what a new manifest leaves out. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function withLastApplied(manifest: Manifest): Manifest {
  const annotations = {
    ...manifest.metadata.annotations,
    [LAST_APPLIED]: `${JSON.stringify(manifest)}\n`,
  };
  // The union's members differ in their spec only; metadata is the same for all of them.
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
