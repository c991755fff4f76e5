import {
  isMissing,
  nodesOf,
  nodesRunning,
  podEnd,
  subnetOfId,
  viewCluster,
} from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, Check, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { findResource, sameId } from '../../src/model/azure/resource-store.ts';
import { subnetAllocations, usableAddressCount } from '../../src/model/azure/subnet-addresses.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { formatPrefix, prefix, prefixesOverlap } from '../../src/model/ip/prefix.ts';
import type { Prefix } from '../../src/model/ip/prefix.ts';
import { FORBIDDEN_CLUSTER_RANGES } from '../../src/model/limits/aks.ts';

const GROUP = 'rg-fleet';
const VNET = 'vnet-fleet';
const APP = 'scan';
const CLUSTERS = ['aks-fleet-1', 'aks-fleet-2'] as const;
type ClusterName = (typeof CLUSTERS)[number];

const NODES = 300;
/** What `--max-surge 10%` puts on top of the nodes while an upgrade runs. */
const SURGE = Math.ceil(NODES * 0.1);
const AT_ONCE = NODES + SURGE;
/** AKS gives each node of an Overlay cluster a /24. */
const NODE_SHARE = 24;

const view = (cloud: Cloud, name: ClusterName): ClusterView | Missing => viewCluster(cloud, GROUP, name);

function startView({ start }: Before): ClusterView {
  const found = view(start, CLUSTERS[0]);
  if (isMissing(found)) throw new Error(found.missing);
  return found;
}

function pick(
  name: ClusterName,
  at: number,
  take: (found: ReturnType<typeof nodesRunning>[number]) => string,
): EndOf {
  return (cloud) => {
    const cluster = view(cloud, name);
    if (isMissing(cluster)) return cluster;
    const running = nodesRunning(cluster, APP);
    const found = running[at];
    return found === undefined
      ? {
          missing: `Pods with the label app=${APP} and an address of their own run on ${running.length} of ${nodesOf(cluster).length} nodes of ${name}; the check needs two nodes that run one.`,
        }
      : take(found);
  };
}

const podOf = (name: ClusterName, at: number): EndOf => pick(name, at, ({ pod }) => `${podEnd(pod)}@${name}`);
const podAddressOf = (name: ClusterName, at: number): EndOf =>
  pick(name, at, ({ pod }) => pod.status.podIP ?? '');
const nodeAddressOf = (name: ClusterName, at: number): EndOf => pick(name, at, ({ node }) => node.address);

/** How many nodes find a share in a pod range. */
function nodesIn(range: Prefix): number {
  return range.length > NODE_SHARE ? 0 : 2 ** (NODE_SHARE - range.length);
}

/** The longest prefix, and so the smallest range, with a share for each of this many nodes. */
function lengthFor(nodes: number): number {
  return NODE_SHARE - Math.ceil(Math.log2(nodes));
}

function number(wanted: (before: Before) => number, explain: (given: number, before: Before) => string) {
  return (_: Cloud, answer: string, before: Before): Accepts => {
    const text = plainAnswer(answer)
      .replace(/^\//, '')
      .replace(/ nodes?$/, '');
    if (!/^\d+$/.test(text)) return { passed: false, feedback: `${answer} is not a whole number.` };
    return Number(text) === wanted(before)
      ? { passed: true }
      : { passed: false, feedback: explain(Number(text), before) };
  };
}

function podRange({ cluster }: ClusterView): Prefix | null {
  const { podCidr } = cluster.networkProfile;
  return podCidr === null ? null : prefix(podCidr);
}

const nodesNow = (before: Before): number => nodesIn(podRange(startView(before)) ?? prefix('0.0.0.0/32'));

function holds(
  name: ClusterName,
  test: (cluster: ClusterView, cloud: Cloud, before: Before) => string | null,
  symptom?: string,
): (cloud: Cloud, before: Before) => Holds {
  return (cloud, before) => {
    const cluster = view(cloud, name);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud, before);
    if (found === null) return { passed: true };
    return { passed: false, found, ...(symptom === undefined ? {} : { symptom }) };
  };
}

/** The sums ask for the numbers that the cause tells. */
const podRoom = (name: ClusterName) =>
  holds(
    name,
    (cluster) => {
      const range = podRange(cluster);
      if (range === null || cluster.cluster.networkProfile.networkPluginMode !== 'overlay')
        return `${name} is no Overlay cluster, so it has no pod range.`;
      const room = nodesIn(range);
      return room >= AT_ONCE
        ? null
        : `${formatPrefix(range)} holds ${room} nodes, a /${NODE_SHARE} each; during an upgrade there are ${AT_ONCE}.`;
    },
    `The pod range of ${name} is too small for an upgrade of ${NODES} nodes.`,
  );

interface Connected {
  readonly range: Prefix;
  readonly what: string;
}

/** Everything that a cluster in the VNet can be connected with, and what AKS keeps for itself. */
function connected(cloud: Cloud): readonly Connected[] {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, VNET);
  if (network === null) return [];
  return [
    ...network.addressSpace.addressPrefixes.map((each) => ({ range: prefix(each), what: `${VNET} itself` })),
    ...network.virtualNetworkPeerings.flatMap((peering) =>
      peering.remoteAddressSpace.addressPrefixes.map((each) => ({
        range: prefix(each),
        what: `the peer at the end of ${peering.name}`,
      })),
    ),
    ...cloud.outsideHosts.flatMap((host) =>
      host.kind === 'on-premises' ? [{ range: prefix(host.prefix), what: 'the data centre' }] : [],
    ),
    ...FORBIDDEN_CLUSTER_RANGES.value.map((each) => ({
      range: prefix(each),
      what: 'what AKS keeps for itself',
    })),
  ];
}

const clear = (name: ClusterName) =>
  holds(name, (cluster, cloud) => {
    const pods = podRange(cluster);
    const own = [
      ...(pods === null ? [] : [{ range: pods, what: 'pod range' }]),
      { range: prefix(cluster.cluster.networkProfile.serviceCidr), what: 'service range' },
    ];
    for (const mine of own) {
      const hit = connected(cloud).find(({ range }) => prefixesOverlap(range, mine.range));
      if (hit !== undefined) {
        return `The ${mine.what} ${formatPrefix(mine.range)} of ${name} overlaps ${formatPrefix(hit.range)}: ${hit.what}.`;
      }
    }
    return null;
  });

function subnetsOf({ cluster }: ClusterView): readonly string[] {
  return [...new Set(cluster.agentPoolProfiles.flatMap(({ vnetSubnetId }) => vnetSubnetId ?? []))];
}

function clustersOf(cloud: Cloud): readonly ClusterView[] {
  return CLUSTERS.flatMap((each) => {
    const found = view(cloud, each);
    return isMissing(found) ? [] : [found];
  });
}

/** Nodes have addresses of their subnet, each one; another cluster in it grows too. */
const nodeRoom = (name: ClusterName) =>
  holds(
    name,
    (cluster, cloud) => {
      const nodes = new Set(clustersOf(cloud).flatMap((each) => nodesOf(each).map(({ address }) => address)));
      let room = 0;
      for (const id of subnetsOf(cluster)) {
        const subnet = subnetOfId(cloud, id);
        if (subnet === null) return `The subnet ${id} does not exist.`;
        const others = subnetAllocations(cloud, id).filter(({ address }) => !nodes.has(address)).length;
        const guests = clustersOf(cloud).filter(
          (each) =>
            each.cluster.id !== cluster.cluster.id && subnetsOf(each).some((other) => sameId(other, id)),
        );
        room += usableAddressCount(subnet.addressPrefix) - others - guests.length * AT_ONCE;
      }
      if (subnetsOf(cluster).length === 0) return `${name} brought a virtual network of its own.`;
      return room >= AT_ONCE
        ? null
        : `The subnet of ${name} has ${Math.max(0, room)} addresses for its nodes, after what Azure keeps and others take; during an upgrade there are ${AT_ONCE}.`;
    },
    `The subnet of ${name} is too small for an upgrade of ${NODES} nodes.`,
  );

const isOverlayInVnet = holds(CLUSTERS[1], (cluster) => {
  const { networkPlugin, networkPluginMode } = cluster.cluster.networkProfile;
  if (networkPluginMode !== 'overlay') return `${CLUSTERS[1]} uses ${networkPlugin} without mode overlay.`;
  const elsewhere = subnetsOf(cluster).find((id) => !new RegExp(`/virtualNetworks/${VNET}/`, 'i').test(id));
  if (elsewhere !== undefined) return `A node pool is in ${elsewhere}, not in ${VNET}.`;
  return subnetsOf(cluster).length === 0 ? `${CLUSTERS[1]} is not in ${VNET}.` : null;
});

const sameWorkload = holds(CLUSTERS[0], (now, _, before) => {
  const created = ({ kubernetes }: ClusterView): string | undefined =>
    kubernetes.daemonSets[`default/${APP}`]?.metadata.creationTimestamp;
  if (created(now) === undefined) return `The DaemonSet ${APP} is gone.`;
  return created(now) === created(startView(before))
    ? null
    : `The DaemonSet ${APP} was made anew; a range is widened without taking the cluster away.`;
});

const DESTINATIONS = [
  { id: 'hub', to: 'vm/vm-hub', port: 22, who: 'the VM in vnet-hub' },
  { id: 'data', to: 'vm/vm-data', port: 22, who: 'the VM in vnet-data' },
  { id: 'erp', to: 'host/erp', port: 443, who: 'erp in the data centre' },
] as const;

function reaches(name: ClusterName, which: 'first' | 'second'): readonly FlowCheck[] {
  return [
    ...DESTINATIONS.map(({ id, to, port, who }): FlowCheck => ({
      kind: 'flow',
      id: `${which}-reaches-${id}`,
      evidence: `a pod of ${name} reaches ${who}, which sees the node`,
      from: podOf(name, 0),
      to,
      protocol: 'tcp',
      port,
      expect: { kind: 'delivered', seenSource: nodeAddressOf(name, 0) },
    })),
    {
      kind: 'flow',
      id: `${which}-pods-reach-each-other`,
      evidence: `a pod of ${name} reaches a pod on another of its nodes, which sees the pod itself`,
      from: podOf(name, 0),
      to: podAddressOf(name, 1),
      protocol: 'tcp',
      port: 80,
      expect: { kind: 'delivered', seenSource: podAddressOf(name, 0) },
    },
  ];
}

const isClear = (which: 'first' | 'second', name: ClusterName): Check => ({
  kind: 'invariant',
  id: `${which}-clear`,
  evidence: `the pod range and the service range of ${name} touch nothing that is connected`,
  holds: clear(name),
});

const lab: Lab = {
  id: 'room-for-300-nodes',
  title: 'Room for 300 nodes',
  minutes: 30,
  module: '01-network-plugins',
  order: 6,
  objectives: [
    'size a pod range and a node subnet of an Overlay cluster for the nodes to come and the surge of an upgrade',
    'widen the pod range of a running cluster without touching anything connected',
    'say which ranges two clusters may share, and which none may use',
  ],
  seeds: ['pine'],
  brief: `\`aks-fleet-1\` (\`rg-fleet\`) runs Azure CNI Overlay on three nodes in \`vnet-fleet\`, with a \`scan\` pod on each.
By next year it must be able to have **${NODES} nodes**, and so must a second cluster \`aks-fleet-2\` that does not exist yet.
Upgrades run with \`--max-surge 10%\`. Nobody wants to touch addresses again after this.

Pods call the VMs of two peered VNets, \`vnet-hub\` and \`vnet-data\` (TCP 22), and \`erp\` at \`10.0.3.10\` (TCP 443) in the
data centre, which has all of \`10.0.0.0/13\` behind the gateway of \`vnet-fleet\`. What the peers have, you can look up.

A pod range that was widened never shrinks again. If you went too far you can start this lab over; outside it there is
no such button.`,
  diagnosis: 'plan',
  tasks: [
    {
      id: 'plan',
      title: 'Do the sums',
      text: `Three numbers, before you change anything. The first is about the pod range that \`aks-fleet-1\` has now. Until
each has an answer, right or wrong, a failed check says what is and keeps the numbers to itself.`,
      hints: [
        `Each node of an Overlay cluster takes a /24 of the pod range when it joins, however few pods it runs. Surge nodes are nodes.`,
        `\`az aks show -g ${GROUP} -n aks-fleet-1 --query networkProfile.podCidr\`. A range with one bit less in its prefix length holds twice as many /24s. 10% of ${NODES} nodes are on top while an upgrade runs.`,
        `A /20 has 24 - 20 = 4 bits for nodes: 2^4 = 16. For ${AT_ONCE} nodes 8 bits are too few (256) and 9 are enough (512): 24 - 9.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'holds-now',
          evidence: 'the nodes that the present pod range has room for',
          key: 'holds-now',
          question: 'How many nodes can aks-fleet-1 have with the pod range that it has now?',
          accept: number(nodesNow, (given, before) =>
            given === nodesOf(startView(before)).length
              ? `${given} nodes are there. How many could there be?`
              : `Not ${given}. Count the /24s in the pod range: each node takes one, and none is kept for anything else.`,
          ),
        },
        {
          kind: 'answer',
          id: 'at-once',
          evidence: 'the most nodes that exist at once',
          key: 'at-once',
          question: `With ${NODES} nodes and --max-surge 10%, how many nodes exist at once while an upgrade runs?`,
          accept: number(
            () => AT_ONCE,
            (given) =>
              given === NODES
                ? 'Surge nodes join before the old ones leave, and each takes a /24 and an address too.'
                : `Not ${given}: ${NODES}, and a tenth of that on top.`,
          ),
        },
        {
          kind: 'answer',
          id: 'prefix-length',
          evidence: 'the smallest pod range that holds them',
          key: 'prefix-length',
          question:
            'Which prefix length has the smallest pod range with room for all of them? A number, such as 20.',
          accept: number(
            () => lengthFor(AT_ONCE),
            (given) =>
              given > NODE_SHARE || given < 1
                ? `A pod range of length ${given} is none.`
                : given > lengthFor(AT_ONCE)
                  ? `A /${given} holds ${2 ** Math.max(0, NODE_SHARE - given)} nodes, which is too few.`
                  : `A /${given} holds ${2 ** (NODE_SHARE - given)} nodes: enough, and there is a smaller one that is enough.`,
          ),
        },
      ],
    },
    {
      id: 'widen',
      title: 'Widen the first cluster',
      text: `Give \`aks-fleet-1\` a pod range with room for ${NODES} nodes and their surge. It and its pods stay, and they reach
what they reached before.`,
      hints: [
        `The new range must contain the old one, so for each prefix length there is exactly one. Azure looks at your VNet; whether a peer or the data centre lies in it, nobody checks but you.`,
        `\`az network vnet peering list -g ${GROUP} --vnet-name ${VNET} --query "[].{name:name, space:remoteAddressSpace.addressPrefixes}"\`, and compare with 10.240.0.0/16, /15, /14. \`netpath --from pod/NAME --to vm/vm-hub --port 22\` shows what becomes of a call.`,
        `\`az aks update -g ${GROUP} -n aks-fleet-1 --pod-cidr 10.240.0.0/15\`: 10.240.0.0 to 10.241.255.255, and 10.242.0.0/16 is the hub.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'first-pod-room',
          evidence: `the pod range of aks-fleet-1 has a /24 for each node that there is while ${NODES} are upgraded`,
          holds: podRoom(CLUSTERS[0]),
        },
        {
          kind: 'invariant',
          id: 'first-node-room',
          evidence: `the subnet of aks-fleet-1 has an address for each of these nodes`,
          holds: nodeRoom(CLUSTERS[0]),
        },
        isClear('first', CLUSTERS[0]),
        {
          kind: 'invariant',
          id: 'same-workload',
          evidence: `the DaemonSet ${APP} is the one that was there`,
          holds: sameWorkload,
        },
        ...reaches(CLUSTERS[0], 'first'),
      ],
    },
    {
      id: 'second',
      title: 'Build the second cluster',
      text: `Create \`aks-fleet-2\` in \`${GROUP}\` with Azure CNI Overlay, its nodes in \`${VNET}\`, with the same room: a pod range
and a node subnet for ${NODES} nodes and their surge. Two nodes will do for now. Its ranges touch nothing that is connected.
Run pods with the label \`app=${APP}\` on two nodes of it (\`kubectl create deployment ${APP} --image=nginx --replicas=4\`).`,
      hints: [
        `Pods of an Overlay cluster are known to its own nodes only. So what must be unique, and what may two clusters have both? And which default of \`az aks create\` lies inside the data centre?`,
        `Nodes have addresses of the VNet, Azure keeps five in each subnet, and \`snet-fleet-1\` is full if both clusters grow in it. For the service range see \`az aks create --help\`: its default is 10.0.0.0/16.`,
        `\`az network vnet subnet create -g ${GROUP} --vnet-name ${VNET} -n snet-fleet-2 --address-prefixes 10.20.2.0/23\`; then \`az aks create\` with \`--network-plugin azure --network-plugin-mode overlay --pod-cidr 10.240.0.0/15 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --vnet-subnet-id ID\`: the same ranges as the first cluster.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'second-is-overlay',
          evidence: `aks-fleet-2 runs Azure CNI Overlay, with its nodes in ${VNET}`,
          holds: isOverlayInVnet,
        },
        {
          kind: 'invariant',
          id: 'second-pod-room',
          evidence: `the pod range of aks-fleet-2 has a /24 for each node that there is while ${NODES} are upgraded`,
          holds: podRoom(CLUSTERS[1]),
        },
        {
          kind: 'invariant',
          id: 'second-node-room',
          evidence: `the subnet of aks-fleet-2 has an address for each of these nodes`,
          holds: nodeRoom(CLUSTERS[1]),
        },
        isClear('second', CLUSTERS[1]),
        ...reaches(CLUSTERS[1], 'second'),
      ],
    },
  ],
};

export default lab;
