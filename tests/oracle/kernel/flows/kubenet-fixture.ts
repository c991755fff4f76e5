/**
 * The hand-built kubenet network. It has what no compiled scenario has all at once: services with and
 * without endpoints, filters in front of one node, NICs without IP forwarding, a stateless filter.
 */
import { address } from '../../../../src/model/ip/address.ts';
import { prefix } from '../../../../src/model/ip/prefix.ts';
import { setOf } from '../../../../src/model/ip/address-set.ts';
import { flow } from '../../../support/network-drafts.ts';
import { allow, deny, kubenetNetwork } from '../../../support/kubenet-network.ts';
import type { KubenetOptions } from '../../../support/kubenet-network.ts';
import { icmp, tcp, udp } from '../scenario.ts';
import type { Question, Scenario, Variation } from '../scenario.ts';

const SERVICES = [
  { address: '10.0.0.10', port: 80, backends: ['10.244.0.3', '10.244.1.2'] },
  { address: '10.0.0.11', port: 80, backends: ['10.244.0.3'] },
  { address: '10.0.0.12', port: 80, backends: [] },
  { address: '10.0.0.13', port: 443, backends: ['10.224.0.5'] },
];
const PODS_OF_NODE_1 = setOf(prefix('10.244.1.0/24'));

function variation(
  name: string,
  options: Partial<KubenetOptions>,
  questions: readonly Question[],
): Variation {
  return {
    name,
    questions,
    open: async () => ({
      network: kubenetNetwork({ nodes: 3, podsPerNode: 2, services: SERVICES, ...options }),
      flowOf: ({ from, to, protocol, port }) => {
        address(to);
        return flow(from, to, protocol, port ?? 0);
      },
    }),
  };
}

export const kubenetFixture: Scenario = {
  name: 'kubenet-fixture',
  variations: [
    variation('as it is', {}, [
      tcp('pod/0-0', '10.244.0.3', 'delivered'),
      udp('pod/0-0', '10.244.0.3', 'delivered'),
      icmp('pod/0-0', '10.244.0.3', 'delivered'),
      tcp('pod/0-0', '10.244.0.3', 'refused', 81),
      udp('pod/0-0', '10.244.0.3', 'refused', 81),
      tcp('pod/0-0', '10.244.0.2', 'delivered'),
      tcp('pod/0-0', '10.244.0.99', 'next-hop-unreachable'),
      tcp('pod/0-0', '10.244.1.2', 'delivered'),
      udp('pod/0-0', '10.244.1.2', 'delivered'),
      icmp('pod/0-0', '10.244.1.2', 'delivered'),
      tcp('pod/0-0', '10.244.1.2', 'refused', 81),
      udp('pod/0-0', '10.244.1.2', 'refused', 81),
      tcp('pod/0-0', '10.244.77.2', 'dropped-by-route'),
      tcp('pod/0-0', '10.224.0.4', 'delivered', 10250),
      tcp('pod/0-0', '10.224.0.5', 'delivered', 10250),
      tcp('pod/0-0', '10.224.0.99', 'next-hop-unreachable'),
      tcp('node/0', '10.244.1.2', 'delivered'),
      tcp('node/0', '10.244.0.2', 'delivered'),
      tcp('node/0', '10.224.0.5', 'delivered'),
      tcp('pod/0-0', '10.225.0.4', 'delivered'),
      udp('pod/0-0', '10.225.0.4', 'delivered'),
      icmp('pod/0-0', '10.225.0.4', 'delivered'),
      tcp('pod/0-0', '10.224.200.1', 'delivered'),
      tcp('pod/0-0', '10.1.2.3', 'delivered'),
      icmp('pod/0-0', '10.1.2.3', 'delivered'),
      tcp('pod/0-0', '203.0.113.80', 'delivered'),
      udp('pod/0-0', '203.0.113.80', 'delivered'),
      icmp('node/0', '203.0.113.80', 'delivered'),
      tcp('vm/peer', '203.0.113.80', 'no-outbound-path'),
      tcp('vm/peer', '10.224.0.4', 'delivered'),
      tcp('vm/peer', '10.244.0.2', 'dropped-by-route'),
      tcp('host/on-premises', '10.224.0.4', 'delivered'),
      tcp('host/on-premises', '10.244.0.2', 'no-route'),
      tcp('host/internet', '10.244.0.2', 'dropped-by-route'),
      tcp('host/internet', '198.51.100.7', 'refused'),
    ]),
    variation('services', {}, [
      tcp('pod/0-0', '10.0.0.10', 'delivered'),
      tcp('pod/0-0', '10.0.0.11', 'delivered'),
      tcp('pod/1-0', '10.0.0.11', 'delivered'),
      tcp('pod/0-1', '10.0.0.11', 'delivered'),
      tcp('pod/0-0', '10.0.0.12', 'refused'),
      tcp('node/0', '10.0.0.11', 'delivered'),
      tcp('node/0', '10.0.0.12', 'refused'),
      tcp('pod/0-0', '10.0.0.13', 'delivered', 443),
      tcp('pod/0-0', '10.0.0.11', 'dropped-by-route', 81),
      icmp('pod/0-0', '10.0.0.11', 'dropped-by-route'),
    ]),
    variation('no route to node 2', { withoutRoute: [2] }, [
      tcp('pod/0-0', '10.244.2.2', 'dropped-by-route'),
      tcp('pod/2-0', '10.244.0.2', 'dropped-by-route'),
      udp('pod/2-0', '10.244.0.2', 'dropped-by-route'),
      icmp('pod/2-0', '10.244.0.2', 'dropped-by-route'),
      tcp('pod/2-0', '10.244.2.3', 'delivered'),
      tcp('pod/2-0', '10.225.0.4', 'delivered'),
      tcp('pod/0-0', '10.244.1.2', 'delivered'),
    ]),
    variation('no IP forwarding on node 1', { withoutIpForwarding: [1] }, [
      tcp('pod/0-0', '10.244.1.2', 'next-hop-unreachable'),
      tcp('pod/1-0', '10.244.0.2', 'denied-outbound'),
      tcp('pod/1-0', '10.225.0.4', 'delivered'),
      tcp('pod/1-0', '10.244.1.3', 'delivered'),
      tcp('pod/0-0', '10.244.2.2', 'delivered'),
    ]),
    variation(
      'a security group that denies',
      {
        inbound: [
          deny('DenyPodsOfNode1', { source: PODS_OF_NODE_1 }, 'denied-inbound'),
          deny('DenyUdp', { protocols: ['udp'] }, 'denied-inbound'),
          deny(
            'DenyKubelet',
            { protocols: ['tcp'], destinationPorts: [{ from: 10000, to: 10300 }] },
            'denied-inbound',
          ),
        ],
        outbound: [
          allow('AllowPing', { protocols: ['icmp'] }),
          deny(
            'DenyInternetWeb',
            { destination: setOf(prefix('203.0.113.0/24')), protocols: ['tcp'] },
            'denied-outbound',
          ),
        ],
      },
      [
        tcp('pod/1-0', '10.244.0.2', 'denied-inbound'),
        tcp('pod/1-0', '10.244.1.3', 'delivered'),
        tcp('pod/0-0', '10.244.1.2', 'delivered'),
        icmp('pod/1-0', '10.244.2.2', 'denied-inbound'),
        udp('pod/0-0', '10.244.1.2', 'denied-inbound'),
        udp('pod/0-0', '10.244.0.3', 'delivered'),
        udp('pod/0-0', '10.225.0.4', 'delivered'),
        tcp('pod/0-0', '10.224.0.5', 'denied-inbound', 10250),
        tcp('pod/0-0', '10.224.0.5', 'delivered'),
        tcp('pod/0-0', '203.0.113.80', 'denied-outbound'),
        udp('pod/0-0', '203.0.113.80', 'delivered'),
        icmp('pod/0-0', '203.0.113.80', 'delivered'),
        tcp('vm/peer', '10.224.0.5', 'denied-inbound', 10250),
        tcp('vm/peer', '10.224.0.5', 'delivered'),
      ],
    ),
  ],
};
