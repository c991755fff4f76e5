import { describe, expect, test } from 'vitest';
import type { Disposition } from '../../../../src/model/trace/disposition.ts';
import type { Protocol } from '../../../../src/model/network/network.ts';
import { trace } from '../../../../src/model/trace/walk.ts';
import { flow } from '../../../support/network-drafts.ts';
import { kubenetNetwork } from '../../../support/kubenet-network.ts';
import { lastStep, mustEnd, places, seenAddress, stepsAt } from '../../../support/trace-expectations.ts';

const network = kubenetNetwork({
  nodes: 2,
  podsPerNode: 2,
  services: [
    { address: '10.0.0.11', port: 80, backends: ['10.244.0.3'] },
    { address: '10.0.0.12', port: 80, backends: [] },
  ],
});

interface Row {
  readonly from: string;
  readonly to: string;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly ends: Disposition;
  readonly there: readonly string[];
  readonly back: readonly string[] | null;
  readonly seen: string | null;
  /** What took or dropped the packet on its way there. */
  readonly by: string;
}

test.each<readonly [says: string, row: Row]>([
  [
    'a pod reaches its neighbour through the bridge, as itself',
    {
      from: 'pod/0-0',
      to: '10.244.0.3',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0', 'pod/0-1'],
      back: ['pod/0-1', 'node/0', 'pod/0-0'],
      seen: '10.244.0.2',
      by: 'nginx',
    },
  ],
  [
    'a pod reaches a pod on another node through the fabric, as itself',
    {
      from: 'pod/0-0',
      to: '10.244.1.2',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'node/1', 'pod/1-0'],
      back: ['pod/1-0', 'node/1', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '10.244.0.2',
      by: 'nginx',
    },
  ],
  [
    'a pod reaches a VM as its node',
    {
      from: 'pod/0-0',
      to: '10.225.0.4',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'vm/peer'],
      back: ['vm/peer', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '10.224.0.4',
      by: 'nginx',
    },
  ],
  [
    'a pod reaches another node as its own node',
    {
      from: 'pod/0-0',
      to: '10.224.0.5',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'node/1'],
      back: ['node/1', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '10.224.0.4',
      by: 'nginx',
    },
  ],
  [
    'a pod reaches its own node as itself',
    {
      from: 'pod/0-0',
      to: '10.224.0.4',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0'],
      back: ['node/0', 'pod/0-0'],
      seen: '10.244.0.2',
      by: 'nginx',
    },
  ],
  [
    'a pod reaches the internet as the load balancer, translated twice',
    {
      from: 'pod/0-0',
      to: '203.0.113.80',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'edge/load-balancer', 'host/internet'],
      back: ['host/internet', 'edge/load-balancer', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '198.51.100.7',
      by: 'nginx',
    },
  ],
  [
    'an echo request to a host on premises comes back translated',
    {
      from: 'pod/0-0',
      to: '10.1.2.3',
      protocol: 'icmp',
      ends: 'delivered',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'gateway/vpn', 'host/on-premises'],
      back: ['host/on-premises', 'gateway/vpn', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '10.224.0.4',
      by: 'host/on-premises',
    },
  ],
  [
    'a node reaches a pod of another node as itself',
    {
      from: 'node/0',
      to: '10.244.1.2',
      ends: 'delivered',
      there: ['node/0', 'fabric/vnet', 'node/1', 'pod/1-0'],
      back: ['pod/1-0', 'node/1', 'fabric/vnet', 'node/0'],
      seen: '10.224.0.4',
      by: 'nginx',
    },
  ],
  [
    'a node reaches its own pod from the bridge',
    {
      from: 'node/0',
      to: '10.244.0.2',
      ends: 'delivered',
      there: ['node/0', 'pod/0-0'],
      back: ['pod/0-0', 'node/0'],
      seen: '10.244.0.1',
      by: 'nginx',
    },
  ],
  [
    'a pod that talks to itself never leaves itself',
    {
      from: 'pod/0-0',
      to: '10.244.0.2',
      ends: 'delivered',
      there: ['pod/0-0'],
      back: ['pod/0-0'],
      seen: '10.244.0.2',
      by: 'nginx',
    },
  ],
  [
    'a host on the internet has no way to a pod address',
    {
      from: 'host/internet',
      to: '10.244.0.2',
      ends: 'dropped-by-route',
      there: ['host/internet'],
      back: null,
      seen: null,
      by: 'nobody routes 10.0.0.0/8 on the internet',
    },
  ],
  [
    'a VM of another subnet meets the system route to None',
    {
      from: 'vm/peer',
      to: '10.244.0.2',
      ends: 'dropped-by-route',
      there: ['vm/peer', 'fabric/vnet'],
      back: null,
      seen: null,
      by: 'system route 10.0.0.0/8 None',
    },
  ],
  [
    'a VM without an outbound method cannot reach the internet',
    {
      from: 'vm/peer',
      to: '203.0.113.80',
      ends: 'no-outbound-path',
      there: ['vm/peer', 'fabric/vnet'],
      back: null,
      seen: null,
      by: 'no outbound method',
    },
  ],
  [
    'a closed port refuses, and the refusal comes back',
    {
      from: 'pod/0-0',
      to: '10.244.1.2',
      port: 81,
      ends: 'refused',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'node/1', 'pod/1-0'],
      back: ['pod/1-0', 'node/1', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '10.244.0.2',
      by: 'pod/1-0',
    },
  ],
  [
    'a closed UDP port refuses too',
    {
      from: 'pod/0-0',
      to: '10.225.0.4',
      protocol: 'udp',
      port: 81,
      ends: 'refused',
      there: ['pod/0-0', 'node/0', 'fabric/vnet', 'vm/peer'],
      back: ['vm/peer', 'fabric/vnet', 'node/0', 'pod/0-0'],
      seen: '10.224.0.4',
      by: 'vm/peer',
    },
  ],
  [
    'an address of the subnet that no NIC has',
    {
      from: 'pod/0-0',
      to: '10.224.0.99',
      ends: 'next-hop-unreachable',
      there: ['pod/0-0', 'node/0', 'fabric/vnet'],
      back: null,
      seen: null,
      by: 'system route VnetLocal',
    },
  ],
  [
    'a pod address that no pod has: nobody answers on the bridge',
    {
      from: 'pod/0-0',
      to: '10.244.0.99',
      ends: 'next-hop-unreachable',
      there: ['pod/0-0'],
      back: null,
      seen: null,
      by: 'ARP on eth0',
    },
  ],
  [
    'a Service without endpoints refuses at the node',
    {
      from: 'pod/0-0',
      to: '10.0.0.12',
      ends: 'refused',
      there: ['pod/0-0', 'node/0'],
      back: null,
      seen: null,
      by: 'Service 10.0.0.12:80',
    },
  ],
])('%s', (_, row) => {
  const traced = trace(network, flow(row.from, row.to, row.protocol, row.port));
  mustEnd(traced, row.ends);
  expect(places(traced)).toEqual(row.there);
  expect(traced.reverse === null ? null : places(traced.reverse)).toEqual(row.back);
  expect(seenAddress(traced)).toBe(row.seen);
  expect(lastStep(traced).by).toBe(row.by);
});

describe('what the steps say', () => {
  const pods = trace(network, flow('pod/0-0', '10.244.1.2'));

  test('same-node traffic asks no route of the node, and meets no filter', () => {
    const traced = trace(network, flow('pod/0-0', '10.244.0.3'));
    expect(stepsAt(traced, 'node/0').map((step) => step.kind)).toEqual(['arp']);
    expect(stepsAt(traced, 'node/0')[0]?.by).toBe('bridge cbr0 of node/0');
    expect(traced.hops.flatMap((hop) => hop.steps).some((step) => step.kind === 'filter')).toBe(false);
  });

  test('the fabric names the user route, and the shorter routes that lost', () => {
    const [route] = stepsAt(pods, 'fabric/vnet', 'route');
    expect(route?.by).toBe('user route node-1');
    expect(route?.lost).toEqual([
      {
        candidate: 'system route 10.0.0.0/8 None',
        why: '10.0.0.0/8 matches too, but 10.244.1.0/24 is longer',
      },
      { candidate: 'system route Internet', why: '0.0.0.0/0 matches too, but 10.244.1.0/24 is longer' },
    ]);
  });

  test('both security groups are asked on the way there and neither on the way back', () => {
    expect(stepsAt(pods, 'fabric/vnet', 'filter').map((step) => step.by)).toEqual([
      'AllowVnetOutBound',
      'AllowVnetInBound',
    ]);
    const back = pods.reverse;
    expect(back === null ? [] : stepsAt(back, 'fabric/vnet', 'session').map((step) => step.by)).toEqual([
      'security group of nic-1, outbound',
      'security group of nic-0, inbound',
    ]);
    expect(back === null ? [] : stepsAt(back, 'fabric/vnet', 'filter')).toEqual([]);
  });

  test('routers lower the TTL and the fabric does not', () => {
    expect(lastStep(pods).after.ttl).toBe(62);
  });

  test('masquerade shows the header before and after, and its session translates back', () => {
    const traced = trace(network, flow('pod/0-0', '10.225.0.4'));
    const [masquerade] = stepsAt(traced, 'node/0', 'translate');
    expect(masquerade?.by).toBe('IP-MASQ-AGENT: MASQUERADE');
    expect(masquerade?.before.source.address).not.toEqual(masquerade?.after.source.address);
    expect(masquerade?.before.source.port).toBe(masquerade?.after.source.port);
    const back = traced.reverse;
    expect(back === null ? [] : stepsAt(back, 'node/0', 'session').map((step) => step.by)).toEqual([
      'session of IP-MASQ-AGENT: MASQUERADE',
    ]);
  });

  test('a Service reply from the same node is translated back though it only crosses the bridge', () => {
    const traced = trace(network, flow('pod/0-0', '10.0.0.11'));
    mustEnd(traced, 'delivered');
    const back = traced.reverse;
    expect(back === null ? [] : stepsAt(back, 'node/0').map((step) => step.kind)).toEqual(['arp', 'session']);
  });

  test('a pod that reaches itself through a Service sees the bridge as the client', () => {
    const traced = trace(network, flow('pod/0-1', '10.0.0.11'));
    mustEnd(traced, 'delivered');
    expect(seenAddress(traced)).toBe('10.244.0.1');
    expect(stepsAt(traced, 'node/0', 'translate').map((step) => step.by)).toEqual([
      'Service 10.0.0.11:80',
      'KUBE-MARK-MASQ',
    ]);
  });

  test('a route that is missing on the way back is found, though the packet arrives', () => {
    const broken = kubenetNetwork({ nodes: 2, podsPerNode: 1, withoutRoute: [0] });
    const traced = trace(broken, flow('pod/0-0', '10.244.1.2'));
    mustEnd(traced, 'dropped-by-route');
    expect(seenAddress(traced)).toBe('10.244.0.2');
    expect(lastStep(traced).kind).toBe('deliver');
    expect(traced.reverse?.disposition).toBe('dropped-by-route');
    expect(traced.reason).toContain('the reply does not come back');
  });
});
