import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalAddress, externalEnd, findService } from '../../src/lab/service-view.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { backendHealth } from '../../src/model/compile/load-balancer-health.ts';
import type { RuleHealth } from '../../src/model/compile/load-balancer-health.ts';

const APP = 'news';
const READERS = ['reader-1', 'reader-2', 'reader-3', 'reader-4', 'reader-5', 'reader-6'] as const;

/** The address of a host on the internet. */
function addressOf(host: string): EndOf {
  return (cloud) =>
    cloud.outsideHosts.find(({ name }) => name === host)?.address ?? { missing: `There is no host ${host}.` };
}

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, 'rg-news', 'aks-news');

const published: EndOf = externalEnd(view, 'default', APP);

/** What the load balancer finds behind the rule for port 80 of the Service. */
function healthOfService(cloud: Cloud): RuleHealth | Missing {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const address = externalAddress(cluster, 'default', APP);
  if (isMissing(address)) return address;
  const balancer = findResource(
    cloud,
    'Microsoft.Network/loadBalancers',
    cluster.cluster.nodeResourceGroup,
    'kubernetes',
  );
  const health = backendHealth(cloud, balancer?.id ?? '').find(
    ({ frontend, rule }) => frontend === address && rule.frontendPort === 80,
  );
  return health ?? { missing: `No load balancing rule leads from ${address}:80 to the nodes.` };
}

/** Nodes that run a ready pod of the app. */
function serving(cluster: ClusterView): readonly string[] {
  return nodesRunning(cluster, APP).flatMap(({ node }) => {
    const ready = Object.values(cluster.kubernetes.pods).some(
      (pod) =>
        pod.spec.nodeName === node.name &&
        pod.metadata.labels?.['app'] === APP &&
        (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
    return ready ? [node.name] : [];
  });
}

function allServingNodesUsed(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const health = healthOfService(cloud);
  if (isMissing(health)) return { passed: false, found: health.missing };
  const wanted = serving(cluster);
  if (wanted.length < 2) {
    return { passed: false, found: `Ready pods of ${APP} run on ${wanted.length} nodes; there were two.` };
  }
  const left = health.members.find(({ name, state }) => wanted.includes(name) && state !== 'healthy');
  return left === undefined
    ? { passed: true }
    : {
        passed: false,
        found: `${left.name} runs a ready pod and gets no traffic: the probe of rule ${health.rule.name} finds it ${left.state}.`,
      };
}

/** With Local a node without a ready pod drops what it is given, so it must be given nothing. */
function onlyServingNodesUsed(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const health = healthOfService(cloud);
  if (isMissing(health)) return { passed: false, found: health.missing };
  const wanted = serving(cluster);
  const given = health.members.find(({ name, state }) => !wanted.includes(name) && state === 'healthy');
  return given === undefined
    ? { passed: true }
    : {
        passed: false,
        found: `${given.name} has no ready pod of ${APP}, and the load balancer sends it readers.`,
      };
}

/** The exercise is about the Service: the fleet, its readiness and the canary stay as they are. */
function sameFleet(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const nodes = nodesOf(cluster);
  if (nodes.length !== 4) return { passed: false, found: `There are ${nodes.length} nodes; there were 4.` };
  const running = nodesRunning(cluster, APP).length;
  return running === 3
    ? { passed: true }
    : {
        passed: false,
        found: `Pods with the label app=${APP} run on ${running} nodes; two serve and the canary waits on a third.`,
      };
}

const readerFlows: readonly FlowCheck[] = READERS.map((reader) => ({
  kind: 'flow',
  id: reader,
  evidence: `${reader} gets an answer from a pod that sees the address of ${reader}`,
  from: `host/${reader}`,
  to: published,
  protocol: 'tcp',
  port: 80,
  expect: { kind: 'delivered', seenSource: addressOf(reader) },
}));

type Found = ReturnType<typeof nodesRunning>[number];

function ofWorker(take: (found: Found) => string): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const found = nodesRunning(cluster, 'worker')[0];
    return found === undefined ? { missing: 'No pod with the label app=worker runs.' } : take(found);
  };
}

function node(at: number): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const found = nodesOf(cluster)[at];
    return found === undefined ? { missing: `There is no node number ${at + 1}.` } : `node/${found.name}`;
  };
}

function closedToBuild(at: number, name: string): readonly FlowCheck[] {
  return [
    {
      kind: 'flow',
      id: `build-to-${name}`,
      evidence: `the build VM still cannot reach the ${name} node, by the subnet's NSG`,
      from: 'vm/vm-build',
      to: node(at),
      protocol: 'tcp',
      port: 10250,
      expect: {
        kind: 'blocked',
        disposition: 'denied-inbound',
        by: /\bNSG\b/,
        control: `ops-to-${name}`,
      },
    },
    {
      kind: 'flow',
      id: `ops-to-${name}`,
      evidence: `the operators' VM reaches the ${name} node`,
      from: 'vm/vm-ops',
      to: node(at),
      protocol: 'tcp',
      port: 10250,
      expect: { kind: 'delivered' },
    },
  ];
}

/** Probes need one source let in. Who lets everybody in to the same ports opens the nodes to the build VM. */
function closedOnEveryPort(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const service = findService(cluster, 'default', APP);
  if (isMissing(service)) return { passed: false, found: service.missing };
  const { ports = [], healthCheckNodePort } = service.spec;
  const asked = [22, ...ports.map(({ nodePort }) => nodePort), healthCheckNodePort].filter(
    (port) => port !== undefined,
  );
  for (const { name } of nodesOf(cluster)) {
    for (const port of asked) {
      const answer = askModel(cloud, { from: 'vm/vm-build', to: `node/${name}`, protocol: 'tcp', port });
      if (!answer.ok) return { passed: false, found: answer.error };
      const { disposition } = answer.value.trace;
      if (disposition !== 'denied-inbound') {
        return { passed: false, found: `vm-build to node/${name} tcp/${port} is ${disposition}.` };
      }
    }
  }
  return { passed: true };
}

function acceptProbePort(cloud: Cloud, answer: string): Accepts {
  const health = healthOfService(cloud);
  if (isMissing(health)) return { passed: false, feedback: health.missing };
  const cluster = view(cloud);
  const balancer = isMissing(cluster)
    ? null
    : findResource(cloud, 'Microsoft.Network/loadBalancers', cluster.cluster.nodeResourceGroup, 'kubernetes');
  const probe = balancer?.probes.find(({ id }) => id === health.rule.probe?.id);
  if (probe === undefined) return { passed: false, feedback: 'The rule of port 80 has no probe at all.' };
  if (probe.requestPath === null) {
    return {
      passed: false,
      feedback: 'The probe still asks what it asked before: whether the node port is open.',
    };
  }
  const given = plainAnswer(answer);
  if (given === String(probe.port)) return { passed: true };
  return {
    passed: false,
    feedback:
      given === '30080'
        ? 'That is the node port. With Local the load balancer no longer asks whether a connection gets anywhere, but whether this node itself has a pod.'
        : `The probe of the rule does not ask port ${given}: see spec of the Service, or az network lb probe list.`,
  };
}

function acceptServing(cloud: Cloud, answer: string): Accepts {
  const health = healthOfService(cloud);
  if (isMissing(health)) return { passed: false, feedback: health.missing };
  const healthy = health.members.filter(({ state }) => state === 'healthy').length;
  const given = plainAnswer(answer);
  if (given === String(healthy)) return { passed: true };
  const running = given === '3';
  return {
    passed: false,
    feedback: running
      ? 'A pod of the app runs on three nodes, but one of them is not ready, and only ready pods are endpoints.'
      : `Not ${given}. Ask each node: curl its health check port for /healthz, from a node or the operators' VM.`,
  };
}

const [firstReader, ...otherReaders] = readerFlows;
if (firstReader === undefined) throw new Error('there are no readers');

const lab: Lab = {
  id: 'keep-the-client-address',
  title: 'Who reads the news',
  minutes: 35,
  module: '04-load-balancer-services',
  order: 2,
  objectives: [
    'have pods see their clients, and know what that costs',
    'find out which nodes a load balancer uses, and why not the others',
    'keep a probe working behind a network security group of your own',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `The paper counts its readers by address, and since it moved to \`aks-news\` (\`rg-news\`) it counts four: the
nodes. Service \`news\` publishes the pods with the label \`app=news\`. They run on three of the four nodes, and the one on
the third, a canary, has never become ready. That is known; leave the pods as they are.

The nodes' subnet has a strict group of its own, \`nsg-nodes\`: it lets in what it names and drops the rest. On the
internet there are \`reader-1\` to \`reader-6\`; in the VNet \`vm-ops\`, which may reach the nodes, and \`vm-build\`, which
may not.`,
  tasks: [
    {
      id: 'see-the-reader',
      title: 'Let the pods see their readers',
      text: `Every reader gets an answer on port 80 of the published address, from a pod that sees the reader's own address.
No reader is turned away. Every node with a ready pod takes its share.`,
      hints: [
        `A node that gets a connection and may have to hand it to another node must put its own address on it, or the answer would not come back its way. It can leave the address alone if it never hands anything on.`,
        `\`externalTrafficPolicy\` decides. Then see what the load balancer does: \`az network lb probe list\` in the node resource group, and \`netpath --from host/reader-1 --to ADDRESS --port 80\`, which says of every node why it was left out.`,
        `With \`Local\` the probe asks \`/healthz\` on the Service's \`healthCheckNodePort\`. The rule AllowProbe of \`nsg-nodes\` names the old port: \`az network nsg rule update -g rg-news --nsg-name nsg-nodes -n AllowProbe --destination-port-ranges PORT\`.`,
      ],
      checks: [
        firstReader,
        ...otherReaders,
        {
          kind: 'invariant',
          id: 'every-serving-node',
          evidence: 'each node with a ready pod passes the probe',
          holds: allServingNodesUsed,
        },
        {
          kind: 'invariant',
          id: 'no-other-node',
          evidence: 'no reader is sent to a node without a ready pod, whatever port they call from',
          holds: onlyServingNodesUsed,
        },
        {
          kind: 'invariant',
          id: 'same-fleet',
          evidence: 'the four nodes and three pods are as they were',
          holds: sameFleet,
        },
      ],
    },
    {
      id: 'still-strict',
      title: 'Keep the subnet strict',
      text: `The group on the nodes' subnet still keeps \`vm-build\` away from the nodes while \`vm-ops\` gets through, and the
pods of \`worker\` still reach the paper at its published address with their own address. (This counts once the readers
get through.)`,
      hints: [
        `The probe needs one more opening, not the end of the group.`,
        `The tag \`AzureLoadBalancer\` stands for the address probes come from, 168.63.129.16. Readers do not come from there: the load balancer leaves their address in the packet.`,
        `\`netpath --from vm/vm-build --to node/NAME --port 10250\` must still end at DenyRest, or whatever rule closes it.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'readers-first',
          evidence: 'the published address is used by two nodes, so that what is closed is closed on purpose',
          holds: allServingNodesUsed,
        },
        {
          kind: 'flow',
          id: 'worker',
          evidence: 'a pod of the cluster reaches the published address, seen with its own address',
          from: ofWorker(({ pod }) => podEnd(pod)),
          to: published,
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: ofWorker(({ pod }) => pod.status.podIP ?? '') },
        },
        ...closedToBuild(0, 'first'),
        ...closedToBuild(3, 'fourth'),
        {
          kind: 'invariant',
          id: 'build-to-other-ports',
          evidence: 'nor any node by ssh, at the node port or where the probe asks',
          holds: closedOnEveryPort,
        },
      ],
    },
    {
      id: 'explain',
      title: 'Say what the load balancer looks at',
      text: `Two questions about the Service as you leave it.`,
      hints: [
        `A probe that only opens a connection to the node port cannot tell a node with a pod from one without.`,
        `kube-proxy itself answers the probe, on every node, with a count of the node's own ready endpoints.`,
        `From a node: \`kubectl debug node/NAME -it --image=busybox -- wget -qO- http://NODE_ADDRESS:PORT/healthz\` for each of the four.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'probe-port',
          evidence: 'where the load balancer asks for the health of a node',
          key: 'probe-port',
          question: 'Which port of the nodes does the probe of this Service ask now?',
          accept: acceptProbePort,
        },
        {
          kind: 'answer',
          id: 'serving-nodes',
          evidence: 'which nodes it uses',
          key: 'serving-nodes',
          question: 'How many of the four nodes pass that probe?',
          accept: acceptServing,
        },
      ],
    },
  ],
};

export default lab;
