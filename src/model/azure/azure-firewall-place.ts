/** Where a firewall sits: its IP configurations, the subnets and the public addresses that they take. */
import type { Cloud } from '../cloud.ts';
import { prefix } from '../ip/prefix.ts';
import { FIREWALL_SUBNET } from '../limits/azure-firewall.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall, FirewallIpConfiguration } from './firewall-resources.ts';
import { attachPublicIpAddress, detachPublicIpAddresses } from './public-ip-address.ts';
import { checkNetworkName } from './resource-name.ts';
import { armKey, getResource, invalidReference, listResources, sameId } from './resource-store.ts';
import type { Subnet, VirtualNetwork } from './resources.ts';
import { freeAddress } from './subnet-addresses.ts';
import { findSubnet } from './subnet.ts';

/** An IP configuration as a request names it. */
export interface FirewallIpRequest {
  readonly name: string;
  /** Null on those after the first. */
  readonly subnetId: string | null;
  readonly publicIpAddressId: string | null;
}

interface Placed {
  readonly cloud: Cloud;
  readonly firewall: AzureFirewall;
}

/**
 * Returns the firewall with these IP configurations, and the cloud in which it holds their addresses. The
 * private address is the first free one of the subnet; one that it has stays. Errors:
 * `InvalidResourceName`, `InvalidResourceReference`, `PublicIPAddressInUse`, `SubnetIsFull`, those of
 * `checkRequests` and `checkSubnet`; `NotSimulated` where Azure refuses with a code that is not documented.
 */
export function placeFirewall(
  cloud: Cloud,
  firewall: AzureFirewall,
  existing: AzureFirewall | null,
  configurations: readonly FirewallIpRequest[],
  management: FirewallIpRequest | null,
): Result<Placed, AzureError> {
  const refused = checkRequests(firewall, configurations, management);
  if (refused !== null) return err(refused);
  // What it held is free again while it is placed anew.
  const held = [...(existing?.ipConfigurations ?? []), existing?.managementIpConfiguration];
  let next = held.reduce(
    (now, one) => (one === undefined ? now : detachPublicIpAddresses(now, one.id)),
    cloud,
  );
  const ipConfigurations: FirewallIpConfiguration[] = [];
  for (const request of configurations) {
    const was = existing?.ipConfigurations.find(({ name }) => armKey(name) === armKey(request.name));
    const placed = placeOne(next, firewall, request, was, FIREWALL_SUBNET.value.name);
    if (!placed.ok) return placed;
    next = placed.value.cloud;
    ipConfigurations.push(placed.value.configuration);
  }
  const { managementIpConfiguration: _was, ...rest } = firewall;
  if (management === null) return ok({ cloud: next, firewall: { ...rest, ipConfigurations } });
  const placed = placeOne(
    next,
    firewall,
    management,
    existing?.managementIpConfiguration,
    FIREWALL_SUBNET.value.managementName,
  );
  if (!placed.ok) return placed;
  return ok({
    cloud: placed.value.cloud,
    firewall: { ...rest, ipConfigurations, managementIpConfiguration: placed.value.configuration },
  });
}

function checkRequests(
  firewall: AzureFirewall,
  configurations: readonly FirewallIpRequest[],
  management: FirewallIpRequest | null,
): AzureError | null {
  const withSubnet = configurations.filter(({ subnetId }) => subnetId !== null);
  // Text in https://github.com/Azure/azure-cli-extensions/issues/1074 (2019-11-06); the code is formed for it.
  if (withSubnet.length > 1) {
    return azureError(
      'AzureFirewallIpConfigurationCannotHaveMoreThanOneSubnetReference',
      `Azure Firewall ${firewall.id} cannot have more than one subnet reference, please ensure only one IpConfiguration contains a subnet reference`,
    );
  }
  const [first] = configurations;
  if (first !== undefined && withSubnet.length === 0) {
    return refusedToo(`IP configuration ${first.name} of Azure Firewall ${firewall.name} without a subnet`);
  }
  // Code and text in https://github.com/Azure/azure-cli-extensions/pull/10100 (2026-07-13).
  if (management !== null && (management.subnetId === null || management.publicIpAddressId === null)) {
    return azureError(
      'AzureFirewallManagementIpConfigRequiresSubnetAndPublicIp',
      'AzureFirewall management IP configuration requires both a subnet and a public IP address.',
    );
  }
  // Text in https://github.com/Azure/azure-cli-extensions/pull/5236 (2022-08-15).
  if (management !== null && first === undefined) {
    return refusedToo(
      `A management IP configuration of Azure Firewall ${firewall.name} without one for data traffic`,
    );
  }
  if (management === null && firewall.sku.tier === 'Basic' && first !== undefined) {
    return refusedToo(`Azure Firewall ${firewall.name} of tier Basic without a management IP configuration`);
  }
  // With a management configuration the addresses for data may be private ones alone (forced tunnelling).
  const bare = configurations.find(({ publicIpAddressId }) => publicIpAddressId === null);
  if (bare !== undefined && (management === null || bare.subnetId === null)) {
    return refusedToo(
      `IP configuration ${bare.name} of Azure Firewall ${firewall.name} without a public IP address and without a management IP configuration`,
    );
  }
  return null;
}

function placeOne(
  cloud: Cloud,
  firewall: AzureFirewall,
  request: FirewallIpRequest,
  was: FirewallIpConfiguration | undefined,
  subnetName: string,
): Result<{ readonly cloud: Cloud; readonly configuration: FirewallIpConfiguration }, AzureError> {
  const named = checkNetworkName(
    'Microsoft.Network/azureFirewalls/azureFirewallIpConfigurations',
    request.name,
  );
  if (!named.ok) return named;
  const id = was?.id ?? `${firewall.id}/azureFirewallIpConfigurations/${request.name}`;
  const seated = seat(cloud, firewall, request, was, subnetName);
  if (!seated.ok) return seated;
  const base = { id, name: was?.name ?? request.name, ...seated.value };
  if (request.publicIpAddressId === null) {
    return ok({ cloud, configuration: { ...base, publicIPAddress: null } });
  }
  const address = getResource(cloud, request.publicIpAddressId, 'Microsoft.Network/publicIPAddresses');
  if (address?.location !== firewall.location) {
    return err(invalidReference(request.publicIpAddressId, firewall.id));
  }
  const attached = attachPublicIpAddress(cloud, address, id);
  if (!attached.ok) return attached;
  return ok({ cloud: attached.value, configuration: { ...base, publicIPAddress: { id: address.id } } });
}

/** The subnet and the private address in it. */
function seat(
  cloud: Cloud,
  firewall: AzureFirewall,
  request: FirewallIpRequest,
  was: FirewallIpConfiguration | undefined,
  subnetName: string,
): Result<Pick<FirewallIpConfiguration, 'subnet' | 'privateIPAddress'>, AzureError> {
  if (request.subnetId === null) return ok({ subnet: null, privateIPAddress: null });
  const found = findSubnet(cloud, request.subnetId);
  if (found === null || found.virtualNetwork.location !== firewall.location) {
    return err(invalidReference(request.subnetId, firewall.id));
  }
  const refused = checkSubnet(cloud, firewall, found, subnetName);
  if (refused !== null) return err(refused);
  const { subnet } = found;
  if (was !== undefined && was.privateIPAddress !== null && isIn(was, subnet)) {
    return ok({ subnet: { id: subnet.id }, privateIPAddress: was.privateIPAddress });
  }
  const address = freeAddress(cloud, subnet);
  if (!address.ok) return address;
  return ok({ subnet: { id: subnet.id }, privateIPAddress: address.value });
}

/** The names and the size: https://learn.microsoft.com/azure/firewall/firewall-faq; no public source has their codes. */
function checkSubnet(
  cloud: Cloud,
  firewall: AzureFirewall,
  { virtualNetwork, subnet }: { readonly virtualNetwork: VirtualNetwork; readonly subnet: Subnet },
  wanted: string,
): AzureError | null {
  // The FAQ asks it of the public address too; on record is this refusal alone
  // (https://github.com/MicrosoftDocs/azure-docs/issues/13491, 2018-08-15).
  if (armKey(virtualNetwork.resourceGroup) !== armKey(firewall.resourceGroup)) {
    return azureError(
      'SecureGatewayReferencesSubnetInDifferentResourceGroup',
      `AzureFirewall ${firewall.id} references subnet (${subnet.id}) in a different resource group.`,
    );
  }
  if (armKey(subnet.name) !== armKey(wanted)) {
    return refusedToo(
      `Subnet ${subnet.name} for Azure Firewall ${firewall.name} (it must be named ${wanted})`,
    );
  }
  if (prefix(subnet.addressPrefix).length > FIREWALL_SUBNET.value.longestPrefix) {
    return refusedToo(
      `Subnet ${subnet.name} with prefix ${subnet.addressPrefix} for Azure Firewall ${firewall.name} (it must be a /${FIREWALL_SUBNET.value.longestPrefix} or larger)`,
    );
  }
  if (subnet.networkSecurityGroup !== null || subnet.delegations.length > 0) {
    return refusedToo(
      `Subnet ${subnet.name} with a ${subnet.delegations.length > 0 ? 'delegation' : 'network security group'} for Azure Firewall ${firewall.name}`,
    );
  }
  const other = listResources(cloud, 'Microsoft.Network/azureFirewalls').find(
    (one) =>
      !sameId(one.id, firewall.id) &&
      [...one.ipConfigurations, one.managementIpConfiguration].some(
        (each) => each !== undefined && isIn(each, subnet),
      ),
  );
  return other === undefined
    ? null
    : refusedToo(`Subnet ${subnet.name} for Azure Firewall ${firewall.name}, which ${other.id} is in,`);
}

function isIn({ subnet }: FirewallIpConfiguration, { id }: Subnet): boolean {
  return subnet !== null && sameId(subnet.id, id);
}
