/** What rules say to a whole set of packets: the set falls into parts, each with its verdict. */
import type { DoubtfulRule, PlacedGroup, Verdict } from './evaluate.ts';
import { bothAllow, inPathOrder } from './evaluate.ts';
import { inOrder, PLATFORM_ADDRESSES } from './rule-traffic.ts';
import type { Access, AddressNames, Direction, NsgRule, RuleTraffic } from './rule-traffic.ts';
import { everyPacket, intersectBoxes, subtractBox } from './traffic.ts';
import type { Box, Traffic } from './traffic.ts';

/** Packets for which the same rule decides, with the same doubts. */
export interface Part {
  readonly where: Box;
  readonly access: Verdict;
  /** As in `GroupVerdict`. */
  readonly rule: NsgRule | null;
  readonly doubtful: readonly DoubtfulRule[];
}

/** Hostile lists of rules cut traffic into very many parts; no reader wants more. */
const MOST_PARTS = 20_000;

/** Thrown where traffic falls into more parts than can be told. */
export class TooManyParts extends Error {}

/** Returns the verdict over a set of packets: parts that do not overlap and together are the set. */
export function verdictOver(
  rules: readonly NsgRule[],
  direction: Direction,
  asked: Traffic,
  names: AddressNames,
): readonly Part[] {
  return partition(inOrder(rules, direction, names), direction, asked);
}

/** The same over rules that are in order already. */
export function partition(
  rules: readonly RuleTraffic[],
  direction: Direction,
  asked: Traffic,
): readonly Part[] {
  const parts: Part[] = [];
  let open: readonly { readonly where: Box; readonly doubtful: readonly DoubtfulRule[] }[] = asked.map(
    (where) => ({ where, doubtful: [] }),
  );
  for (const { rule, certain, maybe, doubts } of rules) {
    if (open.length === 0) break;
    for (const box of certain) {
      open = open.flatMap(({ where, doubtful }) => {
        const decided = intersectBoxes(where, box);
        if (decided === null) return [{ where, doubtful }];
        parts.push({ where: decided, access: settled(rule.access, doubtful), rule, doubtful });
        return subtractBox(where, box).map((left) => ({ where: left, doubtful }));
      });
    }
    for (const box of maybe) {
      open = open.flatMap((each) => {
        const doubted = intersectBoxes(each.where, box);
        if (doubted === null) return [each];
        return [
          { where: doubted, doubtful: [...each.doubtful, { rule, doubts }] },
          ...subtractBox(each.where, box).map((left) => ({ where: left, doubtful: each.doubtful })),
        ];
      });
    }
    if (open.length + parts.length > MOST_PARTS) throw new TooManyParts();
  }
  return [...parts, ...open.flatMap((each) => withoutRule(each, direction))];
}

/** What no rule matches: packets to the platform pass, and for others the default rules are missing. */
function withoutRule(
  { where, doubtful }: { readonly where: Box; readonly doubtful: readonly DoubtfulRule[] },
  direction: Direction,
): readonly Part[] {
  const part = (box: Box, access: Verdict): Part => ({ where: box, access, rule: null, doubtful });
  if (direction === 'Inbound') return [part(where, 'undetermined')];
  const platform = everyPacket.map((box) => ({ ...box, destination: PLATFORM_ADDRESSES }));
  let left: Traffic = [where];
  const passed: Part[] = [];
  for (const box of platform) {
    const common = intersectBoxes(where, box);
    if (common !== null) passed.push(part(common, settled('Allow', doubtful)));
    left = left.flatMap((each) => subtractBox(each, box));
  }
  return [...passed, ...left.map((box) => part(box, 'undetermined'))];
}

function settled(access: Access, doubtful: readonly DoubtfulRule[]): Verdict {
  return doubtful.every(({ rule }) => rule.access === access) ? access : 'undetermined';
}

/** Packets that every group treats alike. */
export interface PathPart {
  readonly where: Box;
  readonly access: Verdict;
  /** One for each group that is asked, in order; none behind a group that denies. */
  readonly by: readonly { readonly group: PlacedGroup; readonly part: Part }[];
}

/** Returns the verdict of several groups in a row over a set of packets. */
export function verdictOfGroups(
  groups: readonly PlacedGroup[],
  direction: Direction,
  asked: Traffic,
  names: AddressNames,
): readonly PathPart[] {
  return inPathOrder(groups, direction).reduce<readonly PathPart[]>(
    (before, group) => {
      const rules = inOrder(group.rules, direction, names);
      return before.flatMap((each) =>
        each.access === 'Deny'
          ? [each]
          : partition(rules, direction, [each.where]).map((part) => ({
              where: part.where,
              access: bothAllow(each.access, part.access),
              by: [...each.by, { group, part }],
            })),
      );
    },
    asked.map((where) => ({ where, access: 'Allow', by: [] })),
  );
}
