/** Firewalls as plain resources, for tests of what packets meet: the commands that make them are tested elsewhere. */
import type {
  AzureFirewall,
  FirewallApplicationProtocol,
  FirewallApplicationRule,
  FirewallNatRule,
  FirewallNetworkRule,
  FirewallPolicy,
} from '../../src/model/azure/firewall-resources.ts';
import { putResource, resourceId } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';

export type NetworkRuleText = Partial<FirewallNetworkRule> & { readonly name: string };
export type ApplicationRuleText = Partial<FirewallApplicationRule> & { readonly name: string };
export type NatRuleText = Partial<FirewallNatRule> & { readonly name: string };

export interface Collection<Rule> {
  readonly name: string;
  readonly priority: number;
  readonly action?: 'Allow' | 'Deny';
  readonly rules: readonly Rule[];
}

export interface FirewallText {
  readonly name?: string;
  readonly resourceGroup?: string;
  readonly vnet?: string;
  readonly privateIPAddress?: string;
  readonly publicIps?: readonly string[];
  readonly network?: readonly Collection<NetworkRuleText>[];
  readonly application?: readonly Collection<ApplicationRuleText>[];
  readonly nat?: readonly Collection<NatRuleText>[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly policy?: string;
  /** Not in any network yet. */
  readonly place?: 'none';
}

const FROM_ANYONE = { description: null, sourceAddresses: ['*'], sourceIpGroups: [] } as const;

export const HTTP: FirewallApplicationProtocol = { protocolType: 'Http', port: 80 };
export const HTTPS: FirewallApplicationProtocol = { protocolType: 'Https', port: 443 };

export function networkRule(rule: NetworkRuleText): FirewallNetworkRule {
  return {
    ...FROM_ANYONE,
    protocols: ['TCP'],
    destinationAddresses: [],
    destinationIpGroups: [],
    destinationFqdns: [],
    destinationPorts: ['*'],
    ...rule,
  };
}

export function applicationRule(rule: ApplicationRuleText): FirewallApplicationRule {
  return { ...FROM_ANYONE, protocols: [HTTP, HTTPS], targetFqdns: [], fqdnTags: [], ...rule };
}

export function natRule(rule: NatRuleText): FirewallNatRule {
  return {
    ...FROM_ANYONE,
    protocols: ['TCP'],
    destinationAddresses: [],
    destinationPorts: ['80'],
    translatedAddress: null,
    translatedPort: '80',
    translatedFqdn: null,
    ...rule,
  };
}

/** Returns the cloud with the firewall in `AzureFirewallSubnet` of its VNet, or changed. */
export function putFirewall(cloud: Cloud, text: FirewallText = {}): Cloud {
  const { name = 'fw', resourceGroup = 'rg', vnet = 'hub' } = text;
  const id = resourceId(cloud, resourceGroup, 'Microsoft.Network/azureFirewalls', name);
  const publicIps = text.publicIps ?? ['fw-ip'];
  const common = <Rule>(each: Collection<Rule>) => ({
    id: `${id}/collections/${each.name}`,
    name: each.name,
    etag: 'W/"1"',
    priority: each.priority,
    provisioningState: 'Succeeded' as const,
  });
  const subnet = {
    id: `${resourceId(cloud, resourceGroup, 'Microsoft.Network/virtualNetworks', vnet)}/subnets/AzureFirewallSubnet`,
  };
  const address = (each: string | undefined) =>
    each === undefined
      ? null
      : { id: resourceId(cloud, resourceGroup, 'Microsoft.Network/publicIPAddresses', each) };
  const firewall: AzureFirewall = {
    id,
    name,
    type: 'Microsoft.Network/azureFirewalls',
    resourceGroup,
    location: 'westeurope',
    tags: null,
    etag: 'W/"1"',
    provisioningState: 'Succeeded',
    sku: { name: 'AZFW_VNet', tier: 'Standard' },
    threatIntelMode: 'Alert',
    zones: null,
    ipConfigurations:
      text.place === 'none'
        ? []
        : (publicIps.length === 0 ? [undefined] : publicIps).map((each, at) => ({
            id: `${id}/azureFirewallIpConfigurations/config${at}`,
            name: `config${at}`,
            subnet: at === 0 ? subnet : null,
            privateIPAddress: at === 0 ? (text.privateIPAddress ?? '10.0.0.4') : null,
            publicIPAddress: address(each),
          })),
    firewallPolicy:
      text.policy === undefined
        ? null
        : { id: resourceId(cloud, resourceGroup, 'Microsoft.Network/firewallPolicies', text.policy) },
    networkRuleCollections: (text.network ?? []).map((each) => ({
      ...common(each),
      action: { type: each.action ?? 'Allow' },
      rules: each.rules.map(networkRule),
    })),
    applicationRuleCollections: (text.application ?? []).map((each) => ({
      ...common(each),
      action: { type: each.action ?? 'Allow' },
      rules: each.rules.map(applicationRule),
    })),
    natRuleCollections: (text.nat ?? []).map((each) => ({
      ...common(each),
      action: { type: 'Dnat' },
      rules: each.rules.map(natRule),
    })),
    additionalProperties: text.settings ?? {},
  };
  return putResource(cloud, firewall);
}

/** Returns the cloud with a policy that has these groups. */
export function putPolicy(
  cloud: Cloud,
  name: string,
  policy: Partial<Pick<FirewallPolicy, 'dnsSettings' | 'snat' | 'ruleCollectionGroups' | 'basePolicy'>>,
): Cloud {
  return putResource(cloud, {
    id: resourceId(cloud, 'rg', 'Microsoft.Network/firewallPolicies', name),
    name,
    type: 'Microsoft.Network/firewallPolicies',
    resourceGroup: 'rg',
    location: 'westeurope',
    tags: null,
    etag: 'W/"1"',
    provisioningState: 'Succeeded',
    sku: { tier: 'Standard' },
    threatIntelMode: 'Alert',
    basePolicy: null,
    dnsSettings: null,
    snat: null,
    ruleCollectionGroups: [],
    ...policy,
  });
}
