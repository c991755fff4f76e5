/** The NAT gateway that AKS makes for outbound type managedNATGateway, on the subnet of the VNet that it made. */
import type { AzureError } from '../azure/error.ts';
import { createNatGateway } from '../azure/nat-gateway.ts';
import { removeUnused } from '../azure/resource-removal.ts';
import { findResource, getResource, parseResourceId, resourceId, sameId } from '../azure/resource-store.ts';
import type { NatGateway, SubResource } from '../azure/resources.ts';
import { findSubnet, updateSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { NatGatewayProfile } from './managed-cluster.ts';
import { makeAddresses, ownerTags } from './outbound-addresses.ts';
import type { OutboundOwner } from './outbound-addresses.ts';

const GATEWAY = 'Microsoft.Network/natGateways';

/**
 * Returns the name of a cluster's managed gateway. Microsoft does not document it; this one follows the
 * security group and the route table that AKS makes beside it.
 */
export function natGatewayName({ agentPoolDigits }: Pick<OutboundOwner, 'agentPoolDigits'>): string {
  return `aks-agentpool-${agentPoolDigits}-natgateway`;
}

/**
 * Makes the gateway with its addresses as a profile that was checked asks for, puts it on the node subnet, and
 * returns the ids of what it uses. One of another SKU is replaced under the same name
 * (AKS engineering blog, 2026-09-29, "Announcing StandardV2 NAT Gateway for AKS-managed egress"). Errors:
 * those of `makeAddresses`, `createNatGateway` and `updateSubnet`; `SubnetNotFound`.
 */
export function provideNatGateway(
  cloud: Cloud,
  owner: OutboundOwner,
  profile: NatGatewayProfile,
): Result<{ readonly cloud: Cloud; readonly addresses: readonly SubResource[] }, AzureError> {
  const managed = profile.managedOutboundIPProfile;
  const made =
    managed === null
      ? ok({ cloud, addresses: profile.outboundIPs })
      : makeAddresses(cloud, owner, {
          purpose: 'nat-gateway-ip',
          round: owner.rounds.natGateway,
          count: managed.count,
          sku: profile.sku,
          tags: {},
        });
  if (!made.ok) return made;
  const prefixes = managed === null ? profile.outboundIPPrefixes : [];
  const name = natGatewayName(owner);
  const present = findResource(made.value.cloud, GATEWAY, owner.resourceGroup, name);
  let next = made.value.cloud;
  if (present !== null && present.sku.name !== profile.sku) next = removeGateway(next, owner, present);
  if (present === null || !isAsWanted(present, profile, made.value.addresses, prefixes)) {
    const put = createNatGateway(next, {
      resourceGroup: owner.resourceGroup,
      name,
      location: owner.location,
      sku: profile.sku,
      idleTimeoutInMinutes: profile.idleTimeoutInMinutes,
      publicIpAddressIds: made.value.addresses.map(({ id }) => id),
      publicIpPrefixIds: prefixes.map(({ id }) => id),
      tags: ownerTags(next, owner),
    });
    if (!put.ok) return put;
    next = put.value;
  }
  const attached = attach(next, owner, resourceId(next, owner.resourceGroup, GATEWAY, name));
  if (!attached.ok) return attached;
  return ok({ cloud: attached.value, addresses: [...made.value.addresses, ...prefixes] });
}

/** Takes the gateway off the node subnet and removes it; its addresses stay. */
export function withdrawNatGateway(cloud: Cloud, owner: OutboundOwner): Cloud {
  const present = findResource(cloud, GATEWAY, owner.resourceGroup, natGatewayName(owner));
  return present === null ? cloud : removeGateway(cloud, owner, present);
}

function isAsWanted(
  gateway: NatGateway,
  profile: NatGatewayProfile,
  addresses: readonly SubResource[],
  prefixes: readonly SubResource[],
): boolean {
  return (
    gateway.sku.name === profile.sku &&
    gateway.idleTimeoutInMinutes === profile.idleTimeoutInMinutes &&
    sameIds(gateway.publicIpAddresses, addresses) &&
    sameIds(gateway.publicIpPrefixes, prefixes)
  );
}

function sameIds(some: readonly SubResource[], others: readonly SubResource[]): boolean {
  return (
    some.length === others.length && some.every(({ id }) => others.some((other) => sameId(other.id, id)))
  );
}

function removeGateway(cloud: Cloud, owner: OutboundOwner, gateway: NatGateway): Cloud {
  const off = attach(cloud, owner, null);
  const removed = removeUnused(off.ok ? off.value : cloud, gateway.id);
  return removed.ok ? removed.value : cloud;
}

/** With null the subnet has no gateway afterwards. */
function attach(cloud: Cloud, owner: OutboundOwner, gateway: string | null): Result<Cloud, AzureError> {
  const found = findSubnet(cloud, `${owner.virtualNetworkId}/subnets/aks-subnet`);
  const parts = parseResourceId(owner.virtualNetworkId);
  if (found === null || parts === null) {
    return err({
      code: 'SubnetNotFound',
      message: `The subnet ${owner.virtualNetworkId}/subnets/aks-subnet was not found. Make sure the virtual network and its subnet exist.`,
    });
  }
  const current = found.subnet.natGateway?.id ?? null;
  const same = current === null || gateway === null ? current === gateway : sameId(current, gateway);
  if (same && (gateway === null || getResource(cloud, gateway, GATEWAY) !== null)) return ok(cloud);
  return updateSubnet(
    cloud,
    { resourceGroup: parts.resourceGroup, virtualNetwork: parts.name, name: found.subnet.name },
    { natGateway: gateway },
  );
}
