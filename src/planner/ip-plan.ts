/** What a cluster takes of its VNet and pod range, for each way in which AKS gives pods addresses. */
import {
  DYNAMIC_POD_SUBNET_PODS_PER_CLUSTER,
  KUBENET_DEFAULT_MAX_PODS,
  KUBENET_MAX_NODES,
  NODE_SUBNET_DEFAULT_MAX_PODS,
  NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES,
  NODE_SUBNET_PLANNED_EXTRA_ADDRESSES,
  NODES_PER_CLUSTER,
  NODES_PER_POOL,
  OVERLAY_DEFAULT_MAX_PODS,
  OVERLAY_PODS_PER_CLUSTER,
  POD_SUBNET_DEFAULT_MAX_PODS,
} from '../model/limits/aks.ts';
import { PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK } from '../model/limits/azure-network.ts';
import type { CountOrPercent } from './input.ts';
import { growPools, podRanges, surgeNodes } from './kubenet-plan.ts';
import { smallestPodCidr } from './overlay-capacity.ts';
import {
  BLOCK_ADDRESSES,
  dynamicTarget,
  smallestBlockSubnetLength,
  staticBlocks,
  staticNode,
} from './pod-subnet.ts';
import { smallestSubnetLength, usableAddresses } from './subnet-splitter.ts';

export type Ipam = 'node-subnet' | 'pod-subnet-dynamic' | 'pod-subnet-static' | 'overlay' | 'kubenet';

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

export interface IpPlanInput {
  /** Nodes per node pool, when nothing is being upgraded. */
  readonly pools: readonly number[];
  readonly surge: CountOrPercent;
  readonly growth: CountOrPercent;
  /** Per pool, or one for all; none for the default of each way. */
  readonly maxPods: readonly number[];
  /** Addresses of the node subnet that are no node's and no pod's. */
  readonly extraAddresses: number;
  /** Lengths of given ranges; null lets the plan choose the smallest. */
  readonly subnetLength: number | null;
  readonly podSubnetLength: number | null;
  readonly podCidrLength: number | null;
}

/** A range of addresses that the cluster takes from. */
export interface RangeNeed {
  readonly range: 'node-subnet' | 'pod-subnet' | 'pod-cidr';
  /** What is counted: addresses, /28 blocks, or a /24 for each node. */
  readonly unit: 'addresses' | 'blocks' | 'node ranges';
  readonly needed: number;
  readonly smallestPrefix: number | null;
  /** Of the given range; null if none is given. */
  readonly available: number | null;
  readonly fits: boolean;
  /** Nodes at the same moment that the given range allows with the largest max pods; null if none is given. */
  readonly nodesAtOnce: number | null;
}

export interface IpPlanSize {
  readonly nodes: number;
  readonly surgeNodes: number;
  readonly peakNodes: number;
  /** Pods that all nodes can run without surge nodes. */
  readonly pods: number;
  readonly ranges: readonly RangeNeed[];
  /** Addresses of the VNet, over all of its subnets. */
  readonly addressesNeeded: number;
  /** Length of the smallest block that holds every subnet; null where none does. */
  readonly smallestPrefix: number | null;
  /** Node Subnet only: what the service is seen to reserve, which is less than the documented plan. */
  readonly addressesReserved: number | null;
  readonly smallestPrefixReserved: number | null;
  /** What stands against the plan, as sentences; empty if nothing does. */
  readonly obstacles: readonly string[];
  readonly fits: boolean;
}

export interface IpPlan {
  readonly ipam: Ipam;
  readonly maxPods: readonly number[];
  readonly now: IpPlanSize;
  readonly grown: IpPlanSize;
  /** Nodes and pods at the same moment that the given ranges allow; null if none is given. */
  readonly nodesAtOnce: number | null;
  readonly podsAtOnce: number | null;
  /** Sentences on guidance that no request is refused for. */
  readonly remarks: readonly string[];
}

export function planAddresses(ipam: Ipam, input: IpPlanInput): IpPlan {
  const maxPods = input.pools.map(
    (_, index) => input.maxPods[index] ?? input.maxPods[0] ?? DEFAULT_MAX_PODS[ipam],
  );
  const now = sizeOf(ipam, input, input.pools, maxPods);
  const grown = sizeOf(ipam, input, growPools(input.pools, input.growth), maxPods);
  const bounds = now.ranges.map((each) => each.nodesAtOnce).filter((each) => each !== null);
  const nodesAtOnce = bounds.length === 0 ? null : Math.min(...bounds, nodeLimit(ipam));
  return {
    ipam,
    maxPods,
    now,
    grown,
    nodesAtOnce,
    podsAtOnce: nodesAtOnce === null ? null : nodesAtOnce * Math.max(...maxPods),
    remarks: remarksOn(ipam, grown),
  };
}

interface PoolPeak {
  readonly nodes: number;
  readonly peak: number;
  readonly maxPods: number;
}

function sizeOf(
  ipam: Ipam,
  input: IpPlanInput,
  sizes: readonly number[],
  maxPods: readonly number[],
): IpPlanSize {
  const pools = sizes.map((nodes, index) => ({
    nodes,
    peak: nodes + surgeNodes(input.surge, nodes),
    maxPods: maxPods[index] ?? 0,
  }));
  const ranges = rangesOf(ipam, input, pools);
  const subnets = ranges.filter((each) => each.range !== 'pod-cidr');
  const addressesNeeded = total(subnets.map((each) => each.needed * addressesPer(each)));
  const observed = NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES.value;
  const reserved =
    ipam === 'node-subnet'
      ? total(pools.map((pool) => pool.peak * (pool.maxPods + observed))) + input.extraAddresses
      : null;
  const obstacles = obstaclesTo(ipam, pools, ranges);
  const nodes = total(sizes);
  const peakNodes = total(pools.map((pool) => pool.peak));
  return {
    nodes,
    surgeNodes: peakNodes - nodes,
    peakNodes,
    pods: total(pools.map((pool) => pool.nodes * pool.maxPods)),
    ranges,
    addressesNeeded,
    smallestPrefix: enclosingLength(subnets.map((each) => each.smallestPrefix)),
    addressesReserved: reserved,
    smallestPrefixReserved: reserved === null ? null : smallestSubnetLength(reserved),
    obstacles,
    fits: obstacles.length === 0,
  };
}

function addressesPer(need: RangeNeed): number {
  return need.unit === 'blocks' ? BLOCK_ADDRESSES : 1;
}

function rangesOf(ipam: Ipam, input: IpPlanInput, pools: readonly PoolPeak[]): readonly RangeNeed[] {
  const peak = total(pools.map((pool) => pool.peak));
  const most = Math.max(...pools.map((pool) => pool.maxPods));
  const nodes = addressRange('node-subnet', peak, 1, input.extraAddresses, input.subnetLength);
  switch (ipam) {
    case 'node-subnet': {
      const extra = NODE_SUBNET_PLANNED_EXTRA_ADDRESSES.value;
      const needed = total(pools.map((pool) => pool.peak * (pool.maxPods + extra)));
      return [addressRange('node-subnet', needed, most + extra, input.extraAddresses, input.subnetLength)];
    }
    case 'pod-subnet-dynamic': {
      const needed = total(pools.map((pool) => pool.peak * dynamicTarget(pool.maxPods)));
      return [nodes, addressRange('pod-subnet', needed, dynamicTarget(most), 0, input.podSubnetLength)];
    }
    case 'pod-subnet-static': {
      const needed = total(pools.map((pool) => pool.peak * staticNode(pool.maxPods).blocks));
      return [nodes, blockRange(needed, staticNode(most).blocks, input.podSubnetLength)];
    }
    case 'overlay':
    case 'kubenet':
      return [nodes, nodeRanges(peak, input.podCidrLength)];
  }
}

function addressRange(
  range: 'node-subnet' | 'pod-subnet',
  forNodes: number,
  perNode: number,
  others: number,
  length: number | null,
): RangeNeed {
  const needed = forNodes + others;
  const available = length === null ? null : usableAddresses(length);
  return {
    range,
    unit: 'addresses',
    needed,
    smallestPrefix: smallestSubnetLength(needed),
    available,
    fits: available === null || needed <= available,
    nodesAtOnce: available === null ? null : Math.max(0, Math.floor((available - others) / perNode)),
  };
}

function blockRange(needed: number, perNode: number, length: number | null): RangeNeed {
  const available = length === null ? null : staticBlocks(length);
  return {
    range: 'pod-subnet',
    unit: 'blocks',
    needed,
    smallestPrefix: smallestBlockSubnetLength(needed),
    available,
    fits: available === null || needed <= available,
    nodesAtOnce: available === null ? null : Math.floor(available / perNode),
  };
}

function nodeRanges(needed: number, length: number | null): RangeNeed {
  const available = length === null ? null : podRanges(length);
  return {
    range: 'pod-cidr',
    unit: 'node ranges',
    needed,
    smallestPrefix: smallestPodCidr(needed),
    available,
    fits: available === null || needed <= available,
    nodesAtOnce: available,
  };
}

/** Subnets stand on multiples of their size; in a block of the sum's next power of two they always do. */
function enclosingLength(lengths: readonly (number | null)[]): number | null {
  let addresses = 0;
  for (const length of lengths) {
    if (length === null) return null;
    addresses += 2 ** (32 - length);
  }
  const length = 32 - Math.ceil(Math.log2(addresses));
  return length < 0 ? null : length;
}

function nodeLimit(ipam: Ipam): number {
  return ipam === 'kubenet' ? KUBENET_MAX_NODES.value : NODES_PER_CLUSTER.value;
}

export const RANGE_NAMES: Readonly<Record<RangeNeed['range'], string>> = {
  'node-subnet': 'node subnet',
  'pod-subnet': 'pod subnet',
  'pod-cidr': 'pod CIDR',
};

function obstaclesTo(
  ipam: Ipam,
  pools: readonly PoolPeak[],
  ranges: readonly RangeNeed[],
): readonly string[] {
  const obstacles: string[] = [];
  const number = (value: number) => value.toLocaleString('en');
  for (const { range, unit, needed, available, fits } of ranges) {
    if (fits || available === null) continue;
    obstacles.push(
      `The ${RANGE_NAMES[range]} has ${number(available)} ${unit}; ${number(needed)} are needed.`,
    );
  }
  const peak = total(pools.map((pool) => pool.peak));
  const most = nodeLimit(ipam);
  if (peak > most) {
    const why = ipam === 'kubenet' ? 'one route each in one route table' : "AKS's limit for a cluster";
    obstacles.push(`${number(peak)} nodes at once are more than ${number(most)} (${why}).`);
  }
  for (const { nodes, peak: atOnce } of pools) {
    if (atOnce <= NODES_PER_POOL.value) continue;
    obstacles.push(
      `A pool of ${number(nodes)} nodes has ${number(atOnce)} with its surge; a pool holds ${number(NODES_PER_POOL.value)}, surge included.`,
    );
  }
  // A block of Pod Subnet counts as one address here, so each range counts in its own unit.
  const inUse = total(ranges.filter((each) => each.range !== 'pod-cidr').map((each) => each.needed));
  const limit = PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK.value;
  if (inUse > limit) {
    obstacles.push(
      `${number(inUse)} private addresses are more than a VNet may have in use (${number(limit)}).`,
    );
  }
  return obstacles;
}

function remarksOn(ipam: Ipam, { pods }: IpPlanSize): readonly string[] {
  const number = (value: number) => value.toLocaleString('en');
  switch (ipam) {
    case 'overlay':
      return pods <= OVERLAY_PODS_PER_CLUSTER.value
        ? []
        : [
            `${number(pods)} pods are more than the ${number(OVERLAY_PODS_PER_CLUSTER.value)} that AKS advises for an Overlay cluster.`,
          ];
    case 'pod-subnet-dynamic':
      return pods <= DYNAMIC_POD_SUBNET_PODS_PER_CLUSTER.value
        ? []
        : [
            `${number(pods)} pods are more than the ${number(DYNAMIC_POD_SUBNET_PODS_PER_CLUSTER.value)} that AKS advises with dynamic allocation.`,
          ];
    case 'node-subnet':
    case 'pod-subnet-static':
    case 'kubenet':
      return [];
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
