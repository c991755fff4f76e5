/** Copies of the network with one of the three groups, or with groups that have no rules of their own. */
import { armKey } from '../../src/model/azure/resource-store.ts';
import type { Cloud, Resource } from '../../src/model/cloud.ts';

/** Where a group sits: a subnet of vnet-bank, or the card of a machine. */
export type Place = 'snet-nodes' | 'snet-data' | 'vm-ledger';

function changed(cloud: Cloud, change: (resource: Resource) => Resource): Cloud {
  const entries = Object.entries(cloud.resources).map(([key, resource]) => [key, change(resource)] as const);
  return { ...cloud, resources: Object.fromEntries(entries) };
}

/** Returns the cloud with no group but the one at this place, and those of AKS on its own nodes. */
export function onlyGroupAt(cloud: Cloud, place: Place): Cloud {
  return changed(cloud, (resource) => {
    if (resource.type === 'Microsoft.Network/virtualNetworks') {
      const subnets = resource.subnets.map((subnet) =>
        subnet.name === place ? subnet : { ...subnet, networkSecurityGroup: null },
      );
      return { ...resource, subnets };
    }
    if (resource.type !== 'Microsoft.Network/networkInterfaces') return resource;
    const machine = armKey(resource.virtualMachine?.id ?? '');
    return machine.endsWith(`/${place}`) ? resource : { ...resource, networkSecurityGroup: null };
  });
}

/** Returns the cloud with the groups where they are, and only the default rules in them. */
export function withoutRules(cloud: Cloud): Cloud {
  return changed(cloud, (resource) =>
    resource.type === 'Microsoft.Network/networkSecurityGroups'
      ? { ...resource, securityRules: [] }
      : resource,
  );
}
