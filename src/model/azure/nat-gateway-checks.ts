/** What a NAT gateway may be given, and what may be given one. */
import type { Cloud } from '../cloud.ts';
import { REGIONS_WITHOUT_NAT_V2 } from '../limits/aks.ts';
import {
  NAT_GATEWAY_ADDRESSES,
  NAT_GATEWAY_IDLE_TIMEOUT,
  SUBNETS_PER_NAT_GATEWAY,
} from '../limits/nat-gateway.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { zonesOf } from './availability-zones.ts';
import { azureError, notSimulated, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { armKey, getResource, invalidReference, listResources, sameId } from './resource-store.ts';
import type { NatGateway, PublicIpAddress, PublicIpPrefix, Subnet, VirtualNetwork } from './resources.ts';
import { sameSubscription } from './subscription-choice.ts';

/** Returns the subnets that name a NAT gateway, with their VNets, in order of creation. */
export function subnetsOfNatGateway(
  cloud: Cloud,
  id: string,
): readonly { readonly virtualNetwork: VirtualNetwork; readonly subnet: Subnet }[] {
  return listResources(cloud, 'Microsoft.Network/virtualNetworks').flatMap((virtualNetwork) =>
    virtualNetwork.subnets
      .filter(({ natGateway }) => natGateway !== undefined && sameId(natGateway.id, id))
      .map((subnet) => ({ virtualNetwork, subnet })),
  );
}

/**
 * Returns the NAT gateway that a subnet may name. Errors: `InvalidResourceReference` for one that is not
 * there or in another region; `NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks` (code in
 * https://github.com/Azure/arc_jumpstart_docs, release notes of ArcBox); `NotSimulated` for GatewaySubnet
 * and more subnets than a gateway serves, which Azure refuses too, with codes that are not documented.
 */
export function checkSubnetGateway(
  cloud: Cloud,
  virtualNetwork: VirtualNetwork,
  subnet: { readonly id: string; readonly name: string },
  natGatewayId: string,
): Result<{ readonly id: string }, AzureError> {
  const found = getResource(cloud, natGatewayId, 'Microsoft.Network/natGateways');
  const usable =
    found?.location === virtualNetwork.location && sameSubscription(found.id, virtualNetwork.id)
      ? found
      : null;
  if (usable === null) return err(invalidReference(natGatewayId, subnet.id));
  if (armKey(subnet.name) === 'gatewaysubnet') {
    return err(
      azureError(
        'NotSimulated',
        `A NAT gateway on subnet ${subnet.name}, which Azure keeps for virtual network gateways, is not simulated in this workbook. Real Azure refuses it too.`,
      ),
    );
  }
  const served = subnetsOfNatGateway(cloud, usable.id).filter((one) => !sameId(one.subnet.id, subnet.id));
  const elsewhere = served.find((one) => !sameId(one.virtualNetwork.id, virtualNetwork.id));
  if (elsewhere !== undefined) {
    return err(
      azureError(
        'NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks',
        `NAT Gateway ${usable.id} cannot be used by subnet ${subnet.id} since it is already being used by subnet ${elsewhere.subnet.id} that belongs to a different virtual network ${elsewhere.virtualNetwork.id}.`,
      ),
    );
  }
  if (served.length >= SUBNETS_PER_NAT_GATEWAY.value) {
    return err(
      azureError(
        'NotSimulated',
        `NAT gateway ${usable.id} on more than ${SUBNETS_PER_NAT_GATEWAY.value} subnets is not simulated in this workbook. Real Azure refuses it too.`,
      ),
    );
  }
  return ok({ id: usable.id });
}

/**
 * Returns the addresses and prefixes that a gateway is to have. Errors: `InvalidResourceReference`,
 * `PublicIPAddressInUse` (text in https://github.com/gardener/gardener-extension-provider-azure/issues/757),
 * and `NotSimulated` for what Azure refuses too, with codes that are not documented.
 */
export function checkGatewayAddresses(
  cloud: Cloud,
  gateway: NatGateway,
): Result<
  { readonly addresses: readonly PublicIpAddress[]; readonly prefixes: readonly PublicIpPrefix[] },
  AzureError
> {
  const addresses: PublicIpAddress[] = [];
  for (const { id } of gateway.publicIpAddresses) {
    const found = getResource(cloud, id, 'Microsoft.Network/publicIPAddresses');
    if (found?.location !== gateway.location) return err(invalidReference(id, gateway.id));
    const holder = found.ipConfiguration ?? found.natGateway ?? null;
    if (holder !== null && !sameId(holder.id, gateway.id)) {
      return err(
        azureError(
          'PublicIPAddressInUse',
          `Resource ${gateway.id} is referencing public IP address ${found.id} that is already allocated to resource ${holder.id}.`,
        ),
      );
    }
    addresses.push(found);
  }
  const prefixes: PublicIpPrefix[] = [];
  for (const { id } of gateway.publicIpPrefixes) {
    const found = getResource(cloud, id, 'Microsoft.Network/publicIPPrefixes');
    if (found?.location !== gateway.location) return err(invalidReference(id, gateway.id));
    prefixes.push(found);
  }
  const refused = [...addresses, ...prefixes].map((one) => unfit(gateway, one)).find((one) => one !== null);
  if (refused !== undefined) return err(refused);
  const busy = prefixes.map((one) => prefixInUse(cloud, gateway, one)).find((one) => one !== null);
  if (busy !== undefined) return err(busy);
  const count = addresses.length + prefixes.reduce((sum, one) => sum + 2 ** (32 - one.prefixLength), 0);
  if (count > NAT_GATEWAY_ADDRESSES.value) {
    return err(
      refusedToo(
        `NAT gateway ${gateway.name} with ${count} public addresses (${NAT_GATEWAY_ADDRESSES.value} at most)`,
      ),
    );
  }
  return ok({ addresses, prefixes });
}

/**
 * Returns the refusal of what a gateway itself is to be, or null: its idle timeout; its zones, one at most for
 * Standard and all of the region for StandardV2, which stay as they were made
 * (https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones); its SKU, which stays too
 * (https://learn.microsoft.com/azure/nat-gateway/nat-sku).
 */
export function gatewayRefused(existing: NatGateway | null, gateway: NatGateway): AzureError | null {
  const { id, name, location, sku, idleTimeoutInMinutes: minutes } = gateway;
  const { lowest, highest } = NAT_GATEWAY_IDLE_TIMEOUT.value;
  if (!Number.isInteger(minutes) || minutes < lowest || minutes > highest) {
    return refusedToo(
      `An idle timeout of ${minutes} minutes (${lowest} to ${highest}) for NAT gateway ${name}`,
    );
  }
  if (existing !== null && existing.sku.name !== sku.name) {
    return azureError(
      'NotSimulated',
      `SKU ${sku.name} for NAT gateway ${name}, which is ${existing.sku.name}, is not simulated in this workbook. Real Azure refuses it too: a new gateway has to take its place.`,
    );
  }
  const zones = gateway.zones ?? [];
  const ofRegion = zonesOf(location);
  if (zones.length > 0 && ofRegion.length === 0) {
    return azureError(
      'LocationNotSupportAvailabilityZones',
      `The resource '${gateway.type}/${name}' does not support availability zones at location '${location}'.`,
    );
  }
  if (existing !== null && zoneList(existing) !== zoneList(gateway)) {
    return azureError(
      'ResourceAvailabilityZonesCannotBeModified',
      `Resource ${id} has an existing availability zone constraint ${zoneList(existing)} and the request has availability zone constraint ${zoneList(gateway)}, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`,
    );
  }
  if (sku.name === 'Standard' && zones.length > 1) {
    return refusedToo(`Standard NAT gateway ${name} in ${zones.length} zones (it is in one zone or in none)`);
  }
  if (sku.name === 'StandardV2') {
    if (REGIONS_WITHOUT_NAT_V2.value.includes(location)) {
      return refusedToo(`A StandardV2 NAT gateway in ${location}, which has none,`);
    }
    if (zones.length > 0 && zones.length < ofRegion.length) {
      return notSimulated(`StandardV2 NAT gateway ${name} in some zones only (it is zone redundant)`);
    }
  }
  return null;
}

function zoneList({ zones }: NatGateway): string {
  return zones === null || zones.length === 0 ? 'NoZone' : [...zones].sort().join(', ');
}

/** An address without zones is zone redundant where the region has any, and fits every gateway. */
function unfit(gateway: NatGateway, one: PublicIpAddress | PublicIpPrefix): AzureError | null {
  if (one.sku.name !== gateway.sku.name) {
    return refusedToo(
      `The ${one.sku.name} address ${one.name} on NAT gateway ${gateway.name} of SKU ${gateway.sku.name} (a StandardV2 gateway has StandardV2 addresses, a Standard one Standard addresses)`,
    );
  }
  const [zone] = gateway.zones ?? [];
  const own = one.zones ?? [];
  if (gateway.sku.name === 'Standard' && zone !== undefined && own.length === 1 && own[0] !== zone) {
    return refusedToo(
      `Public address ${one.name} of zone ${own[0] ?? ''} on NAT gateway ${gateway.name} in zone ${zone} (of the same zone or zone redundant)`,
    );
  }
  if (one.type === 'Microsoft.Network/publicIPAddresses' && one.ipTags?.some(isInternetRouting) === true) {
    return refusedToo(`Public address ${one.name} with routing preference Internet on a NAT gateway`);
  }
  return null;
}

function isInternetRouting({
  ipTagType,
  tag,
}: {
  readonly ipTagType: string;
  readonly tag: string;
}): boolean {
  return ipTagType === 'RoutingPreference' && tag === 'Internet';
}

/**
 * A prefix belongs to one gateway whole: nothing else may use it, and none of its addresses
 * (https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource, static public IP addresses).
 */
function prefixInUse(cloud: Cloud, gateway: NatGateway, one: PublicIpPrefix): AzureError | null {
  if (one.natGateway !== undefined && !sameId(one.natGateway.id, gateway.id)) {
    return refusedToo(`Public IP prefix ${one.name}, which NAT gateway ${one.natGateway.id} has, on another`);
  }
  const balancer = listResources(cloud, 'Microsoft.Network/loadBalancers').find((each) =>
    each.frontendIPConfigurations.some(
      ({ publicIPPrefix }) => publicIPPrefix !== undefined && sameId(publicIPPrefix.id, one.id),
    ),
  );
  if (balancer !== undefined) {
    return refusedToo(
      `Public IP prefix ${one.name}, which load balancer ${balancer.id} has, on a NAT gateway`,
    );
  }
  const broken = listResources(cloud, 'Microsoft.Network/publicIPAddresses').find(
    ({ publicIPPrefix }) => publicIPPrefix !== undefined && sameId(publicIPPrefix.id, one.id),
  );
  return broken === undefined
    ? null
    : notSimulated(
        `Public IP prefix ${one.name}, of which public IP address ${broken.name} was made, on a NAT gateway (which takes the whole prefix)`,
      );
}
