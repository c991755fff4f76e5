/**
 * What is behind the gateway of each VNet: networks whose private connection is simply there, as a
 * scenario says, and tunnels to the devices of sites, as VPN connections say.
 */
import type { ArmKey } from '../azure/resources.ts';
import { listResources } from '../azure/resource-store.ts';
import { isGatewaySubnet } from '../azure/gateway-subnet.ts';
import { gatewayOf } from '../azure/virtual-network-gateway-presence.ts';
import { connectionsOf } from '../azure/vpn-connection.ts';
import { hostsBehind, routesOfGateway, tunnelState } from '../azure/vpn-connection-routes.ts';
import type { TunnelState } from '../azure/vpn-connection-routes.ts';
import type { InputChain, OutsideHost } from '../cloud.ts';
import type { Address } from '../ip/address.ts';
import { formatPrefix, prefixContains, samePrefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { HostId } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import type { Inventory, NetworkPart } from './inventory.ts';

type SiteHost = Extract<OutsideHost, { kind: 'on-premises' }>;

/** One address space on the far side, with its hosts. */
export interface OnPremisesSite {
  readonly prefix: Prefix;
  /** What its routers announce besides that. */
  readonly announces: readonly Prefix[];
  readonly hosts: readonly OnPremisesHost[];
}

export interface OnPremisesHost {
  readonly id: HostId;
  readonly address: Address;
  readonly ports: readonly number[];
  /** What its routers send to Azure by static routes. */
  readonly routesToAzure: readonly Prefix[];
  readonly inputChain: InputChain | null;
  readonly programs: 'known' | 'assumed';
}

/** A VPN connection. */
export interface TunnelPart {
  readonly name: string;
  readonly device: string;
  readonly state: TunnelState;
  /** What the gateway sends into it. */
  readonly routes: readonly Prefix[];
  readonly sites: readonly OnPremisesSite[];
}

/** A gateway that is in a VNet. */
export interface GatewayPart {
  /** Behind private connections that are no resources. */
  readonly sites: readonly OnPremisesSite[];
  readonly tunnels: readonly TunnelPart[];
  /** What it announces to the VNet, each once. */
  readonly learned: readonly Prefix[];
  /** Why nobody can say whether it works; null if it does. */
  readonly defect: string | null;
}

export interface OnPremises {
  readonly gateways: ReadonlyMap<ArmKey, GatewayPart>;
  /** Networks that nothing connects with Azure. */
  readonly unconnected: readonly OnPremisesSite[];
}

/** Returns the gateways by the keys of their VNets, with what is behind them. */
export function onPremisesOf(inventory: Inventory, report: Report): OnPremises {
  const privateSites = new Map<ArmKey, SiteHost[]>();
  const unconnected: SiteHost[] = [];
  const devices = new Set(
    listResources(inventory.cloud, 'Microsoft.Network/connections').flatMap((connection) =>
      hostsBehind(inventory.cloud, connection).map(({ name }) => name),
    ),
  );
  for (const each of inventory.cloud.outsideHosts) {
    if (each.kind !== 'on-premises' || !readable(inventory, each, report)) continue;
    if (each.vpnDevice !== undefined) {
      if (devices.has(each.name)) continue;
      report(
        `host ${each.name}`,
        `is not connected: no VPN connection leads to its device ${each.vpnDevice}`,
      );
      unconnected.push(each);
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
      unconnected.push(each);
      continue;
    }
    const list = privateSites.get(network.key) ?? [];
    privateSites.set(network.key, list);
    list.push(each);
  }
  const gateways = new Map<ArmKey, GatewayPart>();
  for (const network of inventory.networks) {
    const part = gatewayPart(inventory, network, privateSites.get(network.key) ?? []);
    if (part !== null) gateways.set(network.key, part);
  }
  return { gateways, unconnected: sitesOf(inventory, unconnected) };
}

function gatewayPart(
  inventory: Inventory,
  network: NetworkPart,
  hosts: readonly SiteHost[],
): GatewayPart | null {
  const { cloud, text } = inventory;
  const gateway = gatewayOf(cloud, network.virtualNetwork);
  if (gateway === null && hosts.length === 0) return null;
  const sites = sitesOf(inventory, hosts);
  const routes = gateway === null ? [] : routesOfGateway(cloud, gateway);
  const tunnels = (gateway === null ? [] : connectionsOf(cloud, gateway)).map((connection): TunnelPart => {
    const behind = hostsBehind(cloud, connection);
    return {
      name: connection.name,
      device: behind[0]?.vpnDevice ?? '',
      state: tunnelState(cloud, connection),
      routes: text.prefixes(
        routes.filter((route) => route.connection === connection).map(({ prefix }) => prefix),
      ),
      sites: sitesOf(inventory, behind),
    };
  });
  return {
    sites,
    tunnels,
    learned: uniquePrefixes([
      ...sites.flatMap(({ prefix, announces }) => [prefix, ...announces]),
      ...tunnels.flatMap((tunnel) => tunnel.routes),
    ]),
    defect: defectOf(network),
  };
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, on GatewaySubnet (2023-12-13). */
function defectOf(network: NetworkPart): string | null {
  const table = network.subnets.find(({ name }) => isGatewaySubnet(name))?.routeTable ?? null;
  if (table === null) return null;
  if (table.disableBgpRoutePropagation) {
    return `route table ${table.name} on GatewaySubnet disables the propagation of gateway routes, and "the gateway will not function with this setting disabled"`;
  }
  return table.routes.some(({ addressPrefix }) => addressPrefix === '0.0.0.0/0')
    ? `route table ${table.name} on GatewaySubnet has a route for 0.0.0.0/0, which can keep a gateway from functioning`
    : null;
}

function readable({ text }: Inventory, each: SiteHost, report: Report): boolean {
  const announced = text.prefix(each.prefix);
  const own = text.address(each.address);
  if (announced === null || own === null) {
    report(
      `host ${each.name}`,
      `has an address or prefix that cannot be read: ${each.address} in ${each.prefix}`,
    );
    return false;
  }
  if (!prefixContains(announced, own)) {
    report(
      `host ${each.name}`,
      `has the address ${each.address}, outside the announced prefix ${each.prefix}`,
    );
  }
  return true;
}

/** Hosts that can be read, by their address spaces. */
function sitesOf({ text }: Inventory, hosts: readonly SiteHost[]): readonly OnPremisesSite[] {
  const sites: { prefix: Prefix; announces: Prefix[]; hosts: OnPremisesHost[] }[] = [];
  for (const each of hosts) {
    const prefix = text.prefix(each.prefix);
    const address = text.address(each.address);
    if (prefix === null || address === null) continue;
    let site = sites.find((one) => samePrefix(one.prefix, prefix));
    if (site === undefined) sites.push((site = { prefix, announces: [], hosts: [] }));
    site.announces.push(...text.prefixes(each.announces ?? []));
    site.hosts.push({
      id: `host/${each.name}`,
      address,
      ports: each.ports,
      routesToAzure: text.prefixes(each.routesToAzure ?? []),
      inputChain: each.inputChain ?? null,
      programs: each.programs ?? 'known',
    });
  }
  return sites;
}

function networkOf(inventory: Inventory, outside: SiteHost): NetworkPart | null {
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

/** Returns each prefix once, in order. */
export function uniquePrefixes(prefixes: readonly Prefix[]): readonly Prefix[] {
  return [...new Map(prefixes.map((each) => [formatPrefix(each), each])).values()];
}
