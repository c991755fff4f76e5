/** What AKS allows with its network plugins, and since when. */
import type { Limit } from './limit.ts';

/** First day on which the Cilium data plane goes without Overlay and without a pod subnet. */
export const NODE_SUBNET_CILIUM_FROM: Limit<string> = {
  value: '2025-05-19',
  source: 'AKS release notes, https://github.com/Azure/AKS/blob/master/CHANGELOG.md',
  read: '2025-05-19',
};

/** Address space that a service range may be taken from: private (RFC 1918), shared (RFC 6598), benchmarking. */
export const SERVICE_RANGES: Limit<readonly string[]> = {
  value: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
  source: 'AKS release notes, https://github.com/Azure/AKS/blob/master/CHANGELOG.md',
  read: '2023-10-01',
  note: 'The notes say that public and multicast service ranges are blocked, and list no ranges: decided for the address space that is neither.',
};
