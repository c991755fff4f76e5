/** The volumes that a pod's containers have in their file systems. */
import type { Cloud } from '../../model/cloud.ts';
import type { Pod } from '../../model/kubernetes/objects.ts';
import { readerOf, readerOfStarted } from '../../model/kubernetes/pod-sources.ts';
import type { Volume, VolumeMount } from '../../model/kubernetes/volume.ts';
import { volumeContent } from '../../model/kubernetes/volume-files.ts';
import { containerOf } from './pod-environment.ts';
import { AZURE_LINUX_BUNDLE, BUNDLE } from './trust-files.ts';

type Files = Readonly<Record<string, string>>;

export interface Mounted {
  readonly mountPath: string;
  /** What is there: `scratch` is the pod's own, everything else follows its source. */
  readonly kind: 'following' | 'scratch';
  /** A folder hides what the image has there; a file of a sub-path only itself. */
  readonly covers: 'folder' | 'file';
  /** Whether programs may write there. */
  readonly access: 'read-only' | 'read-write';
  /** By absolute path. */
  readonly files: Files;
  /** The folder or file of the node that is there (hostPath). */
  readonly nodePath?: string;
}

/** Returns what is mounted in a container; `name` is that of `containerOf`. `nodeFiles` are those of the pod's node. */
export function mountsOf(
  cloud: Cloud,
  cluster: string,
  pod: Pod,
  name: string | undefined,
  nodeFiles: () => Files,
): readonly Mounted[] {
  const container = containerOf(pod, name);
  const state = cloud.kubernetes[cluster];
  if (container?.volumeMounts === undefined || state === undefined) return [];
  return container.volumeMounts.flatMap((mount) => {
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
    return volume === undefined ? [] : [oneMount(state, pod, volume, mount, nodeFiles)];
  });
}

function oneMount(
  state: Parameters<typeof readerOf>[0],
  pod: Pod,
  volume: Volume,
  mount: VolumeMount,
  nodeFiles: () => Files,
): Mounted {
  const mountPath = mount.mountPath.replace(/\/+$/, '') || '/';
  const subPath = mount.subPath?.replaceAll(/^\/+|\/+$/g, '') ?? '';
  // A sub-path is bound once, when the container starts: what the volume gets later is not seen there
  // (https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath).
  const read =
    subPath === ''
      ? readerOf(state, pod.metadata.namespace ?? 'default')
      : readerOfStarted(pod.simulation?.sources);
  const content = volumeContent(pod, volume, read);
  if (!content.ok) return { mountPath, kind: 'following', covers: 'folder', access: 'read-only', files: {} };
  switch (content.value.kind) {
    case 'scratch':
      return {
        mountPath,
        kind: 'scratch',
        covers: 'folder',
        access: mount.readOnly === true ? 'read-only' : 'read-write',
        files: {},
      };
    case 'files':
      return {
        mountPath,
        kind: 'following',
        access: 'read-only',
        ...placed(mountPath, subPath, content.value.files),
      };
    case 'node': {
      const root = content.value.path.replace(/\/+$/, '');
      const below = Object.entries(nodeFiles()).flatMap(([path, text]): [string, string][] =>
        path === root
          ? [['', text]]
          : path.startsWith(`${root}/`)
            ? [[path.slice(root.length + 1), text]]
            : [],
      );
      const nodePath = subPath === '' ? root : `${root}/${subPath}`;
      return {
        mountPath,
        kind: 'following',
        access: mount.readOnly === true ? 'read-only' : 'read-write',
        nodePath,
        ...placed(mountPath, subPath, Object.fromEntries(below)),
        // What a bundle holds is made when somebody reads it.
        ...([BUNDLE, AZURE_LINUX_BUNDLE].includes(nodePath) ? { covers: 'file' } : {}),
      };
    }
  }
}

/** Puts a volume's files, or those of a sub-path, where they are mounted; the path '' is a file itself. */
function placed(mountPath: string, subPath: string, files: Files): Pick<Mounted, 'covers' | 'files'> {
  const own = files[subPath];
  if (own !== undefined) return { covers: 'file', files: { [mountPath]: own } };
  const start = subPath === '' ? '' : `${subPath}/`;
  const below = Object.entries(files)
    .filter(([path]) => path.startsWith(start))
    .map(([path, text]) => [`${mountPath === '/' ? '' : mountPath}/${path.slice(start.length)}`, text]);
  return { covers: 'folder', files: Object.fromEntries(below) as Files };
}

/** Returns the files of an image that no mounted folder hides. */
export function notHidden<T>(
  files: Readonly<Record<string, T>>,
  mounts: readonly Mounted[],
): Readonly<Record<string, T>> {
  const folders = mounts.filter(({ covers }) => covers === 'folder').map(({ mountPath }) => mountPath);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !folders.some((folder) => isUnder(path, folder))),
  );
}

export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
