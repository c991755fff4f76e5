import { isMissing } from '../../src/lab/cluster-view.ts';
import type { Before, EndOf, FlowCheck, Holds, Lab, Missing, Task } from '../../src/lab/lab.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { SYMPTOM, TICKETS, companyOf, openTicket, stillShut } from './company.ts';
import type { Ticket } from './company.ts';
import { acceptObject, answeredFirst } from './faults.ts';

const end =
  (take: 'web' | 'stock' | 'reports' | 'front'): EndOf =>
  (cloud): string | Missing => {
    const company = companyOf(cloud);
    if (isMissing(company)) return company;
    const found = company[take];
    return typeof found === 'string' ? found : (found[0] ?? { missing: `No pod of ${take} runs.` });
  };

const closed =
  (ticket: Ticket) =>
  (cloud: Cloud): Holds => {
    const open = openTicket(cloud, ticket);
    return open === null ? { passed: true } : { passed: false, found: open, symptom: SYMPTOM[ticket] };
  };

const suspectedFirst =
  (ticket: Ticket) =>
  (_: Cloud, { answered }: Before): Holds => {
    switch (answeredFirst(ticket, answered)) {
      case 'yes':
        return { passed: true };
      case 'none':
        return { passed: false, found: `There is no hypothesis yet: answer ${ticket} NAME` };
      case 'later':
        return {
          passed: false,
          found:
            'The answer came when these calls got through already. A hypothesis is written down before anything is changed: take the change back, answer anew, and make it again.',
        };
    }
  };

interface TicketTask {
  readonly ticket: Ticket;
  readonly title: string;
  readonly text: string;
  readonly hints: Task['hints'];
}

const ticketTask = ({ ticket, title, text, hints }: TicketTask): Task => ({
  id: ticket,
  title,
  text: `${text} First write down what you suspect: \`answer ${ticket} NAME\`. Until then a check tells only what people notice.`,
  hints,
  hypothesis: 'first',
  checks: [
    {
      kind: 'answer',
      id: `${ticket}-cause`,
      evidence: 'the object that has to change',
      key: ticket,
      question: `${SYMPTOM[ticket]} Which object has to change? The name of a rule (of the firewall's policy or of a security group), a route table, a peering or a private endpoint.`,
      accept: acceptObject(ticket),
    },
    {
      kind: 'invariant',
      id: `${ticket}-first`,
      evidence: 'the hypothesis came before the repair',
      holds: suspectedFirst(ticket),
    },
    {
      kind: 'invariant',
      id: `${ticket}-closed`,
      evidence: 'all calls of the ticket get through, by the way that they are meant to take',
      holds: closed(ticket),
    },
  ],
});

const denied = (
  id: string,
  evidence: string,
  flow: Pick<FlowCheck, 'from' | 'to' | 'port'>,
  disposition: 'denied-inbound' | 'denied-outbound',
  by: RegExp,
  control: string,
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  ...flow,
  protocol: 'tcp',
  expect: { kind: 'blocked', disposition, by, control },
});

const delivered = (
  id: string,
  evidence: string,
  flow: Pick<FlowCheck, 'from' | 'to' | 'port'>,
  seenSource?: EndOf,
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  ...flow,
  protocol: 'tcp',
  expect: { kind: 'delivered', ...(seenSource === undefined ? {} : { seenSource }) },
});

const everyTicket = (cloud: Cloud): Holds => {
  const open = TICKETS.find((ticket) => openTicket(cloud, ticket) !== null);
  return open === undefined
    ? { passed: true }
    : { passed: false, found: `A ticket is still open: ${SYMPTOM[open]}` };
};

const lab: Lab = {
  id: 'a-company-network',
  title: 'A company’s network',
  minutes: 75,
  module: '13-vnet-peering',
  order: 3,
  objectives: [
    'work through several faults at once, each with a hypothesis before the repair',
    'say in which of many places a call ends: route, firewall, security group, link or endpoint',
    'mend exactly what is broken in a network whose other rules matter',
  ],
  seeds: ['amber', 'birch', 'cedar', 'dune'],
  brief: `A company (\`rg-company\`): a hub with the firewall \`fw-hub\` and its policy \`pol-company\`, the way to on-premises, and two spokes.
In \`vnet-shop\` runs \`aks-shop\` (Azure CNI Overlay, nodes 10.10.0.0/24), in \`vnet-data\` \`aks-data\` (Pod Subnet, nodes 10.20.0.0/24, pods
10.20.4.0/22). Ratings come from another company with the same addresses (\`rg-ratings\`), over Private Link. Last night several people
changed one thing each. Five tickets are open, and each has one cause.

How it is meant to go:

- customers on the internet call the shop at \`pip-fw\`, TCP 80: through the firewall to \`10.10.1.10\`
- pods \`web\` call the stock, \`http://10.20.1.10\`: through the firewall, spoke to spoke
- \`desk\`, on-premises, calls the reports, \`http://10.20.1.11\`: gateway, then firewall, both ways
- pods \`stock\` and \`reports\` call \`plant\`, on-premises, TCP 443: firewall, then gateway, both ways
- pods \`web\` call the ratings at the endpoint in \`snet-endpoints\`: over Private Link
- pods \`web\` call \`https://pay.example.com\`: through the firewall, with its address

Nothing else gets through: the two clusters reach each other, on-premises and the internet in no other way, nobody calls
\`drop.example.net\` (198.51.100.66), \`vm-jump\` in the hub reaches neither cluster, and \`vm-next\`, in the network of the ratings,
does not reach \`vm-ratings\`. The firewall's rules and the security groups see to it.
Ask \`netpath\` with a URL where a call is HTTP or HTTPS: the firewall decides by the name.`,
  tasks: [
    ticketTask({
      ticket: 'customers',
      title: 'Ticket: customers',
      text: 'Customers do not get the shop.',
      hints: [
        `From outside in: the firewall's address, what it translates to, and who lets the translated packet in. After translation the source is the firewall's.`,
        `\`netpath --from host/customer --to PIP --port 80\` with the address of \`az network public-ip show -g rg-company -n pip-fw --query ipAddress -o tsv\`. Compare the translated address with \`kubectl get service web\` (context \`aks-shop\`), and the source after translation with \`nsg-shop\`.`,
        `Either \`az network firewall policy rule-collection-group collection rule update -g rg-company --policy-name pol-company --rcg-name publish --collection-name front -n shop-front --translated-address 10.10.1.10\`, or \`az network nsg rule update -g rg-company --nsg-name nsg-shop -n web-from-firewall --source-address-prefixes 10.0.1.0/26\`.`,
      ],
    }),
    ticketTask({
      ticket: 'stock',
      title: 'Ticket: stock',
      text: 'The shop cannot read the stock.',
      hints: [
        `A pod of Overlay leaves its network with the address of its node. A network rule of the firewall changes no private source.`,
        `\`netpath --from pod/NAME --to http://10.20.1.10\` from a pod \`web\`. Which source does the packet have where it is denied, and which does the rule there name?`,
        `Either \`… collection rule update --rcg-name inside --collection-name calls -n stock --source-addresses 10.10.0.0/24\`, or \`az network nsg rule update -g rg-company --nsg-name nsg-data -n stock-from-shop --source-address-prefixes 10.10.0.0/24\`.`,
      ],
    }),
    ticketTask({
      ticket: 'plant',
      title: 'Ticket: on-premises',
      text: 'The desk does not get the reports, and orders do not get to the plant.',
      hints: [
        `Two directions, two subnets that choose a route: the pods' or nodes', and \`GatewaySubnet\`. And on-premises must know the spoke at all.`,
        `\`netpath --from host/desk --to http://10.20.1.11\`. Does the request leave on-premises? Does it meet the firewall? Does the answer? Compare with what \`vnet-shop\` has.`,
        `Either \`az network route-table route create -g rg-company --route-table-name rt-gateway -n data --address-prefix 10.20.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4\`, or \`az network vnet peering update -g rg-company --vnet-name vnet-data -n data-to-hub --set useRemoteGateways=true\`.`,
      ],
    }),
    ticketTask({
      ticket: 'ratings',
      title: 'Ticket: ratings',
      text: 'The shop shows no ratings.',
      hints: [
        `Over Private Link there is no route and no peering. There is an approval, and behind it a load balancer with a probe.`,
        `\`az network private-endpoint show -g rg-company -n pe-ratings --query 'manualPrivateLinkServiceConnections[0].privateLinkServiceConnectionState'\`, and \`netpath\` from a pod \`web\` to \`http://10.10.2.4\`: its last step is in the other company's network.`,
        `Either approve: \`az network private-link-service connection update -g rg-ratings --service-name pls-ratings -n CONNECTION --connection-status Approved\`, with the name from \`az network private-link-service show -g rg-ratings -n pls-ratings --query 'privateEndpointConnections[0].name' -o tsv\`. Or \`az network nsg rule update -g rg-ratings --nsg-name nsg-ratings -n probes --source-address-prefixes AzureLoadBalancer\`.`,
      ],
    }),
    ticketTask({
      ticket: 'payments',
      title: 'Ticket: payments',
      text: 'Nobody can pay.',
      hints: [
        `Network rules come before application rules, whatever their numbers. And a pattern is not the name itself.`,
        `\`netpath --from pod/NAME --to https://pay.example.com\`: which rule decided, and what lost before it? \`az network firewall policy rule-collection-group collection list -g rg-company --policy-name pol-company --rcg-name outside\`.`,
        `Either \`… collection rule update --rcg-name outside --collection-name names -n payments --target-fqdns pay.example.com\`, or \`… --rcg-name inside --collection-name never -n blocked-range --destination-addresses 198.51.100.66\`.`,
      ],
    }),
    {
      id: 'shut',
      title: 'Leave shut what was shut',
      text: `The rules that nobody complained of are there for a reason. (This counts once every ticket is closed.)`,
      hints: [
        `Every quick repair has a price here: a rule for everything, a table taken off, a group detached, two spokes peered.`,
        `Ask for calls that must fail, and look who denies them: \`netpath --from pod/NAME --to https://drop.example.net\`, \`netpath --from vm/vm-jump --to 10.10.1.10 --port 80\`, \`netpath --from host/desk --to http://10.10.1.10\`.`,
        `Put the one object right that your hypothesis names, and take everything else back. A rule that was narrow stays narrow: one source, one destination, one port.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'every-ticket',
          evidence: 'every ticket is closed, so that what is shut is shut on purpose',
          holds: everyTicket,
        },
        delivered(
          'pod-to-payments',
          'the payments see the firewall’s address',
          { from: end('web'), to: 'https://pay.example.com' },
          end('front'),
        ),
        delivered('pod-to-stock', 'the shop reads the stock', { from: end('web'), to: 'http://10.20.1.10' }),
        delivered('customer-to-shop', 'a customer gets the shop', {
          from: 'host/customer',
          to: end('front'),
          port: 80,
        }),
        denied(
          'pod-to-drop',
          'nobody calls drop.example.net',
          { from: end('web'), to: 'https://drop.example.net' },
          'denied-outbound',
          /\bpol-company\b|\bfw-hub\b/,
          'pod-to-payments',
        ),
        denied(
          'data-to-payments',
          'the data cluster calls no payments',
          { from: end('stock'), to: 'https://pay.example.com' },
          'denied-outbound',
          /\bpol-company\b|\bfw-hub\b/,
          'pod-to-payments',
        ),
        denied(
          'shop-to-reports',
          'the shop reads no reports',
          { from: end('web'), to: 'http://10.20.1.11' },
          'denied-outbound',
          /\bfw-hub\b/,
          'pod-to-stock',
        ),
        denied(
          'jump-to-shop',
          'the hub’s machine does not reach the shop',
          { from: 'vm/vm-jump', to: '10.10.1.10', port: 80 },
          'denied-inbound',
          /\bnsg-shop\b/,
          'customer-to-shop',
        ),
        {
          kind: 'invariant',
          id: 'everything-else',
          evidence:
            'other ports, other callers and other destinations are denied, by the firewall or by a group',
          holds: stillShut,
        },
      ],
    },
  ],
};

export default lab;
