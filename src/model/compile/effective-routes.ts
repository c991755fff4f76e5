/**
 * The routes in force for the NICs of one subnet: system routes, routes learned from a gateway and
 * user-defined routes, settled as `routes` says
 * (https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview).
 */
import type { Route } from '../azure/resources.ts';
import { endpointService } from '../azure/service-endpoint.ts';
import { readServiceTag } from '../azure/service-tags.ts';
import { setOf } from '../ip/address-set.ts';
import { formatPrefix, hostPrefix, prefixCovers } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { CandidateRoute, Loss, NextHopType } from '../routes/route.ts';
import { settleRoutes } from '../routes/settle.ts';
import { systemRoutes } from '../routes/system.ts';
import type { Report } from './diagnostics.ts';
import type { NetworkPart, PeerPart, SubnetPart } from './inventory.ts';
import { namedPieces } from './named-routes.ts';
import type { NamedRoute } from './named-routes.ts';
import type { ParsedText } from './parsed-text.ts';

export type { RouteSource } from '../routes/route.ts';

/** What a route leads to; only some can be set in a route table. */
export type EffectiveNextHop = NextHopType;

/** A route before anything is settled. */
interface Candidate extends CandidateRoute {
  readonly nextHopIpAddress: string | null;
  /** The VNet that a route of a peering leads to. */
  readonly peer?: PeerPart;
  /** Only user-defined routes have a name. */
  readonly name: string | null;
  /** The words for it in a trace. */
  readonly label: string;
}

export interface EffectiveRoute extends Candidate {
  /** `Invalid` lost to another route; `Removed` is not even listed, as Azure takes it away. */
  readonly state: 'Active' | 'Invalid' | 'Removed';
  /** Why a route is not active; null for an active one. */
  readonly why: string | null;
  /** One of several that stand for a route with a service tag or of a service endpoint. Absent: a route of its own. */
  readonly piece?: 'of-a-name';
  /** Of a piece: why nobody can say whether it is taken. */
  readonly unknown?: string;
}

/**
 * Returns all routes of the subnet, active or not; first the pieces of those that name a service.
 * `learned` are the prefixes that a gateway of the VNet announces.
 */
export function effectiveRoutes(
  subnet: SubnetPart,
  learned: readonly Prefix[],
  text: ParsedText,
  report: Report,
): readonly EffectiveRoute[] {
  const { network } = subnet;
  const candidates: readonly Candidate[] = [
    ...userRoutes(subnet, text, report),
    ...learnedRoutes(subnet, learned),
    ...systemRoutes(network.prefixes, network.peers).map(systemCandidate),
    ...endpointRoutes(network),
  ];
  const settled = settleRoutes(candidates).map(({ route, state, loss }) => ({
    ...route,
    state,
    why: loss === null ? null : whyLost(route, loss, network),
  }));
  const named = namedRoutes(subnet);
  if (named.length === 0) return settled;
  const near = setOf(...network.prefixes, ...network.peers.flatMap((each) => each.prefixes));
  return [...namedPieces(named, settled, near), ...settled];
}

/** Returns the routes of the subnet that name a service instead of a prefix. */
export function namedRoutes({ name, subnet, routeTable, network }: SubnetPart): readonly NamedRoute[] {
  const endpoints = (subnet.serviceEndpoints ?? []).map(({ service }): NamedRoute => {
    const tag = endpointService(service)?.tag ?? service;
    return {
      source: 'Default',
      nextHopType: 'VirtualNetworkServiceEndpoint',
      nextHopIpAddress: null,
      name: null,
      tag,
      state: 'Active',
      label: `system route ${tag} (VirtualNetworkServiceEndpoint) of the service endpoint ${service} of subnet ${name}`,
      ...network.serviceAddresses(tag),
    };
  });
  const users = (routeTable?.routes ?? []).flatMap((route): NamedRoute[] => {
    const tag = readServiceTag(route.addressPrefix);
    if (tag === null) return [];
    return [
      {
        source: 'User',
        nextHopType: route.nextHopType,
        nextHopIpAddress: route.nextHopIpAddress,
        name: route.name,
        tag: route.addressPrefix,
        // No route table overrides a service endpoint; a tag's regions are in the tag.
        state: endpoints.some((each) => each.tag === tag.name) ? 'Invalid' : 'Active',
        label: userLabel(route, routeTable?.name ?? ''),
        ...network.serviceAddresses(route.addressPrefix),
      },
    ];
  });
  return [...endpoints, ...users];
}

/** Says why a route is not active, in the words of a trace. */
function whyLost(route: Candidate, loss: Loss<Candidate>, network: NetworkPart): string {
  const { by } = loss;
  switch (loss.kind) {
    case 'same-prefix':
      return `${by.source === 'User' ? 'a user-defined' : 'a learned'} route with the same prefix wins: ${by.label}`;
    case 'learned-inside-system':
      return `system routes for ${spaceOf(by, network)} win over learned routes, even longer ones`;
    case 'bgp-override':
      return `a user-defined route that overrides learned ones wins: ${by.label}`;
    case 'inside-service-endpoint':
      return `no route table overrides a service endpoint: ${by.label}`;
    case 'endpoint-policy':
      return `the endpoint's subnet has network policies, so a user-defined route wins that is no wider than its VNet: ${by.label}`;
    case 'default-overridden':
      return `Azure removes the system routes to None when 0.0.0.0/0 is overridden: ${by.label}`;
    case 'tag-order':
      return route.tag === undefined
        ? `${by.label} wins`
        : `with the same prefix, ${by.tag === undefined ? 'a prefix that is written out' : `the service tag ${by.tag}`} wins over the service tag ${route.tag}: ${by.label}`;
  }
}

/** Names the space that a system route holds: the VNet's own, a peer's. */
function spaceOf(system: Candidate, network: NetworkPart): string {
  const at = formatPrefix(system.prefix);
  if (system.peer !== undefined) return `a peered VNet (${at})`;
  const isOwn = network.prefixes.some((each) => prefixCovers(each, system.prefix));
  return isOwn ? `the VNet's own address space (${at})` : system.label;
}

function systemCandidate(route: CandidateRoute & { readonly peer?: PeerPart }): Candidate {
  const { prefix: at, nextHopType, peer } = route;
  return {
    ...route,
    nextHopIpAddress: null,
    name: null,
    label:
      peer === undefined
        ? `system route ${formatPrefix(at)} (${nextHopType})`
        : peerRouteLabel(peer, at, nextHopType),
  };
}

/**
 * A private endpoint gives its VNet, and the peers of that, a route to its one address
 * (https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy).
 */
function endpointRoutes(network: NetworkPart): Candidate[] {
  const of = (holder: NetworkPart, peer: PeerPart | null): Candidate[] =>
    holder.ports.flatMap(({ owner, addresses: [address], subnet }): Candidate[] => {
      if (owner.kind !== 'private-endpoint' || address === undefined) return [];
      const at = hostPrefix(address);
      const { privateEndpointNetworkPolicies: policies } = subnet.subnet;
      return [
        {
          source: 'Default',
          prefix: at,
          nextHopType: 'InterfaceEndpoint',
          nextHopIpAddress: null,
          ...(peer === null ? {} : { peer }),
          ...(policies === 'Enabled' || policies === 'RouteTableEnabled'
            ? { yieldsWithin: holder.prefixes }
            : {}),
          name: null,
          label: `system route ${formatPrefix(at)} (InterfaceEndpoint) of private endpoint ${owner.endpoint.name}`,
        },
      ];
    });
  return [...of(network, null), ...network.peers.flatMap((peer) => of(peer.network, peer))];
}

function peerRouteLabel({ peering, network }: PeerPart, at: Prefix, nextHopType: string): string {
  const label = `system route ${formatPrefix(at)} (${nextHopType}) of peering ${peering.name} to VNet ${network.name}`;
  return peering.allowVirtualNetworkAccess
    ? label
    : `${label}, whose allowVirtualNetworkAccess false keeps it out of the VirtualNetwork tag`;
}

function learnedRoutes(subnet: SubnetPart, learned: readonly Prefix[]): Candidate[] {
  if (subnet.routeTable?.disableBgpRoutePropagation === true) return [];
  return learned.map((each) => ({
    source: 'VirtualNetworkGateway',
    prefix: each,
    nextHopType: 'VirtualNetworkGateway',
    nextHopIpAddress: null,
    name: null,
    label: `learned route ${formatPrefix(each)} (VirtualNetworkGateway)`,
  }));
}

function userRoutes(subnet: SubnetPart, text: ParsedText, report: Report): Candidate[] {
  const table = subnet.routeTable;
  if (table === null) return [];
  return table.routes.flatMap((route) => {
    const at = text.prefix(route.addressPrefix);
    if (at === null) {
      if (readServiceTag(route.addressPrefix) === null) {
        report(
          `route ${route.name} of route table ${table.name}`,
          `has the address prefix ${route.addressPrefix}, which cannot be read`,
        );
      }
      return [];
    }
    return [
      {
        source: 'User' as const,
        prefix: at,
        nextHopType: route.nextHopType,
        nextHopIpAddress: route.nextHopIpAddress,
        ...(route.hasBgpOverride ? { hasBgpOverride: true } : {}),
        name: route.name,
        label: userLabel(route, table.name),
      },
    ];
  });
}

function userLabel({ name, addressPrefix, nextHopType, nextHopIpAddress }: Route, table: string): string {
  const hop = nextHopIpAddress === null ? '' : ` ${nextHopIpAddress}`;
  return `route ${name} of route table ${table}: ${addressPrefix} (${nextHopType}${hop})`;
}
