/** What a VNet's fabric and its interfaces are called. */
import type { HostId, InterfaceName } from '../network/network.ts';
import type { NetworkPart, Port } from './inventory.ts';

export const PLATFORM_INTERFACE = 'platform';
export const GATEWAY_INTERFACE = 'gateway';
/** Leads to the address translation for instance public addresses and default outbound access. */
export const EDGE_INTERFACE = 'internet';

export function fabricId(network: NetworkPart): HostId {
  return `fabric/${network.name}`;
}

/** Returns the NIC's name inside its machine: eth0 for the first one. */
export function interfaceOfNic(port: Port): InterfaceName {
  if (port.owner.kind !== 'vm') return 'eth0';
  const at = port.owner.vm.networkProfile.networkInterfaces.findIndex(
    (each) => each.id.toLowerCase() === port.nic.id.toLowerCase(),
  );
  return `eth${Math.max(at, 0)}`;
}
