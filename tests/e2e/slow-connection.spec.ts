/** A page that is painted before all of it is there: what comes later moves nothing. */
import { expect, layoutShifts, test as watchedTest } from './pages/site.ts';
import { SiteInPieces } from './pages/site-in-pieces.ts';

const test = watchedTest.extend<{ site: SiteInPieces }>({
  site: [
    async ({}, use) => {
      const site = await SiteInPieces.open();
      await use(site);
      site.close();
    },
    { timeout: 60_000 },
  ],
  baseURL: async ({ site }, use) => use(site.origin),
});

/** One for each frame that a page may have (src/ui/shell/page-frame.ts), and those that fill it otherwise. */
const PAGES = [
  '/network-plugins/kubenet/across-nodes/',
  '/calculators/',
  '/calculators/which-plugin/',
  '/tracer/',
  '/labs/',
  '/labs/six-tickets/',
  '/practice/',
  '/practice/incident/',
];

for (const address of PAGES) {
  test(`${address} does not move while it comes`, async ({ page }) => {
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 1440, height: 900 },
    ]) {
      await page.setViewportSize(viewport);
      await page.goto(address, { waitUntil: 'networkidle' });
      expect(await layoutShifts(page), `${viewport.width} px`).toEqual([]);
    }
  });
}
