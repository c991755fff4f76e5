import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { rehearseUpgrade } from '../../src/lab/rehearse-upgrade.ts';
import { scaleAgentPool } from '../../src/model/aks/change-agent-pools.ts';
import { ipamOf } from '../../src/model/aks/ipam.ts';
import { kubeletIdentityOf } from '../../src/model/aks/kubelet-identity.ts';
import { createNetworkInterface } from '../../src/model/azure/network-interface.ts';
import { isAllowed } from '../../src/model/azure/permissions.ts';
import {
  armKey,
  findResource,
  getResource,
  listResources,
  parseResourceId,
  sameId,
} from '../../src/model/azure/resource-store.ts';
import type { VirtualMachine } from '../../src/model/azure/resources.ts';
import { createVirtualMachine, virtualMachineInterfaces } from '../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { prefix, prefixCovers } from '../../src/model/ip/prefix.ts';

const GROUP = 'rg-bank';
const CLUSTER = 'aks-bank';
const VNET = 'vnet-bank';
const APP = 'web';
const RANGE = '10.60.0.0/20';
const NODES_TO_COME = 5;

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, GROUP, CLUSTER);

function holds(test: (cluster: ClusterView, cloud: Cloud) => string | null) {
  return (cloud: Cloud, _: Before): Holds => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud);
    return found === null ? { passed: true } : { passed: false, found };
  };
}

type Found = ReturnType<typeof nodesRunning>[number];

function pick(which: 0 | 1, take: (found: Found) => string): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const running = nodesRunning(cluster, APP);
    const found = running[which];
    if (found !== undefined && running.length > 1) return take(found);
    return {
      missing: `Pods with the label app=${APP} and an address of their own run on ${running.length} of ${nodesOf(cluster).length} nodes; the check needs two nodes that run one.`,
    };
  };
}

const podOn = (which: 0 | 1): EndOf => pick(which, ({ pod }) => podEnd(pod));
const podAddressOn = (which: 0 | 1): EndOf => pick(which, ({ pod }) => pod.status.podIP ?? '');
const nodeOf = (which: 0 | 1): EndOf => pick(which, ({ node }) => `node/${node.name}`);
const nodeAddressOf = (which: 0 | 1): EndOf => pick(which, ({ node }) => node.address);

// The network

function clusterSubnets({ cluster }: ClusterView): readonly string[] {
  return cluster.agentPoolProfiles.flatMap(({ vnetSubnetId, podSubnetId }) =>
    [vnetSubnetId, podSubnetId].filter((id) => id !== null),
  );
}

const ownNetwork = holds((cluster, cloud) => {
  const subnets = clusterSubnets(cluster);
  if (subnets.length === 0) return 'The cluster brought a virtual network of its own; it must use yours.';
  for (const id of subnets) {
    const networkId = id.replace(/\/subnets\/[^/]+$/i, '');
    const parts = parseResourceId(networkId);
    if (parts?.name.toLowerCase() !== VNET || parts.resourceGroup.toLowerCase() !== GROUP) {
      return `A node pool is in ${id}, not in ${VNET} of ${GROUP}.`;
    }
    const network = getResource(cloud, networkId, 'Microsoft.Network/virtualNetworks');
    const outside = network?.addressSpace.addressPrefixes.find(
      (range) => !prefixCovers(prefix(RANGE), prefix(range)),
    );
    if (outside !== undefined) return `${VNET} has ${outside}, which is not within ${RANGE}.`;
  }
  return null;
});

const azureCni = holds((cluster) => {
  const { networkProfile, agentPoolProfiles } = cluster.cluster;
  const other = agentPoolProfiles
    .map((pool) => ipamOf(networkProfile, pool))
    .find((ipam) => ipam !== 'overlay' && ipam !== 'node-subnet');
  if (other !== undefined) return `Pods get their addresses by ${other}, not by Overlay or Node Subnet.`;
  const ready = nodesOf(cluster).filter((node) => node.ready === 'yes');
  return ready.length >= 2 ? null : `${ready.length} nodes are ready; two are needed.`;
});

/** Grows the first pool of a copy and upgrades the copy. */
const room = holds(({ cluster }, cloud) => {
  const [pool] = cluster.agentPoolProfiles;
  if (pool === undefined) return 'The cluster has no node pool.';
  const grown =
    pool.count >= NODES_TO_COME
      ? ({ ok: true, value: cloud } as const)
      : scaleAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER, name: pool.name }, NODES_TO_COME);
  if (!grown.ok) {
    return `A copy of the cluster cannot grow to ${NODES_TO_COME} nodes: ${grown.error.code}: ${grown.error.message}`;
  }
  const { failure } = rehearseUpgrade(grown.value, cluster.id);
  return failure === null ? null : `With ${NODES_TO_COME} nodes the upgrade of a copy fails. ${failure}`;
});

// Rights

const JOIN = 'Microsoft.Network/virtualNetworks/subnets/join/action';
const READ = 'Microsoft.Network/virtualNetworks/subnets/read';
const ON_SUBNETS = [JOIN, ...actions('virtualNetworks/subnets', ['write', 'delete'])];
const ON_NETWORKS = [
  ...actions('virtualNetworks', ['write', 'delete', 'subnets/write', 'virtualNetworkPeerings/write']),
  JOIN,
];
const ON_ROUTE_TABLES = actions('routeTables', ['write', 'delete', 'routes/write', 'routes/delete']);
const ON_SECURITY_GROUPS = actions('networkSecurityGroups', ['write', 'delete', 'securityRules/write']);
const ON_GROUPS = [
  ...actions('networkSecurityGroups', ['write']),
  ...actions('routeTables', ['write']),
  ...actions('publicIPAddresses', ['write']),
  'Microsoft.Compute/virtualMachines/write',
  'Microsoft.ContainerService/managedClusters/write',
  'Microsoft.ManagedIdentity/userAssignedIdentities/write',
  'Microsoft.Authorization/roleAssignments/write',
];

function actions(type: string, verbs: readonly string[]): readonly string[] {
  return verbs.map((verb) => `Microsoft.Network/${type}/${verb}`);
}

/** Whoever acts for the cluster. */
function principalsOf({ cluster }: ClusterView, cloud: Cloud): readonly string[] {
  if (cluster.identity.type === 'SystemAssigned') return [cluster.identity.principalId];
  return cluster.identity.userAssignedIdentities.flatMap((id) => {
    const identity = getResource(cloud, id, 'Microsoft.ManagedIdentity/userAssignedIdentities');
    return identity === null ? [] : [identity.principalId];
  });
}

function allowed(cluster: ClusterView, cloud: Cloud, wanted: readonly string[], scope: string) {
  return wanted.find((action) =>
    principalsOf(cluster, cloud).some((principal) => isAllowed(cloud, principal, action, scope)),
  );
}

/** Says what it may that it should not. An intruder in a pod gets a token of the nodes too: they count with it. */
function tooMuch(
  view: ClusterView,
  cloud: Cloud,
  forbidden: readonly string[],
  scope: string,
): string | null {
  const action = allowed(view, cloud, forbidden, scope);
  if (action !== undefined) return `It may ${action}`;
  const nodes = kubeletIdentityOf(cloud, view.cluster);
  const ofNodes =
    nodes === null ? undefined : forbidden.find((each) => isAllowed(cloud, nodes.principalId, each, scope));
  return ofNodes === undefined ? null : `The identity of its nodes may ${ofNodes}`;
}

/** What AKS made for the cluster is its own. */
function belongsToCluster({ cluster }: ClusterView, resourceGroup: string): boolean {
  return armKey(resourceGroup) === armKey(cluster.nodeResourceGroup);
}

const ownIdentity = holds(({ cluster }) =>
  cluster.identity.type === 'UserAssigned'
    ? null
    : 'The cluster has a system-assigned identity: nobody can give it a right before the cluster exists.',
);

const mayJoin = holds((cluster, cloud) => {
  const subnets = clusterSubnets(cluster);
  for (const subnet of subnets) {
    const lacking = [JOIN, READ].find((action) => allowed(cluster, cloud, [action], subnet) === undefined);
    if (lacking !== undefined) return `It may not ${lacking} on ${subnet}.`;
  }
  return subnets.length === 0 ? 'The cluster has no subnet of yours.' : null;
});

const notNeighbours = holds((cluster, cloud) => {
  const own = clusterSubnets(cluster);
  const others = listResources(cloud, 'Microsoft.Network/virtualNetworks')
    .filter(({ resourceGroup }) => !belongsToCluster(cluster, resourceGroup))
    .flatMap(({ subnets }) => subnets)
    .filter(({ id }) => !own.some((each) => sameId(each, id)));
  for (const { id, name } of others) {
    const may = tooMuch(cluster, cloud, ON_SUBNETS, id);
    if (may !== null) return `${may} on subnet ${name}, where it has no nodes.`;
  }
  return others.length === 0 ? `${VNET} has no other subnet yet to be kept away from.` : null;
});

const notTheNetwork = holds((cluster, cloud) => {
  const guarded = [
    ...listResources(cloud, 'Microsoft.Network/virtualNetworks').map((each) => [each, ON_NETWORKS] as const),
    ...listResources(cloud, 'Microsoft.Network/routeTables').map((each) => [each, ON_ROUTE_TABLES] as const),
    ...listResources(cloud, 'Microsoft.Network/networkSecurityGroups').map(
      (each) => [each, ON_SECURITY_GROUPS] as const,
    ),
  ];
  for (const [{ id, name, resourceGroup }, forbidden] of guarded) {
    if (belongsToCluster(cluster, resourceGroup)) continue;
    const may = tooMuch(cluster, cloud, forbidden, id);
    if (may !== null) return `${may} on ${name} (${resourceGroup}).`;
  }
  return null;
});

const notTheGroup = holds((cluster, cloud) => {
  const subscription = `/subscriptions/${cloud.subscription.id}`;
  const groups = Object.values(cloud.resourceGroups).filter(({ name }) => !belongsToCluster(cluster, name));
  for (const { scope, name } of [
    { scope: subscription, name: 'the subscription' },
    ...groups.map(({ id, name }) => ({ scope: id, name: `resource group ${name}` })),
  ]) {
    const may = tooMuch(cluster, cloud, ON_GROUPS, scope);
    if (may !== null) return `${may} in ${name}.`;
  }
  return null;
});

// The administrators

interface Admins {
  readonly vm: VirtualMachine;
  readonly subnetId: string;
}

/** vm-build and the subnet that it shares with vm-jump, or what is not as it should be. */
function adminsOf(cloud: Cloud, cluster: ClusterView): Admins | string {
  const [jump, build] = ['vm-jump', 'vm-build'].map((name) => {
    const vm = findResource(cloud, 'Microsoft.Compute/virtualMachines', GROUP, name);
    const subnetId =
      vm === null ? undefined : virtualMachineInterfaces(cloud, vm)[0]?.ipConfigurations[0]?.subnet.id;
    return vm === null || subnetId === undefined ? null : { vm, subnetId };
  });
  if (jump === null || jump === undefined) return `There is no VM vm-jump in ${GROUP}.`;
  if (build === null || build === undefined) return `There is no VM vm-build in ${GROUP}.`;
  if (!sameId(jump.subnetId, build.subnetId)) {
    return `vm-jump is in ${jump.subnetId}, vm-build in ${build.subnetId}: they have one subnet.`;
  }
  if (clusterSubnets(cluster).some((id) => sameId(id, build.subnetId))) {
    return 'vm-jump and vm-build are in the subnet of the nodes, not in one of their own.';
  }
  return build;
}

/** A rule about the machines of today says nothing about one that comes tomorrow: a copy gets one more. */
const wholeSubnet = holds((cluster, cloud) => {
  const admins = adminsOf(cloud, cluster);
  if (typeof admins === 'string') return admins;
  const name = 'vm-of-the-check';
  const nic = createNetworkInterface(cloud, {
    resourceGroup: GROUP,
    name,
    ipConfiguration: { name: 'ipconfig1', subnetId: admins.subnetId },
  });
  if (!nic.ok) return `A third machine gets no address in their subnet: ${nic.error.message}`;
  const made = createVirtualMachine(nic.value, {
    resourceGroup: GROUP,
    name,
    vmSize: admins.vm.hardwareProfile.vmSize,
    imageReference: admins.vm.storageProfile.imageReference,
    adminUsername: admins.vm.osProfile.adminUsername,
    networkInterfaces: [
      findResource(nic.value, 'Microsoft.Network/networkInterfaces', GROUP, name)?.id ?? '',
    ],
  });
  if (!made.ok) return made.error.message;
  for (const node of nodesOf(cluster)) {
    for (const port of [22, 10250]) {
      const to = `node/${node.name}`;
      const asked = askModel(made.value, { from: `vm/${name}`, to, protocol: 'tcp', port });
      if (!asked.ok) return asked.error;
      const { disposition } = asked.value.trace;
      if (disposition !== 'denied-inbound' && disposition !== 'denied-outbound') {
        return `From a third machine in their subnet, on a copy, ${to} tcp/${port} is ${disposition}.`;
      }
    }
  }
  return null;
});

const lab: Lab = {
  id: 'least-privilege-network',
  title: 'A network of your own, and no right too many',
  minutes: 45,
  module: '03-bring-your-own-network',
  order: 1,
  objectives: [
    'build VNet, subnets, NSG and route table for an Azure CNI cluster from nothing',
    "give the cluster's identity what it needs on one subnet, and see that it can do nothing else",
    'write NSG rules that close the nodes to administrators but for one door, and leave nodes and pods alone',
    'say what a route table is for where the plugin writes no routes',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `A bank. The auditor's sentence is: *what the cluster can do to the network, an intruder in the cluster can do.* You build the
network and the cluster from nothing, and give the cluster what it needs and no more.

Fixed are the names, the region and one range: resource group \`${GROUP}\` in \`westeurope\`, VNet \`${VNET}\` within \`${RANGE}\`, cluster
\`${CLUSTER}\`. Whatever VNet is called \`${VNET}\` gets the private connection to the bank's own networks: \`core\` (\`10.1.2.3\`, port 443), which pods need, and
\`archive\` (\`10.99.0.10\`), which no pod may reach. The network team's route table \`rt-shared\` in \`rg-network\` is none of your business, nor the cluster's.`,
  tasks: [
    {
      id: 'network',
      title: 'Build the network and the cluster',
      text: `Create \`${VNET}\`, a subnet for the nodes, and \`${CLUSTER}\` on it with **Azure CNI, Overlay or Node Subnet** as you like, and two nodes.
It must be able to grow to **${NODES_TO_COME} nodes** and be upgraded then: the check tries both on a copy. Run pods with the label \`app=${APP}\`
that answer on port 80 on both nodes. They must reach each other and \`core\`, which sees the address of the node.`,
      hints: [
        `With Overlay a node takes one address of the subnet, and a /24 of the pod range. With Node Subnet it takes as many as it may have pods. An upgrade adds at least one node.`,
        `\`az network vnet create\` with \`--subnet-name\` and \`--subnet-prefixes\`, then \`az aks create --network-plugin azure\` with \`--vnet-subnet-id\`, and \`--network-plugin-mode overlay --pod-cidr ...\` for Overlay. The calculator "IP plan" does the sum for Node Subnet. But make the identity first: the next task is about it.`,
        `A /24 such as \`10.60.0.0/24\` is enough for either. \`az aks create -g ${GROUP} -n ${CLUSTER} --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --vnet-subnet-id ID --assign-identity ID --generate-ssh-keys\`, then \`kubectl create deployment ${APP} --image=nginx --replicas=4\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'own-network',
          evidence: `the nodes are in ${VNET} of ${GROUP}, within ${RANGE}`,
          holds: ownNetwork,
        },
        {
          kind: 'invariant',
          id: 'azure-cni',
          evidence: 'the cluster uses Azure CNI Overlay or Node Subnet, and two nodes are ready',
          holds: azureCni,
        },
        {
          kind: 'invariant',
          id: 'room',
          evidence: `a copy grows to ${NODES_TO_COME} nodes and is upgraded`,
          holds: room,
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
        {
          kind: 'flow',
          id: 'pod-to-core',
          evidence: 'a pod reaches core on premises, which sees the address of the node',
          from: podOn(0),
          to: 'host/core',
          protocol: 'tcp',
          port: 443,
          expect: { kind: 'delivered', seenSource: nodeAddressOf(0) },
        },
      ],
    },
    {
      id: 'rights',
      title: 'Give its identity one subnet',
      text: `The cluster acts with a **user-assigned identity** of yours. It may use the subnet of its nodes. It may not change or use another
subnet, nor change the VNet, a route table or an NSG, nor anything else in a resource group of yours or in the subscription; nor may the identity
that AKS gives the nodes. (What AKS made in the node resource group is the cluster's own.)`,
      hints: [
        `A role holds at the scope where it is given and at everything below: subscription, resource group, VNet, subnet. The scope matters as much as the role.`,
        `Either the role Network Contributor on the subnet, or a role of your own with \`Microsoft.Network/virtualNetworks/subnets/join/action\` and \`.../subnets/read\`. \`az aks create\` itself gives Network Contributor on the subnet unless you write \`--skip-subnet-role-assignment\`. \`az role assignment list --assignee PRINCIPAL --all -o table\` shows what there is.`,
        `\`az identity create -g ${GROUP} -n id-bank\`, then \`az role assignment create --assignee-object-id PRINCIPAL --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az network vnet subnet show -g ${GROUP} --vnet-name ${VNET} -n SUBNET --query id -o tsv)"\`. With kubenet it would need the route table too; Azure CNI writes no routes.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'own-identity',
          evidence: 'the identity is one that you made',
          holds: ownIdentity,
        },
        {
          kind: 'invariant',
          id: 'may-join',
          evidence: 'it may use the subnet of its nodes',
          holds: mayJoin,
        },
        {
          kind: 'invariant',
          id: 'not-neighbours',
          evidence: 'it may not use or change another subnet',
          holds: notNeighbours,
        },
        {
          kind: 'invariant',
          id: 'not-the-network',
          evidence: 'it may not change the VNet, a route table or an NSG, of yours or of others',
          holds: notTheNetwork,
        },
        {
          kind: 'invariant',
          id: 'not-the-group',
          evidence: 'it may not make or change anything in a resource group or in the subscription',
          holds: notTheGroup,
        },
      ],
    },
    {
      id: 'closed',
      title: 'One door for the administrators',
      text: `The administrators have a subnet of their own in \`${VNET}\` with two VMs: \`vm-jump\` and \`vm-build\`. From that subnet the nodes and
pods are closed, but for SSH (TCP 22) to the nodes from the address of \`vm-jump\`. Nodes still talk to each other and to pods. And no pod
reaches \`archive\`: that is the task of a **route**, since the auditor looks for it in the route table.`,
      hints: [
        `The NSG of the node subnet sees everything that comes in, from the next node too. So deny as narrowly as the wish is, and put what is allowed before it: the lower number wins. AllowVnetInBound (65000) does the rest.`,
        `Three things: a rule that allows TCP 22 from one address, behind it one that denies the administrators' range, and a route table on the node subnet with a route to next hop type \`None\`. Give \`vm-jump\` a fixed address (\`--private-ip-address\`), or read the one it got.`,
        `\`az network nsg rule create -g ${GROUP} --nsg-name NSG -n AllowJumpSsh --priority 100 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 10.60.8.10 --destination-port-ranges 22\`, the same with \`-n DenyAdmins --priority 200 --access Deny --protocol '*' --source-address-prefixes 10.60.8.0/24 --destination-port-ranges '*'\`; \`az network route-table route create -g ${GROUP} --route-table-name TABLE -n archive-is-closed --address-prefix 10.99.0.0/16 --next-hop-type None\`; attach both with \`az network vnet subnet update --network-security-group NSG --route-table TABLE\`.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'jump-ssh',
          evidence: 'vm-jump reaches a node by SSH',
          from: 'vm/vm-jump',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'jump-kubelet',
          evidence: 'vm-jump cannot reach the kubelet of the same node, by a rule of an NSG',
          from: 'vm/vm-jump',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 10250,
          expect: {
            kind: 'blocked',
            disposition: ['denied-inbound', 'denied-outbound'],
            by: /\bNSG\b|nsg|Deny/i,
            control: 'jump-ssh',
          },
        },
        {
          kind: 'flow',
          id: 'build-ssh',
          evidence: 'vm-build cannot reach the node by SSH, by a rule of an NSG',
          from: 'vm/vm-build',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 22,
          expect: {
            kind: 'blocked',
            disposition: ['denied-inbound', 'denied-outbound'],
            by: /\bNSG\b|nsg|Deny/i,
            control: 'jump-ssh',
          },
        },
        {
          kind: 'flow',
          id: 'build-pod',
          evidence: 'vm-build cannot reach a pod: by a rule, or because Overlay pods have no address there',
          from: 'vm/vm-build',
          to: podOn(1),
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: ['denied-inbound', 'denied-outbound', 'dropped-by-route'],
            by: /\bNSG\b|nsg|Deny|None/i,
            control: 'node-to-pod',
          },
        },
        {
          kind: 'invariant',
          id: 'whole-subnet',
          evidence: 'both VMs have a subnet of their own, and a third machine in it would be closed out too',
          holds: wholeSubnet,
        },
        {
          kind: 'flow',
          id: 'node-to-node',
          evidence: 'a node reaches the kubelet of another',
          from: nodeOf(0),
          to: nodeOf(1),
          protocol: 'tcp',
          port: 10250,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'node-to-pod',
          evidence: 'a node reaches a pod on another node',
          from: nodeOf(0),
          to: podOn(1),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'archive-closed',
          evidence: 'a pod cannot reach archive, by a route to None',
          from: podOn(1),
          to: 'host/archive',
          protocol: 'tcp',
          port: 443,
          expect: {
            kind: 'blocked',
            disposition: 'dropped-by-route',
            by: /None/i,
            control: 'pod-to-core',
          },
        },
      ],
    },
  ],
};

export default lab;
