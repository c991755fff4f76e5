/** Hub and spoke with a firewall: routes of both directions, what the firewall sees of them, and whose source arrives. */
import { icmp, tcp, udp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOf } from '../script-variation.ts';

const TRAVELLER = 'host/traveller';
const TERMINAL = 'host/terminal';
const SCALES = 'host/scales';
const SHARED = 'vm/vm-shared';
const DATA = 'vm/vm-data';
const WEB = 'pod/default/timetable';
const SHIPS = 'pod/default/berths';
const PUBLIC = '203.0.113.140';
const BERTHS = '10.2.1.10';
const TIMETABLE = '10.1.1.10';

const GROUP = '--resource-group rg-harbour --output none';
const variation = variationsOf('whole-picture');

/** A network rule beside those of the scenario. */
const allow = (name: string, from: string, to: string, ports: string, protocols = 'TCP'): string =>
  `az network firewall policy rule-collection-group collection rule add ${GROUP} --policy-name policy --rcg-name across --collection-name calls --rule-type NetworkRule --name ${name} --ip-protocols ${protocols} --source-addresses ${from} --destination-addresses ${to} --destination-ports ${ports}`;

const noTable = (network: string, subnet: string): string =>
  `az network vnet subnet update ${GROUP} --vnet-name vnet-${network} --name ${subnet} --remove routeTable`;

/** Application rules decide by names, and the witness's flows say none: other ports than theirs tell as much. */
const HIDDEN =
  'az network firewall policy rule-collection-group delete --resource-group rg-harbour --policy-name policy --name names --yes';

export const wholePicture: Scenario = {
  name: 'whole-picture',
  variations: [
    variation(
      'as it is',
      [],
      [
        tcp(TRAVELLER, PUBLIC, 'delivered'),
        tcp(TRAVELLER, PUBLIC, 'denied-inbound', 22),
        udp(TRAVELLER, PUBLIC, 'denied-inbound'),
        icmp(TRAVELLER, PUBLIC, 'denied-inbound'),
        tcp(WEB, BERTHS, 'delivered'),
        tcp(WEB, BERTHS, 'denied-outbound', 22),
        udp(WEB, BERTHS, 'denied-outbound', 53),
        tcp(WEB, SHIPS, 'denied-outbound', 22),
        tcp(WEB, DATA, 'denied-outbound', 22),
        tcp(TERMINAL, BERTHS, 'delivered'),
        tcp(SCALES, BERTHS, 'denied-outbound', 22),
        tcp(TERMINAL, TIMETABLE, 'denied-outbound', 22),
        tcp(SHIPS, SCALES, 'delivered', 443),
        tcp(SHIPS, TERMINAL, 'denied-outbound', 22),
        tcp(DATA, SCALES, 'denied-outbound', 443),
        tcp(SHIPS, DATA, 'delivered'),
        tcp(DATA, SHIPS, 'delivered'),
        icmp(DATA, SHIPS, 'delivered'),
        // Hub and spokes are peers, and these routes are longer than the default route to the firewall.
        tcp(SHARED, DATA, 'delivered'),
        tcp(DATA, SHARED, 'delivered'),
        tcp(SHARED, TIMETABLE, 'delivered'),
        tcp(SHARED, TERMINAL, 'delivered', 22),
        tcp(TERMINAL, SHARED, 'delivered'),
        icmp(WEB, DATA, 'denied-outbound'),
      ],
    ),
    variation(
      'without the route table on GatewaySubnet',
      [noTable('hub', 'GatewaySubnet')],
      [
        // The request goes straight to the spoke, the answer to a firewall that knows nothing of it.
        tcp(TERMINAL, BERTHS, 'asymmetric'),
        icmp(TERMINAL, DATA, 'asymmetric'),
        // The request passes the firewall, and the answer goes round it.
        tcp(SHIPS, SCALES, 'asymmetric', 443),
        tcp(WEB, BERTHS, 'delivered'),
        tcp(SHARED, DATA, 'delivered'),
        tcp(TERMINAL, SHARED, 'delivered'),
      ],
    ),
    variation(
      'spokes keep the learned routes',
      [
        'az network route-table update --resource-group rg-harbour --output none --name rt-spokes --disable-bgp-route-propagation false',
      ],
      [
        tcp(TERMINAL, BERTHS, 'asymmetric'),
        tcp(SHIPS, SCALES, 'asymmetric', 443),
        tcp(DATA, TERMINAL, 'asymmetric', 22),
        tcp(WEB, BERTHS, 'delivered'),
        tcp(TRAVELLER, PUBLIC, 'delivered'),
      ],
    ),
    variation(
      'the pods have no route table',
      [noTable('ships', 'snet-pods')],
      [
        tcp(SHIPS, SCALES, 'asymmetric', 443),
        // The Service is answered by its node, whose subnet has the table.
        tcp(WEB, BERTHS, 'delivered'),
        tcp(SHIPS, DATA, 'delivered'),
      ],
    ),
    variation(
      'one spoke has no route table',
      [noTable('web', 'snet-nodes')],
      [
        tcp(WEB, BERTHS, 'dropped-by-route'),
        tcp(SHARED, TIMETABLE, 'delivered'),
        // What the firewall sends in has its own address, to which there is a route of the peering.
        tcp(TRAVELLER, PUBLIC, 'delivered'),
      ],
    ),
    variation(
      'the hub is inspected from one side only',
      [
        allow('shared', '10.2.2.0/24', '10.0.2.0/24', '80'),
        allow('probe', '10.0.2.0/24', '10.2.2.0/24', '80'),
        'az network route-table create --resource-group rg-harbour --output none --name rt-data --disable-bgp-route-propagation true',
        'az network route-table route create --resource-group rg-harbour --output none --route-table-name rt-data --name all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4',
        'az network route-table route create --resource-group rg-harbour --output none --route-table-name rt-data --name shared --address-prefix 10.0.2.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4',
        `az network vnet subnet update ${GROUP} --vnet-name vnet-ships --name snet-data --route-table rt-data`,
      ],
      [
        tcp(DATA, SHARED, 'asymmetric'),
        tcp(SHARED, DATA, 'asymmetric'),
        tcp(SHARED, TIMETABLE, 'delivered'),
        tcp(TERMINAL, BERTHS, 'delivered'),
      ],
    ),
    variation(
      'the hub is inspected from both sides',
      [
        allow('shared', '10.2.2.0/24', '10.0.2.0/24', '80'),
        'az network route-table create --resource-group rg-harbour --output none --name rt-data --disable-bgp-route-propagation true',
        'az network route-table route create --resource-group rg-harbour --output none --route-table-name rt-data --name all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4',
        'az network route-table route create --resource-group rg-harbour --output none --route-table-name rt-data --name shared --address-prefix 10.0.2.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4',
        `az network vnet subnet update ${GROUP} --vnet-name vnet-ships --name snet-data --route-table rt-data`,
        'az network route-table create --resource-group rg-harbour --output none --name rt-shared',
        'az network route-table route create --resource-group rg-harbour --output none --route-table-name rt-shared --name data --address-prefix 10.2.2.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4',
        `az network vnet subnet update ${GROUP} --vnet-name vnet-hub --name snet-shared --route-table rt-shared`,
      ],
      [
        tcp(DATA, SHARED, 'delivered'),
        tcp(SHARED, DATA, 'denied-outbound', 22),
        tcp(SHARED, TIMETABLE, 'delivered'),
        tcp(SHARED, BERTHS, 'delivered'),
      ],
    ),
    variation(
      'a policy of network rules alone',
      [HIDDEN, allow('weather', '10.1.0.0/24', '198.51.100.90', '80 443')],
      [
        // Outside, the firewall's public address is seen.
        tcp(WEB, 'host/weather', 'delivered'),
        tcp(WEB, 'host/weather', 'delivered', 443),
        tcp(WEB, 'host/stranger', 'denied-outbound'),
        tcp(SHIPS, 'host/weather', 'denied-outbound'),
        tcp(WEB, BERTHS, 'delivered'),
        icmp(WEB, 'host/weather', 'denied-outbound'),
      ],
    ),
    variation(
      'always translated',
      [
        HIDDEN,
        'az network firewall policy update --resource-group rg-harbour --output none --name policy --private-ranges 255.255.255.255/32',
      ],
      [
        // Whoever is called sees the firewall, and answers it.
        tcp(WEB, BERTHS, 'delivered'),
        tcp(TERMINAL, BERTHS, 'delivered'),
        tcp(SHIPS, SCALES, 'delivered', 443),
        tcp(DATA, SCALES, 'denied-outbound', 443),
        tcp(TRAVELLER, PUBLIC, 'delivered'),
      ],
    ),
    variation(
      'a rule for every protocol, and one that denies before it',
      [
        HIDDEN,
        'az network firewall policy rule-collection-group collection add-filter-collection --resource-group rg-harbour --output none --policy-name policy --rcg-name across --name never --collection-priority 100 --action Deny --rule-type NetworkRule --rule-name ssh --ip-protocols TCP --source-addresses * --destination-addresses * --destination-ports 22'.replaceAll(
          ' *',
          " '*'",
        ),
        allow('all', "'*'", "'*'", "'*'", 'Any'),
      ],
      [
        tcp(WEB, DATA, 'denied-outbound', 22),
        tcp(WEB, DATA, 'delivered'),
        icmp(WEB, DATA, 'delivered'),
        udp(WEB, DATA, 'refused', 81),
        tcp(DATA, TERMINAL, 'denied-outbound', 22),
        icmp(DATA, TERMINAL, 'delivered'),
        tcp(DATA, 'host/stranger', 'delivered'),
      ],
    ),
    variation(
      'a link is gone, and the firewall with it for one spoke',
      ['az network vnet peering delete --resource-group rg-harbour --vnet-name vnet-hub --name hub-to-web'],
      [
        tcp(WEB, BERTHS, 'next-hop-unreachable'),
        tcp(TRAVELLER, PUBLIC, 'dropped-by-route'),
        tcp(TERMINAL, BERTHS, 'delivered'),
        tcp(SHIPS, SCALES, 'delivered', 443),
      ],
    ),
    variation(
      'a public Service behind the default route',
      [
        'az aks get-credentials --resource-group rg-harbour --name aks-web --overwrite-existing --only-show-errors',
        'kubectl expose pod timetable --name open --port 80 --type LoadBalancer',
      ],
      [
        tcp(TRAVELLER, 'service/default/open@aks-web', 'asymmetric'),
        tcp(TRAVELLER, PUBLIC, 'delivered'),
        tcp(WEB, BERTHS, 'delivered'),
      ],
    ),
    variation(
      'a public Service, and a way round the firewall for who calls it',
      [
        'az aks get-credentials --resource-group rg-harbour --name aks-web --overwrite-existing --only-show-errors',
        'kubectl expose pod timetable --name open --port 80 --type LoadBalancer',
        'az network route-table route create --resource-group rg-harbour --output none --route-table-name rt-spokes --name travellers --address-prefix 203.0.113.0/25 --next-hop-type Internet',
      ],
      [
        tcp(TRAVELLER, 'service/default/open@aks-web', 'delivered'),
        tcp(TRAVELLER, PUBLIC, 'delivered'),
        tcp(WEB, BERTHS, 'delivered'),
      ],
    ),
  ],
};
