import type { PublicIpAddress } from '../../model/azure/resources.ts';
import {
  createPublicIpAddress,
  deletePublicIpAddress,
  updatePublicIpAddress,
} from '../../model/azure/public-ip-address.ts';
import { requireResourceGroup } from '../../model/azure/resource-group.ts';
import { findResource, listResources, requireResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import { editResource } from './generic-update.ts';
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
  shown,
  textArgument,
} from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { waitFor } from './wait.ts';

const TYPE = 'Microsoft.Network/publicIPAddresses';
const METHODS: readonly PublicIpAddress['publicIPAllocationMethod'][] = ['Dynamic', 'Static'];
const name = nameOfId('--name -n', 'The name of the public IP address.');

const unmodelled: readonly AzOption[] = [
  ...refused('public names in Azure DNS', '--dns-name', '--reverse-fqdn'),
  ...refused('IP tags', 'list:--ip-tags'),
  ...refused('public IP prefixes', '--public-ip-prefix'),
  ...refused('DDoS protection', '--ddos-protection-mode --protection-mode', '--ddos-protection-plan'),
];

const allocation = choice('--allocation-method', METHODS, 'IP address allocation method.');
const idleTimeout = integer('--idle-timeout', 'Idle timeout in minutes.', { default: '4' });
const sku = choice('--sku', ['Basic', 'Standard'], 'Name of a public IP address SKU.', {
  default: 'Standard',
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
  if (args['version'] === 'IPv6') {
    return refusedByAzure({
      code: 'NotSimulated',
      message: `IPv6 for ${id} is not simulated in this workbook. Real Azure may accept it.`,
    });
  }
  return null;
}

function methodOf(value: string | null | undefined): PublicIpAddress['publicIPAllocationMethod'] | undefined {
  return METHODS.find((one) => one.toLowerCase() === value?.toLowerCase());
}

function print(cloud: Cloud, args: AzArguments): Json {
  const found = findResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
  return found === null ? null : publicIpAddressJson(cloud, found);
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
      choice('--tier', ['Regional', 'Global'], 'The SKU tier of the public IP address.', {
        notSimulated: 'every address here is regional',
      }),
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
      return changed(
        createPublicIpAddress(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            allocationMethod: methodOf(optionalText(args, 'allocationMethod')),
            idleTimeoutInMinutes: optionalNumber(args, 'idleTimeout'),
            zones: optionalList(args, 'zone'),
            tags: optionalTags(args),
          }),
        }),
        (next) => ({ publicIp: print(next, args) }),
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
      ...unmodelled,
      ...genericUpdate,
    ],
    run: (cloud, args) => {
      const refusal = checkKind(args, textArgument(args, 'name'));
      if (refusal !== null) return refusal;
      const found = requireResource(
        cloud,
        TYPE,
        textArgument(args, 'resourceGroup'),
        textArgument(args, 'name'),
      );
      if (!found.ok) return refusedByAzure(found.error);
      const edited = editResource(publicIpAddressJson(cloud, found.value), args, [
        'idleTimeoutInMinutes',
        { path: 'publicIPAllocationMethod', values: METHODS },
        'tags',
      ]);
      if (!edited.ok) return edited;
      return changed(
        updatePublicIpAddress(cloud, found.value.resourceGroup, found.value.name, {
          ...given({
            allocationMethod: methodOf(
              optionalText(args, 'allocationMethod') ?? edited.value.text('publicIPAllocationMethod'),
            ),
            idleTimeoutInMinutes:
              optionalNumber(args, 'idleTimeout') ?? edited.value.number('idleTimeoutInMinutes'),
            tags: optionalTags(args) ?? edited.value.tags('tags'),
          }),
        }),
        (next) => print(next, args),
        3,
      );
    },
  },
  {
    path: ['network', 'public-ip', 'show'],
    summary: 'Get the details of a public IP address.',
    options: [groupOfId, name, expand],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        (address) => publicIpAddressJson(cloud, address),
        (output) => [row(output)],
      ),
  },
  {
    path: ['network', 'public-ip', 'list'],
    summary: 'List public IP addresses.',
    options: [anyResourceGroup],
    run: (cloud, args) => {
      const group = optionalText(args, 'resourceGroup');
      if (group !== undefined) {
        const found = requireResourceGroup(cloud, group);
        if (!found.ok) return refusedByAzure(found.error);
      }
      return ok({
        cloud,
        output: listResources(cloud, TYPE, group).map((one) => publicIpAddressJson(cloud, one)),
        table: (output) => (Array.isArray(output) ? output.map(row) : []),
      });
    },
  },
  {
    path: ['network', 'public-ip', 'delete'],
    summary: 'Delete a public IP address.',
    options: [groupOfId, name, noWait],
    run: (cloud, args) =>
      changed(
        deletePublicIpAddress(cloud, textArgument(args, 'resourceGroup'), textArgument(args, 'name')),
        undefined,
        10,
      ),
  },
  {
    path: ['network', 'public-ip', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, print(cloud, args)),
  },
];
