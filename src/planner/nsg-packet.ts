/** The packets that somebody asks about: `203.0.113.9:50000`, `10.0.1.0/24:1-1024`, `Internet`, `any`. */
import { canonicalServiceTag } from '../model/azure/service-tags.ts';
import { everyAddress, setCovers, setIsEmpty, setOf, setOfAddresses } from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import { formatIpError, parseAddress } from '../model/ip/address.ts';
import { parsePrefix } from '../model/ip/prefix.ts';
import { everyPort, parsePortRange } from '../model/nsg/port-set.ts';
import type { PortSet } from '../model/nsg/port-set.ts';
import { PLATFORM_ADDRESSES } from '../model/nsg/rule-traffic.ts';
import type { AddressNames } from '../model/nsg/rule-traffic.ts';
import type { InputReader } from './input.ts';

/** One end of the packets. */
export interface PacketEnd {
  /** As it was written. */
  readonly text: string;
  readonly addresses: AddressSet;
  /** One address, and not a set of them. */
  readonly isOne: boolean;
  /** The service tag that they were named by, or null. */
  readonly tag: string | null;
  /** Null where none were named. */
  readonly ports: PortSet | null;
}

/** Reads one end; null with an issue where it cannot be read. */
export function readPacketEnd(
  reader: InputReader,
  flag: 'from' | 'to',
  names: AddressNames,
): PacketEnd | null {
  const text = reader.single(flag);
  if (text === null) {
    const example = flag === 'from' ? '203.0.113.9:50000' : '10.0.1.4:80';
    return reader.refuse(flag, null, 'is missing.', `--${flag} ${example}`);
  }
  const colon = text.lastIndexOf(':');
  const [where, portText] = colon < 0 ? [text, null] : [text.slice(0, colon), text.slice(colon + 1)];
  const ports = portText === null ? null : readPorts(portText);
  if (portText !== null && ports === null) {
    const instead = `${where}:80, ${where}:1-1024 or ${where} alone for every port.`;
    return reader.refuse(flag, text, `"${portText}" is no port and no range from 0 to 65535.`, instead);
  }
  const found = readAddresses(reader, flag, where, names);
  return found === null ? null : { text, ...found, ports };
}

/** Ports as rules write them, several joined by `+`. */
export function readPorts(text: string): PortSet | null {
  if (text === '*' || text.toLowerCase() === 'any' || text === '0-65535') return everyPort;
  const ranges = text.split('+').map(parsePortRange);
  const read = ranges.filter((each) => each !== null);
  return read.length < ranges.length ? null : read;
}

function readAddresses(
  reader: InputReader,
  flag: 'from' | 'to',
  text: string,
  names: AddressNames,
): Pick<PacketEnd, 'addresses' | 'isOne' | 'tag'> | null {
  if (text === '*' || text.toLowerCase() === 'any')
    return { addresses: everyAddress, isOne: false, tag: null };
  const single = parseAddress(text);
  if (single.ok) return { addresses: setOfAddresses([single.value]), isOne: true, tag: null };
  const range = parsePrefix(text);
  if (range.ok) return { addresses: setOf(range.value), isOne: range.value.length === 32, tag: null };
  const group = /^asg\/(.+)$/i.exec(text)?.[1];
  const tag = canonicalServiceTag(text);
  if (group === undefined && tag === null) {
    if (/^[a-z]/i.test(text)) {
      return reader.refuse(
        flag,
        text,
        `"${text}" is neither an address nor a prefix nor a service tag.`,
        '10.0.1.4:80, 10.0.0.0/16, Internet or any.',
      );
    }
    const { suggestion, ...plain } = text.includes('/') ? range.error : { ...single.error };
    return reader.refuse(flag, text, `${formatIpError(plain)}.`, suggestion ?? null);
  }
  const known =
    group === undefined ? names.tag(tag ?? text, 'custom') : names.applicationSecurityGroup(group);
  // Of a VNet that nobody described, only the host's own address is known.
  const isAnyVnet = tag === 'VirtualNetwork' && setCovers(PLATFORM_ADDRESSES, known.certain);
  if (isAnyVnet)
    return reader.refuse(flag, text, `which VNet ${text} means is not known.`, '--vnet 10.0.0.0/16');
  if (setIsEmpty(known.certain)) {
    const given = group === undefined ? `--tag ${tag ?? text}=20.60.0.0/16` : `--asg ${group}=10.0.1.4`;
    return reader.refuse(flag, text, `what ${text} holds is not known.`, given);
  }
  return { addresses: known.certain, isOne: false, tag: group === undefined ? tag : null };
}
