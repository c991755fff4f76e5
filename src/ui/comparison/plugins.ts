/** What the comparison compares: one world, six network plugins, the same calls on each. */
import { armKey, listResources } from '../../model/azure/resource-store.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Protocol } from '../../model/network/network.ts';

export interface ComparedPlugin {
  /** Part of addresses and anchors. */
  readonly id: string;
  readonly name: string;
  /** `content/scenarios/NAME.sh`. */
  readonly scenario: string;
}

export const PLUGINS: readonly ComparedPlugin[] = [
  { id: 'kubenet', name: 'kubenet', scenario: 'plugins-kubenet' },
  { id: 'node-subnet', name: 'Node Subnet', scenario: 'plugins-node-subnet' },
  { id: 'pod-subnet', name: 'Pod Subnet, dynamic', scenario: 'plugins-pod-subnet' },
  { id: 'pod-subnet-static', name: 'Pod Subnet, blocks', scenario: 'plugins-pod-subnet-static' },
  { id: 'overlay', name: 'Overlay', scenario: 'plugins-overlay' },
  { id: 'overlay-cilium', name: 'Overlay on Cilium', scenario: 'plugins-overlay-cilium' },
];

/** An end in netpath's words; a function where its name differs from plugin to plugin. */
export type ComparedEnd = string | ((cloud: Cloud) => string);

export interface ComparedFlow {
  readonly id: string;
  /** What calls what: a row's head. */
  readonly title: string;
  /** The same as a sentence for the flow's own page. */
  readonly summary: string;
  readonly from: ComparedEnd;
  readonly to: ComparedEnd;
  readonly protocol: Protocol;
  readonly port: number;
}

const CLIENT = 'pod/demo/client';

/** Returns the node that runs the pod `far`, on the other node than `client`. */
function otherNode(cloud: Cloud): string {
  const [cluster] = listResources(cloud, 'Microsoft.ContainerService/ManagedClusters');
  const pods = cluster === undefined ? undefined : cloud.kubernetes[armKey(cluster.id)]?.pods;
  const name = pods?.['demo/far']?.spec.nodeName;
  if (name === undefined) throw new Error('the pod demo/far runs on no node');
  return `node/${name}`;
}

/** Calls that a pod makes: what differs is whose address the other side sees. */
export const OUTWARD: readonly ComparedFlow[] = [
  {
    id: 'pod-on-same-node',
    title: 'a pod on the same node',
    summary: 'A pod calls a pod on its own node.',
    from: CLIENT,
    to: 'pod/demo/neighbour',
    protocol: 'tcp',
    port: 80,
  },
  {
    id: 'pod-on-other-node',
    title: 'a pod on the other node',
    summary: 'A pod calls a pod on the other node.',
    from: CLIENT,
    to: 'pod/demo/far',
    protocol: 'tcp',
    port: 80,
  },
  {
    id: 'other-node',
    title: 'the other node itself',
    summary: 'A pod calls the kubelet of the other node, at the address of the node.',
    from: CLIENT,
    to: otherNode,
    protocol: 'tcp',
    port: 10250,
  },
  {
    id: 'vm-in-the-vnet',
    title: 'a VM in the same VNet',
    summary: 'A pod calls a VM in another subnet of the cluster’s VNet.',
    from: CLIENT,
    to: 'vm/vm-tools',
    protocol: 'tcp',
    port: 80,
  },
  {
    id: 'vm-in-a-peered-vnet',
    title: 'a VM in a peered VNet',
    summary: 'A pod calls a VM in a VNet that is peered with the cluster’s.',
    from: CLIENT,
    to: 'vm/vm-data',
    protocol: 'tcp',
    port: 80,
  },
  {
    id: 'on-premises',
    title: 'a server on premises',
    summary: 'A pod calls a server in the data centre, behind a private connection.',
    from: CLIENT,
    to: 'host/erp',
    protocol: 'tcp',
    port: 443,
  },
  {
    id: 'internet',
    title: 'a site on the internet',
    summary: 'A pod calls a site on the internet.',
    from: CLIENT,
    to: 'internet',
    protocol: 'tcp',
    port: 443,
  },
  {
    id: 'instance-metadata',
    title: 'the metadata service',
    summary: 'A pod calls the Instance Metadata Service of its node, 169.254.169.254.',
    from: CLIENT,
    to: '169.254.169.254',
    protocol: 'tcp',
    port: 80,
  },
];

/** Calls to a pod, at the address of the pod: what differs is whether they arrive. */
export const INWARD: readonly ComparedFlow[] = [
  {
    id: 'from-a-vm-in-the-vnet',
    title: 'a VM in the same VNet',
    summary: 'A VM in another subnet of the cluster’s VNet calls a pod at its address.',
    from: 'vm/vm-tools',
    to: CLIENT,
    protocol: 'tcp',
    port: 80,
  },
  {
    id: 'from-a-peered-vnet',
    title: 'a VM in a peered VNet',
    summary: 'A VM in a VNet that is peered with the cluster’s calls a pod at its address.',
    from: 'vm/vm-data',
    to: CLIENT,
    protocol: 'tcp',
    port: 80,
  },
  {
    id: 'from-on-premises',
    title: 'a server on premises',
    summary: 'A server in the data centre calls a pod at its address.',
    from: 'host/erp',
    to: CLIENT,
    protocol: 'tcp',
    port: 80,
  },
];

export const FLOWS: readonly ComparedFlow[] = [...OUTWARD, ...INWARD];

export function endOf(end: ComparedEnd, cloud: Cloud): string {
  return typeof end === 'string' ? end : end(cloud);
}
