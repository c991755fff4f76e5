/**
 * A kubenet cluster as a hand-built neutral network, shaped like the course's case study. For tests
 * of the tracer and the kernel witness that must not depend on how a cloud is compiled.
 */
import { address, addressKey, addressPlus, formatAddress } from '../../src/model/ip/address.ts';
import type { Address } from '../../src/model/ip/address.ts';
import { setComplement, setOf, setOfAddresses } from '../../src/model/ip/address-set.ts';
import { hostPrefix, prefix, subnetAt } from '../../src/model/ip/prefix.ts';
import type { Prefix } from '../../src/model/ip/prefix.ts';
import type {
  FilterChain,
  FilterRule,
  Host,
  HostId,
  Interface,
  Network,
  Route,
  SegmentId,
  TranslationRule,
} from '../../src/model/network/network.ts';
import { connected, face, gateway, host, listener, mainTable, network, route } from './network-drafts.ts';

export interface KubenetOptions {
  readonly nodes: number;
  readonly podsPerNode: number;
  /** Numbers of nodes whose route is missing from the subnet's route table. */
  readonly withoutRoute?: readonly number[];
  /** Numbers of nodes whose NIC has IP forwarding off. */
  readonly withoutIpForwarding?: readonly number[];
  /** Rules ahead of the default rules of the nodes' security group. */
  readonly inbound?: readonly FilterRule[];
  readonly outbound?: readonly FilterRule[];
  readonly services?: readonly {
    readonly address: string;
    readonly port: number;
    readonly backends: readonly string[];
  }[];
}

const EVERYWHERE = prefix('0.0.0.0/0');
const VNET = prefix('10.224.0.0/12');
const NODE_SUBNET = prefix('10.224.0.0/16');
const ON_PREMISES = prefix('10.1.0.0/16');
const OUTBOUND_ADDRESS = '198.51.100.7';
const VMS = [
  { id: 'vm/neighbour', address: '10.224.200.1', subnet: '10.224.0.0/16', gateway: '10.224.0.1' },
  { id: 'vm/peer', address: '10.225.0.4', subnet: '10.225.0.0/24', gateway: '10.225.0.1' },
];
const WEB = [listener(80, 'tcp', 'nginx'), listener(80, 'udp', 'echo')];

/** Returns `10.224.0.4` for node 0. */
export function nodeAddress(node: number): Address {
  return plus(NODE_SUBNET.address, 4 + node);
}

/** Returns `10.244.1.2` for pod 0 of node 1. */
export function podAddress(node: number, pod: number): Address {
  return plus(podRange(node).address, 2 + pod);
}

/**
 * Returns a cluster with `node/0` ..., `pod/0-0` ..., and around it `vm/neighbour` (in the nodes'
 * subnet), `vm/peer` (in another subnet), `host/on-premises` and `host/internet`. Everything listens
 * on tcp and udp 80, and the nodes on tcp 10250 too.
 */
export function kubenetNetwork(options: KubenetOptions): Network {
  const bridges: Record<SegmentId, { host: HostId; device: string }> = {};
  const hosts: Host[] = [];
  for (let node = 0; node < options.nodes; node++) {
    bridges[`cbr0 of node/${node}`] = { host: `node/${node}`, device: 'cbr0' };
    hosts.push(kubenetNode(node, options));
    for (let pod = 0; pod < options.podsPerNode; pod++) hosts.push(kubenetPod(node, pod));
  }
  for (const vm of VMS) {
    hosts.push(
      host(vm.id, 'vm', {
        interfaces: [face('eth0', `cable of ${vm.id}`, `${vm.address}/${vm.subnet.split('/')[1] ?? ''}`)],
        tables: mainTable(gateway('0.0.0.0/0', vm.gateway, 'eth0'), connected(vm.subnet, 'eth0')),
        listeners: WEB,
      }),
    );
  }
  return network([...hosts, fabric(options), ...outside()], bridges);
}

function kubenetPod(node: number, pod: number): Host {
  const range = podRange(node);
  const bridge = formatAddress(plus(range.address, 1));
  return host(`pod/${node}-${pod}`, 'pod', {
    interfaces: [face('eth0', `cbr0 of node/${node}`, `${formatAddress(podAddress(node, pod))}/24`)],
    tables: mainTable(gateway('0.0.0.0/0', bridge, 'eth0'), connected(range, 'eth0')),
    listeners: WEB,
  });
}

function kubenetNode(node: number, options: KubenetOptions): Host {
  const range = podRange(node);
  return host(`node/${node}`, 'node', {
    forwarding: 'on',
    interfaces: [
      face('eth0', `cable of node/${node}`, `${formatAddress(nodeAddress(node))}/16`),
      face('cbr0', `cbr0 of node/${node}`, `${formatAddress(plus(range.address, 1))}/24`),
    ],
    tables: mainTable(
      gateway('0.0.0.0/0', '10.224.0.1', 'eth0'),
      connected(NODE_SUBNET, 'eth0'),
      connected(range, 'cbr0'),
    ),
    translations: [
      ...(options.services ?? []).map(serviceRule),
      {
        hook: 'postrouting',
        match: { destination: setOf(podCidr(options)) },
        action: { kind: 'none' },
        by: 'IP-MASQ-AGENT: pod range, RETURN',
      },
      {
        hook: 'postrouting',
        match: { destinationIsLocal: 'no' },
        action: { kind: 'masquerade' },
        by: 'IP-MASQ-AGENT: MASQUERADE',
      },
    ],
    listeners: [...WEB, listener(10250, 'tcp', 'kubelet')],
  });
}

function serviceRule(service: NonNullable<KubenetOptions['services']>[number]): TranslationRule {
  const by = `Service ${service.address}:${service.port}`;
  return {
    hook: 'prerouting',
    match: {
      protocols: ['tcp'],
      destination: setOfAddresses([address(service.address)]),
      destinationPorts: [{ from: service.port, to: service.port }],
    },
    action: {
      kind: 'destination',
      backends: service.backends.map((text) => ({
        address: address(text),
        port: 80,
        by: `endpoint ${text}`,
      })),
      masquerade: { when: 'backend-is-source', by: 'KUBE-MARK-MASQ' },
    },
    by,
  };
}

function fabric(options: KubenetOptions): Host {
  const ports = [
    ...Array.from({ length: options.nodes }, (_, node) => ({
      name: `nic-${node}`,
      segment: `cable of node/${node}`,
      address: nodeAddress(node),
      ipForwarding: options.withoutIpForwarding?.includes(node) !== true,
      table: 'nodes',
      secured: true,
    })),
    ...VMS.map((vm) => ({
      name: vm.id.replace('vm/', 'nic-'),
      segment: `cable of ${vm.id}`,
      address: address(vm.address),
      ipForwarding: false,
      table: 'others',
      secured: false,
    })),
  ];
  const pods = podCidr(options);
  const security = securityRules(options, pods);
  const interfaces: Interface[] = [
    ...ports.map((port) => face(port.name, port.segment, null, 'proxies')),
    face('vpn', 'vpn inside', null, 'proxies'),
    face('internet', 'internet inside', null, 'proxies'),
  ];
  const own: Route[] = [
    route(VNET, { kind: 'attached' }, 'system route VnetLocal'),
    route(ON_PREMISES, { kind: 'connected', interface: 'vpn' }, 'learned route 10.1.0.0/16'),
    route('10.0.0.0/8', { kind: 'drop' }, 'system route 10.0.0.0/8 None'),
    route(EVERYWHERE, { kind: 'connected', interface: 'internet' }, 'system route Internet'),
  ];
  const toNodes = Array.from({ length: options.nodes }, (_, node) => node)
    .filter((node) => options.withoutRoute?.includes(node) !== true)
    .map((node) => {
      const via = nodeAddress(node);
      return route(podRange(node), { kind: 'attached-gateway', via }, `user route node-${node}`);
    });
  return host('fabric/vnet', 'fabric', {
    forwarding: 'on',
    timeToLive: 'kept',
    interfaces,
    attached: new Map(ports.map((port) => [addressKey(port.address), port.name])),
    tableOfInterface: new Map(ports.map((port) => [port.name, port.table])),
    tables: new Map([
      ['nodes', { name: 'nodes', routes: [...toNodes, ...own], superseded: [] }],
      ['others', { name: 'others', routes: own, superseded: [] }],
      ['main', { name: 'main', routes: [route(VNET, { kind: 'attached' }, 'the VNet')], superseded: [] }],
    ]),
    chains: ports.flatMap((port) => portChains(port, security)),
  });
}

interface Port {
  readonly name: string;
  readonly address: Address;
  readonly ipForwarding: boolean;
  readonly secured: boolean;
}

type SecurityRules = Record<'inbound' | 'outbound', readonly FilterRule[]>;

function portChains(port: Port, security: SecurityRules): FilterChain[] {
  const chain = (by: string, hook: FilterChain['hook'], rules: readonly FilterRule[]): FilterChain => ({
    by,
    hook,
    interface: port.name,
    rules,
    otherwise: { kind: 'accept' },
  });
  const chains: FilterChain[] = [];
  if (!port.ipForwarding) {
    const foreign = setComplement(setOfAddresses([port.address]));
    chains.push(
      {
        ...chain(`address guard of ${port.name}`, 'ingress', [
          deny('foreign source', { source: foreign }, 'denied-outbound'),
        ]),
        replies: 'checked',
      },
      {
        ...chain(`address guard of ${port.name}`, 'egress', [
          deny('foreign destination', { destination: foreign }, 'next-hop-unreachable'),
        ]),
        replies: 'checked',
      },
    );
  }
  if (port.secured) {
    chains.push(
      chain(`security group of ${port.name}, outbound`, 'routed', security.outbound),
      chain(`security group of ${port.name}, inbound`, 'egress', security.inbound),
    );
  } else {
    chains.push(
      chain(`outbound access of ${port.name}`, 'routed', [
        deny('no outbound method', { outInterface: 'internet' }, 'no-outbound-path'),
      ]),
    );
  }
  return chains;
}

function securityRules(options: KubenetOptions, pods: Prefix): SecurityRules {
  const virtualNetwork = setOf(VNET, ON_PREMISES, pods);
  const internet = setComplement(virtualNetwork);
  return {
    inbound: [
      ...(options.inbound ?? []),
      allow('AllowVnetInBound', { source: virtualNetwork, destination: virtualNetwork }),
      deny('DenyAllInBound', {}, 'denied-inbound'),
    ],
    outbound: [
      ...(options.outbound ?? []),
      allow('AllowVnetOutBound', { source: virtualNetwork, destination: virtualNetwork }),
      allow('AllowInternetOutBound', { destination: internet }),
      deny('DenyAllOutBound', {}, 'denied-outbound'),
    ],
  };
}

export function allow(by: string, match: FilterRule['match']): FilterRule {
  return { match, verdict: { kind: 'accept' }, by };
}

export function deny(
  by: string,
  match: FilterRule['match'],
  disposition: 'denied-inbound' | 'denied-outbound' | 'next-hop-unreachable' | 'no-outbound-path',
): FilterRule {
  return { match, verdict: { kind: 'drop', disposition }, by };
}

function outside(): Host[] {
  return [
    host('gateway/vpn', 'gateway', {
      forwarding: 'on',
      interfaces: [
        face('azure', 'vpn inside', null, 'proxies'),
        face('premises', 'vpn outside', null, 'proxies'),
      ],
      tables: mainTable(connected(ON_PREMISES, 'premises'), connected(VNET, 'azure')),
    }),
    host('host/on-premises', 'outside', {
      interfaces: [face('eth0', 'vpn outside', '10.1.2.3/16')],
      tables: mainTable(gateway('0.0.0.0/0', '10.1.0.1', 'eth0'), connected(ON_PREMISES, 'eth0')),
      listeners: WEB,
    }),
    host('edge/load-balancer', 'edge', {
      forwarding: 'on',
      interfaces: [
        face('azure', 'internet inside', null, 'proxies'),
        face('internet', 'internet outside', `${OUTBOUND_ADDRESS}/32`, 'proxies'),
      ],
      tables: mainTable(connected(EVERYWHERE, 'internet'), connected(VNET, 'azure')),
      translations: [
        {
          hook: 'postrouting',
          match: { outInterface: 'internet', source: setOf(NODE_SUBNET) },
          action: { kind: 'source', address: address(OUTBOUND_ADDRESS) },
          by: 'outbound rule of the load balancer',
        },
      ],
    }),
    host('host/internet', 'outside', {
      interfaces: [face('eth0', 'internet outside', '203.0.113.80/32')],
      tables: mainTable(
        route('10.0.0.0/8', { kind: 'drop' }, 'nobody routes 10.0.0.0/8 on the internet'),
        connected(hostPrefix(address(OUTBOUND_ADDRESS)), 'eth0'),
        gateway('0.0.0.0/0', OUTBOUND_ADDRESS, 'eth0'),
      ),
      listeners: WEB,
    }),
  ];
}

function podCidr(options: KubenetOptions): Prefix {
  return prefix(options.nodes > 256 ? '10.244.0.0/14' : '10.244.0.0/16');
}

function podRange(node: number): Prefix {
  const range = subnetAt(prefix('10.244.0.0/14'), 24, node);
  if (range === null) throw new Error(`no pod range for node ${node}`);
  return range;
}

function plus(start: Address, count: number): Address {
  const found = addressPlus(start, count);
  if (found === null) throw new Error(`no address ${count} after ${formatAddress(start)}`);
  return found;
}
