/** A server with a chain INPUT of its own: order of rules, replies, the host's own loopback, and which source it sees. */
import { icmp, tcp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOf } from '../script-variation.ts';

const POD = 'pod/orders';
const ERP = 'host/erp';
const PRINTER = 'host/printer';
const REPORTS = 'vm/vm-reports';
const GUESTS = 'vm/vm-guests';

const WITHOUT_LIST =
  'az aks get-credentials -g rg-plant -n aks-plant && kubectl delete configmap azure-ip-masq-agent-config -n kube-system';
const CHANGED = 'ssh erp iptables';

const variation = variationsOf('server-with-a-firewall');

export const serverWithAFirewall: Scenario = {
  name: 'server-with-a-firewall',
  variations: [
    variation(
      'as it is',
      [],
      [
        tcp(POD, ERP, 'delivered', 8080),
        tcp(REPORTS, ERP, 'delivered', 8080),
        tcp(POD, ERP, 'denied-inbound', 22),
        icmp(POD, ERP, 'denied-inbound'),
        tcp(GUESTS, ERP, 'denied-inbound', 8080),
        tcp(PRINTER, ERP, 'denied-inbound', 8080),
        tcp(ERP, ERP, 'delivered', 8080),
        // Replies to what it asks itself come in by the rule for established connections.
        tcp(ERP, POD, 'delivered'),
        icmp(ERP, GUESTS, 'delivered'),
        tcp(ERP, PRINTER, 'delivered', 9100),
        tcp(PRINTER, POD, 'delivered'),
      ],
    ),
    variation(
      'without the rule for replies',
      [`${CHANGED} -D INPUT 1`],
      [
        tcp(POD, ERP, 'delivered', 8080),
        tcp(ERP, POD, 'denied-inbound'),
        icmp(ERP, GUESTS, 'denied-inbound'),
        tcp(ERP, ERP, 'delivered', 8080),
      ],
    ),
    variation(
      'a rule in front of the one for replies',
      [`${CHANGED} -I INPUT -s 10.60.9.0/24 -j DROP`],
      [
        tcp(POD, ERP, 'delivered', 8080),
        icmp(ERP, GUESTS, 'denied-inbound'),
        icmp(ERP, REPORTS, 'delivered'),
        tcp(GUESTS, ERP, 'denied-inbound', 8080),
      ],
    ),
    variation(
      'pods masqueraded, and the server not told',
      [WITHOUT_LIST, 'sleep 60'],
      [
        tcp(POD, ERP, 'denied-inbound', 8080),
        tcp(REPORTS, ERP, 'delivered', 8080),
        tcp(ERP, POD, 'delivered'),
      ],
    ),
    variation(
      'pods masqueraded, and a rule behind the last one',
      [WITHOUT_LIST, 'sleep 60', `${CHANGED} -A INPUT -s 10.60.1.0/24 -p tcp --dport 8080 -j ACCEPT`],
      [tcp(POD, ERP, 'denied-inbound', 8080), tcp(REPORTS, ERP, 'delivered', 8080)],
    ),
    variation(
      'pods masqueraded, and the rule replaced',
      [WITHOUT_LIST, 'sleep 60', `${CHANGED} -R INPUT 4 -s 10.60.1.0/24 -p tcp --dport 8080 -j ACCEPT`],
      [
        tcp(POD, ERP, 'delivered', 8080),
        tcp(POD, ERP, 'denied-inbound', 22),
        tcp(GUESTS, ERP, 'denied-inbound', 8080),
      ],
    ),
    variation(
      'a policy in place of the last rule, and only new connections admitted',
      [
        `${CHANGED} -P INPUT DROP`,
        `${CHANGED} -D INPUT -j DROP`,
        `${CHANGED} -R INPUT 4 -p tcp -m multiport --dports 22,8000:8100 -m conntrack --ctstate NEW -j ACCEPT`,
      ],
      [
        tcp(POD, ERP, 'delivered', 8080),
        tcp(GUESTS, ERP, 'delivered', 22),
        tcp(GUESTS, ERP, 'refused', 8081),
        icmp(GUESTS, ERP, 'denied-inbound'),
        tcp(GUESTS, ERP, 'denied-inbound', 80),
      ],
    ),
    variation(
      'moved to Overlay, whose pods nobody outside can answer',
      [
        WITHOUT_LIST,
        'az aks update -g rg-plant -n aks-plant --network-plugin azure --network-plugin-mode overlay -o none',
        'kubectl run orders --image=nginx',
        `${CHANGED} -R INPUT 4 -s 10.60.1.0/24 -p tcp --dport 8080 -j ACCEPT`,
      ],
      [
        tcp(POD, ERP, 'delivered', 8080),
        tcp(ERP, POD, 'dropped-by-route'),
        tcp(REPORTS, ERP, 'delivered', 8080),
      ],
    ),
  ],
};
