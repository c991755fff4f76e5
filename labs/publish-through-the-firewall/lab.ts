import { isMissing, viewCluster } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, FlowCheck, Lab } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalAddress } from '../../src/lab/service-view.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { everyConnection, firstPod, noOtherWayIn, published, traced, wayOutAsBefore } from './shop.ts';

/** A customer's call as it was at the start. */
function callAtStart(start: Cloud): Trace {
  const view = viewCluster(start, 'rg-shop', 'aks-shop');
  if (isMissing(view)) throw new Error(view.missing);
  const address = externalAddress(view, 'default', 'shop');
  if (isMissing(address)) throw new Error(address.missing);
  return traced(start, { from: 'host/customer', to: address, port: 80 });
}

function acceptArrives(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = plainAnswer(answer);
  const arrives = callAtStart(start).seenSource === null ? 'no' : 'yes';
  if (given === arrives) return { passed: true };
  return {
    passed: false,
    feedback:
      given === 'yes' || given === 'no'
        ? 'Ask netpath for the call, and look whether the way there ends at a pod.'
        : 'Answer with yes or no.',
  };
}

function acceptLostAt(_: Cloud, answer: string, { start }: Before): Accepts {
  const given = plainAnswer(answer).replace(/^(firewall|fabric|lb|host|vm)\//, '');
  const trace = callAtStart(start);
  const place = (trace.reverse ?? trace).hops.at(-1)?.place ?? '';
  const name = place.slice(place.indexOf('/') + 1);
  if (given === name) return { passed: true };
  return {
    passed: false,
    feedback: `The last place of the way back is another one. Its name stands behind the kind: in fabric/vnet-shop it would be vnet-shop.`,
  };
}

const delivered = (
  id: string,
  evidence: string,
  from: FlowCheck['from'],
  to: FlowCheck['to'],
  more: Partial<FlowCheck>,
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  from,
  to,
  protocol: 'tcp',
  ...more,
  expect: more.expect ?? { kind: 'delivered' },
});

const lab: Lab = {
  id: 'publish-through-the-firewall',
  title: 'Publish through the firewall',
  minutes: 25,
  module: '11-udr-and-azure-firewall',
  order: 2,
  objectives: [
    'find out where the answer of a published Service is lost',
    'bring a request in by the same door that its answer leaves by',
    'open that door for some and not for others',
  ],
  seeds: ['plain'],
  brief: `The nodes of \`aks-shop\` (\`rg-shop\`) have a route table with \`0.0.0.0/0\` to the firewall \`fw-shop\`, and what the shop calls is
as it should be. Now it shall be called. Somebody made two Services of type LoadBalancer, \`shop\` and \`admin\`, and got an
EXTERNAL-IP for each; customers get timeouts.

Wanted, at the firewall's address \`pip-fw\` and nowhere else:

- everybody on the internet reaches \`shop\` on TCP 80
- the office, \`198.51.100.0/24\`, reaches \`admin\` on TCP 8080; nobody else does

Each of these conversations passes the firewall, there and back. What pods may call, and with whose address, stays as it is.
\`snet-internal\` (10.40.1.0/28) is there for internal load balancers. The hosts \`customer\`, \`office\`,
\`office-2\`, \`neighbour\` (198.51.101.7, next to the office), \`payments\`, \`sister\` (\`www.example.com\`) and \`drop\` are there to try from and to.`,
  tasks: [
    {
      id: 'find',
      title: 'Say where the answer is lost',
      text: 'About the network as you found it, and a customer who calls the EXTERNAL-IP of `shop` on port 80.',
      hints: [
        `A load balancer hands the packet to a node and keeps the client's address in it. The answer goes to that address, by the routes of the node's subnet.`,
        `\`kubectl get service shop\`, then \`netpath --from host/customer --to EXTERNAL-IP --port 80\`. Read both ways to their ends.`,
        `The way there ends at a pod. The way back goes by the route \`all\` to \`firewall/fw-shop\`, which knows no such conversation.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'arrives',
          evidence: 'whether the request arrives',
          key: 'arrives',
          question: 'Does the request of a customer arrive at a pod? yes or no.',
          accept: acceptArrives,
        },
        {
          kind: 'answer',
          id: 'lost-at',
          evidence: 'where the conversation ends',
          key: 'lost-at',
          question:
            'At which place does the conversation end? The name of a machine, network, load balancer or firewall.',
          accept: acceptLostAt,
        },
      ],
    },
    {
      id: 'publish',
      title: 'Publish both',
      text: 'Through the firewall, in both directions.',
      hints: [
        `Let the request come in where the answer goes out: at the firewall. It translates the destination to the load balancer, and puts its own private address in as the source, so that the answer comes back to it.`,
        `A DNAT rule translates from \`pip-fw\` and a port to another address and port. The clean target is an internal load balancer: \`service.beta.kubernetes.io/azure-load-balancer-internal\`, and \`…-internal-subnet\` for the subnet. A rule has sources, too.`,
        `\`kubectl annotate service shop service.beta.kubernetes.io/azure-load-balancer-internal=true service.beta.kubernetes.io/azure-load-balancer-internal-subnet=snet-internal\`, the same for admin; then \`az network firewall nat-rule create -g rg-shop --firewall-name fw-shop --collection-name publish -n shop --action Dnat --priority 100 --protocols TCP --source-addresses '*' --destination-addresses PIP --destination-ports 80 --translated-address INTERNAL-IP --translated-port 80\`.`,
      ],
      checks: [
        delivered('customer-to-shop', 'a customer gets the shop', 'host/customer', published, { port: 80 }),
        delivered('office-to-admin', 'the office gets the administration', 'host/office', published, {
          port: 8080,
        }),
        {
          kind: 'invariant',
          id: 'every-connection',
          evidence: 'whichever node is chosen, and through the firewall both ways',
          holds: everyConnection,
        },
      ],
    },
    {
      id: 'no-other-way',
      title: 'And no other way',
      text: 'Neither in nor out.',
      hints: [
        `What is published has an address, a port and callers. Each of the three can be too wide.`,
        `Try as somebody who must fail: \`netpath --from host/customer --to PIP --port 8080\`. And from inside: \`netpath --from pod/NAME --to https://drop.example.net\`, which the firewall denies now.`,
        `\`az network firewall nat-rule list -g rg-shop --firewall-name fw-shop --collection-name publish\` shows the sources. The route table still sends everything to the firewall: \`az network route-table route list -g rg-shop --route-table-name rt-nodes -o table\`.`,
      ],
      checks: [
        {
          kind: 'flow',
          id: 'customer-to-admin',
          evidence: 'a customer is denied the administration',
          from: 'host/customer',
          to: published,
          protocol: 'tcp',
          port: 8080,
          expect: {
            kind: 'blocked',
            disposition: 'denied-inbound',
            by: /\bfirewall fw-shop\b/,
            control: 'office-to-admin',
          },
        },
        delivered(
          'pod-to-payments',
          'the shop calls its payments with the address of the firewall',
          firstPod,
          'https://pay.example.com',
          {
            expect: { kind: 'delivered', seenSource: published },
          },
        ),
        {
          kind: 'flow',
          id: 'pod-to-drop',
          evidence: 'the firewall denies pods a name that nobody allowed',
          from: firstPod,
          to: 'https://drop.example.net',
          protocol: 'tcp',
          expect: {
            kind: 'blocked',
            disposition: 'denied-outbound',
            by: /\bfirewall fw-shop\b/,
            control: 'pod-to-payments',
          },
        },
        {
          kind: 'invariant',
          id: 'nothing-else-in',
          evidence: 'no public address answers on another port, or to another caller',
          holds: noOtherWayIn,
        },
        {
          kind: 'invariant',
          id: 'out-as-before',
          evidence: 'what pods may call is what it was',
          holds: wayOutAsBefore,
        },
      ],
    },
  ],
};

export default lab;
