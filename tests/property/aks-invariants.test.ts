/** Any sequence of cluster, pool and workload operations leaves addresses, ranges and routes in step, with every plugin. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentPoolInput } from '../../src/model/aks/agent-pool.ts';
import { addAgentPool, deleteAgentPool, scaleAgentPool } from '../../src/model/aks/change-agent-pools.ts';
import { createManagedCluster } from '../../src/model/aks/create-managed-cluster.ts';
import { deleteManagedCluster } from '../../src/model/aks/delete-managed-cluster.ts';
import type { ManagedCluster } from '../../src/model/aks/managed-cluster.ts';
import { nodeRouteName } from '../../src/model/aks/node-routes.ts';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import {
  armKey,
  getResource,
  listOwnResources,
  listResources,
} from '../../src/model/azure/resource-store.ts';
import { subnetAllocations } from '../../src/model/azure/subnet-addresses.ts';
import { deleteRoute } from '../../src/model/azure/route-table.ts';
import { createVirtualNetwork } from '../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { address } from '../../src/model/ip/address.ts';
import { prefix, prefixContains, prefixCovers } from '../../src/model/ip/prefix.ts';
import { createDeployment } from '../../src/model/kubernetes/create-deployment.ts';
import type { Node } from '../../src/model/kubernetes/objects.ts';
import { deleteObject, scaleDeployment } from '../../src/model/kubernetes/apply.ts';
import { unwrap } from '../../src/model/result.ts';
import type { Result } from '../../src/model/result.ts';
import { emptyCloud, GROUP } from '../support/kubenet-cluster.ts';

type Plugin = 'kubenet' | 'node-subnet' | 'overlay' | 'cilium' | 'dynamic' | 'static';

type Operation =
  | {
      readonly kind: 'create';
      readonly cluster: string;
      readonly count: number;
      readonly maxPods: number;
      readonly podCidr: string;
      readonly place: 'managed' | 'brought';
      readonly plugin: Plugin;
    }
  | { readonly kind: 'delete'; readonly cluster: string }
  | { readonly kind: 'add-pool'; readonly cluster: string; readonly pool: string; readonly count: number }
  | { readonly kind: 'delete-pool'; readonly cluster: string; readonly pool: string }
  | { readonly kind: 'scale-pool'; readonly cluster: string; readonly pool: string; readonly count: number }
  | { readonly kind: 'deploy'; readonly cluster: string; readonly name: string; readonly replicas: number }
  | { readonly kind: 'scale'; readonly cluster: string; readonly name: string; readonly replicas: number }
  | { readonly kind: 'delete-deployment'; readonly cluster: string; readonly name: string }
  | { readonly kind: 'delete-route'; readonly table: number; readonly route: number };

const PLUGINS: readonly Plugin[] = ['kubenet', 'node-subnet', 'overlay', 'cilium', 'dynamic', 'static'];
const clusterName = fc.constantFrom('one', 'two');
const poolName = fc.constantFrom('nodepool1', 'pool2', 'pool3');
const deploymentName = fc.constantFrom('web', 'api');

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    cluster: clusterName,
    count: fc.integer({ min: 0, max: 12 }),
    maxPods: fc.constantFrom(10, 30, 110, 250),
    podCidr: fc.constantFrom('10.244.0.0/16', '10.244.0.0/21', '10.244.0.0/23'),
    place: fc.constantFrom('managed' as const, 'brought' as const),
    plugin: fc.constantFrom(...PLUGINS),
  }),
  fc.record({ kind: fc.constant('delete' as const), cluster: clusterName }),
  fc.record({
    kind: fc.constant('add-pool' as const),
    cluster: clusterName,
    pool: poolName,
    count: fc.integer({ min: 0, max: 9 }),
  }),
  fc.record({ kind: fc.constant('delete-pool' as const), cluster: clusterName, pool: poolName }),
  fc.record({
    kind: fc.constant('scale-pool' as const),
    cluster: clusterName,
    pool: poolName,
    count: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('deploy' as const),
    cluster: clusterName,
    name: deploymentName,
    replicas: fc.integer({ min: 0, max: 120 }),
  }),
  fc.record({
    kind: fc.constant('scale' as const),
    cluster: clusterName,
    name: deploymentName,
    replicas: fc.integer({ min: 0, max: 400 }),
  }),
  fc.record({ kind: fc.constant('delete-deployment' as const), cluster: clusterName, name: deploymentName }),
  fc.record({ kind: fc.constant('delete-route' as const), table: fc.nat(3), route: fc.nat(11) }),
);

function first(plugin: Plugin): Operation {
  return {
    kind: 'create',
    cluster: 'one',
    count: 3,
    maxPods: 30,
    podCidr: '10.244.0.0/21',
    place: 'brought',
    plugin,
  };
}

function withNetwork(): Cloud {
  return unwrap(
    createVirtualNetwork(emptyCloud(), {
      resourceGroup: GROUP,
      name: 'vnet',
      addressPrefixes: ['192.168.0.0/16'],
      subnets: [
        { name: 'one', addressPrefix: '192.168.1.0/25' },
        { name: 'two', addressPrefix: '192.168.2.0/26' },
        // Shared by both clusters, and narrow: batches and blocks run out.
        { name: 'pods', addressPrefix: '192.168.4.0/24' },
      ],
    }),
  );
}

function hasPodRange(plugin: Plugin): boolean {
  return plugin === 'kubenet' || plugin === 'overlay' || plugin === 'cilium';
}

function podSubnetFor(
  cloud: Cloud,
  plugin: Plugin,
): Partial<Pick<AgentPoolInput, 'podSubnetId' | 'podIPAllocationMode'>> {
  if (plugin !== 'dynamic' && plugin !== 'static') return {};
  const vnet = listOwnResources(cloud, 'Microsoft.Network/virtualNetworks', GROUP)[0];
  return {
    podSubnetId: vnet?.subnets.find((each) => each.name === 'pods')?.id ?? null,
    podIPAllocationMode: plugin === 'static' ? 'StaticBlock' : 'DynamicIndividual',
  };
}

function podSubnetLikeFirst(cloud: Cloud, name: string): ReturnType<typeof podSubnetFor> {
  const cluster = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters').find(
    (each) => each.name === name,
  );
  const mode = cluster?.agentPoolProfiles[0]?.podIPAllocationMode ?? null;
  return mode === null ? {} : podSubnetFor(cloud, mode === 'StaticBlock' ? 'static' : 'dynamic');
}

function apply(cloud: Cloud, step: Operation): Result<Cloud, unknown> {
  const key = (name: string): string | null =>
    Object.keys(cloud.kubernetes).find((each) => each.endsWith(`/${name}`)) ?? null;
  const absent: Result<Cloud, unknown> = { ok: false, error: 'absent' };
  switch (step.kind) {
    case 'create': {
      const vnet = listOwnResources(cloud, 'Microsoft.Network/virtualNetworks', GROUP)[0];
      const subnet = vnet?.subnets.find((each) => each.name === step.cluster)?.id ?? null;
      return createManagedCluster(cloud, {
        resourceGroup: GROUP,
        name: step.cluster,
        networkPlugin: step.plugin === 'kubenet' ? 'kubenet' : 'azure',
        networkPluginMode: hasPodRange(step.plugin) && step.plugin !== 'kubenet' ? 'overlay' : null,
        networkDataplane: step.plugin === 'cilium' ? 'cilium' : null,
        podCidr: hasPodRange(step.plugin) ? step.podCidr : null,
        pool: {
          name: 'nodepool1',
          count: step.count,
          maxPods: step.maxPods,
          vnetSubnetId: step.place === 'brought' ? subnet : null,
          ...podSubnetFor(cloud, step.plugin),
        },
      });
    }
    case 'delete':
      return deleteManagedCluster(cloud, GROUP, step.cluster);
    case 'add-pool':
      return addAgentPool(
        cloud,
        { resourceGroup: GROUP, cluster: step.cluster },
        { name: step.pool, count: step.count, ...podSubnetLikeFirst(cloud, step.cluster) },
      );
    case 'delete-pool':
      return deleteAgentPool(cloud, { resourceGroup: GROUP, cluster: step.cluster, name: step.pool });
    case 'scale-pool':
      return scaleAgentPool(
        cloud,
        { resourceGroup: GROUP, cluster: step.cluster, name: step.pool },
        step.count,
      );
    case 'deploy': {
      const cluster = key(step.cluster);
      if (cluster === null) return absent;
      const made = createDeployment(cloud, cluster, {
        name: step.name,
        namespace: 'default',
        images: ['nginx'],
        replicas: step.replicas,
      });
      return made.ok ? { ok: true, value: made.value.cloud } : made;
    }
    case 'scale': {
      const cluster = key(step.cluster);
      return cluster === null
        ? absent
        : scaleDeployment(cloud, cluster, `default/${step.name}`, step.replicas);
    }
    case 'delete-deployment': {
      const cluster = key(step.cluster);
      return cluster === null ? absent : deleteObject(cloud, cluster, 'Deployment', `default/${step.name}`);
    }
    case 'delete-route': {
      const tables = listResources(cloud, 'Microsoft.Network/routeTables');
      const table = tables[step.table % Math.max(1, tables.length)];
      const route = table?.routes[step.route % Math.max(1, table.routes.length)];
      if (table === undefined || route === undefined) return absent;
      return deleteRoute(cloud, {
        resourceGroup: table.resourceGroup,
        routeTable: table.name,
        name: route.name,
      });
    }
  }
}

function checkAddresses(cloud: Cloud): void {
  for (const vnet of listResources(cloud, 'Microsoft.Network/virtualNetworks')) {
    for (const subnet of vnet.subnets) {
      const taken = subnetAllocations(cloud, subnet.id).map((each) => each.address);
      expect(new Set(taken).size).toBe(taken.length);
      for (const each of taken)
        expect(prefixContains(prefix(subnet.addressPrefix), address(each))).toBe(true);
    }
  }
}

function checkRanges(cluster: ManagedCluster, nodes: readonly Node[]): void {
  const { podCidr } = cluster.networkProfile;
  const ranges = nodes.flatMap((node) => node.spec.podCIDR ?? []);
  expect(ranges).toHaveLength(podCidr === null ? 0 : nodes.length);
  expect(new Set(ranges).size).toBe(ranges.length);
  for (const range of ranges) {
    expect(prefix(range).length).toBe(24);
    expect(prefixCovers(prefix(podCidr ?? ''), prefix(range))).toBe(true);
  }
}

function checkRoutes(cloud: Cloud, cluster: ManagedCluster, nodes: readonly Node[]): void {
  if (cluster.networkProfile.networkPlugin !== 'kubenet') {
    expect(cluster.simulation.routeTableId).toBeNull();
    return;
  }
  const table = getResource(cloud, cluster.simulation.routeTableId ?? '', 'Microsoft.Network/routeTables');
  expect(
    new Set(
      table?.routes.map((route) => `${route.name} ${route.addressPrefix} ${route.nextHopIpAddress ?? ''}`),
    ),
  ).toEqual(
    new Set(
      nodes.map(
        (node) =>
          `${nodeRouteName(node.metadata.name, node.spec.podCIDR ?? '')} ${node.spec.podCIDR ?? ''} ${node.status.addresses[0]?.address ?? ''}`,
      ),
    ),
  );
}

function checkPodAddress(cluster: ManagedCluster, node: Node, podIP: string): void {
  if (cluster.networkProfile.podCidr === null) {
    expect(node.simulation?.podAddresses).toContain(podIP);
    return;
  }
  expect(prefixContains(prefix(node.spec.podCIDR ?? ''), address(podIP))).toBe(true);
  if (cluster.networkProfile.networkPlugin === 'kubenet') expect(podIP).not.toMatch(/\.(0|1|255)$/);
}

/** What a node may give to pods is its own: on its NIC, or in its NodeNetworkConfig. */
function checkGiven(cloud: Cloud): void {
  const given: string[] = [];
  for (const state of Object.values(cloud.kubernetes)) {
    for (const node of Object.values(state.nodes)) {
      given.push(...(node.simulation?.podAddresses ?? []).map((each) => `${vnetOf(cloud, node)} ${each}`));
    }
  }
  expect(new Set(given).size).toBe(given.length);
}

/** Clusters of managed VNets may have the same addresses as others. */
function vnetOf(cloud: Cloud, node: Node): string {
  const cluster = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters').find(
    (each) => cloud.kubernetes[armKey(each.id)]?.nodes[node.metadata.name] === node,
  );
  return cluster?.simulation.virtualNetworkId ?? '';
}

function checkClusters(cloud: Cloud): void {
  const clusters = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
  expect(Object.keys(cloud.kubernetes).sort()).toEqual(clusters.map((each) => armKey(each.id)).sort());
  for (const cluster of clusters) {
    const state = cloud.kubernetes[armKey(cluster.id)];
    if (state === undefined) throw new Error('no state');
    const nodes = Object.values(state.nodes);
    const wanted = cluster.agentPoolProfiles.reduce((sum, pool) => sum + pool.count, 0);
    expect(nodes).toHaveLength(wanted);

    checkRanges(cluster, nodes);
    checkRoutes(cloud, cluster, nodes);

    const addresses: string[] = [];
    const onNode = new Map<string, number>();
    for (const pod of Object.values(state.pods)) {
      const node = state.nodes[pod.spec.nodeName ?? ''];
      if (pod.status.phase === 'Pending') {
        expect(pod.status.podIP).toBeUndefined();
        continue;
      }
      expect(node).toBeDefined();
      onNode.set(pod.spec.nodeName ?? '', (onNode.get(pod.spec.nodeName ?? '') ?? 0) + 1);
      if (pod.spec.hostNetwork === true) {
        expect(pod.status.podIP).toBe(node?.status.addresses[0]?.address);
        continue;
      }
      addresses.push(pod.status.podIP ?? '');
      if (node !== undefined) checkPodAddress(cluster, node, pod.status.podIP ?? '');
    }
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const [name, count] of onNode) {
      expect(count).toBeLessThanOrEqual(Number(state.nodes[name]?.status.allocatable['pods']));
    }
  }
}

/** What writes to it from now on throws. What was frozen before is not walked through again. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) frozen(each);
  return value;
}

describe('random operations on clusters', () => {
  it.each(PLUGINS)('leave addresses unique, ranges and routes in step: %s first', (plugin) => {
    fc.assert(
      fc.property(fc.array(operation, { size: 'max', minLength: 1, maxLength: 30 }), (steps) => {
        // Most steps need a cluster, so there is one from the start.
        // Frozen, since no operation may change the cloud that it is given, least of all one that fails.
        let cloud = frozen(unwrap(apply(withNetwork(), first(plugin))));
        for (const step of steps) {
          const after = apply(cloud, step);
          if (after.ok) cloud = frozen(reconcile(after.value));
          expect(reconcile(cloud)).toBe(cloud);
        }
        checkAddresses(cloud);
        checkGiven(cloud);
        checkClusters(cloud);
        expect(JSON.parse(JSON.stringify(cloud))).toEqual(cloud);
      }),
      { numRuns: 30 },
    );
  });
});
