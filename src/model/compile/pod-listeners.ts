/** What listens in a pod or on a machine, as far as its images and programs are known. */
import type { Listener as Program } from '../azure/resources.ts';
import { packagedServer } from '../http-service.ts';
import { parseAddress } from '../ip/address.ts';
import { podListeners } from '../kubernetes/images.ts';
import type { Pod, PodSpec } from '../kubernetes/objects.ts';
import type { Listener } from '../network/network.ts';

export interface PodListeners {
  readonly listeners: readonly Listener[];
  readonly unknown: string | null;
  readonly assumedProgram?: string;
}

/** What a path says of a port of which nobody knows whether something listens there. */
export const ASSUMED_PROGRAM = 'a program that is assumed to listen there';

const NOT_STARTED: PodListeners = { listeners: [], unknown: null };

/** Containers never change, and pods of one template mostly share them, so the answer is kept with the object. */
const byObject = new WeakMap<PodSpec['containers'], PodListeners>();

export function listenersOf(pod: Pod): PodListeners {
  if (pod.status.phase !== 'Running') return NOT_STARTED;
  const known = byObject.get(pod.spec.containers);
  if (known !== undefined) return known;
  const found = podListeners(pod.spec);
  const isAssumed = found.kind === 'unknown' && pod.simulation?.programs === 'assumed';
  const value: PodListeners = {
    listeners: found.listeners.map(listenerOf),
    unknown: found.kind === 'unknown' && !isAssumed ? found.reason : null,
    ...(isAssumed ? { assumedProgram: ASSUMED_PROGRAM } : {}),
  };
  byObject.set(pod.spec.containers, value);
  return value;
}

/** Returns a program's listener, which takes connections on every address of its host unless it says which. */
export function listenerOf({
  protocol,
  port,
  program,
  application,
  http,
  proxy,
  address,
}: Program): Listener {
  const service = http ?? (application === 'http' ? packagedServer(program) : undefined);
  const bound = address === undefined ? null : parseAddress(address);
  return {
    protocol,
    port,
    address: bound === null || !bound.ok ? null : bound.value,
    program,
    ...(service === undefined ? {} : { http: service }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
