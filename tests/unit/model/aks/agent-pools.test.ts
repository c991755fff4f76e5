import { describe, expect, it } from 'vitest';
import {
  addAgentPool,
  deleteAgentPool,
  scaleAgentPool,
} from '../../../../src/model/aks/change-agent-pools.ts';
import { updateAgentPool } from '../../../../src/model/aks/update-agent-pool.ts';
import type { AgentPoolInput } from '../../../../src/model/aks/agent-pool.ts';
import { deleteManagedCluster } from '../../../../src/model/aks/delete-managed-cluster.ts';
import { recordNeighbour } from '../../../../src/model/aks/neighbours.ts';
import { updateManagedCluster } from '../../../../src/model/aks/update-managed-cluster.ts';
import { deleteResourceGroup, listResourceGroups } from '../../../../src/model/azure/resource-group.ts';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import { updateSubnet } from '../../../../src/model/azure/subnet.ts';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { CLUSTER, cloudWithCluster, GROUP, onlyCluster, stateOf } from '../../../support/kubenet-cluster.ts';

const POOL = { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' };

function nodes(cloud: Cloud): readonly string[] {
  return Object.values(stateOf(cloud).nodes).map(
    (node) =>
      `${node.metadata.name.slice(-6)} ${node.status.addresses[0]?.address ?? ''} ${node.spec.podCIDR ?? ''}`,
  );
}

function scale(cloud: Cloud, count: number): Cloud {
  return unwrap(scaleAgentPool(cloud, POOL, count));
}

describe('scaling a pool', () => {
  it('adds nodes with the next number, the lowest free address and the next share of the pod range', () => {
    expect(nodes(scale(cloudWithCluster(), 4))).toEqual([
      '000000 10.224.0.4 10.244.0.0/24',
      '000001 10.224.0.5 10.244.1.0/24',
      '000002 10.224.0.6 10.244.2.0/24',
      '000003 10.224.0.7 10.244.3.0/24',
    ]);
  });

  it('takes the newest nodes away, and never uses a number or, at once, a share again', () => {
    expect(nodes(scale(scale(cloudWithCluster(), 1), 2))).toEqual([
      '000000 10.224.0.4 10.244.0.0/24',
      '000002 10.224.0.5 10.244.2.0/24',
    ]);
  });

  it('comes back to freed shares at the end of the pod range', () => {
    let cloud = cloudWithCluster({ podCidr: '10.244.0.0/22', pool: { name: 'nodepool1', count: 3 } });
    for (const count of [2, 3, 2, 3]) cloud = scale(cloud, count);
    expect(nodes(cloud).map((each) => each.split(' ')[2])).toEqual([
      '10.244.0.0/24',
      '10.244.1.0/24',
      '10.244.2.0/24',
    ]);
  });

  it('counts nodes in base 36', () => {
    const cloud = cloudWithCluster({ pool: { name: 'nodepool1', count: 37 } });
    expect(nodes(cloud).at(-2)?.slice(0, 6)).toBe('00000z');
    expect(nodes(cloud).at(-1)?.slice(0, 6)).toBe('000010');
  });

  it('keeps route table, scale set and cluster in step', () => {
    const cloud = scale(scale(cloudWithCluster(), 5), 3);
    const [set] = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets');
    const [table] = listResources(cloud, 'Microsoft.Network/routeTables');
    const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
    expect([
      set?.sku.capacity,
      set?.instances.length,
      table?.routes.length,
      cluster?.agentPoolProfiles[0]?.count,
    ]).toEqual([3, 3, 3, 3]);
  });

  it('to nothing is for user pools only', () => {
    const refused = scaleAgentPool(cloudWithCluster(), POOL, 0);
    expect(!refused.ok && refused.error.target).toBe('agentPoolProfile.count');
    const grown = unwrap(
      addAgentPool(
        cloudWithCluster(),
        { resourceGroup: GROUP, cluster: CLUSTER },
        { name: 'pool2', count: 2 },
      ),
    );
    expect(nodes(unwrap(scaleAgentPool(grown, { ...POOL, name: 'pool2' }, 0)))).toHaveLength(2);
  });

  it('counts the nodes of all pools against the pod range', () => {
    const cloud = cloudWithCluster({ podCidr: '10.244.0.0/23' });
    const refused = addAgentPool(
      cloud,
      { resourceGroup: GROUP, cluster: CLUSTER },
      { name: 'pool2', count: 1 },
    );
    expect(!refused.ok && [refused.error.code, refused.error.target]).toEqual([
      'InsufficientSubnetSize',
      'networkProfile.podCIDR',
    ]);
  });
});

describe('adding a pool', () => {
  const rows: readonly [string, AgentPoolInput, string][] = [
    ['refuses a name that is taken', { name: 'nodepool1' }, 'BadRequest'],
    ['refuses a name of 13 characters', { name: 'abcdefghijklm' }, 'InvalidParameter'],
    ['refuses Windows', { name: 'win', osType: 'Windows' }, 'AzureCNIOnlyForWindows'],
    [
      'refuses a label that Kubernetes keeps',
      { name: 'p', nodeLabels: { 'kubernetes.io/os': 'x' } },
      'InvalidParameter',
    ],
    [
      'refuses a hard taint on a system pool',
      { name: 'p', mode: 'System', nodeTaints: ['a=b:NoSchedule'] },
      'SystemPoolHasRestrictedTaint',
    ],
    [
      'refuses a subnet where the first pool has none',
      {
        name: 'p',
        vnetSubnetId:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s',
      },
      'InvalidParameter',
    ],
  ];
  it.each(rows)('%s', (_, input, code) => {
    const made = addAgentPool(cloudWithCluster(), { resourceGroup: GROUP, cluster: CLUSTER }, input);
    expect(made.ok ? 'accepted' : made.error.code).toBe(code);
  });

  it('has its labels and taints on its nodes', () => {
    const cloud = unwrap(
      addAgentPool(
        cloudWithCluster(),
        { resourceGroup: GROUP, cluster: CLUSTER },
        { name: 'pool2', count: 1, nodeLabels: { disk: 'ssd' }, nodeTaints: ['sku=gpu:NoSchedule'] },
      ),
    );
    const node = Object.values(stateOf(cloud).nodes).at(-1);
    expect(node?.metadata.labels).toMatchObject({
      agentpool: 'pool2',
      disk: 'ssd',
      'kubernetes.azure.com/mode': 'user',
    });
    expect(node?.spec.taints).toEqual([{ key: 'sku', value: 'gpu', effect: 'NoSchedule' }]);
    const changed = unwrap(
      updateAgentPool(cloud, { ...POOL, name: 'pool2' }, { nodeTaints: [], nodeLabels: { tier: 'web' } }),
    );
    const after = Object.values(stateOf(changed).nodes).at(-1);
    expect(after?.spec.taints).toBeUndefined();
    expect(after?.metadata.labels).not.toHaveProperty('disk');
    expect(after?.metadata.labels).toHaveProperty('tier', 'web');
  });
});

describe('deleting', () => {
  it('the last system pool is refused', () => {
    const refused = deleteAgentPool(cloudWithCluster(), POOL);
    expect(!refused.ok && refused.error.code).toBe('OperationNotAllowed');
  });

  it('a pool takes its scale set, nodes and routes along', () => {
    const name = { resourceGroup: GROUP, cluster: CLUSTER };
    const grown = unwrap(addAgentPool(cloudWithCluster(), name, { name: 'pool2', count: 2 }));
    const after = unwrap(deleteAgentPool(grown, { ...name, name: 'pool2' }));
    expect(nodes(after)).toEqual(nodes(cloudWithCluster()));
    expect(listResources(after, 'Microsoft.Compute/virtualMachineScaleSets')).toHaveLength(1);
    expect(listResources(after, 'Microsoft.Network/routeTables')[0]?.routes).toHaveLength(2);
  });

  it('a cluster leaves nothing but the group it was in', () => {
    const after = unwrap(deleteManagedCluster(cloudWithCluster(), GROUP, CLUSTER));
    expect([
      Object.keys(after.resources),
      listResourceGroups(after).map(({ name }) => name),
      Object.keys(after.kubernetes),
    ]).toEqual([[], [GROUP], []]);
  });
});

describe('a cluster whose node resource group was deleted', () => {
  const cloud = reconcile(unwrap(deleteResourceGroup(cloudWithCluster(), 'MC_rg_aks_westeurope')));

  it('has no nodes, and takes no new ones', () => {
    expect(nodes(cloud)).toEqual([]);
    const name = { resourceGroup: GROUP, cluster: CLUSTER };
    const attempts = [scaleAgentPool(cloud, POOL, 3), addAgentPool(cloud, name, { name: 'pool2', count: 1 })];
    for (const attempt of attempts) {
      expect(attempt.ok ? 'accepted' : attempt.error.code).toBe('ResourceGroupNotFound');
    }
  });

  it('can still be deleted', () => {
    expect(unwrap(deleteManagedCluster(cloud, GROUP, CLUSTER)).resources).toEqual({});
  });
});

describe('updating a cluster', () => {
  it('puts the route table back on the subnet that AKS made', () => {
    const cloud = cloudWithCluster();
    const [vnet] = listResources(cloud, 'Microsoft.Network/virtualNetworks');
    const [before] = vnet?.subnets ?? [];
    const name = {
      resourceGroup: 'MC_rg_aks_westeurope',
      virtualNetwork: vnet?.name ?? '',
      name: 'aks-subnet',
    };
    const bare = unwrap(updateSubnet(cloud, name, { routeTable: null, networkSecurityGroup: null }));
    const after = unwrap(updateManagedCluster(bare, GROUP, CLUSTER, {}));
    const [subnet] = listResources(after, 'Microsoft.Network/virtualNetworks')[0]?.subnets ?? [];
    expect(subnet?.routeTable).toEqual(before?.routeTable);
    expect(subnet?.networkSecurityGroup).toEqual(before?.networkSecurityGroup);
  });

  it('changes the number of public addresses and the ports of each node', () => {
    const three = unwrap(
      updateManagedCluster(cloudWithCluster(), GROUP, CLUSTER, {
        outbound: { managedOutboundIpCount: 3, allocatedOutboundPorts: 4000 },
      }),
    );
    const [balancer] = listResources(three, 'Microsoft.Network/loadBalancers');
    expect(balancer?.frontendIPConfigurations).toHaveLength(3);
    expect(balancer?.outboundRules[0]?.allocatedOutboundPorts).toBe(4000);
    const one = unwrap(
      updateManagedCluster(three, GROUP, CLUSTER, { outbound: { managedOutboundIpCount: 1 } }),
    );
    expect(listResources(one, 'Microsoft.Network/publicIPAddresses')).toHaveLength(1);
    expect(
      listResources(one, 'Microsoft.Network/loadBalancers')[0]?.outboundRules[0]?.allocatedOutboundPorts,
    ).toBe(4000);
  });

  it('leaves room for as many nodes as there are ports, those of an upgrade counted', () => {
    const tight = unwrap(
      updateManagedCluster(cloudWithCluster(), GROUP, CLUSTER, {
        outbound: { allocatedOutboundPorts: 12_800 },
      }),
    );
    expect(scaleAgentPool(tight, POOL, 4).ok).toBe(true);
    const refused = scaleAgentPool(tight, POOL, 5);
    expect(refused.ok ? null : refused.error.code).toBe('InvalidLoadBalancerProfileAllocatedOutboundPorts');
  });
});

describe('the neighbours of a node', () => {
  it('are its gateway, talkative pods and measured nodes, but not a pod that only waits', () => {
    const cloud = cloudWithCluster();
    const [first, second] = Object.values(stateOf(cloud).nodes);
    const known = first?.simulation?.neighbours.map((each) => each.address) ?? [];
    expect(known[0]).toBe('10.224.0.1');
    expect(known).toContain(second?.status.addresses[0]?.address);
    expect(known.filter((each) => each.startsWith('10.244.0.')).length).toBeGreaterThan(0);
  });

  it('grow by whom the node talks to, once', () => {
    const cloud = cloudWithCluster();
    const name = Object.keys(stateOf(cloud).nodes)[0] ?? '';
    const once = recordNeighbour(cloud, onlyCluster(cloud), name, '10.244.0.200');
    const twice = recordNeighbour(once, onlyCluster(cloud), name, '10.244.0.200');
    expect(stateOf(once).nodes[name]?.simulation?.neighbours.at(-1)).toEqual({
      address: '10.244.0.200',
    });
    expect(twice).toBe(once);
  });
});
