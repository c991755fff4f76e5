/** The network devices of a place, as `ip link` lists them. */
import { clusterChance } from '../../model/kubernetes/cluster-state.ts';
import { drawHex, drawMac } from '../../model/chance.ts';
import { formatAddress } from '../../model/ip/address.ts';
import { lastAddress, prefixAround } from '../../model/ip/prefix.ts';
import { nodeOfView, type NetworkView } from './network-view.ts';

export interface Link {
  readonly index: number;
  readonly name: string;
  /** The other end of a veth, `if3`. */
  readonly peer: string | null;
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
const LOOPBACK: Link = {
  index: 1,
  name: 'lo',
  peer: null,
  flags: 'LOOPBACK,UP,LOWER_UP',
  mtu: 65536,
  queue: 'noqueue',
  state: 'UNKNOWN',
  master: null,
  mac: '00:00:00:00:00:00',
  addresses: [{ address: '127.0.0.1', length: 8, broadcast: null, metric: null, scope: 'host' }],
  otherNamespace: null,
};

export function linksOf(view: NetworkView): readonly Link[] {
  const isPod = view.place.kind === 'pod' && nodeOfView(view) === null;
  const links: Link[] = [LOOPBACK];
  for (const face of view.host.interfaces) {
    const bridge = bridgeMembers(view, face.name) !== null;
    links.push({
      index: isPod ? 3 : links.length + 1,
      name: face.name,
      peer: isPod ? `if${podLinkIndex(view)}` : null,
      flags: bridge ? 'BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP' : 'BROADCAST,MULTICAST,UP,LOWER_UP',
      mtu: MTU,
      queue: isPod ? 'noqueue' : bridge ? 'htb' : 'mq',
      state: 'UP',
      master: null,
      mac: face.mac,
      addresses: face.addresses.map(({ address, length }) => ({
        address: formatAddress(address),
        length,
        broadcast: formatAddress(lastAddress(prefixAround(address, length))),
        metric: isPod || bridge ? null : 100,
        scope: 'global',
      })),
      otherNamespace: isPod ? 0 : null,
    });
  }
  const members = view.host.interfaces.flatMap((face) => bridgeMembers(view, face.name) ?? []);
  for (const [at, member] of members.entries()) {
    links.push({
      index: links.length + 1,
      name: member.device,
      peer: 'if3',
      flags: 'BROADCAST,MULTICAST,UP,LOWER_UP',
      mtu: MTU,
      queue: 'noqueue',
      state: 'UP',
      master: member.bridge,
      mac: member.mac,
      addresses: [],
      otherNamespace: at,
    });
  }
  return links;
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

/** The index, on the node, of the other end of a pod's eth0. */
function podLinkIndex(view: NetworkView): number {
  const segment = view.network.segments.get(view.host.interfaces[0]?.segment ?? '');
  const pods = (segment?.members ?? []).filter((member) => member.host !== segment?.bridgedBy?.host);
  return (
    4 +
    Math.max(
      0,
      pods.findIndex((member) => member.host === view.host.id),
    )
  );
}
