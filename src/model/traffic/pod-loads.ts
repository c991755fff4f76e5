/** Load that pods make. It follows from the pods, so it is stored nowhere. */
import type { Cloud } from '../cloud.ts';
import type { Compiled } from '../compile/compile.ts';
import { directoryOf } from '../compile/directory.ts';
import { epochSeconds } from '../kubernetes/cluster-state.ts';
import { containerLoads } from '../kubernetes/container-load.ts';
import type { ContainerLoad } from '../kubernetes/container-load.ts';
import { staysUp } from '../kubernetes/load-generators.ts';
import type { Container, KubernetesState, Pod } from '../kubernetes/objects.ts';
import type { HostId } from '../network/network.ts';
import type { ConnectionLoad, TrafficRun } from '../snat/load.ts';
import { connectionLoad } from './connection-load.ts';
import { reachOf } from './reach.ts';
import type { Reached } from './reach.ts';

interface LoadedPod {
  /** `NAMESPACE/NAME`. */
  readonly key: string;
  readonly pod: Pod;
  readonly program: string;
  readonly load: ContainerLoad;
}

interface LoadedContainer {
  /** The container, and which of its programs if it has several. */
  readonly program: string;
  readonly load: ContainerLoad;
}

/** By the list that all pods of a template share: large clusters have few lists and many pods. */
const loadedContainers = new WeakMap<readonly Container[], readonly LoadedContainer[]>();
const NO_CONTAINERS: readonly LoadedContainer[] = [];

function containersWithLoad(containers: readonly Container[]): readonly LoadedContainer[] {
  let found = loadedContainers.get(containers);
  if (found === undefined) {
    const list = containers.flatMap((container): readonly LoadedContainer[] => {
      return containerLoads(container).map((load, at) => ({
        program: at === 0 ? container.name : `${container.name} ${at + 1}`,
        load,
      }));
    });
    found = list.length === 0 ? NO_CONTAINERS : list;
    loadedContainers.set(containers, found);
  }
  return found;
}

const NONE: readonly LoadedPod[] = [];
const loadedPods = new WeakMap<KubernetesState['pods'], readonly LoadedPod[]>();

function podsWithLoad(pods: KubernetesState['pods']): readonly LoadedPod[] {
  let found = loadedPods.get(pods);
  if (found === undefined) {
    const list: LoadedPod[] = [];
    for (const key in pods) {
      const pod = pods[key];
      if (pod === undefined) continue;
      for (const loaded of containersWithLoad(pod.spec.containers)) list.push({ key, pod, ...loaded });
    }
    found = list.length === 0 ? NONE : list;
    loadedPods.set(pods, found);
  }
  return found;
}

/** Reports whether any pod has a program that makes load. */
export function makesLoad(cloud: Cloud): boolean {
  return Object.values(cloud.kubernetes).some(({ pods }) => podsWithLoad(pods) !== NONE);
}

/** A pod whose program has run for as long as it was told to. */
export interface FinishedPod {
  readonly cluster: string;
  readonly pod: Pod;
  readonly at: number;
}

/** Returns the pods that are not started again and whose programs have all come to their end by `cloud.now`. */
export function finishedPods(cloud: Cloud): readonly FinishedPod[] {
  return Object.entries(cloud.kubernetes).flatMap(([cluster, { pods }]) => {
    const byPod = new Map<Pod, ContainerLoad[]>();
    for (const { pod, load } of podsWithLoad(pods)) {
      const found = byPod.get(pod);
      if (found === undefined) byPod.set(pod, [load]);
      else found.push(load);
    }
    return Array.from(byPod).flatMap(([pod, loads]): readonly FinishedPod[] => {
      if (pod.spec.containers.length !== 1 || pod.status.phase !== 'Running') return [];
      const ends = loads.map((load) => (load.then === 'sleeps' ? null : endOf(pod, load)));
      const at = ends.reduce((last, each) => (last === null || each === null ? null : Math.max(last, each)));
      return at !== null && at <= cloud.now ? [{ cluster, pod, at }] : [];
    });
  });
}

function startOf(pod: Pod, { startsAfter }: ContainerLoad): number {
  return epochSeconds(pod.status.startTime ?? pod.metadata.creationTimestamp) + startsAfter;
}

/** A container that is started again goes on; the pause before that is not simulated. */
function endOf(pod: Pod, own: ContainerLoad): number | null {
  const isOnce = own.then === 'sleeps' || (pod.spec.restartPolicy ?? 'Always') !== 'Always';
  const { seconds, againAfter } = own.load;
  return isOnce && seconds !== null && againAfter === undefined ? startOf(pod, own) + seconds : null;
}

/** A program of a pod on the network, without load on it. */
export interface PlacedLoad {
  readonly pod: Pod;
  /** Of the program, over all clusters and all pods of its name. */
  readonly name: string;
  readonly from: HostId;
  readonly load: ContainerLoad;
  readonly reached: Reached;
}

/** Returns the programs that make load, each with how far its connections get. */
export function placedLoads(cloud: Cloud, unloaded: Compiled): readonly PlacedLoad[] {
  if (!makesLoad(cloud)) return [];
  const directory = directoryOf(unloaded);
  const byLabel = new Map(directory.pods.map((each) => [each.label, each]));
  const byNode = new Map(directory.nodes.map((each) => [each.node.metadata.name, each]));
  return unloaded.inventory.clusters.flatMap(({ key: cluster }) =>
    podsWithLoad(cloud.kubernetes[cluster]?.pods ?? {}).flatMap((each): readonly PlacedLoad[] => {
      const { pod, program, load } = each;
      const name = `${pod.metadata.uid} ${program}`;
      const place = byLabel.get(unloaded.podNames.idOf(cluster, pod));
      if (place === undefined || pod.status.podIP === undefined) return [];
      const isOver = !staysUp(load.load);
      if (pod.status.phase !== 'Running' && !isOver) return [];
      // One that has ended was on its node.
      const sender = place.host === null ? byNode.get(pod.spec.nodeName ?? '') : place;
      const reached = sender === undefined ? null : reachOf(unloaded, sender, load.load.url);
      return reached === null ? [] : [{ pod, name, from: place.label, load, reached }];
    }),
  );
}

/**
 * Returns what the pods' programs do at `cloud.now`. `since` says from when on, for those of which an
 * earlier part is stored: the way out has changed meanwhile. `held` counts the connections that go on as
 * they were made before that: their workers are busy.
 */
export function podLoads(
  cloud: Cloud,
  unloaded: Compiled,
  since: ReadonlyMap<string, number>,
  held: ReadonlyMap<string, number>,
): readonly TrafficRun[] {
  return placedLoads(cloud, unloaded).flatMap(({ pod, name, from, load, reached }): readonly TrafficRun[] => {
    const start = Math.max(startOf(pod, load), since.get(name) ?? 0);
    const stop = endOf(pod, load);
    if (stop !== null && stop <= start) return [];
    const all = connectionLoad(load.load, reached.reach, { start, stop });
    const run = withFewerWorkers(all, held.get(name) ?? 0);
    return run === null
      ? []
      : [{ ...run, from, command: load.command, container: name, through: reached.way }];
  });
}

/** Returns a load without its busy workers, or null if none is left. */
export function withFewerWorkers(load: ConnectionLoad, busy: number): ConnectionLoad | null {
  const { workers } = load;
  if (busy === 0 || workers === undefined) return load;
  const count = workers.count - busy;
  return count <= 0 ? null : { ...load, workers: { ...workers, count } };
}
