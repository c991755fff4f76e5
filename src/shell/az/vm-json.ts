/** Virtual machines as `az vm` prints them. */
import { getResource } from '../../model/azure/resource-store.ts';
import type { IpConfiguration, VirtualMachine } from '../../model/azure/resources.ts';
import { virtualMachineInterfaces } from '../../model/azure/virtual-machine.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Json } from './command.ts';
import { groupOf, publicAddressOf } from './network-json.ts';
import type { JsonObject } from './network-json.ts';

export function virtualMachineJson(vm: VirtualMachine): JsonObject {
  const [publisher = '', offer = '', sku = '', version = 'latest'] =
    vm.storageProfile.imageReference.split(':');
  return {
    additionalCapabilities: null,
    applicationProfile: null,
    availabilitySet: null,
    billingProfile: null,
    capacityReservation: null,
    diagnosticsProfile: null,
    evictionPolicy: null,
    extendedLocation: null,
    extensionsTimeBudget: null,
    hardwareProfile: { vmSize: vm.hardwareProfile.vmSize, vmSizeProperties: null },
    host: null,
    hostGroup: null,
    id: vm.id,
    identity: null,
    instanceView: null,
    licenseType: null,
    location: vm.location,
    name: vm.name,
    networkProfile: {
      networkApiVersion: null,
      networkInterfaceConfigurations: null,
      networkInterfaces: vm.networkProfile.networkInterfaces.map((nic) => ({
        deleteOption: null,
        id: nic.id,
        primary: null,
        resourceGroup: groupOf(nic.id),
      })),
    },
    osProfile: {
      adminPassword: null,
      adminUsername: vm.osProfile.adminUsername,
      allowExtensionOperations: true,
      computerName: vm.osProfile.computerName,
      customData: null,
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        enableVmAgentPlatformUpdates: false,
        patchSettings: { assessmentMode: 'ImageDefault', patchMode: 'ImageDefault' },
        provisionVmAgent: true,
      },
      requireGuestProvisionSignal: true,
      secrets: [],
      windowsConfiguration: null,
    },
    plan: null,
    platformFaultDomain: null,
    priority: null,
    provisioningState: vm.provisioningState,
    proximityPlacementGroup: null,
    resourceGroup: vm.resourceGroup,
    resources: null,
    scheduledEventsProfile: null,
    securityProfile: null,
    storageProfile: {
      dataDisks: [],
      imageReference: { exactVersion: version, id: null, offer, publisher, sku, version },
    },
    tags: vm.tags,
    type: vm.type,
    userData: null,
    virtualMachineScaleSet: null,
    vmId: vm.vmId,
    zones: vm.zones ?? null,
  };
}

interface MachineAddresses {
  readonly private: readonly string[];
  readonly public: readonly string[];
  readonly macs: readonly string[];
}

export function machineAddresses(cloud: Cloud, vm: VirtualMachine): MachineAddresses {
  const nics = virtualMachineInterfaces(cloud, vm);
  const configurations = nics.flatMap((nic) => nic.ipConfigurations);
  return {
    private: configurations.map((one) => one.privateIPAddress),
    public: configurations.flatMap((one) => publicAddressOf(cloud, one) ?? []),
    macs: nics.map((nic) => nic.macAddress),
  };
}

/** What `--show-details` adds. */
export function virtualMachineDetails(cloud: Cloud, vm: VirtualMachine): JsonObject {
  const addresses = machineAddresses(cloud, vm);
  return {
    ...virtualMachineJson(vm),
    fqdns: '',
    macAddresses: addresses.macs.join(','),
    powerState: vm.powerState,
    privateIps: addresses.private.join(','),
    publicIps: addresses.public.join(','),
  };
}

export function instanceViewJson(vm: VirtualMachine): JsonObject {
  const power = vm.powerState.replace('VM ', '');
  return {
    ...virtualMachineJson(vm),
    instanceView: {
      computerName: vm.osProfile.computerName,
      hyperVGeneration: 'V2',
      statuses: [
        {
          code: 'ProvisioningState/succeeded',
          displayStatus: 'Provisioning succeeded',
          level: 'Info',
          message: null,
        },
        { code: `PowerState/${power}`, displayStatus: vm.powerState, level: 'Info', message: null },
      ],
    },
  };
}

export function ipAddressesJson(cloud: Cloud, vm: VirtualMachine): JsonObject {
  const configurations = virtualMachineInterfaces(cloud, vm).flatMap((nic) => nic.ipConfigurations);
  return {
    virtualMachine: {
      name: vm.name,
      network: {
        privateIpAddresses: configurations.map((one) => one.privateIPAddress),
        publicIpAddresses: configurations.flatMap((one) => publicIpJson(cloud, one)),
      },
      resourceGroup: vm.resourceGroup,
    },
  };
}

function publicIpJson(cloud: Cloud, configuration: IpConfiguration): readonly Json[] {
  if (configuration.publicIPAddress === null) return [];
  const found = getResource(cloud, configuration.publicIPAddress.id, 'Microsoft.Network/publicIPAddresses');
  if (found === null) return [];
  return [
    {
      id: found.id,
      ipAddress: found.ipAddress,
      ipAllocationMethod: found.publicIPAllocationMethod,
      name: found.name,
      resourceGroup: found.resourceGroup,
      zone: null,
    },
  ];
}
