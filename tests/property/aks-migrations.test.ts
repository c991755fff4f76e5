/** However a cluster moves to another network, every node and workload arrives, and no address is lost or doubled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAgentPool } from '../../src/model/aks/change-agent-pools.ts';
import type { ManagedCluster } from '../../src/model/aks/managed-cluster.ts';
import type { NetworkChange } from '../../src/model/aks/migrate-checks.ts';
import { advance, runToEnd } from '../../src/model/aks/operations.ts';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import { updateManagedCluster } from '../../src/model/aks/update-managed-cluster.ts';
import { listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { address } from '../../src/model/ip/address.ts';
import { prefix, prefixContains } from '../../src/model/ip/prefix.ts';
import { createDeployment } from '../../src/model/kubernetes/create-deployment.ts';
import { unwrap } from '../../src/model/result.ts';
import { CLUSTER, cloudWithCluster, GROUP, onlyCluster, stateOf } from '../support/kubenet-cluster.ts';

interface Move {
  readonly from: 'kubenet' | 'node-subnet' | 'overlay';
  readonly change: NetworkChange;
  readonly counts: readonly number[];
  readonly replicas: number;
  readonly pauses: readonly number[];
}

const TO_OVERLAY = { networkPlugin: 'azure', networkPluginMode: 'overlay' } as const;

const move: fc.Arbitrary<Move> = fc
  .constantFrom<Pick<Move, 'from' | 'change'>[]>(
    { from: 'kubenet', change: TO_OVERLAY },
    { from: 'kubenet', change: { ...TO_OVERLAY, podCidr: '192.168.0.0/16' } },
    { from: 'node-subnet', change: { ...TO_OVERLAY, podCidr: '192.168.0.0/18' } },
    { from: 'node-subnet', change: { networkDataplane: 'cilium' } },
    { from: 'node-subnet', change: { networkPolicy: 'azure' } },
    { from: 'overlay', change: { networkDataplane: 'cilium' } },
    { from: 'overlay', change: { networkDataplane: 'cilium', podCidr: '10.240.0.0/13' } },
  )
  .chain((kind) =>
    fc.record({
      from: fc.constant(kind.from),
      change: fc.constant(kind.change),
      counts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
      replicas: fc.integer({ min: 0, max: 25 }),
      pauses: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
    }),
  );

function build({ from, counts, replicas }: Move): Cloud {
  const [first = 1, ...others] = counts;
  let cloud = cloudWithCluster({
    kubernetesVersion: '1.34.4',
    networkPlugin: from === 'kubenet' ? 'kubenet' : 'azure',
    networkPluginMode: from === 'overlay' ? 'overlay' : null,
    pool: { name: 'pool0', count: first, maxPods: 110 },
  });
  others.forEach((count, at) => {
    const cluster = { resourceGroup: GROUP, cluster: CLUSTER };
    cloud = unwrap(addAgentPool(cloud, cluster, { name: `pool${at + 1}`, count, maxPods: 110 }));
  });
  const wanted = { name: 'web', namespace: 'default', replicas, images: ['nginx'] };
  return reconcile(unwrap(createDeployment(cloud, onlyCluster(cloud), wanted)).cloud);
}

function clusterOf(cloud: Cloud): ManagedCluster {
  const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
  if (cluster === undefined) throw new Error('no cluster');
  return cluster;
}

function nodeAddresses(cloud: Cloud): readonly string[] {
  return Object.values(stateOf(cloud).nodes)
    .map((node) => `${node.metadata.name} ${node.status.addresses[0]?.address ?? ''}`)
    .sort();
}

function expectNothingDoubled(cloud: Cloud): void {
  const machines = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').flatMap((set) =>
    set.instances.flatMap((each) =>
      each.networkInterface.ipConfigurations.map((one) => one.privateIPAddress),
    ),
  );
  expect(new Set(machines).size).toBe(machines.length);
  const pods = Object.values(stateOf(cloud).pods).flatMap((pod) =>
    pod.status.podIP === undefined || pod.spec.hostNetwork === true ? [] : [pod.status.podIP],
  );
  expect(new Set(pods).size).toBe(pods.length);
}

describe('migrations', () => {
  it('double nothing on the way, and bring everything to the new network, also through JSON', () => {
    fc.assert(
      fc.property(move, (drawn) => {
        const before = build(drawn);
        let cloud = unwrap(updateManagedCluster(before, GROUP, CLUSTER, { network: drawn.change }));
        for (const pause of drawn.pauses) {
          cloud = advance(JSON.parse(JSON.stringify(cloud)) as Cloud, pause);
          expectNothingDoubled(cloud);
        }
        const { cloud: after, failure } = runToEnd(cloud, clusterOf(cloud).id);
        expect(failure).toBeNull();
        expectNothingDoubled(after);
        expect(after.operations).toEqual([]);
        expect(nodeAddresses(after)).toEqual(nodeAddresses(before));
        const { networkProfile, provisioningState, simulation } = clusterOf(after);
        expect(networkProfile).toMatchObject(drawn.change);
        expect(provisioningState).toBe('Succeeded');
        expect(simulation.routeTableId).toBeNull();
        expect(stateOf(after).deployments['default/web']?.status.readyReplicas).toBe(drawn.replicas);
        if (networkProfile.podCidr === null) return;
        for (const node of Object.values(stateOf(after).nodes)) {
          expect(node.simulation?.podAddresses).toBeUndefined();
          const range = prefix(node.spec.podCIDR ?? '0.0.0.0/32');
          for (const pod of Object.values(stateOf(after).pods)) {
            if (pod.spec.nodeName !== node.metadata.name || pod.spec.hostNetwork === true) continue;
            expect(prefixContains(range, address(pod.status.podIP ?? '0.0.0.0'))).toBe(true);
            expect(
              prefixContains(prefix(networkProfile.podCidr), address(pod.status.podIP ?? '0.0.0.0')),
            ).toBe(true);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
