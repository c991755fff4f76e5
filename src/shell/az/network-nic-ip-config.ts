import {
  createIpConfiguration,
  deleteIpConfiguration,
  requireIpConfiguration,
  setApplicationSecurityGroups,
  updateIpConfiguration,
} from '../../model/azure/ip-configuration.ts';
import type { IpConfigurationName } from '../../model/azure/ip-configuration.ts';
import type { AzureError } from '../../model/azure/error.ts';
import { setBackendPools } from '../../model/azure/load-balancer-membership.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import type { Edited } from './generic-update.ts';
import { ipConfigurationJson } from './network-json.ts';
import { backendPoolIds, backendPoolOptions, nicAddressPoolCommands } from './network-nic-address-pool.ts';
import {
  addressVersion,
  applicationSecurityGroupIds,
  groupsOfIpConfiguration,
  refuseIpv6,
  subnetOf,
  unmodelledOfIpConfiguration,
} from './network-nic.ts';
import { flag, genericUpdate, groupOfId, nameOfId, noWaitFlag, resourceGroup, text } from './option.ts';
import { changed, given, optionalText, refusedByAzure, shown, textArgument } from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';
import { optionalIdOf } from './references.ts';

const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';
const nicName = nameOfId('--nic-name', 'The network interface (NIC).');
const name = nameOfId('--name -n', 'The name of the IP configuration.', 'child-name');

const makePrimary = flag('--make-primary', 'Set to make this configuration the primary one for the NIC.', {
  notSimulated: 'the first configuration of a NIC stays the primary one',
});

function named(args: AzArguments): IpConfigurationName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    networkInterface: textArgument(args, 'nicName'),
    name: textArgument(args, 'name'),
  };
}

function print(cloud: Cloud, args: AzArguments): Json {
  const found = requireIpConfiguration(cloud, named(args));
  return found.ok
    ? ipConfigurationJson(found.value.ipConfiguration, found.value.networkInterface.etag)
    : null;
}

/** The cloud in which the configuration is in the pools that the options name, if they name any. */
function intoPools(
  result: Result<Cloud, AzureError>,
  args: AzArguments,
  pools: readonly string[] | undefined,
): Result<Cloud, AzureError> {
  return result.ok && pools !== undefined ? setBackendPools(result.value, named(args), pools) : result;
}

/** What `--set`, `--add` and `--remove` made of the list of groups; undefined where they left it. */
function editedGroups(edit: Edited): readonly string[] | undefined {
  const value = edit.value('applicationSecurityGroups');
  if (value === undefined) return undefined;
  return isList(value) ? value.map((one) => plainText(isObject(one) ? one['id'] : one)) : [];
}

export const ipConfigurationCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nic', 'ip-config', 'create'],
    summary: 'Create an IP configuration.',
    options: [
      text('--name -n', 'The name of the IP configuration.', { required: true }),
      text('--nic-name', 'The network interface (NIC).', { required: true }),
      resourceGroup,
      makePrimary,
      text('--private-ip-address', 'Static private IP address.'),
      addressVersion,
      text('--public-ip-address', 'Name or ID of the public IP to use.'),
      text('--subnet', 'Name or ID of an existing subnet. If name is specified, also specify --vnet-name.'),
      text('--vnet-name', 'Name of the virtual network.'),
      ...backendPoolOptions,
      groupsOfIpConfiguration,
      ...unmodelledOfIpConfiguration,
    ],
    run: (cloud, args) => {
      const ipv6 = refuseIpv6(args);
      if (ipv6 !== null) return err(ipv6);
      const { resourceGroup: group, networkInterface } = named(args);
      const nic = requireResource(cloud, 'Microsoft.Network/networkInterfaces', group, networkInterface);
      if (!nic.ok) return refusedByAzure(nic.error);
      const subnet = subnetOf(cloud, args);
      if (!subnet.ok) return subnet;
      const pools = backendPoolIds(cloud, args);
      if (!pools.ok) return pools;
      return changed(
        intoPools(
          createIpConfiguration(cloud, named(args), {
            name: textArgument(args, 'name'),
            // Without a subnet, azure-cli takes the one of the first configuration.
            subnetId: subnet.value ?? nic.value.ipConfigurations[0]?.subnet.id ?? '',
            ...given({
              privateIPAddress: optionalText(args, 'privateIpAddress'),
              publicIPAddressId: optionalIdOf(cloud, optionalText(args, 'publicIpAddress'), group, PUBLIC_IP),
              applicationSecurityGroupIds: applicationSecurityGroupIds(cloud, args),
            }),
          }),
          args,
          pools.value,
        ),
        (next) => print(next, args),
        3,
      );
    },
  },
  {
    path: ['network', 'nic', 'ip-config', 'update'],
    summary: 'Update an IP configuration.',
    options: [
      groupOfId,
      nicName,
      name,
      makePrimary,
      text('--private-ip-address', "Static private IP address. '' goes back to a dynamic one."),
      addressVersion,
      text('--public-ip-address', "Name or ID of the public IP to use. '' detaches."),
      text('--subnet', 'Name or ID of an existing subnet. If name is specified, also specify --vnet-name.'),
      text('--vnet-name', 'Name of the virtual network.'),
      noWaitFlag,
      ...backendPoolOptions,
      groupsOfIpConfiguration,
      ...unmodelledOfIpConfiguration,
      ...genericUpdate,
    ],
    run: (cloud, args) => {
      const ipv6 = refuseIpv6(args);
      if (ipv6 !== null) return err(ipv6);
      const found = requireIpConfiguration(cloud, named(args));
      if (!found.ok) return refusedByAzure(found.error);
      const { ipConfiguration, networkInterface } = found.value;
      const edited = editResource(ipConfigurationJson(ipConfiguration, networkInterface.etag), args, [
        { path: 'privateIPAddress', removable: true },
        { path: 'privateIPAllocationMethod', values: ['Dynamic', 'Static'] },
        'publicIPAddress',
        'applicationSecurityGroups',
      ]);
      if (!edited.ok) return edited;
      const subnet = subnetOf(cloud, args);
      if (!subnet.ok) return subnet;
      const edit = edited.value;
      const method = edit.text('privateIPAllocationMethod');
      const address = optionalText(args, 'privateIpAddress') ?? edit.text('privateIPAddress');
      const setPublic = edit.value('publicIPAddress') === null ? null : edit.text('publicIPAddress.id');
      const publicId = optionalIdOf(
        cloud,
        optionalText(args, 'publicIpAddress'),
        networkInterface.resourceGroup,
        PUBLIC_IP,
      );
      const pools = backendPoolIds(cloud, args);
      if (!pools.ok) return pools;
      const updated = updateIpConfiguration(cloud, named(args), {
        ...given({
          subnetId: subnet.value,
          privateIPAddress:
            address === '' || method === 'Dynamic'
              ? null
              : (address ?? (method === 'Static' ? ipConfiguration.privateIPAddress : undefined)),
          publicIPAddressId: publicId === undefined ? setPublic : publicId,
          applicationSecurityGroupIds: editedGroups(edit),
        }),
      });
      const groups = applicationSecurityGroupIds(cloud, args);
      // azure-cli puts all configurations of the NIC into the groups, since Azure wants them alike.
      const grouped =
        updated.ok && groups !== undefined
          ? setApplicationSecurityGroups(updated.value, named(args), groups)
          : updated;
      return changed(intoPools(grouped, args, pools.value), (next) => print(next, args), 3);
    },
  },
  {
    path: ['network', 'nic', 'ip-config', 'show'],
    summary: 'Show the details of an IP configuration.',
    options: [groupOfId, nicName, name],
    run: (cloud, args) =>
      shown(cloud, requireIpConfiguration(cloud, named(args)), ({ ipConfiguration, networkInterface }) =>
        ipConfigurationJson(ipConfiguration, networkInterface.etag),
      ),
  },
  {
    path: ['network', 'nic', 'ip-config', 'list'],
    summary: 'List the IP configurations of a NIC.',
    options: [resourceGroup, text('--nic-name', 'The network interface (NIC).', { required: true })],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(
          cloud,
          'Microsoft.Network/networkInterfaces',
          textArgument(args, 'resourceGroup'),
          textArgument(args, 'nicName'),
        ),
        (nic) => nic.ipConfigurations.map((one) => ipConfigurationJson(one, nic.etag)),
      ),
  },
  {
    path: ['network', 'nic', 'ip-config', 'delete'],
    summary: 'Delete an IP configuration.',
    options: [groupOfId, nicName, name],
    run: (cloud, args) => changed(deleteIpConfiguration(cloud, named(args)), undefined, 3),
  },
  ...nicAddressPoolCommands,
];
