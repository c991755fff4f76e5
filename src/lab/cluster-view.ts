/** What lab checks look for in a cluster: its nodes in the order of their pod ranges or addresses, and their pods. */
import type { Subnet } from '../model/azure/resources.ts';
import { armKey, findResource, getResource, sameId } from '../model/azure/resource-store.ts';
import type { Cloud } from '../model/cloud.ts';
import type { ManagedCluster } from '../model/aks/managed-cluster.ts';
import { compareAddresses, parseAddress } from '../model/ip/address.ts';
import { comparePrefixes, parsePrefix } from '../model/ip/prefix.ts';
import type { KubernetesState, Node, Pod } from '../model/kubernetes/objects.ts';
import type { Result } from '../model/result.ts';
import type { Missing } from './lab.ts';

export interface ClusterView {
  readonly cluster: ManagedCluster;
  readonly kubernetes: KubernetesState;
}

export interface NodeView {
  readonly name: string;
  readonly address: string;
  /** Null where pods have addresses of a subnet. */
  readonly podRange: string | null;
  readonly pool: string;
  readonly ready: 'yes' | 'no';
}

export function isMissing(value: object | string): value is Missing {
  return typeof value === 'object' && 'missing' in value;
}

export function viewCluster(cloud: Cloud, resourceGroup: string, name: string): ClusterView | Missing {
  const cluster = findResource(cloud, 'Microsoft.ContainerService/ManagedClusters', resourceGroup, name);
  if (cluster === null) return { missing: `There is no cluster ${name} in resource group ${resourceGroup}.` };
  const kubernetes = cloud.kubernetes[armKey(cluster.id)];
  if (kubernetes === undefined) return { missing: `Cluster ${name} was not created completely.` };
  return { cluster, kubernetes };
}

/**
 * Returns the nodes that have an address and, in clusters with a pod range, their share of it; in the
 * order of the shares, else of the addresses.
 */
export function nodesOf({ cluster, kubernetes }: ClusterView): readonly NodeView[] {
  const nodes = Object.values(kubernetes.nodes).flatMap(viewNode);
  return cluster.networkProfile.podCidr === null
    ? nodes.sort((a, b) => compareTexts(parseAddress, compareAddresses, a.address, b.address))
    : nodes
        .filter(({ podRange }) => podRange !== null)
        .sort((a, b) => compareTexts(parsePrefix, comparePrefixes, a.podRange ?? '', b.podRange ?? ''));
}

function viewNode(node: Node): readonly NodeView[] {
  const address = node.status.addresses.find(({ type }) => type === 'InternalIP')?.address;
  if (address === undefined) return [];
  const ready = node.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return [
    {
      name: node.metadata.name,
      address,
      podRange: node.spec.podCIDR ?? null,
      pool: node.metadata.labels?.['kubernetes.azure.com/agentpool'] ?? node.metadata.labels?.agentpool ?? '',
      ready: ready ? 'yes' : 'no',
    },
  ];
}

function compareTexts<T>(
  parse: (text: string) => Result<T, unknown>,
  compare: (a: T, b: T) => number,
  a: string,
  b: string,
): number {
  const [left, right] = [parse(a), parse(b)];
  return left.ok && right.ok ? compare(left.value, right.value) : a.localeCompare(b);
}

/** Returns the running pods with a label `app=APP` on a node, by name. */
export function podsOn({ kubernetes }: ClusterView, node: string, app: string): readonly Pod[] {
  return Object.values(kubernetes.pods)
    .filter((pod) => pod.spec.nodeName === node && pod.metadata.labels?.['app'] === app)
    .filter((pod) => pod.status.phase === 'Running' && pod.status.podIP !== undefined)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

/** Returns the nodes that run a pod of `app` with an address of its own, each with its first such pod. */
export function nodesRunning(
  view: ClusterView,
  app: string,
): readonly { readonly node: NodeView; readonly pod: Pod }[] {
  return nodesOf(view).flatMap((node) => {
    const pod = podsOn(view, node.name, app).find((each) => each.spec.hostNetwork !== true);
    return pod === undefined ? [] : [{ node, pod }];
  });
}

/** Returns netpath's END for a pod. */
export function podEnd(pod: Pod): string {
  return `pod/${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`;
}

/** Returns the subnet with this id, or null. */
export function subnetOfId(cloud: Cloud, id: string): Subnet | null {
  const networkId = id.replace(/\/subnets\/[^/]+$/i, '');
  const network = getResource(cloud, networkId, 'Microsoft.Network/virtualNetworks');
  return network?.subnets.find((subnet) => sameId(subnet.id, id)) ?? null;
}
