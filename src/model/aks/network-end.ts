/** One end of a connection inside VNets: the subnet that it is in, and the security groups before it. */
import { azureTagContent, heldAddresses, PUBLIC } from '../azure/datacenter-addresses.ts';
import { applicationSecurityGroupMembers } from '../azure/application-security-group-members.ts';
import { getResource, sameId } from '../azure/resource-store.ts';
import type { Route, Subnet, SubResource, VirtualNetwork } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { noAddress, setIsEmpty, setOf, setOfAddresses, setSubtract } from '../ip/address-set.ts';
import { address, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { parsePrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { AZURE_PLATFORM_ADDRESSES } from '../limits/azure-network.ts';
import { evaluateGroups } from '../nsg/evaluate.ts';
import type { PlacedGroup } from '../nsg/evaluate.ts';
import type { AddressNames, NamedAddresses } from '../nsg/rule-traffic.ts';

const GROUP = 'Microsoft.Network/networkSecurityGroups';
const WIRE_SERVER = address(AZURE_PLATFORM_ADDRESSES.value.wireServer);
const METADATA = address(AZURE_PLATFORM_ADDRESSES.value.instanceMetadata);
/** Programs take a port of their own for each connection; no rule of this course asks for it. */
const SOURCE_PORT = 40_000;

export interface NetworkEnd {
  readonly virtualNetwork: VirtualNetwork;
  readonly subnet: Subnet;
  readonly address: Address;
  readonly groups: readonly PlacedGroup[];
}

/** Returns an end in a subnet; `group` is the security group of its NIC. */
export function networkEnd(
  cloud: Cloud,
  place: Pick<NetworkEnd, 'virtualNetwork' | 'subnet'>,
  at: Address,
  group: SubResource | null,
): NetworkEnd {
  return {
    virtualNetwork: place.virtualNetwork,
    subnet: place.subnet,
    address: at,
    groups: [
      ...placedGroup(cloud, place.subnet.networkSecurityGroup, 'subnet'),
      ...placedGroup(cloud, group, 'nic'),
    ],
  };
}

function placedGroup(
  cloud: Cloud,
  at: SubResource | null,
  place: PlacedGroup['place'],
): readonly PlacedGroup[] {
  const found = at === null ? null : getResource(cloud, at.id, GROUP);
  if (found === null) return [];
  return [{ name: found.name, place, rules: [...found.securityRules, ...found.defaultSecurityRules] }];
}

/** A peering of a VNet whose both sides are Connected, and the address space that it was synchronised with. */
export interface Peer {
  readonly network: VirtualNetwork;
  readonly prefixes: readonly Prefix[];
  readonly reach: 'same-region' | 'global';
  readonly allowsAccess: boolean;
}

/** Returns the peers that a VNet exchanges packets with. */
export function connectedPeers(cloud: Cloud, network: VirtualNetwork): readonly Peer[] {
  return network.virtualNetworkPeerings.flatMap((peering): Peer[] => {
    const remote = getResource(cloud, peering.remoteVirtualNetwork.id, 'Microsoft.Network/virtualNetworks');
    const back = remote?.virtualNetworkPeerings.find((each) =>
      sameId(each.remoteVirtualNetwork.id, network.id),
    );
    if (remote === null || peering.peeringState !== 'Connected' || back?.peeringState !== 'Connected')
      return [];
    return [
      {
        network: remote,
        prefixes: peering.remoteAddressSpace.addressPrefixes.map((each) => prefix(each)),
        reach: remote.location === network.location ? 'same-region' : 'global',
        allowsAccess: peering.allowVirtualNetworkAccess,
      },
    ];
  });
}

/** Returns the routes of a subnet's route table. */
export function userRoutes(cloud: Cloud, subnet: Subnet): readonly Route[] {
  if (subnet.routeTable === null) return [];
  return getResource(cloud, subnet.routeTable.id, 'Microsoft.Network/routeTables')?.routes ?? [];
}

/** What the security groups of an end say: the group and rule that deny, or that nobody knows. */
export type GroupAnswer =
  | { readonly kind: 'allow' | 'unknown' }
  /** A clause that names rule and group. */
  | { readonly kind: 'deny'; readonly why: string };

/** Returns what the security groups of an end say to the first packet of a TCP connection. */
export function askGroups(
  cloud: Cloud,
  end: NetworkEnd,
  direction: 'Inbound' | 'Outbound',
  other: { readonly address: Address; readonly port: number },
): GroupAnswer {
  if (end.groups.length === 0) return { kind: 'allow' };
  const [source, destination] =
    direction === 'Outbound' ? [end.address, other.address] : [other.address, end.address];
  const verdict = evaluateGroups(
    end.groups,
    direction,
    { protocol: 'Tcp', source, destination, sourcePort: SOURCE_PORT, destinationPort: other.port },
    namesAt(cloud, end),
  );
  switch (verdict.access) {
    case 'Allow':
      return { kind: 'allow' };
    case 'undetermined':
      return { kind: 'unknown' };
    case 'Deny': {
      const denying = verdict.groups.find((each) => each.verdict?.access === 'Deny');
      const rule = denying?.verdict?.rule;
      const what =
        rule === undefined || rule === null ? 'a rule' : `rule ${rule.name} (priority ${rule.priority})`;
      return {
        kind: 'deny',
        why: `${what} of network security group ${denying?.group.name ?? ''} denies ${formatAddress(source)} to ${formatAddress(destination)} on port ${other.port}`,
      };
    }
  }
}

/** What service tags and application security groups hold, seen from an end that is no pod. */
function namesAt(cloud: Cloud, end: NetworkEnd): AddressNames {
  const own = end.virtualNetwork.addressSpace.addressPrefixes.map((each) => prefix(each));
  const peers = connectedPeers(cloud, end.virtualNetwork);
  const near = setOf(...own, ...peers.filter((each) => each.allowsAccess).flatMap((each) => each.prefixes));
  const routed = userRoutes(cloud, end.subnet).flatMap((route) => {
    const range = parsePrefix(route.addressPrefix);
    return range.ok && route.nextHopType !== 'Internet' ? [range.value] : [];
  });
  const certain = (set: typeof near): NamedAddresses => ({ certain: set, maybe: noAddress });
  const tag = (name: string): NamedAddresses => {
    switch (name.toLowerCase()) {
      case 'virtualnetwork':
        return certain(
          setOf(
            ...own,
            ...peers.filter((each) => each.allowsAccess).flatMap((each) => each.prefixes),
            ...routed,
            prefix(`${formatAddress(WIRE_SERVER)}/32`),
          ),
        );
      case 'internet':
        return certain(setSubtract(PUBLIC, near));
      case 'azureloadbalancer':
        return certain(setOfAddresses([WIRE_SERVER]));
      case 'azureplatformdns':
        return { ...certain(setOfAddresses([WIRE_SERVER])), ports: [53] };
      case 'azureplatformimds':
        return certain(setOfAddresses([METADATA]));
      case 'azureplatformlkm':
        return certain(noAddress);
      default: {
        const content = azureTagContent(name, heldAddresses(cloud));
        const isKnown = !setIsEmpty(content.certain) || /^azurecloud/i.test(name);
        return isKnown
          ? { certain: content.certain, maybe: content.maybe }
          : { certain: noAddress, maybe: content.maybe };
      }
    }
  };
  return {
    tag,
    applicationSecurityGroup: (id) =>
      certain(
        setOfAddresses(
          applicationSecurityGroupMembers(cloud, id).map(({ privateIPAddress }) => address(privateIPAddress)),
        ),
      ),
  };
}
