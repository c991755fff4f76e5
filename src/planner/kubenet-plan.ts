/** What a kubenet cluster uses up: subnet addresses, a /24 of the pod range per node, and routes. */
import { POD_RANGE_PREFIX_LENGTH } from '../model/limits/aks.ts';
import { ROUTES_PER_ROUTE_TABLE } from '../model/limits/azure-network.ts';
import type { CountOrPercent } from './input.ts';
import { smallestSubnetLength, usableAddresses } from './subnet-splitter.ts';

export interface KubenetPlanInput {
  /** Nodes per node pool, when nothing is being upgraded. */
  readonly pools: readonly number[];
  /** Extra nodes per pool during an upgrade; a percentage rounds up, and no pool surges by more than it has. */
  readonly surge: CountOrPercent;
  /** Nodes that the cluster should be able to grow by. */
  readonly growth: CountOrPercent;
  readonly maxPods: number;
  /** Prefix length of the pod range. */
  readonly podCidrLength: number;
  /** Prefix length of the node subnet; null lets the plan choose the smallest. */
  readonly subnetLength: number | null;
  /** Addresses of the subnet that something else holds: VMs, internal load balancers, private endpoints. */
  readonly otherAddresses: number;
  /** Routes in the table that are not AKS's own. */
  readonly customRoutes: number;
}

export type KubenetResource = 'subnetAddresses' | 'podRanges' | 'routes';

/** One resource: each node takes one unit of it. */
export interface ResourceUse {
  readonly resource: KubenetResource;
  readonly available: number;
  readonly needed: number;
  /** Left over at the plan's peak; negative by as much as is missing. */
  readonly left: number;
  readonly fits: boolean;
  /** Nodes of the cluster at the same moment, surge nodes counted, that this resource allows. */
  readonly nodesAtOnce: number;
  /** The node that cannot join: one more than it allows. */
  readonly failsAtNode: number;
}

/** The plan at one size of the cluster. */
export interface KubenetSize {
  readonly nodes: number;
  readonly surgeNodes: number;
  /** Nodes that exist at the same moment during an upgrade of all pools. */
  readonly peakNodes: number;
  readonly pods: number;
  readonly addressesNeeded: number;
  /** Length of the smallest subnet that holds them with Azure's five; null if no subnet could. */
  readonly smallestPrefix: number | null;
  readonly podRangesNeeded: number;
  /** Length of the smallest pod range with a /24 for each. */
  readonly smallestPodCidrPrefix: number | null;
  readonly routesNeeded: number;
  readonly uses: readonly ResourceUse[];
  readonly fits: boolean;
}

export interface KubenetPlan {
  readonly input: KubenetPlanInput;
  readonly now: KubenetSize;
  readonly grown: KubenetSize;
  /** Resources in the order in which they run out as nodes join; those that run out together stand together. */
  readonly order: readonly ResourceUse[];
  /** The first of `order`, and the others that give out at the same node. */
  readonly runsOutFirst: readonly KubenetResource[];
  /** The node, counted with surge nodes, that cannot join. */
  readonly failsAtNode: number;
  /** The most nodes the cluster can keep and still upgrade; its pools keep their proportions to within a node. */
  readonly maxNodes: number;
  /** Nodes that could run if nothing ever surged. */
  readonly maxNodesWithoutSurge: number;
  readonly maxPodsInCluster: number;
}

/** Returns the plan for the cluster as described, and grown. */
export function planKubenet(input: KubenetPlanInput): KubenetPlan {
  const grownPools = growPools(input.pools, input.growth);
  const now = sizeOf(input, input.pools);
  const order = [...now.uses].sort((a, b) => a.nodesAtOnce - b.nodesAtOnce);
  const most = order[0]?.nodesAtOnce ?? 0;
  const maxNodes = mostNodes(input, most);
  return {
    input,
    now,
    grown: sizeOf(input, grownPools),
    order,
    runsOutFirst: order.filter((use) => use.nodesAtOnce === most).map((use) => use.resource),
    failsAtNode: most + 1,
    maxNodes,
    maxNodesWithoutSurge: most,
    maxPodsInCluster: maxNodes * input.maxPods,
  };
}

/** Returns the nodes that an upgrade adds to one pool. */
export function surgeNodes(surge: CountOrPercent, poolNodes: number): number {
  return Math.min(share(surge, poolNodes), poolNodes);
}

/** Returns the number itself, or so many of a hundred, rounded up. */
export function share(part: CountOrPercent, of: number): number {
  switch (part.kind) {
    case 'count':
      return part.count;
    case 'percent':
      return Math.ceil((of * part.percent) / 100);
  }
}

function sizeOf(input: KubenetPlanInput, pools: readonly number[]): KubenetSize {
  const nodes = sum(pools);
  const surging = sum(pools.map((pool) => surgeNodes(input.surge, pool)));
  const peakNodes = nodes + surging;
  const addressesNeeded = peakNodes + input.otherAddresses;
  const smallestPrefix = smallestSubnetLength(addressesNeeded);
  const uses = [
    use(
      'subnetAddresses',
      usableAddresses(input.subnetLength ?? smallestPrefix ?? 0),
      input.otherAddresses,
      peakNodes,
    ),
    use('podRanges', podRanges(input.podCidrLength), 0, peakNodes),
    use('routes', ROUTES_PER_ROUTE_TABLE.value, input.customRoutes, peakNodes),
  ].filter((each) => each.resource !== 'subnetAddresses' || input.subnetLength !== null);
  return {
    nodes,
    surgeNodes: surging,
    peakNodes,
    pods: nodes * input.maxPods,
    addressesNeeded,
    smallestPrefix,
    podRangesNeeded: peakNodes,
    smallestPodCidrPrefix: smallestPodCidr(peakNodes),
    routesNeeded: peakNodes + input.customRoutes,
    uses,
    fits: uses.every((each) => each.fits),
  };
}

function use(resource: KubenetResource, available: number, taken: number, nodes: number): ResourceUse {
  const needed = nodes + taken;
  const nodesAtOnce = Math.max(0, available - taken);
  return {
    resource,
    available,
    needed,
    left: available - needed,
    fits: needed <= available,
    nodesAtOnce,
    failsAtNode: nodesAtOnce + 1,
  };
}

/** Returns how many nodes get a /24 out of a pod range of this length. */
export function podRanges(podCidrLength: number): number {
  return podCidrLength > POD_RANGE_PREFIX_LENGTH.value
    ? 0
    : 2 ** (POD_RANGE_PREFIX_LENGTH.value - podCidrLength);
}

function smallestPodCidr(nodes: number): number | null {
  const length = POD_RANGE_PREFIX_LENGTH.value - Math.ceil(Math.log2(Math.max(1, nodes)));
  return length < 0 ? null : length;
}

/** The most steady nodes whose surge still fits under `most` nodes at once. */
function mostNodes(input: KubenetPlanInput, most: number): number {
  for (let nodes = most; nodes > 0; nodes--) {
    const pools = proportional(input.pools, nodes);
    if (nodes + sum(pools.map((pool) => surgeNodes(input.surge, pool))) <= most) return nodes;
  }
  return 0;
}

/**
 * Returns the pools after growth: a percentage is taken of each, a number of nodes goes to the largest.
 * Spread over all it could need less when a pool is larger, since each pool's surge rounds up by itself.
 */
function growPools(pools: readonly number[], growth: CountOrPercent): readonly number[] {
  if (growth.kind === 'percent') return pools.map((pool) => pool + share(growth, pool));
  const largest = pools.indexOf(Math.max(...pools));
  return pools.map((pool, index) => (index === largest ? pool + growth.count : pool));
}

/** Spreads `nodes` over pools in the proportion that they have now; the largest remainders round up. */
function proportional(pools: readonly number[], nodes: number): readonly number[] {
  const total = sum(pools);
  const exact = pools.map((pool) => (total === 0 ? nodes / pools.length : (pool * nodes) / total));
  const spread = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, nodes - sum(spread))) {
    spread[index] = (spread[index] ?? 0) + 1;
  }
  return spread;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
