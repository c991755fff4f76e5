/** Names the range of any address of a cloud. */
import { armKey } from '../../model/azure/resource-store.ts';
import { compile } from '../../model/compile/compile.ts';
import type { Inventory } from '../../model/compile/inventory.ts';
import type { Cloud } from '../../model/cloud.ts';
import { parseAddress } from '../../model/ip/address.ts';
import {
  formatPrefix,
  hostPrefix,
  parsePrefix,
  prefix,
  type Prefix,
  prefixCovers,
} from '../../model/ip/prefix.ts';
import type { NamedRange, RangeLetter } from './range.ts';

/** Private by RFC 1918 and RFC 6598: inside no public network. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(prefix);
/** Never an address of a range: this host, loopback, link-local, multicast and above. */
const SPECIAL = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '168.63.129.16/32', '224.0.0.0/3'].map(prefix);

interface Range extends NamedRange {
  readonly prefix: Prefix;
}

interface Ranges {
  readonly named: readonly Range[];
  /** Address spaces of networks, for what lies in one and in none of its subnets. */
  readonly spaces: readonly Range[];
}

type RangeOf = (text: string) => NamedRange | null;

const functions = new WeakMap<Cloud, RangeOf>();

/**
 * A function from an address or prefix as written to its range in this cloud; null for what belongs
 * to none: addresses with a meaning of their own, prefixes wider than any range, text that is neither.
 */
export function rangesOf(cloud: Cloud): RangeOf {
  const known = functions.get(cloud);
  if (known !== undefined) return known;
  const ranges = rangesIn(compile(cloud).inventory);
  const memory = new Map<string, NamedRange | null>();
  const rangeOf: RangeOf = (text) => {
    const remembered = memory.get(text);
    if (remembered !== undefined) return remembered;
    const asked = readPrefix(text);
    const found = asked === null ? null : nameOf(ranges, asked);
    memory.set(text, found);
    return found;
  };
  functions.set(cloud, rangeOf);
  return rangeOf;
}

/** An address is a prefix of itself; `10.224.0.4/16`, as `ip addr` writes it, is its address. */
function readPrefix(text: string): Prefix | null {
  const written = parsePrefix(text);
  if (written.ok) return written.value;
  const address = parseAddress(text.split('/')[0] ?? '');
  return address.ok ? hostPrefix(address.value) : null;
}

function nameOf({ named, spaces }: Ranges, asked: Prefix): NamedRange | null {
  if (SPECIAL.some((special) => prefixCovers(special, asked))) return null;
  const found = named.find((range) => prefixCovers(range.prefix, asked));
  if (found !== undefined) return { letter: found.letter, name: found.name };
  const wider = named.some((range) => prefixCovers(asked, range.prefix));
  if (wider || asked.length < 8) return null;
  const space = spaces.find((range) => prefixCovers(range.prefix, asked));
  if (space !== undefined) return { letter: space.letter, name: space.name };
  return PRIVATE.some((each) => prefixCovers(each, asked))
    ? { letter: 'O', name: 'private address, in no network here' }
    : { letter: 'I', name: 'public address' };
}

/** Every range of the cloud, longest prefixes first. */
function rangesIn(inventory: Inventory): Ranges {
  const { text, clusters, networks, cloud } = inventory;
  const ranges: Range[] = [];
  const add = (
    written: string | null | undefined,
    letter: RangeLetter,
    name: (prefix: string) => string,
  ): void => {
    const read = written === null || written === undefined ? null : text.prefix(written);
    if (read !== null) ranges.push({ prefix: read, letter, name: name(formatPrefix(read)) });
  };
  for (const { cluster, state } of clusters) {
    for (const node of Object.values(state.nodes)) {
      add(node.spec.podCIDR, 'P', (range) => `pod range ${range} of node ${node.metadata.name}`);
    }
    add(cluster.networkProfile.podCidr, 'P', (range) => `pod range ${range} of cluster ${cluster.name}`);
    add(
      cluster.networkProfile.serviceCidr,
      'S',
      (range) => `service range ${range} of cluster ${cluster.name}`,
    );
  }
  const podSubnets = new Set(
    clusters.flatMap(({ cluster }) =>
      cluster.agentPoolProfiles.flatMap((pool) =>
        pool.podSubnetId === null ? [] : [armKey(pool.podSubnetId)],
      ),
    ),
  );
  for (const network of networks) {
    const nodeSubnets = new Set(
      network.ports.filter((port) => port.owner.kind === 'node').map((port) => port.subnet),
    );
    for (const subnet of network.subnets) {
      if (podSubnets.has(armKey(subnet.subnet.id))) {
        add(subnet.subnet.addressPrefix, 'P', (range) => `pod subnet ${subnet.name}, ${range}`);
        continue;
      }
      add(subnet.subnet.addressPrefix, nodeSubnets.has(subnet) ? 'N' : 'O', (range) =>
        nodeSubnets.has(subnet)
          ? `node subnet ${subnet.name}, ${range}`
          : `subnet ${subnet.name} of VNet ${network.name}, ${range}`,
      );
    }
  }
  for (const host of cloud.outsideHosts) {
    if (host.kind === 'on-premises') add(host.prefix, 'O', (range) => `on-premises, ${range}`);
  }
  const spaces = networks.flatMap(({ name, prefixes }) =>
    prefixes.map((each): Range => ({
      prefix: each,
      letter: 'O',
      name: `VNet ${name}, ${formatPrefix(each)}, outside its subnets`,
    })),
  );
  return { named: ranges.sort(longestFirst), spaces: spaces.sort(longestFirst) };
}

function longestFirst(one: Range, other: Range): number {
  return other.prefix.length - one.prefix.length;
}
