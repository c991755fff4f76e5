import { createIpGroup, deleteIpGroup, updateIpGroup } from '../../model/azure/ip-group.ts';
import type { AzCommand, AzOption } from './command.ts';
import { ipGroupJson } from './firewall-json.ts';
import {
  anyResourceGroup,
  genericUpdate,
  groupOfId,
  list,
  location,
  nameOfId,
  noWait,
  resourceGroup,
  tags,
  text,
  waitConditions,
  yes,
} from './option.ts';
import { changed, given, optionalList, optionalTags, optionalText, textArgument } from './outcome.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/ipGroups'> = {
  type: 'Microsoft.Network/ipGroups',
  path: ['network', 'ip-group'],
  json: ipGroupJson,
};

const name = nameOfId('--name -n', 'The name of the ipGroups.');
const addresses = list('--ip-addresses', 'Space-separated list of IP address or IP address prefix.');
const expand: AzOption = text(
  '--expand',
  'Expands resourceIds (of Firewalls/Network Security Groups etc.) back referenced by the IpGroups resource.',
  { noEffect: 'the references are shown in any case' },
);

export const ipGroupCommands: readonly AzCommand[] = [
  {
    path: ['network', 'ip-group', 'create'],
    summary: 'Create an IP group.',
    options: [
      text('--name -n', 'Name of the IP group.', { required: true }),
      resourceGroup,
      addresses,
      location,
      noWait,
      tags,
    ],
    run: (cloud, args) =>
      changed(
        createIpGroup(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            ipAddresses: optionalList(args, 'ipAddresses'),
            tags: optionalTags(args),
          }),
        }),
        (next) => printNamed(kind, next, args),
        5,
      ),
  },
  {
    path: ['network', 'ip-group', 'update'],
    summary: 'Update an IP group.',
    options: [
      groupOfId,
      nameOfId('--name -n --ip-groups-name', 'The name of the ipGroups.'),
      addresses,
      noWait,
      tags,
      ...genericUpdate,
    ],
    run: (cloud, args) =>
      updateNamed(kind, cloud, args, {
        settable: ['ipAddresses', 'tags'],
        durationSeconds: 5,
        change: (group, edited) =>
          updateIpGroup(
            cloud,
            group.resourceGroup,
            group.name,
            given({
              ipAddresses: optionalList(args, 'ipAddresses') ?? edited.list('ipAddresses'),
              tags: optionalTags(args) ?? edited.tags('tags'),
            }),
          ),
      }),
  },
  showCommand(kind, { summary: 'Show details of an IP group.', options: [groupOfId, name, expand] }),
  listCommand(kind, { summary: 'List all of IP group.', options: [anyResourceGroup] }),
  {
    ...deleteCommand(
      kind,
      { summary: 'Delete an IP group.', options: [groupOfId, name, noWait, yes] },
      deleteIpGroup,
      5,
    ),
    confirm: true,
  },
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
];
