import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planKubenet } from '../../../src/planner/kubenet-plan.ts';
import type { KubenetPlanInput } from '../../../src/planner/kubenet-plan.ts';

const NONE = { kind: 'count', count: 0 } as const;
const plan = (input: Partial<KubenetPlanInput>) =>
  planKubenet({
    pools: [3],
    surge: NONE,
    growth: NONE,
    maxPods: 110,
    podCidrLength: 16,
    subnetLength: null,
    otherAddresses: 0,
    customRoutes: 0,
    ...input,
  });

describe('worked examples of the documentation', () => {
  // concepts-network-ip-address-planning and configure-kubenet, both 2026-04-16.
  test('kubenet in a /24 subnet: 251 nodes and 27,610 pods', () => {
    const { maxNodesWithoutSurge, maxPodsInCluster, runsOutFirst } = plan({ subnetLength: 24 });
    expect(maxNodesWithoutSurge).toBe(251);
    expect(maxPodsInCluster).toBe(27_610);
    expect(runsOutFirst).toEqual(['subnetAddresses']);
  });

  test('kubenet in a /27 subnet: up to 27 nodes at once, so 20 to 25 with room for upgrades and frontends', () => {
    const result = plan({ subnetLength: 27, surge: { kind: 'count', count: 1 }, otherAddresses: 1 });
    expect(result.maxNodes).toBe(25);
    expect(result.maxPodsInCluster).toBe(2_750);
  });

  test('the default /16 pod range has 256 ranges of /24, so node 257 cannot join', () => {
    const result = plan({ pools: [256], subnetLength: 20 });
    expect(result.now.fits).toBe(true);
    expect(result.runsOutFirst).toEqual(['podRanges']);
    expect(result.failsAtNode).toBe(257);
    expect(plan({ pools: [257], subnetLength: 20 }).now.fits).toBe(false);
  });

  test('a route table of 400 routes ends a cluster with a wide pod range at 400 nodes', () => {
    const result = plan({ pools: [400], podCidrLength: 15, subnetLength: 20 });
    expect(result.now.fits).toBe(true);
    expect(result.runsOutFirst).toEqual(['routes']);
    expect(result.failsAtNode).toBe(401);
  });

  test('each custom route costs a node', () => {
    expect(plan({ podCidrLength: 15, subnetLength: 20, customRoutes: 3 }).failsAtNode).toBe(398);
  });

  test('five pools of four nodes that surge by half need ten nodes more', () => {
    const { now } = plan({ pools: [4, 4, 4, 4, 4], surge: { kind: 'percent', percent: 50 } });
    expect(now.surgeNodes).toBe(10);
    expect(now.addressesNeeded).toBe(30);
  });
});

describe('surge', () => {
  test.each([
    ['a third of ten nodes rounds up', 10, { kind: 'percent', percent: 33 }, 4],
    ['a percentage of one node is one node', 1, { kind: 'percent', percent: 10 }, 1],
    ['a tenth of fifty is five, with nothing rounded', 50, { kind: 'percent', percent: 10 }, 5],
    ['a number is taken as it is', 10, { kind: 'count', count: 2 }, 2],
    ['a pool never surges by more than it has', 3, { kind: 'count', count: 5 }, 3],
  ] as const)('%s', (_, nodes, surge, expected) => {
    expect(plan({ pools: [nodes], surge }).now.surgeNodes).toBe(expected);
  });

  test('surge nodes take addresses, pod ranges and routes like any node', () => {
    const { now } = plan({
      pools: [256],
      surge: { kind: 'count', count: 1 },
      subnetLength: 22,
      customRoutes: 2,
    });
    expect(now.addressesNeeded).toBe(257);
    expect(now.podRangesNeeded).toBe(257);
    expect(now.routesNeeded).toBe(259);
    expect(now.uses.filter((use) => !use.fits).map((use) => use.resource)).toEqual(['podRanges']);
    expect(now.smallestPodCidrPrefix).toBe(15);
  });
});

describe('growth', () => {
  test('a plan that fits today can fail when grown', () => {
    const result = plan({ pools: [100], subnetLength: 25, growth: { kind: 'percent', percent: 50 } });
    expect([result.now.fits, result.grown.fits, result.grown.nodes]).toEqual([true, false, 150]);
  });

  test('a number of nodes is spread over the pools, and none is lost', () => {
    const result = plan({ pools: [1, 2], growth: { kind: 'count', count: 4 } });
    expect(result.grown.nodes).toBe(7);
  });

  test('resources that give out at the same node are named together', () => {
    const result = plan({ podCidrLength: 16, subnetLength: 20, customRoutes: 144 });
    expect(result.runsOutFirst).toEqual(['podRanges', 'routes']);
  });
});

test('the largest cluster that is promised fits, and one node more does not', () => {
  const inputs = fc.record({
    surge: fc.oneof(
      fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
    ),
    podCidrLength: fc.integer({ min: 12, max: 22 }),
    subnetLength: fc.integer({ min: 20, max: 28 }),
    customRoutes: fc.nat(399),
  });
  fc.assert(
    fc.property(inputs, (input) => {
      const { maxNodes } = plan({ ...input, pools: [1] });
      if (maxNodes > 0) expect(plan({ ...input, pools: [maxNodes] }).now.fits).toBe(true);
      expect(plan({ ...input, pools: [maxNodes + 1] }).now.fits).toBe(false);
    }),
  );
});
