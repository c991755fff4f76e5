/**
 * What Azure asks of a firewall as a whole, beside its IP configurations and its rules. Where no public source
 * has the code of a refusal, it is `NotSimulated` and says that Azure refuses too.
 */
import type { Cloud } from '../cloud.ts';
import { parseAddress } from '../ip/address.ts';
import { parsePrefix } from '../ip/prefix.ts';
import { FIREWALL_NAME_LENGTH } from '../limits/azure-firewall.ts';
import { zonesOf } from './availability-zones.ts';
import { azureError, notSimulated, refusedToo } from './error.ts';
import type { AzureError } from './error.ts';
import type { AzureFirewall } from './firewall-resources.ts';
import { getResource, invalidReference } from './resource-store.ts';

/** Returns Azure's refusal of a firewall, or null. */
export function checkFirewall(
  cloud: Cloud,
  existing: AzureFirewall | null,
  firewall: AzureFirewall,
): AzureError | null {
  if (existing === null && firewall.name.length > FIREWALL_NAME_LENGTH.value) {
    return azureError(
      'InvalidResourceName',
      `Resource name ${firewall.name} is invalid. The name can be up to ${FIREWALL_NAME_LENGTH.value} characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
    );
  }
  return (
    checkTier(existing, firewall) ??
    checkZones(firewall) ??
    checkPolicy(cloud, firewall) ??
    checkText(firewall)
  );
}

/**
 * Standard and Premium can be changed into each other; Basic is made as such, and takes its rules from a
 * policy (https://learn.microsoft.com/azure/firewall/choose-firewall-sku, change-sku).
 */
function checkTier(existing: AzureFirewall | null, firewall: AzureFirewall): AzureError | null {
  const { name, sku } = firewall;
  if (
    existing !== null &&
    existing.sku.tier !== sku.tier &&
    [existing.sku.tier, sku.tier].includes('Basic')
  ) {
    return refusedToo(`Changing Azure Firewall ${name} from tier ${existing.sku.tier} to ${sku.tier}`);
  }
  if (sku.tier !== 'Standard' && ownCollections(firewall).length > 0) {
    return notSimulated(
      `Rules of its own on Azure Firewall ${name} of tier ${sku.tier}, which has a policy,`,
    );
  }
  if (sku.tier === 'Basic' && firewall.threatIntelMode === 'Deny') {
    return refusedToo(
      `Threat intelligence mode Deny on Azure Firewall ${name} of tier Basic, which has alerts only,`,
    );
  }
  if (sku.tier === 'Basic' && firewall.additionalProperties['Network.DNS.EnableProxy'] === 'true') {
    return refusedToo(`A DNS proxy on Azure Firewall ${name} of tier Basic`);
  }
  return null;
}

function checkZones({ location, name, zones }: AzureFirewall): AzureError | null {
  const stray = zones?.find((zone) => !zonesOf(location).includes(zone));
  return stray === undefined
    ? null
    : refusedToo(
        `Azure Firewall ${name} in availability zone ${stray} of ${location}, which has none of that number,`,
      );
}

/** The text of both refusals is ours: https://github.com/Azure/azure-cli/issues/11834 says what is exclusive. */
function checkPolicy(cloud: Cloud, firewall: AzureFirewall): AzureError | null {
  const { firewallPolicy } = firewall;
  if (firewallPolicy === null) return null;
  const policy = getResource(cloud, firewallPolicy.id, 'Microsoft.Network/firewallPolicies');
  if (policy === null) return invalidReference(firewallPolicy.id, firewall.id);
  const [first] = ownCollections(firewall);
  if (first !== undefined) {
    return refusedToo(
      `Rule collection ${first.name} of Azure Firewall ${firewall.name} beside firewall policy ${policy.id} (a firewall has rules of its own or a policy)`,
    );
  }
  const rank = { Basic: 0, Standard: 1, Premium: 2 };
  const fits =
    firewall.sku.tier === 'Basic'
      ? policy.sku.tier === 'Basic'
      : policy.sku.tier !== 'Basic' && rank[policy.sku.tier] <= rank[firewall.sku.tier];
  return fits
    ? null
    : refusedToo(
        `Firewall policy ${policy.name} of tier ${policy.sku.tier} on Azure Firewall ${firewall.name} of tier ${firewall.sku.tier}`,
      );
}

function ownCollections(firewall: AzureFirewall): readonly { readonly name: string }[] {
  return [
    ...firewall.networkRuleCollections,
    ...firewall.applicationRuleCollections,
    ...firewall.natRuleCollections,
  ];
}

/** The additional properties are text; the service reads some of it. */
function checkText({ additionalProperties, name }: AzureFirewall): AzureError | null {
  const servers = listOf(additionalProperties['Network.DNS.Servers']);
  const server = servers.find((one) => !parseAddress(one).ok);
  if (server !== undefined) return refusedToo(`'${server}' as a DNS server of Azure Firewall ${name}`);
  const range = listOf(additionalProperties['Network.SNAT.PrivateRanges']).find(
    (one) => one !== 'IANAPrivateRanges' && !parseAddress(one).ok && !parsePrefix(one).ok,
  );
  if (range !== undefined) {
    return refusedToo(
      `'${range}' as a private range of Azure Firewall ${name} (an address, a prefix or IANAPrivateRanges)`,
    );
  }
  const unknown = Object.keys(additionalProperties).find((key) => !KNOWN.includes(key));
  return unknown === undefined
    ? null
    : notSimulated(`The additional property ${unknown} of an Azure Firewall`);
}

const KNOWN: readonly string[] = [
  'Network.AdditionalLogs.EnableDnstapLogging',
  'Network.AdditionalLogs.EnableFatFlowLogging',
  'Network.AdditionalLogs.EnableUdpLogOptimization',
  'Network.DNS.EnableProxy',
  'Network.DNS.Servers',
  'Network.FTP.AllowActiveFTP',
  'Network.SNAT.PrivateRanges',
  'ThreatIntel.Whitelist.FQDNs',
  'ThreatIntel.Whitelist.IpAddresses',
];

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
