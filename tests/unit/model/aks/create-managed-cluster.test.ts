import { describe, expect, it } from 'vitest';
import {
  createManagedCluster,
  requireManagedCluster,
} from '../../../../src/model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../../../src/model/aks/create-managed-cluster.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import {
  findResourceGroup,
  listOwnResources,
  listResources,
} from '../../../../src/model/azure/resource-store.ts';
import { subnetAllocations } from '../../../../src/model/azure/subnet-addresses.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import {
  CLUSTER,
  clusterInput,
  cloudWithCluster,
  emptyCloud,
  GROUP,
  stateOf,
} from '../../../support/kubenet-cluster.ts';

const SEED_DAY = Date.UTC(2024, 1, 27, 10) / 1000;

describe('a managed kubenet cluster', () => {
  const cloud = cloudWithCluster({}, { pins: { 'agentpool-digits/aks': '11743156' } });
  const group = 'MC_rg_aks_westeurope';

  it('puts its network into the node resource group, under AKS names', () => {
    const names = (type: Parameters<typeof listResources>[1]): readonly string[] =>
      listOwnResources(cloud, type, group).map((each) => each.name);
    expect(findResourceGroup(cloud, group)?.managedBy).toMatch(
      /\/resourceGroups\/rg\/providers\/Microsoft\.ContainerService\/managedClusters\/aks$/,
    );
    expect(names('Microsoft.Network/virtualNetworks')).toEqual(['aks-vnet-11743156']);
    expect(names('Microsoft.Network/routeTables')).toEqual(['aks-agentpool-11743156-routetable']);
    expect(names('Microsoft.Network/networkSecurityGroups')).toEqual(['aks-agentpool-11743156-nsg']);
    expect(names('Microsoft.Network/loadBalancers')).toEqual(['kubernetes']);
    expect(names('Microsoft.Compute/virtualMachineScaleSets')[0]).toMatch(/^aks-nodepool1-\d{8}-vmss$/);
  });

  it('has the default ranges, the route table and a private subnet', () => {
    const [vnet] = listResources(cloud, 'Microsoft.Network/virtualNetworks');
    const [table] = listResources(cloud, 'Microsoft.Network/routeTables');
    const [subnet] = vnet?.subnets ?? [];
    expect(vnet?.addressSpace.addressPrefixes).toEqual(['10.224.0.0/12']);
    expect(subnet).toMatchObject({
      name: 'aks-subnet',
      addressPrefix: '10.224.0.0/16',
      routeTable: { id: table?.id },
      defaultOutboundAccess: false,
    });
    expect(subnet?.networkSecurityGroup).not.toBeNull();
    expect(table?.disableBgpRoutePropagation).toBe(false);
  });

  it('left default outbound access alone before 2026-03-31', () => {
    const older = cloudWithCluster({}, { now: SEED_DAY });
    const [vnet] = listResources(older, 'Microsoft.Network/virtualNetworks');
    expect(vnet?.subnets[0]?.defaultOutboundAccess).toBeNull();
  });

  it('gives each node a NIC with IP forwarding, in the backend pools, from .4 on', () => {
    const [set] = listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets');
    expect(set?.instances.map((each) => each.networkInterface.ipConfigurations[0]?.privateIPAddress)).toEqual(
      ['10.224.0.4', '10.224.0.5'],
    );
    for (const { networkInterface } of set?.instances ?? []) {
      expect(networkInterface.enableIPForwarding).toBe(true);
      expect(networkInterface.networkSecurityGroup?.id).toMatch(/aks-agentpool-11743156-nsg$/);
      expect(networkInterface.ipConfigurations[0]?.loadBalancerBackendAddressPools).toHaveLength(2);
    }
  });

  it('leaves the cluster through one public address and the rule aksOutboundRule', () => {
    const [balancer] = listResources(cloud, 'Microsoft.Network/loadBalancers');
    const [address] = listOwnResources(cloud, 'Microsoft.Network/publicIPAddresses', group);
    expect(balancer?.outboundRules.map((each) => each.name)).toEqual(['aksOutboundRule']);
    expect(balancer?.frontendIPConfigurations[0]?.publicIPAddress?.id).toBe(address?.id);
    expect(address?.ipAddress).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
  });

  it('has a route for each node, to its own address', () => {
    const [table] = listResources(cloud, 'Microsoft.Network/routeTables');
    const nodes = Object.values(stateOf(cloud).nodes);
    expect(
      table?.routes.map((route) => [
        route.name,
        route.addressPrefix,
        route.nextHopType,
        route.nextHopIpAddress,
      ]),
    ).toEqual(
      nodes.map((node, at) => [
        `${node.metadata.name}____10244${at}024`,
        `10.244.${at}.0/24`,
        'VirtualAppliance',
        `10.224.0.${at + 4}`,
      ]),
    );
  });
});

describe('versions', () => {
  const rows: readonly [string, number | undefined, string | null, string, string][] = [
    ['the version before the newest is the default', undefined, null, '1.35.3', 'Ubuntu 24.04.4 LTS'],
    ['on the day of the document the default is 1.27.7', SEED_DAY, null, '1.27.7', 'Ubuntu 22.04.3 LTS'],
    ['a minor version means its newest patch', SEED_DAY, '1.28', '1.28.5', 'Ubuntu 22.04.4 LTS'],
    ['1.34 still has Ubuntu 22.04', undefined, '1.34', '1.34.4', 'Ubuntu 22.04.5 LTS'],
  ];
  it.each(rows)('%s', (_, now, wanted, version, osImage) => {
    const cloud = cloudWithCluster({ kubernetesVersion: wanted }, now === undefined ? {} : { now });
    const cluster = unwrap(requireManagedCluster(cloud, GROUP, CLUSTER));
    expect(cluster.currentKubernetesVersion).toBe(version);
    expect(Object.values(stateOf(cloud).nodes)[0]?.status.nodeInfo.osImage).toBe(osImage);
  });

  it('shows no role on nodes of today', () => {
    const [node] = Object.values(stateOf(cloudWithCluster()).nodes);
    expect(node?.metadata.labels).not.toHaveProperty('kubernetes.io/role');
  });

  it('means kubenet without a plugin only where that was the default, and Overlay since', () => {
    const pluginOf = (now?: number): readonly (string | null)[] => {
      const cloud = cloudWithCluster({ networkPlugin: null }, now === undefined ? {} : { now });
      const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
      return [
        cluster?.networkProfile.networkPlugin ?? null,
        cluster?.networkProfile.networkPluginMode ?? null,
      ];
    };
    expect(pluginOf(SEED_DAY)).toEqual(['kubenet', null]);
    expect(pluginOf()).toEqual(['azure', 'overlay']);
  });
});

const long = (length: number): string => 'n'.repeat(length);

describe('a request that AKS refuses', () => {
  const rows: readonly [string, Partial<ManagedClusterInput>, string, string | RegExp, string?][] = [
    ['an unknown group', { resourceGroup: 'nowhere' }, 'ResourceGroupNotFound', 'nowhere'],
    [
      'a name with a dot',
      { name: 'my.cluster' },
      'InvalidParameter',
      'aka.ms/aks-naming-rules',
      'managedCluster.name',
    ],
    [
      'three names that are too long together',
      { name: long(63), location: 'germanywestcentral' },
      'InvalidParameter',
      'The maximum length is 80 and the length of the value provided is 88',
      'nodeResourceGroup',
    ],
    [
      'a version of long ago',
      { kubernetesVersion: '1.20.7' },
      'K8sVersionNotSupported',
      'has invalid version 1.20.7',
    ],
    [
      'a version in long-term support only',
      { kubernetesVersion: '1.31' },
      'K8sVersionNotSupported',
      'Long-Term Support',
    ],
    [
      'network policy azure',
      { networkPolicy: 'azure' },
      'NetworkPolicyAzureNotSupportedForKubenet',
      'kubenet',
      'networkProfile.networkPolicy',
    ],
    ['Windows nodes', { pool: { name: 'win', osType: 'Windows' } }, 'AzureCNIOnlyForWindows', 'Azure-CNI'],
    [
      'a pool name in capitals',
      { pool: { name: 'Pool1' } },
      'InvalidParameter',
      'lowercase',
      'agentPoolProfile.name',
    ],
    [
      'a system pool without nodes',
      { pool: { name: 'p', count: 0 } },
      'InvalidParameter',
      'between 1 and 1000',
      'agentPoolProfile.count',
    ],
    [
      'nine pods for each node',
      { pool: { name: 'p', maxPods: 9 } },
      'InsufficientMaxPods',
      'between 10 and 250',
      'agentPoolProfile.maxPods',
    ],
    [
      '251 pods for each node',
      { pool: { name: 'p', maxPods: 251 } },
      'MaxPodsLimitExceeded',
      'between 10 and 250',
      'agentPoolProfile.maxPods',
    ],
    [
      'room for twenty pods in all',
      { pool: { name: 'p', maxPods: 10, count: 2 } },
      'InsufficientAgentPoolMaxPodsPerAgentPool',
      'the total maxPods(10 * 2) should be larger than 30',
      'agentPoolProfile.maxPods',
    ],
    [
      'a machine that is too small for system pods',
      { pool: { name: 'p', vmSize: 'Standard_B1ms' } },
      'SystemPoolSkuTooLow',
      'Nodepool name: p.',
    ],
    [
      'more outbound ports than its addresses have',
      { outbound: { allocatedOutboundPorts: 40_000 } },
      'InvalidLoadBalancerProfileAllocatedOutboundPorts',
      'Total node count 3 requires 120000 ports but only 64000 ports are available given 1 outbound public IPs.',
    ],
    ['a size that is none', { pool: { name: 'p', vmSize: 'big' } }, 'BadRequest', 'big'],
    [
      'a public service range',
      { serviceCidr: '8.8.0.0/16', dnsServiceIp: '8.8.0.10' },
      'InvalidParameter',
      'neither private nor shared',
      'networkProfile.serviceCIDR',
    ],
    [
      'a multicast service range',
      { serviceCidr: '224.0.0.0/16', dnsServiceIp: '224.0.0.10' },
      'InvalidParameter',
      'neither private nor shared',
      'networkProfile.serviceCIDR',
    ],
    [
      'a pod range that is none',
      { podCidr: '10.244.0.0' },
      'InvalidParameter',
      'has no prefix length',
      'networkProfile.podCIDR',
    ],
    [
      'a pod range with host bits',
      { podCidr: '10.244.1.0/16' },
      'InvalidParameter',
      'Did you mean 10.244.0.0/16?',
    ],
    ['a pod range smaller than one node needs', { podCidr: '10.244.0.0/25' }, 'InvalidParameter', '/24'],
    [
      'a service range as large as a /8',
      { serviceCidr: '11.0.0.0/8', dnsServiceIp: '11.0.0.10' },
      'InvalidParameter',
      '/12',
      'networkProfile.serviceCIDR',
    ],
    [
      'a DNS address outside the services',
      { serviceCidr: '10.200.0.0/16' },
      'DnsServiceIpOutOfServiceCidr',
      'The DNS service IP 10.0.0.10 is out of the range defined by service CIDR 10.200.0.0/16.',
      'networkProfile.dnsServiceIP',
    ],
    [
      'the API server address for DNS',
      { dnsServiceIp: '10.0.0.1' },
      'DnsServiceIpConflicting',
      '10.0.0.1',
      'networkProfile.dnsServiceIP',
    ],
    ['a DNS address that is none', { dnsServiceIp: '10.0.0.300' }, 'DnsServiceIpParseError', '10.0.0.300'],
    [
      'a range that AKS keeps',
      { podCidr: '172.16.0.0/12' },
      'InvalidParameter',
      '172.30.0.0/16',
      'networkProfile.podCIDR',
    ],
    [
      'pods where the services are',
      { podCidr: '10.0.0.0/15' },
      'PodCidrOverlapServiceCidr',
      'is conflicted with the service CIDR 10.0.0.0/16',
      'networkProfile.podCIDR',
    ],
    [
      'services where the nodes are',
      { serviceCidr: '10.224.0.0/20', dnsServiceIp: '10.224.0.10' },
      'ServiceCidrOverlapExistingSubnetsCidr',
      'The specified service CIDR 10.224.0.0/20 is conflicted with an existing subnet CIDR 10.224.0.0/16',
      'networkProfile.serviceCIDR',
    ],
    [
      'pods where the nodes are',
      { podCidr: '10.224.0.0/16' },
      'NetworkProfileCIDROverlapVNET',
      'NetworkProfile CIDR 10.224.0.0/16 overlaps with reserved VNET CIDR 10.224.0.0/16',
      'networkProfile.podCIDR',
    ],
    [
      'more nodes than the pod range has shares',
      { podCidr: '10.240.100.0/22', pool: { name: 'p', count: 5 } },
      'InsufficientSubnetSize',
      'Pre-allocated IPs 1280 exceeds IPs available 1024 in Subnet Cidr 10.240.100.0/22, Subnet Name networkProfile.podCIDR.',
      'networkProfile.podCIDR',
    ],
    [
      'node 257 in the default pod range',
      { pool: { name: 'p', count: 257 } },
      'InsufficientSubnetSize',
      'Pre-allocated IPs 65792 exceeds IPs available 65536',
    ],
    [
      'node 401, whatever the pod range',
      { podCidr: '10.64.0.0/12', pool: { name: 'p', count: 401 } },
      'InvalidParameter',
      '400 nodes at most',
      'agentPoolProfile.count',
    ],
    [
      'a route of its own without a subnet',
      { outboundType: 'userDefinedRouting' },
      'ExistingRouteTableNotAssociatedWithSubnet',
      'userDefinedRouting',
    ],
    [
      'an identity that is not there',
      {
        identityId:
          '/subscriptions/x/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/no',
      },
      'ResourceNotFound',
      'was not found',
    ],
  ];
  it.each(rows)('%s', (_, changes, code, words, target) => {
    const cloud = emptyCloud();
    const made = createManagedCluster(cloud, clusterInput(changes));
    expect(made.ok).toBe(false);
    if (made.ok) return;
    expect([made.error.code, made.error.message]).toEqual([code, expect.stringContaining(String(words))]);
    if (target !== undefined) expect(made.error.target).toBe(target);
  });

  it('80 characters of node resource group are not too many', () => {
    expect(createManagedCluster(emptyCloud(), clusterInput({ name: long(63) })).ok).toBe(true);
  });

  it('a second cluster of the same name is no silent change', () => {
    const again = createManagedCluster(cloudWithCluster(), clusterInput());
    expect(!again.ok && again.error.code).toBe('NotSimulated');
  });

  it('a node resource group that is in use', () => {
    const again = createManagedCluster(
      cloudWithCluster(),
      clusterInput({ name: 'two', nodeResourceGroup: 'MC_rg_aks_westeurope' }),
    );
    expect(!again.ok && again.error.code).toBe('NodeResourceGroupAlreadyExists');
  });

  it('compared pods with the whole VNet before 2024-10-25', () => {
    const wanted = clusterInput({ podCidr: '10.230.0.0/16' });
    const then = createManagedCluster(emptyCloud({ now: SEED_DAY }), wanted);
    expect(!then.ok && then.error.code).toBe('NetworkProfileCIDROverlapVNET');
    expect(createManagedCluster(emptyCloud(), wanted).ok).toBe(true);
  });
});

describe('a node subnet that is too small', () => {
  function withSubnet(): { readonly cloud: Cloud; readonly subnet: string } {
    const cloud = unwrap(
      createVirtualNetwork(emptyCloud(), {
        resourceGroup: GROUP,
        name: 'vnet',
        addressPrefixes: ['192.168.0.0/16'],
        subnets: [{ name: 'nodes', addressPrefix: '192.168.1.0/29' }],
      }),
    );
    const subnet = listResources(cloud, 'Microsoft.Network/virtualNetworks')[0]?.subnets[0]?.id ?? '';
    return { cloud, subnet };
  }

  it('holds three nodes and refuses the fourth', () => {
    const { cloud, subnet } = withSubnet();
    const input = (count: number): ManagedClusterInput =>
      clusterInput({ pool: { name: 'p', count, vnetSubnetId: subnet } });
    const three = unwrap(createManagedCluster(cloud, input(3)));
    expect(subnetAllocations(three, subnet).map((each) => each.address)).toEqual([
      '192.168.1.4',
      '192.168.1.5',
      '192.168.1.6',
    ]);
    const four = createManagedCluster(cloud, input(4));
    expect(!four.ok && [four.error.code, four.error.message.slice(0, 100)]).toEqual([
      'InsufficientSubnetSize',
      'Pre-allocated IPs 4 exceeds IPs available 3 in Subnet Cidr 192.168.1.0/29, Subnet Name nodes. If Aut',
    ]);
  });
});
