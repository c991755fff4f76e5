/** Pods with addresses of a subnet of their own: in batches that follow them, or in blocks for life. */
import { describe, expect, it } from 'vitest';
import { addAgentPool, scaleAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { deleteManagedCluster } from '../../../../src/model/aks/delete-managed-cluster.ts';
import type { AgentPoolInput } from '../../../../src/model/aks/agent-pool.ts';
import type { ManagedClusterInput } from '../../../../src/model/aks/create-managed-cluster.ts';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { deleteSubnet, findSubnet, updateSubnet } from '../../../../src/model/azure/subnet.ts';
import { subnetAllocations } from '../../../../src/model/azure/subnet-addresses.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { scaleDeployment } from '../../../../src/model/kubernetes/apply.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import type { NodeNetworkConfig } from '../../../../src/model/kubernetes/objects.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { clusterOn, cloudWithSubnets, subnetNamed, tryCluster } from '../../../support/azure-cni-cluster.ts';
import type { PodAddressing } from '../../../support/azure-cni-cluster.ts';
import { CLUSTER, GROUP, onlyCluster, stateOf } from '../../../support/kubenet-cluster.ts';

const IN = { resourceGroup: GROUP, cluster: CLUSTER };

/** Runs so many pods of a Deployment, beside those of the system. */
function withPods(cloud: Cloud, replicas: number): Cloud {
  const key = onlyCluster(cloud);
  const exists = stateOf(cloud).deployments['default/web'] !== undefined;
  return reconcile(
    exists
      ? unwrap(scaleDeployment(cloud, key, 'default/web', replicas))
      : unwrap(
          createDeployment(cloud, key, { name: 'web', namespace: 'default', images: ['nginx'], replicas }),
        ).cloud,
  );
}

function configs(cloud: Cloud): readonly NodeNetworkConfig[] {
  return Object.values(stateOf(cloud).nodeNetworkConfigs);
}

function assigned(cloud: Cloud): readonly number[] {
  return configs(cloud).map((each) => each.status.assignedIPCount);
}

function own(cloud: Cloud): { readonly running: number; readonly waiting: number } {
  const pods = Object.values(stateOf(cloud).pods).filter((pod) => pod.spec.hostNetwork !== true);
  const running = pods.filter((pod) => pod.status.podIP !== undefined).length;
  return { running, waiting: pods.length - running };
}

const podAddresses = (cloud: Cloud): number => subnetAllocations(cloud, subnetNamed(cloud, 'pods')).length;

describe('dynamic allocation', () => {
  it('gives each node 16 addresses at its start, which the subnet then lacks', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'dynamic', { count: 3 });
    expect(assigned(cloud)).toEqual([16, 16, 16]);
    expect(podAddresses(cloud)).toBe(48);
    expect(subnetAllocations(cloud, subnetNamed(cloud, 'nodes'))).toHaveLength(3);
  });

  /** Pods with an address of their own on the only node, and what the node holds then. */
  const rows: readonly (readonly [number, number])[] = [
    [8, 16],
    [9, 32],
    [24, 32],
    [25, 48],
    [110, 128],
  ];
  it.each(rows)('holds for %i pods %i addresses', (pods, addresses) => {
    const empty = clusterOn(cloudWithSubnets(), 'dynamic', { count: 1 });
    const system = own(empty).running;
    const cloud = pods < system ? empty : withPods(empty, pods - system);
    expect(own(cloud)).toEqual({ running: pods, waiting: 0 });
    expect(assigned(cloud)).toEqual([addresses]);
    expect(podAddresses(cloud)).toBe(addresses);
  });

  it('never holds more than 250', () => {
    const empty = clusterOn(cloudWithSubnets(), 'dynamic', { count: 1 });
    const cloud = withPods(empty, 400);
    expect(assigned(cloud)).toEqual([250]);
  });

  it('gives addresses back once more than 24 are free, none that a pod has', () => {
    const many = withPods(clusterOn(cloudWithSubnets(), 'dynamic', { count: 1 }), 100);
    const before = assigned(many)[0] ?? 0;
    const few = withPods(many, 1);
    expect(before).toBe(128);
    expect(assigned(few)).toEqual([16]);
    const held = new Set(stateOf(few).nodes[configs(few)[0]?.metadata.name ?? '']?.simulation?.podAddresses);
    for (const pod of Object.values(stateOf(few).pods)) {
      if (pod.spec.hostNetwork !== true) expect(held.has(pod.status.podIP ?? '')).toBe(true);
    }
  });

  it('stops at a full subnet: whole batches only, pods that wait, and an event that says why', () => {
    // /26: 59 addresses, three batches, 11 stranded.
    const cloud = withPods(clusterOn(cloudWithSubnets({ pods: '10.241.0.0/26' }), 'dynamic'), 60);
    expect(podAddresses(cloud)).toBe(48);
    expect(own(cloud).running).toBe(48);
    expect(own(cloud).waiting).toBeGreaterThan(0);
    expect(configs(cloud).map((each) => each.status.networkContainers[0]?.status)).toContain(
      'NCUpdateSubnetFullError',
    );
    const event = Object.values(stateOf(cloud).events).find(
      (each) => each.reason === 'FailedCreatePodSandBox',
    );
    expect(event?.message).toContain(
      'waiting on Azure CNS to allocate more with NC Status: NCUpdateSubnetFullError',
    );
    expect(reconcile(cloud)).toBe(cloud);
  });

  it('lets waiting pods start when others go', () => {
    const full = withPods(clusterOn(cloudWithSubnets({ pods: '10.241.0.0/26' }), 'dynamic'), 60);
    const fewer = withPods(full, 20);
    expect(own(fewer).waiting).toBe(0);
    expect(Object.values(stateOf(fewer).events)).toEqual([]);
  });

  it('leaves no warning on pods that got their address at once', () => {
    const cloud = withPods(clusterOn(cloudWithSubnets(), 'dynamic', { count: 1 }), 200);
    expect(own(cloud).waiting).toBe(0);
    expect(Object.values(stateOf(cloud).events)).toEqual([]);
  });

  it('is checked with 16 addresses for each node: 15 nodes in a /24', () => {
    const cloud = cloudWithSubnets({ pods: '10.241.0.0/24' });
    expect(tryCluster(cloud, 'dynamic', { count: 15 }).ok).toBe(true);
    const made = tryCluster(cloud, 'dynamic', { count: 16 });
    expect(made.ok ? '' : made.error).toMatchObject({
      code: 'InsufficientSubnetSize',
      target: 'agentPoolProfile.podSubnetID',
    });
    expect(made.ok ? '' : made.error.message).toContain(
      'Pre-allocated IPs 256 exceeds IPs available 251 in Subnet Cidr 10.241.0.0/24, Subnet Name pods.',
    );
  });

  it('says what was seen: ten nodes and a pod subnet of /26', () => {
    const made = tryCluster(cloudWithSubnets({ pods: '10.6.0.0/26' }), 'dynamic', { count: 10 });
    expect(made.ok ? '' : made.error.message).toContain(
      'Pre-allocated IPs 160 exceeds IPs available 59 in Subnet Cidr 10.6.0.0/26',
    );
  });
});

describe('static blocks', () => {
  const rows: readonly (readonly [number, number, number])[] = [
    [30, 2, 31],
    [31, 2, 31],
    [32, 3, 47],
    [239, 15, 239],
    [250, 16, 255],
  ];
  it.each(rows)('for %i pods are %i blocks with %i addresses', (maxPods, blocks, addresses) => {
    const cloud = clusterOn(cloudWithSubnets(), 'static', { maxPods });
    const [config] = configs(cloud);
    const [container] = config?.status.networkContainers ?? [];
    expect(container?.ipAssignments).toHaveLength(blocks - 1);
    expect(container).toMatchObject({ assignmentMode: 'static', type: 'vnetblock' });
    expect(container?.primaryIP).toMatch(/\/28$/);
    expect(config?.status.assignedIPCount).toBe(addresses);
    expect(podAddresses(cloud)).toBe(2 * blocks * 16);
  });

  it('stay with the node, whatever its pods do', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'static', { maxPods: 60 });
    expect(configs(withPods(cloud, 80))).toEqual(configs(cloud));
  });

  it('never hold an address that Azure keeps', () => {
    const cloud = clusterOn(cloudWithSubnets({ pods: '10.241.0.0/25' }), 'static', { maxPods: 30, count: 3 });
    const taken = subnetAllocations(cloud, subnetNamed(cloud, 'pods')).map((each) => each.address);
    for (const kept of ['10.241.0.0', '10.241.0.1', '10.241.0.2', '10.241.0.3', '10.241.0.127']) {
      expect(taken).not.toContain(kept);
    }
  });

  it('leave a node NotReady that finds too few of them, though the check let it pass', () => {
    // /25: six blocks inside; three nodes of 48 addresses pass the check of 16 each.
    const cloud = clusterOn(cloudWithSubnets({ pods: '10.241.0.0/25' }), 'static', { maxPods: 47, count: 3 });
    const ready = Object.values(stateOf(cloud).nodes).map((node) => {
      const condition = node.status.conditions.find((each) => each.type === 'Ready');
      return condition?.status;
    });
    expect(ready).toEqual(['True', 'True', 'False']);
    expect(configs(cloud).at(-1)?.status.networkContainers).toEqual([]);
    expect(reconcile(cloud)).toBe(cloud);

    const fewer = unwrap(scaleAgentPool(cloud, { ...IN, name: 'nodepool1' }, 1));
    const again = unwrap(scaleAgentPool(fewer, { ...IN, name: 'nodepool1' }, 2));
    expect(configs(again).every((each) => each.status.networkContainers.length === 1)).toBe(true);
  });
});

describe('a pod subnet', () => {
  it('is delegated to AKS, cannot be deleted while pods have it, and can afterwards', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'dynamic');
    const id = subnetNamed(cloud, 'pods');
    expect(findSubnet(cloud, id)?.subnet.delegations.map((each) => each.serviceName)).toEqual([
      'Microsoft.ContainerService/managedClusters',
    ]);
    const name = { resourceGroup: GROUP, virtualNetwork: 'vnet', name: 'pods' };
    const refused = deleteSubnet(cloud, name);
    expect(refused.ok ? '' : refused.error.code).toBe('InUseSubnetCannotBeDeleted');
    expect(deleteSubnet(unwrap(deleteManagedCluster(cloud, GROUP, CLUSTER)), name).ok).toBe(true);
  });

  it('may serve pools of several clusters in one mode', () => {
    const one = clusterOn(cloudWithSubnets(), 'dynamic');
    const two = clusterOn(one, 'dynamic', {}, { name: 'second' });
    const taken = subnetAllocations(two, subnetNamed(two, 'pods')).map((each) => each.address);
    expect(new Set(taken).size).toBe(64);
    const other = tryCluster(one, 'static', {}, { name: 'second' });
    expect(other.ok ? '' : other.error.message).toContain('must have the same mode');
  });

  const other = (cloud: Cloud, name: string, prefixes: readonly string[]): Cloud =>
    unwrap(
      createVirtualNetwork(cloud, {
        resourceGroup: GROUP,
        name,
        addressPrefixes: prefixes,
        subnets: [{ name: 'pods', addressPrefix: '192.168.0.0/24' }],
      }),
    );
  const long = 'v'.repeat(64);
  const rows: readonly [
    string,
    (cloud: Cloud) => Cloud,
    PodAddressing,
    (cloud: Cloud) => Partial<AgentPoolInput>,
    Partial<ManagedClusterInput>,
    string,
    string,
  ][] = [
    [
      'of another VNet',
      (cloud) => other(cloud, 'far', ['192.168.0.0/16']),
      'dynamic',
      (cloud) => ({ podSubnetId: subnetNamed(cloud, 'pods').replace('/vnet/', '/far/') }),
      {},
      'InvalidParameter',
      'must be in the same virtual network',
    ],
    [
      'that is the node subnet',
      (cloud) => cloud,
      'dynamic',
      (cloud) => ({ podSubnetId: subnetNamed(cloud, 'nodes') }),
      {},
      'InvalidParameter',
      'Pods need another subnet than nodes',
    ],
    [
      'that is not there',
      (cloud) => cloud,
      'dynamic',
      (cloud) => ({ podSubnetId: subnetNamed(cloud, 'nowhere') }),
      {},
      'SubnetNotFound',
      'nowhere',
    ],
    [
      'that is delegated elsewhere',
      (cloud) =>
        unwrap(
          updateSubnet(
            cloud,
            { resourceGroup: GROUP, virtualNetwork: 'vnet', name: 'pods' },
            { delegations: ['Microsoft.Web/serverFarms'] },
          ),
        ),
      'dynamic',
      () => ({}),
      {},
      'SubnetIsDelegated',
      'Microsoft.Web/serverFarms',
    ],
    [
      'with a machine in it',
      (cloud) =>
        unwrap(
          createNetworkInterface(cloud, {
            resourceGroup: GROUP,
            name: 'nic',
            ipConfiguration: { name: 'ipconfig1', subnetId: subnetNamed(cloud, 'pods') },
          }),
        ),
      'dynamic',
      () => ({}),
      {},
      'SubnetDelegationsCannotChangeWhenSubnetUsedByResource',
      'cannot be changed from [] to [Microsoft.ContainerService/managedClusters] because it is being used by the resource',
    ],
    [
      'without a node subnet',
      (cloud) => cloud,
      'dynamic',
      () => ({ vnetSubnetId: null }),
      {},
      'InvalidParameter',
      'vnetSubnetID must be set',
    ],
    [
      'beside Overlay',
      (cloud) => cloud,
      'dynamic',
      () => ({}),
      { networkPluginMode: 'overlay', podCidr: '192.168.0.0/16' },
      'InvalidParameter',
      'Pod subnet is only supported with network plugin azure',
    ],
    [
      'in blocks before Kubernetes 1.28',
      (cloud) => cloud,
      'static',
      () => ({}),
      { kubernetesVersion: '1.27' },
      'InvalidParameter',
      'needs Kubernetes 1.28 or newer',
    ],
    [
      'in a VNet with a name of 64 characters',
      (cloud) =>
        unwrap(
          createVirtualNetwork(cloud, {
            resourceGroup: GROUP,
            name: long,
            addressPrefixes: ['192.168.0.0/16'],
            subnets: [
              { name: 'nodes', addressPrefix: '192.168.1.0/24' },
              { name: 'pods', addressPrefix: '192.168.2.0/24' },
            ],
          }),
        ),
      'dynamic',
      (cloud) => ({
        vnetSubnetId: subnetNamed(cloud, 'nodes').replace('/vnet/', `/${long}/`),
        podSubnetId: subnetNamed(cloud, 'pods').replace('/vnet/', `/${long}/`),
      }),
      {},
      'InvalidParameter',
      'must have 63 characters or less',
    ],
  ];
  it.each(rows)('%s is refused, and nothing is made', (_, prepare, pods, pool, changes, code, text) => {
    const cloud = prepare(cloudWithSubnets({}, { now: Date.parse('2024-02-27T10:00:00Z') / 1000 }));
    const made = tryCluster(cloud, pods, pool(cloud), changes);
    expect(made.ok ? 'accepted' : made.error.code).toBe(code);
    expect(made.ok ? '' : made.error.message).toContain(text);
  });

  it('is for all pools of a cluster or for none', () => {
    const added = addAgentPool(clusterOn(cloudWithSubnets(), 'dynamic'), IN, { name: 'pool2', count: 1 });
    expect(added.ok ? '' : added.error.message).toContain(
      'All or none of the agentpools should set podsubnet',
    );
    const cloud = clusterOn(cloudWithSubnets(), 'node-subnet');
    const other = addAgentPool(cloud, IN, {
      name: 'pool2',
      count: 1,
      podSubnetId: subnetNamed(cloud, 'pods'),
    });
    expect(other.ok ? '' : other.error.message).toContain('All or none');
  });

  it('may be shared by two pools', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'dynamic');
    const added = unwrap(
      addAgentPool(cloud, IN, { name: 'pool2', count: 2, podSubnetId: subnetNamed(cloud, 'pods') }),
    );
    expect(assigned(added)).toEqual([16, 16, 16, 16]);
    expect(podAddresses(added)).toBe(64);
  });
});
