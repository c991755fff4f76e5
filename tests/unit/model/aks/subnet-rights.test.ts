/** What the identity of a cluster must be allowed on a brought network if azure-cli does not grant it. */
import { describe, expect, it } from 'vitest';
import { createManagedCluster } from '../../../../src/model/aks/create-managed-cluster.ts';
import type { AzureError } from '../../../../src/model/azure/error.ts';
import { findResource } from '../../../../src/model/azure/resource-store.ts';
import { createRoleAssignment, findRoleAssignments } from '../../../../src/model/azure/role-assignment.ts';
import { createRoleDefinition } from '../../../../src/model/azure/role-definition.ts';
import { createRouteTable } from '../../../../src/model/azure/route-table.ts';
import { updateSubnet } from '../../../../src/model/azure/subnet.ts';
import { createUserAssignedIdentity } from '../../../../src/model/azure/user-assigned-identity.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Result } from '../../../../src/model/result.ts';
import { cloudWithSubnets, subnetNamed } from '../../../support/azure-cni-cluster.ts';
import { CLUSTER, GROUP } from '../../../support/kubenet-cluster.ts';

const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const JOIN = 'Microsoft.Network/virtualNetworks/subnets/join/action';

function withIdentity(): Cloud {
  return unwrap(createUserAssignedIdentity(cloudWithSubnets(), { resourceGroup: GROUP, name: 'cluster-id' }));
}

function identityOf(cloud: Cloud): { readonly id: string; readonly principalId: string } {
  const identity = findResource(cloud, IDENTITY, GROUP, 'cluster-id');
  if (identity === null) throw new Error('no identity');
  return identity;
}

function create(
  cloud: Cloud,
  subnetRoleAssignment: 'grant' | 'skip',
  identity: 'user-assigned' | 'system-assigned' = 'user-assigned',
  networkPlugin: 'azure' | 'kubenet' = 'azure',
): Result<Cloud, AzureError> {
  return createManagedCluster(cloud, {
    resourceGroup: GROUP,
    name: CLUSTER,
    networkPlugin,
    subnetRoleAssignment,
    identityId: identity === 'user-assigned' ? identityOf(cloud).id : null,
    pool: { name: 'nodepool1', count: 1, vnetSubnetId: subnetNamed(cloud, 'nodes') },
  });
}

function withRole(cloud: Cloud, roleDefinitionName: string, scope: string): Cloud {
  return unwrap(
    createRoleAssignment(cloud, {
      principalId: identityOf(cloud).principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionName,
      scope,
    }),
  );
}

function withCustomRole(cloud: Cloud, actions: readonly string[]): Cloud {
  return unwrap(
    createRoleDefinition(cloud, {
      roleName: 'Node Joiner',
      description: null,
      permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
      assignableScopes: [`/subscriptions/${cloud.subscription.id}`],
    }),
  );
}

describe('a brought subnet', () => {
  it('needs no right beforehand where azure-cli grants it', () => {
    const cloud = withIdentity();
    const made = unwrap(create(cloud, 'grant'));
    const { principalId } = identityOf(made);
    expect(findRoleAssignments(made, { principalId }).map((each) => each.scope)).toEqual([
      subnetNamed(made, 'nodes'),
    ]);
  });

  it('is refused to an identity without rights if that is skipped, and nothing is granted', () => {
    const made = create(withIdentity(), 'skip');
    expect(made.ok ? 'accepted' : made.error.code).toBe('LinkedAuthorizationFailed');
    expect(made.ok ? '' : made.error.message).toContain(
      `does not have permission to perform action '${JOIN}'`,
    );
  });

  const vnetOf = (cloud: Cloud): string => subnetNamed(cloud, 'nodes').replace(/\/subnets\/.*/, '');
  const rows: readonly [string, (cloud: Cloud) => Cloud, 'accepted' | 'refused'][] = [
    [
      'Network Contributor on the subnet',
      (cloud) => withRole(cloud, 'Network Contributor', subnetNamed(cloud, 'nodes')),
      'accepted',
    ],
    [
      'Network Contributor on the VNet',
      (cloud) => withRole(cloud, 'Network Contributor', vnetOf(cloud)),
      'accepted',
    ],
    [
      'Contributor on the group',
      (cloud) =>
        withRole(cloud, 'Contributor', `/subscriptions/${cloud.subscription.id}/resourceGroups/${GROUP}`),
      'accepted',
    ],
    [
      'Owner on the subscription',
      (cloud) => withRole(cloud, 'Owner', `/subscriptions/${cloud.subscription.id}`),
      'accepted',
    ],
    [
      'a custom role with that one action',
      (cloud) => withRole(withCustomRole(cloud, [JOIN]), 'Node Joiner', subnetNamed(cloud, 'nodes')),
      'accepted',
    ],
    ['Reader on the VNet', (cloud) => withRole(cloud, 'Reader', vnetOf(cloud)), 'refused'],
    [
      'Network Contributor on another subnet',
      (cloud) => withRole(cloud, 'Network Contributor', subnetNamed(cloud, 'pods')),
      'refused',
    ],
    [
      'a custom role that only reads subnets',
      (cloud) =>
        withRole(
          withCustomRole(cloud, ['Microsoft.Network/virtualNetworks/subnets/read']),
          'Node Joiner',
          subnetNamed(cloud, 'nodes'),
        ),
      'refused',
    ],
  ];
  it.each(rows)('with %s', (_, prepare, outcome) => {
    const made = create(prepare(withIdentity()), 'skip');
    expect(made.ok ? 'accepted' : 'refused').toBe(outcome);
  });

  it('is no question of rights for a system-assigned identity, which comes after the cluster', () => {
    const made = unwrap(create(withIdentity(), 'skip', 'system-assigned'));
    expect(findRoleAssignments(made, {})).toEqual([]);
  });
});

describe('a brought route table', () => {
  function withTable(): Cloud {
    const cloud = unwrap(createRouteTable(withIdentity(), { resourceGroup: GROUP, name: 'rt' }));
    const routeTable = findResource(cloud, 'Microsoft.Network/routeTables', GROUP, 'rt')?.id ?? null;
    return unwrap(
      updateSubnet(cloud, { resourceGroup: GROUP, virtualNetwork: 'vnet', name: 'nodes' }, { routeTable }),
    );
  }

  it.each([
    ['kubenet', ['rt', 'nodes']],
    ['azure', ['nodes']],
  ] as const)('gets a role from azure-cli only where the plugin writes routes: %s', (plugin, scopes) => {
    const made = unwrap(create(withTable(), 'grant', 'user-assigned', plugin));
    const { principalId } = identityOf(made);
    const given = findRoleAssignments(made, { principalId }).map(({ scope }) => scope.split('/').at(-1));
    expect(given.sort()).toEqual([...scopes].sort());
  });

  it('needs the right to write it too with kubenet', () => {
    const cloud = withTable();
    const joined = withRole(cloud, 'Network Contributor', subnetNamed(cloud, 'nodes'));
    const refused = create(joined, 'skip', 'user-assigned', 'kubenet');
    expect(refused.ok ? 'accepted' : refused.error.code).toBe('CustomRouteTableMissingPermission');
    const table = findResource(joined, 'Microsoft.Network/routeTables', GROUP, 'rt')?.id ?? '';
    const both = withRole(joined, 'Network Contributor', table);
    expect(create(both, 'skip', 'user-assigned', 'kubenet').ok).toBe(true);
  });
});
