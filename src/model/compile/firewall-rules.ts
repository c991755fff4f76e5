/**
 * The rules of an Azure Firewall as chains and translations: DNAT, then network, then application rules
 * (https://learn.microsoft.com/azure/firewall/rule-processing, 2023-08-30). What lets a packet through
 * puts a mark on it, since the translation of its source depends on the kind of rule.
 */
import type { FirewallApplicationProtocol } from '../azure/firewall-resources.ts';
import type {
  ApplicationEntry,
  FirewallEntry,
  FirewallRules,
  NatEntry,
  NetworkEntry,
  TransportProtocol,
} from '../firewall/rules.ts';
import type { Address } from '../ip/address.ts';
import { setIsEmpty, setOfAddresses, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type {
  FilterRule,
  FilterVerdict,
  PacketMatch,
  PortRange,
  Protocol,
  Request,
  TranslationRule,
} from '../network/network.ts';
import { portsAreAll } from '../nsg/port-set.ts';

/** What let the packet through. */
export const MARK = { none: '', dnat: 'dnat', network: 'network', application: 'application' } as const;

/** Returns what a reader calls a rule: `network rule dns of collection core (priority 200, Allow), group base (priority 100), policy hub`. */
export function entryName({ kind, origin }: FirewallEntry, firewall: string): string {
  const { policy, group, collection, rule } = origin;
  const what = kind === 'dnat' ? 'DNAT rule' : `${kind} rule`;
  const where = `collection ${collection.name} (priority ${collection.priority}, ${collection.action})`;
  const inGroup = group === null ? '' : `, group ${group.name} (priority ${group.priority})`;
  const owner = policy === null ? ` of firewall ${firewall}` : `, policy ${policy}`;
  return `${what} ${rule} of ${where}${inGroup}${owner}`;
}

/** What addresses a name has for the firewall; empty for one that does not resolve. */
export type ResolveName = (name: string) => readonly Address[];

/** Returns the DNAT rules: a match gives the packet its destination, and lets it through. */
export function natRules(
  { dnat }: FirewallRules,
  firewall: string,
  resolve: ResolveName,
): readonly TranslationRule[] {
  return dnat.flatMap((entry): TranslationRule[] => {
    const by = entryName(entry, firewall);
    const rule = (match: PacketMatch, action: TranslationRule['action']): TranslationRule => ({
      hook: 'prerouting',
      match,
      action,
      by,
    });
    const [resolved] = entry.translatedFqdn === null ? [] : resolve(entry.translatedFqdn);
    const address = entry.translatedAddress ?? resolved ?? null;
    const action: TranslationRule['action'] =
      address === null
        ? {
            kind: 'undetermined',
            reason: `${by} translates to ${entry.translatedFqdn ?? 'nothing'}, which does not resolve`,
          }
        : {
            kind: 'destination',
            backends: [{ address, port: entry.translatedPort, by: 'translated address' }],
            mark: MARK.dnat,
          };
    return [
      ...matches(entry, entry.destination.addresses).map((match) => rule(match, action)),
      ...doubtful(entry).map((match) => rule(match, { kind: 'undetermined', reason: doubtText(entry, by) })),
    ];
  });
}

/** Returns the network rules, then the application rules. */
export function filterRules(
  rules: FirewallRules,
  firewall: string,
  resolve: ResolveName,
): readonly FilterRule[] {
  return [
    ...rules.network.flatMap((entry) => networkRules(entry, rules.dnsProxy, firewall, resolve)),
    ...rules.application.flatMap((entry) => applicationRules(entry, firewall)),
  ];
}

const DENY: FilterVerdict = { kind: 'drop', disposition: 'denied-outbound' };

function networkRules(
  entry: NetworkEntry,
  dnsProxy: FirewallRules['dnsProxy'],
  firewall: string,
  resolve: ResolveName,
): readonly FilterRule[] {
  const by = entryName(entry, firewall);
  const verdict: FilterVerdict = entry.action === 'Allow' ? { kind: 'accept', mark: MARK.network } : DENY;
  const named = dnsProxy === 'off' ? [] : entry.fqdns.flatMap(resolve);
  const destination =
    named.length === 0
      ? entry.destination.addresses
      : setUnion(entry.destination.addresses, setOfAddresses(named));
  return [
    ...matches(entry, destination).map((match): FilterRule => ({ match, verdict, by })),
    ...doubtful(entry).map((match): FilterRule => ({
      match,
      verdict: { kind: 'undetermined', reason: doubtText(entry, by) },
      by,
    })),
  ];
}

/** One match for TCP and UDP, and one for ICMP, which has no ports. */
function matches(
  { source, protocols, ports }: NatEntry | NetworkEntry,
  destination: AddressSet,
): readonly PacketMatch[] {
  return matchesFor(protocols, ports, source.addresses, destination);
}

function matchesFor(
  protocols: readonly TransportProtocol[],
  ports: readonly PortRange[],
  source: AddressSet,
  destination: AddressSet,
): readonly PacketMatch[] {
  if (setIsEmpty(source) || setIsEmpty(destination)) return [];
  const own = protocols.map((each): Protocol => (each === 'TCP' ? 'tcp' : each === 'UDP' ? 'udp' : 'icmp'));
  if (portsAreAll(ports)) return [{ protocols: own, source, destination }];
  const withPorts = own.filter((each) => each !== 'icmp');
  return [
    ...(withPorts.length === 0
      ? []
      : [{ protocols: withPorts, source, destination, destinationPorts: ports }]),
    ...(own.includes('icmp') ? [{ protocols: ['icmp' as const], source, destination }] : []),
  ];
}

/** What a rule may match besides, for a reason that nobody knows here. */
function doubtful({
  source,
  destination,
  protocols,
  ports,
}: NatEntry | NetworkEntry): readonly PacketMatch[] {
  if (source.doubts.length === 0 && destination.doubts.length === 0) return [];
  return matchesFor(
    protocols,
    ports,
    setUnion(source.addresses, source.maybe),
    setUnion(destination.addresses, destination.maybe),
  );
}

function doubtText(entry: NatEntry | NetworkEntry, by: string): string {
  const doubts = [...new Set([...entry.source.doubts, ...entry.destination.doubts])];
  return `whether ${by} matches is not known: ${doubts.join('; ')}`;
}

/**
 * HTTP is told by its Host header, HTTPS by its SNI. Of a connection of which nobody says what it asks for,
 * nobody can say whether a rule that allows some names on its port lets it through.
 */
function applicationRules(entry: ApplicationEntry, firewall: string): readonly FilterRule[] {
  const by = entryName(entry, firewall);
  const { names, protocols, action } = entry;
  const verdict: FilterVerdict = action === 'Allow' ? { kind: 'accept', mark: MARK.application } : DENY;
  const unknown = (reason: string): FilterVerdict => ({ kind: 'undetermined', reason });
  const doubts = [...new Set(names.maybe.map(({ doubt }) => doubt))].join('; ');
  const named = (hosts: readonly string[], what: FilterVerdict): readonly FilterRule[] =>
    hosts.length === 0
      ? []
      : protocols.flatMap(({ protocolType, port }): FilterRule[] => {
          const protocol = REQUESTS[protocolType];
          if (protocol === null) return [];
          const request = { protocols: [protocol], hosts };
          return [{ match: { ...tcpTo(entry, [port]), request }, verdict: what, by }];
        });
  const unsaid = action === 'Allow' && names.patterns.length + names.maybe.length > 0;
  return [
    ...named(names.patterns, verdict),
    ...named(
      names.maybe.map(({ pattern }) => pattern),
      unknown(`whether ${by} matches is not known: ${doubts}`),
    ),
    ...(unsaid
      ? [
          {
            match: {
              ...tcpTo(
                entry,
                protocols.map(({ port }) => port),
              ),
              request: 'unsaid' as const,
            },
            verdict: unknown(
              `${by} allows names on this port, and what name the connection asks for is not said; a URL says it`,
            ),
            by,
          },
        ]
      : []),
  ];
}

/** What says the name of a connection; null for what is not simulated. */
const REQUESTS: Readonly<Record<FirewallApplicationProtocol['protocolType'], Request['protocol'] | null>> = {
  Http: 'http',
  Https: 'https',
  Mssql: null,
};

function tcpTo({ source }: ApplicationEntry, ports: readonly number[]): PacketMatch {
  const destinationPorts = ports.map((port): PortRange => ({ from: port, to: port }));
  return { protocols: ['tcp'], source: source.addresses, destinationPorts };
}
