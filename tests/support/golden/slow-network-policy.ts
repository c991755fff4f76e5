/**
 * NetworkPolicy by enumeration, sentence by sentence from
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/ and the API reference.
 * Slow and plain: every rule of every policy is asked about one packet.
 */
import type { FullLabelSelector, NetworkPolicy } from '../../../src/model/kubernetes/objects.ts';

export interface SlowPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: 'TCP' | 'UDP';
    readonly number: number;
  }[];
}

export interface SlowWorld {
  readonly pods: readonly SlowPod[];
  /** Labels of each namespace. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly policies: readonly NetworkPolicy[];
  /** Addresses for which this engine never asks an ipBlock. */
  readonly outsideBlocks: readonly string[];
}

export interface SlowPacket {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'TCP' | 'UDP' | 'ICMP';
  readonly port: number;
}

type Direction = 'Ingress' | 'Egress';

/** "For a connection from a source pod to a destination pod to be allowed, both the egress policy on the source pod and the ingress policy on the destination pod need to allow the connection." */
export function slowVerdict(world: SlowWorld, packet: SlowPacket): Readonly<Record<Direction, boolean>> {
  return {
    Egress: allowed(world, packet, 'Egress', podAt(world, packet.from)),
    Ingress: allowed(world, packet, 'Ingress', podAt(world, packet.to)),
  };
}

function podAt(world: SlowWorld, address: string): SlowPod | null {
  for (const pod of world.pods) if (pod.address === address) return pod;
  return null;
}

function allowed(
  world: SlowWorld,
  packet: SlowPacket,
  direction: Direction,
  guarded: SlowPod | null,
): boolean {
  // What is no pod is not guarded.
  if (guarded === null) return true;
  let isolated = false;
  for (const policy of world.policies) {
    if (policy.metadata.namespace !== guarded.namespace) continue;
    if (!selected(policy.spec.podSelector, guarded.labels)) continue;
    if (!policy.spec.policyTypes.includes(direction)) continue;
    // "A pod is isolated if there is any NetworkPolicy that both selects the pod and has the type."
    isolated = true;
    // "The policies do not conflict; they are additive."
    const rules = direction === 'Ingress' ? policy.spec.ingress : policy.spec.egress;
    for (const rule of rules ?? []) {
      const peers = 'from' in rule ? rule.from : 'to' in rule ? rule.to : undefined;
      const other = direction === 'Ingress' ? packet.from : packet.to;
      if (peerMatches(world, policy, peers, other) && portMatches(world, rule.ports, packet)) return true;
    }
  }
  return !isolated;
}

type Peers = NonNullable<NonNullable<NetworkPolicy['spec']['ingress']>[number]['from']>;

/** "If this field is empty or missing, this rule matches all sources." */
function peerMatches(
  world: SlowWorld,
  policy: NetworkPolicy,
  peers: Peers | undefined,
  address: string,
): boolean {
  if (peers === undefined || peers.length === 0) return true;
  for (const peer of peers) {
    if (peer.ipBlock !== undefined) {
      if (world.outsideBlocks.includes(address)) continue;
      if (!inBlock(address, peer.ipBlock.cidr)) continue;
      let excepted = false;
      for (const each of peer.ipBlock.except ?? []) if (inBlock(address, each)) excepted = true;
      if (!excepted) return true;
      continue;
    }
    const pod = podAt(world, address);
    if (pod === null) continue;
    const namespaceFits =
      peer.namespaceSelector === undefined
        ? pod.namespace === policy.metadata.namespace
        : selected(peer.namespaceSelector, world.namespaces[pod.namespace] ?? {});
    const podFits = peer.podSelector === undefined || selected(peer.podSelector, pod.labels);
    if (namespaceFits && podFits) return true;
  }
  return false;
}

type Ports = NonNullable<NonNullable<NetworkPolicy['spec']['ingress']>[number]['ports']>;

/** "If this field is empty or missing, this rule matches all ports (traffic not restricted by port)." */
function portMatches(world: SlowWorld, ports: Ports | undefined, packet: SlowPacket): boolean {
  if (ports === undefined || ports.length === 0) return true;
  for (const { protocol, port, endPort } of ports) {
    if ((protocol ?? 'TCP') !== packet.protocol) continue;
    if (port === undefined) return true;
    if (typeof port === 'number') {
      for (let number = port; number <= (endPort ?? port); number++) if (number === packet.port) return true;
    } else {
      for (const each of podAt(world, packet.to)?.ports ?? []) {
        if (each.name === port && each.protocol === packet.protocol && each.number === packet.port)
          return true;
      }
    }
  }
  return false;
}

function selected(selector: FullLabelSelector, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels[key] !== value) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const has = key in labels;
    const listed = has && (values ?? []).includes(labels[key] ?? '');
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && !has) return false;
    if (operator === 'DoesNotExist' && has) return false;
  }
  return true;
}

function inBlock(address: string, cidr: string): boolean {
  const [start = '', length = ''] = cidr.split('/');
  if (start.includes(':')) return false;
  return binary(start).slice(0, Number(length)) === binary(address).slice(0, Number(length));
}

function binary(address: string): string {
  return address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
}
