/** Whether a node's network is there, as its conditions and taints say. */
import type { Node } from '../kubernetes/objects.ts';

type Condition = Node['status']['conditions'][number];

export const READY: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
};

export const WITHOUT_NETWORK: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'KubeletNotReady',
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
};

/** Keeps pods away from a node that is not ready; DaemonSets go there all the same. */
const TAINT = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

/** What the node lifecycle controller writes about a node that nobody hears from. */
const OUT_OF_CONTACT: Condition = {
  type: 'Ready',
  status: 'Unknown',
  reason: 'NodeStatusUnknown',
  message: 'Kubelet stopped posting node status.',
};

/** Keeps new pods away from a node that nobody hears from. */
const UNREACHABLE = { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' } as const;

/** Reports whether the API server hears nothing from the node. */
export function isOutOfContact(node: Node): boolean {
  return (node.spec.taints ?? []).some((taint) => taint.key === UNREACHABLE.key);
}

/** Returns the node as one that the API server hears from, or does not; the same node if it was so. */
export function withContact(node: Node, contact: 'present' | 'lost'): Node {
  if (isOutOfContact(node) === (contact === 'lost')) return node;
  const others = (node.spec.taints ?? []).filter((taint) => taint.key !== UNREACHABLE.key);
  const taints = contact === 'lost' ? [...others, UNREACHABLE] : others;
  // A node that had no network before has none now, and says so again.
  const back = others.some((taint) => taint.key === TAINT.key) ? WITHOUT_NETWORK : READY;
  const condition = contact === 'lost' ? OUT_OF_CONTACT : back;
  const { taints: _before, ...spec } = node.spec;
  return {
    ...node,
    spec: { ...spec, ...(taints.length === 0 ? {} : { taints }) },
    status: {
      ...node.status,
      conditions: node.status.conditions.map((each) => (each.type === 'Ready' ? condition : each)),
    },
  };
}

/** Returns the node as ready, or as waiting for its network; the same node if it was so. */
export function withReadiness(node: Node, network: 'present' | 'missing'): Node {
  // Of a node out of contact nobody knows it.
  if (isOutOfContact(node)) return node;
  const hasNetwork = network === 'present';
  const wanted = hasNetwork ? READY : WITHOUT_NETWORK;
  const current = node.status.conditions.find((each) => each.type === 'Ready');
  const tainted = (node.spec.taints ?? []).some((taint) => taint.key === TAINT.key);
  if (current?.status === wanted.status && tainted !== hasNetwork) return node;
  const others = (node.spec.taints ?? []).filter((taint) => taint.key !== TAINT.key);
  const taints = hasNetwork ? others : [...others, TAINT];
  const { taints: _before, ...spec } = node.spec;
  return {
    ...node,
    spec: { ...spec, ...(taints.length === 0 ? {} : { taints }) },
    status: {
      ...node.status,
      conditions: node.status.conditions.map((each) => (each.type === 'Ready' ? wanted : each)),
    },
  };
}
