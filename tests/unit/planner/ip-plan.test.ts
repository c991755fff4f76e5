import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';
import { planAddresses } from '../../../src/planner/ip-plan.ts';
import type { IpPlanInput } from '../../../src/planner/ip-plan.ts';
import { IPAMS } from '../../../src/planner/node-needs.ts';
import type { Ipam } from '../../../src/planner/node-needs.ts';

const NONE = { kind: 'count', count: 0 } as const;
const plan = (ipam: Ipam, input: Partial<IpPlanInput>) =>
  planAddresses(ipam, {
    pools: [3],
    surge: [NONE],
    growth: [NONE],
    maxPods: [],
    extraAddresses: 0,
    subnetLength: null,
    podSubnetLength: null,
    podCidrLength: null,
    ...input,
  });

describe('worked examples of the documentation', () => {
  // concepts-network-ip-address-planning and configure-kubenet, both 2026-04-16.
  test.each([
    ['50 nodes and one surge node of 30 pods', 50, 1_581],
    ['60 nodes and one surge node of 30 pods', 60, 1_891],
  ])('Node Subnet: %s need a /21', (_, nodes, addresses) => {
    const { now } = plan('node-subnet', {
      pools: [nodes],
      surge: [{ kind: 'count', count: 1 }],
      maxPods: [30],
    });
    expect([now.addressesNeeded, now.smallestPrefix]).toEqual([addresses, 21]);
  });

  test.each([
    ['kubenet in a /24: 251 nodes and 27,610 pods', 'kubenet', 110, 251, 27_610],
    ['Node Subnet in a /24: 8 nodes and 240 pods', 'node-subnet', 30, 8, 240],
  ] as const)('%s', (_, ipam, maxPods, nodes, pods) => {
    const { nodesAtOnce, podsAtOnce } = plan(ipam, { subnetLength: 24, maxPods: [maxPods] });
    expect([nodesAtOnce, podsAtOnce]).toEqual([nodes, pods]);
  });

  test('five pools of four nodes that surge by half have ten nodes more', () => {
    const surge = [{ kind: 'percent', percent: 50 }] as const;
    expect(plan('overlay', { pools: [4, 4, 4, 4, 4], surge }).now.surgeNodes).toBe(10);
  });
});

describe('what each way takes', () => {
  test('the service reserves 498 addresses for two Node Subnet nodes of 250 pods', () => {
    expect(plan('node-subnet', { pools: [2], maxPods: [250] }).now.addressesReserved).toBe(498);
  });

  test.each([
    ['node-subnet', 93, 25],
    ['pod-subnet-dynamic', 3 + 750, 21],
    ['pod-subnet-static', 3 + 48 * 16, 21],
    ['overlay', 3, 29],
    ['kubenet', 3, 29],
  ] as const)('%s: three nodes with its default max pods', (ipam, addresses, length) => {
    const { now } = plan(ipam, {});
    expect([now.addressesNeeded, now.smallestPrefix]).toEqual([addresses, length]);
  });

  test('pools with max pods of their own are summed one by one', () => {
    const { now } = plan('node-subnet', { pools: [2, 3], maxPods: [30, 110], extraAddresses: 4 });
    expect(now.addressesNeeded).toBe(2 * 31 + 3 * 111 + 4);
  });

  test.each([
    ['401 kubenet nodes', 'kubenet', { pools: [401] }, 'one route each'],
    [
      '5,001 nodes with surge',
      'overlay',
      { pools: [1000, 1000, 1000, 1000, 1000], growth: [{ kind: 'count', count: 1 }] },
      "AKS's limit",
    ],
    [
      'a pool that passes 1,000 with its surge',
      'overlay',
      { pools: [1000], surge: [{ kind: 'count', count: 1 }] },
      'surge included',
    ],
    ['more than 65,536 addresses', 'node-subnet', { pools: [300], maxPods: [250] }, '65,536'],
    ['a given subnet that is too small', 'node-subnet', { subnetLength: 27 }, 'has 27 addresses'],
  ] as const)('%s stand against a plan', (_, ipam, input, why) => {
    expect(plan(ipam, input).grown.obstacles.join(' ')).toContain(why);
  });
});

describe('properties', () => {
  const inputs = fc.record({
    ipam: fc.constantFrom(...IPAMS),
    pools: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
    surge: fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
    maxPods: fc.integer({ min: 10, max: 250 }),
    extraAddresses: fc.nat(20),
  });

  test('the sums agree with counting node by node', () => {
    fc.assert(
      fc.property(inputs, ({ ipam, pools, surge, maxPods, extraAddresses }) => {
        let addresses = extraAddresses;
        for (const nodes of pools) {
          let atOnce = nodes;
          for (let added = 0; added * 100 < nodes * surge.percent; added++) atOnce++;
          for (let node = 0; node < atOnce; node++) {
            addresses += 1;
            if (ipam === 'node-subnet') addresses += maxPods;
            if (ipam === 'pod-subnet-static')
              for (let held = 0; held < maxPods + 1; held += 16) addresses += 16;
            if (ipam === 'pod-subnet-dynamic') {
              let held = 16;
              while (held - maxPods < 8 && held < 250) held += 16;
              addresses += Math.min(250, held);
            }
          }
        }
        const { now } = plan(ipam, { pools, surge: [surge], maxPods: [maxPods], extraAddresses });
        expect(now.addressesNeeded).toBe(addresses);
      }),
    );
  });

  test('one node more never needs fewer addresses', () => {
    fc.assert(
      fc.property(inputs, ({ ipam, pools, maxPods, surge, extraAddresses }) => {
        const more = pools.map((nodes, index) => (index === 0 ? nodes + 1 : nodes));
        const before = plan(ipam, { surge: [surge], extraAddresses, pools, maxPods: [maxPods] }).now;
        const after = plan(ipam, { surge: [surge], extraAddresses, pools: more, maxPods: [maxPods] }).now;
        expect(after.addressesNeeded).toBeGreaterThan(before.addressesNeeded);
      }),
    );
  });

  test('the smallest ranges fit, and the next smaller ones do not', () => {
    fc.assert(
      fc.property(inputs, ({ ipam, pools, maxPods, surge, extraAddresses }) => {
        const input = { surge: [surge], extraAddresses, pools, maxPods: [maxPods] };
        for (const { range, smallestPrefix } of plan(ipam, input).now.ranges) {
          if (smallestPrefix === null) throw new Error(`${range} has no smallest prefix`);
          const fitsIn = (length: number) => {
            const given = { subnetLength: length, podSubnetLength: length, podCidrLength: length };
            return plan(ipam, { ...input, ...given }).now.ranges.find((each) => each.range === range)?.fits;
          };
          expect(fitsIn(smallestPrefix)).toBe(true);
          if (smallestPrefix < 29) expect(fitsIn(smallestPrefix + 1)).toBe(false);
        }
      }),
    );
  });
});

test('every problem of the input is told at once', () => {
  const { stderr, exitCode } = runCalc([
    'ip-plan',
    '--nodes',
    '1500',
    '--ipam',
    'x',
    '--max-pods',
    '9',
    '--subnet',
    '/30',
  ]);
  expect(exitCode).toBe(2);
  for (const flag of ['--nodes', '--ipam', '--max-pods', '--subnet']) expect(stderr).toContain(`${flag}:`);
});

test.each([
  ['one node of 10', '--nodes 1 --max-pods 10', false],
  ['two nodes of 14', '--nodes 2 --max-pods 14', false],
  ['three nodes of 10', '--nodes 3 --max-pods 10', true],
  ['one node of 30', '--nodes 1 --max-pods 30', true],
])('a pool has room for 30 pods or AKS refuses it: %s', (_, line, taken) => {
  const { stdout } = runCalc(['ip-plan', '--ipam', 'overlay', ...line.split(' '), '--json']);
  const plan = JSON.parse(stdout) as { readonly warnings: readonly string[] };
  const refusals = plan.warnings.filter((each) => each.includes('InsufficientAgentPoolMaxPodsPerAgentPool'));
  expect(refusals).toHaveLength(taken ? 0 : 1);
});

test('the table and the verdict agree on what fits into the VNet', () => {
  const line = 'ip-plan --ipam node-subnet,overlay --nodes 15 --max-pods 30 --vnet 10.1.0.0/24';
  const { stdout } = runCalc(line.split(' '));
  expect(stdout).toContain('1 of 2 ways fit');
  expect(stdout).toMatch(/^Azure CNI Node Subnet .* no$/m);
  expect(stdout).toMatch(/^Azure CNI Overlay .* yes$/m);
});
