/** Clusters of Azure CNI: what nodes hold, where pods' addresses come from, what runs in kube-system. */
import { describe, expect, it } from 'vitest';
import type { AgentPoolInput } from '../../../../src/model/aks/agent-pool.ts';
import { addAgentPool, scaleAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { deleteManagedCluster } from '../../../../src/model/aks/delete-managed-cluster.ts';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import { refreshSystemAddons } from '../../../../src/model/aks/system-addons.ts';
import { updateAgentPool } from '../../../../src/model/aks/update-agent-pool.ts';
import { listResources } from '../../../../src/model/azure/resource-store.ts';
import { createSubnet } from '../../../../src/model/azure/subnet.ts';
import { subnetAllocations } from '../../../../src/model/azure/subnet-addresses.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { address } from '../../../../src/model/ip/address.ts';
import { prefix, prefixContains } from '../../../../src/model/ip/prefix.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { ManagedClusterInput } from '../../../../src/model/aks/create-managed-cluster.ts';
import { clusterOn, cloudWithSubnets, subnetNamed, tryCluster } from '../../../support/azure-cni-cluster.ts';
import type { PodAddressing } from '../../../support/azure-cni-cluster.ts';
import { cloudWithCluster, CLUSTER, GROUP, onlyCluster, stateOf } from '../../../support/kubenet-cluster.ts';

const POOL = { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' };

function deploy(cloud: Cloud, replicas: number): Cloud {
  const made = createDeployment(cloud, onlyCluster(cloud), {
    name: 'web',
    namespace: 'default',
    images: ['nginx'],
    replicas,
  });
  return reconcile(unwrap(made).cloud);
}

function nodeAddresses(cloud: Cloud): readonly string[] {
  return Object.values(stateOf(cloud).nodes).map((node) => node.status.addresses[0]?.address ?? '');
}

function ownAddresses(cloud: Cloud): readonly string[] {
  return Object.values(stateOf(cloud).pods)
    .filter((pod) => pod.spec.hostNetwork !== true)
    .map((pod) => pod.status.podIP ?? 'none');
}

describe('Node Subnet', () => {
  it('reserves max pods - 1 addresses for each node, the node first (samples: .4, .33, .62)', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'node-subnet', { count: 3 });
    expect(nodeAddresses(cloud)).toEqual(['10.240.0.4', '10.240.0.33', '10.240.0.62']);
    expect(subnetAllocations(cloud, subnetNamed(cloud, 'nodes'))).toHaveLength(3 * 29);
    const [set] = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets');
    const nic = set?.instances[0]?.networkInterface;
    expect(nic?.ipConfigurations.map((each) => each.name).slice(0, 2)).toEqual(['ipconfig1', 'ipconfig2']);
    expect(nic?.ipConfigurations.filter((each) => each.primary)).toHaveLength(1);
    expect(nic?.ipConfigurations[1]?.loadBalancerBackendAddressPools).toEqual([]);
    expect(nic?.enableIPForwarding).toBe(false);
  });

  it('starts the second node at .113 with 110 pods, as seen', () => {
    expect(nodeAddresses(clusterOn(cloudWithSubnets(), 'node-subnet', { maxPods: 110 }))).toEqual([
      '10.240.0.4',
      '10.240.0.113',
    ]);
  });

  it('gives pods addresses of their node, in no order', () => {
    const cloud = deploy(clusterOn(cloudWithSubnets(), 'node-subnet'), 20);
    const state = stateOf(cloud);
    for (const pod of Object.values(state.pods)) {
      if (pod.spec.hostNetwork === true) continue;
      expect(state.nodes[pod.spec.nodeName ?? '']?.simulation?.podAddresses).toContain(pod.status.podIP);
    }
    const own = ownAddresses(cloud);
    expect(new Set(own).size).toBe(own.length);
    expect([...own].sort()).not.toEqual(own);
  });

  it('has no pod range, no route table, and one subnet for several clusters', () => {
    const one = clusterOn(cloudWithSubnets(), 'node-subnet');
    const two = clusterOn(one, 'node-subnet', {}, { name: 'second' });
    expect(listResources(two, 'Microsoft.Network/routeTables')).toEqual([]);
    for (const cluster of listResources(two, 'Microsoft.ContainerService/ManagedClusters')) {
      expect(cluster.networkProfile.podCidr).toBeNull();
      expect(cluster.simulation.routeTableId).toBeNull();
    }
    const taken = subnetAllocations(two, subnetNamed(two, 'nodes')).map((each) => each.address);
    expect(new Set(taken).size).toBe(4 * 29);
  });

  it('takes eight nodes of 29 addresses in a /24 of 251, and refuses the ninth', () => {
    const cloud = cloudWithSubnets({ nodes: '10.240.0.0/24' });
    expect(tryCluster(cloud, 'node-subnet', { count: 8 }).ok).toBe(true);
    const nine = tryCluster(cloud, 'node-subnet', { count: 9 });
    expect(nine.ok ? '' : nine.error.message).toContain(
      'Pre-allocated IPs 261 exceeds IPs available 251 in Subnet Cidr 10.240.0.0/24, Subnet Name nodes.',
    );
  });

  it.each([
    [2, 498],
    [3, 747],
  ])('counts %i nodes of 250 pods as %i addresses, as the service does', (count, addresses) => {
    const made = tryCluster(cloudWithSubnets({ nodes: '10.240.0.0/24' }), 'node-subnet', {
      count,
      maxPods: 250,
    });
    expect(made.ok ? '' : made.error.message).toContain(
      `Pre-allocated IPs ${addresses} exceeds IPs available 251`,
    );
    expect(made.ok ? '' : made.error.target).toBe('agentPoolProfile.vnetSubnetID');
  });

  it('is judged by the maximum of the autoscaler', () => {
    const cloud = cloudWithSubnets({ nodes: '10.240.0.0/25' });
    const pool = { count: 2, enableAutoScaling: true, minCount: 1 };
    expect(tryCluster(cloud, 'node-subnet', { ...pool, maxCount: 4 }).ok).toBe(true);
    const five = tryCluster(cloud, 'node-subnet', { ...pool, maxCount: 5 });
    expect(five.ok ? '' : five.error.code).toBe('InsufficientSubnetSize');
  });

  it('is judged so too when the autoscaler comes later', () => {
    const cloud = clusterOn(cloudWithSubnets({ nodes: '10.240.0.0/25' }), 'node-subnet');
    const enable = (maxCount: number): string => {
      const updated = updateAgentPool(cloud, POOL, { enableAutoScaling: true, minCount: 1, maxCount });
      return updated.ok ? 'accepted' : updated.error.code;
    };
    expect(enable(4)).toBe('accepted');
    expect(enable(5)).toBe('InsufficientSubnetSize');
  });

  it('gives everything back when nodes and clusters go', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'node-subnet', { count: 3 });
    const fewer = unwrap(scaleAgentPool(cloud, POOL, 1));
    expect(subnetAllocations(fewer, subnetNamed(fewer, 'nodes'))).toHaveLength(29);
    const gone = unwrap(deleteManagedCluster(fewer, GROUP, CLUSTER));
    expect(subnetAllocations(gone, subnetNamed(gone, 'nodes'))).toEqual([]);
  });
});

describe('Overlay', () => {
  it('gives each node one address of its subnet and a /24 of the pod range', () => {
    const cloud = deploy(clusterOn(cloudWithSubnets(), 'overlay', { count: 3 }), 30);
    expect(nodeAddresses(cloud)).toEqual(['10.240.0.4', '10.240.0.5', '10.240.0.6']);
    const state = stateOf(cloud);
    expect(Object.values(state.nodes).map((node) => node.spec.podCIDR)).toEqual([
      '10.244.0.0/24',
      '10.244.1.0/24',
      '10.244.2.0/24',
    ]);
    for (const pod of Object.values(state.pods)) {
      if (pod.spec.hostNetwork === true) continue;
      const range = state.nodes[pod.spec.nodeName ?? '']?.spec.podCIDR ?? '';
      expect(prefixContains(prefix(range), address(pod.status.podIP ?? ''))).toBe(true);
    }
    const [set] = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets');
    expect(set?.instances[0]?.networkInterface.enableIPForwarding).toBe(true);
  });

  it('has a NodeNetworkConfig for each node, with the whole /24', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'overlay');
    const configs = Object.values(stateOf(cloud).nodeNetworkConfigs);
    expect(configs.map((each) => each.metadata.name)).toEqual(Object.keys(stateOf(cloud).nodes));
    expect(configs.map((each) => each.status.assignedIPCount)).toEqual([256, 256]);
    expect(configs[0]?.status.networkContainers[0]).toMatchObject({
      assignmentMode: 'static',
      type: 'overlay',
      primaryIP: '10.244.0.0/24',
      subnetAddressSpace: '10.244.0.0/16',
    });
  });

  it('lets two clusters of a VNet use the same pod range', () => {
    const one = clusterOn(cloudWithSubnets(), 'overlay');
    expect(tryCluster(one, 'overlay', {}, { name: 'second' }).ok).toBe(true);
  });

  it('may use the first and the last address of a share', () => {
    const addresses = ownAddresses(deploy(clusterOn(cloudWithSubnets(), 'overlay', { count: 1 }), 230));
    expect(addresses).not.toContain('none');
    // 244 pods of 256 addresses: kubenet's host-local would never give these two.
    expect(
      addresses.some((each) => each.endsWith('.0') || each.endsWith('.255') || each.endsWith('.1')),
    ).toBe(true);
  });

  it('needs a share for every node', () => {
    const made = tryCluster(cloudWithSubnets(), 'overlay', { count: 3 }, { podCidr: '192.168.0.0/23' });
    expect(made.ok ? '' : made.error.message).toContain(
      'Pre-allocated IPs 768 exceeds IPs available 512 in Subnet Cidr 192.168.0.0/23, Subnet Name networkProfile.podCIDR.',
    );
    expect(made.ok ? '' : made.error.target).toBe('networkProfile.podCIDR');
  });
});

describe('what runs in kube-system', () => {
  const rows: readonly [string, PodAddressing, Partial<ManagedClusterInput>, readonly string[]][] = [
    ['Node Subnet', 'node-subnet', {}, ['azure-cns', 'azure-ip-masq-agent', 'kube-proxy']],
    ['Overlay', 'overlay', {}, ['azure-cns', 'azure-ip-masq-agent', 'kube-proxy']],
    ['Pod Subnet', 'dynamic', {}, ['azure-cns', 'kube-proxy']],
    ['static blocks', 'static', {}, ['azure-cns', 'kube-proxy']],
    [
      'Overlay with Cilium',
      'overlay',
      { networkDataplane: 'cilium' },
      ['azure-cns', 'azure-ip-masq-agent', 'cilium'],
    ],
    ['Pod Subnet with Cilium', 'dynamic', { networkDataplane: 'cilium' }, ['azure-cns', 'cilium']],
    [
      'network policy azure',
      'overlay',
      { networkPolicy: 'azure' },
      ['azure-cns', 'azure-ip-masq-agent', 'azure-npm', 'kube-proxy'],
    ],
  ];
  const EVERYWHERE = ['cloud-node-manager', 'csi-azuredisk-node', 'csi-azurefile-node'];

  it.each(rows)('%s', (_, pods, changes, daemons) => {
    const cloud = clusterOn(cloudWithSubnets(), pods, {}, changes);
    const names = Object.values(stateOf(cloud).daemonSets).map((each) => each.metadata.name);
    expect(names.filter((name) => !EVERYWHERE.includes(name))).toEqual(daemons);
    expect(Object.values(stateOf(cloud).pods).every((pod) => pod.status.phase === 'Running')).toBe(true);
  });

  const masquerade: readonly [string, PodAddressing, readonly string[] | null][] = [
    ['Node Subnet', 'node-subnet', ['10.240.0.0/16', '172.16.0.0/16', '10.0.0.0/8']],
    ['Overlay', 'overlay', ['192.168.0.0/16']],
    ['Pod Subnet', 'dynamic', null],
    ['static blocks', 'static', null],
  ];
  it.each(masquerade)('%s masquerades beyond what its ConfigMap lists', (_, pods, ranges) => {
    const cloud = clusterOn(
      cloudWithSubnets(),
      pods,
      {},
      {
        serviceCidr: '172.16.0.0/16',
        dnsServiceIp: '172.16.0.10',
        ...(pods === 'overlay' ? { podCidr: '192.168.0.0/16' } : {}),
      },
    );
    const map = stateOf(cloud).configMaps['kube-system/azure-ip-masq-agent-config-reconciled'];
    const text = map?.data['ip-masq-agent-reconciled'] ?? null;
    expect(text).toBe(
      ranges === null
        ? null
        : `nonMasqueradeCIDRs:\n${ranges.map((each) => `  - ${each}\n`).join('')}masqLinkLocal: true\n`,
    );
  });

  it('is the same after AKS has looked at it again', () => {
    for (const pods of ['node-subnet', 'overlay', 'dynamic', 'static'] as const) {
      const cloud = clusterOn(cloudWithSubnets(), pods);
      const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
      if (cluster === undefined) throw new Error('no cluster');
      expect(stateOf(refreshSystemAddons(cloud, cluster))).toEqual(stateOf(cloud));
    }
  });

  it('changes with the data plane', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'overlay', {}, { networkPolicy: 'azure' });
    const [before] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
    if (before === undefined) throw new Error('no cluster');
    const after = {
      ...before,
      networkProfile: {
        ...before.networkProfile,
        networkDataplane: 'cilium' as const,
        networkPolicy: 'cilium' as const,
      },
    };
    const state = stateOf(refreshSystemAddons(cloud, after));
    const names = Object.values(state.daemonSets).map((each) => each.metadata.name);
    expect(names).toContain('cilium');
    expect(names).not.toContain('kube-proxy');
    expect(names).not.toContain('azure-npm');
    expect(state.configMaps['kube-system/cilium-config']?.data).toMatchObject({ ipam: 'delegated-plugin' });
  });
});

describe('a cluster without a plugin', () => {
  it('has nodes that wait for one, and pods that wait for nodes', () => {
    const cloud = cloudWithCluster({ networkPlugin: 'none' });
    const state = stateOf(cloud);
    for (const node of Object.values(state.nodes)) {
      expect(node.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', status: 'False' }),
      );
      expect(node.spec.podCIDR).toBeUndefined();
    }
    expect(ownAddresses(cloud).every((each) => each === 'none')).toBe(true);
    expect(reconcile(cloud)).toBe(cloud);
  });
});

describe('pools of a cluster of Azure CNI', () => {
  it('may be in a subnet of their own', () => {
    const cloud = clusterOn(cloudWithSubnets(), 'overlay');
    const added = unwrap(
      addAgentPool(
        cloud,
        { resourceGroup: GROUP, cluster: CLUSTER },
        { name: 'pool2', count: 1, vnetSubnetId: subnetNamed(cloud, 'pods') },
      ),
    );
    expect(nodeAddresses(added).at(-1)).toBe('10.241.0.4');
    expect(Object.values(stateOf(added).nodes).at(-1)?.spec.podCIDR).toBe('10.244.2.0/24');
  });

  const late: readonly [string, PodAddressing, string, string, string][] = [
    ['its pod range', 'overlay', '10.244.7.0/24', 'NetworkProfileCIDROverlapVNET', 'networkProfile.podCIDR'],
    [
      'its service range',
      'node-subnet',
      '10.0.8.0/24',
      'ServiceCidrOverlapExistingSubnetsCidr',
      'networkProfile.serviceCIDR',
    ],
  ];
  it.each(late)('may not be in a later subnet inside %s', (_, pods, addressPrefix, code, target) => {
    const name = { resourceGroup: GROUP, virtualNetwork: 'vnet', name: 'late' };
    const cloud = unwrap(createSubnet(clusterOn(cloudWithSubnets(), pods), name, { addressPrefix }));
    const added = addAgentPool(
      cloud,
      { resourceGroup: GROUP, cluster: CLUSTER },
      { name: 'pool2', count: 1, vnetSubnetId: subnetNamed(cloud, 'late') },
    );
    expect(added.ok ? 'accepted' : added.error).toMatchObject({ code, target });
  });

  it('have 5,000 nodes at most in all, counted by what autoscalers may make of them', () => {
    const big = (name: string): AgentPoolInput => ({
      name,
      count: 1,
      enableAutoScaling: true,
      minCount: 1,
      maxCount: 1000,
    });
    let cloud = clusterOn(cloudWithSubnets(), 'overlay', big('pool0'), { podCidr: '100.64.0.0/11' });
    for (const name of ['pool1', 'pool2', 'pool3', 'pool4']) {
      cloud = unwrap(addAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER }, big(name)));
    }
    const one = addAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER }, { name: 'pool5', count: 1 });
    expect(one.ok ? '' : one.error.message).toContain('A cluster can have 5000 nodes at most');
  });

  it('have 30 pods for each node by default with Node Subnet, 250 with Overlay and Pod Subnet', () => {
    const maxPods = (pods: PodAddressing): number | undefined =>
      listResources(clusterOn(cloudWithSubnets(), pods), 'Microsoft.ContainerService/ManagedClusters')[0]
        ?.agentPoolProfiles[0]?.maxPods;
    expect([maxPods('node-subnet'), maxPods('overlay'), maxPods('dynamic'), maxPods('static')]).toEqual([
      30, 250, 250, 250,
    ]);
  });
});
