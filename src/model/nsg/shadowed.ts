/** Rules that can never decide, because earlier rules take every packet that they match. */
import { TooManyParts } from './partition.ts';
import { inOrder } from './rule-traffic.ts';
import type { AddressNames, Direction, NsgRule, RuleTraffic } from './rule-traffic.ts';
import { intersectBoxes, subtractBox, trafficSize } from './traffic.ts';
import type { Box, Traffic } from './traffic.ts';

export interface ShadowedRule {
  readonly rule: NsgRule;
  /**
   * The earlier rules that together take all of it, in order; without any one of them the rule would
   * decide about something. Empty where the rule matches no packet at all.
   */
  readonly coveredBy: readonly NsgRule[];
}

/**
 * Returns the rules of one direction that decide about no packet, whatever the unknown content of tags
 * and groups is. Taking one of them away changes nothing. Throws `TooManyParts` for lists of rules that
 * cut each other into more pieces than can be looked at.
 */
export function shadowedRules(
  rules: readonly NsgRule[],
  direction: Direction,
  names: AddressNames,
): readonly ShadowedRule[] {
  const ordered = inOrder(rules, direction, names);
  const budget: Budget = { pieces: MOST_PIECES };
  return ordered.flatMap(({ rule, certain, maybe }, at) => {
    const all = [...certain, ...maybe];
    const earlier = ordered.slice(0, at).filter((each) => overlaps(each.certain, all));
    if (!isCovered(all, earlier, budget)) return [];
    return [{ rule, coveredBy: fewestOf(all, earlier, budget).map((each) => each.rule) }];
  });
}

/** Counted over all rules, so that an answer takes no longer than a few seconds. */
const MOST_PIECES = 1_000_000;

interface Budget {
  pieces: number;
}

function overlaps(a: Traffic, b: Traffic): boolean {
  return a.some((one) => b.some((other) => intersectBoxes(one, other) !== null));
}

/** Leaves out one rule after the other, the last first, as long as the rest still covers everything. */
function fewestOf(all: Traffic, earlier: readonly RuleTraffic[], budget: Budget): readonly RuleTraffic[] {
  const alone = earlier.find((each) => isCovered(all, [each], budget));
  if (alone !== undefined) return [alone];
  let kept = earlier;
  for (const each of [...earlier].reverse()) {
    const rest = kept.filter((other) => other !== each);
    if (isCovered(all, rest, budget)) kept = rest;
  }
  return kept;
}

/** Reports whether the rules take every packet for certain. */
function isCovered(all: Traffic, rules: readonly RuleTraffic[], budget: Budget): boolean {
  const boxes = rules.flatMap(({ certain }) => certain);
  return all.every((box) => isBoxCovered(box, largestFirst(box, boxes), 0, budget));
}

/** Large pieces first leave little to look at; what is left of a box goes on behind the one that was taken away. */
function largestFirst(box: Box, boxes: readonly Box[]): readonly Box[] {
  return boxes
    .flatMap((each) => {
      const common = intersectBoxes(box, each);
      return common === null ? [] : [{ common, size: trafficSize([common]) }];
    })
    .sort((a, b) => b.size - a.size)
    .map(({ common }) => common);
}

function isBoxCovered(box: Box, covers: readonly Box[], from: number, budget: Budget): boolean {
  if (budget.pieces-- <= 0) throw new TooManyParts();
  for (let at = from; at < covers.length; at++) {
    const cover = covers[at];
    if (cover === undefined || intersectBoxes(box, cover) === null) continue;
    return subtractBox(box, cover).every((left) => isBoxCovered(left, covers, at + 1, budget));
  }
  return false;
}
