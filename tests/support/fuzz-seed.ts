/**
 * Vitest runs this before every test file: all properties draw from one seed, so that a run of the
 * tests says the same thing twice. vitest.config.ts settles FUZZ_SEED; fast-check prints the seed of
 * a property that fails, and `FUZZ_SEED=THAT npx vitest run FILE` repeats it.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['FUZZ_SEED']) });
