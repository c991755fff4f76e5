/** Scale sets, their instances and NICs as azure-cli prints them. */
import type { ScaleSetInstance, VirtualMachineScaleSet } from '../../model/azure/resources.ts';
import { isLatestModel, scaleSetModel } from '../../model/aks/scale-set-model.ts';
import type { Json } from './command.ts';

export const SCALE_SET = 'Microsoft.Compute/virtualMachineScaleSets';

export function scaleSetJson(scaleSet: VirtualMachineScaleSet): { readonly [key: string]: Json } {
  const nic = scaleSet.instances[0]?.networkInterface;
  return {
    id: scaleSet.id,
    identity: null,
    location: scaleSet.location,
    name: scaleSet.name,
    orchestrationMode: 'Uniform',
    overprovision: false,
    provisioningState: scaleSet.provisioningState,
    resourceGroup: scaleSet.resourceGroup,
    singlePlacementGroup: true,
    sku: { ...scaleSet.sku },
    tags: scaleSet.tags,
    type: scaleSet.type,
    upgradePolicy: { automaticOsUpgradePolicy: null, mode: 'Manual', rollingUpgradePolicy: null },
    virtualMachineProfile: {
      networkProfile: {
        networkInterfaceConfigurations:
          nic === undefined
            ? []
            : [
                {
                  enableAcceleratedNetworking: true,
                  enableIpForwarding: scaleSetModel(scaleSet).enableIPForwarding,
                  ipConfigurations: nic.ipConfigurations.map((each) => ({
                    loadBalancerBackendAddressPools: each.loadBalancerBackendAddressPools.map(({ id }) => ({
                      id,
                      resourceGroup: scaleSet.resourceGroup,
                    })),
                    name: each.name,
                    primary: each.primary,
                    privateIpAddressVersion: each.privateIPAddressVersion,
                    subnet: { id: each.subnet.id, resourceGroup: groupOf(each.subnet.id) },
                  })),
                  name: scaleSet.name,
                  networkSecurityGroup: reference(nic.networkSecurityGroup),
                  primary: true,
                },
              ],
      },
      osProfile: { computerNamePrefix: scaleSet.name },
    },
    zones: null,
  };
}

export function instanceJson(
  scaleSet: VirtualMachineScaleSet,
  instance: ScaleSetInstance,
): { readonly [key: string]: Json } {
  return {
    id: `${scaleSet.id}/virtualMachines/${instance.instanceId}`,
    instanceId: instance.instanceId,
    latestModelApplied: isLatestModel(scaleSet, instance),
    location: scaleSet.location,
    name: `${scaleSet.name}_${instance.instanceId}`,
    networkProfile: {
      networkInterfaces: [{ id: instance.networkInterface.id, resourceGroup: scaleSet.resourceGroup }],
    },
    osProfile: { computerName: instance.computerName },
    provisioningState: 'Succeeded',
    resourceGroup: scaleSet.resourceGroup,
    sku: { name: scaleSet.sku.name, tier: scaleSet.sku.tier },
    tags: scaleSet.tags,
    type: `${SCALE_SET}/virtualMachines`,
    zones: null,
  };
}

export function nicJson(
  scaleSet: VirtualMachineScaleSet,
  instance: ScaleSetInstance,
): { readonly [key: string]: Json } {
  const nic = instance.networkInterface;
  return {
    dnsSettings: { appliedDnsServers: [], dnsServers: [] },
    enableAcceleratedNetworking: true,
    enableIPForwarding: nic.enableIPForwarding,
    etag: nic.etag,
    id: nic.id,
    ipConfigurations: nic.ipConfigurations.map((each) => ({
      etag: nic.etag,
      id: each.id,
      loadBalancerBackendAddressPools: each.loadBalancerBackendAddressPools.map(({ id }) => ({
        id,
        resourceGroup: scaleSet.resourceGroup,
      })),
      name: each.name,
      primary: each.primary,
      privateIPAddress: each.privateIPAddress,
      privateIPAddressVersion: each.privateIPAddressVersion,
      privateIPAllocationMethod: each.privateIPAllocationMethod,
      provisioningState: 'Succeeded',
      resourceGroup: scaleSet.resourceGroup,
      subnet: { id: each.subnet.id, resourceGroup: groupOf(each.subnet.id) },
    })),
    macAddress: nic.macAddress,
    name: nic.name,
    networkSecurityGroup: reference(nic.networkSecurityGroup),
    primary: nic.primary,
    provisioningState: nic.provisioningState,
    resourceGroup: scaleSet.resourceGroup,
    virtualMachine: {
      id: `${scaleSet.id}/virtualMachines/${instance.instanceId}`,
      resourceGroup: scaleSet.resourceGroup,
    },
  };
}

function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

function reference(target: { readonly id: string } | null): Json {
  return target === null ? null : { id: target.id, resourceGroup: groupOf(target.id) };
}
