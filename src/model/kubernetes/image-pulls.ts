/**
 * Pulling images, as kubelet does it: at once, and after a failure again and again with a wait that doubles
 * (kubernetes pkg/kubelet/images/image_manager.go). Where nothing is known to stop a node, images are there.
 */
import { pathToRegistry } from '../aks/registry-path.ts';
import type { RegistryPath } from '../aks/registry-path.ts';
import type { RegistryHost } from '../limits/image-registries.ts';
import { RESTART_BACK_OFF } from '../limits/kubernetes.ts';
import { kubernetesTime } from './cluster-state.ts';
import { putPod, touched } from './draft.ts';
import type { Draft } from './draft.ts';
import { readImageReference } from './image-reference.ts';
import type { ImageReference } from './image-reference.ts';
import type { Container, ImagePull, Node, Pod } from './objects.ts';
import { reportFailedPull, reportPulled } from './pull-events.ts';
import { qualityOfService, startedStatus } from './pod-status.ts';
import { startedSimulation, waitForConfiguration } from './waiting-pods.ts';

type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number];

export const PULL_FAILED = 'ErrImagePull';
export const PULL_BACKS_OFF = 'ImagePullBackOff';
/** kubelet says that it waits when it looks at the pod again. */
const LOOKS_AGAIN_SECONDS = 10;
/** AKS's own images come with the node's image. */
const SYSTEM_NAMESPACE = 'kube-system';

/** Reports whether a container waits for an image that could not be pulled. */
export function waitsForImage({ state }: Pick<ContainerStatus, 'state'>): boolean {
  return (
    state !== undefined && 'waiting' in state && [PULL_FAILED, PULL_BACKS_OFF].includes(state.waiting.reason)
  );
}

/** Why an image could not be pulled, by the container's name, in containerd's words. */
type Failures = ReadonlyMap<string, string>;

/**
 * Starts a pod whose images cannot all be pulled: it has its address, and waits. Returns whether this is such a pod;
 * then nothing else starts it.
 */
export function waitForImages(
  draft: Draft,
  key: string,
  pod: Pod,
  hostAddress: string,
  address: string,
): 'waits' | 'has-images' {
  const failures = pullAll(draft, pod);
  if (failures.size === 0) return 'has-images';
  const pull = { firstAt: draft.cloud.now, attempts: 1 };
  write(
    draft,
    key,
    pod,
    { ...startedStatus(pod, hostAddress, address), qosClass: qualityOfService(pod.spec) },
    failures,
    pull,
  );
  return 'waits';
}

/** Pulls again what could not be pulled, where it is time. Returns whether any pod waits for an image still. */
export function pullAgain(draft: Draft): 'steady' | 'waiting' {
  let found: 'steady' | 'waiting' = 'steady';
  for (const [key, pod] of draft.pods) {
    const pull = pod.simulation?.pull;
    if (pull === undefined || pod.status.phase !== 'Pending') continue;
    const { now, clock } = draft.cloud;
    const due = attemptsAfter(now - pull.firstAt);
    // With a frozen clock nothing would ever be due.
    const isDue = due.count > pull.attempts || clock === 'frozen';
    const failures = isDue ? pullAll(draft, pod) : null;
    if (failures?.size === 0) {
      start(draft, key, pod);
      continue;
    }
    found = 'waiting';
    const attempts = Math.max(pull.attempts, due.count);
    const reason = now - pull.firstAt - due.last < LOOKS_AGAIN_SECONDS ? PULL_FAILED : PULL_BACKS_OFF;
    const asBefore = (pod.status.containerStatuses ?? []).every(
      (each) =>
        !waitsForImage(each) ||
        (each.state !== undefined && 'waiting' in each.state && each.state.waiting.reason === reason),
    );
    const isSame = failures === null || (attempts === pull.attempts && sameErrors(failures, pull.errors));
    if (isSame && asBefore) continue;
    write(draft, key, pod, pod.status, failures ?? lastFailures(pod), { ...pull, attempts }, reason);
  }
  return found;
}

function sameErrors(failures: Failures, errors: ImagePull['errors']): boolean {
  return (
    failures.size === Object.keys(errors).length &&
    [...failures].every(([name, error]) => errors[name] === error)
  );
}

/** How many attempts there were after so many seconds, and when the last of them was. */
function attemptsAfter(seconds: number): { readonly count: number; readonly last: number } {
  const { first, longest } = RESTART_BACK_OFF.value;
  let count = 1;
  let last = 0;
  let wait = first;
  for (let next = wait; next <= seconds; next += wait) {
    count++;
    last = next;
    wait = Math.min(wait * 2, longest);
  }
  return { count, last };
}

const NO_FAILURES: Failures = new Map();

function pullAll(draft: Draft, pod: Pod): Failures {
  let failures: Map<string, string> | null = null;
  const node = draft.nodes.get(pod.spec.nodeName ?? '');
  if (node === undefined || pod.metadata.namespace === SYSTEM_NAMESPACE) return NO_FAILURES;
  for (const container of pod.spec.containers) {
    const image = readImageReference(container.image);
    const path = pathToRegistry(draft.cloud, draft.cluster, node, image.registry);
    if (node.simulation?.proxy !== undefined && asksRegistry(draft, container, image, node)) {
      const layers = hasImage(draft, node.metadata.name, image.full) ? 'there' : 'missing';
      draft.pulls.push({ node, image: container.image, layers });
    }
    switch (path.kind) {
      case 'open':
        break;
      case 'allowed':
        remember(draft, node.metadata.name, image.full);
        break;
      case 'denied':
        if (asksRegistry(draft, container, image, node)) {
          (failures ??= new Map<string, string>()).set(container.name, containerdError(image, path));
        }
        break;
    }
  }
  return failures ?? NO_FAILURES;
}

function asksRegistry(draft: Draft, container: Container, image: ImageReference, node: Node): boolean {
  return policyOf(container, image) === 'Always' || !hasImage(draft, node.metadata.name, image.full);
}

/** What the API server fills in where nothing is said. */
function policyOf(container: Container, { tag }: ImageReference): 'Always' | 'IfNotPresent' | 'Never' {
  return container.imagePullPolicy ?? (tag === 'latest' ? 'Always' : 'IfNotPresent');
}

function remember(draft: Draft, name: string, image: string): void {
  const node = draft.nodes.get(name);
  if (node?.simulation === undefined || node.simulation.images?.includes(image) === true) return;
  const images = [...(node.simulation.images ?? []), image];
  draft.nodes.set(name, { ...node, simulation: { ...node.simulation, images } });
  draft.changed.add('nodes');
}

/** A node has what it pulled through a firewall, and what a container on it was started from. */
function hasImage(draft: Draft, node: string, image: string): boolean {
  return (
    draft.nodes.get(node)?.simulation?.images?.includes(image) === true ||
    startedImages(draft).get(node)?.has(image) === true
  );
}

const startedInDrafts = new WeakMap<Draft, ReadonlyMap<string, ReadonlySet<string>>>();

/** The images of containers that have started, by node: looked up once, since what is denied adds none. */
function startedImages(draft: Draft): ReadonlyMap<string, ReadonlySet<string>> {
  const known = startedInDrafts.get(draft);
  if (known !== undefined) return known;
  const byNode = new Map<string, Set<string>>();
  for (const pod of draft.pods.values()) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined) continue;
    for (const { image, state } of pod.status.containerStatuses ?? []) {
      if (state === undefined || ('waiting' in state && state.waiting.reason !== 'CrashLoopBackOff'))
        continue;
      const images = byNode.get(nodeName) ?? new Set();
      byNode.set(nodeName, images.add(readImageReference(image).full));
    }
  }
  startedInDrafts.set(draft, byNode);
  return byNode;
}

/** Returns what a client asks a host of a registry for on the way to an image. */
export function registryUrl(
  { registry, repository, full, tag }: ImageReference,
  { host, step }: RegistryHost,
): string {
  switch (step) {
    case 'manifest':
      return `https://${host}/v2/${repository}/manifests/${tag ?? full.slice(full.indexOf('@') + 1)}`;
    case 'token':
      return `https://${host}/token?scope=repository%3A${repository.replaceAll('/', '%2F')}%3Apull&service=${registry === 'docker.io' ? 'registry.docker.io' : registry}`;
    case 'blob':
      return `https://${host}/`;
  }
}

/** The error of containerd's resolver and fetcher, without `rpc error`, which kubelet takes off (1.27 and later). */
export function containerdError(
  image: ImageReference,
  denied: Extract<RegistryPath, { kind: 'denied' }>,
): string {
  const { step, what, error } = denied;
  const url = registryUrl(image, denied);
  const start = `failed to pull and unpack image "${image.full}": `;
  const resolve = `${start}failed to resolve reference "${image.full}": `;
  const method = step === 'manifest' ? 'Head' : 'Get';
  // remotes/errors of containerd: an answer that is no success is told with its request.
  const failed =
    what === 'connection'
      ? `${method} "${url}": ${error}`
      : `unexpected status from ${method.toUpperCase()} request to ${url}: ${error}`;
  const request = `${what === 'connection' ? 'failed to do request: ' : ''}${failed}`;
  switch (step) {
    case 'manifest':
      return `${resolve}${request}`;
    case 'token':
      return `${resolve}failed to authorize: failed to fetch anonymous token: ${failed}`;
    case 'blob':
      return `${start}failed to copy: httpReadSeeker: failed open: ${request}`;
  }
}

function lastFailures(pod: Pod): Failures {
  return new Map(Object.entries(pod.simulation?.pull?.errors ?? {}));
}

function write(
  draft: Draft,
  key: string,
  pod: Pod,
  status: Pod['status'],
  failures: Failures,
  pull: { readonly firstAt: number; readonly attempts: number },
  reason: typeof PULL_FAILED | typeof PULL_BACKS_OFF = PULL_FAILED,
): void {
  const at = kubernetesTime(pull.firstAt);
  const waiting = pod.spec.containers.filter(({ name }) => failures.has(name));
  const unready = `containers with unready status: [${waiting.map(({ name }) => name).join(' ')}]`;
  const next: Pod = {
    ...pod,
    metadata: touched(draft, pod.metadata),
    status: {
      ...status,
      phase: 'Pending',
      conditions: (
        ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const
      ).map((type) =>
        type === 'Ready' || type === 'ContainersReady'
          ? {
              type,
              status: 'False' as const,
              lastTransitionTime: at,
              reason: 'ContainersNotReady',
              message: unready,
            }
          : { type, status: 'True' as const, lastTransitionTime: at },
      ),
      containerStatuses: (status.containerStatuses ?? []).map((each) => {
        const error = failures.get(each.name);
        if (error === undefined) return each;
        return {
          name: each.name,
          ready: false,
          restartCount: 0,
          image: each.image,
          started: false,
          state: {
            waiting: {
              reason,
              message: reason === PULL_FAILED ? error : `Back-off pulling image "${each.image}"`,
            },
          },
        };
      }),
    },
    simulation: { ...pod.simulation, pull: { ...pull, errors: Object.fromEntries(failures) } },
  };
  putPod(draft, next, key);
  for (const container of waiting) {
    reportFailedPull(draft, next, container, failures.get(container.name) ?? '', {
      attempts: pull.attempts,
      firstAt: pull.firstAt,
      lastAt: pull.firstAt + attemptsAfter(draft.cloud.now - pull.firstAt).last,
      backsOff: reason === PULL_BACKS_OFF,
    });
  }
}

/** All images are there: the containers start now. */
function start(draft: Draft, key: string, pod: Pod): void {
  const { pull: _done, ...kept } = pod.simulation ?? {};
  const { simulation: _before, ...bare } = pod;
  const pulled: Pod = { ...bare, ...(Object.keys(kept).length === 0 ? {} : { simulation: kept }) };
  const { hostIP = '', podIP = '' } = pod.status;
  if (waitForConfiguration(draft, key, pulled, hostIP, podIP) === 'waits') return;
  const simulation = startedSimulation(draft, pulled);
  const now = kubernetesTime(draft.cloud.now);
  const waited = pod.spec.containers.filter(({ name }) =>
    (pod.status.containerStatuses ?? []).some((each) => each.name === name && waitsForImage(each)),
  );
  const status = startedStatus(pod, hostIP, podIP);
  const next: Pod = {
    ...bare,
    ...(simulation === undefined ? {} : { simulation }),
    metadata: touched(draft, pod.metadata),
    status: {
      ...status,
      conditions: (status.conditions ?? []).map((each) =>
        each.type === 'Ready' || each.type === 'ContainersReady'
          ? { ...each, lastTransitionTime: now }
          : each,
      ),
      containerStatuses: (status.containerStatuses ?? []).map((each) =>
        each.state !== undefined && 'running' in each.state && waited.some(({ name }) => name === each.name)
          ? { ...each, state: { running: { startedAt: now } } }
          : each,
      ),
    },
  };
  putPod(draft, next, key);
  for (const container of waited) reportPulled(draft, next, container);
}
