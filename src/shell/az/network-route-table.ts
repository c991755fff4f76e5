import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import { findResource, listResources, requireResource } from '../../model/azure/resource-store.ts';
import { createRouteTable, deleteRouteTable, updateRouteTable } from '../../model/azure/route-table.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { editResource } from './generic-update.ts';
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
import {
  changed,
  given,
  optionalBoolean,
  optionalTags,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
} from './outcome.ts';
import { waitFor } from './wait.ts';

const TYPE = 'Microsoft.Network/routeTables';

const name = nameOfId('--name -n', 'Name of a route table.');
const disableBgp = boolean('--disable-bgp-route-propagation', 'Disable routes learned by BGP.');

function printTable(cloud: Cloud, args: AzArguments): Json {
  const table = findResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  return table === null ? null : routeTableJson(cloud, table);
}

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
        (next) => printTable(next, args),
        4,
      ),
  },
  {
    path: ['network', 'route-table', 'update'],
    summary: 'Update a route table.',
    options: [groupOfId, name, disableBgp, noWait, tags, ...genericUpdate],
    run: (cloud, args) => {
      const found = requireResource(
        cloud,
        TYPE,
        textArgument(args, 'resourceGroup'),
        textArgument(args, 'name'),
      );
      if (!found.ok) return refusedByAzure(found.error);
      const edited = editResource(routeTableJson(cloud, found.value), args, [
        'disableBgpRoutePropagation',
        'tags',
      ]);
      if (!edited.ok) return edited;
      return changed(
        updateRouteTable(cloud, found.value.resourceGroup, found.value.name, {
          ...given({
            disableBgpRoutePropagation:
              optionalBoolean(args, 'disableBgpRoutePropagation') ??
              edited.value.boolean('disableBgpRoutePropagation'),
            tags: optionalTags(args) ?? edited.value.tags('tags'),
          }),
        }),
        (next) => printTable(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'route-table', 'show'],
    summary: 'Get the details of a route table.',
    options: [groupOfId, name, expand],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        (table) => routeTableJson(cloud, table),
      ),
  },
  {
    path: ['network', 'route-table', 'list'],
    summary: 'List route tables.',
    options: [anyResourceGroup],
    run: (cloud, args) => {
      const group = optionalText(args, 'resourceGroup');
      if (group !== undefined) {
        const found = requireResourceGroup(cloud, group);
        if (!found.ok) return refusedByAzure(found.error);
      }
      return ok({
        cloud,
        output: listResources(cloud, TYPE, group).map((table) => routeTableJson(cloud, table)),
      });
    },
  },
  {
    path: ['network', 'route-table', 'delete'],
    summary: 'Delete a route table.',
    options: [groupOfId, name, noWait],
    run: (cloud, args) =>
      changed(
        deleteRouteTable(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        undefined,
        10,
      ),
  },
  {
    path: ['network', 'route-table', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, printTable(cloud, args)),
  },
];
