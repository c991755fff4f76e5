import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'tests/{unit,property,content,oracle,cli,deploy}/**/*.test.ts',
      'tests/{unit,property,content,oracle,cli,deploy}/**/*.test.tsx',
    ],
    allowOnly: false,
    testTimeout: 20_000,
  },
});
