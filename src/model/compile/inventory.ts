/**
 * Who is plugged in where: every NIC of the subscription with its VNet, subnet, addresses and owner,
 * under the names that the compiled network uses.
 */
import { armKey, getResource, listResources } from '../azure/resource-store.ts';
import type {
  ArmKey,
  NatGateway,
  NetworkInterface,
  NetworkSecurityGroup,
  PrivateEndpoint,
  RouteTable,
  Subnet,
  SubResource,
  VirtualMachine,
  VirtualNetwork,
  VirtualNetworkPeering,
} from '../azure/resources.ts';
import { ipamOf } from '../aks/ipam.ts';
import type { Ipam } from '../aks/ipam.ts';
import type { ManagedCluster } from '../aks/managed-cluster.ts';
import type { Cloud } from '../cloud.ts';
import type { Address } from '../ip/address.ts';
import type { Prefix } from '../ip/prefix.ts';
import type { KubernetesState, Node } from '../kubernetes/objects.ts';
import type { HostId, InterfaceName } from '../network/network.ts';
import type { Report } from './diagnostics.ts';
import { distinctNames, hostNames } from './host-names.ts';
import { parsedText } from './parsed-text.ts';
import type { ParsedText } from './parsed-text.ts';
import { peersOf } from './peering.ts';
import { endpointsByInterface } from './private-link-ports.ts';
import { serviceAddresses } from './service-addresses.ts';
import type { ServiceAddresses } from './service-addresses.ts';

export type Nic = Omit<NetworkInterface, 'virtualMachine'>;

export type PortOwner =
  | { readonly kind: 'vm'; readonly vm: VirtualMachine; readonly host: HostId }
  | {
      readonly kind: 'node';
      readonly name: string;
      readonly host: HostId;
      readonly cluster: ClusterPart | null;
      /** How the node's pods get their addresses. */
      readonly ipam: Ipam;
      /** Addresses that the fabric brings to this NIC from another subnet than the NIC's; null without a pod subnet. */
      readonly podSubnet: { readonly subnet: SubnetPart; readonly addresses: readonly Address[] } | null;
    }
  | { readonly kind: 'private-endpoint'; readonly endpoint: PrivateEndpoint; readonly host: HostId }
  | { readonly kind: 'none' };

/** One NIC, plugged into the fabric of its VNet. */
export interface Port {
  /** The fabric's name for the interface that leads to the NIC. */
  readonly name: InterfaceName;
  /** What a reader calls the NIC. */
  readonly label: string;
  readonly nic: Nic;
  /** The primary address first. */
  readonly addresses: readonly Address[];
  readonly subnet: SubnetPart;
  readonly owner: PortOwner;
}

/** Returns the machine behind a NIC; null if there is none, or it is a node that its cluster does not know yet. */
export function hostBehind({ owner }: Port): HostId | null {
  switch (owner.kind) {
    case 'none':
      return null;
    case 'vm':
    case 'private-endpoint':
      return owner.host;
    case 'node':
      return owner.cluster === null ? null : owner.host;
  }
}

export interface SubnetPart {
  readonly key: ArmKey;
  readonly name: string;
  readonly subnet: Subnet;
  readonly prefix: Prefix;
  readonly routeTable: RouteTable | null;
  readonly securityGroup: NetworkSecurityGroup | null;
  readonly natGateway: NatGateway | null;
  readonly network: NetworkPart;
}

export interface NetworkPart {
  readonly key: ArmKey;
  /** The VNet's name; with its group, and then its subscription, in front where two VNets share the name. */
  readonly name: string;
  readonly virtualNetwork: VirtualNetwork;
  readonly prefixes: readonly Prefix[];
  readonly subnets: readonly SubnetPart[];
  readonly ports: readonly Port[];
  readonly peers: readonly PeerPart[];
  /** What is known of the addresses that a service tag holds. */
  readonly serviceAddresses: (tag: string) => ServiceAddresses;
}

/** A VNet at the other end of a peering that is `Connected`, seen from one of the two. */
export interface PeerPart {
  /** The link of the VNet that this is a peer of. */
  readonly peering: VirtualNetworkPeering;
  /** The peer's link back. */
  readonly back: VirtualNetworkPeering;
  readonly network: NetworkPart;
  /** The peer's address space as the link knows it, which routes follow. */
  readonly prefixes: readonly Prefix[];
  readonly reach: 'same-region' | 'global';
}

export interface ClusterPart {
  readonly key: ArmKey;
  readonly cluster: ManagedCluster;
  readonly state: KubernetesState;
}

export interface Inventory {
  readonly cloud: Cloud;
  readonly text: ParsedText;
  readonly networks: readonly NetworkPart[];
  readonly clusters: readonly ClusterPart[];
  /** Kubernetes nodes by the name of the machine, with their cluster. */
  readonly nodes: ReadonlyMap<string, { readonly node: Node; readonly cluster: ClusterPart }>;
  /** HostId of each virtual machine, by the key of its id. */
  readonly machines: ReadonlyMap<ArmKey, HostId>;
}

/** Returns everything that is plugged in, in the order of creation. */
export function takeInventory(cloud: Cloud, report: Report): Inventory {
  const text = parsedText();
  const clusters = clustersOf(cloud);
  const nodes = new Map<string, { readonly node: Node; readonly cluster: ClusterPart }>();
  for (const cluster of clusters) {
    for (const node of Object.values(cluster.state.nodes)) nodes.set(node.metadata.name, { node, cluster });
  }
  const { machines, machineOfNic } = machinesOf(cloud);
  const networks = networksOf(cloud, text, report);
  const names = new Map<ArmKey, Set<string>>();
  const endpoints = endpointsByInterface(cloud);

  const plug = (nic: Nic, name: string, owner: PortOwner): void => {
    const primary = nic.ipConfigurations.find((each) => each.primary) ?? nic.ipConfigurations[0];
    if (primary === undefined)
      return report(`NIC ${nic.name}`, 'has no IP configuration, so nothing can reach it');
    const subnet = networks.subnets.get(armKey(primary.subnet.id));
    if (subnet === undefined) {
      return report(`NIC ${nic.name}`, `is in subnet ${primary.subnet.id}, which does not exist`);
    }
    const addresses = [primary, ...nic.ipConfigurations.filter((each) => each !== primary)]
      .map((each) => text.address(each.privateIPAddress))
      .filter((each) => each !== null);
    const siblings = networks.ports.get(subnet.network.key) ?? [];
    let taken = names.get(subnet.network.key);
    if (taken === undefined) names.set(subnet.network.key, (taken = new Set()));
    const own = taken.has(name) ? `${nic.resourceGroup}/${name}` : name;
    taken.add(own);
    siblings.push({
      name: own,
      label: owner.kind === 'node' ? `of node ${owner.name}` : nic.name,
      nic,
      addresses,
      subnet,
      owner,
    });
  };

  for (const resource of Object.values(cloud.resources)) {
    if (resource.type === 'Microsoft.Network/networkInterfaces') {
      const vm = machineOfNic.get(armKey(resource.id));
      const host = vm === undefined ? undefined : machines.get(armKey(vm.id));
      const link = endpoints.get(armKey(resource.id));
      const owner: PortOwner = link === undefined ? { kind: 'none' } : { kind: 'private-endpoint', ...link };
      plug(
        resource,
        resource.name,
        vm === undefined || host === undefined ? owner : { kind: 'vm', vm, host },
      );
    } else if (resource.type === 'Microsoft.Compute/virtualMachineScaleSets') {
      for (const instance of resource.instances) {
        const name = instance.computerName;
        const known = nodes.get(name);
        const owner: PortOwner = {
          kind: 'node',
          name,
          host: `node/${name}`,
          cluster: known?.cluster ?? null,
          ...podAddressing(known, networks.subnets, text),
        };
        plug(instance.networkInterface, name, owner);
      }
    }
  }
  return {
    cloud,
    text,
    clusters,
    nodes,
    machines,
    networks: networks.parts,
  };
}

/** Says where the addresses of a node's pods come from. */
function podAddressing(
  known: { readonly node: Node; readonly cluster: ClusterPart } | undefined,
  subnets: ReadonlyMap<ArmKey, SubnetPart>,
  text: ParsedText,
): Pick<Extract<PortOwner, { kind: 'node' }>, 'ipam' | 'podSubnet'> {
  if (known === undefined) return { ipam: 'none', podSubnet: null };
  const { node, cluster } = known;
  const { agentPoolProfiles, networkProfile } = cluster.cluster;
  const name = node.metadata.labels?.['agentpool'];
  const pool = agentPoolProfiles.find((each) => each.name === name) ?? null;
  const ipam = ipamOf(networkProfile, pool);
  const subnet = subnets.get(armKey(pool?.podSubnetId ?? ''));
  if (subnet === undefined) return { ipam, podSubnet: null };
  const addresses = (node.simulation?.podAddresses ?? []).map(text.address).filter((each) => each !== null);
  return { ipam, podSubnet: { subnet, addresses } };
}

function clustersOf(cloud: Cloud): ClusterPart[] {
  return listResources(cloud, 'Microsoft.ContainerService/ManagedClusters').flatMap((cluster) => {
    const key = armKey(cluster.id);
    const state = cloud.kubernetes[key];
    return state === undefined ? [] : [{ key, cluster, state }];
  });
}

function machinesOf(cloud: Cloud): {
  readonly machines: ReadonlyMap<ArmKey, HostId>;
  readonly machineOfNic: ReadonlyMap<ArmKey, VirtualMachine>;
} {
  const machineOfNic = new Map<ArmKey, VirtualMachine>();
  const all = listResources(cloud, 'Microsoft.Compute/virtualMachines');
  const machines = hostNames('vm', all);
  for (const vm of all) {
    for (const nic of vm.networkProfile.networkInterfaces) machineOfNic.set(armKey(nic.id), vm);
  }
  return { machines, machineOfNic };
}

function networksOf(
  cloud: Cloud,
  text: ParsedText,
  report: Report,
): {
  readonly parts: readonly NetworkPart[];
  readonly subnets: ReadonlyMap<ArmKey, SubnetPart>;
  /** The lists behind `NetworkPart.ports`, still empty. */
  readonly ports: ReadonlyMap<ArmKey, Port[]>;
} {
  const all = listResources(cloud, 'Microsoft.Network/virtualNetworks');
  const names = distinctNames(all);
  const byKey = new Map<ArmKey, SubnetPart>();
  const portsOf = new Map<ArmKey, Port[]>();
  const unpeered: { readonly part: NetworkPart; readonly peers: PeerPart[] }[] = [];
  const ofTag = serviceAddresses(cloud, text);
  const parts = all.map((virtualNetwork) => {
    const subnets: SubnetPart[] = [];
    const ports: Port[] = [];
    const peers: PeerPart[] = [];
    const part: NetworkPart = {
      key: armKey(virtualNetwork.id),
      name: names.get(armKey(virtualNetwork.id)) ?? virtualNetwork.name,
      virtualNetwork,
      prefixes: text.prefixes(virtualNetwork.addressSpace.addressPrefixes),
      subnets,
      ports,
      peers,
      serviceAddresses: ofTag,
    };
    portsOf.set(part.key, ports);
    unpeered.push({ part, peers });
    for (const subnet of virtualNetwork.subnets) {
      const prefix = text.prefix(subnet.addressPrefix);
      if (prefix === null) {
        report(
          `subnet ${subnet.name}`,
          `has the address prefix ${subnet.addressPrefix}, which cannot be read`,
        );
        continue;
      }
      const key = armKey(subnet.id);
      const of = <T>(reference: SubResource | null, get: (id: string) => T | null): T | null => {
        if (reference === null) return null;
        const found = get(reference.id);
        if (found === null)
          report(`subnet ${subnet.name}`, `refers to ${reference.id}, which does not exist`);
        return found;
      };
      const value: SubnetPart = {
        key,
        name: subnet.name,
        subnet,
        prefix,
        routeTable: of(subnet.routeTable, (id) => getResource(cloud, id, 'Microsoft.Network/routeTables')),
        securityGroup: of(subnet.networkSecurityGroup, (id) =>
          getResource(cloud, id, 'Microsoft.Network/networkSecurityGroups'),
        ),
        natGateway: of(subnet.natGateway ?? null, (id) =>
          getResource(cloud, id, 'Microsoft.Network/natGateways'),
        ),
        network: part,
      };
      subnets.push(value);
      byKey.set(key, value);
    }
    return part;
  });
  const byNetwork = new Map(parts.map((part) => [part.key, part]));
  for (const { part, peers } of unpeered) peers.push(...peersOf(part, byNetwork, text));
  return { parts, subnets: byKey, ports: portsOf };
}
