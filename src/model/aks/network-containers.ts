/** What a node is given to address pods with, for each way: the content of its NodeNetworkConfig. */
import { armKey } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { addressCount, firstAddress, prefix } from '../ip/prefix.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import type { Node, NodeNetworkConfig } from '../kubernetes/objects.ts';
import { internalAddress } from '../kubernetes/pods.ts';
import { DYNAMIC_POD_ADDRESSES, STATIC_BLOCK_RESERVED_ADDRESSES } from '../limits/aks.ts';
import type { Ipam } from './ipam.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import type { Allocator } from './pod-subnet-allocator.ts';
import { blocksPerNode, dynamicTarget } from './pod-subnet-shares.ts';
import { podSubnetOf } from './pod-subnet.ts';

type NetworkContainer = NodeNetworkConfig['status']['networkContainers'][number];

/** A node that Azure's controller gives something to. */
export interface Managed {
  readonly node: Node;
  readonly pool: AgentPool;
  readonly ipam: Exclude<Ipam, 'kubenet' | 'node-subnet' | 'none'>;
}

/** Pods of a node that have or want an address of their own, and the addresses they hold. */
export interface Use {
  wanted: number;
  readonly held: Set<string>;
}

export type Content = Pick<NodeNetworkConfig, 'spec' | 'status'>;

/**
 * Returns what a node has now: what it had before if nothing asks for more or less. Without a container
 * there was nothing left to give.
 */
export function configFor(
  cloud: Cloud,
  cluster: ManagedCluster,
  managed: Managed,
  before: NodeNetworkConfig | null,
  use: Use,
  allocator: Allocator,
): Content {
  const subnet = podSubnetOf(cloud, managed.pool);
  switch (managed.ipam) {
    case 'overlay':
      return overlayConfig(cloud, cluster, managed, before);
    case 'pod-subnet-static':
      return staticConfig(cloud, cluster, managed, before, subnet, allocator);
    case 'pod-subnet-dynamic':
      return dynamicConfig(cloud, cluster, managed, before, subnet, use, allocator);
  }
}

function overlayConfig(
  cloud: Cloud,
  cluster: ManagedCluster,
  { node }: Managed,
  before: NodeNetworkConfig | null,
): Content {
  const share = node.spec.podCIDR;
  const range = cluster.networkProfile.podCidr;
  if (share === undefined || range === null) return withoutContainer(0);
  const chance = clusterChance(cloud, armKey(cluster.id));
  const [present] = before?.status.networkContainers ?? [];
  if (
    before !== null &&
    present?.type === 'overlay' &&
    present.primaryIP === share &&
    present.subnetAddressSpace === range &&
    present.nodeIP === internalAddress(node)
  ) {
    return before;
  }
  return {
    spec: { requestedIPCount: 0 },
    status: {
      assignedIPCount: addressCount(prefix(share)),
      networkContainers: [
        {
          id: present?.id ?? containerId(cloud, cluster, node),
          assignmentMode: 'static',
          type: 'overlay',
          nodeIP: internalAddress(node),
          primaryIP: share,
          subnetName: `routingdomain_${drawGuid(chance, 'routing-domain')}_overlaysubnet`,
          subnetAddressSpace: range,
          defaultGateway: '',
          ipAssignments: [],
          status: 'Available',
          version: present?.version ?? 0,
        },
      ],
    },
  };
}

function staticConfig(
  cloud: Cloud,
  cluster: ManagedCluster,
  { node, pool }: Managed,
  before: NodeNetworkConfig | null,
  subnet: Subnet | null,
  allocator: Allocator,
): Content {
  if (before !== null && before.status.networkContainers.length > 0) return before;
  const blocks = subnet === null ? null : allocator.take(subnet, blocksPerNode(pool.maxPods), 'blocks');
  const [first, ...others] = blocks ?? [];
  if (subnet === null || first === undefined) return withoutContainer(pool.maxPods);
  return {
    spec: { requestedIPCount: pool.maxPods },
    status: {
      assignedIPCount: blockAddresses([first, ...others]).length,
      networkContainers: [
        {
          ...containerIn(cloud, cluster, node, subnet),
          assignmentMode: 'static',
          type: 'vnetblock',
          primaryIP: first,
          ipAssignments: others.map((ip) => assignment(cloud, cluster, node, ip)),
        },
      ],
    },
  };
}

function dynamicConfig(
  cloud: Cloud,
  cluster: ManagedCluster,
  { node }: Managed,
  before: NodeNetworkConfig | null,
  subnet: Subnet | null,
  use: Use,
  allocator: Allocator,
): Content {
  const [present] = before?.status.networkContainers ?? [];
  const assigned = present?.ipAssignments ?? [];
  const { batch, releaseAboveFree } = DYNAMIC_POD_ADDRESSES.value;
  const target = dynamicTarget(use.wanted);
  if (subnet === null) return before ?? withoutContainer(target);
  let kept = assigned;
  let full = false;
  if (assigned.length < target) {
    const added: string[] = [];
    while (assigned.length + added.length < target && !full) {
      const step = Math.min(batch, target - assigned.length - added.length);
      const taken = allocator.take(subnet, step, 'addresses');
      if (taken === null) full = true;
      else added.push(...taken);
    }
    if (added.length > 0) kept = [...assigned, ...added.map((ip) => assignment(cloud, cluster, node, ip))];
  } else if (assigned.length - use.wanted > releaseAboveFree && assigned.length > target) {
    kept = releaseUnused(assigned, use.held, assigned.length - target);
  }
  const [first] = kept;
  if (first === undefined) return withoutContainer(target);
  const status = full ? 'NCUpdateSubnetFullError' : 'Available';
  if (
    before !== null &&
    kept === assigned &&
    before.spec.requestedIPCount === target &&
    present?.status === status
  ) {
    return before;
  }
  return {
    spec: { requestedIPCount: target },
    status: {
      assignedIPCount: kept.length,
      scaler: {
        batchSize: batch,
        requestThresholdPercent: 50,
        releaseThresholdPercent: 150,
        maxIPCount: 250,
      },
      networkContainers: [
        {
          ...containerIn(cloud, cluster, node, subnet),
          assignmentMode: 'dynamic',
          type: 'vnet',
          primaryIP: first.ip,
          ipAssignments: kept,
          status,
          version: present === undefined ? 0 : present.version + (kept === assigned ? 0 : 1),
        },
      ],
    },
  };
}

/** Gives back the last ones that no pod holds. */
function releaseUnused(
  assigned: NetworkContainer['ipAssignments'],
  held: ReadonlySet<string>,
  count: number,
): NetworkContainer['ipAssignments'] {
  let left = count;
  return assigned.reduceRight<NetworkContainer['ipAssignments'][number][]>((kept, each) => {
    if (left > 0 && !held.has(each.ip)) left--;
    else kept.unshift(each);
    return kept;
  }, []);
}

function withoutContainer(requested: number): Content {
  return {
    spec: { requestedIPCount: requested },
    status: { assignedIPCount: 0, networkContainers: [] },
  };
}

function containerIn(
  cloud: Cloud,
  cluster: ManagedCluster,
  node: Node,
  subnet: Subnet,
): Pick<
  NetworkContainer,
  'id' | 'nodeIP' | 'subnetName' | 'subnetAddressSpace' | 'defaultGateway' | 'status' | 'version'
> {
  const gateway = addressPlus(firstAddress(prefix(subnet.addressPrefix)), 1);
  return {
    id: containerId(cloud, cluster, node),
    nodeIP: internalAddress(node),
    subnetName: subnet.name,
    subnetAddressSpace: subnet.addressPrefix,
    defaultGateway: gateway === null ? '' : formatAddress(gateway),
    status: 'Available',
    version: 0,
  };
}

function containerId(cloud: Cloud, cluster: ManagedCluster, node: Node): string {
  const chance = clusterChance(cloud, armKey(cluster.id));
  return drawGuid(chance, `network-container/${node.metadata.name}`);
}

function assignment(
  cloud: Cloud,
  cluster: ManagedCluster,
  node: Node,
  ip: string,
): NetworkContainer['ipAssignments'][number] {
  const chance = clusterChance(cloud, armKey(cluster.id));
  return { name: drawGuid(chance, `pod-address/${node.metadata.name}/${ip}`), ip };
}

/** The addresses of blocks without the one that AKS keeps for the node, the first. */
export function blockAddresses(blocks: readonly string[]): readonly string[] {
  return blocks
    .flatMap((block) => {
      const range = prefix(block);
      return Array.from({ length: addressCount(range) }, (_, at) => {
        const address = addressPlus(firstAddress(range), at);
        return address === null ? '' : formatAddress(address);
      });
    })
    .slice(STATIC_BLOCK_RESERVED_ADDRESSES.value);
}
