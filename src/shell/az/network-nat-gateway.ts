import type { NatGateway } from '../../model/azure/resources.ts';
import { createNatGateway, deleteNatGateway, updateNatGateway } from '../../model/azure/nat-gateway.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { AzArguments, AzCommand, AzOption } from './command.ts';
import { natGatewayJson } from './network-json.ts';
import {
  anyResourceGroup,
  choice,
  expand,
  genericUpdate,
  groupOfId,
  integer,
  list,
  location,
  nameOfId,
  noWait,
  refused,
  resourceGroup,
  since,
  tags,
  text,
  waitConditions,
} from './option.ts';
import {
  changed,
  given,
  optionalList,
  optionalNumber,
  optionalTags,
  optionalText,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { idOfNameOrId } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/natGateways'> = {
  type: 'Microsoft.Network/natGateways',
  path: ['network', 'nat', 'gateway'],
  json: natGatewayJson,
};

const ADDRESS = 'Microsoft.Network/publicIPAddresses';
const PREFIX = 'Microsoft.Network/publicIPPrefixes';
const SKUS: readonly NatGateway['sku']['name'][] = ['Standard', 'StandardV2'];
const ZONES = ['1', '2', '3'];

const name = nameOfId('--name -n', 'Name of the NAT gateway.');

const common: readonly AzOption[] = [
  integer('--idle-timeout', 'Idle timeout in minutes.'),
  list('--public-ip-addresses', 'Space-separated list of public IP addresses (names or IDs).'),
  list('--public-ip-prefixes', 'Space-separated list of public IP prefixes (names or IDs).'),
  ...since(
    '2.77.0',
    ...refused('addresses here are IPv4', 'list:--pip-addresses-v6', 'list:--pip-prefixes-v6'),
  ),
  ...since('2.77.0', ...refused('a gateway for a whole virtual network', '--source-vnet')),
  noWait,
];

/** The ids of names or ids of one type; `""` is no resource, so that a list of it alone is empty. */
function idsOf(cloud: Cloud, args: AzArguments, dest: string, type: string): readonly string[] | undefined {
  const group = textArgument(args, 'resourceGroup');
  return optionalList(args, dest)?.flatMap((one) => idOfNameOrId(cloud, one, group, type) ?? []);
}

export const natGatewayCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nat', 'gateway', 'create'],
    summary: 'Create a NAT gateway.',
    options: [
      text('--name -n', 'Name of the NAT gateway.', { required: true }),
      resourceGroup,
      location,
      ...common,
      ...since('2.77.0', choice('--sku', SKUS, 'Name of Nat Gateway SKU.', { default: 'Standard' })),
      ...since('2.64.0', tags),
      list('--zone -z', 'Availability zone into which to provision the resource. Allowed values: 1, 2, 3.'),
    ],
    examples: [
      {
        does: 'Create a NAT gateway.',
        line: 'az network nat gateway create --resource-group MyResourceGroup --name MyNatGateway --location MyLocation --public-ip-addresses MyPublicIp --public-ip-prefixes MyPublicIpPrefix --idle-timeout 4 --zone 2',
      },
    ],
    run: (cloud, args) => {
      const zones = optionalList(args, 'zone');
      const stray = zones?.find((one) => !ZONES.includes(one));
      if (stray !== undefined) {
        return usageFailure(
          `az network nat gateway create: '${stray}' is not a valid value for '--zone'. Allowed values: 1, 2, 3.`,
          2,
        );
      }
      return changed(
        createNatGateway(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            sku: SKUS.find((one) => one === optionalText(args, 'sku')),
            idleTimeoutInMinutes: optionalNumber(args, 'idleTimeout'),
            publicIpAddressIds: idsOf(cloud, args, 'publicIpAddresses', ADDRESS),
            publicIpPrefixIds: idsOf(cloud, args, 'publicIpPrefixes', PREFIX),
            zones,
            tags: optionalTags(args),
          }),
        }),
        (next) => printNamed(kind, next, args),
        10,
      );
    },
  },
  {
    path: ['network', 'nat', 'gateway', 'update'],
    summary: 'Update a NAT gateway.',
    options: [groupOfId, name, ...common, ...since('2.64.0', tags), ...genericUpdate],
    examples: [
      {
        does: 'Update a NAT gateway.',
        line: 'az network nat gateway update -g MyResourceGroup --name MyNatGateway --idle-timeout 5',
      },
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: [
          'idleTimeoutInMinutes',
          { path: 'publicIpAddresses', references: 'list' },
          { path: 'publicIpPrefixes', references: 'list' },
          { path: 'sku.name', values: SKUS },
          'tags',
        ],
        durationSeconds: 6,
        change: (gateway, edited) =>
          updateNatGateway(
            cloud,
            gateway.resourceGroup,
            gateway.name,
            given({
              idleTimeoutInMinutes:
                optionalNumber(args, 'idleTimeout') ?? edited.number('idleTimeoutInMinutes'),
              publicIpAddressIds:
                idsOf(cloud, args, 'publicIpAddresses', ADDRESS) ?? edited.references('publicIpAddresses'),
              publicIpPrefixIds:
                idsOf(cloud, args, 'publicIpPrefixes', PREFIX) ?? edited.references('publicIpPrefixes'),
              sku: SKUS.find((one) => one.toLowerCase() === edited.text('sku.name')?.toLowerCase()),
              tags: optionalTags(args) ?? edited.tags('tags'),
            }),
          ),
      }),
  },
  showCommand(kind, {
    summary: 'Show details of a NAT gateway.',
    options: [groupOfId, name, expand],
  }),
  listCommand(kind, { summary: 'List NAT gateways.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete a NAT gateway.', options: [groupOfId, name, noWait] },
    deleteNatGateway,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
];
