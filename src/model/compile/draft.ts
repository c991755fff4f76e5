/** A network under construction: hosts and the segments between their interfaces. */
import type { Address } from '../ip/address.ts';
import type {
  Host,
  HostId,
  HostRole,
  Interface,
  InterfaceName,
  Network,
  Route,
  RouteTable,
  Segment,
  SegmentId,
} from '../network/network.ts';

/** What Azure's fabric answers to every ARP request of a NIC. */
export const FABRIC_MAC = '12:34:56:78:9a:bc';

/** Of hosts whose MAC nobody here ever sees; from the range that RFC 7042 keeps for documentation. */
export const OUTSIDE_MAC = '00:00:5e:00:53:01';

export const MAIN = 'main';

type Member = Segment['members'][number];

export interface Draft {
  readonly hosts: Map<HostId, Host>;
  readonly segments: Map<SegmentId, Segment>;
}

export function newDraft(): Draft {
  return { hosts: new Map(), segments: new Map() };
}

export function finish(draft: Draft): Network {
  return { hosts: draft.hosts, segments: draft.segments };
}

/** Adds a cable between two interfaces and returns its id. */
export function addCable(draft: Draft, id: SegmentId, one: Member, other: Member): SegmentId {
  draft.segments.set(id, { id, bridgedBy: null, members: [one, other] });
  return id;
}

/** Adds a member to a segment, which is made on first use. */
export function joinSegment(draft: Draft, id: SegmentId, member: Member): SegmentId {
  const segment = draft.segments.get(id);
  draft.segments.set(id, {
    id,
    bridgedBy: segment?.bridgedBy ?? null,
    members: [...(segment?.members ?? []), member],
  });
  return id;
}

/** An interface that answers ARP for everyone, as gateways and fabrics do. */
export function gatewayInterface(
  name: InterfaceName,
  segment: SegmentId,
  addresses: Interface['addresses'] = [],
): Interface {
  return { name, mac: FABRIC_MAC, segment, addresses, proxyArp: true };
}

export function hostAddress(address: Address): Interface['addresses'][number] {
  return { address, length: 32 };
}

export const NO_TABLES: ReadonlyMap<InterfaceName, string> = new Map();
export const NOTHING_ATTACHED: Host['attached'] = new Map();

/** Returns a host that lacks everything but what is given. */
export function host(
  id: HostId,
  role: HostRole,
  forwarding: Host['forwarding'],
  parts: Partial<Omit<Host, 'id' | 'role' | 'forwarding'>>,
): Host {
  return {
    id,
    role,
    forwarding,
    interfaces: [],
    tableOfInterface: NO_TABLES,
    tables: NO_ROUTES,
    attached: NOTHING_ATTACHED,
    chains: [],
    translations: [],
    listeners: [],
    unknown: null,
    ...parts,
  };
}

export function table(
  name: string,
  routes: readonly Route[],
  superseded: RouteTable['superseded'] = [],
): RouteTable {
  return { name, routes, superseded };
}

export function mainTable(routes: readonly Route[]): ReadonlyMap<string, RouteTable> {
  return new Map([[MAIN, table(MAIN, routes)]]);
}

const NO_ROUTES: Host['tables'] = mainTable([]);
