/** What a node takes of its pod subnet: batches of addresses on demand, or blocks for life. */
import {
  DYNAMIC_POD_ADDRESSES,
  STATIC_BLOCK_PREFIX_LENGTH,
  STATIC_BLOCK_RESERVED_ADDRESSES,
} from '../limits/aks.ts';

/** Returns the addresses that a node with dynamic allocation holds while its pods use so many. */
export function dynamicTarget(used: number): number {
  const { batch, requestBelowFree, mostPerNode } = DYNAMIC_POD_ADDRESSES.value;
  return Math.min(mostPerNode, batch * Math.ceil((used + requestBelowFree) / batch));
}

/** Returns how many blocks a node with static allocation holds, for as long as it lives. */
export function blocksPerNode(maxPods: number): number {
  const addresses = 2 ** (32 - STATIC_BLOCK_PREFIX_LENGTH.value);
  return Math.ceil((maxPods + STATIC_BLOCK_RESERVED_ADDRESSES.value) / addresses);
}
