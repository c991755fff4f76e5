import type { VpnConnection } from '../../model/azure/gateway-resources.ts';
import { listOwnResources, requireResource, resourceId, sameId } from '../../model/azure/resource-store.ts';
import {
  createVpnConnection,
  deleteVpnConnection,
  updateVpnConnection,
} from '../../model/azure/vpn-connection.ts';
import { drawGuid } from '../../model/chance.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { vpnConnectionJson } from './network-vnet-gateway-json.ts';
import {
  choice,
  flag,
  genericUpdate,
  groupOfId,
  integer,
  location,
  nameOfId,
  noWaitFlag,
  refused,
  resourceGroup,
  tags,
  text,
} from './option.ts';
import {
  changed,
  given,
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';
import { idOfNameOrId } from './references.ts';
import { deleteCommand, givenGroup, printNamed, showCommand, updateNamed } from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const TYPE = 'Microsoft.Network/connections';
const kind: ResourceKind<typeof TYPE> = {
  type: TYPE,
  path: ['network', 'vpn-connection'],
  json: vpnConnectionJson,
};

const name = nameOfId('--name -n', 'Connection name.');
const routingWeight = integer('--routing-weight', 'Connection routing weight');
const sharedKey = text('--shared-key', 'Shared IPSec key.');
const EXPRESS_ROUTE = 'ExpressRoute circuits';
const SELECTORS = 'traffic selectors of policy-based devices';

function create(cloud: Cloud, args: AzArguments): Ran {
  const circuit = optionalText(args, 'expressRouteCircuit2');
  const site = optionalText(args, 'localGateway2');
  const other = optionalText(args, 'vnetGateway2');
  if ([circuit, site, other].filter((one) => one !== undefined).length !== 1 || site === undefined) {
    return usageFailure(
      'usage error: --vnet-gateway2 NAME_OR_ID | --local-gateway2 NAME_OR_ID | --express-route-circuit2 NAME_OR_ID',
    );
  }
  const key = optionalText(args, 'sharedKey');
  if (key === undefined || key === '') {
    return usageFailure('--shared-key is required for VNET-to-VNET or Site-to-Site connections.');
  }
  const group = textArgument(args, 'resourceGroup');
  const id = (dest: string, type: string): string =>
    idOfNameOrId(cloud, textArgument(args, dest), group, type) ?? '';
  return changed(
    createVpnConnection(cloud, {
      resourceGroup: group,
      name: textArgument(args, 'name'),
      virtualNetworkGatewayId: id('vnetGateway1', 'Microsoft.Network/virtualNetworkGateways'),
      localNetworkGatewayId: id('localGateway2', 'Microsoft.Network/localNetworkGateways'),
      sharedKey: key,
      enableBgp: args['enableBgp'] === true,
      ...given({
        location: optionalText(args, 'location'),
        routingWeight: optionalNumber(args, 'routingWeight'),
        tags: optionalTags(args),
      }),
    }),
    // azure-cli makes it by a deployment, and prints what that puts out.
    (next) => ({ resource: printNamed(kind, next, args) }),
    60,
  );
}

function named(cloud: Cloud, args: AzArguments): ReturnType<typeof requireResource<typeof TYPE>> {
  return requireResource(
    cloud,
    TYPE,
    textArgument(args, 'resourceGroup'),
    textArgument(args, 'connectionName'),
  );
}

function keyJson(connection: VpnConnection): Json {
  return { id: `${connection.id}/sharedkey`, value: connection.sharedKey };
}

function setKey(cloud: Cloud, args: AzArguments, value: string): Ran {
  const group = textArgument(args, 'resourceGroup');
  const connection = textArgument(args, 'connectionName');
  return changed(
    updateVpnConnection(cloud, group, connection, { sharedKey: value }),
    (next) => {
      const found = named(next, args);
      return found.ok ? keyJson(found.value) : null;
    },
    10,
  );
}

const connectionName = nameOfId('--connection-name', 'Connection name.');

export const vpnConnectionCommands: readonly AzCommand[] = [
  {
    path: [...kind.path, 'create'],
    summary:
      'Create a VPN connection. The VPN Gateway and Local Network Gateway must be provisioned before creating the connection between them.',
    options: [
      text('--name -n', 'Connection name.', { required: true }),
      resourceGroup,
      text('--vnet-gateway1', 'Name or ID of the source virtual network gateway.', { required: true }),
      text(
        '--local-gateway2',
        "Name or ID of the destination local network gateway to connect to using an 'IPSec' connection.",
        { group: 'Destination' },
      ),
      ...refused('a tunnel between two VNets; peer them instead', '--vnet-gateway2'),
      ...refused(
        EXPRESS_ROUTE,
        '--express-route-circuit2',
        '--authorization-key',
        'boolean:--express-route-gateway-bypass',
      ),
      sharedKey,
      flag('--enable-bgp', 'Enable BGP for this VPN connection.'),
      { ...routingWeight, default: '10' },
      location,
      tags,
      ...refused('address translation inside a gateway', 'list:--ingress-nat-rule', 'list:--egress-nat-rule'),
      ...refused(SELECTORS, 'boolean:--use-policy-based-traffic-selectors'),
      ...refused('the template behind the command', 'flag:--validate'),
    ],
    examples: [
      {
        does: 'Create a site-to-site connection between an Azure virtual network and an on-premises local network gateway.',
        line: 'az network vpn-connection create -g MyResourceGroup -n MyConnection --vnet-gateway1 MyVnetGateway --local-gateway2 MyLocalGateway --shared-key Abc123',
      },
    ],
    run: create,
  },
  {
    path: [...kind.path, 'update'],
    summary: 'Update a VPN connection.',
    options: [
      groupOfId,
      name,
      routingWeight,
      sharedKey,
      choice('--enable-bgp', ['true', 'false'], 'Enable BGP (Border Gateway Protocol)'),
      tags,
      ...refused(EXPRESS_ROUTE, 'boolean:--express-route-gateway-bypass'),
      ...refused(SELECTORS, 'boolean:--use-policy-based-traffic-selectors'),
      ...genericUpdate,
    ],
    examples: [
      {
        does: 'Add BGP to an existing connection.',
        line: 'az network vpn-connection update -g MyResourceGroup -n MyConnection --enable-bgp True',
      },
    ],
    run: (cloud, args) => {
      const bgp = optionalText(args, 'enableBgp');
      return updateNamed(kind, cloud, args, {
        settable: ['enableBgp', 'routingWeight', 'tags'],
        durationSeconds: 30,
        change: (connection, edited) =>
          updateVpnConnection(
            cloud,
            connection.resourceGroup,
            connection.name,
            given({
              sharedKey: optionalText(args, 'sharedKey'),
              routingWeight: optionalNumber(args, 'routingWeight') ?? edited.number('routingWeight'),
              enableBgp: bgp === undefined ? edited.boolean('enableBgp') : bgp === 'true',
              tags: optionalTags(args) ?? edited.tags('tags'),
            }),
          ),
      });
    },
  },
  showCommand(kind, { summary: 'Get the details of a VPN connection.', options: [groupOfId, name] }),
  {
    path: [...kind.path, 'list'],
    summary: 'List all VPN connections.',
    options: [resourceGroup, text('--vnet-gateway', 'Name of the VNet gateway.')],
    examples: [
      {
        does: 'List all VPN connections in a virtual network gateway.',
        line: 'az network vpn-connection list -g MyResourceGroup --vnet-gateway MyVnetGateway',
      },
    ],
    run: (cloud, args) => {
      const group = givenGroup(cloud, args);
      if (!group.ok) return group;
      const wanted = optionalText(args, 'vnetGateway');
      const all = listOwnResources(cloud, TYPE, group.value);
      if (wanted === undefined) return ok({ cloud, output: all.map((one) => vpnConnectionJson(cloud, one)) });
      const gateway = requireResource(
        cloud,
        'Microsoft.Network/virtualNetworkGateways',
        textArgument(args, 'resourceGroup'),
        wanted,
      );
      if (!gateway.ok) return refusedByAzure(gateway.error);
      return ok({
        cloud,
        output: all
          .filter((one) => sameId(one.virtualNetworkGateway1.id, gateway.value.id))
          .map((one) => vpnConnectionJson(cloud, one)),
      });
    },
  },
  deleteCommand(
    kind,
    { summary: 'Delete a VPN connection.', options: [groupOfId, name, noWaitFlag] },
    deleteVpnConnection,
    30,
  ),
  {
    path: [...kind.path, 'shared-key', 'show'],
    summary: 'Retrieve a VPN connection shared key.',
    options: [groupOfId, connectionName],
    run: (cloud, args) => shown(cloud, named(cloud, args), keyJson),
  },
  {
    path: [...kind.path, 'shared-key', 'update'],
    summary: 'Update a VPN connection shared key.',
    options: [
      groupOfId,
      connectionName,
      text('--value', 'The virtual network connection shared key value.', { required: true }),
    ],
    examples: [
      {
        does: 'Change the shared key for the connection to "Abc123".',
        line: 'az network vpn-connection shared-key update -g MyResourceGroup --connection-name MyConnection --value Abc123',
      },
    ],
    run: (cloud, args) => setKey(cloud, args, textArgument(args, 'value')),
  },
  {
    path: [...kind.path, 'shared-key', 'reset'],
    summary: 'Reset a VPN connection shared key.',
    options: [
      groupOfId,
      connectionName,
      integer(
        '--key-length',
        'The virtual network connection reset shared key length, should between 1 and 128.',
        {
          required: true,
        },
      ),
    ],
    run: (cloud, args) => {
      const found = named(cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const length = optionalNumber(args, 'keyLength') ?? 0;
      if (length < 1 || length > 128) {
        return usageFailure('The key length has to be between 1 and 128.');
      }
      const about = resourceId(cloud, found.value.resourceGroup, TYPE, found.value.name);
      const drawn = [0, 1, 2, 3, 4]
        .map((at) => drawGuid(cloud, `shared-key/${about}/${found.value.etag}/${at}`).replaceAll('-', ''))
        .join('');
      return setKey(cloud, args, drawn.slice(0, length));
    },
  },
];
