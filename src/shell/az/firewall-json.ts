/**
 * Azure Firewall as the extension azure-firewall prints it. Its commands are of two generations: those on
 * the firewall print what the service sent; those on its parts print the objects of a Python library, with
 * their nulls, and with `privateIpAddress` where the service says `privateIPAddress`.
 */
import type { Cloud } from '../../model/cloud.ts';
import type {
  AzureFirewall,
  FirewallApplicationRule,
  FirewallIpConfiguration,
  FirewallNatRule,
  FirewallNetworkRule,
  IpGroup,
} from '../../model/azure/firewall-resources.ts';
import type {
  FirewallCollectionOf,
  FirewallRuleList,
  FirewallRuleOf,
} from '../../model/azure/azure-firewall-collections.ts';
import { firewallsOfIpGroup } from '../../model/azure/ip-group.ts';
import { compact, groupOf, reference } from './network-json.ts';
import type { JsonObject } from './network-json.ts';

const TYPE = 'Microsoft.Network/azureFirewalls';

export function azureFirewallJson(_cloud: Cloud, firewall: AzureFirewall): JsonObject {
  const management = firewall.managementIpConfiguration;
  return compact({
    additionalProperties: { ...firewall.additionalProperties },
    applicationRuleCollections: firewall.applicationRuleCollections.map((one) =>
      collectionJson('applicationRuleCollections', one),
    ),
    etag: firewall.etag,
    firewallPolicy: firewall.firewallPolicy === null ? null : reference(firewall.firewallPolicy),
    id: firewall.id,
    ipConfigurations: firewall.ipConfigurations.map((one) => ipConfigurationOf(firewall, one)),
    location: firewall.location,
    managementIpConfiguration: management === undefined ? null : ipConfigurationOf(firewall, management),
    name: firewall.name,
    natRuleCollections: firewall.natRuleCollections.map((one) => collectionJson('natRuleCollections', one)),
    networkRuleCollections: firewall.networkRuleCollections.map((one) =>
      collectionJson('networkRuleCollections', one),
    ),
    provisioningState: firewall.provisioningState,
    resourceGroup: firewall.resourceGroup,
    sku: { name: firewall.sku.name, tier: firewall.sku.tier },
    tags: firewall.tags,
    threatIntelMode: firewall.threatIntelMode,
    type: firewall.type,
    zones: firewall.zones,
  });
}

/**
 * The management configuration takes an address of its subnet too, but the service does not say which one
 * (Azure/azure-cli-extensions, recording of test_firewall_standard_sku_management_ip_config, 2026-07-13).
 */
function shownAddress(firewall: AzureFirewall, one: FirewallIpConfiguration): string | null {
  return one === firewall.managementIpConfiguration ? null : one.privateIPAddress;
}

function ipConfigurationOf(firewall: AzureFirewall, one: FirewallIpConfiguration): JsonObject {
  return compact({
    etag: firewall.etag,
    id: one.id,
    name: one.name,
    privateIPAddress: shownAddress(firewall, one),
    privateIPAllocationMethod: 'Dynamic',
    provisioningState: 'Succeeded',
    publicIPAddress: one.publicIPAddress === null ? null : reference(one.publicIPAddress),
    resourceGroup: firewall.resourceGroup,
    subnet: one.subnet === null ? null : reference(one.subnet),
    type: `${TYPE}/azureFirewallIpConfigurations`,
  });
}

/** An IP configuration as `az network firewall ip-config` prints it. */
export function firewallIpConfigJson(firewall: AzureFirewall, one: FirewallIpConfiguration): JsonObject {
  return {
    etag: firewall.etag,
    id: one.id,
    name: one.name,
    privateIpAddress: shownAddress(firewall, one),
    provisioningState: 'Succeeded',
    publicIpAddress: one.publicIPAddress === null ? null : reference(one.publicIPAddress),
    resourceGroup: firewall.resourceGroup,
    subnet: one.subnet === null ? null : reference(one.subnet),
    type: `${TYPE}/azureFirewallIpConfigurations`,
  };
}

export function collectionJson<K extends FirewallRuleList>(
  list: K,
  collection: FirewallCollectionOf<K>,
): JsonObject {
  return {
    action: { type: collection.action.type },
    etag: collection.etag,
    id: collection.id,
    name: collection.name,
    priority: collection.priority,
    provisioningState: collection.provisioningState,
    resourceGroup: groupOf(collection.id),
    rules: collection.rules.map((rule) => compact(ruleJson(rule))),
    type: `${TYPE}/${list}`,
  };
}

/** A collection as the commands on rules and collections print it: its rules have nulls, and it has no type. */
export function collectionPartJson<K extends FirewallRuleList>(
  list: K,
  collection: FirewallCollectionOf<K>,
): JsonObject {
  const { type: _type, ...rest } = collectionJson(list, collection);
  return { ...rest, rules: collection.rules.map(ruleJson) };
}

export function ruleJson(rule: FirewallRuleOf<FirewallRuleList>): JsonObject {
  if ('translatedPort' in rule) return natRuleJson(rule);
  if ('targetFqdns' in rule) return applicationRuleJson(rule);
  return networkRuleJson(rule);
}

function networkRuleJson(rule: FirewallNetworkRule): JsonObject {
  return {
    description: rule.description,
    destinationAddresses: rule.destinationAddresses,
    destinationFqdns: rule.destinationFqdns,
    destinationIpGroups: rule.destinationIpGroups,
    destinationPorts: rule.destinationPorts,
    name: rule.name,
    protocols: rule.protocols,
    sourceAddresses: rule.sourceAddresses,
    sourceIpGroups: rule.sourceIpGroups,
  };
}

function applicationRuleJson(rule: FirewallApplicationRule): JsonObject {
  return {
    description: rule.description,
    fqdnTags: rule.fqdnTags,
    name: rule.name,
    protocols: rule.protocols.map(({ port, protocolType }) => ({ port, protocolType })),
    sourceAddresses: rule.sourceAddresses,
    sourceIpGroups: rule.sourceIpGroups,
    targetFqdns: rule.targetFqdns,
  };
}

function natRuleJson(rule: FirewallNatRule): JsonObject {
  return {
    description: rule.description,
    destinationAddresses: rule.destinationAddresses,
    destinationPorts: rule.destinationPorts,
    name: rule.name,
    protocols: rule.protocols,
    sourceAddresses: rule.sourceAddresses,
    sourceIpGroups: rule.sourceIpGroups,
    translatedAddress: rule.translatedAddress,
    translatedFqdn: rule.translatedFqdn,
    translatedPort: rule.translatedPort,
  };
}

export function ipGroupJson(cloud: Cloud, group: IpGroup): JsonObject {
  return compact({
    etag: group.etag,
    firewalls: firewallsOfIpGroup(cloud, group.id).map(reference),
    id: group.id,
    ipAddresses: group.ipAddresses,
    location: group.location,
    name: group.name,
    provisioningState: group.provisioningState,
    resourceGroup: group.resourceGroup,
    tags: group.tags,
    type: group.type,
  });
}
