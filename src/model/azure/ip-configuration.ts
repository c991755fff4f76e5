import type { Cloud } from '../cloud.ts';
import { PRIVATE_ADDRESSES_PER_NETWORK_INTERFACE } from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { callerLacksLinked, callerMay } from './caller.ts';
import { checkInterfaceGroups } from './application-security-group-members.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { attachPublicIpAddress, detachPublicIpAddresses } from './public-ip-address.ts';
import { checkNetworkName } from './resource-name.ts';
import {
  armKey,
  childNotFound,
  getResource,
  invalidReference,
  nextEtag,
  putResource,
  requireResource,
} from './resource-store.ts';
import type { IpConfiguration, NetworkInterface, Subnet } from './resources.ts';
import { keptForService, refusedSubnet } from './service-subnets.ts';
import { sameSubscription } from './subscription-choice.ts';
import { claimAddress, freeAddress } from './subnet-addresses.ts';
import { findSubnet } from './subnet.ts';

const TYPE = 'Microsoft.Network/networkInterfaces';
const JOIN = 'Microsoft.Network/virtualNetworks/subnets/join/action';

export interface IpConfigurationInput {
  readonly name: string;
  readonly subnetId: string;
  /** Static if given; else Azure hands out the lowest free address. */
  readonly privateIPAddress?: string | null;
  readonly publicIPAddressId?: string | null;
  readonly applicationSecurityGroupIds?: readonly string[];
}

export interface IpConfigurationName {
  readonly resourceGroup: string;
  readonly networkInterface: string;
  readonly name: string;
}

/** Returns an IP configuration by name. Errors: the NIC's absence, `NotFound`. */
export function requireIpConfiguration(
  cloud: Cloud,
  name: IpConfigurationName,
): Result<
  { readonly networkInterface: NetworkInterface; readonly ipConfiguration: IpConfiguration },
  AzureError
> {
  const nic = requireResource(cloud, TYPE, name.resourceGroup, name.networkInterface);
  if (!nic.ok) return nic;
  const found = nic.value.ipConfigurations.find((one) => armKey(one.name) === armKey(name.name));
  if (found === undefined) return err(childNotFound(`${nic.value.id}/ipConfigurations/${name.name}`));
  return ok({ networkInterface: nic.value, ipConfiguration: found });
}

/** Adds a secondary IP configuration. Errors: `ResourceNotFound`, and as `createNetworkInterface`. */
export function createIpConfiguration(
  cloud: Cloud,
  name: Omit<IpConfigurationName, 'name'>,
  input: IpConfigurationInput,
): Result<Cloud, AzureError> {
  const nic = requireResource(cloud, TYPE, name.resourceGroup, name.networkInterface);
  if (!nic.ok) return nic;
  const existing = nic.value.ipConfigurations.find((one) => armKey(one.name) === armKey(input.name));
  if (
    existing === undefined &&
    nic.value.ipConfigurations.length >= PRIVATE_ADDRESSES_PER_NETWORK_INTERFACE.value
  ) {
    return err(
      azureError(
        'IpConfigurationCountLimitReached',
        `Cannot create more than ${PRIVATE_ADDRESSES_PER_NETWORK_INTERFACE.value} IP configurations for network interface ${nic.value.id}.`,
      ),
    );
  }
  return putIpConfiguration(cloud, nic.value, input, existing?.primary === true ? 'primary' : 'secondary');
}

/** What to change in an IP configuration; absent keys stay, a null public address detaches. */
export interface IpConfigurationChanges {
  readonly subnetId?: string;
  /** Null goes back to an address that Azure hands out. */
  readonly privateIPAddress?: string | null;
  readonly publicIPAddressId?: string | null;
  readonly applicationSecurityGroupIds?: readonly string[];
}

/** Changes an IP configuration. Errors: as `requireIpConfiguration` and `createIpConfiguration`. */
export function updateIpConfiguration(
  cloud: Cloud,
  name: IpConfigurationName,
  changes: IpConfigurationChanges,
): Result<Cloud, AzureError> {
  const found = requireIpConfiguration(cloud, name);
  if (!found.ok) return found;
  const { networkInterface, ipConfiguration } = found.value;
  return putIpConfiguration(
    cloud,
    networkInterface,
    {
      name: ipConfiguration.name,
      subnetId: changes.subnetId ?? ipConfiguration.subnet.id,
      privateIPAddress:
        changes.privateIPAddress !== undefined
          ? changes.privateIPAddress
          : ipConfiguration.privateIPAllocationMethod === 'Static'
            ? ipConfiguration.privateIPAddress
            : null,
      publicIPAddressId:
        changes.publicIPAddressId === undefined
          ? (ipConfiguration.publicIPAddress?.id ?? null)
          : changes.publicIPAddressId,
      applicationSecurityGroupIds:
        changes.applicationSecurityGroupIds ??
        (ipConfiguration.applicationSecurityGroups ?? []).map(({ id }) => id),
    },
    ipConfiguration.primary ? 'primary' : 'secondary',
  );
}

/** Removes a secondary IP configuration. Errors: the NIC's absence, `NetworkInterfaceMustHavePrimaryIpConfiguration`. */
export function deleteIpConfiguration(cloud: Cloud, name: IpConfigurationName): Result<Cloud, AzureError> {
  const nic = requireResource(cloud, TYPE, name.resourceGroup, name.networkInterface);
  if (!nic.ok) return nic;
  const going = nic.value.ipConfigurations.find((one) => armKey(one.name) === armKey(name.name));
  if (going === undefined) return ok(cloud);
  if (going.primary) {
    return err(
      azureError(
        'IpConfigDeleteNotSupported',
        `IP Configuration ${going.name} cannot be deleted. Deletion and renaming of primary IP Configuration is not supported`,
      ),
    );
  }
  return ok(
    putResource(detachPublicIpAddresses(cloud, going.id), {
      ...nic.value,
      ipConfigurations: nic.value.ipConfigurations.filter((one) => one !== going),
      etag: nextEtag(cloud, nic.value.id, nic.value.etag),
    }),
  );
}

/**
 * Adds or replaces an IP configuration of a NIC. Errors: as `createNetworkInterface`, and those of
 * `checkInterfaceGroups`.
 */
export function putIpConfiguration(
  cloud: Cloud,
  nic: NetworkInterface,
  input: IpConfigurationInput,
  rank: 'primary' | 'secondary',
): Result<Cloud, AzureError> {
  const named = checkNetworkName(`${TYPE}/ipConfigurations`, input.name);
  if (!named.ok) return named;
  const at = nic.ipConfigurations.findIndex((one) => armKey(one.name) === armKey(input.name));
  const existing = nic.ipConfigurations[at];
  const id = existing?.id ?? `${nic.id}/ipConfigurations/${input.name}`;
  const found = findSubnet(cloud, input.subnetId);
  if (found === null || found.virtualNetwork.location !== nic.location) {
    return err(invalidReference(input.subnetId, nic.id));
  }
  if (!sameSubscription(found.subnet.id, nic.id)) {
    const write = { action: `${TYPE}/write`, scope: nic.id };
    return err(
      callerMay(cloud, JOIN, found.subnet.id)
        ? refusedSubnet('A network interface', `subnet ${found.subnet.id}, which is in another subscription`)
        : callerLacksLinked(cloud, write, { action: JOIN, scope: found.subnet.id }),
    );
  }
  const kept = keptForOthers(found.subnet);
  if (kept !== null) return err(kept);
  const other = nic.ipConfigurations.find((one) => one !== existing);
  if (other !== undefined && findSubnet(cloud, other.subnet.id)?.virtualNetwork !== found.virtualNetwork) {
    return err(
      azureError(
        'NetworkInterfaceIpConfigurationsMustBeInSameVnet',
        `IP configurations of network interface ${nic.id} must be in subnets of the same virtual network.`,
      ),
    );
  }
  const address = chooseAddress(cloud, found.subnet, input, existing, id);
  if (!address.ok) return address;
  let next = detachPublicIpAddresses(cloud, id);
  const publicId = input.publicIPAddressId ?? null;
  if (publicId !== null) {
    const publicIp = getResource(next, publicId, 'Microsoft.Network/publicIPAddresses');
    if (publicIp === null || publicIp.location !== nic.location)
      return err(invalidReference(publicId, nic.id));
    const attached = attachPublicIpAddress(next, publicIp, id);
    if (!attached.ok) return attached;
    next = attached.value;
  }
  const configuration: IpConfiguration = {
    id,
    name: existing?.name ?? input.name,
    primary: rank === 'primary',
    privateIPAddress: address.value,
    privateIPAllocationMethod: (input.privateIPAddress ?? null) === null ? 'Dynamic' : 'Static',
    privateIPAddressVersion: 'IPv4',
    publicIPAddress: publicId === null ? null : { id: publicId },
    subnet: { id: found.subnet.id },
    loadBalancerBackendAddressPools: existing?.loadBalancerBackendAddressPools ?? [],
    ...inGroups(cloud, input.applicationSecurityGroupIds ?? []),
  };
  const ipConfigurations =
    existing === undefined
      ? [...nic.ipConfigurations, configuration]
      : nic.ipConfigurations.with(at, configuration);
  return putWithGroups(next, { ...nic, ipConfigurations, etag: nextEtag(cloud, nic.id, nic.etag) });
}

/**
 * Puts a NIC, that is all its IP configurations, into these application security groups and no others.
 * Errors: the NIC's absence, and those of `checkInterfaceGroups`.
 */
export function setApplicationSecurityGroups(
  cloud: Cloud,
  name: Omit<IpConfigurationName, 'name'>,
  groupIds: readonly string[],
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, name.resourceGroup, name.networkInterface);
  if (!found.ok) return found;
  const nic = found.value;
  const groups = inGroups(cloud, groupIds);
  return putWithGroups(cloud, {
    ...nic,
    ipConfigurations: nic.ipConfigurations.map(({ applicationSecurityGroups: _were, ...one }) => ({
      ...one,
      ...groups,
    })),
    etag: nextEtag(cloud, nic.id, nic.etag),
  });
}

function putWithGroups(cloud: Cloud, nic: NetworkInterface): Result<Cloud, AzureError> {
  const next = putResource(cloud, nic);
  const refused = checkInterfaceGroups(next, nic);
  return refused === null ? ok(next) : err(refused);
}

/** Each group once, by the id that it has. */
function inGroups(cloud: Cloud, ids: readonly string[]): Pick<IpConfiguration, 'applicationSecurityGroups'> {
  if (ids.length === 0) return {};
  const once = new Map(ids.map((id) => [armKey(id), id]));
  return {
    applicationSecurityGroups: [...once.values()].map((id) => ({
      id: getResource(cloud, id, 'Microsoft.Network/applicationSecurityGroups')?.id ?? id,
    })),
  };
}

function keptForOthers(subnet: Subnet): AzureError | null {
  const kept = keptForService('A network interface', subnet.name);
  if (kept !== null) return kept;
  const [delegation] = subnet.delegations;
  if (delegation === undefined) return null;
  return refusedSubnet(
    'A network interface',
    `subnet ${subnet.name}, which is delegated to ${delegation.serviceName}`,
  );
}

function chooseAddress(
  cloud: Cloud,
  subnet: Parameters<typeof freeAddress>[1],
  input: IpConfigurationInput,
  existing: IpConfiguration | undefined,
  id: string,
): Result<string, AzureError> {
  const wanted = input.privateIPAddress ?? null;
  if (wanted !== null) return claimAddress(cloud, subnet, wanted, id);
  // A dynamic address stays as long as the configuration stays in its subnet.
  if (existing !== undefined && armKey(existing.subnet.id) === armKey(subnet.id)) {
    return ok(existing.privateIPAddress);
  }
  return freeAddress(cloud, subnet);
}
