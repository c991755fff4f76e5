/**
 * Which rule decides about one packet
 * (https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview, 2025-07-15).
 */
import { formatAddress } from '../ip/address.ts';
import { setContains } from '../ip/address-set.ts';
import { everyPort, portsContain } from './port-set.ts';
import {
  destinationPortTexts,
  destinationTexts,
  inOrder,
  PLATFORM_ADDRESSES,
  sourcePortTexts,
  sourceTexts,
} from './rule-traffic.ts';
import type { Access, AddressNames, Direction, NsgRule, RuleTraffic } from './rule-traffic.ts';
import { boxContains } from './traffic.ts';
import type { Packet } from './traffic.ts';

export type Verdict = Access | 'undetermined';

/** A part of a rule that the packet does not have. */
export interface Mismatch {
  readonly part: 'protocol' | 'source' | 'source port' | 'destination' | 'destination port' | 'platform';
  /** What the rule asks for. */
  readonly rule: string;
  /** What the packet has. */
  readonly packet: string;
}

/** A rule that was asked before the one that decided. */
export interface LostRule {
  readonly rule: NsgRule;
  /** Every part that does not match. */
  readonly why: readonly Mismatch[];
}

/** A rule that may match: whether it does depends on what is not known. */
export interface DoubtfulRule {
  readonly rule: NsgRule;
  readonly doubts: readonly string[];
}

export interface GroupVerdict {
  /** `undetermined` only where a doubtful rule would decide otherwise than the rule after it. */
  readonly access: Verdict;
  /**
   * The first rule that matches for certain. Null where none does: packets to Azure's platform, which
   * rules leave alone (access Allow), or a list without the default rules (undetermined).
   */
  readonly rule: NsgRule | null;
  readonly lost: readonly LostRule[];
  /** Rules before `rule` that may match. */
  readonly doubtful: readonly DoubtfulRule[];
}

/** Returns what the rules of one group say to a packet. The order of `rules` says nothing: priorities do. */
export function evaluate(
  rules: readonly NsgRule[],
  direction: Direction,
  packet: Packet,
  names: AddressNames,
): GroupVerdict {
  const lost: LostRule[] = [];
  const doubtful: DoubtfulRule[] = [];
  for (const each of inOrder(rules, direction, names)) {
    if (each.certain.some((box) => boxContains(box, packet))) {
      return { access: settled(each.rule.access, doubtful), rule: each.rule, lost, doubtful };
    }
    if (each.maybe.some((box) => boxContains(box, packet))) {
      doubtful.push({ rule: each.rule, doubts: each.doubts });
    } else {
      lost.push({ rule: each.rule, why: mismatches(each, packet) });
    }
  }
  const platform = direction === 'Outbound' && setContains(PLATFORM_ADDRESSES, packet.destination);
  return { access: platform ? settled('Allow', doubtful) : 'undetermined', rule: null, lost, doubtful };
}

/** A doubt matters only if it would change the answer. */
function settled(access: Access, doubtful: readonly DoubtfulRule[]): Verdict {
  return doubtful.every(({ rule }) => rule.access === access) ? access : 'undetermined';
}

function mismatches({ rule, sides }: RuleTraffic, packet: Packet): readonly Mismatch[] {
  const found: Mismatch[] = [];
  const compare = (
    part: Mismatch['part'],
    isSame: boolean,
    ofRule: readonly string[],
    ofPacket: string,
  ): void => {
    if (!isSame) found.push({ part, rule: ofRule.join(', '), packet: ofPacket });
  };
  const { source, destination } = sides;
  const inEither = (side: typeof source, address: Packet['source']): boolean =>
    setContains(side.addresses, address) || setContains(side.maybe, address);
  compare(
    'protocol',
    rule.protocol === '*' || rule.protocol === packet.protocol,
    [rule.protocol],
    packet.protocol,
  );
  compare('source', inEither(source, packet.source), allSources(rule), formatAddress(packet.source));
  const toPlatform = rule.direction === 'Outbound' && setContains(PLATFORM_ADDRESSES, packet.destination);
  compare(
    toPlatform ? 'platform' : 'destination',
    inEither(destination, packet.destination),
    allDestinations(rule),
    formatAddress(packet.destination),
  );
  comparePorts('source port', source.ports, packet.sourcePort, sourcePortTexts(rule));
  comparePorts('destination port', destination.ports, packet.destinationPort, destinationPortTexts(rule));
  return found;

  function comparePorts(
    part: Mismatch['part'],
    ports: typeof source.ports,
    port: number | null,
    texts: readonly string[],
  ): void {
    const isAny = ports === everyPort;
    compare(
      part,
      isAny || (port !== null && portsContain(ports, port)),
      texts,
      port === null ? 'none' : String(port),
    );
  }
}

/** All that a rule names as source; application security groups as `asg/NAME`. */
export function allSources(rule: NsgRule): readonly string[] {
  return [...sourceTexts(rule), ...groupNames(rule.sourceApplicationSecurityGroups)];
}

export function allDestinations(rule: NsgRule): readonly string[] {
  return [...destinationTexts(rule), ...groupNames(rule.destinationApplicationSecurityGroups)];
}

function groupNames(groups: NsgRule['sourceApplicationSecurityGroups']): readonly string[] {
  return (groups ?? []).map(({ id }) => `asg/${id.split('/').at(-1) ?? id}`);
}

/** A security group where it sits. */
export interface PlacedGroup {
  readonly name: string;
  readonly place: 'subnet' | 'nic';
  readonly rules: readonly NsgRule[];
}

export interface PathVerdict {
  /** Deny as soon as one group denies for certain; undetermined only if no group does. */
  readonly access: Verdict;
  /** In the order in which they are asked; null for those behind a group that denies. */
  readonly groups: readonly { readonly group: PlacedGroup; readonly verdict: GroupVerdict | null }[];
}

/**
 * Returns the groups in the order in which a packet meets them: inbound that of the subnet first,
 * outbound that of the NIC.
 */
export function inPathOrder<Group extends { readonly place: PlacedGroup['place'] }>(
  groups: readonly Group[],
  direction: Direction,
): readonly Group[] {
  const order = direction === 'Inbound' ? ['subnet', 'nic'] : ['nic', 'subnet'];
  return [...groups].sort((a, b) => order.indexOf(a.place) - order.indexOf(b.place));
}

/** Returns what the groups of a subnet and a NIC say together: each must allow, and the first deny ends it. */
export function evaluateGroups(
  groups: readonly PlacedGroup[],
  direction: Direction,
  packet: Packet,
  names: AddressNames,
): PathVerdict {
  const answers: { group: PlacedGroup; verdict: GroupVerdict | null }[] = [];
  let access: Verdict = 'Allow';
  for (const group of inPathOrder(groups, direction)) {
    const verdict = access === 'Deny' ? null : evaluate(group.rules, direction, packet, names);
    answers.push({ group, verdict });
    if (verdict !== null) access = bothAllow(access, verdict.access);
  }
  return { access, groups: answers };
}

/** Two groups in a row: whatever one denies stays denied. */
export function bothAllow(first: Verdict, second: Verdict): Verdict {
  if (first === 'Deny' || second === 'Deny') return 'Deny';
  return first === 'Allow' && second === 'Allow' ? 'Allow' : 'undetermined';
}
