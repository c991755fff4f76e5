import type { Cloud } from '../cloud.ts';
import {
  ADDRESSES_PER_NETWORK_SECURITY_GROUP_SIDE,
  RULES_PER_NETWORK_SECURITY_GROUP,
  SECURITY_RULE_DESCRIPTION_LENGTH,
  SECURITY_RULE_PRIORITIES,
} from '../limits/azure-network.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { checkRuleGroups } from './application-security-group-members.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { checkNetworkName } from './resource-name.ts';
import {
  armKey,
  childNotFound,
  getResource,
  nextEtag,
  putResource,
  requireResource,
} from './resource-store.ts';
import type { NetworkSecurityGroup, SecurityRule } from './resources.ts';
import { checkAddressPrefixes, checkPortRanges } from './security-rule-range.ts';
import type { OneOrSeveral } from './security-rule-range.ts';

const TYPE = 'Microsoft.Network/networkSecurityGroups';

export interface SecurityRuleName {
  readonly resourceGroup: string;
  readonly networkSecurityGroup: string;
  readonly name: string;
}

/** A rule as asked for: one value goes to ARM's singular property, several to the plural one. */
export interface SecurityRuleProperties {
  readonly description: string | null;
  readonly priority: number;
  readonly direction: SecurityRule['direction'];
  readonly access: SecurityRule['access'];
  readonly protocol: SecurityRule['protocol'];
  readonly sourceAddressPrefixes: readonly string[];
  readonly sourcePortRanges: readonly string[];
  readonly destinationAddressPrefixes: readonly string[];
  readonly destinationPortRanges: readonly string[];
  /** Ids; a side that names groups has no prefixes. Absent: none. */
  readonly sourceApplicationSecurityGroups?: readonly string[];
  readonly destinationApplicationSecurityGroups?: readonly string[];
}

/** What `az network nsg rule create` fills in for flags that are not given. */
export const SECURITY_RULE_DEFAULTS: Omit<SecurityRuleProperties, 'priority'> = {
  description: null,
  direction: 'Inbound',
  access: 'Allow',
  protocol: '*',
  sourceAddressPrefixes: ['*'],
  sourcePortRanges: ['*'],
  destinationAddressPrefixes: ['*'],
  destinationPortRanges: ['80'],
};

/** Returns what a rule was asked for, from its stored form. */
export function securityRuleProperties(rule: SecurityRule): SecurityRuleProperties {
  const both = (one: string | null, several: readonly string[]): readonly string[] =>
    one === null ? several : [one];
  return {
    description: rule.description,
    priority: rule.priority,
    direction: rule.direction,
    access: rule.access,
    protocol: rule.protocol,
    sourceAddressPrefixes: both(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
    sourcePortRanges: both(rule.sourcePortRange, rule.sourcePortRanges),
    destinationAddressPrefixes: both(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
    destinationPortRanges: both(rule.destinationPortRange, rule.destinationPortRanges),
    sourceApplicationSecurityGroups: (rule.sourceApplicationSecurityGroups ?? []).map(({ id }) => id),
    destinationApplicationSecurityGroups: (rule.destinationApplicationSecurityGroups ?? []).map(
      ({ id }) => id,
    ),
  };
}

/** Returns a rule by name; default rules are found by theirs. Errors: the group's absence, `NotFound`. */
export function requireSecurityRule(
  cloud: Cloud,
  name: SecurityRuleName,
): Result<{ readonly group: NetworkSecurityGroup; readonly rule: SecurityRule }, AzureError> {
  const group = requireResource(cloud, TYPE, name.resourceGroup, name.networkSecurityGroup);
  if (!group.ok) return group;
  const rule = group.value.securityRules.find((one) => armKey(one.name) === armKey(name.name));
  if (rule === undefined) return err(childNotFound(`${group.value.id}/securityRules/${name.name}`));
  return ok({ group: group.value, rule });
}

/**
 * Creates a rule, or replaces the one with that name. Errors: `InvalidResourceName`,
 * `SecurityRuleInvalidPriority`, `SecurityRuleConflict`, `SecurityRuleInvalidAddressPrefix`,
 * `SecurityRuleInvalidPortRange`, `SecurityRuleParameterContainsUnsupportedValue`,
 * `OverlappingSubnetsNotPermittedInSecurityRule`,
 * `SecurityRuleCountLimitReached`, and those of `checkRuleGroups`.
 */
export function createSecurityRule(
  cloud: Cloud,
  name: SecurityRuleName,
  properties: SecurityRuleProperties,
): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, name.resourceGroup, name.networkSecurityGroup);
  if (!found.ok) return found;
  const group = found.value;
  const existing = group.securityRules.find((one) => armKey(one.name) === armKey(name.name));
  const built = buildRule(cloud, group, existing, existing?.name ?? name.name, properties);
  if (!built.ok) return built;
  const at = existing === undefined ? -1 : group.securityRules.indexOf(existing);
  const securityRules =
    at === -1 ? [...group.securityRules, built.value] : group.securityRules.with(at, built.value);
  const refused =
    checkSizes(group, securityRules) ?? checkRuleGroups(cloud, built.value, group.location, securityRules);
  if (refused !== null) return err(refused);
  return ok(putResource(cloud, { ...group, securityRules, etag: nextEtag(cloud, group.id, group.etag) }));
}

/** Changes a rule; absent keys stay. Errors: as `createSecurityRule`, and `NotFound`. */
export function updateSecurityRule(
  cloud: Cloud,
  name: SecurityRuleName,
  changes: Partial<SecurityRuleProperties>,
): Result<Cloud, AzureError> {
  const found = requireSecurityRule(cloud, name);
  if (!found.ok) return found;
  return createSecurityRule(cloud, name, { ...securityRuleProperties(found.value.rule), ...changes });
}

/** Deletes a rule; one that does not exist is no error. Errors: the group's absence. */
export function deleteSecurityRule(cloud: Cloud, name: SecurityRuleName): Result<Cloud, AzureError> {
  const found = requireResource(cloud, TYPE, name.resourceGroup, name.networkSecurityGroup);
  if (!found.ok) return found;
  const group = found.value;
  const securityRules = group.securityRules.filter((one) => armKey(one.name) !== armKey(name.name));
  if (securityRules.length === group.securityRules.length) return ok(cloud);
  return ok(putResource(cloud, { ...group, securityRules, etag: nextEtag(cloud, group.id, group.etag) }));
}

function checkSizes(group: NetworkSecurityGroup, rules: readonly SecurityRule[]): AzureError | null {
  if (rules.length > RULES_PER_NETWORK_SECURITY_GROUP.value) {
    return azureError(
      'SecurityRuleCountLimitReached',
      `Cannot create more than ${RULES_PER_NETWORK_SECURITY_GROUP.value} security rules for network security group ${group.id}.`,
    );
  }
  const limit = ADDRESSES_PER_NETWORK_SECURITY_GROUP_SIDE.value;
  const sources = rules.reduce((sum, rule) => sum + Math.max(1, rule.sourceAddressPrefixes.length), 0);
  const targets = rules.reduce((sum, rule) => sum + Math.max(1, rule.destinationAddressPrefixes.length), 0);
  if (sources <= limit && targets <= limit) return null;
  return azureError(
    'SecurityRuleAddressPrefixCountLimitReached',
    `Cannot have more than ${limit} ${sources > limit ? 'source' : 'destination'} address prefixes in network security group ${group.id}.`,
  );
}

function buildRule(
  cloud: Cloud,
  group: NetworkSecurityGroup,
  existing: SecurityRule | undefined,
  name: string,
  properties: SecurityRuleProperties,
): Result<SecurityRule, AzureError> {
  const named = checkNetworkName(`${TYPE}/securityRules`, name);
  if (!named.ok) return named;
  const { lowest, highest } = SECURITY_RULE_PRIORITIES.value;
  const { priority, direction, access, protocol, description } = properties;
  if (priority < lowest || priority > highest) {
    return err(
      azureError(
        'SecurityRuleInvalidPriority',
        `Security rule has invalid Priority. Value provided: ${priority} Allowed range ${lowest}-${highest}.`,
      ),
    );
  }
  if (description !== null && description.length > SECURITY_RULE_DESCRIPTION_LENGTH.value) {
    return err(
      azureError(
        'SecurityRuleDescriptionTooLong',
        `Security rule ${name} has a description of ${description.length} characters. The limit is ${SECURITY_RULE_DESCRIPTION_LENGTH.value}.`,
      ),
    );
  }
  const rival = group.securityRules.find(
    (one) => one !== existing && one.priority === priority && one.direction === direction,
  );
  if (rival !== undefined) {
    return err(
      azureError(
        'SecurityRuleConflict',
        `Security rule ${name} conflicts with rule ${rival.name}. Rules cannot have the same Priority and Direction.`,
      ),
    );
  }
  const id = existing?.id ?? `${group.id}/securityRules/${name}`;
  const sourceGroups = properties.sourceApplicationSecurityGroups ?? [];
  const destinationGroups = properties.destinationApplicationSecurityGroups ?? [];
  const source = checkSide('Source', properties.sourceAddressPrefixes, sourceGroups, id);
  if (!source.ok) return source;
  const destination = checkSide('Destination', properties.destinationAddressPrefixes, destinationGroups, id);
  if (!destination.ok) return destination;
  const sourcePort = checkPortRanges(properties.sourcePortRanges, 'SourcePortRange', id);
  if (!sourcePort.ok) return sourcePort;
  const destinationPort = checkPortRanges(properties.destinationPortRanges, 'DestinationPortRange', id);
  if (!destinationPort.ok) return destinationPort;
  return ok({
    id,
    name,
    description,
    priority,
    direction,
    access,
    protocol,
    sourceAddressPrefix: source.value.one,
    sourceAddressPrefixes: source.value.several,
    ...groupsOf(cloud, 'sourceApplicationSecurityGroups', sourceGroups),
    sourcePortRange: sourcePort.value.one,
    sourcePortRanges: sourcePort.value.several,
    destinationAddressPrefix: destination.value.one,
    destinationAddressPrefixes: destination.value.several,
    ...groupsOf(cloud, 'destinationApplicationSecurityGroups', destinationGroups),
    destinationPortRange: destinationPort.value.one,
    destinationPortRanges: destinationPort.value.several,
    etag: nextEtag(cloud, id, existing?.etag),
    provisioningState: 'Succeeded',
  });
}

/** A side names prefixes or application security groups, not both and not neither. */
function checkSide(
  side: 'Source' | 'Destination',
  prefixes: readonly string[],
  groups: readonly string[],
  id: string,
): Result<OneOrSeveral, AzureError> {
  const parameter = `${side}AddressPrefix`;
  if (groups.length === 0) return checkAddressPrefixes(prefixes, parameter, id);
  if (prefixes.length === 0) return ok({ one: null, several: [] });
  // The sentence is on record (azure-cli issue 8615, 2019-02-22), its code is not.
  return err(
    azureError(
      'SecurityRuleParameterNotSpecified',
      `Security rule with Id ${id} must specify a non empty value for exactly one of: ${parameter}es, ${parameter}, ${side}ApplicationSecurityGroups.`,
    ),
  );
}

/** Each group once, by the id that it has. */
function groupsOf(
  cloud: Cloud,
  key: 'sourceApplicationSecurityGroups' | 'destinationApplicationSecurityGroups',
  ids: readonly string[],
): Pick<SecurityRule, 'sourceApplicationSecurityGroups' | 'destinationApplicationSecurityGroups'> {
  if (ids.length === 0) return {};
  const once = new Map(ids.map((id) => [armKey(id), id]));
  return {
    [key]: [...once.values()].map((id) => ({
      id: getResource(cloud, id, 'Microsoft.Network/applicationSecurityGroups')?.id ?? id,
    })),
  };
}
