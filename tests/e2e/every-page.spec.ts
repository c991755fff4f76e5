import type { Page, ViewportSize } from '@playwright/test';
import { brokenLinks } from '../../src/ui/shell/internal-links.ts';
import {
  builtPage,
  builtPages,
  expect,
  issuesIn,
  issuesInBothThemes,
  layoutShifts,
  misfits,
  test,
} from './pages/site.ts';
import type { Theme } from './pages/accessibility.ts';
import { WorkspacePage } from './pages/workspace.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** The pages are many: parts of them run side by side. */
const PARTS = 12;

const OTHER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The directives of a policy, without the hashes of scripts. */
const withoutHashes = (policy: string): readonly string[] =>
  policy.split('; ').map((each) => each.replaceAll(/ 'sha256-[^']*'/g, ''));

/** Opens a page afresh at a size; says what moved by itself, and what does not fit. */
async function open(page: Page, address: string, size: ViewportSize): Promise<readonly string[]> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  await page.goto(address, { waitUntil: 'networkidle' });
  // What comes only when it is in view may move nothing either.
  await page.mouse.wheel(0, 100_000);
  const moved = await layoutShifts(page);
  await page.evaluate(() => scrollTo(0, 0));
  return [...moved.map((shift) => `moved by itself: ${shift}`), ...(await misfits(page))];
}

/** Without motion all steps of a packet path are open at once, and axe is asked about them too. */
async function ask(page: Page, theme: Theme | 'both'): Promise<readonly string[]> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return theme === 'both' ? issuesInBothThemes(page) : issuesIn(page, theme);
}

for (let part = 0; part < PARTS; part += 1) {
  test(`every page is accessible in both themes, fits, and stands still: part ${part + 1}`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    const issues: string[] = [];
    const pages = builtPages().filter((_, index) => index % PARTS === part);
    for (const [index, address] of pages.entries()) {
      const add = (size: string, found: readonly string[]): number =>
        issues.push(...found.map((issue) => `${address}, ${size}: ${issue}`));
      // What both sizes show is asked about in both themes by this alone; what one of them shows is the frame
      // that pages share, and every sixth page is asked in all four ways.
      const isAskedAll = index % 6 === 0;
      add('phone', await open(page, address, PHONE));
      add('wide', await open(page, address, WIDE));
      add('wide', await ask(page, isAskedAll ? 'both' : 'light'));
      // Axe knows this document already. A narrow window makes of it what a phone opens, but for the part that a lab shows.
      await page.setViewportSize(PHONE);
      if (/^\/labs\/./.test(address)) {
        const workspace = new WorkspacePage(page);
        await workspace.ready();
        await workspace.part('Tasks').click();
      }
      add('phone', await ask(page, isAskedAll ? 'both' : 'dark'));
    }
    expect(issues).toEqual([]);
  });
}

test('every page carries the content security policy, as header and in itself', async ({ request }) => {
  test.setTimeout(120_000);
  for (const address of builtPages()) {
    const response = await request.get(address);
    const header = response.headers()['content-security-policy'] ?? '';
    expect(header, address).toContain("script-src 'self'");
    expect(header, address).toContain("frame-ancestors 'none'");
    const body = await response.text();
    const own = /content-security-policy" content="([^"]*)"/.exec(body)?.[1]?.replaceAll('&quot;', '"') ?? '';
    // The header has the scripts of every page, a page its own; only a header can forbid frames.
    expect(withoutHashes(own), address).toEqual(
      withoutHashes(header).filter((each) => !each.startsWith('frame-ancestors')),
    );
    for (const [hash] of own.matchAll(/'sha256-[^']*'/g)) expect(header, address).toContain(hash);
    for (const policy of [header, own]) {
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
      expect(scripts, address).not.toContain("'unsafe-inline'");
      expect(scripts, address).not.toContain("'unsafe-eval'");
      expect(scripts, address).not.toMatch(/https?:/);
    }
    expect(response.headers(), address).toMatchObject(OTHER_HEADERS);
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
