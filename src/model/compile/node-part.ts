/** A node on its way into the network, with the pods that run on it. */
import type { Ipam } from '../aks/ipam.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { Node, Pod } from '../kubernetes/objects.ts';
import { podIndex } from '../kubernetes/pod-index.ts';
import type { HostId, Interface, Route } from '../network/network.ts';
import type { ClusterPart, Inventory, Port } from './inventory.ts';

export interface NodePart {
  readonly port: Port;
  readonly name: string;
  readonly node: Node | null;
  readonly host: HostId;
  readonly ipam: Ipam;
  /** What the node IPAM controller gave the node: with kubenet and Overlay. */
  readonly podCidr: Prefix | null;
  /** The range whose mask the pods' addresses carry; null while pods of this node can have none. */
  readonly podRange: Prefix | null;
  /** Those that have a network, or will have it. */
  readonly pods: readonly Pod[];
}

/** What the node's side of its pods' network amounts to. */
export interface NodeSide {
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
}

/** A pod has its network before its containers start (an image that cannot be pulled, say), and until they have ended. */
export function isOnNetwork(pod: Pod): boolean {
  const { phase, podIP } = pod.status;
  return phase === 'Running' || (phase === 'Pending' && podIP !== undefined);
}

/** Returns the machines of a cluster's scale sets, in the order of creation. */
export function nodeParts(inventory: Inventory, cluster: ClusterPart): readonly NodePart[] {
  const podsOf = new Map<string, Pod[]>();
  for (const pod of podIndex(cluster.state.pods).pods.values()) {
    if (!isOnNetwork(pod) || pod.spec.nodeName === undefined) continue;
    const list = podsOf.get(pod.spec.nodeName);
    if (list === undefined) podsOf.set(pod.spec.nodeName, [pod]);
    else list.push(pod);
  }
  const { podCidr } = cluster.cluster.networkProfile;
  const clusterRange = podCidr === null ? null : inventory.text.prefix(podCidr);
  return inventory.networks.flatMap((network) =>
    network.ports.flatMap((port): NodePart[] => {
      if (port.owner.kind !== 'node' || port.owner.cluster?.key !== cluster.key) return [];
      const { name, host, ipam } = port.owner;
      const node = inventory.nodes.get(name)?.node ?? null;
      const range = node?.spec.podCIDR;
      const own = range === undefined ? null : inventory.text.prefix(range);
      return [
        {
          port,
          name,
          node,
          host,
          ipam,
          podCidr: own,
          podRange: podRangeOf(port, ipam, own, clusterRange),
          pods: podsOf.get(name) ?? [],
        },
      ];
    }),
  );
}

function podRangeOf(port: Port, ipam: Ipam, own: Prefix | null, cluster: Prefix | null): Prefix | null {
  switch (ipam) {
    case 'kubenet':
      return own;
    case 'overlay':
      return own === null ? null : cluster;
    case 'node-subnet':
      return port.subnet.prefix;
    case 'pod-subnet-dynamic':
    case 'pod-subnet-static':
      return port.owner.kind === 'node' ? (port.owner.podSubnet?.subnet.prefix ?? null) : null;
    case 'none':
      return null;
  }
}
