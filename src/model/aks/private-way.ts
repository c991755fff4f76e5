/** Whether the packets of a connection between two ends inside VNets arrive, in both directions. */
import type { AzureFirewall } from '../azure/firewall-resources.ts';
import { listResources, sameId } from '../azure/resource-store.ts';
import type { IpConfiguration, NetworkInterface, Route, VirtualNetwork } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import { gatewayOf } from '../azure/virtual-network-gateway-presence.ts';
import type { Cloud } from '../cloud.ts';
import { formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { parsePrefix, prefix, prefixContains } from '../ip/prefix.ts';
import { chooseRoute } from '../routes/choose.ts';
import type { CandidateRoute } from '../routes/route.ts';
import { settleRoutes } from '../routes/settle.ts';
import { systemRoutes } from '../routes/system.ts';
import { applianceOf } from './egress-path.ts';
import { askGroups, connectedPeers, userRoutes } from './network-end.ts';
import type { NetworkEnd, Peer } from './network-end.ts';
import { askFirewall } from './required-egress.ts';

export type PrivateWay =
  | { readonly kind: 'arrives' }
  /** Packets are lost on the way, so that a connection times out. `why` is a clause. */
  | { readonly kind: 'lost'; readonly why: string }
  /** Something on the way is not followed here. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Which way packets take to an address of a VNet. */
type Step =
  | { readonly kind: 'direct' }
  | { readonly kind: 'firewall'; readonly firewall: AzureFirewall; readonly route: Route }
  | { readonly kind: 'lost' | 'unknown'; readonly why: string };

type Place = Pick<NetworkEnd, 'virtualNetwork' | 'subnet'>;

/** Returns what becomes of a TCP connection from one end to a port of another one. */
export function privateWay(cloud: Cloud, from: NetworkEnd, to: NetworkEnd, port: number): PrivateWay {
  const out = askGroups(cloud, from, 'Outbound', { address: to.address, port });
  if (out.kind === 'deny') return { kind: 'lost', why: out.why };
  const there = stepTo(cloud, from, to.address);
  if (there.kind === 'lost' || there.kind === 'unknown') return there;
  const through = there.kind === 'firewall' ? throughFirewall(cloud, there, from, to, port) : null;
  if (through !== null) return through;
  const into = askGroups(cloud, to, 'Inbound', { address: from.address, port });
  if (into.kind === 'deny') return { kind: 'lost', why: into.why };
  const back = stepTo(cloud, to, from.address);
  if (back.kind === 'lost') return { kind: 'lost', why: `the answers do not come back: ${back.why}` };
  if (back.kind === 'unknown') return back;
  const same =
    there.kind === 'firewall' && back.kind === 'firewall'
      ? sameId(there.firewall.id, back.firewall.id)
      : there.kind === back.kind;
  if (!same) {
    const device = there.kind === 'firewall' ? there : back.kind === 'firewall' ? back : null;
    return {
      kind: 'lost',
      why: `only one direction goes through firewall ${device?.firewall.name ?? ''} (route ${device?.route.name ?? ''}), which drops the packets of a connection that it has not seen begin`,
    };
  }
  return out.kind === 'unknown' || into.kind === 'unknown'
    ? { kind: 'unknown', why: 'what a service tag of a security rule holds is not known' }
    : { kind: 'arrives' };
}

/** Returns the VNet that an address is in, as packets of a VNet find it; null for one that it does not reach. */
export function networkHolding(cloud: Cloud, from: VirtualNetwork, at: Address): VirtualNetwork | null {
  const isInside = (ranges: readonly string[]): boolean =>
    ranges.some((each) => prefixContains(prefix(each), at));
  if (isInside(from.addressSpace.addressPrefixes)) return from;
  const peer = connectedPeers(cloud, from).find(({ prefixes }) =>
    prefixes.some((each) => prefixContains(each, at)),
  );
  return peer?.network ?? null;
}

/** Reports whether a VNet may know addresses of sites outside Azure: it has a gateway, or uses that of a peer. */
export function knowsSites(cloud: Cloud, network: VirtualNetwork): boolean {
  return (
    gatewayOf(cloud, network) !== null ||
    network.virtualNetworkPeerings.some((each) => each.useRemoteGateways) ||
    cloud.outsideHosts.some((each) => each.kind === 'on-premises')
  );
}

interface Candidate extends CandidateRoute {
  readonly user?: Route;
  readonly peer?: Peer;
}

/** The route of a subnet to an address, and where it leads. Learned routes never count inside a VNet or its peers. */
function stepTo(cloud: Cloud, place: Place, to: Address): Step {
  const { virtualNetwork: network, subnet } = place;
  const users = userRoutes(cloud, subnet).flatMap((route): Candidate[] => {
    const range = parsePrefix(route.addressPrefix);
    return range.ok
      ? [{ source: 'User', prefix: range.value, nextHopType: route.nextHopType, user: route }]
      : [];
  });
  const system = systemRoutes(
    network.addressSpace.addressPrefixes.map((each) => prefix(each)),
    connectedPeers(cloud, network),
  );
  const { winner } = chooseRoute(settleRoutes<Candidate>([...users, ...system]), to);
  const told = `route ${winner?.user?.name ?? ''} of subnet ${subnet.name}`;
  switch (winner?.nextHopType) {
    case 'VnetLocal':
      // A route of one's own may lead anything into the VNet, where nobody has the address.
      return winner.user === undefined || networkHolding(cloud, network, to) === network
        ? { kind: 'direct' }
        : { kind: 'lost', why: `${told} keeps it in VNet ${network.name}, which does not have the address` };
    case 'VNetPeering':
    case 'VNetGlobalPeering':
      return { kind: 'direct' };
    case 'VirtualAppliance':
      return winner.user === undefined
        ? { kind: 'unknown', why: 'a route to an appliance is of no table' }
        : throughAppliance(cloud, network, winner.user, told);
    case 'None':
    case undefined:
      return {
        kind: 'lost',
        why:
          winner?.user === undefined
            ? `no route of subnet ${subnet.name} leads to ${formatAddress(to)}`
            : `${told} drops what is for ${formatAddress(to)}`,
      };
    case 'Internet':
      return {
        kind: 'lost',
        why: `${told} sends ${formatAddress(to)} to the internet, which knows no private addresses`,
      };
    case 'VirtualNetworkGateway':
    case 'VirtualNetworkServiceEndpoint':
    case 'InterfaceEndpoint':
      return { kind: 'unknown', why: `${told} leads to a gateway` };
  }
}

function throughAppliance(cloud: Cloud, network: VirtualNetwork, route: Route, told: string): Step {
  const appliance = applianceOf(cloud, network, route);
  switch (appliance.kind) {
    case 'firewall':
      return { kind: 'firewall', firewall: appliance.firewall, route };
    case 'nobody':
      return { kind: 'lost', why: `${told} leads to ${appliance.address}, ${appliance.why}` };
    case 'other':
      return {
        kind: 'unknown',
        why: `${told} leads to ${appliance.address}, and what stands there passes it on or not`,
      };
  }
}

/** Why a firewall on the way does not pass a connection on; null if it does. */
function throughFirewall(
  cloud: Cloud,
  { firewall, route }: Extract<Step, { kind: 'firewall' }>,
  from: NetworkEnd,
  to: NetworkEnd,
  port: number,
): PrivateWay | null {
  const told = `route ${route.name} of subnet ${from.subnet.name} leads to firewall ${firewall.name}`;
  const answer = askFirewall(cloud, firewall, from.address, {
    host: formatAddress(to.address),
    address: to.address,
    protocol: 'tcp',
    port,
    request: null,
  });
  if (answer.kind === 'denied') return { kind: 'lost', why: `${told}: ${answer.why}` };
  const subnetId = firewall.ipConfigurations.find(({ subnet }) => subnet !== null)?.subnet?.id;
  const own = subnetId === undefined ? null : findSubnet(cloud, subnetId);
  if (own === null) return { kind: 'lost', why: `${told}, which is in no subnet` };
  for (const target of [to.address, from.address]) {
    const onwards = stepTo(cloud, own, target);
    if (onwards.kind === 'lost') return { kind: 'lost', why: `${told}, from where ${onwards.why}` };
    if (onwards.kind !== 'direct')
      return { kind: 'unknown', why: `${told}, from where another device follows` };
  }
  return answer.kind === 'unknown'
    ? { kind: 'unknown', why: `what a rule of firewall ${firewall.name} names is not known` }
    : null;
}

export interface HeldInterface {
  readonly nic: NetworkInterface;
  readonly configuration: IpConfiguration;
}

/** Returns the NIC of a machine with an address of a VNet; null if nobody or something else has the address. */
export function interfaceAt(cloud: Cloud, network: VirtualNetwork, at: string): HeldInterface | null {
  for (const nic of listResources(cloud, 'Microsoft.Network/networkInterfaces')) {
    const configuration = nic.ipConfigurations.find(
      (each) =>
        each.privateIPAddress === at &&
        each.subnet.id.toLowerCase().startsWith(`${network.id.toLowerCase()}/`),
    );
    if (configuration !== undefined) return { nic, configuration };
  }
  return null;
}
