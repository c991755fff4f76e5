/**
 * The CNI address manager `host-local`, which kubenet uses on each node's range. The bridge holds
 * the first address; pods get the ones after it in turn. The last address handed out is remembered,
 * so a freed address comes back only after the others had their turn
 * (containernetworking/plugins, plugins/ipam/host-local/backend/allocator, GetIter and Next).
 */
import { addressDistance, addressPlus, formatAddress, parseAddress } from '../ip/address.ts';
import { addressCount, firstAddress, parsePrefix, prefixContains } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';

/** Offset of cbr0 in the node's range. */
const GATEWAY = 1;

/** Returns the address of the node's bridge in its pod range: `10.244.0.1` for `10.244.0.0/24`. */
export function bridgeAddress(podCidr: string): string | null {
  const range = parsePrefix(podCidr);
  if (!range.ok) return null;
  const bridge = addressPlus(firstAddress(range.value), GATEWAY);
  return bridge === null ? null : formatAddress(bridge);
}

/** Returns how many pods can hold an address of the range: 253 in a /24. */
export function podAddressCount(range: Prefix): number {
  return Math.max(0, addressCount(range) - 3);
}

/**
 * Returns the next free address after `lastReserved`, going round at the end of the range; null if
 * every address is taken, or the range cannot be read.
 */
export function nextPodAddress(
  podCidr: string,
  lastReserved: string | null,
  taken: ReadonlySet<string>,
): string | null {
  const range = parsePrefix(podCidr);
  if (!range.ok) return null;
  const first = firstAddress(range.value);
  const count = podAddressCount(range.value);
  const last = lastReserved === null ? null : parseAddress(lastReserved);
  const before =
    last !== null && last.ok && prefixContains(range.value, last.value)
      ? Math.max(0, addressDistance(first, last.value) - GATEWAY)
      : 0;
  for (let step = 0; step < count; step++) {
    const candidate = addressPlus(first, GATEWAY + 1 + ((before + step) % count));
    if (candidate === null) return null;
    const text = formatAddress(candidate);
    if (!taken.has(text)) return text;
  }
  return null;
}

/** Reports whether a pod may hold the address: inside the range, and none of network, bridge or broadcast. */
export function isPodAddress(podCidr: string, text: string): boolean {
  const range = parsePrefix(podCidr);
  const parsed = parseAddress(text);
  if (!range.ok || !parsed.ok) return false;
  const offset = addressDistance(firstAddress(range.value), parsed.value);
  return offset > GATEWAY && offset < addressCount(range.value) - 1;
}
