import {
  createLocalNetworkGateway,
  deleteLocalNetworkGateway,
  updateLocalNetworkGateway,
} from '../../model/azure/local-network-gateway.ts';
import type { BgpInput } from '../../model/azure/virtual-network-gateway.ts';
import type { AzArguments, AzCommand, AzOption, AzOutcome } from './command.ts';
import { localNetworkGatewayJson } from './network-vnet-gateway-json.ts';
import {
  genericUpdate,
  groupOfId,
  integer,
  list,
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
  optionalList,
  optionalNumber,
  optionalTags,
  optionalText,
  textArgument,
} from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/localNetworkGateways'> = {
  type: 'Microsoft.Network/localNetworkGateways',
  path: ['network', 'local-gateway'],
  json: localNetworkGatewayJson,
};

const name = nameOfId('--name -n', 'Name of the local network gateway.');

const common: readonly AzOption[] = [
  text('--gateway-ip-address', "Gateway's public IP address. (e.g. 10.1.1.1)."),
  list(
    '--address-prefixes --local-address-prefixes',
    "List of CIDR block prefixes representing the address space of the OnPremise VPN's subnet.",
    { dest: 'addressPrefixes' },
  ),
  integer('--asn', 'Autonomous System Number to use for the BGP settings.', { group: 'BGP Peering' }),
  text('--bgp-peering-address', "IP address from the OnPremise VPN's subnet to use for BGP peering.", {
    group: 'BGP Peering',
  }),
  integer('--peer-weight', 'Weight (0-100) added to routes learned through BGP peering.', {
    group: 'BGP Peering',
  }),
  tags,
  noWait,
];

function bgpOf(args: AzArguments): BgpInput | undefined {
  const bgp = given({
    asn: optionalNumber(args, 'asn'),
    bgpPeeringAddress: optionalText(args, 'bgpPeeringAddress'),
    peerWeight: optionalNumber(args, 'peerWeight'),
  });
  return Object.keys(bgp).length === 0 ? undefined : bgp;
}

/** As azure-cli's own table: the first prefix stands for all. */
const table: NonNullable<AzOutcome['table']> = (output) =>
  (isList(output) ? output : []).filter(isObject).map((site) => {
    const space = site['localNetworkAddressSpace'];
    const prefixes = space !== undefined && isObject(space) ? (space['addressPrefixes'] ?? []) : [];
    const [first = ' ', ...more] = isList(prefixes) ? prefixes.map(plainText) : [];
    const cell = (key: string): string => plainText(site[key] ?? '');
    return {
      Name: cell('name'),
      Location: cell('location'),
      ResourceGroup: cell('resourceGroup'),
      ProvisioningState: cell('provisioningState'),
      GatewayIpAddress: cell('gatewayIpAddress'),
      AddressPrefixes: `${first}${more.length > 0 ? ', ...' : ''}`,
    };
  });

export const localNetworkGatewayCommands: readonly AzCommand[] = [
  {
    path: [...kind.path, 'create'],
    summary: 'Create a local VPN gateway.',
    options: [
      text('--name -n', 'Name of the local network gateway.', { required: true }),
      resourceGroup,
      location,
      ...common,
    ],
    examples: [
      {
        does: 'Create a Local Network Gateway to represent your on-premises site.',
        line: 'az network local-gateway create -g MyResourceGroup -n MyLocalGateway --gateway-ip-address 23.99.221.164 --local-address-prefixes 10.0.0.0/24 20.0.0.0/24',
      },
    ],
    run: (cloud, args) =>
      changed(
        createLocalNetworkGateway(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            gatewayIpAddress: optionalText(args, 'gatewayIpAddress'),
            addressPrefixes: optionalList(args, 'addressPrefixes'),
            bgp: bgpOf(args),
            tags: optionalTags(args),
          }),
        }),
        (next) => printNamed(kind, next, args),
        5,
      ),
  },
  {
    path: [...kind.path, 'update'],
    summary: 'Update a local VPN gateway.',
    options: [groupOfId, name, ...common, ...genericUpdate],
    examples: [
      {
        does: 'Update a Local Network Gateway provisioned with a 10.0.0.0/24 address prefix with additional prefixes.',
        line: 'az network local-gateway update -g MyResourceGroup -n MyLocalGateway --address-prefixes 10.0.0.0/24 20.0.0.0/24 30.0.0.0/24',
      },
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['gatewayIpAddress', 'localNetworkAddressSpace.addressPrefixes', 'tags'],
        durationSeconds: 5,
        change: (site, edited) =>
          updateLocalNetworkGateway(
            cloud,
            site.resourceGroup,
            site.name,
            given({
              gatewayIpAddress: optionalText(args, 'gatewayIpAddress') ?? edited.text('gatewayIpAddress'),
              addressPrefixes:
                optionalList(args, 'addressPrefixes') ??
                edited.list('localNetworkAddressSpace.addressPrefixes'),
              bgp: bgpOf(args),
              tags: optionalTags(args) ?? edited.tags('tags'),
            }),
          ),
      }),
  },
  showCommand(kind, { summary: 'Get the details of a local VPN gateway.', options: [groupOfId, name] }),
  listCommand(kind, {
    summary: 'List all local VPN gateways in a resource group.',
    options: [resourceGroup],
    table,
  }),
  deleteCommand(
    kind,
    { summary: 'Delete a local VPN gateway.', options: [groupOfId, name, noWait] },
    deleteLocalNetworkGateway,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, ...waitConditions],
  }),
];
