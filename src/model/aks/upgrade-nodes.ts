/** Which nodes of a pool an upgrade has still to replace. */
import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf } from '../kubernetes/cluster-state.ts';
import { hasProxyOf } from './http-proxy.ts';
import { ipamOf } from './ipam.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { findScaleSet } from './nodes.ts';

const IMAGE_LABEL = 'kubernetes.azure.com/node-image-version';
/** What a node was set up for when it joined. */
const OVERLAY_LABEL = 'kubernetes.azure.com/azure-cni-overlay';
const CILIUM_LABEL = 'kubernetes.azure.com/ebpf-dataplane';

/** Returns the names of a pool's machines, oldest first. */
export function machinesOf(cloud: Cloud, cluster: ManagedCluster, pool: string): readonly string[] {
  return findScaleSet(cloud, cluster, pool)?.instances.map((each) => each.computerName) ?? [];
}

/**
 * Returns the pool's nodes that do not run the pool's version on the pool's image, or not the cluster's
 * network or HTTP proxy, oldest first.
 */
export function outdatedNodes(cloud: Cloud, cluster: ManagedCluster, pool: AgentPool): readonly string[] {
  const { nodes } = kubernetesOf(cloud, armKey(cluster.id));
  const overlay = ipamOf(cluster.networkProfile, pool) === 'overlay';
  const cilium = cluster.networkProfile.networkDataplane === 'cilium';
  return machinesOf(cloud, cluster, pool.name).filter((name) => {
    const node = nodes[name];
    if (node === undefined) return true;
    const labels = node.metadata.labels ?? {};
    return (
      node.status.nodeInfo.kubeletVersion !== `v${pool.currentOrchestratorVersion}` ||
      labels[IMAGE_LABEL] !== pool.nodeImageVersion ||
      (labels[OVERLAY_LABEL] === 'true') !== overlay ||
      (labels[CILIUM_LABEL] === 'cilium') !== cilium ||
      !hasProxyOf(node, cluster)
    );
  });
}
