import { isMissing, nodesOf, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import { askModel } from '../../src/lab/ask-model.ts';
import { decidingHop } from '../../src/lab/deciding-step.ts';
import type { Accepts, Before, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Trace } from '../../src/model/trace/trace.ts';

const GROUP = 'rg-shop';
const CLUSTER = 'aks-shop';
const APP = 'checkout';
const NODES = 3;

type Found = ReturnType<typeof nodesRunning>[number];

function found(cloud: Cloud): readonly Found[] | Missing {
  const view = viewCluster(cloud, GROUP, CLUSTER);
  if (isMissing(view)) return view;
  const running = nodesRunning(view, APP);
  return running.length >= NODES
    ? running
    : {
        missing: `Pods with the label app=${APP} and an address of their own run on ${running.length} of ${nodesOf(view).length} nodes; there were ${NODES}.`,
      };
}

function pick(at: number, take: (found: Found) => string): EndOf {
  return (cloud) => {
    const running = found(cloud);
    if (isMissing(running)) return running;
    const chosen = running[at];
    return chosen === undefined ? { missing: `There is no node number ${at + 1}.` } : take(chosen);
  };
}

const podOn = (at: number): EndOf => pick(at, ({ pod }) => podEnd(pod));
const podAddress = (at: number): EndOf => pick(at, ({ pod }) => pod.status.podIP ?? '');
const nodeAt = (at: number): EndOf => pick(at, ({ node }) => `node/${node.name}`);
const nodeAddress = (at: number): EndOf => pick(at, ({ node }) => node.address);

const NAMES = ['first', 'second', 'third'] as const;

/** Both ways between every two nodes, each way with the pod's own address. */
const meshChecks: readonly FlowCheck[] = NAMES.flatMap((one, from) =>
  NAMES.flatMap((other, to): FlowCheck[] =>
    from === to
      ? []
      : [
          {
            kind: 'flow',
            id: `${one}-to-${other}`,
            evidence: `the pod on the ${one} node reaches the pod on the ${other}, which sees the pod's own address`,
            from: podOn(from),
            to: podOn(to),
            protocol: 'tcp',
            port: 80,
            expect: { kind: 'delivered', seenSource: podAddress(from) },
          },
        ],
  ),
);

/** Every conversation between two nodes that failed when the lab began. */
function failures(
  start: Cloud,
): readonly { readonly from: Found; readonly to: Found; readonly trace: Trace }[] {
  const running = found(start);
  if (isMissing(running)) throw new Error(running.missing);
  return running.flatMap((from) =>
    running.flatMap((to) => {
      if (from === to) return [];
      const trace = askModel(start, {
        from: podEnd(from.pod),
        to: podEnd(to.pod),
        protocol: 'tcp',
        port: 80,
      });
      if (!trace.ok) throw new Error(trace.error);
      return trace.value.trace.disposition === 'delivered' ? [] : [{ from, to, trace: trace.value.trace }];
    }),
  );
}

/** The one node that is an end of every failure. */
function cutOffNode(start: Cloud): string {
  const failed = failures(start);
  const common = failed.reduce<readonly string[]>(
    (names, { from, to }) => names.filter((name) => name === from.node.name || name === to.node.name),
    failed.flatMap(({ from, to }) => [from.node.name, to.node.name]),
  );
  const [name] = new Set(common);
  if (name === undefined || new Set(common).size !== 1) throw new Error('not exactly one node is cut off');
  return name;
}

type Culprit = 'route' | 'nsg' | 'node';

/** What kind of thing decides what happens to calls of the pods that are cut off, read from the traces. */
function culprits(start: Cloud): ReadonlySet<Culprit> {
  const cutOff = cutOffNode(start);
  const calls = failures(start).filter(({ from }) => from.node.name === cutOff);
  return new Set(
    calls.map(({ trace }): Culprit => {
      const decided = decidingHop(trace);
      if (decided === null) throw new Error('a failed trace without a step');
      if (decided.hop.place.startsWith('node/')) return 'node';
      return trace.disposition.startsWith('denied-') ? 'nsg' : 'route';
    }),
  );
}

function acceptNode(_: Cloud, answer: string, { start }: Before): Accepts {
  const wanted = cutOffNode(start);
  const given = plainAnswer(answer);
  if (given === wanted) return { passed: true };
  const view = viewCluster(start, GROUP, CLUSTER);
  const isNode = !isMissing(view) && nodesOf(view).some(({ name }) => name === given);
  return {
    passed: false,
    feedback: isNode
      ? `Pods on ${given} reach those of one other node, so it is not the one that is cut off. Look for the node that is an end of every failure.`
      : `${given} is not the name of one node: see kubectl get nodes.`,
  };
}

function acceptCulprit(_: Cloud, answer: string, { start }: Before): Accepts {
  const wanted = culprits(start);
  const given = plainAnswer(answer);
  if (wanted.size === 1 && [...wanted].some((culprit) => culprit === given)) return { passed: true };
  const feedback: Readonly<Record<string, string>> = {
    route:
      'No route of Azure decides here: the trace passes the fabric, or is dropped by something else. Read the last step of netpath.',
    nsg: 'No rule of an NSG drops it. Where a rule decides, the last step of netpath is a filter and names the rule.',
    node: 'The nodes pass on what they get. Where a node decides, the last hop of netpath is that node.',
  };
  return { passed: false, feedback: feedback[given] ?? 'Answer with one word: route, nsg or node.' };
}

/** Repaired in place: what ran before still runs, and customers did not lose the cluster. */
function sameWorkload(cloud: Cloud, { start }: Before): Holds {
  const [now, before] = [viewCluster(cloud, GROUP, CLUSTER), viewCluster(start, GROUP, CLUSTER)];
  if (isMissing(now)) return { passed: false, found: now.missing };
  if (isMissing(before)) throw new Error(before.missing);
  const created = (view: typeof before): string | undefined =>
    view.kubernetes.daemonSets[`default/${APP}`]?.metadata.creationTimestamp;
  if (created(now) === undefined) return { passed: false, found: `The DaemonSet ${APP} is gone.` };
  return created(now) === created(before)
    ? { passed: true }
    : {
        passed: false,
        found: `The DaemonSet ${APP} was made anew; it must be mended without taking it away.`,
      };
}

function partnerChecks(at: 0 | 2, name: string): readonly FlowCheck[] {
  return [
    {
      kind: 'flow',
      id: `partner-to-${name}`,
      evidence: `the partner's VM cannot reach the ${name} node, by a rule of its subnet's NSG`,
      from: 'vm/vm-partner',
      to: nodeAt(at),
      protocol: 'tcp',
      port: 10250,
      expect: {
        kind: 'blocked',
        disposition: 'denied-inbound',
        by: /\bNSG\b|nsg|Deny/i,
        control: `ops-to-${name}`,
      },
    },
    {
      kind: 'flow',
      id: `ops-to-${name}`,
      evidence: `the operators' VM reaches the ${name} node`,
      from: 'vm/vm-ops',
      to: nodeAt(at),
      protocol: 'tcp',
      port: 10250,
      expect: { kind: 'delivered' },
    },
  ];
}

function legacyChecks(at: 0 | 2, name: string): readonly FlowCheck[] {
  return [
    {
      kind: 'flow',
      id: `${name}-to-legacy`,
      evidence: `pods on the ${name} node cannot reach the closed network 10.99.0.0/16, by a route to None`,
      from: podOn(at),
      to: 'host/legacy',
      protocol: 'tcp',
      port: 443,
      expect: {
        kind: 'blocked',
        disposition: 'dropped-by-route',
        by: /None/i,
        control: `${name}-to-erp`,
      },
    },
    {
      kind: 'flow',
      id: `${name}-to-erp`,
      evidence: `pods on the ${name} node reach the ERP behind the same private connection, which sees the node`,
      from: podOn(at),
      to: 'host/erp',
      protocol: 'tcp',
      port: 443,
      expect: { kind: 'delivered', seenSource: nodeAddress(at) },
    },
  ];
}

const [firstMesh, ...otherMesh] = meshChecks;
if (firstMesh === undefined) throw new Error('there are no two nodes');

const lab: Lab = {
  id: 'checkout-times-out',
  title: 'Checkout times out, for some',
  minutes: 40,
  module: '01-network-plugins',
  order: 3,
  objectives: [
    'narrow a fault down by asking which pairs work, before touching anything',
    'read from a trace what decided: a route, a rule or a node',
    'mend one thing and leave closed what was closed',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune', 'ember'],
  brief: `Since last night a part of the customers cannot pay: the page hangs. \`checkout\` runs as a
DaemonSet, one pod on each of the three nodes of \`aks-shop\` (\`rg-shop\`); a pod answers some of its peers and not
others. A change (CHG-20931) went in last night; nobody remembers what it was about, and its author is on a plane.

The cluster uses kubenet on the VNet \`vnet-shop\`: pool \`system\` with two nodes in \`snet-nodes-1\`, pool \`shop\` with
one in \`snet-nodes-2\`; both subnets share the route table \`rt-shop\`. Two things are closed on purpose and must stay
so: the partner's subnet \`10.60.9.0/24\` may not reach the nodes, and nobody may reach the old network \`10.99.0.0/16\`.`,
  diagnosis: 'find',
  tasks: [
    {
      id: 'find',
      title: 'Say what is broken before you mend it',
      text: `Find the node whose pods are cut off from the others, and what kind of thing decides what
becomes of their calls. Commit yourself to an answer: until both questions have one, right or wrong, a failed check
tells what the sender sees and not what decided. Answers are compared with the network as you found it, so mending
first does no harm.`,
      hints: [
        `Pods on one node are switched by its bridge; between nodes the packet passes a node, the subnet's rules, the subnet's routes, the other subnet's rules and the other node. One of these decides.`,
        `Ask each pair: \`kubectl exec POD -- curl -sm 3 ADDRESS\`, or \`netpath --from pod/NAME --to pod/NAME --port 80\`. The node that is an end of every failing pair is cut off. The last step of a failing trace names what decided; if the packet arrives, look at the way back.`,
        `\`for A in $(kubectl get pods -l app=${APP} -o name); do for B in $(kubectl get pods -l app=${APP} -o name); do echo $A $B $(netpath --from $A --to $B --port 80 -o json | jq -r '.disposition + " " + .reason'); done; done\``,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'cut-off',
          evidence: 'the node that is an end of every failing pair',
          key: 'cut-off',
          question: 'The pods of which node are cut off from those of the other nodes? Its name.',
          accept: acceptNode,
        },
        {
          kind: 'answer',
          id: 'decided-by',
          evidence: 'what decides what becomes of its calls',
          key: 'decided-by',
          question:
            'A pod of that node calls a pod on another node. What decides that no answer comes? route (a route in Azure, or the lack of one), nsg (a rule of a network security group) or node (the kernel of the node itself).',
          accept: acceptCulprit,
        },
      ],
    },
    {
      id: 'mend',
      title: 'Let every pod reach every other',
      text: `Mend it in place: three nodes with a \`${APP}\` pod each, every pod reaching every other on port 80 and
seen with its own address. The cluster and the DaemonSet stay.`,
      hints: [
        `AKS writes back a route that is missing. It does not look at what is in a route that is there, nor at your own routes, your NSGs, your subnets or what somebody ran on a node.`,
        `Compare, for the node that is cut off: its pod range (\`kubectl get node NAME -o jsonpath='{.spec.podCIDR}'\`) and address with \`az network route-table route list -g ${GROUP} --route-table-name rt-shop -o table\`; the table and the NSG of its subnet (\`az network vnet subnet list\`); and \`kubectl debug node/NAME -it --profile=sysadmin --image=busybox -- sysctl net.ipv4.ip_forward\`.`,
        `A next hop: \`az network route-table route update ... --next-hop-ip-address NODE_ADDRESS\`. A route too many: \`... route delete\`. A rule: \`az network nsg rule delete\`. A table: \`az network vnet subnet update ... --route-table rt-shop\`. A node: \`sysctl -w net.ipv4.ip_forward=1\` in the debug pod.`,
      ],
      checks: [
        firstMesh,
        ...otherMesh,
        {
          kind: 'invariant',
          id: 'same-workload',
          evidence: `the DaemonSet ${APP} is the one that was there`,
          holds: sameWorkload,
        },
      ],
    },
    {
      id: 'still-closed',
      title: 'Leave closed what was closed',
      text: `After your change the partner's VM still cannot reach a node while the operators' VM can, and pods
cannot reach \`10.99.0.0/16\` while they reach the ERP at \`10.98.0.10\`. Nodes of both pools are looked at. (This
counts once every pod reaches every other: a broken network is closed too.)`,
      hints: [
        `Opening everything, detaching the NSG or emptying the route table makes the page work and lets the partner in.`,
        `\`az network nsg rule list -g ${GROUP} --nsg-name nsg-nodes-2 -o table\`: which rule is about the partner, which is about the pods? And which route of \`rt-shop\` closes \`10.99.0.0/16\`?`,
        `Ask \`netpath --from vm/vm-partner --to node/NAME --port 10250\` and \`netpath --from pod/NAME --to host/legacy --port 443\` before and after your change.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'everyone-reached',
          evidence: 'every pod reaches every other, so that what is closed is closed on purpose',
          holds: (cloud) => {
            const running = found(cloud);
            if (isMissing(running)) return { passed: false, found: running.missing };
            const failed = failures(cloud)[0];
            return failed === undefined
              ? { passed: true }
              : {
                  passed: false,
                  found: `${podEnd(failed.from.pod)} still does not reach ${podEnd(failed.to.pod)}: see the task before.`,
                };
          },
        },
        ...partnerChecks(0, 'first'),
        ...partnerChecks(2, 'third'),
        ...legacyChecks(0, 'first'),
        ...legacyChecks(2, 'third'),
      ],
    },
  ],
};

export default lab;
