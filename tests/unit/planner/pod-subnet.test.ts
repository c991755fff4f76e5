import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dynamicSteps,
  dynamicTarget,
  planDynamic,
  planStatic,
  staticNode,
} from '../../../src/planner/pod-subnet.ts';

const RANGE = { lowest: 10, highest: 250 };
const input = { nodes: 1, maxPods: 30, pods: 30, subnetLength: null };

describe('dynamic batches', () => {
  // Azure/azure-container-networking, docs/feature/ipammath.
  test.each([
    [0, 16],
    [8, 16],
    [9, 32],
    [24, 32],
    [25, 48],
    [110, 128],
    [250, 250],
  ])('%i pods with an address make a node hold %i', (used, addresses) => {
    expect(dynamicTarget(used)).toBe(addresses);
  });

  test('a /24 lets 15 nodes start and strands 11 addresses', () => {
    const { room } = planDynamic({ ...input, subnetLength: 24 });
    expect([room?.nodesThatStart, room?.stranded]).toEqual([15, 11]);
  });

  test('below the cap a node always has 8 to 23 addresses free, as slow counting finds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 232 }), (used) => {
        let held = 16;
        while (held - used < 8) held += 16;
        expect(dynamicTarget(used)).toBe(held);
        expect(held - used).toBeLessThanOrEqual(24);
      }),
    );
  });

  test('the steps follow one another without a gap up to max pods', () => {
    const steps = dynamicSteps(110);
    expect(steps[0]).toEqual({ fromPods: 0, toPods: 8, addresses: 16 });
    expect(steps.at(-1)?.toPods).toBe(110);
    steps.slice(1).forEach((step, index) => expect(step.fromPods).toBe((steps[index]?.toPods ?? 0) + 1));
  });
});

describe('static blocks', () => {
  // concepts-network-azure-cni-pod-subnet 2024-05-21; the last row is derived.
  test.each([
    [30, 2, 31, 1],
    [31, 2, 31, 0],
    [32, 3, 47, 15],
    [239, 15, 239, 0],
    [250, 16, 255, 5],
  ])('max pods %i: %i blocks, %i for pods, %i unused', (maxPods, blocks, usable, wasted) => {
    expect(staticNode(maxPods)).toMatchObject({ blocks, usable, wasted });
  });

  test('the waste-free neighbours are 16N - 1, and legal', () => {
    expect(planStatic({ ...input, maxPods: 32 }, RANGE).wasteFree).toEqual([31, 47]);
    expect(planStatic({ ...input, maxPods: 250 }, RANGE).wasteFree).toEqual([239]);
  });

  test('a /24 has 14 blocks, since the first and last hold addresses of Azure', () => {
    expect(planStatic({ ...input, subnetLength: 24 }, RANGE).room).toMatchObject({
      available: 14,
      fullNodes: 7,
    });
  });

  test('the smallest pod subnet holds every block, and the next smaller one does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 10, max: 250 }), (nodes, maxPods) => {
        const length = planStatic({ ...input, nodes, maxPods }, RANGE).smallestPrefix ?? 0;
        const fitsIn = (subnetLength: number) =>
          planStatic({ ...input, nodes, maxPods, subnetLength }, RANGE).room?.fits;
        expect([fitsIn(length), fitsIn(length + 1)]).toEqual([true, false]);
      }),
    );
  });
});
