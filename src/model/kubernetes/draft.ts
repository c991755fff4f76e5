/** A cluster's objects while one reconcile works on them: mutable inside it, compared once at its end. */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import {
  clusterChance,
  drawMetadata,
  kubernetesOf,
  kubernetesTime,
  objectKey,
  withKubernetes,
} from './cluster-state.ts';
import type { NewMetadata } from './cluster-state.ts';
import type {
  DaemonSet,
  Deployment,
  KubernetesEvent,
  KubernetesState,
  Node,
  ObjectMeta,
  Pod,
  ReplicaSet,
} from './objects.ts';
import { podIndex, rememberPods } from './pod-index.ts';
import type { PodsByOwner } from './pod-index.ts';

export interface Draft {
  readonly cloud: Cloud;
  readonly cluster: ArmKey;
  readonly before: KubernetesState;
  /** For names and numbers drawn by chance. */
  readonly chance: Pick<Cloud, 'seed' | 'pins'>;
  readonly nodes: Map<string, Node>;
  /** `putPod` and `removePod` write. */
  pods: ReadonlyMap<string, Pod>;
  /** The draft's own copy of the pods; null until the first of them changes. */
  ownPods: Map<string, Pod> | null;
  /** The pods by the uid of their controller; null until somebody asks, and again when a pod changes. */
  podsByOwner: PodsByOwner | null;
  readonly deployments: Map<string, Deployment>;
  readonly replicaSets: Map<string, ReplicaSet>;
  readonly daemonSets: Map<string, DaemonSet>;
  readonly events: Map<string, KubernetesEvent>;
  readonly lastReservedIp: Map<string, string>;
  readonly podsCreated: Map<string, number>;
  nextResourceVersion: number;
  /** Images that nodes with an HTTP proxy asked for. */
  readonly pulls: { readonly node: Node; readonly image: string; readonly layers: 'there' | 'missing' }[];
  /** Keys of events by the pod and reason they are about; made when the first one is looked for. */
  eventKeys: Map<string, string> | null;
  /** Stores that differ from `before`. */
  readonly changed: Set<
    'nodes' | 'pods' | 'deployments' | 'replicaSets' | 'daemonSets' | 'events' | 'counters'
  >;
}

export function openDraft(cloud: Cloud, cluster: ArmKey): Draft {
  const before = kubernetesOf(cloud, cluster);
  const { pods, byOwner } = podIndex(before.pods);
  return {
    cloud,
    cluster,
    before,
    chance: clusterChance(cloud, cluster),
    nodes: new Map(Object.entries(before.nodes)),
    pods,
    ownPods: null,
    podsByOwner: byOwner,
    deployments: new Map(Object.entries(before.deployments)),
    replicaSets: new Map(Object.entries(before.replicaSets)),
    daemonSets: new Map(Object.entries(before.daemonSets)),
    events: new Map(Object.entries(before.events)),
    lastReservedIp: new Map(Object.entries(before.lastReservedIp)),
    podsCreated: new Map(Object.entries(before.controlPlane.podsCreated)),
    nextResourceVersion: before.controlPlane.nextResourceVersion,
    pulls: [],
    eventKeys: null,
    changed: new Set(),
  };
}

/** Returns the cloud with the draft's changes; the very same cloud if there are none. */
export function closeDraft(draft: Draft): Cloud {
  const { before, changed } = draft;
  const pods = draft.ownPods === null ? before.pods : podsOf(draft.ownPods);
  rememberPods(pods, { pods: draft.pods, byOwner: draft.podsByOwner });
  if (changed.size === 0) return draft.cloud;
  return withKubernetes(draft.cloud, draft.cluster, {
    ...before,
    nodes: changed.has('nodes') ? Object.fromEntries(draft.nodes) : before.nodes,
    pods,
    deployments: changed.has('deployments') ? Object.fromEntries(draft.deployments) : before.deployments,
    replicaSets: changed.has('replicaSets') ? Object.fromEntries(draft.replicaSets) : before.replicaSets,
    daemonSets: changed.has('daemonSets') ? Object.fromEntries(draft.daemonSets) : before.daemonSets,
    events: changed.has('events') ? Object.fromEntries(draft.events) : before.events,
    lastReservedIp: Object.fromEntries(draft.lastReservedIp),
    controlPlane: {
      ...before.controlPlane,
      nextResourceVersion: draft.nextResourceVersion,
      podsCreated: Object.fromEntries(draft.podsCreated),
    },
  });
}

/** As Object.fromEntries, which takes twice as long; no key of a pod is the name of a setter, since there is a slash in each. */
function podsOf(entries: ReadonlyMap<string, Pod>): KubernetesState['pods'] {
  const pods: Record<string, Pod> = {};
  for (const [key, pod] of entries) pods[key] = pod;
  return pods;
}

/** Returns metadata for a new object, under the next resource version. */
export function draftMetadata(draft: Draft, wanted: Omit<NewMetadata, 'resourceVersion'>): ObjectMeta {
  return drawMetadata(draft.chance, { ...wanted, resourceVersion: draft.nextResourceVersion++ });
}

/**
 * Writes what changed about a pod, under the next resource version. Nobody else has seen a pod that this
 * draft has written before, which most are: there is no need for another one.
 */
export function updatePod(
  draft: Draft,
  key: string,
  pod: Pod,
  changes: Partial<Pick<Pod, 'spec' | 'status'>>,
): void {
  const writtenHere = Number(pod.metadata.resourceVersion) >= draft.before.controlPlane.nextResourceVersion;
  if (draft.ownPods === null || !writtenHere) {
    putPod(draft, { ...pod, metadata: touched(draft, pod.metadata), ...changes }, key);
    return;
  }
  const own: { -readonly [Field in keyof Pod]: Pod[Field] } = pod;
  const metadata: { -readonly [Field in keyof Pod['metadata']]: Pod['metadata'][Field] } = pod.metadata;
  metadata.resourceVersion = (draft.nextResourceVersion++).toString();
  if (changes.spec !== undefined) own.spec = changes.spec;
  if (changes.status !== undefined) own.status = changes.status;
}

/** Returns the metadata under the next resource version, as after each write. */
export function touched(draft: Draft, metadata: ObjectMeta): ObjectMeta {
  return { ...metadata, resourceVersion: (draft.nextResourceVersion++).toString() };
}

/** Writes a pod; `key` is its `objectKey`, for those who have it. */
export function putPod(draft: Draft, pod: Pod, key = objectKey(pod.metadata)): void {
  podsToWrite(draft).set(key, pod);
}

export function removePod(draft: Draft, pod: Pod): void {
  podsToWrite(draft).delete(objectKey(pod.metadata));
}

function podsToWrite(draft: Draft): Map<string, Pod> {
  draft.podsByOwner = null;
  if (draft.ownPods !== null) return draft.ownPods;
  const own = new Map(draft.pods);
  draft.pods = own;
  draft.ownPods = own;
  draft.changed.add('pods');
  return own;
}

/**
 * Records a warning about a pod once per reason and message. Only warnings are kept: what a healthy
 * pod reports follows from its status.
 */
export function warn(draft: Draft, pod: Pod, reason: string, message: string, component: string): void {
  const namespace = pod.metadata.namespace ?? 'default';
  const subject = `${pod.metadata.uid} ${reason}`;
  const keys = eventKeysOf(draft);
  const existing = draft.events.get(keys.get(subject) ?? '');
  if (existing?.message === message) return;
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
    type: 'Warning',
    reason,
    message,
    count: (existing?.count ?? 0) + 1,
    lastTimestamp: kubernetesTime(draft.cloud.now),
    source: { component },
    involvedObject: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
  });
  keys.set(subject, objectKey(metadata));
  draft.changed.add('events');
}

/** Forgets a warning of this very moment: what it was about has passed before anyone could see it. */
export function forgetWarning(draft: Draft, pod: Pod, reason: string): void {
  if (draft.events.size === 0) return;
  const subject = `${pod.metadata.uid} ${reason}`;
  const keys = eventKeysOf(draft);
  const key = keys.get(subject);
  const event = key === undefined ? undefined : draft.events.get(key);
  if (key === undefined || event?.lastTimestamp !== kubernetesTime(draft.cloud.now)) return;
  draft.events.delete(key);
  keys.delete(subject);
  draft.changed.add('events');
}

function eventKeysOf(draft: Draft): Map<string, string> {
  draft.eventKeys ??= new Map(
    Array.from(draft.events, ([key, event]) => [`${event.involvedObject.uid} ${event.reason}`, key]),
  );
  return draft.eventKeys;
}

/** Forgets the events of pods that are gone. */
export function forgetStaleEvents(draft: Draft): void {
  if (draft.events.size === 0) return;
  const present = new Set(Array.from(draft.pods.values(), (pod) => pod.metadata.uid));
  for (const [key, event] of draft.events) {
    if (event.involvedObject.kind !== 'Pod' || present.has(event.involvedObject.uid)) continue;
    draft.events.delete(key);
    draft.changed.add('events');
  }
}
