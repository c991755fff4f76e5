/** Service addresses and node ports as the API server gives them out, and the endpoints behind a Service. */
import { drawInteger, pinned } from '../chance.ts';
import type { ArmKey } from '../azure/resources.ts';
import type { Cloud } from '../cloud.ts';
import { addressPlus, formatAddress } from '../ip/address.ts';
import { addressCount, firstAddress, parsePrefix } from '../ip/prefix.ts';
import { NODE_PORT_RANGE, STATIC_CLUSTER_IPS, STATIC_NODE_PORTS } from '../limits/kubernetes.ts';
import { err, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { clusterChance, kubernetesOf, selects } from './cluster-state.ts';
import type { KubernetesError } from './kubernetes-error.ts';
import { invalid } from './kubernetes-error.ts';
import type { ServiceManifest } from './manifest.ts';
import type { KubernetesState, Pod, Service, ServicePort } from './objects.ts';
import { podIndex } from './pod-index.ts';
import { isActive, isReady } from './pod-status.ts';

/** Returns the Service's spec with address and node ports, keeping those it had. */
export function allocateService(
  cloud: Cloud,
  cluster: ArmKey,
  manifest: ServiceManifest,
  existing: Service | undefined,
): Result<Service['spec'], KubernetesError> {
  const state = kubernetesOf(cloud, cluster);
  const { name } = manifest.metadata;
  const namespace = manifest.metadata.namespace ?? 'default';
  const type = manifest.spec.type ?? 'ClusterIP';
  const others = Object.values(state.services).filter((each) => each !== existing);

  const wanted = manifest.spec.clusterIP;
  const had = existing?.spec.clusterIP;
  if (had !== undefined && wanted !== undefined && wanted !== '' && wanted !== had) {
    return err(
      invalid('Service', name, [
        {
          path: 'spec.clusterIPs[0]',
          problem: `Invalid value: ${JSON.stringify([wanted])}: may not change once set`,
        },
      ]),
    );
  }
  const clusterIP =
    had ?? (wanted === undefined || wanted === '' ? drawClusterIp(cloud, cluster, namespace, name) : wanted);
  if (clusterIP === null) {
    return err({
      reason: 'Invalid',
      message: `Internal error occurred: failed to allocate a serviceIP: range is full`,
    });
  }
  const owner = clusterIP === 'None' ? undefined : others.find((each) => each.spec.clusterIP === clusterIP);
  if (owner !== undefined) {
    return err(
      invalid('Service', name, [
        {
          path: 'spec.clusterIPs',
          problem: `Invalid value: ${JSON.stringify([clusterIP])}: failed to allocate IP ${clusterIP}: provided IP is already allocated`,
        },
      ]),
    );
  }

  const usedPorts = new Set(others.flatMap((each) => each.spec.ports.map((port) => port.nodePort ?? 0)));
  const ports: ServicePort[] = [];
  for (const [at, port] of manifest.spec.ports.entries()) {
    const protocol = port.protocol ?? 'TCP';
    const given = port.nodePort === 0 ? undefined : port.nodePort;
    const kept = existing?.spec.ports.find((each) => each.port === port.port && each.protocol === protocol);
    let nodePort = type === 'NodePort' ? (given ?? kept?.nodePort) : undefined;
    if (type === 'NodePort') {
      nodePort ??= drawNodePort(cloud, cluster, `${namespace}/${name}/${port.port}`, usedPorts);
      if (usedPorts.has(nodePort)) {
        return err(
          invalid('Service', name, [
            {
              path: `spec.ports[${at}].nodePort`,
              problem: `Invalid value: ${nodePort}: provided port is already allocated`,
            },
          ]),
        );
      }
      usedPorts.add(nodePort);
    }
    ports.push({
      ...(port.name === undefined ? {} : { name: port.name }),
      protocol,
      port: port.port,
      targetPort: port.targetPort ?? port.port,
      ...(nodePort === undefined ? {} : { nodePort }),
    });
  }
  return ok({
    type,
    clusterIP,
    clusterIPs: [clusterIP],
    ...(manifest.spec.selector === undefined ? {} : { selector: manifest.spec.selector }),
    ports,
    sessionAffinity: manifest.spec.sessionAffinity ?? 'None',
    internalTrafficPolicy: manifest.spec.internalTrafficPolicy ?? 'Cluster',
    ...(type === 'NodePort'
      ? { externalTrafficPolicy: manifest.spec.externalTrafficPolicy ?? 'Cluster' }
      : {}),
  });
}

function drawClusterIp(cloud: Cloud, cluster: ArmKey, namespace: string, name: string): string | null {
  const state = kubernetesOf(cloud, cluster);
  const range = parsePrefix(state.controlPlane.serviceCidr);
  if (!range.ok) return null;
  const chance = clusterChance(cloud, cluster);
  const purpose = `cluster-ip/${namespace}/${name}`;
  const used = new Set(Object.values(state.services).map((service) => service.spec.clusterIP));
  const fixed = pinned(chance, purpose);
  if (fixed !== null) return used.has(fixed) ? null : fixed;
  const size = addressCount(range.value);
  const usable = size - 2;
  const { lowest, highest, oneIn } = STATIC_CLUSTER_IPS.value;
  const kept = Math.min(Math.max(lowest, Math.floor(size / oneIn)), highest);
  const band = usable - kept;
  const [from, length] = band > 0 ? [1 + kept, band] : [1, usable];
  const start = drawInteger(chance, purpose, Math.max(1, length));
  for (let step = 0; step < length; step++) {
    const candidate = addressPlus(firstAddress(range.value), from + ((start + step) % length));
    const text = candidate === null ? null : formatAddress(candidate);
    if (text !== null && !used.has(text)) return text;
  }
  return null;
}

function drawNodePort(cloud: Cloud, cluster: ArmKey, what: string, used: ReadonlySet<number>): number {
  const chance = clusterChance(cloud, cluster);
  const purpose = `node-port/${what}`;
  const fixed = pinned(chance, purpose);
  if (fixed !== null) return Number(fixed);
  const from = NODE_PORT_RANGE.value.lowest + STATIC_NODE_PORTS.value;
  const length = NODE_PORT_RANGE.value.highest - from + 1;
  const start = drawInteger(chance, purpose, length);
  for (let step = 0; step < length; step++) {
    const port = from + ((start + step) % length);
    if (!used.has(port)) return port;
  }
  return from;
}

export interface EndpointAddress {
  readonly address: string;
  /** The target port's number on this pod. */
  readonly port: number;
  /** Null for the API server behind `default/kubernetes`. */
  readonly pod: Pod | null;
  readonly nodeName: string | null;
}

/** The backends of one port of a Service. */
export interface ServiceEndpoints {
  readonly port: ServicePort;
  readonly addresses: readonly EndpointAddress[];
}

/**
 * Returns the ready backends of each port of a Service, by pod name; none for a Service without a
 * selector. A target port that is a name is looked up in each pod; pods without it are left out.
 */
export function endpointsOf(state: KubernetesState, service: Service): ServiceEndpoints[] {
  if (service.metadata.namespace === 'default' && service.metadata.name === 'kubernetes') {
    const { address, port } = state.controlPlane.apiServer;
    return service.spec.ports.map((each) => ({
      port: each,
      addresses: [{ address, port, pod: null, nodeName: null }],
    }));
  }
  const backends = selectedPods(state, service)
    .filter((pod) => isActive(pod) && isReady(pod))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return service.spec.ports.map((port) => ({
    port,
    addresses: backends.flatMap((pod) => {
      const number = targetPortOn(pod, port);
      return pod.status.podIP === undefined || number === null
        ? []
        : [{ address: pod.status.podIP, port: number, pod, nodeName: pod.spec.nodeName ?? null }];
    }),
  }));
}

function selectedPods(state: KubernetesState, { metadata, spec }: Service): Pod[] {
  const selected: Pod[] = [];
  // Pods of one controller have the very same labels, one after the other.
  let labels: Pod['metadata']['labels'];
  let selectsThem = false;
  for (const pod of podIndex(state.pods).pods.values()) {
    if (pod.metadata.labels !== labels) {
      labels = pod.metadata.labels;
      selectsThem = selects(spec.selector, labels);
    }
    if (selectsThem && pod.metadata.namespace === metadata.namespace) selected.push(pod);
  }
  return selected;
}

/** Returns the number of a Service port's target on one pod; null if the pod has no port of that name. */
export function targetPortOn(pod: Pod, port: ServicePort): number | null {
  if (typeof port.targetPort === 'number') return port.targetPort;
  for (const container of pod.spec.containers) {
    const named = container.ports?.find(
      (each) => each.name === port.targetPort && (each.protocol ?? 'TCP') === port.protocol,
    );
    if (named !== undefined) return named.containerPort;
  }
  return null;
}
