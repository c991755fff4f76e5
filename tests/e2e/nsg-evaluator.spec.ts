import { CalculatorPage } from './pages/calculator.ts';
import { accessibilityIssues, expect, test } from './pages/site.ts';

const TWO_RULES =
  '?rules=subnet:AllowWeb:100:Inbound:Allow:Tcp:Internet:any:10.0.1.4:80,443+subnet:DenyAll:4000:Inbound:Deny:any:any:any:any:any&from=203.0.113.9:50000&to=10.0.1.4:8080&vnet=10.0.0.0/16';

test('a rule is changed, added and taken away with the keyboard alone', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('nsg-evaluator', TWO_RULES);
  await expect(evaluator.verdict).toHaveText('Denied: DenyAll (priority 4000) of the group on the subnet.');
  await expect(evaluator.row('AllowWeb')).toContainText('Destination port 80, 443, not 8080.');
  await expect(evaluator.row('AllowVnetInBound')).toContainText('Never decides: behind DenyAll.');

  await page.getByRole('button', { name: 'Edit AllowWeb' }).press('Enter');
  const form = page.getByRole('group', { name: 'Rule AllowWeb of subnet' });
  await form.getByLabel('Destination ports').fill('80, 8000-8999');
  await expect(evaluator.verdict).toContainText('Allowed: AllowWeb (priority 100)');
  await expect(evaluator.command).toContainText('10.0.1.4:80,8000-8999');
  await form.getByLabel('Priority').fill('4000');
  await expect(form).toContainText('SecurityRuleConflict');
  await expect(form.getByLabel('Priority')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('Priority').fill('200');
  await form.getByLabel('Access').selectOption('Deny');
  await expect(evaluator.verdict).toContainText('Denied: AllowWeb (priority 200)');
  await form.getByLabel('Access').press('Escape');
  await expect(form).toBeHidden();

  await page.getByRole('button', { name: 'Add a rule to subnet' }).press('Enter');
  const added = page.getByRole('group', { name: 'Rule Rule1 of subnet' });
  await expect(added.getByLabel('Name')).toBeFocused();
  await expect(evaluator.field('Rules')).toHaveValue(/subnet:Rule1:4010:Inbound:Allow/);
  await added.getByRole('button', { name: 'Delete Rule1' }).press('Enter');
  await expect(evaluator.field('Rules')).not.toHaveValue(/Rule1/);
  await expect(page.getByRole('button', { name: 'Add a rule to subnet' })).toBeFocused();
});

test('JSON that breaks off keeps the answer and the text, and says the line', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('nsg-evaluator', TWO_RULES);
  const group = {
    name: 'nsg-web',
    subnets: [{ id: '/subnet' }],
    securityRules: [
      {
        name: 'AllowAll',
        priority: 100,
        direction: 'Inbound',
        access: 'Allow',
        protocol: '*',
        sourceAddressPrefix: '*',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: '*',
        description: 'kept',
      },
    ],
  };
  const text = JSON.stringify(group, null, 2);
  await evaluator.field('Rules').fill(text.slice(0, -10));
  expect(await evaluator.errorOf('Rules')).toMatch(/Line \d+: is no JSON/);
  await expect(evaluator.verdict).toContainText('Denied: DenyAll');
  await evaluator.field('Rules').fill(text);
  await expect(evaluator.verdict).toHaveText('Allowed: AllowAll (priority 100) of nsg-web on the subnet.');
  await page.getByRole('button', { name: 'Edit AllowAll' }).click();
  await page.getByRole('group', { name: 'Rule AllowAll' }).getByLabel('Protocol').selectOption('Udp');
  await expect(evaluator.field('Rules')).toHaveValue(/"protocol": "Udp"[^]*"description": "kept"/);
  await expect(evaluator.verdict).toContainText('Denied: DenyAllInBound');
});

for (const [width, height] of [
  [390, 844],
  [1440, 900],
] as const) {
  test(`a range of ports and an open form, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const evaluator = new CalculatorPage(page);
    await evaluator.open('nsg-evaluator');
    await page.getByRole('button', { name: 'Every port of a machine' }).click();
    await expect(evaluator.verdict).toContainText(
      'Partly allowed: allowed on ports 80, 443, 8000-8442, 8444-8999',
    );
    await expect(
      page.getByRole('table', { name: 'By destination port' }).getByRole('row', { name: '8443' }).first(),
    ).toContainText('DenyAdmin');
    await expect(evaluator.row('DenyOld')).toContainText('Never decides: behind AllowWeb.');
    await page.getByRole('button', { name: 'Edit DenyAdmin' }).click();
    await expect(page.getByRole('group', { name: 'Rule DenyAdmin of nic' })).toBeVisible();
    expect(await accessibilityIssues(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
}

test('a long text pasted into the wrong field is kept, and the page stays readable on a phone', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const calculator = new CalculatorPage(page);
  await calculator.open('snat-ports');
  const pasted = `{"name":"${'x'.repeat(200_000)}"}${' []'.repeat(5_000)}`;
  await calculator.field('Nodes').fill(pasted);
  expect((await calculator.errorOf('Nodes')).length).toBeLessThan(1_500);
  await expect(calculator.field('Nodes')).toHaveValue(pasted);
  const { width, height } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
  }));
  expect(width).toBe(390);
  expect(height).toBeLessThan(20_000);
});

test('a documented example opens with its rules', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('nsg-evaluator');
  await page.getByRole('link', { name: /The web servers do not/ }).click();
  await expect(evaluator.verdict).toContainText('Denied: Deny-Database-All (priority 120) of NSG1');
  await expect(evaluator.command).toContainText('--asg AsgWeb=10.0.1.4');
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('an example can be read', async ({ page }) => {
    await page.goto('/calculators/nsg-evaluator/');
    await expect(page.locator('.calc-verdict')).toContainText('Denied: DenyAllInBound');
    await expect(page.getByRole('row', { name: 'AllowDesk' })).toContainText('Never decides');
    await expect(page.getByText('Without script these rules stay an example')).toBeVisible();
  });
});

test('a group of hundreds of rules shows those that decide, and all on demand', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('nsg-evaluator', TWO_RULES);
  const rules = Array.from(
    { length: 300 },
    (_, at) => `subnet:Rule${at}:${100 + at}:Inbound:Allow:Tcp:Internet:any:10.0.1.4:${8000 + at}`,
  );
  await evaluator.field('Rules').fill(rules.join('\n'));
  await evaluator.field('To').fill('10.0.1.4:8250');
  await expect(evaluator.verdict).toContainText('Allowed: Rule250 (priority 350)');
  await expect(evaluator.row('Rule250')).toContainText('Decides');
  const rows = page.locator('.nsg-table').first().locator('tbody tr');
  expect(await rows.count()).toBeLessThan(20);
  await page.getByRole('button', { name: 'Show all 303' }).press('Enter');
  await expect(rows).toHaveCount(303);
  await page.getByRole('button', { name: 'Show those that decide' }).press('Enter');
  expect(await rows.count()).toBeLessThan(20);
});
