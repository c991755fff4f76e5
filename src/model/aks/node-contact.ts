/**
 * Nodes that lost their API server: routes, a firewall or its authorized IP ranges are in the way. The node lifecycle
 * controller marks them (kubernetes pkg/controller/nodelifecycle); it does so at once here, and after 40 or 50
 * seconds in a real cluster. Pods go on, and new ones find no place. They are not evicted: where all nodes of a
 * cluster are lost, the controller takes it for its own fault and stops, and the nodes of a cluster mostly leave by
 * one way.
 */
import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { parseAddress } from '../ip/address.ts';
import { kubernetesOf, withKubernetes } from '../kubernetes/cluster-state.ts';
import { reportOnNodes } from '../kubernetes/node-maintenance.ts';
import type { Node } from '../kubernetes/objects.ts';
import { internalAddress } from '../kubernetes/pods.ts';
import { whyNoApiServer } from './api-server-contact.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { isOutOfContact, withContact } from './node-readiness.ts';

const POOL_LABEL = 'kubernetes.azure.com/agentpool';

/** Returns the cloud with each node as its API server sees it. */
export function reportNodeContact(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const nodes: Record<string, Node> = {};
  const lost: string[] = [];
  let changed = false;
  for (const [name, node] of Object.entries(state.nodes)) {
    const next = withContact(node, isLost(cloud, cluster, node) ? 'lost' : 'present');
    if (next !== node) {
      changed = true;
      if (isOutOfContact(next)) lost.push(name);
    }
    nodes[name] = next;
  }
  if (!changed) return cloud;
  return reportOnNodes(withKubernetes(cloud, key, { ...state, nodes }), key, lost, {
    reason: 'NodeNotReady',
    message: (node) => `Node ${node} status is now: NodeNotReady`,
    component: 'node-controller',
  });
}

function isLost(cloud: Cloud, cluster: ManagedCluster, node: Node): boolean {
  const pool = cluster.agentPoolProfiles.find(({ name }) => name === node.metadata.labels?.[POOL_LABEL]);
  const source = parseAddress(internalAddress(node));
  return pool !== undefined && source.ok && whyNoApiServer(cloud, cluster, pool, source.value) !== null;
}
