/**
 * Routes as Azure chooses between them, in neutral form: what a subnet's tables hold, without the resources
 * that they come from (https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview,
 * 2023-05-27).
 */
import type { Prefix } from '../ip/prefix.ts';

/** In Azure's words: the system's own, learned from a gateway (by BGP or from a local network gateway), user-defined. */
export type RouteSource = 'Default' | 'VirtualNetworkGateway' | 'User';

/** What a route table can name. */
export type UserNextHopType =
  'VirtualAppliance' | 'VnetLocal' | 'Internet' | 'VirtualNetworkGateway' | 'None';

/** The types after the first ones are the system's alone. */
export type NextHopType =
  | UserNextHopType
  | 'VNetPeering'
  | 'VNetGlobalPeering'
  | 'VirtualNetworkServiceEndpoint'
  | 'InterfaceEndpoint';

/** What decides between routes. */
export interface CandidateRoute {
  readonly source: RouteSource;
  readonly prefix: Prefix;
  readonly nextHopType: NextHopType;
  /** The service tag that the prefix comes from, `Storage.WestEurope`; absent for one that was written out. */
  readonly tag?: string;
  /** Of a user-defined route: it wins over learned ones inside its prefix, even longer ones. Absent: no. */
  readonly hasBgpOverride?: boolean;
  /**
   * Of a private endpoint whose subnet has network policies for routes: the address space of its VNet, no
   * wider than which a user-defined route must be to win over the endpoint's /32.
   */
  readonly yieldsWithin?: readonly Prefix[];
}

/** Why a route does not count, and what it lost to. */
export type Loss<R extends CandidateRoute = CandidateRoute> =
  /** User-defined wins over learned wins over system. */
  | { readonly kind: 'same-prefix'; readonly by: R }
  /** Learned, and inside what a system route of the VNet, a peering or a service endpoint has. */
  | { readonly kind: 'learned-inside-system'; readonly by: R }
  /** Learned, and inside a user-defined route with `hasBgpOverride`. */
  | { readonly kind: 'bgp-override'; readonly by: R }
  /** User-defined, and equal to or inside the prefix of a service endpoint, which no table overrides. */
  | { readonly kind: 'inside-service-endpoint'; readonly by: R }
  /** A private endpoint's, and a user-defined route covers it that is no wider than its VNet. */
  | { readonly kind: 'endpoint-policy'; readonly by: R }
  /** A system route to None: Azure takes them away when 0.0.0.0/0 is overridden. */
  | { readonly kind: 'default-overridden'; readonly by: R }
  /** Both of service tags, or one of a tag and one written out, with the same prefix. */
  | { readonly kind: 'tag-order'; readonly by: R };

/** A route with its state. `Removed` is not even listed by Azure; `Invalid` is. */
export type SettledRoute<R extends CandidateRoute = CandidateRoute> =
  | { readonly route: R; readonly state: 'Active'; readonly loss: null }
  | { readonly route: R; readonly state: 'Invalid' | 'Removed'; readonly loss: Loss<R> };
