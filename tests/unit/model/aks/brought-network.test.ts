/** Clusters on a VNet, subnet and route table that the customer brings. */
import { describe, expect, it } from 'vitest';
import { addAgentPool, scaleAgentPool } from '../../../../src/model/aks/change-agent-pools.ts';
import { createManagedCluster } from '../../../../src/model/aks/create-managed-cluster.ts';
import type { ManagedClusterInput } from '../../../../src/model/aks/create-managed-cluster.ts';
import { deleteManagedCluster } from '../../../../src/model/aks/delete-managed-cluster.ts';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import {
  createResourceGroup,
  deleteResourceGroup,
  listResourceGroups,
} from '../../../../src/model/azure/resource-group.ts';
import { findResource, listResources } from '../../../../src/model/azure/resource-store.ts';
import type { Subnet } from '../../../../src/model/azure/resources.ts';
import { findRoleAssignments } from '../../../../src/model/azure/role-assignment.ts';
import {
  changeRoutes,
  createRoute,
  createRouteTable,
  deleteRoute,
  deleteRouteTable,
} from '../../../../src/model/azure/route-table.ts';
import { updateSubnet } from '../../../../src/model/azure/subnet.ts';
import { createUserAssignedIdentity } from '../../../../src/model/azure/user-assigned-identity.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import { unwrap } from '../../../../src/model/result.ts';
import {
  CLUSTER,
  clusterInput,
  emptyCloud,
  GROUP,
  onlyCluster,
  podsIn,
  stateOf,
} from '../../../support/kubenet-cluster.ts';

const NET = 'net-rg';

interface Brought {
  readonly cloud: Cloud;
  readonly identityId: string;
  readonly principalId: string;
  readonly tableId: string;
  readonly subnetId: string;
}

/** A VNet with two subnets in a group of its own, a route table, and an identity without any role. */
function network(table: 'attached' | 'none'): Brought {
  let cloud = unwrap(createResourceGroup(emptyCloud(), { name: NET, location: 'westeurope' }));
  cloud = unwrap(createRouteTable(cloud, { resourceGroup: NET, name: 'rt' }));
  const tableId = findResource(cloud, 'Microsoft.Network/routeTables', NET, 'rt')?.id ?? '';
  cloud = unwrap(
    createVirtualNetwork(cloud, {
      resourceGroup: NET,
      name: 'vnet',
      addressPrefixes: ['192.168.0.0/16'],
      subnets: [
        { name: 'nodes', addressPrefix: '192.168.1.0/24', routeTable: table === 'attached' ? tableId : null },
        { name: 'more', addressPrefix: '192.168.2.0/24' },
      ],
    }),
  );
  cloud = unwrap(createUserAssignedIdentity(cloud, { resourceGroup: GROUP, name: 'identity' }));
  const identity = findResource(cloud, 'Microsoft.ManagedIdentity/userAssignedIdentities', GROUP, 'identity');
  return {
    cloud,
    identityId: identity?.id ?? '',
    principalId: identity?.principalId ?? '',
    tableId,
    subnetId: subnet(cloud, 'nodes').id,
  };
}

function subnet(cloud: Cloud, name: string): Subnet {
  const vnet = findResource(cloud, 'Microsoft.Network/virtualNetworks', NET, 'vnet');
  const found = vnet?.subnets.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no subnet ${name}`);
  return found;
}

function routesOf(cloud: Cloud, tableId: string): readonly string[] {
  const table = listResources(cloud, 'Microsoft.Network/routeTables').find((each) => each.id === tableId);
  return (table?.routes ?? []).map((route) =>
    `${route.addressPrefix} ${route.nextHopIpAddress ?? ''}`.trim(),
  );
}

function input(brought: Brought, changes: Partial<ManagedClusterInput> = {}): ManagedClusterInput {
  return clusterInput({
    identityId: brought.identityId,
    pool: { name: 'nodepool1', count: 2, vnetSubnetId: brought.subnetId },
    ...changes,
  });
}

describe('a subnet without a route table', () => {
  const brought = network('none');
  const cloud = unwrap(createManagedCluster(brought.cloud, input(brought)));

  it('gets one that AKS makes in the node resource group', () => {
    const { routeTable, networkSecurityGroup } = subnet(cloud, 'nodes');
    expect(routeTable?.id).toMatch(/\/MC_rg_aks_westeurope\/.*\/aks-agentpool-\d{8}-routetable$/);
    expect(networkSecurityGroup).toBeNull();
    expect(routesOf(cloud, routeTable?.id ?? '')).toEqual([
      '10.244.0.0/24 192.168.1.4',
      '10.244.1.0/24 192.168.1.5',
    ]);
  });

  it('loses it again when the cluster goes', () => {
    const after = unwrap(deleteManagedCluster(cloud, GROUP, CLUSTER));
    expect(subnet(after, 'nodes').routeTable).toBeNull();
    expect(listResourceGroups(after).map(({ name }) => name)).toEqual([GROUP, NET]);
  });

  it('loses it again when the whole group of the cluster goes', () => {
    const after = unwrap(deleteResourceGroup(cloud, GROUP));
    expect(subnet(after, 'nodes').routeTable).toBeNull();
  });

  it('keeps the cluster from going while another subnet uses its table', () => {
    const table = subnet(cloud, 'nodes').routeTable?.id ?? '';
    const name = { resourceGroup: NET, virtualNetwork: 'vnet', name: 'more' };
    const shared = unwrap(updateSubnet(cloud, name, { routeTable: table }));
    const refused = deleteManagedCluster(shared, GROUP, CLUSTER);
    expect(!refused.ok && refused.error.code).toBe('InUseRouteTableCannotBeDeleted');
  });

  it('lets azure-cli give the identity Network Contributor on the subnet', () => {
    const identity = findResource(
      cloud,
      'Microsoft.ManagedIdentity/userAssignedIdentities',
      GROUP,
      'identity',
    );
    const query = { principalId: identity?.principalId ?? '', scope: brought.subnetId };
    expect(findRoleAssignments(cloud, query).map((each) => each.roleDefinitionName)).toEqual([
      'Network Contributor',
    ]);
  });

  it('works with a system-assigned identity too', () => {
    expect(createManagedCluster(brought.cloud, input(brought, { identityId: null })).ok).toBe(true);
  });
});

describe('a subnet with a route table', () => {
  const brought = network('attached');
  const cloud = unwrap(createManagedCluster(brought.cloud, input(brought)));

  it('gives the identity the role on the table, as azure-cli does', () => {
    expect(findRoleAssignments(cloud, { scope: brought.tableId })).toMatchObject([
      { principalId: brought.principalId, roleDefinitionName: 'Network Contributor' },
    ]);
  });

  it('keeps it, and AKS adds its routes there', () => {
    expect(subnet(cloud, 'nodes').routeTable?.id).toBe(brought.tableId);
    expect(routesOf(cloud, brought.tableId)).toEqual([
      '10.244.0.0/24 192.168.1.4',
      '10.244.1.0/24 192.168.1.5',
    ]);
    expect(listResources(cloud, 'Microsoft.Network/routeTables')).toHaveLength(1);
  });

  it('loses the routes of the cluster, and only those, when the cluster goes', () => {
    const name = { resourceGroup: NET, routeTable: 'rt', name: 'to-office' };
    const own = unwrap(
      createRoute(cloud, name, { addressPrefix: '10.9.0.0/16', nextHopType: 'VirtualNetworkGateway' }),
    );
    const after = unwrap(deleteManagedCluster(own, GROUP, CLUSTER));
    expect(routesOf(after, brought.tableId)).toEqual(['10.9.0.0/16']);
    expect(subnet(after, 'nodes').routeTable?.id).toBe(brought.tableId);
  });

  const refusals: readonly [string, () => ReturnType<typeof createManagedCluster>, string][] = [
    [
      'a system-assigned identity',
      () => createManagedCluster(brought.cloud, input(brought, { identityId: null })),
      'CustomRouteTableWithUnsupportedMSIType',
    ],
    [
      'a second cluster on the same subnet',
      () => createManagedCluster(cloud, input(brought, { name: 'two' })),
      'ExistingRouteTableInSubnetNotSupported',
    ],
    [
      'a second cluster on another subnet with the same table',
      () => {
        const name = { resourceGroup: NET, virtualNetwork: 'vnet', name: 'more' };
        const shared = unwrap(updateSubnet(cloud, name, { routeTable: brought.tableId }));
        const pool = { name: 'p', count: 1, vnetSubnetId: subnet(shared, 'more').id };
        return createManagedCluster(shared, input(brought, { name: 'two', pool }));
      },
      'ExistingRouteTableInSubnetNotSupported',
    ],
    [
      'outbound by routes without a default route',
      () => createManagedCluster(brought.cloud, input(brought, { outboundType: 'userDefinedRouting' })),
      'RouteTableMissingDefaultRouteError',
    ],
    [
      'outbound by a default route to the internet',
      () => {
        const name = { resourceGroup: NET, routeTable: 'rt', name: 'out' };
        const routed = unwrap(
          createRoute(brought.cloud, name, { addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' }),
        );
        return createManagedCluster(routed, input(brought, { outboundType: 'userDefinedRouting' }));
      },
      'RouteTableInvalidNextHop',
    ],
    [
      'services inside a subnet of the VNet',
      () =>
        createManagedCluster(
          brought.cloud,
          input(brought, { serviceCidr: '192.168.2.0/25', dnsServiceIp: '192.168.2.10' }),
        ),
      'ServiceCidrOverlapExistingSubnetsCidr',
    ],
    [
      'a subnet in another region',
      () => createManagedCluster(brought.cloud, input(brought, { location: 'eastus' })),
      'InvalidParameter',
    ],
    [
      'a subnet that is not there',
      () =>
        createManagedCluster(
          brought.cloud,
          input(brought, { pool: { name: 'p', vnetSubnetId: `${brought.subnetId}x` } }),
        ),
      'SubnetNotFound',
    ],
  ];
  it.each(refusals)('refuses %s', (_, attempt, code) => {
    const made = attempt();
    expect(made.ok ? 'accepted' : made.error.code).toBe(code);
  });

  it('has no load balancer when its own routes lead outside', () => {
    const name = { resourceGroup: NET, routeTable: 'rt', name: 'out' };
    const appliance = unwrap(
      createNetworkInterface(brought.cloud, {
        resourceGroup: NET,
        name: 'appliance',
        ipConfiguration: { name: 'ipconfig1', subnetId: subnet(brought.cloud, 'more').id },
      }),
    );
    const routed = unwrap(
      createRoute(appliance, name, {
        addressPrefix: '0.0.0.0/0',
        nextHopType: 'VirtualAppliance',
        nextHopIpAddress: '192.168.2.4',
      }),
    );
    const made = unwrap(createManagedCluster(routed, input(brought, { outboundType: 'userDefinedRouting' })));
    expect(listResources(made, 'Microsoft.Network/loadBalancers')).toEqual([]);
  });

  it('is not made when its default route leads to an address where nothing is', () => {
    const routed = unwrap(
      createRoute(
        brought.cloud,
        { resourceGroup: NET, routeTable: 'rt', name: 'out' },
        { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '192.168.2.4' },
      ),
    );
    const made = createManagedCluster(routed, input(brought, { outboundType: 'userDefinedRouting' }));
    expect(!made.ok && made.error.message).toContain(
      'route out of subnet nodes leads to 192.168.2.4, where nothing is that could take the packets',
    );
  });

  it('may serve a pool on a second subnet, which gets the same table', () => {
    const pool = { name: 'pool2', count: 1, vnetSubnetId: subnet(cloud, 'more').id };
    const grown = unwrap(addAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER }, pool));
    expect(subnet(grown, 'more').routeTable?.id).toBe(brought.tableId);
    expect(routesOf(grown, brought.tableId)).toContain('10.244.2.0/24 192.168.2.4');
  });
});

describe('the route controller', () => {
  const brought = network('attached');
  const cloud = unwrap(createManagedCluster(brought.cloud, input(brought)));
  const table = { resourceGroup: NET, routeTable: 'rt' };
  const [first] = listResources(cloud, 'Microsoft.Network/routeTables')[0]?.routes ?? [];
  const name = first?.name ?? '';

  it('makes a node route again that someone deleted', () => {
    const broken = unwrap(deleteRoute(cloud, { ...table, name }));
    expect(routesOf(broken, brought.tableId)).toHaveLength(1);
    expect(new Set(routesOf(reconcile(broken), brought.tableId))).toEqual(
      new Set(routesOf(cloud, brought.tableId)),
    );
  });

  it('does not repair a next hop that someone changed', () => {
    const bent = unwrap(
      changeRoutes(
        cloud,
        brought.tableId,
        [
          {
            name,
            addressPrefix: '10.244.0.0/24',
            nextHopType: 'VirtualAppliance',
            nextHopIpAddress: '192.168.1.99',
          },
        ],
        [],
      ),
    );
    expect(reconcile(bent)).toBe(bent);
    expect(routesOf(bent, brought.tableId)).toContain('10.244.0.0/24 192.168.1.99');
  });

  it('leaves the routes of others alone', () => {
    const own = unwrap(
      createRoute(cloud, { ...table, name: 'mine' }, { addressPrefix: '10.9.0.0/16', nextHopType: 'None' }),
    );
    const scaled = unwrap(
      scaleAgentPool(own, { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' }, 1),
    );
    expect(routesOf(scaled, brought.tableId)).toEqual(['10.244.0.0/24 192.168.1.4', '10.9.0.0/16']);
  });

  it('keeps writing to its table after someone took it off the subnet, but AKS takes no changes then', () => {
    const name_ = { resourceGroup: NET, virtualNetwork: 'vnet', name: 'nodes' };
    const bare = unwrap(updateSubnet(cloud, name_, { routeTable: null }));
    const emptied = reconcile(unwrap(deleteRoute(bare, { ...table, name })));
    expect(routesOf(emptied, brought.tableId)).toHaveLength(2);
    const refused = scaleAgentPool(bare, { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' }, 3);
    expect(!refused.ok && refused.error.code).toBe('CustomRouteTableInvalidUpdateAttempt');
    const back = unwrap(updateSubnet(bare, name_, { routeTable: brought.tableId }));
    expect(scaleAgentPool(back, { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' }, 3).ok).toBe(
      true,
    );
  });

  it('makes its table again when that is gone, attached to nothing', () => {
    const name_ = { resourceGroup: NET, virtualNetwork: 'vnet', name: 'nodes' };
    const bare = unwrap(updateSubnet(cloud, name_, { routeTable: null }));
    const after = reconcile(unwrap(deleteRouteTable(bare, NET, 'rt')));
    expect(routesOf(after, brought.tableId)).toHaveLength(2);
    expect(subnet(after, 'nodes').routeTable).toBeNull();
  });

  it('leaves a node without a route when the table is full, and pods stay away from it', () => {
    const own = Array.from({ length: 398 }, (_, at) => ({
      name: `own-${at}`,
      addressPrefix: `172.20.${Math.floor(at / 4)}.${(at % 4) * 64}/26`,
      nextHopType: 'None' as const,
    }));
    const full = unwrap(changeRoutes(cloud, brought.tableId, own, []));
    const name_ = { resourceGroup: GROUP, cluster: CLUSTER, name: 'nodepool1' };
    const scaled = unwrap(scaleAgentPool(full, name_, 3));
    const last = Object.values(stateOf(scaled).nodes).at(-1);
    expect(routesOf(scaled, brought.tableId)).toHaveLength(400);
    expect(last?.status.conditions.find((each) => each.type === 'NetworkUnavailable')?.reason).toBe(
      'NoRouteCreated',
    );
    expect(last?.spec.taints).toEqual([
      { key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' },
    ]);
    const deployed = unwrap(
      createDeployment(scaled, onlyCluster(scaled), {
        name: 'web',
        namespace: 'default',
        images: ['nginx'],
        replicas: 6,
      }),
    ).cloud;
    expect(podsIn(deployed, 'default').map((each) => each.spec.nodeName)).not.toContain(last?.metadata.name);
    const freed = reconcile(unwrap(changeRoutes(deployed, brought.tableId, [], ['own-0'])));
    expect(Object.values(stateOf(freed).nodes).at(-1)?.spec.taints).toBeUndefined();
  });

  it('has one table for all subnets of a cluster', () => {
    let two = unwrap(createRouteTable(cloud, { resourceGroup: NET, name: 'other' }));
    const other = findResource(two, 'Microsoft.Network/routeTables', NET, 'other')?.id ?? '';
    two = unwrap(
      updateSubnet(two, { resourceGroup: NET, virtualNetwork: 'vnet', name: 'more' }, { routeTable: other }),
    );
    const pool = { name: 'pool2', count: 1, vnetSubnetId: subnet(two, 'more').id };
    const refused = addAgentPool(two, { resourceGroup: GROUP, cluster: CLUSTER }, pool);
    expect(!refused.ok && refused.error.code).toBe('TooManyCustomRouteTables');
  });
});
