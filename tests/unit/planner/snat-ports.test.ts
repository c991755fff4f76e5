import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOutboundPorts } from '../../../src/model/aks/outbound-ports.ts';
import type { AgentPool } from '../../../src/model/aks/managed-cluster.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { countedNodes, snatPorts } from '../../../src/planner/snat-ports.ts';
import type { SnatInput, SnatPool } from '../../../src/planner/snat-ports.ts';

const pool = (nodes: number, more: Partial<SnatPool> = {}): SnatPool => ({
  name: 'pool 1',
  nodes,
  most: nodes,
  surge: { kind: 'count', count: 0 },
  ...more,
});

const input: SnatInput = { pools: [pool(20)], addresses: 1, allocated: 0, connections: null };

const plan = (change: Partial<SnatInput>) => snatPorts({ ...input, ...change });

const pools = fc.array(
  fc
    .tuple(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 300 }),
      fc.oneof(
        fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 0, max: 50 }) }),
        fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
      ),
    )
    .map(([nodes, more, surge]) => pool(nodes, { most: nodes + more, surge })),
  { minLength: 1, maxLength: 4 },
);

test('the refusal is the one that the simulated AKS gives', () => {
  fc.assert(
    fc.property(
      pools,
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 8_000 }).map((each) => each * 8),
      (given, addresses, allocated) => {
        const aks = checkOutboundPorts(
          { allocated, addresses },
          given.map(
            ({ nodes, most, surge }) =>
              ({
                count: nodes,
                enableAutoScaling: most > nodes,
                maxCount: most,
                upgradeSettings: {
                  maxSurge: surge.kind === 'count' ? String(surge.count) : `${surge.percent}%`,
                },
              }) as AgentPool,
          ),
        );
        expect(plan({ pools: given, addresses, allocated }).refusal).toEqual(aks.ok ? null : aks.error);
      },
    ),
  );
});

test('what it says can be had is accepted, and a step more is refused', () => {
  fc.assert(
    fc.property(
      pools,
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 2_000 }).map((each) => each * 8),
      (given, addresses, allocated) => {
        const { mostPorts, mostNodes, leastAddresses } = plan({ pools: given, addresses, allocated });
        const refused = (change: Partial<SnatInput>) =>
          plan({ pools: given, addresses, allocated, ...change }).refusal !== null;
        expect(refused({ allocated: mostPorts })).toBe(false);
        if (mostPorts < 64_000) expect(refused({ allocated: mostPorts + 8 })).toBe(true);
        if (mostNodes > 0) expect(refused({ pools: [pool(mostNodes)] })).toBe(false);
        expect(refused({ pools: [pool(mostNodes + 1)] })).toBe(true);
        expect(refused({ addresses: leastAddresses })).toBe(false);
        if (leastAddresses > 1) expect(refused({ addresses: leastAddresses - 1 })).toBe(true);
      },
    ),
  );
});

test('settings for a wish meet it, and with one address fewer AKS refuses them', () => {
  fc.assert(
    fc.property(pools, fc.integer({ min: 1, max: 70_000 }), (given, connections) => {
      const settings = plan({ pools: given, connections }).wish?.settings ?? null;
      if (settings === null) {
        const ports = Math.ceil(connections / 8) * 8;
        expect(ports > 64_000 || ports * countedNodes(given) > 6_400_000).toBe(true);
        return;
      }
      const after = plan({ pools: given, connections, ...settings });
      expect([after.refusal, after.wish?.met]).toEqual([null, true]);
      if (settings.addresses === 1) return;
      expect(plan({ pools: given, ...settings, addresses: settings.addresses - 1 }).refusal).not.toBeNull();
    }),
  );
});

describe('the next boundary', () => {
  test.each([
    ['50 nodes', 50, 1, { nodes: 51, before: 1_024, after: 512 }],
    ['51 nodes', 51, 1, { nodes: 101, before: 512, after: 256 }],
    ['two addresses take the first step away', 50, 2, { nodes: 101, before: 1_024, after: 512 }],
    ['32 addresses take all of them away', 50, 32, { nodes: 1_001, before: 1_024, after: null }],
    ['the last row', 900, 1, { nodes: 1_001, before: 32, after: null }],
    ['above the table', 1_001, 1, null],
  ])('%s', (_, nodes, addresses, boundary) => {
    expect(plan({ pools: [pool(nodes)], addresses }).boundary).toEqual(boundary);
  });

  test('is none while the ports are fixed', () => {
    expect(plan({ allocated: 1_024 }).boundary).toBeNull();
  });
});

test.each([
  ['ports by the table', '--nodes 20', 0],
  ['AKS refuses, reported', '--nodes 20 --ports 8000', 0],
  ['AKS refuses, checked', '--nodes 20 --ports 8000 --check', 1],
  ['a wish is not met, checked', '--nodes 20 --connections 2000 --check', 1],
  ['a wish is met, checked', '--nodes 20 --connections 1000 --check', 0],
  ['nothing is documented, checked', '--nodes 1001 --check', 1],
  ['ports that are no multiple of 8', '--nodes 3 --ports 1001', 2],
  ['more ports than an address has', '--nodes 1 --ports 64008', 2],
  ['101 addresses', '--nodes 3 --ips 101', 2],
  ['no nodes', '', 2],
  ['a surge for a third pool', '--nodes 3,3 --surge 1,1,1', 2],
])('the exit code when %s', (_, line, exitCode) => {
  expect(runCalc(['snat-ports', ...line.split(' ').filter((each) => each !== '')]).exitCode).toBe(exitCode);
});

test('a refusal has the words of AKS', () => {
  const { stdout } = runCalc(['snat-ports', '--nodes', '3', '--ports', '21000', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    refusal: {
      code: 'InvalidLoadBalancerProfileAllocatedOutboundPorts',
      message:
        'Load balancer profile allocated ports 21000 is not in an allowable range given the number of nodes and IPs provisioned. Total node count 4 requires 84000 ports but only 64000 ports are available given 1 outbound public IPs. Refer to https://aka.ms/aks/slb-ports for more details.',
    },
    command:
      'az aks update --resource-group GROUP --name CLUSTER --load-balancer-managed-outbound-ip-count 2 --load-balancer-outbound-ports 21000',
  });
});

test('no pool surges by more nodes than it has, whoever counts', () => {
  const surge = { kind: 'count', count: 50 } as const;
  expect(countedNodes([pool(3, { surge }), pool(3, { most: 10, surge })])).toBe(6 + 20);
  const counted = runCalc(['outbound-type', '--nodes', '3', '--surge', '50', '--connections', '9', '--json']);
  expect(JSON.parse(counted.stdout)).toMatchObject({ nodesCounted: 6 });
});
