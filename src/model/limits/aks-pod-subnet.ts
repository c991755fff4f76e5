/** Conditions that AKS puts on pod subnets and on the names of networks. */
import type { Limit } from './limit.ts';

const STATIC_BLOCK =
  'Static block allocation, https://learn.microsoft.com/azure/aks/configure-azure-cni-static-block-allocation';

/** First Kubernetes version with static blocks. */
export const STATIC_BLOCKS_FROM: Limit<string> = {
  value: '1.28',
  source: STATIC_BLOCK,
  read: '2024-03-18',
};

/** The service that AKS delegates a pod subnet to. */
export const AKS_DELEGATION: Limit<string> = {
  value: 'Microsoft.ContainerService/managedClusters',
  source:
    'SubnetIsDelegated, https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/subnetisdelegated-error',
  read: '2024-08-27',
  note: 'The CNI overview page forbids any delegation of a node subnet, the pod networking plan page asks for one, and the support article allows this one alone. Decided: AKS puts it on the pod subnet itself, and takes a node subnet that has it if no pods live there; any other delegation is refused.',
};

/** Longest name of the resource group, the VNet and the subnet of a cluster with Overlay or a pod subnet. */
export const NETWORK_NAME_LENGTH: Limit = {
  value: 63,
  unit: 'characters',
  source: 'AKS release notes, https://github.com/Azure/AKS/blob/master/CHANGELOG.md',
  read: '2023-11-28',
  note: 'The names become labels of nodes, and a label value has 63 characters at most.',
};
