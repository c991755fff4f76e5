/** Numbers that are documented for the network policy engines of AKS. */
import type { Limit } from './limit.ts';

const USE_NETWORK_POLICIES =
  'Secure traffic between pods by using network policies in AKS, https://learn.microsoft.com/azure/aks/use-network-policies';

/** Nodes of a cluster whose policies Azure Network Policy Manager enforces on Linux. */
export const NPM_MAX_NODES: Limit = {
  value: 250,
  unit: 'nodes',
  source: USE_NETWORK_POLICIES,
  read: '2026-08-18',
  note: 'Beyond it the page warns of out-of-memory errors; what then becomes of the rules is not documented.',
};

/** Pods of such a cluster. */
export const NPM_MAX_PODS: Limit = {
  value: 20_000,
  unit: 'pods',
  source: USE_NETWORK_POLICIES,
  read: '2026-08-18',
};

/** The first Kubernetes minor version whose Cilium (1.16) is documented; port ranges came with Cilium 1.16. */
export const CILIUM_PORT_RANGES_SINCE: Limit<string> = {
  value: '1.31',
  unit: 'Kubernetes version',
  source:
    'Azure CNI Powered by Cilium, https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium; Cilium 1.16 release notes, https://github.com/cilium/cilium/releases/tag/v1.16.0',
  read: '2026-08-05',
  note: 'Which Cilium older clusters ran is not recorded there, so whether they obey endPort is not known.',
};
