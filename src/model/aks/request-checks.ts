/** What AKS checks about a request for a cluster, apart from ranges, versions and pools. */
import type { AzureError } from '../azure/error.ts';
import { azureError } from '../azure/error.ts';
import { isAllowed } from '../azure/permissions.ts';
import { findResourceGroup } from '../azure/resource-group.ts';
import { getResource } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { checkNodeResourceGroupName } from './names.ts';
import { checkNetworkNames } from './network-names.ts';
import { checkKubenetSubnet, requireBroughtSubnet } from './node-network.ts';
import type { BroughtSubnet, ClusterIdentity } from './node-network.ts';
import type { PluginChoice } from './plugin-choice.ts';

const JOIN = 'Microsoft.Network/virtualNetworks/subnets/join/action';
/** What the cloud controller does with a brought route table. */
const ROUTE_ACTIONS = [
  'Microsoft.Network/routeTables/read',
  'Microsoft.Network/routeTables/write',
  'Microsoft.Network/routeTables/routes/read',
  'Microsoft.Network/routeTables/routes/write',
];
const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** Checks the node resource group's name and that it is free. */
export function checkNodeGroup(cloud: Cloud, name: string, clusterGroup: string): Result<null, AzureError> {
  const checked = checkNodeResourceGroupName(name);
  if (!checked.ok) return checked;
  if (name.toLowerCase() === clusterGroup.toLowerCase()) {
    return err(
      azureError(
        'NodeResourceGroupSameAsResourceGroup',
        `The node resource group '${name}' must not be the resource group of the cluster.`,
        'nodeResourceGroup',
      ),
    );
  }
  if (findResourceGroup(cloud, name) !== null) {
    return err(
      azureError(
        'NodeResourceGroupAlreadyExists',
        `The node resource group '${name}' already exists. Provide a name that is not in use.`,
        'nodeResourceGroup',
      ),
    );
  }
  return ok(null);
}

/** Returns who acts for the cluster. Error: `ResourceNotFound` for an identity that is not there. */
export function findIdentity(cloud: Cloud, id: string | null): Result<ClusterIdentity, AzureError> {
  if (id === null) return ok({ kind: 'system-assigned' });
  const identity = getResource(cloud, id, IDENTITY);
  if (identity === null) {
    return err(
      azureError(
        'ResourceNotFound',
        `The user assigned identity ${id} was not found. Make sure it exists and its resource ID is spelled right.`,
        'identity.userAssignedIdentities',
      ),
    );
  }
  return ok({
    kind: 'user-assigned',
    principalId: identity.principalId,
    clientId: identity.clientId,
  });
}

/** Returns the customer's subnet, or null for a network that AKS makes. Errors: as `requireBroughtSubnet`. */
export function findBrought(
  cloud: Cloud,
  subnetId: string | null,
  location: string,
): Result<BroughtSubnet | null, AzureError> {
  return subnetId === null ? ok(null) : requireBroughtSubnet(cloud, subnetId, location);
}

export interface SubnetRequest {
  readonly plugin: PluginChoice;
  readonly identity: ClusterIdentity;
  readonly subnetRoleAssignment: 'grant' | 'skip';
  /** The scale set that is to join the subnet. */
  readonly scaleSetId: string;
}

/** Checks rights, name and route table of a brought subnet. */
export function checkSubnet(
  cloud: Cloud,
  brought: BroughtSubnet | null,
  request: SubnetRequest,
): Result<null, AzureError> {
  const { plugin, identity } = request;
  if (brought === null) return ok(null);
  const rights = checkRights(cloud, brought.subnet, request);
  if (!rights.ok) return rights;
  if (plugin.networkPluginMode === 'overlay') {
    const named = checkNetworkNames(brought.subnet.id, 'agentPoolProfile.vnetSubnetID');
    if (!named.ok) return named;
  }
  return plugin.networkPlugin === 'kubenet' ? checkKubenetSubnet(cloud, brought.subnet, identity) : ok(null);
}

/**
 * Checks what the cluster's identity may do on what it was brought, where azure-cli does not grant it. A
 * system-assigned identity exists only after the cluster: nothing asks for its rights before, as
 * azure-cli grants them afterwards (managed_cluster_decorator.py, need_post_creation_vnet_permission_granting).
 * Errors: `LinkedAuthorizationFailed` for the subnet, `CustomRouteTableMissingPermission`.
 */
function checkRights(
  cloud: Cloud,
  subnet: Subnet,
  { plugin, identity, subnetRoleAssignment, scaleSetId }: SubnetRequest,
): Result<null, AzureError> {
  if (subnetRoleAssignment === 'grant' || identity.kind === 'system-assigned') return ok(null);
  const { principalId, clientId } = identity;
  if (!isAllowed(cloud, principalId, JOIN, subnet.id)) {
    return err(
      azureError(
        'LinkedAuthorizationFailed',
        `The client '${clientId}' with object id '${principalId}' has permission to perform action 'Microsoft.Compute/virtualMachineScaleSets/write' on scope '${scaleSetId}'; however, it does not have permission to perform action '${JOIN}' on the linked scope(s) '${subnet.id}' or the linked scope(s) are invalid.`,
      ),
    );
  }
  const table = subnet.routeTable?.id ?? null;
  if (plugin.networkPlugin !== 'kubenet' || table === null) return ok(null);
  if (ROUTE_ACTIONS.every((action) => isAllowed(cloud, principalId, action, table))) return ok(null);
  return err(
    azureError(
      'CustomRouteTableMissingPermission',
      `Managed identity or service principle must be given permission to read and write to custom route table ${table}. Please see https://aka.ms/aks/customrt for more information`,
    ),
  );
}
