/**
 * Pods of Azure CNI: one cable each between the pod's eth0 and an interface of the node, no bridge. The
 * node routes between them, also between two of its own (azure-container-networking, mode transparent;
 * Cilium with enable-endpoint-routes).
 */
import { drawMac } from '../chance.ts';
import { address as constant, formatAddress } from '../ip/address.ts';
import { hostPrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import type { Interface, Route, RouteTable, TranslationRule } from '../network/network.ts';
import { addCable, host, hostAddress, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ClusterPart, Inventory } from './inventory.ts';
import type { NodePart, NodeSide } from './node-part.ts';
import { listenersOf } from './pod-listeners.ts';
import type { PodNames } from './pod-names.ts';
import { AZURE_VETH_MAC, vethName } from './veth-names.ts';

export type DataPlane = 'azure' | 'cilium';

/** No machine has it: the node answers for it on every pod's cable (azure-container-networking). */
const AZURE_GATEWAY = constant('169.254.1.1');
/** `local-router-ipv4` of Cilium on AKS, the address of `cilium_host` on every node. */
const CILIUM_ROUTER = constant('169.254.23.0');
const CILIUM_HOST = 'cilium_host';
const CILIUM_NET = 'cilium_net';
const EVERYWHERE = prefix('0.0.0.0/0');

const TABLES: Readonly<Record<DataPlane, ReadonlyMap<string, RouteTable>>> = {
  azure: podTables(AZURE_GATEWAY),
  cilium: podTables(CILIUM_ROUTER),
};
const TOLD = [AZURE_GATEWAY];
const NO_NEIGHBOURS = {};

export interface VethPods {
  readonly inventory: Inventory;
  readonly cluster: ClusterPart;
  readonly names: PodNames;
  readonly dataPlane: DataPlane;
  /** Translations at the socket of every pod of the node. */
  readonly sockets: readonly TranslationRule[];
}

/** Adds the node's pods with their cables and returns what the node gains. All pods share their route table. */
export function addVethPods(draft: Draft, part: NodePart, range: Prefix, plan: VethPods): NodeSide {
  const { inventory, cluster, dataPlane } = plan;
  const chance = clusterChance(inventory.cloud, cluster.key);
  const tables = TABLES[dataPlane];
  const length = dataPlane === 'azure' ? range.length : 32;
  const told = dataPlane === 'azure' ? { permanentNeighbours: TOLD } : NO_NEIGHBOURS;
  const interfaces: Interface[] = dataPlane === 'azure' ? [] : ciliumInterfaces(draft, part, chance);
  const routes: Route[] = [];
  for (const pod of part.pods) {
    const { podIP } = pod.status;
    if (pod.spec.hostNetwork === true || podIP === undefined) continue;
    const address = inventory.text.address(podIP);
    if (address === null) continue;
    const id = plan.names.idOf(cluster.key, pod);
    const device = vethName(inventory.cloud, cluster.key, pod);
    const segment = addCable(
      draft,
      `${part.host}/${device}`,
      { host: part.host, interface: device },
      { host: id, interface: 'eth0' },
    );
    const known = listenersOf(pod);
    draft.hosts.set(
      id,
      host(id, 'pod', 'off', {
        interfaces: [
          {
            name: 'eth0',
            mac: drawMac(chance, `mac/${part.name}/${podIP}`),
            segment,
            addresses: [{ address, length }],
            proxyArp: false,
            ...told,
          },
        ],
        tables,
        translations: plan.sockets,
        ...known,
      }),
    );
    interfaces.push({
      name: device,
      mac: dataPlane === 'azure' ? AZURE_VETH_MAC : drawMac(chance, `mac/${part.name}/${device}`),
      segment,
      addresses: [],
      proxyArp: dataPlane === 'azure',
    });
    routes.push({
      prefix: hostPrefix(address),
      target: { kind: 'connected', interface: device },
      metric: 0,
      preferredSource: null,
      by: `${podIP} dev ${device} ${dataPlane === 'azure' ? 'proto static' : 'proto kernel scope link'}`,
    });
  }
  return { interfaces, routes };
}

/** Cilium's own veth pair; pods reach its address by the cable they have, as Linux answers for all its addresses. */
function ciliumInterfaces(draft: Draft, part: NodePart, chance: Parameters<typeof drawMac>[0]): Interface[] {
  const segment = addCable(
    draft,
    `${part.host}/${CILIUM_HOST}`,
    { host: part.host, interface: CILIUM_HOST },
    { host: part.host, interface: CILIUM_NET },
  );
  const face = (name: string, addresses: Interface['addresses']): Interface => ({
    name,
    mac: drawMac(chance, `mac/${part.name}/${name}`),
    segment,
    addresses,
    proxyArp: false,
  });
  return [face(CILIUM_NET, []), face(CILIUM_HOST, [hostAddress(CILIUM_ROUTER)])];
}

function podTables(gateway: typeof AZURE_GATEWAY): ReadonlyMap<string, RouteTable> {
  const text = formatAddress(gateway);
  return mainTable([
    {
      prefix: EVERYWHERE,
      target: { kind: 'gateway', via: gateway, interface: 'eth0' },
      metric: 0,
      preferredSource: null,
      by: `default via ${text} dev eth0`,
    },
    {
      prefix: hostPrefix(gateway),
      target: { kind: 'connected', interface: 'eth0' },
      metric: 0,
      preferredSource: null,
      by: `${text} dev eth0 scope link`,
    },
  ]);
}
