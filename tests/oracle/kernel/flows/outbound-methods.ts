/** Ways out: whose address the internet sees, which way comes before which, and who brings replies back. */
import { icmp, tcp, udp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOfScript } from '../script-variation.ts';

const SERVER = 'host/server';
const CLIENT = 'host/client';
const OWN = 'vm/vm-own';
const POOLED = 'vm/vm-pooled';
const PLAIN = 'vm/vm-plain';
const SIDE = 'vm/vm-side';
const PEER = 'vm/vm-peer';
const OFFICE = 'host/office';
const OWN_PUBLIC = '203.0.113.201';

/** vm-own has a public address, vm-pooled is behind an outbound rule, vm-plain and vm-side have nothing of their own. */
const WORLD = `
#: seed ways-out
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host server 198.51.100.80 ports=80
#: internet-host client 198.51.100.7 ports=22
#: on-premises-host office 192.168.7.10 prefix=192.168.7.0/24 vnet=vnet-a ports=22,80
#: pin public-ip/pip-own ${OWN_PUBLIC}
set -eu
G="--resource-group rg --output none"
az group create --name rg --location westeurope --output none
az network vnet create $G --name vnet-a --address-prefixes 10.80.0.0/16 --subnet-name snet-a --subnet-prefixes 10.80.0.0/24
az network vnet subnet create $G --vnet-name vnet-a --name snet-side --address-prefixes 10.80.1.0/24
az network vnet create $G --name vnet-b --address-prefixes 10.81.0.0/16 --subnet-name snet-b --subnet-prefixes 10.81.0.0/24
az network vnet peering create $G --name to-b --vnet-name vnet-a --remote-vnet vnet-b --allow-vnet-access
az network vnet peering create $G --name to-a --vnet-name vnet-b --remote-vnet vnet-a --allow-vnet-access
for PLACE in a:a a:side b:b; do
  az network vnet subnet update $G --vnet-name vnet-\${PLACE%%:*} --name snet-\${PLACE##*:} --default-outbound-access true
done
az network nsg create $G --name nsg-web
az network nsg rule create $G --nsg-name nsg-web --name AllowWeb --priority 100 --access Allow --protocol Tcp --source-address-prefixes Internet --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 80
az network vnet subnet update $G --vnet-name vnet-a --name snet-a --network-security-group nsg-web
for PIP in pip-own pip-lb pip-lb2 pip-nat; do az network public-ip create $G --name $PIP --sku Standard; done
machine() {
  az vm create $G --name "$1" --image Ubuntu2204 --vnet-name "$2" --subnet "$3" --public-ip-address "$4" --nsg "" --generate-ssh-keys --only-show-errors
  az vm run-command invoke $G --name "$1" --command-id RunShellScript --scripts 'apt-get install -y nginx'
}
machine vm-own vnet-a snet-a pip-own
machine vm-pooled vnet-a snet-a ""
machine vm-plain vnet-a snet-a ""
machine vm-side vnet-a snet-side ""
machine vm-peer vnet-b snet-b ""
az network lb create $G --name lb-out --sku Standard --public-ip-address pip-lb --frontend-ip-name out --backend-pool-name pool
az network lb outbound-rule create $G --lb-name lb-out --name out --frontend-ip-configs out --protocol All --address-pool pool
az network nic ip-config address-pool add $G --nic-name vm-pooledVMNic --ip-config-name ipconfigvm-pooled --lb-name lb-out --address-pool pool
`;

const variation = variationsOfScript('outbound-methods', () => WORLD);

const GROUP = '--resource-group rg --output none';
const gateway = (more = '--public-ip-addresses pip-nat'): readonly string[] => [
  `az network nat gateway create ${GROUP} --name nat ${more}`,
  `az network vnet subnet update ${GROUP} --vnet-name vnet-a --name snet-a --nat-gateway nat`,
];
const route = (hop: string): readonly string[] => [
  `az network route-table create ${GROUP} --name rt`,
  `az network route-table route create ${GROUP} --route-table-name rt --name all --address-prefix 0.0.0.0/0 ${hop}`,
  `az network vnet subnet update ${GROUP} --vnet-name vnet-a --name snet-a --route-table rt`,
];

/** Everything that a way out must leave as it is. */
const INSIDE = [
  tcp(PLAIN, SIDE, 'delivered'),
  tcp(POOLED, PEER, 'delivered'),
  tcp(OWN, OFFICE, 'delivered'),
  tcp(PEER, OWN, 'delivered'),
  tcp(OFFICE, POOLED, 'delivered'),
];

export const outboundMethods: Scenario = {
  name: 'outbound-methods',
  variations: [
    variation(
      'each its own way',
      [],
      [
        tcp(OWN, SERVER, 'delivered'),
        icmp(OWN, SERVER, 'delivered'),
        tcp(POOLED, SERVER, 'delivered'),
        udp(POOLED, SERVER, 'refused', 81),
        icmp(POOLED, SERVER, 'no-outbound-path'),
        tcp(PLAIN, SERVER, 'delivered'),
        icmp(PLAIN, SERVER, 'no-outbound-path'),
        tcp(SIDE, SERVER, 'refused', 81),
        tcp(CLIENT, OWN_PUBLIC, 'delivered'),
        tcp(OWN, OWN_PUBLIC, 'delivered'),
        ...INSIDE,
      ],
    ),
    variation('a NAT gateway on the subnet comes before everything', gateway(), [
      tcp(OWN, SERVER, 'delivered'),
      tcp(POOLED, SERVER, 'delivered'),
      tcp(PLAIN, SERVER, 'delivered'),
      udp(PLAIN, SERVER, 'refused', 81),
      icmp(OWN, SERVER, 'no-outbound-path'),
      icmp(PLAIN, SERVER, 'no-outbound-path'),
      // Another subnet has another way.
      tcp(SIDE, SERVER, 'delivered'),
      // Who came in by the public address is answered by it.
      tcp(CLIENT, OWN_PUBLIC, 'delivered'),
      tcp(CLIENT, OWN_PUBLIC, 'denied-inbound', 22),
      ...INSIDE,
    ]),
    variation(
      'a NAT gateway with a prefix',
      [
        `az network public-ip prefix create ${GROUP} --name prefix-nat --length 30`,
        ...gateway('--public-ip-prefixes prefix-nat'),
      ],
      [
        tcp(PLAIN, SERVER, 'delivered'),
        tcp(POOLED, SERVER, 'refused', 81),
        tcp(OWN, SERVER, 'delivered'),
        tcp(PLAIN, SIDE, 'delivered'),
      ],
    ),
    variation('a NAT gateway without an address', gateway(''), [
      tcp(PLAIN, SIDE, 'delivered'),
      tcp(PLAIN, PEER, 'delivered'),
    ]),
    variation(
      'a default route to nowhere comes before the NAT gateway',
      [...gateway(), ...route('--next-hop-type None')],
      [
        tcp(PLAIN, SERVER, 'dropped-by-route'),
        tcp(OWN, SERVER, 'dropped-by-route'),
        tcp(SIDE, SERVER, 'delivered'),
        tcp(PLAIN, SIDE, 'delivered'),
      ],
    ),
    variation(
      'a default route to an appliance comes before the NAT gateway',
      [
        ...gateway(),
        `az network nic update ${GROUP} --name vm-sideVMNic --ip-forwarding true`,
        `az vm run-command invoke ${GROUP} --name vm-side --command-id RunShellScript --scripts 'sysctl -w net.ipv4.ip_forward=1' 'iptables -t nat -A POSTROUTING -j MASQUERADE'`,
        ...route('--next-hop-type VirtualAppliance --next-hop-ip-address 10.80.1.4'),
      ],
      [
        tcp(PLAIN, SERVER, 'delivered'),
        tcp(OWN, SERVER, 'delivered'),
        tcp(SIDE, SERVER, 'delivered'),
        tcp(PLAIN, PEER, 'delivered'),
      ],
    ),
    variation(
      'a default route to the internet uses the NAT gateway',
      [...gateway(), ...route('--next-hop-type Internet')],
      [tcp(PLAIN, SERVER, 'delivered'), tcp(OWN, SERVER, 'delivered'), tcp(POOLED, SERVER, 'delivered')],
    ),
    variation(
      'a private subnet',
      [
        `az network vnet subnet update ${GROUP} --vnet-name vnet-a --name snet-a --default-outbound-access false`,
      ],
      [
        tcp(PLAIN, SERVER, 'no-outbound-path'),
        tcp(POOLED, SERVER, 'delivered'),
        tcp(OWN, SERVER, 'delivered'),
        tcp(SIDE, SERVER, 'delivered'),
      ],
    ),
    variation(
      'two frontends in one outbound rule',
      [
        `az network lb frontend-ip create ${GROUP} --lb-name lb-out --name out2 --public-ip-address pip-lb2`,
        `az network lb outbound-rule update ${GROUP} --lb-name lb-out --name out --frontend-ip-configs out out2`,
      ],
      [tcp(POOLED, SERVER, 'delivered'), tcp(POOLED, SERVER, 'refused', 81), tcp(PLAIN, SERVER, 'delivered')],
    ),
    variation(
      'an outbound rule for TCP only',
      [`az network lb outbound-rule update ${GROUP} --lb-name lb-out --name out --protocol Tcp`],
      [tcp(POOLED, SERVER, 'delivered'), udp(POOLED, SERVER, 'no-outbound-path', 81)],
    ),
    variation(
      'the group denies before any address is lent',
      [
        ...gateway(),
        `az network nsg rule create ${GROUP} --nsg-name nsg-web --name NoInternet --priority 100 --direction Outbound --access Deny --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes Internet --destination-port-ranges '*'`,
      ],
      [
        tcp(PLAIN, SERVER, 'denied-outbound'),
        tcp(OWN, SERVER, 'denied-outbound'),
        tcp(PLAIN, PEER, 'delivered'),
      ],
    ),
  ],
};
