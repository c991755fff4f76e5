/** What listens in a pod, as far as its images are known. */
import { podListeners } from '../kubernetes/images.ts';
import type { Pod, PodSpec } from '../kubernetes/objects.ts';
import type { Listener } from '../network/network.ts';

export interface PodListeners {
  readonly listeners: readonly Listener[];
  readonly unknown: string | null;
}

const NOT_STARTED: PodListeners = { listeners: [], unknown: null };

/** Containers never change, and pods of one template mostly share them, so the answer is kept with the object. */
const byObject = new WeakMap<PodSpec['containers'], PodListeners>();

export function listenersOf(pod: Pod): PodListeners {
  if (pod.status.phase !== 'Running') return NOT_STARTED;
  const known = byObject.get(pod.spec.containers);
  if (known !== undefined) return known;
  const found = podListeners(pod.spec);
  const value: PodListeners = {
    listeners: found.listeners.map((each) => ({
      protocol: each.protocol,
      port: each.port,
      address: null,
      program: each.program,
    })),
    unknown: found.kind === 'unknown' ? found.reason : null,
  };
  byObject.set(pod.spec.containers, value);
  return value;
}
