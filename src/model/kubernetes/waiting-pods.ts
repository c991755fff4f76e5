/**
 * Pods that cannot start for want of a ConfigMap or Secret. Without a volume there is no sandbox and so no address
 * (kubernetes pkg/kubelet/kubelet.go, SyncPod waits for the volumes first); without what a variable is taken from
 * the container is not created (pkg/kubelet/kuberuntime, CreateContainerConfigError).
 */
import { kubernetesTime } from './cluster-state.ts';
import { putPod, touched } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Pod, PodSimulation } from './objects.ts';
import { creatingStatus, isActive, startedStatus } from './pod-status.ts';
import { containerVariables, readerOf, sourcesOf } from './pod-sources.ts';
import { recordEvent, recordScheduled } from './pull-events.ts';
import { mountProblem } from './volume-files.ts';

/** kubelet waits half a second after the first failure and twice as long each time, up to this (goroutinemap, exponential_backoff.go). */
const MOUNT_BACK_OFF = { first: 0.5, longest: 122 };
/** And looks at a pod that has its sandbox about so often. */
const SECONDS_BETWEEN_LOOKS = 12;

export const CONFIGURATION_PROBLEM = 'CreateContainerConfigError';

/** Reports a pod whose volumes cannot be set up: it has no address, and waits. */
export function waitForVolumes(
  draft: Draft,
  key: string,
  pod: Pod,
  hostAddress: string,
): 'waits' | 'mounted' {
  if (pod.spec.volumes === undefined && pod.simulation?.mount === undefined) return 'mounted';
  const problem = mountProblem(pod, readerOf(draft.before, pod.metadata.namespace ?? 'default'));
  if (problem === null) return 'mounted';
  const mount = pod.simulation?.mount ?? { firstAt: draft.cloud.now };
  let waiting = pod;
  if (pod.simulation?.mount === undefined) {
    waiting = {
      ...pod,
      metadata: touched(draft, pod.metadata),
      status: creatingStatus(pod, hostAddress),
      simulation: { ...pod.simulation, mount },
    };
    putPod(draft, waiting, key);
    recordScheduled(draft, waiting, mount.firstAt);
  }
  reportMount(draft, waiting, problem, mount.firstAt);
  return 'waits';
}

function reportMount(draft: Draft, pod: Pod, message: string, firstAt: number): void {
  const { count, last } = attempts(draft.cloud.now - firstAt);
  recordEvent(
    draft,
    pod,
    { count, firstAt, lastAt: firstAt + last },
    {
      type: 'Warning',
      reason: 'FailedMount',
      message,
      source: { component: 'kubelet', host: pod.spec.nodeName ?? '' },
    },
  );
}

/** How often kubelet has tried after so many seconds, and when it last did. */
function attempts(seconds: number): { readonly count: number; readonly last: number } {
  let count = 1;
  let last = 0;
  let wait = MOUNT_BACK_OFF.first;
  for (let next = wait; next <= seconds; next += wait) {
    count++;
    last = next;
    wait = Math.min(wait * 2, MOUNT_BACK_OFF.longest);
  }
  return { count, last: Math.floor(last) };
}

/** Returns what a container of the pod lacks to be created, by its name; in kubelet's words. */
function configurationProblems(draft: Draft, pod: Pod): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  if (pod.spec.containers.every(({ env, envFrom }) => envFrom === undefined && (env ?? []).every(isPlain)))
    return problems;
  const read = readerOf(draft.before, pod.metadata.namespace ?? 'default');
  for (const container of pod.spec.containers) {
    const variables = containerVariables(pod, container, read);
    if (!variables.ok) problems.set(container.name, variables.error);
  }
  return problems;
}

function isPlain({ valueFrom }: { readonly valueFrom?: unknown }): boolean {
  return valueFrom === undefined;
}

/** Holds back a pod that has its address and images, if a container of it cannot be created. */
export function waitForConfiguration(
  draft: Draft,
  key: string,
  pod: Pod,
  hostAddress: string,
  address: string,
): 'waits' | 'configured' {
  const problems = configurationProblems(draft, pod);
  if (problems.size === 0) return 'configured';
  const configuration = pod.simulation?.configuration ?? { firstAt: draft.cloud.now };
  const at = kubernetesTime(configuration.firstAt);
  const status = startedStatus(pod, hostAddress, address);
  const unready = `containers with unready status: [${[...problems.keys()].join(' ')}]`;
  const waiting: Pod = {
    ...pod,
    status: {
      ...status,
      phase: 'Pending',
      conditions: (status.conditions ?? []).map((each) =>
        each.type === 'Ready' || each.type === 'ContainersReady'
          ? {
              type: each.type,
              status: 'False' as const,
              lastTransitionTime: at,
              reason: 'ContainersNotReady',
              message: unready,
            }
          : { type: each.type, status: 'True' as const, lastTransitionTime: at },
      ),
      containerStatuses: (status.containerStatuses ?? []).map((each) => {
        const message = problems.get(each.name);
        if (message === undefined) return each;
        return {
          name: each.name,
          ready: false,
          restartCount: 0,
          image: each.image,
          started: false,
          state: { waiting: { reason: CONFIGURATION_PROBLEM, message } },
        };
      }),
    },
    simulation: { ...pod.simulation, configuration },
  };
  if (JSON.stringify(waiting) !== JSON.stringify(pod))
    putPod(draft, { ...waiting, metadata: touched(draft, pod.metadata) }, key);
  if (pod.simulation?.configuration === undefined) recordScheduled(draft, waiting, configuration.firstAt);
  reportConfiguration(draft, waiting, problems, configuration.firstAt);
  return 'waits';
}

function reportConfiguration(
  draft: Draft,
  pod: Pod,
  problems: ReadonlyMap<string, string>,
  firstAt: number,
): void {
  const looks = Math.floor((draft.cloud.now - firstAt) / SECONDS_BETWEEN_LOOKS);
  const seen = { count: 1 + looks, firstAt, lastAt: firstAt + looks * SECONDS_BETWEEN_LOOKS };
  const source = { component: 'kubelet', host: pod.spec.nodeName ?? '' };
  for (const problem of problems.values())
    recordEvent(draft, pod, seen, {
      type: 'Warning',
      reason: 'Failed',
      message: `Error: ${problem}`,
      source,
    });
}

/** Counts on what kubelet reports of pods that wait. Returns whether there are any, for whom time goes on. */
export function reportWaiting(draft: Draft): 'steady' | 'waiting' {
  let found: 'steady' | 'waiting' = 'steady';
  for (const pod of draft.pods.values()) {
    const { mount, configuration } = pod.simulation ?? {};
    if ((mount === undefined && configuration === undefined) || !isActive(pod)) continue;
    found = 'waiting';
    const read = readerOf(draft.before, pod.metadata.namespace ?? 'default');
    const problem = mount === undefined ? null : mountProblem(pod, read);
    if (mount !== undefined && problem !== null) reportMount(draft, pod, problem, mount.firstAt);
    if (configuration !== undefined)
      reportConfiguration(draft, pod, configurationProblems(draft, pod), configuration.firstAt);
  }
  return found;
}

/** Returns what the simulation keeps of a pod that starts now; undefined if that is nothing. */
export function startedSimulation(draft: Draft, pod: Pod): PodSimulation | undefined {
  const { mount: _mounted, configuration: _configured, sources: _before, ...kept } = pod.simulation ?? {};
  const sources = sourcesOf(pod, readerOf(draft.before, pod.metadata.namespace ?? 'default'));
  const next = sources === null ? kept : { ...kept, sources };
  return Object.keys(next).length === 0 ? undefined : next;
}
