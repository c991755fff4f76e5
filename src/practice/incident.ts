/** Which broken network an incident is: one of the causes of a lab that asks for a diagnosis. Pure. */

export interface IncidentLab {
  readonly lab: string;
  readonly module: string;
  /** The lab's own seeds, one for each cause. */
  readonly seeds: readonly string[];
}

export interface Incident {
  readonly lab: string;
  readonly module: string;
  readonly variation: string;
}

/** Letters and digits that nobody takes for each other. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 6;

/**
 * The incident of a seed, the same for everybody who has the same labs; null without labs. Modules come equally
 * often, however many causes they have, and a module more or less moves few of the others' seeds.
 */
export function incidentOf(seed: string, labs: readonly IncidentLab[]): Incident | null {
  const modules = [...new Set(labs.map(({ module }) => module))];
  const module = winner(modules, (each) => `${seed} ${each}`);
  const causes = labs
    .filter((each) => each.module === module)
    .flatMap(({ lab, seeds }) => seeds.map((variation) => ({ lab, variation })));
  const cause = winner(causes, ({ lab, variation }) => `${seed} ${lab} ${variation}`);
  return module === null || cause === null ? null : { ...cause, module };
}

/** The one whose name has the greatest hash. */
function winner<T>(all: readonly T[], name: (each: T) => string): T | null {
  let best: { readonly each: T; readonly rank: number; readonly name: string } | null = null;
  for (const each of all) {
    const called = name(each);
    const rank = hash(called);
    if (best === null || rank > best.rank || (rank === best.rank && called < best.name)) {
      best = { each, rank, name: called };
    }
  }
  return best?.each ?? null;
}

/** FNV-1a, mixed once more so that names which differ at the end only differ everywhere. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return (state ^ (state >>> 15)) >>> 0;
}

const TRIES = 200;

/**
 * Draws a seed whose incident is of another module than the last one and of a cause that was not had, as far as
 * there are such. `random` gives numbers below 2^32; `had` is oldest first. Null without labs.
 */
export function drawSeed(
  labs: readonly IncidentLab[],
  had: readonly Incident[],
  random: () => number,
): string | null {
  const last = had.at(-1);
  let best: { readonly seed: string; readonly cost: number } | null = null;
  for (let tried = 0; tried < TRIES; tried++) {
    const seed = Array.from({ length: LENGTH }, () => LETTERS[random() % LETTERS.length]).join('');
    const incident = incidentOf(seed, labs);
    if (incident === null) return null;
    const same = (one: Incident): boolean => one.lab === incident.lab && one.variation === incident.variation;
    const isLast = last !== undefined && same(last);
    const cost = (isLast ? 8 : 0) + (incident.module === last?.module ? 4 : 0) + (had.some(same) ? 2 : 0);
    if (best === null || cost < best.cost) best = { seed, cost };
    if (best.cost === 0) break;
  }
  return best?.seed ?? null;
}

/** Reads a seed that somebody typed or followed; null if it cannot be one. */
export function readIncidentSeed(text: string): string | null {
  const seed = text.trim().toLowerCase();
  return /^[a-z0-9]{4,20}$/.test(seed) ? seed : null;
}
