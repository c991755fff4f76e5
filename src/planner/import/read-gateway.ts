/** VPN gateways, the sites they know and their tunnels out of pasted JSON. */
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  BgpSettings,
  LocalNetworkGateway,
  VirtualNetworkGateway,
  VpnConnection,
} from '../../model/azure/gateway-resources.ts';
import { baseOf, bagOfObject, onlyIpv4, partId } from './arm-object.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';

/** Where it is not known what a gateway announces, that is looked for under this key of it, or of its VNet. */
export function announcedKey(key: ArmKey): ArmKey {
  return `${key}#announced`;
}

function bgpOf(bag: Bag): BgpSettings | null {
  const bgp = bag.bag('bgpSettings');
  if (bgp === null) return null;
  const settings = {
    asn: bgp.number('asn', 65_515),
    bgpPeeringAddress: bgp.text('bgpPeeringAddress') || null,
    peerWeight: bgp.number('peerWeight', 0),
  };
  bgp.finish({ harmless: ['bgpPeeringAddresses'] });
  return settings;
}

export function readVirtualNetworkGateway(object: ArmObject, { log }: ReadContext): VirtualNetworkGateway {
  const bag = bagOfObject(object, log);
  const sku = bag.bag('sku');
  const gatewayType = bag.choice('gatewayType', ['Vpn', 'ExpressRoute'], 'Vpn');
  if (gatewayType === 'ExpressRoute') {
    bag
      .under(announcedKey(object.key))
      .leave('gatewayType = ExpressRoute', 'What ExpressRoute announces is not modelled.', 'decides');
  }
  const defaultSite = bag.reference('gatewayDefaultSite');
  const gateway: VirtualNetworkGateway = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/virtualNetworkGateways',
    gatewayType,
    vpnType: bag.choice('vpnType', ['RouteBased', 'PolicyBased'], 'RouteBased'),
    sku: { name: sku?.text('name') ?? 'VpnGw1', tier: sku?.text('tier') ?? 'VpnGw1' },
    vpnGatewayGeneration: bag.text('vpnGatewayGeneration') ?? 'Generation1',
    activeActive: bag.flag(bag.has('activeActive') ? 'activeActive' : 'active', false),
    enableBgp: bag.flag('enableBgp', false),
    bgpSettings: bgpOf(bag),
    ...(defaultSite === null ? {} : { gatewayDefaultSite: defaultSite }),
    ipConfigurations: bag.bags('ipConfigurations').map((each) => {
      const { id, name } = partId(each, object.id, 'ipConfigurations');
      const own = each.under(armKey(id));
      const configuration = {
        id,
        name,
        publicIPAddress: own.reference('publicIPAddress') ?? { id: '' },
        subnet: own.reference('subnet') ?? { id: '' },
      };
      own.finish({ harmless: ['privateIPAddress', 'privateIPAllocationMethod'] });
      return configuration;
    }),
  };
  bag.finish({
    harmless: [
      'adminState',
      'allowRemoteVnetTraffic',
      'allowVirtualWanTraffic',
      'autoScaleConfiguration',
      'disableIPSecReplayProtection',
      'enableBgpRouteTranslationForNat',
      'enableHighBandwidthVpnGateway',
      'enablePrivateIpAddress',
      'inboundDnsForwardingEndpoint',
      'resiliencyModel',
      'vNetExtendedLocationResourceId',
      'virtualNetworkGatewayMigrationStatus',
      'virtualNetworkGatewayPolicyGroups',
    ],
    matters: {
      customRoutes: 'Routes that the gateway announces to its sites are not modelled.',
      vpnClientConfiguration: 'Point-to-site clients are not modelled.',
    },
    decides: { natRules: 'Address translation in a VPN gateway is not modelled.' },
  });
  return gateway;
}

export function readLocalNetworkGateway(object: ArmObject, { log }: ReadContext): LocalNetworkGateway {
  const bag = bagOfObject(object, log);
  const space = bag.bag('localNetworkAddressSpace');
  const gateway: LocalNetworkGateway = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/localNetworkGateways',
    gatewayIpAddress: bag.text('gatewayIpAddress') || null,
    localNetworkAddressSpace: {
      addressPrefixes: onlyIpv4(bag, 'localNetworkAddressSpace', space?.texts('addressPrefixes') ?? []),
    },
    bgpSettings: bgpOf(bag),
  };
  bag.finish({ matters: { fqdn: 'Which address the name of the device has is not known here.' } });
  return gateway;
}

export function readVpnConnection(object: ArmObject, { log }: ReadContext): VpnConnection {
  const bag = bagOfObject(object, log);
  const type = bag.text('connectionType') ?? 'IPsec';
  if (type.toLowerCase() !== 'ipsec') {
    bag.leave(`connectionType = ${type}`, 'Only site-to-site connections (IPsec) are modelled.', 'decides');
  }
  const connection: VpnConnection = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/connections',
    connectionType: 'IPsec',
    virtualNetworkGateway1: bag.reference('virtualNetworkGateway1') ?? { id: '' },
    localNetworkGateway2: bag.reference('localNetworkGateway2') ?? { id: '' },
    sharedKey: '',
    enableBgp: bag.flag('enableBgp', false),
    routingWeight: bag.number('routingWeight', 0),
  };
  bag.raw('sharedKey');
  const status = bag.text('connectionStatus') ?? 'Connected';
  if (status.toLowerCase() !== 'connected' && status.toLowerCase() !== 'unknown') {
    bag.leave(
      `connectionStatus = ${status}`,
      'The tunnel did not stand when this was printed; here it follows from both ends, and stands.',
      'decides',
    );
  }
  bag.finish({
    harmless: [
      'connectionMode',
      'connectionProtocol',
      'dpdTimeoutSeconds',
      'egressBytesTransferred',
      'enablePrivateLinkFastPath',
      'expressRouteGatewayBypass',
      'gatewayCustomBgpIpAddresses',
      'ingressBytesTransferred',
      'ipsecPolicies',
      'tunnelConnectionStatus',
      'tunnelProperties',
      'useLocalAzureIpAddress',
      'authenticationType',
      'authorizationKey',
    ],
    matters: { usePolicyBasedTrafficSelectors: 'Traffic selectors of policies are not modelled.' },
    decides: {
      trafficSelectorPolicies: 'Only what the selectors name passes the tunnel, and they are not modelled.',
      ingressNatRules: 'Address translation in a VPN gateway is not modelled.',
      egressNatRules: 'Address translation in a VPN gateway is not modelled.',
      virtualNetworkGateway2: 'Connections between two VPN gateways are not modelled.',
    },
  });
  return connection;
}
