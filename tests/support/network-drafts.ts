/** Short words for hand-built neutral networks. */
import { address } from '../../src/model/ip/address.ts';
import { formatPrefix, prefix } from '../../src/model/ip/prefix.ts';
import type { Prefix } from '../../src/model/ip/prefix.ts';
import type {
  Host,
  HostId,
  HostRole,
  Interface,
  Listener,
  Network,
  Protocol,
  Route,
  RouteTarget,
  Segment,
  SegmentId,
} from '../../src/model/network/network.ts';
import type { Flow } from '../../src/model/trace/trace.ts';

/** Returns a host that lacks everything but what is given. */
export function host(id: HostId, role: HostRole, parts: Partial<Omit<Host, 'id' | 'role'>>): Host {
  return {
    id,
    role,
    forwarding: 'off',
    interfaces: [],
    tableOfInterface: new Map(),
    tables: new Map(),
    attached: new Map(),
    chains: [],
    translations: [],
    listeners: [],
    unknown: null,
    ...parts,
  };
}

/** Returns an interface with one address, written `10.0.0.4/24`, or with none. */
export function face(
  name: string,
  segment: SegmentId,
  at: string | null,
  proxyArp: 'proxies' | 'own' = 'own',
): Interface {
  const [text = '', length = '32'] = (at ?? '').split('/');
  return {
    name,
    mac: stableMac(`${segment} ${name} ${at ?? ''}`),
    segment,
    addresses: at === null ? [] : [{ address: address(text), length: Number(length) }],
    proxyArp: proxyArp === 'proxies',
  };
}

export function route(to: string | Prefix, target: RouteTarget, by?: string, metric = 0): Route {
  const at = typeof to === 'string' ? prefix(to) : to;
  return { prefix: at, target, metric, preferredSource: null, by: by ?? `route ${formatPrefix(at)}` };
}

export function connected(to: string | Prefix, device: string): Route {
  const text = typeof to === 'string' ? to : formatPrefix(to);
  return route(to, { kind: 'connected', interface: device }, `${text} dev ${device} scope link`);
}

export function gateway(to: string, via: string, device: string): Route {
  const by = `${to === '0.0.0.0/0' ? 'default' : to} via ${via} dev ${device}`;
  return route(to, { kind: 'gateway', via: address(via), interface: device }, by);
}

export function mainTable(...routes: readonly Route[]): Host['tables'] {
  return new Map([['main', { name: 'main', routes, superseded: [] }]]);
}

export function listener(port: number, protocol: 'tcp' | 'udp' = 'tcp', program = 'server'): Listener {
  return { protocol, port, address: null, program };
}

/** Puts hosts on the segments that their interfaces name; `bridges` says which of these are bridges. */
export function network(
  hosts: readonly Host[],
  bridges: Readonly<Record<SegmentId, { readonly host: HostId; readonly device: string }>> = {},
): Network {
  const members = new Map<SegmentId, { host: HostId; interface: string }[]>();
  for (const each of hosts) {
    for (const { segment, name } of each.interfaces) {
      const list = members.get(segment);
      if (list === undefined) members.set(segment, [{ host: each.id, interface: name }]);
      else list.push({ host: each.id, interface: name });
    }
  }
  const segments = new Map<SegmentId, Segment>();
  for (const [id, list] of members) segments.set(id, { id, bridgedBy: bridges[id] ?? null, members: list });
  return { hosts: new Map(hosts.map((each) => [each.id, each])), segments };
}

export function flow(from: HostId, to: string, protocol: Protocol = 'tcp', port = 80): Flow {
  return {
    from,
    protocol,
    source: { address: null, port: null },
    destination: { address: address(to), port: protocol === 'icmp' ? null : port },
  };
}

/** Returns the same locally administered MAC for the same text. */
export function stableMac(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  const hex = hash.toString(16).padStart(8, '0');
  return `02:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}`;
}
