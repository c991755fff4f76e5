/** Making, placing, starting and ending pods. */
import { pinned, drawSuffix } from '../chance.ts';
import { drawPodAddress, podAddressPool } from './azure-cns.ts';
import { withServerName } from './api-server-name.ts';
import { kubernetesTime, ownerReference } from './cluster-state.ts';
import { draftMetadata, forgetWarning, putPod, removePod, touched, updatePod, warn } from './draft.ts';
import type { Draft } from './draft.ts';
import { isPodAddress, nextPodAddress } from './host-local.ts';
import { waitForImages } from './image-pulls.ts';
import { containerBehaviour } from './images.ts';
import type { DaemonSet, Node, Pod, PodSpec, PodTemplate, ReplicaSet } from './objects.ts';
import type { PodsByOwner } from './pod-index.ts';
import { creatingStatus, isActive, newStatus, startedAt, startedStatus } from './pod-status.ts';
import { reportPulled } from './pull-events.ts';
import { withProxyVariables } from './proxy-variables.ts';
import { livenessFailure, readinessFailure } from './container-probes.ts';
import { assign, emptyLoad, openQueue, whyUnschedulable } from './scheduler.ts';
import type { NodeLoad, PlacementQueue } from './scheduler.ts';
import { startedSimulation, waitForConfiguration, waitForVolumes } from './waiting-pods.ts';

const SUFFIX_LENGTH = 5;
/** Reason of the event about a pod without an address. */
const NO_SANDBOX = 'FailedCreatePodSandBox';

/** Returns the pods of one owner by its uid. */
export function podsByOwner(draft: Draft): PodsByOwner {
  if (draft.podsByOwner !== null) return draft.podsByOwner;
  const found = new Map<string, Pod[]>();
  for (const pod of draft.pods.values()) {
    const uid = pod.metadata.ownerReferences?.[0]?.uid;
    if (uid === undefined) continue;
    const siblings = found.get(uid);
    if (siblings === undefined) found.set(uid, [pod]);
    else siblings.push(pod);
  }
  draft.podsByOwner = found;
  return found;
}

/**
 * Adds a pod of a ReplicaSet or DaemonSet. `counter` is the `namespace/owner` that numbers it; `nodeName`
 * is set for a DaemonSet's.
 */
export function createOwnedPod(
  draft: Draft,
  owner: ReplicaSet | DaemonSet,
  template: PodTemplate,
  counter: string,
  nodeName: string | null,
): Pod {
  const namespace = owner.metadata.namespace ?? 'default';
  const ordinal = draft.podsCreated.get(counter) ?? 0;
  draft.podsCreated.set(counter, ordinal + 1);
  draft.changed.add('counters');
  const generateName = `${owner.metadata.name}-`;
  const purpose = `pod-suffix/${counter}/${ordinal}`;
  let name = `${generateName}${drawSuffix(draft.chance, purpose, SUFFIX_LENGTH)}`;
  let key = `${namespace}/${name}`;
  for (let again = 1; draft.pods.has(key); again++) {
    name = `${generateName}${drawSuffix(draft.chance, `${purpose}/${again}`, SUFFIX_LENGTH)}`;
    key = `${namespace}/${name}`;
  }
  const node = nodeName ?? pinned(draft.chance, `pod-node/${counter}/${ordinal}`);
  const created = draft.cloud.now - ageAtCreation(draft, `pod-age/${key}`);
  const { annotations } = template.metadata;
  const named = withServerName(draft.cloud, draft.cluster, annotations, template.spec);
  const spec = withProxyVariables(draft.cloud, draft.cluster, annotations, named);
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: draftMetadata(draft, {
      kind: 'Pod',
      name,
      namespace,
      generateName,
      labels: template.metadata.labels,
      annotations,
      owner: ownerReference(owner),
      created,
    }),
    spec: node === null ? spec : { ...spec, nodeName: node },
    status: newStatus(spec),
  };
  putPod(draft, pod, key);
  return pod;
}

/** Returns the pinned age in seconds of an object at its creation, or 0. */
export function ageAtCreation(draft: Pick<Draft, 'chance'>, purpose: string): number {
  const text = pinned(draft.chance, purpose);
  const seconds = text === null ? 0 : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.floor(seconds) : 0;
}

/** Ends a pod: it leaves the list, and its address is free again. */
export function deletePod(draft: Draft, pod: Pod): void {
  removePod(draft, pod);
  const address = pod.status.podIP;
  const node = pod.spec.nodeName === undefined ? undefined : draft.nodes.get(pod.spec.nodeName);
  if (address === undefined || node?.simulation === undefined || pod.spec.hostNetwork === true) return;
  const neighbours = node.simulation.neighbours.filter((each) => each.address !== address);
  if (neighbours.length === node.simulation.neighbours.length) return;
  draft.nodes.set(node.metadata.name, { ...node, simulation: { ...node.simulation, neighbours } });
  draft.changed.add('nodes');
}

/** Returns every node with what it carries now, oldest node first. */
function nodeLoads(draft: Draft): NodeLoad[] {
  const loads = new Map<string, NodeLoad>();
  for (const node of draft.nodes.values()) {
    loads.set(node.metadata.name, emptyLoad(node));
  }
  for (const pod of draft.pods.values()) {
    const load = pod.spec.nodeName === undefined ? undefined : loads.get(pod.spec.nodeName);
    if (load !== undefined && isActive(pod)) assign(load, pod.spec, spreadGroup(pod));
  }
  return [...loads.values()];
}

/** Places pods that have no node, in the order they were created. */
export function schedulePods(draft: Draft): void {
  const refused = new Map<string, string>();
  const specs: PlacedSpecs = new Map();
  let loads: readonly NodeLoad[] | null = null;
  let queue: PlacementQueue | null = null;
  for (const [key, pod] of draft.pods) {
    if (pod.spec.nodeName !== undefined || !isActive(pod)) continue;
    loads ??= nodeLoads(draft);
    const group = spreadGroup(pod);
    // Pods of one controller are alike: what no node took a moment ago, no node takes now.
    let problem = refused.get(group) ?? null;
    if (problem === null) {
      if (queue === null || !queue.serves(pod.spec, group)) queue = openQueue(pod.spec, group, loads);
      const load = queue.next();
      if (load !== null) {
        refused.clear();
        assign(load, pod.spec, group);
        updatePod(draft, key, pod, { spec: placedSpec(specs, pod.spec, load) });
        continue;
      }
      problem = whyUnschedulable(pod.spec, loads);
      refused.set(group, problem);
    }
    setPending(draft, pod, problem);
  }
}

/** Pods that are alike and on one node have one spec: there may be very many of them. */
type PlacedSpecs = Map<PodSpec, Map<NodeLoad, PodSpec>>;

function placedSpec(known: PlacedSpecs, spec: PodSpec, load: NodeLoad): PodSpec {
  let ofNodes = known.get(spec);
  if (ofNodes === undefined) known.set(spec, (ofNodes = new Map<NodeLoad, PodSpec>()));
  let placed = ofNodes.get(load);
  if (placed === undefined) {
    placed = { ...spec, nodeName: load.node.metadata.name };
    ofNodes.set(load, placed);
  }
  return placed;
}

/** Gives an address to each pod that has a node and starts its containers. */
export function startPods(draft: Draft): void {
  const hosts = new Map<string, PodHost>();
  let taken: ReadonlyMap<string, Set<string>> | null = null;
  for (const [key, pod] of draft.pods) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || !isActive(pod)) continue;
    if (pod.status.podIP !== undefined) {
      if (pod.simulation?.configuration !== undefined)
        startPod(draft, key, pod, pod.status.hostIP ?? '', pod.status.podIP);
      continue;
    }
    taken ??= takenAddresses(draft);
    let host = hosts.get(nodeName);
    if (host === undefined) {
      const node = draft.nodes.get(nodeName);
      if (node === undefined) {
        warn(draft, pod, 'FailedScheduling', `node "${nodeName}" not found`, 'default-scheduler');
        continue;
      }
      host = { node, address: internalAddress(node), used: taken.get(nodeName) ?? new Set() };
      hosts.set(nodeName, host);
    }
    if (waitForVolumes(draft, key, pod, host.address) === 'waits') continue;
    if (pod.spec.hostNetwork === true) {
      startPod(draft, key, pod, host.address, host.address);
      continue;
    }
    const address = choosePodAddress(draft, key, host.node, host.used);
    if (typeof address !== 'string') {
      warn(draft, pod, NO_SANDBOX, address.problem, 'kubelet');
      if (pod.status.containerStatuses === undefined) {
        updatePod(draft, key, pod, { status: creatingStatus(pod, host.address) });
      }
      continue;
    }
    host.used.add(address);
    forgetWarning(draft, pod, NO_SANDBOX);
    startPod(draft, key, pod, host.address, address);
  }
}

function startPod(draft: Draft, key: string, pod: Pod, hostAddress: string, address: string): void {
  if (waitForImages(draft, key, pod, hostAddress, address) === 'waits') return;
  if (waitForConfiguration(draft, key, pod, hostAddress, address) === 'waits') return;
  const status = startedStatus(pod, hostAddress, address);
  const simulation = startedSimulation(draft, pod);
  if (simulation === undefined && pod.simulation === undefined) updatePod(draft, key, pod, { status });
  else {
    const { simulation: before, ...bare } = pod;
    const metadata = touched(draft, pod.metadata);
    const waited = before?.mount !== undefined || before?.configuration !== undefined;
    const started = {
      ...bare,
      metadata,
      status: waited ? startedAt(status, kubernetesTime(draft.cloud.now)) : status,
      ...(simulation === undefined ? {} : { simulation }),
    };
    putPod(draft, started, key);
    const held = (container: string): boolean => {
      const state = pod.status.containerStatuses?.find(({ name }) => name === container)?.state;
      return waited && (state === undefined || 'waiting' in state);
    };
    for (const container of pod.spec.containers)
      if (held(container.name)) reportPulled(draft, started, container);
  }
  for (const container of pod.spec.containers) {
    const { livenessProbe, readinessProbe } = container;
    if (livenessProbe === undefined && readinessProbe === undefined) continue;
    if (containerBehaviour(container).kind === 'exits') continue;
    const failure =
      livenessFailure(pod.spec, container, address) ?? readinessFailure(pod.spec, container, address);
    if (failure !== null) warn(draft, pod, 'Unhealthy', failure, 'kubelet');
  }
}

/** A node while pods are started on it. */
interface PodHost {
  readonly node: Node;
  /** In its subnet. */
  readonly address: string;
  /** Addresses that pods on it hold. */
  readonly used: Set<string>;
}

/** Pods of one controller are spread over the nodes; a bare pod is alone. */
function spreadGroup(pod: Pod): string {
  return pod.metadata.ownerReferences?.[0]?.uid ?? pod.metadata.uid;
}

function setPending(draft: Draft, pod: Pod, message: string): void {
  warn(draft, pod, 'FailedScheduling', message, 'default-scheduler');
  const known = pod.status.conditions?.find((each) => each.type === 'PodScheduled');
  if (known?.message === message) return;
  putPod(draft, {
    ...pod,
    metadata: touched(draft, pod.metadata),
    status: {
      ...pod.status,
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          lastTransitionTime: known?.lastTransitionTime ?? kubernetesTime(draft.cloud.now),
          reason: 'Unschedulable',
          message,
        },
      ],
    },
  });
}

function takenAddresses(draft: Draft): Map<string, Set<string>> {
  const taken = new Map<string, Set<string>>();
  for (const pod of draft.pods.values()) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || pod.status.podIP === undefined || !isActive(pod)) continue;
    const used = taken.get(nodeName);
    if (used === undefined) taken.set(nodeName, new Set([pod.status.podIP]));
    else used.add(pod.status.podIP);
  }
  return taken;
}

const NO_NETWORK =
  'Failed to create pod sandbox: network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

type Choice = string | { readonly problem: string };

/** `pod` is its key. */
function choosePodAddress(draft: Draft, pod: string, node: Node, used: ReadonlySet<string>): Choice {
  const purpose = `pod-ip/${pod}`;
  switch (draft.before.controlPlane.podAddressing) {
    case 'host-local':
      return askHostLocal(draft, purpose, node, used);
    case 'azure-cns':
      return askAzureCns(draft, purpose, node, used);
  }
}

function askHostLocal(draft: Draft, purpose: string, node: Node, used: ReadonlySet<string>): Choice {
  const range = node.spec.podCIDR;
  if (range === undefined) return { problem: NO_NETWORK };
  const wanted = pinned(draft.chance, purpose);
  if (wanted !== null && (!isPodAddress(range, wanted) || used.has(wanted))) {
    return refusedPin(purpose, wanted, node, `whose range is ${range}`);
  }
  const next = wanted ?? nextPodAddress(range, draft.lastReservedIp.get(node.metadata.name) ?? null, used);
  if (next === null) {
    return {
      problem: `Failed to create pod sandbox: plugin type="bridge" name="kubenet" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${range}`,
    };
  }
  // An address that was asked for counts as the last one too (allocator.go, Get: store.Reserve).
  draft.lastReservedIp.set(node.metadata.name, next);
  draft.changed.add('counters');
  return next;
}

function askAzureCns(draft: Draft, purpose: string, node: Node, used: ReadonlySet<string>): Choice {
  const pool = podAddressPool(node);
  if (pool === null) return { problem: NO_NETWORK };
  const wanted = pinned(draft.chance, purpose);
  if (wanted !== null) {
    return pool.has(wanted) && !used.has(wanted)
      ? wanted
      : refusedPin(purpose, wanted, node, `which has ${pool.size} addresses for pods`);
  }
  const address = drawPodAddress(draft.chance, purpose, pool, used);
  if (address !== null) return address;
  const container =
    draft.before.nodeNetworkConfigs[`kube-system/${node.metadata.name}`]?.status.networkContainers[0];
  return {
    problem: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: Failed to get IP address from CNS: AllocateIPConfig failed: not enough IPs available for ${container?.id ?? node.metadata.name}, waiting on Azure CNS to allocate more with NC Status: ${container?.status ?? ''}`,
  };
}

function refusedPin(purpose: string, wanted: string, node: Node, about: string): Choice {
  return {
    problem: `the pin "${purpose} ${wanted}" is not a free address of ${node.metadata.name}, ${about}`,
  };
}

/** Returns the node's address in its subnet. */
export function internalAddress(node: Node): string {
  return node.status.addresses.find((each) => each.type === 'InternalIP')?.address ?? '';
}
