import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import { findResource, listResources, requireResource } from '../../model/azure/resource-store.ts';
import type { UserAssignedIdentity } from '../../model/azure/resources.ts';
import {
  createUserAssignedIdentity,
  deleteUserAssignedIdentity,
} from '../../model/azure/user-assigned-identity.ts';
import { ok } from '../../model/result.ts';
import type { AzCommand, Json } from './command.ts';
import { anyResourceGroup, groupOfId, location, nameOfId, resourceGroup, tags, text } from './option.ts';
import {
  changed,
  given,
  optionalTags,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
} from './outcome.ts';

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const name = nameOfId('--name -n', 'The name of the identity resource.');

function identityJson(identity: UserAssignedIdentity): Json {
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
    ],
    examples: [
      {
        does: 'Create an identity.',
        line: 'az identity create --name MyIdentity --resource-group MyResourceGroup',
      },
    ],
    run: (cloud, args) => {
      const group = textArgument(args, 'resourceGroup');
      const wanted = textArgument(args, 'name');
      return changed(
        createUserAssignedIdentity(cloud, {
          resourceGroup: group,
          name: wanted,
          ...given({ location: optionalText(args, 'location'), tags: optionalTags(args) }),
        }),
        (next) => {
          const identity = findResource(next, TYPE, group, wanted);
          return identity === null ? null : identityJson(identity);
        },
        3,
      );
    },
  },
  {
    path: ['identity', 'show'],
    summary: 'Get the details of the identity.',
    options: [groupOfId, name],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        identityJson,
      ),
  },
  {
    path: ['identity', 'list'],
    summary: 'List Managed Identities.',
    options: [anyResourceGroup],
    run: (cloud, args) => {
      const group = optionalText(args, 'resourceGroup');
      if (group !== undefined) {
        const found = requireResourceGroup(cloud, group);
        if (!found.ok) return refusedByAzure(found.error);
      }
      return ok({ cloud, output: listResources(cloud, TYPE, group).map(identityJson) });
    },
  },
  {
    path: ['identity', 'delete'],
    summary: 'Delete the identity.',
    options: [groupOfId, name],
    run: (cloud, args) =>
      changed(
        deleteUserAssignedIdentity(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
      ),
  },
];
