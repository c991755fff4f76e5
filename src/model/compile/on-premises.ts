/** Networks behind a private connection: the VNet's gateway and the hosts on its far side. */
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import type { InputChain, OutsideHost } from '../cloud.ts';
import { address, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { setToPrefixes } from '../ip/address-set.ts';
import { formatPrefix, hostPrefix, prefixContains, samePrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { HostId, Interface, InterfaceName, Route } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { gatewayInterface, host, hostAddress, joinSegment, mainTable, OUTSIDE_MAC } from './draft.ts';
import type { Draft } from './draft.ts';
import { fabricId, GATEWAY_INTERFACE } from './fabric-interfaces.ts';
import type { FabricUplink } from './fabric.ts';
import type { Inventory, NetworkPart } from './inventory.ts';
import { inputFilter } from './input-chain.ts';
import { outsideListeners } from './internet.ts';
import { ASSUMED_PROGRAM } from './pod-listeners.ts';
import { gatewayPeer, gatewayUsers, peeringInterface } from './peering.ts';

/** One address space on the far side, with its hosts. */
export interface OnPremisesSite {
  readonly prefix: Prefix;
  readonly hosts: readonly {
    readonly id: HostId;
    readonly address: Address;
    readonly ports: readonly number[];
    /** What its routers send to Azure by static routes. */
    readonly routesToAzure: readonly Prefix[];
    readonly inputChain: InputChain | null;
    readonly programs: 'known' | 'assumed';
  }[];
}

/**
 * What an on-premises router is called by its own hosts: an address that no VNet can use, and not the one
 * that pods of Azure CNI call their gateway, which readers are told nobody has.
 */
const FAR_ROUTER = address('169.254.200.1');
const TO_VNET = 'vnet';

/** Returns the sites behind each VNet's gateway, by the VNet's key. */
export function sitesOf(
  inventory: Inventory,
  report: Report,
): ReadonlyMap<string, readonly OnPremisesSite[]> {
  const sites = new Map<string, { prefix: Prefix; hosts: OnPremisesSite['hosts'][number][] }[]>();
  for (const each of inventory.cloud.outsideHosts) {
    if (each.kind !== 'on-premises') continue;
    const announced = inventory.text.prefix(each.prefix);
    const own = inventory.text.address(each.address);
    if (announced === null || own === null) {
      report(
        `host ${each.name}`,
        `has an address or prefix that cannot be read: ${each.address} in ${each.prefix}`,
      );
      continue;
    }
    const network = networkOf(inventory, each);
    if (network === null) {
      report(
        `host ${each.name}`,
        each.virtualNetwork === '*'
          ? 'is not connected yet: its private connection ends in the VNet of a cluster, and there is no cluster'
          : `is not connected: there is no virtual network named ${each.virtualNetwork}`,
      );
    }
    if (!prefixContains(announced, own)) {
      report(
        `host ${each.name}`,
        `has the address ${each.address}, outside the announced prefix ${each.prefix}`,
      );
    }
    const key = network?.key ?? '';
    const list = sites.get(key) ?? [];
    sites.set(key, list);
    let site = list.find((one) => samePrefix(one.prefix, announced));
    if (site === undefined) list.push((site = { prefix: announced, hosts: [] }));
    site.hosts.push({
      id: `host/${each.name}`,
      address: own,
      ports: each.ports,
      routesToAzure: inventory.text.prefixes(each.routesToAzure ?? []),
      inputChain: each.inputChain ?? null,
      programs: each.programs ?? 'known',
    });
  }
  return sites;
}

function networkOf(
  inventory: Inventory,
  outside: Extract<OutsideHost, { kind: 'on-premises' }>,
): NetworkPart | null {
  const { networks } = inventory;
  if (outside.virtualNetwork !== '*') {
    const wanted = outside.virtualNetwork.toLowerCase();
    return (
      networks.find((each) => each.name.toLowerCase() === wanted) ??
      networks.find((each) => each.virtualNetwork.name.toLowerCase() === wanted) ??
      null
    );
  }
  return networks.find((each) => each.ports.some((port) => port.owner.kind === 'node')) ?? null;
}

/** A gateway that a VNet sends to, and what it announces to the VNet. */
export interface GatewayInUse {
  readonly learned: readonly Prefix[];
  readonly interface: InterfaceName;
  readonly towards: string;
}

/** Returns the VNet's own gateway, else that of a peer which it uses, else null. */
export function gatewayOfNetwork(
  network: NetworkPart,
  own: readonly OnPremisesSite[],
  sites: ReadonlyMap<string, readonly OnPremisesSite[]>,
): GatewayInUse | null {
  const prefixesOf = (list: readonly OnPremisesSite[]): readonly Prefix[] => list.map((each) => each.prefix);
  if (own.length > 0) {
    return { learned: prefixesOf(own), interface: GATEWAY_INTERFACE, towards: 'the virtual network gateway' };
  }
  const peer = gatewayPeer(network);
  const remote = peer === null ? [] : (sites.get(peer.network.key) ?? []);
  if (peer === null || remote.length === 0) return null;
  return {
    learned: prefixesOf(remote),
    interface: peeringInterface(peer),
    towards: `the virtual network gateway of VNet ${peer.network.name}`,
  };
}

/** Adds the gateway of a VNet and the sites behind it; returns the fabric's cable to it. */
export function addGateway(
  draft: Draft,
  network: NetworkPart,
  sites: readonly OnPremisesSite[],
): readonly FabricUplink[] {
  if (sites.length === 0) return [];
  const id: HostId = `gateway/${network.name}`;
  const interfaces: Interface[] = [gatewayInterface(TO_VNET, `${fabricId(network)}/${GATEWAY_INTERFACE}`)];
  const served = [network, ...gatewayUsers(network).map((each) => each.network)];
  const space = served.flatMap((each) => each.prefixes);
  const routes: Route[] = served.flatMap(({ name, prefixes }) =>
    prefixes.map((each) => route(each, TO_VNET, `address space of VNet ${name}`, `VNet ${network.name}`)),
  );
  const more = sites.flatMap((site) => site.hosts.flatMap((each) => each.routesToAzure));
  for (const each of uniquePrefixes(more)) {
    routes.push(
      route(each, TO_VNET, `what arrives from on-premises for ${formatPrefix(each)}`, `VNet ${network.name}`),
    );
  }
  sites.forEach((site, at) => {
    const name = `on-premises-${at}`;
    const segment = joinSegment(draft, `on-premises/${network.name}/${formatPrefix(site.prefix)}`, {
      host: id,
      interface: name,
    });
    interfaces.push({
      name,
      mac: OUTSIDE_MAC,
      segment,
      addresses: [hostAddress(FAR_ROUTER)],
      proxyArp: false,
    });
    routes.push(route(site.prefix, name, `private connection to ${formatPrefix(site.prefix)}`));
    for (const { address: own } of site.hosts) {
      if (!prefixContains(site.prefix, own))
        routes.push(route(hostPrefix(own), name, `private connection to ${formatAddress(own)}`));
    }
    for (const each of site.hosts) addHost(draft, each, segment, site.prefix, space);
  });
  draft.hosts.set(
    id,
    host(id, 'gateway', 'on', { timeToLive: 'kept', interfaces, tables: mainTable(routes) }),
  );
  return [{ name: GATEWAY_INTERFACE, peer: { host: id, interface: TO_VNET } }];
}

/** Adds hosts whose connection leads nowhere, so that they can be named and the trace says why. */
export function addUnconnectedHosts(draft: Draft, sites: readonly OnPremisesSite[]): void {
  for (const site of sites) {
    for (const each of site.hosts) {
      const segment = joinSegment(draft, `on-premises/unconnected/${formatPrefix(site.prefix)}`, {
        host: each.id,
        interface: 'eth0',
      });
      draft.hosts.set(each.id, farHost(each, segment, site.prefix, []));
    }
  }
}

function addHost(
  draft: Draft,
  each: OnPremisesSite['hosts'][number],
  segment: string,
  own: Prefix,
  addressSpace: readonly Prefix[],
): void {
  joinSegment(draft, segment, { host: each.id, interface: 'eth0' });
  draft.hosts.set(each.id, farHost(each, segment, own, addressSpace));
}

/**
 * An on-premises host knows its own network and what the gateway learns from Azure: the address space of
 * the VNet and of peers that use the gateway, never a pod range. That takes a static route of the site.
 */
function farHost(
  each: OnPremisesSite['hosts'][number],
  segment: string,
  own: Prefix,
  addressSpace: readonly Prefix[],
): ReturnType<typeof host> {
  return host(each.id, 'outside', 'off', {
    interfaces: [
      {
        name: 'eth0',
        mac: OUTSIDE_MAC,
        segment,
        addresses: [{ address: each.address, length: own.length }],
        proxyArp: false,
      },
    ],
    tables: mainTable([
      { ...route(own, 'eth0', `own network ${formatPrefix(own)}`), preferredSource: each.address },
      ...addressSpace.map((space): Route => ({
        prefix: space,
        target: { kind: 'gateway', via: FAR_ROUTER, interface: 'eth0' },
        metric: 0,
        preferredSource: each.address,
        by: `route to the VNet's address space ${formatPrefix(space)} through the private connection`,
      })),
      ...each.routesToAzure.map((wanted): Route => ({
        prefix: wanted,
        target: { kind: 'gateway', via: FAR_ROUTER, interface: 'eth0' },
        metric: 0,
        preferredSource: each.address,
        by: `static route of the site to ${formatPrefix(wanted)} through the private connection`,
      })),
      ...setToPrefixes(PUBLIC).map((somewhere): Route => ({
        prefix: somewhere,
        target: {
          kind: 'undetermined',
          reason: 'how an on-premises network reaches the internet is not simulated',
        },
        metric: 0,
        preferredSource: null,
        by: 'the rest of the on-premises network',
      })),
    ]),
    chains: each.inputChain === null ? [] : [inputFilter(each.inputChain)],
    listeners: outsideListeners(each.ports),
    ...(each.programs === 'assumed' ? { assumedProgram: ASSUMED_PROGRAM } : {}),
  });
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

function uniquePrefixes(prefixes: readonly Prefix[]): readonly Prefix[] {
  return [...new Map(prefixes.map((each) => [formatPrefix(each), each])).values()];
}
