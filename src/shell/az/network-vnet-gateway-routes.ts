/** `az network vnet-gateway list-learned-routes`, `list-advertised-routes` and `list-bgp-peer-status`. */
import { requireResource } from '../../model/azure/resource-store.ts';
import {
  advertisedRoutes,
  bgpPeers,
  learnedRoutes,
} from '../../model/azure/virtual-network-gateway-routes.ts';
import type { BgpPeer, GatewayRouteEntry } from '../../model/azure/virtual-network-gateway-routes.ts';
import { ok } from '../../model/result.ts';
import type { VirtualNetworkGateway } from '../../model/azure/gateway-resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { AzArguments, AzCommand, AzOutcome, Json } from './command.ts';
import { compact } from './network-json.ts';
import type { JsonObject } from './network-json.ts';
import { groupOfId, nameOfId, noWait, text } from './option.ts';
import { optionalText, refusedByAzure, textArgument } from './outcome.ts';
import type { Ran } from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';

const name = nameOfId('--name -n', 'Name of the VNet gateway.');

function routeJson(route: GatewayRouteEntry): JsonObject {
  return compact({ ...route });
}

/** Counters of messages are not simulated, and not made up. */
function peerJson({ connectedSince, ...peer }: BgpPeer): JsonObject {
  return compact({ ...peer, connectedDuration: connectedSince === null ? null : '00:00:00' });
}

/** azure-cli's own tables: these columns of the list that the answer holds. */
function tableOf(columns: Readonly<Record<string, string>>): NonNullable<AzOutcome['table']> {
  return (output: Json) => {
    const value = isObject(output) ? (output['value'] ?? []) : [];
    return (isList(value) ? value : [])
      .filter(isObject)
      .map((item) =>
        Object.fromEntries(
          Object.entries(columns).map(([heading, key]) => [heading, plainText(item[key] ?? '')]),
        ),
      );
  };
}

const routesTable = tableOf({
  Network: 'network',
  NextHop: 'nextHop',
  Origin: 'origin',
  SourcePeer: 'sourcePeer',
  AsPath: 'asPath',
  Weight: 'weight',
});

const peersTable = tableOf({
  Neighbor: 'neighbor',
  ASN: 'asn',
  State: 'state',
  ConnectedDuration: 'connectedDuration',
  RoutesReceived: 'routesReceived',
  MessagesSent: 'messagesSent',
  MessagesReceived: 'messagesReceived',
});

function listed(
  cloud: Cloud,
  args: AzArguments,
  table: NonNullable<AzOutcome['table']>,
  list: (gateway: VirtualNetworkGateway) => readonly Json[],
): Ran {
  const found = requireResource(
    cloud,
    'Microsoft.Network/virtualNetworkGateways',
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'name'),
  );
  if (!found.ok) return refusedByAzure(found.error);
  return ok({ cloud, output: { value: list(found.value) }, table, durationSeconds: 5 });
}

export const virtualNetworkGatewayRouteCommands: readonly AzCommand[] = [
  {
    path: ['network', 'vnet-gateway', 'list-learned-routes'],
    summary:
      'This operation retrieves a list of routes the virtual network gateway has learned, including routes learned from BGP peers.',
    options: [groupOfId, name, noWait],
    examples: [
      {
        does: 'Retrieve a list of learned routes.',
        line: 'az network vnet-gateway list-learned-routes -g MyResourceGroup -n MyVnetGateway',
      },
    ],
    run: (cloud, args) =>
      listed(cloud, args, routesTable, (gateway) => learnedRoutes(cloud, gateway).map(routeJson)),
  },
  {
    path: ['network', 'vnet-gateway', 'list-advertised-routes'],
    summary: 'List the routes of a virtual network gateway advertised to the specified peer.',
    options: [groupOfId, name, text('--peer', 'The IP address of the peer.', { required: true }), noWait],
    examples: [
      {
        does: 'List the routes of a virtual network gateway advertised to the specified peer.',
        line: 'az network vnet-gateway list-advertised-routes -g MyResourceGroup -n MyVnetGateway --peer 23.10.10.9',
      },
    ],
    run: (cloud, args) =>
      listed(cloud, args, routesTable, (gateway) =>
        advertisedRoutes(cloud, gateway, textArgument(args, 'peer')).map(routeJson),
      ),
  },
  {
    path: ['network', 'vnet-gateway', 'list-bgp-peer-status'],
    summary: 'Retrieve the status of BGP peers.',
    options: [
      groupOfId,
      name,
      text('--peer', 'The IP address of the peer to retrieve the status of.'),
      noWait,
    ],
    examples: [
      {
        does: 'Retrieve the status of a BGP peer.',
        line: 'az network vnet-gateway list-bgp-peer-status -g MyResourceGroup -n MyVnetGateway --peer 23.10.10.9',
      },
    ],
    run: (cloud, args) => {
      const peer = optionalText(args, 'peer');
      return listed(cloud, args, peersTable, (gateway) =>
        bgpPeers(cloud, gateway)
          .filter(({ neighbor }) => peer === undefined || neighbor === peer)
          .map(peerJson),
      );
    },
  },
];
