/**
 * The volume with the service account's token that the API server's ServiceAccount admission adds to each pod
 * (kubernetes plugin/pkg/admission/serviceaccount). It follows from the pod, so it is not stored: only printed.
 */
import type { Pod } from '../../model/kubernetes/objects.ts';
import type { Volume, VolumeProjection } from '../../model/kubernetes/volume.ts';

interface PrintedProjection extends VolumeProjection {
  readonly serviceAccountToken?: { readonly expirationSeconds: number; readonly path: string };
}

export interface PrintedVolume extends Omit<Volume, 'projected'> {
  readonly projected?: { readonly sources?: readonly PrintedProjection[]; readonly defaultMode?: number };
}

export const PRINTED_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** An hour, and some seconds by which the server tells such tokens apart. */
const TOKEN_SECONDS = 3607;
/** Of names that the server makes: no vowels, nothing that looks like something else. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Returns the volume of a pod that the server has stored. */
export function serviceAccountVolume({ metadata }: Pod): PrintedVolume {
  const digits = metadata.uid.replaceAll('-', '');
  const suffix = [0, 1, 2, 3, 4].map((at) => {
    const drawn = Number.parseInt(digits.slice(at * 4, at * 4 + 4), 16);
    return ALPHABET[(Number.isNaN(drawn) ? at : drawn) % ALPHABET.length] ?? 'b';
  });
  return {
    name: `kube-api-access-${suffix.join('')}`,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        {
          configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
        },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  };
}

/** Returns the spec as the server has it, with the volume. */
export function withServiceAccount(pod: Pod): object {
  // What only kubectl has seen has no volume yet.
  if ((pod.metadata.uid as string | undefined) === undefined) return pod.spec;
  const volume = serviceAccountVolume(pod);
  const mount = { name: volume.name, mountPath: PRINTED_MOUNT_PATH, readOnly: true };
  return {
    ...pod.spec,
    containers: pod.spec.containers.map((container) => ({
      ...container,
      volumeMounts: [...(container.volumeMounts ?? []), mount],
    })),
    volumes: [...(pod.spec.volumes ?? []), volume],
  };
}
