import { isMissing, nodesOf, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, FlowCheck, Holds, InvariantCheck, Lab, Missing } from '../../src/lab/lab.ts';
import { sameId } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { CLUSTER, GROUP, LOANS_ADDRESS, SYMPTOM, failedCalls, firstOpening, libraryOf } from './calls.ts';
import type { CallKind, Library } from './calls.ts';
import { acceptGroup, acceptPart, acceptRule } from './diagnosis.ts';
import { deniedInside, openedBeside } from './reach.ts';

/** Takes an end from the library as it is, or says what is missing. */
const fromLibrary =
  (take: (library: Library) => string | undefined): EndOf =>
  (cloud): string | Missing => {
    const library = libraryOf(cloud);
    if (isMissing(library)) return library;
    return take(library) ?? { missing: 'That node or pod is gone.' };
  };

const appsNode = fromLibrary(({ apps }) => apps[0] && `node/${apps[0].name}`);
const systemNode = fromLibrary(({ system }) => system[0] && `node/${system[0].name}`);
const cataloguePod = fromLibrary(({ catalogue }) => catalogue[0] && podEnd(catalogue[0]));
const catalogueAddress = fromLibrary(({ address }) => address);

/** Every call of one kind, from every end that makes it. */
function everyCall(kind: CallKind, evidence: string): InvariantCheck {
  return {
    kind: 'invariant',
    id: `every-${kind}`,
    evidence,
    holds: (cloud) => {
      const library = libraryOf(cloud);
      if (isMissing(library)) return { passed: false, found: library.missing };
      const failed = failedCalls(cloud, library).find((call) => call.kind === kind);
      if (failed === undefined) return { passed: true };
      const { from, to, protocol = 'tcp', port = 443 } = failed.question;
      return {
        passed: false,
        found: `${from} to ${to} ${protocol}/${port}: ${failed.trace.reason}`,
        symptom: SYMPTOM[kind],
      };
    },
  };
}

interface Blocked {
  readonly id: string;
  readonly evidence: string;
  readonly from: EndOf;
  readonly to: EndOf;
  readonly port: number;
  readonly disposition: 'denied-inbound' | 'denied-outbound';
  readonly control: string;
}

const blocked = ({ id, evidence, from, to, port, disposition, control }: Blocked): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from,
  to,
  protocol: 'tcp',
  port,
  expect: { kind: 'blocked', disposition, by: /\bNSG\b/, control },
});

const delivered = (id: string, evidence: string, from: EndOf, to: EndOf, port: number): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from,
  to,
  protocol: 'tcp',
  port,
  expect: { kind: 'delivered' },
});

const everyoneAnswers = (cloud: Cloud): Holds => {
  const library = libraryOf(cloud);
  if (isMissing(library)) return { passed: false, found: library.missing };
  const [failed] = failedCalls(cloud, library);
  return failed === undefined
    ? { passed: true }
    : { passed: false, found: `Something still fails: ${SYMPTOM[failed.kind]} See the task before.` };
};

const everythingInside = (cloud: Cloud): Holds => {
  const library = libraryOf(cloud);
  if (isMissing(library)) return { passed: false, found: library.missing };
  const denied = deniedInside(cloud, library);
  return denied === null
    ? { passed: true }
    : {
        passed: false,
        found: `A group still denies a part of it. ${denied}`,
        symptom: 'Some of what nodes and pods say to each other is still denied by a group.',
      };
};

const nothingElseOpen = (cloud: Cloud, { start }: Before): Holds => {
  const library = libraryOf(cloud);
  if (isMissing(library)) return { passed: false, found: library.missing };
  const beside = openedBeside(start, cloud, library);
  const opening =
    firstOpening(cloud, library) ?? (beside === null ? null : `No group denies this any more. ${beside}`);
  return opening === null
    ? { passed: true }
    : {
        passed: false,
        found: opening,
        symptom: 'Something that the audit wants shut is denied by no group any more.',
      };
};

/** Mended in place: the same nodes, and each pool where it was. */
function sameNodes(cloud: Cloud, { start }: Before): Holds {
  const [now, before] = [viewCluster(cloud, GROUP, CLUSTER), viewCluster(start, GROUP, CLUSTER)];
  if (isMissing(now)) return { passed: false, found: now.missing };
  if (isMissing(before)) throw new Error(before.missing);
  const names = nodesOf(now).map(({ name }) => name);
  const gone = nodesOf(before).find(({ name }) => !names.includes(name));
  if (gone !== undefined) return { passed: false, found: `Node ${gone.name} is gone.` };
  const moved = before.cluster.agentPoolProfiles.find((pool) => {
    const same = now.cluster.agentPoolProfiles.find(({ name }) => name === pool.name);
    return same === undefined || !sameId(same.vnetSubnetId ?? '', pool.vnetSubnetId ?? '');
  });
  return moved === undefined
    ? { passed: true }
    : { passed: false, found: `Pool ${moved.name} is no longer in its subnet.` };
}

const lab: Lab = {
  id: 'after-the-audit',
  title: 'After the audit',
  minutes: 35,
  module: '07-network-security-groups',
  order: 1,
  objectives: [
    'find out which call fails, and in which of two groups on two subnets',
    'tell the rule that drops a packet from the rule that ought to have let it in',
    'mend one rule and leave shut what an audit has shut',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune', 'ember', 'flint', 'grove', 'heath'],
  brief: `The cluster \`aks-library\` (\`rg-library\`) worked. Last night the security team attached a group to each
subnet of its nodes, \`nsg-system\` and \`nsg-apps\`, after an audit (A17). One list of rules was meant for both, and it was typed
by hand. Since then one thing or another does not work; you will see what.

What must work:

- nodes and pods of the cluster reach each other, on everything: \`10.60.0.0/24\` (pool system), \`10.60.1.0/24\` (pool apps),
  pods \`10.244.0.0/16\`
- readers, from the internet, reach \`catalogue\` at its public address, TCP 80
- the desks, \`10.70.0.0/24\` in a peered VNet, reach \`loans\` at \`${LOANS_ADDRESS}\`, TCP 80
- operators, \`10.60.8.0/24\`, reach nodes, TCP 22
- nodes and pods reach the internet, TCP 443: the API server, \`registry\`, \`payments\`

Everything else the audit wants shut: the guests' network \`10.80.0.0/16\`, also peered, bots from \`192.0.2.128/25\`, the old
\`mirror\` outside. Both Services have \`externalTrafficPolicy: Local\`. The VMs \`vm-desk\`, \`vm-guest\` and \`vm-ops\`
and the hosts \`reader\`, \`bot\`, \`payments\`, \`registry\` and \`mirror\` are there to try from.`,
  diagnosis: 'find',
  tasks: [
    {
      id: 'find',
      title: 'Say which rule was mistyped',
      text: `Commit yourself to an answer to each question: until all have one, right or wrong, a failed check tells what people
notice and not what decided. Answers are compared with the network as you found it, so mending first does no harm.`,
      hints: [
        `First find a call that fails. Go through the list of the brief, and through what a cluster does by itself: health probes, lookups of names at CoreDNS (UDP 53, pods on the pool system), \`kubectl logs\` (konnectivity-agent to a kubelet, TCP 10250), node to API server. Different pools, different nodes.`,
        `\`netpath --from END --to END --protocol P --port N\` for each. The last filter step names the group and the rule that dropped the packet, mostly the one that denies everything. The lines below it, "not a17-…: it is for other …", say of each rule before it why it did not match. One of them was meant for this call.`,
        `\`az network nsg rule list -g ${GROUP} --nsg-name nsg-apps -o table\` and the same for \`nsg-system\`: both lists ought to be the same. Where they differ, one is wrong; ask the model which: \`netpath --from pod/kube-system/konnectivity-agent-… --to node/aks-apps-… --port 10250\`.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'group',
          evidence: 'the group that decides',
          key: 'group',
          question:
            'In which of the two groups does the call end that ought to get through? nsg-system or nsg-apps.',
          accept: acceptGroup,
        },
        {
          kind: 'answer',
          id: 'rule',
          evidence: 'the rule that was meant for this call',
          key: 'rule',
          question: 'Which rule of that group has to change? Its name.',
          accept: acceptRule,
        },
        {
          kind: 'answer',
          id: 'part',
          evidence: 'what of that rule is wrong',
          key: 'part',
          question:
            'Which part of that rule is other than it was meant? priority, protocol, source, source-port, destination or port (of the destination).',
          accept: acceptPart,
        },
      ],
    },
    {
      id: 'mend',
      title: 'Let every call of the list through',
      text: `Mend it in the groups of the audit. Nodes and pools stay as they are.`,
      hints: [
        `A group that denies everything at its end has to name everything that is needed before it: ranges at both ends, protocol, port, and a number that comes first.`,
        `\`az network nsg rule update\` replaces the lists that you name and leaves the others alone. A list is given whole: \`--source-address-prefixes A B C\`.`,
        `For example \`az network nsg rule update -g ${GROUP} --nsg-name GROUP -n RULE --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16\`; \`… --destination-address-prefixes ADDRESS\`; \`… --protocol '*'\`; \`… --destination-port-ranges 30000-32767\`; \`… --source-port-ranges '*'\`; \`… --priority 320\`.`,
      ],
      checks: [
        delivered('reader-to-catalogue', 'a reader gets the catalogue', 'host/reader', catalogueAddress, 80),
        delivered('desk-to-loans', 'a desk gets the loans', 'vm/vm-desk', LOANS_ADDRESS, 80),
        delivered('ops-to-apps', 'operators reach a node of the pool apps', 'vm/vm-ops', appsNode, 22),
        delivered('ops-to-system', 'operators reach a node of the pool system', 'vm/vm-ops', systemNode, 22),
        delivered('pod-to-payments', 'a pod reaches the payments', cataloguePod, 'host/payments', 443),
        everyCall(
          'logs',
          'nodes reach the kubelet of every other node, and so does the agent of the API server',
        ),
        everyCall('names', 'every pod can ask every CoreDNS pod, over UDP and TCP'),
        everyCall('pods', 'every pod of catalogue reaches every pod of loans'),
        {
          kind: 'invariant',
          id: 'every-inside',
          evidence: 'nodes and pods reach each other on everything, whatever the protocol and the port',
          holds: everythingInside,
        },
        everyCall('readers', 'readers get the catalogue, whichever node they are sent to'),
        everyCall('desks', 'desks get the loans, whichever node they are sent to'),
        everyCall('egress', 'every node reaches the API server and the registry, and every pod the payments'),
        {
          kind: 'invariant',
          id: 'same-nodes',
          evidence: 'the nodes are the ones that were there, each pool in its subnet',
          holds: sameNodes,
        },
      ],
    },
    {
      id: 'still-shut',
      title: 'Leave shut what the audit has shut',
      text: `Guests, bots, desks on other ports, operators on other ports, and everything outbound that is not in the list
are denied by a group, as before. (This counts once every call gets through: a broken network is shut too.)`,
      hints: [
        `The quick repairs open too much: a group that is detached, a deny that is deleted, a rule for everything, and \`VirtualNetwork\`, which holds peered networks.`,
        `Try who must fail, before and after your change: \`netpath --from vm/vm-guest --to node/NAME --port 10250\`, \`netpath --from pod/NAME --to host/mirror --port 21\`.`,
        `If a repair needed a new rule, delete it and put the part right that was mistyped: \`az network nsg rule show -g ${GROUP} --nsg-name GROUP -n RULE\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'everyone-answers',
          evidence: 'every call of the list gets through, so that what is shut is shut on purpose',
          holds: everyoneAnswers,
        },
        blocked({
          id: 'bot-to-catalogue',
          evidence: 'a bot is denied the catalogue',
          from: 'host/bot',
          to: catalogueAddress,
          port: 80,
          disposition: 'denied-inbound',
          control: 'reader-to-catalogue',
        }),
        blocked({
          id: 'guest-to-loans',
          evidence: 'a guest is denied the loans',
          from: 'vm/vm-guest',
          to: LOANS_ADDRESS,
          port: 80,
          disposition: 'denied-inbound',
          control: 'desk-to-loans',
        }),
        blocked({
          id: 'guest-to-apps',
          evidence: 'a guest is denied the nodes of the pool apps',
          from: 'vm/vm-guest',
          to: appsNode,
          port: 10_250,
          disposition: 'denied-inbound',
          control: 'ops-to-apps',
        }),
        blocked({
          id: 'guest-to-system',
          evidence: 'a guest is denied the nodes of the pool system',
          from: 'vm/vm-guest',
          to: systemNode,
          port: 10_250,
          disposition: 'denied-inbound',
          control: 'ops-to-system',
        }),
        blocked({
          id: 'pod-to-mirror',
          evidence: 'pods are denied the old mirror',
          from: cataloguePod,
          to: 'host/mirror',
          port: 21,
          disposition: 'denied-outbound',
          control: 'pod-to-payments',
        }),
        {
          kind: 'invariant',
          id: 'nothing-else-open',
          evidence: 'other ports, other callers and other destinations are denied by a group on every node',
          holds: nothingElseOpen,
        },
      ],
    },
  ],
};

export default lab;
