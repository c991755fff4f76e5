/**
 * The address manager of Azure CNI, `azure-cns`, which runs on every node. It keeps the node's
 * addresses in a hash map and hands out whichever free one it meets first, so pods' addresses follow
 * no order (Azure/azure-container-networking, cns/restserver/ipam.go). Here the seed decides.
 */
import { drawInteger } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress, parseAddress } from '../ip/address.ts';
import { addressCount, firstAddress, parsePrefix, prefixContains } from '../ip/prefix.ts';
import type { Node } from './objects.ts';

/** The addresses that a node may give to pods. */
export interface AddressPool {
  readonly size: number;
  readonly at: (index: number) => string | null;
  readonly has: (address: string) => boolean;
}

/**
 * Returns a node's addresses for pods: those that Azure gave it, or with Overlay its whole share of
 * the pod range, the first and the last included; null for a node that has neither.
 */
export function podAddressPool(node: Node): AddressPool | null {
  const known = poolsOfNodes.get(node);
  if (known !== undefined) return known;
  const pool = readPool(node);
  poolsOfNodes.set(node, pool);
  return pool;
}

const poolsOfNodes = new WeakMap<Node, AddressPool | null>();

function readPool(node: Node): AddressPool | null {
  const given = node.simulation?.podAddresses;
  if (given !== undefined) {
    return {
      size: given.length,
      at: (index) => given[index] ?? null,
      has: (address) => given.includes(address),
    };
  }
  const range = node.spec.podCIDR === undefined ? null : parsePrefix(node.spec.podCIDR);
  if (range === null || !range.ok) return null;
  const share = range.value;
  return {
    size: addressCount(share),
    at: (index) => {
      const address = addressPlus(firstAddress(share), index);
      return address === null ? null : formatAddress(address);
    },
    has: (text) => {
      const parsed = parseAddress(text);
      return parsed.ok && prefixContains(share, parsed.value);
    },
  };
}

/** Returns a free address of the pool for this purpose, or null if all are taken. */
export function drawPodAddress(
  chance: Pick<Cloud, 'seed' | 'pins'>,
  purpose: string,
  pool: AddressPool,
  taken: ReadonlySet<string>,
): string | null {
  if (pool.size === 0) return null;
  const start = drawInteger(chance, purpose, pool.size);
  for (let step = 0; step < pool.size; step++) {
    const candidate = pool.at((start + step) % pool.size);
    if (candidate !== null && !taken.has(candidate)) return candidate;
  }
  return null;
}
