/** Numbers that Azure documents for virtual network peering. */
import type { Limit } from './limit.ts';

export const PEERINGS_PER_VIRTUAL_NETWORK: Limit = {
  value: 500,
  unit: 'peerings',
  source:
    'Azure networking limits, https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-resource-manager-virtual-networking-limits',
  read: '2022-12-05',
  note: 'Later public tables say 1,000 for hub and spoke topologies that Virtual Network Manager manages, and one of 2026 says 650. Decided for 500, the number without a manager.',
};
