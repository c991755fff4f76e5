/** Kubernetes objects out of the JSON of `kubectl get -o json`, each with what the model does not know named. */
import type {
  ConfigMap,
  KubernetesState,
  Namespace,
  NetworkPolicy,
  Node,
  NodeNetworkConfig,
  Pod,
  Service,
} from '../../model/kubernetes/objects.ts';
import { rawObject, shortly } from './bag.ts';
import { conformed } from './kubernetes-shapes.ts';
import type { ImportLog, Weight } from './left-out.ts';

type Raw = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What the objects of one cluster come to; endpoints are compared with it later. */
export interface ReadObjects {
  readonly namespaces: Record<string, Namespace>;
  readonly nodes: Record<string, Node>;
  readonly pods: Record<string, Pod>;
  readonly services: Record<string, Service>;
  readonly configMaps: Record<string, ConfigMap>;
  readonly networkPolicies: Record<string, NetworkPolicy>;
  readonly nodeNetworkConfigs: Record<string, NodeNetworkConfig>;
  /** Addresses by Service, from EndpointSlices and Endpoints. */
  readonly endpoints: Map<string, Set<string>>;
  /** Where the API server is, from the slice of `default/kubernetes`. */
  apiServer: { readonly address: string; readonly port: number } | null;
}

export function emptyObjects(): ReadObjects {
  return {
    namespaces: Object.create(null) as Record<string, Namespace>,
    nodes: Object.create(null) as Record<string, Node>,
    pods: Object.create(null) as Record<string, Pod>,
    services: Object.create(null) as Record<string, Service>,
    configMaps: Object.create(null) as Record<string, ConfigMap>,
    networkPolicies: Object.create(null) as Record<string, NetworkPolicy>,
    nodeNetworkConfigs: Object.create(null) as Record<string, NodeNetworkConfig>,
    endpoints: new Map(),
    apiServer: null,
  };
}

const MAKES_PODS = 'It makes pods, which are read themselves.';
const NO_PACKETS = 'It carries and filters no packet.';

const OTHER_KINDS: Readonly<Record<string, { readonly effect: string; readonly weight: Weight }>> = {
  deployment: { effect: MAKES_PODS, weight: 'no-packets' },
  replicaset: { effect: MAKES_PODS, weight: 'no-packets' },
  daemonset: { effect: MAKES_PODS, weight: 'no-packets' },
  statefulset: { effect: MAKES_PODS, weight: 'no-packets' },
  job: { effect: MAKES_PODS, weight: 'no-packets' },
  cronjob: { effect: MAKES_PODS, weight: 'no-packets' },
  event: { effect: NO_PACKETS, weight: 'no-packets' },
  secret: { effect: NO_PACKETS, weight: 'no-packets' },
  serviceaccount: { effect: NO_PACKETS, weight: 'no-packets' },
  horizontalpodautoscaler: { effect: NO_PACKETS, weight: 'no-packets' },
  persistentvolume: { effect: NO_PACKETS, weight: 'no-packets' },
  persistentvolumeclaim: { effect: NO_PACKETS, weight: 'no-packets' },
  ingress: {
    effect:
      'What an ingress controller forwards by it is not modelled: ask for the controller, and from there on.',
    weight: 'may-matter',
  },
  ciliumnetworkpolicy: {
    effect: 'Policies of Cilium alone are not modelled: they may deny flows of these pods.',
    weight: 'decides',
  },
  ciliumclusterwidenetworkpolicy: {
    effect: 'Policies of Cilium alone are not modelled: they may deny any flow of pods.',
    weight: 'decides',
  },
  globalnetworkpolicy: {
    effect: 'Policies of Calico alone are not modelled: they may deny any flow of pods.',
    weight: 'decides',
  },
  adminnetworkpolicy: {
    effect: 'Admin network policies come before NetworkPolicies and are not modelled.',
    weight: 'decides',
  },
  baselineadminnetworkpolicy: { effect: 'Admin network policies are not modelled.', weight: 'decides' },
};

/** Reads one object into the cluster's. `on` is where flows of the cluster look for what is left out. */
export function readKubernetesObject(given: Raw, into: ReadObjects, log: ImportLog, on: string): void {
  const kind = textAt(given, 'kind');
  const wrong: string[] = [];
  const raw = conformed(kind, given, (what) => wrong.push(what));
  const metadata = rawObject(raw['metadata']);
  const name = textAt(metadata, 'name');
  const namespace = textAt(metadata, 'namespace') || undefined;
  const label = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const leave = (what: string, effect: string, weight: Weight): void => {
    log.add({
      kind: 'property',
      name: label,
      what,
      effect,
      weight,
      on: objectKeyOf(on, kind, namespace, name),
    });
  };
  if (name === '' || metadata === null) {
    log.add({
      kind: 'text',
      name: kind,
      what: 'an object without a name',
      effect: 'Nobody can say what it is.',
      weight: 'may-matter',
    });
    return;
  }
  for (const what of wrong) leave(what, 'This value is none that the field can have.', 'decides');
  const key = namespace === undefined ? name : `${namespace}/${name}`;
  const meta = {
    uid: `uid-${key}`,
    creationTimestamp: '2026-09-01T09:00:00Z',
    resourceVersion: '1',
    ...without(metadata, 'managedFields'),
  };
  const object = { ...raw, metadata: meta };
  const [spec, status] = [rawObject(raw['spec']), rawObject(raw['status'])];
  switch (kind) {
    case 'Namespace':
      into.namespaces[key] = { ...object, status: { phase: 'Active' } } as unknown as Namespace;
      return;
    case 'Node':
      into.nodes[key] = readNode(object, spec, status, leave);
      return;
    case 'Pod': {
      const pod = readPod(object, spec, status, leave);
      if (pod !== null) into.pods[key] = pod;
      return;
    }
    case 'Service': {
      const service = readService(object, spec, status, leave);
      if (service !== null) into.services[key] = service;
      return;
    }
    case 'ConfigMap':
      into.configMaps[key] = { ...object, data: rawObject(raw['data']) ?? {} } as unknown as ConfigMap;
      return;
    case 'NetworkPolicy':
      into.networkPolicies[key] = readNetworkPolicy(object, spec);
      return;
    case 'NodeNetworkConfig':
      into.nodeNetworkConfigs[key] = object as unknown as NodeNetworkConfig;
      return;
    case 'Endpoints':
    case 'EndpointSlice':
      readEndpoints(raw, kind, key, namespace ?? '', into);
      return;
  }
  const known = OTHER_KINDS[kind.toLowerCase()];
  log.add({
    kind: 'resource',
    name: label,
    what: `${textAt(raw, 'apiVersion')} ${kind}`,
    effect: known?.effect ?? 'The model does not know this kind, so nobody here can say what it changes.',
    weight: known?.weight ?? 'may-matter',
    on: null,
    // A policy may concern every pod of its namespace, or of the cluster.
    near: known?.weight === 'decides' ? [namespaceKeyOf(on, namespace)] : [],
  });
}

/** Where flows look for what an object of a cluster had left out. */
export function objectKeyOf(
  cluster: string,
  kind: string,
  namespace: string | undefined,
  name: string,
): string {
  return `${cluster}#${kind}/${namespace ?? ''}/${name}`.toLowerCase();
}

/** Stands for every pod of a namespace, or of the cluster. */
export function namespaceKeyOf(cluster: string, namespace: string | undefined): string {
  return `${cluster}#namespace/${namespace ?? '*'}`.toLowerCase();
}

/** Stands for all Services or pods of a cluster, where none of them was pasted. */
export function kindKeyOf(cluster: string, kind: 'services' | 'pods'): string {
  return `${cluster}#${kind}`.toLowerCase();
}

type Leave = (what: string, effect: string, weight: Weight) => void;

function textAt(raw: Raw | null, key: string): string {
  const value = raw?.[key];
  return typeof value === 'string' ? value : '';
}

function listAt(raw: Raw | null, key: string): readonly unknown[] {
  const value = raw?.[key];
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function without(raw: Raw, ...keys: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !keys.includes(key)));
}

function readNode(object: Raw, spec: Raw | null, status: Raw | null, leave: Leave): Node {
  const info = rawObject(status?.['nodeInfo']) ?? {};
  if (textAt(info, 'operatingSystem') === 'windows') {
    leave('operatingSystem = windows', 'Windows nodes are not modelled: it is treated as Linux.', 'decides');
  }
  return {
    ...object,
    spec: { providerID: '', ...spec },
    status: {
      ...status,
      addresses: listAt(status, 'addresses'),
      conditions: listAt(status, 'conditions'),
      nodeInfo: info,
    },
    simulation: { ipForward: 'on', neighbours: [] },
  } as unknown as Node;
}

function readPod(object: Raw, spec: Raw | null, status: Raw | null, leave: Leave): Pod | null {
  const containers = listAt(spec, 'containers').filter((each) => textAt(rawObject(each), 'name') !== '');
  if (spec === null || containers.length === 0) {
    leave('spec.containers', 'A pod without containers cannot be read.', 'decides');
    return null;
  }
  const phases = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;
  const phase = phases.find((each) => each === textAt(status, 'phase'));
  if (phase === undefined) {
    leave(
      `status.phase = ${shortly(status?.['phase'] ?? '')}`,
      'Whether it runs is not known; it is taken not to.',
      'decides',
    );
  }
  const security = rawObject(spec['securityContext']);
  if (listAt(security, 'sysctls').length > 0) {
    leave('securityContext.sysctls', 'Kernel settings of a pod are not modelled.', 'may-matter');
  }
  if (
    listAt(spec, 'initContainers').some((each) =>
      /istio|linkerd|envoy/i.test(textAt(rawObject(each), 'image')),
    )
  ) {
    leave(
      'initContainers',
      'A service mesh leads packets of this pod through a sidecar, which is not modelled.',
      'decides',
    );
  }
  return {
    ...object,
    spec: { ...without(spec, 'volumes'), containers },
    status: { containerStatuses: statusesOf(containers, status), ...status, phase: phase ?? 'Pending' },
    simulation: { programs: 'assumed' },
  } as unknown as Pod;
}

/** For JSON that was cut to what matters: a pod is ready unless it says otherwise. */
function statusesOf(containers: readonly unknown[], status: Raw | null): readonly object[] {
  const conditions = listAt(status, 'conditions').map(rawObject);
  const ready = conditions.find((each) => textAt(each, 'type') === 'Ready');
  return containers.map((each) => ({
    name: textAt(rawObject(each), 'name'),
    image: textAt(rawObject(each), 'image'),
    ready: textAt(ready ?? null, 'status') !== 'False',
    restartCount: 0,
  }));
}

function readService(object: Raw, spec: Raw | null, status: Raw | null, leave: Leave): Service | null {
  const types = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;
  const type = types.find((each) => each === (textAt(spec, 'type') || 'ClusterIP'));
  if (spec === null || type === undefined) {
    leave(`spec.type = ${shortly(spec?.['type'] ?? '')}`, 'This type of Service is not known.', 'decides');
    return null;
  }
  if (listAt(spec, 'externalIPs').length > 0) {
    leave(
      'externalIPs',
      'External IPs of Services are not modelled: flows to them are not known.',
      'decides',
    );
  }
  if (textAt(spec, 'trafficDistribution') !== '') {
    leave(
      'trafficDistribution',
      'Which endpoints are preferred is not modelled: any may be taken.',
      'may-matter',
    );
  }
  if (listAt(spec, 'ipFamilies').includes('IPv6')) {
    leave('ipFamilies IPv6', 'IPv6 is not modelled: flows over IPv6 cannot be asked.', 'no-packets');
  }
  const clusterIP = textAt(spec, 'clusterIP') || 'None';
  const ports = listAt(spec, 'ports').flatMap((each) => {
    const port = rawObject(each);
    const number = port?.['port'];
    return port === null || typeof number !== 'number'
      ? []
      : [{ protocol: 'TCP', targetPort: number, ...port }];
  });
  return {
    ...object,
    spec: { sessionAffinity: 'None', ...spec, type, clusterIP, clusterIPs: [clusterIP], ports },
    status: { loadBalancer: rawObject(status?.['loadBalancer']) ?? {} },
  } as unknown as Service;
}

function readNetworkPolicy(object: Raw, spec: Raw | null): NetworkPolicy {
  const types = listAt(spec, 'policyTypes');
  const egress = spec !== null && 'egress' in spec;
  return {
    ...object,
    spec: {
      podSelector: {},
      ...spec,
      policyTypes: types.length > 0 ? types : ['Ingress', ...(egress ? ['Egress'] : [])],
    },
  } as unknown as NetworkPolicy;
}

function readEndpoints(raw: Raw, kind: string, key: string, namespace: string, into: ReadObjects): void {
  const labels = rawObject(rawObject(raw['metadata'])?.['labels']);
  const service = kind === 'Endpoints' ? key : `${namespace}/${textAt(labels, 'kubernetes.io/service-name')}`;
  const addresses = into.endpoints.get(service) ?? new Set<string>();
  into.endpoints.set(service, addresses);
  const groups = kind === 'Endpoints' ? listAt(raw, 'subsets') : [raw];
  for (const group of groups.map(rawObject)) {
    const members =
      kind === 'Endpoints'
        ? listAt(group, 'addresses').map((each) => textAt(rawObject(each), 'ip'))
        : listAt(group, 'endpoints').flatMap((each) => {
            const ready = rawObject(rawObject(each)?.['conditions'])?.['ready'] !== false;
            return ready ? listAt(rawObject(each), 'addresses').filter((one) => typeof one === 'string') : [];
          });
    for (const address of members) if (!address.includes(':')) addresses.add(address);
    const port = rawObject(listAt(group, 'ports')[0])?.['port'];
    const [first] = members;
    if (service === 'default/kubernetes' && first !== undefined) {
      into.apiServer = { address: first, port: typeof port === 'number' ? port : 443 };
    }
  }
}

/** Returns the stores of a cluster's state. */
export function storesOf(
  objects: ReadObjects,
): Mutable<
  Pick<
    KubernetesState,
    'namespaces' | 'nodes' | 'pods' | 'services' | 'configMaps' | 'networkPolicies' | 'nodeNetworkConfigs'
  >
> {
  const plain = <T>(store: Record<string, T>): Record<string, T> => Object.fromEntries(Object.entries(store));
  return {
    namespaces: plain(objects.namespaces),
    nodes: plain(objects.nodes),
    pods: plain(objects.pods),
    services: plain(objects.services),
    configMaps: plain(objects.configMaps),
    networkPolicies: plain(objects.networkPolicies),
    nodeNetworkConfigs: plain(objects.nodeNetworkConfigs),
  };
}
