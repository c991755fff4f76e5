/**
 * Azure's delegated network controller: what it gives each node to address pods with, and writes into
 * the node's NodeNetworkConfig. An Overlay node has its share of the pod range; a Pod Subnet node has
 * blocks for life, or batches that follow the number of its pods (Azure/azure-container-networking,
 * crd/nodenetworkconfig and cns/ipampool). Nodes without any stay NotReady.
 */
import { armKey } from '../azure/resource-store.ts';
import type { Subnet } from '../azure/resources.ts';
import { everyFreeAddress, everyFreeBlock, virtualNetworkRoom } from '../azure/subnet-addresses.ts';
import { findSubnet } from '../azure/subnet.ts';
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { addressCount, firstAddress, prefix } from '../ip/prefix.ts';
import { clusterChance, kubernetesOf, newMetadata, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { KubernetesState, Node, NodeNetworkConfig } from '../kubernetes/objects.ts';
import { isActive } from '../kubernetes/pod-status.ts';
import { internalAddress } from '../kubernetes/pods.ts';
import {
  DYNAMIC_POD_ADDRESSES,
  STATIC_BLOCK_PREFIX_LENGTH,
  STATIC_BLOCK_RESERVED_ADDRESSES,
} from '../limits/aks.ts';
import { ipamOf } from './ipam.ts';
import type { Ipam } from './ipam.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { withReadiness } from './node-readiness.ts';
import { blocksPerNode, dynamicTarget } from './pod-subnet-shares.ts';

type NetworkContainer = NodeNetworkConfig['status']['networkContainers'][number];

const SYSTEM = 'kube-system';

/**
 * Returns the cloud with one NodeNetworkConfig for each node that needs one, in step with the node's
 * pods, and with the node's addresses for pods; the same cloud if all were.
 */
export function reconcileNodeNetworkConfigs(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const pools = new Map(cluster.agentPoolProfiles.map((pool) => [pool.name, pool]));
  const waiting: Managed[] = [];
  for (const node of Object.values(state.nodes)) {
    const pool = pools.get(node.metadata.labels?.['agentpool'] ?? '');
    const ipam = pool === undefined ? null : managedIpam(cluster, pool, node);
    if (pool !== undefined && ipam !== null) waiting.push({ node, pool, ipam });
  }
  if (waiting.length === 0 && Object.keys(state.nodeNetworkConfigs).length === 0) return cloud;

  // Only batches follow pods; shares and blocks do not.
  const pods: ReadonlyMap<string, Use> = waiting.some(({ ipam }) => ipam === 'pod-subnet-dynamic')
    ? podsByNode(state)
    : new Map();
  const allocator = openAllocator(withoutGoneNodes(cloud, cluster, waiting), cluster);
  const configs: Record<string, NodeNetworkConfig> = {};
  const nodes = new Map(Object.entries(state.nodes));
  let version = state.controlPlane.nextResourceVersion;
  let changed = waiting.length !== Object.keys(state.nodeNetworkConfigs).length;
  for (const managed of waiting) {
    const { node } = managed;
    const name = `${SYSTEM}/${node.metadata.name}`;
    const before = state.nodeNetworkConfigs[name] ?? null;
    const use = pods.get(node.metadata.name) ?? { wanted: 0, held: new Set<string>() };
    const { spec, status } = configFor(cloud, cluster, managed, before, use, allocator);
    let config = before;
    if (config === null || !same(config.spec, spec) || !same(config.status, status)) {
      config = {
        apiVersion: 'acn.azure.com/v1alpha',
        kind: 'NodeNetworkConfig',
        metadata: before
          ? { ...before.metadata, resourceVersion: (version++).toString() }
          : newMetadata(cloud, key, {
              kind: 'NodeNetworkConfig',
              name: node.metadata.name,
              namespace: SYSTEM,
              labels: labelsFor(cloud, managed),
              owner: {
                apiVersion: 'v1',
                kind: 'Node',
                name: node.metadata.name,
                uid: node.metadata.uid,
                controller: true,
                blockOwnerDeletion: true,
              },
              created: cloud.now,
              resourceVersion: version++,
            }),
        spec,
        status,
      };
      changed = true;
    }
    configs[name] = config;
    const next = withPodAddresses(
      withReadiness(node, config.status.networkContainers.length > 0 ? 'present' : 'missing'),
      config,
      before,
    );
    if (next !== node) {
      nodes.set(node.metadata.name, next);
      changed = true;
    }
  }
  if (!changed) return cloud;
  return withKubernetes(cloud, key, {
    ...state,
    nodes: Object.fromEntries(nodes),
    nodeNetworkConfigs: configs,
    controlPlane: { ...state.controlPlane, nextResourceVersion: version },
  });
}

/** What nodes that are gone had is free for the others at once. */
function withoutGoneNodes(cloud: Cloud, cluster: ManagedCluster, managed: readonly Managed[]): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const names = new Set(managed.map(({ node }) => `${SYSTEM}/${node.metadata.name}`));
  const present = Object.entries(state.nodeNetworkConfigs);
  const kept = present.filter(([name]) => names.has(name));
  return kept.length === present.length
    ? cloud
    : withKubernetes(cloud, key, { ...state, nodeNetworkConfigs: Object.fromEntries(kept) });
}

interface Managed {
  readonly node: Node;
  readonly pool: AgentPool;
  readonly ipam: Exclude<Ipam, 'kubenet' | 'node-subnet' | 'none'>;
}

function managedIpam(cluster: ManagedCluster, pool: AgentPool, node: Node): Managed['ipam'] | null {
  const ipam = ipamOf(cluster.networkProfile, pool);
  switch (ipam) {
    case 'kubenet':
    case 'node-subnet':
    case 'none':
      return null;
    case 'overlay':
      // A node of Node Subnet keeps its addresses until the migration has renewed it.
      return node.simulation?.podAddresses === undefined ? ipam : null;
    case 'pod-subnet-dynamic':
    case 'pod-subnet-static':
      return ipam;
  }
}

/** Pods of a node that have or want an address of their own, and the addresses they hold. */
interface Use {
  wanted: number;
  readonly held: Set<string>;
}

function podsByNode(state: KubernetesState): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  for (const pod of Object.values(state.pods)) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || pod.spec.hostNetwork === true || !isActive(pod)) continue;
    const use = uses.get(nodeName) ?? { wanted: 0, held: new Set<string>() };
    uses.set(nodeName, use);
    use.wanted++;
    if (pod.status.podIP !== undefined) use.held.add(pod.status.podIP);
  }
  return uses;
}

interface Allocator {
  /** Returns so many addresses or blocks of a pod subnet, or null if there are not as many. */
  readonly take: (subnet: Subnet, count: number, what: 'addresses' | 'blocks') => readonly string[] | null;
}

/** Hands out each free address once, over all nodes of one reconcile. */
function openAllocator(cloud: Cloud, cluster: ManagedCluster): Allocator {
  const sources = new Map<string, { readonly free: Iterator<string, undefined>; readonly next: string[] }>();
  let room: number | null = null;
  return {
    take: (subnet, count, what) => {
      room ??= virtualNetworkRoom(cloud, cluster.simulation.virtualNetworkId);
      if (count > room) return null;
      const key = `${what} ${armKey(subnet.id)}`;
      const source = sources.get(key) ?? {
        free:
          what === 'addresses'
            ? everyFreeAddress(cloud, subnet)
            : everyFreeBlock(cloud, subnet, STATIC_BLOCK_PREFIX_LENGTH.value),
        next: [],
      };
      sources.set(key, source);
      while (source.next.length < count) {
        const step = source.free.next();
        if (step.done === true) return null;
        source.next.push(step.value);
      }
      room -= count;
      return source.next.splice(0, count);
    },
  };
}

type Content = Pick<NodeNetworkConfig, 'spec' | 'status'>;

function configFor(
  cloud: Cloud,
  cluster: ManagedCluster,
  managed: Managed,
  before: NodeNetworkConfig | null,
  use: Use,
  allocator: Allocator,
): Content {
  const subnet =
    managed.pool.podSubnetId === null ? null : (findSubnet(cloud, managed.pool.podSubnetId)?.subnet ?? null);
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

function labelsFor(cloud: Cloud, { node, pool, ipam }: Managed): Readonly<Record<string, string>> {
  const type = { overlay: 'overlay', 'pod-subnet-static': 'vnetblock', 'pod-subnet-dynamic': 'vnet' }[ipam];
  const subnet =
    pool.podSubnetId === null ? '' : pool.podSubnetId.slice(pool.podSubnetId.lastIndexOf('/') + 1);
  return {
    'kubernetes.azure.com/podnetwork-delegationguid':
      pool.podSubnetId === null ? '' : drawGuid(cloud, `delegation/${armKey(pool.podSubnetId)}`),
    'kubernetes.azure.com/podnetwork-subnet': ipam === 'overlay' ? '' : subnet,
    'kubernetes.azure.com/podnetwork-type': type,
    managed: 'true',
    owner: node.metadata.name,
  };
}

/** Puts what the node was given of a pod subnet beside the node, where pods are addressed. */
function withPodAddresses(node: Node, config: NodeNetworkConfig, before: NodeNetworkConfig | null): Node {
  const [container] = config.status.networkContainers;
  if (config === before && node.simulation?.podAddresses !== undefined) return node;
  const type = container?.type;
  if (type === 'overlay') return node;
  const blocks = [container?.primaryIP ?? '', ...(container?.ipAssignments ?? []).map(({ ip }) => ip)];
  const podAddresses =
    container === undefined
      ? []
      : type === 'vnetblock'
        ? blockAddresses(blocks)
        : container.ipAssignments.map(({ ip }) => ip);
  const simulation = node.simulation ?? { ipForward: 'on', neighbours: [] };
  return same(simulation.podAddresses, podAddresses)
    ? node
    : { ...node, simulation: { ...simulation, podAddresses } };
}

/** The addresses of blocks without the one that AKS keeps for the node, the first. */
function blockAddresses(blocks: readonly string[]): readonly string[] {
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

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
