import {
  deleteRuleCollectionGroup,
  putRuleCollectionGroup,
  requireRuleCollectionGroup,
} from '../../model/azure/firewall-policy-group.ts';
import type { RuleCollectionGroupName } from '../../model/azure/firewall-policy-group.ts';
import type { PolicyRuleCollection, RuleCollectionGroup } from '../../model/azure/firewall-resources.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { FIREWALL_PRIORITIES } from '../../model/limits/firewall.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzFailure, AzOption, Json } from './command.ts';
import { editResource } from './generic-update.ts';
import { ruleCollectionGroupJson } from './network-firewall-policy-json.ts';
import { readRuleCollections } from './network-firewall-policy-request.ts';
import {
  genericUpdate,
  groupOfId,
  integer,
  nameOfId,
  noWait,
  refused,
  resourceGroup,
  text,
  waitConditions,
  yes,
} from './option.ts';
import { changed, optionalNumber, refusedByAzure, shown, textArgument, usageFailure } from './outcome.ts';
import type { Ran } from './outcome.ts';
import { waitFor } from './wait.ts';

const PATH = ['network', 'firewall', 'policy', 'rule-collection-group'] as const;
const TYPE = 'Microsoft.Network/firewallPolicies';

/** Virtual seconds of a change to a group, which goes to every firewall of its policy. */
const CHANGE_SECONDS = 30;

export const policyName = text('--policy-name', 'The name of the Firewall Policy.', { required: true });

/** The group that a command inside it names. */
export const rcgName = text(
  '--rcg-name --rule-collection-group-name',
  'The name of the Firewall Policy Rule Collection Group.',
  { required: true },
);

const GROUP_NAME = 'The name of the Firewall Policy Rule Collection Group.';
const policyNameOfId = nameOfId('--policy-name', 'The name of the Firewall Policy.');
const nameOfGroup = nameOfId('--name -n', GROUP_NAME, 'child-name');
const ofId: readonly AzOption[] = [groupOfId, policyNameOfId, nameOfGroup];

function named(args: AzArguments, dest: 'name' | 'rcgName'): RuleCollectionGroupName {
  return {
    resourceGroup: textArgument(args, 'resourceGroup'),
    policy: textArgument(args, 'policyName'),
    name: textArgument(args, dest),
  };
}

function groupOf(cloud: Cloud, where: RuleCollectionGroupName): RuleCollectionGroup | null {
  const found = requireRuleCollectionGroup(cloud, where);
  return found.ok ? found.value.group : null;
}

function print(cloud: Cloud, where: RuleCollectionGroupName): Json {
  const group = groupOf(cloud, where);
  return group === null ? null : ruleCollectionGroupJson(group);
}

/** What azure-cli says of a priority before it asks the service; null if it has nothing to say. */
export function strayPriority(
  args: AzArguments,
  dest: string,
  option: string,
): Result<never, AzFailure> | null {
  const priority = optionalNumber(args, dest);
  const { first, last } = FIREWALL_PRIORITIES.value;
  if (priority === undefined || (priority >= first && priority <= last)) return null;
  const how = priority < first ? `less than ${first}` : `greater than ${last}`;
  return usageFailure(`InvalidArgumentValue: ${option}: Invalid format: '${priority}' is ${how}`);
}

/** What every command on a group takes besides its own options: each of them is an update of the group. */
export const groupUpdateOptions: readonly AzOption[] = [noWait, ...genericUpdate];

export type GroupChange = (group: RuleCollectionGroup) => Result<readonly PolicyRuleCollection[], AzFailure>;

/**
 * Runs a command inside the group of `--rcg-name`: its collections become what `change` returns, then
 * `--set` and its like apply, and the service is asked. `printed` says what of the group is shown.
 */
export function changeInGroup(
  cloud: Cloud,
  args: AzArguments,
  change: GroupChange,
  printed: (group: RuleCollectionGroup) => Json,
): Ran {
  return update(cloud, args, named(args, 'rcgName'), undefined, change, printed);
}

function update(
  cloud: Cloud,
  args: AzArguments,
  where: RuleCollectionGroupName,
  priority: number | undefined,
  change: GroupChange,
  printed: (group: RuleCollectionGroup) => Json,
): Ran {
  const found = requireRuleCollectionGroup(cloud, where);
  if (!found.ok) return refusedByAzure(found.error);
  const { group } = found.value;
  const wanted = change(group);
  if (!wanted.ok) return wanted;
  const asked = { ...group, priority: priority ?? group.priority, ruleCollections: wanted.value };
  const read = editResource(ruleCollectionGroupJson(asked), args, ['priority', 'ruleCollections']);
  if (!read.ok) return read;
  const edited = read.value.value('ruleCollections');
  const collections = edited === undefined ? ok(asked.ruleCollections) : readRuleCollections(edited);
  if (!collections.ok) return refusedByAzure(collections.error);
  return changed(
    putRuleCollectionGroup(cloud, where, {
      priority: read.value.number('priority') ?? asked.priority,
      ruleCollections: collections.value,
    }),
    (next) => {
      const after = groupOf(next, where);
      return after === null ? null : printed(after);
    },
    CHANGE_SECONDS,
  );
}

/** The group of `--rcg-name`, to be read. */
export function readGroup(
  cloud: Cloud,
  args: AzArguments,
  printed: (group: RuleCollectionGroup) => Json,
): Ran {
  return shown(cloud, requireRuleCollectionGroup(cloud, named(args, 'rcgName')), ({ group }) =>
    printed(group),
  );
}

export const ruleCollectionGroupCommands: readonly AzCommand[] = [
  {
    path: [...PATH, 'create'],
    summary: 'Create an Azure firewall policy rule collection group.',
    options: [
      policyName,
      resourceGroup,
      text('--name -n', GROUP_NAME, { required: true }),
      integer('--priority', 'Priority of the Firewall Policy Rule Collection Group.', {
        required: true,
        group: 'Properties',
      }),
      noWait,
    ],
    examples: [
      {
        does: 'Create a rule collection group.',
        line: 'az network firewall policy rule-collection-group create -g MyResourceGroup --policy-name MyFirewallPolicy -n MyRuleCollectionGroup --priority 200',
      },
    ],
    run: (cloud, args) => {
      const where = named(args, 'name');
      const stray = strayPriority(args, 'priority', '--priority');
      if (stray !== null) return stray;
      return changed(
        // A group that is there loses its collections: the request has none.
        putRuleCollectionGroup(cloud, where, {
          priority: optionalNumber(args, 'priority') ?? 0,
          ruleCollections: [],
        }),
        (next) => print(next, where),
        CHANGE_SECONDS,
      );
    },
  },
  {
    path: [...PATH, 'update'],
    summary: 'Update an Azure firewall policy rule collection group.',
    options: [
      ...ofId,
      integer('--priority', 'Priority of the Firewall Policy Rule Collection Group.', {
        group: 'Properties',
      }),
      ...refused('a rule collection group has no tags', 'list:--tags'),
      ...groupUpdateOptions,
    ],
    run: (cloud, args) =>
      strayPriority(args, 'priority', '--priority') ??
      update(
        cloud,
        args,
        named(args, 'name'),
        optionalNumber(args, 'priority'),
        (group) => ok(group.ruleCollections),
        ruleCollectionGroupJson,
      ),
  },
  {
    path: [...PATH, 'show'],
    summary: 'Show an Azure firewall policy rule collection group.',
    options: ofId,
    run: (cloud, args) =>
      shown(cloud, requireRuleCollectionGroup(cloud, named(args, 'name')), ({ group }) =>
        ruleCollectionGroupJson(group),
      ),
  },
  {
    path: [...PATH, 'list'],
    summary: 'List all Azure firewall policy rule collection groups.',
    options: [policyName, resourceGroup],
    run: (cloud, args) =>
      shown(
        cloud,
        requireResource(cloud, TYPE, textArgument(args, 'resourceGroup'), textArgument(args, 'policyName')),
        ({ ruleCollectionGroups }) => ruleCollectionGroups.map(ruleCollectionGroupJson),
      ),
  },
  {
    path: [...PATH, 'delete'],
    summary: 'Delete an Azure Firewall policy rule collection group.',
    options: [...ofId, noWait, yes],
    confirm: true,
    run: (cloud, args) =>
      changed(deleteRuleCollectionGroup(cloud, named(args, 'name')), undefined, CHANGE_SECONDS),
  },
  {
    path: [...PATH, 'wait'],
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [...ofId, ...waitConditions],
    run: (cloud, args) => waitFor(cloud, args, print(cloud, named(args, 'name'))),
  },
];
