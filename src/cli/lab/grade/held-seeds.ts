/** The trainer's seeds: networks that no learner has seen, so that an answer copied as text fails. */
import { readFileSync } from 'node:fs';
import { similarNames } from '../../../lab/similar-names.ts';
import { UsageError } from '../usage-error.ts';

/** Returns the seed for a submission; null if the trainer holds none for it. */
export type HeldSeed = (learner: string, lab: string) => string | null;

export const NO_HELD_SEED: HeldSeed = () => null;

/**
 * Reads lines of `LAB = SEED`, `LEARNER/LAB = SEED`, `LEARNER/* = SEED` and `* = SEED`; the closest to one
 * submission counts. `#` begins a comment. Throws `UsageError` that names the line.
 */
export function readSeeds(path: string, labs: readonly string[]): HeldSeed {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`Cannot read the seeds in ${path}.`);
  }
  const seeds = new Map<string, string>();
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const at = line.lastIndexOf('=');
    const whose = line.slice(0, Math.max(at, 0)).trim();
    const seed = line.slice(at + 1).trim();
    const where = `${path}, line ${index + 1}`;
    if (whose === '' || seed === '') {
      throw new UsageError(
        `${where}: expected LAB = SEED, LEARNER/LAB = SEED, LEARNER/* = SEED or * = SEED.`,
      );
    }
    const lab = whose.slice(whose.lastIndexOf('/') + 1);
    if (lab !== '*' && !labs.includes(lab)) {
      const similar = similarNames(lab, labs);
      const advice = similar.length === 0 ? '' : ` Did you mean ${similar.join(' or ')}?`;
      throw new UsageError(`${where}: there is no lab '${lab}'.${advice}`);
    }
    if (seeds.has(whose)) throw new UsageError(`${where}: '${whose}' has a seed already.`);
    seeds.set(whose, seed);
  }
  if (seeds.size === 0) throw new UsageError(`${path} holds no seed.`);
  return (learner, lab) =>
    seeds.get(`${learner}/${lab}`) ?? seeds.get(`${learner}/*`) ?? seeds.get(lab) ?? seeds.get('*') ?? null;
}
