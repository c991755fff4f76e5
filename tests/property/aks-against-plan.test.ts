/** Whatever the planner says a cluster needs is enough for the cluster that the model builds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAgentPool } from '../../src/model/aks/change-agent-pools.ts';
import type { AgentPoolInput } from '../../src/model/aks/agent-pool.ts';
import { createManagedCluster } from '../../src/model/aks/create-managed-cluster.ts';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import { listOwnResources, listResources } from '../../src/model/azure/resource-store.ts';
import { subnetAllocations } from '../../src/model/azure/subnet-addresses.ts';
import { createVirtualNetwork } from '../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { createDeployment } from '../../src/model/kubernetes/create-deployment.ts';
import { unwrap } from '../../src/model/result.ts';
import { planAddresses } from '../../src/planner/ip-plan.ts';
import type { IpPlanInput } from '../../src/planner/ip-plan.ts';
import { CLUSTER, emptyCloud, GROUP, onlyCluster, stateOf } from '../support/kubenet-cluster.ts';

const WAYS = ['node-subnet', 'pod-subnet-dynamic', 'pod-subnet-static', 'overlay', 'kubenet'] as const;
type Way = (typeof WAYS)[number];

const pool = fc.record({
  nodes: fc.integer({ min: 1, max: 6 }),
  maxPods: fc.constantFrom(30, 31, 47, 60, 110, 250),
});

function build(
  way: Way,
  pools: readonly { readonly nodes: number; readonly maxPods: number }[],
): {
  readonly cloud: Cloud;
  readonly plan: ReturnType<typeof planAddresses>;
} {
  const input: IpPlanInput = {
    pools: pools.map((each) => each.nodes),
    surge: [{ kind: 'count', count: 0 }],
    growth: [{ kind: 'count', count: 0 }],
    maxPods: pools.map((each) => each.maxPods),
    extraAddresses: 0,
    subnetLength: null,
    podSubnetLength: null,
    podCidrLength: null,
  };
  const plan = planAddresses(way, input);
  const length = (range: string): number =>
    plan.now.ranges.find((each) => each.range === range)?.smallestPrefix ?? 24;
  let cloud = unwrap(
    createVirtualNetwork(emptyCloud(), {
      resourceGroup: GROUP,
      name: 'vnet',
      addressPrefixes: ['10.128.0.0/9'],
      subnets: [
        { name: 'nodes', addressPrefix: `10.128.0.0/${length('node-subnet')}` },
        { name: 'pods', addressPrefix: `10.192.0.0/${length('pod-subnet')}` },
      ],
    }),
  );
  const [vnet] = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  const subnet = (name: string): string | null =>
    vnet?.subnets.find((each) => each.name === name)?.id ?? null;
  const poolInput = (at: number): AgentPoolInput => ({
    name: `pool${at}`,
    count: pools[at]?.nodes ?? 1,
    maxPods: pools[at]?.maxPods ?? 30,
    vmSize: 'Standard_D16ds_v5',
    vnetSubnetId: subnet('nodes'),
    ...(way === 'pod-subnet-dynamic' || way === 'pod-subnet-static'
      ? {
          podSubnetId: subnet('pods'),
          podIPAllocationMode: way === 'pod-subnet-static' ? 'StaticBlock' : 'DynamicIndividual',
        }
      : {}),
  });
  cloud = unwrap(
    createManagedCluster(cloud, {
      resourceGroup: GROUP,
      name: CLUSTER,
      networkPlugin: way === 'kubenet' ? 'kubenet' : 'azure',
      networkPluginMode: way === 'overlay' ? 'overlay' : null,
      podCidr: way === 'overlay' || way === 'kubenet' ? `172.16.0.0/${length('pod-cidr')}` : null,
      pool: poolInput(0),
    }),
  );
  for (let at = 1; at < pools.length; at++) {
    cloud = unwrap(addAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER }, poolInput(at)));
  }
  return { cloud, plan };
}

describe('the smallest ranges of a plan', () => {
  it.each(WAYS)('hold every node, and as many pods as the nodes take: %s', (way) => {
    fc.assert(
      fc.property(fc.array(pool, { minLength: 1, maxLength: 3 }), (pools) => {
        const { cloud, plan } = build(way, pools);
        const replicas = pools.reduce((sum, each) => sum + each.nodes * each.maxPods, 0);
        const made = createDeployment(cloud, onlyCluster(cloud), {
          name: 'web',
          namespace: 'default',
          images: ['nginx'],
          replicas,
        });
        const full = reconcile(unwrap(made).cloud);
        const state = stateOf(full);
        for (const node of Object.values(state.nodes)) {
          expect(node.status.conditions.find((each) => each.type === 'Ready')?.status).toBe('True');
        }
        // Whoever waits, waits for room on a node and not for an address.
        for (const one of Object.values(state.pods)) {
          if (one.spec.nodeName !== undefined) expect(one.status.podIP).toBeDefined();
        }
        expect(Object.values(state.pods).some((one) => one.spec.nodeName === undefined)).toBe(true);
        const [vnet] = listOwnResources(full, 'Microsoft.Network/virtualNetworks', GROUP);
        const taken = (vnet?.subnets ?? []).reduce(
          (sum, each) => sum + subnetAllocations(full, each.id).length,
          0,
        );
        expect(taken).toBeLessThanOrEqual(plan.now.addressesNeeded);
      }),
      { numRuns: 25 },
    );
  });
});
