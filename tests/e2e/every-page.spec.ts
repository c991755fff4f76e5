import { brokenLinks } from '../../src/ui/shell/internal-links.ts';
import { accessibilityIssues, builtPage, builtPages, expect, test } from './pages/site.ts';

const SIZES = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;

for (const { name, width, height } of SIZES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every page is accessible: ${name}, ${theme}`, async ({ page }) => {
      test.setTimeout(480_000);
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const issues: string[] = [];
      for (const address of builtPages()) {
        await page.goto(address);
        const titles = await page.locator('h1:visible').count();
        if (titles !== 1) issues.push(`${address}: ${titles} titles of the first level`);
        issues.push(...(await accessibilityIssues(page)).map((issue) => `${address}: ${issue}`));
      }
      expect(issues).toEqual([]);
    });
  }

  test(`no page is wider than the window: ${name}`, async ({ page }) => {
    test.setTimeout(240_000);
    await page.setViewportSize({ width, height });
    const wide: string[] = [];
    for (const address of builtPages()) {
      await page.goto(address);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wide.push(`${address}: ${over} px`);
    }
    expect(wide).toEqual([]);
  });
}

test('every page carries the content security policy, as header and in itself', async ({ request }) => {
  test.setTimeout(120_000);
  for (const address of builtPages()) {
    const response = await request.get(address);
    const header = response.headers()['content-security-policy'] ?? '';
    expect(header, address).toContain("script-src 'self'");
    expect(header, address).toContain("frame-ancestors 'none'");
    for (const policy of [
      header,
      /content-security-policy" content="([^"]*)"/.exec(await response.text())?.[1] ?? '',
    ]) {
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
      expect(scripts, address).not.toContain("'unsafe-inline'");
      expect(scripts, address).not.toContain("'unsafe-eval'");
      expect(scripts, address).not.toMatch(/https?:/);
    }
    expect(response.headers()['x-content-type-options'], address).toBe('nosniff');
  }
});

test('an inline script that the build did not write does not run', async ({ page, watched }) => {
  await page.goto('/');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.intruder = true';
    document.head.append(script);
    return 'intruder' in window;
  });
  expect(ran).toBe(false);
  // That violation was wanted; there must have been no other.
  expect(watched.incidents.filter((incident) => !/inline script/.test(incident))).toEqual([]);
  watched.incidents.length = 0;
});

test('every link inside the site leads to a page and a place on it', () => {
  expect(brokenLinks(new Map(builtPages().map((address) => [address, builtPage(address)])))).toEqual([]);
});

test('what does not exist says so, and leads on', async ({ page }) => {
  const response = await page.goto('/no/such/page/');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('no address brings the server down, or gets at what is not part of the site', async ({ request }) => {
  for (const address of [
    '/%',
    '/%00',
    '/..%2f..%2fpackage.json',
    '/_headers',
    '/%5fheaders',
    '/build.json/',
    `/${'a'.repeat(3000)}`,
  ]) {
    expect((await request.get(address)).status(), address).toBe(404);
  }
  expect((await request.post('/')).status()).toBe(405);
  const bare = await request.get('/calculators/kubenet-plan?nodes=7', { maxRedirects: 0 });
  expect(bare.headers()['location']).toBe('/calculators/kubenet-plan/?nodes=7');
});
