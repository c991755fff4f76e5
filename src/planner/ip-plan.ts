/** What a cluster takes of its VNet and pod range, for each way in which AKS gives pods addresses. */
import {
  DYNAMIC_POD_SUBNET_PODS_PER_CLUSTER,
  NODES_PER_POOL,
  OVERLAY_PODS_PER_CLUSTER,
} from '../model/limits/aks.ts';
import { PRIVATE_ADDRESSES_PER_VIRTUAL_NETWORK } from '../model/limits/azure-network.ts';
import type { CountOrPercent } from './input.ts';
import { share, surgeNodes } from './kubenet-plan.ts';
import {
  addressesPerUnit,
  DEFAULT_MAX_PODS,
  nodeLimit,
  nodeNeeds,
  observedNodeAddresses,
  roomOf,
  smallestLength,
} from './node-needs.ts';
import type { Ipam, RangeKind, RangeUnit } from './node-needs.ts';

export interface IpPlanInput {
  /** Nodes per node pool, when nothing is being upgraded. */
  readonly pools: readonly number[];
  /** Per pool, or one for all. */
  readonly surge: readonly CountOrPercent[];
  /** Per pool, or one for the cluster: a percentage of each pool, a number for all together. */
  readonly growth: readonly CountOrPercent[];
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
  readonly range: RangeKind;
  readonly unit: RangeUnit;
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
  const grown = sizeOf(ipam, input, growPools(input, maxPods), maxPods);
  const bounds = now.ranges.map((each) => each.nodesAtOnce).filter((each) => each !== null);
  const nodesAtOnce = bounds.length === 0 ? null : Math.min(...bounds, nodeLimit(ipam).nodes);
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

/**
 * Returns the pools after growth. Nodes that belong to no pool in particular are planned where they
 * cost most addresses, and in the next pool where that one is full.
 */
function growPools(input: IpPlanInput, maxPods: readonly number[]): readonly number[] {
  const { pools, growth } = input;
  const [only] = growth;
  if (growth.length > 1 || only?.kind !== 'count') {
    return pools.map((nodes, index) => nodes + share(growth[index] ?? only ?? NO_GROWTH, nodes));
  }
  const grown = [...pools];
  const costliest = pools
    .map((nodes, index) => ({ nodes, index }))
    .sort((a, b) => (maxPods[b.index] ?? 0) - (maxPods[a.index] ?? 0) || b.nodes - a.nodes);
  let left = only.count;
  for (const { nodes, index } of costliest) {
    const room = Math.max(0, largestPool(surgeOf(input, index)) - nodes);
    const added = Math.min(left, room);
    grown[index] = nodes + added;
    left -= added;
  }
  const first = costliest[0]?.index ?? 0;
  grown[first] = (grown[first] ?? 0) + left;
  return grown;
}

const NO_GROWTH: CountOrPercent = { kind: 'count', count: 0 };

/** Returns the most nodes of a pool that has room for its surge too. */
function largestPool(surge: CountOrPercent): number {
  let nodes = NODES_PER_POOL.value;
  while (nodes > 0 && nodes + surgeNodes(surge, nodes) > NODES_PER_POOL.value) nodes--;
  return nodes;
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
    peak: nodes + surgeNodes(surgeOf(input, index), nodes),
    maxPods: maxPods[index] ?? 0,
  }));
  const ranges = rangesOf(ipam, input, pools);
  const subnets = ranges.filter((each) => each.range !== 'pod-cidr');
  const addressesNeeded = total(subnets.map((each) => each.needed * addressesPerUnit(each.unit)));
  const observed = pools.map((pool) => {
    const perNode = observedNodeAddresses(ipam, pool.maxPods);
    return perNode === null ? null : pool.peak * perNode;
  });
  const reserved = observed.every((each) => each !== null) ? total(observed) + input.extraAddresses : null;
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
    smallestPrefixReserved: reserved === null ? null : smallestLength('addresses', reserved),
    obstacles,
    fits: obstacles.length === 0,
  };
}

/** Returns what a pool surges by. */
export function surgeOf({ surge }: Pick<IpPlanInput, 'surge'>, pool: number): CountOrPercent {
  return surge[pool] ?? surge[0] ?? { kind: 'count', count: 0 };
}

/** Returns the length that was given for a range; null if the plan chooses. */
export function givenLength(input: IpPlanInput, range: RangeKind): number | null {
  switch (range) {
    case 'node-subnet':
      return input.subnetLength;
    case 'pod-subnet':
      return input.podSubnetLength;
    case 'pod-cidr':
      return input.podCidrLength;
  }
}

/** Returns the length of a range: the given one, or the smallest with room for the growth too. */
export function chosenLength(plan: IpPlan, input: IpPlanInput, range: RangeKind): number | null {
  const grown = plan.grown.ranges.find((each) => each.range === range);
  return givenLength(input, range) ?? grown?.smallestPrefix ?? null;
}

function rangesOf(ipam: Ipam, input: IpPlanInput, pools: readonly PoolPeak[]): readonly RangeNeed[] {
  const most = Math.max(...pools.map((pool) => pool.maxPods));
  return nodeNeeds(ipam, most).map(({ range, unit, full }, index) => {
    const others = range === 'node-subnet' ? input.extraAddresses : 0;
    const forNodes = pools.map(({ peak, maxPods }) => peak * (nodeNeeds(ipam, maxPods)[index]?.full ?? 0));
    const needed = total(forNodes) + others;
    const length = givenLength(input, range);
    const available = length === null ? null : roomOf(unit, length);
    return {
      range,
      unit,
      needed,
      smallestPrefix: smallestLength(unit, needed),
      available,
      fits: available === null || needed <= available,
      nodesAtOnce: available === null ? null : Math.max(0, Math.floor((available - others) / full)),
    };
  });
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

export const RANGE_NAMES: Readonly<Record<RangeKind, string>> = {
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
  const { nodes: most, why } = nodeLimit(ipam);
  if (peak > most) {
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
