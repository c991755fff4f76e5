/** A cloud with some of its VNets only: what the others hold decides nothing between those that stay. */
import { armKey, getResource, listResources } from '../model/azure/resource-store.ts';
import type { Cloud, Resource } from '../model/cloud.ts';

/**
 * Returns the cloud without VNets but these and what is in them. One with clusters stays whole, since
 * their parts are spread over many resources.
 */
export function reducedTo(cloud: Cloud, vnetIds: readonly string[]): Cloud {
  if (Object.keys(cloud.kubernetes).length > 0) return cloud;
  const kept = new Set(vnetIds.map(armKey));
  const gone = new Set(
    listResources(cloud, 'Microsoft.Network/virtualNetworks')
      .map(({ id }) => armKey(id))
      .filter((id) => !kept.has(id)),
  );
  if (gone.size === 0) return cloud;
  const isGone = (subnetId: string | undefined): boolean =>
    subnetId !== undefined && gone.has(armKey(subnetId).split('/subnets/')[0] ?? '');
  const goes = (resource: Resource): boolean => {
    switch (resource.type) {
      case 'Microsoft.Network/virtualNetworks':
        return gone.has(armKey(resource.id));
      case 'Microsoft.Network/networkInterfaces':
        return isGone(resource.ipConfigurations[0]?.subnet.id);
      case 'Microsoft.Compute/virtualMachines': {
        const [first] = resource.networkProfile.networkInterfaces;
        const nic =
          first === undefined ? null : getResource(cloud, first.id, 'Microsoft.Network/networkInterfaces');
        return isGone(nic?.ipConfigurations[0]?.subnet.id);
      }
      case 'Microsoft.Network/azureFirewalls':
      case 'Microsoft.Network/virtualNetworkGateways':
        return isGone(resource.ipConfigurations[0]?.subnet?.id);
      case 'Microsoft.Network/connections':
        return isGone(
          getResource(cloud, resource.virtualNetworkGateway1.id, 'Microsoft.Network/virtualNetworkGateways')
            ?.ipConfigurations[0]?.subnet.id,
        );
      case 'Microsoft.Network/loadBalancers':
        return resource.frontendIPConfigurations.some(({ subnet }) => isGone(subnet?.id));
      case 'Microsoft.Network/privateEndpoints':
        return isGone(resource.subnet.id);
      case 'Microsoft.Network/privateLinkServices':
        return resource.ipConfigurations.some(({ subnet }) => isGone(subnet.id));
      case 'Microsoft.Compute/virtualMachineScaleSets':
        return resource.instances.some(({ networkInterface }) =>
          isGone(networkInterface.ipConfigurations[0]?.subnet.id),
        );
      case 'Microsoft.Network/routeTables':
      case 'Microsoft.Network/networkSecurityGroups':
      case 'Microsoft.Network/applicationSecurityGroups':
      case 'Microsoft.Network/natGateways':
      case 'Microsoft.Network/firewallPolicies':
      case 'Microsoft.Network/ipGroups':
      case 'Microsoft.Network/localNetworkGateways':
      case 'Microsoft.Network/publicIPAddresses':
      case 'Microsoft.Network/publicIPPrefixes':
      case 'Microsoft.ManagedIdentity/userAssignedIdentities':
      case 'Microsoft.Authorization/roleAssignments':
      case 'Microsoft.Authorization/roleDefinitions':
      case 'Microsoft.ContainerService/ManagedClusters':
        return false;
    }
  };
  return {
    ...cloud,
    resources: Object.fromEntries(Object.entries(cloud.resources).filter(([, resource]) => !goes(resource))),
  };
}
