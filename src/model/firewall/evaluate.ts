/**
 * Which rule of a firewall decides about one connection
 * (https://learn.microsoft.com/azure/firewall/rule-processing, 2026-03-23).
 *
 * What is not asked: threat intelligence and IDPS, whose lists nobody publishes, and TLS inspection.
 * A DNAT rule that matches lets the connection through by itself. Until 2023 the page said that a network rule
 * with Deny overrides that; decided for the newer page, by which network rules are not asked any more.
 */
import { PUBLIC } from '../azure/datacenter-addresses.ts';
import type { Address } from '../ip/address.ts';
import { setContains, setCovers, setIntersect, setIsEmpty } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { INFRASTRUCTURE_NAMES } from '../limits/firewall.ts';
import { matchEntry } from './match.ts';
import type { Match, Mismatch } from './match.ts';
import { sourcesLeftOver } from './left-over.ts';
import { matchesPattern } from './pattern.ts';
import type { FirewallEntry, FirewallRules, NatEntry, TransportProtocol } from './rules.ts';

/** What the first bytes of a TCP connection say it is for. */
export interface FirewallRequest {
  readonly protocol: 'http' | 'https' | 'mssql';
  /** Host header or server name (SNI), in small letters; null for TLS that says none. */
  readonly host: string | null;
}

/** The first packet of a connection, and what is known of what it will say. */
export interface FirewallPacket {
  /** From the VNets and what is behind their peerings and gateways, or from the internet. */
  readonly side: 'inside' | 'internet';
  readonly protocol: TransportProtocol;
  readonly source: Address;
  /** Of a name that was not resolved: the addresses among which it is. */
  readonly destination: Address | { readonly within: AddressSet };
  /** Names that resolve to the destination, in small letters, for FQDNs in network rules. */
  readonly names: readonly string[] | 'unknown';
  /** Null for ICMP. */
  readonly port: number | null;
  /** Null where nobody knows what the connection will say. Only TCP has one. */
  readonly request: FirewallRequest | null;
}

export type FirewallStage = 'dnat' | 'network' | 'application' | 'infrastructure' | 'default';

/** An entry that was asked and does not match. */
export interface LostEntry {
  readonly entry: FirewallEntry;
  /** Every part that does not match. */
  readonly why: readonly Mismatch[];
}

/** An entry that may match: whether it does depends on what is not known. */
export interface DoubtfulEntry {
  readonly entry: FirewallEntry;
  readonly doubts: readonly string[];
}

/**
 * The source that the destination sees: as sent, one of the firewall's public addresses (where its route leads
 * to the internet; elsewhere, as with forced tunnelling, its private one), or its private address.
 */
export type SourceSeen = 'unchanged' | 'public' | 'private' | 'undetermined';

export interface FirewallVerdict {
  readonly verdict: 'allow' | 'deny' | 'undetermined';
  /** Where the decision fell: that of `decided`. */
  readonly stage: FirewallStage;
  /** The first entry that matches for certain, the built-in collection for Azure's own names, or nothing. */
  readonly decided: FirewallEntry | 'infrastructure' | 'default';
  readonly lost: readonly LostEntry[];
  /** Asked before `decided`, and may match. */
  readonly doubtful: readonly DoubtfulEntry[];
  /** Null unless allowed for certain. */
  readonly source: SourceSeen | null;
  /** Where a DNAT rule sends the connection; null without one. */
  readonly translated: Pick<NatEntry, 'translatedAddress' | 'translatedFqdn' | 'translatedPort'> | null;
  /** Why no rule could match, or why the verdict is undetermined, as a clause each. */
  readonly reasons: readonly string[];
}

/** Returns what the firewall does with a connection, and why. */
export function evaluateFirewall(rules: FirewallRules, packet: FirewallPacket): FirewallVerdict {
  const lost: LostEntry[] = [];
  const doubtful: DoubtfulEntry[] = [];
  for (const entry of entriesFor(rules, packet)) {
    const match: Match = matchEntry(entry, packet, rules.dnsProxy);
    if (match.kind === 'yes') return decidedBy(entry, rules, packet, lost, doubtful);
    const why = match.kind === 'no' ? match.why : takenBefore(entry, packet, rules);
    if (why !== null) lost.push({ entry, why });
    else if (match.kind === 'maybe') doubtful.push({ entry, doubts: match.doubts });
  }
  return undecided(packet, lost, doubtful);
}

/**
 * Of a connection that nobody has heard, returns why an application rule cannot decide: rules before it take
 * every name that it is for. Null where it can.
 */
function takenBefore(
  entry: FirewallEntry,
  { request, port, source }: FirewallPacket,
  { application }: FirewallRules,
): readonly Mismatch[] | null {
  if (entry.kind !== 'application' || request !== null || port === null) return null;
  const before = application.slice(0, application.indexOf(entry));
  if (setContains(sourcesLeftOver(entry, port, before), source)) return null;
  return [
    { part: 'name', rule: entry.names.texts.join(', '), packet: 'a name that rules before it leave over' },
  ];
}

/**
 * Returns the entries that are asked about a packet, in order: network rules only about what comes from inside,
 * since a packet of the internet comes to an address of the firewall itself, and application rules about TCP.
 */
export function entriesFor(rules: FirewallRules, packet: FirewallPacket): readonly FirewallEntry[] {
  if (packet.side === 'internet') return rules.dnat;
  return [...rules.dnat, ...rules.network, ...(packet.protocol === 'TCP' ? rules.application : [])];
}

type Outcome = Pick<FirewallVerdict, 'source' | 'translated'> & { readonly verdict: 'allow' | 'deny' };

const DENIED: Outcome = { verdict: 'deny', source: null, translated: null };

function outcomeOf(entry: FirewallEntry, rules: FirewallRules, packet: FirewallPacket): Outcome {
  if (entry.kind === 'dnat') return { verdict: 'allow', source: sourceBehind(entry), translated: entry };
  if (entry.action === 'Deny') return DENIED;
  return { verdict: 'allow', source: sourceSeen(entry.kind, rules, packet), translated: null };
}

/** The source is translated to where the connection goes on: to a public target by a public address. */
function sourceBehind({ translatedAddress }: NatEntry): SourceSeen {
  if (translatedAddress === null) return 'undetermined';
  return setContains(PUBLIC, translatedAddress) ? 'public' : 'private';
}

/**
 * Network rules leave the source as it is to private ranges; application rules, a transparent proxy, never do
 * (https://learn.microsoft.com/azure/firewall/snat-private-range, 2023-08-02).
 */
function sourceSeen(
  kind: 'network' | 'application',
  { privateRanges }: FirewallRules,
  { destination }: FirewallPacket,
): SourceSeen {
  const inside = (set: AddressSet): 'yes' | 'no' | 'maybe' => {
    if (!('within' in destination)) return setContains(set, destination) ? 'yes' : 'no';
    if (setCovers(set, destination.within)) return 'yes';
    return setIsEmpty(setIntersect(set, destination.within)) ? 'no' : 'maybe';
  };
  const isPrivate = kind === 'network' ? inside(privateRanges) : 'no';
  if (isPrivate === 'yes') return 'unchanged';
  const isPublic = inside(PUBLIC);
  if (isPrivate === 'maybe' || isPublic === 'maybe') return 'undetermined';
  return isPublic === 'yes' ? 'public' : 'private';
}

function decidedBy(
  entry: FirewallEntry,
  rules: FirewallRules,
  packet: FirewallPacket,
  lost: readonly LostEntry[],
  doubtful: readonly DoubtfulEntry[],
): FirewallVerdict {
  const outcome = outcomeOf(entry, rules, packet);
  const others = doubtful.filter((each) => !sameOutcome(outcomeOf(each.entry, rules, packet), outcome));
  const settled = { stage: entry.kind, decided: entry, lost, doubtful } as const;
  if (others.length === 0) return { ...settled, ...outcome, reasons: [] };
  const reasons = doubtsOf(others);
  const isSettled =
    outcome.translated === null &&
    others.every((each) => each.entry.kind !== 'dnat' && verdictOf(each.entry) === outcome.verdict);
  // Only the source differs: whether it passes is known.
  if (isSettled) return { ...settled, ...outcome, source: 'undetermined', reasons };
  return { ...settled, verdict: 'undetermined', source: null, translated: null, reasons };
}

function verdictOf(entry: FirewallEntry): 'allow' | 'deny' {
  return entry.kind === 'dnat' || entry.action === 'Allow' ? 'allow' : 'deny';
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (a.verdict !== b.verdict || a.source !== b.source) return false;
  if (a.translated === null || b.translated === null) return a.translated === b.translated;
  return (
    a.translated.translatedAddress?.bits === b.translated.translatedAddress?.bits &&
    a.translated.translatedFqdn === b.translated.translatedFqdn &&
    a.translated.translatedPort === b.translated.translatedPort
  );
}

function doubtsOf(doubtful: readonly DoubtfulEntry[]): readonly string[] {
  return [...new Set(doubtful.flatMap((each) => each.doubts))];
}

/** Nothing matches for certain: the built-in collection is asked, then everything is denied. */
function undecided(
  packet: FirewallPacket,
  lost: readonly LostEntry[],
  doubtful: readonly DoubtfulEntry[],
): FirewallVerdict {
  const rest = { lost, doubtful, source: null, translated: null } as const;
  const allowing = doubtful.filter(({ entry }) => verdictOf(entry) === 'allow');
  const isBuiltIn = mayBeInfrastructure(packet);
  const stage = isBuiltIn ? 'infrastructure' : 'default';
  const reasons = [
    ...doubtsOf(allowing),
    ...(isBuiltIn
      ? [
          `whether the built-in collection for Azure's infrastructure holds ${packet.request?.host ?? ''} is not published`,
        ]
      : []),
  ];
  if (reasons.length > 0) {
    return { ...rest, verdict: 'undetermined', stage, decided: stage, reasons };
  }
  return { ...rest, verdict: 'deny', stage, decided: stage, reasons: whyNothing(packet) };
}

function mayBeInfrastructure({ side, protocol, request }: FirewallPacket): boolean {
  if (side === 'internet' || protocol !== 'TCP' || request === null || request.protocol === 'mssql')
    return false;
  const { host } = request;
  return host !== null && INFRASTRUCTURE_NAMES.value.some((pattern) => matchesPattern(pattern, host));
}

function whyNothing({ side, request }: FirewallPacket): readonly string[] {
  if (side === 'internet') return ['from the internet only DNAT rules let anything in'];
  return request !== null && request.host === null
    ? ['the TLS handshake names no server (SNI), so no application rule can match']
    : [];
}
