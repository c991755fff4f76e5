import {
  createNetworkInterface,
  deleteNetworkInterface,
  updateNetworkInterface,
} from '../../model/azure/network-interface.ts';
import { setBackendPools } from '../../model/azure/load-balancer-membership.ts';
import { looksLikeId } from '../../model/azure/resource-store.ts';
import { subnetIdOf } from '../../model/azure/subnet.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption } from './command.ts';
import { networkInterfaceJson } from './network-json.ts';
import { backendPoolIds, backendPoolOptions } from './network-nic-address-pool.ts';
import {
  anyResourceGroup,
  boolean,
  choice,
  genericUpdate,
  groupOfId,
  list,
  location,
  nameOfId,
  noWaitFlag,
  refused,
  resourceGroup,
  tags,
  text,
  waitConditions,
} from './option.ts';
import {
  changed,
  given,
  optionalBoolean,
  optionalList,
  optionalTags,
  optionalText,
  textArgument,
} from './outcome.ts';
import { idsOfNamesOrIds, optionalIdOf } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/networkInterfaces'> = {
  type: 'Microsoft.Network/networkInterfaces',
  path: ['network', 'nic'],
  json: networkInterfaceJson,
};

const NSG = 'Microsoft.Network/networkSecurityGroups';
const ASG = 'Microsoft.Network/applicationSecurityGroups';
const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';

const name = nameOfId('--name -n', 'The name of the network interface (NIC).');
const ipForwarding = boolean('--ip-forwarding', 'Enable IP forwarding.');
const accelerated = boolean('--accelerated-networking', 'Enable accelerated networking.', {
  noEffect: 'it changes speed, not where packets go',
});

/** Options of NICs and of their IP configurations that need resources we do not have. */
export const unmodelledOfIpConfiguration: readonly AzOption[] = [
  ...refused('application gateways', 'list:--app-gateway-address-pools', '--gateway-name'),
];

/** What NICs and their IP configurations take for the groups that they are in. */
export const groupsOfIpConfiguration: AzOption = list(
  '--application-security-groups --asgs',
  'Space-separated list of application security groups.',
);

/** Returns the ids of `--application-security-groups`; undefined where the option is not given. */
export function applicationSecurityGroupIds(cloud: Cloud, args: AzArguments): readonly string[] | undefined {
  const named = optionalList(args, 'applicationSecurityGroups');
  return named === undefined
    ? undefined
    : idsOfNamesOrIds(cloud, named, textArgument(args, 'resourceGroup'), ASG);
}

export const addressVersion = choice(
  '--private-ip-address-version',
  ['IPv4', 'IPv6'],
  'The private IP address version to use.',
  { default: 'IPv4' },
);

/** Returns the subnet's id from `--subnet` (name or id) and `--vnet-name`. */
export function subnetOf(cloud: Cloud, args: AzArguments): Result<string | undefined, AzFailure> {
  const subnet = optionalText(args, 'subnet');
  if (subnet === undefined || looksLikeId(subnet)) return ok(subnet);
  const virtualNetwork = optionalText(args, 'vnetName');
  if (virtualNetwork === undefined) {
    return err({
      kind: 'usage',
      message: 'incorrect usage: --subnet ID | --subnet NAME --vnet-name NAME',
      exitCode: 1,
    });
  }
  return ok(
    subnetIdOf(cloud, { resourceGroup: textArgument(args, 'resourceGroup'), virtualNetwork, name: subnet }),
  );
}

export function refuseIpv6(args: AzArguments): AzFailure | null {
  if (args['privateIpAddressVersion'] !== 'IPv6') return null;
  return {
    kind: 'azure',
    code: 'NotSimulated',
    message: 'IPv6 addresses are not simulated in this workbook. Real Azure may accept it.',
  };
}

export const networkInterfaceCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nic', 'create'],
    summary: 'Create a network interface.',
    options: [
      text('--name -n', 'The name of the network interface (NIC).', { required: true }),
      resourceGroup,
      text('--subnet', 'Name or ID of an existing subnet. If name specified, also specify --vnet-name.', {
        required: true,
      }),
      text(
        '--vnet-name',
        'The virtual network (VNet) associated with the subnet (Omit if supplying a subnet id).',
      ),
      accelerated,
      ipForwarding,
      location,
      text('--network-security-group', 'Name or ID of an existing network security group.'),
      noWaitFlag,
      text('--private-ip-address', 'Static private IP address.'),
      addressVersion,
      text('--public-ip-address', 'Name or ID of an existing public IP address.'),
      tags,
      ...backendPoolOptions,
      groupsOfIpConfiguration,
      ...unmodelledOfIpConfiguration,
      ...refused('DNS settings of a NIC', 'list:--dns-servers', '--internal-dns-name'),
      ...refused('edge zones', '--edge-zone'),
    ],
    examples: [
      {
        does: 'Create a network interface for a specified subnet on a specified virtual network.',
        line: 'az network nic create -g MyResourceGroup --vnet-name MyVnet --subnet MySubnet -n MyNic',
      },
    ],
    run: (cloud, args) => {
      const ipv6 = refuseIpv6(args);
      if (ipv6 !== null) return err(ipv6);
      const subnet = subnetOf(cloud, args);
      if (!subnet.ok) return subnet;
      const group = textArgument(args, 'resourceGroup');
      const pools = backendPoolIds(cloud, args);
      if (!pools.ok) return pools;
      const created = createNetworkInterface(cloud, {
        resourceGroup: group,
        name: textArgument(args, 'name'),
        ipConfiguration: {
          name: 'ipconfig1',
          subnetId: subnet.value ?? '',
          ...given({
            privateIPAddress: optionalText(args, 'privateIpAddress'),
            publicIPAddressId: optionalIdOf(cloud, optionalText(args, 'publicIpAddress'), group, PUBLIC_IP),
            applicationSecurityGroupIds: applicationSecurityGroupIds(cloud, args),
          }),
        },
        ...given({
          location: optionalText(args, 'location'),
          networkSecurityGroupId: optionalIdOf(cloud, optionalText(args, 'networkSecurityGroup'), group, NSG),
          enableIPForwarding: optionalBoolean(args, 'ipForwarding'),
          tags: optionalTags(args),
        }),
      });
      const name = { resourceGroup: group, networkInterface: textArgument(args, 'name'), name: 'ipconfig1' };
      return changed(
        created.ok && pools.value !== undefined ? setBackendPools(created.value, name, pools.value) : created,
        (next) => ({ NewNIC: printNamed(kind, next, args) }),
        3,
      );
    },
  },
  {
    path: ['network', 'nic', 'update'],
    summary: 'Update a network interface.',
    options: [
      groupOfId,
      name,
      accelerated,
      ipForwarding,
      text('--network-security-group', "Name or ID of an existing network security group. '' detaches."),
      noWaitFlag,
      ...refused('DNS settings of a NIC', 'list:--dns-servers', '--internal-dns-name'),
      ...genericUpdate,
    ],
    examples: [
      {
        does: 'Let a NIC pass on packets for other addresses.',
        line: 'az network nic update -g MyResourceGroup -n MyNic --ip-forwarding true',
      },
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['enableIPForwarding', 'networkSecurityGroup', 'tags'],
        durationSeconds: 3,
        change: (nic, edited) => {
          const setNsg =
            edited.value('networkSecurityGroup') === null ? null : edited.text('networkSecurityGroup.id');
          const givenNsg = optionalIdOf(
            cloud,
            optionalText(args, 'networkSecurityGroup'),
            nic.resourceGroup,
            NSG,
          );
          return updateNetworkInterface(cloud, nic.resourceGroup, nic.name, {
            ...given({
              networkSecurityGroupId: givenNsg === undefined ? setNsg : givenNsg,
              enableIPForwarding:
                optionalBoolean(args, 'ipForwarding') ?? edited.boolean('enableIPForwarding'),
              tags: edited.tags('tags'),
            }),
          });
        },
      }),
  },
  showCommand(kind, { summary: 'Get the details of a network interface.', options: [groupOfId, name] }),
  listCommand(kind, { summary: 'List network interfaces.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete a network interface.', options: [groupOfId, name, noWaitFlag] },
    deleteNetworkInterface,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition of the network interface is met.',
    options: [groupOfId, name, ...waitConditions],
  }),
];
