import { CalculatorPage } from './pages/calculator.ts';
import { accessibilityIssues, expect, test } from './pages/site.ts';

const HIDDEN =
  '?rules=net:out/Allow-web:200:Allow:TCP:any:any:80,443+app:block/Deny-google:100:Deny:any:https=443:google.com&from=10.0.0.4&to=google.com:443';

test('a network rule hides an application rule, until its port is another one', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('firewall-rules', HIDDEN);
  await expect(evaluator.verdict).toHaveText(
    'Allowed: network rule Allow-web of collection out (priority 200, Allow).',
  );
  await expect(evaluator.row('Deny-google')).toContainText('Not asked: a rule before it decides.');
  await expect(page.getByText('is not asked: a network rule matches first')).toBeVisible();
  await evaluator
    .field('Rules')
    .fill(
      'net:out/Allow-web:200:Allow:TCP:any:any:80 app:block/Deny-google:100:Deny:any:https=443:google.com',
    );
  await expect(evaluator.verdict).toContainText('Denied: application rule Deny-google');
  await expect(page).toHaveURL(/any%3A80\+app/);
});

test('several destinations are a table, and each can be seen in detail', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('firewall-rules');
  await expect(evaluator.verdict).toContainText('Of 6 destinations: 3 allowed, 3 denied');
  await page.getByLabel('Destination', { exact: true }).selectOption('docker.io:443');
  await expect(evaluator.row('4. application rule docker')).toContainText('Name *.docker.io, not docker.io.');
  await expect(page.getByText('--target-fqdns docker.io')).toBeVisible();
});

test('a network security group and JSON that breaks off say so, and the answer stays', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('firewall-rules', HIDDEN);
  await evaluator.field('Rules').fill('{"name": "nsg-web", "securityRules": []}');
  expect(await evaluator.errorOf('Rules')).toContain('network security group, which is no firewall');
  await expect(evaluator.verdict).toContainText('Allowed: network rule Allow-web');
  await evaluator.field('Rules').fill('{"name": "fw", "networkRuleCollections": [');
  expect(await evaluator.errorOf('Rules')).toMatch(/Line 1: is no JSON: the text ends, and 2 brackets/);
  await evaluator.field('From').fill('10.0.0.0/24');
  expect(await evaluator.errorOf('From')).toContain('Is a prefix, and one client asks.');
});

for (const [width, height] of [
  [390, 844],
  [1440, 900],
] as const) {
  test(`destinations, order and wrong input, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const evaluator = new CalculatorPage(page);
    await evaluator.open('firewall-rules');
    expect(await accessibilityIssues(page)).toEqual([]);
    await page.getByRole('button', { name: 'A policy and its parent' }).click();
    await expect(evaluator.verdict).toContainText('Denied: network rule block-ssh of collection block-ssh');
    await evaluator.field('To').fill('a..b:443 x:99999');
    expect(await evaluator.errorOf('To')).toContain('is no host name');
    expect(await accessibilityIssues(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
}

test('a documented example opens with its rules', async ({ page }) => {
  const evaluator = new CalculatorPage(page);
  await evaluator.open('firewall-rules');
  await page.getByRole('link', { name: /google\.com is allowed because/ }).click();
  await expect(evaluator.verdict).toContainText('Allowed: network rule Allow-web');
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('an example can be read', async ({ page }) => {
    await page.goto('/calculators/firewall-rules/');
    await expect(page.locator('.calc-verdict')).toContainText('Of 6 destinations');
    await expect(page.getByText('Without script these rules stay an example')).toBeVisible();
  });
});
