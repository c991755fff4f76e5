/**
 * What a VPN gateway hears of its sites, and whether their tunnels stand. The far end is an on-premises
 * host of the scenario whose device has the address that a local network gateway names.
 */
import type { Cloud, OutsideHost } from '../cloud.ts';
import type { LocalNetworkGateway, VirtualNetworkGateway, VpnConnection } from './gateway-resources.ts';
import { getResource, sameId } from './resource-store.ts';
import { connectionsOf } from './vpn-connection.ts';

type SiteHost = Extract<OutsideHost, { kind: 'on-premises' }>;

/** `Unknown` where the simulation has nobody at the device's address. */
export interface TunnelState {
  readonly status: 'Connected' | 'NotConnected' | 'Unknown';
  /** Why it is anything but `Connected`, to follow "since"; null for one that stands. */
  readonly why: string | null;
}

/** Returns the local network gateway that a connection names. */
export function siteOf(cloud: Cloud, { localNetworkGateway2 }: VpnConnection): LocalNetworkGateway | null {
  return getResource(cloud, localNetworkGateway2.id, 'Microsoft.Network/localNetworkGateways');
}

/** Returns the hosts of the scenario behind the device that a connection leads to. */
export function hostsBehind(cloud: Cloud, connection: VpnConnection): readonly SiteHost[] {
  const device = siteOf(cloud, connection)?.gatewayIpAddress ?? null;
  return cloud.outsideHosts.filter(
    (host): host is SiteHost => host.kind === 'on-premises' && device !== null && host.vpnDevice === device,
  );
}

/** Returns whether the tunnel of a connection stands: both ends need the same key. */
export function tunnelState(cloud: Cloud, connection: VpnConnection): TunnelState {
  const device = siteOf(cloud, connection)?.gatewayIpAddress ?? null;
  const hosts = hostsBehind(cloud, connection);
  if (hosts.length === 0) {
    return {
      status: 'Unknown',
      why: `nobody in this simulation is behind the VPN device ${device ?? 'without an address'} of connection ${connection.name}`,
    };
  }
  return hosts.every(({ sharedKey }) => sharedKey === undefined || sharedKey === connection.sharedKey)
    ? { status: 'Connected', why: null }
    : {
        status: 'NotConnected',
        why: `its shared key is not that of the VPN device ${device ?? ''}`,
      };
}

/** A range that a gateway sends into a tunnel. */
export interface GatewayRoute {
  /** In CIDR notation. */
  readonly prefix: string;
  readonly connection: VpnConnection;
  readonly origin: 'static' | 'bgp' | 'default-site';
}

const EVERYWHERE = '0.0.0.0/0';

/**
 * Returns what a gateway knows of the far ends: the address space of each local network gateway as soon as
 * a connection names it, whether or not its tunnel stands; with BGP, what the site announces through a
 * tunnel that stands; and 0.0.0.0/0 for its default site
 * (https://learn.microsoft.com/azure/vpn-gateway/about-site-to-site-tunneling). Each prefix of a connection once.
 */
export function routesOfGateway(cloud: Cloud, gateway: VirtualNetworkGateway): readonly GatewayRoute[] {
  return connectionsOf(cloud, gateway).flatMap((connection) => {
    const site = siteOf(cloud, connection);
    if (site === null) return [];
    const found = new Map<string, GatewayRoute>();
    const add = (prefix: string, origin: GatewayRoute['origin']): void => {
      if (!found.has(prefix)) found.set(prefix, { prefix, connection, origin });
    };
    for (const prefix of site.localNetworkAddressSpace.addressPrefixes) add(prefix, 'static');
    if (speaksBgp(gateway, connection)) {
      const peer = site.bgpSettings?.bgpPeeringAddress ?? null;
      if (peer !== null) add(`${peer}/32`, 'static');
      if (tunnelState(cloud, connection).status === 'Connected') {
        for (const host of hostsBehind(cloud, connection)) {
          for (const prefix of [host.prefix, ...(host.announces ?? [])]) add(prefix, 'bgp');
        }
      }
    }
    if (gateway.gatewayDefaultSite !== undefined && sameId(gateway.gatewayDefaultSite.id, site.id)) {
      add(EVERYWHERE, 'default-site');
    }
    return [...found.values()];
  });
}

/** Whether BGP runs in the tunnel of a connection: both the gateway and the connection have to want it. */
export function speaksBgp(gateway: VirtualNetworkGateway, connection: VpnConnection): boolean {
  return gateway.enableBgp && connection.enableBgp;
}
