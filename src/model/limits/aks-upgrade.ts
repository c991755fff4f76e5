/** Numbers that AKS documents for upgrades of clusters and node pools. */
import type { Limit } from './limit.ts';

const ROLLING =
  'Configure rolling upgrades for AKS node pools, https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling';

/** How many minor versions a node pool may be behind its control plane. */
export const NODE_POOL_VERSION_SKEW: Limit = {
  value: 3,
  unit: 'minor versions',
  source:
    'Troubleshoot AKS upgrade errors because of version skew, https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/',
  read: '2025-08-21',
  note: 'An article of 2024-10-23 says 2. Decided for 3: it is newer, and the rule of Kubernetes since 1.28.',
};

/** Kubernetes version of a pool from which a surge that finds no room is tried again with one node. */
export const SURGE_FALLBACK_FROM: Limit<string> = {
  value: '1.35',
  source: ROLLING,
  read: '2026-05-29',
  note: 'The page does not say whether the old or the new version counts. Decided for the version that the pool has before the upgrade.',
};

export const NODE_SOAK_RANGE: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 0, highest: 30 },
  unit: 'minutes',
  source: ROLLING,
  read: '2026-05-29',
};

export const DRAIN_TIMEOUT_RANGE: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 5, highest: 1440 },
  unit: 'minutes',
  source: ROLLING,
  read: '2026-05-29',
};

/** Percentages that a surge can have; 0% is taken as the number 0, which needs nodes that may be missing. */
export const SURGE_PERCENT_RANGE: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 1, highest: 100 },
  unit: 'percent',
  source: ROLLING,
  read: '2026-05-29',
};

/** Oldest Kubernetes version of a cluster that may move to Azure CNI Overlay. */
export const OVERLAY_MIGRATION_FROM: Limit<string> = {
  value: '1.27',
  source: 'Update Azure CNI IPAM mode and data plane, https://learn.microsoft.com/azure/aks/update-azure-cni',
  read: '2024-11-26',
  note: 'Older states of the page say 1.22.',
};
