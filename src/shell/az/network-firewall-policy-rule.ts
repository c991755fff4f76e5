import type { PolicyRule } from '../../model/azure/firewall-policy-rule-checks.ts';
import type { PolicyRuleCollection, RuleCollectionGroup } from '../../model/azure/firewall-resources.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { changeInGroup, groupUpdateOptions, policyName, rcgName } from './network-firewall-policy-group.ts';
import { ruleCollectionGroupJson, ruleCollectionJson } from './network-firewall-policy-json.ts';
import { readRuleCollections } from './network-firewall-policy-request.ts';
import {
  applicationRuleOptions,
  commonRuleOptions,
  givenRuleJson,
  natRuleOptions,
  networkRuleOptions,
  ruleJsonOf,
} from './network-firewall-policy-rule-options.ts';
import type { JsonObject } from './network-json.ts';
import { choice, resourceGroup, text } from './option.ts';
import { refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import { isList, isObject } from './output-format.ts';

const PATH = ['network', 'firewall', 'policy', 'rule-collection-group', 'collection', 'rule'] as const;

const place: readonly AzOption[] = [
  policyName,
  resourceGroup,
  rcgName,
  text('--collection-name', 'The name of the rule collection in Firewall Policy Rule Collection Group.', {
    required: true,
  }),
  text('--name -n', 'The name of rule.', { required: true, group: 'Common Rule' }),
];

const ruleOptions: readonly AzOption[] = [
  ...commonRuleOptions('optional'),
  ...networkRuleOptions,
  ...applicationRuleOptions,
  ...natRuleOptions,
  ...groupUpdateOptions,
];

/** Names of collections are compared letter by letter here, as the extension does. */
function collectionOf(group: RuleCollectionGroup, args: AzArguments): PolicyRuleCollection | undefined {
  return group.ruleCollections.findLast((one) => one.name === textArgument(args, 'collectionName'));
}

/** The collections with the rules of one of them changed in their printed form. */
function withRules(
  group: RuleCollectionGroup,
  collection: PolicyRuleCollection,
  change: (rules: readonly Json[]) => readonly Json[],
): Result<readonly PolicyRuleCollection[], AzFailure> {
  const read = readRuleCollections(
    group.ruleCollections.map((one) => {
      const json = ruleCollectionJson(one);
      const rules = json['rules'];
      return one === collection && rules !== undefined && isList(rules)
        ? { ...json, rules: change(rules) }
        : json;
    }),
  );
  return read.ok ? read : refusedByAzure(read.error);
}

function isNamed(rule: Json, args: AzArguments): rule is JsonObject {
  return isObject(rule) && rule['name'] === textArgument(args, 'name');
}

export const policyRuleCommands: readonly AzCommand[] = [
  {
    path: [...PATH, 'add'],
    summary: 'Add a rule into an Azure firewall policy rule collection.',
    options: [
      ...place,
      choice('--rule-type', ['ApplicationRule', 'NatRule', 'NetworkRule'], 'The type of rule.', {
        required: true,
        group: 'Common Rule',
      }),
      ...ruleOptions,
    ],
    examples: [
      {
        does: 'Add a network rule to a collection.',
        line: 'az network firewall policy rule-collection-group collection rule add -g MyResourceGroup --policy-name MyFirewallPolicy --rcg-name MyRuleCollectionGroup --collection-name MyCollection --name ntp --rule-type NetworkRule --source-addresses 10.0.0.0/8 --destination-addresses "*" --destination-ports 123 --ip-protocols UDP',
      },
    ],
    run: (cloud, args) =>
      changeInGroup(
        cloud,
        args,
        (group) => {
          const collection = collectionOf(group, args);
          if (collection === undefined) return usageFailure('Cannot find corresponding rule.');
          const ruleType = textArgument(args, 'ruleType');
          const wrong = wrongKind(collection, ruleType);
          if (wrong !== null) return usageFailure(wrong);
          const rule = ruleJsonOf(cloud, args, ruleType, textArgument(args, 'name'));
          return rule.ok ? withRules(group, collection, (rules) => [...rules, rule.value]) : rule;
        },
        ruleCollectionGroupJson,
      ),
  },
  {
    path: [...PATH, 'update'],
    summary: 'Update a rule of an Azure firewall policy rule collection.',
    options: [...place, ...ruleOptions],
    examples: [
      {
        does: 'Update a rule of an Azure firewall policy rule collection.',
        line: 'az network firewall policy rule-collection-group collection rule update -g MyResourceGroup --policy-name MyFirewallPolicy --rule-collection-group-name MyRuleCollectionGroup --collection-name MyCollection -n MyRule --target-fqdns www.example.com',
      },
    ],
    run: (cloud, args) =>
      changeInGroup(
        cloud,
        args,
        (group) => {
          const collection = collectionOf(group, args);
          if (collection === undefined) {
            return usageFailure('Cannot find corresponding rule, please check parameters');
          }
          const rules: readonly PolicyRule[] = collection.rules;
          const name = textArgument(args, 'name');
          const rule = rules.find((one) => one.name === name);
          if (rule === undefined) return usageFailure(`${name} does not exist!!!`);
          const given = givenRuleJson(cloud, args, rule.ruleType);
          if (!given.ok) return given;
          return withRules(group, collection, (all) =>
            all.map((one) => (isNamed(one, args) ? { ...one, ...given.value } : one)),
          );
        },
        ruleCollectionGroupJson,
      ),
  },
  {
    path: [...PATH, 'remove'],
    summary: 'Remove a rule from an Azure firewall policy rule collection.',
    options: [...place, ...groupUpdateOptions],
    run: (cloud, args) =>
      changeInGroup(
        cloud,
        args,
        (group) => {
          const collection = collectionOf(group, args);
          if (collection === undefined) return usageFailure('Cannot find corresponding rule collection.');
          // A rule that is not there is no error: the group is written as it was.
          return withRules(group, collection, (rules) => rules.filter((one) => !isNamed(one, args)));
        },
        ruleCollectionGroupJson,
      ),
  },
];

/** What the extension says of a rule that its collection cannot hold; null if it can. */
function wrongKind(collection: PolicyRuleCollection, ruleType: string): string | null {
  const nat = collection.ruleCollectionType === 'FirewallPolicyNatRuleCollection';
  if (!nat && ruleType === 'NatRule') return "FirewallPolicyFilterRule doesn't support Nat rule.";
  if (nat && ruleType !== 'NatRule') {
    return 'FirewallPolicyNatRule supports neither Network rule nor Application rule.';
  }
  return null;
}
