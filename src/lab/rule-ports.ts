/** The ports at which a firewall's rules make a difference: what a check of "and nothing else" has to try. */
import { listResources } from '../model/azure/resource-store.ts';
import type { Cloud } from '../model/cloud.ts';
import { allEntries, firewallRulesOf } from '../model/firewall/rules-of.ts';
import type { FirewallEntry } from '../model/firewall/rules.ts';
import type { PortRange } from '../model/nsg/port-set.ts';

const LAST_PORT = 65_535;

/**
 * Returns the first and the last port of every range that a rule of an Azure Firewall lets through, in order and
 * without repetition: a rule that is wider than it should be is found at one of its own ports. A range of one
 * kind of rule alone can be asked for; a rule for every port gives 1 and 65535.
 */
export function portsOfFirewallRules(
  cloud: Cloud,
  kinds?: readonly FirewallEntry['kind'][],
): readonly number[] {
  const ports = listResources(cloud, 'Microsoft.Network/azureFirewalls')
    .flatMap((firewall) => allEntries(firewallRulesOf(cloud, firewall)))
    .filter((entry) => kinds?.includes(entry.kind) ?? true)
    .flatMap(rangesOf)
    .flatMap(({ from, to }) => [Math.max(from, 1), Math.min(to, LAST_PORT)]);
  return [...new Set(ports)].sort((a, b) => a - b);
}

function rangesOf(entry: FirewallEntry): readonly PortRange[] {
  if (entry.kind === 'dnat') return entry.ports;
  if (entry.action === 'Deny') return [];
  if (entry.kind === 'network') return entry.ports;
  return entry.protocols.map(({ port }) => ({ from: port, to: port }));
}
