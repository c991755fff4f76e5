/** The inside of a kubenet node: the bridge cbr0 and the pods on it. */
import { drawMac } from '../chance.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { setOf } from '../ip/address-set.ts';
import { firstAddress, formatPrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import { podListeners } from '../kubernetes/images.ts';
import type { Node, Pod, PodSpec } from '../kubernetes/objects.ts';
import type {
  HostId,
  Listener,
  PacketMatch,
  RouteTable,
  Segment,
  TranslationRule,
} from '../network/network.ts';
import { host, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ClusterPart, Inventory, Port } from './inventory.ts';
import type { PodNames } from './pod-names.ts';

/** The bridge that kubenet makes on each node. */
export const BRIDGE = 'cbr0';

const EVERYWHERE = prefix('0.0.0.0/0');

/** A node on its way into the network. */
export interface NodePart {
  readonly port: Port;
  readonly node: Node | null;
  readonly host: HostId;
  readonly podCidr: Prefix | null;
  readonly pods: readonly Pod[];
}

export function bridgeAddressOf(range: Prefix): Address {
  const bridge = addressPlus(firstAddress(range), 1);
  if (bridge === null) throw new Error(`no bridge address in ${formatPrefix(range)}`);
  return bridge;
}

export function bridgeSegment(node: HostId): string {
  return `${node}/${BRIDGE}`;
}

/** Adds the bridge with its pods. Pods of one node share their routes, pods of one kind their listeners. */
export function addPods(
  draft: Draft,
  inventory: Inventory,
  cluster: ClusterPart,
  part: NodePart,
  range: Prefix,
  names: PodNames,
): void {
  const bridge = bridgeAddressOf(range);
  const tables = podTables(range, bridge);
  const chance = clusterChance(inventory.cloud, cluster.key);
  const segment = bridgeSegment(part.host);
  const members: Segment['members'][number][] = [{ host: part.host, interface: BRIDGE }];
  const nodeName = part.node?.metadata.name ?? part.port.name;
  for (const pod of part.pods) {
    if (pod.spec.hostNetwork === true || pod.status.podIP === undefined) continue;
    const address = inventory.text.address(pod.status.podIP);
    if (address === null) continue;
    const id = names.idOf(cluster.key, pod);
    const { listeners, unknown } = listenersOf(pod);
    members.push({ host: id, interface: 'eth0' });
    draft.hosts.set(
      id,
      host(id, 'pod', 'off', {
        interfaces: [
          {
            name: 'eth0',
            mac: drawMac(chance, `mac/${nodeName}/${pod.status.podIP}`),
            segment,
            addresses: [{ address, length: range.length }],
            proxyArp: false,
          },
        ],
        tables,
        listeners,
        unknown,
      }),
    );
  }
  draft.segments.set(segment, { id: segment, bridgedBy: { host: part.host, device: BRIDGE }, members });
}

/** A pod whose network nobody simulates is there to be named, and says so. */
export function addUnknownPods(
  draft: Draft,
  part: NodePart,
  names: PodNames,
  why: string,
  cluster: ClusterPart,
): void {
  for (const pod of part.pods) {
    if (pod.spec.hostNetwork === true) continue;
    const id = names.idOf(cluster.key, pod);
    draft.hosts.set(id, host(id, 'pod', 'off', { unknown: why }));
  }
}

function podTables(range: Prefix, bridge: Address): ReadonlyMap<string, RouteTable> {
  return mainTable([
    {
      prefix: EVERYWHERE,
      target: { kind: 'gateway', via: bridge, interface: 'eth0' },
      metric: 0,
      preferredSource: null,
      by: `default via ${formatAddress(bridge)} dev eth0`,
    },
    {
      prefix: range,
      target: { kind: 'connected', interface: 'eth0' },
      metric: 0,
      preferredSource: null,
      by: `${formatPrefix(range)} dev eth0 scope link`,
    },
  ]);
}

interface PodListeners {
  readonly listeners: readonly Listener[];
  readonly unknown: string | null;
}

const NOT_STARTED: PodListeners = { listeners: [], unknown: null };

/** Containers never change, and pods of one template mostly share them, so the answer is kept with the object. */
const byObject = new WeakMap<PodSpec['containers'], PodListeners>();

export function listenersOf(pod: Pod): PodListeners {
  if (pod.status.phase !== 'Running') return NOT_STARTED;
  const known = byObject.get(pod.spec.containers);
  if (known !== undefined) return known;
  const found = podListeners(pod.spec);
  const value: PodListeners = {
    listeners: found.listeners.map((each) => ({
      protocol: each.protocol,
      port: each.port,
      address: null,
      program: each.program,
    })),
    unknown: found.kind === 'unknown' ? found.reason : null,
  };
  byObject.set(pod.spec.containers, value);
  return value;
}

const LOOPBACK = prefix('127.0.0.0/8');

/**
 * The CNI plugin portmap: `hostPort` of a pod as a translation on its node. Whoever calls from the
 * node's own range of pods, or from the loopback, gets the bridge's address, so that the answer comes
 * back through the node (`-s` of CNI-DN-* is the pod's address with the mask of its range:
 * https://github.com/containernetworking/plugins/blob/main/plugins/meta/portmap/portmap.go).
 */
export function hostPorts(part: NodePart, inventory: Inventory): readonly TranslationRule[] {
  const near = setOf(LOOPBACK, ...(part.podCidr === null ? [] : [part.podCidr]));
  return part.pods.flatMap((pod) => {
    const address = pod.status.podIP === undefined ? null : inventory.text.address(pod.status.podIP);
    if (pod.spec.hostNetwork === true || address === null) return [];
    return pod.spec.containers.flatMap((container) =>
      (container.ports ?? []).flatMap((port): TranslationRule[] => {
        if (port.hostPort === undefined || port.protocol === 'SCTP') return [];
        const match: PacketMatch = {
          protocols: [port.protocol === 'UDP' ? 'udp' : 'tcp'],
          destinationPorts: [{ from: port.hostPort, to: port.hostPort }],
          destinationIsLocal: 'yes',
        };
        const backends = [{ address, port: port.containerPort, by: `pod ${pod.metadata.name}` }];
        const by = `CNI-HOSTPORT-DNAT: host port ${port.hostPort} of pod ${pod.metadata.name}`;
        return [
          {
            hook: 'prerouting',
            match: { ...match, source: near },
            action: {
              kind: 'destination',
              backends,
              masquerade: { when: 'always', by: 'CNI-HOSTPORT-MASQ' },
            },
            by,
          },
          { hook: 'prerouting', match, action: { kind: 'destination', backends }, by },
        ];
      }),
    );
  });
}
