/**
 * What is missing between two VNets: sets of changes that might do, tried on the model, and each change
 * left out that is not needed. The model alone says what does.
 */
import { isGatewaySubnet } from '../model/azure/gateway-subnet.ts';
import { getResource, listResources, sameId } from '../model/azure/resource-store.ts';
import type { Route, Subnet, VirtualNetwork } from '../model/azure/resources.ts';
import { peeringTo } from '../model/azure/virtual-network-peering-checks.ts';
import { gatewayOf, hasGateway } from '../model/azure/virtual-network-gateway-presence.ts';
import type { Cloud } from '../model/cloud.ts';
import { linkChanges, propagationChanges, routeChanges } from './peering-changes.ts';
import type { Change } from './peering-changes.ts';
import { vnetWithId } from './peering-matrix-machines.ts';
import type { MatrixVnet } from './peering-matrix-machines.ts';

/** Something that passes packets on, at an address of a VNet. */
export interface Forwarder {
  readonly vnet: VirtualNetwork;
  readonly address: string;
  readonly name: string;
}

export interface Repair {
  /** Each of them is needed, and together they do. Empty where nothing was found. */
  readonly changes: readonly Change[];
  /** In Azure's words, why the obvious change cannot be made; null if it can. */
  readonly obstacle: { readonly code: string; readonly message: string } | null;
}

const NOTHING: Repair = { changes: [], obstacle: null };

/** Returns every forwarder of a cloud: firewalls, and machines with IP forwarding that a route can name. */
export function forwardersOf(cloud: Cloud): readonly Forwarder[] {
  const vnets = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  const holder = (subnetId: string): VirtualNetwork | undefined =>
    vnets.find(({ id }) => subnetId.toLowerCase().startsWith(`${id.toLowerCase()}/subnets/`));
  const firewalls = listResources(cloud, 'Microsoft.Network/azureFirewalls').flatMap((firewall) =>
    firewall.ipConfigurations.flatMap(({ subnet, privateIPAddress }) => {
      const vnet = subnet === null ? undefined : holder(subnet.id);
      return vnet === undefined || privateIPAddress === null
        ? []
        : [{ vnet, address: privateIPAddress, name: `firewall ${firewall.name}` }];
    }),
  );
  const machines = listResources(cloud, 'Microsoft.Network/networkInterfaces').flatMap((nic) => {
    const [first] = nic.ipConfigurations;
    const vnet = first === undefined ? undefined : holder(first.subnet.id);
    return !nic.enableIPForwarding || first === undefined || vnet === undefined
      ? []
      : [{ vnet, address: first.privateIPAddress, name: `appliance ${nic.name.replace(/-nic$/, '')}` }];
  });
  return [...firewalls, ...machines];
}

/**
 * Returns the fewest changes that let `works` hold, of the sets that could: the links the two have, a
 * forwarder or a gateway of a VNet that both are peered with, else a peering between them.
 */
export function repairBetween(
  cloud: Cloud,
  ends: readonly [MatrixVnet, MatrixVnet],
  works: (cloud: Cloud) => boolean,
): Repair {
  const [a, b] = ends.map(({ id }) => vnetWithId(cloud, id));
  if (a === null || b === null || a === undefined || b === undefined) return NOTHING;
  const sets = [
    ...(linked(a, b) ? [direct(a, b)] : []),
    ...forwardersOf(cloud).flatMap((forwarder) => throughForwarder(ends, [a, b], forwarder)),
    ...throughGateway(cloud, ends, [a, b]),
    direct(a, b),
  ];
  return firstThatWorks(cloud, sets, works);
}

/** Returns the fewest changes that let a VNet reach what is behind the gateway of another one, or its own. */
export function repairToSite(cloud: Cloud, end: MatrixVnet, works: (cloud: Cloud) => boolean): Repair {
  const vnet = vnetWithId(cloud, end.id);
  if (vnet === null) return NOTHING;
  const subnet = subnetOf(vnet, end);
  const open = subnet === undefined ? [] : propagationChanges(cloud, vnet, subnet);
  const hubs = listResources(cloud, 'Microsoft.Network/virtualNetworks').filter(
    (each) => !sameId(each.id, vnet.id) && (hasGateway(cloud, each) || gatewayOf(cloud, each) !== null),
  );
  const near = hubs.filter((hub) => peeringTo(vnet, hub.id) !== null || peeringTo(hub, vnet.id) !== null);
  const throughForwarders = (near.length > 0 ? near : hubs).flatMap((hub) => inspected(cloud, vnet, hub));
  // Who sends everything to an appliance does not mean to go round it.
  const means = subnet !== undefined && namesNextHop(cloud, subnet, 'VirtualAppliance');
  return firstThatWorks(
    cloud,
    [
      ...(means ? throughForwarders : []),
      open,
      ...(near.length > 0 ? near : hubs).map((hub) => [
        ...linkChanges(hub, vnet, { allowVirtualNetworkAccess: true, allowGatewayTransit: true }),
        ...linkChanges(vnet, hub, { allowVirtualNetworkAccess: true, useRemoteGateways: true }),
        ...open,
      ]),
      ...throughForwarders,
    ].filter((set) => set.length > 0),
    works,
  );
}

/** What comes in through the gateway goes by the forwarder of its VNet, as what goes out may already. */
function inspected(cloud: Cloud, vnet: VirtualNetwork, hub: VirtualNetwork): readonly (readonly Change[])[] {
  const entrance = hub.subnets.find(({ name }) => isGatewaySubnet(name));
  if (entrance === undefined) return [];
  return forwardersOf(cloud)
    .filter((forwarder) => sameId(forwarder.vnet.id, hub.id))
    .map(({ address }) => [
      ...linkChanges(hub, vnet, { allowVirtualNetworkAccess: true, allowGatewayTransit: true }),
      ...linkChanges(vnet, hub, {
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: true,
        useRemoteGateways: true,
      }),
      ...routeChanges(hub, entrance, vnet.addressSpace.addressPrefixes, { kind: 'address', address }),
    ]);
}

/** Reports whether the changes of a repair let `works` hold. */
export function repairWorks(cloud: Cloud, { changes }: Repair, works: (cloud: Cloud) => boolean): boolean {
  const done = applied(cloud, changes);
  return changes.length > 0 && 'cloud' in done && works(done.cloud);
}

function direct(a: VirtualNetwork, b: VirtualNetwork): readonly Change[] {
  return [
    ...linkChanges(a, b, { allowVirtualNetworkAccess: true }),
    ...linkChanges(b, a, { allowVirtualNetworkAccess: true }),
  ];
}

/** Half a peering counts: somebody meant it. */
function linked(a: VirtualNetwork, b: VirtualNetwork): boolean {
  return peeringTo(a, b.id) !== null || peeringTo(b, a.id) !== null;
}

function throughForwarder(
  ends: readonly [MatrixVnet, MatrixVnet],
  [a, b]: readonly [VirtualNetwork, VirtualNetwork],
  { vnet: hub, address }: Forwarder,
): readonly (readonly Change[])[] {
  const outside = [a, b].filter(({ id }) => !sameId(id, hub.id));
  if (outside.some((end) => !linked(end, hub))) return [];
  const subnets = [subnetOf(a, ends[0]), subnetOf(b, ends[1])] as const;
  if (subnets[0] === undefined || subnets[1] === undefined) return [];
  const hop = { kind: 'address' as const, address };
  return [
    [
      ...outside.flatMap((end) => [
        ...linkChanges(end, hub, { allowVirtualNetworkAccess: true, allowForwardedTraffic: true }),
        ...linkChanges(hub, end, { allowVirtualNetworkAccess: true }),
      ]),
      ...routeChanges(a, subnets[0], b.addressSpace.addressPrefixes, hop),
      ...routeChanges(b, subnets[1], a.addressSpace.addressPrefixes, hop),
    ],
  ];
}

function throughGateway(
  cloud: Cloud,
  ends: readonly [MatrixVnet, MatrixVnet],
  [a, b]: readonly [VirtualNetwork, VirtualNetwork],
): readonly (readonly Change[])[] {
  const hubs = listResources(cloud, 'Microsoft.Network/virtualNetworks').filter(
    (each) => hasGateway(cloud, each) && linked(a, each) && linked(b, each),
  );
  const subnets = [subnetOf(a, ends[0]), subnetOf(b, ends[1])] as const;
  const [one, other] = subnets;
  if (one === undefined || other === undefined) return [];
  // Nobody begins with that, but who has begun is helped on.
  if (![one, other].some((subnet) => namesNextHop(cloud, subnet, 'VirtualNetworkGateway'))) return [];
  const hop = { kind: 'gateway' as const };
  return hubs.map((hub) => [
    ...[a, b].flatMap((end) => [
      ...linkChanges(hub, end, { allowVirtualNetworkAccess: true, allowGatewayTransit: true }),
      ...linkChanges(end, hub, {
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: true,
        useRemoteGateways: true,
      }),
    ]),
    ...routeChanges(a, one, b.addressSpace.addressPrefixes, hop),
    ...routeChanges(b, other, a.addressSpace.addressPrefixes, hop),
  ]);
}

function namesNextHop(cloud: Cloud, { routeTable }: Subnet, type: Route['nextHopType']): boolean {
  const table =
    routeTable === null ? null : getResource(cloud, routeTable.id, 'Microsoft.Network/routeTables');
  return table?.routes.some(({ nextHopType }) => nextHopType === type) ?? false;
}

function subnetOf(vnet: VirtualNetwork, end: MatrixVnet): Subnet | undefined {
  return vnet.subnets.find(({ name }) => name === end.subnet);
}

function firstThatWorks(
  cloud: Cloud,
  sets: readonly (readonly Change[])[],
  works: (cloud: Cloud) => boolean,
): Repair {
  let obstacle: Repair['obstacle'] = null;
  for (const set of sets) {
    const done = applied(cloud, set);
    if ('refusal' in done) {
      obstacle ??= done.refusal;
      continue;
    }
    if (set.length > 0 && works(done.cloud)) return { changes: needed(cloud, set, works), obstacle: null };
  }
  return { changes: [], obstacle };
}

/** Leaves out one change after the other, as long as the rest does. */
function needed(cloud: Cloud, set: readonly Change[], works: (cloud: Cloud) => boolean): readonly Change[] {
  return set.reduce<readonly Change[]>((kept, change) => {
    const rest = kept.filter((each) => each !== change);
    const done = applied(cloud, rest);
    return 'cloud' in done && works(done.cloud) ? rest : kept;
  }, set);
}

function applied(
  cloud: Cloud,
  changes: readonly Change[],
): { readonly cloud: Cloud } | { readonly refusal: { readonly code: string; readonly message: string } } {
  let next = cloud;
  for (const { apply } of changes) {
    const done = apply(next);
    if (!done.ok) return { refusal: done.error };
    next = done.value;
  }
  return { cloud: next };
}
