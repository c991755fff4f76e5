/** What the API server of a cluster holds, put together from the objects that were pasted. */
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Resource } from '../../model/cloud.ts';
import { emptyKubernetesState } from '../../model/kubernetes/cluster-state.ts';
import type { KubernetesState, Namespace, Node } from '../../model/kubernetes/objects.ts';
import { endpointsOf } from '../../model/kubernetes/services.ts';
import { labelOf } from './arm-object.ts';
import type { ImportLog } from './left-out.ts';
import { kindKeyOf, objectKeyOf, storesOf } from './read-kubernetes.ts';
import type { ReadObjects } from './read-kubernetes.ts';

/**
 * Labels that AKS puts on every node, for JSON that was cut to what matters. While a cluster changes its
 * network, nodes without them are those of the old one, and stay so.
 */
export function withLabels(node: Node, cluster: ManagedCluster): Node {
  const { networkPluginMode, networkDataplane } = cluster.networkProfile;
  const labels = node.metadata.labels ?? {};
  const isSettled = cluster.provisioningState === 'Succeeded';
  const pools = cluster.agentPoolProfiles;
  const pool =
    pools.find((each) => node.metadata.name.startsWith(`aks-${each.name}-`)) ??
    (pools.length === 1 ? pools[0] : undefined);
  const own: Record<string, string> = {
    ...(pool === undefined ? {} : { agentpool: pool.name }),
    ...(isSettled && networkPluginMode === 'overlay'
      ? { 'kubernetes.azure.com/azure-cni-overlay': 'true' }
      : {}),
    ...(isSettled && networkDataplane === 'cilium'
      ? { 'kubernetes.azure.com/ebpf-dataplane': 'cilium' }
      : {}),
    ...labels,
  };
  return { ...node, metadata: { ...node.metadata, labels: own } };
}

export function stateOf(
  cluster: ManagedCluster,
  objects: ReadObjects,
  all: ReadonlyMap<ArmKey, Resource>,
  log: ImportLog,
): KubernetesState {
  const { networkProfile } = cluster;
  const key = armKey(cluster.id);
  const stores = storesOf(objects);
  const namespaces: Record<string, Namespace> = { ...stores.namespaces };
  for (const namespace of new Set(
    [...Object.values(stores.pods), ...Object.values(stores.services)].map(
      (each) => each.metadata.namespace ?? 'default',
    ),
  )) {
    if (namespaces[namespace] !== undefined) continue;
    namespaces[namespace] = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        uid: `uid-${namespace}`,
        creationTimestamp: '2026-09-01T09:00:00Z',
        resourceVersion: '1',
        labels: { 'kubernetes.io/metadata.name': namespace },
      },
      status: { phase: 'Active' },
    };
  }
  if (Object.keys(objects.namespaces).length === 0 && Object.keys(stores.networkPolicies).length > 0) {
    log.add({
      kind: 'missing',
      name: labelOf(cluster.id),
      what: 'its namespaces',
      effect:
        'Policies that choose namespaces by labels choose wrongly without them: paste kubectl get namespaces -o json.',
      weight: 'may-matter',
      on: key,
    });
  }
  nameMissingKinds(cluster, objects, log);
  stores.nodes = Object.fromEntries(
    Object.entries(stores.nodes).map(([name, bare]) => {
      const node = withLabels(bare, cluster);
      return [name, withPodAddresses(name, node, cluster, objects, all)];
    }),
  );
  if (objects.apiServer === null) {
    log.note('Without the EndpointSlice default/kubernetes the address of the API server is not known.');
  }
  const state: KubernetesState = {
    ...emptyKubernetesState({
      podAddressing: networkProfile.networkPlugin === 'kubenet' ? 'host-local' : 'azure-cns',
      podCidr: networkProfile.podCidr,
      serviceCidr: networkProfile.serviceCidr,
      dnsServiceIp: networkProfile.dnsServiceIp,
      apiServer: objects.apiServer ?? { address: '', port: 443 },
      nextResourceVersion: 1_000_000,
      nextPodCidrIndex: Object.keys(stores.nodes).length,
      podsCreated: {},
    }),
    ...stores,
    namespaces,
  };
  compareEndpoints(key, state, objects, log);
  return state;
}

/** Every cluster has Services, and pods, and a node under each pod: where there are none, nobody pasted them. */
function nameMissingKinds(cluster: ManagedCluster, objects: ReadObjects, log: ImportLog): void {
  const key = armKey(cluster.id);
  const [nodes, pods, services] = [objects.nodes, objects.pods, objects.services].map(
    (each) => Object.keys(each).length,
  );
  if (nodes === 0 && pods === 0 && services === 0) return;
  const missing = (kind: 'services' | 'pods', effect: string): void => {
    log.add({
      kind: 'missing',
      name: labelOf(cluster.id),
      what: kind === 'pods' ? 'its pods' : 'its Services',
      effect: `${effect} Paste kubectl get ${kind} -A -o json.`,
      weight: 'decides',
      on: kindKeyOf(key, kind),
    });
  };
  if (services === 0) missing('services', 'Where addresses and ports of Services lead is not known.');
  if (pods === 0) missing('pods', 'Which endpoints Services have is not known.');
  const without = new Map<string, string[]>();
  for (const { spec, status } of Object.values(objects.pods)) {
    const name = spec.nodeName ?? '';
    if (name === '' || nodes === 0 || objects.nodes[name] !== undefined) continue;
    without.set(name, [...(without.get(name) ?? []), ...(status.podIP === undefined ? [] : [status.podIP])]);
  }
  for (const [name, addresses] of without) {
    log.add({
      kind: 'missing',
      name: `Node ${name}`,
      what: 'the node of pods',
      effect: 'Where its pods are is not known. Paste kubectl get nodes -o json.',
      weight: 'decides',
      on: objectKeyOf(key, 'Node', undefined, name),
      addresses,
    });
  }
}

/** Addresses that a node may give to pods: those of its NIC, or of its NodeNetworkConfig, or what its pods have. */
function withPodAddresses(
  name: string,
  node: Node,
  cluster: ManagedCluster,
  objects: ReadObjects,
  all: ReadonlyMap<ArmKey, Resource>,
): Node {
  const { networkPlugin, networkPluginMode } = cluster.networkProfile;
  if (networkPlugin !== 'azure' || networkPluginMode === 'overlay') return node;
  const pool = cluster.agentPoolProfiles.find((each) => each.name === node.metadata.labels?.['agentpool']);
  const ofPods = Object.values(objects.pods).flatMap((pod) =>
    pod.spec.nodeName === name && pod.spec.hostNetwork !== true && pod.status.podIP !== undefined
      ? [pod.status.podIP]
      : [],
  );
  const config = Object.values(objects.nodeNetworkConfigs).find((each) => each.metadata.name === name);
  const given = (config?.status?.networkContainers ?? []).flatMap((container) => [
    ...(container.ipAssignments ?? []).map((each) => each.ip),
    ...(container.type === 'vnetblock' ? [] : []),
  ]);
  const ofNic = [...all.values()].flatMap((each) =>
    each.type === 'Microsoft.Compute/virtualMachineScaleSets'
      ? each.instances
          .filter((one) => one.computerName === name)
          .flatMap((one) =>
            one.networkInterface.ipConfigurations
              .filter((other) => !other.primary)
              .map((other) => other.privateIPAddress),
          )
      : [],
  );
  const podAddresses =
    (pool?.podSubnetId ?? null) === null ? ofNic : [...new Set([...given.flatMap(addressesOf), ...ofPods])];
  return { ...node, simulation: { ipForward: 'on', neighbours: [], podAddresses } };
}

/** A /28 block of a static allocation is given as a prefix. */
function addressesOf(text: string): readonly string[] {
  const [base = '', length] = text.split('/');
  if (length === undefined || length === '32') return [base];
  const parts = base.split('.').map(Number);
  const count = 2 ** (32 - Number(length));
  if (count > 256 || parts.length !== 4) return [];
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  return Array.from({ length: count }, (_, index) => {
    const value = first + index;
    return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
      .map((each) => each & 255)
      .join('.');
  });
}

/** Endpoints follow from Services and pods here; where the cluster says otherwise, that is named. */
function compareEndpoints(key: ArmKey, state: KubernetesState, objects: ReadObjects, log: ImportLog): void {
  for (const [name, said] of objects.endpoints) {
    const service = state.services[name];
    if (service === undefined || name === 'default/kubernetes') continue;
    const [namespace, short = ''] = name.split('/');
    const ours = new Set(endpointAddresses(state, service));
    const differs = said.size !== ours.size || [...said].some((each) => !ours.has(each));
    if (!differs) continue;
    const list = (set: ReadonlySet<string>): string =>
      set.size === 0 ? 'none' : [...set].slice(0, 4).join(', ');
    log.add({
      kind: 'property',
      name: `Service ${name}`,
      what: 'endpoints',
      effect: `The cluster says ${list(said)}; from its selector and the pods follow ${list(ours)}, and those are used.`,
      weight: 'decides',
      on: objectKeyOf(key, 'Service', namespace, short),
    });
  }
}

function endpointAddresses(
  state: KubernetesState,
  service: KubernetesState['services'][string],
): readonly string[] {
  return endpointsOf(state, service).flatMap(({ addresses }) => addresses.map((each) => each.address));
}
