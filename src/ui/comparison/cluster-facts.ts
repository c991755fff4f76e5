/** What the cluster of one plugin takes of its network, and what runs on it: read off its cloud. */
import { nodeSubnet } from '../../model/aks/agent-pool-scale-set.ts';
import { findScaleSet } from '../../model/aks/nodes.ts';
import { armKey, listResources } from '../../model/azure/resource-store.ts';
import { subnetAllocations } from '../../model/azure/subnet-addresses.ts';
import type { Cloud } from '../../model/cloud.ts';

export interface ClusterFact {
  readonly id: string;
  /** A row's head. */
  readonly title: string;
  readonly value: string;
}

const KINDS_OF_PROXY = ['kube-proxy', 'cilium'];

/** Returns the facts in a fixed order, the same for every plugin. Throws if the cloud has no cluster. */
export function clusterFacts(cloud: Cloud): readonly ClusterFact[] {
  const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
  const pool = cluster?.agentPoolProfiles[0];
  const state = cluster === undefined ? undefined : cloud.kubernetes[armKey(cluster.id)];
  if (cluster === undefined || pool === undefined || state === undefined) {
    throw new Error('the world of a plugin has no cluster');
  }
  const subnet = nodeSubnet(cloud, cluster, pool);
  const taken = (id: string | null): string =>
    id === null ? 'none' : String(subnetAllocations(cloud, id).length);
  const daemons = Object.values(state.daemonSets).map(({ metadata }) => metadata.name);
  const card = findScaleSet(cloud, cluster, pool.name)?.instances[0]?.networkInterface;
  return [
    { id: 'node-subnet', title: 'Addresses of the node subnet', value: taken(subnet?.id ?? null) },
    { id: 'pod-subnet', title: 'Addresses of the pod subnet', value: taken(pool.podSubnetId) },
    { id: 'pod-range', title: 'Range of its own for pods', value: cluster.networkProfile.podCidr ?? 'none' },
    { id: 'max-pods', title: 'Pods per node', value: String(pool.maxPods) },
    {
      id: 'route-table',
      title: 'Route table on the node subnet',
      value: subnet?.routeTable === null || subnet === null ? 'none' : 'yes',
    },
    {
      id: 'ip-forwarding',
      title: 'IP forwarding on the nodes’ cards',
      value: card?.enableIPForwarding === true ? 'on' : 'off',
    },
    {
      id: 'services',
      title: 'Services are balanced by',
      value: KINDS_OF_PROXY.find((name) => daemons.includes(name)) ?? 'nothing',
    },
  ];
}
