import { getResource } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import { serverNameVariables } from '../../model/kubernetes/api-server-name.ts';
import type { Container, Pod, Service } from '../../model/kubernetes/objects.ts';
import { containerVariables, readerOfStarted } from '../../model/kubernetes/pod-sources.ts';

/**
 * Returns the variables of a container's process: its own, and those the kubelet adds for the Services of
 * its namespace (and `kubernetes`) that existed when the pod started. `name` is that of `containerOf`.
 */
export function podEnvironment(
  cloud: Cloud,
  cluster: string,
  pod: Pod,
  name?: string,
): Readonly<Record<string, string>> {
  const state = cloud.kubernetes[cluster];
  const namespace = pod.metadata.namespace ?? 'default';
  const env: Record<string, string> = {};
  for (const service of Object.values(state?.services ?? {})) {
    const isMaster = service.metadata.namespace === 'default' && service.metadata.name === 'kubernetes';
    if (service.metadata.namespace !== namespace && !isMaster) continue;
    // The API server's own Service is older than any pod.
    if (!isMaster && isYounger(service, pod)) continue;
    Object.assign(env, serviceVariables(service));
  }
  const managed = getResource(cloud, cluster, 'Microsoft.ContainerService/ManagedClusters');
  if (managed !== null && isOfSystem(pod)) Object.assign(env, serverNameVariables(managed.fqdn));
  const container = containerOf(pod, name);
  if (container === null) return env;
  const own = containerVariables(pod, container, readerOfStarted(pod.simulation?.sources), env);
  return own.ok ? { ...env, ...own.value } : env;
}

/**
 * Returns the container that a shell is in, without a name the first; null for one that `kubectl debug` added: it has
 * no variables and volumes of the others, and no admission webhook sees it, since it comes after the pod.
 */
export function containerOf({ spec }: Pod, name: string | undefined): Container | null {
  return (
    (name === undefined ? spec.containers[0] : spec.containers.find((each) => each.name === name)) ?? null
  );
}

/** AKS's own pods call the API server by its name. */
function isOfSystem({ metadata }: Pod): boolean {
  return ['kube-system', 'gatekeeper-system'].includes(metadata.namespace ?? 'default');
}

/** Within one second, the order of the API server's writes tells. */
function isYounger(service: Service, pod: Pod): boolean {
  const [theirs, own] = [service.metadata.creationTimestamp, pod.metadata.creationTimestamp];
  if (theirs !== own) return theirs > own;
  return Number(service.metadata.resourceVersion) > Number(pod.metadata.resourceVersion);
}

/** The `NAME_SERVICE_HOST` and Docker-link variables of one Service. */
function serviceVariables(service: Service): Readonly<Record<string, string>> {
  const address = service.spec.clusterIP;
  const [first] = service.spec.ports;
  if (address === '' || address === 'None' || first === undefined) return {};
  const prefix = service.metadata.name.toUpperCase().replaceAll('-', '_');
  const protocol = first.protocol.toLowerCase();
  const env: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: address,
    [`${prefix}_SERVICE_PORT`]: String(first.port),
    [`${prefix}_PORT`]: `${protocol}://${address}:${first.port}`,
  };
  for (const port of service.spec.ports) {
    const suffix = port.name === undefined ? '' : `_${port.name.toUpperCase().replaceAll('-', '_')}`;
    if (suffix !== '') env[`${prefix}_SERVICE_PORT${suffix}`] = String(port.port);
    const link = `${prefix}_PORT_${port.port}_${port.protocol}`;
    env[link] = `${port.protocol.toLowerCase()}://${address}:${port.port}`;
    env[`${link}_PROTO`] = port.protocol.toLowerCase();
    env[`${link}_PORT`] = String(port.port);
    env[`${link}_ADDR`] = address;
  }
  return env;
}
