import type { Lab } from './lab.ts';

/**
 * Returns which of the lab's variations a seed picks: itself if the lab lists it, else one of the
 * listed ones, always the same. So any text is a seed, and `start.sh` needs to know only the listed.
 */
export function variantOf(lab: Lab, seed: string): string {
  if (lab.seeds.includes(seed)) return seed;
  let sum = 0;
  for (const character of seed) sum = (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return lab.seeds[sum % lab.seeds.length] ?? lab.seeds[0];
}
