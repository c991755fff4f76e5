import type { Cloud } from '../cloud.ts';
import { formatPrefix, prefix, prefixCovers, prefixesOverlap } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { FIREWALL_SUBNET } from '../limits/azure-firewall.ts';
import {
  DELEGATED_SERVICES,
  LONGEST_SUBNET_PREFIX,
  SUBNETS_PER_VIRTUAL_NETWORK,
} from '../limits/azure-network.ts';
import { PRIVATE_BY_DEFAULT_FROM } from '../limits/nat-gateway.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { parseAddressPrefix } from './address-space.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { isGatewaySubnet, securityGroupOnGatewaySubnet } from './gateway-subnet.ts';
import { checkSubnetGateway } from './nat-gateway-checks.ts';
import { checkNetworkName } from './resource-name.ts';
import {
  armKey,
  childNotFound,
  getResource,
  invalidReference,
  nextEtag,
  parseResourceId,
  putResource,
  requireResource,
  resourceId,
} from './resource-store.ts';
import type { Subnet, VirtualNetwork } from './resources.ts';
import { sameSubscription } from './subscription-choice.ts';
import { serviceEndpoints } from './service-endpoint.ts';
import { subnetAllocations } from './subnet-addresses.ts';
import { checkSubnetRouteTable } from './subnet-route-table.ts';

const VNET = 'Microsoft.Network/virtualNetworks';

export interface SubnetName {
  readonly resourceGroup: string;
  readonly virtualNetwork: string;
  readonly name: string;
}

/** What a subnet is made of. Ids are ARM ids; absent means none. */
export interface SubnetProperties {
  readonly addressPrefix: string;
  readonly networkSecurityGroup?: string | null;
  readonly routeTable?: string | null;
  readonly natGateway?: string | null;
  readonly delegations?: readonly string[];
  /** Names of services: `Microsoft.Storage`. */
  readonly serviceEndpoints?: readonly string[];
  readonly defaultOutboundAccess?: boolean | null;
  readonly privateEndpointNetworkPolicies?: Subnet['privateEndpointNetworkPolicies'];
  readonly privateLinkServiceNetworkPolicies?: Subnet['privateLinkServiceNetworkPolicies'];
}

/** Returns the id of a subnet of a VNet. */
export function subnetId(virtualNetworkId: string, name: string): string {
  return `${virtualNetworkId}/subnets/${name}`;
}

/** Returns a subnet and its VNet by the subnet's id, or null. */
export function findSubnet(
  cloud: Cloud,
  id: string,
): { readonly virtualNetwork: VirtualNetwork; readonly subnet: Subnet } | null {
  const parts = parseResourceId(id);
  const child = parts?.children[0];
  if (parts === null || child === undefined || child.type.toLowerCase() !== 'subnets') return null;
  const virtualNetwork = getResource(cloud, id.slice(0, id.toLowerCase().lastIndexOf('/subnets/')), VNET);
  if (virtualNetwork === null) return null;
  const subnet = virtualNetwork.subnets.find((one) => armKey(one.name) === armKey(child.name));
  return subnet === undefined ? null : { virtualNetwork, subnet };
}

/** Returns a subnet by name. Errors: `ResourceGroupNotFound`, `ResourceNotFound` (the VNet), `NotFound`. */
export function requireSubnet(
  cloud: Cloud,
  name: SubnetName,
): Result<{ readonly virtualNetwork: VirtualNetwork; readonly subnet: Subnet }, AzureError> {
  const vnet = requireResource(cloud, VNET, name.resourceGroup, name.virtualNetwork);
  if (!vnet.ok) return vnet;
  const subnet = vnet.value.subnets.find((one) => armKey(one.name) === armKey(name.name));
  if (subnet === undefined) return err(childNotFound(subnetId(vnet.value.id, name.name)));
  return ok({ virtualNetwork: vnet.value, subnet });
}

/**
 * Creates a subnet, or replaces the one with that name. Errors: those of `buildSubnet`,
 * `ResourceNotFound`, `InUseSubnetCannotBeUpdated`.
 */
export function createSubnet(
  cloud: Cloud,
  name: SubnetName,
  properties: SubnetProperties,
): Result<Cloud, AzureError> {
  const vnet = requireResource(cloud, VNET, name.resourceGroup, name.virtualNetwork);
  if (!vnet.ok) return vnet;
  const built = buildSubnet(cloud, vnet.value, name.name, properties);
  if (!built.ok) return built;
  return ok(putSubnet(cloud, vnet.value, built.value));
}

/** What to change; an absent key stays as it is, null detaches. */
export type SubnetChanges = Partial<SubnetProperties>;

/** Changes a subnet. Errors: as `createSubnet`, and `NotFound`. */
export function updateSubnet(
  cloud: Cloud,
  name: SubnetName,
  changes: SubnetChanges,
): Result<Cloud, AzureError> {
  const found = requireSubnet(cloud, name);
  if (!found.ok) return found;
  const { virtualNetwork, subnet } = found.value;
  const built = buildSubnet(cloud, virtualNetwork, subnet.name, {
    addressPrefix: subnet.addressPrefix,
    networkSecurityGroup: subnet.networkSecurityGroup?.id ?? null,
    routeTable: subnet.routeTable?.id ?? null,
    natGateway: subnet.natGateway?.id ?? null,
    delegations: subnet.delegations.map((one) => one.serviceName),
    serviceEndpoints: (subnet.serviceEndpoints ?? []).map((one) => one.service),
    defaultOutboundAccess: subnet.defaultOutboundAccess,
    privateEndpointNetworkPolicies: subnet.privateEndpointNetworkPolicies,
    privateLinkServiceNetworkPolicies: subnet.privateLinkServiceNetworkPolicies,
    ...changes,
  });
  if (!built.ok) return built;
  return ok(putSubnet(cloud, virtualNetwork, built.value));
}

/** Deletes a subnet; one that does not exist is no error, as in ARM. Error: `InUseSubnetCannotBeDeleted`. */
export function deleteSubnet(cloud: Cloud, name: SubnetName): Result<Cloud, AzureError> {
  const vnet = requireResource(cloud, VNET, name.resourceGroup, name.virtualNetwork);
  if (!vnet.ok) return vnet;
  const subnet = vnet.value.subnets.find((one) => armKey(one.name) === armKey(name.name));
  if (subnet === undefined) return ok(cloud);
  const inUse = subnetInUse(cloud, subnet);
  if (inUse !== null) return err(inUse);
  return ok(
    putResource(cloud, {
      ...vnet.value,
      subnets: vnet.value.subnets.filter((one) => one !== subnet),
      etag: nextEtag(cloud, vnet.value.id, vnet.value.etag),
    }),
  );
}

/** Returns the refusal to delete a subnet that something has an address in, or null. */
export function subnetInUse(cloud: Cloud, subnet: Subnet): AzureError | null {
  const first = subnetAllocations(cloud, subnet.id)[0];
  if (first === undefined) return null;
  return azureError(
    'InUseSubnetCannotBeDeleted',
    `Subnet ${subnet.name} is in use by ${first.by} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );
}

/**
 * Returns the subnet that these properties make in this VNet, checked against the address space and
 * the other subnets. Errors: `InvalidResourceName`, `InvalidAddressPrefixFormat`,
 * `InvalidCIDRNotation`, `NetcfgInvalidSubnet` (size), `NetcfgSubnetRangeOutsideVnet`,
 * `NetcfgSubnetRangesOverlap`, `InvalidResourceReference`, `InUseSubnetCannotBeUpdated`,
 * `InvalidServiceNameOnDelegation` (text in
 * https://github.com/hashicorp/terraform-provider-azurerm/pull/21779, 2023-05-13), and those of
 * `delegationsRefused`, `checkSubnetGateway`, `checkSubnetRouteTable` and `serviceEndpoints`.
 */
export function buildSubnet(
  cloud: Cloud,
  vnet: VirtualNetwork,
  name: string,
  properties: SubnetProperties,
): Result<Subnet, AzureError> {
  const named = checkNetworkName(`${VNET}/subnets`, name);
  if (!named.ok) return named;
  const existing = vnet.subnets.find((one) => armKey(one.name) === armKey(name));
  const id = existing?.id ?? subnetId(vnet.id, name);
  const range = checkSubnetRange(vnet, existing?.name ?? name, properties.addressPrefix, id);
  if (!range.ok) return range;
  const addressPrefix = formatPrefix(range.value);
  if (existing === undefined && vnet.subnets.length >= SUBNETS_PER_VIRTUAL_NETWORK.value) {
    return err(
      azureError(
        'SubnetCountLimitReached',
        `Cannot create more than ${SUBNETS_PER_VIRTUAL_NETWORK.value} subnets for virtual network ${vnet.id}.`,
      ),
    );
  }
  // Also where the new range keeps every address in use: Azure has a subnet emptied before its range
  // changes, see https://learn.microsoft.com/azure/virtual-network/how-to-multiple-prefixes-subnet
  if (
    existing !== undefined &&
    existing.addressPrefix !== addressPrefix &&
    subnetAllocations(cloud, id).length > 0
  ) {
    return err(
      azureError('InUseSubnetCannotBeUpdated', `Subnet ${existing.name} is in use and cannot be updated.`),
    );
  }
  const policies = properties.privateLinkServiceNetworkPolicies ?? 'Enabled';
  if (existing !== undefined && policies === 'Enabled' && holdsPrivateLinkService(cloud, id)) {
    return err(
      azureError(
        'PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet',
        `Private link service network policies cannot be enabled on private link service subnet ${id}.`,
      ),
    );
  }
  const services = (properties.delegations ?? []).map((name) => delegatedServiceName(name) ?? name);
  const kept = new Set(existing?.delegations.map(({ serviceName }) => serviceName));
  const stray = services.findIndex((name) => delegatedServiceName(name) === null && !kept.has(name));
  if (stray !== -1) {
    return err(
      azureError(
        'InvalidServiceNameOnDelegation',
        `The service name ${services[stray] ?? ''} specified on delegation ${id}/delegations/${stray} is not valid. Valid value(s) are: ${DELEGATED_SERVICES.value.join(',')}.`,
      ),
    );
  }
  const refused = existing === undefined ? null : delegationsRefused(cloud, existing, services);
  if (refused !== null) return err(refused);
  const nsg = checkReference(cloud, vnet, id, properties.networkSecurityGroup, {
    type: 'Microsoft.Network/networkSecurityGroups',
  });
  if (!nsg.ok) return nsg;
  // https://learn.microsoft.com/azure/firewall/firewall-faq: NSGs are disabled there. The code is not documented.
  if (nsg.value !== null && isFirewallSubnet(name)) {
    return err(refusedToo(`Network security group ${nsg.value.id} on subnet ${name}`));
  }
  if (nsg.value !== null && isGatewaySubnet(name)) return err(securityGroupOnGatewaySubnet(nsg.value.id));
  const table = checkReference(cloud, vnet, id, properties.routeTable, {
    type: 'Microsoft.Network/routeTables',
  });
  if (!table.ok) return table;
  if (table.value !== null) {
    const fits = checkSubnetRouteTable(cloud, vnet, name, table.value.id);
    if (!fits.ok) return fits;
  }
  const gateway =
    (properties.natGateway ?? null) === null
      ? ok(null)
      : checkSubnetGateway(cloud, vnet, { id, name }, properties.natGateway ?? '');
  if (!gateway.ok) return gateway;
  const endpoints = serviceEndpoints(properties.serviceEndpoints ?? [], vnet.location);
  if (!endpoints.ok) return endpoints;
  return ok({
    id,
    name: existing?.name ?? name,
    addressPrefix,
    networkSecurityGroup: nsg.value,
    routeTable: table.value,
    ...(gateway.value === null ? {} : { natGateway: gateway.value }),
    delegations: services.map((serviceName, index) => ({
      name: String(index),
      serviceName,
    })),
    ...(endpoints.value.length === 0 ? {} : { serviceEndpoints: endpoints.value }),
    defaultOutboundAccess: properties.defaultOutboundAccess ?? null,
    privateEndpointNetworkPolicies: properties.privateEndpointNetworkPolicies ?? 'Disabled',
    privateLinkServiceNetworkPolicies: policies,
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** Returns a service that subnets are delegated to as Azure writes it, or null. */
function delegatedServiceName(name: string): string | null {
  return DELEGATED_SERVICES.value.find((one) => armKey(one) === armKey(name)) ?? null;
}

/**
 * Returns the refusal to change whom a subnet with something in it is delegated to, or null:
 * `SubnetMissingRequiredDelegation` where the service in it would lose the subnet
 * (text in https://github.com/MicrosoftDocs/azure-docs/issues/92894, 2022-05-15), else
 * `SubnetDelegationsCannotChangeWhenSubnetUsedByResource`
 * (text in https://github.com/MicrosoftDocs/azure-docs/issues/39112, 2019-09-18).
 */
export function delegationsRefused(
  cloud: Cloud,
  subnet: Subnet,
  services: readonly string[],
): AzureError | null {
  const before = subnet.delegations.map(({ serviceName }) => serviceName);
  const keys = (names: readonly string[]): string => names.map(armKey).sort().join();
  if (keys(before) === keys(services)) return null;
  const [user] = subnetAllocations(cloud, subnet.id);
  if (user === undefined) return null;
  const lost = before.filter((each) => !services.some((one) => armKey(one) === armKey(each)));
  if (user.kind === 'network-container' && lost.length > 0) {
    return azureError(
      'SubnetMissingRequiredDelegation',
      `Subnet ${subnet.id} requires any of the following delegation(s) [${lost.join(', ')}] to reference service association link ${user.by}.`,
    );
  }
  return azureError(
    'SubnetDelegationsCannotChangeWhenSubnetUsedByResource',
    `Delegations of subnet ${subnet.id} cannot be changed from [${before.join(', ')}] to [${services.join(', ')}] because it is being used by the resource ${user.by}.`,
  );
}

function holdsPrivateLinkService(cloud: Cloud, id: string): boolean {
  return subnetAllocations(cloud, id).some(({ by }) => /\/privateLinkServices\//i.test(by));
}

/** Returns the subnet's prefix if the VNet has room for it there. */
function checkSubnetRange(
  vnet: VirtualNetwork,
  name: string,
  text: string,
  id: string,
): Result<Prefix, AzureError> {
  const parsed = parseAddressPrefix(text, id);
  if (!parsed.ok) return parsed;
  const range = parsed.value;
  if (!vnet.addressSpace.addressPrefixes.some((one) => prefixCovers(prefix(one), range))) {
    return err(
      azureError(
        'NetcfgSubnetRangeOutsideVnet',
        `Subnet '${name}' is not valid because its IP address range is outside the IP address range of virtual network '${vnet.name}'.`,
      ),
    );
  }
  if (range.length > LONGEST_SUBNET_PREFIX.value) {
    return err(
      azureError('NetcfgInvalidSubnet', `Subnet '${name}' is not valid in virtual network '${vnet.name}'.`),
    );
  }
  const others = vnet.subnets.filter((one) => armKey(one.name) !== armKey(name));
  if (others.some((one) => prefixesOverlap(prefix(one.addressPrefix), range))) {
    return err(
      azureError(
        'NetcfgSubnetRangesOverlap',
        `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${vnet.name}'.`,
      ),
    );
  }
  return ok(range);
}

function isFirewallSubnet(name: string): boolean {
  const { name: data, managementName } = FIREWALL_SUBNET.value;
  return [data, managementName].some((one) => armKey(one) === armKey(name));
}

function checkReference(
  cloud: Cloud,
  vnet: VirtualNetwork,
  by: string,
  id: string | null | undefined,
  wanted: { readonly type: 'Microsoft.Network/networkSecurityGroups' | 'Microsoft.Network/routeTables' },
): Result<{ readonly id: string } | null, AzureError> {
  if (id === null || id === undefined) return ok(null);
  const resource = getResource(cloud, id, wanted.type);
  const usable =
    resource?.location === vnet.location && sameSubscription(resource.id, vnet.id) ? resource : null;
  if (usable === null) return err(invalidReference(id, by));
  return ok({ id: usable.id });
}

function putSubnet(cloud: Cloud, vnet: VirtualNetwork, subnet: Subnet): Cloud {
  const at = vnet.subnets.findIndex((one) => armKey(one.name) === armKey(subnet.name));
  const subnets = at === -1 ? [...vnet.subnets, subnet] : vnet.subnets.with(at, subnet);
  return putResource(cloud, { ...vnet, subnets, etag: nextEtag(cloud, vnet.id, vnet.etag) });
}

/** Returns what `defaultOutboundAccess` azure-cli's API version gives a subnet that does not ask for any. */
export function defaultOutboundAccessOfNew(cloud: Cloud): false | null {
  return cloud.now >= Date.parse(PRIVATE_BY_DEFAULT_FROM.value) / 1000 ? false : null;
}

/** Returns the id that a subnet named so would have, whether or not it exists. */
export function subnetIdOf(cloud: Cloud, name: SubnetName): string {
  return subnetId(resourceId(cloud, name.resourceGroup, VNET, name.virtualNetwork), name.name);
}
