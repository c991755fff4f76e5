/** Images on a node, and pulling one by hand, as `crictl pull` does. */
import { pathToRegistry } from '../aks/registry-path.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, withKubernetes } from './cluster-state.ts';
import { containerdError } from './image-pulls.ts';
import { readImageReference } from './image-reference.ts';
import type { Node } from './objects.ts';

/** Returns the cloud after the pull; an error in containerd's words, without `rpc error`, where it fails. */
export function pullByHand(
  cloud: Cloud,
  cluster: ArmKey,
  node: Node,
  image: string,
): { readonly cloud: Cloud; readonly error: string | null } {
  const reference = readImageReference(image);
  const path = pathToRegistry(cloud, cluster, node, reference.registry);
  if (path.kind === 'denied') return { cloud, error: containerdError(reference, path) };
  const images = node.simulation?.images ?? [];
  if (node.simulation === undefined || images.includes(reference.full)) return { cloud, error: null };
  const state = kubernetesOf(cloud, cluster);
  const next: Node = {
    ...node,
    simulation: { ...node.simulation, images: [...images, reference.full] },
  };
  const nodes = { ...state.nodes, [node.metadata.name]: next };
  return { cloud: withKubernetes(cloud, cluster, { ...state, nodes }), error: null };
}

/** Returns the images that a node is known to have, as containerd writes them, sorted. */
export function imagesOn(cloud: Cloud, cluster: ArmKey, node: Node): readonly string[] {
  const images = new Set(node.simulation?.images);
  for (const pod of Object.values(kubernetesOf(cloud, cluster).pods)) {
    if (pod.spec.nodeName !== node.metadata.name) continue;
    for (const { image, state } of pod.status.containerStatuses ?? []) {
      const isThere =
        state !== undefined && (!('waiting' in state) || state.waiting.reason === 'CrashLoopBackOff');
      if (isThere) images.add(readImageReference(image).full);
    }
  }
  return [...images].sort();
}
