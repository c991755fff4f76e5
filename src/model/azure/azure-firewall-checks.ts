/** What Azure asks of a firewall as a whole, beside its IP configurations and its rules. */
import type { Cloud } from '../cloud.ts';
import { FIREWALL_NAME_LENGTH } from '../limits/azure-firewall.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall } from './firewall-resources.ts';
import { getResource, invalidReference } from './resource-store.ts';

/** Returns Azure's refusal of a firewall, or null. */
export function checkFirewall(
  cloud: Cloud,
  existing: AzureFirewall | null,
  firewall: AzureFirewall,
): AzureError | null {
  if (existing === null && firewall.name.length > FIREWALL_NAME_LENGTH.value) {
    return azureError(
      'InvalidResourceName',
      `Resource name ${firewall.name} is invalid. The name can be up to ${FIREWALL_NAME_LENGTH.value} characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
    );
  }
  return checkPolicy(cloud, firewall);
}

function checkPolicy(cloud: Cloud, firewall: AzureFirewall): AzureError | null {
  const { firewallPolicy } = firewall;
  if (firewallPolicy === null) return null;
  const policy = getResource(cloud, firewallPolicy.id, 'Microsoft.Network/firewallPolicies');
  if (policy === null) return invalidReference(firewallPolicy.id, firewall.id);
  const collections = [
    ...firewall.networkRuleCollections,
    ...firewall.applicationRuleCollections,
    ...firewall.natRuleCollections,
  ];
  if (collections.length > 0) {
    return azureError(
      'AzureFirewallPolicyAndRuleCollectionsConflict',
      `Azure Firewall ${firewall.id} has firewall policy ${policy.id} and rule collections of its own. Only one of both is possible.`,
    );
  }
  return null;
}
