/** Whether there is room for the nodes that a request asks for: addresses, pod ranges, routes, pods. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import type { Subnet } from '../azure/resources.ts';
import { subnetAllocations, usableAddressCount } from '../azure/subnet-addresses.ts';
import type { Cloud } from '../cloud.ts';
import { addressCount, prefix } from '../ip/prefix.ts';
import {
  KUBENET_MAX_NODES,
  MAX_PODS_RANGE,
  MIN_PODS_PER_POOL,
  NODES_PER_POOL,
  POD_RANGE_PREFIX_LENGTH,
} from '../limits/aks.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { invalidParameter } from './names.ts';

/** Each node's share of the pod range. */
const ADDRESSES_PER_NODE = 256;

const AUTOSCALER_NOTE =
  'If Autoscaler is enabled, the max-count from each nodepool is counted towards this total (which means that pre-allocated IPs count represents a theoretical max value, not the actual number of IPs requested). http://aka.ms/aks/insufficientsubnetsize';

/** Checks that the subnet has free addresses for `added` nodes. Error: `InsufficientSubnetSize`. */
export function checkSubnetRoom(cloud: Cloud, subnet: Subnet, added: number): Result<null, AzureError> {
  const usable = usableAddressCount(subnet.addressPrefix);
  const taken = subnetAllocations(cloud, subnet.id).length;
  if (added <= usable - taken) return ok(null);
  return err(
    azureError(
      'InsufficientSubnetSize',
      `Pre-allocated IPs ${taken + added} exceeds IPs available ${usable} in Subnet Cidr ${subnet.addressPrefix}, Subnet Name ${subnet.name}. ${AUTOSCALER_NOTE}`,
      'agentPoolProfile.vnetSubnetID',
    ),
  );
}

/**
 * Checks a kubenet cluster's total of nodes against its pod range and against the route limit.
 * Errors: `InsufficientSubnetSize` (target networkProfile.podCIDR), `InvalidParameter`.
 */
export function checkKubenetNodes(podCidr: string, nodes: number): Result<null, AzureError> {
  const range = prefix(podCidr);
  const shares = 2 ** (POD_RANGE_PREFIX_LENGTH.value - range.length);
  if (nodes > KUBENET_MAX_NODES.value) {
    return err(
      invalidParameter(
        'agentPoolProfile.count',
        `A cluster with network plugin kubenet can have ${KUBENET_MAX_NODES.value} nodes at most, one route each in its route table. The number of nodes requested is ${nodes}.`,
      ),
    );
  }
  if (nodes > shares) {
    return err(
      azureError(
        'InsufficientSubnetSize',
        `Pre-allocated IPs ${nodes * ADDRESSES_PER_NODE} exceeds IPs available ${addressCount(range)} in Subnet Cidr ${podCidr}, Subnet Name networkProfile.podCIDR. ${AUTOSCALER_NOTE}`,
        'networkProfile.podCIDR',
      ),
    );
  }
  return ok(null);
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
