/**
 * What Network Watcher's next hop says: the longest of a NIC's active routes, in that service's words
 * (https://learn.microsoft.com/azure/network-watcher/next-hop-overview).
 */
import type { Address } from '../ip/address.ts';
import { prefixContains } from '../ip/prefix.ts';
import type { EffectiveNextHop, EffectiveRoute } from './effective-routes.ts';

/** The route that packets to an address take; null where no route matches. */
export function routeTo(routes: readonly EffectiveRoute[], destination: Address): EffectiveRoute | null {
  let best: EffectiveRoute | null = null;
  for (const route of routes) {
    if (route.state !== 'Active' || !prefixContains(route.prefix, destination)) continue;
    if (best === null || route.prefix.length > best.prefix.length) best = route;
  }
  return best;
}

/**
 * Returns the type in the words of next hop, which differ from those of route tables: the page lists
 * `VirtualNetwork`, `VirtualNetworkPeering` and `VirtualNetworkServiceEndpoint` (read 2024-06), and
 * azure-cli's own recorded test has `VirtualNetwork` for a VNet's own range (2025-04-02). Pages of 2017 to
 * 2020 have `VnetLocal` and `VnetPeering`; decided for the newer words. Null where they are not known.
 */
export function nextHopWord(type: EffectiveNextHop): string | null {
  switch (type) {
    case 'VnetLocal':
      return 'VirtualNetwork';
    case 'VNetPeering':
    case 'VNetGlobalPeering':
      return 'VirtualNetworkPeering';
    case 'VirtualNetworkGateway':
    case 'Internet':
    case 'VirtualAppliance':
    case 'VirtualNetworkServiceEndpoint':
    case 'None':
      return type;
    case 'InterfaceEndpoint':
      return null;
  }
}
