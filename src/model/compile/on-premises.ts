/** The gateway of a VNet on the wire: its cable to the fabric, and those to networks on-premises. */
import type { ArmKey } from '../azure/resources.ts';
import { address, addressPlus, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { formatPrefix, hostPrefix, prefixContains, prefixCovers, prefixesOverlap } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { HostId, Interface, InterfaceName, Route, RouteTarget } from '../network/network.ts';
import { gatewayInterface, host, hostAddress, joinSegment, mainTable, OUTSIDE_MAC } from './draft.ts';
import type { Draft } from './draft.ts';
import { fabricId, GATEWAY_INTERFACE } from './fabric-interfaces.ts';
import type { FabricUplink } from './fabric.ts';
import type { NetworkPart } from './inventory.ts';
import { farHost, INTERNET_OF_A_SITE } from './on-premises-host.ts';
import type { WayToAzure } from './on-premises-host.ts';
import { uniquePrefixes } from './on-premises-site.ts';
import type { GatewayPart, OnPremises, OnPremisesSite, TunnelPart } from './on-premises-site.ts';
import { gatewayPeer, gatewayUsers, peeringInterface, remoteGatewayInterface } from './peering.ts';

/**
 * What an on-premises router is called by its own hosts: an address that no VNet can use, and not the one
 * that pods of Azure CNI call their gateway, which readers are told nobody has. Where tunnels of several
 * VNets lead to one site, each has the next address.
 */
const FAR_ROUTER = address('169.254.200.1');
const TO_VNET = 'vnet';

/** A gateway that a VNet sends to, and what it announces to the VNet. */
export interface GatewayInUse {
  readonly learned: readonly Prefix[];
  readonly interface: InterfaceName;
  /** Where a user-defined route to the gateway leads: a peer's gateway gets these whatever their destination. */
  readonly forUserRoutes: InterfaceName;
  readonly towards: string;
}

/** Returns the VNet's own gateway, else that of a peer which it uses, else null. */
export function gatewayOfNetwork(
  network: NetworkPart,
  gateways: ReadonlyMap<ArmKey, GatewayPart>,
): GatewayInUse | null {
  const own = gateways.get(network.key);
  if (own !== undefined) {
    return {
      learned: own.learned,
      interface: GATEWAY_INTERFACE,
      forUserRoutes: GATEWAY_INTERFACE,
      towards: 'the virtual network gateway',
    };
  }
  const peer = gatewayPeer(network);
  const remote = peer === null ? undefined : gateways.get(peer.network.key);
  if (peer === null || remote === undefined) return null;
  return {
    learned: remote.learned,
    interface: peeringInterface(peer),
    forUserRoutes: remoteGatewayInterface(peer),
    towards: `the virtual network gateway of VNet ${peer.network.name}`,
  };
}

/** A network behind a VPN device, and the gateways with a tunnel to it. */
interface DeviceNetwork {
  readonly site: OnPremisesSite;
  readonly segment: string;
  readonly ways: WayToAzure[];
}

/** Networks behind VPN devices, by their segments, as the gateways are added one after the other. */
export type DeviceNetworks = Map<string, DeviceNetwork>;

/** Adds the gateway of a VNet and the sites behind it; returns the fabric's cable to it. */
export function addGateway(
  draft: Draft,
  network: NetworkPart,
  part: GatewayPart | undefined,
  devices: DeviceNetworks,
): readonly FabricUplink[] {
  if (part === undefined) return [];
  const { sites } = part;
  const id: HostId = `gateway/${network.name}`;
  const interfaces: Interface[] = [gatewayInterface(TO_VNET, `${fabricId(network)}/${GATEWAY_INTERFACE}`)];
  const plug = (name: InterfaceName, segment: string, router: Address): void => {
    joinSegment(draft, segment, { host: id, interface: name });
    const addresses = [hostAddress(router)];
    interfaces.push({ name, mac: OUTSIDE_MAC, segment, addresses, proxyArp: false });
  };
  const served = [network, ...gatewayUsers(network).map((each) => each.network)];
  const space = served.flatMap((each) => each.prefixes);
  const routes: Route[] = served.flatMap(({ name, prefixes }) =>
    prefixes.map((each) => route(each, TO_VNET, `address space of VNet ${name}`, `VNet ${network.name}`)),
  );
  const all = [...sites, ...part.tunnels.flatMap((tunnel) => tunnel.sites)];
  const more = all.flatMap((site) => site.hosts.flatMap((each) => each.routesToAzure));
  for (const each of uniquePrefixes(more)) {
    routes.push(
      route(each, TO_VNET, `what arrives from on-premises for ${formatPrefix(each)}`, `VNet ${network.name}`),
    );
  }
  sites.forEach((site, at) => {
    const name = `on-premises-${at}`;
    const segment = `on-premises/${network.name}/${formatPrefix(site.prefix)}`;
    plug(name, segment, FAR_ROUTER);
    routes.push(route(site.prefix, name, `private connection to ${formatPrefix(site.prefix)}`));
    for (const { address: own } of site.hosts) {
      if (!prefixContains(site.prefix, own))
        routes.push(route(hostPrefix(own), name, `private connection to ${formatAddress(own)}`));
    }
    for (const each of uniquePrefixes(site.announces)) {
      routes.push({
        ...route(each, name, `announced by the site ${formatPrefix(site.prefix)}: ${formatPrefix(each)}`),
        target: { kind: 'undetermined', reason: beyond(each, `the site ${formatPrefix(site.prefix)}`) },
      });
    }
    for (const each of site.hosts) {
      joinSegment(draft, segment, { host: each.id, interface: 'eth0' });
      draft.hosts.set(
        each.id,
        farHost(each, segment, site.prefix, [{ router: FAR_ROUTER, addressSpace: space }]),
      );
    }
  });
  const cables = new Map<OnPremisesSite, InterfaceName>();
  for (const tunnel of part.tunnels) {
    for (const site of tunnel.sites) {
      const name = `vpn-${cables.size}`;
      const segment = `on-premises/${tunnel.device}/${formatPrefix(site.prefix)}`;
      const behind = devices.get(segment) ?? { site, segment, ways: [] };
      devices.set(segment, behind);
      if (tunnel.state.status !== 'Connected') continue;
      const router = addressPlus(FAR_ROUTER, behind.ways.length) ?? FAR_ROUTER;
      behind.ways.push({ router, addressSpace: space });
      plug(name, segment, router);
      cables.set(site, name);
    }
  }
  routes.push(...tunnelRoutes(part.tunnels, cables, routes));
  const defect = part.defect;
  const table = defect === null ? routes : routes.map((each) => ({ ...each, target: unknown(defect) }));
  draft.hosts.set(
    id,
    host(id, 'gateway', 'on', { timeToLive: 'kept', interfaces, tables: mainTable(table) }),
  );
  return [{ name: GATEWAY_INTERFACE, peer: { host: id, interface: TO_VNET } }];
}

/** Adds the hosts behind VPN devices, once every gateway with a tunnel to them is there. */
export function addDeviceHosts(draft: Draft, devices: DeviceNetworks): void {
  for (const { site, segment, ways } of devices.values()) {
    for (const each of site.hosts) {
      joinSegment(draft, segment, { host: each.id, interface: 'eth0' });
      draft.hosts.set(each.id, farHost(each, segment, site.prefix, ways));
    }
  }
}

/** Adds hosts whose connection leads nowhere, so that they can be named and the trace says why. */
export function addUnconnectedHosts(draft: Draft, { unconnected }: OnPremises): void {
  for (const site of unconnected) {
    for (const each of site.hosts) {
      const segment = `on-premises/unconnected/${formatPrefix(site.prefix)}`;
      joinSegment(draft, segment, { host: each.id, interface: 'eth0' });
      draft.hosts.set(each.id, farHost(each, segment, site.prefix, []));
    }
  }
}

/**
 * What a gateway does with each range that its tunnels have. Where several have the same one, a tunnel
 * that stands comes first; what the VNets themselves have is never sent out.
 */
function tunnelRoutes(
  tunnels: readonly TunnelPart[],
  cables: ReadonlyMap<OnPremisesSite, InterfaceName>,
  taken: readonly Route[],
): readonly Route[] {
  const found = new Map<string, Route>();
  const known = new Set(taken.map(({ prefix }) => formatPrefix(prefix)));
  const add = (prefix: Prefix, target: RouteTarget, by: string): void => {
    const key = formatPrefix(prefix);
    if (known.has(key) || found.has(key)) return;
    found.set(key, { prefix, target, metric: 0, preferredSource: null, by });
  };
  const rank = { Connected: 0, Unknown: 1, NotConnected: 2 };
  for (const tunnel of [...tunnels].sort((a, b) => rank[a.state.status] - rank[b.state.status])) {
    const { name, state, sites } = tunnel;
    const by = (prefix: Prefix): string => `connection ${name} to ${formatPrefix(prefix)}`;
    for (const range of tunnel.routes) {
      switch (state.status) {
        case 'Connected': {
          for (const site of sites) {
            const cable = cables.get(site);
            if (cable === undefined || !prefixesOverlap(site.prefix, range)) continue;
            const both = prefixCovers(site.prefix, range) ? range : site.prefix;
            add(both, { kind: 'connected', interface: cable }, by(both));
          }
          add(range, unknown(beyond(range, `VPN device ${tunnel.device}`)), by(range));
          break;
        }
        case 'Unknown':
          add(
            range,
            unknown(`whether connection ${name} stands cannot be said, since ${state.why ?? ''}`),
            by(range),
          );
          break;
        case 'NotConnected':
          add(range, { kind: 'drop' }, `${by(range)} (NotConnected, since ${state.why ?? ''})`);
      }
    }
  }
  return [...found.values()];
}

function unknown(reason: string): RouteTarget {
  return { kind: 'undetermined', reason };
}

function beyond(range: Prefix, where: string): string {
  return range.length === 0
    ? INTERNET_OF_A_SITE
    : `the simulation has no network in ${formatPrefix(range)} behind ${where}`;
}

function route(at: Prefix, interfaceName: string, by: string, towards?: string): Route {
  return {
    prefix: at,
    target: { kind: 'connected', interface: interfaceName, ...(towards === undefined ? {} : { towards }) },
    metric: 0,
    preferredSource: null,
    by,
  };
}
