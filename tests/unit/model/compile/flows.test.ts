import { describe, expect, test } from 'vitest';
import { createSecurityRule, SECURITY_RULE_DEFAULTS } from '../../../../src/model/azure/security-rule.ts';
import type { SecurityRuleProperties } from '../../../../src/model/azure/security-rule.ts';
import { listResources, putResource } from '../../../../src/model/azure/resource-store.ts';
import { setForwarding } from '../../../../src/model/azure/virtual-machine.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Disposition } from '../../../../src/model/trace/disposition.ts';
import { describeTrace } from '../../../../src/model/trace/text.ts';
import type { Path } from '../../../../src/model/trace/trace.ts';
import {
  changeRoutes,
  changeSubnet,
  GROUP,
  networkOf,
  nodes,
  route,
  setKernelForwarding,
  setNicForwarding,
  twoNodeCloud,
} from './two-node-cloud.ts';

const BASE = twoNodeCloud();
const [NODE_0 = '', NODE_1 = ''] = nodes(BASE).map((each) => each.metadata.name);
const [NODE_0_ADDRESS = '', NODE_1_ADDRESS = ''] = nodes(BASE).map(
  (each) => each.status.addresses[0]?.address ?? '',
);
const podAddress = (name: string): string =>
  Object.values(BASE.kubernetes)[0]?.pods[`default/${name}`]?.status.podIP ?? '';
const EGRESS = egressAddress(BASE);

/** Short names for the ends and places of the rows. */
const ENDS: Readonly<Record<string, string>> = {
  A: 'pod/a',
  B: 'pod/b',
  C: 'pod/c',
  D: 'pod/d',
  node0: `node/${NODE_0}`,
  node1: `node/${NODE_1}`,
  neighbour: 'vm/neighbour',
  peer: 'vm/peer',
  office: 'host/office',
  service: 'service/web',
};
const PLACES: readonly (readonly [string, string])[] = [
  [`node/${NODE_0}`, 'node0'],
  [`node/${NODE_1}`, 'node1'],
  [`fabric/${networkOf(BASE).name}`, 'fabric'],
  [`gateway/${networkOf(BASE).name}`, 'gateway'],
  [`platform/${networkOf(BASE).name}`, 'platform'],
  [`edge/${networkOf(BASE).name}`, 'edge'],
  ['pod/default/a', 'A'],
  ['pod/default/b', 'B'],
  ['pod/default/c', 'C'],
  ['pod/default/d', 'D'],
  ['vm/', ''],
  ['host/', ''],
];

interface Row {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  readonly cloud?: (cloud: Cloud) => Cloud;
  readonly ends: Disposition;
  /** Address that the destination sees. */
  readonly seen?: string | null;
  readonly there: string;
  readonly back?: string | null;
  /** Part of the reason: the object that decided. */
  readonly because?: RegExp;
}

const SAME = ['A', 'node0', 'B'].join(' ');

const HEALTHY: readonly Row[] = [
  {
    name: 'a pod reaches its neighbour over cbr0 without asking the node for a route',
    from: 'A',
    to: 'B',
    ends: 'delivered',
    seen: podAddress('a'),
    there: SAME,
    back: 'B node0 A',
  },
  {
    name: 'a pod reaches a pod of the other node through the fabric and keeps its address',
    from: 'A',
    to: 'C',
    ends: 'delivered',
    seen: podAddress('a'),
    there: 'A node0 fabric node1 C',
    back: 'C node1 fabric node0 A',
  },
  {
    name: 'a VM of the AKS subnet sees the node, not the pod',
    from: 'C',
    to: 'neighbour',
    ends: 'delivered',
    seen: NODE_1_ADDRESS,
    there: 'C node1 fabric neighbour',
    back: 'neighbour fabric node1 C',
  },
  {
    name: 'a VM of another subnet sees the node too',
    from: 'C',
    to: 'peer',
    ends: 'delivered',
    seen: NODE_1_ADDRESS,
    there: 'C node1 fabric peer',
    back: 'peer fabric node1 C',
  },
  {
    name: 'an on-premises host sees the node',
    from: 'C',
    to: 'office',
    ends: 'delivered',
    seen: NODE_1_ADDRESS,
    there: 'C node1 fabric gateway office',
    back: 'office gateway fabric node1 C',
  },
  {
    name: 'the internet sees the outbound address of the load balancer',
    from: 'C',
    to: 'internet',
    ends: 'delivered',
    seen: EGRESS,
    there: 'C node1 fabric lb/kubernetes edge/internet internet',
    back: 'internet edge/internet lb/kubernetes fabric node1 C',
  },
  {
    name: 'a node reaches the internet through the same outbound rule',
    from: 'node0',
    to: 'https://example.com',
    ends: 'delivered',
    seen: EGRESS,
    there: 'node0 fabric lb/kubernetes edge/internet internet',
    back: 'internet edge/internet lb/kubernetes fabric node0',
  },
  {
    name: 'a node reaches its own pod from the bridge address',
    from: 'node0',
    to: 'A',
    ends: 'delivered',
    seen: '10.244.0.1',
    there: 'node0 A',
    back: 'A node0',
  },
  {
    name: 'a node reaches a pod of the other node from its own address',
    from: 'node0',
    to: 'C',
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'node0 fabric node1 C',
    back: 'C node1 fabric node0',
  },
  {
    name: 'a pod reaches the kubelet of its own node without translation',
    from: 'A',
    to: 'node0',
    port: 10250,
    ends: 'delivered',
    seen: podAddress('a'),
    there: 'A node0',
    back: 'node0 A',
  },
  {
    name: 'a pod reaches the kubelet of the other node from its node',
    from: 'A',
    to: 'node1',
    port: 10250,
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'A node0 fabric node1',
    back: 'node1 fabric node0 A',
  },
  {
    name: 'a pod reaches itself without leaving its namespace',
    from: 'A',
    to: 'A',
    ends: 'delivered',
    seen: podAddress('a'),
    there: 'A',
    back: 'A',
  },
  {
    name: 'a pod asks instance metadata from its node',
    from: 'A',
    to: 'http://169.254.169.254/metadata/instance',
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'A node0 fabric platform',
    back: 'platform fabric node0 A',
  },
  {
    name: 'a pod asks Azure DNS from its node',
    from: 'A',
    to: '168.63.129.16',
    protocol: 'udp',
    port: 53,
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'A node0 fabric platform',
    back: 'platform fabric node0 A',
  },
  {
    name: 'a pod pings a pod of the other node',
    from: 'A',
    to: 'C',
    protocol: 'icmp',
    ends: 'delivered',
    seen: podAddress('a'),
    there: 'A node0 fabric node1 C',
    back: 'C node1 fabric node0 A',
  },
  {
    name: 'a port without a listener refuses, and the refusal comes back',
    from: 'A',
    to: 'C',
    port: 81,
    ends: 'refused',
    seen: podAddress('a'),
    there: 'A node0 fabric node1 C',
    back: 'C node1 fabric node0 A',
    because: /nothing listens on tcp .*:81/,
  },
  {
    name: 'on-premises reaches a VM',
    from: 'office',
    to: 'peer',
    ends: 'delivered',
    seen: '10.1.2.3',
    there: 'office gateway fabric peer',
    back: 'peer fabric gateway office',
  },
];

const TO_PODS: readonly Row[] = [
  {
    name: 'a VM that shares the route table of the nodes reaches a pod, and the reply is not masqueraded',
    from: 'neighbour',
    to: 'C',
    ends: 'delivered',
    seen: '10.224.1.2',
    there: 'neighbour fabric node1 C',
    back: 'C node1 fabric neighbour',
  },
  {
    name: 'a VM of a subnet without that route table loses the packet to 10.0.0.0/8 None',
    from: 'peer',
    to: 'C',
    ends: 'dropped-by-route',
    seen: null,
    there: 'peer fabric',
    back: null,
    because: /system route 10\.0\.0\.0\/8 \(None\)/,
  },
  {
    name: 'an on-premises host has no route to the pod range',
    from: 'office',
    to: 'C',
    ends: 'no-route',
    seen: null,
    there: 'office',
    back: null,
    because: /host\/office has no route to 10\.244\./,
  },
  {
    name: 'the internet has no route to the pod range',
    from: 'internet',
    to: 'C',
    ends: 'no-route',
    seen: null,
    there: 'internet edge/internet',
    back: null,
    because: /edge\/internet has no route to 10\.244\./,
  },
  {
    name: 'the outbound address takes no connections',
    from: 'internet',
    to: EGRESS,
    ends: 'denied-inbound',
    seen: null,
    there: 'internet edge/internet lb/kubernetes',
    back: null,
    because: /load balancer kubernetes \(no inbound rule/,
  },
];

const SERVICES: readonly Row[] = [
  {
    name: 'a VM reaches a pod through a node port, and the pod sees the bridge or the node',
    from: 'peer',
    to: NODE_0_ADDRESS,
    port: 30080,
    ends: 'delivered',
    there: '*',
    back: '*',
  },
  {
    name: 'a VM cannot use a cluster IP',
    from: 'peer',
    to: '10.0.99.80',
    ends: 'dropped-by-route',
    seen: null,
    there: 'peer fabric',
    back: null,
    because: /10\.0\.0\.0\/8 \(None\)/,
  },
  {
    name: 'a cluster IP is no host, so no other port of it answers',
    from: 'A',
    to: 'service',
    port: 8080,
    ends: 'dropped-by-route',
    seen: null,
    there: 'A node0 fabric',
    back: null,
  },
];

const BROKEN: readonly Row[] = [
  {
    name: 'without the route to node 1 the fabric drops what is for its pods',
    from: 'A',
    to: 'C',
    cloud: (cloud) => changeRoutes(cloud, (routes) => routes.filter((each) => !each.name.startsWith(NODE_1))),
    ends: 'dropped-by-route',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /system route 10\.0\.0\.0\/8 \(None\)/,
  },
  {
    name: 'without the route to node 1 its pods may not leave: their range is out of the VirtualNetwork tag',
    from: 'C',
    to: 'A',
    cloud: (cloud) => changeRoutes(cloud, (routes) => routes.filter((each) => !each.name.startsWith(NODE_1))),
    ends: 'denied-outbound',
    seen: null,
    there: 'C node1 fabric',
    back: null,
    because: /DenyAllOutBound \(priority 65500\) of NSG aks-agentpool-\d+-nsg on the NIC/,
  },
  {
    name: 'where no NSG asks, they arrive, and the reply finds no route',
    from: 'C',
    to: 'A',
    cloud: (cloud) =>
      withoutSecurityGroups(
        changeRoutes(cloud, (routes) => routes.filter((each) => !each.name.startsWith(NODE_1))),
      ),
    ends: 'dropped-by-route',
    seen: podAddress('c'),
    there: 'C node1 fabric node0 A',
    back: 'A node0 fabric',
    because: /the reply does not come back: system route 10\.0\.0\.0\/8 \(None\)/,
  },
  {
    name: 'without the route to node 1 its pods still reach their neighbours',
    from: 'C',
    to: 'D',
    cloud: (cloud) => changeRoutes(cloud, (routes) => routes.filter((each) => !each.name.startsWith(NODE_1))),
    ends: 'delivered',
    there: 'C node1 D',
    back: 'D node1 C',
  },
  {
    name: 'without the route to node 1 its pods still reach the internet, since the node translates them',
    from: 'C',
    to: 'internet',
    cloud: (cloud) => changeRoutes(cloud, (routes) => routes.filter((each) => !each.name.startsWith(NODE_1))),
    ends: 'delivered',
    seen: EGRESS,
    there: 'C node1 fabric lb/kubernetes edge/internet internet',
    back: 'internet edge/internet lb/kubernetes fabric node1 C',
  },
  {
    name: 'a route to an address that nobody has',
    from: 'A',
    to: 'C',
    cloud: (cloud) => nextHopOfNode1(cloud, '10.224.0.99'),
    ends: 'next-hop-unreachable',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /10\.224\.0\.99/,
  },
  {
    name: 'a route back to the sender runs in a circle',
    from: 'A',
    to: 'C',
    cloud: (cloud) => nextHopOfNode1(cloud, NODE_0_ADDRESS),
    ends: 'loop',
    seen: null,
    there: '*',
    back: null,
  },
  {
    name: 'a route to a VM without IP forwarding on its NIC',
    from: 'A',
    to: 'C',
    cloud: (cloud) => nextHopOfNode1(cloud, '10.225.0.4'),
    ends: 'next-hop-unreachable',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /NIC peerVMNic \(IP forwarding is off/,
  },
  {
    name: 'without ip_forward on its own node a pod reaches no other node',
    from: 'A',
    to: 'C',
    cloud: (cloud) => setKernelForwarding(cloud, NODE_0, 'off'),
    ends: 'next-hop-unreachable',
    seen: null,
    there: 'A node0',
    back: null,
    because: /does not forward/,
  },
  {
    name: 'without ip_forward on the target node its pods are out of reach',
    from: 'A',
    to: 'C',
    cloud: (cloud) => setKernelForwarding(cloud, NODE_1, 'off'),
    ends: 'next-hop-unreachable',
    seen: null,
    there: 'A node0 fabric node1',
    back: null,
    because: /does not forward/,
  },
  {
    name: 'without ip_forward the bridge still switches',
    from: 'C',
    to: 'D',
    cloud: (cloud) => setKernelForwarding(cloud, NODE_1, 'off'),
    ends: 'delivered',
    there: 'C node1 D',
    back: 'D node1 C',
  },
  {
    name: 'without the route table on the subnet pods of two nodes are apart',
    from: 'A',
    to: 'C',
    cloud: (cloud) => changeSubnet(cloud, 'aks-subnet', { routeTable: null }),
    ends: 'dropped-by-route',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /10\.0\.0\.0\/8 \(None\)/,
  },
  {
    name: 'IP forwarding off on the receiving NIC stops packets for its pods',
    from: 'A',
    to: 'C',
    cloud: (cloud) => setNicForwarding(cloud, NODE_1, false),
    ends: 'next-hop-unreachable',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /NIC of node .*vmss00000. \(IP forwarding is off/,
  },
  {
    name: 'IP forwarding off on the sending NIC stops packets from its pods',
    from: 'C',
    to: 'A',
    cloud: (cloud) => setNicForwarding(cloud, NODE_1, false),
    ends: 'denied-outbound',
    seen: null,
    there: 'C node1 fabric',
    back: null,
    because: /IP forwarding is off/,
  },
  {
    name: 'IP forwarding off does not stop what the node translates',
    from: 'C',
    to: 'peer',
    cloud: (cloud) => setNicForwarding(cloud, NODE_1, false),
    ends: 'delivered',
    seen: NODE_1_ADDRESS,
    there: 'C node1 fabric peer',
    back: 'peer fabric node1 C',
  },
  {
    name: 'a more specific route to None beats the route of the node',
    from: 'A',
    to: 'C',
    cloud: (cloud) =>
      changeRoutes(cloud, (routes) => [...routes, route('void', `${podAddress('c')}/32`, 'None')]),
    ends: 'dropped-by-route',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /route void of route table/,
  },
  {
    name: 'a less specific route to None loses to the route of the node',
    from: 'A',
    to: 'C',
    cloud: (cloud) => changeRoutes(cloud, (routes) => [...routes, route('void', '10.244.0.0/16', 'None')]),
    ends: 'delivered',
    seen: podAddress('a'),
    there: 'A node0 fabric node1 C',
    back: 'C node1 fabric node0 A',
  },
  {
    name: 'a default route to nowhere takes the internet away',
    from: 'A',
    to: 'internet',
    cloud: (cloud) => changeRoutes(cloud, (routes) => [...routes, route('default', '0.0.0.0/0', 'None')]),
    ends: 'dropped-by-route',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /route default of route table/,
  },
  {
    name: 'a default route leaves other VMs of the VNet reachable',
    from: 'A',
    to: 'peer',
    cloud: (cloud) => changeRoutes(cloud, (routes) => [...routes, route('default', '0.0.0.0/0', 'None')]),
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'A node0 fabric peer',
    back: 'peer fabric node0 A',
  },
  {
    name: 'a default route to an appliance also takes private addresses, because the None routes go',
    from: 'A',
    to: '10.99.0.1',
    cloud: (cloud) =>
      changeRoutes(cloud, (routes) => [
        ...routes,
        route('default', '0.0.0.0/0', 'VirtualAppliance', '10.225.0.99'),
      ]),
    ends: 'next-hop-unreachable',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /10\.225\.0\.99, which route default/,
  },
  {
    name: 'platform addresses are not diverted by a default route',
    from: 'A',
    to: 'http://169.254.169.254',
    cloud: (cloud) => changeRoutes(cloud, (routes) => [...routes, route('default', '0.0.0.0/0', 'None')]),
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'A node0 fabric platform',
    back: 'platform fabric node0 A',
  },
  {
    name: 'an appliance that forwards without translating cannot send others to the internet',
    from: 'A',
    to: 'internet',
    cloud: (cloud) =>
      throughPeer(
        changeRoutes(cloud, (routes) => [
          ...routes,
          route('default', '0.0.0.0/0', 'VirtualAppliance', '10.225.0.4'),
        ]),
      ),
    ends: 'no-outbound-path',
    seen: null,
    there: 'A node0 fabric peer fabric',
    back: null,
    because: /default outbound access \(it serves only the addresses of NIC peerVMNic itself\)/,
  },
];

const GROUPS: readonly Row[] = [
  {
    name: 'a rule on the nodes denies one port between pods of two nodes',
    from: 'A',
    to: 'C',
    cloud: (cloud) => rule(cloud, { access: 'Deny', priority: 200, destinationPortRanges: ['80'] }),
    ends: 'denied-inbound',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /test \(priority 200\) of NSG aks-agentpool-\d+-nsg on/,
  },
  {
    name: 'the same rule leaves another port open',
    from: 'A',
    to: 'C',
    port: 81,
    cloud: (cloud) => rule(cloud, { access: 'Deny', priority: 200, destinationPortRanges: ['80'] }),
    ends: 'refused',
    there: 'A node0 fabric node1 C',
    back: 'C node1 fabric node0 A',
  },
  {
    name: 'the same rule never meets traffic inside one node',
    from: 'A',
    to: 'B',
    cloud: (cloud) => rule(cloud, { access: 'Deny', priority: 200, destinationPortRanges: ['80'] }),
    ends: 'delivered',
    there: SAME,
    back: 'B node0 A',
  },
  {
    name: 'an outbound rule for the Internet tag denies the internet',
    from: 'A',
    to: 'internet',
    cloud: (cloud) =>
      rule(cloud, {
        access: 'Deny',
        direction: 'Outbound',
        priority: 200,
        destinationAddressPrefixes: ['Internet'],
        destinationPortRanges: ['*'],
      }),
    ends: 'denied-outbound',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /test \(priority 200\)/,
  },
  {
    name: 'that rule leaves the VNet alone',
    from: 'A',
    to: 'peer',
    cloud: (cloud) =>
      rule(cloud, {
        access: 'Deny',
        direction: 'Outbound',
        priority: 200,
        destinationAddressPrefixes: ['Internet'],
        destinationPortRanges: ['*'],
      }),
    ends: 'delivered',
    there: 'A node0 fabric peer',
    back: 'peer fabric node0 A',
  },
  {
    name: 'deny everything outbound still lets instance metadata through',
    from: 'A',
    to: 'http://169.254.169.254',
    cloud: (cloud) =>
      rule(cloud, { access: 'Deny', direction: 'Outbound', priority: 200, destinationPortRanges: ['*'] }),
    ends: 'delivered',
    there: 'A node0 fabric platform',
    back: 'platform fabric node0 A',
  },
  {
    name: 'a rule that names AzurePlatformIMDS denies instance metadata',
    from: 'A',
    to: 'http://169.254.169.254',
    cloud: (cloud) =>
      rule(cloud, {
        access: 'Deny',
        direction: 'Outbound',
        priority: 200,
        destinationAddressPrefixes: ['AzurePlatformIMDS'],
        destinationPortRanges: ['*'],
      }),
    ends: 'denied-outbound',
    seen: null,
    there: 'A node0 fabric',
    back: null,
    because: /test \(priority 200\)/,
  },
  {
    name: 'a denied inbound direction does not stop replies to what was allowed out',
    from: 'A',
    to: 'peer',
    cloud: (cloud) => rule(cloud, { access: 'Deny', priority: 200, destinationPortRanges: ['*'] }),
    ends: 'delivered',
    seen: NODE_0_ADDRESS,
    there: 'A node0 fabric peer',
    back: 'peer fabric node0 A',
  },
];

describe('flows of a healthy cluster', () => {
  test.each(HEALTHY)('$name', check);
});
describe('flows to pods from outside the cluster', () => {
  test.each(TO_PODS)('$name', check);
});
describe('flows to Services', () => {
  test.each(SERVICES)('$name', check);
});
describe('flows of a broken network', () => {
  test.each(BROKEN)('$name', check);
});
describe('flows that meet security groups', () => {
  test.each(GROUPS)('$name', check);
});

function check(row: Row): void {
  const cloud = row.cloud === undefined ? BASE : row.cloud(BASE);
  const answer = unwrap(
    ask(cloud, {
      from: ENDS[row.from] ?? row.from,
      to: ENDS[row.to] ?? row.to,
      ...(row.protocol === undefined ? {} : { protocol: row.protocol }),
      ...(row.port === undefined ? {} : { port: row.port }),
    }),
  );
  const { trace } = answer;
  const seen = trace.seenSource === null ? null : formatAddress(trace.seenSource.address);
  const found = {
    ends: trace.disposition,
    seen: row.seen === undefined ? undefined : seen,
    there: row.there === '*' ? '*' : places(trace),
    back:
      row.back === undefined || row.back === '*'
        ? row.back
        : trace.reverse === null
          ? null
          : places(trace.reverse),
  };
  const text = describeTrace(trace).join('\n');
  expect(found, text).toEqual({ ends: row.ends, seen: row.seen, there: row.there, back: row.back });
  if (row.because !== undefined) expect(trace.reason, text).toMatch(row.because);
}

function places(path: Path): string {
  return path.hops
    .map(({ place }) => PLACES.reduce((text, [long, short]) => text.replace(long, short), place))
    .join(' ');
}

function nextHopOfNode1(cloud: Cloud, nextHopIpAddress: string): Cloud {
  return changeRoutes(cloud, (routes) =>
    routes.map((each) => (each.name.startsWith(NODE_1) ? { ...each, nextHopIpAddress } : each)),
  );
}

/** Makes the VM peer a forwarding appliance: its kernel and its NIC. */
function throughPeer(cloud: Cloud): Cloud {
  const [vm] = listResources(cloud, 'Microsoft.Compute/virtualMachines').filter(
    (each) => each.name === 'peer',
  );
  const nic = listResources(cloud, 'Microsoft.Network/networkInterfaces').find(
    (each) => each.name === 'peerVMNic',
  );
  if (vm === undefined || nic === undefined) throw new Error('no peer');
  const forwarding = setForwarding(cloud, vm.id, 'on');
  return {
    ...forwarding,
    resources: { ...forwarding.resources, [nic.id.toLowerCase()]: { ...nic, enableIPForwarding: true } },
  };
}

function withoutSecurityGroups(cloud: Cloud): Cloud {
  let next = changeSubnet(cloud, 'aks-subnet', { networkSecurityGroup: null });
  for (const set of listResources(cloud, 'Microsoft.Compute/virtualMachineScaleSets')) {
    const instances = set.instances.map((each) => ({
      ...each,
      networkInterface: { ...each.networkInterface, networkSecurityGroup: null },
    }));
    next = putResource(next, { ...set, instances });
  }
  return next;
}

function rule(cloud: Cloud, properties: Partial<SecurityRuleProperties>): Cloud {
  const [group] = listResources(cloud, 'Microsoft.Network/networkSecurityGroups');
  if (group === undefined) throw new Error('no NSG');
  return unwrap(
    createSecurityRule(
      cloud,
      { resourceGroup: GROUP, networkSecurityGroup: group.name, name: 'test' },
      { ...SECURITY_RULE_DEFAULTS, priority: 100, ...properties },
    ),
  );
}

function egressAddress(cloud: Cloud): string {
  const addresses = listResources(cloud, 'Microsoft.Network/publicIPAddresses');
  const [only, ...others] = addresses.flatMap((each) => each.ipAddress ?? []);
  if (only === undefined || others.length > 0) throw new Error('not one public address');
  return only;
}
