import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import { decidingNames } from '../../src/lab/deciding-step.ts';
import type { Accepts, Before, EndOf, FlowCheck, Holds, Lab } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { onlyGroupAt, withoutRules } from './groups.ts';
import type { Place } from './groups.ts';
import { openedBeside } from './opened.ts';

const PORT = 5432;

function running(cloud: Cloud): ReturnType<typeof nodesRunning> {
  const cluster = viewCluster(cloud, 'rg-bank', 'aks-bank');
  return isMissing(cluster) ? [] : nodesRunning(cluster, 'orders');
}

const orders =
  (which: 0 | 1): EndOf =>
  (cloud) => {
    const found = running(cloud)[which];
    return found === undefined
      ? {
          missing: `Pods with the label app=orders run on ${running(cloud).length} nodes; the checks need two.`,
        }
      : podEnd(found.pod);
  };

function delivered(id: string, evidence: string, from: EndOf, to: EndOf, port: number): FlowCheck {
  return { kind: 'flow', id, evidence, from, to, protocol: 'tcp', port, expect: { kind: 'delivered' } };
}

function blocked(
  id: string,
  evidence: string,
  from: EndOf,
  to: string,
  port: number,
  disposition: 'denied-inbound' | 'denied-outbound',
): FlowCheck {
  return {
    kind: 'flow',
    id,
    evidence,
    from,
    to,
    protocol: 'tcp',
    port,
    expect: { kind: 'blocked', disposition, by: /\bNSG\b/, control: 'orders-to-ledger' },
  };
}

// Each group by itself

interface Unwanted {
  readonly from: EndOf;
  readonly to: string;
  readonly port: number;
}

const FROM_PODS: readonly Unwanted[] = [
  { from: orders(0), to: 'vm/vm-ledger', port: 22 },
  { from: orders(0), to: 'vm/vm-ledger', port: PORT + 1 },
];
const INTO_DATA: readonly Unwanted[] = [
  ...FROM_PODS,
  { from: orders(0), to: 'vm/vm-archive', port: PORT },
  { from: orders(1), to: 'vm/vm-archive', port: 22 },
];

/** What each group has to keep out even if the other two were not there. */
const UNWANTED: Readonly<Record<Place, readonly Unwanted[]>> = {
  'snet-nodes': [...INTO_DATA, { from: orders(0), to: 'vm/vm-batch', port: PORT }],
  'snet-data': INTO_DATA,
  'vm-ledger': [
    ...FROM_PODS,
    { from: 'vm/vm-batch', to: 'vm/vm-ledger', port: PORT },
    { from: 'vm/vm-archive', to: 'vm/vm-ledger', port: PORT },
    { from: 'vm/vm-jump', to: 'vm/vm-ledger', port: PORT },
  ],
};

function traceOf(cloud: Cloud, { from, to, port }: Unwanted): Trace | string {
  const start = typeof from === 'string' ? from : from(cloud, { start: cloud });
  if (isMissing(start)) return start.missing;
  const asked = askModel(cloud, { from: start, to, protocol: 'tcp', port });
  return asked.ok ? asked.value.trace : asked.error;
}

/** Asks in a copy of the network that has no other of the three groups. */
function holdsAlone(place: Place, name: string) {
  return (cloud: Cloud, { start }: Before): Holds => {
    const alone = onlyGroupAt(cloud, place);
    const wanted = traceOf(alone, { from: orders(0), to: 'vm/vm-ledger', port: PORT });
    if (typeof wanted === 'string') return { passed: false, found: wanted };
    if (wanted.disposition !== 'delivered') {
      return { passed: false, found: `With ${name} alone, orders cannot reach the ledger. ${wanted.reason}` };
    }
    for (const flow of UNWANTED[place]) {
      const trace = traceOf(alone, flow);
      if (typeof trace === 'string') return { passed: false, found: trace };
      const isDenied =
        trace.disposition === 'denied-inbound' || trace.disposition === 'denied-outbound'
          ? decidingNames(trace).some((by) => /\bNSG\b/.test(by))
          : false;
      if (!isDenied) {
        const from = typeof flow.from === 'string' ? flow.from : 'a pod of orders';
        return {
          passed: false,
          found: `If ${name} were the only one of the three, ${from} would get to ${flow.to} on port ${flow.port}: ${trace.disposition}.`,
        };
      }
    }
    const opened = openedBeside(start, cloud, place, PORT);
    return opened === null
      ? { passed: true }
      : {
          passed: false,
          found: `When you took over, ${name} denied ${opened}. Now it lets that pass. The path is TCP from the nodes to the ledger on port ${PORT}, and no more.`,
        };
  };
}

// Questions

function acceptSource(cloud: Cloud, answer: string): Accepts {
  const given = plainAnswer(answer);
  const nodes = running(cloud);
  if (nodes.some(({ node }) => node.address === given)) return { passed: true };
  return {
    passed: false,
    feedback: nodes.some(({ pod }) => pod.status.podIP === given)
      ? 'That is the address of the pod. Look at what its node does to a packet that leaves the pod range: the trace has a translate step there.'
      : 'Write one address: the source of the packet after its node has handled it (netpath --from pod/default/… --to vm/vm-ledger --port 5432).',
  };
}

/** Counts the groups that are asked when none of them denies. */
function acceptCount(_: Cloud, answer: string, { start }: Before): Accepts {
  const trace = traceOf(withoutRules(start), { from: orders(0), to: 'vm/vm-ledger', port: PORT });
  const asked =
    typeof trace === 'string'
      ? 0
      : trace.hops.flatMap(({ steps }) =>
          steps.filter(({ kind, by }) => kind === 'filter' && /\bNSG\b/.test(by)),
        ).length;
  const given = plainAnswer(answer);
  if (given === String(asked)) return { passed: true };
  return {
    passed: false,
    feedback:
      given === String(asked - 1)
        ? 'The three groups of the bank are not all. Who else has a group on the card that the packet leaves by? netpath lists the first of them before it names nsg-nodes.'
        : 'Count the groups from the card of the node to the card of the ledger; an answer is a number.',
  };
}

function acceptRule(_: Cloud, answer: string, { start }: Before): Accepts {
  const trace = traceOf(onlyGroupAt(start, 'snet-data'), {
    from: orders(0),
    to: 'vm/vm-ledger',
    port: PORT,
  });
  const names = typeof trace === 'string' ? [] : decidingNames(trace);
  const key = names.map((by) => /^(\S+) \(priority/.exec(by)?.[1]?.toLowerCase()).find((name) => name);
  const given = plainAnswer(answer)
    .replace(/^securityrules\//, '')
    .replace(/ .*$/, '');
  if (given === key) return { passed: true };
  return {
    passed: false,
    feedback:
      'Not that one. Take the source from your first answer, tcp and port 5432, go through the inbound rules of nsg-data from the lowest number up, and stop at the first that fits in every column.',
  };
}

const [firstUnwanted, ...otherUnwanted] = [
  blocked(
    'orders-to-archive',
    'pods do not reach the archive',
    orders(0),
    'vm/vm-archive',
    PORT,
    'denied-outbound',
  ),
  blocked(
    'orders-to-ssh',
    'pods do not reach ssh on the ledger',
    orders(0),
    'vm/vm-ledger',
    22,
    'denied-outbound',
  ),
  blocked(
    'orders-to-next-port',
    'pods do not reach the port beside it',
    orders(1),
    'vm/vm-ledger',
    PORT + 1,
    'denied-outbound',
  ),
  blocked(
    'orders-to-batch',
    'pods do not reach the batch machine',
    orders(1),
    'vm/vm-batch',
    PORT,
    'denied-outbound',
  ),
  blocked(
    'batch-to-ledger',
    'the batch machine does not reach the ledger',
    'vm/vm-batch',
    'vm/vm-ledger',
    PORT,
    'denied-inbound',
  ),
  blocked(
    'jump-to-ledger',
    'the jump host gets no further than ssh',
    'vm/vm-jump',
    'vm/vm-ledger',
    PORT,
    'denied-inbound',
  ),
];
if (firstUnwanted === undefined) throw new Error('there is nothing to keep out');

const lab: Lab = {
  id: 'one-path-through',
  title: 'One path through three groups',
  minutes: 30,
  module: '07-network-security-groups',
  order: 2,
  objectives: [
    'find every group that is asked on a packet’s way, and the rule that decides in each',
    'make room between priorities and open exactly one path',
    'show that each group would hold if the others failed',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `The bank runs cluster \`aks-bank\` (resource group \`rg-bank\`, Azure CNI Overlay, pods in \`10.244.0.0/16\`) in subnet
\`snet-nodes\` of \`vnet-bank\`. The pods of Deployment \`orders\` must write to the ledger, \`vm-ledger\`, on TCP ${PORT}. Three
groups stand in between: \`nsg-nodes\` on the subnet of the nodes, \`nsg-data\` on \`snet-data\`, where \`vm-ledger\` and
\`vm-archive\` live, and \`nsg-ledger\` on the card of \`vm-ledger\`.

Three teams own them, and each wants its group to hold even if the other two fail. \`vm-jump\` and \`vm-batch\` are in
\`snet-ops\`: the jump host administers the ledger by ssh, the batch machine reads the archive. Both go on working.`,
  tasks: [
    {
      id: 'survey',
      title: 'Say who is asked, about what',
      text: `Before you change anything, answer three questions about a packet from a pod of \`orders\` to the ledger.`,
      hints: [
        'A group sees the packet as it is when it passes: what the node has translated is translated already.',
        '`netpath --from pod/default/POD --to vm/vm-ledger --port 5432` shows the way as far as the packet gets; `az network nsg rule list -g rg-bank --nsg-name nsg-data -o table` has what comes after.',
        'Outbound the card is asked before the subnet, inbound the subnet before the card, and AKS has a group of its own on the cards of its nodes. In nsg-data take the first rule, by number, that fits the source, the protocol and the port.',
      ],
      checks: [
        {
          kind: 'answer',
          id: 'seen-source',
          evidence: 'what the groups see as source',
          key: 'source',
          question:
            'Which source address does a packet of a pod of orders have when nsg-data looks at it? (Any of the pods.)',
          accept: acceptSource,
        },
        {
          kind: 'answer',
          id: 'groups-asked',
          evidence: 'how many groups have a say',
          key: 'groups',
          question: 'How many security groups are asked about this packet, if each of them lets it pass?',
          accept: acceptCount,
        },
        {
          kind: 'answer',
          id: 'data-rule',
          evidence: 'the rule that decides in nsg-data',
          key: 'rule',
          question: 'Which rule of nsg-data, as you found it, decides about this packet?',
          accept: acceptRule,
        },
      ],
    },
    {
      id: 'open',
      title: 'Open the path',
      text: `Every pod of \`orders\` reaches \`vm-ledger\` on TCP ${PORT}, and nothing that worked stops working.`,
      hints: [
        'One rule in each of the three groups. The numbers of one group have nothing to do with those of another.',
        'An allow rule helps only in front of the deny rule that decides now. Where no number is left in front of it, somebody has to move: `az network nsg rule update` with `--priority`.',
        'nsg-nodes: Outbound, to the ledger’s address, before DenyBank. nsg-data and nsg-ledger: Inbound, from the range of snet-nodes, to the ledger’s address, Tcp, source port `*`, destination port 5432, before the rule that denies.',
      ],
      checks: [
        delivered(
          'orders-to-ledger',
          'a pod of orders writes to the ledger',
          orders(0),
          'vm/vm-ledger',
          PORT,
        ),
        delivered('other-node-to-ledger', 'so does a pod on another node', orders(1), 'vm/vm-ledger', PORT),
        delivered('jump-to-ssh', 'the jump host administers the ledger', 'vm/vm-jump', 'vm/vm-ledger', 22),
        delivered(
          'batch-to-archive',
          'the batch machine reads the archive',
          'vm/vm-batch',
          'vm/vm-archive',
          PORT,
        ),
        delivered('pod-to-pod', 'pods on different nodes talk to each other', orders(0), orders(1), 80),
      ],
    },
    {
      id: 'nothing-else',
      title: 'Open nothing else',
      text: `No other path comes with it, and each of the three groups keeps out what it is there for, even if the other two
were gone. (This counts while the path is open.)`,
      hints: [
        'A rule has five columns. Each that you leave at a star opens more than one path.',
        'The last three checks look at each group by itself, in a copy of the network without the other two. `calc nsg-evaluator` does the same with the JSON of one group.',
        'Source: the range of snet-nodes. Destination: the address of vm-ledger as /32. Protocol Tcp, port 5432. Keep every rule that denies, behind yours.',
      ],
      checks: [
        firstUnwanted,
        ...otherUnwanted,
        {
          kind: 'invariant',
          id: 'nodes-alone',
          evidence: 'the group of the nodes opens one path only',
          holds: holdsAlone('snet-nodes', 'the group on snet-nodes'),
        },
        {
          kind: 'invariant',
          id: 'data-alone',
          evidence: 'the group of the data subnet opens one path only',
          holds: holdsAlone('snet-data', 'the group on snet-data'),
        },
        {
          kind: 'invariant',
          id: 'ledger-alone',
          evidence: 'the group of the ledger opens one path only',
          holds: holdsAlone('vm-ledger', 'the group on the card of vm-ledger'),
        },
      ],
    },
  ],
};

export default lab;
