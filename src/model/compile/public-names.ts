/** What public DNS knows: hosts on the internet, public addresses with a name, the API servers of clusters. */
import { listResources } from '../azure/resource-store.ts';
import type { Address } from '../ip/address.ts';
import { hostsOutside } from '../outside-host.ts';
import type { Inventory } from './inventory.ts';

/** Returns the addresses of a public name in small letters; null where there is no such name. */
export function lookUpPublicName(
  { cloud, text, clusters }: Inventory,
  wanted: string,
): readonly Address[] | null {
  for (const host of hostsOutside(cloud)) {
    if (host.kind !== 'internet') continue;
    const address = text.address(host.address);
    if (address !== null && host.dnsNames.some((each) => each.toLowerCase() === wanted)) return [address];
  }
  for (const each of listResources(cloud, 'Microsoft.Network/publicIPAddresses')) {
    if (each.dnsSettings?.fqdn.toLowerCase() !== wanted) continue;
    const address = each.ipAddress === null ? null : text.address(each.ipAddress);
    // A dynamic address that nobody holds yet leaves the name without a record.
    return address === null ? null : [address];
  }
  for (const { cluster, state } of clusters) {
    const address = text.address(state.controlPlane.apiServer.address);
    if (cluster.fqdn.toLowerCase() === wanted && address !== null) return [address];
  }
  return null;
}

/** Returns the addresses of a public name; none where it does not resolve. */
export function publicAddressesOfName(inventory: Inventory, name: string): readonly Address[] {
  return lookUpPublicName(inventory, name.toLowerCase().replace(/\.$/, '')) ?? [];
}
