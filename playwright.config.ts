import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

const port = process.env.E2E_PORT ?? '4390';
const executablePath = process.env.CHROMIUM_EXECUTABLE;

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  forbidOnly: true,
  fullyParallel: true,
  workers: Math.max(2, Math.min(4, availableParallelism())),
  reporter: 'list',
  timeout: 60_000,
  use: {
    baseURL: `http://localhost:${port}`,
    // `npx playwright test --trace on FILE` records one; recording every test takes more time than the tests.
    trace: 'off',
    // Each test is a first visit, and each would fetch the whole course; offline.spec.ts allows it.
    serviceWorkers: 'block',
    // A context of its own for each test, with a process of its own, takes half the time of all tests. Between
    // two tests cookies, cache, local storage, databases, routes and scripts of the one before are cleared; what
    // else a test changes site.ts puts back. A file whose tests need more says `reuseContext: false`.
    reuseContext: true,
    launchOptions: {
      ...(executablePath === undefined || executablePath === '' ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    // Builds first if dist/ does not match its sources.
    command: 'node scripts/start.ts',
    env: { PORT: port },
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
    timeout: 240_000,
    stdout: 'ignore',
  },
});
