import { setContains } from '../ip/address-set.ts';
import { isLocal } from '../network/host-index.ts';
import type { HostIndex } from '../network/host-index.ts';
import type { ConnectionState, InterfaceName, PacketMatch, PortRange } from '../network/network.ts';
import type { Header } from './trace.ts';

/** Where in a host a packet is: null where no such interface exists or is known yet. */
export interface Whereabouts {
  readonly incoming: InterfaceName | null;
  readonly outgoing: InterfaceName | null;
  /** How the host's sessions know the packet; see `Visit`. */
  readonly memory: 'none' | 'new' | 'untracked' | 'original' | 'reply';
  /** What a rule of the host put on the packet; absent for none. */
  readonly word?: string;
}

/** Why a match is for other ports than the packet's. */
const OTHER_PORTS = 'it is for other destination ports';
const SAID = 'it is for connections that say what they ask for';
const UNSAID = 'it is for connections of which nobody knows what they say';

/** Of why two alternatives of one rule lost, returns the one that tells more. */
export function tellsMore(one: string, other: string): string {
  return one === UNSAID ||
    (one === SAID && other !== UNSAID) ||
    (one === OTHER_PORTS && other !== UNSAID && other !== SAID)
    ? other
    : one;
}

const CONNECTION: Readonly<Record<Whereabouts['memory'], ConnectionState>> = {
  none: 'new',
  new: 'new',
  untracked: 'invalid',
  original: 'established',
  reply: 'established',
};

/** Returns null if the packet matches, else which of its properties does not, as a clause. */
export function findMismatch(
  match: PacketMatch,
  header: Header,
  at: Whereabouts,
  index: HostIndex,
): string | null {
  if (match.inInterface !== undefined && match.inInterface !== at.incoming) {
    return 'it is for another incoming interface';
  }
  if (match.outInterface !== undefined && match.outInterface !== at.outgoing) {
    return 'it is for another outgoing interface';
  }
  if (match.protocols !== undefined && !match.protocols.includes(header.protocol)) {
    return 'it is for another protocol';
  }
  if (match.destination !== undefined && !setContains(match.destination, header.destination.address)) {
    return 'it is for other destinations';
  }
  if (match.source !== undefined && !setContains(match.source, header.source.address)) {
    return 'it is for other sources';
  }
  if (match.destinationPorts !== undefined && !hasPort(match.destinationPorts, header.destination.port)) {
    return OTHER_PORTS;
  }
  if (match.sourcePorts !== undefined && !hasPort(match.sourcePorts, header.source.port)) {
    return 'it is for other source ports';
  }
  if (match.connection !== undefined && !match.connection.includes(CONNECTION[at.memory])) {
    return otherState(match.connection, CONNECTION[at.memory]);
  }
  if (match.destinationIsLocal !== undefined) {
    const local = isLocal(index, header.destination.address) ? 'yes' : 'no';
    if (local !== match.destinationIsLocal) {
      return local === 'yes'
        ? 'it is for destinations other than the host itself'
        : 'it is for packets to the host itself';
    }
  }
  if (match.sourceIsLocal !== undefined) {
    const local = isLocal(index, header.source.address) ? 'yes' : 'no';
    if (local !== match.sourceIsLocal) {
      return local === 'yes'
        ? 'it is for packets of others, and this one is of the host itself'
        : 'it is for packets of the host itself';
    }
  }
  if (match.request !== undefined) {
    const { request } = header;
    if (match.request === 'unsaid') {
      return request === undefined ? null : UNSAID;
    }
    if (request === undefined) return SAID;
    if (!match.request.protocols.includes(request.protocol))
      return `it is for ${match.request.protocols.join(' and ')}`;
    if (!match.request.hosts.some((each) => matchesName(each, request.host))) {
      return 'it is for other names';
    }
  }
  if (match.mark !== undefined && match.mark !== (at.word ?? '')) return 'it is for what another rule let in';
  return null;
}

/** Reports whether a name fits a pattern in which `*` stands for any characters. */
function matchesName(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  const tail = rest.pop() ?? '';
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - tail.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Every packet that crosses a firewall asks this several times, and the answers are few. */
const otherStates = new WeakMap<readonly ConnectionState[], Map<ConnectionState, string>>();

function otherState(wanted: readonly ConnectionState[], actual: ConnectionState): string {
  let known = otherStates.get(wanted);
  if (known === undefined) {
    known = new Map();
    otherStates.set(wanted, known);
  }
  let text = known.get(actual);
  if (text === undefined) {
    text = `it is for ${wanted.join(' or ')} connections, and this one is ${actual}`;
    known.set(actual, text);
  }
  return text;
}

function hasPort(ranges: readonly PortRange[], port: number | null): boolean {
  return port !== null && ranges.some(({ from, to }) => port >= from && port <= to);
}
