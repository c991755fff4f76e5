/** What Azure documents about Azure Firewall in numbers, fixed names and lists. */
import type { Limit } from './limit.ts';

const RULE_PROCESSING =
  'Azure Firewall rule processing logic, https://learn.microsoft.com/azure/firewall/rule-processing';
const SNAT_PRIVATE_RANGE =
  'Azure Firewall SNAT private IP address ranges, https://learn.microsoft.com/azure/firewall/snat-private-range';

/** Of rule collection groups, and of rule collections. A lower number comes first. */
export const FIREWALL_PRIORITIES: Limit<{ readonly first: number; readonly last: number }> = {
  value: { first: 100, last: 65_000 },
  source: RULE_PROCESSING,
  read: '2026-03-23',
};

/** What `IANAPrivateRanges` stands for: destinations for which network rules leave the source as it is. */
export const FIREWALL_PRIVATE_RANGES: Limit<readonly string[]> = {
  value: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
  source: SNAT_PRIVATE_RANGE,
  read: '2023-08-02',
  note: 'The FAQ of 2022 names RFC 1918 only; this page has RFC 6598 too. Decided for the newer page.',
};

/** The private ranges that mean always, and never: `0.0.0.0/0` holds every destination. */
export const FIREWALL_ALWAYS_SNAT: Limit<string> = {
  value: '255.255.255.255/32',
  source: SNAT_PRIVATE_RANGE,
  read: '2023-08-02',
  note: 'Of network rules. Application rules translate the source always: they are a transparent proxy.',
};

/**
 * FQDN tags besides AzureKubernetesService, whose content Microsoft does not publish.
 * In any letters; spaces do not count.
 */
export const OTHER_FQDN_TAGS: Limit<readonly string[]> = {
  value: [
    'WindowsUpdate',
    'WindowsDiagnostics',
    'MicrosoftActiveProtectionService',
    'AppServiceEnvironment',
    'AzureBackup',
    'HDInsight',
    'WindowsVirtualDesktop',
    'Office365',
    'Windows365',
    'MicrosoftIntune',
    'citrixHdxPlusForWindows365',
  ],
  source: 'FQDN tags overview, https://learn.microsoft.com/azure/firewall/fqdn-tags',
  read: '2020-06-30',
  note: 'Office365 has parts such as Office365.Exchange.Optimize. The page lists the portal’s names; these are those of the API.',
};

/** Names that the built-in rule collection may let through, of services that are known to be in it. */
export const INFRASTRUCTURE_NAMES: Limit<readonly string[]> = {
  value: [
    'md-*.blob.storage.azure.net',
    'md-*.blob.core.windows.net',
    'umsa*.blob.core.windows.net',
    '*.monitoring.core.windows.net',
    '*.monitor.core.windows.net',
  ],
  source: RULE_PROCESSING,
  read: '2026-03-23',
  note: 'The page names services, not FQDNs: compute access to the storage of the platform image repository, status of managed disks, Azure diagnostics and logging (until 2020 also Azure Active Directory). The names here are those that AKS and VM documentation knows for them; whether each is in the collection is published nowhere, so they are undetermined. All other names are taken not to be in it: it is "specific for the platform".',
};

/** What `Any` stands for as the protocol of a rule. */
export const ANY_PROTOCOL: Limit<{ readonly allPorts: 'every protocol'; readonly somePorts: 'TCP and UDP' }> =
  {
    value: { allPorts: 'every protocol', somePorts: 'TCP and UDP' },
    source: RULE_PROCESSING,
    read: '2026-03-23',
    note: 'Rules written before 2020-11-09 meant TCP, UDP or ICMP.',
  };

export const RULE_COLLECTION_GROUPS_PER_POLICY: Limit = {
  value: 90,
  unit: 'rule collection groups',
  source:
    'Azure Firewall limits, https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits',
  read: '2026-11-23',
  note: 'Of policies made after July 2022; earlier ones have 50. The page has said several numbers for later ones: 100 in September 2022 (https://github.com/MicrosoftDocs/azure-docs/issues/98291), 60 on 2023-10-10 (its source, MicrosoftDocs/azure-docs, includes/firewall-limits.md), and 90 where an undated article quotes it together with limits that it has had since 2024 (https://go2share.net/article/azure-firewall-limitations). No dated copy with 90 was found; decided for it as the latest.',
};

/** The groups that the portal makes in each policy, in the order in which it numbers them. */
export const DEFAULT_RULE_COLLECTION_GROUPS: Limit<
  readonly { readonly name: string; readonly priority: number }[]
> = {
  value: [
    { name: 'DefaultDnatRuleCollectionGroup', priority: 100 },
    { name: 'DefaultNetworkRuleCollectionGroup', priority: 200 },
    { name: 'DefaultApplicationRuleCollectionGroup', priority: 300 },
  ],
  source: 'Azure Firewall Policy rule sets, https://learn.microsoft.com/azure/firewall/policy-rule-sets',
  read: '2021-11-09',
  note: 'azure-cli makes none of them by itself.',
};

/** Ports on which the firewall's proxy takes every TCP connection that no network rule decides, to hear what it asks for. */
export const FIREWALL_PROXY_PORTS: Limit<readonly number[]> = {
  value: [80, 443],
  unit: 'TCP ports',
  source:
    'Azure Firewall FAQ, https://learn.microsoft.com/azure/firewall/firewall-faq, "Why can a TCP ping and similar tools successfully connect to a target FQDN even when no rule on Azure Firewall allows that traffic?"',
  read: '2023-03-16',
  note: 'The page names no ports. Other ports are taken where an application rule names them (https://github.com/MicrosoftDocs/azure-docs/issues/121272, 2024-04-03).',
};

/** What a client of the proxy gets for an HTTP request that is denied. */
export const FIREWALL_DENIED_PAGE: Limit<{ readonly status: number; readonly noRule: string }> = {
  value: { status: 470, noRule: 'Action: Deny. Reason: No rule matched. Proceeding with default action.' },
  source: 'Azure Firewall, seen by curl: https://http.dev/470',
  read: '2026-11-23',
  note: 'What the page says where a rule denies is not documented; the words of the log AzureFirewallApplicationRule are taken.',
};

/** Service tags that no rule of a firewall takes. */
export const SERVICE_TAGS_NOT_FOR_FIREWALLS: Limit<readonly string[]> = {
  value: [
    'AzureContainerAppsService',
    'AzureLoadBalancer',
    'AzurePlatformDNS',
    'AzurePlatformIMDS',
    'AzurePlatformLKM',
    'GatewayManager',
    'Internet',
    'KustoAnalytics',
    'MicrosoftPurviewPolicyDistribution',
    'VirtualNetwork',
  ],
  source:
    'Virtual network service tags, https://learn.microsoft.com/azure/virtual-network/service-tags-overview, column "Can use with Azure Firewall?"',
  read: '2026-11-23',
};
