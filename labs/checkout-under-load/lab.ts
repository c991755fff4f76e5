import { isMissing, nodesOf } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, FlowCheck, Holds, Lab } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { compileUnloaded } from '../../src/model/compile/compile.ts';
import { trafficState } from '../../src/model/traffic/traffic-state.ts';
import { holders, later, loadText, PAY, payments, view, whoCannotPay } from './load-view.ts';

function outboundTypeOf(cloud: Cloud): string | null {
  const cluster = view(cloud);
  return isMissing(cluster) ? null : cluster.cluster.networkProfile.outboundType;
}

// Questions

function acceptNode(_: Cloud, answer: string, { start }: Before): Accepts {
  const all = payments(start);
  const short = isMissing(all) ? [] : all.filter(({ disposition }) => disposition === 'snat-exhausted');
  const given = plainAnswer(answer);
  const isIt = short.some(
    ({ node }) =>
      node.name.toLowerCase() === given ||
      node.address === given ||
      // The end of the name, which is all that differs.
      (/^vmss[0-9a-z]{6}$/.test(given) && node.name.toLowerCase().endsWith(given)),
  );
  return isIt
    ? { passed: true }
    : {
        passed: false,
        feedback:
          'No payment fails there. Ask from each of the three: kubectl exec POD -- curl -m 5 http://pay.example.com, and kubectl get pods -o wide.',
      };
}

function acceptDeployment(_: Cloud, answer: string, { start }: Before): Accepts {
  const sorted = [...holders(start)].sort(([, a], [, b]) => b - a);
  const given = plainAnswer(answer)
    .replace(/^deployments?(\.apps)?\//, '')
    .replace(/-[0-9a-f]{8,10}-[a-z0-9]{5}$/, '');
  if (given === sorted[0]?.[0]) return { passed: true };
  if (sorted.some(([name]) => name === given)) {
    return {
      passed: false,
      feedback: `${given} has a part in it, but another one on that node takes more of the ports towards pay.`,
    };
  }
  return {
    passed: false,
    feedback:
      'Ports run out towards one destination, on one node. Which programs on that node call pay.example.com, with how many connections, and how do those end? kubectl get deployment NAME -o yaml shows the arguments.',
  };
}

function acceptPorts(_: Cloud, answer: string, { start }: Before): Accepts {
  const state = trafficState(start, compileUnloaded(start));
  const sizes = state.inventories.flatMap(({ way }) =>
    way.inventory.method === 'load-balancer' ? way.inventory.ports : [],
  );
  const given = Number(plainAnswer(answer).replaceAll(/[ ,_]/g, ''));
  return sizes.length > 0 && given === sizes[0]
    ? { passed: true }
    : {
        passed: false,
        feedback:
          given === 64_000
            ? 'That is what the address has. Every node gets its share of it.'
            : 'Look at the metric AllocatedSnatPorts of load balancer kubernetes, by BackendIPAddress, or at the table for a pool of three nodes.',
      };
}

// Twice mended

const NOT_ALL_PAY = 'Not all three checkouts can pay.';

const sameLoad = (cloud: Cloud, { start }: Before): Holds => {
  const [now, then] = [loadText(cloud), loadText(start)];
  return now === then
    ? { passed: true }
    : {
        passed: false,
        found: `The programs of the other teams are part of the business and must run as they did. Now:\n${now || 'none'}`,
      };
};

/** Some moment of the attempt at which every node could pay for good, by the load balancer's own ports. */
function mendedByPorts(cloud: Cloud, before: Before): Holds {
  const moments = [...(before.since ?? [{ command: '', cloud }])].reverse();
  let found: string | null = null;
  for (const moment of moments) {
    if (outboundTypeOf(moment.cloud) !== 'loadBalancer' || hasGateway(moment.cloud)) continue;
    if (loadText(moment.cloud) !== loadText(before.start)) continue;
    const problem = whoCannotPay(later(moment.cloud));
    if (problem === null) return { passed: true };
    found ??= problem;
  }
  return {
    passed: false,
    found:
      found === null
        ? 'There was no moment yet at which the load balancer carried the load with other settings than you found.'
        : `With the load balancer, a quarter of an hour later: ${found}`,
    symptom: NOT_ALL_PAY,
  };
}

function hasGateway(cloud: Cloud): boolean {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', 'rg-shop', 'vnet-shop');
  return network?.subnets.some(({ natGateway }) => natGateway !== undefined) === true;
}

function byGateway(cloud: Cloud): Holds {
  const type = outboundTypeOf(cloud);
  return type === 'userAssignedNATGateway'
    ? { passed: true }
    : { passed: false, found: `The outbound type of aks-shop is ${type ?? 'not known'}.` };
}

function paysForGood(cloud: Cloud): Holds {
  const now = whoCannotPay(cloud);
  if (now !== null) return { passed: false, found: now, symptom: NOT_ALL_PAY };
  const problem = whoCannotPay(later(cloud));
  return problem === null
    ? { passed: true }
    : { passed: false, found: `A quarter of an hour later: ${problem}`, symptom: NOT_ALL_PAY };
}

function fromReserved(cloud: Cloud): Holds {
  const own = findResource(cloud, 'Microsoft.Network/publicIPAddresses', 'rg-shop', 'pip-egress')?.ipAddress;
  const all = payments(cloud);
  if (isMissing(all)) return { passed: false, found: all.missing };
  const other = all.find(({ seen }) => seen !== own);
  return other === undefined
    ? { passed: true }
    : {
        passed: false,
        found: `${other.pod}: pay saw ${other.seen ?? 'nothing'}, and not ${own ?? 'pip-egress, which is gone'}.`,
      };
}

function fromNode(which: 0 | 1 | 2): FlowCheck {
  return {
    kind: 'flow',
    id: `pays-${which + 1}`,
    evidence: `the checkout on node ${which + 1} pays`,
    from: (cloud) => {
      const all = payments(cloud);
      if (isMissing(all)) return all;
      const cluster = view(cloud);
      const node = isMissing(cluster) ? undefined : nodesOf(cluster)[which];
      const found = all.find((each) => each.node.name === node?.name);
      return found?.pod ?? { missing: 'Pods of checkout run on fewer than three nodes.' };
    },
    to: PAY,
    protocol: 'tcp',
    port: 80,
    expect: { kind: 'delivered' },
  };
}

const lab: Lab = {
  id: 'checkout-under-load',
  title: 'One till of three',
  minutes: 40,
  module: '08-snat',
  order: 1,
  objectives: [
    'find out on which node new connections fail, and whose connections are in the way',
    'give every node enough source ports, counted before it is done',
    'move the same load to a NAT gateway and compare',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  diagnosis: 'find',
  brief: `Since this morning one payment in three fails: the shop's \`checkout\` (cluster \`aks-shop\`, \`rg-shop\`, a pod on each of
three nodes) calls \`pay.example.com\`, and some calls time out. The people at pay see nothing unusual. Other teams have
programs on the same nodes, in the same namespace: \`settlement\`, \`statements\`, \`price-feed\` and \`crawler\`. They belong
to the business and go on as they are.

Nodes leave by the outbound rule of the load balancer that AKS manages. The cluster lives in your VNet \`vnet-shop\`; a
public address for later, \`pip-egress\`, is reserved. The time in this lab passes: \`sleep 300\` lets five minutes go by.`,
  tasks: [
    {
      id: 'find',
      title: 'Find where it fails, and who is in the way',
      text: `Answer three questions before you change anything.`,
      hints: [
        'Source ports are lent to nodes, not to pods, and a port can be used once towards each destination.',
        "`kubectl get pods -o wide`, then `kubectl exec POD -- curl -m 5 http://pay.example.com` from each checkout. `az monitor metrics list --resource LB --metric UsedSnatPorts --offset 3m --filter \"BackendIPAddress eq '*' and ProtocolType eq 'TCP'\" -o table` splits by node; a node may be full towards somebody else, too.",
        'On the node that fails, look at the arguments of each program that calls pay.example.com: connections kept open (-c) take a port each; with -disable-keepalive every request takes one, and the port waits after its connection is closed.',
      ],
      checks: [
        {
          kind: 'answer',
          id: 'which-node',
          evidence: 'where new connections fail',
          key: 'node',
          question: 'On which node do payments fail?',
          accept: acceptNode,
        },
        {
          kind: 'answer',
          id: 'which-deployment',
          evidence: 'whose connections are in the way',
          key: 'deployment',
          question: 'Which Deployment takes most of that node’s source ports towards pay?',
          accept: acceptDeployment,
        },
        {
          kind: 'answer',
          id: 'how-many-ports',
          evidence: 'how many ports a node has',
          key: 'ports',
          question: 'How many source ports did the outbound rule give to each node when you took over?',
          accept: acceptPorts,
        },
      ],
    },
    {
      id: 'ports',
      title: 'Mend it with more ports',
      text: `Stay with the load balancer. Give each node enough ports that all three checkouts pay while every program runs as
before, not only now but a quarter of an hour later.`,
      hints: [
        'How many ports does the load need on the busiest node? Open connections, plus those that closed lately and still wait.',
        '`calc snat-ports --help` counts ports, nodes and addresses; AKS also counts one more node for upgrades. Ports come in steps of 8.',
        '`az aks update -g rg-shop -n aks-shop` with `--load-balancer-outbound-ports N`, and `--load-balancer-managed-outbound-ip-count M` where N times four nodes is more than 64,000.',
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'mended-by-ports',
          evidence: 'the load balancer could carry the load',
          holds: mendedByPorts,
        },
        fromNode(0),
        fromNode(1),
        fromNode(2),
        {
          kind: 'invariant',
          id: 'load-intact',
          evidence: 'the other programs run as before',
          holds: sameLoad,
        },
      ],
    },
    {
      id: 'gateway',
      title: 'Mend it with a NAT gateway',
      text: `Then move on: outbound type \`userAssignedNATGateway\`, a gateway of yours with \`pip-egress\`. Pay sees that address from all
three nodes, now and a quarter of an hour later. (What you showed in the task before stays shown.)`,
      hints: [
        'A gateway lends ports to whoever opens a connection. Nobody has to know beforehand which node will be busy.',
        'Gateway with its address, then the subnet, then the cluster.',
        '`az network nat gateway create`, then `az network vnet subnet update` with `--nat-gateway`, then `az aks update` with `--outbound-type userAssignedNATGateway`.',
      ],
      checks: [
        { kind: 'invariant', id: 'by-gateway', evidence: 'AKS knows how its nodes leave', holds: byGateway },
        {
          kind: 'invariant',
          id: 'from-reserved',
          evidence: 'pay sees the reserved address',
          holds: fromReserved,
        },
        {
          kind: 'invariant',
          id: 'pays-for-good',
          evidence: 'every node pays, and goes on paying',
          holds: paysForGood,
        },
      ],
    },
  ],
};

export default lab;
