/** Kubernetes objects to their clusters, and instances of scale sets to nodes or to machines. */
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import type { ArmKey } from '../../model/azure/resources.ts';
import type { Cloud, Resource } from '../../model/cloud.ts';
import type { KubernetesState, Node } from '../../model/kubernetes/objects.ts';
import { labelOf, nameOf } from './arm-object.ts';
import { rawObject, textOf } from './bag.ts';
import { stateOf, withLabels } from './cluster-state.ts';
import type { KubernetesText } from './gather.ts';
import type { ImportedResources } from './import-resources.ts';
import type { ImportLog } from './left-out.ts';
import { emptyObjects, readKubernetesObject } from './read-kubernetes.ts';
import type { ReadObjects } from './read-kubernetes.ts';
import { addNodesWithoutInterface, placeInstances } from './scale-set-instances.ts';

export interface ImportedState {
  readonly resources: ReadonlyMap<ArmKey, Resource>;
  readonly kubernetes: Cloud['kubernetes'];
}

export function importKubernetes(
  { resources, instances }: ImportedResources,
  texts: readonly KubernetesText[],
  backends: ReadonlyMap<ArmKey, readonly string[]>,
  log: ImportLog,
): ImportedState {
  const all = new Map(resources);
  const clusters = [...all.values()].filter(
    (each) => each.type === 'Microsoft.ContainerService/ManagedClusters',
  );
  const objectsOf = new Map<ArmKey, ReadObjects>();
  for (const text of inOrder(texts)) {
    const cluster = clusterOf(text, clusters, objectsOf);
    if (typeof cluster === 'string') {
      log.add({
        kind: 'missing',
        name: text.label,
        what: `${text.objects.length} Kubernetes ${text.objects.length === 1 ? 'object' : 'objects'}`,
        effect: cluster,
        weight: 'decides',
      });
      continue;
    }
    const key = armKey(cluster.id);
    const objects = objectsOf.get(key) ?? emptyObjects();
    objectsOf.set(key, objects);
    for (const each of text.objects) readKubernetesObject(each, objects, log, key);
  }
  const nodes = new Map<string, { readonly node: Node; readonly cluster: ManagedCluster }>();
  for (const cluster of clusters) {
    for (const node of Object.values(objectsOf.get(armKey(cluster.id))?.nodes ?? {})) {
      nodes.set(node.metadata.name, { node: withLabels(node, cluster), cluster });
    }
  }
  placeInstances(all, instances, nodes, log);
  addNodesWithoutInterface(all, nodes, backends, log);
  const kubernetes: Record<ArmKey, KubernetesState> = {};
  for (const cluster of clusters) {
    const key = armKey(cluster.id);
    const settled = withNetwork(cluster, all, nodes);
    all.set(key, settled);
    const objects = objectsOf.get(key);
    if (objects === undefined) {
      log.add({
        kind: 'missing',
        name: labelOf(cluster.id),
        what: 'its Kubernetes objects',
        effect: `Its nodes, pods and Services are not known: paste ${KUBECTL}.`,
        weight: 'decides',
        on: key,
      });
    }
    kubernetes[key] = stateOf(settled, objects ?? emptyObjects(), all, log);
  }
  return { resources: all, kubernetes };
}

export const KUBECTL =
  'kubectl get nodes,pods,services,endpointslices,networkpolicies,namespaces,configmaps -A -o json';

/** Texts with nodes first: they say which cluster they are of, and the others follow them. */
function inOrder(texts: readonly KubernetesText[]): readonly KubernetesText[] {
  const hasNodes = ({ objects }: KubernetesText): boolean => objects.some((each) => each['kind'] === 'Node');
  return [...texts.filter(hasNodes), ...texts.filter((each) => !hasNodes(each))];
}

/** Returns the cluster that a text comes from, or why nobody can say. */
function clusterOf(
  { objects }: KubernetesText,
  clusters: readonly ManagedCluster[],
  known: ReadonlyMap<ArmKey, ReadObjects>,
): ManagedCluster | string {
  if (clusters.length === 0)
    return 'Which cluster they are of is not known: paste az aks list -o json with them.';
  for (const object of objects) {
    const spec = rawObject(object['spec']);
    const labels = rawObject(rawObject(object['metadata'])?.['labels']);
    const group =
      /\/resourceGroups\/([^/]+)\//i.exec(textOf(spec?.['providerID']))?.[1] ??
      labels?.['kubernetes.azure.com/cluster'];
    const own = clusters.find((each) => each.nodeResourceGroup.toLowerCase() === textOf(group).toLowerCase());
    if (own !== undefined) return own;
    const named =
      object['kind'] === 'NodeNetworkConfig' ? rawObject(object['metadata'])?.['name'] : spec?.['nodeName'];
    const node = textOf(named);
    const host = clusters.find((each) => known.get(armKey(each.id))?.nodes[node] !== undefined);
    if (host !== undefined) return host;
  }
  const [only] = clusters;
  return clusters.length === 1 && only !== undefined
    ? only
    : `There are ${clusters.length} clusters, and nothing here says which of them it is: paste its nodes in the same text, with ${KUBECTL}.`;
}

/** Returns the cluster with what the model keeps of its network: no JSON says it in one place. */
function withNetwork(
  cluster: ManagedCluster,
  all: ReadonlyMap<ArmKey, Resource>,
  nodes: ReadonlyMap<string, { readonly node: Node; readonly cluster: ManagedCluster }>,
): ManagedCluster {
  const own = new Set([...nodes].filter(([, each]) => each.cluster === cluster).map(([name]) => name));
  const subnet =
    cluster.agentPoolProfiles.find((each) => each.vnetSubnetId !== null)?.vnetSubnetId ??
    [...all.values()].flatMap((each) =>
      each.type === 'Microsoft.Compute/virtualMachineScaleSets'
        ? each.instances
            .filter((one) => own.has(one.computerName))
            .flatMap((one) =>
              one.networkInterface.ipConfigurations.map((configuration) => configuration.subnet.id),
            )
        : [],
    )[0] ??
    '';
  const group = [...all.values()].find(
    (each) =>
      each.type === 'Microsoft.Network/networkSecurityGroups' &&
      each.resourceGroup.toLowerCase() === cluster.nodeResourceGroup.toLowerCase() &&
      /^aks-agentpool-\d+-nsg$/.test(each.name),
  );
  const table = [...all.values()].find(
    (each) =>
      each.type === 'Microsoft.Network/routeTables' &&
      each.resourceGroup.toLowerCase() === cluster.nodeResourceGroup.toLowerCase(),
  );
  const vnetId = subnet.split('/subnets/')[0] ?? '';
  const attached = all.get(armKey(vnetId));
  const tableId =
    attached?.type === 'Microsoft.Network/virtualNetworks'
      ? attached.subnets.find((each) => armKey(each.id) === armKey(subnet))?.routeTable?.id
      : undefined;
  return {
    ...cluster,
    simulation: {
      agentPoolDigits: group === undefined ? '00000000' : (/\d+/.exec(nameOf(group.id))?.[0] ?? '00000000'),
      routeTableId:
        cluster.networkProfile.networkPlugin === 'kubenet' ? (table?.id ?? tableId ?? null) : null,
      virtualNetworkId: vnetId,
    },
  };
}
