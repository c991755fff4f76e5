import { advance } from '../../model/aks/operations.ts';
import { VPN_SKUS, zoneWarnings } from '../../model/azure/virtual-network-gateway-checks.ts';
import {
  createVirtualNetworkGateway,
  deleteVirtualNetworkGateway,
  updateVirtualNetworkGateway,
} from '../../model/azure/virtual-network-gateway.ts';
import type { BgpInput } from '../../model/azure/virtual-network-gateway.ts';
import { gatewayState } from '../../model/azure/virtual-network-gateway-presence.ts';
import { findResource, getResource, putResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { VPN_GATEWAY_CREATION_MINUTES } from '../../model/limits/vpn-gateway.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzOption } from './command.ts';
import { virtualNetworkGatewayJson } from './network-vnet-gateway-json.ts';
import {
  boolean,
  choice,
  genericUpdate,
  groupOfId,
  ignored,
  integer,
  list,
  location,
  nameOfId,
  noWait as noWaitOption,
  onlyValue,
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
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';
import { idsOfNamesOrIds, optionalIdOf } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  requireNamed,
  showCommand,
  updateNamed,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';
import { waitFor } from './wait.ts';

const kind: ResourceKind<'Microsoft.Network/virtualNetworkGateways'> = {
  type: 'Microsoft.Network/virtualNetworkGateways',
  path: ['network', 'vnet-gateway'],
  json: virtualNetworkGatewayJson,
};

const name = nameOfId('--name -n', 'Name of the VNet gateway.');
const noWait: AzOption = boolean('--no-wait', 'Do not wait for the long-running operation to finish.');

const SKUS = [
  ...VPN_SKUS,
  'ErGw1AZ',
  'ErGw2AZ',
  'ErGw3AZ',
  'HighPerformance',
  'Standard',
  'UltraPerformance',
];
const GENERATIONS = ['Generation1', 'Generation2', 'None'];
const CLIENTS = 'clients of point-to-site connections';

const sku = choice('--sku', SKUS, 'VNet gateway SKU.');

const common: readonly AzOption[] = [
  onlyValue(
    '--gateway-type',
    ['ExpressRoute', 'LocalGateway', 'Vpn'],
    'Vpn',
    'an ExpressRoute circuit has no end in this simulation; a private connection of a scenario stands in for it',
  ),
  onlyValue(
    '--vpn-type',
    ['PolicyBased', 'RouteBased'],
    'RouteBased',
    'PolicyBased gateways are for old devices',
  ),
  list(
    '--public-ip-addresses --public-ip-address',
    'Specify a single public IP (name or ID) for an active-standby gateway. Specify two space-separated public IPs for an active-active gateway.',
  ),
  text('--vnet', "Name or ID of an existing virtual network which has a subnet named 'GatewaySubnet'."),
  text(
    '--gateway-default-site',
    'Name or ID of a local network gateway representing a local network site with default routes.',
  ),
  integer('--asn', 'Autonomous System Number to use for the BGP settings.', { group: 'BGP Peering' }),
  text('--bgp-peering-address', 'IP address to use for BGP peering.', { group: 'BGP Peering' }),
  integer('--peer-weight', 'Weight (0-100) added to routes learned through BGP peering.', {
    group: 'BGP Peering',
  }),
  tags,
  noWait,
  ...refused(
    CLIENTS,
    '--aad-audience',
    '--aad-issuer',
    '--aad-tenant',
    'list:--client-protocol',
    'list:--custom-routes',
    '--radius-secret',
    '--radius-server',
    '--root-cert-data',
    '--root-cert-name',
    'list:--vpn-auth-type',
  ),
];

function bgpOf(args: AzArguments): BgpInput {
  return given({
    asn: optionalNumber(args, 'asn'),
    bgpPeeringAddress: optionalText(args, 'bgpPeeringAddress'),
    peerWeight: optionalNumber(args, 'peerWeight'),
  });
}

function idOf(cloud: Cloud, args: AzArguments, dest: string, type: string): string | null | undefined {
  return optionalIdOf(cloud, optionalText(args, dest), textArgument(args, 'resourceGroup'), type);
}

function addressesOf(cloud: Cloud, args: AzArguments): readonly string[] | undefined {
  const given = optionalList(args, 'publicIpAddresses');
  return given === undefined
    ? undefined
    : idsOfNamesOrIds(
        cloud,
        given,
        textArgument(args, 'resourceGroup'),
        'Microsoft.Network/publicIPAddresses',
      );
}

function checkSku(args: AzArguments): Ran | null {
  const wanted = optionalText(args, 'sku');
  if (wanted === undefined || VPN_SKUS.some((one) => one === wanted)) return null;
  return refusedByAzure(
    notSimulated(`The gateway SKU ${wanted}, which is of ExpressRoute or of old VPN gateways,`),
  );
}

function create(cloud: Cloud, args: AzArguments): Ran {
  const unfit = checkSku(args);
  if (unfit !== null) return unfit;
  const vnet = idOf(cloud, args, 'vnet', 'Microsoft.Network/virtualNetworks');
  if (vnet === undefined || vnet === null) {
    return usageFailure(
      'az network vnet-gateway create: --vnet is needed: a VPN gateway stands in its GatewaySubnet.',
      2,
    );
  }
  const bgp = bgpOf(args);
  const wanted = optionalText(args, 'sku') ?? 'Basic';
  const site = idOf(cloud, args, 'gatewayDefaultSite', 'Microsoft.Network/localNetworkGateways');
  const waits = optionalBoolean(args, 'noWait') === true ? 'not' : 'until-made';
  const addresses = addressesOf(cloud, args) ?? [];
  const isNew = printNamed(kind, cloud, args) === null;
  const made = createVirtualNetworkGateway(cloud, {
    resourceGroup: textArgument(args, 'resourceGroup'),
    name: textArgument(args, 'name'),
    virtualNetworkId: vnet,
    publicIpAddressIds: addresses,
    sku: wanted,
    bgp,
    enableBgp: Object.keys(bgp).length > 0,
    waits,
    ...given({
      location: optionalText(args, 'location'),
      vpnGatewayGeneration: optionalText(args, 'vpnGatewayGeneration'),
      gatewayDefaultSiteId: site,
      tags: optionalTags(args),
    }),
  });
  const seconds = waits === 'not' || !isNew ? 1 : VPN_GATEWAY_CREATION_MINUTES.value * 60;
  const outcome = changed(made, (next) => ({ vnetGateway: printNamed(kind, next, args) }), seconds);
  if (!outcome.ok) return outcome;
  const held = addresses.flatMap((id) => getResource(cloud, id, 'Microsoft.Network/publicIPAddresses') ?? []);
  return ok({ ...outcome.value, warnings: zoneWarnings(cloud, wanted, held) });
}

/** Virtual time goes on until the gateway is made; with a frozen clock it is made at once. */
function pass(args: AzArguments): (cloud: Cloud, seconds: number) => Cloud | null {
  return (cloud, seconds) => {
    const gateway = findResource(
      cloud,
      kind.type,
      textArgument(args, 'resourceGroup'),
      textArgument(args, 'name'),
    );
    if (gateway === null || gatewayState(cloud, gateway) !== 'Updating') return null;
    if (cloud.clock === 'running') return advance(cloud, seconds);
    const { readyAt: _past, ...rest } = gateway;
    return putResource(cloud, rest);
  };
}

export const virtualNetworkGatewayCommands: readonly AzCommand[] = [
  {
    path: [...kind.path, 'create'],
    summary: 'Create a virtual network gateway.',
    options: [
      text('--name -n', 'Name of the VNet gateway.', { required: true }),
      resourceGroup,
      location,
      { ...sku, default: 'Basic' },
      choice('--vpn-gateway-generation', GENERATIONS, 'The generation for the virtual network gateway.'),
      ...common,
      ...refused(CLIENTS, 'list:--address-prefixes --address-prefix'),
      ...refused('edge zones', '--edge-zone', '--edge-zone-vnet-id'),
      ...refused('address translation inside a gateway', 'list:--nat-rules --nat-rule'),
    ],
    examples: [
      {
        does: 'Create a basic virtual network gateway for site-to-site connectivity.',
        line: 'az network vnet-gateway create -g MyResourceGroup -n MyVnetGateway --public-ip-address MyGatewayIp --vnet MyVnet --gateway-type Vpn --sku VpnGw1 --vpn-type RouteBased --no-wait',
      },
    ],
    run: create,
  },
  {
    path: [...kind.path, 'update'],
    summary: 'Update a virtual network gateway.',
    options: [
      groupOfId,
      name,
      sku,
      ...common,
      boolean('--enable-bgp', 'Enable BGP (Border Gateway Protocol).', { group: 'BGP Peering' }),
      ...refused(CLIENTS, 'list:--address-prefixes'),
      ...genericUpdate,
    ],
    examples: [
      {
        does: 'Change the SKU of a virtual network gateway.',
        line: 'az network vnet-gateway update -g MyResourceGroup -n MyVnetGateway --sku VpnGw2AZ',
      },
    ],
    run: (cloud, args) => {
      const unfit = checkSku(args);
      if (unfit !== null) return unfit;
      const site = idOf(cloud, args, 'gatewayDefaultSite', 'Microsoft.Network/localNetworkGateways');
      const vnet = idOf(cloud, args, 'vnet', 'Microsoft.Network/virtualNetworks');
      return updateNamed(kind, cloud, args, {
        settable: ['enableBgp', 'bgpSettings.asn', 'bgpSettings.peerWeight', 'tags'],
        durationSeconds: 120,
        change: (gateway, edited) =>
          updateVirtualNetworkGateway(cloud, gateway.resourceGroup, gateway.name, {
            ...given({
              sku: optionalText(args, 'sku'),
              virtualNetworkId: vnet ?? undefined,
              publicIpAddressIds: addressesOf(cloud, args),
              enableBgp: optionalBoolean(args, 'enableBgp') ?? edited.boolean('enableBgp'),
              gatewayDefaultSiteId: site,
              tags: optionalTags(args) ?? edited.tags('tags'),
            }),
            bgp: {
              ...given({
                asn: edited.number('bgpSettings.asn'),
                peerWeight: edited.number('bgpSettings.peerWeight'),
              }),
              ...bgpOf(args),
            },
          }),
      });
    },
  },
  showCommand(kind, { summary: 'Get the details of a virtual network gateway.', options: [groupOfId, name] }),
  listCommand(kind, {
    summary: 'List virtual network gateways.',
    options: [resourceGroup],
    examples: [
      {
        does: 'List virtual network gateways in a resource group.',
        line: 'az network vnet-gateway list -g MyResourceGroup',
      },
    ],
  }),
  deleteCommand(
    kind,
    {
      summary:
        'Delete a virtual network gateway. In order to delete a Virtual Network Gateway, you must first delete ALL Connection objects in Azure that are connected to the Gateway.',
      options: [groupOfId, name, noWaitOption],
    },
    deleteVirtualNetworkGateway,
    600,
  ),
  {
    path: [...kind.path, 'reset'],
    summary: 'Reset a virtual network gateway.',
    options: [
      groupOfId,
      name,
      ...ignored('both instances come back as they were', '--gateway-vip'),
      noWaitOption,
    ],
    examples: [
      {
        does: 'Reset a virtual network gateway.',
        line: 'az network vnet-gateway reset -g MyResourceGroup -n MyVnetGateway',
      },
    ],
    run: (cloud, args) => {
      const found = requireNamed(kind, cloud, args);
      return found.ok
        ? ok({ cloud, output: virtualNetworkGatewayJson(cloud, found.value), durationSeconds: 60 })
        : refusedByAzure(found.error);
    },
  },
  {
    path: [...kind.path, 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, ...waitConditions],
    run: (cloud, args) =>
      waitFor(cloud, args, printNamed(kind, cloud, args), {
        show: (now) => printNamed(kind, now, args),
        pass: pass(args),
      }),
  },
];
