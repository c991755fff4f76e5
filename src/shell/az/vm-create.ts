import { notSimulated } from '../../model/azure/error.ts';
import { findResource } from '../../model/azure/resource-store.ts';
import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import type { VirtualMachine } from '../../model/azure/resources.ts';
import { checkVirtualMachineName, createVirtualMachine } from '../../model/azure/virtual-machine.ts';
import { checkLocation } from '../../model/azure/locations.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFiles, AzOption, AzOutcome, Json } from './command.ts';
import {
  choice,
  flag,
  ignored,
  list,
  location,
  noWaitFlag,
  refused,
  resourceGroup,
  tags,
  text,
} from './option.ts';
import {
  given,
  optionalList,
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';
import { customDataScript } from './vm-custom-data.ts';
import { imageReference } from './vm-image.ts';
import { machineAddresses } from './vm-json.ts';
import { checkLogin, loginPaths } from './vm-login.ts';
import { buildNetwork } from './vm-network.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';
const DEFAULT_SIZE = 'Standard_DS1_v2';

const network: readonly AzOption[] = [
  list(
    '--asgs',
    "Space-separated list of existing application security groups to associate with the VM's primary NIC.",
    { group: 'Network' },
  ),
  list(
    '--nics',
    'Names or IDs of existing NICs to attach to the VM. The first NIC will be designated as primary.',
    {
      group: 'Network',
    },
  ),
  text(
    '--nsg',
    "The name to use when creating a new Network Security Group (default) or referencing an existing one. '' for none.",
    {
      group: 'Network',
    },
  ),
  choice('--nsg-rule', ['RDP', 'SSH', 'NONE'], 'NSG rule to create when creating a new NSG.', {
    group: 'Network',
  }),
  text('--private-ip-address', 'Static private IP address (e.g. 10.0.0.5).', { group: 'Network' }),
  text(
    '--public-ip-address',
    "Name of the public IP address when creating one (default) or referencing an existing one. '' for none.",
    {
      group: 'Network',
    },
  ),
  choice('--public-ip-address-allocation', ['dynamic', 'static'], 'Public IP address allocation method.', {
    group: 'Network',
    noEffect: 'a Standard address is always static',
  }),
  choice('--public-ip-sku', ['Basic', 'Standard'], 'Public IP SKU.', {
    group: 'Network',
    default: 'Standard',
  }),
  text(
    '--subnet',
    'The name of the subnet when creating a new VNet or referencing an existing one. Can also reference an existing subnet by ID.',
    {
      group: 'Network',
    },
  ),
  text(
    '--subnet-address-prefix',
    'The subnet IP address prefix to use when creating a new VNet in CIDR format.',
    {
      group: 'Network',
      default: '10.0.0.0/24',
    },
  ),
  text('--vnet-address-prefix', 'The IP address prefix to use when creating a new VNet in CIDR format.', {
    group: 'Network',
    default: '10.0.0.0/16',
  }),
  text('--vnet-name', 'Name of the virtual network when creating a new one or referencing an existing one.', {
    group: 'Network',
  }),
];

const login: readonly AzOption[] = [
  text('--admin-username', 'Username for the VM.', { group: 'Authentication', default: 'azureuser' }),
  text('--admin-password', 'Password for the VM if authentication type is Password.', {
    group: 'Authentication',
  }),
  choice('--authentication-type', ['ssh', 'password', 'all'], 'Type of authentication to use with the VM.', {
    group: 'Authentication',
  }),
  flag('--generate-ssh-keys', 'Generate SSH public and private key files if missing.', {
    group: 'Authentication',
  }),
  list('--ssh-key-values', 'Space-separated list of SSH public keys or public key file paths.', {
    group: 'Authentication',
  }),
];

/** A machine here has no disks, no host and no agent: its network is what counts. */
const notOurs: readonly AzOption[] = [
  ...refused('a NIC outlives its machine here: delete it after the machine', 'list:--nic-delete-option'),
  ...ignored(
    'a simulated machine has no disks',
    '--os-disk-name',
    '--os-disk-size-gb',
    '--os-disk-caching --storage-caching',
    '--os-disk-delete-option',
    'list:--storage-sku',
    'list:--data-disk-sizes-gb',
    'list:--data-disk-caching',
    'list:--data-disk-delete-option --data-delete-option',
    'boolean:--ephemeral-os-disk',
    '--ephemeral-os-disk-placement --ephemeral-placement',
    '--disk-controller-type',
    'boolean:--ultra-ssd-enabled',
    'boolean:--encryption-at-host',
    'list:--data-disk-encryption-sets',
    '--os-disk-encryption-set',
  ),
  ...ignored(
    'it does not change where packets go',
    'boolean:--accelerated-networking',
    '--priority',
    '--eviction-policy',
    '--max-price',
    '--license-type',
    '--patch-mode',
    'boolean:--enable-agent',
    'boolean:--enable-auto-update',
    'boolean:--enable-hotpatching',
    'boolean:--enable-hibernation',
    'boolean:--enable-secure-boot',
    'boolean:--enable-vtpm',
    'flag:--disable-integrity-monitoring',
    '--security-type',
    '--os-disk-security-encryption-type',
    '--os-disk-secure-vm-disk-encryption-set',
    '--boot-diagnostics-storage',
    'integer:--v-cpus-available',
    'integer:--v-cpus-per-core',
    '--user-data',
    'flag:--accept-term',
    '--ssh-dest-key-path',
    '--platform-fault-domain',
    '--ppg',
    '--availability-set',
    '--os-type',
  ),
  ...refused('managed identities of machines', 'maybe:--assign-identity', '--role', '--scope'),
  ...refused('create the machines one by one', '--count'),
  ...refused('public names in Azure DNS', '--public-ip-address-dns-name'),
  ...refused(
    'machines come from marketplace images only',
    'list:--attach-data-disks',
    '--attach-os-disk',
    'boolean:--specialized',
    '--storage-account',
    '--storage-container-name',
    'flag:--use-unmanaged-disk',
    '--plan-name',
    '--plan-product',
    '--plan-promotion-code',
    '--plan-publisher',
  ),
  ...refused(
    'dedicated hosts and capacity reservations',
    '--host',
    '--host-group',
    '--capacity-reservation-group --crg',
  ),
  ...refused('edge zones', '--edge-zone'),
  ...refused('key vaults', 'list:--secrets'),
  ...refused('SSH key resources', '--ssh-key-name'),
  ...refused('template validation', 'flag:--validate'),
  ...refused('scale sets of your own', '--vmss'),
  ...refused('monitoring', '--workspace'),
];

export const vmCreateCommand: AzCommand = {
  path: ['vm', 'create'],
  summary: 'Create an Azure Virtual Machine.',
  options: [
    text('--name -n', 'Name of the virtual machine.', { required: true }),
    resourceGroup,
    text('--computer-name', 'The host OS name of the virtual machine. Defaults to the name of the VM.'),
    text('--custom-data', 'Custom init script file or text (cloud-init, cloud-config, multi-part, etc..).'),
    text('--image', 'The name of the operating system image as a URN alias or URN.'),
    location,
    noWaitFlag,
    text('--size', 'The VM size to be created.', { default: DEFAULT_SIZE }),
    tags,
    choice('--zone -z', ['1', '2', '3'], 'Availability zone into which to provision the resource.'),
    ...login,
    ...network,
    ...notOurs,
  ],
  examples: [
    {
      does: 'Create a default Ubuntu VM with automatic SSH authentication.',
      line: 'az vm create -n MyVm -g MyResourceGroup --image Ubuntu2204 --generate-ssh-keys',
    },
    {
      does: 'Create a VM in an existing subnet, without a public address.',
      line: 'az vm create -n MyVm -g MyResourceGroup --image Ubuntu2204 --vnet-name MyVnet --subnet MySubnet --public-ip-address "" --generate-ssh-keys',
    },
  ],
  reads: (args) => {
    const customData = optionalText(args, 'customData');
    return [
      ...loginPaths(args),
      ...(customData === undefined || customData.includes('\n') ? [] : [customData]),
    ];
  },
  run: runCreate,
};

function runCreate(cloud: Cloud, args: AzArguments, files: AzFiles): Ran {
  const image = optionalText(args, 'image');
  if (image === undefined) {
    return usageFailure('incorrect usage: --image IMAGE: machines are created from an image here');
  }
  const group = requireResourceGroup(cloud, textArgument(args, 'resourceGroup'));
  if (!group.ok) return refusedByAzure(group.error);
  const place = checkLocation(optionalText(args, 'location') ?? group.value.location, TYPE);
  if (!place.ok) return refusedByAzure(place.error);
  const reference = imageReference(image);
  if (!reference.ok) return reference;
  const name = textArgument(args, 'name');
  const computerName = optionalText(args, 'computerName') ?? name;
  const named = checkVirtualMachineName(name, computerName);
  if (!named.ok) return refusedByAzure(named.error);
  if (args['publicIpSku'] === 'Basic') {
    return refusedByAzure({
      code: 'IPv4BasicSkuPublicIpCountLimitReached',
      message:
        'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
    });
  }
  const script = bootScript(args, files);
  if (!script.ok) return script;
  const who = checkLogin(args, files);
  if (!who.ok) return who;
  const vmSize = optionalText(args, 'size') ?? DEFAULT_SIZE;
  const existing = findResource(cloud, TYPE, group.value.name, name);
  if (existing?.storageProfile.imageReference === reference.value) {
    // The same deployment again changes nothing; another one is not taken for it.
    const other = differs(existing, args);
    if (other !== null) {
      return refusedByAzure(
        notSimulated(`${other} for VM ${name}, which is there already, by creating it again`),
      );
    }
    return ok({ cloud, output: createdJson(cloud, existing), warnings: who.value.warnings });
  }
  const machine = { resourceGroup: group.value.name, name, location: place.value };
  const built = existing === null ? buildNetwork(cloud, machine, args) : ok({ cloud, value: [] });
  if (!built.ok) return built;
  const created = createVirtualMachine(built.value.cloud, {
    ...machine,
    vmSize,
    imageReference: reference.value,
    computerName,
    adminUsername: who.value.adminUsername,
    networkInterfaces: built.value.value,
    ...given({ tags: optionalTags(args), zone: optionalText(args, 'zone') }),
  });
  if (!created.ok) return refusedByAzure(created.error);
  return ok(outcome(created.value, machine, who.value.warnings, script.value));
}

/** What the options ask for that an existing machine is not, or null. */
function differs(vm: VirtualMachine, args: AzArguments): string | null {
  const size = optionalText(args, 'size');
  if (size !== undefined && size.toLowerCase() !== vm.hardwareProfile.vmSize.toLowerCase()) {
    return `The size ${size}`;
  }
  const zone = optionalText(args, 'zone');
  if (zone !== undefined && vm.zones?.[0] !== zone) return `Zone ${zone}`;
  const names = (list: readonly string[]): string =>
    list.map((one) => one.slice(one.lastIndexOf('/') + 1).toLowerCase()).join();
  const nics = optionalList(args, 'nics');
  const own = vm.networkProfile.networkInterfaces.map(({ id }) => id);
  return nics !== undefined && names(nics) !== names(own) ? `Another NIC (${nics.join(', ')})` : null;
}

/** The output, after what cloud-init runs at the first boot. */
function outcome(
  cloud: Cloud,
  machine: { readonly resourceGroup: string; readonly name: string },
  warnings: readonly string[],
  script: string,
): AzOutcome {
  const print = (next: Cloud): AzOutcome => {
    const vm = findResource(next, TYPE, machine.resourceGroup, machine.name);
    return { cloud: next, output: vm === null ? null : createdJson(next, vm), warnings, durationSeconds: 45 };
  };
  const vm = findResource(cloud, TYPE, machine.resourceGroup, machine.name);
  const done = print(cloud);
  if (script === '' || vm === null) return done;
  return {
    ...done,
    // What a boot script prints goes to a log in the machine, not here.
    inside: { place: { kind: 'vm', id: vm.id }, script, then: (_result, next) => print(next) },
  };
}

function bootScript(args: AzArguments, files: AzFiles): ReturnType<typeof customDataScript> {
  const customData = optionalText(args, 'customData');
  if (customData === undefined || customData === '') return ok('');
  return customDataScript((customData.includes('\n') ? null : files.read(customData)) ?? customData);
}

function createdJson(cloud: Cloud, vm: VirtualMachine): Json {
  const addresses = machineAddresses(cloud, vm);
  return {
    fqdns: '',
    id: vm.id,
    location: vm.location,
    macAddress: addresses.macs.join(','),
    powerState: vm.powerState,
    privateIpAddress: addresses.private.join(','),
    publicIpAddress: addresses.public.join(','),
    resourceGroup: vm.resourceGroup,
    zones: vm.zones?.join(',') ?? '',
  };
}
