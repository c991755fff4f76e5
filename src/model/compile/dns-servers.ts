/**
 * Whom machines of a VNet ask for names: Azure's own DNS, or the servers that the VNet names
 * (https://learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances).
 * A firewall with DNS proxy is such a server, and asks others in turn
 * (https://learn.microsoft.com/azure/firewall/dns-details, 2024-09-16).
 */
import { formatAddress, parseAddress, sameAddress } from '../ip/address.ts';
import type { HostId } from '../network/network.ts';
import { trace } from '../trace/walk.ts';
import type { Compiled } from './compile.ts';
import type { FirewallPlan } from './firewall.ts';
import type { NetworkPart } from './inventory.ts';
import { WIRE_SERVER } from './service-tags.ts';

export type DnsAnswerer =
  /** Azure's DNS, as machines of this VNet know it; `through` are the servers that were asked on the way. */
  | { readonly kind: 'azure'; readonly network: NetworkPart; readonly through: readonly string[] }
  | { readonly kind: 'nobody'; readonly why: string };

const DNS_PORT = 53;
/** Servers that ask servers: more than this is a circle. */
const MOST_SERVERS = 4;

/** Returns who answers in the end what a machine asks its VNet's servers, or another one that it names. */
export function dnsAnswerer(
  compiled: Compiled,
  from: HostId,
  network: NetworkPart,
  named?: string,
): DnsAnswerer {
  if (named !== undefined) return askServers(compiled, from, network, [named], 'that is asked', []);
  const { dnsServers } = network.virtualNetwork.dhcpOptions;
  return askServers(compiled, from, network, dnsServers, `of VNet ${network.name}`, []);
}

function askServers(
  compiled: Compiled,
  from: HostId,
  network: NetworkPart,
  servers: readonly string[],
  whose: string,
  through: readonly string[],
): DnsAnswerer {
  if (servers.length === 0) return { kind: 'azure', network, through };
  if (through.length >= MOST_SERVERS) {
    return { kind: 'nobody', why: `the DNS servers ask each other in a circle: ${through.join(', ')}` };
  }
  const failures: string[] = [];
  for (const server of servers) {
    const address = parseAddress(server);
    if (!address.ok) {
      failures.push(`DNS server ${server} ${whose} is no address`);
      continue;
    }
    const asked = trace(compiled.network, {
      from,
      protocol: 'udp',
      source: { address: null, port: null },
      destination: { address: address.value, port: DNS_PORT },
    });
    if (asked.disposition !== 'delivered') {
      failures.push(`DNS server ${server} ${whose} does not answer: ${asked.reason}`);
      continue;
    }
    if (sameAddress(address.value, WIRE_SERVER)) return { kind: 'azure', network, through };
    const place = asked.hops.at(-1)?.place ?? '';
    const passed = [...through, server];
    const firewall = compiled.firewalls.find(({ host }) => host === place);
    return firewall === undefined
      ? { kind: 'azure', network: networkOf(compiled, place) ?? network, through: passed }
      : askFirewall(compiled, firewall, passed);
  }
  return { kind: 'nobody', why: failures.join('; ') };
}

function askFirewall(compiled: Compiled, plan: FirewallPlan, through: readonly string[]): DnsAnswerer {
  const { servers } = plan.configuration.dns;
  return askServers(compiled, plan.host, plan.network, servers, `of firewall ${plan.name}`, through);
}

function networkOf({ inventory }: Compiled, place: HostId): NetworkPart | null {
  return (
    inventory.networks.find(({ ports }) =>
      ports.some(({ owner }) => (owner.kind === 'vm' || owner.kind === 'node') && owner.host === place),
    ) ?? null
  );
}

/** Returns the DNS servers that machines of a VNet are told, in the order in which they ask them. */
export function dnsServersOf(network: NetworkPart | null): readonly string[] {
  const own = network?.virtualNetwork.dhcpOptions.dnsServers ?? [];
  return own.length === 0 ? [formatAddress(WIRE_SERVER)] : own;
}

/** Reports whether an address is a DNS server of the simulation: one that a VNet names, or a firewall's DNS proxy. */
export function isDnsServer({ inventory, firewalls }: Compiled, address: string): boolean {
  return (
    inventory.networks.some(({ virtualNetwork }) =>
      virtualNetwork.dhcpOptions.dnsServers.includes(address),
    ) ||
    firewalls.some(
      ({ privateAddress, configuration }) =>
        configuration.dns.proxy === 'on' && formatAddress(privateAddress) === address,
    )
  );
}
