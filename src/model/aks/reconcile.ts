/** AKS and the cloud controller following what the learner changed. */
import { armKey, getResource, listResources } from '../azure/resource-store.ts';
import { inSubscriptionOf } from '../azure/subscription-choice.ts';
import type { Cloud } from '../cloud.ts';
import { reconcileKubernetes } from '../kubernetes/reconcile.ts';
import { reconcileLoadBalancers } from './cloud-provider/reconcile-load-balancers.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { learnNeighbours } from './neighbours.ts';
import { reconcileNodeNetworkConfigs } from './node-network-configs.ts';
import { reportNodeContact } from './node-contact.ts';
import { reportNodeRoutes } from './node-conditions.ts';
import { reconcileNodeRoutes } from './node-routes.ts';
import { registerNodes } from './nodes.ts';

/** A node that becomes ready changes where pods go, and so what nodes need; that ends quickly. */
const MOST_ROUNDS = 4;
const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';

/**
 * Returns the cloud after every cluster's controllers have run: nodes for instances, pods for
 * workloads, routes for nodes. Call it after each operation of any kind. Returns the same cloud if
 * nothing had to follow.
 */
export function reconcile(cloud: Cloud): Cloud {
  let next = cloud;
  for (const cluster of listResources(cloud, CLUSTER)) next = reconcileCluster(next, cluster);
  return next;
}

/** Runs the controllers of one cluster. */
export function reconcileCluster(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  if (cloud.kubernetes[key] === undefined || getResource(cloud, cluster.id, CLUSTER) === null) return cloud;
  return inSubscriptionOf(cloud, cluster.id, (there) => runControllers(there, cluster));
}

function runControllers(cloud: Cloud, cluster: ManagedCluster): Cloud {
  let next = registerNodes(cloud, cluster);
  next = reconcileNodeRoutes(next, cluster);
  next = reportNodeRoutes(next, cluster);
  next = reconcileNodeNetworkConfigs(next, cluster);
  next = reportNodeContact(next, cluster);
  next = reconcileLoadBalancers(runPods(next, cluster), cluster);
  return learnNeighbours(next, cluster);
}

/** Runs the controllers of pods; what Pod Subnet nodes are given follows their pods, and the other way round. */
function runPods(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  let run = reconcileKubernetes(cloud, key);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const given = reconcileNodeNetworkConfigs(run, cluster);
    if (given === run) break;
    run = reconcileKubernetes(given, key);
  }
  return run;
}
