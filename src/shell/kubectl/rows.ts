/** One table row per object, with the columns of `kubectl get` and `kubectl get -o wide`. */
import { epochSeconds } from '../../model/kubernetes/cluster-state.ts';
import type { Container, Node, Pod, Service } from '../../model/kubernetes/objects.ts';
import { humanDuration } from './duration.ts';
import { formatLabelSelector } from './label-selector-text.ts';
import type { ApiObject, EndpointSlice, Endpoints, Kind } from './resource-types.ts';

export interface Table {
  readonly columns: readonly string[];
  /** Columns that only `-o wide` shows. */
  readonly wideColumns: readonly string[];
  readonly row: (
    object: ApiObject,
    now: number,
  ) => { readonly cells: readonly string[]; readonly wide: readonly string[] };
}

type Cells = ReturnType<Table['row']>;

export function tableOf(kind: Kind): Table {
  return TABLES[kind];
}

const TABLES: { readonly [K in Kind]: Table } = {
  Node: table(
    'NAME STATUS ROLES AGE VERSION',
    ['INTERNAL-IP', 'EXTERNAL-IP', 'OS-IMAGE', 'KERNEL-VERSION', 'CONTAINER-RUNTIME'],
    (object, now) => (object.kind === 'Node' ? nodeRow(object, now) : NO_CELLS),
  ),
  Pod: table(
    'NAME READY STATUS RESTARTS AGE',
    ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
    (object, now) => (object.kind === 'Pod' ? podRow(object, now) : NO_CELLS),
  ),
  Service: table('NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE', ['SELECTOR'], (object, now) =>
    object.kind === 'Service' ? serviceRow(object, now) : NO_CELLS,
  ),
  Deployment: table(
    'NAME READY UP-TO-DATE AVAILABLE AGE',
    ['CONTAINERS', 'IMAGES', 'SELECTOR'],
    (object, now) => {
      if (object.kind !== 'Deployment') return NO_CELLS;
      const { spec, status, metadata } = object;
      return {
        cells: [
          metadata.name,
          `${status.readyReplicas}/${spec.replicas}`,
          String(status.updatedReplicas),
          String(status.availableReplicas),
          age(object, now),
        ],
        wide: [...containers(spec.template.spec.containers), pairs(spec.selector.matchLabels)],
      };
    },
  ),
  ReplicaSet: table('NAME DESIRED CURRENT READY AGE', ['CONTAINERS', 'IMAGES', 'SELECTOR'], (object, now) => {
    if (object.kind !== 'ReplicaSet') return NO_CELLS;
    const { spec, status, metadata } = object;
    return {
      cells: [
        metadata.name,
        String(spec.replicas),
        String(status.replicas),
        String(status.readyReplicas),
        age(object, now),
      ],
      wide: [...containers(spec.template.spec.containers), pairs(spec.selector.matchLabels)],
    };
  }),
  DaemonSet: table(
    ['NAME', 'DESIRED', 'CURRENT', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'NODE SELECTOR', 'AGE'],
    ['CONTAINERS', 'IMAGES', 'SELECTOR'],
    (object, now) => {
      if (object.kind !== 'DaemonSet') return NO_CELLS;
      const { spec, status, metadata } = object;
      return {
        cells: [
          metadata.name,
          String(status.desiredNumberScheduled),
          String(status.currentNumberScheduled),
          String(status.numberReady),
          String(status.currentNumberScheduled),
          String(status.numberAvailable),
          pairs(spec.template.spec.nodeSelector),
          age(object, now),
        ],
        wide: [...containers(spec.template.spec.containers), pairs(spec.selector.matchLabels)],
      };
    },
  ),
  Namespace: table('NAME STATUS AGE', [], (object, now) =>
    object.kind === 'Namespace'
      ? { cells: [object.metadata.name, object.status.phase, age(object, now)], wide: [] }
      : NO_CELLS,
  ),
  ConfigMap: table('NAME DATA AGE', [], (object, now) =>
    object.kind === 'ConfigMap'
      ? { cells: [object.metadata.name, String(Object.keys(object.data).length), age(object, now)], wide: [] }
      : NO_CELLS,
  ),
  Secret: table('NAME TYPE DATA AGE', [], (object, now) =>
    object.kind === 'Secret'
      ? {
          cells: [
            object.metadata.name,
            object.type,
            String(Object.keys(object.data).length),
            age(object, now),
          ],
          wide: [],
        }
      : NO_CELLS,
  ),
  MutatingWebhookConfiguration: table('NAME WEBHOOKS AGE', [], (object, now) =>
    object.kind === 'MutatingWebhookConfiguration'
      ? { cells: [object.metadata.name, String(object.webhooks.length), age(object, now)], wide: [] }
      : NO_CELLS,
  ),
  NetworkPolicy: table('NAME POD-SELECTOR AGE', [], (object, now) =>
    object.kind === 'NetworkPolicy'
      ? {
          cells: [object.metadata.name, formatLabelSelector(object.spec.podSelector), age(object, now)],
          wide: [],
        }
      : NO_CELLS,
  ),
  NodeNetworkConfig: {
    columns: ['NAME', 'ALLOCATED IPS', 'NC MODE', 'NC VERSION'],
    wideColumns: [
      'NAME',
      'REQUESTED IPS',
      'AVAILABILITY ZONE',
      'ALLOCATED IPS',
      'SUBNET',
      'SUBNET CIDR',
      'SUBNET CIDR V6',
      'NC ID',
      'NC MODE',
      'NC TYPE',
      'NC VERSION',
    ],
    row: (object) => {
      if (object.kind !== 'NodeNetworkConfig') return NO_CELLS;
      const { metadata, spec, status } = object;
      // Where the path of a column finds nothing, its cell is empty.
      const [container] = status.networkContainers;
      const allocated = String(status.assignedIPCount);
      const mode = container?.assignmentMode ?? '';
      const version = String(container?.version ?? '');
      return {
        cells: [metadata.name, allocated, mode, version],
        wide: [
          metadata.name,
          String(spec.requestedIPCount),
          '',
          allocated,
          container?.subnetName ?? '',
          container?.subnetAddressSpace ?? '',
          '',
          container?.id ?? '',
          mode,
          container?.type ?? '',
          version,
        ],
      };
    },
  },
  Endpoints: table('NAME ENDPOINTS AGE', [], (object, now) =>
    object.kind === 'Endpoints'
      ? { cells: [object.metadata.name, endpointsText(object), age(object, now)], wide: [] }
      : NO_CELLS,
  ),
  EndpointSlice: table('NAME ADDRESSTYPE PORTS ENDPOINTS AGE', [], (object, now) =>
    object.kind === 'EndpointSlice' ? { cells: sliceCells(object, now), wide: [] } : NO_CELLS,
  ),
  Event: {
    columns: ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'],
    wideColumns: [
      'LAST SEEN',
      'TYPE',
      'REASON',
      'OBJECT',
      'SUBOBJECT',
      'SOURCE',
      'MESSAGE',
      'FIRST SEEN',
      'COUNT',
      'NAME',
    ],
    row: (object, now) => {
      if (object.kind !== 'Event') return NO_CELLS;
      const seen = humanDuration(now - epochSeconds(object.lastTimestamp));
      const about = `${object.involvedObject.kind.toLowerCase()}/${object.involvedObject.name}`;
      const { component, host } = object.source;
      return {
        cells: [seen, object.type, object.reason, about, object.message],
        wide: [
          seen,
          object.type,
          object.reason,
          about,
          '',
          host === undefined ? component : `${component}, ${host}`,
          object.message,
          age(object, now),
          String(object.count),
          object.metadata.name,
        ],
      };
    },
  },
};

const NO_CELLS: Cells = { cells: [], wide: [] };

/** Most kinds append their wide columns; Event replaces its columns altogether. */
function table(columns: string | readonly string[], wide: readonly string[], row: Table['row']): Table {
  const names = typeof columns === 'string' ? columns.split(' ') : columns;
  return {
    columns: names,
    wideColumns: [...names, ...wide],
    row: (object, now) => {
      const { cells, wide: more } = row(object, now);
      return { cells, wide: [...cells, ...more] };
    },
  };
}

function age(object: ApiObject, now: number): string {
  return humanDuration(now - epochSeconds(object.metadata.creationTimestamp));
}

function nodeRow(node: Node, now: number): Cells {
  const ready = node.status.conditions.find((condition) => condition.type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  const { nodeInfo } = node.status;
  return {
    cells: [
      node.metadata.name,
      node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status,
      roles(node.metadata.labels),
      age(node, now),
      nodeInfo.kubeletVersion,
    ],
    wide: [
      node.status.addresses.find((each) => each.type === 'InternalIP')?.address ?? '<none>',
      '<none>',
      nodeInfo.osImage,
      nodeInfo.kernelVersion,
      nodeInfo.containerRuntimeVersion,
    ],
  };
}

/** Labels `node-role.kubernetes.io/ROLE` and `kubernetes.io/role=ROLE`, sorted. */
export function roles(labels: Readonly<Record<string, string>> | undefined): string {
  const names = new Set<string>();
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key.startsWith('node-role.kubernetes.io/')) names.add(key.slice('node-role.kubernetes.io/'.length));
    if (key === 'kubernetes.io/role' && value !== '') names.add(value);
  }
  return names.size === 0 ? '<none>' : [...names].sort().join(',');
}

function podRow(pod: Pod, now: number): Cells {
  const statuses = pod.status.containerStatuses ?? [];
  const restarts = statuses.reduce((sum, status) => sum + status.restartCount, 0);
  return {
    cells: [
      pod.metadata.name,
      `${statuses.filter((status) => status.ready).length}/${pod.spec.containers.length}`,
      podStatus(pod),
      String(restarts),
      age(pod, now),
    ],
    wide: [pod.status.podIP ?? '<none>', pod.spec.nodeName ?? '<none>', '<none>', '<none>'],
  };
}

/** The STATUS column: the phase, unless a container has something more telling to say. */
export function podStatus(pod: Pod): string {
  let status = pod.status.reason ?? pod.status.phase;
  for (const container of pod.status.containerStatuses ?? []) {
    const { state } = container;
    if (state === undefined) continue;
    if ('waiting' in state) status = state.waiting.reason;
    else if ('terminated' in state) status = state.terminated.reason;
  }
  return status;
}

function serviceRow(service: Service, now: number): Cells {
  const { spec } = service;
  const ports = spec.ports
    .map((port) => `${port.port}${port.nodePort === undefined ? '' : `:${port.nodePort}`}/${port.protocol}`)
    .join(',');
  return {
    cells: [
      service.metadata.name,
      spec.type,
      spec.clusterIP === '' ? '<none>' : spec.clusterIP,
      externalAddress(service),
      ports === '' ? '<none>' : ports,
      age(service, now),
    ],
    wide: [pairs(spec.selector)],
  };
}

/** The EXTERNAL-IP column: addresses that the cloud gave, which a load balancer may still wait for. */
export function externalAddress({ spec, status }: Service): string {
  if (spec.type !== 'LoadBalancer') return '<none>';
  const addresses = (status.loadBalancer.ingress ?? []).map((each) => each.ip);
  return addresses.length === 0 ? '<pending>' : addresses.join(',');
}

function containers(list: readonly Container[]): readonly [string, string] {
  return [list.map((each) => each.name).join(','), list.map((each) => each.image).join(',')];
}

/** `app=web,tier=front`, keys sorted; `<none>` without any. */
export function pairs(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? '<none>' : entries.map(([key, value]) => `${key}=${value}`).join(',');
}

const SHOWN = 3;

/** Up to three `address:port`, then how many more. */
export function endpointsText(endpoints: Endpoints): string {
  const all = (endpoints.subsets ?? []).flatMap((subset) =>
    subset.ports.flatMap((port) => (subset.addresses ?? []).map((address) => `${address.ip}:${port.port}`)),
  );
  if (all.length === 0) return '<none>';
  const shown = all.slice(0, SHOWN).join(',');
  return all.length > SHOWN ? `${shown} + ${all.length - SHOWN} more...` : shown;
}

function sliceCells(slice: EndpointSlice, now: number): readonly string[] {
  const ports = slice.ports.map((port) => String(port.port)).join(',');
  const addresses = slice.endpoints.flatMap((endpoint) => endpoint.addresses);
  const shown = addresses.slice(0, SHOWN).join(',');
  const more = addresses.length > SHOWN ? ` + ${addresses.length - SHOWN} more...` : '';
  return [
    slice.metadata.name,
    slice.addressType,
    ports === '' ? '<unset>' : ports,
    addresses.length === 0 ? '<unset>' : `${shown}${more}`,
    age(slice, now),
  ];
}
