/** `az role definition`: the roles there are, and custom ones. */
import {
  createRoleDefinition,
  deleteRoleDefinition,
  findRoleDefinition,
  listRoleDefinitions,
  updateRoleDefinition,
} from '../../model/azure/role-definition.ts';
import type { RoleDefinitionInput } from '../../model/azure/role-definition.ts';
import type { RoleDefinition, RolePermission } from '../../model/azure/resources.ts';
import { scopeCovers } from '../../model/azure/role-scope.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzFiles, Json } from './command.ts';
import { anyResourceGroup, boolean, text } from './option.ts';
import { changed, optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { readScope } from './role-directory.ts';

const scope = text(
  '--scope',
  'Scope at which the role assignment or definition applies to, e.g., /subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333.',
);
const customRoleOnly = boolean('--custom-role-only', 'Custom roles only(vs. build-in ones).');
const roleDefinition = text(
  '--role-definition',
  'Description of a role as JSON, or a path to a file containing a JSON description.',
  { required: true },
);

function definitionJson(role: RoleDefinition): Json {
  return {
    assignableScopes: role.assignableScopes,
    description: role.description,
    id: role.id,
    name: role.name,
    permissions: role.permissions.map(({ actions, dataActions, notActions, notDataActions }) => ({
      actions,
      dataActions,
      notActions,
      notDataActions,
    })),
    roleName: role.roleName,
    roleType: role.roleType,
    type: role.type,
  };
}

/** Returns the roles that the options of list and delete select. */
function selected(cloud: Cloud, args: AzArguments): Result<readonly RoleDefinition[], AzFailure> {
  const at = readScope(cloud, args);
  if (!at.ok) return at;
  const name = optionalText(args, 'name');
  return ok(
    listRoleDefinitions(cloud).filter(
      (role) =>
        (name === undefined || role.name === name || role.roleName === name) &&
        (args['customRoleOnly'] !== true || role.roleType === 'CustomRole') &&
        role.assignableScopes.some((holder) => holder === '/' || scopeCovers(holder, at.value)),
    ),
  );
}

interface Description extends RoleDefinitionInput {
  readonly id: string | null;
  readonly name: string | null;
}

/** Returns a role as its JSON describes it; keys may begin with a capital. */
function readDescription(args: AzArguments, files: AzFiles): Result<Description, AzFailure> {
  const given = textArgument(args, 'roleDefinition');
  const source = files.read(given) ?? given;
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    return usageFailure(
      `Failed to parse string as JSON:\n${source}\nError detail: it is neither JSON nor the path of a file.`,
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return usageFailure('Invalid role definition. A valid dictionary JSON representation is expected.');
  }
  const entries = Object.entries(parsed).map(([key, value]): [string, unknown] => [
    key.slice(0, 1).toLowerCase() + key.slice(1),
    value,
  ]);
  const fields = new Map(entries);
  const known = ['actions', 'notActions', 'dataActions', 'notDataActions'] as const;
  const permissions = fields.get('permissions');
  const sources: readonly unknown[] = Array.isArray(permissions)
    ? permissions
    : [Object.fromEntries(known.map((key) => [key, fields.get(key)]))];
  return ok({
    id: textOf(fields.get('id')),
    name: textOf(fields.get('name')),
    roleName: textOf(fields.get('roleName')) ?? '',
    description: textOf(fields.get('description')),
    assignableScopes: textsOf(fields.get('assignableScopes')),
    permissions: sources.map(permissionOf),
  });
}

function permissionOf(source: unknown): RolePermission {
  const fields = new Map(Object.entries(typeof source === 'object' && source !== null ? source : {}));
  const get = (key: string): readonly string[] =>
    textsOf(fields.get(key) ?? fields.get(key.slice(0, 1).toUpperCase() + key.slice(1)));
  return {
    actions: get('actions'),
    notActions: get('notActions'),
    dataActions: get('dataActions'),
    notDataActions: get('notDataActions'),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function inputOf({ roleName, description, permissions, assignableScopes }: Description): RoleDefinitionInput {
  return { roleName, description, permissions, assignableScopes };
}

function print(roleName: string): (cloud: Cloud) => Json {
  return (cloud) => {
    const role = findRoleDefinition(cloud, roleName);
    return role === null ? null : definitionJson(role);
  };
}

export const roleDefinitionCommands: readonly AzCommand[] = [
  {
    path: ['role', 'definition', 'list'],
    summary: 'List role definitions.',
    options: [text('--name -n', "The role's name."), scope, anyResourceGroup, customRoleOnly],
    examples: [
      {
        does: 'Show what a role allows.',
        line: 'az role definition list --name "Network Contributor" --query "[0].permissions[0].actions"',
      },
    ],
    run: (cloud, args) => {
      const found = selected(cloud, args);
      if (!found.ok) return found;
      return ok({
        cloud,
        output: found.value.map(definitionJson),
        table: (output) =>
          (Array.isArray(output) ? output : []).filter(isObject).map((one) => ({
            Name: plainText(one['roleName'] ?? null),
            Type: plainText(one['type'] ?? null),
            Description: plainText(one['description'] ?? null),
          })),
      });
    },
  },
  {
    path: ['role', 'definition', 'show'],
    summary: 'Show a role definition.',
    options: [
      text('--id', "The role definition's full ID, including scope."),
      text('--name -n', "The role definition's name (GUID)."),
      scope,
    ],
    examples: [
      {
        does: 'Show what the role Network Contributor allows.',
        line: 'az role definition show --scope /subscriptions/00000000-0000-0000-0000-000000000000 --name 4d97b98b-1d4f-4787-a291-c67834d212e7',
      },
    ],
    run: (cloud, args) => {
      const id = optionalText(args, 'id');
      const name = optionalText(args, 'name');
      if (id === undefined && (name === undefined || optionalText(args, 'scope') === undefined)) {
        return usageFailure('Usage error: Provide both --scope and --name, or --id.');
      }
      const wanted = (id ?? name ?? '').split('/').at(-1)?.toLowerCase() ?? '';
      const role = listRoleDefinitions(cloud).find((one) => one.name === wanted);
      return role === undefined
        ? refusedByAzure({
            code: 'RoleDefinitionDoesNotExist',
            message: `The specified role definition with ID '${wanted.replaceAll('-', '')}' does not exist.`,
          })
        : ok({ cloud, output: definitionJson(role) });
    },
  },
  {
    path: ['role', 'definition', 'create'],
    summary: 'Create a custom role definition.',
    options: [roleDefinition],
    examples: [
      {
        does: 'Create a role from a file containing a JSON description.',
        line: 'az role definition create --role-definition @role.json',
      },
    ],
    reads: (args) => [textArgument(args, 'roleDefinition')],
    run: (cloud, args, files) => {
      const read = readDescription(args, files);
      if (!read.ok) return read;
      const { name } = read.value;
      if (name === null) return usageFailure('please provide role name');
      if (read.value.assignableScopes.length === 0) {
        return usageFailure("please provide 'assignableScopes'");
      }
      return changed(createRoleDefinition(cloud, { ...inputOf(read.value), roleName: name }), print(name));
    },
  },
  {
    path: ['role', 'definition', 'update'],
    summary: 'Update a role definition.',
    options: [roleDefinition],
    examples: [
      {
        does: 'Update a role from what a list printed of it.',
        line: 'az role definition update --role-definition @role.json',
      },
    ],
    reads: (args) => [textArgument(args, 'roleDefinition')],
    run: (cloud, args, files) => {
      const read = readDescription(args, files);
      if (!read.ok) return read;
      const { id, name } = read.value;
      const wanted = id === null ? name : id.slice(id.lastIndexOf('/') + 1);
      const role = listRoleDefinitions(cloud).find(
        (one) => one.name === wanted || (id === null && one.roleName === name),
      );
      if (role === undefined) {
        if (id === null) return usageFailure(`No definition was found with the name of "${name ?? ''}"`);
        return refusedByAzure({
          code: 'RoleDefinitionDoesNotExist',
          message: `The specified role definition with ID '${wanted ?? ''}' does not exist.`,
        });
      }
      const roleName = id === null ? role.roleName : read.value.roleName || role.roleName;
      const updated = changed(
        updateRoleDefinition(cloud, role.name, { ...inputOf(read.value), roleName }),
        print(roleName),
      );
      if (!updated.ok || id !== null) return updated;
      return ok({
        ...updated.value,
        warnings: ['Role "id" is missing. Look for the role in the current subscription...'],
      });
    },
  },
  {
    path: ['role', 'definition', 'delete'],
    summary: 'Delete a role definition.',
    options: [
      text('--name -n', "The role's name.", { required: true }),
      scope,
      anyResourceGroup,
      customRoleOnly,
    ],
    examples: [{ does: 'Delete a custom role.', line: 'az role definition delete --name MyRole' }],
    run: (cloud, args) => {
      const found = selected(cloud, args);
      if (!found.ok) return found;
      let next = cloud;
      for (const role of found.value) {
        const removed = deleteRoleDefinition(next, role.name);
        if (!removed.ok) return refusedByAzure(removed.error);
        next = removed.value;
      }
      return ok({ cloud: next });
    },
  },
];
