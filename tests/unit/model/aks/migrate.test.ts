import { describe, expect, it } from 'vitest';
import { addAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { createManagedCluster } from '../../../../src/model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../../../src/model/aks/create-managed-cluster.ts';
import type { ManagedCluster } from '../../../../src/model/aks/managed-cluster.ts';
import type { NetworkChange } from '../../../../src/model/aks/migrate-checks.ts';
import { advance, runToEnd } from '../../../../src/model/aks/operations.ts';
import { updateManagedCluster } from '../../../../src/model/aks/update-managed-cluster.ts';
import type { AzureError } from '../../../../src/model/azure/error.ts';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { listResources, removeResource } from '../../../../src/model/azure/resource-store.ts';
import { createRoute, createRouteTable } from '../../../../src/model/azure/route-table.ts';
import { subnetAllocations } from '../../../../src/model/azure/subnet-addresses.ts';
import { createUserAssignedIdentity } from '../../../../src/model/azure/user-assigned-identity.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
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

const TO_OVERLAY: NetworkChange = { networkPlugin: 'azure', networkPluginMode: 'overlay' };
const TABLES = 'Microsoft.Network/routeTables';

function clusterOf(cloud: Cloud): ManagedCluster {
  const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
  if (cluster === undefined) throw new Error('no cluster');
  return cluster;
}

function ask(cloud: Cloud, network: NetworkChange): Result<Cloud, AzureError> {
  return updateManagedCluster(cloud, GROUP, CLUSTER, { network });
}

function done(cloud: Cloud, network: NetworkChange): Cloud {
  const { cloud: after, failure } = runToEnd(unwrap(ask(cloud, network)), clusterOf(cloud).id);
  expect(failure).toBeNull();
  return after;
}

function codeOf(result: Result<Cloud, AzureError>): string {
  return result.ok ? 'accepted' : result.error.code;
}

/** A VNet 10.1.0.0/16 with the subnets `nodes` and `pods`, and who may bring a route table. */
function withSubnets(nodes: string, table: 'table' | 'none' = 'none'): Cloud {
  let cloud = emptyCloud();
  cloud = unwrap(
    createUserAssignedIdentity(cloud, { resourceGroup: GROUP, name: 'identity', location: 'westeurope' }),
  );
  if (table === 'table') {
    cloud = unwrap(createRouteTable(cloud, { resourceGroup: GROUP, name: 'table', location: 'westeurope' }));
    cloud = unwrap(
      createRoute(
        cloud,
        { resourceGroup: GROUP, routeTable: 'table', name: 'firewall' },
        { addressPrefix: '10.9.0.0/16', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.1.255.4' },
      ),
    );
  }
  const tableId = listResources(cloud, TABLES)[0]?.id ?? null;
  return unwrap(
    createVirtualNetwork(cloud, {
      resourceGroup: GROUP,
      name: 'vnet',
      location: 'westeurope',
      addressPrefixes: ['10.1.0.0/16'],
      subnets: [
        { name: 'nodes', addressPrefix: nodes, ...(tableId === null ? {} : { routeTable: tableId }) },
        { name: 'pods', addressPrefix: '10.1.64.0/20' },
      ],
    }),
  );
}

function subnetId(cloud: Cloud, name: string): string {
  const vnet = listResources(cloud, 'Microsoft.Network/virtualNetworks').find((each) => each.name === 'vnet');
  return `${vnet?.id ?? ''}/subnets/${name}`;
}

function identityId(cloud: Cloud): string {
  const all = listResources(cloud, 'Microsoft.ManagedIdentity/userAssignedIdentities');
  return all.find((each) => each.name === 'identity')?.id ?? '';
}

function createIn(cloud: Cloud, changes: Partial<ManagedClusterInput>): Cloud {
  return unwrap(createManagedCluster(cloud, clusterInput(changes)));
}

const kubenet = (): Cloud => cloudWithCluster({ kubernetesVersion: '1.34.4' });
const nodeSubnet = (changes: Partial<ManagedClusterInput> = {}): Cloud =>
  cloudWithCluster({ kubernetesVersion: '1.34.4', networkPlugin: 'azure', ...changes });
const overlay = (changes: Partial<ManagedClusterInput> = {}): Cloud =>
  nodeSubnet({ networkPluginMode: 'overlay', ...changes });

describe('to Azure CNI Overlay', () => {
  it('from kubenet keeps the pod range, gives pods new addresses and deletes the managed route table', () => {
    const before = kubenet();
    const after = done(before, TO_OVERLAY);
    expect(clusterOf(after).networkProfile).toMatchObject({
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkDataplane: 'azure',
      podCidr: '10.244.0.0/16',
    });
    expect(listResources(before, TABLES)).toHaveLength(1);
    expect(listResources(after, TABLES)).toEqual([]);
    const [vnet] = listResources(after, 'Microsoft.Network/virtualNetworks');
    expect(vnet?.subnets.map((subnet) => subnet.routeTable)).toEqual([null]);
    const old = new Set(Object.keys(stateOf(before).pods));
    expect(Object.keys(stateOf(after).pods).filter((key) => old.has(key))).toEqual([]);
    expect(stateOf(after).controlPlane.podAddressing).toBe('azure-cns');
    expect(Object.keys(stateOf(after).nodeNetworkConfigs)).toHaveLength(2);
    expect(Object.keys(stateOf(after).daemonSets)).toContain('kube-system/azure-cns');
  });

  it('from kubenet with a brought table takes only the routes to nodes out of it', () => {
    let cloud = withSubnets('10.1.0.0/24', 'table');
    cloud = createIn(cloud, {
      kubernetesVersion: '1.34.4',
      identityId: identityId(cloud),
      pool: { name: 'nodepool1', count: 2, vnetSubnetId: subnetId(cloud, 'nodes') },
      subnetRoleAssignment: 'grant',
    });
    expect(listResources(cloud, TABLES)[0]?.routes).toHaveLength(3);
    const after = done(cloud, { ...TO_OVERLAY, podCidr: '192.168.0.0/16' });
    const [table] = listResources(after, TABLES);
    expect(table?.routes.map((route) => route.name)).toEqual(['firewall']);
    const subnet = listResources(after, 'Microsoft.Network/virtualNetworks')[0]?.subnets[0];
    expect(subnet?.routeTable?.id).toBe(table?.id);
    expect(clusterOf(after).simulation.routeTableId).toBeNull();
    const ranges = Object.values(stateOf(after).nodes).map((node) => node.spec.podCIDR);
    expect(ranges.every((range) => range?.startsWith('192.168.'))).toBe(true);
  });

  it('from Node Subnet gives the addresses of pods back to the subnet, and has NICs forward', () => {
    let cloud = withSubnets('10.1.0.0/24');
    cloud = createIn(cloud, {
      kubernetesVersion: '1.34.4',
      networkPlugin: 'azure',
      pool: { name: 'nodepool1', count: 3, vnetSubnetId: subnetId(cloud, 'nodes') },
    });
    expect(subnetAllocations(cloud, subnetId(cloud, 'nodes'))).toHaveLength(3 * 29);
    const after = done(cloud, { ...TO_OVERLAY, podCidr: '192.168.0.0/16' });
    expect(subnetAllocations(after, subnetId(after, 'nodes')).map((each) => each.address)).toEqual([
      '10.1.0.4',
      '10.1.0.33',
      '10.1.0.62',
    ]);
    const nics = listResources(after, 'Microsoft.Compute/virtualMachineScaleSets').flatMap((set) =>
      set.instances.map((each) => each.networkInterface.enableIPForwarding),
    );
    expect(nics).toEqual([true, true, true]);
    const [config] = Object.values(stateOf(after).configMaps).filter(
      (each) => each.metadata.name === 'azure-ip-masq-agent-config-reconciled',
    );
    expect(config?.data['ip-masq-agent-reconciled']).toContain('nonMasqueradeCIDRs:\n  - 192.168.0.0/16\n');
    expect(
      Object.values(stateOf(after).nodes).every((node) => node.simulation?.podAddresses === undefined),
    ).toBe(true);
  });

  it('has all pools go at the same time, with nodes of both kinds meanwhile, and survives JSON', () => {
    const POOL = { resourceGroup: GROUP, cluster: CLUSTER };
    const before = unwrap(addAgentPool(nodeSubnet(), POOL, { name: 'pool2', count: 2 }));
    const started = unwrap(ask(before, TO_OVERLAY));
    const midway = advance(JSON.parse(JSON.stringify(started)) as Cloud, 150);
    expect(clusterOf(midway).agentPoolProfiles.map((pool) => pool.provisioningState)).toEqual([
      'Updating',
      'Updating',
    ]);
    const kinds = Object.values(stateOf(midway).nodes).map(
      (node) => node.simulation?.podAddresses === undefined,
    );
    expect(new Set(kinds)).toEqual(new Set([true, false]));
    expect(clusterOf(advance(midway, 2000)).provisioningState).toBe('Succeeded');
  });

  it.each<[string, () => Cloud, NetworkChange, string]>([
    [
      'the mode without the plugin, from kubenet',
      kubenet,
      { networkPluginMode: 'overlay' },
      'UnsupportedNetworkPluginModeWithNetworkPlugin',
    ],
    ['Node Subnet instead, from kubenet', kubenet, { networkPlugin: 'azure' }, 'PropertyChangeNotAllowed'],
    ['kubenet, from Node Subnet', nodeSubnet, { networkPlugin: 'kubenet' }, 'PropertyChangeNotAllowed'],
    ['no plugin at all', nodeSubnet, { networkPlugin: 'none' }, 'PropertyChangeNotAllowed'],
    [
      'a range inside the VNet',
      nodeSubnet,
      { ...TO_OVERLAY, podCidr: '10.230.0.0/16' },
      'NetworkProfileCIDROverlapVNET',
    ],
    [
      'a range over the service range',
      nodeSubnet,
      { ...TO_OVERLAY, podCidr: '10.0.0.0/15' },
      'PodCidrOverlapServiceCidr',
    ],
    ['a range that AKS keeps', nodeSubnet, { ...TO_OVERLAY, podCidr: '172.30.0.0/16' }, 'InvalidParameter'],
    ['a range with host bits', nodeSubnet, { ...TO_OVERLAY, podCidr: '192.168.0.1/16' }, 'InvalidParameter'],
    [
      'a range without room for all nodes',
      nodeSubnet,
      { ...TO_OVERLAY, podCidr: '192.168.0.0/23' },
      'InsufficientSubnetSize',
    ],
    ['a policy engine', () => nodeSubnet({ networkPolicy: 'azure' }), TO_OVERLAY, 'ValidationError'],
    [
      'the data plane in the same operation',
      nodeSubnet,
      { ...TO_OVERLAY, networkDataplane: 'cilium' },
      'ValidationError',
    ],
  ])('is refused with %s', (_what, build, change, code) => {
    expect(codeOf(ask(build(), change))).toBe(code);
  });

  it('is refused with policies in the words of the service', () => {
    const result = ask(nodeSubnet({ networkPolicy: 'calico' }), TO_OVERLAY);
    expect(result.ok ? '' : result.error.message).toBe(
      'Cannot update cluster to Azure CNI Overlay while using network policies with Azure CNI v1.',
    );
  });

  it('is refused before Kubernetes 1.27', () => {
    const old = cloudWithCluster(
      { kubernetesVersion: '1.26.10' },
      { now: Date.parse('2024-02-01T00:00:00Z') / 1000 },
    );
    const result = ask(old, TO_OVERLAY);
    expect(result.ok ? '' : result.error.message).toContain('Kubernetes version 1.27 or later is required');
  });

  it.each(['DynamicIndividual', 'StaticBlock'] as const)(
    'is refused with a pod subnet (%s)',
    (podIPAllocationMode) => {
      let cloud = withSubnets('10.1.0.0/24');
      const pool = {
        name: 'nodepool1',
        count: 1,
        vnetSubnetId: subnetId(cloud, 'nodes'),
        podSubnetId: subnetId(cloud, 'pods'),
        podIPAllocationMode,
      };
      cloud = createIn(cloud, { kubernetesVersion: '1.34.4', networkPlugin: 'azure', pool });
      expect(codeOf(ask(cloud, TO_OVERLAY))).toBe('ValidationError');
    },
  );

  it('is refused while a masquerade list of the customer exists, even an empty one', () => {
    const before = nodeSubnet();
    const cloud = unwrap(
      applyObject(before, onlyCluster(before), {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'azure-ip-masq-agent-config', namespace: 'kube-system' },
        data: {},
      }),
    ).cloud;
    const result = ask(cloud, TO_OVERLAY);
    expect(result.ok ? '' : result.error.message).toContain('ConfigMap azure-ip-masq-agent-config');
    expect(codeOf(ask(before, TO_OVERLAY))).toBe('accepted');
  });

  it('from kubenet in a brought subnet needs a user-assigned identity, which an update can give', () => {
    let cloud = withSubnets('10.1.0.0/24');
    cloud = createIn(cloud, {
      kubernetesVersion: '1.34.4',
      pool: { name: 'nodepool1', count: 1, vnetSubnetId: subnetId(cloud, 'nodes') },
    });
    expect(codeOf(ask(cloud, { ...TO_OVERLAY, podCidr: '192.168.0.0/16' }))).toBe(
      'CustomRouteTableWithUnsupportedMSIType',
    );
    const given = unwrap(updateManagedCluster(cloud, GROUP, CLUSTER, { identityId: identityId(cloud) }));
    const after = done(given, TO_OVERLAY);
    const vnet = listResources(after, 'Microsoft.Network/virtualNetworks')[0];
    expect(vnet?.subnets[0]?.routeTable).toBeNull();
  });

  it('that finds no address for an extra node fails, and any update goes on with it once there is one', () => {
    let cloud = withSubnets('10.1.0.0/26');
    const vnetSubnetId = subnetId(cloud, 'nodes');
    cloud = createIn(cloud, {
      kubernetesVersion: '1.34.4',
      networkPlugin: 'azure',
      pool: { name: 'nodepool1', count: 2, vnetSubnetId },
    });
    // 59 usable, 58 taken by the nodes: one is left, for somebody else.
    cloud = unwrap(
      createNetworkInterface(cloud, {
        resourceGroup: GROUP,
        name: 'other',
        location: 'westeurope',
        ipConfiguration: { name: 'ipconfig1', subnetId: vnetSubnetId },
      }),
    );
    const failed = runToEnd(
      unwrap(ask(cloud, { ...TO_OVERLAY, podCidr: '192.168.0.0/16' })),
      clusterOf(cloud).id,
    );
    expect(failed.failure?.code).toBe('SubnetIsFull');
    expect(clusterOf(failed.cloud).provisioningState).toBe('Failed');
    expect(Object.keys(stateOf(failed.cloud).nodes)).toEqual(Object.keys(stateOf(cloud).nodes));
    const [nic] = listResources(failed.cloud, 'Microsoft.Network/networkInterfaces');
    const resumed = unwrap(
      updateManagedCluster(removeResource(failed.cloud, nic?.id ?? ''), GROUP, CLUSTER, {}),
    );
    const after = runToEnd(resumed, clusterOf(cloud).id);
    expect(after.failure).toBeNull();
    expect(clusterOf(after.cloud).provisioningState).toBe('Succeeded');
    expect(subnetAllocations(after.cloud, vnetSubnetId)).toHaveLength(2);
  });
});

describe('to the Cilium data plane', () => {
  it.each([
    ['Node Subnet', nodeSubnet],
    ['Overlay', overlay],
    ['Overlay with Azure Network Policy Manager', () => overlay({ networkPolicy: 'azure' })],
  ])('from %s: kube-proxy and the other engine make room', (_name, build) => {
    const before = build();
    const after = done(before, { networkDataplane: 'cilium' });
    expect(clusterOf(after).networkProfile).toMatchObject({
      networkDataplane: 'cilium',
      networkPolicy: 'cilium',
    });
    expect(clusterOf(after).networkProfile.networkPluginMode).toBe(
      clusterOf(before).networkProfile.networkPluginMode,
    );
    const daemons = Object.keys(stateOf(after).daemonSets);
    expect(daemons).toContain('kube-system/cilium');
    expect(daemons).not.toContain('kube-system/kube-proxy');
    expect(daemons).not.toContain('kube-system/azure-npm');
    expect(
      Object.values(stateOf(after).nodes).map(
        (node) => node.metadata.labels?.['kubernetes.azure.com/ebpf-dataplane'],
      ),
    ).toEqual(['cilium', 'cilium']);
  });

  it.each<[string, () => Cloud, NetworkChange, string]>([
    ['from kubenet', kubenet, { networkDataplane: 'cilium' }, 'BadRequest'],
    [
      'with another policy engine',
      overlay,
      { networkDataplane: 'cilium', networkPolicy: 'azure' },
      'BadRequest',
    ],
    ['policy cilium without the data plane', overlay, { networkPolicy: 'cilium' }, 'BadRequest'],
    [
      'back to azure',
      () => overlay({ networkDataplane: 'cilium' }),
      { networkDataplane: 'azure' },
      'PropertyChangeNotAllowed',
    ],
  ])('is refused %s', (_what, build, change, code) => {
    expect(codeOf(ask(build(), change))).toBe(code);
  });

  it('comes before or after Overlay, in two operations', () => {
    const after = done(done(nodeSubnet(), { networkDataplane: 'cilium' }), TO_OVERLAY);
    expect(clusterOf(after).networkProfile).toMatchObject({
      networkPluginMode: 'overlay',
      networkDataplane: 'cilium',
    });
  });
});

describe('policy engines', () => {
  it('are installed and taken out again, one at a time', () => {
    const withEngine = done(nodeSubnet(), { networkPolicy: 'azure' });
    expect(Object.keys(stateOf(withEngine).daemonSets)).toContain('kube-system/azure-npm');
    expect(codeOf(ask(withEngine, { networkPolicy: 'calico' }))).toBe('PropertyChangeNotAllowed');
    const without = done(withEngine, { networkPolicy: 'none' });
    expect(Object.keys(stateOf(without).daemonSets)).not.toContain('kube-system/azure-npm');
    expect(codeOf(ask(without, TO_OVERLAY))).toBe('accepted');
  });

  it('azure is none for kubenet', () => {
    expect(codeOf(ask(kubenet(), { networkPolicy: 'azure' }))).toBe(
      'NetworkPolicyAzureNotSupportedForKubenet',
    );
  });
});

describe('the pod range', () => {
  it('of Overlay grows around what it was, at once, and no node is touched', () => {
    const before = overlay({ podCidr: '192.168.64.0/18' });
    const after = unwrap(ask(before, { podCidr: '192.168.0.0/16' }));
    expect(after.operations).toEqual([]);
    expect(clusterOf(after).networkProfile).toMatchObject({
      podCidr: '192.168.0.0/16',
      podCidrs: ['192.168.0.0/16'],
    });
    const spaces = Object.values(stateOf(after).nodeNetworkConfigs).map(
      (config) => config.status.networkContainers[0]?.subnetAddressSpace,
    );
    expect(spaces).toEqual(['192.168.0.0/16', '192.168.0.0/16']);
    expect(stateOf(after).nodes).toEqual(stateOf(before).nodes);
  });

  it.each<[string, () => Cloud, string, string]>([
    ['a smaller one', overlay, '10.244.0.0/17', 'PropertyChangeNotAllowed'],
    ['another one', overlay, '192.168.0.0/16', 'PropertyChangeNotAllowed'],
    ['one over a subnet', overlay, '10.0.0.0/8', 'PodCidrOverlapServiceCidr'],
    ['one over the nodes', overlay, '10.192.0.0/10', 'NetworkProfileCIDROverlapVNET'],
    ['any change for kubenet', kubenet, '10.240.0.0/13', 'PropertyChangeNotAllowed'],
    ['any for Node Subnet', nodeSubnet, '10.244.0.0/16', 'PropertyChangeNotAllowed'],
  ])('is refused: %s', (_what, build, podCidr, code) => {
    expect(codeOf(ask(build(), { podCidr }))).toBe(code);
  });
});

it('an update that says what is so already starts nothing', () => {
  const before = overlay();
  const after = unwrap(
    ask(before, { networkPlugin: 'azure', networkPluginMode: 'overlay', networkPolicy: 'none' }),
  );
  expect(after.operations).toEqual([]);
  expect(stateOf(after)).toEqual(stateOf(before));
});
