/** Creating, changing and deleting objects as the API server does, followed by its controllers. */
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { SIMULATED_REPLICAS } from '../limits/kubernetes.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { buildObject, withNameLabel } from './build-object.ts';
import { kubernetesOf, objectKey, withKubernetes } from './cluster-state.ts';
import type { KubernetesObject } from './cluster-state.ts';
import { isImageReference } from './image-reference.ts';
import { invalid, kubernetesError, notFound, resourceName } from './kubernetes-error.ts';
import type { KubernetesError } from './kubernetes-error.ts';
import { annotationProblems } from './label-validation.ts';
import type { Manifest } from './manifest.ts';
import type { KubernetesState, ObjectMeta, PodSpec } from './objects.ts';
import { commandResult } from './container-probes.ts';
import { reconcileKubernetes } from './reconcile.ts';
import { withoutUnused } from './service-type-change.ts';
import { problemsOf, replicaProblems } from './validation.ts';

export type StoredKind = Exclude<KubernetesObject['kind'], 'Event'>;

export interface Applied {
  readonly cloud: Cloud;
  readonly outcome: 'created' | 'configured' | 'unchanged';
  /** As stored after the controllers ran. */
  readonly object: KubernetesObject;
}

type StoreName = Exclude<keyof KubernetesState, 'controlPlane' | 'lastReservedIp' | 'serviceController'>;

/** Where each kind is kept. */
const STORES: Readonly<Record<KubernetesObject['kind'], StoreName>> = {
  Namespace: 'namespaces',
  Node: 'nodes',
  Pod: 'pods',
  Deployment: 'deployments',
  ReplicaSet: 'replicaSets',
  DaemonSet: 'daemonSets',
  Service: 'services',
  ConfigMap: 'configMaps',
  Secret: 'secrets',
  NetworkPolicy: 'networkPolicies',
  NodeNetworkConfig: 'nodeNetworkConfigs',
  Event: 'events',
};

/** Namespaces that the API server will not let go. */
const PERMANENT_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Returns an object by kind and key (`namespace/name`, or `name`). */
export function findObject(
  state: KubernetesState,
  kind: KubernetesObject['kind'],
  key: string,
): KubernetesObject | undefined {
  return state[STORES[kind]]?.[key];
}

/** Creates the object; `AlreadyExists` if its name is taken. */
export function createObject(
  cloud: Cloud,
  cluster: ArmKey,
  manifest: Manifest,
): Result<Applied, KubernetesError> {
  const placed = inNamespace(manifest);
  const existing = findObject(kubernetesOf(cloud, cluster), placed.kind, objectKey(placed.metadata));
  if (existing !== undefined) {
    const what = `${resourceName(placed.kind)} "${placed.metadata.name}"`;
    return err(kubernetesError('AlreadyExists', `${what} already exists`));
  }
  return applyObject(cloud, cluster, manifest);
}

/**
 * Creates the object or changes it to what the manifest says: its spec or data is replaced, labels
 * and annotations are added to those it has. What the real server refuses to change is refused.
 */
export function applyObject(
  cloud: Cloud,
  cluster: ArmKey,
  manifest: Manifest,
): Result<Applied, KubernetesError> {
  const state = kubernetesOf(cloud, cluster);
  const placed = inNamespace(manifest);
  const { namespace, name } = placed.metadata;
  if (namespace !== undefined && state.namespaces[namespace] === undefined) {
    return err(notFound('Namespace', namespace));
  }
  const existing = findObject(state, placed.kind, objectKey(placed.metadata));
  const wanted =
    placed.kind === 'Service' && existing?.kind === 'Service' ? withoutUnused(placed, existing) : placed;
  const problems = problemsOf(wanted, state.controlPlane.serviceCidr);
  if (problems.length > 0) return err(invalid(wanted.kind, name, problems));

  const unknown = invalidImageName(wanted) ?? unknownProbeCommand(wanted);
  if (unknown !== null) return err(unknown);
  if ('spec' in wanted && 'replicas' in wanted.spec) {
    const refused = tooManyReplicas(wanted.spec.replicas ?? 1);
    if (refused !== null) return err(refused);
  }
  const built = buildObject(cloud, cluster, wanted, existing);
  if (!built.ok) return built;
  if (existing !== undefined && sameContent(existing, built.value)) {
    return ok({ cloud, outcome: 'unchanged', object: existing });
  }
  const stored = reconcileKubernetes(putObject(cloud, cluster, built.value), cluster);
  const object =
    findObject(kubernetesOf(stored, cluster), wanted.kind, objectKey(wanted.metadata)) ?? built.value;
  return ok({ cloud: stored, outcome: existing === undefined ? 'created' : 'configured', object });
}

/** Deletes an object and everything it owns. */
export function deleteObject(
  cloud: Cloud,
  cluster: ArmKey,
  kind: StoredKind,
  key: string,
): Result<Cloud, KubernetesError> {
  const state = kubernetesOf(cloud, cluster);
  const object = findObject(state, kind, key);
  const { name, namespace } = splitKey(key);
  if (object === undefined) return err(notFound(kind, name));
  if (kind === 'Node') {
    return err(
      kubernetesError(
        'NotSimulated',
        `deleting a Node object is not simulated; scale the node pool with "az aks nodepool scale" instead`,
      ),
    );
  }
  if (kind === 'Namespace') {
    if (PERMANENT_NAMESPACES.includes(name)) {
      return err(
        kubernetesError('Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`),
      );
    }
    return ok(reconcileKubernetes(withKubernetes(cloud, cluster, withoutNamespace(state, name)), cluster));
  }
  const store = STORES[kind];
  const { [key]: _gone, ...rest } = state[store] as Readonly<Record<string, KubernetesObject>>;
  const left = withKubernetes(cloud, cluster, { ...state, [store]: rest });
  const recreated = kind === 'Service' && namespace === 'default' && name === 'kubernetes';
  // The API server makes its own Service again at once.
  return ok(recreated ? cloud : reconcileKubernetes(left, cluster));
}

/** Sets the number of replicas of a Deployment (`namespace/name`). */
export function scaleDeployment(
  cloud: Cloud,
  cluster: ArmKey,
  key: string,
  replicas: number,
): Result<Cloud, KubernetesError> {
  const state = kubernetesOf(cloud, cluster);
  const deployment = state.deployments[key];
  if (deployment === undefined) return err(notFound('Deployment', splitKey(key).name));
  const problems = replicaProblems(replicas);
  if (problems.length > 0) return err(invalid('Deployment', deployment.metadata.name, problems));
  const refused = tooManyReplicas(replicas);
  if (refused !== null) return err(refused);
  if (deployment.spec.replicas === replicas) return ok(cloud);
  const scaled = { ...deployment, spec: { ...deployment.spec, replicas } };
  return ok(reconcileKubernetes(putObject(cloud, cluster, scaled), cluster));
}

/** Adds (text) or removes (null) labels of any object. */
export function changeLabels(
  cloud: Cloud,
  cluster: ArmKey,
  kind: StoredKind,
  key: string,
  changes: Readonly<Record<string, string | null>>,
): Result<Cloud, KubernetesError> {
  return changeMetadata(cloud, cluster, kind, key, 'labels', changes);
}

/** Adds (text) or removes (null) annotations of any object. */
export function changeAnnotations(
  cloud: Cloud,
  cluster: ArmKey,
  kind: StoredKind,
  key: string,
  changes: Readonly<Record<string, string | null>>,
): Result<Cloud, KubernetesError> {
  return changeMetadata(cloud, cluster, kind, key, 'annotations', changes);
}

/** Stores an object under the next resource version, as it is; controllers do not run. */
export function putObject(cloud: Cloud, cluster: ArmKey, object: KubernetesObject): Cloud {
  const state = kubernetesOf(cloud, cluster);
  const version = state.controlPlane.nextResourceVersion;
  const stored = { ...object, metadata: { ...object.metadata, resourceVersion: version.toString() } };
  const store = STORES[object.kind];
  return withKubernetes(cloud, cluster, {
    ...state,
    [store]: { ...state[store], [objectKey(object.metadata)]: stored },
    controlPlane: { ...state.controlPlane, nextResourceVersion: version + 1 },
  });
}

/** Returns the refusal of a workload that would only stop the terminal, or null. */
function tooManyReplicas(replicas: number): KubernetesError | null {
  const most = SIMULATED_REPLICAS.value;
  return replicas <= most
    ? null
    : kubernetesError('NotSimulated', `a workload of more than ${most} pods is not simulated`);
}

/** The server takes any text for an image; kubelet does not, and such a pod never starts. */
function invalidImageName(manifest: Manifest): KubernetesError | null {
  const wrong = podSpecOf(manifest)?.containers.find(({ image }) => !isImageReference(image));
  if (wrong === undefined) return null;
  const what = `a pod that waits with InvalidImageName is not simulated in this workbook: container "${wrong.name}"`;
  return kubernetesError(
    'NotSimulated',
    `${what} has the image ${JSON.stringify(wrong.image)}, which is no image name (lower case, as in registry.example.com/team/web:1.2)`,
  );
}

/** Returns the refusal of a probe whose outcome nobody here can know, or null. */
function unknownProbeCommand(manifest: Manifest): KubernetesError | null {
  for (const container of podSpecOf(manifest)?.containers ?? []) {
    const probe = (['livenessProbe', 'readinessProbe'] as const).find((each) => {
      const command = container[each]?.exec?.command;
      return command !== undefined && commandResult(command) === null;
    });
    if (probe === undefined) continue;
    const command = container[probe]?.exec?.command ?? [];
    const what = `the ${probe} of container "${container.name}", which runs ${JSON.stringify(command)}, is not simulated in this workbook`;
    return kubernetesError('NotSimulated', `${what}; use httpGet or tcpSocket`);
  }
  return null;
}

function podSpecOf(manifest: Manifest): PodSpec | null {
  if (manifest.kind === 'Pod') return manifest.spec;
  return 'spec' in manifest && 'template' in manifest.spec ? manifest.spec.template.spec : null;
}

function inNamespace(manifest: Manifest): Manifest {
  if (manifest.kind === 'Namespace' || manifest.metadata.namespace !== undefined) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace: 'default' } };
}

function splitKey(key: string): { readonly namespace: string | null; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: null, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

function withoutNamespace(state: KubernetesState, namespace: string): KubernetesState {
  const outside = <T extends KubernetesObject>(store: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(store).filter(([, object]) => object.metadata.namespace !== namespace));
  const { [namespace]: _gone, ...namespaces } = state.namespaces;
  return {
    ...state,
    namespaces,
    pods: outside(state.pods),
    deployments: outside(state.deployments),
    replicaSets: outside(state.replicaSets),
    daemonSets: outside(state.daemonSets),
    services: outside(state.services),
    configMaps: outside(state.configMaps),
    ...(state.secrets === undefined ? {} : { secrets: outside(state.secrets) }),
    networkPolicies: outside(state.networkPolicies),
    events: outside(state.events),
  };
}

function changeMetadata(
  cloud: Cloud,
  cluster: ArmKey,
  kind: StoredKind,
  key: string,
  field: 'labels' | 'annotations',
  changes: Readonly<Record<string, string | null>>,
): Result<Cloud, KubernetesError> {
  const object = findObject(kubernetesOf(cloud, cluster), kind, key);
  if (object === undefined) return err(notFound(kind, splitKey(key).name));
  const problems = field === 'annotations' ? annotationProblems(changes) : [];
  if (problems.length > 0) return err(invalid(kind, object.metadata.name, problems));
  const next: Record<string, string> = { ...object.metadata[field] };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete next[name];
    else next[name] = value;
  }
  const kept = kind === 'Namespace' && field === 'labels' ? withNameLabel(object.metadata.name, next) : next;
  const metadata: ObjectMeta = { ...object.metadata, [field]: kept };
  return ok(reconcileKubernetes(putObject(cloud, cluster, { ...object, metadata }), cluster));
}

/** Compares everything but the status, which clients do not send. */
function sameContent(a: KubernetesObject, b: KubernetesObject): boolean {
  const text = (object: KubernetesObject): string => JSON.stringify({ ...object, status: null }, sortKeys);
  return text(a) === text(b);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
}
