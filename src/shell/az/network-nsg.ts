import {
  createNetworkSecurityGroup,
  deleteNetworkSecurityGroup,
  updateNetworkSecurityGroup,
} from '../../model/azure/network-security-group.ts';
import type { AzCommand } from './command.ts';
import { networkSecurityGroupJson } from './network-json.ts';
import {
  anyResourceGroup,
  expand,
  genericUpdate,
  groupOfId,
  location,
  nameOfId,
  noWait,
  resourceGroup,
  tags,
  text,
  waitConditions,
} from './option.ts';
import { changed, given, optionalTags, optionalText, textArgument } from './outcome.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/networkSecurityGroups'> = {
  type: 'Microsoft.Network/networkSecurityGroups',
  path: ['network', 'nsg'],
  json: networkSecurityGroupJson,
};

const name = nameOfId('--name -n', 'Name of the network security group.');

export const networkSecurityGroupCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nsg', 'create'],
    summary: 'Create a network security group.',
    options: [
      text('--name -n', 'Name of the network security group.', { required: true }),
      resourceGroup,
      location,
      noWait,
      tags,
    ],
    examples: [
      {
        does: 'Create an NSG in a resource group within a region with tags.',
        line: 'az network nsg create -g MyResourceGroup -n MyNsg --tags owner=network stage=test',
      },
    ],
    run: (cloud, args) =>
      changed(
        createNetworkSecurityGroup(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({ location: optionalText(args, 'location'), tags: optionalTags(args) }),
        }),
        (next) => ({ NewNSG: printNamed(kind, next, args) }),
        4,
      ),
  },
  {
    path: ['network', 'nsg', 'update'],
    summary: 'Update a network security group.',
    options: [
      groupOfId,
      name,
      { ...location, notSimulated: 'a network security group cannot move to another region' },
      noWait,
      tags,
      ...genericUpdate,
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['tags'],
        durationSeconds: 4,
        change: (group, edited) =>
          updateNetworkSecurityGroup(cloud, group.resourceGroup, group.name, {
            ...given({ tags: optionalTags(args) ?? edited.tags('tags') }),
          }),
      }),
  },
  showCommand(kind, {
    summary: 'Get information about a network security group.',
    options: [groupOfId, name, expand],
  }),
  listCommand(kind, { summary: 'List network security groups.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete a network security group.', options: [groupOfId, name, noWait] },
    deleteNetworkSecurityGroup,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
];
