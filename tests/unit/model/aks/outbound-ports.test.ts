import { describe, expect, test } from 'vitest';
import { checkOutboundPorts } from '../../../../src/model/aks/outbound-ports.ts';
import type { AgentPool } from '../../../../src/model/aks/managed-cluster.ts';

const pool = (count: number, more: Partial<AgentPool> = {}): AgentPool =>
  ({ count, enableAutoScaling: false, maxCount: null, upgradeSettings: {}, ...more }) as AgentPool;

/** Cases of https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/invalidloadbalancerprofileallocatedoutboundports-error, of https://github.com/Azure/azure-cli/issues/22374 and 16480, of https://github.com/jenkins-infra/azure/pull/580. */
describe('ports for all nodes that the pools may have', () => {
  test.each([
    ['three nodes and one of an upgrade', 21_000, 1, [pool(3)], 4],
    ['three pools of 22 nodes and one more each', 3_200, 1, [pool(2), pool(10), pool(10)], 25],
    ['two addresses: three nodes are four there too', 42_664, 2, [pool(3)], 4],
    [
      'an autoscaler at its maximum',
      8_000,
      1,
      [pool(2, { enableAutoScaling: true, minCount: 1, maxCount: 8 })],
      9,
    ],
    [
      'a surge that the pool asks for',
      16_000,
      1,
      [pool(3, { upgradeSettings: { maxSurge: '2' } } as never)],
      5,
    ],
    [
      'a surge larger than the pool, which no upgrade uses',
      16_000,
      1,
      [pool(3, { upgradeSettings: { maxSurge: '50' } } as never)],
      6,
    ],
  ] as const)('%s', (_, allocated, addresses, pools, nodes) => {
    const answer = checkOutboundPorts({ allocated, addresses }, pools);
    expect(answer.ok).toBe(false);
    if (answer.ok) return;
    expect(answer.error.code).toBe('InvalidLoadBalancerProfileAllocatedOutboundPorts');
    expect(answer.error.message).toContain(
      `Total node count ${nodes} requires ${nodes * allocated} ports but only ${addresses * 64_000} ports are available given ${addresses} outbound public IPs.`,
    );
  });

  test.each([
    ['ports that Azure shares out', 0, 1, [pool(900)]],
    ['exactly all ports', 16_000, 1, [pool(3)]],
    ['a second address', 8_000, 2, [pool(8)]],
  ] as const)('%s fit', (_, allocated, addresses, pools) => {
    expect(checkOutboundPorts({ allocated, addresses }, pools).ok).toBe(true);
  });
});
