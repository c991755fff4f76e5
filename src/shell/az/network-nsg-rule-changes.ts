/** What the options of `az network nsg rule create|update` and its generic arguments make of a rule. */
import { notSimulated } from '../../model/azure/error.ts';
import type { SecurityRule } from '../../model/azure/resources.ts';
import { SECURITY_RULE_DEFAULTS } from '../../model/azure/security-rule.ts';
import type { SecurityRuleProperties } from '../../model/azure/security-rule.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import type { Edited, Settable } from './generic-update.ts';
import { securityRuleJson } from './network-json.ts';
import type { JsonObject } from './network-json.ts';
import {
  given,
  optionalList,
  optionalNumber,
  optionalText,
  refusedByAzure,
  textArgument,
} from './outcome.ts';
import { isList, isObject, plainText } from './output-format.ts';
import { idsOfNamesOrIds } from './references.ts';

const ASG = 'Microsoft.Network/applicationSecurityGroups';

export const ACCESSES: readonly SecurityRule['access'][] = ['Allow', 'Deny'];
export const DIRECTIONS: readonly SecurityRule['direction'][] = ['Inbound', 'Outbound'];
export const PROTOCOLS: readonly SecurityRule['protocol'][] = ['*', 'Ah', 'Esp', 'Icmp', 'Tcp', 'Udp'];

function oneOf<T extends string>(values: readonly T[], value: string | null | undefined): T | undefined {
  return values.find((one) => one.toLowerCase() === value?.toLowerCase());
}

/** Ports may also come as one text with commas, as scripts for Azure SQL Managed Instance have them. */
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

/** What the command's own options ask for. */
export function changesOf(cloud: Cloud, args: AzArguments): Partial<SecurityRuleProperties> {
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
export function defaultsOf(asked: Partial<SecurityRuleProperties>): Omit<SecurityRuleProperties, 'priority'> {
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

/**
 * The rule as azure-cli edits it: before `--add`, `--set` and `--remove` it puts a single value into the
 * list. So `--add sourceAddressPrefixes X` adds to the one that is there. A command that names the single
 * property gets the rule as it is.
 */
function forEditing(rule: JsonObject, args: AzArguments): JsonObject {
  const words = ['set', 'add', 'remove'].flatMap((kind) => {
    const given = args[kind];
    return isList(given) ? given.flatMap((group) => (isList(group) ? group.map(plainText) : [])) : [];
  });
  const names = (property: string): boolean =>
    words.some((word) => new RegExp(`^${property}(?![A-Za-z])`).test(word));
  const edited: Record<string, Json> = { ...rule };
  for (const [singular, plural] of SINGULAR_AND_PLURAL) {
    const one = edited[singular];
    if (one === undefined || !names(plural) || names(singular)) continue;
    edited[plural] = [one];
    delete edited[singular];
  }
  return edited;
}

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

/** Returns what `--set`, `--add` and `--remove` change in a rule. Errors: those of `editResource`, both forms of a property. */
export function genericChanges(
  rule: SecurityRule,
  args: AzArguments,
): Result<Partial<SecurityRuleProperties>, AzFailure> {
  const edited = editResource(forEditing(securityRuleJson(rule, 'own'), args), args, SETTABLE);
  if (!edited.ok) return edited;
  const either = refuseBoth(edited.value);
  return either.ok ? ok(editedChanges(edited.value)) : either;
}
