/** What passes packets on in a VNet of a peering matrix: Azure Firewall that allows everything, or a machine. */
import { createAzureFirewall } from '../model/azure/azure-firewall.ts';
import { createPublicIpAddress } from '../model/azure/public-ip-address.ts';
import { resourceId } from '../model/azure/resource-store.ts';
import { setForwarding } from '../model/azure/virtual-machine.ts';
import type { Cloud } from '../model/cloud.ts';
import { addressPlus, formatAddress } from '../model/ip/address.ts';
import { firstAddress, formatPrefix } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import { addMachine } from './peering-matrix-machines.ts';
import type { Builder } from './peering-matrix-machines.ts';
import type { VnetStatement } from './peering-matrix-text.ts';

/** The group that everything is in which a text describes. */
export const GROUP = 'rg';

/** Returns the id of a VNet of a text. */
export function idOf(cloud: Cloud, name: string): string {
  return resourceId(cloud, GROUP, 'Microsoft.Network/virtualNetworks', name);
}

/** Adds a firewall; it has the first free address of its subnet, as Azure gives it. */
export function addFirewall(builder: Builder, vnet: VnetStatement, address: string, range: Prefix): void {
  const expected = addressPlus(firstAddress(range), 4);
  if (expected === null || formatAddress(expected) !== address) {
    builder.problems.push({
      about: `firewall of ${vnet.name}`,
      code: 'firewall-address',
      message: `Azure Firewall takes the first free address of its subnet, a /26 or larger: not ${address}, but ${expected === null ? '' : formatAddress(expected)} of ${formatPrefix(range)}. Write firewall=${expected === null ? '' : formatAddress(expected)}, or nva=${address} for an appliance.`,
    });
    return;
  }
  const name = `${vnet.name}-firewall`;
  const place = vnet.location === null ? {} : { location: vnet.location };
  const ready = builder.do(
    `firewall of ${vnet.name}`,
    createPublicIpAddress(builder.cloud, { resourceGroup: GROUP, name: `${name}-ip`, ...place }),
  );
  if (!ready) return;
  const any = {
    name: 'any',
    description: null,
    sourceAddresses: ['*'],
    sourceIpGroups: [],
    protocols: ['Any' as const],
    destinationAddresses: ['*'],
    destinationIpGroups: [],
    destinationFqdns: [],
    destinationPorts: ['*'],
  };
  builder.do(
    `firewall of ${vnet.name}`,
    createAzureFirewall(builder.cloud, {
      resourceGroup: GROUP,
      name,
      ...place,
      ipConfigurations: [
        {
          name: 'config',
          subnetId: `${idOf(builder.cloud, vnet.name)}/subnets/AzureFirewallSubnet`,
          publicIpAddressId: resourceId(
            builder.cloud,
            GROUP,
            'Microsoft.Network/publicIPAddresses',
            `${name}-ip`,
          ),
        },
      ],
      networkRuleCollections: [
        {
          id: `${resourceId(builder.cloud, GROUP, 'Microsoft.Network/azureFirewalls', name)}/networkRuleCollections/all`,
          name: 'all',
          etag: '',
          priority: 100,
          action: { type: 'Allow' },
          rules: [any],
          provisioningState: 'Succeeded',
        },
      ],
    }),
  );
}

/** Adds a machine that passes packets on. */
export function addAppliance(builder: Builder, vnet: VnetStatement, address: string): void {
  const made = addMachine(builder, {
    name: `${vnet.name}-nva`,
    group: GROUP,
    subnetId: `${idOf(builder.cloud, vnet.name)}/subnets/nva`,
    location: vnet.location,
    address,
    about: `nva of ${vnet.name}`,
  });
  if (made !== null) builder.cloud = setForwarding(builder.cloud, made, 'on');
}
