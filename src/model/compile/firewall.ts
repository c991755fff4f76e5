/**
 * Azure Firewalls as the compiled network needs them: where they stand, their addresses and their rules.
 * One without an IP configuration is in no network and carries nothing
 * (https://learn.microsoft.com/azure/firewall/tutorial-firewall-deploy-portal-policy, 2024-11-06).
 */
import type { AzureFirewall } from '../azure/firewall-resources.ts';
import { armKey, listResources } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { FirewallConfiguration } from '../firewall/rules.ts';
import { firewallRulesOf } from '../firewall/rules-of.ts';
import type { Address } from '../ip/address.ts';
import type { HostId } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { hostNames } from './host-names.ts';
import type { Inventory, NetworkPart, SubnetPart } from './inventory.ts';
import type { OutboundGateway } from './nat-gateway.ts';
import { publicAddressOf } from './public-address.ts';

/** One firewall that stands in a subnet. */
export interface FirewallPlan {
  readonly name: string;
  readonly host: HostId;
  readonly resource: AzureFirewall;
  readonly network: NetworkPart;
  readonly subnet: SubnetPart;
  readonly privateAddress: Address;
  /** In the order of its IP configurations; empty with forced tunnelling. */
  readonly publicAddresses: readonly Address[];
  /** That of its subnet, by which it leaves instead of by its own addresses; null without one. */
  readonly gateway: OutboundGateway | null;
  readonly configuration: FirewallConfiguration;
}

/** Returns the HostId of each firewall: `firewall/NAME`, with more where the name alone is not unique. */
export function firewallHosts(inventory: Inventory): ReadonlyMap<ArmKey, HostId> {
  const all = listResources(inventory.cloud, 'Microsoft.Network/azureFirewalls');
  return hostNames('firewall', all);
}

/** Returns the firewalls that packets can meet. */
export function planFirewalls(
  inventory: Inventory,
  gateways: readonly OutboundGateway[],
  report: Report,
): readonly FirewallPlan[] {
  const all = listResources(inventory.cloud, 'Microsoft.Network/azureFirewalls');
  if (all.length === 0) return [];
  const hosts = firewallHosts(inventory);
  const subnets = new Map(
    inventory.networks.flatMap((network) => network.subnets.map((subnet) => [subnet.key, subnet])),
  );
  return all.flatMap((resource): FirewallPlan[] => {
    const about = `firewall ${resource.name}`;
    const first = resource.ipConfigurations.find((each) => each.subnet !== null);
    if (first === undefined) {
      report(about, 'has no IP configuration, so it is in no virtual network and carries nothing');
      return [];
    }
    const subnet = subnets.get(armKey(first.subnet?.id ?? ''));
    const privateAddress = inventory.text.address(first.privateIPAddress ?? '');
    if (subnet === undefined || privateAddress === null) {
      report(about, 'has an IP configuration without a subnet that exists, or without an address');
      return [];
    }
    const configuration = firewallRulesOf(inventory.cloud, resource);
    for (const problem of configuration.problems) report(about, problem);
    const { natGateway } = subnet;
    return [
      {
        name: resource.name,
        host: hosts.get(armKey(resource.id)) ?? `firewall/${resource.name}`,
        resource,
        network: subnet.network,
        subnet,
        privateAddress,
        publicAddresses: publicAddressesOf(inventory, resource, report),
        gateway: gateways.find((each) => each.resource === natGateway) ?? null,
        configuration,
      },
    ];
  });
}

function publicAddressesOf(
  inventory: Inventory,
  firewall: AzureFirewall,
  report: Report,
): readonly Address[] {
  return firewall.ipConfigurations.flatMap(({ name, publicIPAddress }) => {
    if (publicIPAddress === null) return [];
    const own = publicAddressOf(inventory, publicIPAddress.id);
    if (own === null) {
      report(
        `IP configuration ${name} of firewall ${firewall.name}`,
        `has a public IP address that does not exist or has no address: ${publicIPAddress.id}`,
      );
    }
    return own?.address ?? [];
  });
}
