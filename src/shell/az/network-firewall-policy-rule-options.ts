/** The options that describe one rule of a firewall policy, and the rule as the request has it. */
import type { Cloud } from '../../model/cloud.ts';
import { ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { AzArguments, AzFailure, AzOption, Json } from './command.ts';
import { boolean, list, pairs, refused, text } from './option.ts';
import {
  optionalBoolean,
  optionalList,
  optionalTags,
  optionalText,
  textArgument,
  usageFailure,
} from './outcome.ts';
import { idsOfNamesOrIds } from './references.ts';
import { compact } from './network-json.ts';
import type { JsonObject } from './network-json.ts';

const COMMON = { group: 'Common Rule' } as const;
const NETWORK = { group: 'Network Rule' } as const;
const APPLICATION = { group: 'Application Rule' } as const;
const NAT = { group: 'Nat Rule' } as const;

/** Options of all kinds of rules; a new NAT collection needs its protocols. */
export function commonRuleOptions(must: 'optional' | 'ip-protocols'): readonly AzOption[] {
  return [
    text('--description', 'The description of rule.', COMMON),
    list('--destination-addresses --dest-addr', 'Space-separated list of destination IP addresses.', COMMON),
    list(
      '--destination-ports',
      'Space-separated list of destination ports. This argument is supported for Nat and Network Rule.',
      COMMON,
    ),
    list(
      '--ip-protocols',
      'Space-separated list of IP protocols. This argument is supported for Nat and Network Rule. Allowed values: Any, ICMP, TCP, UDP.',
      must === 'ip-protocols' ? { ...COMMON, required: true } : COMMON,
    ),
    list('--source-addresses', 'Space-separated list of source IP addresses.', COMMON),
    list('--source-ip-groups', 'Space-separated list of name or resource id of source IpGroups.', COMMON),
  ];
}

export const networkRuleOptions: readonly AzOption[] = [
  list('--destination-fqdns', 'Space-separated list of destination FQDNs.', NETWORK),
  list(
    '--destination-ip-groups --dest-ipg',
    'Space-separated list of name or resource id of destination IpGroups.',
    NETWORK,
  ),
];

export const applicationRuleOptions: readonly AzOption[] = [
  boolean(
    '--enable-tls-inspection --enable-tls-insp',
    'Enable flag to terminate TLS connection for this rule. Only false is simulated.',
    APPLICATION,
  ),
  list('--fqdn-tags', 'Space-separated list of FQDN tags for this rule.', APPLICATION),
  pairs(
    '--protocols',
    'Space-separated list of protocols and port numbers to use, in PROTOCOL=PORT format.',
    APPLICATION,
  ),
  list('--target-fqdns', 'Space-separated list of FQDNs for this rule.', APPLICATION),
  list('--target-urls', 'Space-separated list of target urls for this rule.', APPLICATION),
  list('--web-categories', 'Space-separated list of web categories for this rule.', APPLICATION),
  ...refused('TLS inspection, without which no header can be inserted', 'list:--http-headers-to-insert'),
];

export const natRuleOptions: readonly AzOption[] = [
  text('--translated-address', 'Translated address for this NAT rule collection.', NAT),
  text('--translated-fqdn', 'Translated FQDN for this NAT rule collection.', NAT),
  text('--translated-port', 'Translated port for this NAT rule collection.', NAT),
];

function ipGroups(cloud: Cloud, args: AzArguments, dest: string): readonly string[] | undefined {
  const names = optionalList(args, dest);
  return names === undefined
    ? undefined
    : idsOfNamesOrIds(cloud, names, textArgument(args, 'resourceGroup'), 'Microsoft.Network/ipGroups');
}

/** The pairs of `--protocols`, each protocol once, as the extension sends them. */
function protocols(args: AzArguments): Result<readonly Json[] | undefined, AzFailure> {
  const given = optionalTags(args, 'protocols');
  if (given === undefined) return ok(undefined);
  const pairsOf = Object.entries(given);
  const bare = pairsOf.find(([, port]) => port === '');
  if (bare !== undefined) {
    return usageFailure(
      `Failed to parse '--protocols' argument: dict type value expected, got '${bare[0]}'(<class 'str'>)`,
    );
  }
  const stray = pairsOf.find(([, port]) => !/^[+-]?\d+$/.test(port.trim()));
  if (stray !== undefined) {
    return usageFailure(`invalid literal for int() with base 10: '${stray[1]}'`);
  }
  return ok(pairsOf.map(([protocolType, port]) => ({ protocolType, port: Number(port) })));
}

/**
 * The properties of a rule of a kind that the options give; what they do not give is absent. Options of other
 * kinds are left out, as the extension leaves them out of its request.
 */
export function givenRuleJson(
  cloud: Cloud,
  args: AzArguments,
  ruleType: string,
): Result<JsonObject, AzFailure> {
  const common = {
    description: optionalText(args, 'description'),
    sourceAddresses: optionalList(args, 'sourceAddresses'),
    sourceIpGroups: ipGroups(cloud, args, 'sourceIpGroups'),
    destinationAddresses: optionalList(args, 'destinationAddresses'),
  };
  const ports = {
    ipProtocols: optionalList(args, 'ipProtocols'),
    destinationPorts: optionalList(args, 'destinationPorts'),
  };
  switch (ruleType) {
    case 'NetworkRule':
      return ok(
        compact({
          ...common,
          ...ports,
          destinationFqdns: optionalList(args, 'destinationFqdns'),
          destinationIpGroups: ipGroups(cloud, args, 'destinationIpGroups'),
        }),
      );
    case 'NatRule':
      return ok(
        compact({
          ...common,
          ...ports,
          translatedAddress: optionalText(args, 'translatedAddress'),
          translatedFqdn: optionalText(args, 'translatedFqdn'),
          translatedPort: optionalText(args, 'translatedPort'),
        }),
      );
    default: {
      const read = protocols(args);
      if (!read.ok) return read;
      return ok(
        compact({
          ...common,
          protocols: read.value,
          fqdnTags: optionalList(args, 'fqdnTags'),
          targetFqdns: optionalList(args, 'targetFqdns'),
          targetUrls: optionalList(args, 'targetUrls'),
          terminateTLS: optionalBoolean(args, 'enableTlsInspection'),
          webCategories: optionalList(args, 'webCategories'),
        }),
      );
    }
  }
}

/** A new rule from the options. */
export function ruleJsonOf(
  cloud: Cloud,
  args: AzArguments,
  ruleType: string,
  name: string | undefined,
): Result<JsonObject, AzFailure> {
  const properties = givenRuleJson(cloud, args, ruleType);
  return properties.ok ? ok(compact({ ...properties.value, name, ruleType })) : properties;
}
