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
import { sourcesLeftOver } from '../firewall/left-over.ts';
import type { Address } from '../ip/address.ts';
import { setIntersect, setIsEmpty, setOfAddresses, setUnion } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import type {
  CertainVerdict,
  FilterRule,
  FilterVerdict,
  PacketMatch,
  PortRange,
  Protocol,
  Request,
  TranslationRule,
} from '../network/network.ts';
import { INFRASTRUCTURE_NAMES } from '../limits/firewall.ts';
import { portsAreAll } from '../nsg/port-set.ts';
import { NO_NAME } from '../network/network.ts';

/** What let the packet through. */
export const MARK = {
  none: '',
  dnat: 'dnat',
  network: 'network',
  application: 'application',
  /** Which of the two is not known. */
  networkOrApplication: 'application or network',
} as const;

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
    const { certain, doubtful } = matchesOf(entry, []);
    return [
      ...certain.map((match) => rule(match, action)),
      ...doubtful.map(({ match, doubt }) =>
        rule(match, { kind: 'undetermined', reason: `whether ${by} matches is not known: ${doubt}` }),
      ),
    ];
  });
}

/** Returns the network rules, then the application rules, then what may be in the collection for Azure's own names. */
export function filterRules(
  rules: FirewallRules,
  firewall: string,
  resolve: ResolveName,
): readonly FilterRule[] {
  return [
    ...rules.network.flatMap((entry) => networkRules(entry, rules.dnsProxy, firewall, resolve)),
    ...(rules.application.length === 0 ? [] : [withoutName(firewall)]),
    ...rules.application.flatMap((entry, at) =>
      applicationRules(entry, rules.application.slice(0, at), firewall),
    ),
    {
      match: {
        protocols: ['tcp'],
        request: { protocols: ['http', 'https'], hosts: INFRASTRUCTURE_NAMES.value },
      },
      verdict: {
        kind: 'undetermined',
        reason: `whether the built-in rule collection for Azure's infrastructure holds this name is not published`,
      },
      by: `built-in rule collection of firewall ${firewall}`,
      told: 'when-it-decides',
    },
  ];
}

const DENY = { kind: 'drop', disposition: 'denied-outbound' } as const satisfies CertainVerdict;

function networkRules(
  entry: NetworkEntry,
  dnsProxy: FirewallRules['dnsProxy'],
  firewall: string,
  resolve: ResolveName,
): readonly FilterRule[] {
  const by = entryName(entry, firewall);
  const verdict: CertainVerdict = entry.action === 'Allow' ? { kind: 'accept', mark: MARK.network } : DENY;
  const named = dnsProxy === 'off' ? [] : entry.fqdns.flatMap(resolve);
  const { certain, doubtful } = matchesOf(entry, named);
  return [
    ...certain.map((match): FilterRule => ({ match, verdict, by })),
    ...doubtful.map(({ match, doubt }): FilterRule => ({
      match,
      verdict: {
        kind: 'undetermined',
        reason: `whether ${by} matches is not known: ${doubt}`,
        would: verdict,
      },
      by,
    })),
  ];
}

/** No application rule matches TLS without a server name. */
function withoutName(firewall: string): FilterRule {
  return {
    match: { protocols: ['tcp'], request: { protocols: ['https'], hosts: [NO_NAME] } },
    verdict: {
      ...DENY,
      why: 'no rule matched: the TLS handshake names no server (SNI), so no application rule can match',
    },
    by: `firewall ${firewall}`,
    told: 'when-it-decides',
  };
}

interface Matches {
  readonly certain: readonly PacketMatch[];
  readonly doubtful: readonly { readonly match: PacketMatch; readonly doubt: string }[];
}

/** The matches of a rule, for TCP and UDP, and for ICMP, which has no ports. */
function matchesOf(
  { source, destination, protocols, ports }: NatEntry | NetworkEntry,
  named: readonly Address[],
): Matches {
  const sure = setUnion(destination.addresses, setOfAddresses(named));
  const match = (only: readonly Protocol[], from: AddressSet, to: AddressSet): PacketMatch[] => {
    if (only.length === 0 || setIsEmpty(from) || setIsEmpty(to)) return [];
    const withPorts = portsAreAll(ports) || only.includes('icmp') ? {} : { destinationPorts: ports };
    return [{ protocols: only, source: from, destination: to, ...withPorts }];
  };
  const own = protocols.map((each) => TRANSPORTS[each]);
  const ported = portsAreAll(ports) ? own : own.filter((each) => each !== 'icmp');
  const ping = own.filter((each) => !ported.includes(each));
  const doubts = [...new Set([...source.doubts, ...destination.doubts])];
  const anyone = setUnion(source.addresses, source.maybe);
  const anywhere = setUnion(sure, destination.maybe);
  const doubtful = (only: readonly Protocol[], reasons: readonly string[]): Matches['doubtful'] =>
    reasons.length === 0
      ? []
      : match(only, anyone, anywhere).map((each) => ({ match: each, doubt: reasons.join('; ') }));
  return {
    certain: match(ported, source.addresses, sure),
    doubtful: [
      ...doubtful(ported, doubts),
      ...doubtful(ping, [...doubts, 'whether ports of a rule for ICMP count is documented nowhere']),
    ],
  };
}

const TRANSPORTS: Readonly<Record<TransportProtocol, Protocol>> = { TCP: 'tcp', UDP: 'udp', ICMP: 'icmp' };

/**
 * HTTP is told by its Host header, HTTPS by its SNI. Of a connection of which nobody says what it asks for,
 * nobody can say whether a rule that allows some names on its port lets it through.
 */
function applicationRules(
  entry: ApplicationEntry,
  before: readonly ApplicationEntry[],
  firewall: string,
): readonly FilterRule[] {
  const by = entryName(entry, firewall);
  const { names, protocols, action } = entry;
  const verdict: CertainVerdict = action === 'Allow' ? { kind: 'accept', mark: MARK.application } : DENY;
  const unknown = (reason: string): FilterVerdict => ({ kind: 'undetermined', reason, would: verdict });
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
  const ports = [...new Set(protocols.map(({ port }) => port))];
  const unsaid = ports.flatMap((port): FilterRule[] => {
    const source = setIntersect(entry.source.addresses, sourcesLeftOver(entry, port, before));
    if (setIsEmpty(source)) return [];
    return [
      {
        match: { ...tcpTo(entry, [port]), source, request: 'unsaid' },
        verdict: unknown(
          `${by} is for names on this port, and which name the connection asks for is not said; a URL says it`,
        ),
        by,
      },
    ];
  });
  return [
    ...named(names.patterns, verdict),
    ...named(
      names.maybe.map(({ pattern }) => pattern),
      unknown(`whether ${by} matches is not known: ${doubts}`),
    ),
    ...unsaid,
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
