/** Options ranked by the reasons for and against each, and which requirements no option meets together. */

/** `new-cluster` is a condition that weighs more than what nobody has written down. */
export type Effect = 'rules-out' | 'new-cluster' | 'unknown' | 'condition' | 'supports' | 'note';

export interface ReasonFor<Requirement extends string> {
  /** What was asked for that this is about; none for what holds anyway. Several only hold together. */
  readonly requirements: readonly Requirement[];
  readonly effect: Effect;
  readonly text: string;
  readonly source: string;
  /** Day on which the source was read, or its own date. */
  readonly read: string;
}

export interface Judged<Option extends string, Requirement extends string> {
  readonly option: Option;
  readonly reasons: readonly ReasonFor<Requirement>[];
}

export interface Ranked<Option extends string, Requirement extends string> extends Judged<
  Option,
  Requirement
> {
  readonly standing: 'suits' | 'with-conditions' | 'uncertain' | 'ruled-out';
  /** The reasons for its place: what rules it out, what it lacks, or what is recommended. */
  readonly decidedBy: readonly string[];
}

/** A smallest set of requirements that no option meets together. */
export interface ContradictionOf<Requirement extends string> {
  readonly requirements: readonly Requirement[];
}

export interface Ranking<Option extends string, Requirement extends string> {
  /** The best first. */
  readonly ranking: readonly Ranked<Option, Requirement>[];
  /** Empty while an option remains. */
  readonly contradictions: readonly ContradictionOf<Requirement>[];
  /** For each requirement of a contradiction, the option that would remain without it. */
  readonly without: readonly { readonly requirement: Requirement; readonly best: Option | null }[];
}

/**
 * Ranks options by what rules them out, by whether they need a new cluster, by what is unknown, by
 * conditions, and at last in the order given, for which `recommendation` is the reason.
 */
export function rankOptions<Option extends string, Requirement extends string>(
  judged: readonly Judged<Option, Requirement>[],
  recommendation: (option: Option) => string,
): Ranking<Option, Requirement> {
  const ranked = judged
    .map((each, index) => ({ ...each, index, counts: countsOf(each.reasons) }))
    .sort(
      (a, b) =>
        a.counts.ruledOut - b.counts.ruledOut ||
        a.counts.newCluster - b.counts.newCluster ||
        a.counts.unknown - b.counts.unknown ||
        a.counts.conditions - b.counts.conditions ||
        a.index - b.index,
    );
  const ranking = ranked.map(({ option, reasons }, place) => ({
    option,
    standing: standingOf(reasons),
    reasons,
    decidedBy: decidedBy(reasons, ranked[place - 1]?.reasons ?? null, recommendation(option)),
  }));
  const contradictions = contradictionsOf(judged.map((each) => each.reasons));
  const involved = [...new Set(contradictions.flatMap((each) => each.requirements))];
  return {
    ranking,
    contradictions,
    without: involved.map((requirement) => ({ requirement, best: bestWithout(judged, requirement) })),
  };
}

interface Counts {
  readonly ruledOut: number;
  readonly newCluster: number;
  readonly unknown: number;
  readonly conditions: number;
}

type Reasons = readonly Pick<ReasonFor<string>, 'effect' | 'text'>[];

function countsOf(reasons: Reasons): Counts {
  const count = (effect: Effect) => reasons.filter((each) => each.effect === effect).length;
  return {
    ruledOut: count('rules-out'),
    newCluster: count('new-cluster'),
    unknown: count('unknown'),
    conditions: count('condition'),
  };
}

function standingOf(reasons: Reasons): Ranked<string, string>['standing'] {
  const { ruledOut, newCluster, unknown, conditions } = countsOf(reasons);
  if (ruledOut > 0) return 'ruled-out';
  if (unknown > 0) return 'uncertain';
  return newCluster + conditions > 0 ? 'with-conditions' : 'suits';
}

/** Where the option before it has the same conditions, it is the recommendation that decides. */
function decidedBy(reasons: Reasons, before: Reasons | null, recommendation: string): readonly string[] {
  const texts = (of: Reasons, effect: Effect) =>
    of.filter((each) => each.effect === effect).map((each) => each.text);
  const out = texts(reasons, 'rules-out');
  if (out.length > 0) return out;
  const lacks = (of: Reasons) => [
    ...texts(of, 'new-cluster'),
    ...texts(of, 'unknown'),
    ...texts(of, 'condition'),
  ];
  const own = lacks(reasons);
  const isSame = before !== null && lacks(before).join() === own.join();
  return own.length === 0 || isSame ? [...own, recommendation] : own;
}

/** Sets larger than this are no contradiction that anybody sees through. */
const LARGEST_SET = 4;

/**
 * The smallest sets of requirements that leave no option. An option is ruled out by a set if one of its
 * reasons needs no requirement outside it.
 */
function contradictionsOf<Requirement extends string>(
  reasons: readonly (readonly ReasonFor<Requirement>[])[],
): readonly ContradictionOf<Requirement>[] {
  const against = reasons.map((each) =>
    each.filter((reason) => reason.effect === 'rules-out').map((reason) => reason.requirements),
  );
  const all = [...new Set(against.flat(2))];
  const found: Requirement[][] = [];
  const leavesNone = (set: readonly Requirement[]): boolean =>
    against.every((sets) => sets.some((each) => each.every((requirement) => set.includes(requirement))));
  const search = (from: number, set: readonly Requirement[], size: number): void => {
    if (set.length === size) {
      const isKnown = found.some((known) => known.every((each) => set.includes(each)));
      if (!isKnown && leavesNone(set)) found.push([...set]);
      return;
    }
    for (let index = from; index < all.length; index++) {
      const next = all[index];
      if (next !== undefined) search(index + 1, [...set, next], size);
    }
  };
  for (let size = 1; size <= Math.min(LARGEST_SET, all.length); size++) search(0, [], size);
  return found.map((requirements) => ({ requirements }));
}

function bestWithout<Option extends string, Requirement extends string>(
  judged: readonly Judged<Option, Requirement>[],
  dropped: Requirement,
): Option | null {
  const left = judged.filter(
    ({ reasons }) =>
      !reasons.some((each) => each.effect === 'rules-out' && !each.requirements.includes(dropped)),
  );
  return left[0]?.option ?? null;
}
