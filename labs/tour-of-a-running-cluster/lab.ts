import { askModel } from '../../src/lab/ask-model.ts';
import {
  isMissing,
  nodesOf,
  nodesRunning,
  podEnd,
  subnetOfId,
  viewCluster,
  type ClusterView,
  type NodeView,
} from '../../src/lab/cluster-view.ts';
import type { Accepts, AnswerCheck, Before, Lab } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { FABRIC_MAC } from '../../src/model/compile/draft.ts';
import { getResource, listResources } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { formatAddress } from '../../src/model/ip/address.ts';
import { formatPrefix, parsePrefix, prefix, subnetAt } from '../../src/model/ip/prefix.ts';

const GROUP = 'rg-tour';
const CLUSTER = 'aks-tour';

/** Answers are about the cluster as it was handed over; what the learner changes on the tour is theirs. */
function viewed(start: Cloud): ClusterView {
  const view = viewCluster(start, GROUP, CLUSTER);
  if (isMissing(view)) throw new Error(view.missing);
  return view;
}

/** The node with the second piece of the pod range: everyone's example on this tour. */
function secondNode(start: Cloud): NodeView {
  return nth(nodesOf(viewed(start)), 1);
}

function nth<T>(items: readonly T[], at: number): T {
  const item = items[at];
  if (item === undefined) throw new Error(`the tour's network has no item ${at + 1}`);
  return item;
}

/** The source that a server sees when a pod on the node at `from` opens a connection to it. */
function seenSource(start: Cloud, from: number, to: string, port: number): string {
  const running = nodesRunning(viewed(start), 'web');
  const trace = askModel(start, { from: podEnd(nth(running, from).pod), to, protocol: 'tcp', port });
  if (!trace.ok) throw new Error(trace.error);
  const seen = trace.value.trace.seenSource;
  if (trace.value.trace.disposition !== 'delivered' || seen === null)
    throw new Error(trace.value.trace.reason);
  return formatAddress(seen.address);
}

function routeTo(start: Cloud, node: NodeView): { readonly name: string; readonly nextHop: string } {
  const { cluster } = viewed(start);
  const subnet = subnetOfId(start, nth(cluster.agentPoolProfiles, 0).vnetSubnetId ?? '');
  const table = getResource(start, subnet?.routeTable?.id ?? '', 'Microsoft.Network/routeTables');
  const route = table?.routes.find(({ addressPrefix }) => addressPrefix === node.podRange);
  if (route === undefined) throw new Error(`no route to ${node.podRange}`);
  return { name: route.name, nextHop: route.nextHopIpAddress ?? '' };
}

function hostNetworkPods(start: Cloud, node: NodeView): number {
  const { kubernetes } = viewed(start);
  return Object.values(kubernetes.pods).filter(
    ({ spec }) => spec.nodeName === node.name && spec.hostNetwork === true,
  ).length;
}

function nextRange(start: Cloud): string {
  const range = viewed(start).cluster.networkProfile.podCidr ?? '';
  const piece = subnetAt(prefix(range), 24, nodesOf(viewed(start)).length);
  if (piece === null) throw new Error('the pod range is used up');
  return formatPrefix(piece);
}

interface Asked {
  readonly id: string;
  readonly question: string;
  readonly evidence: string;
  readonly right: (start: Cloud) => string;
  /** Another true answer, which the learner's own looking around brought about at some moment. */
  readonly rightThen?: (cloud: Cloud) => string;
  /** Feedback that the learner's own wrong answer deserves, if it is a known one. */
  readonly mistaken?: (start: Cloud, answer: string) => string | null;
  readonly otherwise: string;
}

function asked({ id, question, evidence, right, rightThen, mistaken, otherwise }: Asked): AnswerCheck {
  const accept = (cloud: Cloud, answer: string, { start, since = [] }: Before): Accepts => {
    const given = plainAnswer(answer);
    const moments = [cloud, ...since.map((moment) => moment.cloud)];
    return given === plainAnswer(right(start)) || moments.some((then) => given === rightThen?.(then))
      ? { passed: true }
      : { passed: false, feedback: mistaken?.(start, given) ?? otherwise };
  };
  return { kind: 'answer', id, key: id, question, evidence, accept };
}

function podAddressMistake(start: Cloud, answer: string): string | null {
  const pod = Object.values(viewed(start).kubernetes.pods).find(
    ({ status, spec }) => status.podIP === answer && spec.hostNetwork !== true,
  );
  return pod === undefined
    ? null
    : `${answer} is the pod's own address. Outside the pod range the node puts its own in its place: ask the server itself, with curl.`;
}

const lab: Lab = {
  id: 'tour-of-a-running-cluster',
  title: 'A tour of a running cluster',
  minutes: 25,
  module: '01-network-plugins',
  order: 1,
  objectives: [
    'find out which node holds which pod range, and what the next node will get',
    'tell pods with an address of their own from pods that use the address of their node',
    'follow the route from one node to the pods of another',
    'say which address a server sees, before you ask it',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `The cluster \`${CLUSTER}\` in resource group \`${GROUP}\` runs with kubenet on the VNet \`vnet-tour\`.
A deployment \`web\` (nginx) has pods on every node, \`vm-shop\` is a web server in another subnet of the VNet, and
\`10.1.2.3\` is one in a branch office behind a VPN. Every one of these servers answers with the address of the
client that it sees.

Look around with \`kubectl\`, \`az\`, and inside nodes and pods with \`ip\`, \`arp\` and \`curl\`; write down what you find
with \`answer KEY VALUE\`. You cannot break anything: the questions are about the cluster as you found it.`,
  tasks: [
    {
      id: 'ranges',
      title: 'Who holds which range',
      text: `Every node got a /24 of the pod range when it joined. Find the node with the **second** /24 of the pod
range (the one after \`x.y.0.0/24\`); the rest of the tour is about that node.`,
      hints: [
        `The cluster has one pod range. The controller manager gives the next free /24 to each node that joins, whatever its name or pool.`,
        `\`az aks show --query networkProfile.podCidr\` for the range; the pieces stand in each node's \`spec.podCIDR\`.`,
        `\`kubectl get nodes -o custom-columns=NAME:.metadata.name,RANGE:.spec.podCIDR\` lists them; \`kubectl get nodes -o yaml | grep podCIDR:\` does too.`,
      ],
      checks: [
        asked({
          id: 'range-holder',
          question: 'Which node holds the second /24 of the pod range? Its name.',
          evidence: 'the node that holds the second range',
          right: (start) => secondNode(start).name,
          mistaken: (start, answer) => {
            const node = nodesOf(viewed(start)).find(({ name }) => name === answer);
            return node === undefined ? null : `${answer} holds ${node.podRange}.`;
          },
          otherwise: 'That is no name of a node: see kubectl get nodes.',
        }),
        asked({
          id: 'next-range',
          question: 'Which range will the next node get that joins? In the form 10.0.0.0/24.',
          evidence: 'the range that the next node gets',
          right: nextRange,
          mistaken: (start, answer) => {
            if (!parsePrefix(answer).ok)
              return 'Write it as a range with its length, for example 10.0.0.0/24.';
            const holder = nodesOf(viewed(start)).find(({ podRange }) => podRange === answer);
            return holder === undefined ? null : `${answer} is taken: ${holder.name} holds it.`;
          },
          otherwise: 'Ranges are given in order, without a gap, one /24 for each node.',
        }),
      ],
    },
    {
      id: 'inside',
      title: 'Inside the node',
      text: `Open a shell on that node with \`kubectl debug node/NAME -it --image=busybox\` and look at its
interfaces, routes and neighbours (\`ip addr\`, \`ip route\`, \`arp -a\`); then at the pods it runs, in all namespaces.`,
      hints: [
        `A pod normally has an interface of its own on the bridge cbr0. A pod may ask to live in the node's own network instead.`,
        `\`ip addr show cbr0\` for the bridge. \`arp -a\` on eth0 shows what Azure answers for every neighbour. \`kubectl get pods -A -o wide --field-selector spec.nodeName=NODE\` lists the pods; compare IP with the node's.`,
        `\`kubectl get pods -A -o json | jq -r '.items[] | select(.spec.nodeName=="NODE" and .spec.hostNetwork) | .metadata.name'\` prints the pods that use the node's address.`,
      ],
      checks: [
        asked({
          id: 'bridge-address',
          question: "Which address has the node's own end of the bridge cbr0?",
          evidence: 'the address of the bridge',
          right: (start) => secondNode(start).podRange?.replace(/\.0\/24$/, '.1') ?? '',
          mistaken: (start, answer) =>
            answer === secondNode(start).address
              ? `${answer} is on eth0, the card of the machine. cbr0 is the bridge between its pods.`
              : answer.endsWith('/24')
                ? 'The address only, without the length.'
                : null,
          otherwise: 'ip addr show cbr0 on that node prints it.',
        }),
        asked({
          id: 'neighbour-mac',
          question: 'At which MAC address does the node know its neighbours on eth0?',
          evidence: 'what answers ARP on eth0',
          right: () => FABRIC_MAC,
          otherwise:
            'Look at the lines of arp -a that end in "on eth0". (If there is none, let the node talk to another first: ping it.)',
        }),
        asked({
          id: 'node-address-pods',
          question: 'How many pods on that node, in all namespaces, use the address of the node?',
          evidence: 'the number of pods without an address of their own',
          right: (start) => String(hostNetworkPods(start, secondNode(start))),
          // The pods of kubectl debug node/... are such pods too, and stay in the list.
          rightThen: (cloud) => String(hostNetworkPods(cloud, secondNode(cloud))),
          otherwise:
            'Count the pods of kubectl get pods -A -o wide on that node whose IP is the INTERNAL-IP of the node.',
        }),
        asked({
          id: 'why-node-address',
          question: 'Which field of their spec is the reason? Its name.',
          evidence: 'the reason for that',
          right: () => 'hostNetwork',
          mistaken: (_, answer) =>
            answer.includes('daemonset')
              ? 'A DaemonSet only puts one pod on each node. Its pods have addresses of their own unless their spec says otherwise.'
              : answer.includes('privileged')
                ? 'A privileged container may do more, but that alone gives it no other network.'
                : null,
          otherwise: 'Compare kubectl get pod NAME -n kube-system -o yaml of such a pod with one of web.',
        }),
      ],
    },
    {
      id: 'across',
      title: 'From node to node',
      text: `Azure knows nothing of pods. Find out what leads a packet for a pod on your node to that node, and
which address the pod sees when a pod of *another* node calls it.`,
      hints: [
        `The subnet of the nodes has a route table. AKS keeps one route in it for each node.`,
        `\`az network vnet subnet show --query routeTable.id\`, then \`az network route-table route list\`. For the address: \`kubectl exec POD -- curl -s ADDRESS\` from a pod on another node.`,
        `\`az network route-table route list -g ${GROUP} --route-table-name rt-tour -o table\`: find the line with your node's range.`,
      ],
      checks: [
        asked({
          id: 'route-name',
          question: 'What is the name of the route that leads to the pods of that node?',
          evidence: 'the route to the pods of that node',
          right: (start) => routeTo(start, secondNode(start)).name,
          otherwise: 'It is the route of the table rt-tour whose addressPrefix is the range of that node.',
        }),
        asked({
          id: 'next-hop',
          question: 'Which address is its next hop?',
          evidence: 'where that route leads',
          right: (start) => routeTo(start, secondNode(start)).nextHop,
          otherwise: 'It is the nextHopIpAddress of that route, and whose address is that?',
        }),
        asked({
          id: 'pod-sees',
          question:
            'The first pod of web (by name) on the node with the FIRST range calls a pod on your node with curl. Which source address does that pod see?',
          evidence: 'what a pod sees of a pod on another node',
          right: (start) => {
            const running = nodesRunning(viewed(start), 'web');
            return seenSource(start, 0, podEnd(nth(running, 1).pod), 80);
          },
          mistaken: (start, answer) =>
            nodesOf(viewed(start)).some(({ address }) => address === answer)
              ? `${answer} is a node. Inside the pod range nothing is translated, or the answer could not find its way.`
              : null,
          otherwise:
            'Let it call: kubectl exec POD -- curl -s ADDRESS prints the client that the server sees.',
        }),
      ],
    },
    {
      id: 'outside',
      title: 'What the outside sees',
      text: `Now let a pod of \`web\` on **your** node call the VM, the branch office and the internet
(\`curl ifconfig.me\`). Before each: which address will the server see? Then ask.`,
      hints: [
        `Only nodes have addresses that the VNet knows. And only Azure's load balancer gives a node a public one.`,
        `Find a pod on your node with \`kubectl get pods -o wide\`, then \`kubectl exec POD -- curl -s ADDRESS\`. The address of the VM is in \`az vm list-ip-addresses\`.`,
        `\`kubectl exec POD -- curl -s ifconfig.me\` prints the public address; \`az network public-ip list\` in the node resource group has it too.`,
      ],
      checks: [
        asked({
          id: 'vm-sees',
          question:
            'A pod of web on your node calls vm-shop on port 80. Which source address does the VM see?',
          evidence: 'what a VM in the same VNet sees',
          right: (start) => seenSource(start, 1, 'vm/vm-shop', 80),
          mistaken: podAddressMistake,
          otherwise: 'Let it call the VM with curl and read the client address in the answer.',
        }),
        asked({
          id: 'branch-sees',
          question:
            'The same pod calls 10.1.2.3 on port 80. Which source address does the branch office see?',
          evidence: 'what a server behind a VPN sees',
          right: (start) => seenSource(start, 1, 'host/branch', 80),
          mistaken: podAddressMistake,
          otherwise: 'Let it call 10.1.2.3 with curl and read the client address in the answer.',
        }),
        asked({
          id: 'internet-sees',
          question: 'The same pod calls ifconfig.me. Which source address does the internet see?',
          evidence: 'what the internet sees',
          right: (start) => seenSource(start, 1, 'internet', 80),
          mistaken: (start, answer) =>
            podAddressMistake(start, answer) ??
            (nodesOf(viewed(start)).some(({ address }) => address === answer)
              ? `${answer} is the address of a node, which no router of the internet knows. What does the cluster have that is public?`
              : listResources(start, 'Microsoft.Network/publicIPAddresses').length === 0
                ? 'The cluster has no public address.'
                : null),
          otherwise: 'curl ifconfig.me from the pod prints it.',
        }),
      ],
    },
  ],
};

export default lab;
