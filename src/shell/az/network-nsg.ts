import {
  createNetworkSecurityGroup,
  deleteNetworkSecurityGroup,
  updateNetworkSecurityGroup,
} from '../../model/azure/network-security-group.ts';
import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import { findResource, listResources, requireResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { editResource } from './generic-update.ts';
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
import {
  changed,
  given,
  optionalTags,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
} from './outcome.ts';
import { waitFor } from './wait.ts';

const TYPE = 'Microsoft.Network/networkSecurityGroups';
const name = nameOfId('--name -n', 'Name of the network security group.');

function print(cloud: Cloud, args: AzArguments): Json {
  const group = findResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  return group === null ? null : networkSecurityGroupJson(cloud, group);
}

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
        (next) => ({ NewNSG: print(next, args) }),
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
    run: (cloud, args) => {
      const found = requireResource(
        cloud,
        TYPE,
        textArgument(args, 'resourceGroup'),
        textArgument(args, 'name'),
      );
      if (!found.ok) return refusedByAzure(found.error);
      const edited = editResource(networkSecurityGroupJson(cloud, found.value), args, ['tags']);
      if (!edited.ok) return edited;
      return changed(
        updateNetworkSecurityGroup(cloud, found.value.resourceGroup, found.value.name, {
          ...given({ tags: optionalTags(args) ?? edited.value.tags('tags') }),
        }),
        (next) => print(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'nsg', 'show'],
    summary: 'Get information about a network security group.',
    options: [groupOfId, name, expand],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        (group) => networkSecurityGroupJson(cloud, group),
      ),
  },
  {
    path: ['network', 'nsg', 'list'],
    summary: 'List network security groups.',
    options: [anyResourceGroup],
    run: (cloud, args) => {
      const group = optionalText(args, 'resourceGroup');
      if (group !== undefined) {
        const found = requireResourceGroup(cloud, group);
        if (!found.ok) return refusedByAzure(found.error);
      }
      return ok({
        cloud,
        output: listResources(cloud, TYPE, group).map((one) => networkSecurityGroupJson(cloud, one)),
      });
    },
  },
  {
    path: ['network', 'nsg', 'delete'],
    summary: 'Delete a network security group.',
    options: [groupOfId, name, noWait],
    run: (cloud, args) =>
      changed(
        deleteNetworkSecurityGroup(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        undefined,
        10,
      ),
  },
  {
    path: ['network', 'nsg', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, print(cloud, args)),
  },
];
