/** The nodes of a kubenet cluster: Linux machines that forward between eth0 and their bridge of pods. */
import { drawMac } from '../chance.ts';
import { formatAddress } from '../ip/address.ts';
import { formatPrefix, prefix } from '../ip/prefix.ts';
import { clusterChance } from '../kubernetes/cluster-state.ts';
import type { Pod } from '../kubernetes/objects.ts';
import type { Interface, Listener, Route, TranslationRule } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { host, mainTable } from './draft.ts';
import type { Draft } from './draft.ts';
import { interfaceOfNic } from './fabric-interfaces.ts';
import type { ClusterPart, Inventory } from './inventory.ts';
import { masqueradeConfig } from './ip-masq-agent-config.ts';
import { kubeProxy } from './kube-proxy.ts';
import {
  addPods,
  addUnknownPods,
  BRIDGE,
  bridgeAddressOf,
  bridgeSegment,
  hostPorts,
  listenersOf,
} from './kubenet-pods.ts';
import type { NodePart } from './kubenet-pods.ts';
import { dhcpRoutes, nicInterface } from './machine.ts';
import { masqueradeRules } from './masquerade.ts';
import type { PodNames } from './pod-names.ts';

const EVERYWHERE = prefix('0.0.0.0/0');

/** What every node runs: https://kubernetes.io/docs/reference/networking/ports-and-protocols/ and sshd. */
const NODE_LISTENERS: readonly Listener[] = [
  { protocol: 'tcp', port: 22, address: null, program: 'sshd' },
  { protocol: 'tcp', port: 10250, address: null, program: 'kubelet' },
];

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
  const inHostNetwork = part.pods.filter((pod) => pod.spec.hostNetwork === true).map(listenersOf);
  const unknownListeners = inHostNetwork.find((each) => each.unknown !== null)?.unknown ?? null;
  draft.hosts.set(
    part.host,
    host(part.host, 'node', part.node?.simulation?.ipForward ?? 'on', {
      interfaces,
      tables: mainTable(unknown === null ? routes : [unsimulatedRoute(unknown)]),
      listeners: [...NODE_LISTENERS, ...inHostNetwork.flatMap((each) => each.listeners)],
      ...(rules.translations === undefined ? {} : { translations: rules.translations }),
      ...(rules.chains === undefined ? {} : { chains: rules.chains }),
      unknown: unknown ?? unknownListeners,
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
