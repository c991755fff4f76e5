/** Network resources as `az network ... show` prints them: no nulls, ids with their resource group beside them. */
import { drawGuid } from '../../model/chance.ts';
import type { Cloud } from '../../model/cloud.ts';
import { armKey, getResource, listResources, sameId } from '../../model/azure/resource-store.ts';
import type {
  ApplicationSecurityGroup,
  IpConfiguration,
  NatGateway,
  NetworkInterface,
  NetworkSecurityGroup,
  PublicIpAddress,
  PublicIpPrefix,
  Route,
  RouteTable,
  SecurityRule,
  Subnet,
  SubResource,
  VirtualNetwork,
  VirtualNetworkPeering,
} from '../../model/azure/resources.ts';
import { subnetAllocations } from '../../model/azure/subnet-addresses.ts';
import type { Json } from './command.ts';

export type JsonObject = { readonly [key: string]: Json };

/** Leaves out what the service would not have sent: null and undefined. */
export function compact(entries: { readonly [key: string]: Json | undefined }): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(entries)) {
    if (value !== undefined && value !== null) kept[key] = value;
  }
  return kept;
}

/** A reference: azure-cli adds the group's name, taken from the id. */
export function reference(target: SubResource): JsonObject {
  return { id: target.id, resourceGroup: groupOf(target.id) };
}

function optionalReference(target: SubResource | null): JsonObject | null {
  return target === null ? null : reference(target);
}

export function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

export function resourceGuid(cloud: Cloud, id: string): string {
  return drawGuid({ seed: cloud.seed, pins: {} }, `resource-guid/${armKey(id)}`);
}

export function virtualNetworkJson(cloud: Cloud, vnet: VirtualNetwork): JsonObject {
  return compact({
    addressSpace: { addressPrefixes: vnet.addressSpace.addressPrefixes },
    dhcpOptions: { dnsServers: vnet.dhcpOptions.dnsServers },
    enableDdosProtection: vnet.enableDdosProtection,
    etag: vnet.etag,
    id: vnet.id,
    location: vnet.location,
    name: vnet.name,
    privateEndpointVNetPolicies: 'Disabled',
    provisioningState: vnet.provisioningState,
    resourceGroup: vnet.resourceGroup,
    resourceGuid: resourceGuid(cloud, vnet.id),
    subnets: vnet.subnets.map((subnet) => subnetJson(cloud, subnet)),
    tags: vnet.tags,
    type: vnet.type,
    virtualNetworkPeerings: vnet.virtualNetworkPeerings.map((peering) => peeringJson(cloud, vnet, peering)),
  });
}

/** A peering of a VNet. Both ends of a pair show the same `resourceGuid`. */
export function peeringJson(cloud: Cloud, vnet: VirtualNetwork, peering: VirtualNetworkPeering): JsonObject {
  const remoteId = peering.remoteVirtualNetwork.id;
  const remote = getResource(cloud, remoteId, 'Microsoft.Network/virtualNetworks');
  return compact({
    allowForwardedTraffic: peering.allowForwardedTraffic,
    allowGatewayTransit: peering.allowGatewayTransit,
    allowVirtualNetworkAccess: peering.allowVirtualNetworkAccess,
    doNotVerifyRemoteGateways: false,
    etag: peering.etag,
    id: peering.id,
    name: peering.name,
    peerCompleteVnets: true,
    peeringState: peering.peeringState,
    peeringSyncLevel: peering.peeringSyncLevel,
    provisioningState: peering.provisioningState,
    remoteAddressSpace: { addressPrefixes: peering.remoteAddressSpace.addressPrefixes },
    remoteVirtualNetwork: reference(peering.remoteVirtualNetwork),
    remoteVirtualNetworkAddressSpace: {
      addressPrefixes: (remote?.addressSpace ?? peering.remoteAddressSpace).addressPrefixes,
    },
    resourceGroup: groupOf(peering.id),
    resourceGuid: resourceGuid(cloud, [vnet.id, remoteId].map(armKey).sort().join(' ')),
    type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    useRemoteGateways: peering.useRemoteGateways,
  });
}

export function subnetJson(cloud: Cloud, subnet: Subnet): JsonObject {
  const ipConfigurations = subnetAllocations(cloud, subnet.id)
    .filter((one) => one.kind === 'ip-configuration')
    .map((one) => reference({ id: one.by }));
  return compact({
    addressPrefix: subnet.addressPrefix,
    defaultOutboundAccess: subnet.defaultOutboundAccess,
    delegations: subnet.delegations.map((one) => ({
      actions: ['Microsoft.Network/virtualNetworks/subnets/action'],
      etag: subnet.etag,
      id: `${subnet.id}/delegations/${one.name}`,
      name: one.name,
      provisioningState: 'Succeeded',
      resourceGroup: groupOf(subnet.id),
      serviceName: one.serviceName,
      type: 'Microsoft.Network/virtualNetworks/subnets/delegations',
    })),
    etag: subnet.etag,
    id: subnet.id,
    ipConfigurations: ipConfigurations.length === 0 ? null : ipConfigurations,
    name: subnet.name,
    natGateway: optionalReference(subnet.natGateway ?? null),
    networkSecurityGroup: optionalReference(subnet.networkSecurityGroup),
    privateEndpointNetworkPolicies: subnet.privateEndpointNetworkPolicies,
    privateLinkServiceNetworkPolicies: subnet.privateLinkServiceNetworkPolicies,
    provisioningState: subnet.provisioningState,
    resourceGroup: groupOf(subnet.id),
    routeTable: optionalReference(subnet.routeTable),
    serviceEndpoints:
      subnet.serviceEndpoints?.map(({ service, locations }) => ({
        locations,
        provisioningState: 'Succeeded',
        service,
      })) ?? null,
    type: 'Microsoft.Network/virtualNetworks/subnets',
  });
}

/** The subnets that point at a route table or a security group. */
function subnetsOf(
  cloud: Cloud,
  key: 'routeTable' | 'networkSecurityGroup' | 'natGateway',
  id: string,
): readonly JsonObject[] {
  return listResources(cloud, 'Microsoft.Network/virtualNetworks')
    .flatMap((vnet) => vnet.subnets)
    .filter((subnet) => {
      const target = subnet[key] ?? null;
      return target !== null && sameId(target.id, id);
    })
    .map(reference);
}

export function routeTableJson(cloud: Cloud, table: RouteTable): JsonObject {
  const subnets = subnetsOf(cloud, 'routeTable', table.id);
  return compact({
    disableBgpRoutePropagation: table.disableBgpRoutePropagation,
    etag: table.etag,
    id: table.id,
    location: table.location,
    name: table.name,
    provisioningState: table.provisioningState,
    resourceGroup: table.resourceGroup,
    resourceGuid: resourceGuid(cloud, table.id),
    routes: table.routes.map(routeJson),
    subnets: subnets.length === 0 ? null : subnets,
    tags: table.tags,
    type: table.type,
  });
}

export function routeJson(route: Route): JsonObject {
  return compact({
    addressPrefix: route.addressPrefix,
    etag: route.etag,
    hasBgpOverride: route.hasBgpOverride,
    id: route.id,
    name: route.name,
    nextHopIpAddress: route.nextHopIpAddress,
    nextHopType: route.nextHopType,
    provisioningState: route.provisioningState,
    resourceGroup: groupOf(route.id),
    type: 'Microsoft.Network/routeTables/routes',
  });
}

export function applicationSecurityGroupJson(cloud: Cloud, group: ApplicationSecurityGroup): JsonObject {
  return compact({
    etag: group.etag,
    id: group.id,
    location: group.location,
    name: group.name,
    provisioningState: group.provisioningState,
    resourceGroup: group.resourceGroup,
    resourceGuid: resourceGuid(cloud, group.id),
    tags: group.tags,
    type: group.type,
  });
}

/** References to groups; null where there are none, which the service leaves out. */
function groupReferences(groups: readonly SubResource[] | undefined): readonly JsonObject[] | null {
  return groups === undefined || groups.length === 0 ? null : groups.map(reference);
}

export function networkSecurityGroupJson(cloud: Cloud, group: NetworkSecurityGroup): JsonObject {
  const subnets = subnetsOf(cloud, 'networkSecurityGroup', group.id);
  const networkInterfaces = allInterfaces(cloud)
    .filter((nic) => nic.networkSecurityGroup !== null && sameId(nic.networkSecurityGroup.id, group.id))
    .map(reference);
  return compact({
    defaultSecurityRules: group.defaultSecurityRules.map((rule) => securityRuleJson(rule, 'default')),
    etag: group.etag,
    id: group.id,
    location: group.location,
    name: group.name,
    networkInterfaces: networkInterfaces.length === 0 ? null : networkInterfaces,
    provisioningState: group.provisioningState,
    resourceGroup: group.resourceGroup,
    resourceGuid: resourceGuid(cloud, group.id),
    securityRules: group.securityRules.map((rule) => securityRuleJson(rule, 'own')),
    subnets: subnets.length === 0 ? null : subnets,
    tags: group.tags,
    type: group.type,
  });
}

/** NICs of their own, and those of scale set instances. */
export function allInterfaces(cloud: Cloud): readonly Omit<NetworkInterface, 'virtualMachine'>[] {
  return [
    ...listResources(cloud, 'Microsoft.Network/networkInterfaces'),
    ...listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').flatMap((set) =>
      set.instances.map((instance) => instance.networkInterface),
    ),
  ];
}

export function securityRuleJson(rule: SecurityRule, origin: 'own' | 'default'): JsonObject {
  return compact({
    access: rule.access,
    description: rule.description,
    destinationAddressPrefix: rule.destinationAddressPrefix,
    destinationAddressPrefixes: rule.destinationAddressPrefixes,
    destinationApplicationSecurityGroups: groupReferences(rule.destinationApplicationSecurityGroups),
    destinationPortRange: rule.destinationPortRange,
    destinationPortRanges: rule.destinationPortRanges,
    direction: rule.direction,
    etag: rule.etag,
    id: rule.id,
    name: rule.name,
    priority: rule.priority,
    protocol: rule.protocol,
    provisioningState: rule.provisioningState,
    resourceGroup: groupOf(rule.id),
    sourceAddressPrefix: rule.sourceAddressPrefix,
    sourceAddressPrefixes: rule.sourceAddressPrefixes,
    sourceApplicationSecurityGroups: groupReferences(rule.sourceApplicationSecurityGroups),
    sourcePortRange: rule.sourcePortRange,
    sourcePortRanges: rule.sourcePortRanges,
    type: `Microsoft.Network/networkSecurityGroups/${origin === 'own' ? 'securityRules' : 'defaultSecurityRules'}`,
  });
}

export function networkInterfaceJson(cloud: Cloud, nic: NetworkInterface): JsonObject {
  return compact({
    auxiliaryMode: 'None',
    auxiliarySku: 'None',
    disableTcpStateTracking: false,
    dnsSettings: { appliedDnsServers: [], dnsServers: [] },
    enableAcceleratedNetworking: false,
    enableIPForwarding: nic.enableIPForwarding,
    etag: nic.etag,
    hostedWorkloads: [],
    id: nic.id,
    ipConfigurations: nic.ipConfigurations.map((one) => ipConfigurationJson(one, nic.etag)),
    location: nic.location,
    // The service knows the MAC once a machine has started with the NIC.
    macAddress: nic.virtualMachine === null ? null : nic.macAddress,
    name: nic.name,
    networkSecurityGroup: optionalReference(nic.networkSecurityGroup),
    nicType: 'Standard',
    primary: nic.virtualMachine === null ? null : nic.primary,
    privateEndpoint: privateEndpointOf(cloud, nic),
    provisioningState: nic.provisioningState,
    resourceGroup: nic.resourceGroup,
    resourceGuid: resourceGuid(cloud, nic.id),
    tags: nic.tags,
    tapConfigurations: [],
    type: nic.type,
    virtualMachine: optionalReference(nic.virtualMachine),
    vnetEncryptionSupported: false,
  });
}

function privateEndpointOf(cloud: Cloud, nic: NetworkInterface): JsonObject | null {
  const owner = listResources(cloud, 'Microsoft.Network/privateEndpoints').find(({ networkInterfaces }) =>
    networkInterfaces.some(({ id }) => sameId(id, nic.id)),
  );
  return owner === undefined ? null : reference(owner);
}

export function ipConfigurationJson(configuration: IpConfiguration, etag: string): JsonObject {
  return compact({
    applicationSecurityGroups: groupReferences(configuration.applicationSecurityGroups),
    etag,
    id: configuration.id,
    loadBalancerBackendAddressPools:
      configuration.loadBalancerBackendAddressPools.length === 0
        ? null
        : configuration.loadBalancerBackendAddressPools.map(reference),
    name: configuration.name,
    primary: configuration.primary,
    privateIPAddress: configuration.privateIPAddress,
    privateIPAddressVersion: configuration.privateIPAddressVersion,
    privateIPAllocationMethod: configuration.privateIPAllocationMethod,
    provisioningState: 'Succeeded',
    publicIPAddress: optionalReference(configuration.publicIPAddress),
    resourceGroup: groupOf(configuration.id),
    subnet: reference(configuration.subnet),
    type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
  });
}

export function publicIpAddressJson(cloud: Cloud, address: PublicIpAddress): JsonObject {
  return compact({
    ddosSettings: { protectionMode: 'VirtualNetworkInherited' },
    dnsSettings: address.dnsSettings,
    etag: address.etag,
    id: address.id,
    idleTimeoutInMinutes: address.idleTimeoutInMinutes,
    ipAddress: address.ipAddress,
    ipConfiguration: optionalReference(address.ipConfiguration),
    ipTags: address.ipTags ?? [],
    location: address.location,
    name: address.name,
    natGateway: optionalReference(address.natGateway ?? null),
    provisioningState: address.provisioningState,
    publicIPAddressVersion: address.publicIPAddressVersion,
    publicIPAllocationMethod: address.publicIPAllocationMethod,
    publicIPPrefix: optionalReference(address.publicIPPrefix ?? null),
    resourceGroup: address.resourceGroup,
    resourceGuid: resourceGuid(cloud, address.id),
    sku: { name: address.sku.name, tier: address.sku.tier },
    tags: address.tags,
    type: address.type,
    zones: address.zones,
  });
}

export function publicIpPrefixJson(cloud: Cloud, prefix: PublicIpPrefix): JsonObject {
  const addresses = listResources(cloud, 'Microsoft.Network/publicIPAddresses').filter(
    (one) => one.publicIPPrefix !== undefined && sameId(one.publicIPPrefix.id, prefix.id),
  );
  return compact({
    etag: prefix.etag,
    id: prefix.id,
    ipPrefix: prefix.ipPrefix,
    ipTags: [],
    location: prefix.location,
    name: prefix.name,
    natGateway: optionalReference(prefix.natGateway ?? null),
    prefixLength: prefix.prefixLength,
    provisioningState: prefix.provisioningState,
    publicIPAddressVersion: prefix.publicIPAddressVersion,
    publicIPAddresses: addresses.length === 0 ? null : addresses.map(reference),
    resourceGroup: prefix.resourceGroup,
    resourceGuid: resourceGuid(cloud, prefix.id),
    sku: { name: prefix.sku.name, tier: prefix.sku.tier },
    tags: prefix.tags,
    type: prefix.type,
    zones: prefix.zones,
  });
}

export function natGatewayJson(cloud: Cloud, gateway: NatGateway): JsonObject {
  const subnets = subnetsOf(cloud, 'natGateway', gateway.id);
  const references = (list: readonly SubResource[]): Json => (list.length === 0 ? null : list.map(reference));
  return compact({
    etag: gateway.etag,
    id: gateway.id,
    idleTimeoutInMinutes: gateway.idleTimeoutInMinutes,
    location: gateway.location,
    name: gateway.name,
    provisioningState: gateway.provisioningState,
    publicIpAddresses: references(gateway.publicIpAddresses),
    publicIpPrefixes: references(gateway.publicIpPrefixes),
    resourceGroup: gateway.resourceGroup,
    resourceGuid: resourceGuid(cloud, gateway.id),
    sku: { name: gateway.sku.name },
    subnets: subnets.length === 0 ? null : subnets,
    tags: gateway.tags,
    type: gateway.type,
    zones: gateway.zones,
  });
}

/** The public address that an IP configuration holds, as text; null if none. */
export function publicAddressOf(cloud: Cloud, configuration: IpConfiguration): string | null {
  if (configuration.publicIPAddress === null) return null;
  return (
    getResource(cloud, configuration.publicIPAddress.id, 'Microsoft.Network/publicIPAddresses')?.ipAddress ??
    null
  );
}
