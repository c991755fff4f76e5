/** What a principal may do: the actions of the roles that are assigned to it. */
import type { Cloud } from '../cloud.ts';
import { listResources } from './resource-store.ts';
import type { RolePermission } from './resources.ts';
import { findRoleDefinition } from './role-definition.ts';
import { scopeCovers } from './role-scope.ts';

/**
 * Reports whether a principal may perform an action, such as
 * `Microsoft.Network/virtualNetworks/subnets/join/action`, on a resource: one of the roles assigned to it
 * at the resource or above has the action and does not take it back.
 */
export function isAllowed(cloud: Cloud, principalId: string, action: string, scope: string): boolean {
  return listResources(cloud, 'Microsoft.Authorization/roleAssignments').some((assignment) => {
    if (assignment.principalId !== principalId || !scopeCovers(assignment.scope, scope)) return false;
    const role = findRoleDefinition(cloud, assignment.roleDefinitionName);
    return role !== null && role.permissions.some((permission) => grants(permission, action));
  });
}

function grants({ actions, notActions }: RolePermission, action: string): boolean {
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesAction(pattern, action));
  return matches(actions) && !matches(notActions);
}

/** A `*` stands for any text, slashes too. */
function matchesAction(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  const [head = '', ...rest] = parts;
  if (!text.startsWith(head)) return false;
  if (rest.length === 0) return text === head;
  let at = head.length;
  const tail = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
