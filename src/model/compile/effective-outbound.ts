import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { compile } from './compile.ts';
import type { OutboundMethod } from './outbound.ts';

/**
 * Returns how a NIC reaches the internet where its subnet's routes lead there, by the NIC's id; `whose` asks
 * for the pods of a pod subnet behind a node's NIC. Null if no NIC that is plugged in has the id, or no pod
 * behind it an address of a pod subnet.
 */
export function effectiveOutboundMethod(
  cloud: Cloud,
  nicId: string,
  whose: 'own' | 'pods' = 'own',
): OutboundMethod | null {
  const { inventory, outbound } = compile(cloud);
  const key = armKey(nicId);
  for (const { ports } of inventory.networks) {
    const port = ports.find((each) => armKey(each.nic.id) === key);
    if (port !== undefined) return whose === 'own' ? outbound.of(port) : outbound.ofPods(port);
  }
  return null;
}
