/** How far an Azure CNI Overlay cluster can grow, and what stops it. */
import { NODES_PER_CLUSTER, POD_RANGE_PREFIX_LENGTH } from '../model/limits/aks.ts';
import { podRanges } from './kubenet-plan.ts';
import { smallestSubnetLength, usableAddresses } from './subnet-splitter.ts';

export type OverlayResource = 'podRanges' | 'subnetAddresses' | 'nodesPerCluster';

export interface OverlayInput {
  /** Nodes that are meant to run; null asks only for the capacity. */
  readonly nodes: number | null;
  /** Nodes that an upgrade adds to them. */
  readonly surgeNodes: number;
  readonly maxPods: number;
  readonly podCidrLength: number;
  /** Length of the node subnet; null leaves it out. */
  readonly subnetLength: number | null;
  /** Addresses of the node subnet that something else holds. */
  readonly otherAddresses: number;
}

export interface OverlayBound {
  readonly resource: OverlayResource;
  /** Nodes at the same moment, surge nodes counted, that it allows. */
  readonly nodesAtOnce: number;
}

export interface OverlayCapacity {
  /** In the order in which they stop the cluster. */
  readonly bounds: readonly OverlayBound[];
  /** Those that stop it at the same node. */
  readonly runsOutFirst: readonly OverlayResource[];
  readonly nodesByPodCidr: number;
  readonly nodesAtOnce: number;
  readonly failsAtNode: number;
  readonly podsAtOnce: number;
  readonly peakNodes: number | null;
  readonly fits: boolean;
  /** For the nodes that are meant to run; null without any, or where no range is that large. */
  readonly smallestPodCidrPrefix: number | null;
  readonly smallestPrefix: number | null;
}

export function overlayCapacity(input: OverlayInput): OverlayCapacity {
  const { nodes, surgeNodes, maxPods, podCidrLength, subnetLength, otherAddresses } = input;
  const bounds: OverlayBound[] = [
    { resource: 'podRanges', nodesAtOnce: podRanges(podCidrLength) },
    { resource: 'nodesPerCluster', nodesAtOnce: NODES_PER_CLUSTER.value },
  ];
  if (subnetLength !== null) {
    const free = Math.max(0, usableAddresses(subnetLength) - otherAddresses);
    bounds.push({ resource: 'subnetAddresses', nodesAtOnce: free });
  }
  bounds.sort((a, b) => a.nodesAtOnce - b.nodesAtOnce);
  const nodesAtOnce = bounds[0]?.nodesAtOnce ?? 0;
  const peakNodes = nodes === null ? null : nodes + surgeNodes;
  return {
    bounds,
    runsOutFirst: bounds.filter((each) => each.nodesAtOnce === nodesAtOnce).map((each) => each.resource),
    nodesByPodCidr: podRanges(podCidrLength),
    nodesAtOnce,
    failsAtNode: nodesAtOnce + 1,
    podsAtOnce: nodesAtOnce * maxPods,
    peakNodes,
    fits: peakNodes === null || peakNodes <= nodesAtOnce,
    smallestPodCidrPrefix: peakNodes === null ? null : smallestPodCidr(peakNodes),
    smallestPrefix: peakNodes === null ? null : smallestSubnetLength(peakNodes + otherAddresses),
  };
}

/** Returns the length of the smallest pod range with a /24 for each node; null where no range is that large. */
export function smallestPodCidr(nodes: number): number | null {
  for (let length = POD_RANGE_PREFIX_LENGTH.value; length >= 0; length--) {
    if (podRanges(length) >= nodes) return length;
  }
  return null;
}
