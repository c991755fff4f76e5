/** `/etc/resolv.conf` of machines in a VNet, as Azure's DHCP writes it. */
import { listResources } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { compileUnloaded } from '../../model/compile/compile.ts';
import { directoryOf } from '../../model/compile/directory.ts';
import { dnsServersOf } from '../../model/compile/dns-servers.ts';

const AZURE = 'nameserver 168.63.129.16\nsearch internal.cloudapp.net\n';

/**
 * With servers of its own a VNet has a suffix that leads nowhere
 * (https://learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances).
 */
const NO_SUFFIX = 'reddog.microsoft.com';

/** Returns the file of a machine: a node by its name, a VM by its id. */
export function resolvConf(
  cloud: Cloud,
  machine: { readonly node: string } | { readonly vm: string },
): string {
  const vnets = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  if (vnets.every(({ dhcpOptions }) => dhcpOptions.dnsServers.length === 0)) return AZURE;
  const { nodes, machines } = directoryOf(compileUnloaded(cloud));
  const network =
    'node' in machine
      ? nodes.find((each) => each.node.metadata.name === machine.node)?.network
      : machines.find((each) => each.vm.id.toLowerCase() === machine.vm.toLowerCase())?.network;
  if (network === undefined || network === null) return AZURE;
  if (network.virtualNetwork.dhcpOptions.dnsServers.length === 0) return AZURE;
  const servers = dnsServersOf(network).map((each) => `nameserver ${each}\n`);
  return `${servers.join('')}search ${NO_SUFFIX}\n`;
}
