import { describe, expect, test } from 'vitest';
import {
  DEFAULT_SECURITY_RULES,
  createNetworkSecurityGroup,
} from '../../../../src/model/azure/network-security-group.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import { findResource } from '../../../../src/model/azure/resource-store.ts';
import {
  SECURITY_RULE_DEFAULTS,
  createSecurityRule,
  requireSecurityRule,
} from '../../../../src/model/azure/security-rule.ts';
import type { SecurityRuleProperties } from '../../../../src/model/azure/security-rule.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';

const named = (name: string) => ({ resourceGroup: 'rg', networkSecurityGroup: 'nsg', name });

function start(): Cloud {
  const group = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  const nsg = unwrap(createNetworkSecurityGroup(group, { resourceGroup: 'rg', name: 'nsg' }));
  return unwrap(createSecurityRule(nsg, named('held'), { ...SECURITY_RULE_DEFAULTS, priority: 100 }));
}

function put(changes: Partial<SecurityRuleProperties>) {
  return createSecurityRule(start(), named('new'), { ...SECURITY_RULE_DEFAULTS, priority: 200, ...changes });
}

test('a group has the six default rules, in Azure’s names and numbers', () => {
  const group = findResource(start(), 'Microsoft.Network/networkSecurityGroups', 'rg', 'nsg');
  expect(group?.defaultSecurityRules.map((rule) => [rule.direction, rule.priority, rule.name])).toEqual([
    ['Inbound', 65000, 'AllowVnetInBound'],
    ['Inbound', 65001, 'AllowAzureLoadBalancerInBound'],
    ['Inbound', 65500, 'DenyAllInBound'],
    ['Outbound', 65000, 'AllowVnetOutBound'],
    ['Outbound', 65001, 'AllowInternetOutBound'],
    ['Outbound', 65500, 'DenyAllOutBound'],
  ]);
  expect(DEFAULT_SECURITY_RULES).toHaveLength(6);
});

describe('a rule is refused', () => {
  const rows: readonly (readonly [string, Partial<SecurityRuleProperties>, string])[] = [
    ['below the range of priorities', { priority: 99 }, 'SecurityRuleInvalidPriority'],
    ['above the range of priorities', { priority: 4097 }, 'SecurityRuleInvalidPriority'],
    ['with the priority of another in its direction', { priority: 100 }, 'SecurityRuleConflict'],
    [
      'with an address that is none',
      { sourceAddressPrefixes: ['10.0.0.300'] },
      'SecurityRuleInvalidAddressPrefix',
    ],
    [
      'with a tag that is none',
      { destinationAddressPrefixes: ['Internets'] },
      'SecurityRuleInvalidAddressPrefix',
    ],
    [
      'with two tags',
      { sourceAddressPrefixes: ['Internet', 'VirtualNetwork'] },
      'SecurityRuleParameterContainsUnsupportedValue',
    ],
    [
      'with * besides an address',
      { sourceAddressPrefixes: ['*', '10.0.0.0/8'] },
      'SecurityRuleParameterContainsUnsupportedValue',
    ],
    [
      'with prefixes of which one covers the other',
      { sourceAddressPrefixes: ['10.1.0.0/24', '10.0.0.0/8'] },
      'OverlappingSubnetsNotPermittedInSecurityRule',
    ],
    [
      'with host bits in a prefix',
      { sourceAddressPrefixes: ['10.0.0.5/24'] },
      'SecurityRuleInvalidAddressPrefix',
    ],
    ['with IPv6', { sourceAddressPrefixes: ['fd00::/8'] }, 'NotSimulated'],
    ['with a range of addresses', { sourceAddressPrefixes: ['10.0.0.1-10.0.0.9'] }, 'NotSimulated'],
    ['with a port above 65535', { destinationPortRanges: ['65536'] }, 'SecurityRuleInvalidPortRange'],
    ['with a port range turned round', { destinationPortRanges: ['90-80'] }, 'SecurityRuleInvalidPortRange'],
    ['with a port that is a word', { destinationPortRanges: ['http'] }, 'SecurityRuleInvalidPortRange'],
  ];

  test.each(rows)('%s', (_case, changes, code) => {
    expect(put(changes)).toMatchObject({ ok: false, error: { code } });
  });

  test('in the words of the service', () => {
    const refused = put({ priority: 99 });
    expect(refused.ok ? '' : refused.error.message).toBe(
      'Security rule has invalid Priority. Value provided: 99 Allowed range 100-4096.',
    );
  });
});

describe('a rule is taken', () => {
  const rows: readonly (readonly [string, Partial<SecurityRuleProperties>])[] = [
    ['with the same priority in the other direction', { priority: 100, direction: 'Outbound' }],
    ['at both ends of the range', { priority: 4096 }],
    ['with a tag in small letters', { sourceAddressPrefixes: ['internet'] }],
    ['with a regional tag', { destinationAddressPrefixes: ['Storage.WestEurope'] }],
    [
      'with several addresses and ports',
      {
        sourceAddressPrefixes: ['10.0.0.4', '10.1.0.0/16'],
        destinationPortRanges: ['80', '443', '8000-8080'],
      },
    ],
    ['for every port', { destinationPortRanges: ['*'] }],
  ];

  test.each(rows)('%s', (_case, changes) => {
    expect(put(changes).ok).toBe(true);
  });

  test('one value goes to the singular property, several to the plural one, tags in their own spelling', () => {
    const cloud = unwrap(
      put({ sourceAddressPrefixes: ['virtualnetwork'], destinationPortRanges: ['80', '443'] }),
    );
    expect(unwrap(requireSecurityRule(cloud, named('new'))).rule).toMatchObject({
      sourceAddressPrefix: 'VirtualNetwork',
      sourceAddressPrefixes: [],
      destinationPortRange: null,
      destinationPortRanges: ['80', '443'],
    });
  });
});
