import { describe, expect, test } from 'vitest';
import { runCalc } from '../../../src/planner/command-line.ts';

interface Upgrade {
  readonly steps: readonly {
    readonly step: string;
    readonly nodes: number;
    readonly rounds: number;
    readonly upgraded: number;
    readonly inUse: Readonly<Record<string, number>>;
  }[];
  readonly highWaterMarks: readonly {
    readonly range: string;
    readonly inUse: number;
    readonly available: number;
    readonly free: number;
    readonly onePoolAtATime: number;
  }[];
  readonly passes: boolean;
  readonly passesAsObserved: boolean | null;
  readonly stopsAt: { readonly step: number; readonly codes: readonly string[]; readonly why: string } | null;
}

function upgrade(line: string): Upgrade {
  const { stdout, stderr } = runCalc(['ip-plan', ...line.split(' '), '--json']);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { readonly upgrade: Upgrade }).upgrade;
}

describe('an upgrade of one pool', () => {
  test('adds its surge, replaces its nodes in rounds, and takes the surge away', () => {
    const { steps } = upgrade('--ipam node-subnet --nodes 10 --surge 3 --max-pods 30');
    expect(
      steps.map(({ step, nodes, rounds, upgraded, inUse }) => [
        step,
        nodes,
        rounds,
        upgraded,
        inUse['node-subnet'],
      ]),
    ).toEqual([
      ['Before', 10, 0, 0, 310],
      ['pool 1: 3 surge nodes join', 13, 0, 0, 403],
      ['pool 1: 4 rounds of 3 nodes', 13, 4, 10, 403],
      ['pool 1: surge leaves', 10, 0, 10, 310],
    ]);
  });

  test.each([
    ['one node in ten, rounded up', '--nodes 11 --surge 10%', 13],
    ['a third, rounded up', '--nodes 10 --surge 33%', 14],
    ['never more than the pool has', '--nodes 2 --surge 5', 4],
    ['what az takes where nothing is said', '--nodes 50', 55],
  ])('surges by %s', (_, line, nodes) => {
    const { steps } = upgrade(`--ipam overlay ${line}`);
    expect(Math.max(...steps.map((step) => step.nodes))).toBe(nodes);
  });

  test('a dynamic node joins with its first batch and fills later', () => {
    const { steps } = upgrade('--ipam pod-subnet-dynamic --nodes 2 --surge 1 --max-pods 30');
    expect(steps.map((step) => step.inUse['pod-subnet'])).toEqual([96, 112, 144, 96]);
  });

  test('without surge it takes nodes away, as many as may be unavailable', () => {
    const { steps } = upgrade('--ipam overlay --nodes 10 --surge 0 --max-unavailable 25%');
    expect(steps.map((step) => step.step)).toEqual(['Before', 'pool 1: 4 rounds of 3 nodes']);
    expect(steps.map((step) => step.nodes)).toEqual([10, 10]);
  });
});

describe('an upgrade of several pools', () => {
  test('has all of them surge together, as az aks upgrade does', () => {
    const { steps, highWaterMarks } = upgrade('--ipam overlay --nodes 4,4,4,4,4 --surge 50%');
    expect(steps).toHaveLength(2 + 5 * 2);
    expect(highWaterMarks[0]).toMatchObject({ range: 'node-subnet', inUse: 30, onePoolAtATime: 22 });
  });

  test('ends first where fewer rounds are needed, while the others go on', () => {
    const { steps } = upgrade('--ipam node-subnet --nodes system=6 user=4 --surge 1,2 --max-pods 30');
    expect(
      steps.map(({ step, nodes, upgraded, inUse }) => [step, nodes, upgraded, inUse['node-subnet']]),
    ).toEqual([
      ['Before', 10, 0, 310],
      ['all pools: 3 surge nodes join', 13, 0, 403],
      ['user: 2 rounds of 2 nodes', 13, 6, 403],
      ['user: surge leaves', 11, 6, 341],
      ['system: 6 rounds of 1 node', 11, 10, 341],
      ['system: surge leaves', 10, 10, 310],
    ]);
  });

  test('says so where one pool at a time would pass', () => {
    const { passes, stopsAt } = upgrade(
      '--ipam node-subnet --nodes 3,3 --surge 1 --max-pods 30 --subnet /24 --other-addresses 10',
    );
    expect(passes).toBe(false);
    expect(stopsAt?.why).toContain('One pool after another, by az aks nodepool upgrade, there is room.');
  });
});

describe('a subnet that is too small', () => {
  test('stops it where the surge joins, with the codes of AKS', () => {
    const { stopsAt, passes } = upgrade('--ipam node-subnet --nodes 8 --surge 1 --max-pods 30 --subnet /24');
    expect(passes).toBe(false);
    expect(stopsAt).toMatchObject({ step: 1, codes: ['InsufficientSubnetSize', 'SubnetIsFull'] });
    expect(stopsAt?.why).toContain('lacks 28');
  });

  test('says so where what the service reserves would pass', () => {
    // Nine nodes take 279 by the plan and 261 as observed; a /24 has 251, and 30 - 1 = 29 per node.
    expect(
      upgrade('--ipam node-subnet --nodes 8 --surge 1 --max-pods 30 --subnet /24').passesAsObserved,
    ).toBe(false);
    // 8 x 29 = 232 and one more is 261 again; seven and one are 232 observed and 248 by the plan.
    expect(upgrade('--ipam node-subnet --nodes 7 --surge 1 --max-pods 31 --subnet /24')).toMatchObject({
      passes: false,
      passesAsObserved: true,
    });
  });

  test('a pod CIDR stops it too', () => {
    const { stopsAt } = upgrade('--ipam overlay --nodes 64 --surge 1 --pod-cidr /18');
    expect(stopsAt).toMatchObject({ step: 1, range: 'pod-cidr', missing: 1 });
  });
});
