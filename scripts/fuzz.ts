/**
 * `npm run fuzz [-- --rounds N] [FILE...]`: the property tests (or the given files) again and again,
 * each round with another seed, until a round fails or N of them passed (10, unless said otherwise).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomSeed } from './fuzz-seed.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '10' } },
  allowPositionals: true,
});
const rounds = /^\d{1,6}$/.test(values.rounds) ? Number(values.rounds) : 0;
if (rounds === 0) {
  console.error(`--rounds is "${values.rounds}"; expected a whole number from 1.`);
  process.exit(2);
}
const files = positionals.length > 0 ? positionals : ['tests/property'];
const vitest = join(import.meta.dirname, '..', 'node_modules', '.bin', 'vitest');

for (let round = 1; round <= rounds; round += 1) {
  const seed = String(randomSeed());
  console.log(`\nRound ${round} of ${rounds}: FUZZ_SEED=${seed}`);
  const { status } = spawnSync(vitest, ['run', ...files, '--reporter=dot'], {
    env: { ...process.env, FUZZ_SEED: seed },
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`\nRepeat it: FUZZ_SEED=${seed} npx vitest run FILE`);
    process.exit(1);
  }
}
