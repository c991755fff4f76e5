/** Gateways and connections as `az network ... show` prints them. */
import type {
  BgpSettings,
  LocalNetworkGateway,
  VirtualNetworkGateway,
  VpnConnection,
} from '../../model/azure/gateway-resources.ts';
import { getResource } from '../../model/azure/resource-store.ts';
import { gatewayState } from '../../model/azure/virtual-network-gateway-presence.ts';
import { tunnelState } from '../../model/azure/vpn-connection-routes.ts';
import type { Cloud } from '../../model/cloud.ts';
import { compact, groupOf, reference, resourceGuid } from './network-json.ts';
import type { JsonObject } from './network-json.ts';

export function virtualNetworkGatewayJson(cloud: Cloud, gateway: VirtualNetworkGateway): JsonObject {
  const provisioningState = gatewayState(cloud, gateway);
  return compact({
    activeActive: gateway.activeActive,
    allowRemoteVnetTraffic: false,
    allowVirtualWanTraffic: false,
    bgpSettings: gateway.bgpSettings === null ? null : gatewayBgpJson(cloud, gateway, gateway.bgpSettings),
    disableIPSecReplayProtection: false,
    enableBgp: gateway.enableBgp,
    enableBgpRouteTranslationForNat: false,
    enablePrivateIpAddress: false,
    etag: gateway.etag,
    gatewayDefaultSite:
      gateway.gatewayDefaultSite === undefined ? null : reference(gateway.gatewayDefaultSite),
    gatewayType: gateway.gatewayType,
    id: gateway.id,
    ipConfigurations: gateway.ipConfigurations.map((one) => ({
      etag: gateway.etag,
      id: one.id,
      name: one.name,
      privateIPAllocationMethod: 'Dynamic',
      provisioningState,
      publicIPAddress: reference(one.publicIPAddress),
      resourceGroup: groupOf(one.id),
      subnet: reference(one.subnet),
    })),
    location: gateway.location,
    name: gateway.name,
    natRules: [],
    provisioningState,
    resourceGroup: gateway.resourceGroup,
    resourceGuid: resourceGuid(cloud, gateway.id),
    sku: { capacity: 2, name: gateway.sku.name, tier: gateway.sku.tier },
    tags: gateway.tags,
    type: gateway.type,
    vpnGatewayGeneration: gateway.vpnGatewayGeneration,
    vpnType: gateway.vpnType,
  });
}

function gatewayBgpJson(cloud: Cloud, gateway: VirtualNetworkGateway, bgp: BgpSettings): JsonObject {
  const address = bgp.bgpPeeringAddress;
  return compact({
    asn: bgp.asn,
    bgpPeeringAddress: address,
    bgpPeeringAddresses: gateway.ipConfigurations.map((one) => ({
      customBgpIpAddresses: [],
      defaultBgpIpAddresses: address === null ? [] : [address],
      ipconfigurationId: one.id,
      tunnelIpAddresses: [
        getResource(cloud, one.publicIPAddress.id, 'Microsoft.Network/publicIPAddresses')?.ipAddress ?? '',
      ],
    })),
    peerWeight: bgp.peerWeight,
  });
}

export function localNetworkGatewayJson(cloud: Cloud, site: LocalNetworkGateway): JsonObject {
  return compact({
    bgpSettings: site.bgpSettings === null ? null : compact({ ...site.bgpSettings }),
    etag: site.etag,
    gatewayIpAddress: site.gatewayIpAddress,
    id: site.id,
    localNetworkAddressSpace: { addressPrefixes: site.localNetworkAddressSpace.addressPrefixes },
    location: site.location,
    name: site.name,
    provisioningState: site.provisioningState,
    resourceGroup: site.resourceGroup,
    resourceGuid: resourceGuid(cloud, site.id),
    tags: site.tags,
    type: site.type,
  });
}

/** Without the key, which only `shared-key show` prints. */
export function vpnConnectionJson(cloud: Cloud, connection: VpnConnection): JsonObject {
  return compact({
    connectionMode: 'Default',
    connectionProtocol: 'IKEv2',
    connectionStatus: tunnelState(cloud, connection).status,
    connectionType: connection.connectionType,
    dpdTimeoutSeconds: 0,
    egressBytesTransferred: 0,
    enableBgp: connection.enableBgp,
    enablePrivateLinkFastPath: false,
    etag: connection.etag,
    expressRouteGatewayBypass: false,
    gatewayCustomBgpIpAddresses: [],
    id: connection.id,
    ingressBytesTransferred: 0,
    ipsecPolicies: [],
    localNetworkGateway2: reference(connection.localNetworkGateway2),
    location: connection.location,
    name: connection.name,
    provisioningState: connection.provisioningState,
    resourceGroup: connection.resourceGroup,
    resourceGuid: resourceGuid(cloud, connection.id),
    routingWeight: connection.routingWeight,
    tags: connection.tags,
    trafficSelectorPolicies: [],
    type: connection.type,
    useLocalAzureIpAddress: false,
    usePolicyBasedTrafficSelectors: false,
    virtualNetworkGateway1: reference(connection.virtualNetworkGateway1),
  });
}
