/** Whether nodes of a subnet resolve names: Azure's DNS does, the VNet's own DNS servers where they answer. */
import { listResources } from '../azure/resource-store.ts';
import type { Subnet, VirtualNetwork } from '../azure/resources.ts';
import { subnetAllocations } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import { firewallRulesOf } from '../firewall/rules-of.ts';
import { setContains } from '../ip/address-set.ts';
import { parseAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { prefix, prefixContains } from '../ip/prefix.ts';
import { egressPathOf, peersOf } from './egress-path.ts';
import { firewallDenies, likelySource } from './required-egress.ts';

const AZURE_DNS = '168.63.129.16';
const DNS_PORT = 53;

interface Place {
  readonly virtualNetwork: VirtualNetwork;
  readonly subnet: Subnet;
}

/** Returns why none of the VNet's DNS servers answers for a name, as a sentence without its end; null if one may. */
export function whyNoNames(cloud: Cloud, place: Place, name: string): string | null {
  const { name: network, dhcpOptions } = place.virtualNetwork;
  const reasons = whyAllSilent(cloud, place, dhcpOptions.dnsServers, []);
  return (
    reasons
      ?.map(
        ({ server, why }) => `DNS server ${server} of VNet ${network} does not answer for ${name}: ${why}`,
      )
      .join('; ') ?? null
  );
}

interface Silence {
  readonly server: string;
  readonly why: string;
}

/** Why each of some servers gives no answer to who asks at a place; null if one may, or there are none. */
function whyAllSilent(
  cloud: Cloud,
  place: Place,
  servers: readonly string[],
  through: readonly string[],
): readonly Silence[] | null {
  const reasons: Silence[] = [];
  for (const server of servers) {
    const parsed = parseAddress(server);
    const why =
      parsed.ok && server !== AZURE_DNS ? whySilent(cloud, place, server, parsed.value, through) : null;
    if (why === null) return null;
    reasons.push({ server, why });
  }
  return reasons.length === 0 ? null : reasons;
}

function whySilent(
  cloud: Cloud,
  place: Place,
  server: string,
  address: Address,
  through: readonly string[],
): string | null {
  const network = [place.virtualNetwork, ...peersOf(cloud, place.virtualNetwork)].find((each) =>
    each.addressSpace.addressPrefixes.some((one) => prefixContains(prefix(one), address)),
  );
  if (network !== undefined) return whyNobody(cloud, network, server, through);
  if (!setContains(PUBLIC, address)) {
    // Somewhere behind a gateway or an appliance: what happens there is not asked here.
    return null;
  }
  const path = egressPathOf(cloud, place.subnet.id, address);
  if (path.kind === 'blocked') return path.why;
  if (path.kind !== 'firewall') return null;
  return firewallDenies(cloud, path.firewall, likelySource(cloud, place.subnet), {
    host: server,
    address,
    protocol: 'udp',
    port: DNS_PORT,
    request: null,
  });
}

/** Of an address of the VNet or of a peer. */
function whyNobody(
  cloud: Cloud,
  network: VirtualNetwork,
  server: string,
  through: readonly string[],
): string | null {
  const firewall = listResources(cloud, 'Microsoft.Network/azureFirewalls').find((each) =>
    each.ipConfigurations.some(({ privateIPAddress }) => privateIPAddress === server),
  );
  if (firewall !== undefined) {
    const { dns } = firewallRulesOf(cloud, firewall);
    if (dns.proxy === 'off') return `the DNS proxy of firewall ${firewall.name} is off`;
    if (through.includes(server)) return `DNS servers ask each other in a circle, ${through.join(', ')}`;
    const subnetId = firewall.ipConfigurations.find(({ subnet }) => subnet !== null)?.subnet?.id;
    const own = subnetId === undefined ? null : findSubnet(cloud, subnetId);
    const reasons = own === null ? null : whyAllSilent(cloud, own, dns.servers, [...through, server]);
    return (
      reasons
        ?.map((each) => `DNS server ${each.server} of firewall ${firewall.name} does not answer: ${each.why}`)
        .join('; ') ?? null
    );
  }
  const held = network.subnets.some((subnet) =>
    subnetAllocations(cloud, subnet.id).some((each) => each.address === server),
  );
  return held ? null : `nothing in VNet ${network.name} has the address`;
}
