/** What kubelet reports while it cannot pull an image, in its own words (pkg/kubelet/images/image_manager.go). */
import { kubernetesTime, objectKey } from './cluster-state.ts';
import { draftMetadata } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Container, KubernetesEvent, Pod } from './objects.ts';

/** kubelet looks at a waiting pod about so often, and says each time that it waits. */
const SECONDS_BETWEEN_LOOKS = 15;

export interface FailedPull {
  readonly attempts: number;
  /** Seconds since the epoch. */
  readonly firstAt: number;
  readonly backsOff: boolean;
}

/** Reports an image that could not be pulled. */
export function reportFailedPull(
  draft: Draft,
  pod: Pod,
  { image }: Container,
  error: string,
  { attempts, firstAt, backsOff }: FailedPull,
): void {
  const { metadata, spec } = pod;
  record(draft, pod, 1, {
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${metadata.namespace ?? 'default'}/${metadata.name} to ${spec.nodeName ?? ''}`,
    source: { component: 'default-scheduler' },
  });
  const source = { component: 'kubelet', host: spec.nodeName ?? '' };
  record(draft, pod, attempts, {
    type: 'Normal',
    reason: 'Pulling',
    message: `Pulling image "${image}"`,
    source,
  });
  record(draft, pod, attempts, {
    type: 'Warning',
    reason: 'Failed',
    message: `Failed to pull image "${image}": ${error}`,
    source,
  });
  record(draft, pod, attempts, { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull', source });
  if (!backsOff) return;
  const looks = Math.max(1, Math.floor((draft.cloud.now - firstAt) / SECONDS_BETWEEN_LOOKS));
  record(draft, pod, looks, {
    type: 'Normal',
    reason: 'BackOff',
    message: `Back-off pulling image "${image}"`,
    source,
  });
  record(draft, pod, looks, {
    type: 'Warning',
    reason: 'Failed',
    message: 'Error: ImagePullBackOff',
    source,
  });
}

/** Reports an image that was pulled after all. */
export function reportPulled(draft: Draft, pod: Pod, { name, image }: Container): void {
  const source = { component: 'kubelet', host: pod.spec.nodeName ?? '' };
  const events = [
    ['Pulled', `Successfully pulled image "${image}" in 1.947s (1.947s including waiting)`],
    ['Created', `Created container: ${name}`],
    ['Started', `Started container ${name}`],
  ] as const;
  for (const [reason, message] of events) record(draft, pod, 1, { type: 'Normal', reason, message, source });
}

type Told = Pick<KubernetesEvent, 'type' | 'reason' | 'message' | 'source'>;

/** Writes an event about a pod, or raises the count of the one that says the same. */
function record(draft: Draft, pod: Pod, count: number, told: Told): void {
  const namespace = pod.metadata.namespace ?? 'default';
  const existing = [...draft.events.values()].find(
    (each) =>
      each.involvedObject.uid === pod.metadata.uid &&
      each.reason === told.reason &&
      each.message === told.message,
  );
  if (existing?.count === count) return;
  const metadata =
    existing?.metadata ??
    draftMetadata(draft, {
      kind: 'Event',
      namespace,
      name: `${pod.metadata.name}.${draft.nextResourceVersion.toString(16).padStart(16, '0')}`,
      created: draft.cloud.now,
    });
  draft.events.set(objectKey(metadata), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    ...told,
    count,
    lastTimestamp: kubernetesTime(draft.cloud.now),
    involvedObject: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
  });
  draft.eventKeys = null;
  draft.changed.add('events');
}
