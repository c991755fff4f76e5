import { notSimulated } from '../../model/azure/error.ts';
import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import { listResources, sameId } from '../../model/azure/resource-store.ts';
import type { RoleAssignment } from '../../model/azure/resources.ts';
import {
  BUILT_IN_ROLES,
  createRoleAssignment,
  deleteRoleAssignment,
  findRole,
  findRoleAssignments,
} from '../../model/azure/role-assignment.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import { drawGuid } from '../../model/chance.ts';
import type { AzArguments, AzCommand, AzFailure, Json } from './command.ts';
import { groupOf } from './network-json.ts';
import { anyResourceGroup, boolean, choice, flag, list, refused, text, yes } from './option.ts';
import {
  changed,
  optionalList,
  optionalText,
  refusedByAzure,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { isObject, plainText } from './output-format.ts';

interface Principal {
  readonly id: string;
  readonly name: string;
  readonly type: RoleAssignment['principalType'];
}

/** Everyone the simulated directory knows: the learner, user-assigned identities, clusters' own identities. */
function principals(cloud: Cloud): readonly (Principal & { readonly also: readonly string[] })[] {
  const { user } = cloud.subscription;
  return [
    { id: drawGuid(cloud, `principal-id/${user}`), name: user, type: 'User', also: [user] },
    ...listResources(cloud, 'Microsoft.ManagedIdentity/userAssignedIdentities').map((one) => ({
      id: one.principalId,
      name: one.clientId,
      type: 'ServicePrincipal' as const,
      also: [one.clientId],
    })),
    ...listResources(cloud, 'Microsoft.ContainerService/ManagedClusters').flatMap((one) =>
      one.identity.type === 'SystemAssigned'
        ? [{ id: one.identity.principalId, name: one.name, type: 'ServicePrincipal' as const, also: [] }]
        : [],
    ),
  ];
}

function findPrincipal(cloud: Cloud, text: string): Principal | null {
  const wanted = text.toLowerCase();
  return (
    principals(cloud).find(
      (one) => one.id === wanted || one.also.some((other) => other.toLowerCase() === wanted),
    ) ?? null
  );
}

function noSuchPrincipal(text: string): AzFailure {
  return {
    kind: 'usage',
    exitCode: 1,
    message: `Cannot find user or service principal in graph database for '${text}'. If the assignee is an appId, make sure the corresponding service principal is created with 'az ad sp create --id ${text}'.`,
  };
}

function wantedRole(text: string): Result<string, AzFailure> {
  const role = findRole(text);
  if (role !== null) return ok(role);
  return err({ kind: 'azure', ...notSimulated(`The role '${text}'`) });
}

function wantedScope(cloud: Cloud, args: AzArguments): Result<string | undefined, AzFailure> {
  const scope = optionalText(args, 'scope');
  const group = optionalText(args, 'resourceGroup');
  if (scope !== undefined) return ok(scope);
  if (group === undefined) return ok(undefined);
  const found = requireResourceGroup(cloud, group);
  return found.ok ? ok(found.value.id) : refusedByAzure(found.error);
}

function assignmentJson(cloud: Cloud, assignment: RoleAssignment): { readonly [key: string]: Json } {
  return {
    condition: null,
    conditionVersion: null,
    createdBy: null,
    delegatedManagedIdentityResourceId: null,
    description: null,
    id: assignment.id,
    name: assignment.name,
    principalId: assignment.principalId,
    principalType: assignment.principalType,
    ...(groupOf(assignment.scope) === '' ? {} : { resourceGroup: groupOf(assignment.scope) }),
    roleDefinitionId: `/subscriptions/${cloud.subscription.id}/providers/Microsoft.Authorization/roleDefinitions/${BUILT_IN_ROLES[assignment.roleDefinitionName] ?? ''}`,
    scope: assignment.scope,
    type: assignment.type,
    updatedBy: null,
  };
}

const assignee = text(
  '--assignee',
  'Represent a user, group, or service principal. Supported format: object id, user sign-in name, or service principal name.',
);
const role = text('--role', 'Role name or id.');
const scope = text('--scope', 'Scope at which the role assignment applies to.');

/** The assignments that the options of list and delete select. */
function selected(cloud: Cloud, args: AzArguments): Result<readonly RoleAssignment[], AzFailure> {
  const who = optionalText(args, 'assignee');
  const principal = who === undefined ? null : findPrincipal(cloud, who);
  if (who !== undefined && principal === null) return err(noSuchPrincipal(who));
  const what = optionalText(args, 'role');
  const named = what === undefined ? ok(undefined) : wantedRole(what);
  if (!named.ok) return named;
  const where = wantedScope(cloud, args);
  if (!where.ok) return where;
  const inherited = args['includeInherited'] === true;
  return ok(
    findRoleAssignments(cloud, {
      ...(principal === null ? {} : { principalId: principal.id }),
      ...(named.value === undefined ? {} : { roleDefinitionName: named.value }),
    }).filter((one) => {
      if (where.value === undefined) return true;
      if (sameId(one.scope, where.value)) return true;
      return inherited && where.value.toLowerCase().startsWith(`${one.scope.toLowerCase()}/`);
    }),
  );
}

export const roleAssignmentCommands: readonly AzCommand[] = [
  {
    path: ['role', 'assignment', 'create'],
    summary: 'Create a new role assignment for a user, group, or service principal.',
    options: [
      text('--role', 'Role name or id.', { required: true }),
      assignee,
      text(
        '--assignee-object-id',
        'Use this parameter instead of --assignee to bypass Graph API invocation.',
      ),
      choice(
        '--assignee-principal-type',
        ['User', 'Group', 'ServicePrincipal', 'ForeignGroup'],
        'Use with --assignee-object-id to avoid errors caused by propagation latency in Microsoft Graph.',
      ),
      scope,
      anyResourceGroup,
      ...refused('role assignment conditions', '--condition', '--condition-version'),
      text('--description', 'Description of role assignment.', { noEffect: 'nothing reads it' }),
      ...refused('names follow from the seed', '--name -n'),
    ],
    examples: [
      {
        does: 'Create role assignment for an assignee.',
        line: 'az role assignment create --assignee 00000000-0000-0000-0000-000000000000 --role "Network Contributor" --scope $SUBNET_ID',
      },
    ],
    run: (cloud, args) => {
      const who = optionalText(args, 'assignee');
      const objectId = optionalText(args, 'assigneeObjectId');
      if ((who === undefined) === (objectId === undefined)) {
        return usageFailure('usage error: --assignee STRING | --assignee-object-id GUID');
      }
      const principal = findPrincipal(cloud, who ?? objectId ?? '');
      if (principal === null && who !== undefined) return err(noSuchPrincipal(who));
      const named = wantedRole(textArgument(args, 'role'));
      if (!named.ok) return named;
      const where = wantedScope(cloud, args);
      if (!where.ok) return where;
      const principalId = principal?.id ?? objectId ?? '';
      const wanted = {
        principalId,
        principalType: principal?.type ?? 'ServicePrincipal',
        roleDefinitionName: named.value,
        scope: where.value ?? `/subscriptions/${cloud.subscription.id}`,
      };
      return changed(createRoleAssignment(cloud, wanted), (next) => {
        const [made] = findRoleAssignments(next, { ...wanted, scope: wanted.scope.replace(/\/+$/, '') });
        return made === undefined ? null : assignmentJson(next, made);
      });
    },
  },
  {
    path: ['role', 'assignment', 'list'],
    summary: 'List role assignments.',
    options: [
      flag('--all', 'Show all assignments under the current subscription.'),
      assignee,
      role,
      scope,
      anyResourceGroup,
      flag('--include-groups', 'Include extra assignments to the groups of which the user is a member.', {
        noEffect: 'nobody here is in a group',
      }),
      flag('--include-inherited', 'Include assignments applied on parent scopes.'),
      boolean(
        '--include-classic-administrators',
        'List default role assignments for classic administrators.',
        {
          noEffect: 'there are none',
        },
      ),
    ],
    run: (cloud, args) => {
      const found = selected(cloud, args);
      if (!found.ok) return found;
      const everywhere =
        args['all'] === true || args['scope'] !== undefined || args['resourceGroup'] !== undefined;
      const shownOnes = everywhere
        ? found.value
        : found.value.filter((one) => sameId(one.scope, `/subscriptions/${cloud.subscription.id}`));
      return ok({
        cloud,
        output: shownOnes.map((one) => ({
          ...assignmentJson(cloud, one),
          principalName: findPrincipal(cloud, one.principalId)?.name ?? '',
          roleDefinitionName: one.roleDefinitionName,
        })),
        table: (output) =>
          (Array.isArray(output) ? output : []).filter(isObject).map((one) => ({
            Principal: plainText(one['principalName']),
            Role: plainText(one['roleDefinitionName']),
            Scope: plainText(one['scope']),
          })),
      });
    },
  },
  {
    path: ['role', 'assignment', 'delete'],
    summary: 'Delete role assignments.',
    options: [
      list('--ids', 'Space-separated role assignment ids.'),
      assignee,
      role,
      scope,
      anyResourceGroup,
      flag('--include-inherited', 'Include assignments applied on parent scopes.'),
      yes,
    ],
    run: (cloud, args) => {
      const ids = optionalList(args, 'ids');
      if (ids !== undefined) return ok({ cloud: ids.reduce(deleteRoleAssignment, cloud) });
      const narrowed = ['assignee', 'role', 'scope', 'resourceGroup'].some(
        (dest) => args[dest] !== undefined,
      );
      if (!narrowed && args['yes'] !== true) {
        return usageFailure('This will delete all role assignments under the subscription. Use --yes.');
      }
      const found = selected(cloud, args);
      if (!found.ok) return found;
      if (found.value.length === 0) {
        return ok({ cloud, warnings: ['No matched assignments were found to delete'] });
      }
      return ok({ cloud: found.value.reduce((next, one) => deleteRoleAssignment(next, one.id), cloud) });
    },
  },
];
