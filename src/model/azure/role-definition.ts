/** Role definitions: the built-in ones that the course uses, and custom roles. */
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { BUILT_IN_ROLES } from './built-in-roles.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { listResources, putResource, removeResource } from './resource-store.ts';
import type { RoleDefinition, RolePermission } from './resources.ts';
import { scopeCovers, scopeExists } from './role-scope.ts';

const TYPE = 'Microsoft.Authorization/roleDefinitions';

export interface RoleDefinitionInput {
  readonly roleName: string;
  readonly description: string | null;
  readonly permissions: readonly RolePermission[];
  readonly assignableScopes: readonly string[];
}

/** Returns every role that can be assigned: the built-in ones, then custom ones. */
export function listRoleDefinitions(cloud: Cloud): readonly RoleDefinition[] {
  const builtIn = BUILT_IN_ROLES.map((role): RoleDefinition => ({
    id: definitionId(cloud, role.name),
    name: role.name,
    type: TYPE,
    roleName: role.roleName,
    roleType: 'BuiltInRole',
    description: role.description,
    permissions: [
      { actions: role.actions, notActions: role.notActions ?? [], dataActions: [], notDataActions: [] },
    ],
    assignableScopes: ['/'],
  }));
  return [...builtIn, ...listResources(cloud, TYPE)];
}

/** Returns a role by its name (any case), its definition's GUID or that one's resource id; or null. */
export function findRoleDefinition(cloud: Cloud, text: string): RoleDefinition | null {
  const wanted = text.slice(text.lastIndexOf('/') + 1).toLowerCase();
  const roles = listRoleDefinitions(cloud);
  return (
    roles.find((role) => role.name === wanted) ??
    roles.find((role) => role.roleName.toLowerCase() === text.toLowerCase()) ??
    null
  );
}

/**
 * Creates a custom role. Errors: `RoleDefinitionWithSameNameExists`, `InvalidRoleDefinition` (no name,
 * an action of no form), `MissingAssignableScopes`, `LinkedInvalidPropertyId` for a scope that is none.
 */
export function createRoleDefinition(cloud: Cloud, input: RoleDefinitionInput): Result<Cloud, AzureError> {
  const same = findByName(cloud, input.roleName);
  if (same !== null) {
    return err(
      azureError(
        'RoleDefinitionWithSameNameExists',
        `A custom role with the same name already exists in this directory. Use a different name.`,
      ),
    );
  }
  const checked = check(cloud, input);
  if (checked !== null) return err(checked);
  const name = drawGuid(cloud, `role-definition/${input.roleName.toLowerCase()}`);
  return ok(
    putResource(cloud, {
      id: definitionId(cloud, name),
      name,
      type: TYPE,
      roleType: 'CustomRole',
      ...input,
    }),
  );
}

/** Changes a custom role. Errors: `RoleDefinitionDoesNotExist`, and those of `createRoleDefinition`. */
export function updateRoleDefinition(
  cloud: Cloud,
  name: string,
  input: RoleDefinitionInput,
): Result<Cloud, AzureError> {
  const role = listResources(cloud, TYPE).find((one) => one.name === name);
  if (role === undefined) return err(absent(name));
  const same = findByName(cloud, input.roleName);
  if (same !== null && same.name !== name) {
    return err(
      azureError(
        'RoleDefinitionWithSameNameExists',
        `A custom role with the same name already exists in this directory. Use a different name.`,
      ),
    );
  }
  const checked = check(cloud, input);
  if (checked !== null) return err(checked);
  const renamed = listResources(cloud, 'Microsoft.Authorization/roleAssignments')
    .filter((one) => one.roleDefinitionName === role.roleName)
    .reduce((next, one) => putResource(next, { ...one, roleDefinitionName: input.roleName }), cloud);
  return ok(putResource(renamed, { ...role, ...input }));
}

/**
 * Deletes a custom role. Errors: `RoleDefinitionDoesNotExist`, `RoleDefinitionHasAssignments` while it
 * is assigned, `BuiltInRoleDefinitionCannotBeDeleted`.
 */
export function deleteRoleDefinition(cloud: Cloud, name: string): Result<Cloud, AzureError> {
  const role = listRoleDefinitions(cloud).find((one) => one.name === name);
  if (role === undefined) return err(absent(name));
  if (role.roleType === 'BuiltInRole') {
    return err(
      azureError(
        'RoleDefinitionCannotBeDeleted',
        `The role definition '${role.name}' is a built-in role and cannot be deleted.`,
      ),
    );
  }
  const assigned = listResources(cloud, 'Microsoft.Authorization/roleAssignments').some(
    (one) => one.roleDefinitionName === role.roleName,
  );
  if (assigned) {
    return err(
      azureError(
        'RoleDefinitionHasAssignments',
        'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
      ),
    );
  }
  return ok(removeResource(cloud, role.id));
}

function absent(name: string): AzureError {
  return azureError(
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${name}' does not exist.`,
  );
}

function findByName(cloud: Cloud, roleName: string): RoleDefinition | null {
  const wanted = roleName.toLowerCase();
  return listRoleDefinitions(cloud).find((role) => role.roleName.toLowerCase() === wanted) ?? null;
}

function check(cloud: Cloud, input: RoleDefinitionInput): AzureError | null {
  for (const { actions, notActions, dataActions, notDataActions } of input.permissions) {
    for (const action of [...actions, ...notActions, ...dataActions, ...notDataActions]) {
      if (/^(\*|[\w.*-]+(\/[\w.*-]+)+)$/.test(action)) continue;
      return azureError(
        'InvalidActionOrNotAction',
        `'${action}' does not match any of the actions supported by the providers.`,
      );
    }
  }
  if (input.assignableScopes.length === 0) {
    return azureError(
      'MissingAssignableScopes',
      'The role definition must have at least one assignable scope.',
    );
  }
  for (const scope of input.assignableScopes) {
    if (!/^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?$/i.test(scope) || !scopeExists(cloud, scope)) {
      return azureError(
        'LinkedInvalidPropertyId',
        `Property id '${scope}' at path 'properties.assignableScopes[0]' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
      );
    }
  }
  return null;
}

function definitionId(cloud: Cloud, name: string): string {
  return `/subscriptions/${cloud.subscription.id}/providers/${TYPE}/${name}`;
}

/** Reports whether a role may be assigned at a scope: one of its assignable scopes holds it. */
export function assignableAt(role: RoleDefinition, scope: string): boolean {
  return role.assignableScopes.some((holder) => holder === '/' || scopeCovers(holder, scope));
}
