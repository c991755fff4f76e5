/** `az network firewall network-rule|application-rule|nat-rule` and their `collection` groups. */
import {
  deleteCollection,
  findCollection,
  newCollection,
  putCollection,
} from '../../model/azure/azure-firewall-collections.ts';
import type {
  FirewallCollectionOf,
  FirewallRuleList,
  FirewallRuleOf,
} from '../../model/azure/azure-firewall-collections.ts';
import type { AzureFirewall } from '../../model/azure/firewall-resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption } from './command.ts';
import { collectionPartJson, ruleJson } from './firewall-json.ts';
import {
  CHANGE_SECONDS,
  firewallName,
  firewallNameOfId,
  firewallOf,
  requireFirewall,
} from './network-firewall-part.ts';
import { choice, groupOfId, integer, nameOfId, resourceGroup, text } from './option.ts';
import {
  changed,
  optionalNumber,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';
import { application, nat, network, sourceOptions } from './network-firewall-rule-kinds.ts';
import type { RuleKind } from './network-firewall-rule-kinds.ts';

const COLLECTION = { group: 'Collection' } as const;

function createCommand<K extends FirewallRuleList>(kind: RuleKind<K>): AzCommand {
  return {
    path: ['network', 'firewall', kind.group, 'create'],
    summary: `Create an Azure Firewall ${kind.display}.`,
    options: [
      text(
        '--collection-name -c',
        'Name of the collection to create the rule in. Will create the collection if it does not exist.',
        {
          ...COLLECTION,
          required: true,
        },
      ),
      firewallName,
      text('--name -n', `The name of the ${kind.display}`, { required: true }),
      resourceGroup,
      ...kind.options,
      ...sourceOptions,
      choice(
        '--action',
        kind.actions,
        'The action to apply for the rule collection. Supply only if you want to create the collection.',
        COLLECTION,
      ),
      integer(
        '--priority',
        'Priority of the rule collection from 100 (high) to 65000 (low). Supply only if you want to create the collection.',
        COLLECTION,
      ),
    ],
    run: (cloud, args) => {
      const rule = kind.rule(cloud, args);
      if (!rule.ok) return rule;
      const found = requireFirewall(cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      return addRule(kind, cloud, args, found.value, rule.value);
    },
  };
}

/** As azure-cli adds one: a priority and an action make a collection, and only a new one has them. */
function addRule<K extends FirewallRuleList>(
  kind: RuleKind<K>,
  cloud: Cloud,
  args: AzArguments,
  firewall: AzureFirewall,
  rule: FirewallRuleOf<K>,
): Ran {
  const name = textArgument(args, 'collectionName');
  const priority = optionalNumber(args, 'priority') ?? 0;
  const action = kind.actions.find((one) => one === optionalText(args, 'action'));
  const existing = findCollection(firewall, kind.list, name);
  const outcome = (collection: FirewallCollectionOf<K>): Ran =>
    changed(
      putCollection(cloud, firewall, kind.list, collection),
      (next) => {
        const now = findCollection(firewallOf(next, args), kind.list, name);
        const made = now?.rules.find((one) => one.name === rule.name);
        return made === undefined ? null : ruleJson(made);
      },
      CHANGE_SECONDS,
    );
  if (existing !== undefined) {
    if (priority !== 0 || action !== undefined) {
      return existingOrNew(`Rule collection '${name}' already exists.`);
    }
    return outcome({ ...existing, rules: [...existing.rules, rule] });
  }
  if (priority === 0 || action === undefined) {
    return existingOrNew(`Rule collection '${name}' does not exist and needs to be created.`);
  }
  const base = newCollection(cloud, firewall, kind.list, { name, priority });
  const ran = outcome(kind.collection(base, action, [rule]));
  const warnings = [`Creating rule collection '${name}'.`];
  return ran.ok ? ok({ ...ran.value, warnings }) : err({ ...ran.error, warnings });
}

function existingOrNew(warning: string): Ran {
  return err({
    kind: 'usage',
    exitCode: 1,
    message:
      'usage error: --collection-name EXISTING_NAME | --collection-name NEW_NAME --priority INT --action ACTION',
    warnings: [warning],
  });
}

/** The words of the extension's `_find_item_at_path`, which looks with the case as given. */
function required<T extends { readonly name: string }>(
  items: readonly T[],
  name: string,
): Result<T, AzFailure> {
  const found = items.find((one) => one.name === name);
  return found === undefined ? usageFailure(`unable to find '${name}'...`) : ok(found);
}

function collectionsOf<K extends FirewallRuleList>(
  kind: RuleKind<K>,
  firewall: AzureFirewall,
): readonly FirewallCollectionOf<K>[] {
  return firewall[kind.list];
}

function ruleCommands<K extends FirewallRuleList>(kind: RuleKind<K>): readonly AzCommand[] {
  const path = ['network', 'firewall', kind.group];
  const ruleOfId: readonly AzOption[] = [
    nameOfId('--collection-name -c', 'Name of the rule collection.', 'child-name'),
    firewallNameOfId,
    nameOfId('--name -n', `The name of the ${kind.display}`, 'grandchild-name'),
    groupOfId,
  ];
  return [
    createCommand(kind),
    {
      path: [...path, 'list'],
      summary: `List Azure Firewall ${kind.display}s.`,
      options: [
        text('--collection-name -c', 'Name of the rule collection.', { required: true }),
        firewallName,
        resourceGroup,
      ],
      run: (cloud, args) => {
        const found = requireFirewall(cloud, args);
        if (!found.ok) return refusedByAzure(found.error);
        const collection = required(collectionsOf(kind, found.value), textArgument(args, 'collectionName'));
        if (!collection.ok) return collection;
        return ok({ cloud, output: collectionPartJson(kind.list, collection.value) });
      },
    },
    {
      path: [...path, 'show'],
      summary: `Get the details of an Azure Firewall ${kind.display}.`,
      options: ruleOfId,
      run: (cloud, args) => {
        const found = requireFirewall(cloud, args);
        if (!found.ok) return refusedByAzure(found.error);
        const collection = required(collectionsOf(kind, found.value), textArgument(args, 'collectionName'));
        if (!collection.ok) return collection;
        const rules: readonly FirewallRuleOf<K>[] = collection.value.rules;
        const rule = required(rules, textArgument(args, 'name'));
        return rule.ok ? ok({ cloud, output: ruleJson(rule.value) }) : rule;
      },
    },
    {
      path: [...path, 'delete'],
      summary: `Delete an Azure Firewall ${kind.display}.`,
      options: ruleOfId,
      run: (cloud, args) => {
        const found = requireFirewall(cloud, args);
        if (!found.ok) return refusedByAzure(found.error);
        const collection = required(collectionsOf(kind, found.value), textArgument(args, 'collectionName'));
        if (!collection.ok) return collection;
        const rules: readonly FirewallRuleOf<K>[] = collection.value.rules;
        const kept = rules.filter(({ name }) => name !== textArgument(args, 'name'));
        return changed(
          putCollection(cloud, found.value, kind.list, { ...collection.value, rules: kept }),
          undefined,
          CHANGE_SECONDS,
        );
      },
    },
    ...collectionCommands(kind),
  ];
}

function collectionCommands<K extends FirewallRuleList>(kind: RuleKind<K>): readonly AzCommand[] {
  const path = ['network', 'firewall', kind.group, 'collection'];
  const ofId: readonly AzOption[] = [
    nameOfId('--collection-name -c', 'Name of the rule collection.', 'child-name'),
    firewallNameOfId,
    groupOfId,
  ];
  return [
    {
      path: [...path, 'list'],
      summary: `List Azure Firewall ${kind.display} collections.`,
      options: [firewallName, resourceGroup],
      run: (cloud, args) =>
        shown(cloud, requireFirewall(cloud, args), (firewall) =>
          collectionsOf(kind, firewall).map((one) => collectionPartJson(kind.list, one)),
        ),
    },
    {
      path: [...path, 'show'],
      summary: `Get the details of an Azure Firewall ${kind.display} collection.`,
      options: ofId,
      run: (cloud, args) => {
        const found = requireFirewall(cloud, args);
        if (!found.ok) return refusedByAzure(found.error);
        const name = textArgument(args, 'collectionName');
        const collection = findCollection(found.value, kind.list, name);
        if (collection === undefined) {
          return usageFailure(`Item '${name}' does not exist on azure_firewalls '${found.value.name}'`);
        }
        return ok({ cloud, output: collectionPartJson(kind.list, collection) });
      },
    },
    {
      path: [...path, 'delete'],
      summary: `Delete an Azure Firewall ${kind.display} collection.`,
      options: ofId,
      run: (cloud, args) => {
        const found = requireFirewall(cloud, args);
        if (!found.ok) return refusedByAzure(found.error);
        return changed(
          deleteCollection(cloud, found.value, kind.list, textArgument(args, 'collectionName')),
          undefined,
          CHANGE_SECONDS,
        );
      },
    },
  ];
}

export const firewallRuleCommands: readonly AzCommand[] = [
  ...ruleCommands(network),
  ...ruleCommands(application),
  ...ruleCommands(nat),
];
