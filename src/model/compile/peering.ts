/**
 * Peerings on the wire: a cable from fabric to fabric, which hands a packet to the other VNet's own
 * addresses and no further, and one more cable for each appliance in a peer that a route table names,
 * since such a packet reaches the appliance whatever its destination.
 *
 * Two flags, on which the documentation disagrees with itself, were decided so:
 *
 * - `allowVirtualNetworkAccess` only decides whether the peer is part of the VirtualNetwork tag. The
 *   page of 2018 says that no traffic flows without it; the newer one says "only changes the definition
 *   of the VirtualNetwork service tag", and explicit rules were seen to let packets through.
 * - `allowForwardedTraffic` counts on the link of the VNet that a packet enters, for packets whose
 *   source lies outside the VNet they come from. The page of 2018 and reports from the field have such
 *   packets dropped without it; the newer page says the same of it as of the other flag. Where it is
 *   off, what happens is `undetermined` here: nobody should build on either.
 *
 * Source: https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering (2018-02-09
 * and 2023).
 */
import type { Address } from '../ip/address.ts';
import { addressKey, formatAddress } from '../ip/address.ts';
import { setComplement, setOf } from '../ip/address-set.ts';
import { prefix, prefixContains } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { armKey, sameId } from '../azure/resource-store.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { FilterChain, Interface, InterfaceName, Route, RouteTable } from '../network/network.ts';
import { gatewayInterface, joinSegment, table } from './draft.ts';
import type { Draft } from './draft.ts';
import { fabricId, GATEWAY_INTERFACE } from './fabric-interfaces.ts';
import type { NetworkPart, PeerPart } from './inventory.ts';
import type { ParsedText } from './parsed-text.ts';

const EVERYWHERE = prefix('0.0.0.0/0');

/** Returns the VNets that a VNet is connected with, out of all by their keys. */
export function peersOf(
  network: NetworkPart,
  networks: ReadonlyMap<ArmKey, NetworkPart>,
  text: ParsedText,
): readonly PeerPart[] {
  return network.virtualNetwork.virtualNetworkPeerings.flatMap((peering) => {
    const remote = networks.get(armKey(peering.remoteVirtualNetwork.id));
    const back = remote?.virtualNetwork.virtualNetworkPeerings.find((each) =>
      sameId(each.remoteVirtualNetwork.id, network.key),
    );
    if (remote === undefined || back === undefined) return [];
    if (peering.peeringState !== 'Connected' || back.peeringState !== 'Connected') return [];
    return [
      {
        peering,
        back,
        network: remote,
        prefixes: text.prefixes(peering.remoteAddressSpace.addressPrefixes),
        reach: remote.virtualNetwork.location === network.virtualNetwork.location ? 'same-region' : 'global',
      },
    ];
  });
}

/** Returns the fabric's interface towards a peer. */
export function peeringInterface(peer: PeerPart): InterfaceName {
  return `peering/${peer.network.name}`;
}

/** Returns the fabric's interface towards the gateway of a peer, for what a route table sends there. */
export function remoteGatewayInterface(peer: PeerPart): InterfaceName {
  return `${peeringInterface(peer)} to its gateway`;
}

/** Returns the fabric's interface towards an appliance in a peer, or null if no peer has the address. */
export function applianceInterface(
  network: NetworkPart,
  via: Address,
): { readonly name: InterfaceName; readonly peer: PeerPart } | null {
  const peer = network.peers.find((each) => each.prefixes.some((one) => prefixContains(one, via)));
  return peer === undefined ? null : { name: `${peeringInterface(peer)} via ${formatAddress(via)}`, peer };
}

/** Returns the peer whose gateway a VNet uses, or null. */
export function gatewayPeer(network: NetworkPart): PeerPart | null {
  return (
    network.peers.find((each) => each.peering.useRemoteGateways && each.back.allowGatewayTransit) ?? null
  );
}

/** Returns the peers that use the gateway of a VNet. */
export function gatewayUsers(network: NetworkPart): readonly PeerPart[] {
  return network.peers.filter((each) => each.back.useRemoteGateways && each.peering.allowGatewayTransit);
}

/** What the peerings add to a fabric. */
export interface PeeringParts {
  readonly interfaces: readonly Interface[];
  readonly tables: readonly { readonly interface: InterfaceName; readonly table: RouteTable }[];
  /** To come after those of the NICs, whose verdict is certain where this one's is not. */
  readonly chains: readonly FilterChain[];
}

/** Returns the fabric's ends of the cables to its peers, and plugs them in. `learned` is what a gateway announces to it. */
export function peeringParts(
  draft: Draft,
  network: NetworkPart,
  learned: readonly Prefix[],
  text: ParsedText,
): PeeringParts {
  const interfaces: Interface[] = [];
  const tables: { readonly interface: InterfaceName; readonly table: RouteTable }[] = [];
  const chains: FilterChain[] = [];
  const id = fabricId(network);
  const plug = (name: InterfaceName, segment: string): void => {
    interfaces.push(gatewayInterface(name, joinSegment(draft, segment, { host: id, interface: name })));
  };
  const used = gatewayPeer(network);
  if (used !== null && sendsToGateway(network)) {
    plug(remoteGatewayInterface(used), gatewayCable(network, used.network));
  }
  for (const peer of network.peers) {
    const name = peeringInterface(peer);
    const pair = [network.name, peer.network.name].sort().join(' and ');
    plug(name, `peering ${pair}`);
    tables.push({ interface: name, table: fromPeer(network, peer, learned) });
    chains.push(...foreignSources(network, peer, name, learned));

    for (const via of appliancesIn(network, peer.network, text)) {
      plug(`${name} via ${formatAddress(via)}`, applianceCable(network, peer.network, via));
    }
    for (const via of appliancesIn(peer.network, network, text)) {
      const arrival = `${name} for ${formatAddress(via)}`;
      plug(arrival, applianceCable(peer.network, network, via));
      tables.push({ interface: arrival, table: toAppliance(peer, via) });
      chains.push(...foreignSources(network, peer, arrival, learned));
    }

    if (gatewayUsers(network).includes(peer) && sendsToGateway(peer.network)) {
      const arrival = `${name} for the gateway`;
      plug(arrival, gatewayCable(peer.network, network));
      tables.push({ interface: arrival, table: toGateway(peer) });
      chains.push(...foreignSources(network, peer, arrival, learned));
    }
  }
  return { interfaces, tables, chains };
}

function applianceCable(from: NetworkPart, to: NetworkPart, via: Address): string {
  return `peering ${from.name} to ${formatAddress(via)} in ${to.name}`;
}

function gatewayCable(from: NetworkPart, to: NetworkPart): string {
  return `peering ${from.name} to the gateway of ${to.name}`;
}

/** Whether a route table of the VNet names the gateway, whatever packets that takes there. */
function sendsToGateway({ subnets }: NetworkPart): boolean {
  return subnets.some(({ routeTable }) =>
    routeTable?.routes.some(({ nextHopType }) => nextHopType === 'VirtualNetworkGateway'),
  );
}

/** Asked for every pair of VNets, and in a mesh each has many: the routes are gone through once. */
const appliances = new WeakMap<NetworkPart, ReadonlyMap<NetworkPart, readonly Address[]>>();

/** The next hops of `from`'s route tables that lie in its peer `to`, each once. */
function appliancesIn(from: NetworkPart, to: NetworkPart, text: ParsedText): readonly Address[] {
  let found = appliances.get(from);
  if (found === undefined) appliances.set(from, (found = appliancesOf(from, text)));
  return found.get(to) ?? [];
}

function appliancesOf(from: NetworkPart, text: ParsedText): ReadonlyMap<NetworkPart, readonly Address[]> {
  const all = new Map<ReturnType<typeof addressKey>, Address>();
  for (const { routeTable } of from.subnets) {
    for (const route of routeTable?.routes ?? []) {
      if (route.nextHopType !== 'VirtualAppliance' || route.nextHopIpAddress === null) continue;
      const via = text.address(route.nextHopIpAddress);
      if (via !== null) all.set(addressKey(via), via);
    }
  }
  const found = new Map<NetworkPart, Address[]>();
  for (const via of all.values()) {
    const network = applianceInterface(from, via)?.peer.network;
    if (network === undefined) continue;
    const list = found.get(network);
    if (list === undefined) found.set(network, [via]);
    else list.push(via);
  }
  return found;
}

/** Over a peering one reaches the VNet's own addresses, and its gateway if one may use it; nothing beyond. */
function fromPeer(network: NetworkPart, peer: PeerPart, learned: readonly Prefix[]): RouteTable {
  const uses = gatewayUsers(network).includes(peer);
  return table(`from VNet ${peer.network.name}`, [
    ...network.prefixes.map((each): Route => ({
      prefix: each,
      target: { kind: 'attached' },
      metric: 0,
      preferredSource: null,
      by: `address space of VNet ${network.name}, the end of peering ${peer.back.name}`,
    })),
    ...(uses ? learned : []).map((each): Route => ({
      prefix: each,
      target: { kind: 'connected', interface: GATEWAY_INTERFACE, towards: 'the virtual network gateway' },
      metric: 0,
      preferredSource: null,
      by: `gateway transit: peering ${peer.peering.name} has allowGatewayTransit, and ${peer.back.name} useRemoteGateways`,
    })),
  ]);
}

function toGateway(peer: PeerPart): RouteTable {
  return table(`from VNet ${peer.network.name} to the gateway`, [
    {
      prefix: EVERYWHERE,
      target: { kind: 'connected', interface: GATEWAY_INTERFACE, towards: 'the virtual network gateway' },
      metric: 0,
      preferredSource: null,
      by: `next hop VirtualNetworkGateway of a route table of VNet ${peer.network.name}, over peering ${peer.back.name}`,
    },
  ]);
}

function toAppliance(peer: PeerPart, via: Address): RouteTable {
  return table(`from VNet ${peer.network.name} to ${formatAddress(via)}`, [
    {
      prefix: EVERYWHERE,
      target: { kind: 'attached-gateway', via },
      metric: 0,
      preferredSource: null,
      by: `next hop ${formatAddress(via)} of a route table of VNet ${peer.network.name}, over peering ${peer.back.name}`,
    },
  ]);
}

/** Without `allowForwardedTraffic`, nobody can say what becomes of packets that do not come from the peer itself. */
function foreignSources(
  network: NetworkPart,
  peer: PeerPart,
  name: InterfaceName,
  learned: readonly Prefix[],
): readonly FilterChain[] {
  if (peer.peering.allowForwardedTraffic) return [];
  // What the peer's gateway passes on is a matter of the gateway flags.
  const transit = gatewayPeer(network) === peer ? learned : [];
  return [
    {
      by: `peering ${peer.peering.name} of VNet ${network.name} (allowForwardedTraffic false)`,
      hook: 'egress',
      interface: null,
      only: {
        inInterface: name,
        source: setComplement(setOf(...peer.network.prefixes, ...peer.prefixes, ...transit)),
      },
      replies: 'checked',
      rules: [],
      otherwise: {
        kind: 'undetermined',
        reason: `the packet does not come from VNet ${peer.network.name} itself, but is forwarded by it, and peering ${peer.peering.name} of VNet ${network.name} has allowForwardedTraffic false. Older documentation says that it is dropped, newer that only the VirtualNetwork tag changes; set allowForwardedTraffic on this link to be sure that it passes`,
      },
    },
  ];
}
