import { askModel } from '../../src/lab/ask-model.ts';
import {
  isMissing,
  nodesRunning,
  podEnd,
  podsOn,
  nodesOf,
  subnetOfId,
  viewCluster,
} from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, AnswerCheck, Before, EndOf, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { rehearseUpgrade } from '../../src/lab/rehearse-upgrade.ts';
import { nodeSubnetAddresses } from '../../src/model/aks/capacity.ts';
import { ipamOf } from '../../src/model/aks/ipam.ts';
import { surgeOf } from '../../src/model/aks/upgrade-plan.ts';
import { createNetworkInterface } from '../../src/model/azure/network-interface.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Subnet } from '../../src/model/azure/resources.ts';
import { subnetAllocations, usableAddressCount } from '../../src/model/azure/subnet-addresses.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { addressCount, prefix } from '../../src/model/ip/prefix.ts';
import {
  NODE_SUBNET_DEFAULT_MAX_PODS,
  NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES,
  NODE_SUBNET_PLANNED_EXTRA_ADDRESSES,
} from '../../src/model/limits/aks.ts';

const GROUP = 'rg-works';
const CLUSTER = 'aks-works';
const VNET = 'vnet-works';
const SUBNET = 'snet-line';
const APP = 'line';
const PODS = 52;
const ENDPOINTS = 2;
const AGENTS = 6;
/** The nodes of the question: three, and one more while an upgrade runs. */
const NODES_OF_QUESTION = 4;

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, GROUP, CLUSTER);

type Found = ReturnType<typeof nodesRunning>[number];

function pick(which: 0 | 1, take: (found: Found) => string): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const running = nodesRunning(cluster, APP);
    const found = running[which];
    if (found !== undefined) return take(found);
    return {
      missing: `Pods with the label app=${APP} and an address of their own run on ${running.length} of ${nodesOf(cluster).length} nodes; the check needs two nodes that run one.`,
    };
  };
}

const podOn = (which: 0 | 1): EndOf => pick(which, ({ pod }) => podEnd(pod));
const podAddressOn = (which: 0 | 1): EndOf => pick(which, ({ pod }) => pod.status.podIP ?? '');
const nodeOf = (which: 0 | 1): EndOf => pick(which, ({ node }) => `node/${node.name}`);
const nodeAddressOf = (which: 0 | 1): EndOf => pick(which, ({ node }) => node.address);

function machineAddress(name: string): EndOf {
  return (cloud) => {
    const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', GROUP, `${name}VMNic`);
    const address = nic?.ipConfigurations[0]?.privateIPAddress;
    return address ?? { missing: `${name} has no network interface any more.` };
  };
}

function lineSubnet(cloud: Cloud): Subnet | null {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, VNET);
  return network?.subnets.find(({ name }) => name === SUBNET) ?? null;
}

function lineAtStart(start: Cloud): Subnet {
  const subnet = lineSubnet(start);
  if (subnet === null) throw new Error(`the lab starts without ${SUBNET}`);
  return subnet;
}

function holds(test: (cluster: ClusterView, cloud: Cloud, before: Before) => string | null) {
  return (cloud: Cloud, before: Before): Holds => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud, before);
    return found === null ? { passed: true } : { passed: false, found };
  };
}

// The sum

interface Sum {
  readonly key: string;
  readonly question: string;
  readonly evidence: string;
  readonly right: (start: Cloud) => number;
  /** Wrong numbers that tell how they came about. */
  readonly mistaken: (start: Cloud) => Readonly<Record<number, string>>;
  readonly otherwise: string;
}

function sum({ key, question, evidence, right, mistaken, otherwise }: Sum): AnswerCheck {
  const accept = (_: Cloud, answer: string, { start }: Before): Accepts => {
    const given = Number(plainAnswer(answer));
    return given === right(start)
      ? { passed: true }
      : { passed: false, feedback: mistaken(start)[given] ?? otherwise };
  };
  return { kind: 'answer', id: key, key, question, evidence, accept };
}

function roomAtStart(start: Cloud): number {
  const subnet = lineAtStart(start);
  return usableAddressCount(subnet.addressPrefix) - subnetAllocations(start, subnet.id).length - ENDPOINTS;
}

function roomMistakes(start: Cloud): Readonly<Record<number, string>> {
  const { addressPrefix } = lineAtStart(start);
  const usable = usableAddressCount(addressPrefix);
  return {
    [addressCount(prefix(addressPrefix)) - AGENTS - ENDPOINTS]:
      'Azure keeps five addresses of every subnet for itself.',
    [usable]: 'That is what the empty subnet has. Six machines hold an address, and two more are promised.',
    [usable - AGENTS]: 'The two private endpoints that are to come have no address left then.',
    [usable - ENDPOINTS]: 'The six machines hold an address each.',
  };
}

const DEFAULT_PODS = NODE_SUBNET_DEFAULT_MAX_PODS.value;
const PLANNED_EACH = DEFAULT_PODS + NODE_SUBNET_PLANNED_EXTRA_ADDRESSES.value;
const OBSERVED_EACH = DEFAULT_PODS + NODE_SUBNET_OBSERVED_EXTRA_ADDRESSES.value;

const PLAN_MISTAKES: Readonly<Record<number, string>> = {
  [(NODES_OF_QUESTION - 1) * PLANNED_EACH]: 'That is without the node that an upgrade adds.',
  [(NODES_OF_QUESTION - 1) * DEFAULT_PODS]:
    'Without the node that an upgrade adds, and without an address for each node itself.',
  [NODES_OF_QUESTION * DEFAULT_PODS]: 'Each node needs an address too, besides those for its pods.',
  [NODES_OF_QUESTION * OBSERVED_EACH]:
    'That is what the service was seen to reserve. A plan uses the documented rule, which is on the safe side.',
};

// The cluster

const givenSubnet = holds(({ cluster }, cloud, { start }) => {
  const given = lineAtStart(start);
  const now = lineSubnet(cloud);
  if (now === null) return `${SUBNET} is gone.`;
  if (now.addressPrefix !== given.addressPrefix) {
    return `${SUBNET} is ${now.addressPrefix} now; the network team gave ${given.addressPrefix}.`;
  }
  const elsewhere = cluster.agentPoolProfiles.find(
    ({ vnetSubnetId }) => vnetSubnetId === null || subnetOfId(cloud, vnetSubnetId)?.id !== now.id,
  );
  return elsewhere === undefined
    ? null
    : `Node pool ${elsewhere.name} is in ${elsewhere.vnetSubnetId ?? 'a virtual network of its own'}, not in ${SUBNET}.`;
});

const nodeSubnet = holds(({ cluster }) => {
  const other = cluster.agentPoolProfiles.find(
    (pool) => ipamOf(cluster.networkProfile, pool) !== 'node-subnet',
  );
  return other === undefined
    ? null
    : `Pods of node pool ${other.name} do not get addresses of the subnet of their nodes: ${ipamOf(cluster.networkProfile, other)}.`;
});

function workloadProblem(cluster: ClusterView): string | null {
  const running = nodesOf(cluster).map(
    (node) => podsOn(cluster, node.name, APP).filter(({ spec }) => spec.hostNetwork !== true).length,
  );
  const total = running.reduce((all, each) => all + each, 0);
  const places = running.filter((each) => each > 0).length;
  if (total < PODS) {
    const waiting = Object.values(cluster.kubernetes.pods).filter(
      ({ metadata, status }) => metadata.labels?.['app'] === APP && status.phase === 'Pending',
    ).length;
    return `${total} pods with the label app=${APP} run with an address of their own, ${PODS} are needed${waiting === 0 ? '' : `; ${waiting} are Pending`}.`;
  }
  return places < 2 ? `All of them run on ${places} node; two are needed.` : null;
}

const agentsStay = (cloud: Cloud, before: Before): Holds => {
  for (let number = 1; number <= AGENTS; number++) {
    const name = `vm-agent-${number}`;
    const address = machineAddress(name);
    const [now, then] =
      typeof address === 'string'
        ? [address, address]
        : [address(cloud, before), address(before.start, before)];
    if (findResource(cloud, 'Microsoft.Compute/virtualMachines', GROUP, name) === null) {
      return { passed: false, found: `${name} of the other team is gone.` };
    }
    if (now !== then) return { passed: false, found: `${name} has lost its address.` };
  }
  return 'missing' in view(cloud)
    ? { passed: false, found: `They are all there, but there is no cluster beside them yet.` }
    : { passed: true };
};

const agentsMaintained = (cloud: Cloud): Holds => {
  for (let number = 1; number <= AGENTS; number++) {
    const to = `vm/vm-agent-${number}`;
    const asked = askModel(cloud, { from: 'vm/vm-contractor', to, protocol: 'tcp', port: 22 });
    if (!asked.ok) return { passed: false, found: asked.error };
    const { disposition, reason } = asked.value.trace;
    if (disposition !== 'delivered') {
      return { passed: false, found: `vm/vm-contractor -> ${to} tcp/22 is ${disposition}: ${reason}` };
    }
  }
  return { passed: true };
};

// The upgrade

const roomLeft = holds(({ cluster }, cloud) => {
  const subnet = lineSubnet(cloud);
  if (subnet === null) return `${SUBNET} is gone.`;
  const free = usableAddressCount(subnet.addressPrefix) - subnetAllocations(cloud, subnet.id).length;
  const surge = cluster.agentPoolProfiles.map((pool) => {
    const nodes = surgeOf(pool.upgradeSettings, pool.count, pool.count);
    const each = nodeSubnetAddresses(ipamOf(cluster.networkProfile, pool), pool.maxPods);
    return { nodes, each, pool: pool.name };
  });
  const needed = surge.reduce((all, { nodes, each }) => all + nodes * each, ENDPOINTS);
  if (needed <= free) return null;
  const parts = surge.map(({ nodes, each, pool }) => `${nodes} x ${each} for the upgrade of pool ${pool}`);
  return `${free} addresses of ${SUBNET} are free; needed are ${needed}: ${parts.join(', ')}, and ${ENDPOINTS} for the private endpoints.`;
});

const withEndpointsOf = new WeakMap<Cloud, Cloud | string>();

/** A copy of the cloud in which the private endpoints have their addresses, or why they cannot have them. */
function withEndpoints(cloud: Cloud): Cloud | string {
  const known = withEndpointsOf.get(cloud);
  if (known !== undefined) return known;
  const subnet = lineSubnet(cloud);
  let next: Cloud | string = subnet === null ? `${SUBNET} is gone.` : cloud;
  for (let number = 1; number <= ENDPOINTS && subnet !== null && typeof next !== 'string'; number++) {
    const made = createNetworkInterface(next, {
      resourceGroup: GROUP,
      name: `private-endpoint-${number}-of-the-check`,
      ipConfiguration: { name: 'endpoint', subnetId: subnet.id },
    });
    next = made.ok
      ? made.value
      : `The network interface of a private endpoint gets no address: ${made.error.code}: ${made.error.message}`;
  }
  withEndpointsOf.set(cloud, next);
  return next;
}

const upgradeRuns = holds(({ cluster }, cloud) => {
  const copy = withEndpoints(cloud);
  if (typeof copy === 'string') return copy;
  const { cloud: later, failure } = rehearseUpgrade(copy, cluster.id);
  if (failure !== null)
    return `The upgrade of a copy, with both private endpoints in place, failed. ${failure}`;
  const after = view(later);
  const problem = isMissing(after) ? after.missing : workloadProblem(after);
  return problem === null ? null : `The upgrade of a copy succeeded, but afterwards: ${problem}`;
});

/** A rule about the addresses that pods have today says nothing about those that they get tomorrow. */
const closedAfterUpgrade = holds(({ cluster }, cloud) => {
  const copy = withEndpoints(cloud);
  if (typeof copy === 'string') return copy;
  const later = rehearseUpgrade(copy, cluster.id).cloud;
  const after = view(later);
  if (isMissing(after)) return after.missing;
  const pods = nodesOf(after).flatMap((node) =>
    podsOn(after, node.name, APP).filter(({ spec }) => spec.hostNetwork !== true),
  );
  if (pods.length === 0) return `No pod with the label app=${APP} runs with an address of its own.`;
  const ends = [
    ...pods.map((pod) => ({ end: podEnd(pod), address: pod.status.podIP ?? '', ports: [80, 22, 443] })),
    ...nodesOf(after).map(({ name, address }) => ({ end: `node/${name}`, address, ports: [10250, 22, 443] })),
  ];
  for (const { end, address, ports } of ends) {
    for (const port of ports) {
      const kept = askModel(later, { from: 'vm/vm-contractor', to: end, protocol: 'tcp', port });
      if (!kept.ok) return kept.error;
      const { disposition } = kept.value.trace;
      if (disposition === 'denied-inbound') continue;
      return `On a copy that was upgraded vm-contractor calls port ${port} of ${end}, which has ${address} there: ${disposition}.`;
    }
  }
  for (const pod of pods) {
    const wanted = askModel(later, { from: 'vm/vm-historian', to: podEnd(pod), protocol: 'tcp', port: 80 });
    if (!wanted.ok) return wanted.error;
    const { disposition } = wanted.value.trace;
    if (disposition === 'delivered') continue;
    return `On a copy that was upgraded vm-historian does not reach ${podEnd(pod)}, which has ${pod.status.podIP ?? ''} there: ${disposition}.`;
  }
  return null;
});

const lab: Lab = {
  id: 'tight-subnet',
  title: 'A cluster in the subnet you were given',
  minutes: 45,
  module: '01-network-plugins',
  order: 4,
  objectives: [
    'do the sum of a Node Subnet cluster before building it, upgrades and neighbours included',
    'choose the number of nodes and of pods per node together',
    'decide who sees the address of a pod and who sees that of its node',
    'close flat pods to one caller without naming addresses that change',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `A plant has one subnet for you and no other: \`${SUBNET}\`, \`10.70.0.0/25\`, in \`${VNET}\` (resource group \`${GROUP}\`,
\`westeurope\`). Six machines of another team, \`vm-agent-1\` to \`vm-agent-6\`, already live in it and stay, and in a month
two **private endpoints** come, which take an address each. The plant's programs call pods by their addresses, so
the cluster \`${CLUSTER}\` uses Azure CNI Node Subnet.

The control room is the peered VNet \`vnet-control\`, \`10.80.0.0/16\`: \`vm-historian\` keeps a record of the pods it talks with,
and \`vm-contractor\` (\`10.80.9.0/24\`) belongs to a firm that maintains the six machines and nothing else. In the data
centre, \`10.1.0.0/16\`, the host \`licences\` counts the *nodes* it talks with. The NSG \`nsg-line\` on the subnet has no
rules of its own yet.`,
  tasks: [
    {
      id: 'sum',
      title: 'Do the sum first',
      text: `A subnet in use keeps its range, and a pool keeps its number of pods per node. Do the sum before you build.`,
      hints: [
        `Every pod of Node Subnet has an address of the subnet from the moment its node exists, whether it is used or not. And an upgrade brings one node more, with all of its addresses, before it takes one away.`,
        `\`az network vnet subnet show -g ${GROUP} --vnet-name ${VNET} -n ${SUBNET}\` lists who holds an address. Azure keeps five of each subnet. The documented plan is (nodes + surge) x (pods per node + 1).`,
        `A /25 has 128 addresses, 123 of them usable: take off six machines and two endpoints. Three nodes and one for the upgrade with the default of ${DEFAULT_PODS} pods: 4 x (${DEFAULT_PODS} + 1).`,
      ],
      checks: [
        sum({
          key: 'room',
          question: `Six machines have an address in ${SUBNET}, two private endpoints are to come. How many addresses does that leave for the cluster?`,
          evidence: 'the addresses that the cluster may take',
          right: roomAtStart,
          mistaken: roomMistakes,
          otherwise: 'Start from the size of the /25 and take off, one after another, what is not yours.',
        }),
        sum({
          key: 'plan-of-30',
          question: `Three nodes with the default of ${DEFAULT_PODS} pods per node, and one more node during an upgrade: how many addresses does the documented plan ask for?`,
          evidence: 'what the default would need',
          right: () => NODES_OF_QUESTION * PLANNED_EACH,
          mistaken: () => PLAN_MISTAKES,
          otherwise: 'Nodes, the surge node included, times what one of them takes: its pods and itself.',
        }),
      ],
    },
    {
      id: 'cluster',
      title: `Run ${PODS} pods`,
      text: `Create \`${CLUSTER}\` in \`${SUBNET}\` with Node Subnet. Run at least **${PODS} pods** with the label \`app=${APP}\` that answer
on port 80, each with an address of its own, on two nodes or more. Choose the number of nodes and \`--max-pods\` so that
the next task will hold too. The other team's machines stay where they are.`,
      hints: [
        `\`--max-pods\` counts every pod on the node, those of the system too, also those that use the node's address. More nodes bring more of these; fewer nodes make each surge node larger.`,
        `On this version six pods of the system run on each node (\`kubectl get pods -n kube-system -o wide\`), and seven more somewhere. So your pods have nodes x max-pods - nodes x 6 - 7 places. The calculator *IP address plan* (\`npm run -s calc -- ip-plan --ipam node-subnet --nodes N --surge 1 --max-pods M\`) does the other half of the sum.`,
        `Two nodes: 3 x (M + 1) must stay within 115, so M is at most 37; 2 x 37 - 2 x 6 - 7 = 55 places. \`az aks create -g ${GROUP} -n ${CLUSTER} --node-count 2 --network-plugin azure --max-pods 37 --vnet-subnet-id ID --generate-ssh-keys\`, then \`kubectl create deployment ${APP} --image=nginx --replicas=${PODS}\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'given-subnet',
          evidence: `every node is in ${SUBNET}, which is as it was given`,
          holds: givenSubnet,
        },
        {
          kind: 'invariant',
          id: 'node-subnet',
          evidence: 'pods have addresses of the subnet of their nodes',
          holds: nodeSubnet,
        },
        {
          kind: 'invariant',
          id: 'workload',
          evidence: `${PODS} pods run with an address of their own, on two nodes or more`,
          holds: holds(workloadProblem),
        },
        {
          kind: 'invariant',
          id: 'agents-stay',
          evidence: "the other team's six machines are there with the addresses they had",
          holds: agentsStay,
        },
      ],
    },
    {
      id: 'upgrade',
      title: 'Leave room for the upgrade and the endpoints',
      text: `An upgrade adds nodes before it takes any away, with all of their addresses. There must be room for
the surge that your pools ask for, and for the two private endpoints. The check gives two network interfaces an
address on a copy of your subscription and runs the next upgrade there, to its end; do not leave any of your own.`,
      hints: [
        `AKS accepts an upgrade when the cluster alone would fit in the subnet. It does not count the neighbours: the scale set finds out about those half way, as \`SubnetIsFull\`.`,
        `\`az aks nodepool show ... --query upgradeSettings\`: without a setting one node in ten, rounded up, comes on top of each pool. Two pools surge at the same time. What is free: 123 less what \`az network vnet subnet show\` lists.`,
        `With 2 nodes of \`--max-pods 37\` the service holds 2 x 36 addresses; 123 - 6 - 72 = 45 are free, and one more node (36) and two endpoints fit. With 3 x 30 one address is missing. To try it: \`az aks get-upgrades\` and \`az aks upgrade --kubernetes-version VERSION --yes\`; \`az aks operation show-latest\` says why one failed.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'room-left',
          evidence: 'the subnet has room for the surge of every pool and for two private endpoints',
          holds: roomLeft,
        },
        {
          kind: 'invariant',
          id: 'upgrade-runs',
          evidence: `the next upgrade succeeds on a copy that has both endpoints, and ${PODS} pods run after it`,
          holds: upgradeRuns,
        },
      ],
    },
    {
      id: 'seen',
      title: 'Let the control room see pods, the data centre nodes',
      text: `Inside its own VNet a pod of Node Subnet keeps its address. Beyond it the node puts its own in place. The historian
(\`vm-historian\`, port 80) must see the **pod**; \`licences\` (port 443) must go on seeing the **node**. The historian and
the six machines must reach every pod by its address.`,
      hints: [
        `On every node \`azure-ip-masq-agent\` reads a list of ranges that are reached with the pod's own address. AKS keeps one list; you may add another beside it.`,
        `\`kubectl get cm -n kube-system azure-ip-masq-agent-config-reconciled -o yaml\` shows the list of AKS and its form. Yours is the ConfigMap \`azure-ip-masq-agent-config\` in the same namespace, key \`ip-masq-agent\`; both are read together. Which range holds the historian, but not \`10.1.2.3\`?`,
        `\`kubectl -n kube-system create configmap azure-ip-masq-agent-config --from-literal=ip-masq-agent='nonMasqueradeCIDRs: ["10.80.0.0/16"]'\`, then ask \`kubectl exec deploy/${APP} -- curl -s HISTORIAN\`: the server answers with the address that it sees.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'historian-sees-pod',
          evidence: 'the historian sees the address of the pod',
          from: podOn(0),
          to: 'vm/vm-historian',
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: podAddressOn(0) },
        },
        {
          kind: 'flow',
          id: 'licences-sees-node',
          evidence: 'the licence server sees the address of the node',
          from: podOn(1),
          to: 'host/licences',
          protocol: 'tcp',
          port: 443,
          expect: { kind: 'delivered', seenSource: nodeAddressOf(1) },
        },
        {
          kind: 'flow',
          id: 'historian-to-pod',
          evidence: 'the historian reaches a pod by its address, which sees the historian',
          from: 'vm/vm-historian',
          to: podOn(0),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: machineAddress('vm-historian') },
        },
        {
          kind: 'flow',
          id: 'agent-to-pod',
          evidence: 'a machine in the same subnet reaches a pod by its address',
          from: 'vm/vm-agent-6',
          to: podOn(1),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: machineAddress('vm-agent-6') },
        },
        {
          kind: 'flow',
          id: 'agent-sees-pod',
          evidence: 'and sees the address of the pod the other way round',
          from: podOn(1),
          to: 'vm/vm-agent-6',
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'delivered', seenSource: podAddressOn(1) },
        },
      ],
    },
    {
      id: 'closed',
      title: 'Keep the contractor to the six machines',
      text: `Whoever reaches the subnet reaches every pod. \`vm-contractor\` must go on reaching the six machines by SSH (port 22)
and must reach no pod and no node, by a rule of \`nsg-line\`: today, and after an upgrade, when pods have other addresses.
The historian keeps its way to the pods.`,
      hints: [
        `Pods, nodes and the six machines share a subnet, and pods change addresses. What does not change is where the contractor comes from and where the six machines are.`,
        `The default rule AllowVnetInBound (65000) admits peered networks. Rules with a lower number come first, and the first that matches decides: a narrow one that allows before a broad one that denies. \`az network nsg rule create --help\` for the options.`,
        `Priority 200: Allow, Tcp, source \`10.80.9.0/24\`, destination \`10.70.0.4 ... 10.70.0.9\`, port 22. Priority 300: Deny, \`'*'\`, source \`10.80.9.0/24\`, every destination and port.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'contractor-to-pod',
          evidence: 'the contractor does not reach a pod, by a rule of the NSG',
          from: 'vm/vm-contractor',
          to: podOn(0),
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b/,
            control: 'historian-to-pod',
          },
        },
        {
          kind: 'flow',
          id: 'contractor-to-node',
          evidence: 'nor the kubelet of a node',
          from: 'vm/vm-contractor',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 10250,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b/,
            control: 'agent-to-node',
          },
        },
        {
          kind: 'flow',
          id: 'agent-to-node',
          evidence: 'a machine in the subnet reaches the same kubelet',
          from: 'vm/vm-agent-1',
          to: nodeOf(0),
          protocol: 'tcp',
          port: 10250,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'invariant',
          id: 'contractor-to-agents',
          evidence: 'the contractor still reaches the six machines that it maintains',
          holds: agentsMaintained,
        },
        {
          kind: 'invariant',
          id: 'closed-after-upgrade',
          evidence:
            'on a copy that was upgraded the contractor reaches no port of a pod or a node, and the historian every pod',
          holds: closedAfterUpgrade,
        },
      ],
    },
  ],
};

export default lab;
