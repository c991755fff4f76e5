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
  Secret,
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
  | Secret
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
  if (lastTime?.epochSeconds !== epochSeconds) {
    lastTime = { epochSeconds, text: new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z') };
  }
  return lastTime.text;
}

/** What is made together has one time: the text is written once, and shared. */
let lastTime: { readonly epochSeconds: number; readonly text: string } | null = null;

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
  return drawMetadata(clusterChance(cloud, cluster), wanted);
}

/** Returns the same for many objects of a cluster, given its `clusterChance`. */
export function drawMetadata(chance: Pick<Cloud, 'seed' | 'pins'>, wanted: NewMetadata): ObjectMeta {
  const { name, namespace } = wanted;
  const resourceVersion = wanted.resourceVersion.toString();
  const where = namespace === undefined ? name : `${namespace}/${name}`;
  const uid = drawGuid(chance, `uid/${wanted.kind}/${where}/${resourceVersion}`);
  const creationTimestamp = kubernetesTime(wanted.created);
  const { generateName, labels, annotations, owner } = wanted;
  const labelled = labels !== undefined && !isEmpty(labels);
  const annotated = annotations !== undefined && !isEmpty(annotations);
  if (
    namespace !== undefined &&
    generateName !== undefined &&
    labelled &&
    !annotated &&
    owner !== undefined
  ) {
    // Most objects by far are pods; written as a whole, they take half the room.
    const ownerReferences = alone(owner);
    return {
      name,
      namespace,
      uid,
      creationTimestamp,
      resourceVersion,
      generateName,
      labels,
      ownerReferences,
    };
  }
  // Field by field, in the order in which it is printed: spreading parts takes longer than drawing the uid.
  const metadata: { -readonly [Field in keyof ObjectMeta]: ObjectMeta[Field] } =
    namespace === undefined
      ? { name, uid, creationTimestamp, resourceVersion }
      : { name, namespace, uid, creationTimestamp, resourceVersion };
  if (generateName !== undefined) metadata.generateName = generateName;
  if (labelled) metadata.labels = labels;
  if (annotated) metadata.annotations = annotations;
  if (owner !== undefined) metadata.ownerReferences = alone(owner);
  return metadata;
}

function isEmpty(pairs: Readonly<Record<string, string>>): boolean {
  for (const _key in pairs) return false;
  return true;
}

const lists = new WeakMap<OwnerReference, readonly OwnerReference[]>();

/** Returns the list of one owner, the same list for all that it owns. */
function alone(owner: OwnerReference): readonly OwnerReference[] {
  let list = lists.get(owner);
  if (list === undefined) lists.set(owner, (list = [owner]));
  return list;
}

const references = new WeakMap<Deployment | ReplicaSet | DaemonSet, OwnerReference>();

/** Returns how an object names its owner, the same object for all of them. */
export function ownerReference(owner: Deployment | ReplicaSet | DaemonSet): OwnerReference {
  const known = references.get(owner);
  if (known !== undefined) return known;
  const reference: OwnerReference = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  references.set(owner, reference);
  return reference;
}

/** Reports whether labels carry every pair of a selector; a selector without pairs selects nothing. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}
