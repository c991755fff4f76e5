/** What others may have made — pastes, files, links — is refused in words, shown as text, and never stops a page. */
import type { Page } from '@playwright/test';
import { FORMAT, SCHEMA } from '../../src/progress/progress-file.ts';
import { ProgressPage } from './pages/progress.ts';
import { expect, test } from './pages/site.ts';
import { TracerPage } from './pages/tracer.ts';

const MARKUP = '<img src=x onerror=alert(1)>';
const SIX_MEGABYTES = `[${'1,'.repeat(3_000_000)}1]`;
const DEEP = '['.repeat(50_000) + ']'.repeat(50_000);

/** Markup of theirs in the page; what is shown as text is none. */
const intruders = (page: Page): Promise<number> => page.locator('img[src=x], [onerror]').count();

const network = JSON.stringify([
  {
    id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/__proto__',
    name: MARKUP,
    type: 'Microsoft.Network/virtualNetworks',
    location: 'constructor',
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ name: MARKUP, addressPrefix: '10.0.0.0/24' }],
  },
]);

test('the tracer refuses a paste in words, shows names as text, and goes on', async ({ page }) => {
  const tracer = new TracerPage(page);
  await tracer.open();
  for (const [text, said] of [
    [DEEP, /more than 64/],
    ['{"a":'.repeat(40_000), /no JSON|nested/],
    [SIX_MEGABYTES, /no resource in it/],
    [`{"__proto__":{"polluted":true},"name":"${MARKUP}"}`, /no resource in it/],
  ] as const) {
    await tracer.paste(text);
    await tracer.idle();
    await expect(tracer.wrong).toContainText(said);
  }
  await tracer.paste(network);
  await tracer.idle();
  expect(await intruders(page)).toBe(0);
  await tracer.loadScenario('hub-and-spoke');
  await expect(tracer.loaded).toContainText('4 VNets');
});

test('a link from anybody is read or refused', async ({ page }) => {
  const tracer = new TracerPage(page);
  const scenario = encodeURIComponent(MARKUP);
  await tracer.open(`#scenario=${scenario}&from=${scenario}&to=__proto__&port=1e9`);
  await tracer.idle();
  await expect(tracer.wrong).toContainText('There is no scenario');
  await page.goto('about:blank');
  await tracer.open(`#state=${'A'.repeat(100_000)}`);
  await expect(tracer.wrong).toContainText('The link was cut off or changed');
  await page.goto('about:blank');
  await tracer.open(`#scenario=hub-and-spoke&run=${encodeURIComponent('while :; do :; done')}`);
  await tracer.idle();
  await expect(page.locator('.tracer-output')).toContainText('a loop ran more than 20000 times');
  await page.goto(`/calculators/kubenet-plan/?nodes=${scenario}&__proto__=1&constructor=2#${scenario}`);
  await page.locator('astro-island:not([ssr]) .calc').waitFor();
  expect(await intruders(page)).toBe(0);
});

test('a tracer that never answers is stopped, says so, and has the network of before', async ({ page }) => {
  // Stands for whatever hangs inside of one step, where no limit of the shell reaches it.
  await page.addInitScript(() => {
    type Send = (this: Worker, message: { ask?: { source?: { kind?: string } } }) => void;
    const send = Reflect.get(Worker.prototype, 'postMessage') as Send;
    Worker.prototype.postMessage = function (...[message]: Parameters<Send>) {
      if (message.ask?.source?.kind !== 'texts') send.call(this, message);
    };
  });
  await page.clock.install();
  const tracer = new TracerPage(page);
  await tracer.open();
  await tracer.loadScenario('hub-and-spoke');
  await expect(tracer.verdict).toBeVisible();
  await tracer.paste(network);
  await expect(page.locator('.tracer')).toHaveAttribute('aria-busy', 'true');
  await page.clock.fastForward(89_000);
  await expect(page.locator('.tracer')).toHaveAttribute('aria-busy', 'true');
  await page.clock.fastForward(2_000);
  await expect(page.locator('.tracer-general')).toHaveText(
    '“Loading the network” took more than 90 seconds and was stopped. The network is as it was before.',
  );
  await tracer.idle();
  await expect(tracer.loaded).toContainText('4 VNets');
  await tracer.ask('vm/vm-blue', 'vm/vm-shared');
  await expect(tracer.verdict).toContainText('Delivered');
});

test('a progress file is refused with its place, and nothing changes', async ({ page }) => {
  const progress = new ProgressPage(page);
  await progress.open();
  const file = {
    format: FORMAT,
    schema: SCHEMA,
    exported: new Date(0).toISOString(),
    course: {},
    learner: null,
  };
  for (const [text, said] of [
    [SIX_MEGABYTES, 'more than 5 MB'],
    [DEEP, 'nested more than 32 levels deep'],
    [JSON.stringify(file).replace('{}', '{"__proto__":{"polluted":true}}'), 'course.__proto__'],
    [JSON.stringify({ ...file, learner: '\0\ud800' }), 'Expected'],
    [`"${MARKUP}"`, 'no progress of this course'],
  ] as const) {
    await progress.import(text);
    await expect(progress.outcome).toContainText(said);
  }
  expect(await page.evaluate(() => 'polluted' in {})).toBe(false);
  expect(await intruders(page)).toBe(0);
});
