/** The whole course without a network, as a learner on a train goes through it. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../../scripts/built-site.ts';
import { offlinePath } from '../../../src/ui/offline/offline-list.ts';
import { CalculatorPage } from './calculator.ts';
import { builtPages, expect } from './site.ts';
import { TracerPage } from './tracer.ts';
import { WorkspacePage } from './workspace.ts';

/** A lab whose reference solution is short enough to be typed. */
const LAB = 'keep-the-client-address';

/** What no page asks for: files for servers, the worker itself, Pagefind's own interface, and what is packed. */
const NOT_ASKED_FOR =
  /^(_headers|build\.json|staticwebapp\.config\.json|sw\.js|offline\.json|pagefind\/pagefind-[\w-]*ui\.(js|css))$|\.(br|gz)$/;

/** Opens a page, and waits until the whole course is kept. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('.standing')).toHaveText('Works offline.', { timeout: 120_000 });
}

/**
 * Goes through search, every file and every kind of page of the build in `dist`, a lab, a calculator and the
 * tracer. The page stands on the start page of the site, and the network is gone.
 */
export async function goThroughCourse(page: Page, base: string, dist: string): Promise<void> {
  // The page of the first visit goes on as well.
  await page.keyboard.press('/');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  await page.keyboard.type('bridge');
  await expect(dialog.getByRole('link').first()).toBeVisible();
  const start = page.url();
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(start);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  expect(await notAsBuilt(page, base, dist)).toEqual([]);
  for (const address of oneOfEachKind(dist)) {
    const response = await page.goto(base + address.slice(1));
    expect([address, response?.status(), response?.fromServiceWorker()]).toEqual([address, 200, true]);
    await expect(page.getByRole('heading', { level: 1 }), address).toBeVisible();
  }

  await page.goto(`${base}labs/${LAB}/`);
  const workspace = new WorkspacePage(page);
  await workspace.ready();
  await workspace.openTerminal();
  for (const line of solutionLines()) await workspace.type(line);
  await workspace.check();
  await expect(workspace.status).toContainText(/All \d+ tasks passed/);

  await page.goto(`${base}calculators/kubenet-plan/`);
  const calculator = new CalculatorPage(page);
  // Its script comes when somebody reaches for it.
  await page.locator('.calc').dispatchEvent('pointerover');
  await page.locator('astro-island:not([ssr]) .calc').waitFor();
  const before = await calculator.verdict.innerText();
  await calculator.field('Nodes').fill('300');
  await expect(calculator.verdict).not.toHaveText(before);

  const tracer = new TracerPage(page);
  await page.goto(`${base}tracer/`);
  await tracer.ready();
  await tracer.loadScenario('hub-and-spoke');
  await tracer.ask('vm/vm-blue', 'vm/vm-shared');
  await expect(tracer.verdict).toContainText('Delivered');

  const missing = await page.goto(`${base}no/such/page/`);
  expect(missing?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('No route');
}

/** The files of the build, pages and all that they need, that do not come from the copy byte by byte. */
async function notAsBuilt(page: Page, base: string, dist: string): Promise<readonly string[]> {
  const built = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
    .filter((file) => !NOT_ASKED_FOR.test(file))
    .map((file) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(dist, file)))
        .digest('base64');
      return [base + offlinePath(file), digest] as const;
    });
  expect(built.length).toBeGreaterThan(builtPages(dist).length);
  return page.evaluate(async (all) => {
    const wrong: string[] = [];
    const ask = async ([address, digest]: (typeof all)[number]): Promise<void> => {
      // Only the copy answers: what the browser has kept besides it may throw away.
      const response = await fetch(address, { cache: 'no-store' });
      const type = response.headers.get('content-type') ?? 'none';
      const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
      if (response.status !== 200) wrong.push(`${address}: status ${response.status}`);
      if (btoa(String.fromCharCode(...bytes)) !== digest) wrong.push(`${address}: other content`);
      if (/(\/|\.html)$/.test(address) && !type.startsWith('text/html')) wrong.push(`${address}: is ${type}`);
    };
    const left = [...all];
    const lane = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        await ask(next).catch((problem: unknown) => wrong.push(`${String(next?.[0])}: ${String(problem)}`));
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    return wrong;
  }, built);
}

/**
 * Addresses of pages that name different scripts and styles. Two that name the same ones, and come as they
 * were built, differ in their words alone: without a network one opens as the other does.
 */
function oneOfEachKind(dist: string): readonly string[] {
  const kinds = new Map<string, string>();
  for (const address of builtPages(dist)) {
    const text = readFileSync(join(dist, address.endsWith('/') ? `${address}index.html` : address), 'utf8');
    const named = new Set([...text.matchAll(/\b_astro\/[\w.-]+/g)].map(([name]) => name));
    const kind = [...named].sort().join(' ');
    if (!kinds.has(kind)) kinds.set(kind, address);
  }
  return [...kinds.values()];
}

/** The reference solution as somebody types it: one line for each command. */
function solutionLines(): readonly string[] {
  return readFileSync(join(ROOT, 'labs', LAB, 'solution.sh'), 'utf8')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(#|set )/.test(line));
}
