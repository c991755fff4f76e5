/**
 * A rolling upgrade of all node pools, step by step: surge nodes join, every node is replaced in
 * rounds, surge nodes leave; one pool after another.
 */
import type { CountOrPercent } from './input.ts';
import { chosenLength, surgeOf } from './ip-plan.ts';
import type { IpPlan, IpPlanInput } from './ip-plan.ts';
import { share, surgeNodes } from './kubenet-plan.ts';
import { nodeNeeds, observedNodeAddresses, roomOf } from './node-needs.ts';
import type { RangeKind, RangeUnit } from './node-needs.ts';

export type UpgradeAction = 'before' | 'surge-joins' | 'nodes-replaced' | 'surge-leaves';

export interface UpgradeStep {
  /** Null before anything happens. */
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
  /** The same if every pool surged at the same time, which the documentation plans for. */
  readonly allPoolsAtOnce: number;
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
  readonly maxPods: number;
}

/** Returns the upgrade of the cluster as it is now; a percentage of surge is taken of each pool. */
export function upgradeTimeline(plan: IpPlan, input: UpgradeInput): UpgradeTimeline {
  const pools = input.pools.map((nodes, index): Pool => {
    const surge = surgeNodes(surgeOf(input, index), nodes);
    const unavailable = input.maxUnavailable === null ? 1 : share(input.maxUnavailable, nodes);
    return {
      name: input.poolNames[index] ?? `pool ${index + 1}`,
      nodes,
      surge,
      atOnce: surge > 0 ? surge : Math.min(nodes, Math.max(1, unavailable)),
      maxPods: plan.maxPods[index] ?? 0,
    };
  });
  const steps = stepsOf(plan, input, pools);
  const marks = marksOf(plan, input, pools, steps);
  const stopsAt = stopOf(steps, marks);
  return { steps, marks, stopsAt, passesAsObserved: passesAsObserved(steps, marks) };
}

function stepsOf(plan: IpPlan, input: IpPlanInput, pools: readonly Pool[]): readonly UpgradeStep[] {
  const nodes = sum(pools.map((pool) => pool.nodes));
  const needs = (pool: Pool) => nodeNeeds(plan.ipam, pool.maxPods);
  const others = (range: RangeKind) => (range === 'node-subnet' ? input.extraAddresses : 0);
  const atRest = plan.now.ranges.map(
    ({ range }, index) =>
      sum(pools.map((pool) => pool.nodes * (needs(pool)[index]?.full ?? 0))) + others(range),
  );
  const observedOf = (pool: Pool) => observedNodeAddresses(plan.ipam, pool.maxPods) ?? 0;
  const observedAtRest =
    plan.now.addressesReserved === null
      ? null
      : sum(pools.map((pool) => pool.nodes * observedOf(pool))) + input.extraAddresses;
  const steps: UpgradeStep[] = [
    {
      pool: null,
      action: 'before',
      nodes,
      surgeNodes: 0,
      rounds: 0,
      atOnce: 0,
      upgraded: 0,
      inUse: atRest,
      observed: observedAtRest,
    },
  ];
  let upgraded = 0;
  for (const pool of pools) {
    const withSurge = (perNode: 'atJoin' | 'full') =>
      atRest.map((inUse, index) => inUse + pool.surge * (needs(pool)[index]?.[perNode] ?? 0));
    const surging = { pool: pool.name, nodes: nodes + pool.surge, surgeNodes: pool.surge };
    const observed = observedAtRest === null ? null : observedAtRest + pool.surge * observedOf(pool);
    if (pool.surge > 0) {
      const inUse = withSurge('atJoin');
      steps.push({ ...surging, action: 'surge-joins', rounds: 0, atOnce: 0, upgraded, inUse, observed });
    }
    upgraded += pool.nodes;
    steps.push({
      ...surging,
      action: 'nodes-replaced',
      rounds: Math.ceil(pool.nodes / pool.atOnce),
      atOnce: pool.atOnce,
      upgraded,
      // The pods are on the surge nodes before the drained nodes have given anything back.
      inUse: withSurge('full'),
      observed,
    });
    if (pool.surge > 0) {
      steps.push({
        pool: pool.name,
        action: 'surge-leaves',
        nodes,
        surgeNodes: 0,
        rounds: 0,
        atOnce: 0,
        upgraded,
        inUse: atRest,
        observed: observedAtRest,
      });
    }
  }
  return steps;
}

function marksOf(
  plan: IpPlan,
  input: IpPlanInput,
  pools: readonly Pool[],
  steps: readonly UpgradeStep[],
): readonly HighWaterMark[] {
  return plan.now.ranges.map(({ range, unit, needed }, index) => {
    const uses = steps.map((step) => step.inUse[index] ?? 0);
    const inUse = Math.max(...uses);
    const length = chosenLength(plan, input, range);
    const available = length === null ? null : roomOf(unit, length);
    return {
      range,
      unit,
      inUse,
      allPoolsAtOnce: pools.length > 1 ? needed : inUse,
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
