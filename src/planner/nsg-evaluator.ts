/** What security groups say to packets: verdict, deciding rules, rules that never decide, the smallest change. */
import { setCovers } from '../model/ip/address-set.ts';
import { applyChange } from '../model/nsg/changes.ts';
import { bothAllow, evaluate, inPathOrder } from '../model/nsg/evaluate.ts';
import type { GroupVerdict, PlacedGroup, Verdict } from '../model/nsg/evaluate.ts';
import { TooManyParts, verdictOfGroups } from '../model/nsg/partition.ts';
import type { PathPart } from '../model/nsg/partition.ts';
import { everyPort } from '../model/nsg/port-set.ts';
import { PLATFORM_ADDRESSES } from '../model/nsg/rule-traffic.ts';
import type { Access, AddressNames, Direction, NsgRule } from '../model/nsg/rule-traffic.ts';
import { shadowedRules } from '../model/nsg/shadowed.ts';
import type { ShadowedRule } from '../model/nsg/shadowed.ts';
import { changesTo, compareChanges } from '../model/nsg/smallest-change.ts';
import type { ProposedChange } from '../model/nsg/smallest-change.ts';
import { mergeBoxes, onePacketOf, trafficOf } from '../model/nsg/traffic.ts';
import type { Packet, Traffic, TrafficClass } from '../model/nsg/traffic.ts';
import type { ReadGroup } from './nsg-rules.ts';

/** A group at its place on the way. */
export interface Group extends PlacedGroup {
  readonly read: ReadGroup;
}

export interface NsgQuestion {
  readonly direction: Direction;
  readonly groups: readonly Group[];
  readonly asked: TrafficClass;
  readonly names: AddressNames;
}

/** Packets that meet the same rules. */
export interface AnswerPart {
  readonly where: Traffic;
  readonly access: Verdict;
  readonly by: PathPart['by'];
}

/** What one group says if everything that is asked about meets the same rule there. */
export interface GroupAnswer {
  readonly group: Group;
  /** Null: a group before it denies. */
  readonly verdict: GroupVerdict | null;
}

export interface ShadowedInGroup extends ShadowedRule {
  readonly group: Group;
}

/** One step of a change: what to do in one group. */
export interface ChangeStep extends ProposedChange {
  readonly group: Group;
}

export interface ChangeAnswer {
  readonly wanted: Access;
  /** All of them are needed; empty where no single change of a group suffices. */
  readonly steps: readonly ChangeStep[];
  /** Other single changes of the group that the first step concerns, the smaller ones first. */
  readonly others: readonly ChangeStep[];
  /** Why there are none. */
  readonly obstacle: string | null;
}

export interface NsgAnswer {
  readonly question: NsgQuestion;
  /** `mixed`: some packets are allowed, others are not. */
  readonly access: Verdict | 'mixed';
  readonly parts: readonly AnswerPart[];
  /** The packet for which `groups` answers. */
  readonly packet: Packet;
  /** Empty where the packets that are asked about meet different rules. */
  readonly groups: readonly GroupAnswer[];
  /** Null where it cannot be told: the rules cut each other into too many pieces. */
  readonly shadowed: readonly ShadowedInGroup[] | null;
  readonly changes: readonly ChangeAnswer[];
}

/** Answers the question; null where the traffic falls into more parts than can be told. */
export function evaluateNsgs(question: NsgQuestion): NsgAnswer | null {
  try {
    return answer(question);
  } catch (error) {
    if (error instanceof TooManyParts) return null;
    throw error;
  }
}

function answer(question: NsgQuestion): NsgAnswer {
  const { direction, asked, names } = question;
  const groups = question.groups;
  const traffic = trafficOf(asked);
  const parts = alike(verdictOfGroups(groups, direction, traffic, names));
  const [first] = parts;
  if (first === undefined) throw new Error('nobody asks about no packet');
  const verdicts = new Set(parts.map(({ access }) => access));
  const access = verdicts.size === 1 ? first.access : 'mixed';
  const [box] = first.where;
  if (box === undefined) throw new Error('a part holds packets');
  const packet = onePacketOf(box);
  const wanted: readonly Access[] =
    access === 'Allow' ? ['Deny'] : access === 'Deny' ? ['Allow'] : ['Allow', 'Deny'];
  return {
    question,
    access,
    parts,
    packet,
    groups: parts.length === 1 ? groupAnswers(question, packet) : [],
    shadowed: shadowedIn(question),
    changes: wanted.map((each) => changeTo(question, each)),
  };
}

function shadowedIn({ direction, groups, names }: NsgQuestion): NsgAnswer['shadowed'] {
  try {
    return groups.flatMap((group) =>
      shadowedRules(group.rules, direction, names).map((each) => ({ ...each, group })),
    );
  } catch (error) {
    if (error instanceof TooManyParts) return null;
    throw error;
  }
}

function groupAnswers({ direction, groups, names }: NsgQuestion, packet: Packet): readonly GroupAnswer[] {
  let access: Verdict = 'Allow';
  return inPathOrder(groups, direction).map((group) => {
    if (access === 'Deny') return { group, verdict: null };
    const verdict = evaluate(group.rules, direction, packet, names);
    access = bothAllow(access, verdict.access);
    return { group, verdict };
  });
}

/** Parts that meet the same rules are one. */
function alike(parts: readonly PathPart[]): readonly AnswerPart[] {
  const found: { where: Traffic; access: Verdict; by: PathPart['by'] }[] = [];
  for (const { where, access, by } of parts) {
    const same = found.find((each) => each.access === access && sameRules(each.by, by));
    if (same === undefined) found.push({ where: [where], access, by });
    else same.where = [...same.where, where];
  }
  return found.map((each) => ({ ...each, where: mergeBoxes(each.where) }));
}

function sameRules(a: PathPart['by'], b: PathPart['by']): boolean {
  return (
    a.length === b.length &&
    a.every(({ part }, at) => {
      const other = b[at]?.part;
      return (
        other !== undefined &&
        other.rule === part.rule &&
        other.doubtful.length === part.doubtful.length &&
        other.doubtful.every((each, index) => each.rule === part.doubtful[index]?.rule)
      );
    })
  );
}

/** Groups that AKS makes and keeps as it wants them. */
export function isManagedByAks(group: Pick<Group, 'name'>): boolean {
  return /^aks-agentpool-\d+-nsg$/i.test(group.name);
}

/**
 * To let packets through, every group that does not has to change; to stop them one is enough. A client
 * takes another source port each time, so that a single one is no part of the question.
 */
function changeTo(question: NsgQuestion, wanted: Access): ChangeAnswer {
  const { direction, names } = question;
  const groups = inPathOrder(question.groups, direction);
  const asked = forChange(question.asked);
  const steps: ChangeStep[] = [];
  let others: readonly ChangeStep[] = [];
  const proposals = groups.map((group) => {
    const settled = verdictOfGroups([group], direction, trafficOf(asked), names).every(
      ({ access }) => access === wanted,
    );
    const changes = changesTo(group.rules, direction, asked, wanted, names);
    return { group, settled, steps: changes.map((each) => ({ ...each, group })) };
  });
  if (wanted === 'Allow') {
    for (const { group, settled, steps: found } of proposals) {
      if (settled) continue;
      const [first, ...rest] = found;
      if (first === undefined) return { wanted, steps: [], others: [], obstacle: obstacleOf(group, asked) };
      steps.push(first);
      if (others.length === 0) others = rest;
    }
  } else {
    const found = proposals
      .flatMap((each) => each.steps)
      .sort(
        (a, b) => Number(isManagedByAks(a.group)) - Number(isManagedByAks(b.group)) || compareChanges(a, b),
      );
    const [first, ...rest] = found;
    const [group] = groups;
    if (first === undefined)
      return {
        wanted,
        steps: [],
        others: [],
        obstacle: group === undefined ? null : obstacleOf(group, asked),
      };
    steps.push(first);
    others = rest.filter((each) => each.group === first.group);
  }
  const changed = groups.map((group) => ({
    ...group,
    rules: steps
      .filter((step) => step.group === group)
      .reduce<readonly NsgRule[]>((rules, { change }) => applyChange(rules, change), group.rules),
  }));
  const works = verdictOfGroups(changed, direction, trafficOf(asked), names).every(
    ({ access }) => access === wanted,
  );
  if (!works) throw new Error('a change that was tried in its group does not work on the way');
  return { wanted, steps, others, obstacle: null };
}

function forChange(asked: TrafficClass): TrafficClass {
  const [only, second] = asked.sourcePorts;
  return only !== undefined && second === undefined && only.from === only.to
    ? { ...asked, sourcePorts: everyPort }
    : asked;
}

function obstacleOf(group: Group, asked: TrafficClass): string {
  if (setCovers(PLATFORM_ADDRESSES, asked.destination))
    return 'No rule with an address filters packets to the platform; only one with AzurePlatformDNS (port 53), AzurePlatformIMDS or AzurePlatformLKM does.';
  return `No single change of ${group.name} suffices: no priority before the deciding rule is free, or several rules would have to change.`;
}
