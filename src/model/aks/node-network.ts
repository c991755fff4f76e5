/** The network a cluster's nodes live in: the one AKS makes, or the subnet a customer brings. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { createNetworkSecurityGroup } from '../azure/network-security-group.ts';
import {
  armKey,
  getResource,
  listResources,
  parseResourceId,
  resourceId,
  sameId,
} from '../azure/resource-store.ts';
import type { Subnet, VirtualNetwork } from '../azure/resources.ts';
import { createRouteTable } from '../azure/route-table.ts';
import { keptForService } from '../azure/service-subnets.ts';
import { findSubnet, updateSubnet } from '../azure/subnet.ts';
import { createVirtualNetwork } from '../azure/virtual-network.ts';
import type { Cloud } from '../cloud.ts';
import { MANAGED_SUBNET_PREFIX, MANAGED_VNET_PREFIX, PRIVATE_SUBNETS_FROM } from '../limits/aks.ts';
import { AKS_DELEGATION } from '../limits/aks-pod-subnet.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { invalidParameter } from './names.ts';
import { checkNodeNetwork } from './network-profile.ts';
import type { NodeNetwork } from './network-profile.ts';
import { isPodSubnet } from './pod-subnet.ts';
import { attachRouteTable } from './release-network.ts';

const CLUSTER = 'Microsoft.ContainerService/ManagedClusters';
const ROUTE_TABLE = 'Microsoft.Network/routeTables';

/** The network AKS would make, for the checks that come before it exists. */
export const MANAGED_NETWORK: NodeNetwork = {
  addressSpace: { addressPrefixes: [MANAGED_VNET_PREFIX.value] },
  subnets: [{ addressPrefix: MANAGED_SUBNET_PREFIX.value }],
};

/** Its subnet; without an id, since nothing is in it yet. */
export const MANAGED_SUBNET = { id: '', name: 'aks-subnet', addressPrefix: MANAGED_SUBNET_PREFIX.value };

export interface NodeNetworkNames {
  readonly resourceGroup: string;
  readonly location: string;
  readonly digits: string;
}

/** Makes the security group, the route table of kubenet and, for a managed network, the VNet. */
export function createNodeNetwork(
  cloud: Cloud,
  names: NodeNetworkNames,
  brought: Subnet | null,
  podRoutes: 'route-table' | 'none',
): Result<
  { readonly cloud: Cloud; readonly routeTableId: string | null; readonly virtualNetworkId: string },
  AzureError
> {
  const { resourceGroup, location, digits } = names;
  const securityGroup = `aks-agentpool-${digits}-nsg`;
  const routeTable = `aks-agentpool-${digits}-routetable`;
  const guarded = createNetworkSecurityGroup(cloud, { resourceGroup, name: securityGroup, location });
  if (!guarded.ok) return guarded;
  const ownTable = podRoutes === 'none' ? null : (brought?.routeTable?.id ?? null);
  let next = guarded.value;
  let routeTableId = ownTable;
  if (routeTableId === null && podRoutes === 'route-table') {
    const made = createRouteTable(next, { resourceGroup, name: routeTable, location });
    if (!made.ok) return made;
    next = made.value;
    routeTableId = resourceId(next, resourceGroup, ROUTE_TABLE, routeTable);
  }
  if (brought === null) {
    const name = `aks-vnet-${digits}`;
    const made = createVirtualNetwork(next, {
      resourceGroup,
      name,
      location,
      addressPrefixes: [MANAGED_VNET_PREFIX.value],
      subnets: [
        {
          name: 'aks-subnet',
          addressPrefix: MANAGED_SUBNET_PREFIX.value,
          networkSecurityGroup: resourceId(
            next,
            resourceGroup,
            'Microsoft.Network/networkSecurityGroups',
            securityGroup,
          ),
          routeTable: routeTableId,
          defaultOutboundAccess: cloud.now >= Date.parse(PRIVATE_SUBNETS_FROM.value) / 1000 ? false : null,
        },
      ],
    });
    if (!made.ok) return made;
    const virtualNetworkId = resourceId(made.value, resourceGroup, 'Microsoft.Network/virtualNetworks', name);
    return ok({ cloud: made.value, routeTableId, virtualNetworkId });
  }
  const virtualNetworkId = brought.id.slice(0, brought.id.toLowerCase().lastIndexOf('/subnets/'));
  if (ownTable !== null || routeTableId === null) {
    return ok({ cloud: next, routeTableId, virtualNetworkId });
  }
  const attached = attachRouteTable(next, brought, routeTableId);
  return attached.ok ? ok({ cloud: attached.value, routeTableId, virtualNetworkId }) : attached;
}

/** Returns the cloud with route table and security group on the subnet that AKS made, as it made it. */
export function restoreManagedNetwork(cloud: Cloud, cluster: ManagedCluster): Result<Cloud, AzureError> {
  const managed = cluster.agentPoolProfiles.every((pool) => pool.vnetSubnetId === null);
  const parts = parseResourceId(cluster.simulation.virtualNetworkId);
  const found = findSubnet(cloud, `${cluster.simulation.virtualNetworkId}/subnets/aks-subnet`);
  if (!managed || parts === null || found === null) return ok(cloud);
  const securityGroup = resourceId(
    cloud,
    cluster.nodeResourceGroup,
    'Microsoft.Network/networkSecurityGroups',
    `aks-agentpool-${cluster.simulation.agentPoolDigits}-nsg`,
  );
  const { routeTable, networkSecurityGroup } = found.subnet;
  const table = cluster.simulation.routeTableId;
  const same = (a: { readonly id: string } | null, b: string | null): boolean =>
    a === null || b === null ? a === null && b === null : sameId(a.id, b);
  if (same(routeTable, table) && same(networkSecurityGroup, securityGroup)) return ok(cloud);
  return updateSubnet(
    cloud,
    { resourceGroup: parts.resourceGroup, virtualNetwork: parts.name, name: found.subnet.name },
    { routeTable: table, networkSecurityGroup: securityGroup },
  );
}

export interface BroughtSubnet {
  readonly virtualNetwork: VirtualNetwork;
  readonly subnet: Subnet;
}

/**
 * Returns the subnet a customer names for nodes. Errors: `InvalidParameter` (not an id, another
 * region, a range AKS keeps), `NotFound` for a VNet or subnet that is not there, `SubnetIsDelegated`,
 * `NotSimulated` for one that Azure keeps for another service.
 */
export function requireBroughtSubnet(
  cloud: Cloud,
  id: string,
  location: string,
): Result<BroughtSubnet, AzureError> {
  const parts = parseResourceId(id);
  if (parts === null || parts.children[0]?.type.toLowerCase() !== 'subnets') {
    return err(
      invalidParameter('agentPoolProfile.vnetSubnetID', `'${id}' is not the resource ID of a subnet.`),
    );
  }
  if (parts.subscription.toLowerCase() !== cloud.subscription.id.toLowerCase()) {
    return err(
      invalidParameter(
        'agentPoolProfile.vnetSubnetID',
        `The VNet must be in the same subscription as the cluster, ${cloud.subscription.id}.`,
      ),
    );
  }
  const found = findSubnet(cloud, id);
  if (found === null) {
    return err(
      azureError(
        'SubnetNotFound',
        `The subnet ${id} was not found. Make sure the virtual network and its subnet exist.`,
        'agentPoolProfile.vnetSubnetID',
      ),
    );
  }
  if (found.virtualNetwork.location !== location) {
    return err(
      invalidParameter(
        'agentPoolProfile.vnetSubnetID',
        `The VNet is in location ${found.virtualNetwork.location}, but the cluster is in ${location}. They must be in the same location.`,
      ),
    );
  }
  const kept = keptForService('A node pool', found.subnet.name);
  if (kept !== null) return err(kept);
  const delegation = found.subnet.delegations.find(
    ({ serviceName }) => armKey(serviceName) !== armKey(AKS_DELEGATION.value) || isPodSubnet(cloud, id),
  );
  if (delegation !== undefined) {
    return err(
      azureError(
        'SubnetIsDelegated',
        `Subnet ${found.subnet.id} cannot be used as it is delegated to external service ${delegation.serviceName}.`,
        'agentPoolProfile.vnetSubnetID',
      ),
    );
  }
  const refused = checkNodeNetwork(found.virtualNetwork);
  return refused === null ? ok(found) : err(refused);
}

export type ClusterIdentity =
  | { readonly kind: 'system-assigned' }
  | { readonly kind: 'user-assigned'; readonly principalId: string; readonly clientId: string };

/**
 * Checks that a kubenet cluster may have the subnet and its route table to itself, and has the kind of
 * identity that may write to a brought table (configure-kubenet 2026-04-16 allows a system-assigned one
 * in one place and demands a user-assigned one in another: decided for the demand). The role itself is
 * no question here: azure-cli gives it to the identity when it creates the cluster
 * (managed-identity-overview 2026-08-18), unlike ARM templates. Errors: `ExistingRouteTableInSubnetNotSupported` (another cluster has it),
 * `CustomRouteTableWithUnsupportedMSIType`.
 */
export function checkKubenetSubnet(
  cloud: Cloud,
  subnet: Subnet,
  identity: ClusterIdentity,
): Result<null, AzureError> {
  const other = clusterOnSubnet(cloud, subnet);
  if (other !== null) {
    return err(
      azureError(
        'ExistingRouteTableInSubnetNotSupported',
        `Subnet ${subnet.id} or its route table is already used by managed cluster ${other.name}. A cluster with network plugin kubenet cannot share its subnet or its route table with another cluster. Please see https://aka.ms/aks/customrt for more information`,
        'agentPoolProfile.vnetSubnetID',
      ),
    );
  }
  if (subnet.routeTable === null) return ok(null);
  if (identity.kind === 'user-assigned') return ok(null);
  return err(
    azureError(
      'CustomRouteTableWithUnsupportedMSIType',
      'Clusters using managed identity type SystemAssigned do not support bringing your own route table. Please see https://aka.ms/aks/customrt for more information',
    ),
  );
}

/**
 * Checks that the subnets of a cluster still have the route table that it was created with, if that
 * is one the customer brought. Error: `CustomRouteTableInvalidUpdateAttempt`.
 */
export function checkRouteTableUnchanged(cloud: Cloud, cluster: ManagedCluster): Result<null, AzureError> {
  const table = cluster.simulation.routeTableId;
  const group = table === null ? null : parseResourceId(table)?.resourceGroup;
  if (table === null || group?.toLowerCase() === cluster.nodeResourceGroup.toLowerCase()) return ok(null);
  for (const pool of cluster.agentPoolProfiles) {
    const subnet = pool.vnetSubnetId === null ? null : (findSubnet(cloud, pool.vnetSubnetId)?.subnet ?? null);
    if (subnet === null) continue;
    if (subnet.routeTable !== null && sameId(subnet.routeTable.id, table)) continue;
    return err(
      azureError(
        'CustomRouteTableInvalidUpdateAttempt',
        `The custom route table of subnet ${subnet.id} cannot be changed after the cluster was created. The subnet must have route table ${table}. Please see https://aka.ms/aks/customrt for more information`,
        'agentPoolProfile.vnetSubnetID',
      ),
    );
  }
  return ok(null);
}

/** Returns a cluster that has nodes in the subnet, or keeps its routes in the subnet's table; or null. */
function clusterOnSubnet(cloud: Cloud, subnet: Subnet): ManagedCluster | null {
  for (const cluster of listResources(cloud, CLUSTER)) {
    const inSubnet = cluster.agentPoolProfiles.some(
      (pool) => pool.vnetSubnetId !== null && sameId(pool.vnetSubnetId, subnet.id),
    );
    const table = cluster.simulation.routeTableId;
    const sharesTable = table !== null && subnet.routeTable !== null && sameId(subnet.routeTable.id, table);
    if (inSubnet || sharesTable) return cluster;
  }
  return null;
}

/**
 * Checks the default route that outbound type userDefinedRouting needs. Errors:
 * `ExistingRouteTableNotAssociatedWithSubnet`, `RouteTableMissingDefaultRouteError`, `RouteTableInvalidNextHop`.
 */
export function checkUserDefinedRouting(cloud: Cloud, subnet: Subnet): Result<null, AzureError> {
  const table = subnet.routeTable === null ? null : getResource(cloud, subnet.routeTable.id, ROUTE_TABLE);
  if (table === null) {
    return err(
      azureError(
        'ExistingRouteTableNotAssociatedWithSubnet',
        `An existing route table has not been associated with subnet ${subnet.id}. Please update the route table association`,
        'networkProfile.outboundType',
      ),
    );
  }
  const route = table.routes.find((each) => each.addressPrefix === '0.0.0.0/0');
  if (route === undefined) {
    return err(
      azureError(
        'RouteTableMissingDefaultRouteError',
        `Route table ${table.id} is missing the default route 0.0.0.0/0 that outbound type userDefinedRouting requires.`,
        'networkProfile.outboundType',
      ),
    );
  }
  if (route.nextHopType === 'VirtualAppliance' || route.nextHopType === 'VirtualNetworkGateway')
    return ok(null);
  return err(
    azureError(
      'RouteTableInvalidNextHop',
      `The default route of route table ${table.id} has next hop type ${route.nextHopType}. It must lead to a virtual appliance or a virtual network gateway.`,
      'networkProfile.outboundType',
    ),
  );
}
