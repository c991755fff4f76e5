/** What the three kinds of rules of an Azure Firewall take on the command line. */
import type {
  FirewallCollectionOf,
  FirewallRuleList,
  FirewallRuleOf,
  newCollection,
} from '../../model/azure/azure-firewall-collections.ts';
import type { FirewallApplicationProtocol, FirewallProtocol } from '../../model/azure/firewall-resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzOption } from './command.ts';
import { list, text } from './option.ts';
import { optionalList, optionalText, refusedByAzure, textArgument, usageFailure } from './outcome.ts';
import { idsOfNamesOrIds } from './references.ts';

const PROTOCOLS: readonly FirewallProtocol[] = ['Any', 'ICMP', 'TCP', 'UDP'];
const IP_GROUP = 'Microsoft.Network/ipGroups';

export interface RuleKind<K extends FirewallRuleList> {
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

export const sourceOptions: readonly AzOption[] = [
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

export const network: RuleKind<'networkRuleCollections'> = {
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

export const application: RuleKind<'applicationRuleCollections'> = {
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

export const nat: RuleKind<'natRuleCollections'> = {
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
