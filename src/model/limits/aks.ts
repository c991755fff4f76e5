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
  note: 'The Windows FAQ shows --max-pods 3. Decided for 10, which the service enforces.',
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
  note: 'Any overlap counts, so 172.16.0.0/12 is refused. Enforced for the pod range since 2026-05-29. Older wording tied 172.30.0.0/16 and 172.31.0.0/16 to Calico; decided for all clusters, as the page says since July 2026.',
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

const POD_SUBNET =
  'Azure CNI Pod Subnet, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet';
const OVERLAY = 'Azure CNI Overlay, https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay';

export const NODE_SUBNET_DEFAULT_MAX_PODS: Limit = {
  value: 30,
  unit: 'pods per node',
  source: IP_PLANNING,
  read: '2026-04-16',
};

/** Addresses that a plan gives each Node Subnet node besides one for each of its pods. */
export const NODE_SUBNET_PLANNED_EXTRA_ADDRESSES: Limit = {
  value: 1,
  unit: 'addresses per node',
  source: IP_PLANNING,
  read: '2026-04-16',
  note: 'A support article counts max pods per node, and the service reserves max pods - 1. Decided: plans use max pods + 1, which is documented and the safe side; the observed reservation is told beside it.',
};

/** What the service really reserves per Node Subnet node, more or less than max pods. */
export const NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES: Limit = {
  value: -1,
  unit: 'addresses per node',
  source:
    'Connect to AKS nodes, https://learn.microsoft.com/azure/aks/node-access (node addresses .4, .33, .62)',
  read: '2026-02-28',
  note: 'Observed, not documented: one for the node and max pods - 2 for pods, since two pods use the address of the node. "Pre-allocated IPs 498" for 2 nodes of 250 pods says the same.',
};

export const POD_SUBNET_DEFAULT_MAX_PODS: Limit = {
  value: 250,
  unit: 'pods per node',
  source:
    'Dynamic IP allocation, https://learn.microsoft.com/azure/aks/configure-azure-cni-dynamic-ip-allocation',
  read: '2024-07-09',
  note: 'The IP planning page (2026-04-16) says 110. Decided for 250: clusters made without the flag show it.',
};

/** How a Pod Subnet node with dynamic allocation asks for addresses and gives them back. */
export const DYNAMIC_POD_ADDRESSES: Limit<{
  readonly batch: number;
  readonly requestBelowFree: number;
  readonly releaseAboveFree: number;
  readonly mostPerNode: number;
}> = {
  value: { batch: 16, requestBelowFree: 8, releaseAboveFree: 24, mostPerNode: 250 },
  unit: 'addresses',
  source: 'Azure/azure-container-networking, docs/feature/ipammath and cns/ipampool',
  read: '2026-08-20',
  note: 'Target: 16 x ceil(0.5 + used / 16), never more than 250. The AKS page names the batch and the 8.',
};

/** Length of the blocks that static block allocation gives to a node. */
export const STATIC_BLOCK_PREFIX_LENGTH: Limit = {
  value: 28,
  unit: 'bits',
  source: POD_SUBNET,
  read: '2024-05-21',
  note: 'The page still calls static blocks a preview; the release notes of 2025-07-20 make them generally available, which is what counts here.',
};

/** Addresses of a node with static blocks that no pod gets. */
export const STATIC_BLOCK_RESERVED_ADDRESSES: Limit = {
  value: 1,
  unit: 'addresses per node',
  source: POD_SUBNET,
  read: '2024-05-21',
};

/** Pods of one Overlay cluster that AKS is tested with. */
export const OVERLAY_PODS_PER_CLUSTER: Limit = {
  value: 200_000,
  unit: 'pods',
  source:
    'Best practices for large clusters, https://learn.microsoft.com/azure/aks/best-practices-performance-scale-large',
  read: '2026-06-05',
  note: 'The pod networking plan page (2025-03-24) says 250,000. Decided for the lower and newer number; it is guidance, and no node is refused for it.',
};

/** Pods of one Pod Subnet cluster with dynamic allocation that AKS advises at most. */
export const DYNAMIC_POD_SUBNET_PODS_PER_CLUSTER: Limit = {
  value: 50_000,
  unit: 'pods',
  source: 'Plan pod networking, https://learn.microsoft.com/azure/aks/plan-pod-networking',
  read: '2025-03-24',
};

/** What a wider pod range must be to an Overlay cluster's present one. */
export const POD_RANGE_EXPANSION: Limit<string> = {
  value: 'superset',
  source: 'Expand pod CIDR space, https://learn.microsoft.com/azure/aks/azure-cni-overlay-pod-expand',
  read: '2024-08-16',
  note: 'Only Linux clusters; no smaller, other or additional range.',
};

/** Against what AKS holds the pod range of an Overlay cluster. */
export const POD_RANGE_MUST_AVOID: Limit<string> = {
  value: 'subnets',
  source: OVERLAY,
  read: '2026-07-31',
  note: 'Public pages name the whole VNet, any subnet of it, or the cluster subnet. Decided: overlap with a subnet is a refusal (service since 2024-10-25), overlap with the rest of the VNet is advised against, since a migration to Overlay still refuses it and a later subnet may land there.',
};

/** Against what AKS holds the service range. */
export const SERVICE_RANGE_MUST_AVOID: Limit<string> = {
  value: 'subnets',
  source: IP_PLANNING,
  read: '2026-04-16',
  note: "The page forbids overlap with the VNet, while Microsoft's own samples put the default 10.0.0.0/16 inside a VNet of 10.0.0.0/8. Decided: overlap with a subnet is a refusal (ServiceCidrOverlapExistingSubnetsCidr), overlap with the rest of the VNet is advised against.",
};

const MANAGED_V2 =
  'AKS engineering blog, "Announcing StandardV2 NAT Gateway for AKS-managed egress", https://github.com/Azure/AKS (website/blog)';

/** Addresses that AKS makes for a managed NAT gateway. */
export const MANAGED_NAT_ADDRESSES: Limit<{ readonly lowest: number; readonly highest: number }> = {
  value: { lowest: 1, highest: 16 },
  source: 'NAT gateway in AKS, https://learn.microsoft.com/azure/aks/nat-gateway',
  read: '2026-07-07',
};

/** From this day a managed NAT gateway is StandardV2 where a request names no SKU and the region has it. */
export const MANAGED_NAT_V2_DEFAULT_FROM: Limit<string> = {
  value: '2026-09-29',
  source: MANAGED_V2,
  read: '2026-09-29',
  note: 'It comes with API version 2026-06-01. A request without a SKU is taken as one of the API version of its day; one with a flag that only azure-cli 2.91.0 has, as one of 2026-06-01, whatever the day. The preview pages of July and August 2026 show an outbound type managedNATGatewayV2 instead, which the service refuses from 2026-06-01 on. Decided for the SKU.',
};

/** Regions without StandardV2 NAT gateways, in ARM's short names. */
export const REGIONS_WITHOUT_NAT_V2: Limit<readonly string[]> = {
  value: ['canadaeast', 'indonesiacentral', 'qatarcentral', 'westindia'],
  source: 'Azure NAT Gateway SKUs, https://learn.microsoft.com/azure/nat-gateway/nat-sku',
  read: '2026-07-27',
  note: 'Regions that this workbook does not know (Israel Northwest, Sweden South) are left out. The page of 2025-11-04 had five more; decided for the newer one.',
};

/** Ranges that may be let in to an API server. */
export const AUTHORIZED_IP_RANGES: Limit = {
  value: 200,
  unit: 'ranges per cluster',
  source:
    'API server authorized IP ranges, https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges',
  read: '2024-05-19',
  note: 'What the cluster itself leaves by is let in besides and not counted.',
};
