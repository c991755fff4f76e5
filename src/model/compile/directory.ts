/** Everything in a compiled cloud that a flow can start or end at, by name and by address. */
import type { ArmKey, VirtualMachine } from '../azure/resources.ts';
import { armKey, listResources } from '../azure/resource-store.ts';
import type { OutsideHost } from '../cloud.ts';
import { addressKey } from '../ip/address.ts';
import type { Address, AddressKey } from '../ip/address.ts';
import type { Node, Pod } from '../kubernetes/objects.ts';
import { podIndex } from '../kubernetes/pod-index.ts';
import type { HostId } from '../network/network.ts';
import { hostsOutside } from '../outside-host.ts';
import type { Compiled } from './compile.ts';
import type { ClusterPart, NetworkPart, Port } from './inventory.ts';
import { publicAddressOf } from './public-address.ts';

interface PlaceBase {
  /** What netpath prints: `pod/default/web`. */
  readonly label: string;
  /** Null for something that exists but is not on the network, for the reason in `away`. */
  readonly host: HostId | null;
  readonly away: string | null;
  readonly address: Address | null;
}

/** Something that can send or receive. */
export type Place =
  | (PlaceBase & { readonly kind: 'pod'; readonly cluster: ClusterPart; readonly pod: Pod })
  | (PlaceBase & {
      readonly kind: 'node';
      readonly cluster: ClusterPart;
      readonly node: Node;
      readonly network: NetworkPart | null;
    })
  | (PlaceBase & {
      readonly kind: 'vm';
      readonly vm: VirtualMachine;
      readonly network: NetworkPart | null;
      readonly publicAddress: Address | null;
    })
  | (PlaceBase & { readonly kind: 'outside'; readonly outside: OutsideHost });

export interface Directory {
  readonly compiled: Compiled;
  readonly pods: readonly Extract<Place, { kind: 'pod' }>[];
  readonly nodes: readonly Extract<Place, { kind: 'node' }>[];
  readonly machines: readonly Extract<Place, { kind: 'vm' }>[];
  readonly outside: readonly Extract<Place, { kind: 'outside' }>[];
  /** Who has an address: one host, unless VNets overlap. A node stands for its hostNetwork pods. */
  readonly byAddress: ReadonlyMap<AddressKey, readonly Place[]>;
}

const directories = new WeakMap<Compiled, Directory>();

/** Returns the directory of a compiled cloud, made once. */
export function directoryOf(compiled: Compiled): Directory {
  const known = directories.get(compiled);
  if (known !== undefined) return known;
  const directory = build(compiled);
  directories.set(compiled, directory);
  return directory;
}

function build(compiled: Compiled): Directory {
  const { inventory } = compiled;
  const { text, cloud } = inventory;
  const ports = inventory.networks.flatMap((network) => network.ports);
  const portOfNode = new Map<string, Port>();
  const portOfNic = new Map<ArmKey, Port>();
  for (const port of ports) {
    if (port.owner.kind === 'node') portOfNode.set(port.owner.name, port);
    portOfNic.set(armKey(port.nic.id), port);
  }

  const nodes = Array.from(inventory.nodes.values(), ({ node, cluster }): Directory['nodes'][number] => {
    const port = portOfNode.get(node.metadata.name);
    const id = port?.owner.kind === 'node' ? port.owner.host : null;
    return {
      kind: 'node',
      label: `node/${node.metadata.name}`,
      cluster,
      node,
      network: port?.subnet.network ?? null,
      address: port?.addresses[0] ?? null,
      host: id,
      away: id === null ? 'its machine has no NIC in a virtual network' : null,
    };
  });
  const nodeByName = new Map(nodes.map((each) => [each.node.metadata.name, each]));

  const pods = inventory.clusters.flatMap((cluster) =>
    Array.from(podIndex(cluster.state.pods).pods.values(), (pod): Directory['pods'][number] => {
      const id = compiled.podNames.idOf(cluster.key, pod);
      const node = nodeByName.get(pod.spec.nodeName ?? '');
      const host = pod.spec.hostNetwork === true ? (node?.host ?? null) : id;
      // Whether the node has a machine says it too; asking for the pod itself would draw every node.
      const running = pod.status.phase === 'Running' && host !== null && (node?.host ?? null) !== null;
      return {
        kind: 'pod',
        label: id,
        cluster,
        pod,
        address: pod.status.podIP === undefined ? null : text.address(pod.status.podIP),
        host: running ? host : null,
        away: running ? null : whyAway(pod),
      };
    }),
  );

  const machines = listResources(cloud, 'Microsoft.Compute/virtualMachines').map(
    (vm): Directory['machines'][number] => {
      const vmPorts = vm.networkProfile.networkInterfaces.flatMap(
        (each) => portOfNic.get(armKey(each.id)) ?? [],
      );
      const primary = vmPorts.find((each) => each.nic.primary) ?? vmPorts[0];
      const host = inventory.machines.get(armKey(vm.id)) ?? null;
      const away =
        vm.powerState !== 'VM running'
          ? `it is not running (${vm.powerState}); az vm start starts it`
          : primary === undefined
            ? 'it has no NIC in a virtual network'
            : null;
      return {
        kind: 'vm',
        label: host ?? `vm/${vm.name}`,
        vm,
        network: primary?.subnet.network ?? null,
        address: primary?.addresses[0] ?? null,
        publicAddress: publicAddressOfPort(compiled, primary),
        host: away === null ? host : null,
        away,
      };
    },
  );

  const outside = hostsOutside(cloud).map((each): Directory['outside'][number] => {
    const id = `host/${each.name}`;
    const there = compiled.network.hosts.has(id);
    return {
      kind: 'outside',
      label: id,
      outside: each,
      address: text.address(each.address),
      host: there ? id : null,
      away: there ? null : 'its address cannot be read',
    };
  });

  const byAddress = new Map<AddressKey, Place[]>();
  const index = (place: Place, address: Address | null): void => {
    if (address === null) return;
    const key = addressKey(address);
    const list = byAddress.get(key);
    if (list === undefined) byAddress.set(key, [place]);
    else list.push(place);
  };
  for (const place of nodes) index(place, place.address);
  for (const place of pods) {
    if (place.pod.spec.hostNetwork !== true && place.host !== null) index(place, place.address);
  }
  for (const place of machines) {
    for (const reference of place.vm.networkProfile.networkInterfaces) {
      for (const address of portOfNic.get(armKey(reference.id))?.addresses ?? []) index(place, address);
    }
    index(place, place.publicAddress);
  }
  for (const place of outside) index(place, place.address);
  return { compiled, pods, nodes, machines, outside, byAddress };
}

function whyAway(pod: Pod): string {
  switch (pod.status.phase) {
    case 'Pending':
      return `it is Pending${pod.spec.nodeName === undefined ? ' and on no node yet' : ''}`;
    case 'Succeeded':
    case 'Failed':
      return `it has ended (${pod.status.phase})`;
    case 'Running':
      return 'its node is not on the network';
  }
}

function publicAddressOfPort(compiled: Compiled, port: Port | undefined): Address | null {
  for (const configuration of port?.nic.ipConfigurations ?? []) {
    const own = publicAddressOf(compiled.inventory, configuration.publicIPAddress?.id ?? null);
    if (own !== null) return own.address;
  }
  return null;
}
