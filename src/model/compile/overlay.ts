/**
 * The routing domain of a cluster with Azure CNI Overlay: the fabric knows which of its nodes has which
 * part of the podCidr, without route tables and without encapsulation, and only for packets of the
 * cluster's own nodes (https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay).
 */
import type { ArmKey } from '../azure/resources.ts';
import { formatPrefix, prefixCovers } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { Route } from '../network/network.ts';
import type { Inventory, Port } from './inventory.ts';

export interface OverlayDomain {
  /** `overlay of cluster aks`. */
  readonly name: string;
  readonly podCidr: Prefix;
  /** To the nodes, and to nothing for what no node has. */
  readonly routes: readonly Route[];
}

/** Returns the domains by the key of their cluster. */
export function overlayDomains(inventory: Inventory): ReadonlyMap<ArmKey, OverlayDomain> {
  const domains = new Map<ArmKey, OverlayDomain & { readonly routes: Route[] }>();
  for (const { key, cluster } of inventory.clusters) {
    const { networkPlugin, networkPluginMode, podCidr } = cluster.networkProfile;
    const range = podCidr === null ? null : inventory.text.prefix(podCidr);
    if (networkPlugin !== 'azure' || networkPluginMode !== 'overlay' || range === null) continue;
    const name = `overlay of cluster ${cluster.name}`;
    const rest: Route = {
      prefix: range,
      target: { kind: 'drop' },
      metric: 0,
      preferredSource: null,
      by: `${name}: no node has this part of the podCidr ${formatPrefix(range)}`,
    };
    domains.set(key, { name, podCidr: range, routes: [rest] });
  }
  if (domains.size === 0) return domains;
  for (const { ports } of inventory.networks) {
    for (const { owner, addresses } of ports) {
      if (owner.kind !== 'node' || owner.cluster === null) continue;
      const domain = domains.get(owner.cluster.key);
      const own = inventory.nodes.get(owner.name)?.node.spec.podCIDR;
      const range = own === undefined ? null : inventory.text.prefix(own);
      const [address] = addresses;
      if (domain === undefined || range === null || address === undefined) continue;
      domain.routes.push({
        prefix: range,
        target: { kind: 'attached-gateway', via: address },
        metric: 0,
        preferredSource: null,
        by: `${domain.name}: ${formatPrefix(range)} is on node ${owner.name}`,
      });
    }
  }
  return domains;
}

/** Returns the domain that a NIC's packets are routed in; null for all but Overlay nodes. */
export function overlayOf(
  domains: ReadonlyMap<ArmKey, OverlayDomain>,
  { owner }: Port,
): OverlayDomain | null {
  return owner.kind === 'node' && owner.cluster !== null ? (domains.get(owner.cluster.key) ?? null) : null;
}

/**
 * Splits the routes of a subnet into those that hold beside a domain and those inside its podCidr,
 * which no packet of the domain ever meets: a route table does not divert pod traffic.
 */
export function besideOverlay(
  domain: OverlayDomain,
  routes: readonly Route[],
): { readonly routes: readonly Route[]; readonly hidden: readonly Route[] } {
  const inside = (each: Route): boolean => prefixCovers(domain.podCidr, each.prefix);
  return { routes: routes.filter((each) => !inside(each)), hidden: routes.filter(inside) };
}
