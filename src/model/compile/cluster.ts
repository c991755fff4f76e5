/** The nodes and pods of a kubenet cluster: Linux hosts around one bridge per node. */
import { drawMac } from '../chance.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import type { Address } from '../ip/address.ts';
import { firstAddress, formatPrefix, prefix } from '../ip/prefix.ts';
import type { Prefix } from '../ip/prefix.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import { podListeners } from '../kubernetes/images.ts';
import type { Node, Pod, PodSpec } from '../kubernetes/objects.ts';
import type {
  HostId,
  Interface,
  Listener,
  Route,
  RouteTable,
  Segment,
  TranslationRule,
} from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { host, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import { interfaceOfNic } from './fabric-interfaces.ts';
import type { ClusterPart, Inventory, Port } from './inventory.ts';
import { masqueradeConfig } from './ip-masq-agent-config.ts';
import { kubeProxy } from './kube-proxy.ts';
import { dhcpRoutes, nicInterface } from './machine.ts';
import { masqueradeRules } from './masquerade.ts';
import type { PodNames } from './pod-names.ts';

/** The bridge that kubenet makes on each node. */
export const BRIDGE = 'cbr0';

const EVERYWHERE = prefix('0.0.0.0/0');

/** What every node runs: https://kubernetes.io/docs/reference/networking/ports-and-protocols/ and sshd. */
const NODE_LISTENERS: readonly Listener[] = [
  { protocol: 'tcp', port: 22, address: null, program: 'sshd' },
  { protocol: 'tcp', port: 10250, address: null, program: 'kubelet' },
];

/** A node on its way into the network. */
interface NodePart {
  readonly port: Port;
  readonly node: Node | null;
  readonly host: HostId;
  readonly podCidr: Prefix | null;
  readonly pods: readonly Pod[];
}

/** Adds every machine of the cluster's scale sets, and the pods that run on them. */
export function addCluster(
  draft: Draft,
  inventory: Inventory,
  cluster: ClusterPart,
  names: PodNames,
  report: Report,
): void {
  const profile = cluster.cluster.networkProfile;
  const unsimulated = whyUnsimulated(cluster);
  if (unsimulated !== null) report(`cluster ${cluster.cluster.name}`, unsimulated);
  const podCidr = profile.podCidr === null ? null : inventory.text.prefix(profile.podCidr);
  const proxy =
    podCidr === null || unsimulated !== null
      ? null
      : kubeProxy(cluster.state, podCidr, inventory.text, report);
  const config = podCidr === null ? null : masqueradeConfig(cluster.state, podCidr);
  if (config?.ok === false) report(`cluster ${cluster.cluster.name}`, config.error);
  const masquerade = config === null ? [] : masqueradeRules(config);
  const shared = new Map<readonly TranslationRule[], readonly TranslationRule[]>();

  for (const part of nodeParts(inventory, cluster)) {
    const name = part.port.owner.kind === 'node' ? part.port.owner.name : part.port.name;
    const ported = hostPorts(part, inventory);
    const services = proxy?.translationsOf(name) ?? [];
    let translations = shared.get(services);
    if (translations === undefined) shared.set(services, (translations = [...services, ...masquerade]));
    if (ported.length > 0) translations = [...services, ...ported, ...masquerade];
    addNode(draft, inventory, cluster, part, {
      translations,
      chains: proxy?.chainsOf(name) ?? [],
      unknown: unsimulated,
    });
    if (part.podCidr !== null && unsimulated === null)
      addPods(draft, inventory, cluster, part, part.podCidr, names);
    else addUnknownPods(draft, part, names, unsimulated ?? `node ${name} has no pod range yet`, cluster);
  }
}

/** Says why nothing certain is known about the inside of this cluster, or null for what is modelled. */
function whyUnsimulated(cluster: ClusterPart): string | null {
  const { networkPlugin, networkPluginMode, networkPolicy } = cluster.cluster.networkProfile;
  if (networkPlugin !== 'kubenet') {
    const mode = networkPluginMode === null ? '' : ` in mode ${networkPluginMode}`;
    return `network plugin ${networkPlugin}${mode} is not simulated yet; kubenet is`;
  }
  return networkPolicy === null || networkPolicy === 'none'
    ? null
    : `network policy engine ${networkPolicy} changes how kubenet pods are wired, and is not simulated`;
}

/** A pod has its network before its containers start (an image that cannot be pulled, say), and until they have ended. */
function isOnNetwork(pod: Pod): boolean {
  const { phase, podIP } = pod.status;
  return phase === 'Running' || (phase === 'Pending' && podIP !== undefined);
}

function nodeParts(inventory: Inventory, cluster: ClusterPart): readonly NodePart[] {
  const podsOf = new Map<string, Pod[]>();
  for (const pod of Object.values(cluster.state.pods)) {
    if (!isOnNetwork(pod) || pod.spec.nodeName === undefined) continue;
    const list = podsOf.get(pod.spec.nodeName);
    if (list === undefined) podsOf.set(pod.spec.nodeName, [pod]);
    else list.push(pod);
  }
  return inventory.networks.flatMap((network) =>
    network.ports.flatMap((port): NodePart[] => {
      if (port.owner.kind !== 'node' || port.owner.cluster?.key !== cluster.key) return [];
      const node = inventory.nodes.get(port.owner.name)?.node ?? null;
      const range = node?.spec.podCIDR;
      return [
        {
          port,
          node,
          host: port.owner.host,
          podCidr: range === undefined ? null : inventory.text.prefix(range),
          pods: podsOf.get(port.owner.name) ?? [],
        },
      ];
    }),
  );
}

function bridgeAddressOf(range: Prefix): Address {
  const bridge = addressPlus(firstAddress(range), 1);
  if (bridge === null) throw new Error(`no bridge address in ${formatPrefix(range)}`);
  return bridge;
}

function addNode(
  draft: Draft,
  inventory: Inventory,
  cluster: ClusterPart,
  part: NodePart,
  rules: Pick<Parameters<typeof host>[3], 'translations' | 'chains' | 'unknown'>,
): void {
  const [address] = part.port.addresses;
  if (address === undefined) return;
  const unknown = rules.unknown ?? null;
  const interfaces: Interface[] = [nicInterface(part.port)];
  const routes = dhcpRoutes(part.port, interfaceOfNic(part.port), address, 'primary');
  if (part.podCidr !== null && unknown === null) {
    const bridge = bridgeAddressOf(part.podCidr);
    const name = part.port.owner.kind === 'node' ? part.port.owner.name : part.port.name;
    interfaces.push({
      name: BRIDGE,
      mac: drawMac(clusterChance(inventory.cloud, cluster.key), `mac/${name}/${formatAddress(bridge)}`),
      segment: bridgeSegment(part.host),
      addresses: [{ address: bridge, length: part.podCidr.length }],
      proxyArp: false,
    });
    routes.push({
      prefix: part.podCidr,
      target: { kind: 'connected', interface: BRIDGE },
      metric: 0,
      preferredSource: bridge,
      by: `${formatPrefix(part.podCidr)} dev ${BRIDGE} scope link src ${formatAddress(bridge)}`,
    });
  }
  const inHostNetwork = part.pods.filter((pod) => pod.spec.hostNetwork === true);
  draft.hosts.set(
    part.host,
    host(part.host, 'node', part.node?.simulation?.ipForward ?? 'on', {
      interfaces,
      tables: mainTable(unknown === null ? routes : [unsimulatedRoute(unknown)]),
      listeners: [...NODE_LISTENERS, ...inHostNetwork.flatMap((pod) => listenersOf(pod).listeners)],
      ...(rules.translations === undefined ? {} : { translations: rules.translations }),
      ...(rules.chains === undefined ? {} : { chains: rules.chains }),
      unknown,
    }),
  );
}

/** What passes a node that nobody simulates may go anywhere. */
function unsimulatedRoute(reason: string): Route {
  return {
    prefix: EVERYWHERE,
    target: { kind: 'undetermined', reason },
    metric: 0,
    preferredSource: null,
    by: 'routes that are not simulated',
  };
}

function bridgeSegment(node: HostId): string {
  return `${node}/${BRIDGE}`;
}

/** Adds the bridge with its pods. Pods of one node share their routes, pods of one kind their listeners. */
function addPods(
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
function addUnknownPods(
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

function listenersOf(pod: Pod): PodListeners {
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

/** The CNI plugin portmap: `hostPort` of a pod as a translation on its node. */
function hostPorts(part: NodePart, inventory: Inventory): readonly TranslationRule[] {
  return part.pods.flatMap((pod) => {
    const address = pod.status.podIP === undefined ? null : inventory.text.address(pod.status.podIP);
    if (pod.spec.hostNetwork === true || address === null) return [];
    return pod.spec.containers.flatMap((container) =>
      (container.ports ?? []).flatMap((port): TranslationRule[] => {
        if (port.hostPort === undefined || port.protocol === 'SCTP') return [];
        return [
          {
            hook: 'prerouting',
            match: {
              protocols: [port.protocol === 'UDP' ? 'udp' : 'tcp'],
              destinationPorts: [{ from: port.hostPort, to: port.hostPort }],
              destinationIsLocal: 'yes',
            },
            action: {
              kind: 'destination',
              backends: [{ address, port: port.containerPort, by: `pod ${pod.metadata.name}` }],
              masquerade: { when: 'backend-is-source', by: 'CNI-HOSTPORT-MASQ' },
            },
            by: `CNI-HOSTPORT-DNAT: host port ${port.hostPort} of pod ${pod.metadata.name}`,
          },
        ];
      }),
    );
  });
}
