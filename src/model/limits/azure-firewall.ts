/** What Azure asks of the resource of an Azure Firewall. Its capacity and the order of its rules: firewall.ts. */
import type { Limit } from './limit.ts';

/** The subnets a firewall sits in: their names, and the longest prefix that they may have. */
export const FIREWALL_SUBNET: Limit<{
  readonly name: string;
  readonly managementName: string;
  readonly longestPrefix: number;
}> = {
  value: { name: 'AzureFirewallSubnet', managementName: 'AzureFirewallManagementSubnet', longestPrefix: 26 },
  source:
    'Azure Firewall FAQ, https://learn.microsoft.com/azure/firewall/firewall-faq (why a /26 subnet size); Azure Firewall forced tunneling, https://learn.microsoft.com/azure/firewall/forced-tunneling',
  read: '2026-09-01',
  note: 'Both subnets. Smaller ones leave no room to scale.',
};

export const FIREWALL_NAME_LENGTH: Limit = {
  value: 56,
  unit: 'characters',
  source:
    'azure-firewall extension of azure-cli, `az network firewall create`, https://github.com/Azure/azure-cli-extensions (src/azure-firewall)',
  read: '2026-11-23',
};

export const IP_GROUP_ADDRESSES: Limit = {
  value: 5000,
  unit: 'addresses, prefixes or ranges',
  source: 'IP Groups in Azure Firewall, https://learn.microsoft.com/azure/firewall/ip-groups',
  read: '2026-09-01',
};
