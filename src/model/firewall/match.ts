/** Whether one entry matches one connection, part by part. */
import { formatAddress } from '../ip/address.ts';
import { setContains, setCovers, setIntersect, setIsEmpty, setUnion } from '../ip/address-set.ts';
import { portsAreAll, portsContain, portTexts } from '../nsg/port-set.ts';
import type { PortSet } from '../nsg/port-set.ts';
import type { FirewallPacket } from './evaluate.ts';
import { matchesPattern } from './pattern.ts';
import type { AddressSide, ApplicationEntry, FirewallEntry, NatEntry, NetworkEntry } from './rules.ts';

/** A part of an entry that the connection does not have. */
export interface Mismatch {
  readonly part: 'protocol' | 'source' | 'destination' | 'port' | 'name' | 'dns';
  /** What the entry asks for. */
  readonly rule: string;
  /** What the connection has. */
  readonly packet: string;
}

export type Match =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no'; readonly why: readonly Mismatch[] }
  | { readonly kind: 'maybe'; readonly doubts: readonly string[] };

/** What a mismatch says of TLS without a server name. */
export const NO_SERVER_NAME = 'no server name (SNI)';

type Answer = { readonly kind: 'yes' } | { readonly kind: 'no'; readonly why: Mismatch } | Maybe;
type Maybe = Extract<Match, { readonly kind: 'maybe' }>;

const YES = { kind: 'yes' } as const;

/** Returns whether an entry matches: not if one part does not, and perhaps if one part perhaps does. */
export function matchEntry(entry: FirewallEntry, packet: FirewallPacket, dnsProxy: 'on' | 'off'): Match {
  const answers =
    entry.kind === 'application' ? askApplication(entry, packet) : askTransport(entry, packet, dnsProxy);
  const why = answers.flatMap((each) => (each.kind === 'no' ? [each.why] : []));
  if (why.length > 0) return { kind: 'no', why };
  const doubts = answers.flatMap((each) => (each.kind === 'maybe' ? each.doubts : []));
  return doubts.length > 0 ? { kind: 'maybe', doubts } : YES;
}

function askTransport(
  entry: NatEntry | NetworkEntry,
  packet: FirewallPacket,
  dnsProxy: 'on' | 'off',
): readonly Answer[] {
  return [
    entry.protocols.includes(packet.protocol)
      ? YES
      : no('protocol', entry.protocols.join(', '), packet.protocol),
    askSource(entry.source, packet),
    entry.kind === 'network' && entry.fqdns.length > 0
      ? either(askDestination(entry.destination, packet), askFqdns(entry, packet, dnsProxy))
      : askDestination(entry.destination, packet),
    askPort(entry.ports, packet),
  ];
}

function no(part: Mismatch['part'], rule: string, packet: string): Answer {
  return { kind: 'no', why: { part, rule, packet } };
}

function maybe(...doubts: readonly string[]): Answer {
  return { kind: 'maybe', doubts };
}

/** The better of two ways to match; of two refusals the second, which is about names. */
function either(one: Answer, other: Answer): Answer {
  if (one.kind === 'yes' || other.kind === 'no') return one.kind === 'no' ? other : one;
  return other.kind === 'yes' || one.kind === 'no'
    ? other
    : { kind: 'maybe', doubts: [...one.doubts, ...other.doubts] };
}

function askSource(side: AddressSide, { source }: FirewallPacket): Answer {
  if (setContains(side.addresses, source)) return YES;
  return setContains(side.maybe, source)
    ? maybe(...side.doubts)
    : no('source', side.texts.join(', '), formatAddress(source));
}

function askDestination(side: AddressSide, packet: FirewallPacket): Answer {
  const { destination } = packet;
  const mismatch = no('destination', side.texts.join(', '), destinationText(packet));
  if (!('within' in destination)) {
    if (setContains(side.addresses, destination)) return YES;
    return setContains(side.maybe, destination) ? maybe(...side.doubts) : mismatch;
  }
  const { within } = destination;
  if (setCovers(side.addresses, within)) return YES;
  if (setIsEmpty(setIntersect(setUnion(side.addresses, side.maybe), within))) return mismatch;
  return setIsEmpty(setIntersect(side.addresses, within))
    ? maybe(...side.doubts)
    : maybe(
        `whether ${destinationText(packet)} resolves to an address in ${side.texts.join(', ')} is not known`,
      );
}

/** What a reader calls the destination: its address, else its name. */
export function destinationText({ destination, names }: FirewallPacket): string {
  if (!('within' in destination)) return formatAddress(destination);
  return names === 'unknown' ? 'the destination' : (names[0] ?? 'the destination');
}

function askFqdns({ fqdns }: NetworkEntry, packet: FirewallPacket, dnsProxy: 'on' | 'off'): Answer {
  const { names } = packet;
  const wanted = fqdns.join(', ');
  if (dnsProxy === 'off')
    return no('dns', wanted, 'the DNS proxy is off, so FQDNs in network rules match nothing');
  if (names === 'unknown') {
    return maybe(`whether ${wanted} resolves to ${destinationText(packet)} is not known`);
  }
  return names.some((each) => fqdns.includes(each))
    ? YES
    : no('destination', wanted, names.length === 0 ? destinationText(packet) : names.join(', '));
}

function askPort(ports: PortSet, { port, protocol }: FirewallPacket): Answer {
  if (portsAreAll(ports)) return YES;
  const texts = portTexts(ports).join(', ');
  if (port === null) {
    return maybe(`whether ports (${texts}) of a rule for ${protocol} count is documented nowhere`);
  }
  return portsContain(ports, port) ? YES : no('port', texts, String(port));
}

/** Application rules are about what a connection says; one that nobody has heard may be for any of their names. */
function askApplication(entry: ApplicationEntry, packet: FirewallPacket): readonly Answer[] {
  const { port, request } = packet;
  const wanted = entry.protocols.map((each) => `${each.protocolType}:${each.port}`).join(', ');
  const onPort = entry.protocols.filter((each) => each.port === port);
  const source = askSource(entry.source, packet);
  if (request === null) {
    if (onPort.length === 0) return [source, no('port', wanted, String(port))];
    const names = entry.names.texts.join(', ');
    return [
      source,
      entry.names.patterns.length === 0 && entry.names.maybe.length === 0
        ? no('name', names, 'none that is known')
        : maybe(
            `it is not known which name the connection asks for on port ${port}, and this rule is for ${names}`,
          ),
    ];
  }
  const speaks = onPort.some((each) => each.protocolType.toLowerCase() === request.protocol);
  return [
    source,
    speaks ? YES : no(onPort.length === 0 ? 'port' : 'protocol', wanted, `${request.protocol}:${port}`),
    askName(entry, request.host),
  ];
}

function askName({ names }: ApplicationEntry, host: string | null): Answer {
  const wanted = names.texts.join(', ');
  if (host === null) return no('name', wanted, NO_SERVER_NAME);
  if (names.patterns.some((pattern) => matchesPattern(pattern, host))) return YES;
  const doubts = names.maybe.flatMap(({ pattern, doubt }) => (matchesPattern(pattern, host) ? [doubt] : []));
  return doubts.length > 0 ? maybe(...new Set(doubts)) : no('name', wanted, host);
}
