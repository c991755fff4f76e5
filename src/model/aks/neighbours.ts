/**
 * Who a node knows by MAC address. A node learns a neighbour when it exchanges packets with it: its
 * gateway; the nodes that it, or metrics on it, talks to; and pods that kubelet probes or whose
 * traffic the node routes. Pods that only wait are not in the list, which is why it is no inventory.
 */
import { armKey } from '../azure/resource-store.ts';
import { findSubnet } from '../azure/subnet.ts';
import type { ArmKey } from '../azure/resources.ts';
import { pinned } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { firstAddress, parsePrefix } from '../ip/prefix.ts';
import { kubernetesOf, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { KubernetesState, Node, NodeSimulation, Pod } from '../kubernetes/objects.ts';
import { podIndex } from '../kubernetes/pod-index.ts';
import { isActive } from '../kubernetes/pod-status.ts';
import { internalAddress } from '../kubernetes/pods.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { clusterInstances } from './nodes.ts';

/** What the nodes of a store have learned everything from. */
const settled = new WeakMap<
  KubernetesState['nodes'],
  {
    readonly pods: KubernetesState['pods'];
    readonly resources: Cloud['resources'];
    readonly pins: Cloud['pins'];
  }
>();

type Neighbour = NodeSimulation['neighbours'][number];

/** Returns the cloud in which the node has talked to this neighbour. */
export function recordNeighbour(cloud: Cloud, cluster: ArmKey, nodeName: string, address: string): Cloud {
  const state = kubernetesOf(cloud, cluster);
  const node = state.nodes[nodeName];
  if (node === undefined) return cloud;
  const next = withNeighbours(node, [address]);
  return next === node
    ? cloud
    : withKubernetes(cloud, cluster, { ...state, nodes: { ...state.nodes, [nodeName]: next } });
}

/** Returns the cloud with the neighbours that a cluster's own traffic teaches its nodes. */
export function learnNeighbours(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const before = settled.get(state.nodes);
  if (before?.pods === state.pods && before.resources === cloud.resources && before.pins === cloud.pins) {
    return cloud;
  }
  const { talkative, measuring } = talkersOf(state.pods);
  const gateways = new Map<string, string | null>();
  const gatewayOfSubnet = new Map<string, string | null>();
  for (const { instance } of clusterInstances(cloud, cluster)) {
    const subnet = instance.networkInterface.ipConfigurations[0]?.subnet.id ?? '';
    let gateway = gatewayOfSubnet.get(subnet);
    if (gateway === undefined) gatewayOfSubnet.set(subnet, (gateway = gatewayOf(cloud, subnet)));
    gateways.set(instance.computerName, gateway);
  }
  const all = Object.values(state.nodes);
  const measured = all.filter((node) => measuring.has(node.metadata.name));
  const nodes: Record<string, Node> = {};
  let changed = false;
  for (const [name, node] of Object.entries(state.nodes)) {
    const next = learn(node);
    changed ||= next !== node;
    nodes[name] = next;
  }
  if (changed) return withKubernetes(cloud, key, { ...state, nodes });
  settled.set(state.nodes, { pods: state.pods, resources: cloud.resources, pins: cloud.pins });
  return cloud;

  function learn(node: Node): Node {
    const name = node.metadata.name;
    const fixed = pinned(cloud, `arp/${name}`);
    if (fixed !== null) {
      if ((node.simulation?.neighbours.length ?? 0) > 0) return node;
      return withNeighbours(
        node,
        fixed.split(',').map((text) => text.trim()),
      );
    }
    const gateway = gateways.get(name) ?? null;
    const heard = measuring.has(name) ? all : measured;
    const others = heard.filter((other) => other !== node).map(internalAddress);
    return withNeighbours(node, [
      ...(gateway === null ? [] : [gateway]),
      ...(talkative.get(name) ?? []),
      ...others,
    ]);
  }
}

interface Talkers {
  /** Addresses of pods, by the node they are on. */
  readonly talkative: ReadonlyMap<string, readonly string[]>;
  /** Nodes with a metrics server. */
  readonly measuring: ReadonlySet<string>;
}

const talkersOfPods = new WeakMap<KubernetesState['pods'], Talkers>();

function talkersOf(pods: KubernetesState['pods']): Talkers {
  const known = talkersOfPods.get(pods);
  if (known !== undefined) return known;
  const talkative = new Map<string, string[]>();
  const measuring = new Set<string>();
  for (const pod of podIndex(pods).pods.values()) {
    const node = pod.spec.nodeName;
    if (node === undefined || !isActive(pod)) continue;
    if (pod.metadata.labels?.['k8s-app'] === 'metrics-server') measuring.add(node);
    if (pod.status.podIP === undefined || pod.spec.hostNetwork === true || !isTalkative(pod)) continue;
    const those = talkative.get(node);
    if (those === undefined) talkative.set(node, [pod.status.podIP]);
    else those.push(pod.status.podIP);
  }
  const talkers = { talkative, measuring };
  talkersOfPods.set(pods, talkers);
  return talkers;
}

/** Pods with probes hear from kubelet; system pods also call the API server through the node. */
function isTalkative(pod: Pod): boolean {
  return (
    pod.metadata.namespace === 'kube-system' ||
    pod.spec.containers.some((container) =>
      [container.livenessProbe, container.readinessProbe].some(
        (probe) => probe?.httpGet !== undefined || probe?.tcpSocket !== undefined,
      ),
    )
  );
}

/** Adds those that the node does not know yet, at the end. */
function withNeighbours(node: Node, added: readonly string[]): Node {
  const simulation = node.simulation ?? { ipForward: 'on', neighbours: [] };
  const { neighbours } = simulation;
  // Nearly always they are all known, and few.
  if (added.every((address, at) => neighbours[at]?.address === address)) return node;
  const known = new Set(neighbours.map((each) => each.address));
  const fresh = added.flatMap((address): Neighbour[] => {
    if (known.has(address)) return [];
    known.add(address);
    return [{ address }];
  });
  return fresh.length === 0
    ? node
    : { ...node, simulation: { ...simulation, neighbours: [...neighbours, ...fresh] } };
}

function gatewayOf(cloud: Cloud, subnetId: string): string | null {
  const found = findSubnet(cloud, subnetId);
  const range = found === null ? null : parsePrefix(found.subnet.addressPrefix);
  if (range === null || !range.ok) return null;
  const gateway = addressPlus(firstAddress(range.value), 1);
  return gateway === null ? null : formatAddress(gateway);
}
