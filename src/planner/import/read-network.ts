/** VNets, subnets, peerings, route tables, security groups and NICs out of pasted JSON. */
import { armKey } from '../../model/azure/resource-store.ts';
import { defaultSecurityRules } from '../../model/azure/network-security-group.ts';
import { drawNetworkInterfaceMac } from '../../model/azure/network-interface.ts';
import type {
  ApplicationSecurityGroup,
  IpConfiguration,
  NetworkInterface,
  NetworkSecurityGroup,
  Route,
  RouteTable,
  SecurityRule,
  Subnet,
  VirtualNetwork,
  VirtualNetworkPeering,
} from '../../model/azure/resources.ts';
import { baseOf, bagOfObject, etagOf, onlyIpv4, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

const SUCCEEDED = 'Succeeded';

export function readVirtualNetwork(object: ArmObject, { log }: ReadContext): VirtualNetwork {
  const bag = bagOfObject(object, log);
  const space = bag.bag('addressSpace');
  const addressPrefixes = onlyIpv4(bag, 'addressSpace', space?.texts('addressPrefixes') ?? []);
  space?.finish({ harmless: ['ipamPoolPrefixAllocations'] });
  const dns = bag.bag('dhcpOptions');
  const vnet: VirtualNetwork = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/virtualNetworks',
    addressSpace: { addressPrefixes },
    dhcpOptions: { dnsServers: dns?.texts('dnsServers') ?? [] },
    enableDdosProtection: bag.flag('enableDdosProtection', false),
    subnets: bag.bags('subnets').map((each) => readSubnet(each, object.id)),
    virtualNetworkPeerings: bag.bags('virtualNetworkPeerings').map((each) => readPeering(each, object.id)),
  };
  if (addressPrefixes.length === 0) {
    bag.leave('addressSpace', 'Without an address space nothing in this VNet can be reached.', 'decides');
  }
  dns?.finish();
  bag.finish({
    harmless: [
      'flowLogs',
      'flowTimeoutInMinutes',
      'encryption',
      'bgpCommunities',
      'ddosProtectionPlan',
      'privateEndpointVNetPolicies',
      'enableVmProtection',
      'ipAllocations',
      'identity',
    ],
    matters: { defaultPublicNatGateway: 'It changes which address traffic to the internet has.' },
  });
  return vnet;
}

export function readSubnet(part: Bag, vnetId: string): Subnet {
  const { id, name } = partId(part, vnetId, 'subnets');
  const bag = part.under(armKey(id));
  const prefixes = onlyIpv4(
    bag,
    'addressPrefixes',
    [...new Set([bag.text('addressPrefix') ?? '', ...bag.texts('addressPrefixes')])].filter(
      (each) => each !== '',
    ),
  );
  for (const extra of prefixes.slice(1)) {
    bag.leave(
      `addressPrefixes ${extra}`,
      'A subnet has one prefix here: what is in this one is not known.',
      'decides',
    );
  }
  const natGateway = bag.reference('natGateway');
  const endpoints = bag.bags('serviceEndpoints').flatMap((each) => {
    const service = each.text('service');
    const locations = each.texts('locations');
    each.finish({ harmless: ['networkIdentifier'] });
    return service === null ? [] : [{ service, locations }];
  });
  const access = bag.raw('defaultOutboundAccess');
  const subnet: Subnet = {
    id,
    name,
    addressPrefix: prefixes[0] ?? '',
    networkSecurityGroup: bag.reference('networkSecurityGroup'),
    routeTable: bag.reference('routeTable'),
    ...(natGateway === null ? {} : { natGateway }),
    delegations: bag.bags('delegations').map((each) => ({
      name: each.text('name') ?? 'delegation',
      serviceName: each.text('serviceName') ?? '',
    })),
    ...(endpoints.length === 0 ? {} : { serviceEndpoints: endpoints }),
    defaultOutboundAccess: typeof access === 'boolean' ? access : null,
    privateEndpointNetworkPolicies: policies(bag),
    privateLinkServiceNetworkPolicies: bag.choice(
      'privateLinkServiceNetworkPolicies',
      ['Enabled', 'Disabled'],
      'Enabled',
    ),
    etag: etagOf(bag),
    provisioningState: SUCCEEDED,
  };
  bag.finish({
    // Who is in the subnet is read from those themselves, and looked for in missing.ts.
    harmless: [
      'ipConfigurations',
      'privateEndpoints',
      'serviceAssociationLinks',
      'resourceNavigationLinks',
      'purpose',
      'ipAllocations',
      'ipamPoolPrefixAllocations',
      'sharingScope',
    ],
    matters: {
      applicationGatewayIPConfigurations:
        'An application gateway is in this subnet, and what it forwards is not modelled.',
      ipConfigurationProfiles: 'Containers have addresses in this subnet, and they are not modelled.',
    },
    decides: {
      serviceEndpointPolicies:
        'It allows only some accounts of a service over the service endpoint, and which is not modelled.',
    },
  });
  return subnet;
}

/** The two that concern security groups or routes alone are named: the model has all or none. */
function policies(bag: Bag): Subnet['privateEndpointNetworkPolicies'] {
  const value = bag.raw('privateEndpointNetworkPolicies');
  if (value === 'NetworkSecurityGroupEnabled' || value === 'RouteTableEnabled') {
    bag.leave(
      `privateEndpointNetworkPolicies = ${value}`,
      'Either security groups or routes count for private endpoints here; the model has both or none, and takes both.',
      'may-matter',
    );
    return 'Enabled';
  }
  return bag.choice('privateEndpointNetworkPolicies', ['Enabled', 'Disabled'], 'Disabled');
}

export function readPeering(part: Bag, vnetId: string): VirtualNetworkPeering {
  const { id, name } = partId(part, vnetId, 'virtualNetworkPeerings');
  const bag = part.under(armKey(id));
  const synced = bag.bag('remoteAddressSpace');
  const current = bag.bag('remoteVirtualNetworkAddressSpace');
  const [learned, today] = [synced, current].map((each) => each?.texts('addressPrefixes') ?? []);
  const complete = bag.flag('peerCompleteVnets', true);
  if (!complete) {
    bag.leave(
      'peerCompleteVnets = false',
      'Only some subnets of the two VNets are peered, and the model peers whole VNets.',
      'decides',
    );
  }
  if (bag.flag('enableOnlyIPv6Peering', false)) {
    bag.leave(
      'enableOnlyIPv6Peering = true',
      'IPv6 is not modelled: this peering carries no IPv4.',
      'decides',
    );
  }
  const remote = bag.reference('remoteVirtualNetwork');
  if (remote === null)
    bag.leave('remoteVirtualNetwork', 'Nobody can say where this peering leads.', 'decides');
  const peering: VirtualNetworkPeering = {
    id,
    name,
    remoteVirtualNetwork: remote ?? { id: '' },
    allowVirtualNetworkAccess: bag.flag('allowVirtualNetworkAccess', true),
    allowForwardedTraffic: bag.flag('allowForwardedTraffic', false),
    allowGatewayTransit: bag.flag('allowGatewayTransit', false),
    useRemoteGateways: bag.flag('useRemoteGateways', false),
    peeringState: bag.choice('peeringState', ['Initiated', 'Connected', 'Disconnected'], 'Initiated'),
    peeringSyncLevel: bag.choice(
      'peeringSyncLevel',
      ['FullyInSync', 'LocalNotInSync', 'RemoteNotInSync', 'LocalAndRemoteNotInSync'],
      'FullyInSync',
    ),
    remoteAddressSpace: {
      addressPrefixes: onlyIpv4(bag, 'remoteAddressSpace', (synced === null ? today : learned) ?? []),
    },
    etag: etagOf(bag),
    provisioningState: SUCCEEDED,
  };
  bag.finish({
    harmless: [
      'doNotVerifyRemoteGateways',
      'remoteBgpCommunities',
      'remoteVirtualNetworkEncryption',
      'localAddressSpace',
      'localVirtualNetworkAddressSpace',
      'remoteGateways',
      ...(complete ? [] : ['localSubnetNames', 'remoteSubnetNames']),
    ],
  });
  return peering;
}

export function readRouteTable(object: ArmObject, { log }: ReadContext): RouteTable {
  const bag = bagOfObject(object, log);
  const table: RouteTable = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/routeTables',
    disableBgpRoutePropagation: bag.flag('disableBgpRoutePropagation', false),
    routes: bag.bags('routes').flatMap((each) => readRoute(each, object.id) ?? []),
  };
  bag.finish({ harmless: ['subnets'] });
  return table;
}

export function readRoute(bag: Bag, tableId: string): Route | null {
  const { id, name } = partId(bag, tableId, 'routes');
  const addressPrefix = bag.text('addressPrefix') ?? '';
  if (addressPrefix.includes(':')) {
    bag.leave(
      `addressPrefix ${addressPrefix}`,
      'IPv6 is not modelled: flows over IPv6 cannot be asked.',
      'no-packets',
    );
    return null;
  }
  if (bag.has('nextHop')) {
    bag.leave(
      'nextHop',
      'A route with several next hops is not modelled: which one takes a flow is not known.',
      'decides',
    );
    bag.raw('nextHop');
  }
  const route: Route = {
    id,
    name,
    addressPrefix,
    nextHopType: bag.choice(
      'nextHopType',
      ['VirtualAppliance', 'VnetLocal', 'Internet', 'VirtualNetworkGateway', 'None'],
      'None',
    ),
    nextHopIpAddress: bag.text('nextHopIpAddress') || null,
    hasBgpOverride: bag.flag('hasBgpOverride', false),
    etag: etagOf(bag),
    provisioningState: SUCCEEDED,
  };
  bag.finish({ harmless: ['disableBgpRoutePropagation'] });
  return route;
}

export function readSecurityGroup(object: ArmObject, { cloud, log }: ReadContext): NetworkSecurityGroup {
  const bag = bagOfObject(object, log);
  const own = bag.bags('securityRules').flatMap((each) => readSecurityRule(each, object.id) ?? []);
  const defaults = bag
    .bags('defaultSecurityRules')
    .flatMap((each) => readSecurityRule(each, object.id, 'defaultSecurityRules') ?? []);
  const group: NetworkSecurityGroup = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/networkSecurityGroups',
    securityRules: own,
    // Templates do not export them; every group has them.
    defaultSecurityRules: defaults.length === 0 ? defaultSecurityRules(cloud, object.id) : defaults,
  };
  bag.finish({ harmless: ['subnets', 'networkInterfaces', 'flowLogs', 'flushConnection'] });
  return group;
}

export function readSecurityRule(
  bag: Bag,
  groupId: string,
  collection: 'securityRules' | 'defaultSecurityRules' = 'securityRules',
): SecurityRule | null {
  const { id, name } = partId(bag, groupId, collection);
  const [sourceGroups, destinationGroups] = [
    bag.references('sourceApplicationSecurityGroups'),
    bag.references('destinationApplicationSecurityGroups'),
  ];
  const rule: SecurityRule = {
    id,
    name,
    description: bag.text('description'),
    priority: bag.number('priority', 65_000),
    direction: bag.choice('direction', ['Inbound', 'Outbound'], 'Inbound'),
    access: bag.choice('access', ['Allow', 'Deny'], 'Deny'),
    protocol: bag.choice('protocol', ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*'], '*'),
    sourceAddressPrefix: bag.text('sourceAddressPrefix') || null,
    sourceAddressPrefixes: bag.texts('sourceAddressPrefixes'),
    ...(sourceGroups.length === 0 ? {} : { sourceApplicationSecurityGroups: sourceGroups }),
    sourcePortRange: bag.text('sourcePortRange') || null,
    sourcePortRanges: bag.texts('sourcePortRanges'),
    destinationAddressPrefix: bag.text('destinationAddressPrefix') || null,
    destinationAddressPrefixes: bag.texts('destinationAddressPrefixes'),
    ...(destinationGroups.length === 0 ? {} : { destinationApplicationSecurityGroups: destinationGroups }),
    destinationPortRange: bag.text('destinationPortRange') || null,
    destinationPortRanges: bag.texts('destinationPortRanges'),
    etag: etagOf(bag),
    provisioningState: SUCCEEDED,
  };
  if (!bag.has('direction') || !bag.has('access') || !bag.has('priority')) {
    bag.leave(
      'direction, access or priority',
      'They are not there, so what the rule does is not known.',
      'decides',
    );
  }
  bag.finish();
  return rule;
}

export function readApplicationSecurityGroup(
  object: ArmObject,
  { log }: ReadContext,
): ApplicationSecurityGroup {
  const bag = bagOfObject(object, log);
  const group: ApplicationSecurityGroup = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/applicationSecurityGroups',
  };
  bag.finish();
  return group;
}

export function readNetworkInterface(object: ArmObject, context: ReadContext): NetworkInterface {
  const bag = bagOfObject(object, context.log);
  const base = baseOf(object, bag);
  const nic: NetworkInterface = {
    ...base,
    type: 'Microsoft.Network/networkInterfaces',
    enableIPForwarding: bag.flag('enableIPForwarding', false),
    macAddress: bag.text('macAddress') || drawNetworkInterfaceMac(context.cloud, object.id),
    networkSecurityGroup: bag.reference('networkSecurityGroup'),
    primary: bag.flag('primary', true),
    virtualMachine: bag.reference('virtualMachine'),
    ipConfigurations: bag
      .bags('ipConfigurations')
      .flatMap((each, index) => readIpConfiguration(each, object.id, index === 0) ?? []),
  };
  bag.finish({
    harmless: [
      'auxiliaryMode',
      'auxiliarySku',
      'dnsSettings',
      'enableAcceleratedNetworking',
      'hostedWorkloads',
      'nicType',
      'privateEndpoint',
      'privateLinkService',
      'tapConfigurations',
      'vnetEncryptionSupported',
      'allowPort25Out',
      'defaultOutboundConnectivityEnabled',
      'dscpConfiguration',
      'migrationPhase',
      'workloadType',
    ],
    matters: {
      disableTcpStateTracking:
        'Security groups take every packet of this NIC for a new one; the model tracks connections.',
    },
  });
  return nic;
}

export function readIpConfiguration(part: Bag, nicId: string, first: boolean): IpConfiguration | null {
  const { id, name } = partId(part, nicId, 'ipConfigurations');
  const bag = part.under(armKey(id));
  const version = bag.text('privateIPAddressVersion') ?? 'IPv4';
  if (version.toLowerCase() === 'ipv6') {
    bag.leave(
      'privateIPAddressVersion = IPv6',
      'IPv6 is not modelled: flows over IPv6 cannot be asked.',
      'no-packets',
    );
    return null;
  }
  const subnet = bag.reference('subnet');
  const address = bag.text('privateIPAddress');
  if (subnet === null || address === null) {
    bag.leave(
      subnet === null ? 'subnet' : 'privateIPAddress',
      'It is not there, so nobody can say where this address is. A template has no addresses that Azure chose: az network nic list has.',
      'decides',
    );
  }
  const groups = bag.references('applicationSecurityGroups');
  const block = bag.raw('privateIPAddressPrefixLength');
  if (block !== undefined && block !== 32) {
    bag.leave(
      'privateIPAddressPrefixLength',
      'A block of addresses on one configuration is not modelled.',
      'decides',
    );
  }
  const configuration: IpConfiguration = {
    id,
    name,
    primary: bag.flag('primary', first),
    privateIPAddress: address?.split('/')[0] ?? '',
    privateIPAllocationMethod: bag.choice('privateIPAllocationMethod', ['Dynamic', 'Static'], 'Dynamic'),
    privateIPAddressVersion: 'IPv4',
    publicIPAddress: bag.reference('publicIPAddress'),
    subnet: subnet ?? { id: '' },
    loadBalancerBackendAddressPools: bag.references('loadBalancerBackendAddressPools'),
    ...(groups.length === 0 ? {} : { applicationSecurityGroups: groups }),
  };
  bag.finish({
    harmless: ['privateLinkConnectionProperties', 'virtualNetworkTaps', 'privateIPAddressPrefixLength'],
    matters: {
      loadBalancerInboundNatRules:
        'Inbound NAT rules of load balancers are not modelled: what comes in by one is not known.',
      applicationGatewayBackendAddressPools: 'An application gateway forwards to it, which is not modelled.',
    },
    decides: {
      gatewayLoadBalancer: 'A gateway load balancer takes its traffic first, which is not modelled.',
    },
  });
  return subnet === null || address === null ? null : configuration;
}
