/**
 * Kubernetes objects in the API's own shapes (the fields we model), so that `-o json`, `-o yaml`
 * and `-o jsonpath` print them as they are stored. Times are RFC 3339 text in UTC.
 */
import type { HttpProxyConfig } from '../aks/http-proxy-config.ts';
import type { EnvFromSource, EnvVar, Volume, VolumeMount } from './volume.ts';

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: true;
  readonly blockOwnerDeletion: true;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly creationTimestamp: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  /** What controllers still have to clear away before the object may go. */
  readonly finalizers?: readonly string[];
}

export interface Namespace {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: ObjectMeta;
  readonly status: { readonly phase: 'Active' };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface Node {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly podCIDR?: string;
    readonly podCIDRs?: readonly string[];
    readonly providerID: string;
    readonly taints?: readonly Taint[];
    readonly unschedulable?: true;
  };
  readonly status: {
    readonly addresses: readonly { readonly type: 'InternalIP' | 'Hostname'; readonly address: string }[];
    readonly allocatable: Readonly<Record<string, string>>;
    readonly capacity: Readonly<Record<string, string>>;
    readonly conditions: readonly {
      readonly type: 'Ready' | 'NetworkUnavailable';
      readonly status: 'True' | 'False' | 'Unknown';
      readonly reason: string;
      readonly message: string;
    }[];
    readonly nodeInfo: {
      readonly kubeletVersion: string;
      readonly osImage: string;
      readonly kernelVersion: string;
      readonly containerRuntimeVersion: string;
      readonly operatingSystem: 'linux' | 'windows';
      readonly architecture: 'amd64';
    };
  };
  /** Ours, not the API's (never printed): kernel state that a privileged shell can change. */
  readonly simulation?: NodeSimulation;
}

export interface NodeSimulation {
  /** `net.ipv4.ip_forward`. */
  readonly ipForward: 'on' | 'off';
  /**
   * The addresses of Azure that this node may give to pods, in order: its secondary IP configurations
   * with Node Subnet, what its NodeNetworkConfig was given with Pod Subnet. Absent where pods take
   * addresses from `spec.podCIDR` (kubenet, Overlay).
   */
  readonly podAddresses?: readonly string[];
  /** What it was set up with when it joined; absent: no HTTP proxy. */
  readonly proxy?: NodeProxy;
  /** Images that it pulled through a firewall, as containerd writes them; others it has from where nothing stops it. */
  readonly images?: readonly string[];
  /** Neighbour entries, oldest first: what the node has talked to since it started. */
  readonly neighbours: readonly { readonly address: string }[];
}

/** The HTTP proxy of a node, in the files of its disk: another one needs another image of the node. */
export interface NodeProxy {
  /** As the cluster had it. */
  readonly config: HttpProxyConfig;
  /** The six variables. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ContainerPort {
  readonly containerPort: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly name?: string;
  readonly hostPort?: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly resources?: ResourceRequirements;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Keeps a shell without a command alive, as `kubectl run -i` does. */
  readonly stdin?: true;
  readonly tty?: true;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

/** Quantities as written, for example `{ cpu: '100m', memory: '128Mi' }`. */
export interface ResourceRequirements {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface Probe {
  readonly httpGet?: {
    readonly path?: string;
    readonly port: number | string;
    readonly scheme?: 'HTTP' | 'HTTPS';
  };
  readonly tcpSocket?: { readonly port: number | string };
  readonly exec?: { readonly command: readonly string[] };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
  readonly successThreshold?: number;
}

export type ContainerState =
  | { readonly running: { readonly startedAt: string } }
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | {
      readonly terminated: {
        readonly exitCode: number;
        readonly reason: string;
        readonly startedAt: string;
        readonly finishedAt: string;
      };
    };

export interface PodCondition {
  readonly type: 'PodScheduled' | 'Initialized' | 'ContainersReady' | 'Ready' | 'PodReadyToStartContainers';
  readonly status: 'True' | 'False';
  readonly lastTransitionTime: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly hostNetwork?: true;
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: 'Exists' | 'Equal';
    readonly value?: string;
    readonly effect?: string;
    readonly tolerationSeconds?: number;
  }[];
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly dnsPolicy?: string;
  readonly serviceAccountName?: string;
  readonly priorityClassName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly volumes?: readonly Volume[];
}

export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  readonly status: {
    readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    readonly reason?: string;
    readonly message?: string;
    readonly hostIP?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly startTime?: string;
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly ready: boolean;
      readonly restartCount: number;
      readonly image: string;
      readonly started?: boolean;
      readonly state?: ContainerState;
    }[];
    readonly conditions?: readonly PodCondition[];
    readonly qosClass?: 'BestEffort' | 'Burstable' | 'Guaranteed';
  };
  /** Ours, not the API's (never printed). */
  readonly simulation?: PodSimulation;
}

export interface PodSimulation {
  /** Of a pod that was read from JSON: where nobody knows its image, every port is taken to answer. */
  readonly programs?: 'assumed';
  /** Of a pod that waits for images. */
  readonly pull?: ImagePull;
  /** Of a pod whose volumes cannot be set up; since when, in seconds since the epoch. */
  readonly mount?: { readonly firstAt: number };
  /** Of a pod that has its images and lacks what variables are taken from; since when. */
  readonly configuration?: { readonly firstAt: number };
  /** What was in the objects that variables and sub-paths come from when the containers started: they do not follow. */
  readonly sources?: PodSources;
}

/** Contents of ConfigMaps and Secrets of the pod's namespace, as text, by name and key. */
export interface PodSources {
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Attempts to pull the images of a pod that all failed; the first at `firstAt`, in seconds since the epoch. */
export interface ImagePull {
  readonly firstAt: number;
  readonly attempts: number;
  /** By the container's name. */
  readonly errors: Readonly<Record<string, string>>;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

export interface PodTemplate {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

/** How a Deployment goes from one template to the next; what is left out is the server's default. */
export interface DeploymentStrategy {
  readonly type?: 'Recreate' | 'RollingUpdate';
  /** Pods, or a part of them: `1`, `25%`. */
  readonly rollingUpdate?: {
    readonly maxSurge?: number | string;
    readonly maxUnavailable?: number | string;
  };
}

export interface Deployment {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'Deployment';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly strategy?: DeploymentStrategy;
  };
  readonly status: {
    readonly replicas: number;
    readonly updatedReplicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
  };
}

export interface ReplicaSet {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'ReplicaSet';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status: { readonly replicas: number; readonly readyReplicas: number };
}

export interface DaemonSet {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'DaemonSet';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate };
  readonly status: {
    readonly desiredNumberScheduled: number;
    readonly currentNumberScheduled: number;
    readonly numberReady: number;
    readonly numberAvailable: number;
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** What is spoken there, as text; the Azure cloud provider makes HTTP probes of `http` and `https`. */
  readonly appProtocol?: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort?: number;
}

export interface Service {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
    readonly clusterIP: string;
    readonly clusterIPs: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports: readonly ServicePort[];
    readonly sessionAffinity: 'None' | 'ClientIP';
    readonly sessionAffinityConfig?: { readonly clientIP: { readonly timeoutSeconds: number } };
    readonly externalTrafficPolicy?: 'Cluster' | 'Local';
    readonly internalTrafficPolicy?: 'Cluster' | 'Local';
    /** SingleStack if absent. Services prefer in vain what the cluster has not. */
    readonly ipFamilyPolicy?: 'PreferDualStack' | 'RequireDualStack';
    /** Endpoints are pods whether they are ready or not. */
    readonly publishNotReadyAddresses?: true;
    /** The fields below only with type LoadBalancer. */
    readonly allocateLoadBalancerNodePorts?: boolean;
    /** Only with `externalTrafficPolicy: Local`: kube-proxy answers `/healthz` there on every node. */
    readonly healthCheckNodePort?: number;
    /** A Service with a class is left alone by the Azure cloud provider. */
    readonly loadBalancerClass?: string;
    readonly loadBalancerIP?: string;
    /** In CIDR notation. */
    readonly loadBalancerSourceRanges?: readonly string[];
  };
  readonly status: {
    readonly loadBalancer: {
      readonly ingress?: readonly { readonly ip: string; readonly ipMode: 'VIP' | 'Proxy' }[];
    };
  };
}

export interface ConfigMap {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: ObjectMeta;
  readonly data: Readonly<Record<string, string>>;
}

export interface Secret {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: ObjectMeta;
  /** For example `Opaque`. */
  readonly type: string;
  /** In base64. */
  readonly data: Readonly<Record<string, string>>;
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** A selector of policies: both parts must hold; an empty one selects everything. */
export interface FullLabelSelector extends LabelSelector {
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface NetworkPolicyPeer {
  readonly podSelector?: FullLabelSelector;
  readonly namespaceSelector?: FullLabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicyPort {
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly port?: number | string;
  readonly endPort?: number;
}

export interface NetworkPolicy {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly podSelector: FullLabelSelector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly {
      readonly from?: readonly NetworkPolicyPeer[];
      readonly ports?: readonly NetworkPolicyPort[];
    }[];
    readonly egress?: readonly {
      readonly to?: readonly NetworkPolicyPeer[];
      readonly ports?: readonly NetworkPolicyPort[];
    }[];
  };
}

/**
 * What Azure's delegated network controller gives one node (Azure/azure-container-networking,
 * crd/nodenetworkconfig/api/v1alpha). Clusters with Pod Subnet or Overlay have one per node, in
 * kube-system, named as the node.
 */
export interface NodeNetworkConfig {
  readonly apiVersion: 'acn.azure.com/v1alpha';
  readonly kind: 'NodeNetworkConfig';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly requestedIPCount: number; readonly ipsNotInUse?: readonly string[] };
  readonly status: {
    readonly assignedIPCount: number;
    readonly scaler?: {
      readonly batchSize: number;
      readonly requestThresholdPercent: number;
      readonly releaseThresholdPercent: number;
      readonly maxIPCount: number;
    };
    readonly networkContainers: readonly {
      readonly id: string;
      readonly assignmentMode: 'dynamic' | 'static';
      readonly type: 'vnet' | 'vnetblock' | 'overlay';
      readonly nodeIP: string;
      /** The first address, or the first block of a static node, or the node's /24 with Overlay. */
      readonly primaryIP: string;
      readonly subnetName: string;
      /** The pod subnet's prefix, or the cluster's podCidr with Overlay. */
      readonly subnetAddressSpace: string;
      readonly defaultGateway: string;
      readonly ipAssignments: readonly { readonly name: string; readonly ip: string }[];
      readonly status?: 'Available' | 'NCUpdateSubnetFullError' | 'NCUpdateFailed';
      readonly version: number;
    }[];
  };
}

export interface KubernetesEvent {
  readonly apiVersion: 'v1';
  readonly kind: 'Event';
  readonly metadata: ObjectMeta;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastTimestamp: string;
  /** The component that reports, for example `default-scheduler`. */
  readonly source: { readonly component: string; readonly host?: string };
  readonly involvedObject: {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
  };
}

export interface ControlPlane {
  /** Who gives a pod its address: kubenet's host-local, or Azure's CNS (all forms of Azure CNI). */
  readonly podAddressing: 'host-local' | 'azure-cns';
  /** Null where the plugin has no pod range of its own. */
  readonly podCidr: string | null;
  readonly serviceCidr: string;
  readonly dnsServiceIp: string;
  /** Endpoint of the Service `default/kubernetes`. */
  readonly apiServer: { readonly address: string; readonly port: number };
  /** The `resourceVersion` that the next write gets. */
  readonly nextResourceVersion: number;
  /**
   * Where the node IPAM controller starts to look for a free node range: it goes round, it does not
   * take the lowest free one (kubernetes pkg/controller/nodeipam/ipam/cidrset, AllocateNext).
   */
  readonly nextPodCidrIndex: number;
  /** How many pods each `namespace/owner` has had; numbers the `pod-suffix` purposes of chance.ts. */
  readonly podsCreated: Readonly<Record<string, number>>;
}

/** Keyed by `namespace/name`, or `name` for kinds without a namespace. */
type Store<T> = Readonly<Record<string, T>>;

/** The API server's content for one cluster. Endpoints are derived from Services and pods, not stored. */
export interface KubernetesState {
  readonly namespaces: Store<Namespace>;
  readonly nodes: Store<Node>;
  readonly pods: Store<Pod>;
  readonly deployments: Store<Deployment>;
  readonly replicaSets: Store<ReplicaSet>;
  readonly daemonSets: Store<DaemonSet>;
  readonly services: Store<Service>;
  readonly configMaps: Store<ConfigMap>;
  /** Absent in clouds from before there were any. */
  readonly secrets?: Store<Secret>;
  readonly networkPolicies: Store<NetworkPolicy>;
  /** The API knows this kind only in clusters with Pod Subnet or Overlay. */
  readonly nodeNetworkConfigs: Store<NodeNetworkConfig>;
  readonly events: Store<KubernetesEvent>;
  /** What the API server and its controllers were started with, and how far they have counted. */
  readonly controlPlane: ControlPlane;
  /** host-local's last handed-out address per node, so that addresses go round as on a real node. */
  readonly lastReservedIp: Readonly<Record<string, string>>;
  /** What the service controller remembers; absent before the first Service of type LoadBalancer. */
  readonly serviceController?: ServiceControllerMemory;
}

/** The cache of k8s.io/cloud-provider, controllers/service. */
export interface ServiceControllerMemory {
  /** By `namespace/name`. */
  readonly services: Readonly<Record<string, SyncedService>>;
  /** A hash of the names of the nodes that load balancers had after the last round. */
  readonly nodes: string;
}

/** What the service controller last did for a Service. */
export interface SyncedService {
  readonly uid: string;
  /** What of the Service mattered to the load balancer, as text. */
  readonly wanted: string;
  /** Why it failed; null if it did not. */
  readonly failure: string | null;
}
