import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  FirewallProtocol,
  PolicyApplicationRule,
  PolicyNatRule,
  PolicyNetworkRule,
  PolicyRuleCollection,
} from '../../src/model/azure/firewall-resources.ts';
import { ruleCollectionJson } from '../../src/shell/az/network-firewall-policy-json.ts';
import { readRuleCollections } from '../../src/shell/az/network-firewall-policy-request.ts';

const words = fc.array(fc.stringMatching(/^[a-z0-9.*-]{1,12}$/), { maxLength: 3 });
const word = fc.stringMatching(/^[a-zA-Z0-9 ._-]{0,12}$/);
const ipProtocols = fc.subarray<FirewallProtocol>(['TCP', 'UDP', 'ICMP', 'Any']);
const common = {
  name: word,
  description: fc.option(word),
  sourceAddresses: words,
  sourceIpGroups: words,
  destinationAddresses: words,
};
const port = fc.integer({ min: 1, max: 65535 });

const networkRule: fc.Arbitrary<PolicyNetworkRule> = fc.record({
  ...common,
  ruleType: fc.constant('NetworkRule' as const),
  ipProtocols,
  destinationIpGroups: words,
  destinationFqdns: words,
  destinationPorts: words,
});
const applicationRule: fc.Arbitrary<PolicyApplicationRule> = fc.record({
  ...common,
  ruleType: fc.constant('ApplicationRule' as const),
  protocols: fc.array(fc.record({ protocolType: fc.constantFrom('Http', 'Https', 'Mssql'), port }), {
    maxLength: 3,
  }),
  targetFqdns: words,
  fqdnTags: fc.subarray(['AzureKubernetesService', 'WindowsUpdate']),
  targetUrls: words,
  webCategories: words,
  terminateTLS: fc.constant(false),
});
const natRule: fc.Arbitrary<PolicyNatRule> = fc.record({
  ...common,
  ruleType: fc.constant('NatRule' as const),
  ipProtocols,
  destinationPorts: words,
  translatedAddress: fc.option(word),
  translatedPort: port.map(String),
  translatedFqdn: fc.option(word),
});
const collection: fc.Arbitrary<PolicyRuleCollection> = fc.oneof(
  fc.record({
    ruleCollectionType: fc.constant('FirewallPolicyFilterRuleCollection' as const),
    name: word,
    priority: fc.integer({ min: 100, max: 65000 }),
    action: fc.record({ type: fc.constantFrom('Allow', 'Deny') }),
    rules: fc.array(fc.oneof(networkRule, applicationRule), { maxLength: 4 }),
  }),
  fc.record({
    ruleCollectionType: fc.constant('FirewallPolicyNatRuleCollection' as const),
    name: word,
    priority: fc.integer({ min: 100, max: 65000 }),
    action: fc.record({ type: fc.constant('DNAT' as const) }),
    rules: fc.array(natRule, { maxLength: 4 }),
  }),
);

test('what is printed of rule collections is read back as it was, so that an update of one rule changes no other', () => {
  fc.assert(
    fc.property(fc.array(collection, { maxLength: 4 }), (collections) => {
      const printed = JSON.parse(JSON.stringify(collections.map(ruleCollectionJson))) as never;
      expect(readRuleCollections(printed)).toEqual({ ok: true, value: collections });
    }),
  );
});
