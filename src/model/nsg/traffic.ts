/**
 * Sets of packets as security rules see them, and their algebra. A box is a product of five sets:
 * protocols, sources, source ports, destinations, destination ports. Every rule is a box or two, and
 * what is left of a box without another is at most five boxes, so that answers are exact.
 */
import {
  everyAddress,
  setContains,
  setIntersect,
  setIsEmpty,
  setSize,
  setSubtract,
  setToPrefixes,
  setUnion,
} from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type { Address } from '../ip/address.ts';
import {
  everyPort,
  portCount,
  portsContain,
  portSet,
  portsIntersect,
  portsSubtract,
  samePorts,
} from './port-set.ts';
import type { PortSet } from './port-set.ts';

export const PROTOCOLS = ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah'] as const;
export type IpProtocol = (typeof PROTOCOLS)[number];

/** One packet. Icmp, Esp and Ah have no ports: theirs are null. */
export interface Packet {
  readonly protocol: IpProtocol;
  readonly source: Address;
  readonly sourcePort: number | null;
  readonly destination: Address;
  readonly destinationPort: number | null;
}

/** A product of sets. Boxes of protocols without ports hold the one value `NO_PORT` on both sides. */
export interface Box {
  /** One bit for each of `PROTOCOLS`. */
  readonly protocols: number;
  readonly source: AddressSet;
  readonly sourcePorts: PortSet;
  readonly destination: AddressSet;
  readonly destinationPorts: PortSet;
}

/** Boxes that do not overlap. */
export type Traffic = readonly Box[];

/**
 * Packets as one would ask for them: one protocol or all, and ports that only Tcp and Udp have. Any port
 * is `everyPort` itself: ranges that only come to the same still name ports, which other protocols lack.
 */
export interface TrafficClass {
  readonly protocol: IpProtocol | '*';
  readonly source: AddressSet;
  readonly sourcePorts: PortSet;
  readonly destination: AddressSet;
  readonly destinationPorts: PortSet;
  /** Service tags by which the addresses were named; a rule for this traffic names them so too. */
  readonly sourceTag?: string;
  readonly destinationTag?: string;
}

const WITH_PORTS = 0b00011;
const WITHOUT_PORTS = 0b11100;
const NO_PORT: PortSet = [{ from: 0, to: 0 }];

export function protocolBits(protocol: IpProtocol | '*'): number {
  return protocol === '*' ? WITH_PORTS | WITHOUT_PORTS : 1 << PROTOCOLS.indexOf(protocol);
}

export function protocolsOf(box: Box): readonly IpProtocol[] {
  return PROTOCOLS.filter((_, at) => (box.protocols & (1 << at)) !== 0);
}

/** Reports whether the packets of a box have ports. */
export function hasPorts(box: Box): boolean {
  return (box.protocols & WITH_PORTS) !== 0;
}

/**
 * Returns the packets of a class. One that names ports holds no packet without ports, unless its
 * protocol is one that never has any: then ports say nothing.
 */
export function trafficOf(asked: TrafficClass): Traffic {
  const bits = protocolBits(asked.protocol);
  const allPorts = asked.sourcePorts === everyPort && asked.destinationPorts === everyPort;
  const boxes: Box[] = [
    {
      protocols: bits & WITH_PORTS,
      source: asked.source,
      sourcePorts: asked.sourcePorts,
      destination: asked.destination,
      destinationPorts: asked.destinationPorts,
    },
  ];
  if (allPorts || (bits & WITH_PORTS) === 0) {
    boxes.push({
      protocols: bits & WITHOUT_PORTS,
      source: asked.source,
      sourcePorts: NO_PORT,
      destination: asked.destination,
      destinationPorts: NO_PORT,
    });
  }
  return boxes.filter((box) => !isEmpty(box));
}

/** All packets that there are. */
export const everyPacket: Traffic = trafficOf({
  protocol: '*',
  source: everyAddress,
  sourcePorts: everyPort,
  destination: everyAddress,
  destinationPorts: everyPort,
});

function isEmpty(box: Box): boolean {
  return (
    box.protocols === 0 ||
    setIsEmpty(box.source) ||
    setIsEmpty(box.destination) ||
    box.sourcePorts.length === 0 ||
    box.destinationPorts.length === 0
  );
}

export function boxContains(box: Box, packet: Packet): boolean {
  return (
    (box.protocols & protocolBits(packet.protocol)) !== 0 &&
    setContains(box.source, packet.source) &&
    setContains(box.destination, packet.destination) &&
    portsContain(box.sourcePorts, packet.sourcePort ?? 0) &&
    portsContain(box.destinationPorts, packet.destinationPort ?? 0)
  );
}

/** Returns what both hold; null for nothing. */
export function intersectBoxes(a: Box, b: Box): Box | null {
  const protocols = a.protocols & b.protocols;
  if (protocols === 0) return null;
  const destinationPorts = portsIntersect(a.destinationPorts, b.destinationPorts);
  if (destinationPorts.length === 0) return null;
  const sourcePorts = portsIntersect(a.sourcePorts, b.sourcePorts);
  if (sourcePorts.length === 0) return null;
  const source = intersectSets(a.source, b.source);
  if (setIsEmpty(source)) return null;
  const destination = intersectSets(a.destination, b.destination);
  if (setIsEmpty(destination)) return null;
  return { protocols, source, sourcePorts, destination, destinationPorts };
}

function intersectSets(a: AddressSet, b: AddressSet): AddressSet {
  if (a === everyAddress || a === b) return b;
  return b === everyAddress ? a : setIntersect(a, b);
}

/** Returns what `a` holds and `b` does not, in at most five boxes. */
export function subtractBox(a: Box, b: Box): Traffic {
  const common = intersectBoxes(a, b);
  if (common === null) return [a];
  return [
    { ...a, protocols: a.protocols & ~b.protocols },
    { ...a, protocols: common.protocols, destination: setSubtract(a.destination, b.destination) },
    {
      ...a,
      protocols: common.protocols,
      destination: common.destination,
      destinationPorts: portsSubtract(a.destinationPorts, b.destinationPorts),
    },
    { ...common, source: setSubtract(a.source, b.source), sourcePorts: a.sourcePorts },
    { ...common, sourcePorts: portsSubtract(a.sourcePorts, b.sourcePorts) },
  ].filter((box) => !isEmpty(box));
}

export function subtractTraffic(a: Traffic, b: Traffic): Traffic {
  return b.reduce<Traffic>((left, box) => left.flatMap((each) => subtractBox(each, box)), a);
}

export function intersectTraffic(a: Traffic, b: Traffic): Traffic {
  return a.flatMap((one) => b.flatMap((other) => intersectBoxes(one, other) ?? []));
}

/** Returns how many packets there are, counting each pair of addresses and ports of each protocol once. */
export function trafficSize(traffic: Traffic): number {
  return traffic.reduce(
    (sum, box) =>
      sum +
      protocolsOf(box).length *
        setSize(box.source) *
        portCount(box.sourcePorts) *
        setSize(box.destination) *
        portCount(box.destinationPorts),
    0,
  );
}

/** More boxes than anybody reads are left as they are. */
const MOST_MERGED = 400;

/** Returns the same packets in fewer boxes where two differ in one of the five only. */
export function mergeBoxes(traffic: Traffic): Traffic {
  if (traffic.length > MOST_MERGED) return traffic;
  const merged: Box[] = [];
  for (let next of traffic) {
    for (let at = 0; at < merged.length; at++) {
      const other = merged[at];
      const both = other === undefined ? null : merge(other, next);
      if (both === null) continue;
      next = both;
      merged.splice(at, 1);
      at = -1;
    }
    merged.push(next);
  }
  return merged;
}

function merge(a: Box, b: Box): Box | null {
  if (hasPorts(a) !== hasPorts(b)) return null;
  const differs = {
    protocols: a.protocols !== b.protocols,
    source: !sameSet(a.source, b.source),
    sourcePorts: !samePorts(a.sourcePorts, b.sourcePorts),
    destination: !sameSet(a.destination, b.destination),
    destinationPorts: !samePorts(a.destinationPorts, b.destinationPorts),
  };
  if (Object.values(differs).filter(Boolean).length > 1) return null;
  return {
    protocols: a.protocols | b.protocols,
    source: differs.source ? setUnion(a.source, b.source) : a.source,
    sourcePorts: portSet([...a.sourcePorts, ...b.sourcePorts]),
    destination: differs.destination ? setUnion(a.destination, b.destination) : a.destination,
    destinationPorts: portSet([...a.destinationPorts, ...b.destinationPorts]),
  };
}

function sameSet(a: AddressSet, b: AddressSet): boolean {
  return a === b || (setIsEmpty(setSubtract(a, b)) && setIsEmpty(setSubtract(b, a)));
}

/** Returns one packet of a box: the first of each of its sets. */
export function onePacketOf(box: Box): Packet {
  const [protocol = 'Tcp'] = protocolsOf(box);
  const source = setToPrefixes(box.source)[0];
  const destination = setToPrefixes(box.destination)[0];
  const sourcePort = box.sourcePorts[0];
  const destinationPort = box.destinationPorts[0];
  if (
    source === undefined ||
    destination === undefined ||
    sourcePort === undefined ||
    destinationPort === undefined
  )
    throw new Error('an empty box holds no packet');
  const withPorts = hasPorts(box);
  return {
    protocol,
    source: source.address,
    sourcePort: withPorts ? sourcePort.from : null,
    destination: destination.address,
    destinationPort: withPorts ? destinationPort.from : null,
  };
}
