/** The API resources of the simulated server, by every name kubectl takes for them. */
import type { KubernetesObject } from '../../model/kubernetes/cluster-state.ts';
import { endpointSlicesOf, endpointsObjectOf } from '../../model/kubernetes/endpoint-slices.ts';
import type { Endpoints, EndpointSlice } from '../../model/kubernetes/endpoint-slices.ts';
import type { KubernetesState } from '../../model/kubernetes/objects.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { webhookConfigurations, type MutatingWebhookConfiguration } from './webhook-configurations.ts';
import { clientError, notSimulated, type KubectlFailure } from './failure.ts';

export type { Endpoints, EndpointSlice } from '../../model/kubernetes/endpoint-slices.ts';

export type ApiObject = KubernetesObject | Endpoints | EndpointSlice | MutatingWebhookConfiguration;
export type Kind = ApiObject['kind'];

export interface ResourceType {
  readonly kind: Kind;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly scope: 'namespaced' | 'cluster';
  readonly list: (state: KubernetesState) => readonly ApiObject[];
  /** Absent: every cluster has it. */
  readonly isServed?: (state: KubernetesState) => boolean;
}

export const RESOURCE_TYPES: readonly ResourceType[] = [
  type('ConfigMap', 'configmaps', ['cm'], '', 'namespaced', (state) => Object.values(state.configMaps)),
  type('Endpoints', 'endpoints', ['ep'], '', 'namespaced', (state) =>
    Object.values(state.services).map((service) => endpointsObjectOf(state, service)),
  ),
  type('Event', 'events', ['ev'], '', 'namespaced', (state) => Object.values(state.events)),
  type('Namespace', 'namespaces', ['ns'], '', 'cluster', (state) => Object.values(state.namespaces)),
  type('Node', 'nodes', ['no'], '', 'cluster', (state) => Object.values(state.nodes)),
  type('Pod', 'pods', ['po'], '', 'namespaced', (state) => Object.values(state.pods)),
  type('Secret', 'secrets', [], '', 'namespaced', (state) => Object.values(state.secrets ?? {})),
  type('Service', 'services', ['svc'], '', 'namespaced', (state) => Object.values(state.services)),
  type('DaemonSet', 'daemonsets', ['ds'], 'apps', 'namespaced', (state) => Object.values(state.daemonSets)),
  type('Deployment', 'deployments', ['deploy'], 'apps', 'namespaced', (state) =>
    Object.values(state.deployments),
  ),
  type('ReplicaSet', 'replicasets', ['rs'], 'apps', 'namespaced', (state) =>
    Object.values(state.replicaSets),
  ),
  type('EndpointSlice', 'endpointslices', [], 'discovery.k8s.io', 'namespaced', (state) =>
    Object.values(state.services).flatMap((service) => endpointSlicesOf(state, service)),
  ),
  type(
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    [],
    'admissionregistration.k8s.io',
    'cluster',
    webhookConfigurations,
  ),
  type('NetworkPolicy', 'networkpolicies', ['netpol'], 'networking.k8s.io', 'namespaced', (state) =>
    Object.values(state.networkPolicies),
  ),
  {
    ...type('NodeNetworkConfig', 'nodenetworkconfigs', ['nnc'], 'acn.azure.com', 'namespaced', (state) =>
      Object.values(state.nodeNetworkConfigs),
    ),
    version: 'v1alpha',
    isServed: hasDelegatedNetwork,
  },
];

/**
 * Reports whether Azure's delegated network controller serves the cluster, which brings the resource
 * definition: with Overlay and with Pod Subnet, whose first node makes its object at once.
 */
function hasDelegatedNetwork(state: KubernetesState): boolean {
  const { podAddressing, podCidr } = state.controlPlane;
  return (
    podAddressing === 'azure-cns' && (podCidr !== null || Object.keys(state.nodeNetworkConfigs).length > 0)
  );
}

/** The types that every cluster has. */
export const COMMON_TYPES: readonly ResourceType[] = RESOURCE_TYPES.filter(
  (each) => each.isServed === undefined,
);

/** Returns the types that the cluster's API server has. */
export function servedTypes(state: KubernetesState): readonly ResourceType[] {
  return RESOURCE_TYPES.filter((each) => each.isServed?.(state) ?? true);
}

/** Kinds of a real AKS cluster that this workbook does not have: short names, singular and plural by API group. */
const REAL_ELSEWHERE: Readonly<Record<string, string>> = {
  '':
    'bindings cs componentstatus componentstatuses limits limitranges pv persistentvolumes pvc persistentvolumeclaims podtemplates ' +
    'rc replicationcontrollers quota resourcequotas sa serviceaccounts',
  'admissionregistration.k8s.io':
    'validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations',
  'apiextensions.k8s.io': 'crd crds customresourcedefinitions',
  'apiregistration.k8s.io': 'apiservices',
  apps: 'controllerrevisions sts statefulsets',
  autoscaling: 'hpa horizontalpodautoscalers',
  batch: 'cj cronjobs jobs',
  'certificates.k8s.io': 'csr certificatesigningrequests',
  'cilium.io':
    'ccnp ciliumclusterwidenetworkpolicies cep ciliumendpoints ciliumidentities cnp ciliumnetworkpolicies ciliumnodes',
  'coordination.k8s.io': 'leases',
  'crd.projectcalico.org': 'gnp globalnetworkpolicies globalnetworksets ippools',
  'egressgateway.kubernetes.azure.com': 'staticgatewayconfigurations',
  'flowcontrol.apiserver.k8s.io': 'flowschemas prioritylevelconfigurations',
  'gateway.networking.k8s.io': 'gc gatewayclasses grpcroutes gtw gateways httproutes referencegrants',
  'networking.k8s.io': 'ing ingresses ingressclasses ip ipaddresses servicecidrs',
  'node.k8s.io': 'runtimeclasses',
  policy: 'pdb poddisruptionbudgets',
  'rbac.authorization.k8s.io': 'clusterrolebindings clusterroles rolebindings roles',
  'scheduling.k8s.io': 'pc priorityclasses',
  'storage.k8s.io': 'csidrivers csinodes csistoragecapacities sc storageclasses volumeattachments',
};

/** Reports whether a real cluster has the type: `ing`, `ingress`, `ingresses.networking.k8s.io`. */
function isReal(name: string, group: string): boolean {
  return Object.entries(REAL_ELSEWHERE).some(
    ([known, names]) =>
      (group === '' || group === known || /^v\d\w*\.(.+)$/.exec(group)?.[1] === known) &&
      names.split(' ').some((plural) => name === plural || name === singularOf(plural)),
  );
}

function singularOf(plural: string): string {
  return plural
    .replace(/(?<=ss)es$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '');
}

/** `kubectl get all`, in kubectl's order. */
const ALL: readonly Kind[] = ['Pod', 'Service', 'DaemonSet', 'Deployment', 'ReplicaSet'];

function type(
  kind: Kind,
  plural: string,
  shortNames: readonly string[],
  group: string,
  scope: ResourceType['scope'],
  list: ResourceType['list'],
): ResourceType {
  return { kind, plural, singular: kind.toLowerCase(), shortNames, group, version: 'v1', scope, list };
}

export function typeOfKind(kind: Kind): ResourceType {
  const found = RESOURCE_TYPES.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no resource type for ${kind}`);
  return found;
}

/** Returns the type for `pods`, `po`, `Pod`, `deployments.apps`, `deployment.v1.apps`. */
export function findType(name: string, state: KubernetesState): Result<ResourceType, KubectlFailure> {
  const wanted = name.toLowerCase();
  const [first = '', ...rest] = wanted.split('.');
  const found = servedTypes(state).find(
    (each) =>
      (each.plural === first || each.singular === first || each.shortNames.includes(first)) &&
      (rest.length === 0 ||
        rest.join('.') === each.group ||
        rest.join('.') === `${each.version}.${each.group}` ||
        rest.join('.') === each.version),
  );
  if (found !== undefined) return ok(found);
  if (isReal(first, rest.join('.'))) return err(notSimulated(`the resource type "${name}"`));
  return err(clientError(`the server doesn't have a resource type "${name}"`));
}

/** Returns the types of `pods,svc` or `all`. */
export function findTypes(
  names: string,
  state: KubernetesState,
): Result<readonly ResourceType[], KubectlFailure> {
  const types: ResourceType[] = [];
  for (const name of names.split(',')) {
    if (name === '') {
      return err(clientError('arguments in resource/name form must have a single resource and name'));
    }
    if (name === 'all') {
      types.push(...ALL.map(typeOfKind));
      continue;
    }
    const found = findType(name, state);
    if (!found.ok) return found;
    types.push(found.value);
  }
  return ok(types);
}

/** `deployment.apps`, as kubectl prints a type before a name. */
export function typeWithGroup(resourceType: ResourceType): string {
  return resourceType.group === '' ? resourceType.singular : `${resourceType.singular}.${resourceType.group}`;
}

/** `deployments.apps`, as the server names a type in its errors. */
export function pluralWithGroup(resourceType: ResourceType): string {
  return resourceType.group === '' ? resourceType.plural : `${resourceType.plural}.${resourceType.group}`;
}

/** Returns the objects of a type by namespace and name, as the server lists them. */
export function listObjects(
  state: KubernetesState,
  resourceType: ResourceType,
  namespace: string | null,
): readonly ApiObject[] {
  return resourceType
    .list(state)
    .filter(
      (object) =>
        resourceType.scope === 'cluster' || namespace === null || object.metadata.namespace === namespace,
    )
    .toSorted(
      (a, b) =>
        compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
        compare(a.metadata.name, b.metadata.name),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
