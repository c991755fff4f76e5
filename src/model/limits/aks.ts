/** Numbers and ranges that AKS documents for clusters, node pools and network plugins. */
import type { Limit } from './limit.ts';

const KUBENET = 'Use kubenet with AKS, https://learn.microsoft.com/azure/aks/configure-kubenet';
const IP_PLANNING =
  'IP address planning for AKS, https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning';
const CNI_OVERVIEW =
  'AKS networking concepts: CNI, https://learn.microsoft.com/azure/aks/concepts-network-cni-overview';
const SERVICE_LIMITS = 'AKS quotas and limits, https://learn.microsoft.com/azure/aks/quotas-skus-regions';
const CHANGELOG = 'AKS release notes, https://github.com/Azure/AKS/blob/master/CHANGELOG.md';

/** Nodes of one kubenet cluster: one route each, in one route table. */
export const KUBENET_MAX_NODES: Limit = {
  value: 400,
  unit: 'nodes',
  source: KUBENET,
  read: '2026-04-16',
  note: 'AKS checks it at creation and at upgrade. Each route of your own lowers what is reachable.',
};

/** Prefix length of the share of the pod range that each node takes. */
export const POD_RANGE_PREFIX_LENGTH: Limit = {
  value: 24,
  unit: 'bits',
  source: KUBENET,
  read: '2026-04-16',
};

export const KUBENET_DEFAULT_MAX_PODS: Limit = {
  value: 110,
  unit: 'pods per node',
  source: IP_PLANNING,
  read: '2026-04-16',
};

export const MAX_PODS_RANGE: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 10, highest: 250 },
  unit: 'pods per node',
  source: IP_PLANNING,
  read: '2026-04-16',
};

/** Room that every node pool must have, whatever its nodes' share is. */
export const MIN_PODS_PER_POOL: Limit = {
  value: 30,
  unit: 'pods',
  source: IP_PLANNING,
  read: '2026-04-16',
};

export const DEFAULT_POD_CIDR: Limit<string> = {
  value: '10.244.0.0/16',
  source: KUBENET,
  read: '2026-04-16',
};

export const DEFAULT_SERVICE_CIDR: Limit<string> = {
  value: '10.0.0.0/16',
  source: KUBENET,
  read: '2026-04-16',
};

export const DEFAULT_DNS_SERVICE_IP: Limit<string> = {
  value: '10.0.0.10',
  source: KUBENET,
  read: '2026-04-16',
};

/** Extra nodes per pool during an upgrade, where a pool sets none. */
export const DEFAULT_MAX_SURGE: Limit<string> = {
  value: '10%',
  source: CHANGELOG,
  read: '2025-03-16',
  note: 'Two pages of 2026 (rolling upgrades, IP planning) still say one node. Decided for 10%: the release notes say it for every cluster from Kubernetes 1.32, which is older than any version supported today.',
};

export const NODES_PER_POOL: Limit = {
  value: 1_000,
  unit: 'nodes',
  source: SERVICE_LIMITS,
  read: '2026-08-03',
};

export const NODES_PER_CLUSTER: Limit = {
  value: 5_000,
  unit: 'nodes',
  source: SERVICE_LIMITS,
  read: '2026-08-03',
};

export const POOLS_PER_CLUSTER: Limit = {
  value: 100,
  unit: 'node pools',
  source: SERVICE_LIMITS,
  read: '2026-08-03',
};

/** Ranges that no pod, service or VNet range of a cluster may touch. */
export const FORBIDDEN_CLUSTER_RANGES: Limit<readonly string[]> = {
  value: ['169.254.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'],
  source: CNI_OVERVIEW,
  read: '2026-07-10',
  note: 'Any overlap counts, so 172.16.0.0/12 is refused. Enforced for the pod range since 2026-05-29.',
};

/** First day on which kubenet clusters are unsupported. */
export const KUBENET_RETIREMENT: Limit<string> = {
  value: '2028-03-31',
  source: 'Kubenet retirement, https://github.com/Azure/AKS/issues/4859',
  read: '2026-01-14',
};

/** Kubernetes version from which `az aks create` without a plugin means Azure CNI Overlay. */
export const OVERLAY_DEFAULT_FROM: Limit<string> = {
  value: '1.30',
  source: 'azure-rest-api-specs, pull requests 30844 and 30845',
  read: '2024-10-03',
  note: 'Some pages of 2026 still name kubenet as the default; the service decides by version.',
};

export const OVERLAY_DEFAULT_MAX_PODS: Limit = {
  value: 250,
  unit: 'pods per node',
  source: 'Azure CNI Overlay, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay',
  read: '2026-07-31',
};

/** Address space of the VNet that AKS makes when none is brought. */
export const MANAGED_VNET_PREFIX: Limit<string> = {
  value: '10.224.0.0/12',
  source: CHANGELOG,
  read: '2022-02-24',
  note: 'As seen on clusters since then; samples from before 2022 show 10.0.0.0/8.',
};

/** Range of `aks-subnet` in that VNet. */
export const MANAGED_SUBNET_PREFIX: Limit<string> = {
  value: '10.224.0.0/16',
  source: CHANGELOG,
  read: '2022-02-24',
  note: 'As seen on clusters since then; samples from before 2022 show 10.240.0.0/16.',
};

const NAMING_RULES =
  'Naming restrictions for AKS resources, https://aka.ms/aks-naming-rules, https://learn.microsoft.com/azure/aks/quotas-skus-regions';
const STANDARD_LOAD_BALANCER =
  'Configure a public standard load balancer in AKS, https://learn.microsoft.com/azure/aks/configure-load-balancer-standard';

/** Longest name of a node resource group, `MC_GROUP_CLUSTER_REGION` included. */
export const NODE_RESOURCE_GROUP_NAME_LENGTH: Limit = {
  value: 80,
  unit: 'characters',
  source: NAMING_RULES,
  read: '2026-08-03',
};

export const CLUSTER_NAME_LENGTH: Limit = {
  value: 63,
  unit: 'characters',
  source: NAMING_RULES,
  read: '2026-08-03',
};

/** Longest name of a Linux node pool; a Windows pool's has 6. */
export const LINUX_POOL_NAME_LENGTH: Limit = {
  value: 12,
  unit: 'characters',
  source: NAMING_RULES,
  read: '2026-08-03',
};

/** A service range is no larger than this. */
export const SHORTEST_SERVICE_PREFIX: Limit = {
  value: 12,
  unit: 'bits',
  source: IP_PLANNING,
  read: '2026-04-16',
  note: 'The page says "smaller than /12"; a /12 itself is what the Kubernetes API server still takes.',
};

/** What each node of a system pool has at least. */
export const SYSTEM_POOL_NODE: Limit<{ readonly cores: number; readonly memoryGiB: number }> = {
  value: { cores: 2, memoryGiB: 4 },
  source: 'Use system node pools in AKS, https://learn.microsoft.com/azure/aks/use-system-pools',
  read: '2026-08-03',
  note: 'The refusal says "more than 2 cores"; two are accepted.',
};

/** Public addresses that AKS makes for a cluster's load balancer. */
export const MANAGED_OUTBOUND_ADDRESSES: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 1, highest: 100 },
  source: STANDARD_LOAD_BALANCER,
  read: '2024-01-23',
};

/** Ports for each node that a cluster may fix; 0 shares them out by the number of nodes. */
export const ALLOCATED_OUTBOUND_PORTS: Limit<{
  readonly lowest: number;
  readonly highest: number;
  readonly step: number;
}> = {
  value: { lowest: 0, highest: 64_000, step: 8 },
  unit: 'ports per node',
  source: STANDARD_LOAD_BALANCER,
  read: '2024-01-23',
};

/** Minutes after which the outbound rule forgets a silent flow, if nothing else is set. */
export const DEFAULT_OUTBOUND_IDLE_TIMEOUT: Limit = {
  value: 30,
  unit: 'minutes',
  source: STANDARD_LOAD_BALANCER,
  read: '2024-01-23',
};

/** Since this day the pod range is compared with every subnet rather than with the VNet's whole space. */
export const POD_RANGE_CHECKED_PER_SUBNET_FROM: Limit<string> = {
  value: '2024-10-25',
  source: CHANGELOG,
  read: '2024-10-25',
};

/** Since this day the subnets of VNets that AKS makes have no default outbound access. */
export const PRIVATE_SUBNETS_FROM: Limit<string> = {
  value: '2026-03-31',
  source:
    'Default outbound access retirement, https://learn.microsoft.com/azure/aks/ (includes/vm-default-outbound-access-retirement)',
  read: '2026-01-14',
};

/** Memory that AKS keeps on a node: so much for each pod and once, but a share of it at most. */
export const RESERVED_NODE_MEMORY: Limit<{
  readonly perPodMiB: number;
  readonly onceMiB: number;
  readonly share: number;
  readonly evictionMiB: number;
}> = {
  value: { perPodMiB: 20, onceMiB: 50, share: 0.25, evictionMiB: 100 },
  source: 'AKS node resource reservations, https://learn.microsoft.com/azure/aks/node-resource-reservations',
  read: '2026-04-16',
  note: 'The rule of Kubernetes 1.29 and newer; older nodes keep more.',
};

/** Ports of one public address that outbound rules share out to nodes. */
export const PORTS_PER_ADDRESS: Limit = {
  value: 64_000,
  unit: 'ports',
  source: STANDARD_LOAD_BALANCER,
  read: '2024-01-23',
};
