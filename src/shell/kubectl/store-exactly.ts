/** Replacing an object: what the new one leaves out is gone, labels and annotations too. */
import {
  applyObject,
  changeAnnotations,
  changeLabels,
  findObject,
  type Applied,
} from '../../model/kubernetes/apply.ts';
import type { Cloud } from '../../model/cloud.ts';
import { kubernetesOf, objectKey, type KubernetesObject } from '../../model/kubernetes/cluster-state.ts';
import type { KubernetesError } from '../../model/kubernetes/kubernetes-error.ts';
import type { Manifest } from '../../model/kubernetes/manifest.ts';
import { ok, type Result } from '../../model/result.ts';
import type { Target } from './command.ts';

/** The server keeps it on every namespace. */
const SERVER_LABEL = 'kubernetes.io/metadata.name';
/** Controllers own theirs; a manifest that was written by hand has none of them. */
const CONTROLLER_ANNOTATION = 'deployment.kubernetes.io/revision';

export function storeExactly(
  cloud: Cloud,
  { cluster }: Target,
  manifest: Manifest,
  before: KubernetesObject,
): Result<Applied, KubernetesError> {
  const applied = applyObject(cloud, cluster, manifest);
  if (!applied.ok) return applied;
  const key = objectKey(manifest.metadata);
  const gone = (had: object | undefined, has: object | undefined, kept: string) =>
    Object.fromEntries(
      Object.keys(had ?? {})
        .filter((name) => name !== kept && !Object.hasOwn(has ?? {}, name))
        .map((name) => [name, null]),
    );
  const labels = gone(before.metadata.labels, manifest.metadata.labels, SERVER_LABEL);
  const annotations = gone(before.metadata.annotations, manifest.metadata.annotations, CONTROLLER_ANNOTATION);
  let next = applied.value.cloud;
  for (const [change, changes] of [
    [changeLabels, labels],
    [changeAnnotations, annotations],
  ] as const) {
    if (Object.keys(changes).length === 0) continue;
    const changed = change(next, cluster, manifest.kind, key, changes);
    if (!changed.ok) return changed;
    next = changed.value;
  }
  if (next === applied.value.cloud) return applied;
  const object = findObject(kubernetesOf(next, cluster), manifest.kind, key) ?? applied.value.object;
  return ok({ cloud: next, outcome: 'configured', object });
}
