import { join } from 'node:path';
import { readOutline } from '../../src/ui/course/outline.ts';
import { answered, progressFile, worked } from './pages/progress-file.ts';
import { ProgressPage } from './pages/progress.ts';
import { accessibilityIssues, expect, issuesInBothThemes, layoutShifts, test } from './pages/site.ts';

const AT = Date.parse('2026-11-20T12:00:00Z');
const DONE = 'network-plugins/what-a-network-plugin-does';
const BEGUN = 'network-plugins/kubenet/addresses';
const { modules } = readOutline(join(import.meta.dirname, '../../content'), []);
const questionsOf = (lesson: string): readonly string[] =>
  modules
    .flatMap(({ lessons }) => lessons)
    .flatMap(({ slug, questions }) => (slug === lesson ? questions.map(({ id }) => `quiz.${id}`) : []));

const FILE = progressFile(
  {
    ...Object.fromEntries(questionsOf(DONE).map((key) => [key, answered('right', AT)])),
    [questionsOf(BEGUN)[0] ?? '']: answered('wrong', AT),
    'read.network-plugins/kubenet/outside': { first: AT, last: AT, seconds: 60 },
    'lab.tight-subnet': worked('tight-subnet', []),
  },
  { at: AT },
);

test('the map and the page of a module mark what was read and solved, also from another tab', async ({
  page,
  context,
}) => {
  await page.goto('/map/');
  const row = (lesson: string) => page.locator(`[data-lesson="${lesson}"] .mark`);
  await expect(row(DONE)).toHaveText('');
  const progress = new ProgressPage(await context.newPage());
  await progress.open();
  await progress.import(FILE);
  for (const address of ['/map/', '/modules/network-plugins/']) {
    if (address !== '/map/') await page.goto(address);
    await expect(row(DONE)).toHaveText('done');
    await expect(row(BEGUN)).toHaveText(`1 of ${questionsOf(BEGUN).length} answered`);
    await expect(row('network-plugins/kubenet/outside')).toHaveText('read');
    await expect(row('network-plugins/kubenet/across-nodes')).toHaveText('');
    await expect(page.locator('.module-links .mark').first()).toContainText(/^1 of \d+ lessons/);
    expect(await accessibilityIssues(page)).toEqual([]);
  }
  await progress.empty();
  await expect(row(DONE)).toHaveText('');
});

test('a lab says how far it is', async ({ page }) => {
  const progress = new ProgressPage(page);
  await progress.open();
  await progress.import(FILE);
  await expect(progress.figure('Lessons done')).toContainText('1 of');
  await page.goto('/map/');
  await expect(page.locator('[data-lab="tight-subnet"] .mark')).toHaveText('begun');
});

test('where the browser keeps nothing the map is a plain page', async ({ page }) => {
  await page.addInitScript(() => {
    const fail = (): never => {
      throw new DOMException('refused', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { configurable: true, get: fail });
    Object.defineProperty(window, 'indexedDB', { configurable: true, get: fail });
  });
  await page.goto('/map/', { waitUntil: 'networkidle' });
  await expect(page.locator('.mark:not(:empty)')).toHaveCount(0);
  await expect(page.locator('[data-lesson]').first()).toBeVisible();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('nothing is claimed', async ({ page }) => {
    await page.goto('/map/');
    await expect(page.locator('.mark:not(:empty)')).toHaveCount(0);
  });
});

for (const width of [390, 1440]) {
  test(`with marks both pages are accessible in both themes, fit, and hardly move: ${width} px`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const progress = new ProgressPage(page);
    await progress.open();
    await progress.import(FILE);
    await expect(progress.figure('Lessons done')).toContainText('1 of');
    for (const address of ['/map/', '/modules/network-plugins/']) {
      await page.goto(address);
      await expect(page.locator('.mark[data-state="done"]').first()).toBeVisible();
      expect(await issuesInBothThemes(page), address).toEqual([]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, address).toBeLessThanOrEqual(0);
      // A long title may take a second line beside its mark; nothing else may move.
      const moved = (await layoutShifts(page)).map((shift) => Number.parseFloat(shift));
      expect(
        moved.reduce((sum, each) => sum + each, 0),
        address,
      ).toBeLessThan(0.05);
    }
  });
}
