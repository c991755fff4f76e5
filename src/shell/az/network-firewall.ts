import {
  createAzureFirewall,
  deleteAzureFirewall,
  updateAzureFirewall,
} from '../../model/azure/azure-firewall.ts';
import type { AzureFirewall } from '../../model/azure/firewall-resources.ts';
import { subnetIdOf } from '../../model/azure/subnet.ts';
import type { Cloud } from '../../model/cloud.ts';
import { FIREWALL_SUBNET } from '../../model/limits/azure-firewall.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import { azureFirewallJson } from './firewall-json.ts';
import { CHANGE_SECONDS, FIREWALL, PUBLIC_ADDRESS } from './network-firewall-part.ts';
import { firewallExtraCommands } from './network-firewall-extra.ts';
import { firewallIpConfigCommands } from './network-firewall-ip-config.ts';
import { firewallRuleCommands } from './network-firewall-rule.ts';
import {
  anyResourceGroup,
  boolean,
  choice,
  genericUpdate,
  groupOfId,
  list,
  location,
  nameOfId,
  noWait,
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
  usageFailure,
} from './outcome.ts';
import { isObject, plainText } from './output-format.ts';
import { idOfNameOrId, optionalIdOf } from './references.ts';
import {
  deleteCommand,
  listCommand,
  printNamed,
  showCommand,
  updateNamed,
  waitCommand,
} from './resource-commands.ts';
import type { ResourceKind } from './resource-commands.ts';

const kind: ResourceKind<'Microsoft.Network/azureFirewalls'> = {
  type: FIREWALL,
  path: ['network', 'firewall'],
  json: azureFirewallJson,
};

const POLICY = 'Microsoft.Network/firewallPolicies';
const TIERS: readonly AzureFirewall['sku']['tier'][] = ['Basic', 'Premium', 'Standard'];
const MODES: readonly AzureFirewall['threatIntelMode'][] = ['Alert', 'Deny', 'Off'];
const DATA = { group: 'Data Traffic IP Configuration' } as const;
const MANAGEMENT = { group: 'Management IP Configuration' } as const;

const name = nameOfId('--name -n', 'Azure Firewall name.');

const common: readonly AzOption[] = [
  boolean(
    '--allow-active-ftp',
    "Allow Active FTP. By default it is false. It's only allowed for azure firewall on virtual network.",
  ),
  list('--dns-servers', 'Space-separated list of DNS server IP addresses.', { group: 'DNS' }),
  boolean('--enable-dns-proxy', 'Enable DNS Proxy.', { group: 'DNS' }),
  boolean('--enable-dnstap-logging --dnstap-logging', 'Allow dnstap logging. By default it is false.'),
  boolean('--enable-fat-flow-logging --fat-flow-logging', 'Allow fat flow logging. By default it is false.'),
  boolean(
    '--enable-udp-log-optimization --udp-log-optimization',
    'Allow UDP log optimization. By default it is false.',
  ),
  text('--firewall-policy --policy', 'Name or ID of the firewallPolicy associated with this azure firewall.'),
  noWait,
  list(
    '--private-ranges',
    'Space-separated list of SNAT private ranges. Valid values are single IP, IP prefixes or a single special value "IANAPrivateRanges".',
  ),
  tags,
  choice('--threat-intel-mode', MODES, 'The operation mode for Threat Intelligence.'),
  list(
    '--zones -z',
    'Space-separated list of availability zones into which to provision the resource. Allowed values: 1, 2, 3.',
  ),
  ...refused('a route server', '--route-server-id'),
  ...refused('a firewall in a virtual hub', '--vhub --virtual-hub', 'integer:--count --public-ip-count'),
  ...refused(
    'how many instances a firewall has over time',
    'integer:--max-capacity',
    'integer:--min-capacity',
  ),
];

/** The options that become text among the additional properties, where they are given. */
const LOGS: readonly (readonly [dest: string, property: string])[] = [
  ['allowActiveFtp', 'Network.FTP.AllowActiveFTP'],
  ['enableFatFlowLogging', 'Network.AdditionalLogs.EnableFatFlowLogging'],
  ['enableUdpLogOptimization', 'Network.AdditionalLogs.EnableUdpLogOptimization'],
  ['enableDnstapLogging', 'Network.AdditionalLogs.EnableDnstapLogging'],
];

/** As the extension writes them: false takes away what true wrote, but not for the DNS proxy. */
function additionalProperties(
  before: Readonly<Record<string, string>>,
  args: AzArguments,
): Readonly<Record<string, string>> {
  const properties: Record<string, string> = { ...before };
  const ranges = optionalList(args, 'privateRanges');
  if (ranges !== undefined) properties['Network.SNAT.PrivateRanges'] = ranges.join(', ');
  const proxy = optionalBoolean(args, 'enableDnsProxy');
  if (proxy !== undefined) properties['Network.DNS.EnableProxy'] = String(proxy);
  const servers = optionalList(args, 'dnsServers');
  if (servers !== undefined) properties['Network.DNS.Servers'] = servers.join(',');
  for (const [dest, property] of LOGS) {
    const wanted = optionalBoolean(args, dest);
    if (wanted === true) properties[property] = 'true';
    if (wanted === false) Reflect.deleteProperty(properties, property);
  }
  return properties;
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((one) => one === value);
}

function anyCase<T extends string>(values: readonly T[], value: string | null | undefined): T | undefined {
  return values.find((one) => one.toLowerCase() === value?.toLowerCase());
}

/** The id of the policy that the generic arguments set; null where they took it away. */
function editedPolicy(value: Json | undefined): string | null | undefined {
  if (value === undefined || value === null) return value;
  return isObject(value) ? plainText(value['id']) : undefined;
}

function publicId(cloud: Cloud, args: AzArguments, dest: string): string | null {
  const value = optionalText(args, dest);
  if (value === undefined) return null;
  return idOfNameOrId(cloud, value, textArgument(args, 'resourceGroup'), PUBLIC_ADDRESS);
}

const createCommand: AzCommand = {
  path: ['network', 'firewall', 'create'],
  summary: 'Create an Azure Firewall.',
  options: [
    text('--name -n', 'Azure Firewall name.', { required: true }),
    resourceGroup,
    location,
    ...common,
    choice(
      '--sku',
      ['AZFW_Hub', 'AZFW_VNet'],
      'SKU of Azure firewall. This field cannot be updated after the creation. The default sku in server end is AZFW_VNet. AZFW_Hub, for a virtual hub, is not simulated.',
    ),
    choice('--tier', TIERS, 'Tier of an azure firewall. --tier will take effect only when --sku is set.', {
      default: 'Standard',
    }),
    text('--conf-name', 'Name of the IP configuration.', DATA),
    text('--public-ip', 'Name or ID of the public IP to use.', DATA),
    text(
      '--vnet-name',
      'The virtual network (VNet) name. It should contain one subnet called "AzureFirewallSubnet".',
      DATA,
    ),
    text('--m-conf-name', 'Name of the management IP configuration.', MANAGEMENT),
    text('--m-public-ip', 'Name or ID of the public IP to use for management IP configuration.', MANAGEMENT),
    ...refused(
      'an explicit proxy',
      'boolean:--enable-explicit-proxy',
      'integer:--http-port',
      '--https-port',
      'boolean:--enable-pac-file',
      'integer:--pac-file-port',
      '--pac-file',
    ),
    ...refused('a firewall at an edge site', '--edge-zone'),
  ],
  examples: [
    {
      does: 'Create an Azure Firewall in a virtual network.',
      line: 'az network firewall create -g MyResourceGroup -n MyFirewall --conf-name MyIpConfig --public-ip MyPublicIp --vnet-name MyVNet',
    },
    {
      does: 'Create a Azure firewall with private ranges',
      line: 'az network firewall create -g MyResourceGroup -n MyFirewall --private-ranges 10.0.0.0 10.0.0.0/16 IANAPrivateRanges',
    },
  ],
  run: (cloud, args) => {
    if (args['sku'] === 'AZFW_Hub') {
      return refusedByAzure({
        code: 'NotSimulated',
        message:
          'An Azure Firewall in a virtual hub (AZFW_Hub) is not simulated in this workbook. Real Azure may accept it.',
      });
    }
    if (
      args['firewallPolicy'] !== undefined &&
      (args['enableDnsProxy'] === true || args['dnsServers'] !== undefined)
    ) {
      return usageFailure('usage error: firewall policy and dns settings cannot co-exist.');
    }
    const tier = oneOf(TIERS, optionalText(args, 'tier'));
    if (
      tier === 'Basic' &&
      args['sku'] !== undefined &&
      (args['mConfName'] === undefined || args['mPublicIp'] === undefined)
    ) {
      return usageFailure(
        'When creating Basic SKU firewall, both --m-conf-name and --m-public-ip-address should be provided.',
      );
    }
    const group = textArgument(args, 'resourceGroup');
    const configuration = optionalText(args, 'confName');
    const management = optionalText(args, 'mConfName');
    const subnetOf = (subnet: string): string | null => {
      const vnet = optionalText(args, 'vnetName');
      return vnet === undefined
        ? null
        : subnetIdOf(cloud, { resourceGroup: group, virtualNetwork: vnet, name: subnet });
    };
    return changed(
      createAzureFirewall(cloud, {
        resourceGroup: group,
        name: textArgument(args, 'name'),
        additionalProperties: additionalProperties({}, args),
        ...given({
          location: optionalText(args, 'location'),
          tier,
          threatIntelMode: oneOf(MODES, optionalText(args, 'threatIntelMode')),
          zones: optionalList(args, 'zones'),
          tags: optionalTags(args),
          firewallPolicyId: optionalIdOf(cloud, optionalText(args, 'firewallPolicy'), group, POLICY),
        }),
        ipConfigurations:
          configuration === undefined
            ? []
            : [
                {
                  name: configuration,
                  subnetId: subnetOf(FIREWALL_SUBNET.value.name),
                  publicIpAddressId: publicId(cloud, args, 'publicIp'),
                },
              ],
        managementIpConfiguration:
          management === undefined
            ? null
            : {
                name: management,
                subnetId: subnetOf(FIREWALL_SUBNET.value.managementName),
                publicIpAddressId: publicId(cloud, args, 'mPublicIp'),
              },
      }),
      (next) => printNamed(kind, next, args),
      CHANGE_SECONDS * 5,
    );
  },
};

const updateCommand: AzCommand = {
  path: ['network', 'firewall', 'update'],
  summary: 'Update an Azure Firewall.',
  options: [
    groupOfId,
    name,
    ...common,
    ...refused('a firewall in a virtual hub', 'list:--public-ips'),
    ...genericUpdate,
  ],
  run: (cloud, args) => {
    if (
      args['firewallPolicy'] !== undefined &&
      (args['enableDnsProxy'] === true || args['dnsServers'] !== undefined)
    ) {
      return usageFailure('usage error: firewall policy and dns settings cannot co-exist.');
    }
    return updateNamed(kind, cloud, args, {
      settable: [
        { path: 'threatIntelMode', values: MODES },
        'tags',
        'zones',
        'additionalProperties',
        { path: 'sku.tier', values: TIERS },
        { path: 'firewallPolicy', removable: true },
      ],
      durationSeconds: CHANGE_SECONDS,
      change: (firewall, edited) => {
        const policy = optionalText(args, 'firewallPolicy');
        const zones = optionalList(args, 'zones') ?? edited.list('zones');
        return updateAzureFirewall(cloud, firewall.resourceGroup, firewall.name, {
          additionalProperties: additionalProperties(
            edited.tags('additionalProperties') ?? firewall.additionalProperties,
            args,
          ),
          ...given({
            tier: anyCase(TIERS, edited.text('sku.tier')),
            threatIntelMode:
              oneOf(MODES, optionalText(args, 'threatIntelMode')) ??
              anyCase(MODES, edited.text('threatIntelMode')),
            zones: zones === undefined ? undefined : zones.length === 0 ? null : zones,
            tags: optionalTags(args) ?? edited.tags('tags'),
            firewallPolicyId:
              policy === undefined
                ? editedPolicy(edited.value('firewallPolicy'))
                : idOfNameOrId(cloud, policy, firewall.resourceGroup, POLICY),
          }),
        });
      },
    });
  },
};

export const firewallCommands: readonly AzCommand[] = [
  createCommand,
  updateCommand,
  showCommand(kind, { summary: 'Get the details of an Azure Firewall.', options: [groupOfId, name] }),
  listCommand(kind, { summary: 'List Azure Firewalls.', options: [anyResourceGroup] }),
  deleteCommand(
    kind,
    { summary: 'Delete an Azure Firewall.', options: [groupOfId, name, noWait] },
    deleteAzureFirewall,
    CHANGE_SECONDS * 5,
  ),
  waitCommand(kind, {
    summary: 'Place the CLI in a waiting state until a condition is met.',
    options: [groupOfId, name, ...waitConditions],
  }),
  ...firewallExtraCommands,
  ...firewallIpConfigCommands,
  ...firewallRuleCommands,
];
