/** Sentences about a ranking whose options no requirement may leave. */
import type { ContradictionOf, Ranking } from './ranking.ts';

/** What the options are called, and the requirements. */
export interface RankingWords<Option extends string, Requirement extends string> {
  /** `plugin`, `outbound type`. */
  readonly kind: string;
  readonly requirements: Readonly<Record<Requirement, string>>;
  readonly nameOf: (option: Option) => string;
}

/** Returns what is said where no option is left. */
export function noneMeets(kind: string, contradictions: readonly unknown[]): string {
  const count = contradictions.length;
  return count === 0
    ? `No ${kind} meets all of this.`
    : `No ${kind} meets all of this: ${count === 1 ? 'one set of wishes contradicts itself' : `${count} sets of wishes contradict themselves`}.`;
}

/** Returns a contradiction in words, with what would remain without each part of it. */
export function contradictionText<Option extends string, Requirement extends string>(
  { requirements }: ContradictionOf<Requirement>,
  { without }: Pick<Ranking<Option, Requirement>, 'without'>,
  words: RankingWords<Option, Requirement>,
): string {
  const names = requirements.map((each) => words.requirements[each]);
  const ways = requirements.flatMap((requirement) => {
    const best = without.find((each) => each.requirement === requirement)?.best ?? null;
    return best === null
      ? []
      : [`without "${words.requirements[requirement]}", ${words.nameOf(best)} remains`];
  });
  const said =
    names.length === 1
      ? `No ${words.kind} has this: ${names[0] ?? ''}`
      : `No ${words.kind} has all of these: ${names.join('; ')}`;
  return `${said}.${ways.length === 0 ? '' : ` ${capitalised(ways.join('; '))}.`}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
