import { requireResource } from '../../model/azure/resource-store.ts';
import {
  createSecurityRule,
  deleteSecurityRule,
  requireSecurityRule,
  updateSecurityRule,
} from '../../model/azure/security-rule.ts';
import type { SecurityRuleName } from '../../model/azure/security-rule.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import { securityRuleJson } from './network-json.ts';
import {
  ACCESSES,
  DIRECTIONS,
  PROTOCOLS,
  changesOf,
  defaultsOf,
  genericChanges,
} from './network-nsg-rule-changes.ts';
import {
  choice,
  flag,
  genericUpdate,
  groupOfId,
  integer,
  list,
  nameOfId,
  noWait,
  resourceGroup,
  text,
  waitConditions,
} from './option.ts';
import { changed, optionalNumber, refusedByAzure, shown, textArgument } from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';
import { waitFor } from './wait.ts';

const nsgName = nameOfId('--nsg-name', 'Name of the network security group.');
const name = nameOfId('--name -n', 'Name of the network security group rule.', 'child-name');

function ruleOptions(defaults: 'shown' | 'none'): readonly AzOption[] {
  const by = (value: string): { default?: string } => (defaults === 'shown' ? { default: value } : {});
  return [
    choice('--access', ACCESSES, 'Whether to allow or deny traffic.', by('Allow')),
    text('--description', 'Description of the rule.'),
    choice('--direction', DIRECTIONS, 'Direction of the traffic.', by('Inbound')),
    choice('--protocol', PROTOCOLS, 'Network protocol this rule applies to.', by('*')),
    list(
      '--source-address-prefixes',
      "Space-separated list of CIDR prefixes or IP ranges. Alternatively, specify ONE of 'VirtualNetwork', 'AzureLoadBalancer', 'Internet' or '*' to match all IPs.",
      { group: 'Source', ...by('*') },
    ),
    list(
      '--source-port-ranges',
      "Space-separated list of ports or port ranges between 0-65535. Use '*' to match all ports.",
      { group: 'Source', ...by('*') },
    ),
    list(
      '--destination-address-prefixes',
      "Space-separated list of CIDR prefixes or IP ranges. Alternatively, specify ONE of 'VirtualNetwork', 'AzureLoadBalancer', 'Internet' or '*' to match all IPs.",
      { group: 'Destination', ...by('*') },
    ),
    list(
      '--destination-port-ranges',
      "Space-separated list of ports or port ranges between 0-65535. Use '*' to match all ports.",
      { group: 'Destination', ...by('80') },
    ),
    list('--source-asgs', 'Space-separated list of application security group names or IDs.', {
      group: 'Source',
    }),
    list('--destination-asgs', 'Space-separated list of application security group names or IDs.', {
      group: 'Destination',
    }),
    noWait,
  ];
}

const PRIORITY =
  'Rule priority, between 100 (highest priority) and 4096 (lowest priority). Must be unique for each rule in the collection.';

function named(args: AzArguments): SecurityRuleName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    networkSecurityGroup: textArgument(args, 'nsgName'),
    name: textArgument(args, 'name'),
  };
}

function print(cloud: Cloud, args: AzArguments): Json {
  const found = requireSecurityRule(cloud, named(args));
  return found.ok ? securityRuleJson(found.value.rule, 'own') : null;
}

function row(output: Json): Readonly<Record<string, string>> {
  if (!isObject(output)) return {};
  const either = (singular: string, plural: string): string => {
    const one = output[singular];
    const several = output[plural];
    return typeof one === 'string' ? one : Array.isArray(several) ? several.join(' ') : '';
  };
  return {
    Name: plainText(output['name']),
    ResourceGroup: plainText(output['resourceGroup']),
    Priority: plainText(output['priority']),
    SourcePortRanges: either('sourcePortRange', 'sourcePortRanges'),
    SourceAddressPrefixes: either('sourceAddressPrefix', 'sourceAddressPrefixes'),
    ...asgCell('SourceASG', output['sourceApplicationSecurityGroups']),
    Access: plainText(output['access']),
    Protocol: plainText(output['protocol']),
    Direction: plainText(output['direction']),
    DestinationPortRanges: either('destinationPortRange', 'destinationPortRanges'),
    DestinationAddressPrefixes: either('destinationAddressPrefix', 'destinationAddressPrefixes'),
    ...asgCell('DestinationASG', output['destinationApplicationSecurityGroups']),
  };
}

/** azure-cli's table leaves out cells that hold a list. */
function asgCell(column: string, value: Json | undefined): Readonly<Record<string, string>> {
  return isList(value) && value.length > 0 ? {} : { [column]: 'None' };
}

export const securityRuleCommands: readonly AzCommand[] = [
  {
    path: ['network', 'nsg', 'rule', 'create'],
    summary: 'Create a network security group rule.',
    options: [
      text('--name -n', 'Name of the network security group rule.', { required: true }),
      text('--nsg-name', 'Name of the network security group.', { required: true }),
      integer('--priority', PRIORITY, { required: true }),
      resourceGroup,
      ...ruleOptions('shown'),
    ],
    examples: [
      {
        does: 'Create a "Deny" rule over TCP for a specific IP address range with the lowest priority.',
        line: "az network nsg rule create -g MyResourceGroup --nsg-name MyNsg -n MyNsgRule --priority 4096 --source-address-prefixes 208.130.28.0/24 --source-port-ranges 80 --destination-address-prefixes '*' --destination-port-ranges 80 8080 --access Deny --protocol Tcp",
      },
    ],
    run: (cloud, args) => {
      const asked = changesOf(cloud, args);
      return changed(
        createSecurityRule(cloud, named(args), {
          ...defaultsOf(asked),
          priority: optionalNumber(args, 'priority') ?? 0,
          ...asked,
        }),
        (next) => print(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'nsg', 'rule', 'update'],
    summary: 'Update a network security group rule.',
    options: [
      groupOfId,
      nsgName,
      name,
      integer('--priority', PRIORITY),
      ...ruleOptions('none'),
      ...genericUpdate,
    ],
    run: (cloud, args) => {
      const found = requireSecurityRule(cloud, named(args));
      if (!found.ok) return refusedByAzure(found.error);
      const edited = genericChanges(found.value.rule, args);
      if (!edited.ok) return edited;
      return changed(
        updateSecurityRule(cloud, named(args), {
          ...edited.value,
          ...changesOf(cloud, args),
        }),
        (next) => print(next, args),
        4,
      );
    },
  },
  {
    path: ['network', 'nsg', 'rule', 'show'],
    summary: 'Get the details of a network security group rule.',
    options: [groupOfId, nsgName, name],
    run: (cloud, args) =>
      shown(
        cloud,
        requireSecurityRule(cloud, named(args)),
        ({ rule }) => securityRuleJson(rule, 'own'),
        (output) => [row(output)],
      ),
  },
  {
    path: ['network', 'nsg', 'rule', 'list'],
    summary: 'List all rules in a network security group.',
    options: [
      text('--nsg-name', 'Name of the network security group.', { required: true }),
      resourceGroup,
      flag('--include-default', 'Include default security rules in the output.'),
    ],
    run: (cloud, args) => {
      const found = requireResource(
        cloud,
        'Microsoft.Network/networkSecurityGroups',
        textArgument(args, 'resourceGroup'),
        textArgument(args, 'nsgName'),
      );
      if (!found.ok) return refusedByAzure(found.error);
      const { securityRules, defaultSecurityRules } = found.value;
      return ok({
        cloud,
        output: [
          ...securityRules.map((rule) => securityRuleJson(rule, 'own')),
          ...(args['includeDefault'] === true
            ? defaultSecurityRules.map((rule) => securityRuleJson(rule, 'default'))
            : []),
        ],
        table: (output) => (Array.isArray(output) ? output.map(row) : []),
      });
    },
  },
  {
    path: ['network', 'nsg', 'rule', 'delete'],
    summary: 'Delete a network security group rule.',
    options: [groupOfId, nsgName, name, noWait],
    run: (cloud, args) => changed(deleteSecurityRule(cloud, named(args)), undefined, 4),
  },
  {
    path: ['network', 'nsg', 'rule', 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, nsgName, name, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, print(cloud, args)),
  },
];
