/** The whole course without a network, as a learner on a train goes through it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../../scripts/built-site.ts';
import { CalculatorPage } from './calculator.ts';
import { builtPages, expect } from './site.ts';
import { TracerPage } from './tracer.ts';
import { WorkspacePage } from './workspace.ts';

/** A lab whose reference solution is short enough to be typed. */
const LAB = 'keep-the-client-address';

/** Opens a page, and waits until the whole course is kept. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('.standing')).toHaveText('Works offline.', { timeout: 120_000 });
}

/**
 * Goes through search, every page of the build in `dist`, a lab, a calculator and the tracer. The page
 * stands on the start page of the site, and the network is gone.
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

  for (const address of builtPages(dist)) {
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

/** The reference solution as somebody types it: one line for each command. */
function solutionLines(): readonly string[] {
  return readFileSync(join(ROOT, 'labs', LAB, 'solution.sh'), 'utf8')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(#|set )/.test(line));
}
