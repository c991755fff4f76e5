/** Kubernetes objects to their clusters, and instances of scale sets to nodes or to machines. */
import type { ManagedCluster } from '../../model/aks/managed-cluster.ts';
import { drawNetworkInterfaceMac } from '../../model/azure/network-interface.ts';
import { armKey } from '../../model/azure/resource-store.ts';
import type {
  ArmKey,
  NetworkInterface,
  ScaleSetInstance,
  VirtualMachine,
} from '../../model/azure/resources.ts';
import type { Cloud, Resource } from '../../model/cloud.ts';
import { newCloud } from '../../model/azure/subscription.ts';
import { endpointsOf } from '../../model/kubernetes/services.ts';
import { emptyKubernetesState } from '../../model/kubernetes/cluster-state.ts';
import type { KubernetesState, Namespace, Node } from '../../model/kubernetes/objects.ts';
import { groupOf, labelOf, nameOf } from './arm-object.ts';
import { rawObject, textOf } from './bag.ts';
import type { KubernetesText } from './gather.ts';
import type { ImportedResources, Instance } from './import-resources.ts';
import type { ImportLog } from './left-out.ts';
import { emptyObjects, objectKeyOf, readKubernetesObject, storesOf } from './read-kubernetes.ts';
import type { ReadObjects } from './read-kubernetes.ts';

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
      nodes.set(node.metadata.name, { node, cluster });
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

const DIGITS = 36;

/** AKS names its machines by the scale set and the instance in base 36. */
function computerNameOf(instance: Instance): string {
  const set = nameOf(instance.set);
  const number = Number(instance.instanceId);
  return (
    instance.computerName ??
    `${set}${Number.isNaN(number) ? instance.instanceId : number.toString(DIGITS).padStart(6, '0')}`
  );
}

/** Instances that are nodes of a cluster go into their scale set; all others are machines of their own. */
function placeInstances(
  all: Map<ArmKey, Resource>,
  instances: ReadonlyMap<ArmKey, Instance>,
  nodes: ReadonlyMap<string, { readonly node: Node; readonly cluster: ManagedCluster }>,
  log: ImportLog,
): void {
  const members = new Map<ArmKey, ScaleSetInstance[]>();
  for (const [key, instance] of instances) {
    const name = computerNameOf(instance);
    const nic = instance.interfaces.find((each) => each.primary) ?? instance.interfaces[0];
    if (nic === undefined) {
      if (nodes.has(name)) continue;
      log.add({
        kind: 'missing',
        name: labelOf(instance.id),
        what: 'its NIC',
        effect: `Where it is in the network is not known: paste az vmss nic list -g ${groupOf(instance.id)} --vmss-name ${nameOf(instance.set)} -o json.`,
        weight: 'decides',
        on: key,
      });
      continue;
    }
    const cloud = newCloud({ seed: 'import' });
    const own = { ...nic, macAddress: nic.macAddress || drawNetworkInterfaceMac(cloud, nic.id) };
    if (nodes.has(name)) {
      const list = members.get(instance.set) ?? [];
      members.set(instance.set, list);
      const { virtualMachine: _machine, ...networkInterface } = own;
      list.push({ instanceId: instance.instanceId, computerName: name, networkInterface });
    } else {
      const machine = machineOf(instance, name, own);
      all.set(key, machine);
      for (const each of instance.interfaces)
        all.set(armKey(each.id), { ...each, macAddress: each.macAddress || own.macAddress });
    }
  }
  for (const [key, list] of members) putInstances(all, key, list);
}

function putInstances(all: Map<ArmKey, Resource>, key: ArmKey, list: readonly ScaleSetInstance[]): void {
  const known = all.get(key);
  const [first] = list;
  if (first === undefined) return;
  const id = first.networkInterface.id.split('/').slice(0, 9).join('/');
  const before = known?.type === 'Microsoft.Compute/virtualMachineScaleSets' ? known : null;
  const instances = [...(before?.instances ?? []), ...list];
  all.set(key, {
    id: before?.id ?? id,
    name: before?.name ?? nameOf(id),
    resourceGroup: before?.resourceGroup ?? groupOf(id),
    location: before?.location ?? '',
    tags: before?.tags ?? null,
    etag: before?.etag ?? '',
    provisioningState: 'Succeeded',
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    sku: before?.sku ?? { name: '', tier: 'Standard', capacity: instances.length },
    instances,
    simulation: { nextInstanceId: 1 + Math.max(...instances.map((each) => Number(each.instanceId) || 0)) },
  });
}

function machineOf(instance: Instance, name: string, nic: NetworkInterface): VirtualMachine {
  return {
    id: instance.id,
    name: `${nameOf(instance.set)}_${instance.instanceId}`,
    resourceGroup: groupOf(instance.id),
    location: nic.location,
    tags: null,
    etag: '',
    provisioningState: 'Succeeded',
    type: 'Microsoft.Compute/virtualMachines',
    vmId: '',
    hardwareProfile: { vmSize: '' },
    osProfile: { computerName: name, adminUsername: '' },
    storageProfile: { imageReference: '' },
    networkProfile: { networkInterfaces: instance.interfaces.map(({ id }) => ({ id })) },
    powerState: 'VM running',
    simulation: { listeners: [], programs: 'assumed', forwarding: nic.enableIPForwarding ? 'on' : 'off' },
  };
}

/** Without `az vmss nic list`, the address of a node and the subnet of its pool make its NIC. */
function addNodesWithoutInterface(
  all: Map<ArmKey, Resource>,
  nodes: ReadonlyMap<string, { readonly node: Node; readonly cluster: ManagedCluster }>,
  backends: ReadonlyMap<ArmKey, readonly string[]>,
  log: ImportLog,
): void {
  const there = new Set(
    [...all.values()].flatMap((each) =>
      each.type === 'Microsoft.Compute/virtualMachineScaleSets'
        ? each.instances.map((one) => one.computerName)
        : [],
    ),
  );
  const added = new Map<ArmKey, ScaleSetInstance[]>();
  for (const [name, { node, cluster }] of nodes) {
    if (there.has(name)) continue;
    const provider = /(\/subscriptions\/.+\/virtualMachineScaleSets\/[^/]+)\/virtualMachines\/([^/]+)$/i.exec(
      node.spec.providerID,
    );
    const pool = cluster.agentPoolProfiles.find((each) => each.name === node.metadata.labels?.['agentpool']);
    const address = node.status.addresses.find(
      (each) => each.type === 'InternalIP' && !each.address.includes(':'),
    );
    const subnet = pool?.vnetSubnetId ?? null;
    const set = provider?.[1];
    if (set === undefined || subnet === null || address === undefined) {
      log.add({
        kind: 'missing',
        name: `Node ${name}`,
        what: 'its NIC',
        effect: `Where it is in the network is not known: paste az vmss nic list -g ${cluster.nodeResourceGroup} --vmss-name NAME -o json for each scale set.`,
        weight: 'decides',
        on: objectKeyOf(armKey(cluster.id), 'Node', undefined, name),
      });
      continue;
    }
    const id = `${set}/virtualMachines/${provider?.[2] ?? ''}/networkInterfaces/${nameOf(set)}`;
    const configuration = `${id}/ipConfigurations/ipconfig1`;
    const pools = [...backends].filter(([, members]) =>
      members.some((each) =>
        armKey(each).startsWith(`${armKey(set)}/virtualmachines/${provider?.[2] ?? ''}/`),
      ),
    );
    log.add({
      kind: 'missing',
      name: `Node ${name}`,
      what: 'its NIC',
      effect: `Its NIC is made of its address and the subnet of its pool, without a security group of its own: paste az vmss nic list -g ${cluster.nodeResourceGroup} --vmss-name ${nameOf(set)} -o json.`,
      weight: 'may-matter',
      on: objectKeyOf(armKey(cluster.id), 'Node', undefined, name),
    });
    const list = added.get(armKey(set)) ?? [];
    added.set(armKey(set), list);
    list.push({
      instanceId: provider?.[2] ?? '',
      computerName: name,
      networkInterface: {
        id,
        name: nameOf(set),
        resourceGroup: groupOf(set),
        location: cluster.location,
        tags: null,
        etag: '',
        provisioningState: 'Succeeded',
        type: 'Microsoft.Network/networkInterfaces',
        enableIPForwarding: cluster.networkProfile.networkPlugin === 'kubenet',
        macAddress: drawNetworkInterfaceMac(newCloud({ seed: 'import' }), id),
        networkSecurityGroup: null,
        primary: true,
        ipConfigurations: [
          {
            id: configuration,
            name: 'ipconfig1',
            primary: true,
            privateIPAddress: address.address,
            privateIPAllocationMethod: 'Dynamic',
            privateIPAddressVersion: 'IPv4',
            publicIPAddress: null,
            subnet: { id: subnet },
            loadBalancerBackendAddressPools: pools.map(([pool]) => ({ id: pool })),
          },
        ],
      },
    });
  }
  for (const [key, list] of added) putInstances(all, key, list);
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

function stateOf(
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
  stores.nodes = Object.fromEntries(
    Object.entries(stores.nodes).map(([name, node]) => [
      name,
      withPodAddresses(name, node, cluster, objects, all),
    ]),
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
