import type { UserAssignedIdentity } from '../../model/azure/resources.ts';
import {
  createUserAssignedIdentity,
  deleteUserAssignedIdentity,
} from '../../model/azure/user-assigned-identity.ts';
import type { AzCommand } from './command.ts';
import type { JsonObject } from './network-json.ts';
import {
  anyResourceGroup,
  groupOfId,
  location,
  nameOfId,
  refused,
  resourceGroup,
  since,
  tags,
  text,
} from './option.ts';
import { changed, given, optionalTags, optionalText, textArgument } from './outcome.ts';
import { deleteCommand, listCommand, printNamed, showCommand } from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.ManagedIdentity/userAssignedIdentities'> = {
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  path: ['identity'],
  json: (_cloud, identity) => identityJson(identity),
};

const name = nameOfId('--name -n', 'The name of the identity resource.');

function identityJson(identity: UserAssignedIdentity): JsonObject {
  return {
    clientId: identity.clientId,
    id: identity.id,
    location: identity.location,
    name: identity.name,
    principalId: identity.principalId,
    resourceGroup: identity.resourceGroup,
    systemData: null,
    tags: identity.tags ?? {},
    tenantId: identity.tenantId,
    type: identity.type,
  };
}

export const identityCommands: readonly AzCommand[] = [
  {
    path: ['identity', 'create'],
    summary: 'Create or update an identity in the specified subscription and resource group.',
    options: [
      text('--name -n', 'The name of the identity resource.', { required: true }),
      resourceGroup,
      location,
      tags,
      ...since('2.82.0', ...refused('identities that only one region may use', '--isolation-scope')),
      ...since('2.88.0', ...refused('identities that only some resources may use', '--resource-restriction')),
    ],
    examples: [
      {
        does: 'Create an identity.',
        line: 'az identity create --name MyIdentity --resource-group MyResourceGroup',
      },
    ],
    run: (cloud, args) =>
      changed(
        createUserAssignedIdentity(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({ location: optionalText(args, 'location'), tags: optionalTags(args) }),
        }),
        (next) => printNamed(kind, next, args),
        3,
      ),
  },
  showCommand(kind, { summary: 'Get the details of the identity.', options: [groupOfId, name] }),
  listCommand(kind, { summary: 'List Managed Identities.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete the identity.', options: [groupOfId, name] },
    deleteUserAssignedIdentity,
    1,
  ),
];
