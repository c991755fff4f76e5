import type { AzureError } from '../../model/azure/error.ts';
import { updateNetworkInterface } from '../../model/azure/network-interface.ts';
import { createNetworkSecurityGroup } from '../../model/azure/network-security-group.ts';
import {
  armKey,
  getResource,
  listResources,
  requireResource,
  resourceId,
  sameId,
} from '../../model/azure/resource-store.ts';
import type { NetworkInterface, VirtualMachine } from '../../model/azure/resources.ts';
import { SECURITY_RULE_DEFAULTS, createSecurityRule } from '../../model/azure/security-rule.ts';
import { updateSubnet } from '../../model/azure/subnet.ts';
import { virtualMachineInterfaces } from '../../model/azure/virtual-machine.ts';
import { drawGuid } from '../../model/chance.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand } from './command.ts';
import { networkSecurityGroupJson } from './network-json.ts';
import { flag, groupOfId, integer, nameOfId, text } from './option.ts';
import {
  changed,
  optionalNumber,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';

const GROUP = 'Microsoft.Network/networkSecurityGroups';

export const openPortCommand: AzCommand = {
  path: ['vm', 'open-port'],
  summary: 'Opens a VM to inbound traffic on specified ports.',
  options: [
    groupOfId,
    nameOfId('--name -n', 'The name of the Virtual Machine to open inbound traffic on.'),
    text(
      '--port',
      'The port or port range (ex. 80-100) to open inbound traffic to. Use `*` to allow traffic to all ports. Use comma separated values to specify more than one port or port range.',
      {
        required: true,
      },
    ),
    integer('--priority', 'Rule priority, between 100 (highest priority) and 4096 (lowest priority).', {
      default: '900',
    }),
    flag('--apply-to-subnet', 'Allow inbound traffic on the subnet instead of the NIC.'),
    text(
      '--nsg-name',
      'The name of the network security group to create if one does not exist. Ignored if an NSG already exists.',
    ),
  ],
  run: openPort,
};

/** The rule goes into the group of the NIC, or of its subnet; where there is none, one is made and attached. */
function openPort(cloud: Cloud, args: AzArguments): Ran {
  const found = requireResource(
    cloud,
    'Microsoft.Compute/virtualMachines',
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'name'),
  );
  if (!found.ok) return refusedByAzure(found.error);
  const vm = found.value;
  const [nic, ...more] = virtualMachineInterfaces(cloud, vm);
  if (nic === undefined) return usageFailure(`No NIC associated with VM '${vm.name}'`);
  if (more.length > 0) {
    return usageFailure('Multiple NICs is not supported for this command. Create rules on the NSG directly.');
  }
  const place = args['applyToSubnet'] === true ? subnetPlace(cloud, nic) : nicPlace(nic);
  const ready =
    place.group === null
      ? newGroup(cloud, place, vm, optionalText(args, 'nsgName'))
      : ok({ cloud, id: place.group });
  if (!ready.ok) return refusedByAzure(ready.error);
  const { id } = ready.value;
  const group = getResource(ready.value.cloud, id, GROUP);
  if (group === null) throw new Error(`the network security group ${id} is attached and does not exist`);
  const port = textArgument(args, 'port');
  const ruleName = `open-port-${port === '*' ? 'all' : port.replaceAll(',', '_')}`;
  return changed(
    createSecurityRule(
      ready.value.cloud,
      { resourceGroup: group.resourceGroup, networkSecurityGroup: group.name, name: ruleName },
      {
        ...SECURITY_RULE_DEFAULTS,
        priority: optionalNumber(args, 'priority') ?? 900,
        destinationPortRanges: port.split(',').map((one) => one.trim()),
      },
    ),
    (next) => {
      const after = getResource(next, id, GROUP);
      return after === null ? null : networkSecurityGroupJson(next, after);
    },
    5,
  );
}

/** Where a group is attached, or would be. */
interface Place {
  readonly group: string | null;
  readonly attach: (cloud: Cloud, id: string) => Result<Cloud, AzureError>;
}

function nicPlace(nic: NetworkInterface): Place {
  return {
    group: nic.networkSecurityGroup?.id ?? null,
    attach: (cloud, id) =>
      updateNetworkInterface(cloud, nic.resourceGroup, nic.name, { networkSecurityGroupId: id }),
  };
}

function subnetPlace(cloud: Cloud, nic: NetworkInterface): Place {
  const wanted = nic.ipConfigurations[0]?.subnet.id ?? '';
  for (const vnet of listResources(cloud, 'Microsoft.Network/virtualNetworks')) {
    const subnet = vnet.subnets.find((one) => sameId(one.id, wanted));
    if (subnet === undefined) continue;
    return {
      group: subnet.networkSecurityGroup?.id ?? null,
      attach: (next, id) =>
        updateSubnet(
          next,
          { resourceGroup: vnet.resourceGroup, virtualNetwork: vnet.name, name: subnet.name },
          { networkSecurityGroup: id },
        ),
    };
  }
  throw new Error(`the subnet ${wanted} of a NIC does not exist`);
}

function newGroup(
  cloud: Cloud,
  place: Place,
  vm: VirtualMachine,
  wanted: string | undefined,
): Result<{ readonly cloud: Cloud; readonly id: string }, AzureError> {
  const digits = drawGuid({ seed: cloud.seed, pins: {} }, `open-port-group/${armKey(vm.id)}`).slice(0, 8);
  const name = wanted ?? `${vm.name}_NSG_${digits}`;
  const made = createNetworkSecurityGroup(cloud, {
    resourceGroup: vm.resourceGroup,
    name,
    location: vm.location,
  });
  if (!made.ok) return made;
  const id = resourceId(cloud, vm.resourceGroup, GROUP, name);
  const attached = place.attach(made.value, id);
  return attached.ok ? ok({ cloud: attached.value, id }) : attached;
}
