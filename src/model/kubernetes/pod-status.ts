/** What kubelet reports about a pod: its containers, conditions and restarts. */
import { RESTART_BACK_OFF } from '../limits/kubernetes.ts';
import { epochSeconds } from './cluster-state.ts';
import { putPod } from './draft.ts';
import type { Draft } from './draft.ts';
import { containerBehaviour } from './images.ts';
import type { Container, Pod, PodSpec } from './objects.ts';
import { livenessFailure, readinessFailure } from './container-probes.ts';

const CREATING = 'ContainerCreating';

/** Reports whether the pod still holds its node, room and address. */
export function isActive(pod: Pod): boolean {
  return pod.status.phase === 'Pending' || pod.status.phase === 'Running';
}

export function isReady(pod: Pod): boolean {
  const statuses = pod.status.containerStatuses ?? [];
  return pod.status.phase === 'Running' && statuses.length > 0 && statuses.every((each) => each.ready);
}

/**
 * Counts the restarts of containers that end and are started again, with kubelet's doubling back-off.
 * Returns whether there are any that time goes on for.
 */
export function countRestarts(draft: Draft): 'steady' | 'restarting' {
  let containers: 'steady' | 'restarting' = 'steady';
  for (const [key, pod] of draft.pods) {
    const statuses = pod.status.containerStatuses;
    if (statuses === undefined || statuses.every(isSteady) || !isActive(pod)) continue;
    // What waits for an image or for what its variables come from has never started.
    if (pod.simulation?.pull !== undefined || pod.simulation?.configuration !== undefined) continue;
    containers = 'restarting';
    const unready = pod.status.conditions?.find((each) => each.type === 'Ready')?.lastTransitionTime;
    const restarts = restartsAfter(
      draft.cloud.now - epochSeconds(unready ?? pod.status.startTime ?? pod.metadata.creationTimestamp),
    );
    const next = statuses.map((each) =>
      each.state !== undefined && 'waiting' in each.state && each.state.waiting.reason !== CREATING
        ? { ...each, restartCount: Math.max(each.restartCount, restarts) }
        : each,
    );
    if (next.some((each, at) => each.restartCount !== statuses[at]?.restartCount)) {
      putPod(draft, { ...pod, status: { ...pod.status, containerStatuses: next } }, key);
    }
  }
  return containers;
}

/** Runs, ready or not: nothing restarts it. */
function isSteady({ ready, state }: NonNullable<Pod['status']['containerStatuses']>[number]): boolean {
  return ready || (state !== undefined && 'running' in state);
}

/** kubelet waits twice as long each time. */
function restartsAfter(seconds: number): number {
  const { first, longest } = RESTART_BACK_OFF.value;
  let restarts = 1;
  let wait = first;
  for (let passed = wait; passed <= seconds; passed += wait) {
    restarts++;
    wait = Math.min(wait * 2, longest);
  }
  return restarts;
}

/** Returns the status of a pod that has a node and waits there for its network. */
export function creatingStatus(pod: Pod, hostAddress: string): Pod['status'] {
  const startTime = pod.metadata.creationTimestamp;
  const waits = (type: 'PodReadyToStartContainers' | 'Ready' | 'ContainersReady') => ({
    type,
    status: 'False' as const,
    lastTransitionTime: startTime,
    ...(type === 'PodReadyToStartContainers'
      ? {}
      : {
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${pod.spec.containers.map((each) => each.name).join(' ')}]`,
        }),
  });
  const holds = (type: 'Initialized' | 'PodScheduled') => ({
    type,
    status: 'True' as const,
    lastTransitionTime: startTime,
  });
  return {
    phase: 'Pending',
    conditions: [
      waits('PodReadyToStartContainers'),
      holds('Initialized'),
      waits('Ready'),
      waits('ContainersReady'),
      holds('PodScheduled'),
    ],
    hostIP: hostAddress,
    startTime,
    containerStatuses: pod.spec.containers.map((container) => ({
      name: container.name,
      ready: false,
      restartCount: 0,
      image: container.image,
      started: false,
      state: { waiting: { reason: CREATING } },
    })),
    qosClass: qualityOfService(pod.spec),
  };
}

/** Returns the status of a pod whose containers were just started, or have ended since. */
export function startedStatus(pod: Pod, hostAddress: string, address: string): Pod['status'] {
  const { phase, conditions, startTime, containerStatuses, qosClass } = commonStatus(pod);
  return {
    phase,
    conditions,
    hostIP: hostAddress,
    podIP: address,
    podIPs: [{ ip: address }],
    startTime,
    containerStatuses,
    qosClass,
  };
}

/** Returns the status of a pod that had to wait, and whose containers start at this time. */
export function startedAt(status: Pod['status'], time: string): Pod['status'] {
  return {
    ...status,
    ...(status.conditions === undefined
      ? {}
      : {
          conditions: status.conditions.map((each) =>
            each.type === 'Ready' ||
            each.type === 'ContainersReady' ||
            each.type === 'PodReadyToStartContainers'
              ? { ...each, lastTransitionTime: time }
              : each,
          ),
        }),
    ...(status.containerStatuses === undefined
      ? {}
      : {
          containerStatuses: status.containerStatuses.map((each) =>
            each.state !== undefined && 'running' in each.state
              ? { ...each, state: { running: { startedAt: time } } }
              : each,
          ),
        }),
  };
}

interface CommonStatus {
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  readonly phase: Pod['status']['phase'];
  readonly conditions: NonNullable<Pod['status']['conditions']>;
  readonly startTime: string;
  readonly containerStatuses: NonNullable<Pod['status']['containerStatuses']>;
  readonly qosClass: NonNullable<Pod['status']['qosClass']>;
}

const commonStatuses = new WeakMap<PodSpec['containers'], CommonStatus>();

/** Returns what the pods of one controller have in common when they start at one time: one object for all. */
function commonStatus(pod: Pod): CommonStatus {
  const startTime = pod.metadata.creationTimestamp;
  const restartPolicy = pod.spec.restartPolicy ?? 'Always';
  const known = commonStatuses.get(pod.spec.containers);
  if (known?.startTime === startTime && known.restartPolicy === restartPolicy) return known;
  const statuses = pod.spec.containers.map((container) =>
    containerStatus(pod.spec, container, restartPolicy, startTime),
  );
  const ready = statuses.every((each) => each.ready);
  const unready = statuses.filter((each) => !each.ready).map((each) => each.name);
  const ended = statuses.every((each) => each.state !== undefined && 'terminated' in each.state);
  const failed = statuses.some(
    (each) => each.state !== undefined && 'terminated' in each.state && each.state.terminated.exitCode !== 0,
  );
  const condition = (
    type: 'PodReadyToStartContainers' | 'Initialized' | 'Ready' | 'ContainersReady' | 'PodScheduled',
    met: boolean,
  ) => ({
    type,
    status: met ? ('True' as const) : ('False' as const),
    lastTransitionTime: startTime,
    ...(met ? {} : { reason: ended && !failed ? 'PodCompleted' : 'ContainersNotReady' }),
    ...(met || ended ? {} : { message: `containers with unready status: [${unready.join(' ')}]` }),
  });
  const common: CommonStatus = {
    restartPolicy,
    phase: !ended ? 'Running' : failed ? 'Failed' : 'Succeeded',
    conditions: [
      condition('PodReadyToStartContainers', !ended),
      condition('Initialized', true),
      condition('Ready', ready),
      condition('ContainersReady', ready),
      condition('PodScheduled', true),
    ],
    startTime,
    containerStatuses: statuses,
    qosClass: qualityOfService(pod.spec),
  };
  commonStatuses.set(pod.spec.containers, common);
  return common;
}

const newStatuses = new WeakMap<PodSpec['containers'], Pod['status']>();

/** Returns the status of a pod that was just made: one object for those with the same containers. */
export function newStatus(spec: PodSpec): Pod['status'] {
  let status = newStatuses.get(spec.containers);
  if (status === undefined) {
    status = { phase: 'Pending', qosClass: qualityOfService(spec) };
    newStatuses.set(spec.containers, status);
  }
  return status;
}

function containerStatus(
  spec: PodSpec,
  container: Container,
  restartPolicy: 'Always' | 'OnFailure' | 'Never',
  startedAt: string,
): NonNullable<Pod['status']['containerStatuses']>[number] {
  const base = { name: container.name, image: container.image };
  const behaviour = containerBehaviour(container);
  const dead = behaviour.kind === 'exits' ? null : livenessFailure(spec, container, '');
  if (dead !== null) return restartingStatus(container, dead);
  if (behaviour.kind !== 'exits') {
    const ready = readinessFailure(spec, container, '') === null;
    return { ...base, ready, started: true, restartCount: 0, state: { running: { startedAt } } };
  }
  const stays = restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && behaviour.exitCode === 0);
  return {
    ...base,
    ready: false,
    started: false,
    restartCount: stays ? 0 : 1,
    state: stays
      ? {
          terminated: {
            exitCode: behaviour.exitCode,
            reason: behaviour.exitCode === 0 ? 'Completed' : 'Error',
            startedAt,
            finishedAt: startedAt,
          },
        }
      : {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `back-off restarting failed container=${container.name}: ${behaviour.because}`,
          },
        },
  };
}

/** Of a container that runs, and that kubelet starts again whenever it has failed its probe often enough. */
function restartingStatus(
  { name, image }: Container,
  problem: string,
): NonNullable<Pod['status']['containerStatuses']>[number] {
  const message = `back-off restarting failed container=${name}: ${problem}`;
  const state = { waiting: { reason: 'CrashLoopBackOff', message } };
  return { name, image, ready: false, started: false, restartCount: 1, state };
}

/** Returns the pod's quality of service class from its requests and limits. */
export function qualityOfService(spec: PodSpec): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const all = spec.containers.map((container) => ({
    requests: { ...container.resources?.limits, ...container.resources?.requests },
    limits: container.resources?.limits ?? {},
  }));
  const quiet = all.every((each) => Object.keys(each.requests).length === 0);
  if (quiet) return 'BestEffort';
  const fixed = all.every((each) =>
    (['cpu', 'memory'] as const).every(
      (name) => each.limits[name] !== undefined && each.limits[name] === each.requests[name],
    ),
  );
  return fixed ? 'Guaranteed' : 'Burstable';
}
