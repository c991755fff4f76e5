import { admittedSources } from '../../src/lab/admitted-sources.ts';
import { askModel } from '../../src/lab/ask-model.ts';
import {
  isMissing,
  nodesOf,
  nodesRunning,
  podEnd,
  podsOn,
  subnetOfId,
  viewCluster,
} from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { armKey } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { formatAddress, parseAddress } from '../../src/model/ip/address.ts';
import {
  setCovers,
  setIntersect,
  setIsEmpty,
  setOf,
  setSubtract,
  setToPrefixes,
} from '../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../src/model/ip/address-set.ts';
import { formatPrefix, parsePrefix, prefix } from '../../src/model/ip/prefix.ts';
import type { Prefix } from '../../src/model/ip/prefix.ts';

const GROUP = 'rg-plant';
const CLUSTER = 'aks-plant';
const APP = 'orders';
const ERP = 'host/erp';
const PORT = 8080;
const REPORTS = prefix('10.60.8.0/24');
const NODES = 3;

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, GROUP, CLUSTER);

function startView({ start }: Before): ClusterView {
  const found = view(start);
  if (isMissing(found)) throw new Error(found.missing);
  return found;
}

type Found = ReturnType<typeof nodesRunning>[number];

function pick(at: number, take: (found: Found) => string): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const running = nodesRunning(cluster, APP);
    const found = running[at];
    return found === undefined
      ? {
          missing: `Pods with the label app=${APP} and an address of their own run on ${running.length} of ${nodesOf(cluster).length} nodes; there were ${NODES}.`,
        }
      : take(found);
  };
}

const podOn = (at: number): EndOf => pick(at, ({ pod }) => podEnd(pod));
const podAddress = (at: number): EndOf => pick(at, ({ pod }) => pod.status.podIP ?? '');
const nodeAddress = (at: number): EndOf => pick(at, ({ node }) => node.address);

/** The subnet of the nodes, where the cluster had it when the lab began. */
function nodeSubnet(before: Before): Prefix {
  const [pool] = startView(before).cluster.agentPoolProfiles;
  const subnet = subnetOfId(before.start, pool?.vnetSubnetId ?? '');
  if (subnet === null) throw new Error('the nodes have no subnet');
  return prefix(subnet.addressPrefix);
}

function acceptSeenBefore(_: Cloud, answer: string, before: Before): Accepts {
  const cluster = startView(before);
  const given = plainAnswer(answer);
  const nodes = nodesOf(cluster);
  const pods = nodes.flatMap(({ name }) => podsOn(cluster, name, APP));
  if (pods.some((pod) => pod.status.podIP === given && seenFrom(before.start, podEnd(pod)) === given)) {
    return { passed: true };
  }
  if (nodes.some(({ address }) => address === given)) {
    return {
      passed: false,
      feedback: `${given} is a node. Most destinations see that, but not this one: what does curl from a pod print as the client?`,
    };
  }
  return {
    passed: false,
    feedback: `${given} is not the address of a pod of ${APP}. Answer with what erp prints as its client, without the port.`,
  };
}

function seenFrom(cloud: Cloud, from: string): string | null {
  const answer = askModel(cloud, { from, to: ERP, protocol: 'tcp', port: PORT });
  const seen = answer.ok ? answer.value.trace.seenSource : null;
  return seen === null ? null : formatAddress(seen.address);
}

/** The ConfigMaps without which erp would see something else. */
function deciding(start: Cloud): readonly string[] {
  const cluster = view(start);
  if (isMissing(cluster)) throw new Error(cluster.missing);
  const [first] = nodesRunning(cluster, APP);
  if (first === undefined) throw new Error(`no pod of ${APP} runs`);
  const end = podEnd(first.pod);
  const now = seenFrom(start, end);
  const key = armKey(cluster.cluster.id);
  return Object.entries(cluster.kubernetes.configMaps).flatMap(([id, { metadata }]) => {
    const { [id]: _, ...configMaps } = cluster.kubernetes.configMaps;
    const without: Cloud = {
      ...start,
      kubernetes: { ...start.kubernetes, [key]: { ...cluster.kubernetes, configMaps } },
    };
    return seenFrom(without, end) === now ? [] : [metadata.name];
  });
}

function acceptKeptBy(_: Cloud, answer: string, before: Before): Accepts {
  const given = plainAnswer(answer).split('/').at(-1) ?? '';
  if (deciding(before.start).includes(given)) return { passed: true };
  const exists = Object.values(startView(before).kubernetes.configMaps).some(
    ({ metadata }) => metadata.name === given,
  );
  return {
    passed: false,
    feedback: exists
      ? `Without ${given} erp would still see the pods: AKS writes it for every cluster. Read data of both ConfigMaps of the masquerade agent.`
      : `There is no ConfigMap ${given}: kubectl get configmaps -n kube-system lists them.`,
  };
}

function acceptSeenAfter(_: Cloud, answer: string, before: Before): Accepts {
  const wanted = formatPrefix(nodeSubnet(before));
  const text = answer.trim().replace(/^["'`](.*)["'`]$/, '$1');
  const given = parsePrefix(text);
  if (!given.ok) {
    const single = parseAddress(text);
    return {
      passed: false,
      feedback: single.ok
        ? `${text} is one address. Which addresses may the callers have, also those of a node that joins next year? A range such as 10.0.0.0/24.`
        : `${text} is not a range such as 10.0.0.0/24.`,
    };
  }
  if (formatPrefix(given.value) === wanted) return { passed: true };
  const { podCidr } = startView(before).cluster.networkProfile;
  return {
    passed: false,
    feedback:
      formatPrefix(given.value) === podCidr
        ? `${podCidr} is the pods' own range. With Overlay nobody outside the cluster ever sees it.`
        : `Not ${text}. Pods of an Overlay cluster call with the address of their node: which range do nodes get theirs from, and nobody else?`,
  };
}

function holds(test: (cluster: ClusterView, cloud: Cloud, before: Before) => string | null) {
  return (cloud: Cloud, before: Before): Holds => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud, before);
    return found === null ? { passed: true } : { passed: false, found };
  };
}

const isOverlay = holds(({ cluster }) => {
  const { networkPlugin, networkPluginMode } = cluster.networkProfile;
  if (networkPlugin !== 'azure' || networkPluginMode !== 'overlay') {
    return `The cluster's network plugin is ${networkPlugin}${networkPluginMode === null ? '' : `, mode ${networkPluginMode}`}.`;
  }
  const states = [cluster, ...cluster.agentPoolProfiles].map(({ provisioningState }) => provisioningState);
  const busy = states.find((state) => state !== 'Succeeded');
  return busy === undefined
    ? null
    : `The move is not done: the state of the cluster or of a pool is ${busy}.`;
});

/** Moved in place: nobody had to do without the cluster or the workload. */
const sameWorkload = holds((now, _, before) => {
  const was = startView(before);
  const created = ({ kubernetes }: ClusterView): string | undefined =>
    kubernetes.daemonSets[`default/${APP}`]?.metadata.creationTimestamp;
  if (created(now) === undefined) return `The DaemonSet ${APP} is gone.`;
  if (created(now) !== created(was)) {
    return `The DaemonSet ${APP} was made anew; the cluster moves with what runs in it.`;
  }
  const ready = nodesOf(now).filter((node) => node.ready === 'yes').length;
  return ready >= NODES ? null : `Only ${ready} of ${NODES} nodes are Ready.`;
});

const listed = (set: AddressSet): string => {
  const prefixes = setToPrefixes(set);
  const shown = prefixes.slice(0, 3).map(formatPrefix).join(', ');
  return prefixes.length > 3 ? `${shown} and more` : shown;
};

/** `symptom` keeps the range to itself that a question asks for. */
function admits(symptom: string, test: (admitted: AddressSet, nodes: AddressSet) => string | null) {
  return (cloud: Cloud, before: Before): Holds => {
    const admitted = admittedSources(cloud, ERP, PORT);
    if (isMissing(admitted)) return { passed: false, found: admitted.missing };
    const found = test(admitted, setOf(nodeSubnet(before)));
    return found === null ? { passed: true } : { passed: false, found, symptom };
  };
}

const everyNode = admits('erp does not admit every address that orders can come from.', (admitted, nodes) => {
  if (setCovers(admitted, nodes)) return null;
  const some = !setIsEmpty(setIntersect(admitted, nodes));
  return `erp ${some ? 'admits a part of' : 'does not admit'} the nodes' subnet to TCP ${PORT}; missing: ${listed(setSubtract(nodes, admitted))}. A surge node of the next upgrade has one of these addresses.`;
});

const nobodyElse = admits('erp admits somebody besides the nodes and the reports.', (admitted, nodes) => {
  const strangers = setSubtract(setSubtract(admitted, nodes), setOf(REPORTS));
  return setIsEmpty(strangers)
    ? null
    : `erp admits more than the nodes and the reports to TCP ${PORT}: ${listed(strangers)}.`;
});

function podsReach(at: number, name: string): FlowCheck {
  return {
    kind: 'flow',
    id: `${name}-pod-reaches-erp`,
    evidence: `the pod on the ${name} node reaches erp, which sees the node`,
    from: podOn(at),
    to: ERP,
    protocol: 'tcp',
    port: PORT,
    expect: { kind: 'delivered', seenSource: nodeAddress(at) },
  };
}

function staysOut(id: string, from: string, who: string): FlowCheck {
  return {
    kind: 'flow',
    id,
    evidence: `${who} cannot reach it: the firewall of erp drops the packet`,
    from,
    to: ERP,
    protocol: 'tcp',
    port: PORT,
    expect: {
      kind: 'blocked',
      disposition: ['denied-inbound', 'refused'],
      by: /\bINPUT\b/,
      control: 'reports-reach-erp',
    },
  };
}

const lab: Lab = {
  id: 'from-kubenet-to-overlay',
  title: 'From kubenet to Overlay',
  minutes: 35,
  module: '02-network-plugin-comparison',
  order: 1,
  objectives: [
    'find out what outside the cluster depends on kubenet, before the move does',
    'move a running cluster from kubenet to Azure CNI Overlay',
    'change a firewall rule to the new source, and to nothing wider',
  ],
  seeds: ['harbour', 'mill'],
  brief: `\`aks-plant\` (\`rg-plant\`) still runs kubenet, and has to move to Azure CNI Overlay with everything that runs
in it. Its pods, the DaemonSet \`orders\`, call the ERP server \`erp\` in the data centre: \`10.1.0.10\`, TCP 8080, behind
the private connection of \`vnet-plant\`. The day after the last attempt ended with "orders do not get through", and
nobody wrote down why.

\`erp\` is an old Linux machine with a firewall of its own; \`ssh erp\` logs you in as root over the management network.
Besides the cluster, the reports VM (\`10.60.8.0/24\`) may call it on 8080, and administrators (\`10.1.5.0/24\`) on 22. The
guests' subnet \`10.60.9.0/24\` and the rest of the data centre, printers included, may not, and nobody else from now on.`,
  diagnosis: 'look',
  tasks: [
    {
      id: 'look',
      title: 'Say what erp sees, and what it will see',
      text: `Three questions, to be answered before you touch anything: a move that has no answer to the third one
ends like the last one. Until each has an answer, right or wrong, a failed check says what callers see and not why.
Answers are compared with the network as you found it.`,
      hints: [
        `A pod's packet leaves its node either with the pod's address or with the node's. The masquerade agent on each node decides by destination, and it reads two ConfigMaps: one of AKS, and one of yours if there is one.`,
        `Every web server of this workbook prints its client: \`kubectl exec POD -- curl -s http://10.1.0.10:8080\`. Then \`kubectl get configmaps -n kube-system\` and \`-o yaml\` of those of \`ip-masq-agent\`. With Overlay a pod is known to the outside by its node: see \`kubectl get nodes -o wide\`, and the subnet of the nodes.`,
        `\`answer seen-before "$(kubectl get pods -l app=${APP} -o jsonpath='{.items[0].status.podIP}')"\`; \`answer kept-by NAME\` with the ConfigMap that lists \`10.1.0.0/16\`; \`answer seen-after "$(az network vnet subnet show -g ${GROUP} --vnet-name vnet-plant -n snet-nodes --query addressPrefix -o tsv)"\`.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'seen-before',
          evidence: 'the address that erp sees as its client today',
          key: 'seen-before',
          question: `A pod of ${APP} calls erp. Which address does erp see as its client, as long as the cluster is as you found it?`,
          accept: acceptSeenBefore,
        },
        {
          kind: 'answer',
          id: 'kept-by',
          evidence: 'what makes it so',
          key: 'kept-by',
          question: 'Which ConfigMap in kube-system makes it so? Its name.',
          accept: acceptKeptBy,
        },
        {
          kind: 'answer',
          id: 'seen-after',
          evidence: 'where calls will come from after the move',
          key: 'seen-after',
          question:
            'After the move, from which range will these calls come? The smallest range that also holds the nodes to come, in CIDR notation.',
          accept: acceptSeenAfter,
        },
      ],
    },
    {
      id: 'move',
      title: 'Move the cluster',
      text: `Move \`${CLUSTER}\` to Azure CNI Overlay in place. The DaemonSet \`${APP}\` stays the one it is, and its pods
reach each other across nodes.`,
      hints: [
        `It is one command, and it is refused while something exists that Overlay cannot honour. Read the refusal.`,
        `\`az aks update --help\`: a network plugin and its mode. What must go first is named in the error and is the answer to your second question.`,
        `\`kubectl delete configmap azure-ip-masq-agent-config -n kube-system\`, then \`az aks update -g ${GROUP} -n ${CLUSTER} --network-plugin azure --network-plugin-mode overlay\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'overlay',
          evidence: 'the cluster runs Azure CNI Overlay, and the move is complete',
          holds: isOverlay,
        },
        {
          kind: 'invariant',
          id: 'same-workload',
          evidence: `the DaemonSet ${APP} is the one that was there, on ${NODES} nodes that are Ready`,
          holds: sameWorkload,
        },
        {
          kind: 'flow',
          id: 'pods-reach-each-other',
          evidence: 'a pod reaches a pod on another node, which sees the pod itself',
          from: podOn(0),
          to: podAddress(1),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: podAddress(0) },
        },
      ],
    },
    {
      id: 'admit',
      title: 'Let the orders through, and nobody else',
      text: `Pods on every node reach \`erp\` on TCP 8080 and are seen as their node. The reports VM and the administrators
keep what they had. Nobody else gets in: not the guests, not a printer, not a pod on port 22, and not whoever may one day
have an address of the pods' old range. The next upgrade brings surge nodes: they must get through too.`,
      hints: [
        `A chain is read from the top and the first rule that matches decides. A rule behind one that matches everything is never reached.`,
        `\`ssh erp iptables -nL INPUT --line-numbers\` shows the rules with their numbers; \`netpath --from pod/NAME --to host/erp --port 8080\` names the rule that decides, and those that did not match with the reason.`,
        `Replace the rule that admits the pod range: \`ssh erp iptables -R INPUT 5 -s RANGE -p tcp --dport 8080 -j ACCEPT\`, with the range that you gave as \`seen-after\`.`,
      ],
      checks: [
        podsReach(0, 'first'),
        podsReach(2, 'third'),
        {
          kind: 'invariant',
          id: 'nodes-to-come',
          evidence: 'every address that a node can get is admitted',
          holds: everyNode,
        },
        {
          kind: 'flow',
          id: 'reports-reach-erp',
          evidence: 'the reports VM still reaches it',
          from: 'vm/vm-reports',
          to: ERP,
          protocol: 'tcp',
          port: PORT,
          expect: { kind: 'delivered' },
        },
        {
          kind: 'flow',
          id: 'administrators-reach-erp',
          evidence: 'an administrator still gets in on port 22',
          from: 'host/admin',
          to: ERP,
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'delivered' },
        },
        staysOut('guests-stay-out', 'vm/vm-guests', "a VM of the guests' subnet"),
        staysOut('printers-stay-out', 'host/printer', 'a printer of the data centre'),
        {
          kind: 'flow',
          id: 'port-22-stays-closed',
          evidence: 'a pod cannot reach port 22: the firewall of erp drops the packet',
          from: podOn(0),
          to: ERP,
          protocol: 'tcp',
          port: 22,
          expect: {
            kind: 'blocked',
            disposition: ['denied-inbound', 'refused'],
            by: /\bINPUT\b/,
            control: 'administrators-reach-erp',
          },
        },
        {
          kind: 'invariant',
          id: 'nobody-else',
          evidence: "nobody but the nodes' subnet and the reports' is admitted to TCP 8080",
          holds: nobodyElse,
        },
      ],
    },
  ],
};

export default lab;
