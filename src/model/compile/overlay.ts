/**
 * The routing domain of a cluster with Azure CNI Overlay: the fabric knows which of its nodes has which
 * part of the podCidr, without route tables and without encapsulation, and only for packets of the
 * cluster's own nodes (https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay).
 *
 * Where a route table elsewhere leads packets for pods to such a node, documentation and the field disagree,
 * so it is `undetermined`: there is "no direct external pod IP access"
 * (https://learn.microsoft.com/azure/aks/concepts-network-cni-overview, read 2026-07-10), but a report has such
 * routes work within a VNet (https://github.com/Azure/AKS/issues/4871, 2025-03-17, open).
 *
 * What is for no pod of the node that has the range comes back to that node: it has no route for it but the
 * default one, and the fabric was seen to hand packets "repeatedly" to the node that sent them
 * (https://github.com/Azure/azure-container-networking/issues/2672, 2024-04-03). So they go round.
 */
import type { ArmKey } from '../azure/resources.ts';
import type { Address } from '../ip/address.ts';
import { setComplement, setOf, setOfAddresses, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { formatPrefix, prefixCovers } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { FilterChain, FilterVerdict, Route } from '../network/network.ts';
import type { Inventory, Port } from './inventory.ts';

export interface OverlayDomain {
  /** `overlay of cluster aks`. */
  readonly name: string;
  readonly podCidr: Prefix;
  /** To the nodes, and to nothing for what no node has. */
  readonly routes: readonly Route[];
  /** Who is meant by it: everything but the addresses of its nodes and pods. */
  readonly strangers: AddressSet;
}

/** Returns the domains by the key of their cluster. */
export function overlayDomains(inventory: Inventory): ReadonlyMap<ArmKey, OverlayDomain> {
  const drafts = new Map<ArmKey, Omit<OverlayDomain, 'strangers'> & { routes: Route[]; nodes: Address[] }>();
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
    drafts.set(key, { name, podCidr: range, routes: [rest], nodes: [] });
  }
  if (drafts.size === 0) return new Map();
  for (const { ports } of inventory.networks) {
    for (const { owner, addresses } of ports) {
      if (owner.kind !== 'node' || owner.cluster === null) continue;
      const domain = drafts.get(owner.cluster.key);
      domain?.nodes.push(...addresses);
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
  return new Map(
    [...drafts].map(([key, { nodes, ...domain }]) => {
      const own = setUnion(setOfAddresses(nodes), setOf(domain.podCidr));
      return [key, { ...domain, strangers: setComplement(own) }];
    }),
  );
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

/** Returns what nobody can tell of packets to a node's pods that come from outside its domain. */
export function uncertainToPods(port: Port, domain: OverlayDomain | null): readonly FilterChain[] {
  if (domain === null) return [];
  return [
    {
      by: `${domain.name} (the packet comes from outside it)`,
      hook: 'egress',
      interface: port.name,
      only: { source: domain.strangers, destination: setOf(domain.podCidr) },
      replies: 'checked',
      rules: [],
      otherwise: FROM_OUTSIDE,
    },
  ];
}

const FROM_OUTSIDE: FilterVerdict = {
  kind: 'undetermined',
  reason:
    'a route table leads it to an Overlay node from outside the routing domain of the cluster. Documentation says that its pods cannot be reached at their addresses; a report says that such a route works within a VNet (https://github.com/Azure/AKS/issues/4871). Nobody promises it: what is meant to be called gets a Service',
};
