import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import {
  armKey,
  findResourceGroup,
  listResources,
  putResource,
  removeResource,
  sameId,
} from './resource-store.ts';
import type { RoleAssignment } from './resources.ts';

const TYPE = 'Microsoft.Authorization/roleAssignments';

/** Built-in roles that the course uses, and their role definition ids, which are the same in every tenant. */
export const BUILT_IN_ROLES: Readonly<Record<string, string>> = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  'Azure Kubernetes Service Cluster User Role': '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  'Azure Kubernetes Service Cluster Admin Role': '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8',
  'Azure Kubernetes Service Contributor Role': 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8',
  'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
};

/** Returns a built-in role's own spelling by name or definition id, or null. */
export function findRole(text: string): string | null {
  const wanted = text.slice(text.lastIndexOf('/') + 1).toLowerCase();
  for (const [name, id] of Object.entries(BUILT_IN_ROLES)) {
    if (name.toLowerCase() === wanted || id === wanted) return name;
  }
  return null;
}

export interface RoleAssignmentInput {
  readonly principalId: string;
  readonly principalType: RoleAssignment['principalType'];
  readonly roleDefinitionName: string;
  readonly scope: string;
}

/** Assigns a role; the same assignment twice changes nothing. Error: `InvalidScope` for a scope that does not exist. */
export function createRoleAssignment(cloud: Cloud, input: RoleAssignmentInput): Result<Cloud, AzureError> {
  const scope = input.scope.replace(/\/+$/, '');
  if (!scopeExists(cloud, scope)) {
    return err(
      azureError(
        'MissingSubscription',
        `The request did not have a valid scope. The scope '${scope}' was not found.`,
      ),
    );
  }
  if (findRoleAssignments(cloud, { ...input, scope }).length > 0) return ok(cloud);
  const name = drawGuid(
    cloud,
    `role-assignment/${input.principalId}/${input.roleDefinitionName}/${armKey(scope)}`,
  );
  return ok(
    putResource(cloud, {
      id: `${scope}/providers/${TYPE}/${name}`,
      name,
      type: TYPE,
      principalId: input.principalId,
      principalType: input.principalType,
      roleDefinitionName: input.roleDefinitionName,
      scope,
    }),
  );
}

/** Returns the assignments that match every given key; the scope must be equal, not a parent. */
export function findRoleAssignments(
  cloud: Cloud,
  query: Partial<Omit<RoleAssignmentInput, 'principalType'>>,
): readonly RoleAssignment[] {
  return listResources(cloud, TYPE).filter(
    (one) =>
      (query.principalId === undefined || one.principalId === query.principalId) &&
      (query.roleDefinitionName === undefined || one.roleDefinitionName === query.roleDefinitionName) &&
      (query.scope === undefined || sameId(one.scope, query.scope)),
  );
}

/** Returns the cloud without an assignment; the same cloud if it was not there. */
export function deleteRoleAssignment(cloud: Cloud, id: string): Cloud {
  return removeResource(cloud, id);
}

function scopeExists(cloud: Cloud, scope: string): boolean {
  const key = armKey(scope);
  const subscription = armKey(`/subscriptions/${cloud.subscription.id}`);
  if (key === subscription || cloud.resources[key] !== undefined) return true;
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)$/.exec(key);
  if (group !== null)
    return key.startsWith(subscription) && findResourceGroup(cloud, group[1] ?? '') !== null;
  // A subnet or another child: its parent must be there.
  const parent = key.split('/').slice(0, -2).join('/');
  const holder = cloud.resources[parent];
  return (
    holder?.type === 'Microsoft.Network/virtualNetworks' &&
    holder.subnets.some((subnet) => armKey(subnet.id) === key)
  );
}
