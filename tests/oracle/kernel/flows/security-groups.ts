/** Security groups on subnets and cards: order, priorities, tags, application groups, and connection state. */
import { icmp, tcp, udp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOfScript } from '../script-variation.ts';

const WEB = 'vm/vm-web';
const OTHER = 'vm/vm-other';
const APP = 'vm/vm-app';
const FREE = 'vm/vm-free';
const PEER = 'vm/vm-peer';
const OFFICE = 'host/office';
const LAPTOP = 'host/laptop';
/** What the internet calls vm-web. */
const PUBLIC = '203.0.113.200';

/** snet-web and snet-app have a group each, vm-app one on its card too; vm-web has a public address. */
const WORLD = `
#: seed groups
#: internet-host laptop 198.51.100.7 ports=22,80
#: on-premises-host office 192.168.7.10 prefix=192.168.7.0/24 vnet=vnet-a ports=22,80
#: pin public-ip/pip-web ${PUBLIC}
set -eu
G="--resource-group rg --output none"
az group create --name rg --location westeurope --output none
az network vnet create $G --name vnet-a --address-prefixes 10.70.0.0/16
az network vnet create $G --name vnet-b --address-prefixes 10.71.0.0/16 --subnet-name snet-peer --subnet-prefixes 10.71.0.0/24
az network vnet peering create $G --name to-b --vnet-name vnet-a --remote-vnet vnet-b --allow-vnet-access
az network vnet peering create $G --name to-a --vnet-name vnet-b --remote-vnet vnet-a --allow-vnet-access
for PLACE in web:1 app:2 free:3; do
  az network vnet subnet create $G --vnet-name vnet-a --name snet-\${PLACE%%:*} --address-prefixes 10.70.\${PLACE##*:}.0/24
done
for PLACE in a:web a:app a:free b:peer; do
  az network vnet subnet update $G --vnet-name vnet-\${PLACE%%:*} --name snet-\${PLACE##*:} --default-outbound-access true
done
for GROUP in web app card; do az network nsg create $G --name nsg-$GROUP; done
az network vnet subnet update $G --vnet-name vnet-a --name snet-web --network-security-group nsg-web
az network vnet subnet update $G --vnet-name vnet-a --name snet-app --network-security-group nsg-app
az network public-ip create $G --name pip-web --sku Standard
machine() {
  az vm create $G --name "$1" --image Ubuntu2204 --vnet-name "$2" --subnet "$3" --public-ip-address "$4" --nsg "$5" --generate-ssh-keys --only-show-errors
  az vm run-command invoke $G --name "$1" --command-id RunShellScript --scripts 'apt-get install -y nginx'
}
machine vm-web vnet-a snet-web pip-web ""
machine vm-other vnet-a snet-web "" ""
machine vm-app vnet-a snet-app "" nsg-card
machine vm-free vnet-a snet-free "" ""
machine vm-peer vnet-b snet-peer "" ""
`;

const variation = variationsOfScript('security-groups', () => WORLD);

interface Rule {
  readonly on: 'web' | 'app' | 'card';
  readonly priority: number;
  readonly way?: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol?: 'Tcp' | 'Udp' | 'Icmp' | '*';
  readonly from?: string;
  readonly to?: string;
  readonly fromPorts?: string;
  readonly ports?: string;
}

/** `from` and `to` are prefixes and tags, or `asgs NAME` for application security groups. */
function rule({ on, priority, way, access, protocol, from, to, fromPorts, ports }: Rule): string {
  const side = (name: 'source' | 'destination', value = "'*'"): string =>
    value.startsWith('asgs ') ? `--${name}-${value}` : `--${name}-address-prefixes ${value}`;
  return [
    `az network nsg rule create --resource-group rg --nsg-name nsg-${on} --name r${priority}${way ?? 'Inbound'}`,
    `--priority ${priority} --direction ${way ?? 'Inbound'} --access ${access} --protocol '${protocol ?? '*'}'`,
    side('source', from),
    side('destination', to),
    `--source-port-ranges ${fromPorts ?? "'*'"} --destination-port-ranges ${ports ?? "'*'"} --output none`,
  ].join(' ');
}

const asg = (name: string, ...machines: readonly string[]): readonly string[] => [
  `az network asg create --resource-group rg --name ${name} --output none`,
  ...machines.map(
    (machine) =>
      `az network nic ip-config update --resource-group rg --nic-name ${machine}VMNic --name ipconfig${machine} --application-security-groups ${name} --output none`,
  ),
];

export const securityGroups: Scenario = {
  name: 'security-groups',
  variations: [
    variation(
      'default rules only',
      [],
      [
        tcp(FREE, APP, 'delivered'),
        tcp(WEB, OTHER, 'delivered'),
        udp(FREE, APP, 'refused', 81),
        icmp(PEER, APP, 'delivered'),
        tcp(PEER, WEB, 'delivered'),
        tcp(OFFICE, WEB, 'delivered'),
        tcp(WEB, OFFICE, 'delivered'),
        tcp(LAPTOP, PUBLIC, 'denied-inbound'),
        icmp(LAPTOP, PUBLIC, 'denied-inbound'),
        tcp(WEB, LAPTOP, 'delivered'),
      ],
    ),
    variation(
      'the lower number decides, whatever comes later',
      [
        rule({ on: 'app', priority: 300, access: 'Deny', from: '10.70.3.0/24' }),
        rule({ on: 'app', priority: 200, access: 'Allow', from: '10.70.3.4', protocol: 'Tcp', ports: '80' }),
        rule({ on: 'app', priority: 400, access: 'Allow' }),
      ],
      [
        tcp(FREE, APP, 'delivered'),
        tcp(FREE, APP, 'denied-inbound', 81),
        udp(FREE, APP, 'denied-inbound'),
        icmp(FREE, APP, 'denied-inbound'),
        tcp(PEER, APP, 'delivered'),
        tcp(APP, FREE, 'delivered'),
      ],
    ),
    variation(
      'the subnet lets in what the card does not',
      [
        rule({ on: 'app', priority: 100, access: 'Allow' }),
        rule({ on: 'card', priority: 4096, access: 'Deny', from: 'VirtualNetwork', protocol: 'Tcp' }),
      ],
      [
        tcp(FREE, APP, 'denied-inbound'),
        tcp(PEER, APP, 'denied-inbound'),
        tcp(OFFICE, APP, 'denied-inbound'),
        icmp(FREE, APP, 'delivered'),
        udp(PEER, APP, 'refused', 81),
        tcp(APP, FREE, 'delivered'),
      ],
    ),
    variation(
      'the card lets in what the subnet does not',
      [
        rule({ on: 'card', priority: 100, access: 'Allow' }),
        rule({ on: 'app', priority: 4096, access: 'Deny', ports: '80-89', protocol: 'Tcp' }),
      ],
      [
        tcp(FREE, APP, 'denied-inbound'),
        tcp(FREE, APP, 'denied-inbound', 89),
        tcp(FREE, APP, 'refused', 90),
        tcp(FREE, APP, 'delivered', 22),
        tcp(APP, WEB, 'delivered'),
      ],
    ),
    variation(
      'two machines of one subnet',
      [rule({ on: 'web', priority: 100, access: 'Deny', from: '10.70.1.0/24', to: '10.70.1.0/24' })],
      [
        tcp(WEB, OTHER, 'denied-inbound'),
        icmp(OTHER, WEB, 'denied-inbound'),
        tcp(FREE, OTHER, 'delivered'),
        tcp(OTHER, FREE, 'delivered'),
      ],
    ),
    variation(
      'outbound: the card first, then the subnet',
      [
        rule({ on: 'card', priority: 100, way: 'Outbound', access: 'Deny', to: '10.71.0.0/16' }),
        rule({
          on: 'app',
          priority: 100,
          way: 'Outbound',
          access: 'Deny',
          to: '10.70.3.0/24',
          protocol: 'Tcp',
        }),
        rule({ on: 'app', priority: 101, way: 'Outbound', access: 'Allow' }),
      ],
      [
        tcp(APP, PEER, 'denied-outbound'),
        tcp(APP, FREE, 'denied-outbound'),
        icmp(APP, FREE, 'delivered'),
        tcp(APP, OTHER, 'delivered'),
        // Replies are not asked about.
        tcp(PEER, APP, 'delivered'),
        tcp(FREE, APP, 'delivered'),
      ],
    ),
    variation(
      'everything closed but one way out',
      [
        rule({ on: 'web', priority: 4096, access: 'Deny' }),
        rule({ on: 'web', priority: 4096, way: 'Outbound', access: 'Deny' }),
        rule({
          on: 'web',
          priority: 100,
          way: 'Outbound',
          access: 'Allow',
          to: 'Internet',
          protocol: 'Tcp',
          ports: '80 443',
        }),
      ],
      [
        tcp(WEB, LAPTOP, 'delivered'),
        tcp(WEB, LAPTOP, 'denied-outbound', 22),
        tcp(WEB, FREE, 'denied-outbound'),
        tcp(FREE, WEB, 'denied-inbound'),
        tcp(LAPTOP, PUBLIC, 'denied-inbound'),
        tcp(FREE, APP, 'delivered'),
      ],
    ),
    variation(
      'from the internet to the private address behind the public one',
      [
        rule({
          on: 'web',
          priority: 100,
          access: 'Allow',
          from: 'Internet',
          to: '10.70.1.4',
          protocol: 'Tcp',
          ports: '80',
        }),
        rule({
          on: 'web',
          priority: 110,
          access: 'Allow',
          from: 'Internet',
          to: PUBLIC,
          protocol: 'Tcp',
          ports: '22',
        }),
      ],
      [
        tcp(LAPTOP, PUBLIC, 'delivered'),
        tcp(LAPTOP, PUBLIC, 'denied-inbound', 22),
        tcp(PEER, WEB, 'delivered'),
      ],
    ),
    variation(
      'many prefixes and ports in one rule',
      [
        rule({
          on: 'app',
          priority: 100,
          access: 'Allow',
          from: '10.70.3.0/24 192.168.7.0/24',
          protocol: 'Tcp',
          ports: '22 80-81',
        }),
        rule({ on: 'app', priority: 110, access: 'Deny' }),
      ],
      [
        tcp(FREE, APP, 'delivered', 22),
        tcp(OFFICE, APP, 'delivered'),
        tcp(OFFICE, APP, 'refused', 81),
        tcp(FREE, APP, 'denied-inbound', 82),
        tcp(PEER, APP, 'denied-inbound'),
        udp(FREE, APP, 'denied-inbound'),
      ],
    ),
    variation(
      'source ports are the client’s',
      [
        rule({ on: 'app', priority: 100, access: 'Allow', fromPorts: '80', protocol: 'Tcp' }),
        rule({
          on: 'app',
          priority: 110,
          access: 'Deny',
          from: '10.71.0.0/16',
          fromPorts: '1024-65535',
          protocol: 'Tcp',
        }),
        rule({
          on: 'app',
          priority: 120,
          access: 'Deny',
          from: '10.70.3.0/24',
          fromPorts: '1-1023',
          protocol: 'Tcp',
        }),
      ],
      [tcp(PEER, APP, 'denied-inbound'), icmp(PEER, APP, 'delivered'), tcp(FREE, APP, 'delivered')],
    ),
    variation(
      'VirtualNetwork without the peer',
      [
        rule({ on: 'app', priority: 4000, access: 'Allow', from: 'VirtualNetwork' }),
        rule({ on: 'app', priority: 4001, access: 'Deny' }),
        'az network vnet peering update --resource-group rg --vnet-name vnet-a --name to-b --set allowVirtualNetworkAccess=false --output none',
      ],
      [
        tcp(FREE, APP, 'delivered'),
        tcp(OFFICE, APP, 'delivered'),
        tcp(PEER, APP, 'denied-inbound'),
        icmp(PEER, APP, 'denied-inbound'),
      ],
    ),
    variation(
      'application security groups',
      [
        ...asg('asg-logic', 'vm-free'),
        ...asg('asg-db', 'vm-app'),
        rule({
          on: 'app',
          priority: 110,
          access: 'Allow',
          from: 'asgs asg-logic',
          to: 'asgs asg-db',
          protocol: 'Tcp',
          ports: '80',
        }),
        rule({ on: 'app', priority: 120, access: 'Deny', to: 'asgs asg-db', ports: '80' }),
      ],
      [
        tcp(FREE, APP, 'delivered'),
        tcp(OTHER, APP, 'denied-inbound'),
        tcp(PEER, APP, 'denied-inbound'),
        tcp(OTHER, APP, 'delivered', 22),
      ],
    ),
  ],
};
