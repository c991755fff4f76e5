import {
  createFirewallPolicy,
  deleteFirewallPolicy,
  updateFirewallPolicy,
} from '../../model/azure/firewall-policy.ts';
import type { FirewallPolicy } from '../../model/azure/firewall-resources.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { AzArguments, AzCommand, AzOption } from './command.ts';
import { editResource } from './generic-update.ts';
import type { Edited } from './generic-update.ts';
import { ruleCollectionCommands } from './network-firewall-policy-collection.ts';
import { ruleCollectionGroupCommands } from './network-firewall-policy-group.ts';
import { firewallPolicyJson } from './network-firewall-policy-json.ts';
import { policyRuleCommands } from './network-firewall-policy-rule.ts';
import {
  anyResourceGroup,
  boolean,
  choice,
  expand,
  genericUpdate,
  groupOfId,
  list,
  location,
  nameOfId,
  noWait,
  onlyValue,
  refused,
  resourceGroup,
  tags,
  text,
  waitConditions,
} from './option.ts';
import {
  changed,
  given,
  optionalBoolean,
  optionalList,
  optionalTags,
  optionalText,
  refusedByAzure,
  textArgument,
} from './outcome.ts';
import { optionalIdOf } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  requireNamed,
  showCommand,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/firewallPolicies'> = {
  type: 'Microsoft.Network/firewallPolicies',
  path: ['network', 'firewall', 'policy'],
  json: firewallPolicyJson,
};

const TIERS: readonly FirewallPolicy['sku']['tier'][] = ['Basic', 'Premium', 'Standard'];
const MODES: readonly FirewallPolicy['threatIntelMode'][] = ['Alert', 'Deny', 'Off'];
const LEARN: readonly string[] = ['Disabled', 'Enabled'];

const name = nameOfId('--name -n', 'The name of the Firewall Policy.');

const settings: readonly AzOption[] = [
  choice('--sku', TIERS, 'SKU of Firewall policy.'),
  choice('--threat-intel-mode', MODES, 'The operation mode for Threat Intelligence.'),
  tags,
  noWait,
  boolean('--enable-dns-proxy', 'Enable DNS Proxy.', { group: 'DNS' }),
  list('--dns-servers', 'Space-separated list of DNS server IP addresses.', { group: 'DNS' }),
  list('--private-ranges', 'List of private IP addresses/IP address ranges to not be SNAT.', {
    group: 'Snat',
  }),
  onlyValue(
    '--learn-ranges --auto-learn-private-ranges',
    LEARN,
    'Disabled',
    'a route server from which a firewall could learn',
    { group: 'Snat', dest: 'learnRanges' },
  ),
  onlyValue('--idps-mode', MODES, 'Off', 'intrusion detection', { group: 'Intrusion Detection' }),
  ...refused('intrusion detection', '--idps-profile'),
  ...refused('an explicit proxy', 'list:--explicit-proxy'),
  ...refused('redirected SQL traffic', 'boolean:--sql'),
  ...refused('TLS inspection', '--key-vault-secret-id', '--cert-name', '--identity'),
  ...refused(
    'a threat intelligence feed, so there is nothing that a list could except',
    'list:--fqdns',
    'list:--ip-addresses',
  ),
];

function oneOf<T extends string>(values: readonly T[], value: string | null | undefined): T | undefined {
  return values.find((one) => one.toLowerCase() === value?.toLowerCase());
}

/** `""` in a list stands for none. */
function addresses(args: AzArguments, dest: string): readonly string[] | undefined {
  return optionalList(args, dest)?.filter((one) => one !== '');
}

/** The DNS settings that the options ask for; undefined where they say nothing of them. */
function dnsSettings(
  before: FirewallPolicy['dnsSettings'],
  enableProxy: boolean | undefined,
  servers: readonly string[] | undefined,
): FirewallPolicy['dnsSettings'] | undefined {
  if (enableProxy === undefined && servers === undefined) return undefined;
  return {
    enableProxy: enableProxy ?? before?.enableProxy ?? false,
    servers: servers ?? before?.servers ?? [],
  };
}

function snat(
  before: FirewallPolicy['snat'],
  privateRanges: readonly string[] | undefined,
  learn: 'Disabled' | 'Enabled' | undefined,
): FirewallPolicy['snat'] | undefined {
  if (privateRanges === undefined && learn === undefined) return undefined;
  return {
    autoLearnPrivateRanges: learn ?? before?.autoLearnPrivateRanges ?? 'Disabled',
    privateRanges: privateRanges ?? before?.privateRanges ?? [],
  };
}

function parentId(cloud: Cloud, args: AzArguments): string | null | undefined {
  return optionalIdOf(
    cloud,
    optionalText(args, 'basePolicy'),
    textArgument(args, 'resourceGroup'),
    'Microsoft.Network/firewallPolicies',
  );
}

/** What `--set` and its like made of the parent. */
function editedParent(edited: Edited): string | null | undefined {
  return edited.value('basePolicy') === null ? null : edited.text('basePolicy.id');
}

export const firewallPolicyCommands: readonly AzCommand[] = [
  {
    path: [...kind.path, 'create'],
    summary: 'Create an Azure firewall policy.',
    options: [
      text('--name -n', 'The name of the Firewall Policy.', { required: true }),
      resourceGroup,
      location,
      text('--base-policy', 'The name or ID of parent firewall policy from which rules are inherited.'),
      ...settings,
    ],
    examples: [
      {
        does: 'Create a Firewall Policy.',
        line: 'az network firewall policy create -g MyResourceGroup -n MyFirewallPolicy --enable-dns-proxy true',
      },
    ],
    run: (cloud, args) =>
      changed(
        createFirewallPolicy(cloud, {
          resourceGroup: textArgument(args, 'resourceGroup'),
          name: textArgument(args, 'name'),
          ...given({
            location: optionalText(args, 'location'),
            tier: oneOf(TIERS, optionalText(args, 'sku')),
            threatIntelMode: oneOf(MODES, optionalText(args, 'threatIntelMode')),
            basePolicyId: parentId(cloud, args),
            dnsSettings: dnsSettings(
              null,
              optionalBoolean(args, 'enableDnsProxy'),
              addresses(args, 'dnsServers'),
            ),
            snat: snat(
              null,
              addresses(args, 'privateRanges'),
              optionalText(args, 'learnRanges') === 'Disabled' ? 'Disabled' : undefined,
            ),
            tags: optionalTags(args),
          }),
        }),
        (next) => printNamed(kind, next, args),
        10,
      ),
  },
  {
    path: [...kind.path, 'update'],
    summary: 'Update an Azure firewall policy.',
    options: [groupOfId, name, ...settings, ...genericUpdate],
    run: (cloud, args) => {
      const found = requireNamed(kind, cloud, args);
      if (!found.ok) return refusedByAzure(found.error);
      const policy = found.value;
      // The service fills in what was never set before it changes a part of it.
      const whole = {
        ...firewallPolicyJson(cloud, policy),
        dnsSettings: {
          enableProxy: policy.dnsSettings?.enableProxy ?? false,
          servers: policy.dnsSettings?.servers ?? [],
        },
        snat: {
          autoLearnPrivateRanges: policy.snat?.autoLearnPrivateRanges ?? 'Disabled',
          privateRanges: policy.snat?.privateRanges ?? [],
        },
      };
      const read = editResource(whole, args, [
        'basePolicy',
        'dnsSettings.enableProxy',
        'dnsSettings.servers',
        { path: 'sku.tier', values: TIERS },
        { path: 'snat.autoLearnPrivateRanges', values: LEARN },
        'snat.privateRanges',
        'tags',
        { path: 'threatIntelMode', values: MODES },
      ]);
      if (!read.ok) return read;
      const edited = read.value;
      return changed(
        updateFirewallPolicy(
          cloud,
          policy.resourceGroup,
          policy.name,
          given({
            tier: oneOf(TIERS, optionalText(args, 'sku') ?? edited.text('sku.tier')),
            threatIntelMode: oneOf(
              MODES,
              optionalText(args, 'threatIntelMode') ?? edited.text('threatIntelMode'),
            ),
            basePolicyId: editedParent(edited),
            dnsSettings: dnsSettings(
              policy.dnsSettings,
              optionalBoolean(args, 'enableDnsProxy') ?? edited.boolean('dnsSettings.enableProxy'),
              addresses(args, 'dnsServers') ?? edited.list('dnsSettings.servers'),
            ),
            snat: snat(
              policy.snat,
              addresses(args, 'privateRanges') ?? edited.list('snat.privateRanges'),
              oneOf(
                ['Disabled', 'Enabled'] as const,
                optionalText(args, 'learnRanges') ?? edited.text('snat.autoLearnPrivateRanges'),
              ),
            ),
            tags: optionalTags(args) ?? edited.tags('tags'),
          }),
        ),
        (next) => printNamed(kind, next, args),
        10,
      );
    },
  },
  showCommand(kind, { summary: 'Show an Azure firewall policy.', options: [groupOfId, name, expand] }),
  listCommand(kind, { summary: 'List all Azure firewall policies.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete an Azure firewall policy.', options: [groupOfId, name, noWait] },
    deleteFirewallPolicy,
    10,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, expand, ...waitConditions],
  }),
  ...ruleCollectionGroupCommands,
  ...ruleCollectionCommands,
  ...policyRuleCommands,
];
