/** Whether there is room for the nodes that a request asks for: addresses, pod ranges, routes, pods. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { armKey } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { subnetAllocations, usableAddressCount } from '../azure/subnet-addresses.ts';
import type { Cloud } from '../cloud.ts';
import { addressCount, prefix } from '../ip/prefix.ts';
import {
  DYNAMIC_POD_ADDRESSES,
  KUBENET_MAX_NODES,
  MAX_PODS_RANGE,
  MIN_PODS_PER_POOL,
  NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES,
  NODES_PER_CLUSTER,
  NODES_PER_POOL,
  POD_RANGE_PREFIX_LENGTH,
} from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { ipamOf } from './ipam.ts';
import type { Ipam } from './ipam.ts';
import type { AgentPool, NetworkProfile } from './managed-cluster.ts';
import { invalidParameter } from './names.ts';

/** Each node's share of the pod range. */
const ADDRESSES_PER_NODE = 256;

export const AUTOSCALER_NOTE =
  'If Autoscaler is enabled, the max-count from each nodepool is counted towards this total (which means that pre-allocated IPs count represents a theoretical max value, not the actual number of IPs requested). http://aka.ms/aks/insufficientsubnetsize';

/** Returns how many addresses of its subnet a node takes: its own, and with Node Subnet those of its pods. */
export function nodeSubnetAddresses(ipam: Ipam, maxPods: number): number {
  return ipam === 'node-subnet' ? maxPods + NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES.value : 1;
}

/** A pool as a change leaves it, where it lives, and how many nodes it has before the change. */
export interface PlacedPool {
  readonly pool: AgentPool;
  readonly subnet: Pick<Subnet, 'id' | 'name' | 'addressPrefix'>;
  readonly podSubnet: Pick<Subnet, 'id' | 'name' | 'addressPrefix'> | null;
  readonly present: number;
}

/** Returns how many nodes a pool may come to have: with an autoscaler, its maximum. */
export function mostNodes(pool: AgentPool): number {
  return pool.enableAutoScaling ? Math.max(pool.count, pool.maxCount ?? 0) : pool.count;
}

/**
 * Checks that a cluster's pools have room for the nodes they may come to have. Errors:
 * `InvalidParameter` for more nodes than a cluster has, `InsufficientSubnetSize` in each of its forms.
 */
export function checkRoom(
  cloud: Cloud,
  profile: NetworkProfile,
  pools: readonly PlacedPool[],
): Result<null, AzureError> {
  const nodes = pools.reduce((sum, { pool }) => sum + mostNodes(pool), 0);
  const ranges = checkNodeTotal(profile, nodes);
  if (!ranges.ok) return ranges;
  const added = new Map<string, { readonly subnet: PlacedPool['subnet']; count: number }>();
  const addedToPods = new Map<string, { readonly subnet: PlacedPool['subnet']; count: number }>();
  const add = (into: typeof added, subnet: PlacedPool['subnet'], count: number): void => {
    const known = into.get(armKey(subnet.id));
    if (known === undefined) into.set(armKey(subnet.id), { subnet, count });
    else known.count += count;
  };
  for (const { pool, subnet, podSubnet, present } of pools) {
    const growth = mostNodes(pool) - present;
    add(added, subnet, growth * nodeSubnetAddresses(ipamOf(profile, pool), pool.maxPods));
    if (podSubnet !== null) add(addedToPods, podSubnet, growth * DYNAMIC_POD_ADDRESSES.value.batch);
  }
  for (const { subnet, count } of added.values()) {
    const room = checkSubnetRoom(cloud, subnet, count, 'agentPoolProfile.vnetSubnetID');
    if (!room.ok) return room;
  }
  for (const { subnet, count } of addedToPods.values()) {
    const room = checkSubnetRoom(cloud, subnet, count, 'agentPoolProfile.podSubnetID');
    if (!room.ok) return room;
  }
  return ok(null);
}

/** Checks the nodes of a cluster, surge nodes included. Errors: `InvalidParameter`, `InsufficientSubnetSize` for the pod range. */
export function checkNodeTotal(profile: NetworkProfile, nodes: number): Result<null, AzureError> {
  if (profile.networkPlugin === 'kubenet' && nodes > KUBENET_MAX_NODES.value) {
    return err(
      invalidParameter(
        'agentPoolProfile.count',
        `A cluster with network plugin kubenet can have ${KUBENET_MAX_NODES.value} nodes at most, one route each in its route table. The number of nodes requested is ${nodes}.`,
      ),
    );
  }
  if (nodes > NODES_PER_CLUSTER.value) {
    return err(
      invalidParameter(
        'agentPoolProfile.count',
        `A cluster can have ${NODES_PER_CLUSTER.value} nodes at most. The number of nodes requested is ${nodes}.`,
      ),
    );
  }
  return profile.podCidr === null ? ok(null) : checkPodRangeRoom(profile.podCidr, nodes);
}

/** Checks that the subnet has `added` free addresses. Error: `InsufficientSubnetSize`. */
export function checkSubnetRoom(
  cloud: Cloud,
  subnet: PlacedPool['subnet'],
  added: number,
  target: string,
): Result<null, AzureError> {
  if (added <= 0) return ok(null);
  const usable = usableAddressCount(subnet.addressPrefix);
  const taken = subnetAllocations(cloud, subnet.id).length;
  if (added <= usable - taken) return ok(null);
  return err(
    azureError(
      'InsufficientSubnetSize',
      `Pre-allocated IPs ${taken + added} exceeds IPs available ${usable} in Subnet Cidr ${subnet.addressPrefix}, Subnet Name ${subnet.name}. ${AUTOSCALER_NOTE}`,
      target,
    ),
  );
}

/** Checks that a pod range has a share for each node. Error: `InsufficientSubnetSize` (networkProfile.podCIDR). */
export function checkPodRangeRoom(podCidr: string, nodes: number): Result<null, AzureError> {
  const range = prefix(podCidr);
  const shares = 2 ** (POD_RANGE_PREFIX_LENGTH.value - range.length);
  if (nodes <= shares) return ok(null);
  return err(
    azureError(
      'InsufficientSubnetSize',
      `Pre-allocated IPs ${nodes * ADDRESSES_PER_NODE} exceeds IPs available ${addressCount(range)} in Subnet Cidr ${podCidr}, Subnet Name networkProfile.podCIDR. ${AUTOSCALER_NOTE}`,
      'networkProfile.podCIDR',
    ),
  );
}

/** Checks a pool's number of nodes. A system pool has one at least. Error: `InvalidParameter`. */
export function checkCount(count: number, mode: 'System' | 'User'): Result<number, AzureError> {
  const lowest = mode === 'System' ? 1 : 0;
  if (Number.isInteger(count) && count >= lowest && count <= NODES_PER_POOL.value) return ok(count);
  return err(
    invalidParameter(
      'agentPoolProfile.count',
      `The number of nodes of a ${mode.toLowerCase()} node pool must be between ${lowest} and ${NODES_PER_POOL.value}. The value given is ${count}.`,
    ),
  );
}

/**
 * Checks how many pods each node may run. Errors: `InsufficientMaxPods`, `MaxPodsLimitExceeded`,
 * `InsufficientAgentPoolMaxPodsPerAgentPool` when the whole pool has too little room.
 */
export function checkMaxPods(pool: string, maxPods: number, count: number): Result<number, AzureError> {
  const { lowest, highest } = MAX_PODS_RANGE.value;
  const target = 'agentPoolProfile.maxPods';
  if (!Number.isInteger(maxPods) || maxPods < lowest) {
    return err(
      azureError(
        'InsufficientMaxPods',
        `The AgentPoolProfile '${pool}' has an invalid maxPods ${maxPods}: it must be between ${lowest} and ${highest}. Please refer to aka.ms/aks-min-max-pod for more detail.`,
        target,
      ),
    );
  }
  if (maxPods > highest) {
    return err(
      azureError(
        'MaxPodsLimitExceeded',
        `The AgentPoolProfile '${pool}' has an invalid maxPods ${maxPods}: it must be between ${lowest} and ${highest}. Please refer to aka.ms/aks-min-max-pod for more detail.`,
        target,
      ),
    );
  }
  if (count > 0 && maxPods * count < MIN_PODS_PER_POOL.value) {
    return err(
      azureError(
        'InsufficientAgentPoolMaxPodsPerAgentPool',
        `The AgentPoolProfile '${pool}' has an invalid total maxPods(maxPods per node * node count), the total maxPods(${maxPods} * ${count}) should be larger than ${MIN_PODS_PER_POOL.value}. Please refer to aka.ms/aks-min-max-pod for more detail.`,
        target,
      ),
    );
  }
  return ok(maxPods);
}
