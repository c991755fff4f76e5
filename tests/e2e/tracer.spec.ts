import { readFile } from 'node:fs/promises';
import { exampleTexts, SMALL_EXAMPLE } from '../../src/planner/import/example-network.ts';
import { expect, issuesInBothThemes, test } from './pages/site.ts';
import { TracerPage } from './pages/tracer.ts';

const EXAMPLE = exampleTexts(SMALL_EXAMPLE).join('\n');
const WITHOUT_ROUTES =
  'az network route-table route delete -g rg-example --route-table-name rt-spoke-1 -n by-the-hub';

test('a scenario is loaded, a packet followed and stepped through with the keyboard', async ({ page }) => {
  const tracer = new TracerPage(page);
  await tracer.open();
  await tracer.loadScenario('hub-and-spoke');
  await expect(tracer.loaded).toContainText('4 VNets, 5 VMs');
  await tracer.ask('vm/vm-blue', 'vm/vm-shared');
  await expect(tracer.verdict).toContainText('Delivered');
  await tracer.figure.getByRole('button', { name: 'Next step' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tracer.figure.getByRole('status').first()).toContainText('Step 1 of');
  await page.keyboard.press('End');
  await expect(tracer.figure.locator('.way[data-shown] [aria-current=step] .word')).toHaveText('Arrives');
  await tracer.figure.getByRole('button', { name: 'The way back' }).press('Enter');
  await expect(tracer.figure.locator('.way[data-shown]')).toHaveAttribute('data-direction', 'back');
  await tracer.ask('vm/nobody', 'vm/vm-shared');
  await expect(page.locator('#tracer-from-wrong')).toContainText('there is no virtual machine nobody');
});

test('a link opens the same answer in a new browser, of a scenario and of a paste', async ({
  page,
  browser,
}) => {
  const tracer = new TracerPage(page);
  await tracer.open();
  for (const load of [() => tracer.loadScenario('hub-and-spoke'), () => tracer.paste(EXAMPLE)]) {
    await load();
    await tracer.idle();
    await tracer.keep();
    const isPaste = (await tracer.loaded.textContent())?.includes('3 VNets') === true;
    if (isPaste) {
      await tracer.run(WITHOUT_ROUTES);
      await tracer.ask('vm/web-1', 'vm/web-2', '443');
      await expect(tracer.verdict).toContainText('Not delivered');
    } else await tracer.ask('vm/vm-blue', 'vm/vm-red', '22');
    const answer = await tracer.figure.locator('figcaption').innerText();
    const other = await (await browser.newContext()).newPage();
    await other.goto(await tracer.link());
    const restored = new TracerPage(other);
    await expect(restored.verdict).toBeVisible();
    expect(await restored.figure.locator('figcaption').innerText()).toBe(answer);
    await expect(other.getByRole('button', { name: 'Forget the kept network' })).toBeVisible();
    await other.context().close();
    await page.getByRole('button', { name: 'Forget the kept network' }).click();
    await tracer.idle();
  }
});

test('two states are compared, and a flow of the list opens both paths', async ({ page }) => {
  const tracer = new TracerPage(page);
  await tracer.open();
  await tracer.paste(EXAMPLE);
  await expect(tracer.loaded).toContainText('3 VNets, 3 VMs');
  await page.getByLabel('Port', { exact: true }).fill('443');
  await tracer.keep();
  await tracer.compare();
  await expect(page.locator('.tracer-found')).toContainText('0 of');
  await tracer.run(WITHOUT_ROUTES);
  await tracer.compare();
  await expect(tracer.changes).toHaveCount(2);
  await expect(tracer.changes.first()).toContainText('vm/web-1 to vm/web-2, TCP 443');
  await expect(tracer.changes.first()).toContainText('delivered');
  await page.getByRole('button', { name: 'Show both paths from vm/web-1 to vm/web-2' }).press('Enter');
  const both = page.locator('.tracer-both');
  await expect(both.locator('.verdict')).toHaveText(['Delivered', /Not delivered/]);
  await both.getByRole('button', { name: 'Next step' }).first().press('Enter');
  await expect(both.getByRole('status').first()).toContainText('Step 1 of');
});

test('what is pasted wrongly keeps the network and says what to do', async ({ page }) => {
  const tracer = new TracerPage(page);
  await tracer.open('#state=broken');
  await expect(tracer.wrong).toContainText('The link was cut off');
  await tracer.paste('[{"id": "/subscriptions/');
  await expect(tracer.wrong).toContainText('brackets are still open');
  await tracer.paste('Name  Location');
  await expect(tracer.wrong).toContainText('which is no JSON');
  await tracer.paste('<img src=x onerror=alert(1)>');
  await expect(tracer.wrong).toContainText('<img src=x');
  await tracer.paste(EXAMPLE);
  await expect(tracer.loaded).toContainText('Everything in it is in the model');
  const gateway = {
    id: '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/applicationGateways/<b>agw',
    properties: { frontendIPConfigurations: [] },
  };
  await tracer.paste(`${EXAMPLE}\n${JSON.stringify(gateway)}`);
  await expect(tracer.loaded).toContainText('applicationGateways/<b>agw');
});

test('a network too large for a link is kept as a file, which opens again', async ({ page }) => {
  const tracer = new TracerPage(page);
  await tracer.open();
  await tracer.loadScenario('hub-and-spoke');
  await tracer.idle();
  // What does not compress: a name for every rule.
  const random = Array.from({ length: 1_500 }, (_, index) => Math.sin(index).toString(36).slice(2)).join(' ');
  await tracer.run(`# ${random}`);
  await expect(page.getByText('too large for a link')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the network' }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  await tracer.open();
  await page.getByLabel('Load files').setInputFiles({
    name: 'network.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await expect(tracer.loaded).toContainText('4 VNets, 5 VMs');
});

test(
  'a network of 50 VNets and 2,000 routes answers in the worker within 50 ms',
  { tag: '@alone' },
  async ({ page }) => {
    const tracer = new TracerPage(page);
    await tracer.open();
    await tracer.paste(exampleTexts({ spokes: 49, routesEach: 41, peered: 'with-hub' }).join('\n'));
    await expect(tracer.loaded).toContainText('50 VNets');
    await expect(tracer.loaded).toContainText('2,009 user-defined routes');
    await tracer.ask('vm/web-1', 'vm/web-40', '443');
    await tracer.ask('vm/web-7', 'vm/web-33', '443');
    await expect(tracer.verdict).toContainText('Delivered');
    const [, milliseconds = ''] =
      /Answered in (?:less than )?(\d+) ms/.exec(await page.getByText('Answered in').innerText()) ?? [];
    expect(Number(milliseconds)).toBeLessThan(50);
  },
);

for (const [width, height] of [
  [390, 844],
  [1440, 900],
] as const) {
  test(`every state is accessible in both themes and fits: ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const tracer = new TracerPage(page);
    const issues: string[] = [];
    const look = async (state: string): Promise<void> => {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) issues.push(`${state}: ${over} px too wide`);
      issues.push(...(await issuesInBothThemes(page)).map((issue) => `${state}: ${issue}`));
    };
    await tracer.open();
    await tracer.paste('{"a": [');
    await expect(tracer.wrong).not.toBeEmpty();
    await look('a wrong paste');
    const gateway = {
      id: '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/b',
      properties: { a: 1 },
    };
    await tracer.paste(`${EXAMPLE}\n${JSON.stringify(gateway)}`);
    await expect(tracer.verdict).toBeVisible();
    await tracer.keep();
    await tracer.run(`${WITHOUT_ROUTES}\naz network vnet list -o table`);
    await page.getByText('Which commands to paste from').click();
    await tracer.ask('vm/web-1', 'vm/web-2', '443');
    await tracer.compare();
    await page
      .getByRole('button', { name: /^Show both paths/ })
      .first()
      .click();
    await expect(page.locator('.tracer-both .verdict')).toHaveCount(2);
    await look('everything open');
    expect(issues).toEqual([]);
  });
}
