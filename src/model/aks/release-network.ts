/** What a cluster gives back when it goes: routes in a brought table, and its own table on brought subnets. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { armKey, listResources, parseResourceId, sameId } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { updateSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { removeNodeRoutes } from './node-routes.ts';

const VNET = 'Microsoft.Network/virtualNetworks';

/** Returns the cloud with this route table (or none) on the subnet. */
export function attachRouteTable(
  cloud: Cloud,
  subnet: Subnet,
  routeTableId: string | null,
): Result<Cloud, AzureError> {
  const parts = parseResourceId(subnet.id);
  if (parts === null) return ok(cloud);
  return updateSubnet(
    cloud,
    { resourceGroup: parts.resourceGroup, virtualNetwork: parts.name, name: subnet.name },
    { routeTable: routeTableId },
  );
}

/** Cleans a brought route table, or takes the cluster's own one off the subnets it put it on. */
export function releaseNetwork(cloud: Cloud, cluster: ManagedCluster): Result<Cloud, AzureError> {
  const table = cluster.simulation.routeTableId;
  const parts = table === null ? null : parseResourceId(table);
  if (table === null || parts === null) return ok(cloud);
  if (parts.resourceGroup.toLowerCase() !== cluster.nodeResourceGroup.toLowerCase()) {
    return ok(removeNodeRoutes(cloud, cluster));
  }
  const own = cluster.agentPoolProfiles.flatMap((pool) =>
    pool.vnetSubnetId === null ? [] : [armKey(pool.vnetSubnetId)],
  );
  let next = cloud;
  for (const vnet of listResources(cloud, VNET)) {
    if (vnet.resourceGroup.toLowerCase() === cluster.nodeResourceGroup.toLowerCase()) continue;
    for (const subnet of vnet.subnets) {
      if (subnet.routeTable === null || !sameId(subnet.routeTable.id, table)) continue;
      if (!own.includes(armKey(subnet.id))) {
        return err(
          azureError(
            'InUseRouteTableCannotBeDeleted',
            `Route table ${parts.name} is in use and cannot be deleted.`,
          ),
        );
      }
      const detached = attachRouteTable(next, subnet, null);
      if (!detached.ok) return detached;
      next = detached.value;
    }
  }
  return ok(next);
}
