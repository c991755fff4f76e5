import { CalculatorPage } from './pages/calculator.ts';
import { accessibilityIssues, expect, test } from './pages/site.ts';

test('a range holds an address for three clients, and the name of the Service for none', async ({ page }) => {
  const explorer = new CalculatorPage(page);
  await explorer.open('no-proxy', '?list=10.0.0.0/16&url=https://10.0.0.1/');
  await expect(explorer.verdict).toContainText('curl, Go and Python requests go direct');
  await expect(explorer.row('Python urllib')).toContainText('no entry matches');
  await explorer.field('URLs').fill('https://kubernetes.default.svc/');
  await expect(explorer.verdict).toContainText('all 6 clients that read NO_PROXY ask the proxy');
  await expect(explorer.warnings.last()).toContainText('Add .svc and .cluster.local.');
  await expect(page).toHaveURL(/kubernetes\.default\.svc/);
});

test('several URLs are a table, and each can be seen entry by entry', async ({ page }) => {
  const explorer = new CalculatorPage(page);
  await explorer.open('no-proxy');
  await expect(explorer.verdict).toContainText('Of 5 URLs');
  await page.getByRole('combobox', { name: 'URL' }).selectOption('http://web/');
  await expect(page.getByText('What each client makes of each entry for http://web/.')).toBeVisible();
});

test('a list with a blank or a star is quoted in the command', async ({ page }) => {
  const explorer = new CalculatorPage(page);
  await explorer.open('no-proxy', '?list=*&url=http://a.test/');
  await expect(explorer.command).toHaveText("npm run -s calc -- no-proxy --list '*' --url http://a.test/");
});

test('wrong input says where, and the answer stays', async ({ page }) => {
  const explorer = new CalculatorPage(page);
  await explorer.open('no-proxy', '?list=contoso.com&url=http://contoso.com/');
  await explorer.field('URLs').fill('ftp://contoso.com/');
  expect(await explorer.errorOf('URLs')).toContain('neither http:// nor https://');
  await expect(explorer.verdict).toContainText('all 6 clients that read NO_PROXY go direct');
});

test('is complete without script', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  await page.goto('/calculators/no-proxy/');
  await expect(page.locator('.calc-verdict')).toContainText('Of 5 URLs');
  await expect(page.getByText('Without script this list stays an example')).toBeVisible();
  await context.close();
});

for (const [width, height] of [
  [390, 844],
  [1440, 900],
] as const) {
  test(`starts, details and wrong input, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const explorer = new CalculatorPage(page);
    await explorer.open('no-proxy');
    expect(await accessibilityIssues(page)).toEqual([]);
    await page.getByRole('button', { name: 'Variables in capitals only' }).click();
    await expect(explorer.verdict).toContainText('Of 3 URLs');
    await explorer.field('URLs').fill('http://a.test:99999/');
    expect(await explorer.errorOf('URLs')).toContain('"99999" is no port.');
    expect(await accessibilityIssues(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
}
