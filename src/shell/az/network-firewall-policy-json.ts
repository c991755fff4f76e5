/**
 * Firewall policies as the extension azure-firewall prints them. Where the service spells a type in its own
 * way (`Microsoft.Network/FirewallPolicies`), so do its commands; the extension's recorded tests hold both.
 */
import { childPolicies, firewallsOfPolicy } from '../../model/azure/firewall-policy.ts';
import type { PolicyRule } from '../../model/azure/firewall-policy-rule-checks.ts';
import type {
  FirewallPolicy,
  PolicyRuleCollection,
  RuleCollectionGroup,
} from '../../model/azure/firewall-resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { compact, groupOf, reference } from './network-json.ts';
import type { JsonObject } from './network-json.ts';

/** This provider sends its entity tags without the quotes and the `W/`. */
function plainTag(etag: string): string {
  return etag.replace(/^W\/"(.*)"$/, '$1');
}

/** A policy: its groups are references, and the firewalls and children are those that name it. */
export function firewallPolicyJson(cloud: Cloud, policy: FirewallPolicy): JsonObject {
  return compact({
    basePolicy: policy.basePolicy === null ? null : reference(policy.basePolicy),
    childPolicies: childPolicies(cloud, policy.id).map(reference),
    dnsSettings:
      policy.dnsSettings === null
        ? null
        : { enableProxy: policy.dnsSettings.enableProxy, servers: policy.dnsSettings.servers },
    etag: plainTag(policy.etag),
    firewalls: firewallsOfPolicy(cloud, policy.id).map(reference),
    id: policy.id,
    location: policy.location,
    name: policy.name,
    provisioningState: policy.provisioningState,
    resourceGroup: policy.resourceGroup,
    ruleCollectionGroups: policy.ruleCollectionGroups.map(reference),
    sku: { tier: policy.sku.tier },
    snat:
      policy.snat === null
        ? null
        : {
            autoLearnPrivateRanges: policy.snat.autoLearnPrivateRanges,
            privateRanges: policy.snat.privateRanges,
          },
    tags: policy.tags,
    threatIntelMode: policy.threatIntelMode,
    type: 'Microsoft.Network/FirewallPolicies',
  });
}

/** A group with its collections in full. */
export function ruleCollectionGroupJson(group: RuleCollectionGroup): JsonObject {
  return {
    etag: plainTag(group.etag),
    id: group.id,
    name: group.name,
    priority: group.priority,
    provisioningState: group.provisioningState,
    resourceGroup: groupOf(group.id),
    ruleCollections: group.ruleCollections.map(ruleCollectionJson),
    type: 'Microsoft.Network/FirewallPolicies/RuleCollectionGroups',
  };
}

export function ruleCollectionJson(collection: PolicyRuleCollection): JsonObject {
  const rules: readonly PolicyRule[] = collection.rules;
  return {
    action: { type: collection.action.type },
    name: collection.name,
    priority: collection.priority,
    ruleCollectionType: collection.ruleCollectionType,
    rules: rules.map(ruleJson),
  };
}

function ruleJson(rule: PolicyRule): JsonObject {
  switch (rule.ruleType) {
    case 'NetworkRule':
      return compact({
        description: rule.description,
        destinationAddresses: rule.destinationAddresses,
        destinationFqdns: rule.destinationFqdns,
        destinationIpGroups: rule.destinationIpGroups,
        destinationPorts: rule.destinationPorts,
        ipProtocols: rule.ipProtocols,
        name: rule.name,
        ruleType: rule.ruleType,
        sourceAddresses: rule.sourceAddresses,
        sourceIpGroups: rule.sourceIpGroups,
      });
    case 'ApplicationRule':
      return compact({
        description: rule.description,
        destinationAddresses: rule.destinationAddresses,
        fqdnTags: rule.fqdnTags,
        name: rule.name,
        protocols: rule.protocols.map(({ port, protocolType }) => ({ port, protocolType })),
        ruleType: rule.ruleType,
        sourceAddresses: rule.sourceAddresses,
        sourceIpGroups: rule.sourceIpGroups,
        targetFqdns: rule.targetFqdns,
        targetUrls: rule.targetUrls,
        terminateTLS: rule.terminateTLS,
        webCategories: rule.webCategories,
      });
    case 'NatRule':
      return compact({
        description: rule.description,
        destinationAddresses: rule.destinationAddresses,
        destinationPorts: rule.destinationPorts,
        ipProtocols: rule.ipProtocols,
        name: rule.name,
        ruleType: rule.ruleType,
        sourceAddresses: rule.sourceAddresses,
        sourceIpGroups: rule.sourceIpGroups,
        translatedAddress: rule.translatedAddress,
        translatedFqdn: rule.translatedFqdn,
        translatedPort: rule.translatedPort,
      });
  }
}
