import { normaliseLocation } from '../../model/azure/locations.ts';
import type { Cloud, Resource } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, Json } from './command.ts';
import { anyResourceGroup, location, pairs, text } from './option.ts';
import { optionalTags, optionalText } from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { givenGroup } from './resource-commands.ts';

/** What Resource Manager lists; roles and their assignments are not among it. */
type Listed = Exclude<Resource, { readonly type: `Microsoft.Authorization/${string}` }>;

function listed(cloud: Cloud): readonly Listed[] {
  return Object.values(cloud.resources).filter(
    (one): one is Listed => !one.type.startsWith('Microsoft.Authorization/'),
  );
}

function resourceJson(resource: Listed): Json {
  return {
    extendedLocation: null,
    id: resource.id,
    identity: null,
    kind: null,
    location: resource.location,
    managedBy: null,
    name: resource.name,
    plan: null,
    properties: null,
    provisioningState: resource.provisioningState,
    resourceGroup: resource.resourceGroup,
    sku: null,
    tags: resource.tags,
    type: resource.type,
  };
}

function wanted(resource: Listed, args: AzArguments): boolean {
  const same = (dest: string, value: string): boolean => {
    const text = optionalText(args, dest);
    return text === undefined || text.toLowerCase() === value.toLowerCase();
  };
  const namespace = resource.type.slice(0, resource.type.indexOf('/'));
  const type = optionalText(args, 'resourceType');
  const place = optionalText(args, 'location');
  return (
    same('resourceGroup', resource.resourceGroup) &&
    same('name', resource.name) &&
    same('namespace', namespace) &&
    (place === undefined || normaliseLocation(place) === resource.location) &&
    (type === undefined ||
      [resource.type, resource.type.slice(namespace.length + 1)].some(
        (one) => one.toLowerCase() === type.toLowerCase(),
      )) &&
    Object.entries(optionalTags(args, 'tag') ?? {}).every(([key, value]) => {
      const tag = resource.tags?.[key];
      return tag !== undefined && (value === '' || tag === value);
    })
  );
}

export const resourceCommands: readonly AzCommand[] = [
  {
    path: ['resource', 'list'],
    summary: 'List resources.',
    options: [
      location,
      anyResourceGroup,
      text('--name -n', 'The resource name. (Ex: myC).', { group: 'Resource Id' }),
      text('--namespace', "Provider namespace (Ex: 'Microsoft.Provider').", { group: 'Resource Id' }),
      text('--resource-type', "The resource type (Ex: 'resC').", { group: 'Resource Id' }),
      pairs('--tag', "A single tag in 'key[=value]' format. Use '' to clear existing tags."),
    ],
    examples: [
      {
        does: 'List all resources in a resource group.',
        line: 'az resource list -g MyResourceGroup -o table',
      },
    ],
    run: (cloud, args) => {
      const group = givenGroup(cloud, args);
      if (!group.ok) return group;
      return ok({
        cloud,
        output: listed(cloud)
          .filter((one) => wanted(one, args))
          .map(resourceJson),
        table: (output) =>
          (Array.isArray(output) ? output : []).filter(isObject).map((one) => ({
            Name: plainText(one['name']),
            ResourceGroup: plainText(one['resourceGroup']),
            Location: plainText(one['location']),
            Type: plainText(one['type']),
            Status: '',
          })),
      });
    },
  },
];
