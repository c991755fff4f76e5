import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { zonesOf } from './availability-zones.ts';
import { azureError, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import { checkLocation } from './locations.ts';
import { requireResourceGroup } from './resource-group.ts';
import { removeUnused } from './resource-removal.ts';
import {
  findResource,
  getResource,
  invalidReference,
  nextEtag,
  putResource,
  requireResource,
  resourceId,
  sameId,
} from './resource-store.ts';
import { bootUnits, endAllProcesses } from './machine-software.ts';
import type { Listener, MasqueradeRule, NetworkInterface, VirtualMachine } from './resources.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

/** What a Linux image of the marketplace listens on from the start. */
const SSH: Listener = { protocol: 'tcp', port: 22, program: 'sshd', application: 'ssh' };

export interface VirtualMachineInput {
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly vmSize: string;
  readonly imageReference: string;
  readonly computerName?: string;
  readonly adminUsername: string;
  /** Ids of existing NICs, the primary first. */
  readonly networkInterfaces: readonly string[];
  /** An availability zone of the location. */
  readonly zone?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
}

/**
 * Creates a running VM on existing NICs. Errors: `ResourceGroupNotFound`, `InvalidParameter` (name, size),
 * `LocationNotAvailableForResourceType`, `PropertyChangeNotAllowed` (a VM of that name exists),
 * `InvalidResourceReference`, `NicInUse`; `NotSimulated` for a zone that the location does not have, which Azure
 * refuses too.
 */
export function createVirtualMachine(cloud: Cloud, input: VirtualMachineInput): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, input.resourceGroup);
  if (!group.ok) return group;
  const computerName = input.computerName ?? input.name;
  const named = checkVirtualMachineName(input.name, computerName);
  if (!named.ok) return named;
  const size = checkVirtualMachineSize(input.vmSize);
  if (!size.ok) return size;
  const location = checkLocation(input.location ?? group.value.location, TYPE);
  if (!location.ok) return location;
  if (findResource(cloud, TYPE, group.value.name, input.name) !== null) {
    return err(
      azureError(
        'PropertyChangeNotAllowed',
        `Changing property 'osProfile' is not allowed: virtual machine '${input.name}' already exists in resource group '${group.value.name}'.`,
        'osProfile',
      ),
    );
  }
  if (input.zone !== undefined && !zonesOf(location.value).includes(input.zone)) {
    return err(
      refusedToo(`VM ${input.name} in zone ${input.zone} of ${location.value}, which has no such zone,`),
    );
  }
  const id = resourceId(cloud, group.value.name, TYPE, input.name);
  const nics: NetworkInterface[] = [];
  for (const nicId of input.networkInterfaces) {
    const nic = getResource(cloud, nicId, 'Microsoft.Network/networkInterfaces');
    if (nic === null || nic.location !== location.value) return err(invalidReference(nicId, id));
    if (nic.virtualMachine !== null && !sameId(nic.virtualMachine.id, id)) {
      return err(
        azureError(
          'NicInUse',
          `Network Interface ${nic.id} is used by existing resource ${nic.virtualMachine.id}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
        ),
      );
    }
    nics.push(nic);
  }
  let next = cloud;
  for (const [index, nic] of nics.entries()) {
    next = putResource(next, { ...nic, virtualMachine: { id }, primary: index === 0 });
  }
  return ok(
    putResource(next, {
      id,
      name: input.name,
      resourceGroup: group.value.name,
      location: location.value,
      tags: input.tags ?? null,
      type: TYPE,
      vmId: drawGuid(cloud, `vm-id/${input.name}`),
      hardwareProfile: { vmSize: input.vmSize },
      osProfile: { computerName, adminUsername: input.adminUsername },
      storageProfile: { imageReference: input.imageReference },
      networkProfile: { networkInterfaces: nics.map((nic) => ({ id: nic.id })) },
      ...(input.zone === undefined ? {} : { zones: [input.zone] }),
      powerState: 'VM running',
      simulation: { listeners: [SSH], forwarding: 'off' },
      etag: nextEtag(cloud, id),
      provisioningState: 'Succeeded',
    }),
  );
}

/** Returns nothing if Azure takes the names. Linux computer names may have 64 characters. Error: `InvalidParameter`. */
export function checkVirtualMachineName(name: string, computerName: string): Result<null, AzureError> {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/.test(name) || name.endsWith('-')) {
    return err(
      azureError(
        'InvalidParameter',
        `The entity name '${name}' is invalid according to its validation rule: ^[^_\\W][\\w-._]{0,79}(?<![-.])$.`,
        'name',
      ),
    );
  }
  if (computerName.length > 64 || /[^A-Za-z0-9.-]/.test(computerName)) {
    return err(
      azureError(
        'InvalidParameter',
        `Linux host name cannot exceed 64 characters in length or contain the following characters: \` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\\\ | ; : ' \\" , < > / ?.`,
        'linuxHostName',
      ),
    );
  }
  return ok(null);
}

/** Returns nothing if the text has the form of a size, `Standard_D2s_v5`. Error: `InvalidParameter`. */
export function checkVirtualMachineSize(vmSize: string): Result<null, AzureError> {
  if (/^(?:Standard|Basic)_[A-Z]{1,3}\d[A-Za-z0-9_-]*$/i.test(vmSize)) return ok(null);
  return err(
    azureError(
      'InvalidParameter',
      `The value ${vmSize} provided for the VM size is not valid. Sizes have the form Standard_D2s_v5.`,
      'vmSize',
    ),
  );
}

/** Starts, stops or deallocates a VM; what was started in it by hand is gone after a stop. Error: `ResourceNotFound`. */
export function setPowerState(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  powerState: VirtualMachine['powerState'],
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  if (found.value.powerState === powerState) return ok(cloud);
  const ended = endAllProcesses(cloud, found.value.id);
  const vm = getResource(ended, found.value.id, TYPE) ?? found.value;
  const { forwarding, proxyLogs, software } = vm.simulation;
  const next = putResource(ended, {
    ...vm,
    powerState,
    simulation: {
      listeners: vm.simulation.listeners.filter((one) => startsAtBoot(one)),
      forwarding,
      ...(proxyLogs === undefined ? {} : { proxyLogs }),
      ...(software === undefined ? {} : { software }),
    },
    etag: nextEtag(cloud, vm.id, vm.etag),
  });
  return ok(powerState === 'VM running' ? bootUnits(next, vm.id) : next);
}

/** Services that Ubuntu's packages enable start again at boot; a program from a shell does not. */
function startsAtBoot(listener: Listener): boolean {
  return ['sshd', 'nginx', 'apache2', 'named', 'dnsmasq'].includes(listener.program);
}

/** Deletes a VM; its NICs, disks and addresses stay, as Azure's default is. One that does not exist is no error. */
export function deleteVirtualMachine(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
): Result<Cloud, AzureError> {
  const group = requireResourceGroup(cloud, resourceGroup);
  if (!group.ok) return group;
  const vm = findResource(cloud, TYPE, resourceGroup, name);
  return vm === null ? ok(cloud) : removeUnused(cloud, vm.id);
}

/** Replaces the tags or the size of a VM. Errors: `ResourceNotFound`, `InvalidParameter`. */
export function updateVirtualMachine(
  cloud: Cloud,
  resourceGroup: string,
  name: string,
  changes: { readonly tags?: Readonly<Record<string, string>> | null; readonly vmSize?: string },
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, resourceGroup, name);
  if (!found.ok) return found;
  const vm = found.value;
  const vmSize = changes.vmSize ?? vm.hardwareProfile.vmSize;
  const size = checkVirtualMachineSize(vmSize);
  if (!size.ok) return size;
  return ok(
    putResource(cloud, {
      ...vm,
      tags: changes.tags === undefined ? vm.tags : changes.tags,
      hardwareProfile: { vmSize },
      etag: nextEtag(cloud, vm.id, vm.etag),
    }),
  );
}

/** Returns the cloud in which these programs listen on the VM; the same cloud if there is no such VM. */
export function setListeners(cloud: Cloud, vmId: string, listeners: readonly Listener[]): Cloud {
  const vm = getResource(cloud, vmId, TYPE);
  if (vm === null) return cloud;
  return putResource(cloud, { ...vm, simulation: { ...vm.simulation, listeners } });
}

/** Returns the cloud in which the VM's kernel passes packets on (`net.ipv4.ip_forward`), or not. */
export function setForwarding(
  cloud: Cloud,
  vmId: string,
  forwarding: VirtualMachine['simulation']['forwarding'],
): Cloud {
  const vm = getResource(cloud, vmId, TYPE);
  if (vm === null) return cloud;
  return putResource(cloud, { ...vm, simulation: { ...vm.simulation, forwarding } });
}

/** Returns the cloud in which the VM masquerades what these rules match; the same cloud if there is no such VM. */
export function setMasquerade(cloud: Cloud, vmId: string, masquerade: readonly MasqueradeRule[]): Cloud {
  const vm = getResource(cloud, vmId, TYPE);
  if (vm === null) return cloud;
  return putResource(cloud, { ...vm, simulation: { ...vm.simulation, masquerade } });
}

/** Returns the NICs of a VM in order, the primary first. */
export function virtualMachineInterfaces(cloud: Cloud, vm: VirtualMachine): readonly NetworkInterface[] {
  return vm.networkProfile.networkInterfaces.flatMap((one) => {
    const nic = getResource(cloud, one.id, 'Microsoft.Network/networkInterfaces');
    return nic === null ? [] : [nic];
  });
}
