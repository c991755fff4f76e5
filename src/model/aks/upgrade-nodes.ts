/** Which nodes of a pool an upgrade has still to replace. */
import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf } from '../kubernetes/cluster-state.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { findScaleSet } from './nodes.ts';

const IMAGE_LABEL = 'kubernetes.azure.com/node-image-version';

/** Returns the names of a pool's machines, oldest first. */
export function machinesOf(cloud: Cloud, cluster: ManagedCluster, pool: string): readonly string[] {
  return findScaleSet(cloud, cluster, pool)?.instances.map((each) => each.computerName) ?? [];
}

/** Returns the pool's nodes that do not run the pool's version on the pool's image, oldest first. */
export function outdatedNodes(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool): readonly string[] {
  const { nodes } = kubernetesOf(cloud, armKey(cluster.id));
  return machinesOf(cloud, cluster, pool.name).filter((name) => {
    const node = nodes[name];
    if (node === undefined) return true;
    return (
      node.status.nodeInfo.kubeletVersion !== `v${pool.currentOrchestratorVersion}` ||
      node.metadata.labels?.[IMAGE_LABEL] !== pool.nodeImageVersion
    );
  });
}
