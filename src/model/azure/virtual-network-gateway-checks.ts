/** What Azure refuses about a VPN gateway. */
import type { Cloud } from '../cloud.ts';
import { prefix } from '../ip/prefix.ts';
import {
  VPN_GATEWAY_SUBNET_LENGTH,
  VPN_GATEWAY_ZONAL_ONLY_FROM,
  VPN_GATEWAYS_PER_VIRTUAL_NETWORK,
} from '../limits/vpn-gateway.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { VirtualNetworkGateway } from './gateway-resources.ts';
import { securityGroupOnGatewaySubnet } from './gateway-subnet.ts';
import { getResource, invalidReference, sameId } from './resource-store.ts';
import type { PublicIpAddress, Subnet, VirtualNetwork } from './resources.ts';
import { findSubnet } from './subnet.ts';
import { gatewayOf } from './virtual-network-gateway-presence.ts';

export const VPN_SKUS = [
  'Basic',
  'VpnGw1',
  'VpnGw1AZ',
  'VpnGw2',
  'VpnGw2AZ',
  'VpnGw3',
  'VpnGw3AZ',
  'VpnGw4',
  'VpnGw4AZ',
  'VpnGw5',
  'VpnGw5AZ',
] as const;

/** A refusal of real Azure whose code is nowhere on record. */
export function refusedWithoutCode(what: string): AzureError {
  return azureError('NotSimulated', `${what} is not simulated in this workbook. Real Azure refuses it too.`);
}

/**
 * Returns the subnet of a gateway. Errors: `InvalidResourceReference` if there is none named GatewaySubnet
 * in its region, `NetworkSecurityGroupCannotBeAttachedToGatewaySubnet`, and `NotSimulated` for a subnet that
 * is too small, has a route table with 0.0.0.0/0, or whose VNet has or uses a gateway already.
 */
export function checkGatewaySubnet(
  cloud: Cloud,
  gateway: Pick<VirtualNetworkGateway, 'id' | 'location' | 'sku'>,
  subnetId: string,
): Result<Subnet, AzureError> {
  const found = findSubnet(cloud, subnetId);
  if (found === null || found.virtualNetwork.location !== gateway.location) {
    return err(invalidReference(subnetId, gateway.id));
  }
  const { subnet, virtualNetwork } = found;
  const refusal =
    tooSmall(subnet, gateway.sku.name) ??
    (subnet.networkSecurityGroup === null
      ? null
      : securityGroupOnGatewaySubnet(subnet.networkSecurityGroup.id)) ??
    defaultRoute(cloud, subnet) ??
    secondGateway(cloud, gateway.id, virtualNetwork);
  return refusal === null ? ok(subnet) : err(refusal);
}

function tooSmall({ addressPrefix }: Subnet, sku: string): AzureError | null {
  const { basic, others } = VPN_GATEWAY_SUBNET_LENGTH.value;
  const longest = sku === 'Basic' ? basic : others;
  if (prefix(addressPrefix).length <= longest) return null;
  return refusedWithoutCode(
    `A gateway of SKU ${sku} in a GatewaySubnet of ${addressPrefix}, which has to be a /${longest} or larger,`,
  );
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview: with such a route no gateway is made. */
function defaultRoute(cloud: Cloud, { routeTable }: Subnet): AzureError | null {
  const table =
    routeTable === null ? null : getResource(cloud, routeTable.id, 'Microsoft.Network/routeTables');
  const route = table?.routes.find(({ addressPrefix }) => addressPrefix === '0.0.0.0/0');
  return route === undefined
    ? null
    : refusedWithoutCode(`A gateway in a GatewaySubnet whose route table ${table?.name ?? ''} has 0.0.0.0/0`);
}

function secondGateway(cloud: Cloud, id: string, vnet: VirtualNetwork): AzureError | null {
  const other = gatewayOf(cloud, vnet);
  if (other !== null && !sameId(other.id, id)) {
    return refusedWithoutCode(
      `More than ${VPN_GATEWAYS_PER_VIRTUAL_NETWORK.value} VPN gateway in virtual network ${vnet.name}, which has ${other.name},`,
    );
  }
  const remote = vnet.virtualNetworkPeerings.find(({ useRemoteGateways }) => useRemoteGateways);
  return remote === undefined
    ? null
    : refusedWithoutCode(
        `A gateway in virtual network ${vnet.name}, whose peering ${remote.name} uses remote gateways,`,
      );
}

/** Returns the addresses that a gateway names. Errors: `InvalidResourceReference`, and too many or none. */
export function checkGatewayAddresses(
  cloud: Cloud,
  gateway: Pick<VirtualNetworkGateway, 'id' | 'location'>,
  ids: readonly string[],
): Result<readonly PublicIpAddress[], AzureError> {
  if (ids.length === 0 || ids.length > 2) {
    return err(
      refusedWithoutCode(`A VPN gateway with ${ids.length} public IP addresses instead of one or two`),
    );
  }
  const found: PublicIpAddress[] = [];
  for (const id of ids) {
    const address = getResource(cloud, id, 'Microsoft.Network/publicIPAddresses');
    if (address?.location !== gateway.location) return err(invalidReference(id, gateway.id));
    found.push(address);
  }
  return ok(found);
}

/** Returns what real Azure would refuse of zones and SKUs, which is let through here. */
export function zoneWarnings(
  cloud: Cloud,
  sku: string,
  addresses: readonly PublicIpAddress[],
): readonly string[] {
  if (sku === 'Basic') return [];
  const zonal = sku.endsWith('AZ');
  const from = VPN_GATEWAY_ZONAL_ONLY_FROM.value;
  if (!zonal && cloud.now >= Date.parse(from) / 1000) {
    return [
      `Simulated, but not real any more: since ${from} Azure refuses new gateways of SKU ${sku} (NonAzSkusNotAllowedForVPNGateway). Use ${sku}AZ and a public IP address with --zone 1 2 3.`,
    ];
  }
  const bare = addresses.find(({ zones }) => zonal && (zones === null || zones.length === 0));
  return bare === undefined
    ? []
    : [
        `Simulated, but real Azure refuses it (VmssVpnGatewayPublicIpsMustHaveZonesConfigured): public IP address ${bare.name} of an AZ gateway needs zones. Create it with --zone 1 2 3.`,
      ];
}
