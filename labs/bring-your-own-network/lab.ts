import {
  isMissing,
  nodesOf,
  nodesRunning,
  podEnd,
  subnetOfId,
  viewCluster,
} from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { armKey, getResource, parseResourceId } from '../../src/model/azure/resource-store.ts';
import { usableAddressCount } from '../../src/model/azure/subnet-addresses.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { prefix, prefixesOverlap } from '../../src/model/ip/prefix.ts';

const GROUP = 'rg-corp';
const CLUSTER = 'aks-corp';
const VNET = 'vnet-corp';
const APP = 'web';
const DATA_CENTRE = '10.1.0.0/16';

/** 20 nodes and a tenth of them on top while an upgrade runs: `--max-surge 10%`. */
const NODES_TO_COME = 22;

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, GROUP, CLUSTER);

/** A pod of the app on the first or second node that runs one. */
function podOn(which: 0 | 1): EndOf {
  return (cloud) => pick(cloud, which, (found) => podEnd(found.pod));
}

function podAddressOn(which: 0 | 1): EndOf {
  return (cloud) => pick(cloud, which, (found) => found.pod.status.podIP ?? '');
}

function nodeAddressOf(which: 0 | 1): EndOf {
  return (cloud) => pick(cloud, which, (found) => found.node.address);
}

function nodeOf(which: 0 | 1): EndOf {
  return (cloud) => pick(cloud, which, (found) => `node/${found.node.name}`);
}

type Found = ReturnType<typeof nodesRunning>[number];

function pick(cloud: Cloud, which: 0 | 1, take: (found: Found) => string): string | Missing {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const running = nodesRunning(cluster, APP);
  const found = running[which];
  if (found !== undefined) return take(found);
  return {
    missing: `Pods with the label app=${APP} and an address of their own run on ${running.length} of ${nodesOf(cluster).length} nodes; the check needs two nodes that run one.`,
  };
}

function holds(test: (cluster: ClusterView, cloud: Cloud) => string | null) {
  return (cloud: Cloud, _: Before): Holds => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud);
    return found === null ? { passed: true } : { passed: false, found };
  };
}

function clusterSubnets({ cluster }: ClusterView): readonly string[] {
  return [...new Set(cluster.agentPoolProfiles.flatMap(({ vnetSubnetId }) => vnetSubnetId ?? []))];
}

const ownVirtualNetwork = holds((cluster) => {
  const subnets = clusterSubnets(cluster);
  if (subnets.length === 0) return 'The cluster brought a virtual network of its own; it must use yours.';
  const elsewhere = subnets.find((id) => {
    const parts = parseResourceId(id);
    return parts?.name.toLowerCase() !== VNET || parts.resourceGroup.toLowerCase() !== GROUP;
  });
  return elsewhere === undefined ? null : `A node pool is in ${elsewhere}, not in ${VNET} of ${GROUP}.`;
});

const roomForNodes = holds((cluster, cloud) => {
  for (const id of clusterSubnets(cluster)) {
    const subnet = subnetOfId(cloud, id);
    if (subnet === null) continue;
    const room = usableAddressCount(subnet.addressPrefix);
    if (room < NODES_TO_COME) {
      return `Subnet ${subnet.name} (${subnet.addressPrefix}) has ${room} addresses for nodes, after the 5 that Azure reserves; ${NODES_TO_COME} are needed.`;
    }
  }
  return clusterSubnets(cluster).length === 0 ? 'The cluster has no subnet of yours.' : null;
});

const roomForPods = holds(({ cluster }) => {
  const range = cluster.networkProfile.podCidr;
  if (range === null) return 'The cluster has no pod range: its network plugin is not kubenet.';
  const ranges = 2 ** (24 - prefix(range).length);
  return ranges >= NODES_TO_COME
    ? null
    : `Pod range ${range} splits into ${Math.max(0, Math.floor(ranges))} ranges of /24, one per node; ${NODES_TO_COME} are needed.`;
});

const rangesApart = holds((cluster, cloud) => {
  const { podCidr, serviceCidr } = cluster.cluster.networkProfile;
  const network = getResource(cloud, virtualNetworkIdOf(cluster), 'Microsoft.Network/virtualNetworks');
  const ranges = [
    { what: 'the data centre', range: DATA_CENTRE },
    { what: 'the service range', range: serviceCidr },
    ...(podCidr === null ? [] : [{ what: 'the pod range', range: podCidr }]),
    ...(network?.addressSpace.addressPrefixes ?? []).map((range) => ({ what: `VNet ${VNET}`, range })),
  ];
  for (const [at, one] of ranges.entries()) {
    for (const other of ranges.slice(at + 1)) {
      if (!prefixesOverlap(prefix(one.range), prefix(other.range))) continue;
      return `${one.what} (${one.range}) and ${other.what} (${other.range}) overlap: an address in both leads to only one of them.`;
    }
  }
  return null;
});

function virtualNetworkIdOf(cluster: ClusterView): string {
  return clusterSubnets(cluster)[0]?.replace(/\/subnets\/[^/]+$/i, '') ?? '';
}

const kubenetWithNodes = holds((cluster) => {
  const { networkPlugin, networkPluginMode } = cluster.cluster.networkProfile;
  if (networkPlugin !== 'kubenet') {
    return `The network plugin is ${networkPlugin}${networkPluginMode === null ? '' : ` (${networkPluginMode})`}, not kubenet.`;
  }
  const ready = nodesOf(cluster).filter((node) => node.ready === 'yes');
  return ready.length >= 2 ? null : `${ready.length} nodes are ready; two are needed.`;
});

const ownRouteTable = holds((cluster, cloud) => {
  for (const id of clusterSubnets(cluster)) {
    const subnet = subnetOfId(cloud, id);
    const tableId = subnet?.routeTable?.id;
    if (subnet === null || tableId === undefined) return `Subnet ${subnet?.name ?? id} has no route table.`;
    const table = getResource(cloud, tableId, 'Microsoft.Network/routeTables');
    if (table === null) return `The route table ${tableId} does not exist.`;
    const owner = cluster.cluster.nodeResourceGroup;
    if (armKey(table.resourceGroup) === armKey(owner)) {
      return `Subnet ${subnet.name} has the route table ${table.name}, which AKS made in ${owner} because the subnet had none when the cluster was created.`;
    }
    const without = nodesOf(cluster).find(
      (node) => !table.routes.some((route) => route.addressPrefix === node.podRange),
    );
    if (without !== undefined) {
      return `Route table ${table.name} has no route to ${without.podRange}, the pods of ${without.name}.`;
    }
  }
  return clusterSubnets(cluster).length === 0 ? 'The cluster has no subnet of yours.' : null;
});

const lab: Lab = {
  id: 'bring-your-own-network',
  title: 'A cluster on a network you bring',
  minutes: 35,
  module: '01-network-plugins',
  order: 2,
  objectives: [
    'size a node subnet and a pod range for the nodes that will come',
    'create a kubenet cluster on your own VNet, subnet, route table and identity',
    'tell which address each destination sees, and why nobody outside can open a connection to a pod',
    'close the nodes to a network without cutting off the pods',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `Your company gives clusters no network of their own. You bring the VNet, the subnet and the
route table; AKS only uses them. The subscription is empty, except that whatever VNet is called
\`${VNET}\` gets the private connection to the data centre, \`${DATA_CENTRE}\`. A host there,
\`datacentre\` (\`10.1.2.3\`), answers on port 443.

Names and region are fixed, ranges are yours to choose: resource group \`${GROUP}\` in \`westeurope\`,
VNet \`${VNET}\`, cluster \`${CLUSTER}\`. Microsoft supports kubenet until 31 March 2028; this lab shows
what many running clusters are made of, and what Azure CNI Overlay takes off your hands.`,
  tasks: [
    {
      id: 'ranges',
      title: 'Choose ranges that last',
      text: `Take private ranges only. The cluster starts with 2 nodes and must be able to grow to **20 nodes, with 10 % surge** during
an upgrade: ${NODES_TO_COME} nodes at once. Choose the address space of \`${VNET}\`, the subnet for the nodes, the
pod range and the service range so that there is room, and so that no two of them overlap, nor any of them
with the data centre's \`${DATA_CENTRE}\`.`,
      hints: [
        `Two things run out separately: addresses of the node subnet, and /24 pieces of the pod range. Azure keeps 5 addresses of each subnet for itself.`,
        `A subnet of length L has 2^(32-L) - 5 addresses for nodes. A pod range of length P has 2^(24-P) pieces. \`az aks create\` takes \`--pod-cidr\`, \`--service-cidr\` and \`--dns-service-ip\`, which must lie in the service range.`,
        `\`az network vnet create -g ${GROUP} -n ${VNET} --address-prefixes 10.60.0.0/16\` and a subnet \`10.60.0.0/24\` (251 nodes) are apart from \`${DATA_CENTRE}\`; \`--pod-cidr 10.244.0.0/16\` has 256 pieces; \`--service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10\` is free.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'own-network',
          evidence: `the nodes are in ${VNET} of ${GROUP}`,
          holds: ownVirtualNetwork,
        },
        {
          kind: 'invariant',
          id: 'room-for-nodes',
          evidence: `the node subnet can hold ${NODES_TO_COME} nodes`,
          holds: roomForNodes,
        },
        {
          kind: 'invariant',
          id: 'room-for-pods',
          evidence: `the pod range has a /24 for each of ${NODES_TO_COME} nodes`,
          holds: roomForPods,
        },
        {
          kind: 'invariant',
          id: 'ranges-apart',
          evidence: 'no two ranges overlap, so every address leads to one place',
          holds: rangesApart,
        },
      ],
    },
    {
      id: 'cluster',
      title: 'Create the cluster and run two pods',
      text: `Create \`${CLUSTER}\` with the plugin kubenet and two nodes on your subnet. It needs an identity that
may write to the VNet and the route table. Then run pods with the label \`app=${APP}\` that answer on port 80, at
least one on each of two nodes. They must reach each other both ways, and each must see the other's own address.`,
      hints: [
        `A cluster on a network that it does not own needs permission to join the subnet and to write routes: a user-assigned identity with the role Network Contributor, given before the cluster exists.`,
        `\`az identity create\`, \`az role assignment create\`, then \`az aks create\` with \`--vnet-subnet-id\` and \`--assign-identity\`. For the pods \`kubectl create deployment\`.`,
        `\`kubectl create deployment ${APP} --image=nginx --replicas=4\` gives each pod the label \`app=${APP}\` and spreads them over the nodes. See them with \`kubectl get pods -o wide\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'kubenet-nodes',
          evidence: 'the cluster uses kubenet and two nodes are ready',
          holds: kubenetWithNodes,
        },
        {
          kind: 'flow',
          id: 'pod-to-pod',
          evidence: 'a pod on one node reaches a pod on another, which sees the address of the pod',
          from: podOn(0),
          to: podOn(1),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: podAddressOn(0) },
        },
        {
          kind: 'flow',
          id: 'pod-to-pod-back',
          evidence: 'the other way round too',
          from: podOn(1),
          to: podOn(0),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: podAddressOn(1) },
        },
      ],
    },
    {
      id: 'route-table',
      title: 'Keep the route table yours',
      text: `The routes between the nodes' pod ranges must stand in a route table of your resource group, where
your network team can see and extend them, not in one that AKS makes for itself. AKS writes the routes; you bring
the table.`,
      hints: [
        `AKS looks at the subnet once, when the cluster is created: a table that is attached by then is used, else AKS makes one.`,
        `\`az network route-table create\`, then attach it: \`az network vnet subnet create\` and \`update\` both take \`--route-table\`.`,
        `\`az network vnet subnet update -g ${GROUP} --vnet-name ${VNET} -n SUBNET --route-table TABLE\` before \`az aks create\`; look with \`az network route-table route list -g ${GROUP} --route-table-name TABLE -o table\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'own-route-table',
          evidence: 'the subnet has your route table, with a route to the pods of every node',
          holds: ownRouteTable,
        },
      ],
    },
    {
      id: 'outside',
      title: 'See what the outside sees',
      text: `Create a VM \`vm-probe\` in another subnet of \`${VNET}\`. Pods must be able to reach it (port 22) and
the data centre (port 443), and both must see the address of the *node*. Nothing outside the cluster's subnet may
reach a pod by its address: VM \`vm-probe\` must not.`,
      hints: [
        `Outside the pod range a node puts its own address on what its pods send. And only subnets with the route table know the way to a pod range.`,
        `\`az vm create\` with \`--vnet-name\` and \`--subnet\`. Compare \`netpath --from pod/NAME --to vm/vm-probe --port 22\` with the way back to the pod's address. Does the VM's subnet need a route table?`,
        `\`az network vnet subnet create -g ${GROUP} --vnet-name ${VNET} -n snet-vm --address-prefixes 10.60.8.0/24\`, then \`az vm create -g ${GROUP} -n vm-probe --image Ubuntu2204 --vnet-name ${VNET} --subnet snet-vm --admin-username learner --generate-ssh-keys --public-ip-address ""\`.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'probe-sees-node',
          evidence: 'a pod reaches vm-probe, which sees the address of the node',
          from: podOn(0),
          to: 'vm/vm-probe',
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'delivered', seenSource: nodeAddressOf(0) },
        },
        {
          kind: 'flow',
          id: 'datacentre-sees-node',
          evidence: 'a pod reaches the data centre, which sees the address of the node',
          from: podOn(1),
          to: 'host/datacentre',
          protocol: 'tcp',
          port: 443,
          expect: { kind: 'delivered', seenSource: nodeAddressOf(1) },
        },
        {
          kind: 'flow',
          id: 'pods-closed',
          evidence: 'vm-probe cannot open a connection to a pod: its subnet has no route to the pod range',
          from: 'vm/vm-probe',
          to: podOn(0),
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: 'dropped-by-route',
            by: /None/i,
            control: 'probe-reaches-node',
          },
        },
      ],
    },
    {
      id: 'closed',
      title: 'Close the nodes to the data centre',
      text: `An auditor wants nothing in the data centre to open connections to the kubelets (TCP 10250 of each
node). Put a network security group on the node subnet for that. Pods must still reach the data centre and each
other, and \`vm-probe\`, where the monitoring runs, must still reach the kubelets.`,
      hints: [
        `An NSG remembers connections: closing what comes in does not close the answers to what went out. But every rule that you write also meets the traffic between nodes, and there the source is a pod.`,
        `The default rule AllowVnetInBound (65000) also admits networks behind a gateway. A rule with a lower number comes first: make it as narrow as the wish.`,
        `\`az network nsg rule create -g ${GROUP} --nsg-name NSG -n DenyDataCentreKubelet --priority 200 --direction Inbound --access Deny --protocol Tcp --source-address-prefixes ${DATA_CENTRE} --destination-port-ranges 10250\`, and attach the NSG to the node subnet with \`--network-security-group\`.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'kubelet-closed',
          evidence: 'the data centre cannot reach a kubelet, by a rule of your NSG',
          from: 'host/datacentre',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 10250,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b|nsg|Deny/i,
            control: 'probe-reaches-node',
          },
        },
        {
          kind: 'flow',
          id: 'probe-reaches-node',
          evidence: 'vm-probe still reaches the kubelet of the same node',
          from: 'vm/vm-probe',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 10250,
          expect: { kind: 'delivered' },
        },
      ],
    },
  ],
};

export default lab;
