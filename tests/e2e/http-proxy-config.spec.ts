import { readFileSync } from 'node:fs';
import { HTTP_PROXY_STARTS } from '../../src/planner/http-proxy-starts.ts';
import { keyToPem } from '../../src/model/certificates/key-pem.ts';
import { makeKey } from '../../src/model/certificates/rsa.ts';
import { CalculatorPage } from './pages/calculator.ts';
import { expect, test } from './pages/site.ts';

const CA = HTTP_PROXY_STARTS[0].draft['trusted-ca'] ?? '';

test('a configuration is built, checked on the day that it is, and written as a file', async ({ page }) => {
  await page.clock.setFixedTime(new Date('2036-12-01T09:00:00Z'));
  const builder = new CalculatorPage(page);
  await builder.open('http-proxy-config');
  await expect(builder.verdict).toHaveText('AKS takes it, but one thing is wrong with it.');
  const findings = page.locator('.calc-findings li');
  await expect(findings.first()).toContainText('expired on 2036-');
  await expect(builder.row('SHA-256')).toBeVisible();

  await builder.field('httpProxy').fill('http://10.100.0.4:8080');
  await expect(findings.filter({ hasText: 'lies in the service range 10.100.0.0/16' })).toHaveCount(1);
  await builder.field('httpProxy').fill('http://10.20.0.4:3128');

  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const written = JSON.parse(readFileSync(await (await coming).path(), 'utf8')) as Record<string, unknown>;
  expect(written).toMatchObject({ httpProxy: 'http://10.20.0.4:3128', noProxy: ['.svc', '.cluster.local'] });
  expect(Buffer.from(String(written['trustedCa']), 'base64').toString()).toBe(CA);
});

test('a private key is told apart loudly, and kept nowhere', async ({ page }) => {
  const builder = new CalculatorPage(page);
  await builder.open('http-proxy-config');
  const key = keyToPem(makeKey('pasted'));
  await builder.field('trustedCa').fill(key + CA);
  await expect(page.locator('.calc-findings li').first()).toContainText('THIS HOLDS A PRIVATE KEY');
  const line = key.split('\n')[2] ?? '';
  expect(decodeURIComponent(page.url())).not.toContain(line);
  expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(line);
  await expect(page.locator('.calc-answer')).not.toContainText(line);
});

test('a file with faults is mended, and one that cannot be read clears nothing', async ({ page }) => {
  const builder = new CalculatorPage(page);
  await builder.open('http-proxy-config');
  await page.getByRole('button', { name: 'A file full of faults' }).click();
  await expect(builder.verdict).toContainText('AKS does not take this file');
  await expect(page.locator('.calc-findings')).toContainText("the invalid entry '*.cluster.local'");
  await expect(page.getByLabel('aks-proxy-config.json')).toContainText('"trustedCa"');
  await expect(builder.command).toContainText('--file aks-proxy-config.json');

  await builder.field('A file that exists').fill('{ "httpProxy": ');
  await expect(page.locator('.calc-stale')).toBeVisible();
  await expect(page.locator('.calc-findings')).toContainText("the invalid entry '*.cluster.local'");
  await expect(builder.field('What pods call')).toHaveValue(/my-svc/);
});

test('what was emptied stays empty', async ({ page }) => {
  const builder = new CalculatorPage(page);
  await builder.open('http-proxy-config');
  await builder.field('trustedCa').fill('');
  await page.reload();
  await expect(builder.field('trustedCa')).toHaveValue('');
});

test('on a phone nothing scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const builder = new CalculatorPage(page);
  await builder.open('http-proxy-config');
  for (const { label } of HTTP_PROXY_STARTS) {
    await page.getByRole('button', { name: label }).click();
    const over = await page.evaluate(() => {
      const wide = [...document.querySelectorAll('.calc-table, html')];
      return wide.map((each) => each.scrollWidth - each.clientWidth).filter((each) => each > 0);
    });
    expect(over, label).toEqual([]);
  }
});
