/** Peered VNets: routes and filters of both fabrics, an appliance in a peer, a gateway in a peer, and links that are cut. */
import { icmp, tcp, udp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOf } from '../script-variation.ts';

const NVA = 'vm/vm-nva';
const SHARED = 'vm/vm-shared';
const BLUE = 'vm/vm-blue';
const RED = 'vm/vm-red';
const GREEN = 'vm/vm-green';
const ERP = 'host/erp';

const GROUP = '--resource-group rg-net';
const variation = variationsOf('hub-and-spoke');

const NEW = 'vm/vm-new';
const newRange = [
  `az network vnet update ${GROUP} --name vnet-red --address-prefixes 10.2.0.0/16 10.52.0.0/16`,
  `az network vnet subnet create ${GROUP} --vnet-name vnet-red --name snet-new --address-prefixes 10.52.0.0/24 --default-outbound-access true`,
  `az vm create ${GROUP} --name vm-new --image Ubuntu2204 --vnet-name vnet-red --subnet snet-new --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors`,
  `az vm run-command invoke ${GROUP} --name vm-new --command-id RunShellScript --scripts 'apt-get install -y nginx'`,
];

export const hubAndSpoke: Scenario = {
  name: 'hub-and-spoke',
  variations: [
    variation(
      'as it is',
      [],
      [
        tcp(SHARED, BLUE, 'delivered'),
        tcp(BLUE, SHARED, 'delivered'),
        icmp(SHARED, GREEN, 'delivered'),
        icmp(GREEN, NVA, 'delivered'),
        tcp(GREEN, SHARED, 'delivered'),
        tcp(GREEN, SHARED, 'refused', 81),
        udp(SHARED, RED, 'refused', 81),
        tcp(SHARED, NVA, 'delivered'),
        // By way of the appliance, whose source address nobody sees.
        tcp(BLUE, RED, 'delivered'),
        tcp(RED, BLUE, 'delivered'),
        icmp(BLUE, RED, 'delivered'),
        tcp(BLUE, RED, 'refused', 81),
        tcp(BLUE, '10.2.0.200', 'next-hop-unreachable'),
        tcp(BLUE, '10.0.1.200', 'next-hop-unreachable'),
        tcp(BLUE, '10.3.0.4', 'dropped-by-route'),
        // Not transitive.
        tcp(GREEN, BLUE, 'dropped-by-route'),
        tcp(GREEN, RED, 'dropped-by-route'),
        // Blue uses the gateway of the hub, the others do not.
        tcp(BLUE, ERP, 'delivered'),
        tcp(SHARED, ERP, 'delivered'),
        tcp(RED, ERP, 'dropped-by-route'),
        tcp(ERP, BLUE, 'delivered'),
        icmp(ERP, BLUE, 'delivered'),
        tcp(ERP, SHARED, 'delivered'),
        tcp(ERP, RED, 'no-route'),
        tcp(BLUE, 'internet', 'delivered'),
        tcp(GREEN, 'internet', 'delivered'),
      ],
    ),
    variation(
      'one link of blue is gone',
      [`az network vnet peering delete ${GROUP} --vnet-name vnet-hub --name to-blue`],
      [
        tcp(SHARED, BLUE, 'dropped-by-route'),
        tcp(BLUE, SHARED, 'dropped-by-route'),
        tcp(BLUE, RED, 'next-hop-unreachable'),
        tcp(RED, BLUE, 'dropped-by-route'),
        tcp(BLUE, ERP, 'dropped-by-route'),
        tcp(ERP, BLUE, 'no-route'),
        tcp(SHARED, RED, 'delivered'),
        tcp(BLUE, 'internet', 'delivered'),
      ],
    ),
    variation(
      'red has no route back over the appliance',
      [`az network vnet subnet update ${GROUP} --vnet-name vnet-red --name snet-app --route-table ""`],
      [
        tcp(BLUE, RED, 'dropped-by-route'),
        icmp(BLUE, RED, 'dropped-by-route'),
        tcp(RED, BLUE, 'dropped-by-route'),
        tcp(RED, SHARED, 'delivered'),
        tcp(BLUE, SHARED, 'delivered'),
      ],
    ),
    variation(
      'the appliance does not forward',
      [`az network nic update ${GROUP} --name vm-nvaVMNic --ip-forwarding false --output none`],
      [
        tcp(BLUE, RED, 'next-hop-unreachable'),
        tcp(RED, BLUE, 'next-hop-unreachable'),
        tcp(BLUE, NVA, 'delivered'),
        tcp(NVA, RED, 'delivered'),
      ],
    ),
    variation(
      'security groups with the default rules, and a link of green without virtual network access',
      [
        `az network nsg create ${GROUP} --name nsg --output none`,
        ...['hub snet-shared', 'green snet-app', 'blue snet-app'].map((place) => {
          const [network = '', subnet = ''] = place.split(' ');
          return `az network vnet subnet update ${GROUP} --vnet-name vnet-${network} --name ${subnet} --network-security-group nsg`;
        }),
        `az network vnet peering update ${GROUP} --vnet-name vnet-green --name to-hub --set allowVirtualNetworkAccess=false`,
      ],
      [
        tcp(SHARED, BLUE, 'delivered'),
        tcp(BLUE, SHARED, 'delivered'),
        tcp(BLUE, RED, 'delivered'),
        tcp(RED, BLUE, 'delivered'),
        tcp(SHARED, GREEN, 'denied-inbound'),
        icmp(SHARED, GREEN, 'denied-inbound'),
        tcp(GREEN, SHARED, 'denied-outbound'),
        tcp(BLUE, ERP, 'delivered'),
        tcp(ERP, BLUE, 'delivered'),
      ],
    ),
    variation(
      'a default route of blue over the appliance, which the routes of peerings are longer than',
      [
        `az network route-table route create ${GROUP} --route-table-name rt-blue --name all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4`,
      ],
      [
        tcp(BLUE, SHARED, 'delivered'),
        tcp(SHARED, BLUE, 'delivered'),
        tcp(BLUE, ERP, 'delivered'),
        // Nobody translates the address of blue for the internet on behalf of the appliance.
        tcp(BLUE, 'internet', 'no-outbound-path'),
        tcp(GREEN, SHARED, 'delivered'),
      ],
    ),
    variation('a new range of red, which the hub has not synced', newRange, [
      tcp(SHARED, NEW, 'dropped-by-route'),
      tcp(NEW, SHARED, 'dropped-by-route'),
      tcp(RED, NEW, 'delivered'),
      tcp(SHARED, RED, 'delivered'),
    ]),
    variation(
      'a new range of red, synced',
      [...newRange, `az network vnet peering sync ${GROUP} --vnet-name vnet-hub --name to-red`],
      [tcp(SHARED, NEW, 'delivered'), tcp(NEW, SHARED, 'delivered'), icmp(NEW, SHARED, 'delivered')],
    ),
  ],
};
