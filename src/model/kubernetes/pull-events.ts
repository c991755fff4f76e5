/** What kubelet reports while it cannot pull an image, in its own words (pkg/kubelet/images/image_manager.go). */
import { kubernetesTime, objectKey } from './cluster-state.ts';
import { draftMetadata } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Container, KubernetesEvent, Pod } from './objects.ts';

/** kubelet looks at a waiting pod about so often, and says each time that it waits. */
const SECONDS_BETWEEN_LOOKS = 15;

export interface FailedPull {
  readonly attempts: number;
  /** Of the first and the last attempt, in seconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly backsOff: boolean;
}

/** Reports an image that could not be pulled. */
export function reportFailedPull(
  draft: Draft,
  pod: Pod,
  { image }: Container,
  error: string,
  { attempts, firstAt, lastAt, backsOff }: FailedPull,
): void {
  const { spec } = pod;
  recordScheduled(draft, pod, firstAt);
  const source = { component: 'kubelet', host: spec.nodeName ?? '' };
  const tried: Seen = { count: attempts, firstAt, lastAt };
  recordEvent(draft, pod, tried, {
    type: 'Normal',
    reason: 'Pulling',
    message: `Pulling image "${image}"`,
    source,
  });
  recordEvent(draft, pod, tried, {
    type: 'Warning',
    reason: 'Failed',
    message: `Failed to pull image "${image}": ${error}`,
    source,
  });
  recordEvent(draft, pod, tried, {
    type: 'Warning',
    reason: 'Failed',
    message: 'Error: ErrImagePull',
    source,
  });
  if (!backsOff) return;
  const { now } = draft.cloud;
  const looks: Seen = {
    count: Math.max(1, Math.floor((now - firstAt) / SECONDS_BETWEEN_LOOKS)),
    firstAt: Math.min(now, firstAt + SECONDS_BETWEEN_LOOKS),
    lastAt: now,
  };
  recordEvent(draft, pod, looks, {
    type: 'Normal',
    reason: 'BackOff',
    message: `Back-off pulling image "${image}"`,
    source,
  });
  recordEvent(draft, pod, looks, {
    type: 'Warning',
    reason: 'Failed',
    message: 'Error: ImagePullBackOff',
    source,
  });
}

/** Reports that the scheduler placed a pod, `at` seconds since the epoch. */
export function recordScheduled(draft: Draft, pod: Pod, at: number): void {
  const { metadata, spec } = pod;
  recordEvent(
    draft,
    pod,
    { count: 1, firstAt: at, lastAt: at },
    {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${metadata.namespace ?? 'default'}/${metadata.name} to ${spec.nodeName ?? ''}`,
      source: { component: 'default-scheduler' },
    },
  );
}

/** Reports an image that was pulled after all. */
export function reportPulled(draft: Draft, pod: Pod, { name, image }: Container): void {
  const source = { component: 'kubelet', host: pod.spec.nodeName ?? '' };
  const events = [
    ['Pulled', `Successfully pulled image "${image}" in 1.947s (1.947s including waiting)`],
    ['Created', `Created container: ${name}`],
    ['Started', `Started container ${name}`],
  ] as const;
  const { now } = draft.cloud;
  const once: Seen = { count: 1, firstAt: now, lastAt: now };
  for (const [reason, message] of events)
    recordEvent(draft, pod, once, { type: 'Normal', reason, message, source });
}

export type Told = Pick<KubernetesEvent, 'type' | 'reason' | 'message' | 'source'>;

/** How often and when, in seconds since the epoch. */
export interface Seen {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Writes an event about a pod, or raises the count of the one that says the same. */
export function recordEvent(draft: Draft, pod: Pod, { count, firstAt, lastAt }: Seen, told: Told): void {
  const namespace = pod.metadata.namespace ?? 'default';
  const keys = keysOf(draft);
  const subject = subjectOf(pod.metadata.uid, told);
  const existing = draft.events.get(keys.get(subject) ?? '');
  if (existing?.count === count) return;
  const metadata =
    existing?.metadata ??
    draftMetadata(draft, {
      kind: 'Event',
      namespace,
      name: `${pod.metadata.name}.${draft.nextResourceVersion.toString(16).padStart(16, '0')}`,
      created: firstAt,
    });
  draft.events.set(objectKey(metadata), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    ...told,
    count,
    lastTimestamp: kubernetesTime(lastAt),
    involvedObject: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
  });
  keys.set(subject, objectKey(metadata));
  draft.changed.add('events');
}

const keysOfDrafts = new WeakMap<Draft, Map<string, string>>();

/** Keys of events by what they say of whom: there may be very many of them. Some may be gone. */
function keysOf(draft: Draft): Map<string, string> {
  let keys = keysOfDrafts.get(draft);
  if (keys === undefined) {
    keys = new Map(
      Array.from(draft.events, ([key, event]) => [subjectOf(event.involvedObject.uid, event), key]),
    );
    keysOfDrafts.set(draft, keys);
  }
  return keys;
}

function subjectOf(uid: string, { reason, message }: Pick<KubernetesEvent, 'reason' | 'message'>): string {
  return `${uid} ${reason} ${message}`;
}
