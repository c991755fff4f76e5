/** Virtual machines and scale sets out of pasted JSON. */
import type {
  NetworkInterface,
  VirtualMachine,
  VirtualMachineScaleSet,
} from '../../model/azure/resources.ts';
import { baseOf, bagOfObject, groupOf, nameOf } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import { rawObject } from './bag.ts';
import type { Bag } from './bag.ts';
import { readIpConfiguration } from './read-interface.ts';

const MACHINE_HARMLESS = [
  'additionalCapabilities',
  'applicationProfile',
  'availabilitySet',
  'billingProfile',
  'capacityReservation',
  'diagnosticsProfile',
  'etag',
  'evictionPolicy',
  'extensionsTimeBudget',
  'fqdns',
  'hardwareProfile',
  'host',
  'hostGroup',
  'identity',
  'instanceView',
  'instanceId',
  'latestModelApplied',
  'licenseType',
  'macAddresses',
  'modelDefinitionApplied',
  'networkProfileConfiguration',
  'osProfile',
  'placement',
  'plan',
  'platformFaultDomain',
  'powerState',
  'priority',
  'privateIps',
  'protectionPolicy',
  'proximityPlacementGroup',
  'publicIps',
  'resources',
  'scheduledEventsPolicy',
  'scheduledEventsProfile',
  'securityProfile',
  'sku',
  'storageProfile',
  'timeCreated',
  'userData',
  'virtualMachineScaleSet',
  'vmId',
  'zones',
];

export function readVirtualMachine(object: ArmObject, { log }: ReadContext): VirtualMachine {
  const bag = bagOfObject(object, log);
  const profile = bag.bag('networkProfile');
  const interfaces = profile?.references('networkInterfaces') ?? [];
  profile?.finish({
    harmless: ['networkApiVersion'],
    decides: {
      networkInterfaceConfigurations:
        'NICs that a machine makes itself are read from az network nic list alone.',
    },
  });
  const os = rawObject(bag.raw('osProfile'));
  const hardware = rawObject(bag.raw('hardwareProfile'));
  const machine: VirtualMachine = {
    ...baseOf(object, bag),
    type: 'Microsoft.Compute/virtualMachines',
    vmId: bag.text('vmId') ?? '',
    hardwareProfile: { vmSize: textIn(hardware, 'vmSize') },
    osProfile: {
      computerName: textIn(os, 'computerName') || nameOf(object.id),
      adminUsername: textIn(os, 'adminUsername'),
    },
    storageProfile: { imageReference: '' },
    networkProfile: { networkInterfaces: interfaces },
    powerState: powerState(bag),
    simulation: { listeners: [], programs: 'assumed', forwarding: 'off' },
  };
  log.note(
    'JSON does not say what runs on a machine: a VM is taken to answer on every port, and nothing on it filters.',
  );
  bag.finish({ harmless: MACHINE_HARMLESS });
  return machine;
}

/** `az vm list -d` has it as a field, the instance view as a status. */
function powerState(bag: Bag): VirtualMachine['powerState'] {
  const view = rawObject(bag.raw('instanceView'));
  const statuses = Array.isArray(view?.['statuses']) ? (view['statuses'] as readonly unknown[]) : [];
  const code = statuses
    .map((each) => textIn(rawObject(each), 'code'))
    .find((each) => each.startsWith('PowerState/'));
  const said = bag.text('powerState') ?? (code === undefined ? '' : `VM ${code.slice('PowerState/'.length)}`);
  if (said === '') {
    bag.log.note('Where JSON does not say whether a VM runs, it runs; az vm list -d says it.');
    return 'VM running';
  }
  const states = ['VM running', 'VM stopped', 'VM deallocated'] as const;
  const known = states.find((each) => each.toLowerCase() === said.toLowerCase());
  if (known === undefined) bag.unreadable('powerState', said, 'decides');
  return known ?? 'VM stopped';
}

function textIn(raw: Readonly<Record<string, unknown>> | null, key: string): string {
  const value = raw?.[key];
  return typeof value === 'string' ? value : '';
}

export function readScaleSet(object: ArmObject, { log }: ReadContext): VirtualMachineScaleSet {
  const bag = bagOfObject(object, log);
  const sku = bag.bag('sku');
  const capacity = sku?.number('capacity', 0) ?? 0;
  const set: VirtualMachineScaleSet = {
    ...baseOf(object, bag),
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    sku: { name: sku?.text('name') ?? '', tier: 'Standard', capacity },
    instances: [],
    simulation: { nextInstanceId: capacity },
  };
  bag.finish({
    harmless: [
      ...MACHINE_HARMLESS,
      'automaticRepairsPolicy',
      'constrainedMaximumCapacity',
      'doNotRunExtensionsOnOverprovisionedVMs',
      'orchestrationMode',
      'overprovision',
      'platformFaultDomainCount',
      'priorityMixPolicy',
      'resiliencyPolicy',
      'scaleInPolicy',
      'singlePlacementGroup',
      'skuProfile',
      'spotRestorePolicy',
      'uniqueId',
      'upgradePolicy',
      // What new instances get; those there are say it themselves.
      'virtualMachineProfile',
      'zonalPlatformFaultDomainAlignMode',
      'zoneBalance',
    ],
  });
  return set;
}

/** Returns a NIC of an instance of a scale set, whose id leads through the instance. */
export function readScaleSetInterface(object: ArmObject, { log }: ReadContext): NetworkInterface {
  const bag = bagOfObject(object, log);
  const base = baseOf(object, bag);
  const nic: NetworkInterface = {
    ...base,
    resourceGroup: groupOf(object.id),
    type: 'Microsoft.Network/networkInterfaces',
    enableIPForwarding: bag.flag('enableIPForwarding', false),
    macAddress: bag.text('macAddress') ?? '',
    networkSecurityGroup: bag.reference('networkSecurityGroup'),
    primary: bag.flag('primary', true),
    virtualMachine: bag.reference('virtualMachine'),
    ipConfigurations: bag
      .bags('ipConfigurations')
      .flatMap((each, index) => readIpConfiguration(each, object.id, index === 0) ?? []),
  };
  bag.finish({
    harmless: [
      'auxiliaryMode',
      'auxiliarySku',
      'dnsSettings',
      'enableAcceleratedNetworking',
      'hostedWorkloads',
      'nicType',
      'tapConfigurations',
      'vnetEncryptionSupported',
      'disableTcpStateTracking',
      'defaultOutboundConnectivityEnabled',
    ],
  });
  return nic;
}
