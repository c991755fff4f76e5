import { drawHex, pinned } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { AzureError } from './error.ts';
import { putIpConfiguration } from './ip-configuration.ts';
import type { IpConfigurationInput } from './ip-configuration.ts';
import { detachPublicIpAddresses } from './public-ip-address.ts';
import { requireResourceGroup } from './resource-group.ts';
import { placeOf } from './resource-place.ts';
import { removeUnused } from './resource-removal.ts';
import {
  armKey,
  findResource,
  getResource,
  invalidReference,
  nextEtag,
  putResource,
  requireResource,
} from './resource-store.ts';
import type { NetworkInterface } from './resources.ts';

const TYPE = 'Microsoft.Network/networkInterfaces';

export interface NetworkInterfaceInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly ipConfiguration: IpConfigurationInput;
  readonly networkSecurityGroupId?: string | null;
  readonly enableIPForwarding?: boolean;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Returns the MAC of a NIC, in Azure's spelling `60-45-BD-1A-2B-3C`. 60-45-BD is one of the prefixes
 * registered to Microsoft that Azure uses.
 */
export function drawNetworkInterfaceMac(cloud: Cloud, id: string): string {
  const fixed = pinned(cloud, `nic-mac/${id.slice(id.lastIndexOf('/') + 1)}`);
  if (fixed !== null) return fixed;
  const hex = drawHex({ seed: cloud.seed, pins: {} }, `nic-mac/${armKey(id)}`, 6).toUpperCase();
  return `60-45-BD-${hex.slice(0, 2)}-${hex.slice(2, 4)}-${hex.slice(4)}`;
}

/**
 * Creates a NIC with one IP configuration, or replaces the one with that name (which keeps its VM and
 * MAC). Errors: `ResourceGroupNotFound`, `InvalidResourceName`, `InvalidResourceLocation`,
 * `LocationNotAvailableForResourceType`, `InvalidResourceReference`, `PublicIPAddressInUse`, and those of
 * `claimAddress` and `freeAddress`.
 */
export function createNetworkInterface(
  cloud: Cloud,
  input: NetworkInterfaceInput,
): Result<Cloud, AzureError> {
  const place = placeOf(cloud, TYPE, input);
  if (!place.ok) return place;
  const { existing, own } = place.value;
  const { id } = own;
  const nsg = checkSecurityGroup(cloud, id, own.location, input.networkSecurityGroupId ?? null);
  if (!nsg.ok) return nsg;
  let next = cloud;
  for (const one of existing?.ipConfigurations ?? []) next = detachPublicIpAddresses(next, one.id);
  const bare: NetworkInterface = {
    ...own,
    tags: input.tags ?? existing?.tags ?? null,
    type: TYPE,
    enableIPForwarding: input.enableIPForwarding ?? false,
    macAddress: existing?.macAddress ?? drawNetworkInterfaceMac(cloud, id),
    networkSecurityGroup: nsg.value,
    primary: existing?.primary ?? true,
    virtualMachine: existing?.virtualMachine ?? null,
    ipConfigurations: [],
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  };
  next = putResource(next, bare);
  return putIpConfiguration(next, bare, input.ipConfiguration, 'primary');
}

export interface NetworkInterfaceChanges {
  readonly networkSecurityGroupId?: string | null;
  readonly enableIPForwarding?: boolean;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/** Changes a NIC; absent keys stay, a null id detaches. Errors: `ResourceNotFound`, `InvalidResourceReference`. */
export function updateNetworkInterface(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: NetworkInterfaceChanges,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const nic = found.value;
  const wanted =
    changes.networkSecurityGroupId === undefined
      ? (nic.networkSecurityGroup?.id ?? null)
      : changes.networkSecurityGroupId;
  const nsg = checkSecurityGroup(cloud, nic.id, nic.location, wanted);
  if (!nsg.ok) return nsg;
  return ok(
    putResource(cloud, {
      ...nic,
      networkSecurityGroup: nsg.value,
      enableIPForwarding: changes.enableIPForwarding ?? nic.enableIPForwarding,
      tags: changes.tags === undefined ? nic.tags : changes.tags,
      etag: nextEtag(cloud, nic.id, nic.etag),
    }),
  );
}

/** Deletes a NIC; one that does not exist is no error. Error: `NicInUse`. */
export function deleteNetworkInterface(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const nic = findResource(cloud, TYPE, resourceGroup, name);
  return nic === null ? ok(cloud) : removeUnused(cloud, nic.id);
}

function checkSecurityGroup(
  cloud: Cloud,
  nicId: string,
  location: string,
  id: string | null,
): Result<{ readonly id: string } | null, AzureError> {
  if (id === null) return ok(null);
  const group = getResource(cloud, id, 'Microsoft.Network/networkSecurityGroups');
  if (group === null || group.location !== location) return err(invalidReference(id, nicId));
  return ok({ id: group.id });
}
