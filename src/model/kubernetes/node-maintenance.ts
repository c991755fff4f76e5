/** What a control plane does to nodes around an upgrade: closing them, emptying them, taking them off the list. */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, kubernetesTime, newMetadata, objectKey, withKubernetes } from './cluster-state.ts';
import { closeDraft, openDraft } from './draft.ts';
import type { KubernetesEvent, Node, Taint } from './objects.ts';
import { deletePod } from './pods.ts';

/** The node lifecycle controller adds it, and it keeps new pods away. */
export const UNSCHEDULABLE_TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** kube-apiserver forgets events after an hour (--event-ttl). */
const EVENT_SECONDS = 3600;

/** Returns the node with or without the mark that keeps new pods away. */
export function withSchedulable(node: Node, wanted: 'cordoned' | 'uncordoned'): Node {
  const { unschedulable: _was, taints = [], ...spec } = node.spec;
  const others = taints.filter((taint) => taint.key !== UNSCHEDULABLE_TAINT.key);
  const kept = wanted === 'cordoned' ? [...others, UNSCHEDULABLE_TAINT] : others;
  return {
    ...node,
    spec: {
      ...spec,
      ...(kept.length === 0 ? {} : { taints: kept }),
      ...(wanted === 'cordoned' ? { unschedulable: true } : {}),
    },
  };
}

/** Returns the cloud with these nodes closed to new pods. */
export function cordonNodes(cloud: Cloud, cluster: ArmKey, names: readonly string[]): Cloud {
  return changeNodes(cloud, cluster, names, (node) => withSchedulable(node, 'cordoned'));
}

/**
 * Returns the cloud without the pods of these nodes, except those of DaemonSets. Controllers make new
 * ones elsewhere when they run next; a pod without a controller is gone. Nothing here holds an
 * eviction up: there are no disruption budgets.
 */
export function drainNodes(cloud: Cloud, cluster: ArmKey, names: readonly string[]): Cloud {
  const drained = new Set(names);
  const draft = openDraft(cloud, cluster);
  for (const pod of [...draft.pods.values()]) {
    if (pod.spec.nodeName === undefined || !drained.has(pod.spec.nodeName)) continue;
    if (pod.metadata.ownerReferences?.[0]?.kind !== 'DaemonSet') deletePod(draft, pod);
  }
  return closeDraft(draft);
}

/** Returns the cloud with an event about each node, as `kubectl get events` lists them in `default`. */
export function reportOnNodes(
  cloud: Cloud,
  cluster: ArmKey,
  names: readonly string[],
  event: {
    readonly reason: string;
    readonly message: (node: string) => string;
    readonly component: string;
  },
): Cloud {
  const state = kubernetesOf(cloud, cluster);
  const events: Record<string, KubernetesEvent> = { ...state.events };
  let version = state.controlPlane.nextResourceVersion;
  for (const name of names) {
    const metadata = newMetadata(cloud, cluster, {
      kind: 'Event',
      namespace: 'default',
      name: `${name}.${version.toString(16).padStart(16, '0')}`,
      created: cloud.now,
      resourceVersion: version,
    });
    version += 1;
    events[objectKey(metadata)] = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata,
      type: 'Normal',
      reason: event.reason,
      message: event.message(name),
      count: 1,
      lastTimestamp: kubernetesTime(cloud.now),
      source: { component: event.component },
      involvedObject: { kind: 'Node', name, uid: state.nodes[name]?.metadata.uid ?? name },
    };
  }
  return withKubernetes(cloud, cluster, {
    ...state,
    events,
    controlPlane: { ...state.controlPlane, nextResourceVersion: version },
  });
}

/** Returns the cloud without the events about nodes and Services that are older than the API server keeps them. */
export function forgetOldEvents(cloud: Cloud): Cloud {
  let next = cloud;
  // Times that are written alike are in the order of their texts, which need no reading.
  const oldest = kubernetesTime(Math.floor(cloud.now - EVENT_SECONDS));
  const isKept = (event: KubernetesEvent): boolean =>
    event.involvedObject.kind === 'Pod' || event.lastTimestamp > oldest;
  for (const [cluster, state] of Object.entries(cloud.kubernetes)) {
    if (Object.values(state.events).every(isKept)) continue;
    const kept = Object.entries(state.events).filter(([, event]) => isKept(event));
    next = withKubernetes(next, cluster, { ...state, events: Object.fromEntries(kept) });
  }
  return next;
}

function changeNodes(
  cloud: Cloud,
  cluster: ArmKey,
  names: readonly string[],
  change: (node: Node) => Node,
): Cloud {
  const state = kubernetesOf(cloud, cluster);
  const nodes: Record<string, Node> = { ...state.nodes };
  let version = state.controlPlane.nextResourceVersion;
  for (const name of names) {
    const node = nodes[name];
    if (node === undefined) continue;
    const changed = change(node);
    nodes[name] = {
      ...changed,
      metadata: { ...changed.metadata, resourceVersion: (version++).toString() },
    };
  }
  return withKubernetes(cloud, cluster, {
    ...state,
    nodes,
    controlPlane: { ...state.controlPlane, nextResourceVersion: version },
  });
}
