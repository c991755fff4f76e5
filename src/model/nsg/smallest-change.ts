/** The change to one group that turns a verdict and touches least of the other traffic. */
import { setCovers, setIsEmpty, setToPrefixes } from '../ip/address-set.ts';
import type { AddressSet } from '../ip/address-set.ts';
import { formatAddress } from '../ip/address.ts';
import { formatPrefix } from '../ip/prefix.ts';
import {
  AZURE_PLATFORM_ADDRESSES,
  RULES_PER_NETWORK_SECURITY_GROUP,
  SECURITY_RULE_PRIORITIES,
} from '../limits/azure-network.ts';
import { alsoChanged, applyChange } from './changes.ts';
import type { ChangedTraffic, RuleChange } from './changes.ts';
import { TooManyParts, verdictOver } from './partition.ts';
import type { Part } from './partition.ts';
import { portTexts } from './port-set.ts';
import { inOrder, isDefaultRule } from './rule-traffic.ts';
import type { Access, AddressNames, Direction, NsgRule } from './rule-traffic.ts';
import { intersectBoxes, subtractTraffic, trafficOf, trafficSize } from './traffic.ts';
import type { Traffic, TrafficClass } from './traffic.ts';

export interface ProposedChange {
  readonly change: RuleChange;
  /** Other traffic that it would treat otherwise; empty if none. */
  readonly also: readonly ChangedTraffic[];
  /** How many packets that is, as `trafficSize` counts. */
  readonly alsoSize: number;
}

/** Of changes that touch as much, the first kind is the smallest: it needs no new rule and loses none. */
const KINDS: readonly RuleChange['kind'][] = ['priority', 'delete', 'access', 'add'];

/**
 * Returns every single change to the rules after which all of `asked` has the access that is wanted,
 * the one that changes least other traffic first. Each has been tried: the rules with it were evaluated.
 * Empty where everything has that access already, or where no single change suffices. Default rules
 * cannot be changed; no priority is used twice. Throws `TooManyParts`.
 */
export function changesTo(
  rules: readonly NsgRule[],
  direction: Direction,
  asked: TrafficClass,
  wanted: Access,
  names: AddressNames,
): readonly ProposedChange[] {
  const traffic = trafficOf(asked);
  const parts = verdictOver(rules, direction, traffic, names);
  const blockers = blockersOf(parts, wanted);
  if (blockers.length === 0 && parts.every(({ access }) => access === wanted)) return [];
  return candidates(rules, direction, asked, wanted, blockers, names)
    .filter((change) => {
      const after = applyChange(rules, change);
      return verdictOver(after, direction, traffic, names).every(({ access }) => access === wanted);
    })
    .flatMap((change) => {
      const also = tryAlsoChanged(rules, direction, change, traffic, names);
      if (also === null) return [];
      return [{ change, also, alsoSize: also.reduce((sum, { where }) => sum + trafficSize(where), 0) }];
    })
    .sort(compareChanges);
}

/** Orders changes, that which touches least other traffic first; of two that touch as much the simpler one. */
export function compareChanges(a: ProposedChange, b: ProposedChange): number {
  const moves = ({ change }: ProposedChange): number => (change.kind === 'add' ? change.moved.length : 0);
  return (
    a.alsoSize - b.alsoSize ||
    KINDS.indexOf(a.change.kind) - KINDS.indexOf(b.change.kind) ||
    moves(a) - moves(b)
  );
}

/** Null for a change of which nobody could tell what else it does: none to propose. */
function tryAlsoChanged(...asked: Parameters<typeof alsoChanged>): readonly ChangedTraffic[] | null {
  try {
    return alsoChanged(...asked);
  } catch (error) {
    if (error instanceof TooManyParts) return null;
    throw error;
  }
}

/** Returns the change that turns least else, or null where no single one suffices. */
export function smallestChange(
  rules: readonly NsgRule[],
  direction: Direction,
  asked: TrafficClass,
  wanted: Access,
  names: AddressNames,
): ProposedChange | null {
  return changesTo(rules, direction, asked, wanted, names)[0] ?? null;
}

/** Rules that decide, or may decide, against what is wanted, in order. */
function blockersOf(parts: readonly Part[], wanted: Access): readonly NsgRule[] {
  const found = parts
    .filter(({ access }) => access !== wanted)
    .flatMap(({ rule, doubtful }) => [...doubtful.map((each) => each.rule), ...(rule === null ? [] : [rule])])
    .filter((rule) => rule.access !== wanted);
  return [...new Set(found)].sort((a, b) => a.priority - b.priority);
}

function candidates(
  rules: readonly NsgRule[],
  direction: Direction,
  asked: TrafficClass,
  wanted: Access,
  blockers: readonly NsgRule[],
  names: AddressNames,
): readonly RuleChange[] {
  const used = new Set(rules.filter((each) => each.direction === direction).map(({ priority }) => priority));
  const [first] = blockers;
  const before = (priority: number): number | null => freeBefore(priority, used);
  const changes: RuleChange[] = [];
  const ordered = inOrder(rules, direction, names);
  const traffic = trafficOf(asked);
  if (first !== undefined) {
    // A rule that says what is wanted, but is asked too late.
    for (const { rule, certain } of ordered) {
      if (isDefaultRule(rule) || rule.access !== wanted || rule.priority < first.priority) continue;
      if (subtractTraffic(traffic, certain).length > 0) continue;
      const priority = before(first.priority);
      if (priority !== null) changes.push({ kind: 'priority', rule, priority });
    }
  }
  const [only, second] = blockers;
  if (only !== undefined && second === undefined && !isDefaultRule(only)) {
    // A rule that is asked too early: behind one that says what is wanted.
    for (const { rule, certain, maybe } of ordered) {
      if (rule.access !== wanted || rule.priority < only.priority || isDefaultRule(rule)) continue;
      if (!touches([...certain, ...maybe], traffic)) continue;
      const priority = freeAfter(rule.priority, used);
      if (priority !== null) changes.push({ kind: 'priority', rule: only, priority });
    }
    changes.push({ kind: 'delete', rule: only }, { kind: 'access', rule: only, access: wanted });
  }
  if (rules.filter((each) => !isDefaultRule(each)).length < RULES_PER_NETWORK_SECURITY_GROUP.value) {
    const end = first?.priority ?? SECURITY_RULE_PRIORITIES.value.highest + 1;
    const priority = before(end);
    const moved = priority === null ? roomAt(end, rules, direction) : [];
    if (moved !== null) {
      const rule = ruleFor(asked, direction, wanted, priority ?? end, rules, names);
      changes.push({ kind: 'add', rule, moved });
    }
  }
  return changes;
}

function touches(a: Traffic, b: Traffic): boolean {
  return a.some((one) => b.some((other) => intersectBoxes(one, other) !== null));
}

/**
 * Returns a free priority before that one: the next full hundred, or else ten, behind the rule before,
 * or whatever is free. Null where every number before it is taken.
 */
export function freeBefore(priority: number, used: ReadonlySet<number>): number | null {
  const { lowest, highest } = SECURITY_RULE_PRIORITIES.value;
  let end = Math.min(priority, highest + 1);
  while (end > lowest) {
    let start = end - 1;
    while (start >= lowest && !used.has(start)) start--;
    // Free are the numbers between start and end.
    for (const step of [100, 10]) {
      const round = (Math.floor(start / step) + 1) * step;
      if (round > start && round < end) return round;
    }
    if (start + 1 < end) return Math.floor((start + end) / 2);
    end = start;
  }
  return null;
}

/**
 * Returns how the rule with that priority, and those right behind it, move by one to leave their place
 * to another; null where they cannot.
 */
function roomAt(
  priority: number,
  rules: readonly NsgRule[],
  direction: Direction,
): readonly { readonly rule: NsgRule; readonly priority: number }[] | null {
  const moved: { readonly rule: NsgRule; readonly priority: number }[] = [];
  for (let next = priority; next <= SECURITY_RULE_PRIORITIES.value.highest; next++) {
    const rule = rules.find((each) => each.direction === direction && each.priority === next);
    if (rule === undefined) return moved.reverse();
    moved.push({ rule, priority: next + 1 });
  }
  return null;
}

function freeAfter(priority: number, used: ReadonlySet<number>): number | null {
  const { highest } = SECURITY_RULE_PRIORITIES.value;
  for (let next = priority + 1; next <= highest; next++) if (!used.has(next)) return next;
  return null;
}

/** The rule that matches exactly what was asked for, by the name it was asked for by if there is one. */
function ruleFor(
  asked: TrafficClass,
  direction: Direction,
  access: Access,
  priority: number,
  rules: readonly NsgRule[],
  names: AddressNames,
): NsgRule {
  const source = oneOrSeveral(tagTexts(asked.sourceTag, asked.source, names) ?? addressTexts(asked.source));
  const destination = oneOrSeveral(
    (direction === 'Outbound' ? platformTag(asked.destination) : null) ??
      tagTexts(asked.destinationTag, asked.destination, names) ??
      addressTexts(asked.destination),
  );
  const sourcePorts = oneOrSeveral(portTexts(asked.sourcePorts));
  const destinationPorts = oneOrSeveral(portTexts(asked.destinationPorts));
  return {
    name: freeName(access, direction, rules),
    priority,
    direction,
    access,
    protocol: asked.protocol,
    sourceAddressPrefix: source.one,
    sourceAddressPrefixes: source.several,
    sourcePortRange: sourcePorts.one,
    sourcePortRanges: sourcePorts.several,
    destinationAddressPrefix: destination.one,
    destinationAddressPrefixes: destination.several,
    destinationPortRange: destinationPorts.one,
    destinationPortRanges: destinationPorts.several,
  };
}

/** As ARM writes it: an address, a prefix, `*` for everything. */
export function addressTexts(set: AddressSet): readonly string[] {
  return setToPrefixes(set).map((each) => {
    if (each.length === 0) return '*';
    return each.length === 32 ? formatAddress(each.address) : formatPrefix(each);
  });
}

/** Null where a rule with the tag would match other addresses, or perhaps would. */
function tagTexts(
  tag: string | undefined,
  addresses: AddressSet,
  names: AddressNames,
): readonly string[] | null {
  if (tag === undefined) return null;
  const { certain, maybe } = names.tag(tag, 'custom');
  return setIsEmpty(maybe) && setCovers(certain, addresses) && setCovers(addresses, certain) ? [tag] : null;
}

/** Packets to Azure's platform meet only rules that call it by its tags. */
function platformTag(destination: AddressSet): readonly string[] | null {
  const { wireServer, instanceMetadata } = AZURE_PLATFORM_ADDRESSES.value;
  const [only, second] = addressTexts(destination);
  if (second !== undefined) return null;
  if (only === wireServer) return ['AzurePlatformDNS'];
  return only === instanceMetadata ? ['AzurePlatformIMDS'] : null;
}

function oneOrSeveral(texts: readonly string[]): {
  readonly one: string | null;
  readonly several: readonly string[];
} {
  const [first] = texts;
  return texts.length === 1 && first !== undefined
    ? { one: first, several: [] }
    : { one: null, several: texts };
}

function freeName(access: Access, direction: Direction, rules: readonly NsgRule[]): string {
  const taken = new Set(rules.map(({ name }) => name.toLowerCase()));
  const base = `${access}${direction === 'Inbound' ? 'In' : 'Out'}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
