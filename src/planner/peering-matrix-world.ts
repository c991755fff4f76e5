/** The cloud behind a peering matrix: made of short text or of pasted JSON, with one machine in each VNet. */
import { createResourceGroup } from '../model/azure/resource-group.ts';
import { resourceId } from '../model/azure/resource-store.ts';
import { createRoute, createRouteTable } from '../model/azure/route-table.ts';
import { createSubnet, updateSubnet } from '../model/azure/subnet.ts';
import { newCloud } from '../model/azure/subscription.ts';
import { createPeering } from '../model/azure/virtual-network-peering.ts';
import { createVirtualNetwork } from '../model/azure/virtual-network.ts';
import type { Cloud, OutsideHost } from '../model/cloud.ts';
import { addressPlus, formatAddress, parseAddress } from '../model/ip/address.ts';
import { firstAddress, formatPrefix, prefix, prefixAround, prefixesOverlap } from '../model/ip/prefix.ts';
import type { Prefix } from '../model/ip/prefix.ts';
import { addAppliance, addFirewall, GROUP, idOf } from './peering-matrix-forwarder.ts';
import { Builder, withMachines } from './peering-matrix-machines.ts';
import type { MatrixWorld } from './peering-matrix-machines.ts';
import type { MatrixText, VnetStatement } from './peering-matrix-text.ts';

const SUBNET = 'vms';
export const GATEWAY_SUBNET = 'GatewaySubnet';
/** Returns the cloud that a text describes. */
export function worldOfText(text: MatrixText): MatrixWorld {
  const hosts = sitesOf(text);
  const start = createResourceGroup(
    newCloud({
      seed: 'peering matrix',
      ...(hosts.length === 0 ? {} : { outsideHosts: hosts.map(({ host }) => host) }),
    }),
    { name: GROUP, location: 'westeurope' },
  );
  if (!start.ok) throw new Error(start.error.message);
  const builder = new Builder(start.value);
  for (const vnet of text.vnets) addVnet(builder, vnet);
  // A link that uses a gateway needs the other side's flag, so those come last.
  for (const link of [...text.links].sort(
    (a, b) => Number(a.flags.useRemoteGateways) - Number(b.flags.useRemoteGateways),
  )) {
    builder.do(
      `link ${link.from}->${link.to} (line ${link.line})`,
      createPeering(
        builder.cloud,
        { resourceGroup: GROUP, virtualNetwork: link.from, name: linkName(link.from, link.to) },
        idOf(builder.cloud, link.to),
        link.flags,
      ),
    );
  }
  addRoutes(builder, text);
  if (hosts.some(({ assumed }) => assumed)) {
    builder.assumptions.push(
      `Behind a gateway of which nothing is said: ${hosts
        .filter(({ assumed }) => assumed)
        .map(
          ({ host }) =>
            `${host.kind === 'on-premises' ? host.prefix : ''} on-premises of ${host.name.replace(/^on-premises-/, '')}`,
        )
        .join(', ')}.`,
    );
  }
  if (text.vnets.some(({ forwarder }) => forwarder?.kind === 'firewall')) {
    builder.assumptions.push(
      'Every firewall allows everything: what its rules deny is a matter of calc firewall-rules.',
    );
  }
  if (text.vnets.some(({ forwarder }) => forwarder?.kind === 'nva')) {
    builder.assumptions.push(
      'Every appliance (nva=) has IP forwarding on, in Azure and in its system, and filters nothing.',
    );
  }
  return withMachines(
    builder,
    hosts.map(({ host }) => ({
      end: `host/${host.name}`,
      label: host.name.replace(/^on-premises-/, 'on-premises of '),
    })),
  );
}

/** Returns a cloud that was read from elsewhere, with a machine in each of its VNets. */
export function worldOfCloud(cloud: Cloud): MatrixWorld {
  const sites = cloud.outsideHosts.flatMap((host) =>
    host.kind === 'on-premises' ? [{ end: `host/${host.name}`, label: host.name }] : [],
  );
  return withMachines(new Builder(cloud), sites);
}

export function linkName(from: string, to: string): string {
  return `${from}-to-${to}`;
}

function addVnet(builder: Builder, vnet: VnetStatement): void {
  const made = builder.do(
    `VNet ${vnet.name} (line ${vnet.line})`,
    createVirtualNetwork(builder.cloud, {
      resourceGroup: GROUP,
      name: vnet.name,
      ...(vnet.location === null ? {} : { location: vnet.location }),
      addressPrefixes: vnet.prefixes.map(formatPrefix),
    }),
  );
  if (!made) return;
  const at = (name: string) => ({ resourceGroup: GROUP, virtualNetwork: vnet.name, name });
  const taken: Prefix[] = [];
  const { forwarder } = vnet;
  if (forwarder !== null) {
    const address = parseAddress(forwarder.address);
    if (!address.ok) return;
    const range = prefixAround(address.value, forwarder.kind === 'firewall' ? 26 : 28);
    taken.push(range);
    const name = forwarder.kind === 'firewall' ? 'AzureFirewallSubnet' : 'nva';
    const subnet = builder.do(
      `${forwarder.kind} of ${vnet.name}`,
      createSubnet(builder.cloud, at(name), { addressPrefix: formatPrefix(range) }),
    );
    if (subnet && forwarder.kind === 'firewall') addFirewall(builder, vnet, forwarder.address, range);
    if (subnet && forwarder.kind === 'nva') addAppliance(builder, vnet, forwarder.address);
  }
  const range = freeRange(vnet.prefixes, taken, 24);
  if (range !== null) taken.push(range);
  const own = vnet.gateway === null ? null : freeRange(vnet.prefixes, taken, 27);
  if (own !== null)
    builder.do(
      `gateway of ${vnet.name}`,
      createSubnet(builder.cloud, at(GATEWAY_SUBNET), { addressPrefix: formatPrefix(own) }),
    );
  if (range !== null)
    builder.do(
      `subnet of ${vnet.name}`,
      createSubnet(builder.cloud, at(SUBNET), { addressPrefix: formatPrefix(range) }),
    );
}

/** The first range of that length in a VNet, or the largest smaller one, that nothing is in yet. */
function freeRange(prefixes: readonly Prefix[], taken: readonly Prefix[], largest: number): Prefix | null {
  for (const space of prefixes) {
    for (let length = Math.max(largest, space.length); length <= 29; length++) {
      const count = Math.min(2 ** (length - space.length), 64);
      for (let at = 0; at < count; at++) {
        const start = addressPlus(firstAddress(space), at * 2 ** (32 - length));
        if (start === null) break;
        const range = prefixAround(start, length);
        if (!taken.some((each) => prefixesOverlap(each, range))) return range;
      }
    }
  }
  return null;
}

function addRoutes(builder: Builder, text: MatrixText): void {
  for (const [vnet, of] of text.vnets.flatMap((each) => [
    [each, 'machines'] as const,
    [each, 'gateway'] as const,
  ])) {
    const routes = text.routes.filter(
      (each) => each.of === of && each.vnet.toLowerCase() === vnet.name.toLowerCase(),
    );
    const closed = of === 'machines' && vnet.propagation === 'off';
    if (routes.length === 0 && !closed) continue;
    const name = routeTableName(vnet.name, of);
    const table = createRouteTable(builder.cloud, {
      resourceGroup: GROUP,
      name,
      ...(vnet.location === null ? {} : { location: vnet.location }),
      disableBgpRoutePropagation: closed,
    });
    if (!builder.do(`route table of ${vnet.name}`, table)) continue;
    for (const { prefix: at, nextHop, line } of routes) {
      const hop = typeof nextHop === 'object' ? nextHop.address : null;
      builder.do(
        `route ${vnet.name} ${at} (line ${line})`,
        createRoute(
          builder.cloud,
          { resourceGroup: GROUP, routeTable: name, name: `to-${at.replace('/', '-')}` },
          { addressPrefix: at, nextHopType: nextHopType(nextHop), nextHopIpAddress: hop },
        ),
      );
    }
    builder.do(
      `route table of ${vnet.name}`,
      updateSubnet(
        builder.cloud,
        {
          resourceGroup: GROUP,
          virtualNetwork: vnet.name,
          name: of === 'machines' ? SUBNET : GATEWAY_SUBNET,
        },
        { routeTable: resourceId(builder.cloud, GROUP, 'Microsoft.Network/routeTables', name) },
      ),
    );
  }
}

function nextHopType(
  hop: MatrixText['routes'][number]['nextHop'],
): 'VirtualAppliance' | 'VirtualNetworkGateway' | 'Internet' | 'None' {
  if (typeof hop === 'object') return 'VirtualAppliance';
  switch (hop) {
    case 'gateway':
      return 'VirtualNetworkGateway';
    case 'internet':
      return 'Internet';
    case 'none':
      return 'None';
  }
}

export function routeTableName(vnet: string, of: 'machines' | 'gateway' = 'machines'): string {
  return of === 'machines' ? `rt-${vnet}` : `rt-${vnet}-gateway`;
}

/** On-premises hosts behind the gateways; a range that no VNet has where none is given. */
function sitesOf(text: MatrixText): readonly { readonly host: OutsideHost; readonly assumed: boolean }[] {
  const used = text.vnets.flatMap(({ prefixes }) => prefixes);
  let next = 0;
  const free = (): Prefix => {
    for (; ; next++) {
      const candidate = prefix(next < 256 ? `192.168.${next}.0/24` : `172.31.${next % 256}.0/24`);
      if (next < 512 && used.some((each) => prefixesOverlap(each, candidate))) continue;
      next++;
      return candidate;
    }
  };
  return text.vnets.flatMap((vnet) => {
    if (vnet.gateway === null) return [];
    const ranges = vnet.gateway.length === 0 ? [free()] : vnet.gateway;
    return ranges.map((range, at) => ({
      assumed: vnet.gateway?.length === 0,
      host: {
        kind: 'on-premises' as const,
        name: `on-premises-${vnet.name}${at === 0 ? '' : `-${at + 1}`}`,
        address: formatAddress(
          addressPlus(firstAddress(range), range.length > 30 ? 0 : 1) ?? firstAddress(range),
        ),
        prefix: formatPrefix(range),
        virtualNetwork: vnet.name,
        ports: [22, 80, 443],
      },
    }));
  });
}
