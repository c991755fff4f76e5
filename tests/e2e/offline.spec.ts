/**
 * After one visit everything works without a network, and a new version comes whole or not at all. The
 * other browser tests run without the service worker (playwright.config.ts): each would fetch the site.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { DIST, ROOT } from '../../scripts/built-site.ts';
import { ChangingSite, scriptOf, type Pages } from './pages/changing-site.ts';
import { goThroughCourse, visit } from './pages/offline-course.ts';
import { accessibilityIssues, expect, test as watchedTest } from './pages/site.ts';
import { WorkspacePage } from './pages/workspace.ts';

const LESSON = '/network-plugins/kubenet/across-nodes/';
const LAB = '/labs/bring-your-own-network/';
const NEW_WORDS = 'Said by the newer version';

/** What holds of the copy of a few pages holds of all: only the first test keeps the whole course. */
const FEW = ['/', LESSON];

const test = watchedTest.extend<{ pages: Pages; site: ChangingSite }>({
  pages: [FEW, { option: true }],
  // Opened first: the address of the site is what the watch compares requests with.
  site: [
    async ({ pages }, use) => {
      const site = await ChangingSite.open(pages);
      await use(site);
      await site.close();
    },
    { timeout: 60_000 },
  ],
  baseURL: async ({ site }, use) => use(site.origin),
});
// What a browser keeps of a site is what is tested: each test is a browser that keeps nothing yet.
test.use({ serviceWorkers: 'allow', reuseContext: false });
test.setTimeout(300_000);

const caches = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.caches.keys());

test.describe('the whole course', () => {
  test.use({ pages: 'all' });

  test('after one visit every page, a lab, calculators, the tracer and search work without a network', async ({
    page,
    context,
    site,
  }) => {
    await visit(page, '/');
    await site.stop();
    await context.setOffline(true);
    await goThroughCourse(page, '/', DIST);
  });
});

test.describe('with a lab', () => {
  test.use({ pages: [...FEW, LAB] });

  test('a new version waits until the reader agrees, then replaces every page at once', async ({
    page,
    context,
    site,
  }) => {
    // As after any change of the simulation, the server no longer has the checker of the old pages.
    const newer = site.build('newer', { [`${LESSON.slice(1)}index.html`]: ['</h1>', ` ${NEW_WORDS}</h1>`] }, [
      scriptOf('lab-worker'),
    ]);
    await visit(page, LESSON);
    const before = await caches(page);
    expect(before).toHaveLength(1);

    site.switchTo(newer);
    const other = await context.newPage();
    await other.goto(LAB);
    const notice = page.locator('.notice');
    await expect(notice).toContainText('A newer version of the course is saved', { timeout: 120_000 });
    expect(await accessibilityIssues(page)).toEqual([]);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).not.toContainText(NEW_WORDS);
    expect(await caches(page)).toHaveLength(2);
    const workspace = new WorkspacePage(other);
    await workspace.ready();
    await workspace.openTerminal();
    await workspace.check();

    const reloaded = Promise.all([page.waitForEvent('load'), other.waitForEvent('load')]);
    await page.getByRole('button', { name: 'Switch now' }).click();
    await reloaded;
    await expect(page.getByRole('heading', { level: 1 })).toContainText(NEW_WORDS);
    await expect(page.locator('.standing')).toHaveText('Works offline.');
    const after = await caches(page);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    await expect(notice).toBeEmpty();
  });
});

test('a new version takes over by itself once no page of the old one is open', async ({
  page,
  context,
  site,
}) => {
  await visit(page, LESSON);
  site.switchTo(site.build('newer', { [`${LESSON.slice(1)}index.html`]: ['</h1>', ` ${NEW_WORDS}</h1>`] }));
  await page.reload();
  await expect(page.getByRole('button', { name: 'Later' })).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page.locator('.notice')).toBeEmpty();
  await expect(page.locator('.standing')).toContainText('A newer version is saved.');
  await page.close();
  const next = await context.newPage();
  await expect
    .poll(
      async () => {
        await next.goto(LESSON);
        const title = await next.getByRole('heading', { level: 1 }).innerText();
        await next.goto('about:blank');
        return title;
      },
      // The worker that takes over first throws the old files away.
      { timeout: 60_000 },
    )
    .toContain(NEW_WORDS);
});

test('a deployment that stopped half-way changes nothing', async ({ page, site }) => {
  const broken = site.build('broken', { [`${LESSON.slice(1)}index.html`]: ['</h1>', ` ${NEW_WORDS}</h1>`] });
  site.spoil(broken, `${LESSON.slice(1)}index.html`);
  await visit(page, LESSON);
  site.switchTo(broken);
  const gaveUp = page.evaluate(
    async () =>
      new Promise<string>((resolve) => {
        navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ kind: string }>) => {
          if (data.kind === 'stopped') resolve(data.kind);
        });
        void navigator.serviceWorker.getRegistration().then((registration) => registration?.update());
      }),
  );
  expect(await gaveUp).toBe('stopped');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText(NEW_WORDS);
  await expect(page.locator('.standing')).toHaveText('Works offline.');
  await expect(page.locator('.notice')).toBeEmpty();
});

test('the worker in deploy/README.md rids everybody of the copy', async ({ page, site }) => {
  const readme = readFileSync(join(ROOT, 'deploy/README.md'), 'utf8');
  const [, worker = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const without = site.build('without', {});
  site.replace(without, 'sw.js', worker);
  await visit(page, '/');
  site.switchTo(without);
  await page.goto(LESSON);
  // The page may just be loading anew.
  await expect.poll(() => caches(page).catch(() => null), { timeout: 60_000 }).toEqual([]);
  const response = await page.goto('/');
  expect(response?.fromServiceWorker()).toBe(false);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await caches(page)).toEqual([]);
});

test('who saves data is asked first, with the size', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });
  await page.goto('/');
  await expect(page.locator('.standing')).toContainText(/Can be saved for offline use \(\d+ MB\)/);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await page.getByRole('button', { name: 'Save it' }).click();
  await expect(page.locator('.standing')).toHaveText('Works offline.', { timeout: 120_000 });
});

test('who wants no copy removes it, keeps the work, and is not given another', async ({ page }) => {
  await visit(page, '/');
  await page.evaluate(() => localStorage.setItem('mine', 'work'));
  await page.getByRole('button', { name: 'Remove the copy' }).click();
  await expect(page.locator('.standing')).toContainText('Can be saved for offline use');
  expect(await caches(page)).toEqual([]);
  await page.goto(LESSON);
  await expect(page.locator('.standing')).toContainText('Can be saved for offline use');
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  expect(await page.evaluate(() => localStorage.getItem('mine'))).toBe('work');
  expect(await accessibilityIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save it' }).click();
  await expect(page.locator('.standing')).toHaveText('Works offline.', { timeout: 120_000 });
});

test('a browser that keeps nothing says so, and the course works', async ({ page, watched }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator.serviceWorker, 'register', {
      value: () => Promise.reject(new DOMException('private', 'SecurityError')),
    });
  });
  await page.goto(LESSON);
  await expect(page.locator('.standing')).toHaveText(/^Not saved for offline use/);
  await expect(page.locator('.version')).toHaveText(/^Version \d+\.\d+\.\d+\+/);
  expect(watched.incidents).toEqual([]);
});

test('it can be installed: manifest, icons and scope are where the page says', async ({ page, request }) => {
  await page.goto('/');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const response = await request.get(address ?? '');
  expect(response.headers()['content-type']).toContain('application/manifest+json');
  const manifest = (await response.json()) as { readonly icons: readonly { readonly src: string }[] };
  for (const { src } of manifest.icons) {
    const icon = await request.get(new URL(src, response.url()).href);
    expect([src, icon.status()]).toEqual([src, 200]);
  }
  const client = await page.context().newCDPSession(page);
  const { errors } = await client.send('Page.getAppManifest');
  expect(errors).toEqual([]);
});
