import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, podEnd, podsOn, subnetOfId, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView, NodeView } from '../../src/lab/cluster-view.ts';
import type { Accepts, AnswerCheck, Before, EndOf, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { rehearseUpgrade } from '../../src/lab/rehearse-upgrade.ts';
import { scaleAgentPool } from '../../src/model/aks/change-agent-pools.ts';
import { ipamOf } from '../../src/model/aks/ipam.ts';
import { runToEnd } from '../../src/model/aks/operations.ts';
import { dynamicTarget } from '../../src/model/aks/pod-subnet-shares.ts';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import { armKey, findResource, sameId } from '../../src/model/azure/resource-store.ts';
import type { Subnet } from '../../src/model/azure/resources.ts';
import { usableAddressCount } from '../../src/model/azure/subnet-addresses.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import {
  addressCount,
  prefix,
  prefixCovers,
  prefixesOverlap,
  splitPrefix,
} from '../../src/model/ip/prefix.ts';
import { scaleDeployment } from '../../src/model/kubernetes/apply.ts';
import type { NodeNetworkConfig, Pod } from '../../src/model/kubernetes/objects.ts';
import { DYNAMIC_POD_ADDRESSES } from '../../src/model/limits/aks.ts';

const GROUP = 'rg-depot';
const CLUSTER = 'aks-depot';
const VNET = 'vnet-depot';
const RANGE = '10.90.4.0/22';

interface Part {
  readonly pool: string;
  /** Label `app` of its pods. */
  readonly app: string;
  readonly nodeSubnet: string;
  readonly port: number;
  readonly nodes: number;
  readonly pods: number;
  /** What it is to grow to. */
  readonly later: { readonly nodes: number; readonly pods: number };
}

const FRONT: Part = {
  pool: 'front',
  app: 'front',
  nodeSubnet: 'snet-front',
  port: 80,
  nodes: 2,
  pods: 12,
  later: { nodes: 4, pods: 12 },
};
const BATCH: Part = {
  pool: 'batch',
  app: 'batch',
  nodeSubnet: 'snet-batch',
  port: 8080,
  nodes: 3,
  pods: 60,
  later: { nodes: 10, pods: 200 },
};

const PARTS = [FRONT, BATCH] as const;

const { batch: BATCH_SIZE } = DYNAMIC_POD_ADDRESSES.value;
/** The pod subnet and the number of pods that the questions are about. */
const ASKED_RANGE = '10.90.4.0/24';
const ASKED_PODS = 25;

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, GROUP, CLUSTER);

function holds(test: (cluster: ClusterView, cloud: Cloud) => string | null) {
  return (cloud: Cloud, _: Before): Holds => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud);
    return found === null ? { passed: true } : { passed: false, found };
  };
}

// Ends of flows

function nodesIn(cluster: ClusterView, { pool }: Part): readonly NodeView[] {
  return nodesOf(cluster).filter((node) => node.pool === pool);
}

function podsIn(cluster: ClusterView, part: Part): readonly Pod[] {
  return nodesIn(cluster, part).flatMap((node) =>
    podsOn(cluster, node.name, part.app).filter(({ spec }) => spec.hostNetwork !== true),
  );
}

/** What `take` makes of the first pod of a part. */
function podOf(part: Part, take: (pod: Pod) => string = podEnd): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const pod = podsIn(cluster, part)[0];
    return pod === undefined
      ? {
          missing: `No pod with the label app=${part.app} and an address of its own runs on node pool ${part.pool}.`,
        }
      : take(pod);
  };
}

const podAddressOf = (part: Part): EndOf => podOf(part, ({ status }) => status.podIP ?? '');

/** A pod of the cluster's DNS that runs on another node than the pod that asks it. */
const dnsPod: EndOf = (cloud) => {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const from = podsIn(cluster, BATCH)[0]?.spec.nodeName;
  const found = Object.values(cluster.kubernetes.pods).find(
    ({ metadata, spec, status }) =>
      metadata.labels?.['k8s-app'] === 'kube-dns' && spec.nodeName !== from && status.podIP !== undefined,
  );
  return found === undefined ? { missing: 'No pod of the DNS of the cluster runs.' } : podEnd(found);
};

const meterAddress: EndOf = (cloud) => {
  const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', GROUP, 'vm-meterVMNic');
  return nic?.ipConfigurations[0]?.privateIPAddress ?? { missing: 'vm-meter has no network interface.' };
};

// The sums

interface Sum {
  readonly key: string;
  readonly question: string;
  readonly evidence: string;
  readonly right: number;
  readonly mistaken: Readonly<Record<number, string>>;
  readonly otherwise: string;
}

function sum({ key, question, evidence, right, mistaken, otherwise }: Sum): AnswerCheck {
  const accept = (_: Cloud, answer: string): Accepts => {
    const given = Number(plainAnswer(answer));
    return given === right ? { passed: true } : { passed: false, feedback: mistaken[given] ?? otherwise };
  };
  return { kind: 'answer', id: key, key, question, evidence, accept };
}

const ASKED_USABLE = usableAddressCount(ASKED_RANGE);
const ASKED_NODES = Math.floor(ASKED_USABLE / BATCH_SIZE);

// The cluster

const twoPools = holds(({ cluster, kubernetes }, cloud) => {
  for (const part of PARTS) {
    const pool = cluster.agentPoolProfiles.find(({ name }) => name === part.pool);
    if (pool === undefined) return `There is no node pool ${part.pool}.`;
    const subnet = pool.vnetSubnetId === null ? null : subnetOfId(cloud, pool.vnetSubnetId);
    if (subnet?.name !== part.nodeSubnet) {
      return `The nodes of pool ${part.pool} are in ${subnet?.name ?? 'a virtual network of the cluster'}, not in ${part.nodeSubnet}.`;
    }
    const ready = nodesIn({ cluster, kubernetes }, part).filter((node) => node.ready === 'yes');
    if (ready.length < part.nodes) {
      return `${ready.length} nodes of pool ${part.pool} are ready; ${part.nodes} are needed.`;
    }
  }
  return null;
});

function podSubnetOf(cluster: ClusterView, cloud: Cloud): Subnet | string {
  const { agentPoolProfiles, networkProfile } = cluster.cluster;
  for (const pool of agentPoolProfiles) {
    const ipam = ipamOf(networkProfile, pool);
    if (ipam !== 'pod-subnet-dynamic') {
      return `Pods of node pool ${pool.name} get their addresses another way: ${ipam}. Needed is a pod subnet with dynamic allocation.`;
    }
  }
  const [first, ...others] = agentPoolProfiles.map(({ podSubnetId }) => podSubnetId ?? '');
  const subnet = first === undefined ? null : subnetOfId(cloud, first);
  if (subnet === null) return 'The cluster has no pod subnet.';
  const other = others.find((id) => !sameId(id, subnet.id));
  if (other !== undefined) {
    return `The pools have different pod subnets: ${subnet.name} and ${subnetOfId(cloud, other)?.name ?? other}.`;
  }
  return subnet;
}

const onePodSubnet = holds((cluster, cloud) => {
  const subnet = podSubnetOf(cluster, cloud);
  if (typeof subnet === 'string') return subnet;
  return prefixCovers(prefix(RANGE), prefix(subnet.addressPrefix))
    ? null
    : `Pod subnet ${subnet.name} is ${subnet.addressPrefix}, outside ${RANGE}.`;
});

const halfLeft = holds((_, cloud) => {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, VNET);
  const taken = (network?.subnets ?? []).filter(({ addressPrefix }) =>
    prefixesOverlap(prefix(addressPrefix), prefix(RANGE)),
  );
  if (taken.length === 0) return `No subnet of ${VNET} lies in ${RANGE}.`;
  const half = splitPrefix(prefix(RANGE), prefix(RANGE).length + 1).find((each) =>
    taken.every(({ addressPrefix }) => !prefixesOverlap(prefix(addressPrefix), each)),
  );
  if (half !== undefined) return null;
  const names = taken.map(({ name, addressPrefix }) => `${name} (${addressPrefix})`).join(', ');
  return `Neither half of ${RANGE} is free: ${names}. The next cluster needs a /${prefix(RANGE).length + 1}.`;
});

function workloadProblem(cluster: ClusterView, part: Part, wanted: number): string | null {
  const all = Object.values(cluster.kubernetes.pods).filter(
    ({ metadata, status }) => metadata.labels?.['app'] === part.app && status.phase !== 'Succeeded',
  );
  const stray = all.find(({ spec }) => {
    const node = nodesOf(cluster).find(({ name }) => name === spec.nodeName);
    return node !== undefined && node.pool !== part.pool;
  });
  if (stray !== undefined) {
    return `${stray.metadata.name} runs on ${stray.spec.nodeName ?? ''}, which is not of pool ${part.pool}.`;
  }
  const running = podsIn(cluster, part).length;
  if (running >= wanted) return null;
  const waiting = all.find(({ status }) => status.phase === 'Pending');
  const full = fullNodes(cluster);
  const because =
    full.length > 0
      ? ` Nodes without the addresses that they asked for (NCUpdateSubnetFullError): ${full.join(', ')}.`
      : waiting === undefined
        ? ''
        : ` ${waiting.metadata.name} is Pending.`;
  return `${running} pods with the label app=${part.app} run with an address of their own on pool ${part.pool}; ${wanted} are needed.${because}`;
}

function configs(cluster: ClusterView): readonly NodeNetworkConfig[] {
  return Object.values(cluster.kubernetes.nodeNetworkConfigs);
}

function fullNodes(cluster: ClusterView): readonly string[] {
  return configs(cluster)
    .filter(
      ({ status }) =>
        status.networkContainers.length === 0 ||
        status.networkContainers.some((each) => each.status === 'NCUpdateSubnetFullError'),
    )
    .map(({ metadata }) => metadata.name);
}

const runs = (part: Part) => holds((cluster) => workloadProblem(cluster, part, part.pods));

/** What the pods use is seen in what their nodes hold. */
const batches = holds((cluster) => {
  const nodes = nodesIn(cluster, BATCH);
  if (nodes.length === 0) return `Node pool ${BATCH.pool} has no nodes.`;
  for (const node of nodes) {
    const config = configs(cluster).find(({ metadata }) => metadata.name === node.name);
    const held = config?.status.assignedIPCount ?? 0;
    if (config?.status.networkContainers[0]?.assignmentMode !== 'dynamic') {
      return `${node.name} does not hold batches of addresses: kubectl get nnc -n kube-system.`;
    }
    if (held <= BATCH_SIZE) {
      const { requestedIPCount } = config.spec;
      return requestedIPCount > held
        ? `${node.name} holds ${held} addresses and has asked for ${requestedIPCount}: the pod subnet has no further batch.`
        : `${node.name} holds ${held} addresses, the batch that it started with: at most half of them are in use.`;
    }
  }
  return null;
});

// What is to come

type Grown = { readonly cloud: Cloud } | { readonly problem: string };

const grownOf = new WeakMap<Cloud, Grown>();

/** A copy of the cloud in which both pools and the batch workload have grown, or why they could not. */
function grown(cluster: ClusterView, cloud: Cloud): Grown {
  const known = grownOf.get(cloud) ?? grow(cluster, cloud);
  grownOf.set(cloud, known);
  return known;
}

function grow(cluster: ClusterView, cloud: Cloud): Grown {
  const { id } = cluster.cluster;
  let next = runToEnd(cloud, id).cloud;
  for (const { pool, later } of PARTS) {
    const present = cluster.cluster.agentPoolProfiles.find(({ name }) => name === pool);
    if (present === undefined) return { problem: `There is no node pool ${pool}.` };
    if (present.count >= later.nodes) continue;
    const scaled = scaleAgentPool(next, { resourceGroup: GROUP, cluster: CLUSTER, name: pool }, later.nodes);
    if (!scaled.ok) {
      return {
        problem: `Pool ${pool} cannot grow to ${later.nodes} nodes on a copy: ${scaled.error.code}: ${scaled.error.message}`,
      };
    }
    next = reconcile(scaled.value);
  }
  const { app, later } = BATCH;
  const [name, deployment] =
    Object.entries(cluster.kubernetes.deployments).find(
      ([, each]) => each.spec.template.metadata?.labels?.['app'] === app,
    ) ?? [];
  if (name === undefined || deployment === undefined) {
    return { problem: `No Deployment makes pods with the label app=${app}.` };
  }
  const scaled = scaleDeployment(next, armKey(id), name, Math.max(later.pods, deployment.spec.replicas));
  return scaled.ok ? { cloud: reconcile(scaled.value) } : { problem: scaled.error.message };
}

function laterProblem(cloud: Cloud): string | null {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster.missing;
  for (const part of PARTS) {
    const problem = workloadProblem(cluster, part, part.later.pods);
    if (problem !== null) return problem;
  }
  return null;
}

const grows = holds((cluster, cloud) => {
  const later = grown(cluster, cloud);
  if ('problem' in later) return later.problem;
  const problem = laterProblem(later.cloud);
  return problem === null ? null : `On a copy that has grown: ${problem}`;
});

const upgrades = holds((cluster, cloud) => {
  const later = grown(cluster, cloud);
  if ('problem' in later) return later.problem;
  const { cloud: after, failure } = rehearseUpgrade(later.cloud, cluster.cluster.id);
  if (failure !== null) return `The upgrade of a copy that has grown failed. ${failure}`;
  const problem = laterProblem(after);
  return problem === null ? null : `After the upgrade of a copy that has grown: ${problem}`;
});

/** Ports that nothing listens on: what is not closed by a rule is answered there too. */
const OTHER_PORTS = [22, 443, 8443];

const guestNowhere = holds((cluster, cloud) => {
  for (const part of PARTS) {
    const pods = podsIn(cluster, part);
    if (pods.length === 0) return `No pod with the label app=${part.app} runs on node pool ${part.pool}.`;
    for (const pod of pods) {
      for (const port of [part.port, ...OTHER_PORTS]) {
        const to = podEnd(pod);
        const asked = askModel(cloud, { from: 'vm/vm-guest', to, protocol: 'tcp', port });
        if (!asked.ok) return asked.error;
        const { disposition, reason } = asked.value.trace;
        if (disposition !== 'denied-inbound') {
          return `vm/vm-guest -> ${to} tcp/${port} is ${disposition}: ${reason}`;
        }
      }
    }
  }
  return null;
});

const POD_SUBNET_RULE = /\bNSG\b.*\bpod subnet\b/;

const lab: Lab = {
  id: 'one-pod-subnet-two-pools',
  title: 'Two pools, one subnet for their pods',
  minutes: 45,
  module: '01-network-plugins',
  order: 5,
  objectives: [
    'size a pod subnet by what nodes hold, not by what pods use',
    'read in NodeNetworkConfigs how nodes take and return addresses',
    'close a shared pod subnet to all but one caller of one pool',
    'tell what a pod subnet refuses, and what it only strands',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `A cluster with two node pools is wanted: \`${FRONT.pool}\` with its nodes in \`${FRONT.nodeSubnet}\`, and \`${BATCH.pool}\` with its
nodes in \`${BATCH.nodeSubnet}\` (both of \`${VNET}\`, resource group \`${GROUP}\`, \`westeurope\`). The pods of **both** get their addresses from **one** pod
subnet with dynamic allocation. For it the network team set aside \`${RANGE}\`, and half of that must stay free for
the next cluster. The calculator *Pod Subnet batches and blocks* does sums of
this kind.

\`vm-ledger\` writes down who calls it on port 80: it takes calls from \`${RANGE}\` and refuses the rest of the network, so
pods must come with their own addresses. \`vm-meter\` reads from the pods of \`${BATCH.app}\`; \`vm-guest\` has no business with
any pod. Names that are fixed: cluster \`${CLUSTER}\`, its pools, and the two applications below.`,
  tasks: [
    {
      id: 'sums',
      title: 'Do the sums first',
      text: `A node takes addresses of the pod subnet ${BATCH_SIZE} at a time: ${BATCH_SIZE} when it starts, before any pod runs, and more as its pods
use them up. Commit yourself before you build.`,
      hints: [
        `What counts is what nodes hold. A node that cannot have a whole batch has none of it, so the addresses that remain are of no use to it.`,
        `Azure keeps five addresses of each subnet. A node always keeps half a batch of free addresses on top of what its pods use: it holds ${BATCH_SIZE} x ceil(0.5 + used/${BATCH_SIZE}), 250 at most. The calculator *Pod Subnet batches and blocks* shows it too.`,
        `251 addresses of a /24, divided by ${BATCH_SIZE}: how often, and what remains? And for ${ASKED_PODS} in use: 0.5 + ${ASKED_PODS}/${BATCH_SIZE} = 2.06, rounded up, times ${BATCH_SIZE}.`,
      ],
      checks: [
        sum({
          key: 'nodes-in-24',
          question: 'How many nodes get their first addresses from a pod subnet of /24?',
          evidence: 'how many nodes a /24 takes',
          right: ASKED_NODES,
          mistaken: {
            [addressCount(prefix(ASKED_RANGE)) / BATCH_SIZE]:
              'Azure keeps five addresses of every subnet for itself.',
            [ASKED_USABLE]: 'That would be one address per node.',
          },
          otherwise: `Each node starts with ${BATCH_SIZE} addresses, even without a pod.`,
        }),
        sum({
          key: 'stranded',
          question: 'And how many addresses of that /24 can then be used by no node?',
          evidence: 'how many addresses a /24 strands',
          right: ASKED_USABLE - ASKED_NODES * BATCH_SIZE,
          mistaken: {
            0: 'The last node would need a whole batch, and what is left is less than one.',
            5: "Those five are Azure's and were never for nodes. There are more.",
            [addressCount(prefix(ASKED_RANGE)) - ASKED_NODES * BATCH_SIZE]:
              'Five of these are not stranded: Azure keeps them.',
          },
          otherwise: 'Usable addresses less those that the nodes hold.',
        }),
        sum({
          key: 'held-at-25',
          question: `The pods of a node use ${ASKED_PODS} addresses. How many does the node hold?`,
          evidence: 'how many addresses a node holds',
          right: dynamicTarget(ASKED_PODS),
          mistaken: {
            [ASKED_PODS]: 'A node holds whole batches, and always some that are free.',
            [Math.ceil(ASKED_PODS / BATCH_SIZE) * BATCH_SIZE]:
              `Of ${Math.ceil(ASKED_PODS / BATCH_SIZE) * BATCH_SIZE} only ${Math.ceil(ASKED_PODS / BATCH_SIZE) * BATCH_SIZE - ASKED_PODS} would be free, and a node keeps half a batch free.`,
            [ASKED_PODS + BATCH_SIZE]: 'Addresses come in whole batches.',
          },
          otherwise: 'Whole batches, with at least half a batch free.',
        }),
      ],
    },
    {
      id: 'build',
      title: 'Build it and fill it',
      text: `Carve **one** pod subnet out of \`${RANGE}\` and create \`${CLUSTER}\` with pools \`${FRONT.pool}\` (${FRONT.nodes} nodes or more) and
\`${BATCH.pool}\` (${BATCH.nodes} or more). Run a Deployment with the label \`app=${FRONT.app}\`: ${FRONT.pods} pods on pool \`${FRONT.pool}\` only, port ${FRONT.port}; and one with
\`app=${BATCH.app}\`: ${BATCH.pods} pods on pool \`${BATCH.pool}\` only, port ${BATCH.port}. Each
node of \`${BATCH.pool}\` must come to hold more than its first ${BATCH_SIZE} addresses.`,
      hints: [
        `Nodes and pods have a subnet each: \`--vnet-subnet-id\` and \`--pod-subnet-id\`. Every pool of a cluster names a pod subnet or none does, and several may name the same. A node selector keeps pods on a pool.`,
        `Size it with the next task in mind. \`az aks create --nodepool-name ${FRONT.pool}\`, then \`az aks nodepool add\`. Nodes carry the label \`kubernetes.azure.com/agentpool\`. nginxinc/nginx-unprivileged listens on ${BATCH.port}. \`kubectl get nnc -n kube-system\` shows what nodes hold.`,
        `\`az network vnet subnet create -g ${GROUP} --vnet-name ${VNET} -n snet-pods --address-prefixes 10.90.4.0/23\`; both pools with its id as \`--pod-subnet-id\`; in each Deployment, under \`template.spec\`: \`nodeSelector: { kubernetes.azure.com/agentpool: ${BATCH.pool} }\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'two-pools',
          evidence: `pools ${FRONT.pool} and ${BATCH.pool} have ready nodes, each in its own subnet`,
          holds: twoPools,
        },
        {
          kind: 'invariant',
          id: 'one-pod-subnet',
          evidence: `both pools take pod addresses from one subnet in ${RANGE}, on demand`,
          holds: onePodSubnet,
        },
        {
          kind: 'invariant',
          id: 'front-runs',
          evidence: `${FRONT.pods} pods of ${FRONT.app} run on their pool`,
          holds: runs(FRONT),
        },
        {
          kind: 'invariant',
          id: 'batch-runs',
          evidence: `${BATCH.pods} pods of ${BATCH.app} run on theirs`,
          holds: runs(BATCH),
        },
        {
          kind: 'invariant',
          id: 'batches',
          evidence: `each node of ${BATCH.pool} took more than the ${BATCH_SIZE} addresses that it started with`,
          holds: batches,
        },
      ],
    },
    {
      id: 'growth',
      title: 'Large enough, and no larger',
      text: `Next year \`${FRONT.pool}\` has ${FRONT.later.nodes} nodes and \`${BATCH.pool}\` ${BATCH.later.nodes}, with ${BATCH.later.pods} pods of \`${BATCH.app}\`, and it must still be possible to upgrade the
cluster. The check grows a copy of your subscription to that and upgrades it. A subnet in use keeps its range, so it must fit
from the start; and one half of \`${RANGE}\` (a /23) must stay free.`,
      hints: [
        `AKS looks at one batch per node when a node is made. Whether the second batch is there shows when the pods come: they stay in ContainerCreating, and the NodeNetworkConfig says NCUpdateSubnetFullError.`,
        `${BATCH.later.nodes} nodes with ${BATCH.later.pods / BATCH.later.nodes} pods each hold how many addresses? The nodes of \`${FRONT.pool}\` run the pods of the system too. An upgrade adds one node in ten to each pool, rounded up. What a node holds has nothing to do with \`--max-pods\`, but that has to leave places for the pods.`,
        `${BATCH.later.nodes} x 32 + ${FRONT.later.nodes} x 32 = 448, and 2 x 32 more during an upgrade at most: a /24 (251) is too small, a /23 (507) is about right, a /22 leaves nothing to others.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'half-left',
          evidence: `one half of ${RANGE} is free`,
          holds: halfLeft,
        },
        {
          kind: 'invariant',
          id: 'grows',
          evidence: `on a copy with ${FRONT.later.nodes} + ${BATCH.later.nodes} nodes ${BATCH.later.pods} pods of ${BATCH.app} find addresses`,
          holds: grows,
        },
        {
          kind: 'invariant',
          id: 'upgrades',
          evidence: 'that copy can be upgraded, and everything runs after it',
          holds: upgrades,
        },
      ],
    },
    {
      id: 'ledger',
      title: 'Come with your own address',
      text: `Pods of both pools must reach the ledger (\`vm-ledger\`, port 80), which must see the address of the **pod**. Its rules
stay as they are: \`vm-guest\` does not reach it.`,
      hints: [
        `Pods of a pod subnet are not masqueraded, whatever the destination: there is no ip-masq-agent in this mode.`,
        `\`az network nsg rule list -g ${GROUP} --nsg-name nsg-ledger -o table\`: which sources does it take? In which range are your pods: \`kubectl get pods -o wide\`?`,
        `\`kubectl exec deploy/${FRONT.app} -- curl -s ADDRESS-OF-THE-LEDGER\` answers with the address that the ledger sees. With a pod subnet in \`${RANGE}\` nothing else is to be done.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'front-to-ledger',
          evidence: `the ledger sees the address of a pod of ${FRONT.app}`,
          from: podOf(FRONT),
          to: 'vm/vm-ledger',
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: podAddressOf(FRONT) },
        },
        {
          kind: 'flow',
          id: 'batch-to-ledger',
          evidence: `and of a pod of ${BATCH.app}`,
          from: podOf(BATCH),
          to: 'vm/vm-ledger',
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: podAddressOf(BATCH) },
        },
        {
          kind: 'flow',
          id: 'guest-to-ledger',
          evidence: 'vm-guest does not reach the ledger, by its rules',
          from: 'vm/vm-guest',
          to: 'vm/vm-ledger',
          protocol: 'tcp',
          port: 80,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bNSG\b/,
            control: 'front-to-ledger',
          },
        },
      ],
    },
    {
      id: 'closed',
      title: 'One caller, one pool',
      text: `Put an NSG on the pod subnet. \`vm-meter\` must reach pods of \`${BATCH.app}\` (port ${BATCH.port}) and no pod of \`${FRONT.app}\`; \`vm-guest\` must reach
no pod at all. Pods of both pools must reach each other as before, and the DNS of the cluster.`,
      hints: [
        `In one subnet addresses of both pools lie mixed, so no range tells them apart. What does, in this cluster?`,
        `Every rule that you write also meets packets between pods on different nodes, and those are in VirtualNetwork too. Let pods reach pods first, then the one caller to the one port, then close.`,
        `Allow, source = the pod subnet, every port (200). Allow, source = address of \`vm-meter\`, Tcp, port ${BATCH.port} (210). Deny, source VirtualNetwork, every port (300). \`az network vnet subnet update ... --network-security-group NSG\` puts it on the pod subnet.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'meter-to-batch',
          evidence: `vm-meter reaches a pod of ${BATCH.app}, which sees vm-meter`,
          from: 'vm/vm-meter',
          to: podOf(BATCH),
          protocol: 'tcp',
          port: BATCH.port,
          expect: { kind: 'delivered', seenSource: meterAddress },
        },
        {
          kind: 'flow',
          id: 'meter-to-front',
          evidence: `and no pod of ${FRONT.app}, by a rule on the pod subnet`,
          from: 'vm/vm-meter',
          to: podOf(FRONT),
          protocol: 'tcp',
          port: FRONT.port,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: POD_SUBNET_RULE,
            control: 'batch-to-front',
          },
        },
        {
          kind: 'flow',
          id: 'guest-to-batch',
          evidence: `vm-guest does not reach a pod of ${BATCH.app}, by a rule on the pod subnet`,
          from: 'vm/vm-guest',
          to: podOf(BATCH),
          protocol: 'tcp',
          port: BATCH.port,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: POD_SUBNET_RULE,
            control: 'meter-to-batch',
          },
        },
        {
          kind: 'flow',
          id: 'guest-to-front',
          evidence: `nor one of ${FRONT.app}`,
          from: 'vm/vm-guest',
          to: podOf(FRONT),
          protocol: 'tcp',
          port: FRONT.port,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: POD_SUBNET_RULE,
            control: 'batch-to-front',
          },
        },
        {
          kind: 'invariant',
          id: 'guest-to-none',
          evidence: 'nor any other pod of the two, on any port',
          holds: guestNowhere,
        },
        {
          kind: 'flow',
          id: 'front-to-batch',
          evidence: `a pod of ${FRONT.app} reaches one of ${BATCH.app}, which sees its address`,
          from: podOf(FRONT),
          to: podOf(BATCH),
          protocol: 'tcp',
          port: BATCH.port,
          expect: { kind: 'delivered', seenSource: podAddressOf(FRONT) },
        },
        {
          kind: 'flow',
          id: 'batch-to-front',
          evidence: 'and the other way round',
          from: podOf(BATCH),
          to: podOf(FRONT),
          protocol: 'tcp',
          port: FRONT.port,
          expect: { kind: 'delivered', seenSource: podAddressOf(BATCH) },
        },
        {
          kind: 'flow',
          id: 'batch-to-dns',
          evidence: `a pod of ${BATCH.app} reaches a pod of the DNS of the cluster on another node`,
          from: podOf(BATCH),
          to: dnsPod,
          protocol: 'udp',
          port: 53,
          expect: { kind: 'delivered' },
        },
      ],
    },
  ],
};

export default lab;
