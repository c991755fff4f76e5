/** The tables of a fabric: effective routes with the interfaces that they lead to. */
import { addressKey, formatAddress } from '../ip/address.ts';
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import { setContains } from '../ip/address-set.ts';
import { hostPrefix, prefixCovers } from '../ip/prefix.ts';
import type { InterfaceName, Route, RouteTable, RouteTarget } from '../network/network.ts';
import { table } from './draft.ts';
import type { EffectiveRoute } from './effective-routes.ts';
import { EDGE_INTERFACE, PLATFORM_INTERFACE } from './fabric-interfaces.ts';
import type { FabricPlan } from './fabric.ts';
import type { FabricBalancing } from './load-balancer-plan.ts';
import { besideOverlay } from './overlay.ts';
import type { NetworkPart } from './inventory.ts';
import type { OverlayDomain } from './overlay.ts';
import type { ParsedText } from './parsed-text.ts';
import { applianceInterface, peeringInterface } from './peering.ts';
import { INSTANCE_METADATA, WIRE_SERVER } from './service-tags.ts';

/** The domain's routes come before those of the subnet, whatever their prefixes. */
export function withOverlay(ordinary: RouteTable, overlay: OverlayDomain): RouteTable {
  const { routes, hidden } = besideOverlay(overlay, ordinary.routes);
  const why = `the ${overlay.name} is asked first for everything inside its podCidr, and no route table diverts it`;
  return table(
    ordinary.name,
    [...overlay.routes, ...routes],
    [...ordinary.superseded, ...hidden.map((route) => ({ route, why }))],
  );
}

/** Returns the table of effective routes whose packets to the internet leave by `exit`. */
export function routeTable(
  name: string,
  effective: readonly EffectiveRoute[],
  exit: InterfaceName,
  plan: FabricPlan,
  text: ParsedText,
): RouteTable {
  const compiled = (each: EffectiveRoute): Route => ({
    prefix: each.prefix,
    target: targetOf(each, exit, plan, text),
    metric: 0,
    preferredSource: null,
    ...repliesBy(each, plan.balancing),
    by: wordsFor(each, plan),
  });
  const platform = [WIRE_SERVER, INSTANCE_METADATA].map((address): Route => ({
    prefix: hostPrefix(address),
    target: { kind: 'connected', interface: PLATFORM_INTERFACE, towards: "Azure's platform services" },
    metric: 0,
    preferredSource: null,
    by: `Azure platform address ${formatAddress(address)}, which no route table diverts`,
  }));
  const bits = new Set(platform.map((each) => addressKey(each.prefix.address)));
  const active = effective.filter(
    (each) =>
      each.state === 'Active' && !(each.prefix.length === 32 && bits.has(addressKey(each.prefix.address))),
  );
  return table(
    name,
    [...platform, ...active.map(compiled)],
    effective.flatMap((each) => (each.why === null ? [] : [{ route: compiled(each), why: each.why }])),
  );
}

/** A next hop that leads nowhere drops the packet, and the words have to say why. */
function wordsFor(route: EffectiveRoute, { gateway, network }: FabricPlan): string {
  const { label, nextHopType } = route;
  if (nextHopType === 'VirtualNetworkGateway' && gateway === null) {
    return `${label} (a gateway that VNet ${network.name} neither has nor uses)`;
  }
  return isOwnOnInternet(route, network) ? `${label} (no private address is on the internet)` : label;
}

/** Whether a route table sends private addresses of the VNet itself to the internet, where nobody has them. */
function isOwnOnInternet(
  { nextHopType, source, prefix }: EffectiveRoute,
  { prefixes }: NetworkPart,
): boolean {
  return (
    nextHopType === 'Internet' &&
    source === 'User' &&
    prefixes.some((each) => prefixCovers(each, prefix)) &&
    !setContains(PUBLIC, prefix.address)
  );
}

/** A route table diverts replies as it diverts everything; what the system routes returns to who brought the request. */
function repliesBy(route: EffectiveRoute, balancing: FabricBalancing | null): Pick<Route, 'repliesBy'> {
  if (balancing === null) return {};
  switch (route.nextHopType) {
    case 'Internet':
      return { repliesBy: balancing.repliesToInternet };
    case 'VnetLocal':
    case 'InterfaceEndpoint':
    case 'VNetPeering':
    case 'VNetGlobalPeering':
    case 'VirtualNetworkGateway':
      return balancing.repliesElsewhere.size === 0 ? {} : { repliesBy: balancing.repliesElsewhere };
    case 'VirtualAppliance':
    case 'VirtualNetworkServiceEndpoint':
    case 'None':
      return {};
  }
}

function targetOf(
  route: EffectiveRoute,
  exit: InterfaceName,
  plan: FabricPlan,
  text: ParsedText,
): RouteTarget {
  if (route.unknown !== undefined) return { kind: 'undetermined', reason: route.unknown };
  switch (route.nextHopType) {
    case 'None':
      return { kind: 'drop' };
    case 'VnetLocal':
      return { kind: 'attached' };
    case 'Internet':
      if (isOwnOnInternet(route, plan.network)) return { kind: 'drop' };
      return {
        kind: 'connected',
        interface: exit,
        towards: exit === EDGE_INTERFACE ? 'the edge to the internet' : exit,
      };
    case 'VirtualNetworkGateway':
      return plan.gateway !== null
        ? {
            kind: 'connected',
            interface: route.source === 'User' ? plan.gateway.forUserRoutes : plan.gateway.interface,
            towards: plan.gateway.towards,
          }
        : { kind: 'drop' };
    case 'VirtualAppliance': {
      const via = route.nextHopIpAddress === null ? null : text.address(route.nextHopIpAddress);
      if (via === null)
        return { kind: 'undetermined', reason: `${route.label} has no next hop address that can be read` };
      const inPeer = applianceInterface(plan.network, via);
      return inPeer === null
        ? { kind: 'attached-gateway', via }
        : {
            kind: 'connected',
            interface: inPeer.name,
            towards: `${formatAddress(via)} in VNet ${inPeer.peer.network.name}`,
          };
    }
    case 'VirtualNetworkServiceEndpoint':
      return {
        kind: 'undetermined',
        reason: `${route.label} takes the packet to the service over Azure's own network, with its private source; the service is not simulated`,
      };
    case 'InterfaceEndpoint':
      return route.peer === undefined
        ? { kind: 'attached' }
        : {
            kind: 'connected',
            interface: peeringInterface(route.peer),
            towards: `VNet ${route.peer.network.name}`,
          };
    case 'VNetPeering':
    case 'VNetGlobalPeering': {
      const { peer } = route;
      if (peer === undefined) throw new Error(`${route.label} leads to no peer`);
      return { kind: 'connected', interface: peeringInterface(peer), towards: `VNet ${peer.network.name}` };
    }
  }
}
