/**
 * Who is in an application security group, and what Azure asks of its members and of rules that name it
 * (https://learn.microsoft.com/azure/virtual-network/application-security-groups, 2025-07-09).
 */
import type { Cloud } from '../cloud.ts';
import {
  APPLICATION_SECURITY_GROUPS_PER_IP_CONFIGURATION,
  APPLICATION_SECURITY_GROUPS_PER_NETWORK_SECURITY_GROUP,
  APPLICATION_SECURITY_GROUPS_PER_SECURITY_RULE_SIDE,
} from '../limits/azure-network.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import { armKey, getResource, invalidReference, listResources, sameId } from './resource-store.ts';
import type { ArmKey, IpConfiguration, NetworkInterface, SecurityRule, SubResource } from './resources.ts';

const TYPE = 'Microsoft.Network/applicationSecurityGroups';

type AnyInterface = Omit<NetworkInterface, 'virtualMachine'>;

/** Returns the IP configurations that name a group: those of NICs first, then those of scale set instances. */
export function applicationSecurityGroupMembers(cloud: Cloud, groupId: string): readonly IpConfiguration[] {
  return membersByGroup(cloud).get(armKey(groupId)) ?? [];
}

/** Returns the members of every group that has any, by the group's key. */
export function membersByGroup(cloud: Cloud): ReadonlyMap<ArmKey, readonly IpConfiguration[]> {
  const found = new Map<ArmKey, IpConfiguration[]>();
  for (const nic of interfaces(cloud)) {
    for (const configuration of nic.ipConfigurations) {
      for (const { id } of configuration.applicationSecurityGroups ?? []) {
        const members = found.get(armKey(id));
        if (members === undefined) found.set(armKey(id), [configuration]);
        else members.push(configuration);
      }
    }
  }
  return found;
}

function interfaces(cloud: Cloud): readonly AnyInterface[] {
  return [
    ...listResources(cloud, 'Microsoft.Network/networkInterfaces'),
    ...listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets').flatMap((set) =>
      set.instances.map((instance) => instance.networkInterface),
    ),
  ];
}

/**
 * Returns Azure's refusal of the groups that a NIC names; null if it takes them. The NIC is in the cloud
 * already, as it would be. Errors: `InvalidResourceReference`,
 * `NumberOfApplicationSecurityGroupsReferencedInIpConfigurationLimitReached`,
 * `AllIpConfigurationsOnANicMustBelongToTheSameApplicationSecurityGroups`,
 * `AllNetworkInterfacesInApplicationSecurityGroupMustBeFromSameVnet`,
 * `AllApplicationSecurityGroupsInSecurityRuleMustBeFromSameVnet`.
 */
export function checkInterfaceGroups(cloud: Cloud, nic: AnyInterface): AzureError | null {
  const [first, ...others] = nic.ipConfigurations;
  if (first === undefined) return null;
  const differs = others.find((one) => !sameGroups(one, first));
  if (differs !== undefined) {
    // In Azure's own words and spelling: azure-cli issue 21551, 2022-03-07.
    return azureError(
      'AllIpConfigurationsOnANicMustBelongToTheSameApplicationSecurityGroups',
      `All IPConfigurations on a Network Interface should reference the same set of Application Security Groups. IPConfiguration ${first.id} references ASG(s) ${idsOf(first)}, wheras IPConfiguration ${differs.id} references ASG(s) ${idsOf(differs)}.`,
    );
  }
  const groups = first.applicationSecurityGroups ?? [];
  if (groups.length === 0) return null;
  const limit = APPLICATION_SECURITY_GROUPS_PER_IP_CONFIGURATION.value;
  if (groups.length > limit) {
    return azureError(
      'NumberOfApplicationSecurityGroupsReferencedInIpConfigurationLimitReached',
      `An IP configuration may reference up to ${limit} Application Security Groups. IP configuration ${first.id} references ${groups.length}.`,
    );
  }
  for (const { id } of groups) {
    const missing = checkReference(cloud, id, nic.id, nic.location);
    if (missing !== null) return missing;
    const networks = networksOf(cloud, [id]);
    if (networks.length > 1) {
      // Documented; the code is not on record and is formed like its sibling for rules.
      return azureError(
        'AllNetworkInterfacesInApplicationSecurityGroupMustBeFromSameVnet',
        `Application Security Group ${id} has network interfaces from multiple virtual networks (${networks.join(', ')}). All network interfaces in an Application Security Group must be from the same virtual network.`,
      );
    }
  }
  const named = new Set(groups.map(({ id }) => armKey(id)));
  for (const nsg of listResources(cloud, 'Microsoft.Network/networkSecurityGroups')) {
    for (const rule of nsg.securityRules) {
      if (!groupsOfRule(rule).some(({ id }) => named.has(armKey(id)))) continue;
      const apart = checkSameNetwork(cloud, rule);
      if (apart !== null) return apart;
    }
  }
  return null;
}

function idsOf(configuration: IpConfiguration): string {
  return (configuration.applicationSecurityGroups ?? []).map(({ id }) => id).join(', ');
}

function sameGroups(a: IpConfiguration, b: IpConfiguration): boolean {
  const keys = (one: IpConfiguration): string =>
    (one.applicationSecurityGroups ?? [])
      .map(({ id }) => armKey(id))
      .sort()
      .join(' ');
  return keys(a) === keys(b);
}

/**
 * Returns Azure's refusal of the groups that a rule names; null if it takes them. `rules` are all that
 * the security group would have. Errors: `InvalidResourceReference`,
 * `NumberOfApplicationSecurityGroupsReferencedInSecurityRuleLimitReached`,
 * `NumberOfApplicationSecurityGroupsReferencedInNetworkSecurityGroupLimitReached`,
 * `AllApplicationSecurityGroupsInSecurityRuleMustBeFromSameVnet`.
 */
export function checkRuleGroups(
  cloud: Cloud,
  rule: SecurityRule,
  location: string,
  rules: readonly SecurityRule[],
): AzureError | null {
  const limit = APPLICATION_SECURITY_GROUPS_PER_SECURITY_RULE_SIDE.value;
  for (const side of ['source', 'destination'] as const) {
    const count = rule[`${side}ApplicationSecurityGroups`]?.length ?? 0;
    if (count <= limit) continue;
    const field =
      side === 'source' ? 'SourceApplicationSecurityGroups' : 'DestinationApplicationSecurityGroups';
    // In Azure's words: terraform-provider-azurerm issue 1346, 2018-06-04, when the limit was 1.
    return azureError(
      'NumberOfApplicationSecurityGroupsReferencedInSecurityRuleLimitReached',
      `A security rule may have up to ${limit} Application Security Group in the source or destination fields. The requested configuration has ${count} in the ${field} field.`,
    );
  }
  for (const { id } of groupsOfRule(rule)) {
    const missing = checkReference(cloud, id, rule.id, location);
    if (missing !== null) return missing;
  }
  const most = APPLICATION_SECURITY_GROUPS_PER_NETWORK_SECURITY_GROUP.value;
  const inAll = new Set(rules.flatMap(groupsOfRule).map(({ id }) => armKey(id))).size;
  if (inAll > most) {
    return azureError(
      'NumberOfApplicationSecurityGroupsReferencedInNetworkSecurityGroupLimitReached',
      `All security rules of a network security group may reference up to ${most} Application Security Groups. The requested configuration references ${inAll}.`,
    );
  }
  return checkSameNetwork(cloud, rule);
}

function groupsOfRule(rule: SecurityRule): readonly SubResource[] {
  return [
    ...(rule.sourceApplicationSecurityGroups ?? []),
    ...(rule.destinationApplicationSecurityGroups ?? []),
  ];
}

function checkReference(cloud: Cloud, id: string, by: string, location: string): AzureError | null {
  const group = getResource(cloud, id, TYPE);
  return group === null || group.location !== location ? invalidReference(id, by) : null;
}

/** In Azure's words: azure-sdk-for-java issue 34158, 2023-03-22. A group without members is in no network. */
function checkSameNetwork(cloud: Cloud, rule: SecurityRule): AzureError | null {
  const networks = networksOf(
    cloud,
    groupsOfRule(rule).map(({ id }) => id),
  );
  if (networks.length < 2) return null;
  return azureError(
    'AllApplicationSecurityGroupsInSecurityRuleMustBeFromSameVnet',
    `Security Rule ${rule.id} has Application Security Groups (ASGs) from multiple virtual networks (${networks.join(', ')}). All ASGs on the Security Rule must be from the same virtual network.`,
  );
}

/** The VNets of the groups' members, each once. */
function networksOf(cloud: Cloud, groups: readonly string[]): readonly string[] {
  const members = membersByGroup(cloud);
  const networks: string[] = [];
  for (const { subnet } of groups.flatMap((id) => members.get(armKey(id)) ?? [])) {
    const network = subnet.id.split(/\/subnets\//i)[0] ?? '';
    if (!networks.some((one) => sameId(one, network))) networks.push(network);
  }
  return networks;
}
