import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { fuzzSeed } from './scripts/fuzz-seed.ts';

/** What takes longest goes first, so that no worker is left alone with it at the end. */
const LONGEST = [/\/content\/(?:labs|quizzes|course-az)/, /\/cli\//, /\/property\//];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((pattern) => pattern.test(moduleId));
      return index < 0 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: [
      'tests/{unit,property,content,oracle,cli,deploy}/**/*.test.ts',
      'tests/{unit,property,content,oracle,cli,deploy}/**/*.test.tsx',
    ],
    setupFiles: ['tests/support/fuzz-seed.ts'],
    env: { FUZZ_SEED: String(fuzzSeed(process.env.FUZZ_SEED)) },
    sequence: { sequencer: LongestFirst },
    allowOnly: false,
    // Four hundred files share the model and the shell: loading them anew for each takes a third of the time.
    isolate: false,
    // Against what hangs; on a busy machine the largest properties take half of it.
    testTimeout: 60_000,
  },
});
