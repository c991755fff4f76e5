import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'tests/{unit,property,content,oracle,cli}/**/*.test.ts',
      'tests/{unit,property,content,oracle,cli}/**/*.test.tsx',
    ],
    allowOnly: false,
    testTimeout: 20_000,
  },
});
