import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalEnd } from '../../src/lab/service-view.ts';
import { deliveredThroughout } from '../../src/lab/throughout.ts';
import { createNatGateway } from '../../src/model/azure/nat-gateway.ts';
import { findResource, listResources, resourceId } from '../../src/model/azure/resource-store.ts';
import { enterSubscription, findSubscription } from '../../src/model/azure/subscription-choice.ts';
import { updateSubnet } from '../../src/model/azure/subnet.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { address, addressPlus, formatAddress } from '../../src/model/ip/address.ts';
import { sourceSeen } from './seen.ts';

const PORT = 443;

/** Names of groups mean what they are in the current subscription, and the learner may have left the own one. */
const atHome = (cloud: Cloud): Cloud =>
  enterSubscription(cloud, findSubscription(cloud, 'Networking Workbook') ?? cloud.subscription);

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(atHome(cloud), 'rg-pay', 'aks-pay');

const checkout =
  (which: 0 | 1): EndOf =>
  (cloud) => {
    const cluster = view(cloud);
    if (isMissing(cluster)) return cluster;
    const pods = nodesRunning(cluster, 'checkout');
    const found = pods[which];
    return found === undefined
      ? { missing: `Pods of checkout run on ${pods.length} nodes; the checks need two.` }
      : podEnd(found.pod);
  };

function addressOf(cloud: Cloud, name: string): string | Missing {
  const found = listResources(cloud, 'Microsoft.Network/publicIPAddresses').find((one) => one.name === name);
  return found?.ipAddress ?? { missing: `The public address ${name} is gone.` };
}

const acquirer: EndOf = (cloud) => addressOf(cloud, 'pip-acquirer');
const reserved: EndOf = (cloud) => addressOf(cloud, 'pip-egress');

const toAcquirer = { from: checkout(0), to: acquirer, protocol: 'tcp', port: PORT } as const;

/** What the acquirer sees of the cluster in a world, or null where nothing arrives. */
function seenByAcquirer(cloud: Cloud): string | null {
  return sourceSeen(cloud, toAcquirer);
}

// Who else could come in: asked of hosts that exist in a copy only.

function answerTo(cloud: Cloud, from: string): { readonly disposition: string; readonly reason: string } {
  const to = addressOf(cloud, 'pip-acquirer');
  if (isMissing(to)) return { disposition: 'undetermined', reason: to.missing };
  const host = {
    kind: 'internet' as const,
    name: 'whoever-it-is',
    address: from,
    dnsNames: [],
    ports: [],
  };
  const asked = askModel(
    { ...cloud, outsideHosts: [...cloud.outsideHosts, host] },
    { from: 'host/whoever-it-is', to, protocol: 'tcp', port: PORT },
  );
  return asked.ok ? asked.value.trace : { disposition: 'undetermined', reason: asked.error };
}

function keptOut(who: string, addressIn: (start: Cloud, now: Cloud) => string | null) {
  return (cloud: Cloud, { start }: Before): Holds => {
    if (seenByAcquirer(cloud) === null) {
      return {
        passed: false,
        found: 'Nothing of the cluster reaches the acquirer, so nothing is shown by who else does not.',
      };
    }
    const from = addressIn(start, cloud);
    if (from === null)
      return {
        passed: false,
        found: 'The cluster still leaves with the address that it had, so nobody else can have it.',
      };
    const { disposition, reason } = answerTo(cloud, from);
    return disposition === 'denied-inbound'
      ? { passed: true }
      : {
          passed: false,
          found: `${from}, ${who}, must be denied by the acquirer's group, but: ${disposition}: ${reason}`,
        };
  };
}

/** The cluster's first address is nobody's once the cluster does not use it. */
const oldAddress = (start: Cloud, now: Cloud): string | null => {
  const before = seenByAcquirer(start);
  return before === seenByAcquirer(now) ? null : before;
};

const besideNewAddress = (_: Cloud, now: Cloud): string | null => {
  const seen = seenByAcquirer(now);
  const next = seen === null ? null : addressPlus(address(seen), seen.endsWith('.254') ? -1 : 1);
  return next === null ? null : formatAddress(next);
};

// The cluster

function outboundType(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const { networkProfile, provisioningState } = cluster.cluster;
  if (provisioningState !== 'Succeeded') {
    return { passed: false, found: `The cluster's provisioning state is ${provisioningState}.` };
  }
  return networkProfile.outboundType === 'userAssignedNATGateway'
    ? { passed: true }
    : { passed: false, found: `The outbound type of aks-pay is ${networkProfile.outboundType}.` };
}

/** The same cluster, not one made anew: its nodes and pods went on. */
function sameCluster(cloud: Cloud, { start }: Before): Holds {
  const [now, then] = [view(cloud), view(start)];
  if (isMissing(now)) return { passed: false, found: now.missing };
  if (isMissing(then)) return { passed: false, found: then.missing };
  return now.cluster.fqdn === then.cluster.fqdn
    ? { passed: true }
    : { passed: false, found: 'aks-pay is another cluster than the one you were given.' };
}

// Questions

function acceptBefore(_: Cloud, answer: string, { start }: Before): Accepts {
  if (plainAnswer(answer) === seenByAcquirer(start)) return { passed: true };
  return {
    passed: false,
    feedback:
      'That is not the source that the acquirer sees. Ask from a pod of checkout: curl to the address of pip-acquirer (port 443, plain http) prints the client, and netpath has it in its third line.',
  };
}

function acceptAfter(cloud: Cloud, answer: string): Accepts {
  const known = addressOf(cloud, 'pip-egress');
  if (plainAnswer(answer) === known) return { passed: true };
  return {
    passed: false,
    feedback:
      'Outbound type userAssignedNATGateway makes no address: packets leave with an address of the gateway that is on the subnet, and that is the one that you give it.',
  };
}

/** Attaches a gateway in a copy of the network as it was handed over, and looks at what that alone does. */
function acceptMoment(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = plainAnswer(answer).split(/\W/)[0] ?? '';
  if (given !== 'attach' && given !== 'update') {
    return { passed: false, feedback: 'Answer with one word: attach or update.' };
  }
  const home = atHome(start);
  const pip = findResource(home, 'Microsoft.Network/publicIPAddresses', 'rg-pay', 'pip-egress');
  const made = createNatGateway(home, {
    resourceGroup: 'rg-pay',
    name: 'rehearsal',
    publicIpAddressIds: pip === null ? [] : [pip.id],
  });
  const attached = made.ok
    ? updateSubnet(
        made.value,
        { resourceGroup: 'rg-pay', virtualNetwork: 'vnet-pay', name: 'snet-nodes' },
        { natGateway: resourceId(home, 'rg-pay', 'Microsoft.Network/natGateways', 'rehearsal') },
      )
    : made;
  // The acquirer does not know the new address, so nothing arrives once it is used.
  const key = attached.ok && seenByAcquirer(attached.value) === null ? 'attach' : 'update';
  return given === key
    ? { passed: true }
    : {
        passed: false,
        feedback:
          'A NAT gateway on a subnet comes before the outbound rule of a load balancer, and Azure does not ask AKS before it uses it.',
      };
}

function delivered(
  id: string,
  evidence: string,
  from: EndOf,
  to: EndOf,
  port: number,
  seenSource?: EndOf,
): FlowCheck {
  return {
    kind: 'flow',
    id,
    evidence,
    from,
    to,
    protocol: 'tcp',
    port,
    expect: seenSource === undefined ? { kind: 'delivered' } : { kind: 'delivered', seenSource },
  };
}

const lab: Lab = {
  id: 'partner-allow-list',
  title: 'A new address, and nobody notices',
  minutes: 35,
  module: '09-outbound-types',
  order: 1,
  objectives: [
    'say from which moment on connections leave with another address',
    'change the outbound type of a running cluster to a NAT gateway of your own',
    'keep a partner’s allow list true at every moment, and as short as it was',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `Cluster \`aks-pay\` (resource group \`rg-pay\`, in your VNet \`vnet-pay\`) leaves by the outbound rule of its load
balancer. The pods of \`checkout\` pay through an acquirer, whose firewall lets in one address: today's. You want a NAT
gateway of your own, with the address that you reserved for it, \`pip-egress\`, and outbound type
\`userAssignedNATGateway\`.

The acquirer lives in the subscription \`Partner\`, resource group \`rg-acquirer\`: machine \`vm-acquirer\` at public address
\`pip-acquirer\`, TCP ${PORT}, security group \`nsg-acquirer\`. Its people have given you their keyboard for an hour:
the commands for its rules take \`--subscription Partner\`. They want no more in their list than they need, now and afterwards.
Shoppers call the Service \`shop\` all the time.`,
  tasks: [
    {
      id: 'foresee',
      title: 'Foresee what changes, and when',
      text: `Answer three questions before you touch anything.`,
      hints: [
        'Which way out a packet takes is decided for each connection, by what is on its subnet at that moment.',
        '`netpath --from pod/default/POD --to ADDRESS --port 443` names who lends the address. The outbound type is what AKS keeps in order; the network itself asks the subnet first.',
        'NAT gateway before instance address before outbound rule: a gateway on snet-nodes is used from the moment it is there.',
      ],
      checks: [
        {
          kind: 'answer',
          id: 'address-before',
          evidence: 'what the acquirer sees today',
          key: 'before',
          question: 'Which source address did the acquirer see when you took over?',
          accept: acceptBefore,
        },
        {
          kind: 'answer',
          id: 'address-after',
          evidence: 'what it will see',
          key: 'after',
          question: 'Which source address will it see when all is done?',
          accept: acceptAfter,
        },
        {
          kind: 'answer',
          id: 'moment',
          evidence: 'when the address changes',
          key: 'moment',
          question:
            'From which command on do new connections leave with the new address: attach (the gateway to the subnet) or update (the outbound type of the cluster)?',
          accept: acceptMoment,
        },
      ],
    },
    {
      id: 'move',
      title: 'Move, without a moment of silence',
      text: `\`aks-pay\` has outbound type \`userAssignedNATGateway\` and leaves with the address of \`pip-egress\`. After every single
command, from the first to the last, checkout reaches the acquirer and shoppers reach the shop.`,
      hints: [
        'A list may hold two addresses for a while. Which of them must be there before which command?',
        'Gateway with its address first, then the acquirer’s list, then the subnet, then the cluster: `az network nat gateway create`, the rule with `--subscription Partner`, `az network vnet subnet update` with `--nat-gateway`, `az aks update` with `--outbound-type`.',
        'If a check says that something was cut, the order was wrong: start over. `az network nsg rule update --subscription Partner -g rg-acquirer --nsg-name nsg-acquirer -n AllowShop --source-address-prefixes OLD/32 NEW/32` comes before the gateway is on the subnet.',
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'outbound-type',
          evidence: 'AKS knows how its nodes leave',
          holds: outboundType,
        },
        delivered('pays', 'checkout pays from the reserved address', checkout(0), acquirer, PORT, reserved),
        delivered(
          'pays-elsewhere',
          'so does the pod on the other node',
          checkout(1),
          acquirer,
          PORT,
          reserved,
        ),
        {
          kind: 'invariant',
          id: 'never-silent',
          evidence: 'checkout reached the acquirer after every command',
          holds: deliveredThroughout(toAcquirer),
        },
        {
          kind: 'invariant',
          id: 'never-closed',
          evidence: 'shoppers reached the shop after every command',
          holds: deliveredThroughout({
            from: 'host/customer',
            to: externalEnd(view, 'default', 'shop'),
            protocol: 'tcp',
            port: 80,
          }),
        },
        {
          kind: 'invariant',
          id: 'same-cluster',
          evidence: 'it is the cluster you were given',
          holds: sameCluster,
        },
      ],
    },
    {
      id: 'tidy',
      title: 'Leave the list as short as it was',
      text: `The acquirer lets in the new address, to TCP ${PORT}, and nothing else. The old one may belong to somebody else tomorrow.`,
      hints: [
        'What becomes of the address that the load balancer had? Look for it once the outbound type has changed.',
        'Managed outbound addresses are deleted with the outbound rule; Azure gives them to whoever asks next. A rule that still names them lets a stranger in.',
        '`az network nsg rule update --subscription Partner -g rg-acquirer --nsg-name nsg-acquirer -n AllowShop --source-address-prefixes NEW/32`, after `az aks update`.',
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'old-address-out',
          evidence: 'whoever gets the old address is kept out',
          holds: keptOut('who has the old address now', oldAddress),
        },
        {
          kind: 'invariant',
          id: 'neighbour-out',
          evidence: 'the address beside the new one is kept out',
          holds: keptOut('who has the address beside yours', besideNewAddress),
        },
        {
          kind: 'flow',
          id: 'stranger-out',
          evidence: 'a stranger is kept out',
          from: 'host/stranger',
          to: acquirer,
          protocol: 'tcp',
          port: PORT,
          expect: { kind: 'blocked', disposition: 'denied-inbound', by: /\bNSG\b/, control: 'pays' },
        },
        {
          kind: 'flow',
          id: 'one-port',
          evidence: 'checkout gets to one port and no further',
          from: checkout(0),
          to: acquirer,
          protocol: 'tcp',
          port: 22,
          expect: { kind: 'blocked', disposition: 'denied-inbound', by: /\bNSG\b/, control: 'pays' },
        },
      ],
    },
  ],
};

export default lab;
