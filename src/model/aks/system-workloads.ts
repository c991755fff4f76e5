/** Which DaemonSets and Deployments AKS runs on a cluster's network. `kubectl get ds -n kube-system` tells the plugins apart. */
import type { Container, DaemonSet, Deployment, ObjectMeta } from '../kubernetes/objects.ts';
import { systemPod } from './admit-system-pod.ts';
import type { Ipam } from './ipam.ts';
import { atLeastMinor } from './kubernetes-versions.ts';
import type { NetworkProfile } from './managed-cluster.ts';

const SYSTEM = 'kube-system';
const MCR = 'mcr.microsoft.com/oss';
const ACN = 'mcr.microsoft.com/containernetworking';
/** From this version the DaemonSet azure-cns installs the CNI of Node Subnet too (AKS release notes, 2025-02-20). */
const CNS_WITH_NODE_SUBNET_FROM = '1.32';

export interface SystemWorkload {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
}

export interface SystemDeployment extends SystemWorkload {
  readonly replicas: number;
  readonly hostNetwork: 'yes' | 'no';
}

/** What of a network profile decides on addons. */
export type Network = Pick<NetworkProfile, 'networkPlugin' | 'networkDataplane' | 'networkPolicy'>;

/** Returns the DaemonSets of a cluster with this network, in alphabetical order. */
export function systemDaemons(
  network: Network,
  ipams: readonly Ipam[],
  version: string,
): readonly SystemWorkload[] {
  const cilium = network.networkDataplane === 'cilium';
  const daemons: SystemWorkload[] = [
    daemon('cloud-node-manager', { 'k8s-app': 'cloud-node-manager', component: 'cloud-node-manager' }, [
      { name: 'cloud-node-manager', image: `${MCR}/kubernetes/azure-cloud-node-manager:v1.32.6` },
    ]),
    daemon(
      'csi-azuredisk-node',
      { app: 'csi-azuredisk-node' },
      csiContainers('azuredisk', `${MCR}/kubernetes-csi/azuredisk-csi:v1.32.9`),
    ),
    daemon(
      'csi-azurefile-node',
      { app: 'csi-azurefile-node' },
      csiContainers('azurefile', `${MCR}/kubernetes-csi/azurefile-csi:v1.32.5`),
    ),
  ];
  if (ipams.some(masquerades)) {
    daemons.push(
      daemon('azure-ip-masq-agent', { 'k8s-app': 'azure-ip-masq-agent', tier: 'node' }, [
        { name: 'azure-ip-masq-agent', image: `${MCR}/v2/azure/ip-masq-agent-v2:v0.1.15` },
      ]),
    );
  }
  if (
    network.networkPlugin === 'azure' &&
    (ipams.some((ipam) => ipam !== 'node-subnet') ||
      cilium ||
      atLeastMinor(version, CNS_WITH_NODE_SUBNET_FROM))
  ) {
    daemons.push(
      daemon('azure-cns', { 'k8s-app': 'azure-cns' }, [
        { name: 'cns-container', image: `${ACN}/azure-cns:v1.6.29`, ...requests('40m', '250Mi') },
      ]),
    );
  }
  daemons.push(
    cilium
      ? daemon('cilium', { 'k8s-app': 'cilium' }, [
          { name: 'cilium-agent', image: `${ACN}/cilium/cilium:${ciliumVersion(version)}` },
        ])
      : daemon('kube-proxy', { component: 'kube-proxy', tier: 'node' }, [
          { name: 'kube-proxy', image: `${MCR}/kubernetes/kube-proxy:v1.32.6`, ...requests('100m') },
        ]),
  );
  if (network.networkPolicy === 'azure') {
    daemons.push(
      daemon('azure-npm', { 'k8s-app': 'azure-npm' }, [
        { name: 'azure-npm', image: `${ACN}/azure-npm:v1.6.29`, ...requests('50m', '300Mi') },
      ]),
    );
  }
  if (network.networkPolicy === 'calico') {
    daemons.push({
      ...daemon('calico-node', { 'k8s-app': 'calico-node' }, [
        { name: 'calico-node', image: `${MCR}/v2/calico/node:v3.29.3` },
      ]),
      namespace: CALICO_SYSTEM,
    });
  }
  return daemons.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const CALICO_SYSTEM = 'calico-system';

/** Returns the Deployments that only some networks have. */
export function networkDeployments(network: Network, version: string): readonly SystemDeployment[] {
  if (network.networkDataplane === 'cilium') {
    return [
      {
        ...daemon('cilium-operator', { 'io.cilium/app': 'operator', name: 'cilium-operator' }, [
          { name: 'cilium-operator', image: `${ACN}/cilium/operator-generic:${ciliumVersion(version)}` },
        ]),
        replicas: 2,
        hostNetwork: 'yes',
      },
    ];
  }
  if (network.networkPolicy === 'calico') {
    return [
      {
        ...daemon('calico-typha', { 'k8s-app': 'calico-typha' }, [
          { name: 'calico-typha', image: `${MCR}/v2/calico/typha:v3.29.3` },
        ]),
        namespace: CALICO_SYSTEM,
        replicas: 1,
        hostNetwork: 'yes',
      },
    ];
  }
  return [];
}

/** Returns the namespaces that only some networks have. */
export function networkNamespaces(network: Network): readonly string[] {
  return network.networkPolicy === 'calico' ? [CALICO_SYSTEM] : [];
}

/** Pod Subnet has no masquerade agent: azure-cns writes its own few rules. */
export function masquerades(ipam: Ipam): boolean {
  return ipam === 'kubenet' || ipam === 'node-subnet' || ipam === 'overlay';
}

/** Source: Azure CNI powered by Cilium, read 2026-08-05, versions by Kubernetes version. */
function ciliumVersion(version: string): string {
  if (atLeastMinor(version, '1.36')) return 'v1.18.9';
  if (atLeastMinor(version, '1.34')) return 'v1.18.6';
  return atLeastMinor(version, '1.32') ? 'v1.17.9' : 'v1.16.16';
}

function daemon(
  name: string,
  labels: Readonly<Record<string, string>>,
  containers: readonly Container[],
): SystemWorkload {
  return { name, namespace: SYSTEM, labels, containers };
}

function csiContainers(driver: string, image: string): Container[] {
  return [
    {
      name: 'liveness-probe',
      image: `${MCR}/kubernetes-csi/livenessprobe:v2.15.0`,
      ...requests('10m', '20Mi'),
    },
    {
      name: 'node-driver-registrar',
      image: `${MCR}/kubernetes-csi/csi-node-driver-registrar:v2.13.0`,
      ...requests('10m', '20Mi'),
    },
    { name: driver, image, ...requests('10m', '20Mi') },
  ];
}

export function requests(cpu: string, memory?: string): Pick<Container, 'resources'> {
  return { resources: { requests: memory === undefined ? { cpu } : { cpu, memory } } };
}

/** Returns what the API server keeps for a system DaemonSet. */
export function daemonSetOf(metadata: ObjectMeta, wanted: SystemWorkload): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: {
      selector: { matchLabels: wanted.labels },
      template: {
        metadata: { labels: wanted.labels },
        spec: systemPod({ containers: wanted.containers, hostNetwork: true }, wanted.name),
      },
    },
    status: { desiredNumberScheduled: 0, currentNumberScheduled: 0, numberReady: 0, numberAvailable: 0 },
  };
}

/** Returns what the API server keeps for a system Deployment. */
export function deploymentOf(metadata: ObjectMeta, wanted: SystemDeployment): Deployment {
  const { containers, hostNetwork } = wanted;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: wanted.replicas,
      selector: { matchLabels: wanted.labels },
      template: {
        metadata: { labels: wanted.labels },
        spec: systemPod(
          hostNetwork === 'yes' ? { containers, hostNetwork: true } : { containers },
          wanted.name,
        ),
      },
    },
    status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
  };
}
