import { notSimulated } from '../../model/azure/error.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import type { SecurityRule } from '../../model/azure/resources.ts';
import {
  SECURITY_RULE_DEFAULTS,
  createSecurityRule,
  deleteSecurityRule,
  requireSecurityRule,
  updateSecurityRule,
} from '../../model/azure/security-rule.ts';
import type { SecurityRuleName, SecurityRuleProperties } from '../../model/azure/security-rule.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import type { Edited, Settable } from './generic-update.ts';
import { securityRuleJson } from './network-json.ts';
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
import {
  changed,
  given,
  optionalList,
  optionalNumber,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
} from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';
import { idsOfNamesOrIds } from './references.ts';
import { waitFor } from './wait.ts';

const ASG = 'Microsoft.Network/applicationSecurityGroups';

const ACCESSES: readonly SecurityRule['access'][] = ['Allow', 'Deny'];
const DIRECTIONS: readonly SecurityRule['direction'][] = ['Inbound', 'Outbound'];
const PROTOCOLS: readonly SecurityRule['protocol'][] = ['*', 'Ah', 'Esp', 'Icmp', 'Tcp', 'Udp'];

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

function oneOf<T extends string>(values: readonly T[], value: string | null | undefined): T | undefined {
  return values.find((one) => one.toLowerCase() === value?.toLowerCase());
}

/** Ports may also come as one text with commas, which azure-cli splits. */
function ports(args: AzArguments, dest: string): readonly string[] | undefined {
  return optionalList(args, dest)?.flatMap((one) => one.split(',').map((part) => part.trim()));
}

/** A side of one empty text, or of azure-cli's word for it, has no prefixes. */
function prefixes(args: AzArguments, dest: string): readonly string[] | undefined {
  return optionalList(args, dest)?.filter((one) => one !== '' && one !== 'null');
}

function groups(cloud: Cloud, args: AzArguments, dest: string): readonly string[] | undefined {
  const named = optionalList(args, dest);
  return named === undefined
    ? undefined
    : idsOfNamesOrIds(cloud, named, textArgument(args, 'resourceGroup'), ASG);
}

function changesOf(cloud: Cloud, args: AzArguments): Partial<SecurityRuleProperties> {
  return given({
    access: oneOf(ACCESSES, optionalText(args, 'access')),
    description: optionalText(args, 'description'),
    direction: oneOf(DIRECTIONS, optionalText(args, 'direction')),
    priority: optionalNumber(args, 'priority'),
    protocol: oneOf(PROTOCOLS, optionalText(args, 'protocol')),
    sourceAddressPrefixes: prefixes(args, 'sourceAddressPrefixes'),
    sourceApplicationSecurityGroups: groups(cloud, args, 'sourceAsgs'),
    sourcePortRanges: ports(args, 'sourcePortRanges'),
    destinationAddressPrefixes: prefixes(args, 'destinationAddressPrefixes'),
    destinationApplicationSecurityGroups: groups(cloud, args, 'destinationAsgs'),
    destinationPortRanges: ports(args, 'destinationPortRanges'),
  });
}

/** The defaults of a new rule; a side that names application security groups has no default prefix. */
function defaultsOf(asked: Partial<SecurityRuleProperties>): Omit<SecurityRuleProperties, 'priority'> {
  return {
    ...SECURITY_RULE_DEFAULTS,
    ...(isNamed(asked.sourceApplicationSecurityGroups) ? { sourceAddressPrefixes: [] } : {}),
    ...(isNamed(asked.destinationApplicationSecurityGroups) ? { destinationAddressPrefixes: [] } : {}),
  };
}

function isNamed(ids: readonly string[] | undefined): boolean {
  return ids !== undefined && ids.length > 0;
}

const SETTABLE: readonly (string | Settable)[] = [
  { path: 'access', values: ACCESSES },
  { path: 'description', removable: true },
  { path: 'direction', values: DIRECTIONS },
  'priority',
  { path: 'protocol', values: PROTOCOLS },
  { path: 'sourceAddressPrefix', removable: true },
  'sourceAddressPrefixes',
  'sourceApplicationSecurityGroups',
  { path: 'sourcePortRange', removable: true },
  'sourcePortRanges',
  { path: 'destinationAddressPrefix', removable: true },
  'destinationAddressPrefixes',
  'destinationApplicationSecurityGroups',
  { path: 'destinationPortRange', removable: true },
  'destinationPortRanges',
];

const SINGULAR_AND_PLURAL = [
  ['sourceAddressPrefix', 'sourceAddressPrefixes'],
  ['sourcePortRange', 'sourcePortRanges'],
  ['destinationAddressPrefix', 'destinationAddressPrefixes'],
  ['destinationPortRange', 'destinationPortRanges'],
] as const;

/** `--set` and `--add` send the property beside it along, so that a rule may end up with both. */
function refuseBoth(edit: Edited): Result<null, AzFailure> {
  for (const [singular, plural] of SINGULAR_AND_PLURAL) {
    if (edit.value(singular) === undefined && edit.value(plural) === undefined) continue;
    const several = edit.json[plural];
    if (plainText(edit.json[singular]) !== '' && Array.isArray(several) && several.length > 0) {
      return refusedByAzure(notSimulated(`A security rule with both ${singular} and ${plural}`));
    }
  }
  return ok(null);
}

/** What `--set` made of the singular and the plural property, of which one is empty. */
function editedChanges(edit: Edited): Partial<SecurityRuleProperties> {
  const both = (singular: string, plural: string): readonly string[] | undefined => {
    if (edit.value(singular) === undefined && edit.value(plural) === undefined) return undefined;
    const one = plainText(edit.json[singular]);
    const several = edit.json[plural];
    if (one !== '') return [one];
    return Array.isArray(several) ? several.map(String) : [];
  };
  return given({
    access: oneOf(ACCESSES, edit.text('access')),
    description: edit.text('description'),
    direction: oneOf(DIRECTIONS, edit.text('direction')),
    priority: edit.number('priority'),
    protocol: oneOf(PROTOCOLS, edit.text('protocol')),
    sourceAddressPrefixes: both('sourceAddressPrefix', 'sourceAddressPrefixes'),
    sourceApplicationSecurityGroups: editedGroups(edit, 'sourceApplicationSecurityGroups'),
    sourcePortRanges: both('sourcePortRange', 'sourcePortRanges'),
    destinationAddressPrefixes: both('destinationAddressPrefix', 'destinationAddressPrefixes'),
    destinationApplicationSecurityGroups: editedGroups(edit, 'destinationApplicationSecurityGroups'),
    destinationPortRanges: both('destinationPortRange', 'destinationPortRanges'),
  });
}

function editedGroups(edit: Edited, path: string): readonly string[] | undefined {
  const value = edit.value(path);
  if (value === undefined) return undefined;
  return isList(value) ? value.map((one) => (isObject(one) ? plainText(one['id']) : plainText(one))) : [];
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
      const edited = editResource(securityRuleJson(found.value.rule, 'own'), args, SETTABLE);
      if (!edited.ok) return edited;
      const either = refuseBoth(edited.value);
      if (!either.ok) return either;
      return changed(
        updateSecurityRule(cloud, named(args), {
          ...editedChanges(edited.value),
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
