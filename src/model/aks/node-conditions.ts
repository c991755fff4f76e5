/** What the route controller tells the API server about each node: whether its pods can be reached. */
import { armKey, getResource } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { Node } from '../kubernetes/objects.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { nodeOfRoute } from './node-routes.ts';

type Condition = Node['status']['conditions'][number];

/** Keeps pods away from a node without a route; DaemonSets go there all the same. */
const TAINT = { key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' } as const;

const CREATED: Condition = {
  type: 'NetworkUnavailable',
  status: 'False',
  reason: 'RouteCreated',
  message: 'RouteController created a route',
};
const FAILED: Condition = {
  type: 'NetworkUnavailable',
  status: 'True',
  reason: 'NoRouteCreated',
  message: 'RouteController failed to create a route',
};

/**
 * Returns the cloud with the condition NetworkUnavailable and its taint on each node as the route
 * table says: a table that is full, or a prefix that another route holds, leaves a node without one.
 */
export function reportNodeRoutes(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const { routeTableId } = cluster.simulation;
  if (routeTableId === null) return cloud;
  const table = getResource(cloud, routeTableId, 'Microsoft.Network/routeTables');
  const routed = new Set(
    (table?.routes ?? []).map(
      (route) => `${(nodeOfRoute(route.name) ?? '').toLowerCase()} ${route.addressPrefix}`,
    ),
  );
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const nodes: Record<string, Node> = {};
  let changed = false;
  for (const [name, node] of Object.entries(state.nodes)) {
    const has = routed.has(`${name.toLowerCase()} ${node.spec.podCIDR ?? ''}`);
    const next = withCondition(node, has ? CREATED : FAILED);
    changed ||= next !== node;
    nodes[name] = next;
  }
  return changed ? withKubernetes(cloud, key, { ...state, nodes }) : cloud;
}

function withCondition(node: Node, condition: Condition): Node {
  const current = node.status.conditions.find((each) => each.type === condition.type);
  const tainted = (node.spec.taints ?? []).some((taint) => taint.key === TAINT.key);
  const wantTaint = condition.status === 'True';
  if (
    current?.reason === condition.reason &&
    current.message === condition.message &&
    tainted === wantTaint
  ) {
    return node;
  }
  const others = (node.spec.taints ?? []).filter((taint) => taint.key !== TAINT.key);
  const taints = wantTaint ? [...others, TAINT] : others;
  const { taints: _before, ...spec } = node.spec;
  return {
    ...node,
    spec: { ...spec, ...(taints.length === 0 ? {} : { taints }) },
    status: {
      ...node.status,
      conditions: node.status.conditions.map((each) => (each.type === condition.type ? condition : each)),
    },
  };
}
