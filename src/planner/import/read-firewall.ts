/** Azure Firewall, its policies and IP groups out of pasted JSON. */
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  AzureFirewall,
  FirewallApplicationProtocol,
  FirewallIpConfiguration,
  FirewallPolicy,
  FirewallProtocol,
  IpGroup,
  PolicyApplicationRule,
  PolicyNatRule,
  PolicyNetworkRule,
  PolicyRuleCollection,
  RuleCollectionGroup,
} from '../../model/azure/firewall-resources.ts';
import { baseOf, bagOfObject, etagOf, partId } from './arm-object.ts';
import type { ArmObject, ReadContext } from './arm-object.ts';
import type { Bag } from './bag.ts';
import { rawObject, shortly } from './bag.ts';

const MODES = ['Off', 'Alert', 'Deny'] as const;
const TIERS = ['Basic', 'Standard', 'Premium'] as const;
const PROTOCOLS = ['TCP', 'UDP', 'ICMP', 'Any'] as const;

export function readFirewall(object: ArmObject, { log }: ReadContext): AzureFirewall {
  const bag = bagOfObject(object, log);
  const sku = bag.bag('sku');
  if ((sku?.text('name') ?? 'AZFW_VNet').toLowerCase() !== 'azfw_vnet') {
    bag.leave('sku = AZFW_Hub', 'A firewall in a Virtual WAN hub is not modelled.', 'decides');
  }
  const zones = bag.texts('zones');
  const management = bag.bag('managementIpConfiguration');
  const collections = <Action extends string, Rule>(
    key: string,
    actions: readonly [Action, ...Action[]],
    readRule: (rule: Bag) => Rule,
  ) =>
    bag.bags(key).map((each) => {
      const { id, name } = partId(each, object.id, key);
      const own = each.under(armKey(id));
      const action = own.bag('action');
      const collection = {
        id,
        name,
        etag: etagOf(own),
        priority: own.number('priority', 65_000),
        action: { type: action?.choice('type', actions, actions[0]) ?? actions[0] },
        rules: own.bags('rules').map(readRule),
        provisioningState: 'Succeeded' as const,
      };
      own.finish();
      return collection;
    });
  const additional = rawObject(bag.raw('additionalProperties')) ?? {};
  const firewall: AzureFirewall = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/azureFirewalls',
    sku: { name: 'AZFW_VNet', tier: sku?.choice('tier', TIERS, 'Standard') ?? 'Standard' },
    threatIntelMode: bag.choice('threatIntelMode', MODES, 'Alert'),
    zones: zones.length === 0 ? null : zones,
    ipConfigurations: bag.bags('ipConfigurations').map((each) => readConfiguration(each, object.id)),
    ...(management === null ? {} : { managementIpConfiguration: readConfiguration(management, object.id) }),
    firewallPolicy: bag.reference('firewallPolicy'),
    networkRuleCollections: collections('networkRuleCollections', ['Allow', 'Deny'], (rule) => {
      const read = {
        ...ruleBase(rule),
        protocols: protocolsOf(rule, 'protocols'),
        destinationAddresses: rule.texts('destinationAddresses'),
        destinationIpGroups: rule.texts('destinationIpGroups'),
        destinationFqdns: rule.texts('destinationFqdns'),
        destinationPorts: rule.texts('destinationPorts'),
      };
      rule.finish();
      return read;
    }),
    applicationRuleCollections: collections('applicationRuleCollections', ['Allow', 'Deny'], (rule) => {
      const read = {
        ...ruleBase(rule),
        protocols: applicationProtocols(rule),
        targetFqdns: rule.texts('targetFqdns'),
        fqdnTags: rule.texts('fqdnTags'),
      };
      rule.finish();
      return read;
    }),
    natRuleCollections: collections('natRuleCollections', ['Dnat', 'Snat'], (rule) => {
      const read = {
        ...ruleBase(rule),
        protocols: protocolsOf(rule, 'protocols'),
        destinationAddresses: rule.texts('destinationAddresses'),
        destinationPorts: rule.texts('destinationPorts'),
        translatedAddress: rule.text('translatedAddress') || null,
        translatedPort: rule.text('translatedPort') ?? '',
        translatedFqdn: rule.text('translatedFqdn') || null,
      };
      rule.finish();
      return read;
    }),
    additionalProperties: Object.fromEntries(
      Object.entries(additional).map(([key, value]) => [key, shortly(value)]),
    ),
  };
  sku?.finish();
  bag.finish({
    harmless: ['hubIPAddresses', 'ipGroups', 'autoscaleConfiguration', 'hubIpAddresses'],
    decides: { virtualHub: 'Virtual WAN is not modelled.' },
  });
  return firewall;
}

function readConfiguration(part: Bag, firewallId: string): FirewallIpConfiguration {
  const { id, name } = partId(part, firewallId, 'azureFirewallIpConfigurations');
  const configuration = {
    id,
    name,
    subnet: part.reference('subnet'),
    privateIPAddress: part.text('privateIPAddress') || null,
    publicIPAddress: part.reference('publicIPAddress'),
  };
  if (configuration.subnet !== null && configuration.privateIPAddress === null) {
    part.leave('privateIPAddress', 'It is not there, so routes to this firewall lead nowhere.', 'decides');
  }
  part.finish({ harmless: ['privateIPAllocationMethod'] });
  return configuration;
}

function ruleBase(rule: Bag) {
  return {
    name: rule.text('name') ?? 'rule',
    description: rule.text('description') || null,
    sourceAddresses: rule.texts('sourceAddresses'),
    sourceIpGroups: rule.texts('sourceIpGroups'),
  };
}

function protocolsOf(rule: Bag, key: string): readonly FirewallProtocol[] {
  return rule.texts(key).flatMap((text) => {
    const known = PROTOCOLS.find((each) => each.toLowerCase() === text.toLowerCase());
    if (known === undefined) rule.unreadable(key, text, 'decides');
    return known ?? [];
  });
}

function applicationProtocols(rule: Bag): readonly FirewallApplicationProtocol[] {
  return rule.bags('protocols').map((each) => ({
    protocolType: each.choice('protocolType', ['Http', 'Https', 'Mssql'], 'Https'),
    port: each.number('port', 443),
  }));
}

export function readFirewallPolicy(object: ArmObject, { log }: ReadContext): FirewallPolicy {
  const bag = bagOfObject(object, log);
  const sku = bag.bag('sku');
  const dns = bag.bag('dnsSettings');
  const snat = bag.bag('snat');
  const policy: FirewallPolicy = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/firewallPolicies',
    sku: { tier: sku?.choice('tier', TIERS, 'Standard') ?? 'Standard' },
    threatIntelMode: bag.choice('threatIntelMode', MODES, 'Alert'),
    basePolicy: bag.reference('basePolicy'),
    dnsSettings:
      dns === null ? null : { servers: dns.texts('servers'), enableProxy: dns.flag('enableProxy', false) },
    snat:
      snat === null
        ? null
        : {
            privateRanges: snat.texts('privateRanges'),
            autoLearnPrivateRanges: snat.choice(
              'autoLearnPrivateRanges',
              ['Enabled', 'Disabled'],
              'Disabled',
            ),
          },
    // Groups that stand on their own are put in once all texts are read.
    ruleCollectionGroups: [],
  };
  dns?.finish({ harmless: ['requireProxyForNetworkRules'] });
  snat?.finish();
  bag.finish({
    harmless: ['firewalls', 'childPolicies', 'ruleCollectionGroups', 'insights', 'identity', 'size'],
    matters: {
      intrusionDetection: 'IDPS may drop what its signatures find, and is not modelled.',
      threatIntelWhitelist: 'Threat intelligence is not modelled.',
      sql: 'SQL redirect mode is not modelled.',
    },
    decides: {
      transportSecurity: 'TLS inspection lets rules see URLs, and is not modelled.',
      explicitProxy: 'The explicit proxy is not modelled.',
    },
  });
  return policy;
}

export function readRuleCollectionGroup(object: ArmObject, { log }: ReadContext): RuleCollectionGroup {
  const bag = bagOfObject(object, log);
  const group: RuleCollectionGroup = {
    id: object.id,
    name: bag.text('name') ?? '',
    etag: etagOf(bag),
    priority: bag.number('priority', 65_000),
    ruleCollections: bag.bags('ruleCollections').map(readCollection),
    provisioningState: 'Succeeded',
  };
  bag.finish({ harmless: ['size'] });
  return group;
}

function readCollection(bag: Bag): PolicyRuleCollection {
  const isNat =
    bag.choice(
      'ruleCollectionType',
      ['FirewallPolicyFilterRuleCollection', 'FirewallPolicyNatRuleCollection'],
      'FirewallPolicyFilterRuleCollection',
    ) === 'FirewallPolicyNatRuleCollection';
  const action = bag.bag('action');
  const base = { name: bag.text('name') ?? '', priority: bag.number('priority', 65_000) };
  const rules = bag.bags('rules').map(readRule);
  const collection: PolicyRuleCollection = isNat
    ? {
        ...base,
        ruleCollectionType: 'FirewallPolicyNatRuleCollection',
        action: { type: 'DNAT' },
        rules: rules.filter((rule) => rule.ruleType === 'NatRule'),
      }
    : {
        ...base,
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
        action: { type: action?.choice('type', ['Allow', 'Deny'], 'Deny') ?? 'Deny' },
        rules: rules.filter((rule) => rule.ruleType !== 'NatRule'),
      };
  if (collection.rules.length < rules.length) {
    bag.leave('rules', 'Rules of another type than their collection cannot be there.', 'decides');
  }
  bag.finish();
  return collection;
}

function readRule(bag: Bag): PolicyNetworkRule | PolicyApplicationRule | PolicyNatRule {
  const type = bag.choice('ruleType', ['NetworkRule', 'ApplicationRule', 'NatRule'], 'NetworkRule');
  const base = { ...ruleBase(bag), destinationAddresses: bag.texts('destinationAddresses') };
  const rule = ((): PolicyNetworkRule | PolicyApplicationRule | PolicyNatRule => {
    switch (type) {
      case 'NetworkRule':
        return {
          ...base,
          ruleType: 'NetworkRule',
          ipProtocols: protocolsOf(bag, 'ipProtocols'),
          destinationIpGroups: bag.texts('destinationIpGroups'),
          destinationFqdns: bag.texts('destinationFqdns'),
          destinationPorts: bag.texts('destinationPorts'),
        };
      case 'ApplicationRule':
        return {
          ...base,
          ruleType: 'ApplicationRule',
          protocols: applicationProtocols(bag),
          targetFqdns: bag.texts('targetFqdns'),
          fqdnTags: bag.texts('fqdnTags'),
          targetUrls: bag.texts('targetUrls'),
          webCategories: bag.texts('webCategories'),
          terminateTLS: bag.flag('terminateTLS', false),
        };
      case 'NatRule':
        return {
          ...base,
          ruleType: 'NatRule',
          ipProtocols: protocolsOf(bag, 'ipProtocols'),
          destinationPorts: bag.texts('destinationPorts'),
          translatedAddress: bag.text('translatedAddress') || null,
          translatedPort: bag.text('translatedPort') ?? '',
          translatedFqdn: bag.text('translatedFqdn') || null,
        };
    }
  })();
  bag.finish({ matters: { httpHeadersToInsert: 'Headers that the firewall puts in are not modelled.' } });
  return rule;
}

export function readIpGroup(object: ArmObject, { log }: ReadContext): IpGroup {
  const bag = bagOfObject(object, log);
  const group: IpGroup = {
    ...baseOf(object, bag),
    type: 'Microsoft.Network/ipGroups',
    ipAddresses: bag.texts('ipAddresses'),
  };
  bag.finish({ harmless: ['firewalls', 'firewallPolicies'] });
  return group;
}
