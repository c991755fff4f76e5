/** Subnets of Azure's own services, and the route tables that they take. */
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { armKey, getResource, listResources, sameId } from './resource-store.ts';
import type { Route, RouteTable, VirtualNetwork } from './resources.ts';

/**
 * Reports whether a subnet of that name may have this route table. Errors:
 * - `VirtualNetworkGatewaySubnetRouteTableCannotHaveDefaultRoute` for GatewaySubnet
 *   (https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, 2023-05-27, says what
 *   breaks; the code is on record in public Terraform, its text is ours);
 * - `RouteTableCannotBeAttachedForAzureBastionSubnet` for AzureBastionSubnet (code on record, text ours);
 * - `AzureFirewallSubnetRouteTableMustHaveDefaultRouteToInternet` for AzureFirewallSubnet
 *   (https://github.com/aztfmod/terraform-azurerm-caf/issues/868, 2021-12-14), unless the VNet has the
 *   management subnet that a firewall with forced tunnelling needs
 *   (https://learn.microsoft.com/azure/firewall/forced-tunneling).
 */
export function checkSubnetRouteTable(
  cloud: Cloud,
  vnet: VirtualNetwork,
  subnet: string,
  routeTableId: string,
): Result<null, AzureError> {
  const table = getResource(cloud, routeTableId, 'Microsoft.Network/routeTables');
  return table === null ? ok(null) : checkTableOnSubnet(vnet, subnet, table, table.routes);
}

/** Reports whether every subnet that has this route table may have it with these routes. Errors: as `checkSubnetRouteTable`. */
export function checkRoutesOnSubnets(
  cloud: Cloud,
  table: RouteTable,
  routes: readonly Route[],
): Result<null, AzureError> {
  for (const vnet of listResources(cloud, 'Microsoft.Network/virtualNetworks')) {
    for (const subnet of vnet.subnets) {
      if (subnet.routeTable === null || !sameId(subnet.routeTable.id, table.id)) continue;
      const fits = checkTableOnSubnet(vnet, subnet.name, table, routes);
      if (!fits.ok) return fits;
    }
  }
  return ok(null);
}

function checkTableOnSubnet(
  vnet: VirtualNetwork,
  subnet: string,
  table: RouteTable,
  routes: readonly Route[],
): Result<null, AzureError> {
  const byDefault = routes.find(({ addressPrefix }) => addressPrefix === '0.0.0.0/0');
  switch (armKey(subnet)) {
    case 'gatewaysubnet':
      if (byDefault === undefined) return ok(null);
      return err(
        azureError(
          'VirtualNetworkGatewaySubnetRouteTableCannotHaveDefaultRoute',
          `Route Table ${table.name} on subnet ${subnet} of virtual network ${vnet.name} cannot have a route with the address prefix 0.0.0.0/0: route ${byDefault.name}.`,
        ),
      );
    case 'azurebastionsubnet':
      return err(
        azureError(
          'RouteTableCannotBeAttachedForAzureBastionSubnet',
          `Route Table ${table.name} cannot be attached to subnet ${subnet} of virtual network ${vnet.name}.`,
        ),
      );
    case 'azurefirewallsubnet':
      if (byDefault?.nextHopType === 'Internet' || hasManagementSubnet(vnet)) return ok(null);
      return err(
        azureError(
          'AzureFirewallSubnetRouteTableMustHaveDefaultRouteToInternet',
          `Route Table ${table.name} on firewall subnet ${subnet} must have 0.0.0.0/0 route with next hop Internet.`,
        ),
      );
  }
  return ok(null);
}

function hasManagementSubnet({ subnets }: VirtualNetwork): boolean {
  return subnets.some(({ name }) => armKey(name) === 'azurefirewallmanagementsubnet');
}
