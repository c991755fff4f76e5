import { askModel } from '../../src/lab/ask-model.ts';
import {
  isMissing,
  nodesOf,
  nodesRunning,
  podEnd,
  subnetOfId,
  viewCluster,
} from '../../src/lab/cluster-view.ts';
import type { ClusterView, NodeView } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { rehearseUpgrade } from '../../src/lab/rehearse-upgrade.ts';
import { ipamOf } from '../../src/model/aks/ipam.ts';
import { nodeSubnetAddresses } from '../../src/model/aks/capacity.ts';
import type { AgentPool } from '../../src/model/aks/managed-cluster.ts';
import { runToEnd } from '../../src/model/aks/operations.ts';
import { updateAgentPool } from '../../src/model/aks/update-agent-pool.ts';
import type { AgentPoolChanges } from '../../src/model/aks/update-agent-pool.ts';
import { upgradeAgentPool } from '../../src/model/aks/upgrade-managed-cluster.ts';
import type { AzureError } from '../../src/model/azure/error.ts';
import { listResources, removeResource } from '../../src/model/azure/resource-store.ts';
import { subnetAllocations, usableAddressCount } from '../../src/model/azure/subnet-addresses.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Pod } from '../../src/model/kubernetes/objects.ts';
import { unwrap } from '../../src/model/result.ts';

const GROUP = 'rg-mill';
const CLUSTER = 'aks-mill';
const POOL = 'work';
const SYSTEM = 'system';
const APP = 'press';
const NIC = 'Microsoft.Network/networkInterfaces';
const VM = 'Microsoft.Compute/virtualMachines';

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, GROUP, CLUSTER);

function viewAtStart(start: Cloud): ClusterView {
  const found = view(start);
  if (isMissing(found)) throw new Error(found.missing);
  return found;
}

function poolAtStart(start: Cloud): AgentPool {
  const pool = viewAtStart(start).cluster.agentPoolProfiles.find(({ name }) => name === POOL);
  if (pool === undefined) throw new Error(`the lab starts without pool ${POOL}`);
  return pool;
}

// What happened, asked of the model

/** How the upgrade of the pool ends in a world: the refusal or the failure, or null. */
function poolUpgradeFailure(cloud: Cloud): AzureError | null {
  const { cluster } = viewAtStart(cloud);
  const wanted = { kubernetesVersion: cluster.currentKubernetesVersion, scope: 'version' } as const;
  const started = upgradeAgentPool(cloud, { resourceGroup: GROUP, cluster: CLUSTER, name: POOL }, wanted);
  return started.ok ? runToEnd(started.value, cluster.id).failure : started.error;
}

interface Shortage {
  /** Names of the range that the learner may give, the first one first. */
  readonly names: readonly [string, ...string[]];
  readonly usable: number;
  readonly needed: number;
}

const shortages = new WeakMap<Cloud, Shortage>();

function shortage(start: Cloud): Shortage {
  const known = shortages.get(start);
  if (known !== undefined) return known;
  const failure = poolUpgradeFailure(start);
  if (failure === null) throw new Error('the upgrade succeeds');
  const found = failure.code === 'SubnetIsFull' ? shortOfSubnet(start) : refusedShortage(failure);
  shortages.set(start, found);
  return found;
}

/** AKS counted before it began. */
function refusedShortage({ message }: AzureError): Shortage {
  const [, needed, usable, range, name] =
    /Pre-allocated IPs (\d+) exceeds IPs available (\d+) in Subnet Cidr (\S+), Subnet Name (\S+)\. /.exec(
      message,
    ) ?? [];
  if (name === undefined || range === undefined) throw new Error(`no numbers in: ${message}`);
  const names: Shortage['names'] = name.startsWith('networkProfile')
    ? [range, 'podcidr', 'pod-cidr', name.toLowerCase()]
    : [name, range];
  return { names, needed: Number(needed), usable: Number(usable) };
}

/** The scale set found no room: everybody's addresses count, those of one more node too. */
function shortOfSubnet(start: Cloud): Shortage {
  const pool = poolAtStart(start);
  const subnet = subnetOfId(start, pool.vnetSubnetId ?? '');
  if (subnet === null) throw new Error(`pool ${POOL} has no subnet of its own`);
  const each = nodeSubnetAddresses(ipamOf(viewAtStart(start).cluster.networkProfile, pool), pool.maxPods);
  return {
    names: [subnet.name, subnet.addressPrefix],
    usable: usableAddressCount(subnet.addressPrefix),
    needed: subnetAllocations(start, subnet.id).length + each,
  };
}

const CAUSES = ['size', 'surge', 'autoscaler', 'neighbours'] as const;
type Cause = (typeof CAUSES)[number];

function changed(start: Cloud, changes: AgentPoolChanges): Cloud {
  const name = { resourceGroup: GROUP, cluster: CLUSTER, name: POOL };
  return unwrap(updateAgentPool(start, name, changes));
}

function withoutNeighbours(start: Cloud): Cloud {
  const subnet = poolAtStart(start).vnetSubnetId?.toLowerCase();
  return listResources(start, NIC)
    .filter((nic) => nic.ipConfigurations.some((each) => each.subnet.id.toLowerCase() === subnet))
    .reduce((cloud, nic) => removeResource(cloud, nic.id), start);
}

/** The start without one of the suspects: what goes through then is what it was because of. */
const WITHOUT: Readonly<Record<Exclude<Cause, 'size'>, (start: Cloud) => Cloud>> = {
  surge: (start) => changed(start, { maxSurge: '1' }),
  autoscaler: (start) => changed(start, { enableAutoScaling: false }),
  neighbours: withoutNeighbours,
};

const causes = new WeakMap<Cloud, Cause>();

function causeOf(start: Cloud): Cause {
  const known = causes.get(start);
  if (known !== undefined) return known;
  const found = (['surge', 'autoscaler', 'neighbours'] as const).filter(
    (suspect) => poolUpgradeFailure(WITHOUT[suspect](start)) === null,
  );
  if (found.length > 1) throw new Error(`several causes: ${found.join(', ')}`);
  const cause = found[0] ?? 'size';
  causes.set(start, cause);
  return cause;
}

// The questions

function acceptRange(_: Cloud, answer: string, { start }: Before): Accepts {
  const { names } = shortage(start);
  const given = plainAnswer(answer).toLowerCase();
  if (names.some((name) => name.toLowerCase() === given)) return { passed: true };
  return {
    passed: false,
    feedback: `${plainAnswer(answer)} is not the range in which the extra nodes find no room. Ask for the upgrade again and read where the addresses are counted.`,
  };
}

function acceptMissing(_: Cloud, answer: string, { start }: Before): Accepts {
  const { needed, usable } = shortage(start);
  const given = Number(plainAnswer(answer));
  if (given === needed - usable) return { passed: true };
  const mistakes: Readonly<Record<number, string>> = {
    [needed]: 'That is what the upgrade asks for in all. How many of these are there not?',
    [usable]: 'That is what the range has. How many more does the upgrade ask for?',
    [needed - usable - 5]: 'Azure keeps five addresses of every subnet for itself.',
  };
  return {
    passed: false,
    feedback:
      mistakes[given] ??
      'Add up who holds an address of the range and what the extra nodes need on top; take off what the range has.',
  };
}

const REFUTED: Readonly<Record<Cause, string>> = {
  size: 'The range would be large enough for the nodes that are there and one more. Something else is counted.',
  surge: 'With one extra node, the fewest that a surge has, it would fail just the same.',
  autoscaler: 'With the autoscaler off and the nodes that are there, it would fail just the same.',
  neighbours: "Without the other team's machines it would fail just the same.",
};

function acceptCause(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = CAUSES.find((cause) => cause === plainAnswer(answer).toLowerCase());
  if (given === causeOf(start)) return { passed: true };
  const feedback =
    given === undefined ? 'Answer with one word: size, surge, autoscaler or neighbours.' : REFUTED[given];
  return { passed: false, feedback };
}

// What must be afterwards

function holds(
  test: (cluster: ClusterView, cloud: Cloud, before: Before) => string | null,
  symptom?: string,
) {
  return (cloud: Cloud, before: Before): Holds => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return { passed: false, found: cluster.missing };
    const found = test(cluster, cloud, before);
    if (found === null) return { passed: true };
    return { passed: false, found, ...(symptom === undefined ? {} : { symptom }) };
  };
}

const upgraded = holds(({ cluster, kubernetes }, _, { start }) => {
  const wanted = `v${cluster.currentKubernetesVersion}`;
  const old = Object.values(kubernetes.nodes)
    .filter(({ status }) => status.nodeInfo.kubeletVersion !== wanted)
    .map(({ metadata, status }) => `${metadata.name} (${status.nodeInfo.kubeletVersion})`);
  if (old.length > 0) return `Not at ${wanted} yet: ${old.join(', ')}.`;
  const failed = cluster.agentPoolProfiles.find(({ provisioningState }) => provisioningState !== 'Succeeded');
  if (failed !== undefined) return `Pool ${failed.name} is ${failed.provisioningState}.`;
  const nodes = nodesForPods(kubernetes);
  const before = nodesForPods(viewAtStart(start).kubernetes);
  return nodes >= before
    ? null
    : `${nodes} nodes are ready and take pods; there were ${before}, and the mill needs them.`;
});

function nodesForPods(kubernetes: ClusterView['kubernetes']): number {
  return Object.values(kubernetes.nodes).filter(
    ({ spec, status }) =>
      spec.unschedulable !== true &&
      status.conditions.some(({ type, status: ready }) => type === 'Ready' && ready === 'True'),
  ).length;
}

/** What does not run any more of the Deployments that there were before, or null. */
function workloadProblem({ kubernetes }: ClusterView, before: ClusterView): string | null {
  const there = Object.values(before.kubernetes.deployments).filter(
    ({ metadata }) => metadata.namespace === 'default',
  );
  for (const then of there) {
    const { name } = then.metadata;
    const now = kubernetes.deployments[`default/${name}`];
    if (now === undefined) return `The Deployment ${name} is gone.`;
    if (now.metadata.creationTimestamp !== then.metadata.creationTimestamp) {
      return `The Deployment ${name} was made anew; it must stay.`;
    }
    if (now.spec.replicas < then.spec.replicas || now.status.readyReplicas < then.spec.replicas) {
      return `${now.status.readyReplicas} of ${then.spec.replicas} pods of ${name} are ready.`;
    }
  }
  return null;
}

const workload = holds((cluster, _, { start }) => workloadProblem(cluster, viewAtStart(start)));

const sameCluster = holds(({ cluster, kubernetes }, _, { start }) => {
  const before = viewAtStart(start);
  const born = (each: ClusterView): string | undefined =>
    each.kubernetes.namespaces['kube-system']?.metadata.creationTimestamp;
  if (born({ cluster, kubernetes }) !== born(before)) return `${CLUSTER} was made anew.`;
  const pods = poolAtStart(start).maxPods;
  const other = cluster.agentPoolProfiles.find(({ maxPods }) => maxPods !== pods);
  return other === undefined
    ? null
    : `Nodes of pool ${other.name} hold ${other.maxPods} pods, the others ${pods}: the mill counts on ${pods}.`;
});

/** What is no machine of the cluster, with its addresses. */
function machinesBeside(cloud: Cloud): ReadonlyMap<string, string> {
  const nics = new Map(listResources(cloud, NIC).map((nic) => [nic.id.toLowerCase(), nic]));
  return new Map(
    listResources(cloud, VM).map((vm) => [
      vm.name,
      vm.networkProfile.networkInterfaces
        .flatMap(({ id }) => nics.get(id.toLowerCase())?.ipConfigurations ?? [])
        .map(({ privateIPAddress }) => privateIPAddress)
        .join(' '),
    ]),
  );
}

const neighboursStay = (cloud: Cloud, { start }: Before): Holds => {
  const now = machinesBeside(cloud);
  for (const [name, addresses] of machinesBeside(start)) {
    const found = now.get(name);
    if (found === undefined) return { passed: false, found: `${name} is gone.` };
    if (found !== addresses) {
      return {
        passed: false,
        found: `${name} had ${addresses}, now it has ${found === '' ? 'none' : found}.`,
      };
    }
  }
  return { passed: true };
};

const nextUpgrade = holds((cluster, cloud) => {
  const { cloud: later, failure } = rehearseUpgrade(cloud, cluster.cluster.id);
  if (failure !== null) return `On a copy of your subscription it failed. ${failure}`;
  const after = view(later);
  const problem = isMissing(after) ? after.missing : workloadProblem(after, cluster);
  return problem === null ? null : `It succeeded on a copy of your subscription, but afterwards: ${problem}`;
}, 'The next upgrade fails on a copy of your subscription.');

const neverFewer = holds(({ cluster }, cloud, { start }) => {
  const before = nodesForPods(viewAtStart(start).kubernetes);
  const { failure, fewestNodes } = rehearseUpgrade(cloud, cluster.id);
  if (fewestNodes < before) {
    return `While the next upgrade runs on a copy, ${fewestNodes} nodes take pods at some time; ${before} must at all times.`;
  }
  return failure === null ? null : `The next upgrade of a copy fails, see above.`;
}, `The next upgrade of a copy does not run its whole course with as many nodes as now.`);

// Flows

/** Nodes beside the system pool, wherever the learner put them. */
function workNodes(cluster: ClusterView): readonly NodeView[] {
  return nodesOf(cluster).filter(({ pool }) => pool !== SYSTEM);
}

function pod(at: 0 | -1, take: (pod: Pod) => string): EndOf {
  return (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const running = nodesRunning(cluster, APP);
    const found = running.at(at);
    return found !== undefined && running.length > 1
      ? take(found.pod)
      : { missing: `Pods of ${APP} run on ${running.length} nodes; the check needs two.` };
  };
}

const lastNode: EndOf = (cloud) => {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const node = workNodes(cluster).at(-1);
  return node === undefined ? { missing: `There is no node beside pool ${SYSTEM}.` } : `node/${node.name}`;
};

const closedChecks: readonly FlowCheck[] = [
  {
    kind: 'flow',
    id: 'partner-to-node',
    evidence: "the partner's VM cannot reach the last of the working nodes, by a rule of an NSG",
    from: 'vm/vm-partner',
    to: lastNode,
    protocol: 'tcp',
    port: 10250,
    expect: {
      kind: 'blocked',
      disposition: 'denied-inbound',
      by: /\bNSG\b|nsg|Deny/i,
      control: 'ops-to-node',
    },
  },
  {
    kind: 'flow',
    id: 'ops-to-node',
    evidence: "the operators' VM reaches it",
    from: 'vm/vm-ops',
    to: lastNode,
    protocol: 'tcp',
    port: 10250,
    expect: { kind: 'delivered' },
  },
];

/** Every node, wherever it is: two samples could miss the one that is open. */
const closedEverywhere = holds((cluster, cloud) => {
  for (const node of workNodes(cluster)) {
    const asked = askModel(cloud, {
      from: 'vm/vm-partner',
      to: `node/${node.name}`,
      protocol: 'tcp',
      port: 10250,
    });
    if (!asked.ok) return asked.error;
    const { disposition } = asked.value.trace;
    if (disposition !== 'denied-inbound') return `vm-partner to node/${node.name} is ${disposition}.`;
  }
  return workNodes(cluster).length === 0 ? `There is no node beside pool ${SYSTEM}.` : null;
});

const lab: Lab = {
  id: 'upgrade-stops-halfway',
  title: 'The upgrade that stopped halfway',
  minutes: 40,
  module: '02-network-plugin-comparison',
  order: 2,
  objectives: [
    'read from a refused or failed upgrade what was counted, and where',
    'tell apart a range that is too small, too large a surge, an autoscaler and neighbours',
    'make room for this upgrade and the next one, without a new cluster',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune', 'ember'],
  brief: `Last night \`aks-mill\` (\`rg-mill\`) was to go to Kubernetes 1.35. The control plane and pool \`system\`
are there; pool \`work\` is not. Its upgrade ended with an error that nobody wrote down.

The nodes of \`work\` are in \`snet-work\` of \`vnet-mill\` (\`10.50.0.0/16\`), beside the weighing machines \`vm-scale-1\`, \`vm-scale-2\` ...
of another team. \`press\` and \`orders\` must go on running. The mill works day and night and needs every node it has, also during an upgrade.
The NSG \`nsg-mill\` keeps the partner, \`10.50.9.0/24\`, away from the nodes. There is room for new subnets between \`10.50.16.0\` and \`10.50.255.255\`.`,
  diagnosis: 'find',
  tasks: [
    {
      id: 'find',
      title: 'Say why it stopped',
      text: `Commit yourself before you mend anything: until these questions have an answer, right or wrong, the checks
below tell what is and not why. Answers are compared with the network as you found it.`,
      hints: [
        `An upgrade adds nodes before it takes any away. AKS counts what the cluster may need before it begins; the scale set counts what is really free when it makes the machines.`,
        `Ask for it again: \`az aks nodepool upgrade -g ${GROUP} --cluster-name ${CLUSTER} -n ${POOL} --kubernetes-version 1.35 --yes\`. Then compare the number in the error with \`az aks nodepool show -g ${GROUP} --cluster-name ${CLUSTER} -n ${POOL}\`: \`count\`, \`maxCount\`, \`maxPods\`, \`upgradeSettings\`. \`az network vnet subnet show -g ${GROUP} --vnet-name vnet-mill -n snet-work --query "length(ipConfigurations)"\` counts who holds an address.`,
        `On Node Subnet a node of 30 pods holds 29 addresses, so (nodes + extra nodes) x 29 against 123 usable ones in a /25, or 251 in a /24. With an autoscaler the nodes are its maximum. If that fits and it fails all the same (\`SubnetIsFull\`), others hold addresses. On Overlay each node takes a /24, 256 addresses, of the pod range.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'short-of',
          evidence: 'the range in which the extra nodes find no room',
          key: 'short-of',
          question:
            'Which range is too short for the upgrade? The name of a subnet, or a range such as 10.0.0.0/24.',
          accept: acceptRange,
        },
        {
          kind: 'answer',
          id: 'missing',
          evidence: 'how many addresses are missing',
          key: 'missing',
          question: 'How many addresses are missing in it, for the upgrade as it is set up now? A number.',
          accept: acceptMissing,
        },
        {
          kind: 'answer',
          id: 'because',
          evidence: 'what it was because of',
          key: 'because',
          question: `Because of what? surge (more extra nodes than needed; one would fit), autoscaler (nodes are counted that are not there), neighbours (others hold addresses), or size (the range has no room for the pool and one extra node, whoever else is there).`,
          accept: acceptCause,
        },
      ],
    },
    {
      id: 'finish',
      title: 'Finish it, and break nothing',
      text: `Every node at the version of the control plane, as many nodes as before, \`press\` and \`orders\` with all their pods. The
cluster stays the one it is, with 30 pods per node; the machines of others keep their addresses; the partner stays
outside, wherever you put nodes. A pool may be replaced by another one.`,
      hints: [
        `What stands in the way tells what to change: a setting of the pool, the pod range, or the place where the pool lives. A subnet in use keeps its size, but a pool may live in another one.`,
        `\`--max-surge\` or \`--update-cluster-autoscaler\` of \`az aks nodepool update\`; \`az aks update --pod-cidr\` with a larger range that holds the old one; or \`az network vnet subnet create\` with the same NSG, \`az aks nodepool add\`, \`kubectl drain\`, \`az aks nodepool delete\`.`,
        `Another home: \`az network vnet subnet create -g ${GROUP} --vnet-name vnet-mill -n snet-work-2 --address-prefixes 10.50.16.0/24 --network-security-group nsg-mill\`, then \`az aks nodepool add -g ${GROUP} --cluster-name ${CLUSTER} -n work2 --node-count 4 --max-pods 30 --vnet-subnet-id ID\` with as many nodes as there were, then for each old node \`kubectl drain NODE --ignore-daemonsets --delete-emptydir-data\`, then \`az aks nodepool delete -g ${GROUP} --cluster-name ${CLUSTER} -n ${POOL}\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'upgraded',
          evidence: 'every node runs the version of the control plane, and there are as many as before',
          holds: upgraded,
        },
        {
          kind: 'invariant',
          id: 'workload',
          evidence: 'press and orders are the ones that were there, with all their pods',
          holds: workload,
        },
        {
          kind: 'invariant',
          id: 'same-cluster',
          evidence: 'the cluster is the one that was there, with as many pods per node',
          holds: sameCluster,
        },
        {
          kind: 'invariant',
          id: 'neighbours-stay',
          evidence: 'the machines of others are there, with the addresses they had',
          holds: neighboursStay,
        },
        {
          kind: 'flow',
          id: 'pod-to-pod',
          evidence: `a pod of ${APP} reaches one on another node, which sees its address`,
          from: pod(0, podEnd),
          to: pod(-1, podEnd),
          protocol: 'tcp',
          port: 80,
          expect: { kind: 'delivered', seenSource: pod(0, ({ status }) => status.podIP ?? '') },
        },
        {
          kind: 'flow',
          id: 'pod-to-ledger',
          evidence: 'they reach the ledger in the data centre',
          from: pod(-1, podEnd),
          to: 'host/ledger',
          protocol: 'tcp',
          port: 443,
          expect: { kind: 'delivered' },
        },
        ...closedChecks,
        {
          kind: 'invariant',
          id: 'partner-outside',
          evidence: 'no working node is open to the partner',
          holds: closedEverywhere,
        },
      ],
    },
    {
      id: 'next',
      title: 'Let the next upgrade through too',
      text: `In a few months the same day comes again. The check upgrades a copy of your subscription to the next version, all
pools, and looks all the time how many nodes take pods.`,
      hints: [
        `A node less for the hour of the upgrade helps once. And so does an autoscaler that is switched off and on again.`,
        `Do the sum for the next time: nodes (or the autoscaler's maximum) and extra nodes, times what one takes, and the neighbours. The calculator "IP plan" does it too (\`npm run -s calc -- ip-plan --ipam node-subnet --nodes 4 --surge 1 --max-pods 30\`, outside this terminal).`,
        `\`--max-surge 0 --max-unavailable 1\` needs no addresses, but a node fewer works while it runs: the mill needs them all. So keep a surge, and give it room.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'next-upgrade',
          evidence: 'the next upgrade succeeds on a copy, and all pods run after it',
          holds: nextUpgrade,
        },
        {
          kind: 'invariant',
          id: 'never-fewer',
          evidence: 'while it runs there are never fewer nodes for pods than there were',
          holds: neverFewer,
        },
      ],
    },
  ],
};

export default lab;
