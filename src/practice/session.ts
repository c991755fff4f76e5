/** One review: which of the candidates, about ten minutes of them, and in which order. Pure. */
import { shuffled } from '../quiz/shuffle.ts';
import { NEEDS, type Candidate } from './due.ts';
import { interleaved } from './interleave.ts';

export const SESSION_SECONDS = 600;

/**
 * About `seconds` worth of questions: those most needed first, in turn from each module, then put in an
 * order in which neighbours differ. `seed` decides among those that are needed alike.
 */
export function chooseSession(
  pool: readonly Candidate[],
  seed: string,
  seconds: number = SESSION_SECONDS,
): readonly Candidate[] {
  const chosen: Candidate[] = [];
  // One module may have half of the time, and more only where the others cannot fill it.
  for (const share of [seconds / 2, seconds]) {
    for (const need of NEEDS) {
      // What is not due yet would be massed practice: only if there is nothing else, and it was asked for.
      if (need === 'not-yet' && chosen.some((each) => each.need !== 'not-yet')) break;
      const waiting = byNeed(
        pool.filter((each) => each.need === need && !chosen.includes(each)),
        seed,
      );
      for (;;) {
        const next = nextInTurn(waiting, chosen, share);
        if (next === null || seconds - secondsOf(chosen) < next.seconds / 2) break;
        waiting.splice(waiting.indexOf(next), 1);
        chosen.push(next);
      }
    }
  }
  return interleaved(chosen);
}

/** Longest ago first; of those never asked, in an order of the seed. */
function byNeed(alike: readonly Candidate[], seed: string): Candidate[] {
  return [...shuffled(alike, seed)].sort((one, other) => one.last - other.last);
}

/** The first that waits from the module that has had the fewest turns, and not yet its share of the time. */
function nextInTurn(
  waiting: readonly Candidate[],
  chosen: readonly Candidate[],
  share: number,
): Candidate | null {
  let best: Candidate | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const each of waiting) {
    const turns = chosen.filter(({ module }) => module === each.module);
    if (turns.length < fewest && secondsOf(turns) < share) [best, fewest] = [each, turns.length];
  }
  return best;
}

export function secondsOf(questions: readonly Candidate[]): number {
  return questions.reduce((sum, { seconds }) => sum + seconds, 0);
}
