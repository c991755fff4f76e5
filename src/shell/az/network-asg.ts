import {
  createApplicationSecurityGroup,
  deleteApplicationSecurityGroup,
  updateApplicationSecurityGroup,
} from '../../model/azure/application-security-group.ts';
import type { AzCommand } from './command.ts';
import { applicationSecurityGroupJson } from './network-json.ts';
import {
  anyResourceGroup,
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

const kind: ResourceKind<'Microsoft.Network/applicationSecurityGroups'> = {
  type: 'Microsoft.Network/applicationSecurityGroups',
  path: ['network', 'asg'],
  json: applicationSecurityGroupJson,
};

const name = nameOfId('--name -n', 'The name of the application security group.');

export const applicationSecurityGroupCommands: readonly AzCommand[] = [
  {
    path: ['network', 'asg', 'create'],
    summary: 'Create an application security group.',
    options: [
      text('--name -n', 'Name of the new application security group resource.', { required: true }),
      resourceGroup,
      location,
      noWait,
      tags,
    ],
    examples: [
      {
        does: 'Create an application security group.',
        line: 'az network asg create -g MyResourceGroup -n MyAsg --tags Tier=Web CostCenter=Marketing',
      },
    ],
    run: (cloud, args) =>
      changed(
        createApplicationSecurityGroup(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({ location: optionalText(args, 'location'), tags: optionalTags(args) }),
        }),
        (next) => printNamed(kind, next, args),
        3,
      ),
  },
  {
    path: ['network', 'asg', 'update'],
    summary: 'Update an application security group.',
    options: [
      groupOfId,
      name,
      { ...location, notSimulated: 'an application security group cannot move to another region' },
      noWait,
      tags,
      ...genericUpdate,
    ],
    examples: [
      {
        does: 'Update an application security group with a modified tag value.',
        line: 'az network asg update -g MyResourceGroup -n MyAsg --set tags.CostCenter=MyBusinessGroup',
      },
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['tags'],
        durationSeconds: 3,
        change: (group, edited) =>
          updateApplicationSecurityGroup(cloud, group.resourceGroup, group.name, {
            ...given({ tags: optionalTags(args) ?? edited.tags('tags') }),
          }),
      }),
  },
  showCommand(kind, {
    summary: 'Get details of an application security group.',
    options: [groupOfId, name],
  }),
  listCommand(kind, { summary: 'List all application security groups.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete an application security group.', options: [groupOfId, name, noWait] },
    deleteApplicationSecurityGroup,
    5,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, ...waitConditions],
  }),
];
