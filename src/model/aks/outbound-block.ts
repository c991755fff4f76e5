/**
 * Outbound type block: rules in the security group of AKS deny the internet, and nothing else, to every node
 * (https://learn.microsoft.com/azure/aks/egress-outboundtype, 2026-08-05).
 */
import type { AzureError } from '../azure/error.ts';
import { findResource } from '../azure/resource-store.ts';
import type { NetworkSecurityGroup } from '../azure/resources.ts';
import { createSecurityRule, deleteSecurityRule, SECURITY_RULE_DEFAULTS } from '../azure/security-rule.ts';
import type { Cloud } from '../cloud.ts';
import { SECURITY_RULE_PRIORITIES } from '../limits/azure-network.ts';
import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { OutboundOwner } from './outbound-addresses.ts';

const GROUP = 'Microsoft.Network/networkSecurityGroups';

/** Microsoft documents that there are rules, not their names or priorities: both are of this workbook. */
export const BLOCK_RULE = 'aks-block-internet-outbound';

/** Returns the cloud with the rule in the security group of AKS; the same cloud if it is as it should be. */
export function provideBlock(cloud: Cloud, owner: OutboundOwner): Result<Cloud, AzureError> {
  const name = groupName(owner);
  const group = findResource(cloud, GROUP, owner.resourceGroup, name);
  if (group === null) return ok(cloud);
  const present = group.securityRules.find((rule) => rule.name === BLOCK_RULE);
  if (
    present?.access === 'Deny' &&
    present.direction === 'Outbound' &&
    present.protocol === '*' &&
    present.sourceAddressPrefix === '*' &&
    present.sourcePortRange === '*' &&
    present.destinationAddressPrefix === 'Internet' &&
    present.destinationPortRange === '*'
  ) {
    return ok(cloud);
  }
  return createSecurityRule(
    cloud,
    { resourceGroup: owner.resourceGroup, networkSecurityGroup: name, name: BLOCK_RULE },
    {
      ...SECURITY_RULE_DEFAULTS,
      description: 'Outbound type block',
      priority: present?.priority ?? freePriority(group),
      direction: 'Outbound',
      access: 'Deny',
      destinationAddressPrefixes: ['Internet'],
      destinationPortRanges: ['*'],
    },
  );
}

/** Returns the cloud without the rule. */
export function withdrawBlock(cloud: Cloud, owner: OutboundOwner): Cloud {
  const removed = deleteSecurityRule(cloud, {
    resourceGroup: owner.resourceGroup,
    networkSecurityGroup: groupName(owner),
    name: BLOCK_RULE,
  });
  return removed.ok ? removed.value : cloud;
}

function groupName({ agentPoolDigits }: OutboundOwner): string {
  return `aks-agentpool-${agentPoolDigits}-nsg`;
}

function freePriority(group: NetworkSecurityGroup): number {
  const taken = new Set(
    group.securityRules.filter((rule) => rule.direction === 'Outbound').map((rule) => rule.priority),
  );
  let priority = SECURITY_RULE_PRIORITIES.value.lowest;
  while (taken.has(priority)) priority++;
  return priority;
}
