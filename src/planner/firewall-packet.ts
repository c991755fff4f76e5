/** The connections that somebody asks about: `mcr.microsoft.com:443`, `https://example.com/`, `ntp.ubuntu.com:123/udp`. */
import { PUBLIC } from '../model/azure/datacenter-addresses.ts';
import type { FirewallRequest } from '../model/firewall/evaluate.ts';
import { formatIpError, parseAddress } from '../model/ip/address.ts';
import type { Address } from '../model/ip/address.ts';
import { setContains } from '../model/ip/address-set.ts';
import type { AddressSet } from '../model/ip/address-set.ts';
import type { FirewallQuestion } from './firewall-evaluator.ts';
import type { InputReader } from './input.ts';

export const PACKET_PROTOCOLS = ['https', 'http', 'mssql', 'tcp', 'udp', 'icmp'] as const;
export type PacketProtocol = (typeof PACKET_PROTOCOLS)[number];

export interface PacketInput {
  readonly from: Address;
  /** What `--protocol` says; null: each destination's port says it. */
  readonly protocol: PacketProtocol | null;
  /** What `--host` says. */
  readonly host: string | null;
  /** Registered addresses that are private here. */
  readonly inside: AddressSet;
}

export interface ReadQuestion {
  readonly question: FirewallQuestion;
  readonly assumptions: readonly string[];
}

const USUAL_PORTS: Readonly<Record<PacketProtocol, number | null>> = {
  https: 443,
  http: 80,
  mssql: 1433,
  tcp: null,
  udp: null,
  icmp: null,
};

const NAMED_PORTS: ReadonlyMap<number, PacketProtocol> = new Map([
  [443, 'https'],
  [80, 'http'],
  [1433, 'mssql'],
]);
/** Services that nobody reaches by TCP: NTP, and the tunnel of AKS. DNS asks by UDP first. */
const UDP_PORTS: ReadonlySet<number> = new Set([53, 123, 1194]);

/** A host name of RFC 1123, with at least one letter. */
const NAME = /^(?=.*[a-z])[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

/** Reads one destination; null with an issue where it cannot be read. */
export function readQuestion(reader: InputReader, text: string, input: PacketInput): ReadQuestion | null {
  const cut = cutDestination(text);
  if (typeof cut === 'string') return reader.refuse('to', text, cut, 'mcr.microsoft.com:443 or 10.2.0.4:22.');
  const said = cut.protocol ?? input.protocol;
  const [name, addressText] = cut.host.includes('@')
    ? [cut.host.slice(0, cut.host.indexOf('@')), cut.host.slice(cut.host.indexOf('@') + 1)]
    : NAME.test(cut.host)
      ? [cut.host, null]
      : [null, cut.host];
  const wrongName = name ?? (/[a-z]/i.test(addressText) ? addressText : null);
  if (wrongName !== null && !NAME.test(wrongName)) {
    return reader.refuse('to', text, `"${wrongName}" is no host name.`, 'mcr.microsoft.com:443');
  }
  const address = addressText === null ? null : parseAddress(addressText);
  if (address?.ok === false) {
    const { suggestion: _, ...plain } = address.error;
    return reader.refuse('to', text, `${formatIpError(plain)}.`, 'an address or a host name, then :PORT.');
  }
  const port = cut.port ?? (said === null ? null : USUAL_PORTS[said]);
  const protocol = said ?? protocolOf(port, name);
  if (protocol === 'icmp' && cut.port !== null) {
    return reader.refuse('to', text, 'ICMP has no ports, and one is named.', cut.host);
  }
  if (protocol !== 'icmp' && port === null) {
    return reader.refuse('to', text, `"${text}" has no port.`, `${cut.host}:443`);
  }
  const smallName = name?.toLowerCase().replace(/\.$/, '') ?? null;
  return {
    question: {
      text,
      name: smallName,
      packet: {
        side: isOutside(input) ? 'internet' : 'inside',
        protocol: protocol === 'udp' ? 'UDP' : protocol === 'icmp' ? 'ICMP' : 'TCP',
        source: input.from,
        destination: address?.ok === true ? address.value : { within: PUBLIC },
        names: smallName === null ? 'unknown' : [smallName],
        port: protocol === 'icmp' ? null : port,
        request: requestOf(protocol, input.host ?? smallName, addressText),
      },
    },
    assumptions: [
      ...(address === null && !isOutside(input)
        ? [`${cut.host} has a public address; ${cut.host}@ADDRESS says which.`]
        : []),
      ...(said === null ? [protocolAssumption(text, protocol)] : []),
    ].filter((each) => each !== ''),
  };
}

function isOutside({ from, inside }: PacketInput): boolean {
  return setContains(PUBLIC, from) && !setContains(inside, from);
}

interface Cut {
  readonly host: string;
  readonly port: number | null;
  readonly protocol: PacketProtocol | null;
}

/** Returns the parts of a destination, or what is wrong with it. */
function cutDestination(text: string): Cut | string {
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text);
  const slash = /^(.*)\/([a-z]+)$/i.exec(text);
  const scheme = (url?.[1] ?? slash?.[2])?.toLowerCase();
  const protocol = scheme === undefined ? null : (PACKET_PROTOCOLS.find((each) => each === scheme) ?? null);
  if (scheme !== undefined && protocol === null)
    return `"${scheme}" is none of ${PACKET_PROTOCOLS.join(', ')}.`;
  const rest = url?.[2] ?? slash?.[1] ?? text;
  if (/^\[?[0-9a-f]*:[0-9a-f:]*:/i.test(rest)) return 'IPv6 is not filtered by Azure Firewall.';
  if (/\/\d+(:\d*)?$/.test(rest)) return `"${rest}" is a prefix, and one destination is asked about.`;
  const colon = rest.lastIndexOf(':');
  if (colon < 0) return { host: rest, port: null, protocol };
  const digits = rest.slice(colon + 1);
  const port = Number(digits);
  if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535)
    return `"${digits}" is no port from 1 to 65535.`;
  return { host: rest.slice(0, colon), port, protocol };
}

/** Without a name, nobody knows what a connection will say. */
function protocolOf(port: number | null, name: string | null): PacketProtocol {
  if (port !== null && UDP_PORTS.has(port)) return 'udp';
  return (name === null ? undefined : NAMED_PORTS.get(port ?? 0)) ?? 'tcp';
}

function protocolAssumption(text: string, protocol: PacketProtocol): string {
  return protocol === 'udp' ? `${text} is asked for by UDP; --protocol says otherwise.` : '';
}

/** TLS names no server by its address (RFC 6066, section 3); HTTP says in the Host header what was typed. */
function requestOf(
  protocol: PacketProtocol,
  host: string | null,
  addressText: string | null,
): FirewallRequest | null {
  switch (protocol) {
    case 'https':
    case 'mssql':
      return { protocol, host };
    case 'http':
      return { protocol, host: host ?? addressText };
    case 'tcp':
    case 'udp':
    case 'icmp':
      return null;
  }
}
