/**
 * Which node a pod goes to. Filters and messages are kube-scheduler's (noderesources, nodename, nodeports,
 * nodeaffinity, tainttoleration, nodeunschedulable); of the scores only spreading is modelled: the
 * node with the fewest pods of the same owner, then with the fewest pods, then the oldest.
 */
import type { Node, PodSpec, Taint } from './objects.ts';
import { parseQuantity } from './quantity.ts';

/** What a node carries while pods are being placed; counts grow as pods are assigned. */
export interface NodeLoad {
  readonly node: Node;
  /** What the node has for pods: pieces, cores and bytes. */
  readonly room: { readonly pods: number; readonly cpu: number; readonly memory: number };
  /** Taints that ask pods to go elsewhere if they can. */
  readonly avoided: number;
  pods: number;
  /** Requested so far: cores and bytes. */
  cpu: number;
  memory: number;
  readonly podsOfOwner: Map<string, number>;
  /** Ports of the node's own address that pods hold: `TCP/80`. */
  readonly hostPorts: Set<string>;
}

/** Sums of tenths of cores are not exact. */
const ROUNDING = 1e-9;
const UNSCHEDULABLE_TAINT = 'node.kubernetes.io/unschedulable';

/** Returns a node that carries nothing yet. */
export function emptyLoad(node: Node): NodeLoad {
  const amount = (name: string): number => parseQuantity(node.status.allocatable[name] ?? '') ?? 0;
  const room = { pods: amount('pods'), cpu: amount('cpu'), memory: amount('memory') };
  const avoided = preferNoSchedule(node);
  return { node, room, avoided, pods: 0, cpu: 0, memory: 0, podsOfOwner: new Map(), hostPorts: new Set() };
}

interface Requests {
  readonly cpu: number;
  readonly memory: number;
}

/** The pods of one controller share their containers, and there may be very many. */
const requestsOf = new WeakMap<PodSpec['containers'], Requests>();

/** Returns the requested cores and bytes of a pod. */
export function podRequests(spec: PodSpec): Requests {
  const known = requestsOf.get(spec.containers);
  if (known !== undefined) return known;
  let cpu = 0;
  let memory = 0;
  for (const container of spec.containers) {
    const wanted = { ...container.resources?.limits, ...container.resources?.requests };
    cpu += parseQuantity(wanted['cpu'] ?? '0') ?? 0;
    memory += parseQuantity(wanted['memory'] ?? '0') ?? 0;
  }
  const requests = { cpu, memory };
  requestsOf.set(spec.containers, requests);
  return requests;
}

/** Most pods hold none, and those of one controller share their containers. */
const hostPortsOf = new WeakMap<PodSpec['containers'], readonly string[]>();

/** In the node's network namespace every declared port is one of the node (v1 defaults.go, SetDefaults_PodSpec). */
function podHostPorts({ containers, hostNetwork }: PodSpec): readonly string[] {
  const known = hostPortsOf.get(containers);
  if (known !== undefined) return known;
  const ports = containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ containerPort, hostPort, protocol = 'TCP' }) => {
      const port = hostNetwork === true ? containerPort : hostPort;
      return port === undefined || port === 0 ? [] : [`${protocol}/${port}`];
    }),
  );
  hostPortsOf.set(containers, ports);
  return ports;
}

/** Returns why no node takes a pod: the scheduler's own message, as `kubectl describe pod` shows it. */
export function whyUnschedulable(spec: PodSpec, loads: readonly NodeLoad[]): string {
  if (loads.length === 0) return 'no nodes available to schedule pods';
  const requests = podRequests(spec);
  const refusals = new Map<string, number>();
  for (const load of loads) {
    for (const reason of firstRefusal(spec, requests, load)?.reasons ?? []) {
      refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    }
  }
  return refusalMessage(loads, spec, requests, refusals);
}

/**
 * Chooses nodes for pods that are alike, one after the other, without looking at every node again for
 * each of them. The caller assigns each pod to the node it is given before it asks again; a pod of
 * another kind that goes anywhere in between makes the queue out of date.
 */
export interface PlacementQueue {
  readonly next: () => NodeLoad | null;
  /** Reports whether the queue was opened for such pods. */
  readonly serves: (spec: PodSpec, owner: string) => boolean;
}

/**
 * Opens a queue: a binary heap of the nodes that take such a pod, best first. `owner` groups the pods
 * that are spread together.
 */
export function openQueue(spec: PodSpec, owner: string, loads: readonly NodeLoad[]): PlacementQueue {
  const requests = podRequests(spec);
  const heap: Candidate[] = [];
  for (const [order, load] of loads.entries()) {
    if (firstRefusal(spec, requests, load) !== null) continue;
    heap.push({ load, order, podsOfOwner: load.podsOfOwner.get(owner) ?? 0 });
  }
  for (let at = Math.floor(heap.length / 2) - 1; at >= 0; at--) sink(heap, at);
  return {
    serves: (otherSpec, otherOwner) => otherSpec === spec && otherOwner === owner,
    next: () => {
      for (;;) {
        // Only the node that was given last carries more than when it was sorted in.
        const [given] = heap;
        if (given === undefined) return null;
        given.podsOfOwner = given.load.podsOfOwner.get(owner) ?? 0;
        sink(heap, 0);
        const best = heap[0] ?? given;
        // Nothing but its room and its free ports can have changed.
        if (hasFreePorts(spec, best.load) && hasRoom(requests, best.load)) return best.load;
        const last = heap.pop();
        if (last !== undefined && last !== best) heap[0] = last;
      }
    },
  };
}

/** A node that takes the pods of a queue. */
interface Candidate {
  readonly load: NodeLoad;
  /** Its place among all nodes, oldest first. */
  readonly order: number;
  podsOfOwner: number;
}

/** Moves an element of a heap down until none below comes before it. */
function sink(heap: Candidate[], from: number): void {
  let at = from;
  for (;;) {
    const here = heap[at];
    if (here === undefined) return;
    let first = at;
    let best = here;
    for (let below = 2 * at + 1; below <= 2 * at + 2; below++) {
      const candidate = heap[below];
      if (candidate !== undefined && isBetter(candidate, best)) {
        first = below;
        best = candidate;
      }
    }
    if (first === at) return;
    heap[at] = best;
    heap[first] = here;
    at = first;
  }
}

/** Counts a pod on a node. */
export function assign(load: NodeLoad, spec: PodSpec, owner: string): void {
  const requests = podRequests(spec);
  load.pods++;
  load.cpu += requests.cpu;
  load.memory += requests.memory;
  load.podsOfOwner.set(owner, (load.podsOfOwner.get(owner) ?? 0) + 1);
  for (const port of podHostPorts(spec)) load.hostPorts.add(port);
}

/** Reports whether a DaemonSet puts a pod on the node: selector and taints only, never room. */
export function daemonRunsOn(spec: PodSpec, node: Node): boolean {
  return matchesSelector(spec, node) && untolerated(spec, node, 'daemon') === null;
}

interface Refusal {
  readonly reasons: readonly string[];
  /** Whether removing other pods could make room. */
  readonly helpedByPreemption: boolean;
}

function firstRefusal(spec: PodSpec, requests: Requests, load: NodeLoad): Refusal | null {
  const { node } = load;
  const refuse = (reason: string): Refusal => ({ reasons: [reason], helpedByPreemption: false });
  if (
    node.spec.unschedulable === true &&
    !tolerates(spec, { key: UNSCHEDULABLE_TAINT, effect: 'NoSchedule' })
  ) {
    return refuse('node(s) were unschedulable');
  }
  const taint = untolerated(spec, node, 'pod');
  if (taint !== null) {
    return refuse(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
  }
  if (!matchesSelector(spec, node)) return refuse("node(s) didn't match Pod's node affinity/selector");
  if (!hasFreePorts(spec, load)) {
    const reason = "node(s) didn't have free ports for the requested pod ports";
    return { reasons: [reason], helpedByPreemption: true };
  }
  if (hasRoom(requests, load)) return null;
  const reasons: string[] = [];
  const { room } = load;
  if (load.pods + 1 > room.pods) reasons.push('Too many pods');
  if (lacksCpu(requests, load)) reasons.push('Insufficient cpu');
  if (lacksMemory(requests, load)) reasons.push('Insufficient memory');
  return { reasons, helpedByPreemption: true };
}

function hasFreePorts(spec: PodSpec, load: NodeLoad): boolean {
  return podHostPorts(spec).every((port) => !load.hostPorts.has(port));
}

function hasRoom(requests: Requests, load: NodeLoad): boolean {
  return load.pods + 1 <= load.room.pods && !lacksCpu(requests, load) && !lacksMemory(requests, load);
}

function lacksCpu(requests: Requests, load: NodeLoad): boolean {
  return requests.cpu > 0 && load.cpu + requests.cpu > load.room.cpu + ROUNDING;
}

function lacksMemory(requests: Requests, load: NodeLoad): boolean {
  return requests.memory > 0 && load.memory + requests.memory > load.room.memory;
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.load.avoided !== b.load.avoided) return a.load.avoided < b.load.avoided;
  if (a.podsOfOwner !== b.podsOfOwner) return a.podsOfOwner < b.podsOfOwner;
  if (a.load.pods !== b.load.pods) return a.load.pods < b.load.pods;
  return a.order < b.order;
}

function preferNoSchedule(node: Node): number {
  return (node.spec.taints ?? []).filter((taint) => taint.effect === 'PreferNoSchedule').length;
}

function matchesSelector(spec: PodSpec, node: Node): boolean {
  for (const key in spec.nodeSelector) {
    if (node.metadata.labels?.[key] !== spec.nodeSelector[key]) return false;
  }
  return true;
}

function untolerated(spec: PodSpec, node: Node, as: 'pod' | 'daemon'): Taint | null {
  for (const taint of node.spec.taints ?? []) {
    if (taint.effect === 'PreferNoSchedule') continue;
    // The DaemonSet controller adds tolerations for the conditions of a node.
    if (as === 'daemon' && taint.key.startsWith('node.kubernetes.io/')) continue;
    if (!tolerates(spec, taint)) return taint;
  }
  return null;
}

function tolerates(spec: PodSpec, taint: Taint): boolean {
  return (spec.tolerations ?? []).some((toleration) => {
    if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) {
      return false;
    }
    const exists = toleration.operator === 'Exists';
    if (toleration.key === undefined || toleration.key === '') return exists;
    return toleration.key === taint.key && (exists || (toleration.value ?? '') === (taint.value ?? ''));
  });
}

function refusalMessage(
  loads: readonly NodeLoad[],
  spec: PodSpec,
  requests: Requests,
  refusals: ReadonlyMap<string, number>,
): string {
  const reasons = [...refusals].map(([reason, count]) => `${count} ${reason}`).sort();
  const all = `0/${loads.length} nodes are available`;
  let noVictims = 0;
  for (const load of loads) {
    if (firstRefusal(spec, requests, load)?.helpedByPreemption === true) noVictims++;
  }
  const notHelpful = loads.length - noVictims;
  const preemption = [
    ...(noVictims === 0 ? [] : [`${noVictims} No preemption victims found for incoming pod`]),
    ...(notHelpful === 0 ? [] : [`${notHelpful} Preemption is not helpful for scheduling`]),
  ].sort();
  return `${all}: ${reasons.join(', ')}. preemption: ${all}: ${preemption.join(', ')}.`;
}
