/** The cloud that flow rows run on: a kubenet cluster of two nodes and its neighbours, built by operations. */
import { createManagedCluster } from '../../../../src/model/aks/create-managed-cluster.ts';
import { reconcile } from '../../../../src/model/aks/reconcile.ts';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import {
  armKey,
  listResources,
  putResource,
  resourceId,
} from '../../../../src/model/azure/resource-store.ts';
import type { Route, RouteTable, Subnet, VirtualNetwork } from '../../../../src/model/azure/resources.ts';
import { createSubnet } from '../../../../src/model/azure/subnet.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createVirtualMachine, setListeners } from '../../../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { applyObject, createObject } from '../../../../src/model/kubernetes/apply.ts';
import { createDeployment } from '../../../../src/model/kubernetes/create-deployment.ts';
import type { Node, Pod } from '../../../../src/model/kubernetes/objects.ts';
import { unwrap } from '../../../../src/model/result.ts';

export const GROUP = 'MC_rg_aks_westeurope';

/** Pods A and B share node 0, C and D node 1. */
const PODS = { a: 0, b: 0, c: 1, d: 1 } as const;

export function twoNodeCloud(): Cloud {
  let cloud = newCloud({
    seed: 'two nodes',
    outsideHosts: [
      {
        kind: 'on-premises',
        name: 'office',
        address: '10.1.2.3',
        prefix: '10.1.0.0/16',
        virtualNetwork: '*',
        ports: [80],
      },
    ],
  });
  cloud = unwrap(createResourceGroup(cloud, { name: 'rg', location: 'westeurope' }));
  cloud = reconcile(
    unwrap(
      createManagedCluster(cloud, {
        resourceGroup: 'rg',
        name: 'aks',
        networkPlugin: 'kubenet',
        pool: { name: 'nodepool1', count: 2, vmSize: 'Standard_DS2_v2' },
      }),
    ),
  );
  const network = networkOf(cloud);
  cloud = unwrap(
    createSubnet(
      cloud,
      { resourceGroup: GROUP, virtualNetwork: network.name, name: 'vm-subnet' },
      { addressPrefix: '10.225.0.0/24' },
    ),
  );
  cloud = addMachine(cloud, 'neighbour', subnetOf(cloud, 'aks-subnet').id, '10.224.1.2');
  cloud = addMachine(cloud, 'peer', subnetOf(cloud, 'vm-subnet').id, '10.225.0.4');
  const cluster = clusterKey(cloud);
  for (const [name, node] of Object.entries(PODS)) {
    const pod = createObject(cloud, cluster, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'web', image: 'nginx' }],
        nodeName: nodes(cloud)[node]?.metadata.name ?? '',
      },
    });
    cloud = reconcile(unwrap(pod).cloud);
  }
  const service = applyObject(cloud, cluster, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      type: 'NodePort',
      clusterIP: '10.0.99.80',
      selector: { app: 'web' },
      ports: [{ port: 80, nodePort: 30080 }],
    },
  });
  return reconcile(unwrap(service).cloud);
}

export function addMachine(cloud: Cloud, name: string, subnetId: string, privateIPAddress: string): Cloud {
  let next = unwrap(
    createNetworkInterface(cloud, {
      resourceGroup: 'rg',
      name: `${name}VMNic`,
      ipConfiguration: { name: 'ipconfig1', subnetId, privateIPAddress },
    }),
  );
  next = unwrap(
    createVirtualMachine(next, {
      resourceGroup: 'rg',
      name,
      vmSize: 'Standard_B1s',
      imageReference: 'Ubuntu2204',
      adminUsername: 'azureuser',
      networkInterfaces: [resourceId(next, 'rg', 'Microsoft.Network/networkInterfaces', `${name}VMNic`)],
    }),
  );
  return setListeners(next, resourceId(next, 'rg', 'Microsoft.Compute/virtualMachines', name), [
    { protocol: 'tcp', port: 80, program: 'nginx', application: 'http' },
  ]);
}

export function addDeployment(cloud: Cloud, name: string, image: string, replicas: number): Cloud {
  const created = createDeployment(cloud, clusterKey(cloud), {
    name,
    namespace: 'default',
    images: [image],
    replicas,
  });
  return reconcile(unwrap(created).cloud);
}

export function clusterKey(cloud: Cloud): string {
  const [key] = Object.keys(cloud.kubernetes);
  if (key === undefined) throw new Error('no cluster');
  return key;
}

/** Nodes in the order they joined, so that the first has 10.244.0.0/24. */
export function nodes(cloud: Cloud): readonly Node[] {
  return Object.values(cloud.kubernetes[clusterKey(cloud)]?.nodes ?? {}).toSorted((a, b) =>
    (a.spec.podCIDR ?? '').localeCompare(b.spec.podCIDR ?? ''),
  );
}

export function pods(cloud: Cloud): readonly Pod[] {
  return Object.values(cloud.kubernetes[clusterKey(cloud)]?.pods ?? {});
}

export function networkOf(cloud: Cloud): VirtualNetwork {
  const [network] = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  if (network === undefined) throw new Error('no VNet');
  return network;
}

export function subnetOf(cloud: Cloud, name: string): Subnet {
  const subnet = networkOf(cloud).subnets.find((each) => each.name === name);
  if (subnet === undefined) throw new Error(`no subnet ${name}`);
  return subnet;
}

export function routeTableOf(cloud: Cloud): RouteTable {
  const [table] = listResources(cloud, 'Microsoft.Network/routeTables');
  if (table === undefined) throw new Error('no route table');
  return table;
}

/** Changes below go straight to the state: what AKS would put right again is what the rows are about. */
export function changeSubnet(cloud: Cloud, name: string, changes: Partial<Subnet>): Cloud {
  const network = networkOf(cloud);
  const subnets = network.subnets.map((each) => (each.name === name ? { ...each, ...changes } : each));
  return putResource(cloud, { ...network, subnets });
}

export function changeRoutes(cloud: Cloud, change: (routes: readonly Route[]) => readonly Route[]): Cloud {
  const table = routeTableOf(cloud);
  return putResource(cloud, { ...table, routes: change(table.routes) });
}

export function route(
  name: string,
  addressPrefix: string,
  nextHopType: Route['nextHopType'],
  nextHopIpAddress: string | null = null,
): Route {
  return {
    id: `/routes/${name}`,
    name,
    addressPrefix,
    nextHopType,
    nextHopIpAddress,
    hasBgpOverride: false,
    etag: '',
    provisioningState: 'Succeeded',
  };
}

/** Turns IP forwarding of a node's NIC on or off. */
export function setNicForwarding(cloud: Cloud, node: string, enableIPForwarding: boolean): Cloud {
  let next = cloud;
  for (const set of listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets')) {
    const instances = set.instances.map((each) =>
      each.computerName === node
        ? { ...each, networkInterface: { ...each.networkInterface, enableIPForwarding } }
        : each,
    );
    next = putResource(next, { ...set, instances });
  }
  return next;
}

export function setKernelForwarding(cloud: Cloud, name: string, ipForward: 'on' | 'off'): Cloud {
  const key = clusterKey(cloud);
  const state = cloud.kubernetes[key];
  const node = state?.nodes[name];
  if (state === undefined || node === undefined) throw new Error(`no node ${name}`);
  const changed: Node = { ...node, simulation: { neighbours: node.simulation?.neighbours ?? [], ipForward } };
  return {
    ...cloud,
    kubernetes: { ...cloud.kubernetes, [key]: { ...state, nodes: { ...state.nodes, [name]: changed } } },
  };
}

export { armKey };
