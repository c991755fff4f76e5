/** `az aks delete`: the cluster goes, and its node resource group with it. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { deleteResourceGroup } from '../azure/resource-group.ts';
import { armKey, listResources, parseResourceId, removeResource, sameId } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { requireManagedCluster } from './create-managed-cluster.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { attachRouteTable } from './node-network.ts';
import { removeNodeRoutes } from './node-routes.ts';

const VNET = 'Microsoft.Network/virtualNetworks';

/**
 * Deletes a cluster. Routes it wrote into a brought table go; a table of its own is taken off the
 * cluster's subnets first. Errors: the cluster's absence; `InUseRouteTableCannotBeDeleted` if another
 * subnet uses the cluster's table.
 */
export function deleteManagedCluster(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const found = requireManagedCluster(cloud, resourceGroup, name);
  if (!found.ok) return found;
  const cluster = found.value;
  const released = releaseNetwork(cloud, cluster);
  if (!released.ok) return released;
  const without = removeResource(released.value, cluster.id);
  const { [armKey(cluster.id)]: _gone, ...kubernetes } = without.kubernetes;
  const next = { ...without, kubernetes };
  if (next.resourceGroups[cluster.nodeResourceGroup.toLowerCase()] === undefined) return ok(next);
  return deleteResourceGroup(next, cluster.nodeResourceGroup);
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
