/** What a migration does to the machines of a cluster and to what Azure keeps for them. */
import { getResource, nextEtag, parseResourceId, putResource } from '../azure/resource-store.ts';
import { changeRoutes, deleteRouteTable } from '../azure/route-table.ts';
import type { ScaleSetInstance } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { nodeSubnetAddresses } from './capacity.ts';
import { ipamOf, isFlat } from './ipam.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { restoreManagedNetwork } from './node-network.ts';
import { nodeOfRoute } from './node-routes.ts';
import { findScaleSet } from './nodes.ts';
import { releaseNetwork } from './release-network.ts';
import { scaleSetModel, updateScaleSetModel } from './scale-set-model.ts';

/** Returns the cloud with the model of each pool's scale set as the cluster's network asks for. */
export function renewModels(cloud: Cloud, cluster: ManagedCluster): Cloud {
  let next = cloud;
  for (const pool of cluster.agentPoolProfiles) {
    const scaleSet = findScaleSet(next, cluster, pool.name);
    const enableIPForwarding = !isFlat(ipamOf(cluster.networkProfile, pool));
    if (scaleSet === null || scaleSetModel(scaleSet).enableIPForwarding === enableIPForwarding) continue;
    next = updateScaleSetModel(next, scaleSet, { enableIPForwarding });
  }
  return next;
}

/**
 * Returns the cloud with these machines brought to their scale set's model, as a reimage does: a node
 * that needs fewer addresses of its subnet than it has gives the others back.
 */
export function renewMachines(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: AgentPool,
  names: readonly string[],
): Cloud {
  const scaleSet = findScaleSet(cloud, cluster, pool.name);
  if (scaleSet === null) return cloud;
  const { enableIPForwarding } = scaleSetModel(scaleSet);
  const needed = nodeSubnetAddresses(ipamOf(cluster.networkProfile, pool), pool.maxPods);
  const renewed = new Set(names);
  let changed = false;
  const instances = scaleSet.instances.map((each): ScaleSetInstance => {
    const nic = each.networkInterface;
    const surplus = nic.ipConfigurations.length > needed;
    if (!renewed.has(each.computerName)) return each;
    if (!surplus && nic.enableIPForwarding === enableIPForwarding) return each;
    changed = true;
    return {
      ...each,
      networkInterface: {
        ...nic,
        enableIPForwarding,
        ipConfigurations: surplus ? nic.ipConfigurations.slice(0, needed) : nic.ipConfigurations,
        etag: nextEtag(cloud, nic.id, nic.etag),
      },
    };
  });
  if (!changed) return cloud;
  return putResource(cloud, { ...scaleSet, instances, etag: nextEtag(cloud, scaleSet.id, scaleSet.etag) });
}

/**
 * Returns the cloud after a cluster that has left kubenet has given up its route table: its own one is
 * taken off the subnets and deleted; from a brought one only the routes to its nodes go.
 */
export function leaveRouteTable(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const tableId = cluster.simulation.routeTableId;
  if (tableId === null) return cloud;
  const table = getResource(cloud, tableId, 'Microsoft.Network/routeTables');
  const left: ManagedCluster = {
    ...cluster,
    simulation: { ...cluster.simulation, routeTableId: null },
  };
  if (table === null) return putResource(cloud, left);
  const own = table.routes.filter((route) => isOwnRoute(cloud, cluster, route.name));
  const cleaned = changeRoutes(
    cloud,
    table.id,
    [],
    own.map((route) => route.name),
  );
  const without = putResource(cleaned.ok ? cleaned.value : cloud, left);
  const parts = parseResourceId(tableId);
  if (parts === null || parts.resourceGroup.toLowerCase() !== cluster.nodeResourceGroup.toLowerCase()) {
    return without;
  }
  // A table that someone put on a subnet of another cluster's or of no cluster's stays where it is.
  const released = releaseNetwork(without, cluster);
  if (!released.ok) return without;
  const restored = restoreManagedNetwork(released.value, left);
  const detached = restored.ok ? restored.value : released.value;
  const deleted = deleteRouteTable(detached, parts.resourceGroup, parts.name);
  return deleted.ok ? deleted.value : detached;
}

/** Reports whether a route leads to a node of this cluster, present or gone. */
function isOwnRoute(cloud: Cloud, cluster: ManagedCluster, name: string): boolean {
  const node = nodeOfRoute(name)?.toLowerCase();
  if (node === undefined) return false;
  return cluster.agentPoolProfiles.some((pool) => {
    const scaleSet = findScaleSet(cloud, cluster, pool.name);
    return scaleSet !== null && node.startsWith(scaleSet.name.toLowerCase());
  });
}
