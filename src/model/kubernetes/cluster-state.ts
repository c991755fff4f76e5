/** Reading and writing the API server's content of one cluster inside the cloud. */
import type { ArmKey } from '../azure/resources.ts';
import { drawGuid } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import type {
  ConfigMap,
  ControlPlane,
  DaemonSet,
  Deployment,
  KubernetesEvent,
  KubernetesState,
  Namespace,
  NetworkPolicy,
  Node,
  NodeNetworkConfig,
  ObjectMeta,
  OwnerReference,
  Pod,
  ReplicaSet,
  Service,
} from './objects.ts';

/** Every kind that the simulated API server stores. */
export type KubernetesObject =
  | Namespace
  | Node
  | Pod
  | Deployment
  | ReplicaSet
  | DaemonSet
  | Service
  | ConfigMap
  | NetworkPolicy
  | NodeNetworkConfig
  | KubernetesEvent;

/** Returns the state of a cluster; throws if the cluster does not exist, since callers found it first. */
export function kubernetesOf(cloud: Cloud, cluster: ArmKey): KubernetesState {
  const state = cloud.kubernetes[cluster];
  if (state === undefined) throw new Error(`no Kubernetes state for ${cluster}`);
  return state;
}

export function withKubernetes(cloud: Cloud, cluster: ArmKey, state: KubernetesState): Cloud {
  if (cloud.kubernetes[cluster] === state) return cloud;
  return { ...cloud, kubernetes: { ...cloud.kubernetes, [cluster]: state } };
}

export function emptyKubernetesState(controlPlane: ControlPlane): KubernetesState {
  return {
    namespaces: {},
    nodes: {},
    pods: {},
    deployments: {},
    replicaSets: {},
    daemonSets: {},
    services: {},
    configMaps: {},
    networkPolicies: {},
    nodeNetworkConfigs: {},
    events: {},
    controlPlane,
    lastReservedIp: {},
  };
}

/** Returns the key of an object in its store: `namespace/name`, or `name` for kinds without a namespace. */
export function objectKey(metadata: Pick<ObjectMeta, 'name' | 'namespace'>): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** Returns RFC 3339 text in UTC with whole seconds, as the API server writes times. */
export function kubernetesTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Returns whole seconds since the epoch for a time that `kubernetesTime` wrote. */
export function epochSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** What a draw of `chance.ts` needs, told apart per cluster; a scenario's pins stay as they are written. */
export function clusterChance(cloud: Cloud, cluster: ArmKey): Pick<Cloud, 'seed' | 'pins'> {
  return { seed: `${cloud.seed}\u0000${cluster}`, pins: cloud.pins };
}

export interface NewMetadata {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly owner?: OwnerReference;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly resourceVersion: number;
}

/** Returns the metadata of an object as the API server completes it on creation. */
export function newMetadata(cloud: Cloud, cluster: ArmKey, wanted: NewMetadata): ObjectMeta {
  const where = wanted.namespace === undefined ? wanted.name : `${wanted.namespace}/${wanted.name}`;
  return {
    name: wanted.name,
    ...(wanted.namespace === undefined ? {} : { namespace: wanted.namespace }),
    uid: drawGuid(
      clusterChance(cloud, cluster),
      `uid/${wanted.kind}/${where}/${wanted.resourceVersion.toString()}`,
    ),
    creationTimestamp: kubernetesTime(wanted.created),
    resourceVersion: wanted.resourceVersion.toString(),
    ...(wanted.generateName === undefined ? {} : { generateName: wanted.generateName }),
    ...(wanted.labels === undefined || Object.keys(wanted.labels).length === 0
      ? {}
      : { labels: wanted.labels }),
    ...(wanted.annotations === undefined || Object.keys(wanted.annotations).length === 0
      ? {}
      : { annotations: wanted.annotations }),
    ...(wanted.owner === undefined ? {} : { ownerReferences: [wanted.owner] }),
  };
}

export function ownerReference(owner: Deployment | ReplicaSet | DaemonSet): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Reports whether labels carry every pair of a selector; a selector without pairs selects nothing. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}
