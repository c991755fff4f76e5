/** Page budgets (scripts/page-budgets.ts) reckon what a page fetches from its files; a browser fetches it. */
import { join } from 'node:path';
import { pageSizes } from '../../scripts/page-sizes.ts';
import { expect, test } from './pages/site.ts';

const DIST = join(import.meta.dirname, '../../dist');
const PAGES = [
  '/',
  '/network-plugins/kubenet/across-nodes/',
  '/calculators/nsg-evaluator/',
  '/labs/six-tickets/',
  '/practice/',
  '/progress/',
  '/tracer/',
];
/** What a page may fetch unreckoned once it is there: the script that keeps the offline copy. */
const MOST_AFTERWARDS = 5_000;

test('a page fetches before any interaction what its size counts', async ({ page }) => {
  const sizes = new Map(pageSizes(DIST).map((each) => [each.address, each]));
  for (const address of PAGES) {
    await page.goto(address, { waitUntil: 'networkidle' });
    const fetched = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming)
        .map(({ name, encodedBodySize }) => ({ file: new URL(name).pathname.slice(1), encodedBodySize }))
        .filter(({ file }) => /\.(js|css|woff2)$/.test(file)),
    );
    const reckoned = sizes.get(address)?.files ?? [];
    expect(reckoned.length, address).toBeGreaterThan(3);
    const seen = fetched.map(({ file }) => file);
    expect(
      reckoned.filter((file) => !seen.includes(file) && !file.endsWith('.woff2')),
      `reckoned for ${address}, not fetched`,
    ).toEqual([]);
    const rest = fetched.filter(({ file }) => !reckoned.includes(file));
    const bytes = rest.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    expect(bytes, `${address} also fetched ${JSON.stringify(rest)}`).toBeLessThanOrEqual(MOST_AFTERWARDS);
  }
});
