/** Load that pods make. It follows from the pods, so it is stored nowhere. */
import type { Cloud } from '../cloud.ts';
import type { Compiled } from '../compile/compile.ts';
import { directoryOf } from '../compile/directory.ts';
import { epochSeconds } from '../kubernetes/cluster-state.ts';
import { containerLoad } from '../kubernetes/container-load.ts';
import type { ContainerLoad } from '../kubernetes/container-load.ts';
import { staysUp } from '../kubernetes/load-generators.ts';
import type { Container, KubernetesState, Pod } from '../kubernetes/objects.ts';
import type { TrafficRun } from '../snat/load.ts';
import { connectionLoad } from './connection-load.ts';
import { reachOf } from './reach.ts';

interface LoadedPod {
  /** `NAMESPACE/NAME`. */
  readonly key: string;
  readonly pod: Pod;
  readonly container: Container;
  readonly load: ContainerLoad;
}

interface LoadedContainer {
  readonly container: Container;
  readonly load: ContainerLoad;
}

/** By the list that all pods of a template share: large clusters have few lists and many pods. */
const loadedContainers = new WeakMap<readonly Container[], readonly LoadedContainer[]>();
const NO_CONTAINERS: readonly LoadedContainer[] = [];

function containersWithLoad(containers: readonly Container[]): readonly LoadedContainer[] {
  let found = loadedContainers.get(containers);
  if (found === undefined) {
    const list = containers.flatMap((container): readonly LoadedContainer[] => {
      const load = containerLoad(container);
      return load === null ? [] : [{ container, load }];
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
  return Object.entries(cloud.kubernetes).flatMap(([cluster, { pods }]) =>
    podsWithLoad(pods).flatMap(({ pod, load }): readonly FinishedPod[] => {
      const end = endOf(pod, load);
      const isAlone = pod.spec.containers.length === 1;
      return isAlone && pod.status.phase === 'Running' && end !== null && end <= cloud.now
        ? [{ cluster, pod, at: end }]
        : [];
    }),
  );
}

function startOf(pod: Pod): number {
  return epochSeconds(pod.status.startTime ?? pod.metadata.creationTimestamp);
}

/** A container that is started again goes on; the pause before that is not simulated. */
function endOf(pod: Pod, { load }: ContainerLoad): number | null {
  const isOnce = (pod.spec.restartPolicy ?? 'Always') !== 'Always';
  return isOnce && load.seconds !== null && load.againAfter === undefined
    ? startOf(pod) + load.seconds
    : null;
}

/**
 * Returns what the pods' programs do at `cloud.now`. `since` says from when on, for those of which an
 * earlier part is stored: the way out has changed meanwhile.
 */
export function podLoads(
  cloud: Cloud,
  unloaded: Compiled,
  since: ReadonlyMap<string, number>,
): readonly TrafficRun[] {
  if (!makesLoad(cloud)) return [];
  const directory = directoryOf(unloaded);
  const byLabel = new Map(directory.pods.map((each) => [each.label, each]));
  const byNode = new Map(directory.nodes.map((each) => [each.node.metadata.name, each]));
  return unloaded.inventory.clusters.flatMap(({ key: cluster }) =>
    podsWithLoad(cloud.kubernetes[cluster]?.pods ?? {}).flatMap((each): readonly TrafficRun[] => {
      const { pod, container, load } = each;
      const place = byLabel.get(unloaded.podNames.idOf(cluster, pod));
      if (place === undefined || pod.status.podIP === undefined) return [];
      const isOver = !staysUp(load.load);
      if (pod.status.phase !== 'Running' && !isOver) return [];
      // One that has ended was on its node.
      const sender = place.host === null ? byNode.get(pod.spec.nodeName ?? '') : place;
      const reached = sender === undefined ? null : reachOf(unloaded, sender, load.load.url);
      if (reached === null) return [];
      const name = `${pod.metadata.uid} ${container.name}`;
      const start = Math.max(startOf(pod), since.get(name) ?? 0);
      const stop = endOf(pod, load);
      if (stop !== null && stop <= start) return [];
      return [
        {
          ...connectionLoad(load.load, reached.reach, { start, stop }),
          from: place.label,
          command: load.command,
          container: name,
          through: reached.way,
        },
      ];
    }),
  );
}
