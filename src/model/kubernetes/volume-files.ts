/** What a pod's volumes hold. */
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { Pod } from './objects.ts';
import { filesOf, podField } from './pod-sources.ts';
import type { SourceReader } from './pod-sources.ts';
import type { DownwardFile, Volume } from './volume.ts';

export type VolumeContent =
  /** By path relative to the volume; programs may only read them. */
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> }
  /** Empty at the start, and the pod's own. */
  | { readonly kind: 'scratch' }
  /** The node's own files under a path. */
  | { readonly kind: 'node'; readonly path: string };

/** Returns what a volume holds; an error in kubelet's words if it cannot be set up. */
export function volumeContent(pod: Pod, volume: Volume, read: SourceReader): Result<VolumeContent, string> {
  const files = (found: Result<Readonly<Record<string, string>>, string>): Result<VolumeContent, string> =>
    found.ok ? ok({ kind: 'files', files: found.value }) : found;
  const { configMap, secret, hostPath, downwardAPI, projected } = volume;
  if (configMap !== undefined) return files(filesOf('ConfigMap', configMap, read));
  if (secret !== undefined) return files(filesOf('Secret', { ...secret, name: secret.secretName }, read));
  if (hostPath !== undefined) return ok({ kind: 'node', path: hostPath.path });
  if (downwardAPI !== undefined) return files(ok(downwardFiles(pod, downwardAPI.items)));
  if (projected !== undefined) {
    const all: Record<string, string> = {};
    for (const source of projected.sources ?? []) {
      for (const [kind, wanted] of [
        ['ConfigMap', source.configMap],
        ['Secret', source.secret],
      ] as const) {
        if (wanted === undefined) continue;
        const found = filesOf(kind, wanted, read);
        if (!found.ok) return err(found.error);
        Object.assign(all, found.value);
      }
      Object.assign(all, downwardFiles(pod, source.downwardAPI?.items));
    }
    return files(ok(all));
  }
  return ok({ kind: 'scratch' });
}

/** Returns the first volume that cannot be set up, as kubelet reports it; null if all can. */
export function mountProblem(pod: Pod, read: SourceReader): string | null {
  for (const volume of pod.spec.volumes ?? []) {
    const content = volumeContent(pod, volume, read);
    if (!content.ok) return `MountVolume.SetUp failed for volume "${volume.name}" : ${content.error}`;
  }
  return null;
}

function downwardFiles(
  pod: Pod,
  items: readonly DownwardFile[] | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries((items ?? []).map(({ path, fieldRef }) => [path, podField(pod, fieldRef) ?? '']));
}
