/** Keeps the story of load that pods make: what it was before its way out changed, or before it ended. */
import { putObject } from '../kubernetes/apply.ts';
import { kubernetesTime } from '../kubernetes/cluster-state.ts';
import { reconcileKubernetes } from '../kubernetes/reconcile.ts';
import type { Pod } from '../kubernetes/objects.ts';
import type { Cloud } from '../cloud.ts';
import { compileUnloaded } from '../compile/compile.ts';
import type { TrafficRun } from '../snat/load.ts';
import { finishedPods, makesLoad } from './pod-loads.ts';
import type { FinishedPod } from './pod-loads.ts';
import { endHeldConnections, partAt, staysOpen } from './held-connections.ts';
import { allRuns, inventoryKey, trafficState } from './traffic-state.ts';

/**
 * Returns `after` with the parts of running loads stored that came to an end between `before` and it: of
 * pods that are gone, and of those whose connections leave by other ports now. Open connections that Azure
 * leaves where they are go on; all others are taken as closed and opened anew the other way. Returns
 * `after` itself where nothing is to be stored.
 */
export function followTraffic(before: Cloud, after: Cloud): Cloud {
  if (!makesLoad(before) || isSameWorld(before, after)) return finishLoads(after);
  const settled = endHeldConnections(after);
  const running = runningPods(before, before.now);
  const next = new Map(runningPods(settled, settled.now).map((each) => [each.container, each]));
  const parts = running.flatMap((each): readonly TrafficRun[] => {
    const still = next.get(each.container);
    if (each.through === null || (still !== undefined && isSameWay(each, still))) return [];
    const mayStay = still !== undefined && staysOpen(each, still, settled);
    return partAt(each, mayStay ? openConnections(before, each) : 0, settled.now, mayStay);
  });
  return finishLoads(store(settled, parts));
}

/** Connections that a run has open. */
function openConnections(cloud: Cloud, { container }: TrafficRun): number {
  const { inventories } = trafficState(cloud, compileUnloaded(cloud));
  return inventories.reduce((sum, { loads, run }) => {
    const own = loads.findIndex(
      (each) =>
        each.container === container &&
        each.workers !== undefined &&
        (each.stop === null || each.stop > cloud.now),
    );
    return sum + (run.loads[own]?.open ?? 0);
  }, 0);
}

function runningPods(cloud: Cloud, now: number): readonly TrafficRun[] {
  if (!makesLoad(cloud)) return [];
  const stored = new Set(cloud.traffic);
  return allRuns(cloud, compileUnloaded(cloud)).filter(
    (each) => !stored.has(each) && (each.stop === null || each.stop > now),
  );
}

function isSameWay(one: TrafficRun, other: TrafficRun): boolean {
  return (
    one.through !== null &&
    other.through !== null &&
    inventoryKey(one.through) === inventoryKey(other.through) &&
    one.destination.address === other.destination.address &&
    one.destination.port === other.destination.port
  );
}

function isSameWorld(before: Cloud, after: Cloud): boolean {
  return (
    before.resources === after.resources &&
    before.kubernetes === after.kubernetes &&
    before.outsideHosts === after.outsideHosts
  );
}

/** Returns the cloud with more runs stored; the same cloud for none. */
export function store(cloud: Cloud, runs: readonly TrafficRun[]): Cloud {
  return runs.length === 0 ? cloud : { ...cloud, traffic: [...(cloud.traffic ?? []), ...runs] };
}

/** Ends the pods whose programs have run for as long as they were told to, and stores what they did. */
function finishLoads(cloud: Cloud): Cloud {
  const finished = makesLoad(cloud) ? finishedPods(cloud) : [];
  if (finished.length === 0) return cloud;
  const uids = new Set(finished.map(({ pod }) => pod.metadata.uid));
  const done = runningPods(cloud, 0).filter(({ container }) => uids.has(container?.split(' ')[0] ?? ''));
  return finished.reduce(completed, store(cloud, done));
}

function completed(cloud: Cloud, { cluster, pod, at }: FinishedPod): Cloud {
  const now = kubernetesTime(at);
  const ended: Pod = {
    ...pod,
    status: {
      ...pod.status,
      phase: 'Succeeded',
      conditions: (pod.status.conditions ?? []).map((condition) =>
        condition.type === 'Ready' ||
        condition.type === 'ContainersReady' ||
        condition.type === 'PodReadyToStartContainers'
          ? { ...condition, status: 'False', reason: 'PodCompleted', lastTransitionTime: now }
          : condition,
      ),
      containerStatuses: (pod.status.containerStatuses ?? []).map((status) => ({
        ...status,
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode: 0,
            reason: 'Completed',
            startedAt: pod.status.startTime ?? pod.metadata.creationTimestamp,
            finishedAt: now,
          },
        },
      })),
    },
  };
  return reconcileKubernetes(putObject(cloud, cluster, ended), cluster);
}
