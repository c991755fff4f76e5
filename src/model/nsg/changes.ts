/** Changes to the rules of one group, applied to plain data, and what traffic they change. */
import { verdictOver } from './partition.ts';
import type { Verdict } from './evaluate.ts';
import { ruleTraffic } from './rule-traffic.ts';
import type { Access, AddressNames, Direction, NsgRule } from './rule-traffic.ts';
import { intersectTraffic, mergeBoxes, subtractTraffic } from './traffic.ts';
import type { Traffic } from './traffic.ts';

export type RuleChange =
  | { readonly kind: 'priority'; readonly rule: NsgRule; readonly priority: number }
  | { readonly kind: 'delete'; readonly rule: NsgRule }
  | { readonly kind: 'access'; readonly rule: NsgRule; readonly access: Access }
  | {
      readonly kind: 'add';
      readonly rule: NsgRule;
      /** Rules that make room for it, the last first; their order among each other stays. */
      readonly moved: readonly { readonly rule: NsgRule; readonly priority: number }[];
    };

/** Returns the rules after a change. The rule that it concerns is found by its name, which a group has once. */
export function applyChange(rules: readonly NsgRule[], change: RuleChange): readonly NsgRule[] {
  switch (change.kind) {
    case 'priority':
      return rules.map((each) =>
        each.name === change.rule.name ? { ...each, priority: change.priority } : each,
      );
    case 'delete':
      return rules.filter((each) => each.name !== change.rule.name);
    case 'access':
      return rules.map((each) =>
        each.name === change.rule.name ? { ...each, access: change.access } : each,
      );
    case 'add':
      return [
        ...rules.map((each) => {
          const move = change.moved.find(({ rule }) => rule.name === each.name);
          return move === undefined ? each : { ...each, priority: move.priority };
        }),
        change.rule,
      ];
  }
}

/** Traffic whose verdict a change turns. */
export interface ChangedTraffic {
  readonly where: Traffic;
  readonly before: Verdict;
  readonly after: Verdict;
}

/**
 * Returns all traffic outside of `asked` that a change would treat otherwise. Only what the changed
 * rule matches can be concerned. Throws `TooManyParts`.
 */
export function alsoChanged(
  rules: readonly NsgRule[],
  direction: Direction,
  change: RuleChange,
  asked: Traffic,
  names: AddressNames,
): readonly ChangedTraffic[] {
  const { certain, maybe } = ruleTraffic(change.rule, names);
  const concerned = subtractTraffic([...certain, ...maybe], asked);
  const before = byVerdict(rules, direction, concerned, names);
  const after = byVerdict(applyChange(rules, change), direction, concerned, names);
  return before.flatMap((old) =>
    after.flatMap((now) => {
      if (old.verdict === now.verdict) return [];
      const where = intersectTraffic(old.where, now.where);
      return where.length === 0
        ? []
        : [{ where: mergeBoxes(where), before: old.verdict, after: now.verdict }];
    }),
  );
}

function byVerdict(
  rules: readonly NsgRule[],
  direction: Direction,
  asked: Traffic,
  names: AddressNames,
): readonly { readonly verdict: Verdict; readonly where: Traffic }[] {
  const parts = verdictOver(rules, direction, asked, names);
  return (['Allow', 'Deny', 'undetermined'] as const).map((verdict) => ({
    verdict,
    where: parts.filter(({ access }) => access === verdict).map(({ where }) => where),
  }));
}
