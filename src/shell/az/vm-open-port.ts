import { azureError } from '../../model/azure/error.ts';
import { getResource, listResources, requireResource } from '../../model/azure/resource-store.ts';
import { SECURITY_RULE_DEFAULTS, createSecurityRule } from '../../model/azure/security-rule.ts';
import { virtualMachineInterfaces } from '../../model/azure/virtual-machine.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err } from '../../model/result.ts';
import type { AzArguments, AzCommand } from './command.ts';
import { networkSecurityGroupJson } from './network-json.ts';
import { flag, groupOfId, integer, nameOfId, text } from './option.ts';
import { changed, optionalNumber, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';

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
    text('--nsg-name', 'The name of the network security group to create if one does not exist.', {
      notSimulated: 'attach a group with az network nic update first',
    }),
  ],
  run: openPort,
};

/** The rule goes into the NIC's group, or the subnet's; azure-cli would make a group if there is none. */
function openPort(cloud: Cloud, args: AzArguments): Ran {
  const found = requireResource(
    cloud,
    'Microsoft.Compute/virtualMachines',
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'name'),
  );
  if (!found.ok) return refusedByAzure(found.error);
  const [nic] = virtualMachineInterfaces(cloud, found.value);
  if (nic === undefined) return usageFailure(`No NIC associated with VM '${found.value.name}'`);
  const [configuration] = nic.ipConfigurations;
  const subnet = listResources(cloud, 'Microsoft.Network/virtualNetworks')
    .flatMap((vnet) => vnet.subnets)
    .find((one) => one.id.toLowerCase() === configuration?.subnet.id.toLowerCase());
  const id = args['applyToSubnet'] === true ? subnet?.networkSecurityGroup?.id : nic.networkSecurityGroup?.id;
  const group = id === undefined ? null : getResource(cloud, id, 'Microsoft.Network/networkSecurityGroups');
  if (group === null) {
    return err({
      kind: 'azure',
      ...azureError(
        'NotSimulated',
        'az vm open-port on a machine without a network security group is not simulated in this workbook. Create one with az network nsg create and attach it.',
      ),
    });
  }
  const port = textArgument(args, 'port');
  const ruleName = `open-port-${port === '*' ? 'all' : port.replaceAll(',', '-')}`;
  return changed(
    createSecurityRule(
      cloud,
      { resourceGroup: group.resourceGroup, networkSecurityGroup: group.name, name: ruleName },
      {
        ...SECURITY_RULE_DEFAULTS,
        priority: optionalNumber(args, 'priority') ?? 900,
        destinationPortRanges: port.split(',').map((one) => one.trim()),
      },
    ),
    (next) => {
      const after = getResource(next, group.id, 'Microsoft.Network/networkSecurityGroups');
      return after === null ? null : networkSecurityGroupJson(next, after);
    },
    5,
  );
}
