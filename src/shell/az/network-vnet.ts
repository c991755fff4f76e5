import { parsePrefix, prefix, prefixContains } from '../../model/ip/prefix.ts';
import { parseAddress } from '../../model/ip/address.ts';
import {
  isReservedAddress,
  offeredAddresses,
  subnetAllocations,
} from '../../model/azure/subnet-addresses.ts';
import { defaultOutboundAccessOfNew } from '../../model/azure/subnet.ts';
import {
  createVirtualNetwork,
  deleteVirtualNetwork,
  updateVirtualNetwork,
} from '../../model/azure/virtual-network.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, AzOption, AzOutcome, Json } from './command.ts';
import { virtualNetworkJson } from './network-json.ts';
import {
  anyResourceGroup,
  boolean,
  expand,
  genericUpdate,
  groupOfId,
  list,
  location,
  nameOfId,
  noWait,
  refused,
  since,
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
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { idOfNameOrId } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  requireNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/virtualNetworks'> = {
  type: 'Microsoft.Network/virtualNetworks',
  path: ['network', 'vnet'],
  json: virtualNetworkJson,
};

const name = nameOfId('--name -n', 'The virtual network (VNet) name.');

/** VNet options that change nothing about reachability in this model, or that it does not have. */
const unmodelled: readonly AzOption[] = [
  ...refused('BGP communities are for ExpressRoute', '--bgp-community'),
  ...refused('DDoS protection plans', '--ddos-protection-plan'),
  ...refused(
    'VNet encryption',
    'boolean:--enable-encryption',
    '--encryption-enforcement-policy --encryption-policy',
  ),
  ...refused('flow timeouts', '--flowtimeout'),
  ...since('2.66.0', ...refused('private endpoints', '--private-endpoint-vnet-policies --pe-vnet-policies')),
  ...since(
    '2.68.0',
    ...refused('address pools of IPAM', 'list:--ipam-allocations --ipam-pool-prefix-allocations'),
  ),
  ...since('2.87.0', ...refused('virtual network gateways', 'list:--summarized-gateway-prefixes --sgp')),
];

const ddosProtection = boolean('--ddos-protection', 'Control whether DDoS protection is enabled.', {
  noEffect: 'no attack reaches the simulation',
});

const vmProtection = boolean('--vm-protection', 'Enable VM protection for all subnets in the VNet.', {
  noEffect: 'the service ignores it',
});

const table: NonNullable<AzOutcome['table']> = (output) =>
  (Array.isArray(output) ? output : [output]).filter(isObject).map((vnet) => {
    const space = vnet['addressSpace'];
    const dhcp = vnet['dhcpOptions'];
    const words = (value: Json | undefined): string => (Array.isArray(value) ? value.join(', ') : '');
    return {
      Name: plainText(vnet['name']),
      ResourceGroup: plainText(vnet['resourceGroup']),
      Location: plainText(vnet['location']),
      NumSubnets: String(Array.isArray(vnet['subnets']) ? vnet['subnets'].length : 0),
      Prefixes: words(isObject(space) ? space['addressPrefixes'] : undefined),
      DnsServers: words(isObject(dhcp) ? dhcp['dnsServers'] : undefined),
      DDOSProtection: vnet['enableDdosProtection'] === true ? 'True' : 'False',
      VMProtection: 'False',
    };
  });

/** The first /24 of the address space, or all of it if it is smaller: what azure-cli gives a subnet without prefix. */
function defaultSubnetPrefix(addressPrefixes: readonly string[]): string {
  const [first = '10.0.0.0/16'] = addressPrefixes;
  const parsed = parsePrefix(first);
  if (!parsed.ok || parsed.value.length >= 24) return first;
  return `${first.slice(0, first.indexOf('/'))}/24`;
}

export const virtualNetworkCommands: readonly AzCommand[] = [
  {
    path: ['network', 'vnet', 'create'],
    summary:
      'Create a virtual network. You may also create a subnet at the same time by specifying a subnet name and (optionally) an address prefix.',
    options: [
      text('--name -n', 'The virtual network (VNet) name.', { required: true }),
      resourceGroup,
      list('--address-prefixes', 'Space-separated list of IP address prefixes for the VNet.', {
        default: '10.0.0.0/16',
      }),
      list('--dns-servers', 'Space-separated list of DNS server IP addresses.'),
      location,
      tags,
      ddosProtection,
      vmProtection,
      noWait,
      ...unmodelled,
      ...refused('edge zones', '--edge-zone'),
      text('--network-security-group --nsg', 'Name or ID of a network security group (NSG).', {
        group: 'Subnet',
      }),
      text('--subnet-name', 'Name of a new subnet to create within the VNet.', { group: 'Subnet' }),
      list(
        '--subnet-prefixes',
        'Space-separated list of address prefixes in CIDR format for the new subnet. If omitted, automatically reserves a /24 (or as large as available) block within the VNet address space.',
        { group: 'Subnet' },
      ),
      ...refused('create subnets with az network vnet subnet create', 'list:--subnets'),
    ],
    examples: [
      {
        does: 'Create a virtual network with a specific address prefix and one subnet.',
        line: 'az network vnet create -g MyResourceGroup -n MyVnet --address-prefix 10.0.0.0/16 --subnet-name MySubnet --subnet-prefixes 10.0.0.0/24',
      },
    ],
    run: (cloud, args) => {
      const addressPrefixes = optionalList(args, 'addressPrefixes') ?? ['10.0.0.0/16'];
      const subnetName = optionalText(args, 'subnetName');
      const subnetPrefixes = optionalList(args, 'subnetPrefixes');
      if (subnetName === undefined && (subnetPrefixes ?? []).length > 0) {
        return usageFailure(
          'usage error: --subnet-name NAME [--subnet-prefixes PREFIXES]: a subnet prefix needs a subnet name',
        );
      }
      if ((subnetPrefixes ?? []).length > 1) {
        return usageFailure('Several prefixes for one subnet are not simulated in this workbook.');
      }
      const group = textArgument(args, 'resourceGroup');
      const nsg = optionalText(args, 'networkSecurityGroup');
      const subnets =
        subnetName === undefined
          ? undefined
          : [
              {
                name: subnetName,
                addressPrefix: subnetPrefixes?.[0] ?? defaultSubnetPrefix(addressPrefixes),
                defaultOutboundAccess: defaultOutboundAccessOfNew(cloud),
                networkSecurityGroup:
                  nsg === undefined
                    ? null
                    : idOfNameOrId(cloud, nsg, group, 'Microsoft.Network/networkSecurityGroups'),
              },
            ];
      return changed(
        createVirtualNetwork(cloud, {
          resourceGroup: group,
          name: textArgument(args, 'name'),
          addressPrefixes,
          ...given({
            location: optionalText(args, 'location'),
            dnsServers: optionalList(args, 'dnsServers'),
            enableDdosProtection: optionalBoolean(args, 'ddosProtection'),
            tags: optionalTags(args),
            subnets,
          }),
        }),
        (next) => ({ newVNet: printNamed(kind, next, args) }),
        4,
      );
    },
  },
  {
    path: ['network', 'vnet', 'update'],
    summary: 'Update a virtual network.',
    options: [
      groupOfId,
      name,
      list('--address-prefixes', 'Space-separated list of IP address prefixes for the VNet.'),
      list('--dns-servers', "Space-separated list of DNS server IP addresses. '' for Azure's own."),
      ddosProtection,
      vmProtection,
      noWait,
      ...unmodelled,
      ...genericUpdate,
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['addressSpace.addressPrefixes', 'dhcpOptions.dnsServers', 'enableDdosProtection', 'tags'],
        durationSeconds: 4,
        change: (vnet, edited) => {
          const dnsServers = optionalList(args, 'dnsServers') ?? edited.list('dhcpOptions.dnsServers');
          return updateVirtualNetwork(cloud, vnet.resourceGroup, vnet.name, {
            ...given({
              addressPrefixes:
                optionalList(args, 'addressPrefixes') ?? edited.list('addressSpace.addressPrefixes'),
              dnsServers: dnsServers?.filter((server) => server !== ''),
              enableDdosProtection:
                optionalBoolean(args, 'ddosProtection') ?? edited.boolean('enableDdosProtection'),
              tags: edited.tags('tags'),
            }),
          });
        },
      }),
  },
  showCommand(kind, { summary: 'Get the details of a virtual network.', options: [groupOfId, name, expand] }),
  listCommand(kind, { summary: 'List virtual networks.', options: [anyResourceGroup], table }),
  deleteCommand(
    kind,
    { summary: 'Delete a virtual network.', options: [groupOfId, name, noWait] },
    deleteVirtualNetwork,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
  {
    path: ['network', 'vnet', 'check-ip-address'],
    summary: 'Check if a private IP address is available for use within a virtual network.',
    options: [
      text('--name -n', 'The virtual network (VNet) name.', { required: true }),
      resourceGroup,
      text('--ip-address', 'The private IP address to be verified.', { required: true }),
    ],
    run: (cloud, args) => {
      const found = requireNamed(kind, cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const wanted = textArgument(args, 'ipAddress');
      const parsed = parseAddress(wanted);
      if (!parsed.ok) return usageFailure(`'${wanted}' is not an IPv4 address.`);
      const subnet = found.value.subnets.find((one) =>
        prefixContains(prefix(one.addressPrefix), parsed.value),
      );
      const free =
        subnet !== undefined &&
        !isReservedAddress(subnet.addressPrefix, parsed.value) &&
        !subnetAllocations(cloud, subnet.id).some((one) => one.address === wanted);
      if (free || subnet === undefined) {
        return ok({
          cloud,
          output: { available: free, availableIPAddresses: [], isPlatformReserved: false },
        });
      }
      return ok({
        cloud,
        output: {
          available: false,
          availableIPAddresses: offeredAddresses(cloud, subnet),
          isPlatformReserved: isReservedAddress(subnet.addressPrefix, parsed.value),
        },
      });
    },
  },
  {
    path: ['network', 'vnet', 'list-available-ips'],
    summary: 'List some available ips in the vnet.',
    options: [groupOfId, nameOfId('--name -n', 'The virtual network (VNet) name.')],
    run: (cloud, args) => {
      const found = requireNamed(kind, cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const [subnet] = found.value.subnets;
      if (subnet === undefined) return ok({ cloud, output: [] });
      return ok({ cloud, output: offeredAddresses(cloud, subnet) });
    },
  },
];
