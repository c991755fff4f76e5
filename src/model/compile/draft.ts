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

import { PartedMap } from '../network/parted-map.ts';

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

/** A draft of which some hosts are drawn later. */
export interface GrowingDraft extends Draft {
  readonly deferred: Map<HostId, (draft: Draft) => void>;
}

export function newDraft(): GrowingDraft {
  return { hosts: new Map(), segments: new Map(), deferred: new Map() };
}

/**
 * Has a host, and those inside it, drawn when somebody first asks for one of them: a node with its
 * pods, say. The segments that `build` adds are named `HOST/…`.
 */
export function defer(draft: GrowingDraft, id: HostId, build: (draft: Draft) => void): void {
  draft.deferred.set(id, build);
}

/** Returns the network; `holderOf` says inside which deferred host another host is, if it is in any. */
export function finish(draft: GrowingDraft, holderOf: (id: HostId) => HostId | null): Network {
  const groups = new Map(Array.from(draft.deferred, ([id, build]) => [id, new DeferredGroup(build)]));
  const hosts = new Map(Array.from(groups, ([id, group]) => [id, { entries: () => group.drawn.hosts }]));
  const segments = new Map(
    Array.from(groups, ([id, group]) => [id, { entries: () => group.drawn.segments }]),
  );
  return {
    hosts: new PartedMap(draft.hosts, [...hosts.values()], (id) => {
      return hosts.get(id) ?? hosts.get(holderOf(id) ?? '') ?? null;
    }),
    segments: new PartedMap(draft.segments, [...segments.values()], (id) => {
      return segments.get(id.slice(0, Math.max(0, id.lastIndexOf('/')))) ?? null;
    }),
  };
}

class DeferredGroup {
  readonly #build: (draft: Draft) => void;
  #drawn: Draft | null = null;

  constructor(build: (draft: Draft) => void) {
    this.#build = build;
  }

  get drawn(): Draft {
    if (this.#drawn === null) {
      this.#drawn = { hosts: new Map(), segments: new Map() };
      this.#build(this.#drawn);
    }
    return this.#drawn;
  }
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
