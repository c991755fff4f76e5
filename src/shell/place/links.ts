/** The network devices of a place, as `ip link` lists them. */
import { clusterChance } from '../../model/kubernetes/cluster-state.ts';
import { drawHex, drawMac } from '../../model/chance.ts';
import { formatAddress } from '../../model/ip/address.ts';
import { lastAddress, prefixAround } from '../../model/ip/prefix.ts';
import type { Host, Interface, Network } from '../../model/network/network.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly kind: 'loopback' | 'ether' | 'bridge' | 'veth';
  /** The other end of a veth: `if3` in another namespace, its name in this one. */
  readonly peer: string | null;
  /** The index that the other end has where it is. */
  readonly peerIndex: number | null;
  readonly flags: string;
  readonly mtu: number;
  readonly queue: string;
  readonly state: 'UP' | 'UNKNOWN';
  readonly master: string | null;
  readonly mac: string;
  readonly addresses: readonly {
    readonly address: string;
    readonly length: number;
    readonly broadcast: string | null;
    readonly metric: number | null;
    readonly scope: 'host' | 'global';
  }[];
  /** `link-netnsid N`, for one end of a veth. */
  readonly otherNamespace: number | null;
}

const MTU = 1500;
const DHCP_METRIC = 100;
const UP = 'BROADCAST,MULTICAST,UP,LOWER_UP';
const LOOPBACK: Link = {
  index: 1,
  name: 'lo',
  kind: 'loopback',
  peer: null,
  peerIndex: null,
  flags: 'LOOPBACK,UP,LOWER_UP',
  mtu: 65536,
  queue: 'noqueue',
  state: 'UNKNOWN',
  master: null,
  mac: '00:00:00:00:00:00',
  addresses: [{ address: '127.0.0.1', length: 8, broadcast: null, metric: null, scope: 'host' }],
  otherNamespace: null,
};

/** Returns the devices of the place's network namespace, the loopback first. */
export function linksOf(view: NetworkView): readonly Link[] {
  const isPod = view.place.kind === 'pod' && nodeOfView(view) === null;
  return [LOOPBACK, ...(isPod ? podLinks(view) : machineLinks(view))];
}

function podLinks({ host, network }: NetworkView): readonly Link[] {
  return host.interfaces.map((face): Link => {
    const other = network.segments.get(face.segment)?.members.find((member) => member.host !== host.id);
    const node = other === undefined ? undefined : network.hosts.get(other.host);
    const cable = node === undefined ? undefined : cablesOf(node, network).get(other?.interface ?? '');
    // An address that the CNI plugin sets on a cable of its own has no broadcast beside it.
    return cable === undefined
      ? {
          ...veth(face, BRIDGED_POD_INDEX, bridgedIndex(face, host, network)),
          addresses: addresses(face, 'broadcast'),
        }
      : { ...veth(face, cable.podIndex, cable.index), addresses: addresses(face, 'bare') };
  });
}

/** The index of eth0 in a pod on a bridge. */
const BRIDGED_POD_INDEX = 3;

/** The index, on the node, of the other end of eth0 of a pod on a bridge; devices 1 to 3 are lo, eth0 and the bridge. */
function bridgedIndex(face: Interface, host: Host, network: Network): number {
  const segment = network.segments.get(face.segment);
  const pods = (segment?.members ?? []).filter((member) => member.host !== segment?.bridgedBy?.host);
  const at = pods.findIndex((member) => member.host === host.id);
  return BRIDGED_POD_INDEX + 1 + Math.max(0, at);
}

function machineLinks(view: NetworkView): readonly Link[] {
  const { host, network } = view;
  const cables = cablesOf(host, network);
  const links: Link[] = [];
  for (const [at, face] of ownDevices(host, network).entries()) {
    const index = at + 2;
    const twin = twinOf(face, host, network);
    if (twin !== null) {
      const peerIndex = index + (twin.before === 'twin' ? -1 : 1);
      links.push({
        ...veth(face, index, peerIndex),
        flags: 'BROADCAST,MULTICAST,NOARP,UP,LOWER_UP',
        peer: twin.name,
        addresses: addresses(face, 'bare'),
        otherNamespace: null,
      });
      continue;
    }
    const isBridge = bridgeMembers(view, face.name) !== null;
    links.push({
      ...veth(face, index, 0),
      kind: isBridge ? 'bridge' : 'ether',
      peer: null,
      peerIndex: null,
      flags: isBridge ? 'BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP' : UP,
      queue: isBridge ? 'htb' : 'mq',
      addresses: addresses(face, isBridge ? 'broadcast' : 'dhcp'),
      otherNamespace: null,
    });
  }
  for (const face of host.interfaces) {
    const cable = cables.get(face.name);
    if (cable !== undefined)
      links.push({ ...veth(face, cable.index, cable.podIndex), otherNamespace: cable.namespace });
  }
  const members = host.interfaces.flatMap((face) => bridgeMembers(view, face.name) ?? []);
  for (const [at, member] of members.entries()) {
    const face = { name: member.device, mac: member.mac };
    links.push({
      ...veth(face, links.length + 2, BRIDGED_POD_INDEX),
      master: member.bridge,
      otherNamespace: at,
    });
  }
  return links;
}

function veth(face: Pick<Interface, 'name' | 'mac'>, index: number, peerIndex: number): Link {
  return {
    index,
    name: face.name,
    kind: 'veth',
    peer: `if${peerIndex}`,
    peerIndex,
    flags: UP,
    mtu: MTU,
    queue: 'noqueue',
    state: 'UP',
    master: null,
    mac: face.mac,
    addresses: [],
    otherNamespace: 0,
  };
}

function addresses(face: Interface, set: 'dhcp' | 'broadcast' | 'bare'): Link['addresses'] {
  return face.addresses.map(({ address, length }) => ({
    address: formatAddress(address),
    length,
    broadcast: set === 'bare' ? null : formatAddress(lastAddress(prefixAround(address, length))),
    metric: set === 'dhcp' ? DHCP_METRIC : null,
    scope: 'global',
  }));
}

interface Cable {
  readonly podIndex: number;
  readonly index: number;
  readonly namespace: number;
}

/** The machine's ends of the cables that lead to one pod each, by name; a pair is made with the pod's end first. */
function cablesOf(host: Host, network: Network): ReadonlyMap<string, Cable> {
  const others = ownDevices(host, network).length;
  const ends = host.interfaces.filter((face) => leadsToPod(face, host, network));
  return new Map(
    ends.map((face, at) => {
      const podIndex = 2 + others + 2 * at;
      return [face.name, { podIndex, index: podIndex + 1, namespace: at }];
    }),
  );
}

function ownDevices(host: Host, network: Network): readonly Interface[] {
  return host.interfaces.filter((face) => !leadsToPod(face, host, network));
}

function leadsToPod(face: Interface, host: Host, network: Network): boolean {
  const segment = network.segments.get(face.segment);
  return (
    segment?.bridgedBy === null &&
    segment.members.some(
      (member) => member.host !== host.id && network.hosts.get(member.host)?.role === 'pod',
    )
  );
}

/** Both ends of a cable may be of one machine, as `cilium_net` and `cilium_host` are. */
function twinOf(
  face: Interface,
  host: Host,
  network: Network,
): { readonly name: string; readonly before: 'twin' | 'face' } | null {
  const members = network.segments.get(face.segment)?.members ?? [];
  const twin = members.find((member) => member.host === host.id && member.interface !== face.name);
  if (twin === undefined) return null;
  const names = host.interfaces.map((each) => each.name);
  const before = names.indexOf(twin.interface) < names.indexOf(face.name) ? 'twin' : 'face';
  return { name: twin.interface, before };
}

export interface BridgeMember {
  readonly bridge: string;
  /** The node's end of the veth. */
  readonly device: string;
  readonly mac: string;
  readonly pod: string;
  /** The pod's end. */
  readonly podMac: string;
}

/** Returns the veths plugged into a bridge of this machine; null if the device is no bridge of it. */
export function bridgeMembers(view: NetworkView, device: string): readonly BridgeMember[] | null {
  const face = view.host.interfaces.find((each) => each.name === device);
  const segment = face === undefined ? undefined : view.network.segments.get(face.segment);
  if (segment?.bridgedBy?.host !== view.host.id || segment.bridgedBy.device !== device) return null;
  const chance = view.cluster === null ? view.cloud : clusterChance(view.cloud, view.cluster);
  return segment.members.flatMap((member) => {
    if (member.host === view.host.id) return [];
    const other = view.network.hosts
      .get(member.host)
      ?.interfaces.find((each) => each.name === member.interface);
    return [
      {
        bridge: device,
        device: `veth${drawHex(chance, `veth/${member.host}`, 8)}`,
        mac: drawMac(chance, `veth-mac/${member.host}`),
        pod: member.host,
        podMac: other?.mac ?? '',
      },
    ];
  });
}
