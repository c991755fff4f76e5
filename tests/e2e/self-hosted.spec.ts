/**
 * The builds for `/` and for a base path in a browser, behind nginx as deploy/ sets it up: whatever a
 * page fetches late (islands, search, the terminal's worker) must follow the base path and the policy.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT, readStamp, sourcesDigest } from '../../scripts/built-site.ts';
import { readHeadersFile } from '../../src/ui/shell/security-policy.ts';
import { brotliModule, nginxVersion, startNginx } from '../support/nginx.ts';
import type { RunningNginx } from '../support/nginx.ts';
import { goThroughCourse, visit } from './pages/offline-course.ts';
import { expect, test as watchedTest } from './pages/site.ts';
import { WorkspacePage } from './pages/workspace.ts';

const builds = [
  { name: 'at /', dist: DIST },
  { name: 'below a base path', dist: join(ROOT, '.cache/dist-below-base') },
];

for (const { name, dist } of builds) {
  const stamp = readStamp(dist);
  const base = stamp?.base ?? '/';
  const serve = (): Promise<RunningNginx> => {
    const headers = readHeadersFile(readFileSync(join(dist, '_headers'), 'utf8'));
    return startNginx(dist, { base, headers, brotliModule });
  };
  const test = watchedTest.extend<object, { nginx: RunningNginx }>({
    nginx: [
      async ({}, use) => {
        const nginx = await serve();
        await use(nginx);
        await nginx.stop();
      },
      { scope: 'worker' },
    ],
    baseURL: async ({ nginx }, use) => use(nginx.origin),
  });

  test.describe(`self-hosted ${name}`, { tag: '@self-hosted' }, () => {
    test.skip(nginxVersion === null, 'needs nginx');
    test.skip(
      stamp?.sources !== sourcesDigest(base),
      'needs a build of the sources as they are, which npm test makes for both paths',
    );

    test('the home page moves packets, and search leads to a lesson', async ({ page }) => {
      await page.goto(base);
      const answer = page.locator('packet-mover');
      await expect(answer).toContainText('Delivered');
      await page.keyboard.press('/');
      const dialog = page.getByRole('dialog', { name: 'Search' });
      await expect(dialog).toBeVisible();
      await page.keyboard.type('bridge');
      await expect(dialog.getByRole('link').first()).toBeVisible();
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(new RegExp(`^[^?]+:\\d+${base}[a-z-]+/`));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    });

    test("a lab's terminal runs commands", async ({ page }) => {
      await page.goto(`${base}labs/`);
      await page.locator('.lab-list ol > li').first().getByRole('link').click();
      await expect(page).toHaveURL(new RegExp(`${base}labs/[a-z-]+/$`));
      const workspace = new WorkspacePage(page);
      await workspace.ready();
      await workspace.openTerminal();
      await workspace.type('az group create -n rg-here -l westeurope --query name -o tsv');
      expect(await workspace.screen()).toContain('\nrg-here\n');
    });

    test('a wrong address shows the page that leads on', async ({ page }) => {
      const response = await page.goto(`${base}no/such/page/`);
      expect(response?.status()).toBe(404);
      await page.getByRole('main').getByRole('link').first().click();
      await expect(page).toHaveURL(new RegExp(`:\\d+${base}`));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    });

    // At / the same is asked of the own server, in offline.spec.ts.
    if (base === '/') return;
    const offline = watchedTest.extend<{ nginx: RunningNginx; stopped: { yet: boolean } }>({
      stopped: async ({}, use) => use({ yet: false }),
      nginx: [
        async ({ stopped }, use) => {
          const nginx = await serve();
          await use(nginx);
          if (!stopped.yet) await nginx.stop();
        },
        { timeout: 60_000 },
      ],
      baseURL: async ({ nginx }, use) => use(nginx.origin),
    });
    offline.describe('after one visit', () => {
      offline.use({ serviceWorkers: 'allow' });
      offline.setTimeout(300_000);
      offline('the whole course works without a network', async ({ page, context, nginx, stopped }) => {
        await visit(page, base);
        await nginx.stop();
        stopped.yet = true;
        await context.setOffline(true);
        await goThroughCourse(page, base, dist);
      });
    });
  });
}
