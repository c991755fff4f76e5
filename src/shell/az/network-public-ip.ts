import type { PublicIpAddress } from '../../model/azure/resources.ts';
import {
  createPublicIpAddress,
  deletePublicIpAddress,
  updatePublicIpAddress,
} from '../../model/azure/public-ip-address.ts';
import { notSimulated } from '../../model/azure/error.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { publicIpAddressJson } from './network-json.ts';
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
  usageFailure,
} from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { optionalIdOf } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/publicIPAddresses'> = {
  type: 'Microsoft.Network/publicIPAddresses',
  path: ['network', 'public-ip'],
  json: publicIpAddressJson,
};

const METHODS: readonly PublicIpAddress['publicIPAllocationMethod'][] = ['Dynamic', 'Static'];
const name = nameOfId('--name -n', 'The name of the public IP address.');

const dnsName = text(
  '--dns-name',
  'First part of the name LABEL.REGION.cloudapp.azure.com, which has to be unique in the region.',
);

const unmodelled: readonly AzOption[] = [
  ...refused('reverse names in Azure DNS', '--reverse-fqdn'),
  ...refused('DDoS protection', '--ddos-protection-mode --protection-mode', '--ddos-protection-plan'),
];

const allocation = choice('--allocation-method', METHODS, 'IP address allocation method.');
const idleTimeout = integer('--idle-timeout', 'Idle timeout in minutes.', { default: '4' });
const SKUS = ['Basic', 'Standard', 'StandardV2'];
const sku = choice('--sku', SKUS, 'Name of a public IP address SKU.', {
  default: 'Standard',
  newerValues: { StandardV2: '2.77.0' },
});
const version = choice('--version', ['IPv4', 'IPv6'], 'IP address type.', { default: 'IPv4' });

/** Basic addresses are retired, and IPv6 is not modelled. */
function checkKind(args: AzArguments, id: string) {
  if (args['sku'] === 'Basic') {
    return refusedByAzure({
      code: 'IPv4BasicSkuPublicIpCountLimitReached',
      message:
        'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
    });
  }
  if (args['version'] === 'IPv6') return refusedByAzure(notSimulated(`IPv6 for ${id}`));
  return null;
}

/**
 * The tags of `--ip-tags TYPE=VALUE`; undefined where the option is not given. Routing preference Internet
 * changes the way through Microsoft's network only, which is not drawn; other tags are not simulated.
 */
function ipTagsOf(args: AzArguments): Result<PublicIpAddress['ipTags'], AzFailure> {
  const given = optionalList(args, 'ipTags');
  if (given === undefined) return ok(undefined);
  const ipTags: { readonly ipTagType: string; readonly tag: string }[] = [];
  for (const one of given) {
    const equals = one.indexOf('=');
    // As azure-cli 2 says it, in the words of Python.
    if (equals < 0) return usageFailure('not enough values to unpack (expected 2, got 1)');
    const [ipTagType, tag] = [one.slice(0, equals), one.slice(equals + 1)];
    if (ipTagType !== 'RoutingPreference' || tag !== 'Internet') {
      return refusedByAzure(notSimulated(`The IP tag ${one}`));
    }
    ipTags.push({ ipTagType, tag });
  }
  return ok(ipTags);
}

function methodOf(value: string | null | undefined): PublicIpAddress['publicIPAllocationMethod'] | undefined {
  return METHODS.find((one) => one.toLowerCase() === value?.toLowerCase());
}

function row(output: Json): Readonly<Record<string, string>> {
  if (!isObject(output)) return {};
  const zones = output['zones'];
  return {
    Name: plainText(output['name']),
    ResourceGroup: plainText(output['resourceGroup']),
    Location: plainText(output['location']),
    Zones: Array.isArray(zones) ? zones.join(' ') : '',
    Address: plainText(output['ipAddress']),
    IdleTimeoutInMinutes: plainText(output['idleTimeoutInMinutes']),
    ProvisioningState: plainText(output['provisioningState']),
  };
}

export const publicIpAddressCommands: readonly AzCommand[] = [
  {
    path: ['network', 'public-ip', 'create'],
    summary: 'Create a public IP address.',
    options: [
      text('--name -n', 'The name of the public IP address.', { required: true }),
      resourceGroup,
      allocation,
      idleTimeout,
      location,
      sku,
      tags,
      version,
      list('--zone -z', 'Availability zones into which to provision the resource.'),
      onlyValue('--tier', ['Regional', 'Global'], 'Regional', 'every address here is regional'),
      dnsName,
      list('--ip-tags', "Space-separated list of IP tags in 'TYPE=VAL' format."),
      text('--public-ip-prefix', 'Name or ID of a public IP prefix.'),
      ...refused('edge zones', '--edge-zone'),
      ...refused('custom addresses', '--ip-address'),
      ...unmodelled,
    ],
    examples: [
      {
        does: 'Create a static public IP address.',
        line: 'az network public-ip create -g MyResourceGroup -n MyIp --sku Standard',
      },
    ],
    run: (cloud, args) => {
      const refusal = checkKind(args, textArgument(args, 'name'));
      if (refusal !== null) return refusal;
      const zone = optionalList(args, 'zone')?.find((one) => !['1', '2', '3'].includes(one));
      if (zone !== undefined) {
        return usageFailure(
          `az network public-ip create: '${zone}' is not a valid value for '--zone'. Allowed values: 1, 2, 3.`,
          2,
        );
      }
      const ipTags = ipTagsOf(args);
      if (!ipTags.ok) return ipTags;
      const group = textArgument(args, 'resourceGroup');
      return changed(
        createPublicIpAddress(cloud, {
          resourceGroup: group,
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            allocationMethod: methodOf(optionalText(args, 'allocationMethod')),
            sku: args['sku'] === 'StandardV2' ? 'StandardV2' : undefined,
            idleTimeoutInMinutes: optionalNumber(args, 'idleTimeout'),
            zones: optionalList(args, 'zone'),
            tags: optionalTags(args),
            dnsLabel: optionalText(args, 'dnsName'),
            ipTags: ipTags.value,
            publicIPPrefixId: optionalIdOf(
              cloud,
              optionalText(args, 'publicIpPrefix'),
              group,
              'Microsoft.Network/publicIPPrefixes',
            ),
          }),
        }),
        (next) => ({ publicIp: printNamed(kind, next, args) }),
        3,
      );
    },
  },
  {
    path: ['network', 'public-ip', 'update'],
    summary: 'Update a public IP address.',
    options: [
      groupOfId,
      name,
      allocation,
      integer('--idle-timeout', 'Idle timeout in minutes.'),
      sku,
      tags,
      version,
      noWait,
      dnsName,
      ...refused('IP tags of an address that is there already', 'list:--ip-tags'),
      ...refused('another prefix for an address that is there already', '--public-ip-prefix'),
      ...unmodelled,
      ...genericUpdate,
    ],
    run: (cloud, args) => {
      const refusal = checkKind(args, textArgument(args, 'name'));
      if (refusal !== null) return refusal;
      return updateNamed(kind, cloud, args, {
        settable: [
          'idleTimeoutInMinutes',
          { path: 'publicIPAllocationMethod', values: METHODS },
          'tags',
          { path: 'dnsSettings.domainNameLabel', removable: true },
        ],
        durationSeconds: 3,
        change: (address, edited) => {
          const wanted = optionalText(args, 'sku') ?? address.sku.name;
          if (wanted !== address.sku.name) {
            return err({
              code: 'NotSimulated',
              message: `SKU ${wanted} for public IP address ${address.name}, which is ${address.sku.name}, is not simulated in this workbook. Real Azure refuses it too.`,
            });
          }
          return updatePublicIpAddress(cloud, address.resourceGroup, address.name, {
            ...given({
              allocationMethod: methodOf(
                optionalText(args, 'allocationMethod') ?? edited.text('publicIPAllocationMethod'),
              ),
              idleTimeoutInMinutes:
                optionalNumber(args, 'idleTimeout') ?? edited.number('idleTimeoutInMinutes'),
              tags: optionalTags(args) ?? edited.tags('tags'),
              dnsLabel: optionalText(args, 'dnsName') ?? edited.text('dnsSettings.domainNameLabel'),
            }),
          });
        },
      });
    },
  },
  showCommand(kind, {
    summary: 'Get the details of a public IP address.',
    options: [groupOfId, name, expand],
    table: (output) => [row(output)],
  }),
  listCommand(kind, {
    summary: 'List public IP addresses.',
    options: [anyResourceGroup],
    table: (output) => (Array.isArray(output) ? output.map(row) : []),
  }),
  deleteCommand(
    kind,
    { summary: 'Delete a public IP address.', options: [groupOfId, name, noWait] },
    deletePublicIpAddress,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
];
