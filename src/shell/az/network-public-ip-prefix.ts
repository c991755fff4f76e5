import { notSimulated, refusedToo } from '../../model/azure/error.ts';
import {
  createPublicIpPrefix,
  deletePublicIpPrefix,
  tagPublicIpPrefix,
} from '../../model/azure/public-ip-prefix.ts';
import type { AzCommand } from './command.ts';
import { publicIpPrefixJson } from './network-json.ts';
import {
  anyResourceGroup,
  choice,
  expand,
  genericUpdate,
  groupOfId,
  integer,
  list,
  location,
  nameOfId,
  noWait,
  onlyValue,
  refused,
  resourceGroup,
  since,
  tags,
  text,
  waitConditions,
} from './option.ts';
import {
  changed,
  given,
  optionalList,
  optionalNumber,
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
} from './outcome.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/publicIPPrefixes'> = {
  type: 'Microsoft.Network/publicIPPrefixes',
  path: ['network', 'public-ip', 'prefix'],
  json: publicIpPrefixJson,
};

const name = nameOfId('--name -n', 'The name of the public IP prefix.');

export const publicIpPrefixCommands: readonly AzCommand[] = [
  {
    path: ['network', 'public-ip', 'prefix', 'create'],
    summary: 'Create a public IP prefix resource.',
    options: [
      text('--name -n', 'The name of the public IP prefix.', { required: true }),
      resourceGroup,
      integer('--length', 'Length of the prefix (i.e. `XX.XX.XX.XX/<Length>`).'),
      location,
      tags,
      onlyValue('--version', ['IPv4', 'IPv6'], 'IPv4', 'addresses here are IPv4', { default: 'IPv4' }),
      ...since(
        '2.77.0',
        choice('--sku', ['Standard', 'StandardV2'], 'Name of a public IP prefix SKU.', {
          default: 'Standard',
        }),
      ),
      list('--zone -z', 'Space-separated list of availability zones into which to provision the resource.'),
      noWait,
      ...refused('addresses that you bring', '--custom-ip-prefix-name'),
      ...refused('edge zones', '--edge-zone'),
    ],
    examples: [
      {
        does: 'Create a public IP prefix resource.',
        line: 'az network public-ip prefix create --length 28 --location westus2 --name MyPublicIPPrefix --resource-group MyResourceGroup',
      },
    ],
    run: (cloud, args) => {
      const length = optionalNumber(args, 'length');
      if (length === undefined) {
        return refusedByAzure(notSimulated('A public IP prefix without --length'));
      }
      const zone = optionalList(args, 'zone')?.find((one) => !['1', '2', '3'].includes(one));
      if (zone !== undefined) {
        return refusedByAzure(refusedToo(`Zone ${zone} of a public IP prefix, of zones 1, 2 and 3,`));
      }
      return changed(
        createPublicIpPrefix(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          prefixLength: length,
          ...given({
            location: optionalText(args, 'location'),
            sku: args['sku'] === 'StandardV2' ? 'StandardV2' : undefined,
            zones: optionalList(args, 'zone'),
            tags: optionalTags(args),
          }),
        }),
        (next) => printNamed(kind, next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'public-ip', 'prefix', 'update'],
    summary: 'Update a public IP prefix resource.',
    options: [groupOfId, name, noWait, tags, ...genericUpdate],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['tags'],
        durationSeconds: 3,
        change: (prefix, edited) => {
          const { tags: wanted = prefix.tags } = given({ tags: optionalTags(args) ?? edited.tags('tags') });
          return tagPublicIpPrefix(cloud, prefix.resourceGroup, prefix.name, wanted);
        },
      }),
  },
  showCommand(kind, {
    summary: 'Show details of a public IP prefix resource.',
    options: [groupOfId, name, expand],
  }),
  listCommand(kind, { summary: 'List public IP prefix resources.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete a public IP prefix resource.', options: [groupOfId, name, noWait] },
    deletePublicIpPrefix,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
];
