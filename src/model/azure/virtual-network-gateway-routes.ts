/**
 * What a VPN gateway says of its routes and of those it speaks BGP with. Shapes:
 * https://learn.microsoft.com/azure/vpn-gateway/bgp-diagnostics and Azure/azure-rest-api-specs,
 * virtualNetworkGateway.json (GatewayRoute, BgpPeerStatus).
 */
import type { Cloud } from '../cloud.ts';
import type { VirtualNetworkGateway, VpnConnection } from './gateway-resources.ts';
import { getResource, listResources, sameId } from './resource-store.ts';
import type { VirtualNetwork } from './resources.ts';
import { virtualNetworkId } from './virtual-network-gateway.ts';
import { connectionsOf } from './vpn-connection.ts';
import { routesOfGateway, siteOf, speaksBgp, tunnelState } from './vpn-connection-routes.ts';

/** One route as the gateway lists it. */
export interface GatewayRouteEntry {
  readonly asPath: string;
  readonly localAddress: string;
  readonly network: string;
  /** Null for its own networks. */
  readonly nextHop: string | null;
  readonly origin: 'Network' | 'EBgp' | 'Igp';
  readonly sourcePeer: string;
  readonly weight: number;
}

export interface BgpPeer {
  readonly asn: number;
  /** Null while the session does not stand. */
  readonly connectedSince: number | null;
  readonly localAddress: string;
  readonly neighbor: string;
  readonly routesReceived: number;
  readonly state: 'Connected' | 'Connecting';
}

/** The weight of a route that is not told another. */
const WEIGHT = 32768;
const INTERNAL = 0;

/** Returns what a gateway has learned: its VNets, the ranges of its local network gateways, and what BGP brought. */
export function learnedRoutes(cloud: Cloud, gateway: VirtualNetworkGateway): readonly GatewayRouteEntry[] {
  const own = ownAddress(gateway);
  const network = (prefix: string): GatewayRouteEntry => ({
    asPath: '',
    localAddress: own,
    network: prefix,
    nextHop: null,
    origin: 'Network',
    sourcePeer: own,
    weight: WEIGHT,
  });
  return [
    ...servedPrefixes(cloud, gateway).map(network),
    ...routesOfGateway(cloud, gateway).map((route): GatewayRouteEntry => {
      const peer = siteOf(cloud, route.connection)?.bgpSettings ?? null;
      return route.origin !== 'bgp' || peer === null
        ? network(route.prefix)
        : {
            ...network(route.prefix),
            asPath: String(peer.asn),
            nextHop: peer.bgpPeeringAddress,
            origin: 'EBgp',
            sourcePeer: peer.bgpPeeringAddress ?? own,
          };
    }),
  ];
}

/** Returns what a gateway tells the BGP peer with this address; nothing to one it has no session with. */
export function advertisedRoutes(
  cloud: Cloud,
  gateway: VirtualNetworkGateway,
  peer: string,
): readonly GatewayRouteEntry[] {
  const session = bgpPeers(cloud, gateway).find(({ neighbor }) => neighbor === peer);
  if (session?.state !== 'Connected') return [];
  const own = ownAddress(gateway);
  return servedPrefixes(cloud, gateway).map((prefix) => ({
    asPath: String(gateway.bgpSettings?.asn ?? ''),
    localAddress: own,
    network: prefix,
    nextHop: own,
    origin: 'Igp',
    sourcePeer: own,
    weight: INTERNAL,
  }));
}

/** Returns whom a gateway speaks BGP with: the far ends of its connections with BGP. */
export function bgpPeers(cloud: Cloud, gateway: VirtualNetworkGateway): readonly BgpPeer[] {
  const routes = routesOfGateway(cloud, gateway);
  return connectionsOf(cloud, gateway).flatMap((connection: VpnConnection) => {
    const bgp = siteOf(cloud, connection)?.bgpSettings ?? null;
    if (!speaksBgp(gateway, connection) || bgp === null || bgp.bgpPeeringAddress === null) return [];
    const stands = tunnelState(cloud, connection).status === 'Connected';
    return [
      {
        asn: bgp.asn,
        connectedSince: stands ? cloud.now : null,
        localAddress: ownAddress(gateway),
        neighbor: bgp.bgpPeeringAddress,
        routesReceived: routes.filter((one) => one.connection === connection && one.origin === 'bgp').length,
        state: stands ? ('Connected' as const) : ('Connecting' as const),
      },
    ];
  });
}

function ownAddress(gateway: VirtualNetworkGateway): string {
  return gateway.bgpSettings?.bgpPeeringAddress ?? '';
}

/** The address space of its VNet, and of peers that use it. */
function servedPrefixes(cloud: Cloud, gateway: VirtualNetworkGateway): readonly string[] {
  const vnet = getResource(cloud, virtualNetworkId(gateway), 'Microsoft.Network/virtualNetworks');
  if (vnet === null) return [];
  const users = listResources(cloud, 'Microsoft.Network/virtualNetworks').filter((one) => uses(one, vnet));
  return [vnet, ...users].flatMap(({ addressSpace }) => addressSpace.addressPrefixes);
}

function uses(spoke: VirtualNetwork, hub: VirtualNetwork): boolean {
  return spoke.virtualNetworkPeerings.some(
    (peering) =>
      peering.useRemoteGateways &&
      peering.peeringState === 'Connected' &&
      sameId(peering.remoteVirtualNetwork.id, hub.id) &&
      hub.virtualNetworkPeerings.some(
        (back) => back.allowGatewayTransit && sameId(back.remoteVirtualNetwork.id, spoke.id),
      ),
  );
}
