/** Handing out a pod subnet to the nodes of a cluster. */
import { armKey } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { everyFreeAddress, everyFreeBlock, virtualNetworkRoom } from '../azure/subnet-addresses.ts';
import type { Cloud } from '../cloud.ts';
import { STATIC_BLOCK_PREFIX_LENGTH } from '../limits/aks.ts';
import type { ManagedCluster } from './managed-cluster.ts';

export interface Allocator {
  /** Returns so many addresses or blocks of a pod subnet, or null if there are not as many. */
  readonly take: (subnet: Subnet, count: number, what: 'addresses' | 'blocks') => readonly string[] | null;
}

/** Hands out each free address once, over all nodes of one reconcile. */
export function openAllocator(cloud: Cloud, cluster: ManagedCluster): Allocator {
  const sources = new Map<string, { readonly free: Iterator<string, undefined>; readonly next: string[] }>();
  let room: number | null = null;
  return {
    take: (subnet, count, what) => {
      room ??= virtualNetworkRoom(cloud, cluster.simulation.virtualNetworkId);
      if (count > room) return null;
      const key = `${what} ${armKey(subnet.id)}`;
      const source = sources.get(key) ?? {
        free:
          what === 'addresses'
            ? everyFreeAddress(cloud, subnet)
            : everyFreeBlock(cloud, subnet, STATIC_BLOCK_PREFIX_LENGTH.value),
        next: [],
      };
      sources.set(key, source);
      while (source.next.length < count) {
        const step = source.free.next();
        if (step.done === true) return null;
        source.next.push(step.value);
      }
      room -= count;
      return source.next.splice(0, count);
    },
  };
}
