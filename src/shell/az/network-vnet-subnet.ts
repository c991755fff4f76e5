import type { PrivateEndpointNetworkPolicies, Subnet } from '../../model/azure/resources.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import { offeredAddresses } from '../../model/azure/subnet-addresses.ts';
import {
  createSubnet,
  defaultOutboundAccessOfNew,
  deleteSubnet,
  findSubnet,
  requireSubnet,
  subnetIdOf,
  updateSubnet,
} from '../../model/azure/subnet.ts';
import type { SubnetName } from '../../model/azure/subnet.ts';
import { checkLocation } from '../../model/azure/locations.ts';
import type { Cloud } from '../../model/cloud.ts';
import { SERVICE_ENDPOINTS } from '../../model/limits/routing.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import { subnetJson } from './network-json.ts';
import {
  boolean,
  choice,
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
  text,
  waitConditions,
} from './option.ts';
import {
  changed,
  given,
  optionalBoolean,
  optionalList,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { optionalIdOf } from './references.ts';
import { waitFor } from './wait.ts';

const ENDPOINT_SERVICE = 'Microsoft.Network/virtualNetworkEndpointServices';
const NAT_GATEWAY = 'Microsoft.Network/natGateways';
const NSG = 'Microsoft.Network/networkSecurityGroups';
const ROUTE_TABLE = 'Microsoft.Network/routeTables';

const ENDPOINT_POLICIES: readonly PrivateEndpointNetworkPolicies[] = [
  'Disabled',
  'Enabled',
  'NetworkSecurityGroupEnabled',
  'RouteTableEnabled',
];

const vnetName = nameOfId('--vnet-name', 'The virtual network (VNet) name.');
const name = nameOfId('--name -n', 'The subnet name.', 'child-name');

const properties: readonly AzOption[] = [
  list('--address-prefixes', 'Space-separated list of address prefixes in CIDR format.'),
  text('--network-security-group --nsg', "Name or ID of a network security group (NSG). '' detaches."),
  text('--route-table', "Name or ID of a route table to associate with the subnet. '' detaches."),
  list('--delegations', 'Space-separated list of services to whom the subnet should be delegated.'),
  boolean(
    '--default-outbound-access --default-outbound',
    'Set this property to false to disable default outbound connectivity for all VMs within the subnet.',
    { since: '2.53.0' },
  ),
  boolean(
    '--disable-private-endpoint-network-policies',
    'Disable private endpoint network policies on the subnet.',
  ),
  choice(
    '--private-endpoint-network-policies --ple-network-policies',
    ENDPOINT_POLICIES,
    'Manage network policies on private endpoints in the subnet.',
    { since: '2.56.0' },
  ),
  boolean(
    '--disable-private-link-service-network-policies',
    'Disable private link service network policies on the subnet.',
  ),
  choice(
    '--private-link-service-network-policies --pls-network-policies',
    ['Disabled', 'Enabled'],
    'Manage network policies on private link service in the subnet.',
    { since: '2.56.0' },
  ),
  text('--nat-gateway', "Name or ID of a NAT gateway to attach. '' or null detaches."),
  list(
    '--service-endpoints',
    "Space-separated list of services allowed private access to this subnet. '' removes all.",
  ),
  ...refused('service endpoint policies', 'list:--service-endpoint-policy'),
  ...since('2.61.0', ...refused('subnets shared with other tenants', '--sharing-scope')),
  ...since('2.62.0', ...refused('regions of service endpoints', 'list:--endpoints')),
  ...since(
    '2.68.0',
    ...refused('address pools of IPAM', 'list:--ipam-allocations --ipam-pool-prefix-allocations'),
  ),
  noWait,
];

function named(args: AzArguments): SubnetName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    virtualNetwork: textArgument(args, 'vnetName'),
    name: textArgument(args, 'name'),
  };
}

function print(cloud: Cloud, args: AzArguments): Json {
  const found = findSubnet(cloud, subnetIdOf(cloud, named(args)));
  return found === null ? null : subnetJson(cloud, found.subnet);
}

/** The one prefix of a subnet; several are a preview that we leave out. */
function onePrefix(prefixes: readonly string[] | undefined): Result<string | undefined, AzFailure> {
  if (prefixes === undefined || prefixes.length === 1) return ok(prefixes?.[0]);
  return err({
    kind: 'usage',
    message: 'Several prefixes for one subnet are not simulated in this workbook.',
    exitCode: 1,
  });
}

function endpointPolicies(text: string | null | undefined): PrivateEndpointNetworkPolicies | undefined {
  return ENDPOINT_POLICIES.find((one) => one.toLowerCase() === text?.toLowerCase());
}

function policies(args: AzArguments): {
  readonly endpoint: Subnet['privateEndpointNetworkPolicies'] | undefined;
  readonly service: Subnet['privateLinkServiceNetworkPolicies'] | undefined;
} {
  const disabled = (dest: string): 'Enabled' | 'Disabled' | undefined => {
    const value = optionalBoolean(args, dest);
    return value === undefined ? undefined : value ? 'Disabled' : 'Enabled';
  };
  const service = optionalText(args, 'privateLinkServiceNetworkPolicies');
  return {
    endpoint:
      endpointPolicies(optionalText(args, 'privateEndpointNetworkPolicies')) ??
      disabled('disablePrivateEndpointNetworkPolicies'),
    service:
      service === 'Enabled' || service === 'Disabled'
        ? service
        : disabled('disablePrivateLinkServiceNetworkPolicies'),
  };
}

/** `Microsoft.Web.serverFarms`, as older pages have it, is `Microsoft.Web/serverFarms` (`delegation_trans`). */
function delegatedService(name: string): string {
  const [, service, type, ...more] = name.split('.');
  if (name.includes('/') || service === undefined || type === undefined || more.length > 0) return name;
  return `Microsoft.${service}/${type}`;
}

/** The options that create and update share, as changes to a subnet. */
function changesOf(cloud: Cloud, args: AzArguments) {
  const group = textArgument(args, 'resourceGroup');
  const { endpoint, service } = policies(args);
  return given({
    networkSecurityGroup: optionalIdOf(cloud, optionalText(args, 'networkSecurityGroup'), group, NSG),
    routeTable: optionalIdOf(cloud, optionalText(args, 'routeTable'), group, ROUTE_TABLE),
    natGateway: optionalIdOf(cloud, optionalText(args, 'natGateway'), group, NAT_GATEWAY),
    delegations: optionalList(args, 'delegations')
      ?.filter((one) => one !== '')
      .map(delegatedService),
    serviceEndpoints: optionalList(args, 'serviceEndpoints')?.filter((one) => one !== ''),
    defaultOutboundAccess: optionalBoolean(args, 'defaultOutboundAccess'),
    privateEndpointNetworkPolicies: endpoint,
    privateLinkServiceNetworkPolicies: service,
  });
}

export const subnetCommands: readonly AzCommand[] = [
  {
    path: ['network', 'vnet', 'subnet', 'create'],
    summary: 'Create a subnet and associate an existing NSG and route table.',
    options: [
      text('--name -n', 'The subnet name.', { required: true }),
      resourceGroup,
      text('--vnet-name', 'The virtual network (VNet) name.', { required: true }),
      ...properties,
    ],
    examples: [
      {
        does: 'Create new subnet attached to an NSG with a custom route table.',
        line: 'az network vnet subnet create -g MyResourceGroup --vnet-name MyVnet -n MySubnet --address-prefixes 10.0.0.0/24 --network-security-group MyNsg --route-table MyRouteTable',
      },
    ],
    run: (cloud, args) => {
      const addressPrefix = onePrefix(optionalList(args, 'addressPrefixes'));
      if (!addressPrefix.ok) return addressPrefix;
      if (addressPrefix.value === undefined) {
        return usageFailure('the following arguments are required: --address-prefixes', 2);
      }
      const existing = findSubnet(cloud, subnetIdOf(cloud, named(args)));
      return changed(
        createSubnet(cloud, named(args), {
          addressPrefix: addressPrefix.value,
          defaultOutboundAccess:
            existing === null ? defaultOutboundAccessOfNew(cloud) : existing.subnet.defaultOutboundAccess,
          ...changesOf(cloud, args),
        }),
        (next) => print(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'vnet', 'subnet', 'update'],
    summary: 'Update a subnet.',
    options: [groupOfId, vnetName, name, ...properties, ...genericUpdate],
    examples: [
      {
        does: 'Associate a network security group to a subnet.',
        line: 'az network vnet subnet update -g MyResourceGroup -n MySubnet --vnet-name MyVNet --network-security-group MyNsg',
      },
      {
        does: 'Take the route table off a subnet.',
        line: 'az network vnet subnet update -g MyResourceGroup -n MySubnet --vnet-name MyVNet --remove routeTable',
      },
    ],
    run: (cloud, args) => {
      const found = requireSubnet(cloud, named(args));
      if (!found.ok) return refusedByAzure(found.error);
      const addressPrefix = onePrefix(optionalList(args, 'addressPrefixes'));
      if (!addressPrefix.ok) return addressPrefix;
      const edited = editResource(subnetJson(cloud, found.value.subnet), args, [
        'addressPrefix',
        { path: 'defaultOutboundAccess', removable: true },
        'delegations',
        'natGateway',
        'networkSecurityGroup',
        { path: 'privateEndpointNetworkPolicies', values: ENDPOINT_POLICIES },
        { path: 'privateLinkServiceNetworkPolicies', values: ['Enabled', 'Disabled'] },
        'routeTable',
        'serviceEndpoints',
      ]);
      if (!edited.ok) return edited;
      const { value, text: textOf, boolean: booleanOf } = edited.value;
      const reference = (path: string): string | null | undefined =>
        value(path) === null ? null : textOf(`${path}.id`);
      const servicePolicies = textOf('privateLinkServiceNetworkPolicies')?.toLowerCase();
      const delegations = value('delegations');
      if (Array.isArray(delegations) && delegations.length > 0) {
        return usageFailure('Use --delegations to change the delegations of a subnet.');
      }
      const endpoints = value('serviceEndpoints');
      if (Array.isArray(endpoints) && endpoints.length > 0) {
        return usageFailure('Use --service-endpoints to change the service endpoints of a subnet.');
      }
      const generic = given({
        addressPrefix: textOf('addressPrefix') ?? undefined,
        networkSecurityGroup: reference('networkSecurityGroup'),
        routeTable: reference('routeTable'),
        natGateway: reference('natGateway'),
        delegations: delegations === undefined ? undefined : [],
        serviceEndpoints: endpoints === undefined ? undefined : [],
        defaultOutboundAccess:
          value('defaultOutboundAccess') === null ? null : booleanOf('defaultOutboundAccess'),
        privateEndpointNetworkPolicies: endpointPolicies(textOf('privateEndpointNetworkPolicies')),
        privateLinkServiceNetworkPolicies: (['Enabled', 'Disabled'] as const).find(
          (one) => one.toLowerCase() === servicePolicies,
        ),
      });
      return changed(
        updateSubnet(cloud, named(args), {
          ...generic,
          ...given({ addressPrefix: addressPrefix.value }),
          ...changesOf(cloud, args),
        }),
        (next) => print(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'vnet', 'subnet', 'show'],
    summary: 'Show details of a subnet.',
    options: [groupOfId, vnetName, name, expand],
    run: (cloud, args) =>
      shown(cloud, requireSubnet(cloud, named(args)), ({ subnet }) => subnetJson(cloud, subnet)),
  },
  {
    path: ['network', 'vnet', 'subnet', 'list'],
    summary: 'List the subnets in a virtual network.',
    options: [resourceGroup, text('--vnet-name', 'The virtual network (VNet) name.', { required: true })],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(
          cloud,
          'Microsoft.Network/virtualNetworks',
          textArgument(args, 'resourceGroup'),
          textArgument(args, 'vnetName'),
        ),
        (vnet) => vnet.subnets.map((subnet) => subnetJson(cloud, subnet)),
      ),
  },
  {
    path: ['network', 'vnet', 'subnet', 'delete'],
    summary: 'Delete a subnet.',
    options: [groupOfId, vnetName, name, noWait],
    run: (cloud, args) => changed(deleteSubnet(cloud, named(args)), undefined, 10),
  },
  {
    path: ['network', 'vnet', 'subnet', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, vnetName, name, expand, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, print(cloud, args)),
  },
  {
    path: ['network', 'vnet', 'subnet', 'list-available-ips'],
    summary: 'List some available ips in the subnet.',
    options: [groupOfId, vnetName, name],
    run: (cloud, args) => {
      const found = requireSubnet(cloud, named(args));
      if (!found.ok) return refusedByAzure(found.error);
      return ok({ cloud, output: offeredAddresses(cloud, found.value.subnet) });
    },
  },
  {
    path: ['network', 'vnet', 'list-endpoint-services'],
    summary: 'List which services support VNET service tunneling in a given region.',
    options: [{ ...location, required: true }],
    run: (cloud, args) => {
      const region = checkLocation(textArgument(args, 'location'), ENDPOINT_SERVICE);
      if (!region.ok) return refusedByAzure(region.error);
      const services = `/subscriptions/${cloud.subscription.id}/providers/${ENDPOINT_SERVICE}`;
      return ok({
        cloud,
        output: SERVICE_ENDPOINTS.value.map((each) => ({
          id: `${services}/${each.name}`,
          name: each.name,
          type: ENDPOINT_SERVICE,
        })),
      });
    },
  },
];
