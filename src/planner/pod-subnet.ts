/** What Pod Subnet nodes take of their pod subnet: batches of 16 on demand, or blocks of 16 for life. */
import { blocksPerNode, dynamicTarget } from '../model/aks/pod-subnet-shares.ts';
import { STATIC_BLOCK_PREFIX_LENGTH, STATIC_BLOCK_RESERVED_ADDRESSES } from '../model/limits/aks.ts';
import { smallestSubnetLength, usableAddresses } from './subnet-splitter.ts';

export { dynamicTarget };

export const BLOCK_ADDRESSES = 2 ** (32 - STATIC_BLOCK_PREFIX_LENGTH.value);

export interface DynamicStep {
  /** Pods with an address of their own, both included. */
  readonly fromPods: number;
  readonly toPods: number;
  readonly addresses: number;
}

/** Returns what a dynamic node holds as its pods grow from none to `maxPods`, step by step. */
export function dynamicSteps(maxPods: number): readonly DynamicStep[] {
  const steps: DynamicStep[] = [];
  for (let pods = 0; pods <= maxPods; pods++) {
    const addresses = dynamicTarget(pods);
    const last = steps.at(-1);
    if (last?.addresses === addresses) steps[steps.length - 1] = { ...last, toPods: pods };
    else steps.push({ fromPods: pods, toPods: pods, addresses });
  }
  return steps;
}

export interface StaticNode {
  readonly blocks: number;
  readonly addresses: number;
  /** Addresses that pods can get. */
  readonly usable: number;
  /** Those of them that stay unused on a full node. */
  readonly wasted: number;
}

/** Returns what a node with static blocks takes, for as long as it lives. */
export function staticNode(maxPods: number): StaticNode {
  const reserved = STATIC_BLOCK_RESERVED_ADDRESSES.value;
  const blocks = blocksPerNode(maxPods);
  const addresses = blocks * BLOCK_ADDRESSES;
  const usable = addresses - reserved;
  return { blocks, addresses, usable, wasted: usable - maxPods };
}

/**
 * Returns how many blocks a pod subnet of this length has. The blocks that hold one of Azure's five
 * addresses (the first and the last) are not counted: no page says what becomes of them, and a plan
 * errs on the safe side.
 */
export function staticBlocks(subnetLength: number): number {
  const length = STATIC_BLOCK_PREFIX_LENGTH.value;
  return subnetLength >= length ? 0 : 2 ** (length - subnetLength) - 2;
}

/** Returns the length of the smallest pod subnet with so many blocks; null above a /0. */
export function smallestBlockSubnetLength(blocks: number): number | null {
  for (let length = STATIC_BLOCK_PREFIX_LENGTH.value - 1; length >= 0; length--) {
    if (staticBlocks(length) >= blocks) return length;
  }
  return null;
}

export interface PodSubnetInput {
  /** Nodes at the same moment, surge nodes included. */
  readonly nodes: number;
  readonly maxPods: number;
  /** Pods with an address of their own on each node; those on the host's network have none. */
  readonly pods: number;
  /** Length of the pod subnet; null lets the plan choose the smallest. */
  readonly subnetLength: number | null;
}

/** What a pod subnet of the given length holds. */
export interface PodSubnetRoom {
  /** Addresses, or blocks, that it has. */
  readonly available: number;
  /** Nodes that can start in it: with their first batch, or with all their blocks. */
  readonly nodesThatStart: number;
  /** Nodes that can be full of pods. */
  readonly fullNodes: number;
  /** Addresses left over when no further node can start. */
  readonly stranded: number;
  /** Whether every node can be full. */
  readonly fits: boolean;
}

export interface DynamicPlan {
  readonly steps: readonly DynamicStep[];
  /** Per node: at first, with the pods that run, and full. */
  readonly perNodeAtFirst: number;
  readonly perNodeNow: number;
  readonly perNodeFull: number;
  readonly addressesAtFirst: number;
  readonly addressesNow: number;
  readonly addressesNeeded: number;
  readonly smallestPrefix: number | null;
  readonly room: PodSubnetRoom | null;
}

export interface StaticPlan {
  readonly node: StaticNode;
  readonly blocksNeeded: number;
  readonly addressesNeeded: number;
  readonly smallestPrefix: number | null;
  /** Max pods near by that waste nothing and that AKS takes. */
  readonly wasteFree: readonly number[];
  readonly room: PodSubnetRoom | null;
}

export function planDynamic(input: PodSubnetInput): DynamicPlan {
  const { nodes, maxPods, pods, subnetLength } = input;
  const perNodeFull = dynamicTarget(maxPods);
  const perNodeAtFirst = dynamicTarget(0);
  const addressesNeeded = nodes * perNodeFull;
  const available = subnetLength === null ? 0 : usableAddresses(subnetLength);
  const nodesThatStart = Math.floor(available / perNodeAtFirst);
  return {
    steps: dynamicSteps(maxPods),
    perNodeAtFirst,
    perNodeNow: dynamicTarget(pods),
    perNodeFull,
    addressesAtFirst: nodes * perNodeAtFirst,
    addressesNow: nodes * dynamicTarget(pods),
    addressesNeeded,
    smallestPrefix: smallestSubnetLength(addressesNeeded),
    room:
      subnetLength === null
        ? null
        : {
            available,
            nodesThatStart,
            fullNodes: Math.floor(available / perNodeFull),
            stranded: available - nodesThatStart * perNodeAtFirst,
            fits: addressesNeeded <= available,
          },
  };
}

export function planStatic(
  input: PodSubnetInput,
  range: { readonly lowest: number; readonly highest: number },
): StaticPlan {
  const { nodes, maxPods, subnetLength } = input;
  const node = staticNode(maxPods);
  const blocksNeeded = nodes * node.blocks;
  const available = subnetLength === null ? 0 : staticBlocks(subnetLength);
  const fullNodes = Math.floor(available / node.blocks);
  return {
    node,
    blocksNeeded,
    addressesNeeded: nodes * node.addresses,
    smallestPrefix: smallestBlockSubnetLength(blocksNeeded),
    wasteFree: [node.usable - BLOCK_ADDRESSES, node.usable].filter(
      (each) => each >= range.lowest && each <= range.highest,
    ),
    room:
      subnetLength === null
        ? null
        : {
            available,
            nodesThatStart: fullNodes,
            fullNodes,
            stranded: (available - fullNodes * node.blocks) * BLOCK_ADDRESSES,
            fits: blocksNeeded <= available,
          },
  };
}
