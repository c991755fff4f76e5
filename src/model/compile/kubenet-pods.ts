/** The inside of a kubenet node: the bridge cbr0 and the pods on it. */
import { drawMac } from '../chance.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { firstAddress, formatPrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import type { HostId, RouteTable, Segment } from '../network/network.ts';
import { host, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ClusterPart, Inventory } from './inventory.ts';
import type { NodePart, NodeSide } from './node-part.ts';
import { listenersOf } from './pod-listeners.ts';
import type { PodNames } from './pod-names.ts';

/** The bridge that kubenet makes on each node. */
const BRIDGE = 'cbr0';

const EVERYWHERE = prefix('0.0.0.0/0');

function bridgeAddressOf(range: Prefix): Address {
  const bridge = addressPlus(firstAddress(range), 1);
  if (bridge === null) throw new Error(`no bridge address in ${formatPrefix(range)}`);
  return bridge;
}

function bridgeSegment(node: HostId): string {
  return `${node}/${BRIDGE}`;
}

/**
 * Adds the bridge with its pods, and returns what the node gains. Pods of one node share their routes,
 * pods of one kind their listeners.
 */
export function addBridgedPods(
  draft: Draft,
  inventory: Inventory,
  cluster: ClusterPart,
  part: NodePart,
  range: Prefix,
  names: PodNames,
): NodeSide {
  const bridge = bridgeAddressOf(range);
  const tables = podTables(range, bridge);
  const chance = clusterChance(inventory.cloud, cluster.key);
  const segment = bridgeSegment(part.host);
  const members: Segment['members'][number][] = [{ host: part.host, interface: BRIDGE }];
  for (const pod of part.pods) {
    if (pod.spec.hostNetwork === true || pod.status.podIP === undefined) continue;
    const address = inventory.text.address(pod.status.podIP);
    if (address === null) continue;
    const id = names.idOf(cluster.key, pod);
    const known = listenersOf(pod);
    members.push({ host: id, interface: 'eth0' });
    draft.hosts.set(
      id,
      host(id, 'pod', 'off', {
        interfaces: [
          {
            name: 'eth0',
            mac: drawMac(chance, `mac/${part.name}/${pod.status.podIP}`),
            segment,
            addresses: [{ address, length: range.length }],
            proxyArp: false,
          },
        ],
        tables,
        ...known,
      }),
    );
  }
  draft.segments.set(segment, { id: segment, bridgedBy: { host: part.host, device: BRIDGE }, members });
  return {
    interfaces: [
      {
        name: BRIDGE,
        mac: drawMac(chance, `mac/${part.name}/${formatAddress(bridge)}`),
        segment,
        addresses: [{ address: bridge, length: range.length }],
        proxyArp: false,
      },
    ],
    routes: [
      {
        prefix: range,
        target: { kind: 'connected', interface: BRIDGE },
        metric: 0,
        preferredSource: bridge,
        by: `${formatPrefix(range)} dev ${BRIDGE} scope link src ${formatAddress(bridge)}`,
      },
    ],
  };
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
