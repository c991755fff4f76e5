/** Numbers that Azure documents for NAT gateways. */
import type { Limit } from './limit.ts';

const RESOURCE =
  'Azure NAT Gateway resource, https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource';
const SUBSCRIPTION_LIMITS =
  'Azure NAT Gateway limits, https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-nat-gateway-limits';

/** Public IPv4 addresses of one gateway, those of its prefixes included. */
export const NAT_GATEWAY_ADDRESSES: Limit = {
  value: 16,
  unit: 'addresses',
  source: RESOURCE,
  read: '2025-11-04',
  note: 'In any combination of addresses and prefixes. A StandardV2 gateway has 16 IPv6 addresses beside them.',
};

/** Of TCP connections. */
export const NAT_GATEWAY_IDLE_TIMEOUT: Limit<{
  readonly lowest: number;
  readonly highest: number;
  readonly default: number;
}> = {
  value: { lowest: 4, highest: 120, default: 4 },
  unit: 'minutes',
  source: RESOURCE,
  read: '2025-11-04',
  note: 'That of UDP is 4 minutes and cannot be set.',
};

export const SUBNETS_PER_NAT_GATEWAY: Limit = {
  value: 800,
  unit: 'subnets',
  source: RESOURCE,
  read: '2025-11-04',
  note: 'All of them in one virtual network.',
};

export const NAT_GATEWAYS_PER_REGION: Limit = {
  value: 1000,
  unit: 'NAT gateways per subscription and region',
  source: SUBSCRIPTION_LIMITS,
  read: '2025-11-04',
};

/** What each SKU translates. */
export const NAT_GATEWAY_PROTOCOLS: Limit<
  Readonly<Record<'Standard' | 'StandardV2', readonly ('tcp' | 'udp' | 'icmp')[]>>
> = {
  value: { Standard: ['tcp', 'udp'], StandardV2: ['tcp', 'udp', 'icmp'] },
  source: 'Azure NAT Gateway SKUs, https://learn.microsoft.com/azure/nat-gateway/nat-sku',
  read: '2026-07-27',
  note: 'Of ICMP: echo request and reply. Pages of 2025 (nat-overview, troubleshoot-nat, nat-sku of 2025-11-04) say TCP and UDP for both SKUs; the newest is followed.',
};

/**
 * Since this day a subnet that azure-cli makes in a VNet of one's own has no default outbound access, unless
 * asked for.
 */
export const PRIVATE_BY_DEFAULT_FROM: Limit<string> = {
  value: '2026-06-02',
  source:
    'Private subnets by default in Azure Virtual Networks, https://techcommunity.microsoft.com/t5/azure-networking-blog/private-subnets-by-default-in-azure-virtual-networks-what/ba-p/4513778; Azure CLI release notes, https://learn.microsoft.com/cli/azure/release-notes-azure-cli',
  read: '2026-11-22',
  note: 'Not a day but a version: API 2025-07-01 (released after 2026-03-31) and later make defaultOutboundAccess false in new VNets; az network vnet uses it since azure-cli 2.87.0 (https://github.com/Azure/aaz/pull/991), of June 2026. VNets from before stay as they are, and az vm create and az network lb create, whose templates name older API versions, still make subnets with it. AKS-managed subnets have none since 2026-03-31.',
};
