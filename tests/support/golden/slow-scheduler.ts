/** Chooses a node by looking at every one of them: the slow, obvious twin of `openQueue`. */
import type { PodSpec } from '../../../src/model/kubernetes/objects.ts';
import { openQueue } from '../../../src/model/kubernetes/scheduler.ts';
import type { NodeLoad } from '../../../src/model/kubernetes/scheduler.ts';

/** Returns the node with the fewest pods of the owner, then the fewest pods, then the first; null if none takes the pod. */
export function slowChoice(spec: PodSpec, owner: string, loads: readonly NodeLoad[]): NodeLoad | null {
  let best: NodeLoad | null = null;
  for (const load of loads) {
    // Of one node alone, the queue says only whether it takes the pod.
    if (openQueue(spec, owner, [load]).next() === null) continue;
    if (best === null || isBefore(score(load, owner), score(best, owner))) best = load;
  }
  return best;
}

function score(load: NodeLoad, owner: string): readonly number[] {
  const soft = (load.node.spec.taints ?? []).filter((taint) => taint.effect === 'PreferNoSchedule').length;
  return [soft, load.podsOfOwner.get(owner) ?? 0, load.pods];
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}
