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
import type {
  AzureFirewall,
  FirewallApplicationProtocol,
  FirewallProtocol,
} from '../../model/azure/firewall-resources.ts';
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
import { choice, groupOfId, integer, list, nameOfId, resourceGroup, text } from './option.ts';
import {
  changed,
  optionalList,
  optionalNumber,
  optionalText,
  refusedByAzure,
  shown,
  textArgument,
  usageFailure,
} from './outcome.ts';
import type { Ran } from './outcome.ts';
import { idsOfNamesOrIds } from './references.ts';

const COLLECTION = { group: 'Collection' } as const;
const PROTOCOLS: readonly FirewallProtocol[] = ['Any', 'ICMP', 'TCP', 'UDP'];
const IP_GROUP = 'Microsoft.Network/ipGroups';

interface RuleKind<K extends FirewallRuleList> {
  /** The word in the command: `network-rule`. */
  readonly group: string;
  readonly list: K;
  /** `network rule`, `NAT rule`. */
  readonly display: string;
  readonly actions: readonly FirewallCollectionOf<K>['action']['type'][];
  readonly options: readonly AzOption[];
  /** Reads the rule from the arguments. */
  readonly rule: (cloud: Cloud, args: AzArguments) => Result<FirewallRuleOf<K>, AzFailure>;
  readonly collection: (
    base: ReturnType<typeof newCollection>,
    action: FirewallCollectionOf<K>['action']['type'],
    rules: readonly FirewallRuleOf<K>[],
  ) => FirewallCollectionOf<K>;
}

const sourceOptions: readonly AzOption[] = [
  text('--description', 'Rule description.'),
  list('--source-addresses', "Space-separated list of source IP addresses. Use '*' to match all."),
  list('--source-ip-groups', 'Space-separated list of name or resource id of source IpGroups.'),
];

const destinationPorts = list(
  '--destination-ports',
  "Space-separated list of destination ports. Use '*' to match all.",
  { required: true },
);

const protocols = list(
  '--protocols',
  `Space-separated list of protocols. Allowed values: ${PROTOCOLS.join(', ')}.`,
  {
    required: true,
  },
);

function common(cloud: Cloud, args: AzArguments) {
  return {
    name: textArgument(args, 'name'),
    description: optionalText(args, 'description') ?? null,
    sourceAddresses: optionalList(args, 'sourceAddresses') ?? [],
    sourceIpGroups: groups(cloud, args, 'sourceIpGroups'),
  };
}

function groups(cloud: Cloud, args: AzArguments, dest: string): readonly string[] {
  return idsOfNamesOrIds(
    cloud,
    optionalList(args, dest) ?? [],
    textArgument(args, 'resourceGroup'),
    IP_GROUP,
  );
}

/** The values of `--protocols`, each one of a fixed set in any case. */
function protocolsOf(args: AzArguments): Result<readonly FirewallProtocol[], AzFailure> {
  const found: FirewallProtocol[] = [];
  for (const word of optionalList(args, 'protocols') ?? []) {
    const known = PROTOCOLS.find((one) => one.toLowerCase() === word.toLowerCase());
    if (known === undefined) {
      return usageFailure(
        `argument --protocols: '${word}' is not a valid value for '--protocols'. Allowed values: ${PROTOCOLS.join(', ')}.`,
        2,
      );
    }
    found.push(known);
  }
  return ok(found);
}

const network: RuleKind<'networkRuleCollections'> = {
  group: 'network-rule',
  list: 'networkRuleCollections',
  display: 'network rule',
  actions: ['Allow', 'Deny'],
  options: [
    destinationPorts,
    protocols,
    list(
      '--destination-addresses --dest-addr',
      "Space-separated list of destination IP addresses. Use '*' to match all.",
    ),
    list('--destination-fqdns', 'Space-separated list of destination FQDNs.'),
    list('--destination-ip-groups', 'Space-separated list of name or resource id of destination IpGroups'),
  ],
  rule: (cloud, args) => {
    const addresses = optionalList(args, 'destinationAddresses');
    const fqdns = optionalList(args, 'destinationFqdns');
    const named = [addresses, fqdns, optionalList(args, 'destinationIpGroups')];
    if (named.filter((one) => one !== undefined).length !== 1) {
      return usageFailure(
        'usage error: --destination-addresses | --destination-fqdns | --destination-ip-groups',
      );
    }
    const which = protocolsOf(args);
    if (!which.ok) return which;
    return ok({
      ...common(cloud, args),
      protocols: which.value,
      destinationAddresses: addresses ?? [],
      destinationIpGroups: groups(cloud, args, 'destinationIpGroups'),
      destinationFqdns: fqdns ?? [],
      destinationPorts: optionalList(args, 'destinationPorts') ?? [],
    });
  },
  collection: (base, type, rules) => ({ ...base, action: { type }, rules }),
};

const application: RuleKind<'applicationRuleCollections'> = {
  group: 'application-rule',
  list: 'applicationRuleCollections',
  display: 'application rule',
  actions: ['Allow', 'Deny'],
  options: [
    list(
      '--protocols',
      'Space-separated list of protocols and port numbers to use, in PROTOCOL=PORT format. Valid protocols are Http, Https.',
      { required: true },
    ),
    list('--fqdn-tags', 'Space-separated list of FQDN tags.'),
    list('--target-fqdns', 'Space-separated list of fully qualified domain names (FDQN).'),
  ],
  rule: (cloud, args) => {
    const which = applicationProtocols(optionalList(args, 'protocols') ?? []);
    if (!which.ok) return which;
    return ok({
      ...common(cloud, args),
      protocols: which.value,
      targetFqdns: optionalList(args, 'targetFqdns') ?? [],
      fqdnTags: optionalList(args, 'fqdnTags') ?? [],
    });
  },
  collection: (base, type, rules) => ({ ...base, action: { type }, rules }),
};

/** `Http=80 Https=443`: azure-cli checks the form, the service the words. */
export function applicationProtocols(
  words: readonly string[],
): Result<readonly FirewallApplicationProtocol[], AzFailure> {
  const found: FirewallApplicationProtocol[] = [];
  for (const word of words) {
    const [name = '', port = '', ...more] = word.split('=');
    if (port === '' || more.length > 0) {
      return usageFailure('usage error: --protocols PROTOCOL=PORT [PROTOCOL=PORT ...]');
    }
    const type = (['Http', 'Https', 'Mssql'] as const).find(
      (one) => one.toLowerCase() === name.toLowerCase(),
    );
    if (type === undefined || !/^\d+$/.test(port)) {
      return refusedByAzure({
        code: 'InvalidRequestFormat',
        message: `Cannot parse the request. '${word}' is no protocol and port of an application rule.`,
      });
    }
    found.push({ protocolType: type, port: Number(port) });
  }
  return ok(found);
}

const nat: RuleKind<'natRuleCollections'> = {
  group: 'nat-rule',
  list: 'natRuleCollections',
  display: 'NAT rule',
  actions: ['Dnat', 'Snat'],
  options: [
    list(
      '--destination-addresses --dest-addr',
      "Space-separated list of destination IP addresses. Use '*' to match all.",
      { required: true },
    ),
    destinationPorts,
    protocols,
    text('--translated-port', 'Translated port for this NAT rule.', { required: true }),
    text('--translated-address', 'Translated address for this NAT rule.'),
    text('--translated-fqdn', 'Translated FQDN for this NAT rule.'),
  ],
  rule: (cloud, args) => {
    const address = optionalText(args, 'translatedAddress');
    const fqdn = optionalText(args, 'translatedFqdn');
    if ((address === undefined) === (fqdn === undefined)) {
      return usageFailure('usage error: --translated-address | --translated-fqdn');
    }
    const which = protocolsOf(args);
    if (!which.ok) return which;
    return ok({
      ...common(cloud, args),
      protocols: which.value,
      destinationAddresses: optionalList(args, 'destinationAddresses') ?? [],
      destinationPorts: optionalList(args, 'destinationPorts') ?? [],
      translatedAddress: address ?? null,
      translatedPort: textArgument(args, 'translatedPort'),
      translatedFqdn: fqdn ?? null,
    });
  },
  collection: (base, type, rules) => ({ ...base, action: { type }, rules }),
};

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
