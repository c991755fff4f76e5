import type { Cloud } from '../cloud.ts';
import { formatAddress, parseAddress } from '../ip/address.ts';
import { formatPrefix, prefix, prefixCovers } from '../ip/prefix.ts';
import { DNS_SERVERS_PER_VIRTUAL_NETWORK, VIRTUAL_NETWORKS_PER_REGION } from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { checkAddressSpace } from './address-space.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { placeOf } from './resource-place.ts';
import { removeUnused } from './resource-removal.ts';
import { requireResourceGroup } from './resource-group.ts';
import { armKey, findResource, nextEtag, putResource, requireResource } from './resource-store.ts';
import type { Subnet, VirtualNetwork } from './resources.ts';
import { buildSubnet, subnetInUse } from './subnet.ts';
import type { SubnetProperties } from './subnet.ts';
import { checkPeeredSpace } from './virtual-network-peering-checks.ts';
import { settlePeerings } from './virtual-network-peering.ts';

const TYPE = 'Microsoft.Network/virtualNetworks';

export interface VirtualNetworkInput {
  readonly resourceGroup: string;
  readonly name: string;
  /** The group's location if absent. */
  readonly location?: string;
  readonly addressPrefixes: readonly string[];
  readonly dnsServers?: readonly string[];
  readonly enableDdosProtection?: boolean;
  readonly tags?: Readonly<Record<string, string>> | null;
  /** Subnets to create with it; the subnets of an existing VNet stay if absent. */
  readonly subnets?: readonly (SubnetProperties & { readonly name: string })[];
}

/**
 * Creates a VNet, or replaces the properties of the one with that name. An existing VNet keeps its
 * subnets when the input brings none, as the service does since API version 2023-09-01.
 * Errors: `ResourceGroupNotFound`, `InvalidResourceName`, `LocationNotAvailableForResourceType`,
 * `InvalidResourceLocation`, those of `checkAddressSpace` and `buildSubnet`, and
 * `VnetAddressSpaceOverlapsWithAlreadyPeeredVnet`.
 */
export function createVirtualNetwork(cloud: Cloud, input: VirtualNetworkInput): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input, {
    most: VIRTUAL_NETWORKS_PER_REGION.value,
    code: 'VnetCountLimitReached',
    what: 'virtual networks',
  });
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  const shell: VirtualNetwork = {
    ...own,
    tags: input.tags ?? existing?.tags ?? null,
    type: TYPE,
    addressSpace: { addressPrefixes: [] },
    dhcpOptions: { dnsServers: [] },
    enableDdosProtection: input.enableDdosProtection ?? false,
    subnets: input.subnets === undefined ? (existing?.subnets ?? []) : [],
    virtualNetworkPeerings: existing?.virtualNetworkPeerings ?? [],
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  };
  const settled = settle(shell, input.addressPrefixes, input.dnsServers ?? []);
  if (!settled.ok) return settled;
  const replaced = replaceSubnets(cloud, settled.value, existing?.subnets ?? [], input.subnets);
  return replaced.ok ? putPeered(cloud, replaced.value) : replaced;
}

export interface VirtualNetworkChanges {
  readonly addressPrefixes?: readonly string[];
  readonly dnsServers?: readonly string[];
  readonly enableDdosProtection?: boolean;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/** Changes a VNet; absent keys stay. Errors: as `createVirtualNetwork`, and `ResourceNotFound`. */
export function updateVirtualNetwork(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: VirtualNetworkChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const vnet = found.value;
  const settled = settle(
    {
      ...vnet,
      enableDdosProtection: changes.enableDdosProtection ?? vnet.enableDdosProtection,
      tags: changes.tags === undefined ? vnet.tags : changes.tags,
      etag: nextEtag(cloud, vnet.id, vnet.etag),
    },
    changes.addressPrefixes ?? vnet.addressSpace.addressPrefixes,
    changes.dnsServers ?? vnet.dhcpOptions.dnsServers,
  );
  return settled.ok ? putPeered(cloud, settled.value) : settled;
}

/** Stores a VNet whose address space may be new to the VNets that it is peered with. */
function putPeered(cloud: Cloud, vnet: VirtualNetwork): Result<Cloud, AzureError> {
  if (vnet.virtualNetworkPeerings.length === 0) return ok(putResource(cloud, vnet));
  const checked = checkPeeredSpace(cloud, vnet, vnet.addressSpace.addressPrefixes);
  return checked.ok ? ok(settlePeerings(putResource(cloud, vnet))) : checked;
}

/** Deletes a VNet with its peerings; one that does not exist is no error. Error: `InUseSubnetCannotBeDeleted`. */
export function deleteVirtualNetwork(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const vnet = findResource(cloud, TYPE, resourceGroup, name);
  if (vnet === null) return ok(cloud);
  return removeUnused(cloud, vnet.id);
}

/** Fills in address space and DNS servers, and checks that the subnets it has still fit. */
function settle(
  vnet: VirtualNetwork,
  addressPrefixes: readonly string[],
  dnsServers: readonly string[],
): Result<VirtualNetwork, AzureError> {
  if (addressPrefixes.length === 0) {
    return err(
      azureError(
        'VnetAddressSpaceMissing',
        `Virtual network ${vnet.id} must have at least one address prefix in its address space.`,
      ),
    );
  }
  const space = checkAddressSpace(addressPrefixes, vnet.id);
  if (!space.ok) return space;
  const outside = vnet.subnets.find(
    (one) => !space.value.some((range) => prefixCovers(range, prefix(one.addressPrefix))),
  );
  if (outside !== undefined) {
    return err(
      azureError(
        'NetcfgSubnetRangeOutsideVnet',
        `Subnet '${outside.name}' is not valid because its IP address range is outside the IP address range of virtual network '${vnet.name}'.`,
      ),
    );
  }
  const servers = checkDnsServers(dnsServers, vnet.id);
  if (!servers.ok) return servers;
  return ok({
    ...vnet,
    addressSpace: { addressPrefixes: space.value.map(formatPrefix) },
    dhcpOptions: { dnsServers: servers.value },
  });
}

function checkDnsServers(servers: readonly string[], id: string): Result<readonly string[], AzureError> {
  if (servers.length > DNS_SERVERS_PER_VIRTUAL_NETWORK.value) {
    return err(
      azureError(
        'DnsServersPerVnetLimitReached',
        `Cannot have more than ${DNS_SERVERS_PER_VIRTUAL_NETWORK.value} DNS servers for virtual network ${id}.`,
      ),
    );
  }
  const canonical: string[] = [];
  for (const text of servers) {
    const parsed = parseAddress(text);
    if (!parsed.ok) {
      return err(
        azureError(
          'InvalidDnsServerIpAddress',
          `The DNS server address ${text} of resource ${id} is not a valid IP address.`,
        ),
      );
    }
    canonical.push(formatAddress(parsed.value));
  }
  return ok(canonical);
}

/** Builds the wanted subnets one after the other, and refuses to lose one that is in use. */
function replaceSubnets(
  cloud: Cloud,
  vnet: VirtualNetwork,
  before: readonly Subnet[],
  wanted: VirtualNetworkInput['subnets'],
): Result<VirtualNetwork, AzureError> {
  if (wanted === undefined) return ok(vnet);
  for (const subnet of before) {
    if (wanted.some((one) => armKey(one.name) === armKey(subnet.name))) continue;
    const inUse = subnetInUse(cloud, subnet);
    if (inUse !== null) return err(inUse);
  }
  let growing = vnet;
  for (const { name, ...properties } of wanted) {
    const built = buildSubnet(cloud, growing, name, properties);
    if (!built.ok) return built;
    growing = { ...growing, subnets: [...growing.subnets, built.value] };
  }
  return ok(growing);
}
