import {
  createResourceGroup,
  deleteResourceGroup,
  findResourceGroup,
  listResourceGroups,
  requireResourceGroup,
  updateResourceGroup,
} from '../../model/azure/resource-group.ts';
import type { ResourceGroup } from '../../model/azure/resources.ts';
import { ok } from '../../model/result.ts';
import { editResource } from './generic-update.ts';
import type { AzCommand, AzOutcome, Json } from './command.ts';
import {
  choice,
  genericUpdate,
  location,
  noWaitFlag,
  pairs,
  tags,
  text,
  waitConditions,
  yes,
} from './option.ts';
import { isObject, plainText } from './output-format.ts';
import { changed, given, optionalTags, optionalText, shown, textArgument } from './outcome.ts';
import { waitFor } from './wait.ts';

const name = text('--name -n --resource-group -g', 'Name of the resource group.', { required: true });

export function resourceGroupJson(group: ResourceGroup): { readonly [key: string]: Json } {
  return {
    id: group.id,
    location: group.location,
    managedBy: group.managedBy,
    name: group.name,
    properties: { provisioningState: 'Succeeded' },
    tags: group.tags,
    type: group.type,
  };
}

const table: AzOutcome['table'] = (output) =>
  (Array.isArray(output) ? output : []).filter(isObject).map((one) => ({
    Name: plainText(one['name']),
    Location: plainText(one['location']),
    Status: 'Succeeded',
  }));

export const groupCommands: readonly AzCommand[] = [
  {
    path: ['group', 'create'],
    summary: 'Create a new resource group.',
    options: [
      { ...location, required: true },
      text('--name --resource-group -n -g', 'Name of the new resource group.', { required: true }),
      text('--managed-by', 'The ID of the resource that manages this resource group.'),
      tags,
    ],
    examples: [
      {
        does: 'Create a new resource group in the West US region.',
        line: 'az group create -l westus -n MyResourceGroup',
      },
    ],
    run: (cloud, args) => {
      const wanted = textArgument(args, 'name');
      return changed(
        createResourceGroup(cloud, {
          name: wanted,
          location: textArgument(args, 'location'),
          managedBy: optionalText(args, 'managedBy') ?? null,
          ...given({ tags: optionalTags(args) }),
        }),
        (next) => printGroup(next, wanted),
      );
    },
  },
  {
    path: ['group', 'show'],
    summary: 'Gets a resource group.',
    options: [name],
    run: (cloud, args) =>
      shown(cloud, requireResourceGroup(cloud, textArgument(args, 'name')), resourceGroupJson),
  },
  {
    path: ['group', 'list'],
    summary: 'List resource groups.',
    options: [pairs('--tag', "A single tag in 'key[=value]' format. Use '' to clear existing tags.")],
    run: (cloud, args) => {
      const [wanted] = Object.entries(optionalTags(args, 'tag') ?? {});
      const groups = listResourceGroups(cloud).filter((group) => {
        if (wanted === undefined) return true;
        const [key, value] = wanted;
        const tag = group.tags?.[key];
        return tag !== undefined && (value === '' || tag === value);
      });
      return ok({ cloud, output: groups.map(resourceGroupJson), table });
    },
  },
  {
    path: ['group', 'exists'],
    summary: 'Check if a resource group exists.',
    options: [name],
    run: (cloud, args) =>
      ok({ cloud, output: findResourceGroup(cloud, textArgument(args, 'name')) !== null }),
  },
  {
    path: ['group', 'update'],
    summary: 'Update a resource group.',
    options: [name, tags, ...genericUpdate],
    run: (cloud, args) => {
      const found = requireResourceGroup(cloud, textArgument(args, 'name'));
      if (!found.ok) return shown(cloud, found, () => null);
      const edited = editResource(resourceGroupJson(found.value), args, ['tags']);
      if (!edited.ok) return edited;
      // Null when --remove takes them all away, undefined when nothing speaks of them.
      const wanted = optionalTags(args) ?? edited.value.tags('tags');
      const next = wanted === undefined ? found.value.tags : wanted;
      return changed(updateResourceGroup(cloud, found.value.name, { tags: next }), (after) =>
        printGroup(after, found.value.name),
      );
    },
  },
  {
    path: ['group', 'delete'],
    summary: 'Delete a resource group.',
    confirm: true,
    options: [
      name,
      choice(
        '--force-deletion-types -f',
        ['Microsoft.Compute/virtualMachines', 'Microsoft.Compute/virtualMachineScaleSets'],
        'The resource types you want to force delete.',
        { noEffect: 'machines are deleted at once on the virtual clock' },
      ),
      noWaitFlag,
      yes,
    ],
    examples: [{ does: 'Delete a resource group.', line: 'az group delete -n MyResourceGroup --yes' }],
    run: (cloud, args) => changed(deleteResourceGroup(cloud, textArgument(args, 'name')), undefined, 60),
  },
  {
    path: ['group', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition of the resource group is met.',
    options: [name, ...waitConditions],
    run: (cloud, args) => {
      const group = findResourceGroup(cloud, textArgument(args, 'name'));
      return waitFor(cloud, args, group === null ? null : resourceGroupJson(group));
    },
  },
];

function printGroup(cloud: Parameters<typeof findResourceGroup>[0], wanted: string): Json {
  const group = findResourceGroup(cloud, wanted);
  return group === null ? null : resourceGroupJson(group);
}
