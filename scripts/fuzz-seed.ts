/** The seed that property tests draw from: always the same one, unless FUZZ_SEED is a number or `random`. */

const DEFAULT_SEED = 8;
const LARGEST_SEED = 2 ** 31 - 1;

export function fuzzSeed(given: string | undefined): number {
  if (given === undefined || given === '') return DEFAULT_SEED;
  if (given === 'random') return randomSeed();
  const seed = /^-?\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  // fast-check reads a seed as a 32-bit number and may print a negative one.
  if (Math.abs(seed) <= LARGEST_SEED) return seed;
  throw new Error(`FUZZ_SEED is "${given}"; expected "random" or a whole number up to ${LARGEST_SEED}.`);
}

export function randomSeed(): number {
  return Math.floor(Math.random() * LARGEST_SEED);
}
