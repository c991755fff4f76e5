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

/** Returns the node as ready, or as waiting for its network; the same node if it was so. */
export function withReadiness(node: Node, network: 'present' | 'missing'): Node {
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
