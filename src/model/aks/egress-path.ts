/**
 * Which device a subnet's routes hand packets for the internet to, as far as resources say so. What a virtual
 * machine or a gateway does with them is not asked here.
 */
import { azureTagContent, heldAddresses } from '../azure/datacenter-addresses.ts';
import type { AzureFirewall } from '../azure/firewall-resources.ts';
import { getResource, listResources, parseResourceId, sameId } from '../azure/resource-store.ts';
import type { Route, Subnet, VirtualNetwork } from '../azure/resources.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import { subnetAllocations } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { Cloud } from '../cloud.ts';
import { address, formatAddress } from '../ip/address.ts';
import { setContains } from '../ip/address-set.ts';
import type { Address } from '../ip/address.ts';
import { firstAddress, hostPrefix, parsePrefix, prefix, prefixContains, prefixCovers } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { SERVICE_TAGS_OF_NAMES } from '../limits/aks-egress.ts';

const VNET = 'Microsoft.Network/virtualNetworks';
const FIREWALL = 'Microsoft.Network/azureFirewalls';
/** All of the internet, in halves: two routes may stand for one default route. */
const HALVES = [prefix('0.0.0.0/1'), prefix('128.0.0.0/1')];

/** Tags that the names which a cluster needs may be in. */
const TAGS_OF_NAMES: ReadonlySet<string> = new Set(SERVICE_TAGS_OF_NAMES.value.flatMap(({ tags }) => tags));

export type EgressPath =
  /** Out of the subnet by its own way to the internet: NAT gateway, load balancer and so on. */
  | { readonly kind: 'edge' }
  | { readonly kind: 'firewall'; readonly firewall: AzureFirewall; readonly route: Route }
  | { readonly kind: 'blocked'; readonly why: string }
  /** A virtual machine, a load balancer or a gateway takes them, or different parts go different ways. */
  | { readonly kind: 'unknown' };

/**
 * Returns where packets from a subnet to a public address go; null stands for one that nobody knows, so that only
 * routes for all of the internet count. A firewall is on the path only if it lies in the subnet's VNet or in one
 * that is Connected from both sides, has a way out, and knows the way back.
 */
export function egressPathOf(cloud: Cloud, subnetId: string, destination: Address | null): EgressPath {
  const found = findSubnet(cloud, subnetId);
  if (found === null) return { kind: 'unknown' };
  if (mayGoByTag(cloud, found.subnet, destination)) return { kind: 'unknown' };
  const targets = destination === null ? HALVES : [hostPrefix(destination)];
  const [first, ...others] = targets.map((target) => pathTo(cloud, found, target));
  if (first === undefined) return { kind: 'unknown' };
  const alike = others.every(
    (each) =>
      each.kind === first.kind &&
      (each.kind !== 'firewall' || first.kind !== 'firewall' || sameId(each.firewall.id, first.firewall.id)),
  );
  return alike ? first : { kind: 'unknown' };
}

interface Place {
  readonly virtualNetwork: VirtualNetwork;
  readonly subnet: Subnet;
}

function pathTo(cloud: Cloud, place: Place, target: Prefix): EgressPath {
  const route = routeTo(cloud, place.subnet, target);
  switch (route?.nextHopType) {
    case undefined:
    case 'Internet':
      return { kind: 'edge' };
    case 'None':
      return {
        kind: 'blocked',
        why: `route ${route?.name} of subnet ${place.subnet.name} drops what is for the internet`,
      };
    case 'VirtualNetworkGateway':
    case 'VnetLocal':
      return { kind: 'unknown' };
    case 'VirtualAppliance':
      return route === null ? { kind: 'unknown' } : throughAppliance(cloud, place, route);
  }
}

/** The longest user-defined route that holds the whole target, or null: then the system route to the internet does. */
function routeTo(cloud: Cloud, subnet: Subnet, target: Prefix): Route | null {
  let best: Route | null = null;
  let longest = -1;
  for (const route of routesOf(cloud, subnet)) {
    const range = parsePrefix(route.addressPrefix);
    // A service tag: see mayGoByTag.
    if (!range.ok || !prefixCovers(range.value, target)) continue;
    if (range.value.length > longest) [best, longest] = [route, range.value.length];
  }
  return best;
}

/**
 * Reports whether a route to a service tag may take the packets, longer than any default route. What is in a tag is
 * known of addresses that somebody here holds; of what a cluster needs from the internet, which tags it may be in.
 */
function mayGoByTag(cloud: Cloud, subnet: Subnet, destination: Address | null): boolean {
  return routesOf(cloud, subnet).some(({ addressPrefix }) => {
    const tag = readServiceTag(addressPrefix);
    if (tag === null) return false;
    if (destination === null) return TAGS_OF_NAMES.has(tag.name);
    const { certain, maybe } = azureTagContent(addressPrefix, heldAddresses(cloud));
    return setContains(certain, destination) || setContains(maybe, destination);
  });
}

function routesOf(cloud: Cloud, subnet: Subnet): readonly Route[] {
  if (subnet.routeTable === null) return [];
  return getResource(cloud, subnet.routeTable.id, 'Microsoft.Network/routeTables')?.routes ?? [];
}

function throughAppliance(cloud: Cloud, place: Place, route: Route): EgressPath {
  const appliance = applianceOf(cloud, place.virtualNetwork, route);
  const told = `route ${route.name} of subnet ${place.subnet.name} leads to ${appliance.address}`;
  switch (appliance.kind) {
    case 'firewall': {
      const why = firewallProblem(cloud, appliance.firewall, place);
      return why === null
        ? { kind: 'firewall', firewall: appliance.firewall, route }
        : { kind: 'blocked', why: `${told}: ${why}` };
    }
    case 'nobody':
      return { kind: 'blocked', why: `${told}, ${appliance.why}` };
    case 'other':
      return { kind: 'unknown' };
  }
}

/** What stands at the next hop of a route to an appliance. `address` is as the route has it. */
export type Appliance = { readonly address: string } & (
  | { readonly kind: 'firewall'; readonly firewall: AzureFirewall }
  /** A clause that begins with which or where. */
  | { readonly kind: 'nobody'; readonly why: string }
  /** A machine, a load balancer: what it does with packets is not asked here. */
  | { readonly kind: 'other' }
);

/** Returns who takes packets by a route to an appliance, seen from a VNet. */
export function applianceOf(cloud: Cloud, from: VirtualNetwork, route: Route): Appliance {
  const via = address(route.nextHopIpAddress ?? '0.0.0.0');
  const text = formatAddress(via);
  const network = [from, ...peersOf(cloud, from)].find((each) =>
    each.addressSpace.addressPrefixes.some((one) => prefixContains(prefix(one), via)),
  );
  if (network === undefined) {
    return {
      kind: 'nobody',
      address: text,
      why: `which is neither in VNet ${from.name} nor in one that is peered with it and Connected`,
    };
  }
  const firewall = firewallAt(cloud, network, text);
  if (firewall !== null) return { kind: 'firewall', address: text, firewall };
  const held = network.subnets.some((subnet) =>
    subnetAllocations(cloud, subnet.id).some((each) => each.address === text),
  );
  return held
    ? { kind: 'other', address: text }
    : { kind: 'nobody', address: text, why: 'where nothing is that could take the packets' };
}

/** Returns the VNets that a VNet exchanges packets with: peerings count when both sides are Connected. */
export function peersOf(cloud: Cloud, network: VirtualNetwork): readonly VirtualNetwork[] {
  return network.virtualNetworkPeerings.flatMap((peering) => {
    const remote = getResource(cloud, peering.remoteVirtualNetwork.id, VNET);
    const back = remote?.virtualNetworkPeerings.find((each) =>
      sameId(each.remoteVirtualNetwork.id, network.id),
    );
    return remote !== null && peering.peeringState === 'Connected' && back?.peeringState === 'Connected'
      ? [remote]
      : [];
  });
}

function firewallAt(cloud: Cloud, network: VirtualNetwork, text: string): AzureFirewall | null {
  return (
    listResources(cloud, FIREWALL).find((each) =>
      each.ipConfigurations.some(
        ({ subnet, privateIPAddress }) =>
          privateIPAddress === text &&
          subnet !== null &&
          subnet.id.toLowerCase().startsWith(`${network.id.toLowerCase()}/`),
      ),
    ) ?? null
  );
}

/** Why a firewall that is there cannot carry what nodes of a subnet send to the internet; null if it can. */
function firewallProblem(cloud: Cloud, firewall: AzureFirewall, place: Place): string | null {
  const own = subnetOf(cloud, firewall);
  if (own === null) return `firewall ${firewall.name} is in no subnet`;
  const out = routeTo(cloud, own.subnet, prefix('0.0.0.0/1'));
  if (out?.nextHopType === 'None') {
    return `firewall ${firewall.name} has no way out, route ${out.name} of ${own.subnet.name} drops what is for the internet`;
  }
  if ((out === null || out.nextHopType === 'Internet') && firewallAddresses(cloud, firewall).length === 0) {
    return `firewall ${firewall.name} has no public address`;
  }
  const nodes = prefix(place.subnet.addressPrefix);
  const back = routeTo(cloud, own.subnet, hostPrefix(firstAddress(nodes)));
  const system = place.virtualNetwork.addressSpace.addressPrefixes
    .map(prefix)
    .find((each) => prefixCovers(each, nodes));
  const wins = back !== null && prefix(back.addressPrefix).length >= (system?.length ?? 0);
  return wins && back.nextHopType === 'None'
    ? `the answers do not come back, route ${back.name} of ${own.subnet.name} drops them`
    : null;
}

function subnetOf(cloud: Cloud, firewall: AzureFirewall): Place | null {
  const id = firewall.ipConfigurations.find(({ subnet }) => subnet !== null)?.subnet?.id;
  return id === undefined ? null : findSubnet(cloud, id);
}

/**
 * Returns the public addresses that the internet sees of what a firewall sends there: those of a NAT gateway on
 * its subnet, else its own.
 */
export function firewallAddresses(cloud: Cloud, firewall: AzureFirewall): readonly string[] {
  const gateway = subnetOf(cloud, firewall)?.subnet.natGateway;
  const behind = gateway === undefined ? [] : gatewayRanges(cloud, gateway.id);
  if (behind.length > 0) return behind;
  return firewall.ipConfigurations.flatMap(({ publicIPAddress }) =>
    publicAddress(cloud, publicIPAddress?.id),
  );
}

/** Returns the addresses and prefixes of a NAT gateway. */
export function gatewayRanges(cloud: Cloud, id: string): readonly string[] {
  const gateway = getResource(cloud, id, 'Microsoft.Network/natGateways');
  if (gateway === null) return [];
  return [
    ...gateway.publicIpAddresses.flatMap((each) => publicAddress(cloud, each.id)),
    ...gateway.publicIpPrefixes.flatMap((each) => publicRange(cloud, each.id)),
  ];
}

/** Returns the address of a public IP address resource, or the prefix of a public IP prefix; nothing if it is gone. */
export function publicRange(cloud: Cloud, id: string): readonly string[] {
  if (parseResourceId(id)?.type.toLowerCase() === 'microsoft.network/publicipprefixes') {
    const found = getResource(cloud, id, 'Microsoft.Network/publicIPPrefixes');
    return found === null ? [] : [found.ipPrefix];
  }
  return publicAddress(cloud, id);
}

function publicAddress(cloud: Cloud, id: string | undefined): readonly string[] {
  const found = id === undefined ? null : getResource(cloud, id, 'Microsoft.Network/publicIPAddresses');
  return found === null || found.ipAddress === null ? [] : [found.ipAddress];
}
