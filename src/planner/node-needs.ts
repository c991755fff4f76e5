/** What one node takes of each range, for every way in which AKS gives pods addresses. */
import type { Ipam as ClusterIpam } from '../model/aks/ipam.ts';
import {
  KUBENET_DEFAULT_MAX_PODS,
  KUBENET_MAX_NODES,
  NODE_SUBNET_DEFAULT_MAX_PODS,
  NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES,
  NODE_SUBNET_PLANNED_EXTRA_ADDRESSES,
  NODES_PER_CLUSTER,
  OVERLAY_DEFAULT_MAX_PODS,
  POD_RANGE_PREFIX_LENGTH,
  POD_SUBNET_DEFAULT_MAX_PODS,
} from '../model/limits/aks.ts';
import { podRanges } from './kubenet-plan.ts';
import { smallestPodCidr } from './overlay-capacity.ts';
import {
  BLOCK_ADDRESSES,
  dynamicTarget,
  smallestBlockSubnetLength,
  staticBlocks,
  staticNode,
} from './pod-subnet.ts';
import { smallestSubnetLength, usableAddresses } from './subnet-splitter.ts';

/** A cluster without a CNI of AKS has no plan. */
export type Ipam = Exclude<ClusterIpam, 'none'>;

export const IPAMS: readonly Ipam[] = [
  'node-subnet',
  'pod-subnet-dynamic',
  'pod-subnet-static',
  'overlay',
  'kubenet',
];

export const DEFAULT_MAX_PODS: Readonly<Record<Ipam, number>> = {
  'node-subnet': NODE_SUBNET_DEFAULT_MAX_PODS.value,
  'pod-subnet-dynamic': POD_SUBNET_DEFAULT_MAX_PODS.value,
  'pod-subnet-static': POD_SUBNET_DEFAULT_MAX_PODS.value,
  overlay: OVERLAY_DEFAULT_MAX_PODS.value,
  kubenet: KUBENET_DEFAULT_MAX_PODS.value,
};

export type RangeKind = 'node-subnet' | 'pod-subnet' | 'pod-cidr';

/** What is counted: addresses, /28 blocks, or a /24 for each node. */
export type RangeUnit = 'addresses' | 'blocks' | 'node ranges';

export interface NodeNeed {
  readonly range: RangeKind;
  readonly unit: RangeUnit;
  /** With all its pods. */
  readonly full: number;
  /** When it has just joined, without any pod. */
  readonly atJoin: number;
}

/** Returns what a node with so many pods takes, the node subnet first. */
export function nodeNeeds(ipam: Ipam, maxPods: number): readonly NodeNeed[] {
  const node: NodeNeed = { range: 'node-subnet', unit: 'addresses', full: 1, atJoin: 1 };
  switch (ipam) {
    case 'node-subnet': {
      const addresses = maxPods + NODE_SUBNET_PLANNED_EXTRA_ADDRESSES.value;
      return [{ ...node, full: addresses, atJoin: addresses }];
    }
    case 'pod-subnet-dynamic':
      return [
        node,
        {
          range: 'pod-subnet',
          unit: 'addresses',
          full: dynamicTarget(maxPods),
          atJoin: dynamicTarget(0),
        },
      ];
    case 'pod-subnet-static': {
      const { blocks } = staticNode(maxPods);
      return [node, { range: 'pod-subnet', unit: 'blocks', full: blocks, atJoin: blocks }];
    }
    case 'overlay':
    case 'kubenet':
      return [node, { range: 'pod-cidr', unit: 'node ranges', full: 1, atJoin: 1 }];
  }
}

/** Returns what the service is seen to reserve for a Node Subnet node; null for the others. */
export function observedNodeAddresses(ipam: Ipam, maxPods: number): number | null {
  return ipam === 'node-subnet' ? maxPods + NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES.value : null;
}

/** Returns how many of the unit a range of this length has to give. */
export function roomOf(unit: RangeUnit, length: number): number {
  switch (unit) {
    case 'addresses':
      return usableAddresses(length);
    case 'blocks':
      return staticBlocks(length);
    case 'node ranges':
      return podRanges(length);
  }
}

/** Returns the length of the smallest range with so many of the unit; null where none is that large. */
export function smallestLength(unit: RangeUnit, needed: number): number | null {
  switch (unit) {
    case 'addresses':
      return smallestSubnetLength(needed);
    case 'blocks':
      return smallestBlockSubnetLength(needed);
    case 'node ranges':
      return smallestPodCidr(needed);
  }
}

/** Returns the addresses of the VNet, or of the pod CIDR, in one of the unit. */
export function addressesPerUnit(unit: RangeUnit): number {
  switch (unit) {
    case 'addresses':
      return 1;
    case 'blocks':
      return BLOCK_ADDRESSES;
    case 'node ranges':
      return 2 ** (32 - POD_RANGE_PREFIX_LENGTH.value);
  }
}

/** Returns the most nodes of a cluster at the same moment, and why no more. */
export function nodeLimit(ipam: Ipam): { readonly nodes: number; readonly why: string } {
  return ipam === 'kubenet'
    ? { nodes: KUBENET_MAX_NODES.value, why: 'one route each in one route table' }
    : { nodes: NODES_PER_CLUSTER.value, why: "AKS's limit for a cluster" };
}
