/** The ranges of the network that a cluster's nodes are in. */
import { getResource } from '../azure/resource-store.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';

/**
 * Returns the subnets of the nodes and then the VNet's ranges, each once: what AKS lists for the
 * masquerade agent of Node Subnet.
 */
export function flatRanges(
  cloud: Cloud,
  cluster: {
    readonly agentPoolProfiles: readonly Pick<AgentPool, 'vnetSubnetId'>[];
    readonly simulation: Pick<ManagedCluster['simulation'], 'virtualNetworkId'>;
  },
): readonly string[] {
  const { virtualNetworkId } = cluster.simulation;
  const subnets = cluster.agentPoolProfiles.flatMap(({ vnetSubnetId }) => {
    const found = findSubnet(cloud, vnetSubnetId ?? `${virtualNetworkId}/subnets/aks-subnet`);
    return found === null ? [] : [found.subnet.addressPrefix];
  });
  const vnet = getResource(cloud, virtualNetworkId, 'Microsoft.Network/virtualNetworks');
  return [...new Set([...subnets, ...(vnet?.addressSpace.addressPrefixes ?? [])])];
}
