/** What holds of every IP plan, whatever the numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountOrPercent } from '../../src/planner/input.ts';
import { planAddresses } from '../../src/planner/ip-plan.ts';
import type { IpPlanInput } from '../../src/planner/ip-plan.ts';
import { planKubenet } from '../../src/planner/kubenet-plan.ts';
import { IPAMS, roomOf } from '../../src/planner/node-needs.ts';
import type { Ipam } from '../../src/planner/node-needs.ts';
import { upgradeTimeline } from '../../src/planner/upgrade-timeline.ts';
import { pictureVnets } from '../../src/planner/vnet-picture.ts';
import { addressCount, prefixCovers, prefixesOverlap } from '../../src/model/ip/prefix.ts';

const share = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), count: fc.nat(20) }),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
);
const pool = fc.record({
  nodes: fc.integer({ min: 1, max: 80 }),
  maxPods: fc.integer({ min: 10, max: 249 }),
  surge: share,
});
const asked = fc.record({
  ipam: fc.constantFrom(...IPAMS),
  pools: fc.array(pool, { minLength: 1, maxLength: 4 }),
  growth: share,
  extraAddresses: fc.nat(30),
});

type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const inputOf = ({ pools, growth, extraAddresses }: Asked): IpPlanInput => ({
  pools: pools.map((each) => each.nodes),
  maxPods: pools.map((each) => each.maxPods),
  surge: pools.map((each) => each.surge),
  growth: [growth],
  extraAddresses,
  subnetLength: null,
  podSubnetLength: null,
  podCidrLength: null,
});

/** What every range of the plan needs, now and grown. */
function needs(of: Asked): readonly number[] {
  const plan = planAddresses(of.ipam, inputOf(of));
  return [
    plan.now.addressesNeeded,
    plan.grown.addressesNeeded,
    ...plan.now.ranges.map((each) => each.needed),
    ...plan.grown.ranges.map((each) => each.needed),
  ];
}

function expectNoFewer(before: Asked, after: Asked): void {
  const less = needs(before);
  for (const [index, more] of needs(after).entries()) expect(more).toBeGreaterThanOrEqual(less[index] ?? 0);
}

const onePool = (
  of: Asked,
  change: (pool: Asked['pools'][number]) => Asked['pools'][number],
  at: number,
): Asked => ({
  ...of,
  pools: of.pools.map((each, index) => (index === at % of.pools.length ? change(each) : each)),
});

const more = (of: CountOrPercent): CountOrPercent =>
  of.kind === 'count' ? { ...of, count: of.count + 1 } : { ...of, percent: Math.min(100, of.percent + 1) };

describe('an IP plan never needs fewer addresses', () => {
  test('with one node more in any pool', () => {
    fc.assert(
      fc.property(asked, fc.nat(3), (of, at) => {
        expectNoFewer(
          of,
          onePool(of, (each) => ({ ...each, nodes: each.nodes + 1 }), at),
        );
      }),
      { numRuns: 400 },
    );
  });

  test('with one pod more per node in every pool', () => {
    fc.assert(
      fc.property(asked, (of) => {
        const pools = of.pools.map((each) => ({ ...each, maxPods: each.maxPods + 1 }));
        expectNoFewer(of, { ...of, pools });
      }),
    );
  });

  test('with more surge in any pool', () => {
    fc.assert(
      fc.property(asked, fc.nat(3), (of, at) => {
        expectNoFewer(
          of,
          onePool(of, (each) => ({ ...each, surge: more(each.surge) }), at),
        );
      }),
    );
  });

  test('with more growth', () => {
    fc.assert(fc.property(asked, (of) => expectNoFewer(of, { ...of, growth: more(of.growth) })));
  });

  test('with one load balancer or endpoint more', () => {
    fc.assert(
      fc.property(asked, (of) => expectNoFewer(of, { ...of, extraAddresses: of.extraAddresses + 1 })),
    );
  });
});

test('a kubenet plan never needs fewer addresses with one node more, grown or not', () => {
  const pools = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(pools, share, share, fc.nat(4), (sizes, surge, growth, at) => {
      const plan = (nodes: readonly number[]) =>
        planKubenet({
          pools: nodes,
          surge,
          growth,
          maxPods: 110,
          podCidrLength: 16,
          subnetLength: null,
          otherAddresses: 0,
          customRoutes: 0,
        });
      const before = plan(sizes);
      const after = plan(sizes.map((nodes, index) => (index === at % sizes.length ? nodes + 1 : nodes)));
      expect(after.now.addressesNeeded).toBeGreaterThan(before.now.addressesNeeded);
      expect(after.grown.addressesNeeded).toBeGreaterThan(before.grown.addressesNeeded);
    }),
    { numRuns: 400 },
  );
});

test('the smallest range of every plan fits, and the next smaller one does not', () => {
  fc.assert(
    fc.property(asked, (of) => {
      const input = inputOf(of);
      for (const { range, unit, needed, smallestPrefix } of planAddresses(of.ipam, input).now.ranges) {
        if (smallestPrefix === null) throw new Error(`${range} has no smallest prefix`);
        expect(roomOf(unit, smallestPrefix)).toBeGreaterThanOrEqual(needed);
        expect(roomOf(unit, smallestPrefix + 1)).toBeLessThan(needed);
        expect(fits(of.ipam, input, range, smallestPrefix)).toBe(true);
        if (smallestPrefix < 29) expect(fits(of.ipam, input, range, smallestPrefix + 1)).toBe(false);
      }
    }),
  );
});

function fits(ipam: Ipam, input: IpPlanInput, range: string, length: number): boolean {
  const given = { subnetLength: length, podSubnetLength: length, podCidrLength: length };
  const need = planAddresses(ipam, { ...input, ...given }).now.ranges.find((each) => each.range === range);
  return need?.fits ?? false;
}

describe('the upgrade', () => {
  test('has at its highest what the plan says, and less one pool at a time', () => {
    fc.assert(
      fc.property(asked, (of) => {
        const input = inputOf(of);
        const plan = planAddresses(of.ipam, input);
        const poolNames = of.pools.map((_, index) => `pool ${index}`);
        const { steps, marks } = upgradeTimeline(plan, { ...input, poolNames, maxUnavailable: null });
        for (const [index, mark] of marks.entries()) {
          expect(mark.inUse).toBe(plan.now.ranges[index]?.needed);
          expect(mark.inUse).toBe(Math.max(...steps.map((step) => step.inUse[index] ?? 0)));
          expect(mark.onePoolAtATime).toBeLessThanOrEqual(mark.inUse);
          if (of.pools.length === 1) expect(mark.onePoolAtATime).toBe(mark.inUse);
        }
        expect(Math.max(...steps.map((step) => step.nodes))).toBe(plan.now.peakNodes);
      }),
    );
  });

  test('ends with every node upgraded, and with the addresses that it began with', () => {
    fc.assert(
      fc.property(asked, (of) => {
        const input = inputOf(of);
        const plan = planAddresses(of.ipam, input);
        const poolNames = of.pools.map((_, index) => `pool ${index}`);
        const { steps } = upgradeTimeline(plan, { ...input, poolNames, maxUnavailable: null });
        const last = steps.at(-1);
        expect(last?.upgraded).toBe(plan.now.nodes);
        expect(last?.inUse).toEqual(steps[0]?.inUse);
        for (const step of steps) {
          if (step.action !== 'nodes-replaced') continue;
          const nodes = input.pools[poolNames.indexOf(step.pool ?? '')] ?? -1;
          expect(step.rounds * step.atOnce).toBeGreaterThanOrEqual(nodes);
          expect((step.rounds - 1) * step.atOnce).toBeLessThan(nodes);
        }
      }),
    );
  });
});

test('the picture holds every subnet once, apart from the others, and every address is some part', () => {
  fc.assert(
    fc.property(asked, (of) => {
      const input = {
        ...inputOf(of),
        vnet: null,
        existing: [],
        subnetPrefix: null,
        podSubnetPrefix: null,
        podCidrPrefix: null,
      };
      const plan = planAddresses(of.ipam, input);
      const [picture] = pictureVnets([plan], input);
      if (picture === null || picture === undefined) throw new Error('no VNet is large enough');
      const { vnet, subnets, free, freeAddresses, podCidr } = picture;
      for (const [index, { prefix }] of subnets.entries()) {
        if (prefix === null) throw new Error('a subnet without a place');
        expect(prefixCovers(vnet, prefix)).toBe(true);
        for (const other of subnets.slice(index + 1)) {
          expect(other.prefix !== null && prefixesOverlap(prefix, other.prefix)).toBe(false);
        }
        expect(free.some((each) => prefixesOverlap(each, prefix))).toBe(false);
      }
      const taken = subnets.reduce((sum, each) => sum + each.addresses, 0);
      expect(taken + freeAddresses).toBe(addressCount(vnet));
      for (const { addresses, parts, missing } of [...subnets, ...(podCidr === null ? [] : [podCidr])]) {
        expect(missing).toBe(0);
        expect(parts.reduce((sum, part) => sum + part.addresses, 0)).toBe(addresses);
      }
      expect(vnet.length).toBe(plan.grown.smallestPrefix);
    }),
  );
});
