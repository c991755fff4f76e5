import type { PolicyRuleCollection, RuleCollectionGroup } from '../../model/azure/firewall-resources.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, Json } from './command.ts';
import {
  changeInGroup,
  groupUpdateOptions,
  policyName,
  rcgName,
  readGroup,
  strayPriority,
} from './network-firewall-policy-group.ts';
import { ruleCollectionJson } from './network-firewall-policy-json.ts';
import { readRuleCollections } from './network-firewall-policy-request.ts';
import {
  applicationRuleOptions,
  commonRuleOptions,
  natRuleOptions,
  networkRuleOptions,
  ruleJsonOf,
} from './network-firewall-policy-rule-options.ts';
import { choice, integer, resourceGroup, text } from './option.ts';
import { optionalNumber, optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import type { Cloud } from '../../model/cloud.ts';

const PATH = ['network', 'firewall', 'policy', 'rule-collection-group', 'collection'] as const;

const name = text('--name -n', 'The name of the collection in Firewall Policy Rule Collection Group.', {
  required: true,
});
const collectionPriority = integer(
  '--collection-priority',
  'The priority of the rule in Firewall Policy Rule Collection Group.',
  { required: true },
);
const ruleName = text('--rule-name', 'The name of rule.', { group: 'Common Rule' });
const place = [policyName, resourceGroup, rcgName, name] as const;

/** These commands print the collections alone, in an object. */
function collectionsJson(group: RuleCollectionGroup): Json {
  return { ruleCollections: group.ruleCollections.map(ruleCollectionJson) };
}

/** A collection with one rule, as the options describe it. */
function newCollection(
  cloud: Cloud,
  args: AzArguments,
  ruleCollectionType: PolicyRuleCollection['ruleCollectionType'],
  ruleType: string,
): Result<readonly PolicyRuleCollection[], AzFailure> {
  const rule = ruleJsonOf(cloud, args, ruleType, optionalText(args, 'ruleName'));
  if (!rule.ok) return rule;
  const read = readRuleCollections([
    {
      name: textArgument(args, 'name'),
      priority: optionalNumber(args, 'collectionPriority') ?? 0,
      ruleCollectionType,
      action: { type: optionalText(args, 'action') ?? null },
      rules: [rule.value],
    },
  ]);
  return read.ok ? read : refusedByAzure(read.error);
}

function append(
  group: RuleCollectionGroup,
  added: Result<readonly PolicyRuleCollection[], AzFailure>,
): Result<readonly PolicyRuleCollection[], AzFailure> {
  return added.ok ? ok([...group.ruleCollections, ...added.value]) : added;
}

export const ruleCollectionCommands: readonly AzCommand[] = [
  {
    path: [...PATH, 'add-filter-collection'],
    summary: 'Add a filter collection into an Azure firewall policy rule collection group.',
    options: [
      ...place,
      collectionPriority,
      choice('--action', ['Allow', 'Deny'], 'The action type of a rule collection.'),
      choice('--rule-type', ['ApplicationRule', 'NatRule', 'NetworkRule'], 'The type of rule.', {
        group: 'Common Rule',
      }),
      ruleName,
      ...commonRuleOptions('optional'),
      ...networkRuleOptions,
      ...applicationRuleOptions,
      ...groupUpdateOptions,
    ],
    examples: [
      {
        does: 'Add a filter collection with Network rule into the rule collection group',
        line: 'az network firewall policy rule-collection-group collection add-filter-collection -g MyResourceGroup --policy-name MyFirewallPolicy --rule-collection-group-name MyRuleCollectionGroup --name filter_collection --action Allow --rule-name network_rule --rule-type NetworkRule --description "test" --destination-addresses "202.120.36.15" --source-addresses "202.120.36.13" "202.120.36.14" --destination-ports 12003 12004 --ip-protocols TCP UDP --collection-priority 11002',
      },
      {
        does: 'Add a filter collection with Application rule into the rule collection group',
        line: 'az network firewall policy rule-collection-group collection add-filter-collection -g MyResourceGroup --policy-name MyFirewallPolicy --rule-collection-group-name MyRuleCollectionGroup --name filter_collection --action Allow --rule-name application_rule --rule-type ApplicationRule --description "test" --source-addresses "202.120.36.13" "202.120.36.14" --protocols Http=12800 Https=12801 --fqdn-tags AzureBackup HDInsight --collection-priority 11100',
      },
    ],
    run: (cloud, args) => {
      const stray = strayPriority(args, 'collectionPriority', '--collection-priority');
      if (stray !== null) return stray;
      return changeInGroup(
        cloud,
        args,
        (group) => {
          if (args['targetFqdns'] !== undefined && args['fqdnTags'] !== undefined) {
            return usageFailure('usage error: --target-fqdns | --fqdn-tags');
          }
          // The extension makes an application rule of all that is no network rule.
          const kind = optionalText(args, 'ruleType') === 'NetworkRule' ? 'NetworkRule' : 'ApplicationRule';
          return append(group, newCollection(cloud, args, 'FirewallPolicyFilterRuleCollection', kind));
        },
        collectionsJson,
      );
    },
  },
  {
    path: [...PATH, 'add-nat-collection'],
    summary: 'Add a NAT collection into an Azure firewall policy rule collection group.',
    options: [
      ...place,
      collectionPriority,
      choice('--action', ['DNAT', 'SNAT'], 'The action type of a rule collection.'),
      ruleName,
      ...commonRuleOptions('ip-protocols'),
      ...natRuleOptions,
      ...groupUpdateOptions,
    ],
    examples: [
      {
        does: 'Add a NAT collection into the rule collection group',
        line: 'az network firewall policy rule-collection-group collection add-nat-collection -n nat_collection --collection-priority 10003 --policy-name MyFirewallPolicy -g MyResourceGroup --rule-collection-group-name MyRuleCollectionGroup --action DNAT --rule-name network_rule --description "test" --destination-addresses "202.120.36.15" --source-addresses "202.120.36.13" "202.120.36.14" --translated-address 128.1.1.1 --translated-port 1234 --destination-ports 12000 --ip-protocols TCP UDP',
      },
    ],
    run: (cloud, args) =>
      strayPriority(args, 'collectionPriority', '--collection-priority') ??
      changeInGroup(
        cloud,
        args,
        (group) => append(group, newCollection(cloud, args, 'FirewallPolicyNatRuleCollection', 'NatRule')),
        collectionsJson,
      ),
  },
  {
    path: [...PATH, 'list'],
    summary: 'List all rule collections of an Azure firewall policy rule collection group.',
    options: [policyName, resourceGroup, rcgName],
    run: (cloud, args) => readGroup(cloud, args, (group) => group.ruleCollections.map(ruleCollectionJson)),
  },
  {
    path: [...PATH, 'remove'],
    summary: 'Remove a rule collection from an Azure firewall policy rule collection group.',
    options: [...place, ...groupUpdateOptions],
    run: (cloud, args) =>
      changeInGroup(
        cloud,
        args,
        // One that is not there is no error: the group is written as it was.
        (group) => ok(group.ruleCollections.filter((one) => one.name !== textArgument(args, 'name'))),
        collectionsJson,
      ),
  },
];
