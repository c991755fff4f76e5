/** Ways out of clusters: what the internet sees of pods, with each outbound type that lends an address. */
import { icmp, tcp, udp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOf } from '../script-variation.ts';

const managed = variationsOf('nat-managed');
const shop = variationsOf('snat');

const POD = 'pod/default/pod-a';
const OTHER = 'pod/default/pod-b';
const RECEIVER = 'host/receiver';
const TOOL = 'pod/default/tool-a';
const PAY = 'host/pay';
const SHOP = '--resource-group rg-shop --output none';

/** In the order in which somebody with a partner does it. */
const toOwnGateway = [
  `az network public-ip create ${SHOP} --name pip-nat --sku Standard`,
  `az network nat gateway create ${SHOP} --name nat --public-ip-addresses pip-nat`,
  `az network vnet subnet update ${SHOP} --vnet-name vnet-shop --name snet-nodes --nat-gateway nat`,
];

export const outboundClusters: readonly Scenario[] = [
  {
    name: 'outbound-managed-gateway',
    variations: [
      managed(
        'two addresses',
        [],
        [
          tcp(POD, RECEIVER, 'delivered'),
          tcp(OTHER, RECEIVER, 'delivered', 443),
          udp(POD, RECEIVER, 'refused', 81),
          icmp(POD, RECEIVER, 'no-outbound-path'),
          tcp(POD, OTHER, 'delivered'),
          tcp('host/customer', '192.0.2.235', 'delivered'),
          tcp('host/customer', '192.0.2.235', 'denied-inbound', 81),
        ],
      ),
      managed(
        'outbound type none afterwards',
        ['az aks update --resource-group rg-send --name aks-send --outbound-type none --output none'],
        [
          tcp(POD, RECEIVER, 'no-outbound-path'),
          tcp(POD, OTHER, 'delivered'),
          tcp('host/customer', '192.0.2.235', 'delivered'),
        ],
      ),
      managed(
        'outbound type block afterwards',
        ['az aks update --resource-group rg-send --name aks-send --outbound-type block --output none'],
        [tcp(POD, RECEIVER, 'denied-outbound'), tcp(POD, OTHER, 'delivered')],
      ),
    ],
  },
  {
    name: 'outbound-load-balancer',
    variations: [
      shop(
        'the outbound rule that AKS made',
        [],
        [
          tcp(TOOL, PAY, 'delivered'),
          udp(TOOL, PAY, 'refused', 81),
          icmp(TOOL, PAY, 'no-outbound-path'),
          tcp('pod/default/tool-b', PAY, 'delivered', 443),
          tcp('vm/vm-own', PAY, 'delivered'),
          icmp('vm/vm-own', PAY, 'delivered'),
          tcp('vm/vm-plain', PAY, 'delivered'),
          tcp('vm/vm-office', PAY, 'no-outbound-path'),
          tcp(TOOL, 'vm/vm-office', 'delivered', 22),
        ],
      ),
      shop(
        'three addresses',
        [`az aks update ${SHOP} --name aks-shop --load-balancer-managed-outbound-ip-count 3`],
        [tcp(TOOL, PAY, 'delivered'), tcp('pod/default/tool-b', PAY, 'delivered')],
      ),
      shop(
        'a prefix of one’s own',
        [
          `az network public-ip prefix create ${SHOP} --name prefix-own --length 31`,
          `az aks update ${SHOP} --name aks-shop --load-balancer-outbound-ip-prefixes $(az network public-ip prefix show --resource-group rg-shop --name prefix-own --query id --output tsv)`,
        ],
        [tcp(TOOL, PAY, 'delivered'), tcp('pod/default/tool-b', PAY, 'delivered')],
      ),
      shop('a gateway on the subnet, before AKS knows of it', toOwnGateway, [
        tcp(TOOL, PAY, 'delivered'),
        icmp(TOOL, PAY, 'no-outbound-path'),
        tcp(TOOL, 'vm/vm-office', 'delivered', 22),
        tcp('vm/vm-own', PAY, 'delivered'),
      ]),
      shop(
        'moved to the gateway',
        [...toOwnGateway, `az aks update ${SHOP} --name aks-shop --outbound-type userAssignedNATGateway`],
        [tcp(TOOL, PAY, 'delivered'), tcp('pod/default/tool-b', PAY, 'delivered')],
      ),
      shop(
        'ports of one node are used up',
        [
          'az aks get-credentials --resource-group rg-shop --name aks-shop',
          'kubectl exec loader -- hey -n 1500 -c 50 -t 2 -disable-keepalive http://pay.example.com/ > /dev/null',
        ],
        [
          tcp(TOOL, PAY, 'snat-exhausted'),
          tcp(TOOL, PAY, 'delivered', 443),
          tcp('pod/default/tool-b', PAY, 'delivered'),
          tcp(TOOL, 'host/archive', 'delivered'),
        ],
      ),
    ],
  },
];
