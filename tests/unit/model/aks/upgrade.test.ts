import { describe, expect, it } from 'vitest';
import { addAgentPool, scaleAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { updateAgentPool } from '../../../../src/model/aks/update-agent-pool.ts';
import type { AgentPoolChanges } from '../../../../src/model/aks/update-agent-pool.ts';
import { advance, runToEnd } from '../../../../src/model/aks/operations.ts';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import {
  upgradeAgentPool,
  upgradeManagedCluster,
  upgradeNodeImages,
} from '../../../../src/model/aks/upgrade-managed-cluster.ts';
import { nodesOf, surgeOf } from '../../../../src/model/aks/upgrade-plan.ts';
import {
  agentPoolUpgrades,
  controlPlaneUpgrades,
  latestNodeImage,
} from '../../../../src/model/aks/upgrade-versions.ts';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { listResources, removeResource } from '../../../../src/model/azure/resource-store.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import { createManagedCluster } from '../../../../src/model/aks/create-managed-cluster.ts';
import type { AgentPoolInput } from '../../../../src/model/aks/agent-pool.ts';
import type { ManagedCluster } from '../../../../src/model/aks/managed-cluster.ts';
import type { AzureError } from '../../../../src/model/azure/error.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { applyObject } from '../../../../src/model/kubernetes/apply.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Result } from '../../../../src/model/result.ts';
import {
  CLUSTER,
  clusterInput,
  cloudWithCluster,
  emptyCloud,
  GROUP,
  onlyCluster,
  stateOf,
} from '../../../support/kubenet-cluster.ts';

const POOL = { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' };
const SEPTEMBER = Date.parse('2026-09-01T09:00:00Z') / 1000;

function clusterOf(cloud: Cloud): ManagedCluster {
  const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
  if (cluster === undefined) throw new Error('no cluster');
  return cluster;
}

function start(cloud: Cloud, kubernetesVersion: string): Cloud {
  return unwrap(upgradeManagedCluster(cloud, GROUP, CLUSTER, { kubernetesVersion, scope: 'everything' }));
}

function codeOf(result: Result<Cloud, AzureError>): string {
  return result.ok ? 'accepted' : result.error.code;
}

/** Who is there, in which version, and who takes no pods. */
function nodes(cloud: Cloud): readonly string[] {
  return Object.values(stateOf(cloud).nodes)
    .map(
      (node) =>
        `${node.metadata.name.slice(-6)} ${node.status.nodeInfo.kubeletVersion}${node.spec.unschedulable === true ? ' cordoned' : ''}`,
    )
    .sort();
}

/** A kubenet cluster in a subnet of its own, and NICs of others beside it. */
function inSubnet(addressPrefix: string, pool: AgentPoolInput, others: number, version = '1.34.2'): Cloud {
  let cloud = unwrap(
    createVirtualNetwork(emptyCloud(), {
      resourceGroup: GROUP,
      name: 'vnet',
      location: 'westeurope',
      addressPrefixes: ['10.1.0.0/16'],
      subnets: [{ name: 'nodes', addressPrefix }],
    }),
  );
  const [vnet] = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  const subnetId = `${vnet?.id ?? ''}/subnets/nodes`;
  cloud = unwrap(
    createManagedCluster(
      cloud,
      clusterInput({ kubernetesVersion: version, pool: { ...pool, vnetSubnetId: subnetId } }),
    ),
  );
  for (let at = 0; at < others; at++) {
    cloud = unwrap(
      createNetworkInterface(cloud, {
        resourceGroup: GROUP,
        name: `nic${at}`,
        location: 'westeurope',
        ipConfiguration: { name: 'ipconfig1', subnetId },
      }),
    );
  }
  return cloud;
}

describe('versions', () => {
  it.each([
    ['1.34.2', ['1.34.4', '1.35.1', '1.35.3'], 'newer patches and the next minor version'],
    ['1.35.3', ['1.36.0', '1.36.1'], 'the next minor version from the newest patch'],
    ['1.36.1', [], 'nothing from the newest'],
    ['1.29.9', ['1.34.2', '1.34.4'], 'the oldest supported one from an unsupported version'],
  ])('a control plane of %s may go to %j: %s', (current, expected) => {
    expect(controlPlaneUpgrades(SEPTEMBER, current)).toEqual(expected);
  });

  it.each([
    ['1.34.2', '1.36.0', ['1.34.4', '1.35.1', '1.35.3', '1.36.0']],
    ['1.35.1', '1.35.1', []],
  ])(
    'a pool of %s under a control plane of %s may go to %j, minor versions skipped',
    (pool, plane, expected) => {
      expect(agentPoolUpgrades(SEPTEMBER, pool, plane)).toEqual(expected);
    },
  );

  it.each([
    ['1.34.4', 'accepted'],
    ['1.35', 'accepted'],
    ['1.36.0', 'OperationNotAllowed'],
    ['1.27.7', 'K8sVersionNotSupported'],
    ['1.35.99', 'K8sVersionNotSupported'],
  ])('an upgrade from 1.34.2 to %s is %s', (wanted, code) => {
    const cloud = cloudWithCluster({ kubernetesVersion: '1.34.2' });
    const result = upgradeManagedCluster(cloud, GROUP, CLUSTER, {
      kubernetesVersion: wanted,
      scope: 'everything',
    });
    expect(codeOf(result)).toBe(code);
  });

  it('names what is available when a minor version would be skipped', () => {
    const cloud = cloudWithCluster({ kubernetesVersion: '1.34.2' });
    const result = upgradeManagedCluster(cloud, GROUP, CLUSTER, {
      kubernetesVersion: '1.36.1',
      scope: 'everything',
    });
    expect(result.ok ? '' : result.error.message).toBe(
      'Upgrading Kubernetes version 1.34.2 to 1.36.1 is not allowed. Available upgrades: [1.35.3 1.35.1 1.34.4]. Please see https://aka.ms/aks-supported-k8s-ver for version details.',
    );
  });

  it('keeps a pool from getting ahead of its control plane', () => {
    const cloud = cloudWithCluster({ kubernetesVersion: '1.34.2' });
    const result = upgradeAgentPool(cloud, POOL, { kubernetesVersion: '1.35.3', scope: 'version' });
    expect(codeOf(result)).toBe('NodePoolMcVersionIncompatible');
  });

  it('goes back to no older version', () => {
    const cloud = cloudWithCluster({ kubernetesVersion: '1.35.3' });
    expect(codeOf(upgradeAgentPool(cloud, POOL, { kubernetesVersion: '1.34.4', scope: 'version' }))).toBe(
      'OperationNotAllowed',
    );
  });

  it('has a newer node image each week, never an older one than new pools get', () => {
    expect(latestNodeImage('1.36.1', SEPTEMBER)).toBe('AKSUbuntu-2404gen2containerd-202608.24.0');
    expect(latestNodeImage('1.36.1', SEPTEMBER + 7 * 86_400)).toBe(
      'AKSUbuntu-2404gen2containerd-202608.31.0',
    );
    expect(latestNodeImage('1.36.1', Date.parse('2026-07-16') / 1000)).toBe(
      'AKSUbuntu-2404gen2containerd-202607.20.0',
    );
  });
});

describe('the surge', () => {
  it.each([
    ['33%', 10, 4],
    ['10%', 3, 1],
    ['50%', 4, 2],
    ['5', 100, 5],
    ['100%', 7, 7],
    ['0', 7, 0],
  ])('%s of %i nodes is %i', (setting, size, expected) => {
    expect(nodesOf(setting, size)).toBe(expected);
  });

  it('is never more than the nodes still to upgrade', () => {
    const settings = clusterOf(cloudWithCluster()).agentPoolProfiles[0]?.upgradeSettings;
    if (settings === undefined) throw new Error('no pool');
    expect(surgeOf({ ...settings, maxSurge: '5' }, 10, 2)).toBe(2);
    expect(surgeOf(settings, 11, 11)).toBe(2);
  });
});

describe('an upgrade over time', () => {
  const before = cloudWithCluster({ kubernetesVersion: '1.34.2', pool: { name: 'nodepool1', count: 2 } });
  const started = start(before, '1.35.3');
  const at = (seconds: number): Cloud => advance(started, seconds);

  it('has the control plane go first', () => {
    expect(clusterOf(at(290)).currentKubernetesVersion).toBe('1.34.2');
    expect(clusterOf(at(305)).currentKubernetesVersion).toBe('1.35.3');
    expect(nodes(at(305))).toEqual(['000000 v1.34.2', '000001 v1.34.2']);
  });

  it.each([
    [
      406,
      ['000000 v1.34.2 cordoned', '000001 v1.34.2', '000002 v1.35.3'],
      'an extra node joins and an old one is cordoned',
    ],
    [455, ['000001 v1.34.2', '000002 v1.35.3'], 'the drained node is off the list while it is reimaged'],
    [
      576,
      ['000000 v1.35.3', '000001 v1.34.2 cordoned', '000002 v1.35.3'],
      'it is back, and the next one goes',
    ],
    [746, ['000000 v1.35.3', '000001 v1.35.3', '000002 v1.35.3 cordoned'], 'the extra node goes last'],
    [900, ['000000 v1.35.3', '000001 v1.35.3'], 'the pool has its size again'],
  ])('after %i seconds: %j, since %s', (seconds, expected) => {
    expect(nodes(at(seconds))).toEqual(expected);
  });

  it('tells its steps as events', () => {
    const reasons = Object.values(stateOf(at(900)).events).map((event) =>
      event.message.replace(/aks-\S+-vmss/g, ''),
    );
    expect(reasons).toContain('Created a surge node 000002 for agentpool nodepool1');
    expect(reasons).toContain('Draining node: 000000');
    expect(reasons).toContain('Deleting node 000001 from API server');
    expect(reasons).toContain('Successfully upgraded node: 000001');
    expect(Object.keys(stateOf(at(900 + 3600)).events)).toEqual([]);
  });

  it('gives a reimaged node the next share of the pod range, and a route to it', () => {
    const ranges = Object.values(stateOf(at(900)).nodes).map((node) => node.spec.podCIDR);
    expect(ranges).toEqual(['10.244.3.0/24', '10.244.4.0/24']);
    const [table] = listResources(at(900), 'Microsoft.Network/routeTables');
    expect(table?.routes.map((route) => route.addressPrefix).sort()).toEqual(ranges);
  });

  it('refuses anything else meanwhile, in words for what is asked', () => {
    const message = (result: Result<Cloud, AzureError>): string => (result.ok ? '' : result.error.message);
    expect(message(scaleAgentPool(started, POOL, 5))).toBe(
      'Operation is not allowed: Another operation (Upgrading) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details',
    );
    const pool = unwrap(upgradeAgentPool(before, POOL, { kubernetesVersion: null, scope: 'image-only' }));
    expect(message(addAgentPool(pool, POOL, { name: 'more' }))).toContain(
      'Another agentpool operation (nodepool1 - Upgrading) is in progress',
    );
    expect(
      message(
        upgradeManagedCluster(pool, GROUP, CLUSTER, { kubernetesVersion: '1.35.3', scope: 'everything' }),
      ),
    ).toContain(
      'Managed Cluster operation is not allowed: Another operation (Upgrading) is in progress on agent pool (nodepool1)',
    );
  });

  it('loses pods without a controller, and brings the others back elsewhere', () => {
    const cloud = reconcile(
      unwrap(
        applyObject(before, onlyCluster(before), {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'bare', namespace: 'default' },
          spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
        }),
      ).cloud,
    );
    expect(Object.keys(stateOf(cloud).pods)).toContain('default/bare');
    const after = advance(start(cloud, '1.35.3'), 2000);
    expect(Object.keys(stateOf(after).pods)).not.toContain('default/bare');
    expect(stateOf(after).deployments['kube-system/coredns']?.status.readyReplicas).toBe(2);
  });

  it('leaves the pools alone with the control plane only, and takes them in a second step', () => {
    const plane = runToEnd(
      unwrap(
        upgradeManagedCluster(before, GROUP, CLUSTER, {
          kubernetesVersion: '1.35.3',
          scope: 'control-plane',
        }),
      ),
      clusterOf(before).id,
    ).cloud;
    expect(clusterOf(plane).currentKubernetesVersion).toBe('1.35.3');
    expect(nodes(plane)).toEqual(['000000 v1.34.2', '000001 v1.34.2']);
    const pool = unwrap(upgradeAgentPool(plane, POOL, { kubernetesVersion: '1.35.3', scope: 'version' }));
    expect(nodes(runToEnd(pool, clusterOf(pool).id).cloud)).toEqual(['000000 v1.35.3', '000001 v1.35.3']);
  });

  it('has nothing to do at the same version, unless something failed', () => {
    const wanted = { kubernetesVersion: '1.34.2', scope: 'everything' } as const;
    expect(unwrap(upgradeManagedCluster(before, GROUP, CLUSTER, wanted))).toBe(before);
  });

  it('renews images without another version, all pools at once', () => {
    const renewed = advance(unwrap(upgradeNodeImages(before, GROUP, CLUSTER)), 2000);
    expect(nodes(renewed)).toEqual(['000000 v1.34.2', '000001 v1.34.2']);
    expect(clusterOf(renewed).agentPoolProfiles[0]?.nodeImageVersion).toBe(
      'AKSUbuntu-2204gen2containerd-202608.24.0',
    );
    expect(unwrap(upgradeNodeImages(renewed, GROUP, CLUSTER))).toBe(renewed);
  });

  it('waits for the soak time after each drain', () => {
    const soaking = unwrap(updateAgentPool(before, POOL, { nodeSoakDurationInMinutes: 10 }));
    expect(nodes(advance(start(soaking, '1.35.3'), 900))).toContain('000000 v1.34.2 cordoned');
  });
});

describe('room for an upgrade', () => {
  it('is refused at once where the cluster itself needs more than the subnet has', () => {
    const cloud = inSubnet('10.1.0.0/29', { name: 'nodepool1', count: 3 }, 0);
    const result = upgradeManagedCluster(cloud, GROUP, CLUSTER, {
      kubernetesVersion: '1.35.3',
      scope: 'everything',
    });
    expect(result.ok ? null : [result.error.code, result.error.target]).toEqual([
      'InsufficientSubnetSize',
      'agentPoolProfile.vnetSubnetID',
    ]);
    expect(result.ok ? '' : result.error.message).toContain(
      'Pre-allocated IPs 4 exceeds IPs available 3 in Subnet Cidr 10.1.0.0/29',
    );
  });

  it('counts a pool with an autoscaler as large as it may become', () => {
    const pool = { name: 'nodepool1', count: 2, enableAutoScaling: true, minCount: 2, maxCount: 3 };
    const cloud = inSubnet('10.1.0.0/29', pool, 0);
    const wanted = { kubernetesVersion: '1.35.3', scope: 'everything' } as const;
    const result = upgradeManagedCluster(cloud, GROUP, CLUSTER, wanted);
    expect(result.ok ? '' : result.error.message).toContain(
      'Pre-allocated IPs 4 exceeds IPs available 3 in Subnet Cidr 10.1.0.0/29',
    );
    const lowered = unwrap(updateAgentPool(cloud, POOL, { minCount: 2, maxCount: 2 }));
    expect(upgradeManagedCluster(lowered, GROUP, CLUSTER, wanted).ok).toBe(true);
  });

  it('fails under way where others fill the subnet, loses nothing, and goes on once there is room', () => {
    const cloud = inSubnet('10.1.0.0/28', { name: 'nodepool1', count: 3 }, 8);
    const { cloud: failed, failure } = runToEnd(start(cloud, '1.35.3'), clusterOf(cloud).id);
    expect(failure?.code).toBe('SubnetIsFull');
    expect(failure?.message).toContain("does not have enough capacity for 1 IP addresses.'");
    expect(clusterOf(failed).provisioningState).toBe('Failed');
    expect(clusterOf(failed).currentKubernetesVersion).toBe('1.35.3');
    expect(clusterOf(failed).agentPoolProfiles[0]?.provisioningState).toBe('Failed');
    expect(nodes(failed)).toEqual(nodes(cloud));
    expect(Object.keys(stateOf(failed).pods)).toEqual(Object.keys(stateOf(cloud).pods));
    const [nic] = listResources(failed, 'Microsoft.Network/networkInterfaces');
    const mended = start(removeResource(failed, nic?.id ?? ''), '1.35.3');
    const after = runToEnd(mended, clusterOf(cloud).id);
    expect(after.failure).toBeNull();
    expect(nodes(after.cloud)).toEqual(['000000 v1.35.3', '000001 v1.35.3', '000002 v1.35.3']);
    expect(clusterOf(after.cloud).agentPoolProfiles[0]?.provisioningState).toBe('Succeeded');
  });

  it('is enough for one extra node on pools of 1.35 and newer, whatever surge they want', () => {
    const pool = { name: 'nodepool1', count: 3, maxSurge: '3' };
    const older = inSubnet('10.1.0.0/28', pool, 6);
    expect(runToEnd(start(older, '1.35.3'), clusterOf(older).id).failure?.code).toBe('SubnetIsFull');
    const newer = inSubnet('10.1.0.0/28', pool, 6, '1.35.3');
    const ended = runToEnd(start(newer, '1.36.0'), clusterOf(newer).id);
    expect(ended.failure).toBeNull();
    expect(nodes(ended.cloud)).toEqual(['000000 v1.36.0', '000001 v1.36.0', '000002 v1.36.0']);
  });

  it('is not needed where nodes may be missing instead', () => {
    let cloud = inSubnet('10.1.0.0/28', { name: 'nodepool1', count: 3 }, 0);
    cloud = unwrap(addAgentPool(cloud, POOL, { name: 'user', mode: 'User', count: 7 }));
    cloud = unwrap(updateAgentPool(cloud, { ...POOL, name: 'user' }, { maxSurge: '0', maxUnavailable: '2' }));
    const plane = unwrap(
      upgradeManagedCluster(cloud, GROUP, CLUSTER, { kubernetesVersion: '1.35.3', scope: 'control-plane' }),
    );
    cloud = runToEnd(plane, clusterOf(cloud).id).cloud;
    const user = { ...POOL, name: 'user' };
    const upgraded = unwrap(upgradeAgentPool(cloud, user, { kubernetesVersion: '1.35.3', scope: 'version' }));
    expect(runToEnd(upgraded, clusterOf(cloud).id).failure).toBeNull();
  });

  it.each<[AgentPoolChanges, string]>([
    [{ maxSurge: '0' }, 'nothing added and nothing missing'],
    [{ maxSurge: '101%' }, 'more than the whole pool'],
    [{ maxSurge: '33 %' }, 'a percentage with a space'],
    [{ maxUnavailable: '150%' }, 'more than the whole pool missing'],
    [{ maxUnavailable: '1' }, 'a system pool with nodes missing'],
    [{ drainTimeoutInMinutes: 3 }, 'a drain timeout below 5 minutes'],
    [{ nodeSoakDurationInMinutes: 31 }, 'a soak time above 30 minutes'],
  ])('settings %j are refused: %s', (changes) => {
    expect(codeOf(updateAgentPool(cloudWithCluster(), POOL, changes))).toBe('InvalidParameter');
  });

  it('ends at the largest pool: a full one cannot surge', () => {
    const cloud = cloudWithCluster({
      kubernetesVersion: '1.34.2',
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      podCidr: '10.128.0.0/10',
      serviceCidr: '172.16.0.0/16',
      dnsServiceIp: '172.16.0.10',
      pool: { name: 'nodepool1', count: 1000 },
    });
    const result = upgradeManagedCluster(cloud, GROUP, CLUSTER, {
      kubernetesVersion: '1.35.3',
      scope: 'everything',
    });
    expect(result.ok ? '' : result.error.message).toContain('A node pool can have 1000 nodes at most');
  });

  it('must be left in the pod range and the route table of kubenet', () => {
    const cloud = cloudWithCluster({ podCidr: '10.244.0.0/23', kubernetesVersion: '1.34.2' });
    const result = upgradeManagedCluster(cloud, GROUP, CLUSTER, {
      kubernetesVersion: '1.35.3',
      scope: 'everything',
    });
    expect(result.ok ? null : [result.error.code, result.error.target]).toEqual([
      'InsufficientSubnetSize',
      'networkProfile.podCIDR',
    ]);
  });
});
