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

/** A site-to-site tunnel. */
export interface VpnConnection extends ResourceBase {
  readonly type: 'Microsoft.Network/connections';
  readonly connectionType: 'IPsec';
  readonly connectionStatus: 'Connected' | 'NotConnected' | 'Connecting';
  readonly virtualNetworkGateway1: SubResource;
  readonly localNetworkGateway2: SubResource;
  readonly sharedKey: string;
  readonly enableBgp: boolean;
  readonly routingWeight: number;
}
