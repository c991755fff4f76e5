/** Keeping a cluster's network addons, and the ConfigMaps they read, as its network profile asks for. */
import { armKey } from '../azure/resource-store.ts';
import type { Cloud } from '../cloud.ts';
import { kubernetesOf, newMetadata, objectKey, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { ConfigMap, ControlPlane, ObjectMeta } from '../kubernetes/objects.ts';
import { clusterIpams } from './ipam.ts';
import type { Ipam } from './ipam.ts';
import type { ManagedCluster } from './managed-cluster.ts';
import { flatRanges } from './node-ranges.ts';
import {
  CALICO_SYSTEM,
  daemonSetOf,
  deploymentOf,
  masquerades,
  networkDeployments,
  systemDaemons,
} from './system-workloads.ts';
import type { Network } from './system-workloads.ts';

const SYSTEM = 'kube-system';

/** Ranges that pods reach under their own address, as AKS lists them for the masquerade agent. */
export interface MasqueradeRanges {
  readonly podCidr: string | null;
  readonly serviceCidr: string;
  /** The node subnet and the VNet's ranges, with Node Subnet. */
  readonly flat: readonly string[];
}

/** Returns the ConfigMaps of a cluster with this network, by name; all are in kube-system. */
export function networkConfigMaps(
  network: Network,
  ipams: readonly Ipam[],
  ranges: MasqueradeRanges,
): Readonly<Record<string, ConfigMap['data']>> {
  const kept =
    ranges.podCidr !== null
      ? [ranges.podCidr]
      : [...ranges.flat.slice(0, 1), ranges.serviceCidr, ...ranges.flat.slice(1)];
  return {
    ...(ipams.some(masquerades)
      ? {
          'azure-ip-masq-agent-config-reconciled': { 'ip-masq-agent-reconciled': masqueradeConfig(kept) },
        }
      : {}),
    ...(network.networkDataplane === 'cilium' ? { 'cilium-config': CILIUM_CONFIG } : {}),
  };
}

/** Returns the content of the ConfigMap that tells the masquerade agent what keeps its pod address. */
export function masqueradeConfig(ranges: readonly string[]): string {
  return `nonMasqueradeCIDRs:\n${ranges.map((range) => `  - ${range}\n`).join('')}masqLinkLocal: true\n`;
}

/** The keys that say how packets go (azure-container-networking, cilium-config manifests). */
const CILIUM_CONFIG: ConfigMap['data'] = {
  'enable-bpf-masquerade': 'false',
  'enable-endpoint-routes': 'true',
  'enable-ipv4': 'true',
  'enable-ipv4-masquerade': 'false',
  'enable-l7-proxy': 'false',
  'enable-policy': 'default',
  'install-no-conntrack-iptables-rules': 'false',
  ipam: 'delegated-plugin',
  'kube-proxy-replacement': 'true',
  'local-router-ipv4': '169.254.23.0',
  'routing-mode': 'native',
  tunnel: 'disabled',
};

const OURS_DAEMONS: ReadonlySet<string> = new Set([
  'kube-system/azure-cns',
  'kube-system/azure-ip-masq-agent',
  'kube-system/azure-npm',
  'kube-system/cilium',
  'kube-system/kube-proxy',
  `${CALICO_SYSTEM}/calico-node`,
]);
const OURS_DEPLOYMENTS: ReadonlySet<string> = new Set([
  'kube-system/cilium-operator',
  `${CALICO_SYSTEM}/calico-typha`,
]);
const OURS_CONFIG_MAPS: ReadonlySet<string> = new Set([
  'kube-system/azure-ip-masq-agent-config-reconciled',
  'kube-system/cilium-config',
]);

/**
 * Returns the cloud with the cluster's network addons, their ConfigMaps and what its control plane
 * knows about pod addresses as the network profile asks for now: after a migration, or when the VNet
 * has grown. What was right stays untouched.
 */
export function refreshSystemAddons(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const state = kubernetesOf(cloud, key);
  const { networkProfile: network } = cluster;
  const ipams = clusterIpams(cluster);
  let version = state.controlPlane.nextResourceVersion;
  const metadata = (
    kind: string,
    name: string,
    namespace: string,
    labels?: Readonly<Record<string, string>>,
  ): ObjectMeta =>
    newMetadata(cloud, key, {
      kind,
      name,
      namespace,
      labels,
      created: cloud.now,
      resourceVersion: version++,
    });

  const daemonSets = keep(state.daemonSets, OURS_DAEMONS, (kept) => {
    for (const each of systemDaemons(network, ipams, cluster.currentKubernetesVersion)) {
      kept[`${each.namespace}/${each.name}`] ??=
        state.daemonSets[`${each.namespace}/${each.name}`] ??
        daemonSetOf(metadata('DaemonSet', each.name, each.namespace, each.labels), each);
    }
  });
  const deployments = keep(state.deployments, OURS_DEPLOYMENTS, (kept) => {
    for (const each of networkDeployments(network, cluster.currentKubernetesVersion)) {
      kept[`${each.namespace}/${each.name}`] =
        state.deployments[`${each.namespace}/${each.name}`] ??
        deploymentOf(metadata('Deployment', each.name, each.namespace, each.labels), each);
    }
  });
  const wantedMaps = networkConfigMaps(network, ipams, {
    podCidr: network.podCidr,
    serviceCidr: network.serviceCidr,
    flat: flatRanges(cloud, cluster),
  });
  const configMaps = keep(state.configMaps, OURS_CONFIG_MAPS, (kept) => {
    for (const [name, data] of Object.entries(wantedMaps)) {
      const present = state.configMaps[`${SYSTEM}/${name}`];
      const same = present !== undefined && JSON.stringify(present.data) === JSON.stringify(data);
      const made: ConfigMap = same
        ? present
        : {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: present?.metadata ?? metadata('ConfigMap', name, SYSTEM),
            data,
          };
      kept[objectKey(made.metadata)] = made;
    }
  });
  const controlPlane: ControlPlane = {
    ...state.controlPlane,
    podAddressing: podAddressingOf(network),
    podCidr: network.podCidr,
    nextResourceVersion: version,
  };
  return withKubernetes(cloud, key, { ...state, daemonSets, deployments, configMaps, controlPlane });
}

/** Returns who gives pods their addresses. */
export function podAddressingOf(network: Network): ControlPlane['podAddressing'] {
  return network.networkPlugin === 'azure' ? 'azure-cns' : 'host-local';
}

function keep<T>(
  store: Readonly<Record<string, T>>,
  ours: ReadonlySet<string>,
  add: (kept: Record<string, T>) => void,
): Readonly<Record<string, T>> {
  const kept = Object.fromEntries(Object.entries(store).filter(([key]) => !ours.has(key)));
  add(kept);
  return kept;
}
