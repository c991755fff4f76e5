/** When AKS allowed what with its network plugins. */
import type { Limit } from './limit.ts';

/** First day on which the Cilium data plane goes without Overlay and without a pod subnet. */
export const NODE_SUBNET_CILIUM_FROM: Limit<string> = {
  value: '2025-05-19',
  source: 'AKS release notes, https://github.com/Azure/AKS/blob/master/CHANGELOG.md',
  read: '2025-05-19',
};
