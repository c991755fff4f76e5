import type { FlowCheck, Lab } from '../../src/lab/lab.ts';
import { WANTED, allThroughTheFirewall, nothingElse } from './calls.ts';

type Wanted = keyof typeof WANTED;

const delivered = (id: Wanted, evidence: string, seenSource: string): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  ...WANTED[id],
  protocol: 'tcp',
  expect: { kind: 'delivered', seenSource },
});

const denied = (
  id: string,
  evidence: string,
  flow: { readonly from: string; readonly to: string; readonly port: number },
  control: Wanted,
): FlowCheck => ({
  kind: 'flow',
  id,
  evidence,
  ...flow,
  protocol: 'tcp',
  expect: { kind: 'blocked', disposition: 'denied-outbound', by: /\bfirewall fw-hub\b/, control },
});

const lab: Lab = {
  id: 'three-spokes',
  title: 'Three spokes',
  minutes: 35,
  module: '13-vnet-peering',
  order: 1,
  objectives: [
    'connect spokes to a hub, with one gateway for all of them',
    'write the routes of both directions, so that a firewall sees whole conversations',
    'allow a list of calls and nothing beside it',
  ],
  seeds: ['plain'],
  brief: `The works (\`rg-works\`) have a hub and three spokes, and nothing is connected yet.

- \`vnet-hub\`, 10.0.0.0/16: the firewall \`fw-hub\` without a rule, in 10.0.1.0/26; \`GatewaySubnet\`, 10.0.0.0/27, with the way to
  on-premises
- \`vnet-web\`, 10.1.0.0/16: \`vm-web\` in \`snet-web\`, 10.1.0.0/24
- \`vnet-data\`, 10.2.0.0/16: \`vm-data\` in \`snet-data\`, 10.2.0.0/24
- \`vnet-dev\`, 10.3.0.0/16: \`vm-dev\` in \`snet-dev\`, 10.3.0.0/24
- on-premises, 192.168.20.0/24: \`desk\` .10, \`ledger\` .30, \`printer\` .40

Wanted, and nothing else:

- \`vm-web\` calls \`vm-data\`, TCP 80
- \`vm-dev\` calls \`vm-web\`, TCP 80
- \`desk\` calls \`vm-dev\`, TCP 22
- \`vm-web\` calls \`ledger\`, TCP 443

Each conversation passes the firewall, there and back, and whoever is called sees the caller's own address. Everything else
between these machines, \`ping\` too, is denied by the firewall. There is no need for security groups.`,
  tasks: [
    {
      id: 'connect',
      title: 'Let the four calls through',
      text: `Links, routes and rules. Spokes are not peered with each other.`,
      hints: [
        `A call between spokes needs links with the hub on both sides, a route to the firewall in each of the two spokes, and a rule. For on-premises, the gateway has to be lent and used, and what comes out of it has to be sent to the firewall too.`,
        `Route tables belong to subnets: one for the spokes, one for \`GatewaySubnet\`. The firewall's address: \`az network firewall show -g rg-works -n fw-hub --query 'ipConfigurations[0].privateIPAddress' -o tsv\`. After each step ask \`netpath\` how far a call comes now.`,
        `For one spoke: \`az network vnet peering create -g rg-works --vnet-name vnet-hub -n to-web --remote-vnet vnet-web --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit\`, the other side with \`--use-remote-gateways\` in place of the last flag; \`az network route-table route create -g rg-works --route-table-name rt-spokes -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4\`; \`az network vnet subnet update -g rg-works --vnet-name vnet-web -n snet-web --route-table rt-spokes\`. A first rule: \`az network firewall network-rule create -g rg-works --firewall-name fw-hub --collection-name spokes --action Allow --priority 200 -n web-to-data --protocols TCP --source-addresses 10.1.0.0/24 --destination-addresses 10.2.0.0/24 --destination-ports 80\`.`,
      ],
      checks: [
        delivered('web-to-data', 'the web calls its data', '10.1.0.4'),
        delivered('dev-to-web', 'a developer looks at the web', '10.3.0.4'),
        delivered('desk-to-dev', 'somebody at a desk logs in to the development machine', '192.168.20.10'),
        delivered('web-to-ledger', 'the web calls the ledger on-premises', '10.1.0.4'),
      ],
    },
    {
      id: 'through',
      title: 'Bring both directions through the firewall',
      text: `A firewall that sees half of a conversation cannot judge it. The routes that a gateway announces, and those of a peering, are
longer than a default route.`,
      hints: [
        `For each of the four calls, follow the request and then the answer. Which route does each subnet on the way choose, and which subnet is it that chooses?`,
        `A spoke learns 192.168.20.0/24 from the gateway, and that beats 0.0.0.0/0. In the hub, \`GatewaySubnet\` has the routes of the peerings to every spoke. \`netpath\` prints the way back as well: look for \`firewall/fw-hub\` in it.`,
        `\`az network route-table update -g rg-works -n rt-spokes --disable-bgp-route-propagation true\`. On \`GatewaySubnet\`, a table with a route to each spoke's range by way of the firewall: \`az network route-table route create -g rg-works --route-table-name rt-gateway -n dev --address-prefix 10.3.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'both-ways',
          evidence: 'each of the four conversations meets the firewall on the way there and on the way back',
          holds: allThroughTheFirewall,
        },
      ],
    },
    {
      id: 'nothing-else',
      title: 'And nothing else',
      text: `What is not on the list is denied, and by the firewall: a call that finds no route is no proof of anything.`,
      hints: [
        `A firewall denies what no rule allows. So there is nothing to write here, only something to take back: rules that are wider than a line of the list.`,
        `Look at each rule: source, destination, port and protocol all as narrow as the list says. On-premises, only one host may call, and only one is called.`,
        `\`az network firewall network-rule list -g rg-works --firewall-name fw-hub --collection-name spokes\` shows all. A rule is deleted with \`az network firewall network-rule delete -g rg-works --firewall-name fw-hub --collection-name spokes -n NAME\` and created again.`,
      ],
      checks: [
        denied(
          'dev-to-data',
          'developers do not reach the data',
          { from: 'vm/vm-dev', to: 'vm/vm-data', port: 80 },
          'web-to-data',
        ),
        denied(
          'web-to-data-ssh',
          'nobody logs in to the data from the web',
          { from: 'vm/vm-web', to: 'vm/vm-data', port: 22 },
          'web-to-data',
        ),
        denied(
          'data-to-web',
          'the data calls nobody',
          { from: 'vm/vm-data', to: 'vm/vm-web', port: 80 },
          'dev-to-web',
        ),
        denied(
          'desk-to-data',
          'a desk does not reach the data',
          { from: 'host/desk', to: 'vm/vm-data', port: 22 },
          'desk-to-dev',
        ),
        denied(
          'printer-to-dev',
          'another host on-premises does not log in to development',
          { from: 'host/printer', to: 'vm/vm-dev', port: 22 },
          'desk-to-dev',
        ),
        denied(
          'web-to-printer',
          'of on-premises the web reaches the ledger alone',
          { from: 'vm/vm-web', to: 'host/printer', port: 443 },
          'web-to-ledger',
        ),
        {
          kind: 'invariant',
          id: 'the-rest',
          evidence:
            'every other call between these machines is denied by the firewall, whatever port or protocol',
          holds: nothingElse,
        },
      ],
    },
  ],
};

export default lab;
