/** The routes that Azure itself gives every subnet of a VNet. */
import { prefix, prefixCovers } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { SYSTEM_ROUTES_TO_NONE } from '../limits/azure-network.ts';
import type { CandidateRoute } from './route.ts';
import { EVERYWHERE } from './settle.ts';

const TO_NONE = SYSTEM_ROUTES_TO_NONE.value.map(prefix);

/** A peer of the VNet; `global` is one in another region. */
export interface PeerSpace {
  readonly prefixes: readonly Prefix[];
  readonly reach: 'same-region' | 'global';
}

/**
 * Returns the system routes of a VNet with this address space and these peers (only those that are
 * connected): each range, then the default route, then private space to None. A range inside 10.0.0.0/8
 * leaves the rest of it to None; one that covers it takes its place.
 */
export function systemRoutes<P extends PeerSpace>(
  addressSpace: readonly Prefix[],
  peers: readonly P[],
): readonly (CandidateRoute & { readonly peer?: P })[] {
  const taken = [...addressSpace, ...peers.flatMap((each) => each.prefixes)];
  return [
    ...addressSpace.map((at) => ({ source: 'Default', prefix: at, nextHopType: 'VnetLocal' }) as const),
    ...peers.flatMap((peer) =>
      peer.prefixes.map(
        (at) =>
          ({
            source: 'Default',
            prefix: at,
            nextHopType: peer.reach === 'global' ? 'VNetGlobalPeering' : 'VNetPeering',
            peer,
          }) as const,
      ),
    ),
    { source: 'Default', prefix: EVERYWHERE, nextHopType: 'Internet' },
    ...TO_NONE.filter((each) => !taken.some((own) => prefixCovers(own, each))).map(
      (at) => ({ source: 'Default', prefix: at, nextHopType: 'None' }) as const,
    ),
  ];
}
