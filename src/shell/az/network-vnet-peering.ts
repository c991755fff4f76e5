import type { VirtualNetwork } from '../../model/azure/resources.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import {
  createPeering,
  deletePeering,
  requirePeering,
  syncPeering,
  updatePeering,
} from '../../model/azure/virtual-network-peering.ts';
import type { PeeringFlags, PeeringName } from '../../model/azure/virtual-network-peering.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import { peeringJson } from './network-json.ts';
import {
  boolean,
  choice,
  genericUpdate,
  groupOfId,
  nameOfId,
  noWait,
  refused,
  resourceGroup,
  since,
  text,
  waitConditions,
} from './option.ts';
import {
  changed,
  given,
  optionalBoolean,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
} from './outcome.ts';
import { idOfNameOrId, optionalIdOf } from './references.ts';
import { waitFor } from './wait.ts';

const VNET: VirtualNetwork['type'] = 'Microsoft.Network/virtualNetworks';
const SUBNET_PEERING = 'peering of single subnets; a peering here is of the whole virtual networks';

const vnetName = nameOfId('--vnet-name', 'The virtual network (VNet) name.');
const name = nameOfId('--name -n', 'The name of the VNet peering.', 'child-name');

const peerCompleteVnets = boolean(
  '--peer-complete-vnets',
  'Whether complete virtual network address space is peered.',
  { since: '2.65.0' },
);

const remoteVnet = text('--remote-vnet', 'Name or ID of the remote VNet.');

const createFlags: readonly AzOption[] = [
  boolean(
    '--allow-forwarded-traffic',
    'Whether the forwarded traffic from the VMs in the local virtual network will be allowed/disallowed in remote virtual network.',
    { default: 'False' },
  ),
  boolean(
    '--allow-gateway-transit',
    'If gateway links can be used in remote virtual networking to link to this virtual network.',
    { default: 'False' },
  ),
  boolean(
    '--allow-vnet-access',
    'Whether the VMs in the local virtual network space would be able to access the VMs in remote virtual network space.',
    { default: 'False' },
  ),
  boolean(
    '--use-remote-gateways',
    "Allows VNet to use the remote VNet's gateway. Remote VNet gateway must have --allow-gateway-transit enabled for remote peering. Only 1 peering can have this flag enabled. Cannot be set if the VNet already has a gateway.",
    { default: 'False' },
  ),
];

/** Before azure-cli 2.65.0 (Azure/azure-cli pull request 29817), `update` had nothing but `--set` and its like. */
const updateFlags: readonly AzOption[] = since(
  '2.65.0',
  boolean('--allow-forwarded-traffic', 'Allows forwarded traffic from the local VNet to the remote VNet.'),
  boolean('--allow-gateway-transit', 'Allows gateway link to be used in the remote VNet.'),
  boolean('--allow-vnet-access', 'Allows access from the local VNet to the remote VNet.'),
  boolean('--use-remote-gateways', "Allows VNet to use the remote VNet's gateway."),
  choice(
    '--sync-remote',
    ['true'],
    "Indicate the intention to sync the peering with the current address space on the remote VNet after it's updated.",
  ),
  peerCompleteVnets,
  remoteVnet,
);

/** Of subnet peering, since azure-cli 2.65.0 (Azure/azure-cli pull requests 29416 and 29817). */
const subnetPeering: readonly AzOption[] = since(
  '2.65.0',
  ...refused(
    SUBNET_PEERING,
    'boolean:--enable-only-ipv6',
    'list:--local-subnet-names',
    'list:--remote-subnet-names',
  ),
);

function named(args: AzArguments): PeeringName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    virtualNetwork: textArgument(args, 'vnetName'),
    name: textArgument(args, 'name'),
  };
}

function print(cloud: Cloud, args: AzArguments): Json {
  const found = requirePeering(cloud, named(args));
  return found.ok ? peeringJson(cloud, found.value.virtualNetwork, found.value.peering) : null;
}

function checkWhole(args: AzArguments): Result<null, AzFailure> {
  return optionalBoolean(args, 'peerCompleteVnets') === false
    ? refusedByAzure(notSimulated('Peering of single subnets (--peer-complete-vnets false)'))
    : ok(null);
}

function flagsOf(args: AzArguments): Partial<PeeringFlags> {
  return given({
    allowVirtualNetworkAccess: optionalBoolean(args, 'allowVnetAccess'),
    allowForwardedTraffic: optionalBoolean(args, 'allowForwardedTraffic'),
    allowGatewayTransit: optionalBoolean(args, 'allowGatewayTransit'),
    useRemoteGateways: optionalBoolean(args, 'useRemoteGateways'),
  });
}

/** What a flag is that nobody gives. The service would allow access; azure-cli sends false. */
const NOTHING_ALLOWED: PeeringFlags = {
  allowVirtualNetworkAccess: false,
  allowForwardedTraffic: false,
  allowGatewayTransit: false,
  useRemoteGateways: false,
};

export const peeringCommands: readonly AzCommand[] = [
  {
    path: ['network', 'vnet', 'peering', 'create'],
    summary:
      'Create a virtual network peering connection. To successfully peer two virtual networks this command must be called twice with the values for --vnet-name and --remote-vnet reversed.',
    options: [
      text('--name -n', 'The name of the VNet peering.', { required: true }),
      // Not required on record, but since azure-cli 2.52.0 (Azure/azure-cli pull request 27198).
      { ...remoteVnet, required: true },
      resourceGroup,
      text('--vnet-name', 'The virtual network (VNet) name.', { required: true }),
      ...createFlags,
      noWait,
      { ...peerCompleteVnets, default: 'True' },
      ...subnetPeering,
    ],
    examples: [
      {
        does: 'Create a peering connection between two virtual networks.',
        line: 'az network vnet peering create -g MyResourceGroup -n MyVnet1ToMyVnet2 --vnet-name MyVnet1 --remote-vnet MyVnet2Id --allow-vnet-access',
      },
    ],
    run: (cloud, args) => {
      const whole = checkWhole(args);
      if (!whole.ok) return whole;
      const group = textArgument(args, 'resourceGroup');
      const remote = idOfNameOrId(cloud, textArgument(args, 'remoteVnet'), group, VNET);
      return changed(
        createPeering(cloud, named(args), remote ?? '', { ...NOTHING_ALLOWED, ...flagsOf(args) }),
        (next) => print(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'vnet', 'peering', 'update'],
    summary: 'Update a peering in the specified virtual network.',
    options: [groupOfId, vnetName, name, ...updateFlags, ...subnetPeering, noWait, ...genericUpdate],
    examples: [
      {
        does: 'Change forwarded traffic configuration of a virtual network peering.',
        line: 'az network vnet peering update -g MyResourceGroup -n MyVnet1ToMyVnet2 --vnet-name MyVnet1 --set allowForwardedTraffic=true',
      },
      {
        does: 'Use remote gateways in virtual network peering.',
        line: 'az network vnet peering update -g MyResourceGroup -n MyVnet1ToMyVnet2 --vnet-name MyVnet1 --set useRemoteGateways=true',
      },
    ],
    run: (cloud, args) => {
      const found = requirePeering(cloud, named(args));
      if (!found.ok) return refusedByAzure(found.error);
      const whole = checkWhole(args);
      if (!whole.ok) return whole;
      const { virtualNetwork, peering } = found.value;
      const edited = editResource(peeringJson(cloud, virtualNetwork, peering), args, [
        'allowForwardedTraffic',
        'allowGatewayTransit',
        'allowVirtualNetworkAccess',
        'remoteVirtualNetwork.id',
        'useRemoteGateways',
      ]);
      if (!edited.ok) return edited;
      const edit = edited.value;
      const updated = updatePeering(cloud, named(args), {
        ...given({
          allowVirtualNetworkAccess: edit.boolean('allowVirtualNetworkAccess'),
          allowForwardedTraffic: edit.boolean('allowForwardedTraffic'),
          allowGatewayTransit: edit.boolean('allowGatewayTransit'),
          useRemoteGateways: edit.boolean('useRemoteGateways'),
          remoteVirtualNetwork:
            optionalIdOf(cloud, optionalText(args, 'remoteVnet'), virtualNetwork.resourceGroup, VNET) ??
            edit.text('remoteVirtualNetwork.id') ??
            undefined,
        }),
        ...flagsOf(args),
      });
      const synced =
        updated.ok && optionalText(args, 'syncRemote') !== undefined
          ? syncPeering(updated.value, named(args))
          : updated;
      return changed(synced, (next) => print(next, args), 4);
    },
  },
  {
    path: ['network', 'vnet', 'peering', 'sync'],
    summary: 'Sync a virtual network peering connection.',
    options: [groupOfId, vnetName, name],
    examples: [
      {
        does: 'Sync a peering connection.',
        line: 'az network vnet peering sync -g MyResourceGroup -n MyVnet1ToMyVnet2 --vnet-name MyVnet1',
      },
    ],
    run: (cloud, args) => changed(syncPeering(cloud, named(args)), (next) => print(next, args), 4),
  },
  {
    path: ['network', 'vnet', 'peering', 'show'],
    summary: 'Show details of a peering.',
    options: [groupOfId, vnetName, name],
    run: (cloud, args) =>
      shown(cloud, requirePeering(cloud, named(args)), ({ virtualNetwork, peering }) =>
        peeringJson(cloud, virtualNetwork, peering),
      ),
  },
  {
    path: ['network', 'vnet', 'peering', 'list'],
    summary: 'List peerings.',
    options: [resourceGroup, text('--vnet-name', 'The virtual network (VNet) name.', { required: true })],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(cloud, VNET, textArgument(args, 'resourceGroup'), textArgument(args, 'vnetName')),
        (vnet) => vnet.virtualNetworkPeerings.map((peering) => peeringJson(cloud, vnet, peering)),
      ),
  },
  {
    path: ['network', 'vnet', 'peering', 'delete'],
    summary: 'Delete a peering.',
    options: [groupOfId, vnetName, name, noWait],
    run: (cloud, args) => changed(deletePeering(cloud, named(args)), undefined, 10),
  },
  {
    path: ['network', 'vnet', 'peering', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, vnetName, name, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, print(cloud, args)),
  },
];
