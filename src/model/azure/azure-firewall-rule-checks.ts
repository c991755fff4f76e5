/** What Azure asks of the rules of a firewall without a policy. */
import type { Cloud } from '../cloud.ts';
import { FIREWALL_PRIORITIES } from '../limits/firewall.ts';
import { azureError } from './error.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall } from './firewall-resources.ts';
import { armKey } from './resource-store.ts';

type Collection = AzureFirewall[
  'networkRuleCollections' | 'applicationRuleCollections' | 'natRuleCollections'][number];

/** Returns Azure's refusal of the first rule or collection that it does not take, or null. */
export function checkFirewallRules(_cloud: Cloud, firewall: AzureFirewall): AzureError | null {
  for (const list of [
    firewall.networkRuleCollections,
    firewall.applicationRuleCollections,
    firewall.natRuleCollections,
  ] satisfies readonly (readonly Collection[])[]) {
    const refused = checkCollections(list);
    if (refused !== null) return refused;
  }
  if (firewall.additionalProperties['Network.DNS.EnableProxy'] !== 'true') {
    const named = firewall.networkRuleCollections
      .flatMap(({ rules }) => rules)
      .some(({ destinationFqdns }) => destinationFqdns.length > 0);
    // Code and text as azurerm printed them in 2020 (terraform of an AKS behind a firewall).
    if (named) {
      return azureError(
        'AzureFirewallDNSProxyMustBeEnabled',
        'DNS Proxy must be enabled in order to use DestinationFqdns in Network Rules',
      );
    }
  }
  return null;
}

function checkCollections(collections: readonly Collection[]): AzureError | null {
  const { first, last } = FIREWALL_PRIORITIES.value;
  for (const [at, collection] of collections.entries()) {
    if (collection.priority < first || collection.priority > last) {
      return azureError(
        'AzureFirewallRuleCollectionPriorityInvalid',
        `Priority ${collection.priority} of rule collection ${collection.name} is invalid. It must be between ${first} and ${last}.`,
      );
    }
    const same = collections.slice(0, at).find(({ priority }) => priority === collection.priority);
    if (same !== undefined) {
      return azureError(
        'AzureFirewallRuleCollectionPriorityConflict',
        `Rule collections ${same.name} and ${collection.name} have the same priority ${collection.priority}.`,
      );
    }
    const names = collection.rules.map(({ name }) => armKey(name));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      return azureError(
        'AzureFirewallRuleNameConflict',
        `Rule collection ${collection.name} has two rules named ${twice}.`,
      );
    }
  }
  return null;
}
