import { addressKey } from '../ip/address.ts';
import type { Address, AddressKey } from '../ip/address.ts';
import type { Host, Interface, Network, SegmentId } from './network.ts';

/** A host's interface on a segment. */
export interface Neighbour {
  readonly host: Host;
  readonly interface: Interface;
}

interface SegmentIndex {
  readonly members: readonly Neighbour[];
  readonly byAddress: ReadonlyMap<AddressKey, Neighbour>;
  /** Members that answer for every address. */
  readonly proxies: readonly Neighbour[];
}

const indexes = new WeakMap<Network, Map<SegmentId, SegmentIndex>>();

/**
 * Returns who answers when `asking` sends an ARP request for an address: the member that has it,
 * on whichever of its interfaces (Linux answers for all of them), else a proxy; null if nobody.
 */
export function findNeighbour(
  network: Network,
  segment: SegmentId,
  asking: Host,
  address: Address,
): Neighbour | null {
  const index = indexSegment(network, segment);
  const owner = index.byAddress.get(addressKey(address));
  if (owner !== undefined && owner.host !== asking) return owner;
  return index.proxies.find((proxy) => proxy.host !== asking) ?? null;
}

/** Returns who is at the other end of a cable; null if nobody is, or the segment is no cable. */
export function farEnd(network: Network, segment: SegmentId, near: Host): Neighbour | null {
  const { members } = indexSegment(network, segment);
  const others = members.filter((member) => member.host !== near);
  const [only] = others;
  return others.length === 1 && only !== undefined ? only : null;
}

function indexSegment(network: Network, id: SegmentId): SegmentIndex {
  let ofNetwork = indexes.get(network);
  if (ofNetwork === undefined) {
    ofNetwork = new Map();
    indexes.set(network, ofNetwork);
  }
  const known = ofNetwork.get(id);
  if (known !== undefined) return known;

  const segment = network.segments.get(id);
  if (segment === undefined) throw new Error(`no segment ${id}`);
  const members = segment.members.map((member): Neighbour => {
    const host = network.hosts.get(member.host);
    const face = host?.interfaces.find((candidate) => candidate.name === member.interface);
    if (host === undefined || face === undefined) {
      throw new Error(`segment ${id} has a member that does not exist: ${member.host} ${member.interface}`);
    }
    return { host, interface: face };
  });
  const byAddress = new Map<AddressKey, Neighbour>();
  const add = (neighbour: Neighbour, faces: readonly Interface[]): void => {
    for (const { addresses } of faces) {
      for (const { address } of addresses) {
        const key = addressKey(address);
        if (!byAddress.has(key)) byAddress.set(key, neighbour);
      }
    }
  };
  for (const member of members) add(member, [member.interface]);
  for (const member of members) add(member, member.host.interfaces);
  const index = { members, byAddress, proxies: members.filter((member) => member.interface.proxyArp) };
  ofNetwork.set(id, index);
  return index;
}
