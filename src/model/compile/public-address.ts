/** Public IP resources with their addresses. */
import { getResource } from '../azure/resource-store.ts';
import type { PublicIpAddress } from '../azure/resources.ts';
import type { Address } from '../ip/address.ts';
import type { Inventory, Port } from './inventory.ts';

export interface PublicAddress {
  readonly name: string;
  readonly sku: PublicIpAddress['sku']['name'];
  readonly address: Address;
}

/** Returns a public IP resource with its address, or null if there is none or it has no address yet. */
export function publicAddressOf(inventory: Inventory, id: string | null): PublicAddress | null {
  if (id === null) return null;
  const resource = getResource(inventory.cloud, id, 'Microsoft.Network/publicIPAddresses');
  if (resource === null || resource.ipAddress === null) return null;
  const address = inventory.text.address(resource.ipAddress);
  return address === null ? null : { name: resource.name, sku: resource.sku.name, address };
}

/** Returns the public address of a NIC's own, or null. */
export function instanceAddress(inventory: Inventory, port: Port): PublicAddress | null {
  for (const configuration of port.nic.ipConfigurations) {
    const own = publicAddressOf(inventory, configuration.publicIPAddress?.id ?? null);
    if (own !== null) return own;
  }
  return null;
}
