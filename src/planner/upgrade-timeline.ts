/**
 * What `az aks upgrade` does to the nodes, step by step: surge nodes join, every node is replaced in
 * rounds, surge nodes leave. It upgrades all pools together
 * (https://learn.microsoft.com/azure/aks/upgrade-node-pools), as the simulator does; one pool at a time
 * is what `az aks nodepool upgrade` is for.
 */
import type { CountOrPercent } from './input.ts';
import { chosenLength, surgeOf } from './ip-plan.ts';
import type { IpPlan, IpPlanInput } from './ip-plan.ts';
import { share, surgeNodes } from './kubenet-plan.ts';
import { nodeNeeds, observedNodeAddresses, roomOf } from './node-needs.ts';
import type { RangeKind, RangeUnit } from './node-needs.ts';

export type UpgradeAction = 'before' | 'surge-joins' | 'nodes-replaced' | 'surge-leaves';

export interface UpgradeStep {
  /** Null for what is no pool's alone: the state before, and surge nodes that join several pools. */
  readonly pool: string | null;
  readonly action: UpgradeAction;
  /** Nodes of the cluster at the same moment. */
  readonly nodes: number;
  /** Those of them that are there only for the upgrade. */
  readonly surgeNodes: number;
  /** Rounds of cordoning, draining and reimaging; each takes `atOnce` nodes, the last perhaps fewer. */
  readonly rounds: number;
  readonly atOnce: number;
  /** Nodes of the cluster on the new version when the step is done. */
  readonly upgraded: number;
  /** In the order of the marks. */
  readonly inUse: readonly number[];
  /** Node Subnet only: addresses that the service is seen to hold. */
  readonly observed: number | null;
}

/** The most that a range has in use at one moment of the upgrade. */
export interface HighWaterMark {
  readonly range: RangeKind;
  readonly unit: RangeUnit;
  readonly inUse: number;
  /** The same if the pools are upgraded one after another, each by a request of its own. */
  readonly onePoolAtATime: number;
  /** Length of the range, given or chosen; null if none is large enough. */
  readonly length: number | null;
  readonly available: number | null;
  /** Negative by as much as is missing. */
  readonly free: number | null;
  /** Index of the first step that reaches it. */
  readonly step: number;
}

/** Where the upgrade stops for want of room. */
export interface UpgradeStop {
  readonly step: number;
  readonly range: RangeKind;
  readonly missing: number;
  /** What AKS says: its check before the upgrade, or the scale set during it. */
  readonly codes: readonly string[];
}

export interface UpgradeTimeline {
  readonly steps: readonly UpgradeStep[];
  readonly marks: readonly HighWaterMark[];
  readonly stopsAt: UpgradeStop | null;
  /** Whether the upgrade would pass with what the service is seen to reserve; null where that is the plan. */
  readonly passesAsObserved: boolean | null;
}

export interface UpgradeInput extends IpPlanInput {
  readonly poolNames: readonly string[];
  /** Nodes drained at once where no surge node takes their pods; null for one. */
  readonly maxUnavailable: CountOrPercent | null;
}

interface Pool {
  readonly name: string;
  readonly nodes: number;
  readonly surge: number;
  readonly atOnce: number;
  readonly rounds: number;
  /** What a node takes of each range, in the order of the plan's: with all its pods, and as it joins. */
  readonly full: readonly number[];
  readonly atJoin: readonly number[];
  readonly observed: number;
}

/** Returns the upgrade of the cluster as it is now; a percentage of surge is taken of each pool. */
export function upgradeTimeline(plan: IpPlan, input: UpgradeInput): UpgradeTimeline {
  const pools = input.pools.map((nodes, index): Pool => {
    const surge = surgeNodes(surgeOf(input, index), nodes);
    const unavailable = input.maxUnavailable === null ? 1 : share(input.maxUnavailable, nodes);
    const maxPods = plan.maxPods[index] ?? 0;
    const needs = nodeNeeds(plan.ipam, maxPods);
    const atOnce = surge > 0 ? surge : Math.min(nodes, Math.max(1, unavailable));
    return {
      name: input.poolNames[index] ?? `pool ${index + 1}`,
      nodes,
      surge,
      atOnce,
      rounds: Math.ceil(nodes / atOnce),
      full: needs.map((need) => need.full),
      atJoin: needs.map((need) => need.atJoin),
      observed: observedNodeAddresses(plan.ipam, maxPods) ?? 0,
    };
  });
  const steps = stepsOf(plan, input, pools);
  const marks = marksOf(plan, input, pools, steps);
  const stopsAt = stopOf(steps, marks);
  return { steps, marks, stopsAt, passesAsObserved: passesAsObserved(steps, marks) };
}

function stepsOf(plan: IpPlan, input: IpPlanInput, pools: readonly Pool[]): readonly UpgradeStep[] {
  const nodes = sum(pools.map((pool) => pool.nodes));
  const others = (range: RangeKind) => (range === 'node-subnet' ? input.extraAddresses : 0);
  const atRest = plan.now.ranges.map(
    ({ range }, index) => sum(pools.map((pool) => pool.nodes * (pool.full[index] ?? 0))) + others(range),
  );
  const observedAtRest =
    plan.now.addressesReserved === null
      ? null
      : sum(pools.map((pool) => pool.nodes * pool.observed)) + input.extraAddresses;
  const standing = (surge: SurgeUse) => ({
    nodes: nodes + surge.nodes,
    surgeNodes: surge.nodes,
    inUse: atRest.map((inUse, index) => inUse + (surge.inUse[index] ?? 0)),
    observed: observedAtRest === null ? null : observedAtRest + surge.observed,
  });
  const still = { rounds: 0, atOnce: 0 };
  const steps: UpgradeStep[] = [
    { pool: null, action: 'before', ...standing(NO_SURGE), ...still, upgraded: 0 },
  ];
  const working = [...pools].sort((a, b) => a.rounds - b.rounds);
  const surging = working.filter((pool) => pool.surge > 0);
  const [only, second] = surging;
  if (only !== undefined) {
    const pool = second === undefined ? only.name : null;
    const joined = surging.reduce((use, each) => withSurge(use, each, 'atJoin', 1), NO_SURGE);
    steps.push({ pool, action: 'surge-joins', ...standing(joined), ...still, upgraded: 0 });
  }
  let left = surging.reduce((use, each) => withSurge(use, each, 'full', 1), NO_SURGE);
  let done = 0;
  let upgraded = 0;
  for (const pool of working) {
    const { rounds } = pool;
    if (rounds !== done) upgraded = sum(working.map((each) => Math.min(each.nodes, rounds * each.atOnce)));
    done = rounds;
    steps.push({
      pool: pool.name,
      action: 'nodes-replaced',
      // The pods are on the surge nodes before the drained nodes have given anything back.
      ...standing(left),
      rounds,
      atOnce: pool.atOnce,
      upgraded,
    });
    if (pool.surge === 0) continue;
    left = withSurge(left, pool, 'full', -1);
    steps.push({ pool: pool.name, action: 'surge-leaves', ...standing(left), ...still, upgraded });
  }
  return steps;
}

/** What the surge nodes that stand at one moment take. */
interface SurgeUse {
  readonly nodes: number;
  readonly inUse: readonly number[];
  readonly observed: number;
}

const NO_SURGE: SurgeUse = { nodes: 0, inUse: [], observed: 0 };

/** Returns the use after the surge nodes of a pool have come (1) or gone (-1). */
function withSurge(use: SurgeUse, pool: Pool, filled: 'atJoin' | 'full', sign: 1 | -1): SurgeUse {
  const surge = sign * pool.surge;
  return {
    nodes: use.nodes + surge,
    inUse: pool[filled].map((each, index) => (use.inUse[index] ?? 0) + surge * each),
    observed: use.observed + surge * pool.observed,
  };
}

function marksOf(
  plan: IpPlan,
  input: IpPlanInput,
  pools: readonly Pool[],
  steps: readonly UpgradeStep[],
): readonly HighWaterMark[] {
  return plan.now.ranges.map(({ range, unit }, index) => {
    const uses = steps.map((step) => step.inUse[index] ?? 0);
    const inUse = Math.max(...uses);
    const surges = pools.map((pool) => pool.surge * (pool.full[index] ?? 0));
    const length = chosenLength(plan, input, range);
    const available = length === null ? null : roomOf(unit, length);
    return {
      range,
      unit,
      inUse,
      onePoolAtATime: (uses[0] ?? 0) + Math.max(0, ...surges),
      length,
      available,
      free: available === null ? null : available - inUse,
      step: uses.indexOf(inUse),
    };
  });
}

/** AKS counts before it starts; where it counts too little, the scale set fails, or a node gets no pod addresses. */
const CODES: Readonly<Record<RangeKind, readonly string[]>> = {
  'node-subnet': ['InsufficientSubnetSize', 'SubnetIsFull'],
  'pod-subnet': ['InsufficientSubnetSize', 'NCUpdateSubnetFullError'],
  'pod-cidr': ['InsufficientSubnetSize'],
};

function stopOf(steps: readonly UpgradeStep[], marks: readonly HighWaterMark[]): UpgradeStop | null {
  for (const [step, { inUse }] of steps.entries()) {
    for (const [index, { range, available }] of marks.entries()) {
      const missing = available === null ? 0 : (inUse[index] ?? 0) - available;
      if (missing > 0) return { step, range, missing, codes: CODES[range] };
    }
  }
  return null;
}

function passesAsObserved(steps: readonly UpgradeStep[], marks: readonly HighWaterMark[]): boolean | null {
  const observed = steps.map((step) => step.observed);
  if (!observed.every((each) => each !== null)) return null;
  const available = marks[0]?.available ?? null;
  return available === null ? null : Math.max(...observed) <= available;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
