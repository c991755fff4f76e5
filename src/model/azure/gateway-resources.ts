/** VPN gateways and what they connect, in ARM's names (Microsoft.Network 2024-05-01). */
import type { ResourceBase, SubResource } from './resources.ts';

export interface BgpSettings {
  readonly asn: number;
  readonly bgpPeeringAddress: string | null;
  readonly peerWeight: number;
}

export interface VirtualNetworkGateway extends ResourceBase {
  readonly type: 'Microsoft.Network/virtualNetworkGateways';
  readonly gatewayType: 'Vpn' | 'ExpressRoute';
  /** `RouteBased` for all that are made today. */
  readonly vpnType: 'RouteBased' | 'PolicyBased';
  readonly sku: { readonly name: string; readonly tier: string };
  readonly vpnGatewayGeneration: string;
  readonly activeActive: boolean;
  readonly enableBgp: boolean;
  readonly bgpSettings: BgpSettings | null;
  /** The site that gets what no other route of the gateway takes; absent: none. */
  readonly gatewayDefaultSite?: SubResource;
  /** Virtual time at which it is made, in seconds since the Unix epoch; absent where that is past. */
  readonly readyAt?: number;
  readonly ipConfigurations: readonly {
    readonly id: string;
    readonly name: string;
    readonly publicIPAddress: SubResource;
    readonly subnet: SubResource;
  }[];
}

/** What Azure is told of a site: its device's public address and the ranges behind it. */
export interface LocalNetworkGateway extends ResourceBase {
  readonly type: 'Microsoft.Network/localNetworkGateways';
  readonly gatewayIpAddress: string | null;
  readonly localNetworkAddressSpace: { readonly addressPrefixes: readonly string[] };
  readonly bgpSettings: BgpSettings | null;
}

/** A site-to-site tunnel. Whether it stands follows from both ends: see `vpn-connection.ts`. */
export interface VpnConnection extends ResourceBase {
  readonly type: 'Microsoft.Network/connections';
  readonly connectionType: 'IPsec';
  readonly virtualNetworkGateway1: SubResource;
  readonly localNetworkGateway2: SubResource;
  readonly sharedKey: string;
  readonly enableBgp: boolean;
  readonly routingWeight: number;
}
