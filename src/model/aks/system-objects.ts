/** What a new cluster runs before anyone deploys to it. Names, labels and container counts as seen on real clusters. */
import type { ArmKey } from '../azure/resources.ts';
import { clusterAuthority } from '../certificates/cluster-authority.ts';
import { toPem } from '../certificates/pem.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { firstAddress, prefix } from '../ip/prefix.ts';
import { emptyKubernetesState, newMetadata, objectKey, withKubernetes } from '../kubernetes/cluster-state.ts';
import { ROOT_CA } from '../kubernetes/root-ca.ts';
import type { ConfigMap, KubernetesState, Namespace, Service } from '../kubernetes/objects.ts';
import type { Ipam } from './ipam.ts';
import type { NetworkProfile } from './managed-cluster.ts';
import { networkConfigMaps, podAddressingOf } from './system-addons.ts';
import {
  daemonSetOf,
  deploymentOf,
  networkDeployments,
  networkNamespaces,
  requests,
  systemDaemons,
} from './system-workloads.ts';
import type { SystemDeployment } from './system-workloads.ts';

export interface NewControlPlane {
  readonly networkProfile: Pick<
    NetworkProfile,
    'networkPlugin' | 'networkDataplane' | 'networkPolicy' | 'podCidr' | 'serviceCidr' | 'dnsServiceIp'
  >;
  readonly ipam: Ipam;
  readonly version: string;
  /** As `flatRanges` returns them. */
  readonly flatRanges: readonly string[];
  readonly apiServerAddress: string;
  /** The API server's name. */
  readonly fqdn: string;
}

const SYSTEM = 'kube-system';
const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', SYSTEM];
const MCR = 'mcr.microsoft.com/oss';
/** Where the object numbers of a cluster start once its control plane has settled. */
const FIRST_RESOURCE_VERSION = 300;

const DEPLOYMENTS: readonly SystemDeployment[] = [
  {
    name: 'coredns',
    replicas: 2,
    hostNetwork: 'no',
    namespace: SYSTEM,
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
    hostNetwork: 'no',
    namespace: SYSTEM,
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
    hostNetwork: 'no',
    namespace: SYSTEM,
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
    hostNetwork: 'no',
    namespace: SYSTEM,
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

/** Returns the cloud with the API server's content of a new cluster; pods come with the nodes. */
export function startControlPlane(cloud: Cloud, cluster: ArmKey, wanted: NewControlPlane): Cloud {
  const { networkProfile: network, ipam } = wanted;
  const namespaces = [...NAMESPACES, ...networkNamespaces(network)];
  const maps = networkConfigMaps(network, [ipam], {
    podCidr: network.podCidr,
    serviceCidr: network.serviceCidr,
    flat: wanted.flatRanges,
  });
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
  const authority = toPem(clusterAuthority(wanted.fqdn, cloud.now));
  const byKey = <T extends { readonly metadata: Namespace['metadata'] }>(
    objects: readonly T[],
  ): Record<string, T> => Object.fromEntries(objects.map((object) => [objectKey(object.metadata), object]));

  const content: Partial<KubernetesState> = {
    namespaces: byKey(
      namespaces.map((name): Namespace => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: metadata('Namespace', name, undefined, { 'kubernetes.io/metadata.name': name }),
        status: { phase: 'Active' },
      })),
    ),
    configMaps: byKey([
      ...Object.entries(maps).map(([name, data]) => configMap(name, SYSTEM, data)),
      configMap('coredns', SYSTEM, { Corefile: COREFILE }),
      configMap('coredns-custom', SYSTEM, {}),
      ...namespaces.map((namespace) => configMap(ROOT_CA, namespace, { 'ca.crt': authority })),
    ]),
    services: byKey(systemServices(network, metadata)),
    daemonSets: byKey(
      systemDaemons(network, [ipam], wanted.version).map((each) =>
        daemonSetOf(metadata('DaemonSet', each.name, each.namespace, each.labels), each),
      ),
    ),
    deployments: byKey(
      [...DEPLOYMENTS, ...networkDeployments(network, wanted.version)].map((each) =>
        deploymentOf(metadata('Deployment', each.name, each.namespace, each.labels), each),
      ),
    ),
  };
  return withKubernetes(cloud, cluster, {
    ...emptyKubernetesState({
      podAddressing: podAddressingOf(network),
      podCidr: network.podCidr,
      serviceCidr: network.serviceCidr,
      dnsServiceIp: network.dnsServiceIp,
      apiServer: { address: wanted.apiServerAddress, port: 443 },
      nextResourceVersion: version,
      nextPodCidrIndex: 0,
      podsCreated: {},
    }),
    ...content,
  });
}

function systemServices(
  wanted: NewControlPlane['networkProfile'],
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
