import { isMissing } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, FlowCheck, Holds, InvariantCheck, Lab, Missing } from '../../src/lab/lab.ts';
import { findResource, sameId } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { BOOKS_ADDRESS, GROUP, failedCalls, podsOf, strangersServed } from './calls.ts';
import { acceptLost, acceptObject } from './diagnosis.ts';

const firstPod: EndOf = (cloud): string | Missing => {
  const pods = podsOf(cloud);
  return isMissing(pods) ? pods : (pods[0] ?? { missing: 'There is no pod of books.' });
};

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

const denied = (
  id: string,
  evidence: string,
  from: EndOf,
  to: EndOf,
  by: RegExp,
  control: string,
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from,
  to,
  protocol: 'tcp',
  port: 80,
  expect: { kind: 'blocked', disposition: 'denied-inbound', by, control },
});

const everyCall = (cloud: Cloud): Holds => {
  const failed = failedCalls(cloud);
  if (isMissing(failed)) return { passed: false, found: failed.missing };
  const [first] = failed;
  if (first === undefined) return { passed: true };
  const { from, to, port } = first.question;
  return {
    passed: false,
    found: `${from} to ${to} tcp/${port ?? ''}: ${first.trace.reason}`,
    symptom: first.symptom,
  };
};

const nobodyElse = (cloud: Cloud): Holds => {
  const served = strangersServed(cloud);
  if (isMissing(served)) return { passed: false, found: served.missing };
  const [first] = served;
  return first === undefined ? { passed: true } : { passed: false, found: first };
};

/** The same four networks with the same ranges: nobody moved house to get round the fault. */
const sameNetworks = (cloud: Cloud, { start }: Before): Holds => {
  for (const name of ['vnet-hub', 'vnet-aks', 'vnet-data', 'vnet-guest']) {
    const before = findResource(start, 'Microsoft.Network/virtualNetworks', GROUP, name);
    const now = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, name);
    if (before === null) throw new Error(`no ${name} at the start`);
    if (now === null) return { passed: false, found: `VNet ${name} is gone.` };
    const gone = before.addressSpace.addressPrefixes.find(
      (one) => !now.addressSpace.addressPrefixes.includes(one),
    );
    if (gone !== undefined) return { passed: false, found: `VNet ${name} no longer has ${gone}.` };
    const unpeered = before.virtualNetworkPeerings.find(
      (one) =>
        !now.virtualNetworkPeerings.some(
          (two) =>
            sameId(one.remoteVirtualNetwork.id, two.remoteVirtualNetwork.id) &&
            two.peeringState === 'Connected',
        ),
    );
    if (unpeered !== undefined) {
      return { passed: false, found: `Nothing connects ${name} any more to where ${unpeered.name} led.` };
    }
  }
  return { passed: true };
};

const invariant = (id: string, evidence: string, holds: InvariantCheck['holds']): InvariantCheck => ({
  kind: 'invariant',
  id,
  evidence,
  holds,
});

const lab: Lab = {
  id: 'connected-but-silent',
  title: 'Connected, but silent',
  minutes: 25,
  module: '13-vnet-peering',
  order: 2,
  objectives: [
    'tell what a peering that is Connected promises from what it does not',
    'say of a call that fails whether the request or the answer is lost',
    'mend the one object that decides, and leave closed what is closed on purpose',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune', 'ember', 'flint'],
  brief: `A bookshop runs in the cluster \`aks-books\` (\`rg-books\`, Azure CNI Overlay) in \`vnet-aks\`. Its database, its reports
and its archive are in \`vnet-data\`, the way to the printing plant (on-premises, \`192.168.10.0/24\`) in \`vnet-hub\`. Since last
night one call fails. The portal says \`Connected\` for every peering, and it is right.

What must work:

- every pod of \`books\` reaches \`vm-db\` and \`vm-archive\`, TCP 80, and the host \`plant\`, TCP 443
- \`vm-report\` and \`plant\` reach \`books\` at its internal address \`${BOOKS_ADDRESS}\`, TCP 80

What must stay as it is: the guests' network \`vnet-guest\` is still peered with two of the others, for a project that is
over. Nobody there reaches anything. And the database is for the bookshop alone.`,
  diagnosis: 'find',
  tasks: [
    {
      id: 'find',
      title: 'Say what decides',
      text: `Commit yourself to both answers: until then a failed check tells what people notice and not what decided.
Answers are compared with the network as you found it, so mending first does no harm.`,
      hints: [
        `A peering that is Connected gives each side a route to the ranges of the other, as it last learned them. Whether a packet takes that route, whether groups let it in, what a gateway passes on and what the answer does are four more questions.`,
        `Try each call of the brief with \`netpath --from END --to END --port N\`. Of the one that fails, read the last step, and whether there is a way back at all. Then look at what it names: \`az network vnet peering list -g ${GROUP} --vnet-name VNET -o table\`, \`az network route-table route list -g ${GROUP} --route-table-name TABLE -o table\`, \`az network nsg rule list -g ${GROUP} --nsg-name GROUP --include-default -o table\`.`,
        `For example \`netpath --from pod/NAME --to vm/vm-archive --port 80\`: a packet for a peered VNet that takes the system route to the internet, or to None, had no route of a peering. \`az network vnet peering show -g ${GROUP} --vnet-name vnet-aks -n aks-to-data --query '{state: peeringState, sync: peeringSyncLevel, learned: remoteAddressSpace.addressPrefixes, now: remoteVirtualNetworkAddressSpace.addressPrefixes}'\` says what the link knows.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'object',
          evidence: 'the object that has to change',
          key: 'object',
          question:
            'Which one object has to change? The name of a peering, of a route, or of a security rule.',
          accept: acceptObject,
        },
        {
          kind: 'answer',
          id: 'lost',
          evidence: 'whether the request or the answer is lost',
          key: 'lost',
          question:
            'Of the call that fails: is the request lost, or does it arrive and the answer is lost? request or answer.',
          accept: acceptLost,
        },
      ],
    },
    {
      id: 'mend',
      title: 'Let every call through',
      text: `The networks, their ranges and their peerings stay. Everything else is yours.`,
      hints: [
        `One object is enough. Everything beside it is as it was meant, also what looks odd.`,
        `A link is changed on its own side: flags with \`az network vnet peering update --set FLAG=true\`, what it knows of the other side's addresses with \`az network vnet peering sync\`. A route that nobody needs is deleted.`,
        `For example \`az network vnet peering update -g ${GROUP} --vnet-name vnet-aks -n aks-to-data --set allowVirtualNetworkAccess=true\`, \`az network vnet peering sync -g ${GROUP} --vnet-name vnet-aks -n aks-to-data\`, \`az network route-table route delete -g ${GROUP} --route-table-name rt-aks -n NAME\`, \`az network nsg rule update -g ${GROUP} --nsg-name nsg-data -n db-from-books --source-address-prefixes RANGE\`.`,
      ],
      checks: [
        delivered('pod-to-db', 'the shop reads the stock', firstPod, 'vm/vm-db', 80),
        delivered('pod-to-archive', 'the shop shows old orders', firstPod, 'vm/vm-archive', 80),
        delivered('pod-to-plant', 'an order gets to the printing plant', firstPod, 'host/plant', 443),
        delivered('report-to-books', 'the report asks the shop', 'vm/vm-report', BOOKS_ADDRESS, 80),
        delivered('plant-to-books', 'the plant asks the shop', 'host/plant', BOOKS_ADDRESS, 80),
        invariant('every-call', 'every pod, on every node', everyCall),
        invariant('same-networks', 'the networks have their ranges and are peered as before', sameNetworks),
      ],
    },
    {
      id: 'still-shut',
      title: 'Leave shut what was shut',
      text: `Guests reach nobody, and nobody but the shop reaches the database. (This counts once every call gets through.)`,
      hints: [
        `A flag set on every link, and a rule for VirtualNetwork, heal the call and open more than the call.`,
        `Try who must fail: \`netpath --from vm/vm-guest --to ${BOOKS_ADDRESS} --port 80\`, \`netpath --from vm/vm-report --to vm/vm-db --port 80\`. The reason names the rule.`,
        `Links to guests have allowVirtualNetworkAccess off, so that guests are not part of the tag VirtualNetwork and the default rules deny them: \`az network vnet peering update -g ${GROUP} --vnet-name vnet-aks -n aks-to-guest --set allowVirtualNetworkAccess=false\`.`,
      ],
      checks: [
        invariant(
          'everyone-answers',
          'every call gets through, so that what is shut is shut on purpose',
          everyCall,
        ),
        denied(
          'guest-to-books',
          'a guest is denied the shop',
          'vm/vm-guest',
          BOOKS_ADDRESS,
          /DenyAllInBound\b.*\bNSG (nsg-aks|aks-agentpool)/,
          'report-to-books',
        ),
        denied(
          'guest-to-report',
          'a guest is denied the report',
          'vm/vm-guest',
          'vm/vm-report',
          /DenyAllInBound\b.*\bnsg-data/,
          'report-to-books',
        ),
        denied(
          'guest-to-db',
          'a guest is denied the database',
          'vm/vm-guest',
          'vm/vm-db',
          /db-from-nobody-else\b.*\bnsg-data/,
          'pod-to-db',
        ),
        denied(
          'report-to-db',
          'the report is denied the database',
          'vm/vm-report',
          'vm/vm-db',
          /db-from-nobody-else\b.*\bnsg-data/,
          'pod-to-db',
        ),
        invariant('nobody-else', 'guests get nowhere, and the database answers the shop alone', nobodyElse),
      ],
    },
  ],
};

export default lab;
