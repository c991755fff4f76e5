/** However a cluster is upgraded, at every moment no address is doubled and in the end nothing is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAgentPool } from '../../src/model/aks/change-agent-pools.ts';
import { updateAgentPool } from '../../src/model/aks/update-agent-pool.ts';
import { advance, runToEnd } from '../../src/model/aks/operations.ts';
import { nodeRouteName } from '../../src/model/aks/node-routes.ts';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import { upgradeManagedCluster } from '../../src/model/aks/upgrade-managed-cluster.ts';
import { nodesOf } from '../../src/model/aks/upgrade-plan.ts';
import { getResource, listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { createDeployment } from '../../src/model/kubernetes/create-deployment.ts';
import { DEFAULT_MAX_SURGE } from '../../src/model/limits/aks.ts';
import { unwrap } from '../../src/model/result.ts';
import { CLUSTER, cloudWithCluster, GROUP, onlyCluster, stateOf } from '../support/kubenet-cluster.ts';

const MANAGED = 'Microsoft.ContainerService/ManagedClusters';
const VMSS = 'Microsoft.Compute/virtualMachineScaleSets';

interface Scene {
  readonly pools: readonly { readonly count: number; readonly maxSurge: string | null }[];
  readonly replicas: readonly number[];
  readonly target: string;
  /** Seconds that pass between looks. */
  readonly pauses: readonly number[];
}

const scene: fc.Arbitrary<Scene> = fc.record({
  pools: fc.array(
    fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      maxSurge: fc.option(fc.constantFrom('1', '2', '5', '10%', '33%', '50%', '100%')),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  replicas: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
  target: fc.constantFrom('1.34.4', '1.35.1', '1.35.3'),
  pauses: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 }),
});

function build({ pools, replicas }: Scene): Cloud {
  const [first, ...others] = pools;
  let cloud = cloudWithCluster({
    kubernetesVersion: '1.34.2',
    pool: { name: 'pool0', count: first?.count ?? 1, maxSurge: first?.maxSurge ?? null },
  });
  others.forEach(({ count, maxSurge }, at) => {
    const input = { name: `pool${at + 1}`, count, maxSurge };
    cloud = unwrap(addAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER }, input));
  });
  replicas.forEach((count, at) => {
    cloud = unwrap(
      createDeployment(cloud, onlyCluster(cloud), {
        name: `web${at}`,
        namespace: 'default',
        replicas: count,
        images: ['nginx'],
      }),
    ).cloud;
  });
  return reconcile(cloud);
}

function addressesOf(cloud: Cloud): readonly string[] {
  return listResources(cloud, VMSS).flatMap((set) =>
    set.instances.flatMap((each) =>
      each.networkInterface.ipConfigurations.map((one) => one.privateIPAddress),
    ),
  );
}

function expectNothingDoubled(cloud: Cloud, { pools }: Scene): void {
  const addresses = addressesOf(cloud);
  expect(new Set(addresses).size).toBe(addresses.length);
  const state = stateOf(cloud);
  const ranges = Object.values(state.nodes).map((node) => node.spec.podCIDR);
  expect(new Set(ranges).size).toBe(ranges.length);
  const podAddresses = Object.values(state.pods).flatMap((pod) =>
    pod.status.podIP === undefined || pod.spec.hostNetwork === true ? [] : [pod.status.podIP],
  );
  expect(new Set(podAddresses).size).toBe(podAddresses.length);
  for (const pod of Object.values(state.pods)) {
    if (pod.spec.nodeName !== undefined) expect(Object.keys(state.nodes)).toContain(pod.spec.nodeName);
  }
  pools.forEach(({ count, maxSurge }, at) => {
    const machines = Object.values(cloud.resources).flatMap((each) =>
      each.type === VMSS && each.tags?.['aks-managed-poolName'] === `pool${at}` ? each.instances : [],
    );
    const surge = Math.min(count, nodesOf(maxSurge ?? DEFAULT_MAX_SURGE.value, count));
    expect(machines.length).toBeLessThanOrEqual(count + surge);
    expect(machines.length).toBeGreaterThanOrEqual(count);
  });
  // Every node that is there has its route.
  const cluster = listResources(cloud, MANAGED)[0];
  const table =
    cluster === undefined || cluster.simulation.routeTableId === null
      ? null
      : getResource(cloud, cluster.simulation.routeTableId, 'Microsoft.Network/routeTables');
  const routes = new Set(table?.routes.map((route) => route.name));
  const wanted = Object.values(state.nodes).map((node) =>
    nodeRouteName(node.metadata.name, node.spec.podCIDR ?? ''),
  );
  expect(routes).toEqual(new Set(wanted));
}

function expectUpgraded(before: Cloud, after: Cloud, { pools, replicas, target }: Scene): void {
  const state = stateOf(after);
  expect(after.operations).toEqual([]);
  expect(Object.keys(state.nodes).sort()).toEqual(Object.keys(stateOf(before).nodes).sort());
  expect(addressesOf(after).toSorted()).toEqual(addressesOf(before).toSorted());
  for (const node of Object.values(state.nodes)) {
    expect(node.status.nodeInfo.kubeletVersion).toBe(`v${target}`);
    expect(node.spec.unschedulable).toBeUndefined();
  }
  replicas.forEach((count, at) => {
    expect(state.deployments[`default/web${at}`]?.status.replicas).toBe(count);
  });
  const [cluster] = listResources(after, MANAGED);
  expect(cluster?.provisioningState).toBe('Succeeded');
  expect(cluster?.currentKubernetesVersion).toBe(target);
  expect(cluster?.agentPoolProfiles.map((pool) => pool.provisioningState)).toEqual(
    pools.map(() => 'Succeeded'),
  );
}

describe('upgrades', () => {
  it('double nothing while they run, keep to their surge, and lose nothing, also through JSON', () => {
    fc.assert(
      fc.property(scene, (drawn) => {
        const before = build(drawn);
        let cloud = unwrap(
          upgradeManagedCluster(before, GROUP, CLUSTER, {
            kubernetesVersion: drawn.target,
            scope: 'everything',
          }),
        );
        for (const pause of drawn.pauses) {
          cloud = advance(JSON.parse(JSON.stringify(cloud)) as Cloud, pause);
          expectNothingDoubled(cloud, drawn);
        }
        const ended = runToEnd(cloud, listResources(cloud, MANAGED)[0]?.id ?? '');
        expect(ended.failure).toBeNull();
        expectNothingDoubled(ended.cloud, drawn);
        expectUpgraded(before, ended.cloud, drawn);
      }),
      { numRuns: 60 },
    );
  });

  it('come to the same end however time is cut, and with a frozen clock', () => {
    fc.assert(
      fc.property(scene, (drawn) => {
        const before = build(drawn);
        const wanted = { kubernetesVersion: drawn.target, scope: 'everything' } as const;
        const started = unwrap(upgradeManagedCluster(before, GROUP, CLUSTER, wanted));
        const id = listResources(started, MANAGED)[0]?.id ?? '';
        const whole = advance(started, 100_000);
        let cut = started;
        for (const pause of drawn.pauses) cut = advance(cut, pause);
        cut = advance(cut, 100_000 - (cut.now - started.now));
        expect(cut).toEqual(whole);
        const frozen = runToEnd({ ...started, clock: 'frozen' }, id).cloud;
        expect(frozen.now).toBe(started.now);
        expectUpgraded(before, frozen, drawn);
      }),
      { numRuns: 30 },
    );
  });

  it('in place never make another machine', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('1', '2', '50%', '100%'),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
        (count, maxUnavailable, pauses) => {
          let cloud = cloudWithCluster({ kubernetesVersion: '1.34.2', pool: { name: 'sys', count: 1 } });
          const pool = { resourceGroup: GROUP, cluster: CLUSTER, name: 'user' };
          cloud = unwrap(addAgentPool(cloud, pool, { name: 'user', mode: 'User', count }));
          cloud = unwrap(updateAgentPool(cloud, pool, { maxSurge: '0', maxUnavailable }));
          cloud = unwrap(
            upgradeManagedCluster(cloud, GROUP, CLUSTER, {
              kubernetesVersion: '1.35.3',
              scope: 'everything',
            }),
          );
          const least = count - Math.min(count, nodesOf(maxUnavailable, count));
          for (const pause of [...pauses, 100_000]) {
            cloud = advance(cloud, pause);
            const machines = listResources(cloud, VMSS).find(
              (each) => each.tags?.['aks-managed-poolName'] === 'user',
            );
            expect(machines?.instances.length).toBe(count);
            const ready = Object.values(stateOf(cloud).nodes).filter(
              (node) => node.metadata.labels?.['agentpool'] === 'user' && node.spec.unschedulable !== true,
            );
            expect(ready.length).toBeGreaterThanOrEqual(least);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
