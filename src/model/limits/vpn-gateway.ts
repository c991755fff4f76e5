/** Numbers that Azure documents for VPN gateways. */
import type { Limit } from './limit.ts';

const SETTINGS =
  'VPN Gateway configuration settings, https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub';

export const VPN_GATEWAY_SUBNET_LENGTH: Limit<{ readonly basic: number; readonly others: number }> = {
  value: { basic: 29, others: 27 },
  unit: 'longest prefix length of GatewaySubnet',
  source: SETTINGS,
  read: '2024-01-17',
  note: 'A /29 is for the Basic SKU alone; the page asks for /27 or larger with every other one.',
};

export const VPN_GATEWAYS_PER_VIRTUAL_NETWORK: Limit = {
  value: 1,
  unit: 'VPN gateways',
  source: 'What is VPN Gateway, https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpngateways',
  read: '2024-01-17',
  note: 'An ExpressRoute gateway may stand beside it in the same subnet.',
};

export const VPN_GATEWAY_CREATION_MINUTES: Limit = {
  value: 30,
  unit: 'minutes',
  source:
    'Create a route-based VPN gateway: CLI, https://learn.microsoft.com/azure/vpn-gateway/create-routebased-vpn-gateway-cli',
  read: '2024-03-12',
  note: 'The page says "45 minutes or more, depending on the selected gateway SKU"; field reports say 25 to 45. Decided for 30 on the virtual clock.',
};

/** What Azure's end of a BGP session says it is, unless told. */
export const VPN_GATEWAY_ASN: Limit = {
  value: 65515,
  unit: 'autonomous system number',
  source:
    'About BGP with VPN Gateway, https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-bgp-overview',
  read: '2024-01-23',
};

/** From this day on no gateway of an SKU without AZ is made any more. */
export const VPN_GATEWAY_ZONAL_ONLY_FROM: Limit<string> = {
  value: '2025-11-01',
  source:
    'VPN Gateway SKU consolidation and migration, https://learn.microsoft.com/azure/vpn-gateway/gateway-sku-consolidation',
  read: '2026-03-30',
  note: 'Real Azure answers NonAzSkusNotAllowedForVPNGateway, and asks for zones on the address of an AZ SKU (VmssVpnGatewayPublicIpsMustHaveZonesConfigured). Decided: zones have no effect on any path here, and most published commands still say VpnGw1, so both are accepted with a warning.',
};
