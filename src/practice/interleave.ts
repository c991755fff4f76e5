/**
 * Puts questions in an order in which neighbours differ: in module, lesson, plugin or way out, and
 * kind of question. Mixed practice teaches to tell similar things apart (Rohrer 2012). Pure.
 */
import type { Candidate } from './due.ts';

type Mixed = Pick<Candidate, 'module' | 'lesson' | 'topics' | 'kind'>;

/** How alike two neighbours are; 0 if they have nothing in common. */
export function likeness(one: Mixed, other: Mixed): number {
  return (
    (one.module === other.module ? 1000 : 0) +
    (one.lesson === other.lesson ? 100 : 0) +
    10 * one.topics.filter((topic) => other.topics.includes(topic)).length +
    (one.kind === other.kind ? 1 : 0)
  );
}

export function likenessOfNeighbours(order: readonly Mixed[]): number {
  return order.reduce((sum, each, at) => {
    const before = order[at - 1];
    return before === undefined ? sum : sum + likeness(before, each);
  }, 0);
}

/**
 * The same questions in such an order. No two neighbours are of one module wherever an order like that
 * exists, that is where no module has more than half of the questions, rounded up.
 */
export function interleaved<T extends Mixed>(questions: readonly T[]): readonly T[] {
  return swapped(oneAfterTheOther(questions));
}

/** Always the least alike of those that leave an order without equal neighbours for the rest. */
function oneAfterTheOther<T extends Mixed>(questions: readonly T[]): readonly T[] {
  const rest = [...questions];
  const order: T[] = [];
  while (rest.length > 0) {
    const before = order.at(-1);
    const crowded = crowdedModule(rest, before?.module ?? null);
    const allowed = rest.filter(({ module }) => crowded === null || module === crowded);
    const next = leastAlike(allowed, before);
    rest.splice(rest.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** The module that has to come now, since afterwards it would have too many for the places left. */
function crowdedModule(rest: readonly Mixed[], before: string | null): string | null {
  const counts = new Map<string, number>();
  for (const { module } of rest) counts.set(module, (counts.get(module) ?? 0) + 1);
  for (const [module, count] of counts) {
    if (module !== before && count > Math.floor(rest.length / 2)) return module;
  }
  return null;
}

function leastAlike<T extends Mixed>(allowed: readonly T[], before: T | undefined): T {
  const [first] = allowed;
  if (first === undefined) throw new Error('nothing to choose from');
  if (before === undefined) return first;
  return allowed.reduce((best, each) => (likeness(before, each) < likeness(before, best) ? each : best));
}

/** Exchanges two wherever that makes neighbours less alike, until nothing gets better. */
function swapped<T extends Mixed>(questions: readonly T[]): readonly T[] {
  let order = [...questions];
  let cost = likenessOfNeighbours(order);
  for (let improved = true; improved;) {
    improved = false;
    for (let one = 0; one < order.length; one++) {
      for (let other = one + 1; other < order.length; other++) {
        const tried = [...order];
        [tried[one], tried[other]] = [tried[other] as T, tried[one] as T];
        const then = likenessOfNeighbours(tried);
        if (then < cost) {
          [order, cost, improved] = [tried, then, true];
        }
      }
    }
  }
  return order;
}
