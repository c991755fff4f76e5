import { createRouteTable, deleteRouteTable, updateRouteTable } from '../../model/azure/route-table.ts';
import type { AzCommand } from './command.ts';
import { routeTableJson } from './network-json.ts';
import {
  anyResourceGroup,
  boolean,
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
import { changed, given, optionalBoolean, optionalTags, optionalText, textArgument } from './outcome.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/routeTables'> = {
  type: 'Microsoft.Network/routeTables',
  path: ['network', 'route-table'],
  json: routeTableJson,
};

const name = nameOfId('--name -n', 'Name of a route table.');
const disableBgp = boolean('--disable-bgp-route-propagation', 'Disable routes learned by BGP.');

export const routeTableCommands: readonly AzCommand[] = [
  {
    path: ['network', 'route-table', 'create'],
    summary: 'Create a route table.',
    options: [
      text('--name -n', 'Name of a route table.', { required: true }),
      resourceGroup,
      disableBgp,
      location,
      noWait,
      tags,
    ],
    examples: [
      {
        does: 'Create a route table.',
        line: 'az network route-table create -g MyResourceGroup -n MyRouteTable',
      },
    ],
    run: (cloud, args) =>
      changed(
        createRouteTable(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            disableBgpRoutePropagation: optionalBoolean(args, 'disableBgpRoutePropagation'),
            tags: optionalTags(args),
          }),
        }),
        (next) => printNamed(kind, next, args),
        4,
      ),
  },
  {
    path: ['network', 'route-table', 'update'],
    summary: 'Update a route table.',
    options: [groupOfId, name, disableBgp, noWait, tags, ...genericUpdate],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['disableBgpRoutePropagation', 'tags'],
        durationSeconds: 4,
        change: (table, edited) =>
          updateRouteTable(cloud, table.resourceGroup, table.name, {
            ...given({
              disableBgpRoutePropagation:
                optionalBoolean(args, 'disableBgpRoutePropagation') ??
                edited.boolean('disableBgpRoutePropagation'),
              tags: optionalTags(args) ?? edited.tags('tags'),
            }),
          }),
      }),
  },
  showCommand(kind, { summary: 'Get the details of a route table.', options: [groupOfId, name, expand] }),
  listCommand(kind, { summary: 'List route tables.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete a route table.', options: [groupOfId, name, noWait] },
    deleteRouteTable,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
];
