/** How the pods of a pool get their addresses: the one question that tells the network plugins apart. */
import type { AgentPool, NetworkProfile } from './managed-cluster.ts';

/** `none` is a cluster without a CNI (`--network-plugin none`). */
export type Ipam =
  'kubenet' | 'node-subnet' | 'pod-subnet-dynamic' | 'pod-subnet-static' | 'overlay' | 'none';

type Plugin = Pick<NetworkProfile, 'networkPlugin' | 'networkPluginMode'>;
type Pool = Pick<AgentPool, 'podSubnetId' | 'podIPAllocationMode'>;

/** Returns how a pool's pods get addresses. Pools of one cluster differ only in their pod subnets. */
export function ipamOf(profile: Plugin, pool: Pool | null): Ipam {
  switch (profile.networkPlugin) {
    case 'kubenet':
      return 'kubenet';
    case 'none':
      return 'none';
    case 'azure':
      if (profile.networkPluginMode === 'overlay') return 'overlay';
      if (pool === null || pool.podSubnetId === null) return 'node-subnet';
      return pool.podIPAllocationMode === 'StaticBlock' ? 'pod-subnet-static' : 'pod-subnet-dynamic';
  }
}

/** Reports whether pods have addresses that the VNet knows and routes. */
export function isFlat(ipam: Ipam): boolean {
  return ipam === 'node-subnet' || ipam === 'pod-subnet-dynamic' || ipam === 'pod-subnet-static';
}

/** Returns the ways in which a cluster's pools give pods addresses, each once. */
export function clusterIpams(cluster: {
  readonly networkProfile: Plugin;
  readonly agentPoolProfiles: readonly Pool[];
}): readonly Ipam[] {
  return [...new Set(cluster.agentPoolProfiles.map((pool) => ipamOf(cluster.networkProfile, pool)))];
}
