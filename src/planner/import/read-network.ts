/** VNets, subnets and peerings out of pasted JSON. */
import { armKey } from '../../model/azure/resource-store.ts';
import type { Subnet, VirtualNetwork, VirtualNetworkPeering } from '../../model/azure/resources.ts';
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
    privateEndpointNetworkPolicies: bag.choice(
      'privateEndpointNetworkPolicies',
      ['Disabled', 'Enabled', 'NetworkSecurityGroupEnabled', 'RouteTableEnabled'],
      'Disabled',
    ),
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
