/** Kubernetes nodes of a cluster's scale set instances, and the pod range each of them takes. */
import { armKey, findResource, parseResourceId } from '../azure/resource-store.ts';
import type { ScaleSetInstance, VirtualMachineScaleSet } from '../azure/resources.ts';
import { findSubnet } from '../azure/subnet.ts';
import { pinned } from '../chance.ts';
import type { Cloud } from '../cloud.ts';
import { parseAddress } from '../ip/address.ts';
import { formatPrefix, parsePrefix, subnetAt } from '../ip/prefix.ts';
import { POD_RANGE_PREFIX_LENGTH, RESERVED_NODE_MEMORY } from '../limits/aks.ts';
import { clusterChance, kubernetesOf, newMetadata, withKubernetes } from '../kubernetes/cluster-state.ts';
import type { ControlPlane, Node, Taint } from '../kubernetes/objects.ts';
import { ageAtCreation } from '../kubernetes/pods.ts';
import { OUTBOUND_CHECK } from '../limits/http-proxy.ts';
import { nodeSubnetId } from './authorized-ranges.ts';
import { newNodeProxy } from './http-proxy.ts';
import { nodeEnd, proxyOfNode, requestThroughProxy } from './node-proxy.ts';
import { logNodeRequests } from './node-proxy-log.ts';
import type { LoggedRequest } from './node-proxy-log.ts';
import { ipamOf } from './ipam.ts';
import { nodeSoftware } from './kubernetes-versions.ts';
import type { AgentPool, ManagedCluster } from './managed-cluster.ts';
import { scaleSetName } from './names.ts';
import { absentMachines } from './pending-operation.ts';
import { READY, WITHOUT_NETWORK, withReadiness } from './node-readiness.ts';
import { findVmSize } from './vm-sizes.ts';

const VMSS = 'Microsoft.Compute/virtualMachineScaleSets';

export interface ClusterInstance {
  readonly pool: AgentPool;
  readonly scaleSet: VirtualMachineScaleSet;
  readonly instance: ScaleSetInstance;
}

/** Returns a pool's scale set, or null. */
export function findScaleSet(
  cloud: Cloud,
  cluster: ManagedCluster,
  pool: string,
): VirtualMachineScaleSet | null {
  const name = scaleSetName(clusterChance(cloud, armKey(cluster.id)), cluster.name, pool);
  return findResource(cloud, VMSS, cluster.nodeResourceGroup, name);
}

/** Returns the instances of all pools, pool by pool, oldest instance first. */
export function clusterInstances(cloud: Cloud, cluster: ManagedCluster): readonly ClusterInstance[] {
  return cluster.agentPoolProfiles.flatMap((pool) => {
    const scaleSet = findScaleSet(cloud, cluster, pool.name);
    return scaleSet === null ? [] : scaleSet.instances.map((instance) => ({ pool, scaleSet, instance }));
  });
}

/** Returns the instance's address in its subnet. */
export function instanceAddress(instance: ScaleSetInstance): string {
  const { ipConfigurations } = instance.networkInterface;
  const primary = ipConfigurations.find((each) => each.primary) ?? ipConfigurations[0];
  return primary?.privateIPAddress ?? '';
}

/**
 * Returns the cloud with a Node for each instance and none for instances that are gone. New nodes
 * join in the order of their instances, and each takes the next free share of the pod range.
 */
export function registerNodes(cloud: Cloud, cluster: ManagedCluster): Cloud {
  const key = armKey(cluster.id);
  const before = kubernetesOf(cloud, key);
  const absent = absentMachines(cloud, cluster.id);
  const instances = clusterInstances(cloud, cluster).filter(
    ({ instance }) => !absent.has(instance.computerName),
  );
  const present = new Set(instances.map(({ instance }) => instance.computerName));
  const kept = Object.entries(before.nodes).filter(([name]) => present.has(name));
  const joining = instances.filter(({ instance }) => before.nodes[instance.computerName] === undefined);
  if (joining.length === 0 && kept.length === Object.keys(before.nodes).length) return cloud;

  const nodes = new Map(kept);
  const taken = new Set(kept.map(([, node]) => node.spec.podCIDR));
  let { controlPlane } = before;
  for (const each of joining) {
    const share = takePodRange(cloud, controlPlane, each.instance.computerName, taken);
    taken.add(share?.podCidr);
    controlPlane = {
      ...controlPlane,
      nextPodCidrIndex: share?.next ?? controlPlane.nextPodCidrIndex,
      nextResourceVersion: controlPlane.nextResourceVersion + 1,
    };
    const version = controlPlane.nextResourceVersion - 1;
    nodes.set(each.instance.computerName, newNode(cloud, cluster, each, share?.podCidr ?? null, version));
  }
  const lastReservedIp = Object.fromEntries(
    Object.entries(before.lastReservedIp).filter(([name]) => nodes.has(name)),
  );
  const registered = withKubernetes(cloud, key, {
    ...before,
    nodes: Object.fromEntries(nodes),
    lastReservedIp,
    controlPlane,
  });
  return logChecks(registered, cluster, joining);
}

/** The proxies of nodes that joined have seen them look whether they get out. */
function logChecks(cloud: Cloud, cluster: ManagedCluster, joined: readonly ClusterInstance[]): Cloud {
  const { proxy } = newNodeProxy(cloud, cluster);
  const server = proxy === undefined ? null : proxyOfNode(proxy, OUTBOUND_CHECK.value.host);
  if (server === null) return cloud;
  const url = `https://${OUTBOUND_CHECK.value.host}/v2/`;
  return logNodeRequests(
    cloud,
    joined.flatMap(({ pool, instance }): LoggedRequest[] => {
      const place = findSubnet(cloud, nodeSubnetId(cluster, pool));
      const at = parseAddress(instanceAddress(instance));
      if (place === null || !at.ok) return [];
      const from = nodeEnd(cloud, cluster, place, at.value);
      const request = requestThroughProxy(cloud, from, server, OUTBOUND_CHECK.value.host, {
        method: 'GET',
        path: '/v2/',
      });
      return [{ request, method: 'GET', url, client: 'goes-on', bytes: 2 }];
    }),
  );
}

/**
 * Returns the next free /24 of the pod range and where the search starts next time; null if none is
 * left. The node IPAM controller goes round: a freed share comes back only after the end of the range
 * was reached (kubernetes pkg/controller/nodeipam/ipam/cidrset/cidr_set.go, AllocateNext). A real
 * controller that restarts would begin again at the lowest free share.
 */
function takePodRange(
  cloud: Cloud,
  controlPlane: ControlPlane,
  node: string,
  taken: ReadonlySet<string | undefined>,
): { readonly podCidr: string; readonly next: number } | null {
  const range = controlPlane.podCidr === null ? null : parsePrefix(controlPlane.podCidr);
  if (range === null || !range.ok) return null;
  const length = POD_RANGE_PREFIX_LENGTH.value;
  const total = 2 ** Math.max(0, length - range.value.length);
  const fixed = pinned(cloud, `pod-cidr/${node}`);
  if (fixed !== null && !taken.has(fixed)) return { podCidr: fixed, next: controlPlane.nextPodCidrIndex };
  for (let step = 0; step < total; step++) {
    const index = (controlPlane.nextPodCidrIndex + step) % total;
    const candidate = subnetAt(range.value, length, index);
    const podCidr = candidate === null ? null : formatPrefix(candidate);
    if (podCidr !== null && !taken.has(podCidr)) return { podCidr, next: (index + 1) % total };
  }
  return null;
}

function newNode(
  cloud: Cloud,
  cluster: ManagedCluster,
  { pool, scaleSet, instance }: ClusterInstance,
  podCidr: string | null,
  resourceVersion: number,
): Node {
  const name = instance.computerName;
  // With Node Subnet, the secondary addresses of the node's NIC are those of its pods.
  const ipam = ipamOf(cluster.networkProfile, pool);
  const podAddresses =
    ipam === 'node-subnet'
      ? instance.networkInterface.ipConfigurations
          .filter((each) => !each.primary)
          .map((each) => each.privateIPAddress)
      : null;
  const chance = clusterChance(cloud, armKey(cluster.id));
  const software = nodeSoftware(pool.currentOrchestratorVersion);
  const size = findVmSize(pool.vmSize);
  const taints = (pool.nodeTaints ?? []).map(parseTaint);
  const cores = size?.cores ?? 2;
  const memoryKiB = Math.round((size?.memoryGiB ?? 8) * 2 ** 20);
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: newMetadata(cloud, armKey(cluster.id), {
      kind: 'Node',
      name,
      labels: {
        agentpool: pool.name,
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/instance-type': pool.vmSize,
        'beta.kubernetes.io/os': 'linux',
        'failure-domain.beta.kubernetes.io/region': cluster.location,
        'failure-domain.beta.kubernetes.io/zone': '0',
        'kubernetes.azure.com/agentpool': pool.name,
        'kubernetes.azure.com/cluster': cluster.nodeResourceGroup,
        'kubernetes.azure.com/mode': pool.mode.toLowerCase(),
        'kubernetes.azure.com/node-image-version': pool.nodeImageVersion,
        'kubernetes.azure.com/os-sku': pool.osSku,
        'kubernetes.azure.com/role': 'agent',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(software?.roleLabel === 'agent' ? { 'kubernetes.io/role': 'agent' } : {}),
        'node.kubernetes.io/instance-type': pool.vmSize,
        'topology.kubernetes.io/region': cluster.location,
        'topology.kubernetes.io/zone': '0',
        ...networkLabels(cluster, pool),
        ...pool.nodeLabels,
      },
      created: cloud.now - ageAtCreation({ chance }, `node-age/${name}`),
      resourceVersion,
    }),
    spec: {
      ...(podCidr === null ? {} : { podCIDR: podCidr, podCIDRs: [podCidr] }),
      providerID: `azure://${scaleSet.id}/virtualMachines/${instance.instanceId}`,
      ...(taints.length === 0 ? {} : { taints }),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: instanceAddress(instance) },
        { type: 'Hostname', address: name },
      ],
      capacity: {
        cpu: cores.toString(),
        memory: `${memoryKiB}Ki`,
        pods: pool.maxPods.toString(),
      },
      allocatable: {
        cpu: `${cores * 1000 - reservedMillicores(cores)}m`,
        memory: `${memoryKiB - reservedMemoryKiB(pool.maxPods, memoryKiB)}Ki`,
        pods: pool.maxPods.toString(),
      },
      conditions: conditions(cluster.networkProfile, podCidr),
      nodeInfo: {
        kubeletVersion: `v${pool.currentOrchestratorVersion}`,
        osImage: software?.osImage ?? 'unknown',
        kernelVersion: software?.kernelVersion ?? 'unknown',
        containerRuntimeVersion: software?.containerRuntimeVersion ?? 'unknown',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
    simulation: {
      ipForward: 'on',
      neighbours: [],
      ...(podAddresses === null ? {} : { podAddresses }),
      ...newNodeProxy(cloud, cluster),
    },
  };
  // Without a network plugin the node waits for one that its owner installs.
  return ipam === 'none' ? withReadiness(node, 'missing') : node;
}

type Condition = Node['status']['conditions'][number];

/** Only kubenet has routes to report on; Cilium says that it runs, other forms of Azure CNI nothing. */
function conditions(profile: ManagedCluster['networkProfile'], podCidr: string | null): readonly Condition[] {
  if (profile.networkPlugin === 'kubenet') {
    return podCidr === null
      ? [
          {
            type: 'NetworkUnavailable',
            status: 'True',
            reason: 'NoRouteCreated',
            message: 'Node created without a route',
          },
          WITHOUT_NETWORK,
        ]
      : [
          {
            type: 'NetworkUnavailable',
            status: 'False',
            reason: 'RouteCreated',
            message: 'RouteController created a route',
          },
          READY,
        ];
  }
  if (profile.networkPlugin === 'none') return [WITHOUT_NETWORK];
  if (profile.podCidr !== null && podCidr === null) return [WITHOUT_NETWORK];
  if (profile.networkDataplane !== 'cilium') return [READY];
  return [
    {
      type: 'NetworkUnavailable',
      status: 'False',
      reason: 'CiliumIsUp',
      message: 'Cilium is running on this node',
    },
    READY,
  ];
}

/** The labels by which AKS tells its own controllers how a node's pods are connected. */
function networkLabels(
  { networkProfile, simulation }: ManagedCluster,
  pool: AgentPool,
): Readonly<Record<string, string>> {
  const cilium = networkProfile.networkDataplane === 'cilium';
  const dataplane = cilium ? { 'kubernetes.azure.com/ebpf-dataplane': 'cilium' } : {};
  switch (ipamOf(networkProfile, pool)) {
    case 'kubenet':
    case 'node-subnet':
    case 'none':
      return dataplane;
    case 'overlay':
      return {
        ...dataplane,
        'kubernetes.azure.com/azure-cni-overlay': 'true',
        'kubernetes.azure.com/network-subnet': parseChild(pool.vnetSubnetId) ?? 'aks-subnet',
        'kubernetes.azure.com/podnetwork-type': 'overlay',
      };
    case 'pod-subnet-dynamic':
    case 'pod-subnet-static': {
      const network = parseResourceId(simulation.virtualNetworkId);
      return {
        ...dataplane,
        'kubernetes.azure.com/podnetwork-name': network?.name ?? '',
        'kubernetes.azure.com/podnetwork-resourcegroup': network?.resourceGroup ?? '',
        'kubernetes.azure.com/podnetwork-subnet': parseChild(pool.podSubnetId) ?? '',
        'kubernetes.azure.com/podnetwork-subscription': network?.subscription ?? '',
        'kubernetes.azure.com/podnetwork-type':
          pool.podIPAllocationMode === 'StaticBlock' ? 'vnetblock' : 'vnet',
      };
    }
  }
}

function parseChild(subnetId: string | null): string | null {
  return subnetId === null ? null : (parseResourceId(subnetId)?.children[0]?.name ?? null);
}

/** Returns a taint from `key=value:Effect` or `key:Effect`; az checked the form. */
export function parseTaint(text: string): Taint {
  const [pair = '', effect = 'NoSchedule'] = text.split(':');
  const [key = '', value] = pair.split('=');
  return {
    key,
    ...(value === undefined || value === '' ? {} : { value }),
    effect: effect === 'NoExecute' || effect === 'PreferNoSchedule' ? effect : 'NoSchedule',
  };
}

/** CPU that AKS keeps for the node itself (AKS node resource reservations). */
function reservedMillicores(cores: number): number {
  const table: readonly (readonly [number, number])[] = [
    [1, 60],
    [2, 100],
    [4, 140],
    [8, 180],
    [16, 260],
    [32, 420],
    [64, 740],
  ];
  return table.findLast(([upTo]) => cores >= upTo)?.[1] ?? 60;
}

/** Memory that AKS keeps for the node itself. */
function reservedMemoryKiB(maxPods: number, memoryKiB: number): number {
  const { perPodMiB, onceMiB, share, evictionMiB } = RESERVED_NODE_MEMORY.value;
  const kept = Math.min((perPodMiB * maxPods + onceMiB) * 1024, memoryKiB * share);
  return Math.round(kept + evictionMiB * 1024);
}
