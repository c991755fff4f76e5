/**
 * Azure's delegated network controller: what it gives each node to address pods with, and writes into
 * the node's NodeNetworkConfig. An Overlay node has its share of the pod range; a Pod Subnet node has
 * blocks for life, or batches that follow the number of its pods (Azure/azure-container-networking,
 * crd/nodenetworkconfig and cns/ipampool). Nodes without any stay NotReady.
 */
import { armKey } from '../azure/resource-store.ts';
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, newMetadata, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { KubernetesState, Node, NodeNetworkConfig } from '../kubernetes/objects.ts';
import { isActive } from '../kubernetes/pod-status.ts';
import { ipamOf } from './ipam.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { blockAddresses, configFor } from './network-containers.ts';
import type { Managed, Use } from './network-containers.ts';
import { withReadiness } from './node-readiness.ts';
import { openAllocator } from './pod-subnet-allocator.ts';

const SYSTEM = 'kube-system';

/** What was found in step with the nodes of a store; pods are null where nothing follows them. */
const settled = new WeakMap<
  KubernetesState['nodes'],
  {
    readonly cluster: ManagedCluster;
    readonly configs: KubernetesState['nodeNetworkConfigs'];
    readonly resources: Cloud['resources'];
    readonly pods: KubernetesState['pods'] | null;
  }
>();

/**
 * Returns the cloud with one NodeNetworkConfig for each node that needs one, in step with the node's
 * pods, and with the node's addresses for pods; the same cloud if all were.
 */
export function reconcileNodeNetworkConfigs(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const known = settled.get(state.nodes);
  if (
    known?.cluster === cluster &&
    known.configs === state.nodeNetworkConfigs &&
    known.resources === cloud.resources &&
    (known.pods === null || known.pods === state.pods)
  ) {
    return cloud;
  }
  const pools = new Map(cluster.agentPoolProfiles.map((pool) => [pool.name, pool]));
  const waiting: Managed[] = [];
  for (const node of Object.values(state.nodes)) {
    const pool = pools.get(node.metadata.labels?.['agentpool'] ?? '');
    const ipam = pool === undefined ? null : managedIpam(cluster, pool, node);
    if (pool !== undefined && ipam !== null) waiting.push({ node, pool, ipam });
  }
  if (waiting.length === 0 && Object.keys(state.nodeNetworkConfigs).length === 0) return cloud;

  // Only batches follow pods; shares and blocks do not.
  const follows = waiting.some(({ ipam }) => ipam === 'pod-subnet-dynamic');
  const pods: ReadonlyMap<string, Use> = follows ? podsByNode(state) : new Map();
  const allocator = openAllocator(withoutGoneNodes(cloud, cluster, waiting), cluster);
  const configs: Record<string, NodeNetworkConfig> = {};
  const fresh = new Map<string, Node>();
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
      fresh.set(node.metadata.name, next);
      changed = true;
    }
  }
  if (!changed) {
    settled.set(state.nodes, {
      cluster,
      configs: state.nodeNetworkConfigs,
      resources: cloud.resources,
      pods: follows ? state.pods : null,
    });
    return cloud;
  }
  return withKubernetes(cloud, key, {
    ...state,
    nodes:
      fresh.size === 0
        ? state.nodes
        : Object.fromEntries(
            Object.entries(state.nodes).map(([name, node]) => [name, fresh.get(name) ?? node]),
          ),
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

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
