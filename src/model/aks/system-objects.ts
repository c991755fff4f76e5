/** What a new kubenet cluster runs before anyone deploys to it. Names, labels and container counts as seen on real clusters. */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { firstAddress, prefix } from '../ip/prefix.ts';
import { admitPodSpec } from '../kubernetes/admission.ts';
import { emptyKubernetesState, newMetadata, objectKey, withKubernetes } from '../kubernetes/cluster-state.ts';
import type {
  ConfigMap,
  Container,
  DaemonSet,
  Deployment,
  KubernetesState,
  Namespace,
  PodSpec,
  Service,
} from '../kubernetes/objects.ts';

export interface NewControlPlane {
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly dnsServiceIp: string;
  readonly apiServerAddress: string;
}

const SYSTEM = 'kube-system';
const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', SYSTEM];
const MCR = 'mcr.microsoft.com/oss';
/** Where the object numbers of a cluster start once its control plane has settled. */
const FIRST_RESOURCE_VERSION = 300;

interface Daemon {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
}

const DAEMONS: readonly Daemon[] = [
  {
    name: 'azure-ip-masq-agent',
    labels: { 'k8s-app': 'azure-ip-masq-agent', tier: 'node' },
    containers: [{ name: 'azure-ip-masq-agent', image: `${MCR}/v2/azure/ip-masq-agent-v2:v0.1.15` }],
  },
  {
    name: 'cloud-node-manager',
    labels: { 'k8s-app': 'cloud-node-manager', component: 'cloud-node-manager' },
    containers: [{ name: 'cloud-node-manager', image: `${MCR}/kubernetes/azure-cloud-node-manager:v1.32.6` }],
  },
  {
    name: 'csi-azuredisk-node',
    labels: { app: 'csi-azuredisk-node' },
    containers: csiContainers('azuredisk', `${MCR}/kubernetes-csi/azuredisk-csi:v1.32.9`),
  },
  {
    name: 'csi-azurefile-node',
    labels: { app: 'csi-azurefile-node' },
    containers: csiContainers('azurefile', `${MCR}/kubernetes-csi/azurefile-csi:v1.32.5`),
  },
  {
    name: 'kube-proxy',
    labels: { component: 'kube-proxy', tier: 'node' },
    containers: [{ name: 'kube-proxy', image: `${MCR}/kubernetes/kube-proxy:v1.32.6`, ...requests('100m') }],
  },
];

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

function requests(cpu: string, memory?: string): Pick<Container, 'resources'> {
  return { resources: { requests: memory === undefined ? { cpu } : { cpu, memory } } };
}

interface SystemDeployment {
  readonly name: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
}

const DEPLOYMENTS: readonly SystemDeployment[] = [
  {
    name: 'coredns',
    replicas: 2,
    labels: { 'k8s-app': 'kube-dns' },
    containers: [
      {
        name: 'coredns',
        image: `${MCR}/v2/kubernetes/coredns:v1.12.1`,
        ports: [
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
        ],
        livenessProbe: { httpGet: { path: '/health', port: 8080, scheme: 'HTTP' } },
        readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
        ...requests('100m', '70Mi'),
      },
    ],
  },
  {
    name: 'coredns-autoscaler',
    replicas: 1,
    labels: { 'k8s-app': 'coredns-autoscaler' },
    containers: [
      {
        name: 'autoscaler',
        image: `${MCR}/v2/kubernetes/autoscaler/cluster-proportional-autoscaler:v1.9.0`,
        ...requests('20m', '10Mi'),
      },
    ],
  },
  {
    name: 'konnectivity-agent',
    replicas: 2,
    labels: { app: 'konnectivity-agent' },
    containers: [
      {
        name: 'konnectivity-agent',
        image: `${MCR}/v2/kubernetes/apiserver-network-proxy/agent:v0.31.4`,
        livenessProbe: { httpGet: { path: '/healthz', port: 8082 } },
        ...requests('20m', '20Mi'),
      },
    ],
  },
  {
    name: 'metrics-server',
    replicas: 2,
    labels: { 'k8s-app': 'metrics-server' },
    containers: [
      {
        name: 'metrics-server',
        image: `${MCR}/v2/kubernetes/metrics-server:v0.7.2`,
        ports: [{ name: 'main-port', containerPort: 4443, protocol: 'TCP' }],
        livenessProbe: { httpGet: { path: '/livez', port: 'main-port', scheme: 'HTTPS' } },
        readinessProbe: { httpGet: { path: '/readyz', port: 'main-port', scheme: 'HTTPS' } },
        ...requests('50m', '100Mi'),
      },
    ],
  },
];

const COREFILE = `.:53 {
    errors
    ready
    health {
      lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
      ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
    import custom/*.override
    template ANY ANY internal.cloudapp.net {
      match "^(?:[^.]+\\.){4,}internal\\.cloudapp\\.net\\.$"
      rcode NXDOMAIN
      fallthrough
    }
    template ANY ANY reddog.microsoft.com {
      rcode NXDOMAIN
    }
}
import custom/*.server
`;

/** Returns the content of the ConfigMap that tells the masquerade agent what keeps its pod address. */
export function masqueradeConfig(podCidr: string): string {
  return `nonMasqueradeCIDRs:\n  - ${podCidr}\nmasqLinkLocal: true\n`;
}

/** Returns the cloud with the API server's content of a new kubenet cluster; pods come with the nodes. */
export function startControlPlane(cloud: Cloud, cluster: ArmKey, wanted: NewControlPlane): Cloud {
  let version = FIRST_RESOURCE_VERSION;
  const metadata = (
    kind: string,
    name: string,
    namespace?: string,
    labels?: Readonly<Record<string, string>>,
  ): Namespace['metadata'] =>
    newMetadata(cloud, cluster, {
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      created: cloud.now,
      resourceVersion: version++,
    });
  const configMap = (name: string, namespace: string, data: Readonly<Record<string, string>>): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata('ConfigMap', name, namespace),
    data,
  });
  const byKey = <T extends { readonly metadata: Namespace['metadata'] }>(
    objects: readonly T[],
  ): Record<string, T> => Object.fromEntries(objects.map((object) => [objectKey(object.metadata), object]));

  const content: Partial<KubernetesState> = {
    namespaces: byKey(
      NAMESPACES.map((name): Namespace => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: metadata('Namespace', name, undefined, { 'kubernetes.io/metadata.name': name }),
        status: { phase: 'Active' },
      })),
    ),
    configMaps: byKey([
      configMap('azure-ip-masq-agent-config-reconciled', SYSTEM, {
        'ip-masq-agent-reconciled': masqueradeConfig(wanted.podCidr),
      }),
      configMap('coredns', SYSTEM, { Corefile: COREFILE }),
      configMap('coredns-custom', SYSTEM, {}),
      ...NAMESPACES.map((namespace) => configMap('kube-root-ca.crt', namespace, { 'ca.crt': '' })),
    ]),
    services: byKey(systemServices(wanted, metadata)),
    daemonSets: byKey(
      DAEMONS.map((daemon): DaemonSet => ({
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: metadata('DaemonSet', daemon.name, SYSTEM, daemon.labels),
        spec: {
          selector: { matchLabels: daemon.labels },
          template: {
            metadata: { labels: daemon.labels },
            spec: systemPod({ containers: daemon.containers, hostNetwork: true }, daemon.name),
          },
        },
        status: {
          desiredNumberScheduled: 0,
          currentNumberScheduled: 0,
          numberReady: 0,
          numberAvailable: 0,
        },
      })),
    ),
    deployments: byKey(
      DEPLOYMENTS.map((deployment): Deployment => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: metadata('Deployment', deployment.name, SYSTEM, deployment.labels),
        spec: {
          replicas: deployment.replicas,
          selector: { matchLabels: deployment.labels },
          template: {
            metadata: { labels: deployment.labels },
            spec: systemPod({ containers: deployment.containers }, deployment.name),
          },
        },
        status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
      })),
    ),
  };
  return withKubernetes(cloud, cluster, {
    ...emptyKubernetesState({
      podAddressing: 'host-local',
      podCidr: wanted.podCidr,
      serviceCidr: wanted.serviceCidr,
      dnsServiceIp: wanted.dnsServiceIp,
      apiServer: { address: wanted.apiServerAddress, port: 443 },
      nextResourceVersion: version,
      nextPodCidrIndex: 0,
      podsCreated: {},
    }),
    ...content,
  });
}

function systemPod(spec: PodSpec, serviceAccount: string): PodSpec {
  const everywhere = spec.hostNetwork === true;
  return admitPodSpec({
    ...spec,
    serviceAccountName: serviceAccount,
    priorityClassName: everywhere ? 'system-node-critical' : 'system-cluster-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: everywhere ? [{ operator: 'Exists' }] : [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
  });
}

function systemServices(
  wanted: NewControlPlane,
  metadata: (
    kind: string,
    name: string,
    namespace: string,
    labels: Readonly<Record<string, string>>,
  ) => Service['metadata'],
): Service[] {
  const first = addressPlus(firstAddress(prefix(wanted.serviceCidr)), 1);
  const service = (
    name: string,
    namespace: string,
    labels: Readonly<Record<string, string>>,
    clusterIP: string,
    ports: Service['spec']['ports'],
    selector?: Readonly<Record<string, string>>,
  ): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('Service', name, namespace, labels),
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ...(selector === undefined ? {} : { selector }),
      ports,
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  });
  const apiServer = first === null ? '' : formatAddress(first);
  return [
    service('kubernetes', 'default', { component: 'apiserver', provider: 'kubernetes' }, apiServer, [
      { name: 'https', protocol: 'TCP', port: 443, targetPort: 443 },
    ]),
    service(
      'kube-dns',
      SYSTEM,
      { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      wanted.dnsServiceIp,
      [
        { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
        { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
      ],
      { 'k8s-app': 'kube-dns' },
    ),
  ];
}
