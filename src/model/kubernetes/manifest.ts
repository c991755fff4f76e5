/** What a client sends: objects without the fields that the server fills in. */
import type {
  ConfigMap,
  DaemonSet,
  Deployment,
  DeploymentStrategy,
  FullLabelSelector,
  LabelSelector,
  NetworkPolicy,
  PodSpec,
  PodTemplate,
  ReplicaSet,
  ServicePort,
} from './objects.ts';

export interface ManifestMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface NamespaceManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: ManifestMetadata;
}

export interface PodManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: ManifestMetadata;
  readonly spec: PodSpec;
}

export interface DeploymentManifest {
  readonly apiVersion: Deployment['apiVersion'];
  readonly kind: 'Deployment';
  readonly metadata: ManifestMetadata;
  readonly spec: {
    /** 1 if absent. */
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly strategy?: DeploymentStrategy;
  };
}

export interface ReplicaSetManifest {
  readonly apiVersion: ReplicaSet['apiVersion'];
  readonly kind: 'ReplicaSet';
  readonly metadata: ManifestMetadata;
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
}

export interface DaemonSetManifest {
  readonly apiVersion: DaemonSet['apiVersion'];
  readonly kind: 'DaemonSet';
  readonly metadata: ManifestMetadata;
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate };
}

export interface ServicePortManifest {
  readonly name?: string;
  /** TCP if absent. */
  readonly protocol?: ServicePort['protocol'];
  readonly appProtocol?: string;
  readonly port: number;
  /** The port if absent; a name refers to a container port. */
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

export interface ServiceManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly metadata: ManifestMetadata;
  readonly spec: {
    /** ClusterIP if absent. */
    readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
    /** `None` makes a headless Service; drawn from the service range if absent. */
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports: readonly ServicePortManifest[];
    readonly sessionAffinity?: 'None' | 'ClientIP';
    /** Dropped without `ClientIP`; a timeout of 10800 seconds if absent. */
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly externalTrafficPolicy?: 'Cluster' | 'Local';
    readonly internalTrafficPolicy?: 'Cluster' | 'Local';
    /** Clusters here have IPv4 only: nothing else gets past validation. */
    readonly ipFamilies?: readonly string[];
    readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
    readonly publishNotReadyAddresses?: boolean;
    /** True if absent; only with type LoadBalancer, as all below. */
    readonly allocateLoadBalancerNodePorts?: boolean;
    /** Drawn if absent and needed. */
    readonly healthCheckNodePort?: number;
    readonly loadBalancerClass?: string;
    readonly loadBalancerIP?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
  };
}

export interface ConfigMapManifest {
  readonly apiVersion: ConfigMap['apiVersion'];
  readonly kind: 'ConfigMap';
  readonly metadata: ManifestMetadata;
  readonly data?: Readonly<Record<string, string>>;
}

export interface SecretManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: ManifestMetadata;
  /** `Opaque` if absent. */
  readonly type?: string;
  /** In base64. */
  readonly data?: Readonly<Record<string, string>>;
  /** As it is; the server encodes it and keeps it in `data`, where it wins. */
  readonly stringData?: Readonly<Record<string, string>>;
}

export interface NetworkPolicyManifest {
  readonly apiVersion: NetworkPolicy['apiVersion'];
  readonly kind: 'NetworkPolicy';
  readonly metadata: ManifestMetadata;
  readonly spec: {
    readonly podSelector: FullLabelSelector;
    /** Follows from the rules if absent or empty. */
    readonly policyTypes?: NetworkPolicy['spec']['policyTypes'];
    readonly ingress?: NetworkPolicy['spec']['ingress'];
    readonly egress?: NetworkPolicy['spec']['egress'];
  };
}

export type Manifest =
  | NamespaceManifest
  | PodManifest
  | DeploymentManifest
  | ReplicaSetManifest
  | DaemonSetManifest
  | ServiceManifest
  | ConfigMapManifest
  | SecretManifest
  | NetworkPolicyManifest;
