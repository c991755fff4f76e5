import type { RouteNextHopType } from '../../model/azure/resources.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import { createRoute, deleteRoute, requireRoute, updateRoute } from '../../model/azure/route-table.ts';
import type { RouteName } from '../../model/azure/route-table.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import { routeJson } from './network-json.ts';
import {
  choice,
  genericUpdate,
  groupOfId,
  nameOfId,
  noWait,
  resourceGroup,
  text,
  waitConditions,
} from './option.ts';
import { changed, given, optionalText, refusedByAzure, shown, textArgument } from './outcome.ts';
import { waitFor } from './wait.ts';

const TYPE = 'Microsoft.Network/routeTables';
const NEXT_HOP_TYPES: readonly RouteNextHopType[] = [
  'Internet',
  'None',
  'VirtualAppliance',
  'VirtualNetworkGateway',
  'VnetLocal',
];

const routeTableName = nameOfId('--route-table-name', 'Route table name.');
const routeName = nameOfId('--name -n', 'Route name.', 'child-name');
const addressPrefix = text(
  '--address-prefix',
  'The destination CIDR to which the route applies, or a service tag.',
);
const nextHopIp = text(
  '--next-hop-ip-address',
  'The IP address packets should be forwarded to when using the VirtualAppliance hop type.',
);
const nextHopType: AzOption = choice(
  '--next-hop-type',
  NEXT_HOP_TYPES,
  'The type of Azure hop the packet should be sent to.',
);

function namedRoute(args: AzArguments): RouteName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    routeTable: textArgument(args, 'routeTableName'),
    name: textArgument(args, 'name'),
  };
}

function printRoute(cloud: Cloud, args: AzArguments): Json {
  const found = requireRoute(cloud, namedRoute(args));
  return found.ok ? routeJson(found.value.route) : null;
}

function nextHopTypeOf(value: string | null | undefined): RouteNextHopType | undefined {
  return NEXT_HOP_TYPES.find((one) => one.toLowerCase() === value?.toLowerCase());
}

export const routeCommands: readonly AzCommand[] = [
  {
    path: ['network', 'route-table', 'route', 'create'],
    summary: 'Create a route in a route table.',
    options: [
      text('--name -n', 'Route name.', { required: true }),
      resourceGroup,
      text('--route-table-name', 'Route table name.', { required: true }),
      { ...addressPrefix, required: true },
      nextHopIp,
      { ...nextHopType, required: true },
      noWait,
    ],
    examples: [
      {
        does: 'Create a route that forces all inbound traffic to a Network Virtual Appliance.',
        line: 'az network route-table route create -g MyResourceGroup --route-table-name MyRouteTable -n MyRoute --next-hop-type VirtualAppliance --address-prefix 10.0.0.0/16 --next-hop-ip-address 10.0.100.4',
      },
    ],
    run: (cloud, args) => {
      const hop = nextHopTypeOf(textArgument(args, 'nextHopType'));
      if (hop === undefined) throw new Error('the parser let an unknown next hop type through');
      return changed(
        createRoute(cloud, namedRoute(args), {
          addressPrefix: textArgument(args, 'addressPrefix'),
          nextHopType: hop,
          ...given({ nextHopIpAddress: optionalText(args, 'nextHopIpAddress') }),
        }),
        (next) => printRoute(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'route-table', 'route', 'update'],
    summary: 'Update a route in a route table.',
    options: [
      groupOfId,
      routeTableName,
      routeName,
      addressPrefix,
      nextHopIp,
      nextHopType,
      noWait,
      ...genericUpdate,
    ],
    run: (cloud, args) => {
      const found = requireRoute(cloud, namedRoute(args));
      if (!found.ok) return refusedByAzure(found.error);
      const edited = editResource(routeJson(found.value.route), args, [
        'addressPrefix',
        { path: 'nextHopIpAddress', removable: true },
        { path: 'nextHopType', values: NEXT_HOP_TYPES },
      ]);
      if (!edited.ok) return edited;
      const edit = edited.value;
      const hop = nextHopTypeOf(optionalText(args, 'nextHopType') ?? edit.text('nextHopType'));
      // The address stays when the type changes, and Azure refuses the pair until `''` takes it away.
      const givenIp = optionalText(args, 'nextHopIpAddress');
      const nextHopIpAddress = givenIp === '' ? null : (givenIp ?? edit.text('nextHopIpAddress'));
      return changed(
        updateRoute(cloud, namedRoute(args), {
          ...given({
            addressPrefix: optionalText(args, 'addressPrefix') ?? edit.text('addressPrefix') ?? undefined,
            nextHopType: hop,
            nextHopIpAddress,
          }),
        }),
        (next) => printRoute(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'route-table', 'route', 'show'],
    summary: 'Get the details of a route in a route table.',
    options: [groupOfId, routeTableName, routeName],
    run: (cloud, args) =>
      shown(cloud, requireRoute(cloud, namedRoute(args)), ({ route }) => routeJson(route)),
  },
  {
    path: ['network', 'route-table', 'route', 'list'],
    summary: 'List routes in a route table.',
    options: [resourceGroup, text('--route-table-name', 'Route table name.', { required: true })],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(
          cloud,
          TYPE,
          textArgument(args, 'resourceGroup'),
          textArgument(args, 'routeTableName'),
        ),
        (table) => table.routes.map(routeJson),
      ),
  },
  {
    path: ['network', 'route-table', 'route', 'delete'],
    summary: 'Delete a route from a route table.',
    options: [groupOfId, routeTableName, routeName, noWait],
    run: (cloud, args) => changed(deleteRoute(cloud, namedRoute(args)), undefined, 4),
  },
  {
    path: ['network', 'route-table', 'route', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, routeTableName, routeName, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, printRoute(cloud, args)),
  },
];
