/** The live picture of a lab's network, as nested plain data: what is in what, with its addresses. */
import { compile } from '../../model/compile/compile.ts';
import { inputRuleText } from '../../model/input-rule-text.ts';
import { directoryOf, type Directory } from '../../model/compile/directory.ts';
import type { ClusterPart, NetworkPart, Port, SubnetPart } from '../../model/compile/inventory.ts';
import type { FirewallPlan } from '../../model/compile/firewall.ts';
import type { FirewallRules } from '../../model/firewall/rules.ts';
import type { VirtualNetworkPeering } from '../../model/azure/resources.ts';
import type { Cloud, InputChain } from '../../model/cloud.ts';
import { formatAddress } from '../../model/ip/address.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { RangeLetter } from '../address/range.ts';
import { rangesOf } from '../address/ranges-of.ts';
import { clusterAddresses, gatewayText, groupOfCard, groupText, publicAddressOfCard } from './egress-view.ts';
import type { GroupText } from './egress-view.ts';
import { balancersOf, pendingServices } from './published-view.ts';
import type { BalancerView } from './published-view.ts';

export interface MarkedAddress {
  readonly text: string;
  readonly range: RangeLetter | null;
}

export interface PodView {
  readonly name: string;
  readonly phase: string;
  readonly address: MarkedAddress;
}

export interface MachineView {
  readonly kind: 'node' | 'vm';
  readonly name: string;
  readonly address: MarkedAddress;
  /** On its card; null where it has none. */
  readonly publicAddress: MarkedAddress | null;
  /** Of a VM's card. The group that AKS has on its nodes is not drawn. */
  readonly securityGroup: GroupText | null;
  /** The node's piece of the pod range. */
  readonly podRange: MarkedAddress | null;
  /** Pods with an address of their own, outside kube-system. */
  readonly pods: readonly PodView[];
  /** Pods of kube-system with an address of their own, and pods that use the node's. */
  readonly otherPods: { readonly system: number; readonly onHostNetwork: number };
}

/** A private endpoint in a subnet. */
export interface EndpointView {
  readonly name: string;
  readonly address: MarkedAddress;
  readonly service: string;
  readonly state: string;
}

export interface RouteView {
  readonly name: string;
  readonly prefix: MarkedAddress;
  readonly nextHop: string;
  readonly nextHopAddress: MarkedAddress | null;
}

export interface SubnetView {
  readonly name: string;
  readonly prefix: MarkedAddress;
  readonly routeTable: { readonly name: string; readonly routes: readonly RouteView[] } | null;
  readonly securityGroup: GroupText | null;
  readonly natGateway: { readonly name: string; readonly lends: readonly MarkedAddress[] } | null;
  /** `yes`: what has no way out of its own has none at all. */
  readonly isPrivate: boolean;
  readonly machines: readonly MachineView[];
  readonly endpoints: readonly EndpointView[];
  readonly firewalls: readonly FirewallView[];
}

export interface FirewallView {
  readonly name: string;
  readonly address: MarkedAddress;
  /** Empty with forced tunnelling. */
  readonly publicAddresses: readonly MarkedAddress[];
  readonly policy: string | null;
  /** `DNAT 2, network 3, application 1`. */
  readonly rules: string;
}

export interface PeeringView {
  readonly name: string;
  readonly remote: string;
  readonly state: VirtualNetworkPeering['peeringState'];
  readonly isInSync: boolean;
}

export interface NetworkView {
  readonly networks: readonly {
    readonly name: string;
    readonly prefixes: readonly MarkedAddress[];
    /** Its own links; the other side of each is with the other VNet. */
    readonly peerings: readonly PeeringView[];
    readonly subnets: readonly SubnetView[];
  }[];
  readonly clusters: readonly {
    readonly name: string;
    readonly plugin: string;
    readonly podRange: MarkedAddress | null;
    readonly serviceRange: MarkedAddress;
    readonly outboundType: string;
    /** What the internet sees of its pods, as far as AKS knows it. */
    readonly publicAddresses: readonly MarkedAddress[];
    /** Services of type LoadBalancer without an address, as `namespace/name`. */
    readonly pending: readonly string[];
  }[];
  readonly balancers: readonly (Omit<BalancerView, 'frontends'> & {
    readonly frontends: readonly (Omit<BalancerView['frontends'][number], 'address'> & {
      readonly address: MarkedAddress | null;
    })[];
  })[];
  readonly outside: readonly {
    readonly name: string;
    readonly kind: 'internet' | 'on-premises';
    readonly address: MarkedAddress;
    readonly behind: MarkedAddress | null;
    /** What its routers send to Azure by static routes. */
    readonly routesToAzure: readonly MarkedAddress[];
    /** The rules of its own firewall, as iptables writes them; null if it never had one. */
    readonly firewall: readonly string[] | null;
  }[];
}

export function networkView(cloud: Cloud): NetworkView {
  const compiled = compile(cloud);
  const { networks, clusters } = compiled.inventory;
  const rangeOf = rangesOf(cloud);
  const mark = (text: string): MarkedAddress => ({ text, range: rangeOf(text)?.letter ?? null });
  const directory = directoryOf(compiled);
  return {
    networks: networks.map((network) => ({
      name: network.name,
      prefixes: network.prefixes.map((prefix) => mark(formatPrefix(prefix))),
      peerings: network.virtualNetwork.virtualNetworkPeerings.map((peering) => ({
        name: peering.name,
        remote: peering.remoteVirtualNetwork.id.split('/').at(-1) ?? '',
        state: peering.peeringState,
        isInSync: peering.peeringSyncLevel === 'FullyInSync',
      })),
      subnets: network.subnets.map((subnet) =>
        subnetView(cloud, network, subnet, directory, compiled.firewalls, mark),
      ),
    })),
    clusters: clusters.map((part) => clusterView(cloud, part, mark)),
    balancers: balancersOf(cloud).map((balancer) => ({
      ...balancer,
      frontends: balancer.frontends.map((each) => ({
        ...each,
        address: each.address === null ? null : mark(each.address),
      })),
    })),
    outside: cloud.outsideHosts.map((host) => ({
      name: host.name,
      kind: host.kind,
      address: mark(host.address),
      behind: host.kind === 'on-premises' ? mark(host.prefix) : null,
      routesToAzure: host.kind === 'on-premises' ? (host.routesToAzure ?? []).map(mark) : [],
      firewall: host.kind === 'on-premises' ? firewallOf(host.inputChain) : null,
    })),
  };
}

function firewallOf(chain: InputChain | undefined): readonly string[] | null {
  return chain === undefined ? null : [`-P INPUT ${chain.policy}`, ...chain.rules.map(inputRuleText)];
}

type Mark = (text: string) => MarkedAddress;

function clusterView(cloud: Cloud, { cluster }: ClusterPart, mark: Mark): NetworkView['clusters'][number] {
  const { networkPlugin, networkPluginMode, podCidr, serviceCidr } = cluster.networkProfile;
  return {
    name: cluster.name,
    plugin: networkPluginMode === null ? networkPlugin : `${networkPlugin} ${networkPluginMode}`,
    podRange: podCidr === null ? null : mark(podCidr),
    serviceRange: mark(serviceCidr),
    outboundType: cluster.networkProfile.outboundType,
    publicAddresses: clusterAddresses(cloud, cluster).map(mark),
    pending: pendingServices(cloud, cluster.id),
  };
}

function subnetView(
  cloud: Cloud,
  network: NetworkPart,
  subnet: SubnetPart,
  directory: Directory,
  firewalls: readonly FirewallPlan[],
  mark: Mark,
): SubnetView {
  const { routeTable, securityGroup } = subnet;
  const { natGateway, defaultOutboundAccess } = subnet.subnet;
  const gateway = natGateway === undefined ? null : gatewayText(cloud, natGateway);
  return {
    name: subnet.name,
    prefix: mark(formatPrefix(subnet.prefix)),
    routeTable:
      routeTable === null
        ? null
        : {
            name: routeTable.name,
            routes: routeTable.routes.map((route) => ({
              name: route.name,
              prefix: mark(route.addressPrefix),
              nextHop: route.nextHopType,
              nextHopAddress: route.nextHopIpAddress === null ? null : mark(route.nextHopIpAddress),
            })),
          },
    securityGroup: securityGroup === null ? null : groupText(securityGroup),
    natGateway: gateway === null ? null : { name: gateway.name, lends: gateway.lends.map(mark) },
    isPrivate: defaultOutboundAccess === false,
    machines: network.ports
      .filter((port) => port.subnet === subnet)
      .flatMap((port) => machineView(cloud, port, directory, mark)),
    endpoints: network.ports
      .filter((port) => port.subnet === subnet)
      .flatMap((port) => endpointView(port, mark)),
    firewalls: firewalls
      .filter((each) => each.subnet === subnet)
      .map(({ name, privateAddress, publicAddresses, resource, configuration }) => ({
        name,
        address: mark(formatAddress(privateAddress)),
        publicAddresses: publicAddresses.map((each) => mark(formatAddress(each))),
        policy: resource.firewallPolicy?.id.split('/').at(-1) ?? null,
        rules: ruleCounts(configuration.rules),
      })),
  };
}

function ruleCounts({ dnat, network, application }: FirewallRules): string {
  return `DNAT ${dnat.length}, network ${network.length}, application ${application.length}`;
}

function endpointView({ owner, addresses }: Port, mark: Mark): readonly EndpointView[] {
  const [address] = addresses;
  if (owner.kind !== 'private-endpoint' || address === undefined) return [];
  const { name, privateLinkServiceConnections, manualPrivateLinkServiceConnections } = owner.endpoint;
  const [connection] = [...privateLinkServiceConnections, ...manualPrivateLinkServiceConnections];
  return [
    {
      name,
      address: mark(formatAddress(address)),
      service: connection?.privateLinkServiceId.split('/').at(-1) ?? 'no service',
      state: connection?.privateLinkServiceConnectionState.status ?? 'Disconnected',
    },
  ];
}

function machineView(cloud: Cloud, port: Port, directory: Directory, mark: Mark): readonly MachineView[] {
  const [primary] = port.addresses;
  const address: MarkedAddress =
    primary === undefined ? { text: 'no address', range: null } : mark(formatAddress(primary));
  const onCard = publicAddressOfCard(cloud, port.nic);
  const publicAddress = onCard === null ? null : mark(onCard);
  const none = { podRange: null, pods: [], otherPods: { system: 0, onHostNetwork: 0 } };
  switch (port.owner.kind) {
    case 'none':
    case 'private-endpoint':
      return [];
    case 'vm':
      return [
        {
          kind: 'vm',
          name: port.owner.vm.name,
          address,
          publicAddress,
          securityGroup: groupOfCard(cloud, port.nic),
          ...none,
        },
      ];
    case 'node': {
      const { name } = port.owner;
      const node = directory.nodes.find((each) => each.node.metadata.name === name)?.node;
      const pods = directory.pods.filter(({ pod }) => pod.spec.nodeName === name);
      const own = pods.filter(({ pod }) => pod.spec.hostNetwork !== true);
      const isSystem = ({ pod }: (typeof own)[number]): boolean => pod.metadata.namespace === 'kube-system';
      return [
        {
          kind: 'node',
          name,
          address,
          publicAddress,
          securityGroup: null,
          podRange: node?.spec.podCIDR === undefined ? null : mark(node.spec.podCIDR),
          pods: own
            .filter((pod) => !isSystem(pod))
            .map(({ pod }) => ({
              name: pod.metadata.name,
              phase: pod.status.phase,
              address:
                pod.status.podIP === undefined ? { text: 'no address', range: null } : mark(pod.status.podIP),
            })),
          otherPods: { system: own.filter(isSystem).length, onHostNetwork: pods.length - own.length },
        },
      ];
    }
  }
}
