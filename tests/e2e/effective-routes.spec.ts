import { CalculatorPage } from './pages/calculator.ts';
import { accessibilityIssues, expect, test } from './pages/site.ts';

const STOLEN =
  '?routes=to-fw:0.0.0.0/0:VirtualAppliance:10.0.1.4&to=10.1.0.4+198.51.100.7&vnet=10.0.0.0/16&peer=spoke=10.1.0.0/16';

test('a destination says what it takes and why every other route loses', async ({ page }) => {
  const explorer = new CalculatorPage(page);
  await explorer.open('effective-routes', STOLEN);
  await expect(explorer.verdict).toHaveText('2 of 2 destinations have a way.');
  await expect(explorer.warnings).toContainText(['does not catch the peered range spoke 10.1.0.0/16']);
  await explorer.field('Routes').fill('to-fw:10.1.0.0/16:None');
  await expect(explorer.verdict).toHaveText('1 of 2 destinations has a way, 1 is dropped.');
  await page.getByText('3 other routes hold it').press('Enter');
  await expect(
    page.getByText('of the same prefix, a user-defined route wins over a system one'),
  ).toBeVisible();
  await expect(explorer.row('10.1.0.0 to 10.1.255.255')).toContainText('None');
});

test('a resource without routes and JSON that breaks off keep the answer, and say what they are', async ({
  page,
}) => {
  const explorer = new CalculatorPage(page);
  await explorer.open('effective-routes', STOLEN);
  await explorer.field('Routes').fill('{"type": "Microsoft.Network/networkSecurityGroups", "name": "nsg"}');
  expect(await explorer.errorOf('Routes')).toContain(
    'Line 1: holds no route: this is a resource of the type Microsoft.Network/networkSecurityGroups.',
  );
  await explorer.field('Routes').fill('{"value": [{"addressPrefix": ["0.0.0.0/0"],');
  expect(await explorer.errorOf('Routes')).toMatch(/is no JSON: the text ends/);
  await expect(explorer.verdict).toHaveText('2 of 2 destinations have a way.');
});

for (const [width, height] of [
  [390, 844],
  [1440, 900],
] as const) {
  test(`two tables and all that is told of them, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const explorer = new CalculatorPage(page);
    await explorer.open('effective-routes');
    await page.getByRole('button', { name: 'There through an appliance, and back past it' }).click();
    await expect(explorer.warnings).toContainText([/takes 10\.0\.2\.0\/24/, /Asymmetric: app reaches db/]);
    for (const summary of await page.getByText(/other routes? holds? it/).all()) await summary.click();
    expect(await accessibilityIssues(page)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
}
