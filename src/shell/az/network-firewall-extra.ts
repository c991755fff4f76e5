/** `az network firewall list-fqdn-tags|learned-ip-prefix` and `threat-intel-allowlist`. */
import { updateAzureFirewall } from '../../model/azure/azure-firewall.ts';
import { FQDN_TAGS } from '../../model/azure/firewall-rule-checks.ts';
import { requireResource } from '../../model/azure/resource-store.ts';
import { ok } from '../../model/result.ts';
import type { AzArguments, AzCommand, AzOption, Json } from './command.ts';
import { azureFirewallJson } from './firewall-json.ts';
import { isObject } from './output-format.ts';
import { CHANGE_SECONDS, FIREWALL } from './network-firewall-part.ts';
import { genericUpdate, groupOfId, list, nameOfId, noWait, refused, resourceGroup, text } from './option.ts';
import { changed, optionalList, refusedByAzure, shown, textArgument } from './outcome.ts';
import type { Ran } from './outcome.ts';
import type { Cloud } from '../../model/cloud.ts';

const nameOrId = nameOfId('--name -n', 'Azure Firewall name.');
const ADDRESSES = 'ThreatIntel.Whitelist.IpAddresses';
const NAMES = 'ThreatIntel.Whitelist.FQDNs';

const named: readonly AzOption[] = [
  text('--name -n', 'Azure Firewall name.', { required: true }),
  resourceGroup,
  noWait,
  ...genericUpdate.map((option) => ({
    ...option,
    notSimulated: 'change the firewall with az network firewall update instead',
  })),
  ...refused(
    'how many instances a firewall has over time',
    'integer:--max-capacity',
    'integer:--min-capacity',
  ),
  ...refused('a firewall at an edge site', '--extended-location'),
];

const lists: readonly AzOption[] = [
  list('--ip-addresses', 'Space-separated list of IPv4 addresses.'),
  list('--fqdns', 'Space-separated list of FQDNs.'),
];

function firewallNamed(cloud: Cloud, args: AzArguments) {
  return requireResource(cloud, FIREWALL, textArgument(args, 'resourceGroup'), textArgument(args, 'name'));
}

/** Changes the additional properties and prints the firewall with them beside its own, as the extension does. */
function setAllowList(
  cloud: Cloud,
  args: AzArguments,
  change: (properties: Record<string, string>) => void,
): Ran {
  const found = firewallNamed(cloud, args);
  if (!found.ok) return refusedByAzure(found.error);
  const { resourceGroup: group, name, additionalProperties } = found.value;
  const properties = { ...additionalProperties };
  change(properties);
  return changed(
    updateAzureFirewall(cloud, group, name, { additionalProperties: properties }),
    (next): Json => {
      const now = firewallNamed(next, args);
      if (!now.ok) return null;
      const { additionalProperties: own, ...rest } = azureFirewallJson(next, now.value);
      return { ...rest, ...(isObject(own) ? own : {}) };
    },
    CHANGE_SECONDS,
  );
}

function writeCommand(verb: 'create' | 'update', summary: string): AzCommand {
  return {
    path: ['network', 'firewall', 'threat-intel-allowlist', verb],
    summary,
    options: [...named, ...lists],
    run: (cloud, args) =>
      setAllowList(cloud, args, (properties) => {
        const addresses = optionalList(args, 'ipAddresses');
        const names = optionalList(args, 'fqdns');
        if (addresses !== undefined) properties[ADDRESSES] = addresses.join(', ');
        if (names !== undefined) properties[NAMES] = names.join(', ');
      }),
  };
}

export const firewallExtraCommands: readonly AzCommand[] = [
  {
    path: ['network', 'firewall', 'list-fqdn-tags'],
    summary: 'Gets all the Azure Firewall FQDN Tags in a subscription.',
    options: [],
    // The service leaves subscription, group and name out of the ids.
    run: (cloud) =>
      ok({
        cloud,
        output: FQDN_TAGS.map((tag) => ({
          fqdnTagName: tag,
          id: '/subscriptions//resourceGroups//providers/Microsoft.Network/azureFirewallFqdnTags/',
          name: tag,
          provisioningState: 'Succeeded',
          type: 'Microsoft.Network/azureFirewallFqdnTags',
        })),
        durationSeconds: 0,
      }),
  },
  {
    path: ['network', 'firewall', 'learned-ip-prefix'],
    summary: 'Retrieves a list of all IP prefixes that azure firewall has learned to not SNAT.',
    options: [groupOfId, nameOrId, noWait],
    // They are learned from a route server, which is not simulated.
    run: (cloud, args) => shown(cloud, firewallNamed(cloud, args), () => ({ ipPrefixes: [] })),
  },
  writeCommand('create', 'Create an Azure Firewall Threat Intelligence Allow List.'),
  writeCommand('update', 'Update Azure Firewall Threat Intelligence Allow List.'),
  {
    path: ['network', 'firewall', 'threat-intel-allowlist', 'show'],
    summary: 'Get the details of an Azure Firewall Threat Intelligence Allow List.',
    options: [groupOfId, nameOrId],
    run: (cloud, args) =>
      shown(cloud, firewallNamed(cloud, args), ({ additionalProperties }) => ({ ...additionalProperties })),
  },
  {
    path: ['network', 'firewall', 'threat-intel-allowlist', 'delete'],
    summary: 'Delete an Azure Firewall Threat Intelligence Allow List.',
    options: named,
    run: (cloud, args) =>
      setAllowList(cloud, args, (properties) => {
        Reflect.deleteProperty(properties, ADDRESSES);
        Reflect.deleteProperty(properties, NAMES);
      }),
  },
];
