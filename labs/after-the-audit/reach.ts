/** What the groups of the nodes let through and what not, exactly: in sets of packets, and not call by call. */
import { nodesOf } from '../../src/lab/cluster-view.ts';
import type { NodeView } from '../../src/lab/cluster-view.ts';
import { trafficInWords } from '../../src/lab/traffic-words.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { compile } from '../../src/model/compile/compile.ts';
import { effectiveView } from '../../src/model/compile/effective-view.ts';
import { placedGroups } from '../../src/model/compile/ip-flow.ts';
import { address } from '../../src/model/ip/address.ts';
import {
  everyAddress,
  setOf,
  setOfAddresses,
  setSubtract,
  setUnion,
} from '../../src/model/ip/address-set.ts';
import type { AddressSet } from '../../src/model/ip/address-set.ts';
import { prefix } from '../../src/model/ip/prefix.ts';
import { verdictOfGroups } from '../../src/model/nsg/partition.ts';
import { everyPort } from '../../src/model/nsg/port-set.ts';
import type { Direction } from '../../src/model/nsg/rule-traffic.ts';
import { intersectTraffic, subtractTraffic, trafficOf } from '../../src/model/nsg/traffic.ts';
import type { Traffic } from '../../src/model/nsg/traffic.ts';
import { LOANS_ADDRESS } from './calls.ts';
import type { Library } from './calls.ts';

const SUBNETS = { system: '10.60.0.0/24', apps: '10.60.1.0/24' } as const;
const NODES = ranges(...Object.values(SUBNETS));
const PODS = ranges('10.244.0.0/16');
const CLUSTER = setUnion(NODES, PODS);
const PROBES = setOfAddresses([address('168.63.129.16')]);
const BOTS = ranges('192.0.2.128/25');
const PUBLIC = setSubtract(everyAddress, ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'));

function ranges(...texts: readonly string[]): AddressSet {
  return setOf(...texts.map(prefix));
}

function tcp(source: AddressSet, destination: AddressSet, port: number): Traffic {
  return whole(source, destination, { protocol: 'Tcp', ports: [{ from: port, to: port }] });
}

function whole(
  source: AddressSet,
  destination: AddressSet,
  { protocol = '*', ports = everyPort }: Partial<{ protocol: 'Tcp' | '*'; ports: typeof everyPort }> = {},
): Traffic {
  return trafficOf({ protocol, source, sourcePorts: everyPort, destination, destinationPorts: ports });
}

/** Returns in words some traffic between nodes and pods that a group denies, or null. */
export function deniedInside(cloud: Cloud, { view }: Library): string | null {
  for (const node of nodesOf(view)) {
    for (const direction of ['Inbound', 'Outbound'] as const) {
      const own = setUnion(ranges(`${node.address}/32`), PODS);
      const inside = direction === 'Inbound' ? whole(CLUSTER, own) : whole(own, CLUSTER);
      const denied = subtractTraffic(inside, letThrough(cloud, node, direction, inside));
      if (denied.length > 0) return `${node.name}, ${direction.toLowerCase()}: ${trafficInWords(denied)}`;
    }
  }
  return null;
}

/**
 * Returns in words some traffic that the groups of a node denied at `start`, no longer deny, and were
 * not asked to let through; null if there is none.
 */
export function openedBeside(start: Cloud, now: Cloud, library: Library): string | null {
  const catalogue = setOfAddresses([address(library.address)]);
  const loans = setOfAddresses([address(LOANS_ADDRESS)]);
  for (const node of nodesOf(library.view)) {
    const own = setUnion(ranges(`${node.address}/32`), PODS);
    // Public addresses behind the load balancer are met by public callers only, bots apart.
    const into = whole(everyAddress, setUnion(own, setUnion(catalogue, loans)));
    const wantedIn = [
      ...whole(setUnion(CLUSTER, PROBES), everyAddress),
      ...tcp(setSubtract(everyAddress, BOTS), catalogue, 80),
      ...tcp(ranges('10.70.0.0/24'), loans, 80),
      ...tcp(ranges('10.60.8.0/24'), NODES, 22),
    ];
    const out = whole(own, everyAddress);
    const wantedOut = [...whole(everyAddress, setUnion(CLUSTER, PROBES)), ...tcp(everyAddress, PUBLIC, 443)];
    for (const [direction, asked, wanted] of [
      ['Inbound', into, wantedIn],
      ['Outbound', out, wantedOut],
    ] as const) {
      const before = letThrough(start, node, direction, asked);
      const after = letThrough(now, node, direction, asked);
      const opened = subtractTraffic(subtractTraffic(after, before), wanted);
      if (opened.length > 0) return `${node.name}, ${direction.toLowerCase()}: ${trafficInWords(opened)}`;
    }
  }
  return null;
}

/** The part of some traffic that every group of a node lets through for certain. */
function letThrough(cloud: Cloud, node: NodeView, direction: Direction, asked: Traffic): Traffic {
  const nic = compile(cloud)
    .inventory.networks.flatMap(({ ports }) => ports)
    .find((port) => port.nic.ipConfigurations.some((each) => each.privateIPAddress === node.address));
  const view = nic === undefined ? null : effectiveView(cloud, nic.nic.id);
  if (view === null) return [];
  const allowed = verdictOfGroups(placedGroups(view), direction, asked, view.names)
    .filter(({ access }) => access === 'Allow')
    .map(({ where }) => where);
  return intersectTraffic(allowed, asked);
}
