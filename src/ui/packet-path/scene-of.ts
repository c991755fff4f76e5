/** The boxes that a conversation passes, and enough around them to see where they are. Pure. */
import { formatAddress, sameAddress } from '../../model/ip/address.ts';
import type { Address } from '../../model/ip/address.ts';
import { formatPrefix } from '../../model/ip/prefix.ts';
import type { Compiled } from '../../model/compile/compile.ts';
import { INTERNET } from '../../model/compile/internet.ts';
import { directoryOf, type Directory } from '../../model/compile/directory.ts';
import { fabricId } from '../../model/compile/fabric.ts';
import type { NetworkPart, Port, SubnetPart } from '../../model/compile/inventory.ts';
import type { BalancerPlan } from '../../model/compile/load-balancer-plan.ts';
import type { Host, HostId } from '../../model/network/network.ts';
import type { NamedRange, RangeLetter } from '../address/range.ts';
import type { PlaceName } from './view.ts';
import type { LeafBox, MachineBox, NetworkBox, Scene, SubnetBox } from './scene.ts';

type RangeOf = (address: string) => NamedRange | null;

/** Nodes beyond the path are shown up to this many, so that the cluster is seen to have more than one. */
const NODES_SHOWN = 2;

/**
 * The scene for the places of a trace, in the order they were passed. Of a place with several public
 * addresses (frontends of a load balancer, say) the one among `asked` is shown.
 */
export function sceneOf(
  compiled: Compiled,
  places: readonly HostId[],
  rangeOf: RangeOf,
  asked: readonly Address[] = [],
): Scene {
  const directory = directoryOf(compiled);
  const onPath = new Set(places);
  const nodeOfPod = podHomes(directory);
  for (const place of places) {
    const home = nodeOfPod.get(place);
    if (home !== undefined) onPath.add(home);
  }
  const context: Context = { compiled, directory, onPath, nodeOfPod, rangeOf, asked };
  const networks = compiled.inventory.networks
    .map((network) => networkBox(context, network))
    .filter((network) => network.subnets.length > 0 || onPath.has(network.fabric.id))
    .sort(byWayOut(compiled, places));
  const hostsOf = (role: readonly Host['role'][]): readonly Host[] =>
    [...new Set(places)].flatMap((place) => {
      const host = compiled.network.hosts.get(place);
      return host !== undefined && role.includes(host.role) ? [host] : [];
    });
  const internal = new Set(internalBalancers(compiled).map(({ host }) => host));
  const edges = hostsOf(['edge', 'gateway']).filter(({ id }) => !internal.has(id));
  const internet = edges.find((host) => host.id === INTERNET);
  return {
    networks,
    edges: edges.filter((host) => host !== internet).map((host) => hostBox(context, host)),
    internet: internet === undefined ? null : { id: INTERNET, label: 'Internet', detail: '', range: null },
    outside: hostsOf(['outside']).map((host) => hostBox(context, host)),
  };
}

/**
 * Orders VNets so that a way which leaves one for the edges below, or for another VNet, crosses no third:
 * the one next to the edges last, else as they are passed.
 */
function byWayOut(compiled: Compiled, places: readonly HostId[]): (a: NetworkBox, b: NetworkBox) => number {
  const internal = new Set(internalBalancers(compiled).map(({ host }) => host));
  const edges = places.flatMap((place, at) => {
    const role = internal.has(place) ? null : compiled.network.hosts.get(place)?.role;
    return role === 'edge' || role === 'gateway' ? [at] : [];
  });
  const rank = ({ fabric }: NetworkBox): number => {
    const passed = places.flatMap((place, at) => (place === fabric.id ? [at] : []));
    const [first = places.length] = passed;
    return edges.length === 0
      ? first
      : -Math.min(...passed.flatMap((at) => edges.map((edge) => Math.abs(at - edge))), places.length);
  };
  return (a, b) => rank(a) - rank(b);
}

/** What a place is called beside its role: without the kind and namespace that its id carries. */
export function placeName(compiled: Compiled, place: HostId): PlaceName {
  const host = compiled.network.hosts.get(place);
  if (host === undefined) throw new Error(`The network has no host ${place}.`);
  return { label: shortName(place), role: host.role };
}

/** `pod/demo/pod-a` reads `pod-a`, `fabric/aks-vnet-1` reads `aks-vnet-1`. */
function shortName(place: HostId): string {
  if (place === INTERNET) return 'Internet';
  return place.split('/').at(-1) ?? place;
}

interface Context {
  readonly compiled: Compiled;
  readonly directory: Directory;
  readonly onPath: ReadonlySet<HostId>;
  readonly nodeOfPod: ReadonlyMap<HostId, HostId>;
  readonly rangeOf: RangeOf;
  readonly asked: readonly Address[];
}

/** Load balancers whose frontends are addresses of a subnet: they stand in it, as machines do. */
function internalBalancers(compiled: Compiled): readonly BalancerPlan[] {
  return compiled.balancers.filter(
    ({ inbound }) => inbound?.frontends.some(({ place }) => place.kind === 'subnet') === true,
  );
}

function podHomes(directory: Directory): ReadonlyMap<HostId, HostId> {
  const nodes = new Map(directory.nodes.map((each) => [each.node.metadata.name, each.host]));
  return new Map(
    directory.pods.flatMap((pod) => {
      const node = nodes.get(pod.pod.spec.nodeName ?? '');
      return pod.host === null || node === null || node === undefined || pod.host === node
        ? []
        : [[pod.host, node] as const];
    }),
  );
}

function networkBox(context: Context, network: NetworkPart): NetworkBox {
  const shown = shownPorts(context, network);
  return {
    id: `network/${network.name}`,
    label: `VNet ${network.name}`,
    detail: network.prefixes.map(formatPrefix).join(', '),
    range: null,
    fabric: { id: fabricId(network), label: 'Azure network', detail: '', range: null },
    subnets: network.subnets
      .map((subnet) =>
        subnetBox(
          context,
          subnet,
          shown.filter((port) => port.subnet === subnet),
        ),
      )
      .filter((subnet) => subnet.machines.length > 0),
  };
}

/** Every machine on the path, and other nodes until there are two. */
function shownPorts(context: Context, network: NetworkPart): readonly Port[] {
  const passes = (port: Port): boolean => port.owner.kind !== 'none' && context.onPath.has(port.owner.host);
  const onPath = network.ports.filter(passes);
  const clusters = new Set(
    onPath.flatMap((port) => (port.owner.kind === 'node' ? [port.owner.cluster?.key] : [])),
  );
  const nodes = onPath.filter((port) => port.owner.kind === 'node').length;
  const others = network.ports
    .filter((port) => port.owner.kind === 'node' && clusters.has(port.owner.cluster?.key) && !passes(port))
    .slice(0, nodes === 0 ? 0 : Math.max(0, NODES_SHOWN - nodes));
  return network.ports.filter((port) => onPath.includes(port) || others.includes(port));
}

function subnetBox(context: Context, subnet: SubnetPart, ports: readonly Port[]): SubnetBox {
  const prefix = formatPrefix(subnet.prefix);
  return {
    id: `subnet/${subnet.network.name}/${subnet.name}`,
    label: `Subnet ${subnet.name}`,
    detail: prefix,
    range: letter(context, prefix),
    machines: [
      ...ports.map((port) => machineBox(context, port)),
      ...balancerBoxes(context, subnet),
      ...firewallBoxes(context, subnet),
    ],
  };
}

function balancerBoxes(context: Context, subnet: SubnetPart): readonly MachineBox[] {
  return internalBalancers(context.compiled).flatMap(({ host, inbound }): MachineBox[] => {
    const here = (inbound?.frontends ?? []).filter(
      ({ place }) => place.kind === 'subnet' && place.subnet.key === subnet.key,
    );
    if (here.length === 0 || !context.onPath.has(host)) return [];
    const address = addressText(
      chosenAddress(
        context,
        here.map((each) => each.address),
      ),
    );
    const box = { id: host, label: `LB ${shortName(host)}`, detail: address };
    return [{ ...box, range: letter(context, address), kind: 'vm', bridge: null, pods: [] }];
  });
}

/** A firewall stands in its subnet, with the address of it that was asked for or seen, else its private one. */
function firewallBoxes(context: Context, subnet: SubnetPart): readonly MachineBox[] {
  return context.compiled.firewalls.flatMap((plan): MachineBox[] => {
    if (plan.subnet.key !== subnet.key || !context.onPath.has(plan.host)) return [];
    const own = [plan.privateAddress, ...plan.publicAddresses];
    const asked = context.asked.find((each) => own.some((one) => sameAddress(one, each)));
    const address = addressText(asked ?? plan.privateAddress);
    const box = { id: plan.host, label: `Firewall ${shortName(plan.host)}`, detail: address };
    return [{ ...box, range: letter(context, address), kind: 'vm', bridge: null, pods: [] }];
  });
}

/** The first that was asked for, else the first there is. */
function chosenAddress({ asked }: Context, addresses: readonly Address[]): Address | undefined {
  return addresses.find((each) => asked.some((one) => sameAddress(one, each))) ?? addresses[0];
}

function machineBox(context: Context, port: Port): MachineBox {
  const { owner } = port;
  if (owner.kind === 'none') throw new Error(`NIC ${port.label} belongs to no machine.`);
  const address = addressText(port.addresses[0]);
  const box = {
    id: owner.host,
    label: shortName(owner.host),
    detail: address,
    range: letter(context, address),
  };
  if (owner.kind === 'vm' || owner.kind === 'private-endpoint') {
    return { ...box, kind: 'vm', bridge: null, pods: [] };
  }
  const segments = [...context.compiled.network.segments.values()];
  const segment = segments.find((each) => each.bridgedBy?.host === owner.host);
  // Not by the bridge: Azure CNI has none, and each pod a cable of its own.
  const pods = [...context.onPath].filter((place) => context.nodeOfPod.get(place) === owner.host);
  return {
    ...box,
    kind: 'node',
    bridge:
      segment === undefined || segment.bridgedBy === null
        ? null
        : bridgeBox(context, owner.host, segment.bridgedBy.device),
    pods: pods.map((pod) => podBox(context, pod)),
  };
}

function bridgeBox(context: Context, node: HostId, device: string): LeafBox {
  const host = context.compiled.network.hosts.get(node);
  const bridge = host?.interfaces.find((each) => each.name === device);
  const address = addressText(bridge?.addresses[0]?.address);
  return { id: `${node}/${device}`, label: device, detail: address, range: letter(context, address) };
}

function podBox(context: Context, id: HostId): LeafBox {
  const host = context.compiled.network.hosts.get(id);
  const address = addressText(host?.interfaces[0]?.addresses[0]?.address);
  return { id, label: shortName(id), detail: address, range: letter(context, address) };
}

function hostBox(context: Context, host: Host): LeafBox {
  // A gateway's own addresses are nobody's business here.
  const addresses = host.role === 'gateway' ? [] : host.interfaces.flatMap((each) => each.addresses);
  const address = addressText(
    chosenAddress(
      context,
      addresses.map((each) => each.address),
    ),
  );
  return { id: host.id, label: edgeName(host), detail: address, range: letter(context, address) };
}

function edgeName(host: Host): string {
  switch (host.role) {
    case 'gateway':
      return 'VPN gateway';
    case 'firewall':
      return 'Azure Firewall';
    case 'edge':
      if (host.id.startsWith('lb/')) return `LB ${shortName(host.id)}`;
      // Its name is for the steps: those that AKS gives leave no room on a phone.
      return host.id.startsWith('natgw/') ? 'NAT gateway' : 'Public address';
    case 'pod':
    case 'node':
    case 'vm':
    case 'fabric':
      return shortName(host.id);
    case 'outside':
      return host.id.startsWith('platform/') ? 'Azure platform' : shortName(host.id);
  }
}

function addressText(address: Parameters<typeof formatAddress>[0] | undefined): string {
  return address === undefined ? '' : formatAddress(address);
}

function letter(context: Context, address: string): RangeLetter | null {
  return address === '' ? null : (context.rangeOf(address)?.letter ?? null);
}
